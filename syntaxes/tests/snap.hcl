# Colours of a whole file, kept as a snapshot.
variable "tenant" {
  type    = string
  default = "acme"
}

data "external_schema" "orm" {
  program = ["go", "run", "./loader"]
}

env "local" {
  for_each = toset(["a", "b"])
  src      = data.external_schema.orm.url
  url      = "sqlite://${each.value}.db?_fk=1"
  exclude  = ["*.audit_*"]
  diff {
    skip {
      drop_table = true
    }
  }
}

function "f" {
  schema = schema.public
  lang   = PLpgSQL
  arg "a" {
    type = int
  }
  return = int
  as     = <<-SQL
    BEGIN
      -- ${var.tenant}
      SELECT a FROM t WHERE b = 'x';
    END
  SQL
}

# half typed
table "t" {
  column "
  column "b" {
    type =
  }
}
