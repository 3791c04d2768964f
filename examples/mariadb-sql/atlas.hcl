# The tables of one MariaDB database, kept as plain SQL.
variable "url" {
  type        = string
  default     = "maria://root@127.0.0.1:3306/library"
  description = "The database that plan and apply change."
}

variable "dev" {
  type        = string
  default     = "docker://maria/latest/dev"
  description = "An empty database that the statements of schema.sql are tried on; any MariaDB will do."
}

env "local" {
  url = var.url
  dev = var.dev
  src = "file://schema.sql"
}
