# The database is a file beside this one; its schema is kept in two HCL files.
variable "url" {
  type        = string
  default     = "sqlite://app.db"
  description = "The database that plan and apply change."
}

env "local" {
  url = var.url
  dev = "sqlite://dev?mode=memory"
  src = [
    "schema/blog.lt.hcl",
    "schema/people.lt.hcl",
  ]

  lint {
    # A plan that drops a table or a column is refused in review.
    destructive {
      error = true
    }
  }
}
