# A database whose changes are files, run in order and each once; schema.lt.hcl says where they lead.
env "local" {
  url = "sqlite://app.db"
  dev = "sqlite://dev?mode=memory"
  src = "file://schema.lt.hcl"

  migration {
    dir = "file://migrations"
  }
  lint {
    # A migration that drops something without a check before it is refused in review.
    destructive {
      error = true
    }
  }
}
