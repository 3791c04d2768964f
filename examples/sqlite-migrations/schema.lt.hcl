schema "main" {
}

table "users" {
  schema = schema.main
  column "id" {
    null           = false
    type           = integer
    auto_increment = true
  }
  column "email" {
    null = false
    type = text
  }
  primary_key {
    columns = [column.id]
  }
  index "users_email" {
    unique  = true
    columns = [column.email]
  }
}

table "notes" {
  schema = schema.main
  column "id" {
    null           = false
    type           = integer
    auto_increment = true
  }
  column "user_id" {
    null = false
    type = integer
  }
  column "title" {
    null = false
    type = text
  }
  column "body" {
    null    = false
    type    = text
    default = ""
  }
  # No migration adds this one yet: "Create Migration" writes it.
  column "pinned" {
    null    = false
    type    = boolean
    default = false
  }
  primary_key {
    columns = [column.id]
  }
  foreign_key "notes_user" {
    columns     = [column.user_id]
    ref_columns = [table.users.column.id]
    on_delete   = CASCADE
  }
}

table "tags" {
  schema = schema.main
  column "note_id" {
    null = false
    type = integer
  }
  column "name" {
    null = false
    type = text
  }
  primary_key {
    columns = [column.note_id, column.name]
  }
  foreign_key "tags_note" {
    columns     = [column.note_id]
    ref_columns = [table.notes.column.id]
    on_delete   = CASCADE
  }
  index "tags_name" {
    columns = [column.name]
  }
}
