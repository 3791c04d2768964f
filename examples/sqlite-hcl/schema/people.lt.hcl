schema "main" {}

table "users" {
  schema = schema.main
  column "id" {
    type           = integer
    auto_increment = true
  }
  column "email" {
    type = text
  }
  column "name" {
    type = text
  }
  column "active" {
    type    = boolean
    default = true
  }
  column "created_at" {
    type    = datetime
    default = sql("CURRENT_TIMESTAMP")
  }
  primary_key {
    columns = [column.id]
  }
  index "users_email" {
    unique  = true
    columns = [column.email]
  }
  check "email_has_at" {
    expr = "email LIKE '%@%'"
  }
}
