table "posts" {
  schema = schema.main
  column "id" {
    type           = integer
    auto_increment = true
  }
  column "author_id" {
    type = integer
  }
  column "title" {
    type = text
  }
  column "body" {
    type    = text
    default = ""
  }
  column "published_at" {
    type = datetime
    null = true
  }
  primary_key {
    columns = [column.id]
  }
  foreign_key "posts_author" {
    columns     = [column.author_id]
    ref_columns = [table.users.column.id]
    on_delete   = CASCADE
  }
  index "posts_by_author" {
    on {
      column = column.author_id
    }
    on {
      column = column.published_at
      desc   = true
    }
  }
}

table "comments" {
  schema = schema.main
  column "id" {
    type           = integer
    auto_increment = true
  }
  column "post_id" {
    type = integer
  }
  column "author_id" {
    type = integer
    null = true
  }
  column "body" {
    type = text
  }
  column "created_at" {
    type    = datetime
    default = sql("CURRENT_TIMESTAMP")
  }
  primary_key {
    columns = [column.id]
  }
  foreign_key "comments_post" {
    columns     = [column.post_id]
    ref_columns = [table.posts.column.id]
    on_delete   = CASCADE
  }
  foreign_key "comments_author" {
    columns     = [column.author_id]
    ref_columns = [table.users.column.id]
    on_delete   = SET_NULL
  }
  check "body_not_empty" {
    expr = "length(body) > 0"
  }
}

table "tags" {
  schema = schema.main
  column "id" {
    type = integer
  }
  column "label" {
    type = text
  }
  primary_key {
    columns = [column.id]
  }
  index "tags_label" {
    unique  = true
    columns = [column.label]
  }
}

table "post_tags" {
  schema = schema.main
  without_rowid = true
  column "post_id" {
    type = integer
  }
  column "tag_id" {
    type = integer
  }
  primary_key {
    columns = [column.post_id, column.tag_id]
  }
  foreign_key "post_tags_post" {
    columns     = [column.post_id]
    ref_columns = [table.posts.column.id]
    on_delete   = CASCADE
  }
  foreign_key "post_tags_tag" {
    columns     = [column.tag_id]
    ref_columns = [table.tags.column.id]
  }
}
