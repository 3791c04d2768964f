schema "shop" {
  comment = "Orders of a small shop."
}

enum "order_state" {
  schema = schema.shop
  values = ["new", "paid", "sent", "returned"]
}

table "customers" {
  schema = schema.shop
  column "id" {
    null = false
    type = bigint
    identity {
      generated = ALWAYS
    }
  }
  column "email" {
    null = false
    type = text
  }
  column "joined" {
    null    = false
    type    = timestamptz
    default = sql("now()")
  }
  primary_key {
    columns = [column.id]
  }
  index "customers_email" {
    unique = true
    on {
      expr = "lower(email)"
    }
  }
}

table "orders" {
  schema = schema.shop
  column "id" {
    null = false
    type = bigint
    identity {
      generated = ALWAYS
    }
  }
  column "customer_id" {
    null = false
    type = bigint
  }
  column "state" {
    null    = false
    type    = enum.order_state
    default = "new"
  }
  column "total" {
    null    = false
    type    = numeric(10,2)
    default = 0
  }
  primary_key {
    columns = [column.id]
  }
  foreign_key "orders_customer" {
    columns     = [column.customer_id]
    ref_columns = [table.customers.column.id]
    on_delete   = CASCADE
  }
  index "orders_open" {
    columns = [column.customer_id]
    where   = "state <> 'sent'"
  }
  check "orders_total" {
    expr = "total >= 0"
  }
}
