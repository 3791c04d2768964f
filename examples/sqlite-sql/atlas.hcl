# The same kind of project with its schema in plain SQL.
env "local" {
  url = "sqlite://app.db"
  dev = "sqlite://dev?mode=memory"
  src = "file://schema.sql"
}
