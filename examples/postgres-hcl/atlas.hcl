# The schema `shop` of a PostgreSQL database, kept in one HCL file.
variable "url" {
  type        = string
  default     = "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable&search_path=shop"
  description = "The database that plan and apply change."
}

env "local" {
  url = var.url
  src = "schema/shop.pg.hcl"

  diff {
    concurrent_index {
      create = true
    }
  }
  lint {
    # A plan that drops a table or a column is refused in review.
    destructive {
      error = true
    }
  }
}
