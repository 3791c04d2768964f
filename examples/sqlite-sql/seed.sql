-- The state the database is in before the first plan.
CREATE TABLE customers (
  id integer PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL
);

CREATE TABLE products (
  id integer PRIMARY KEY,
  sku text NOT NULL,
  title text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents >= 0),
  in_stock integer NOT NULL DEFAULT 0
) STRICT;

INSERT INTO customers (email, name) VALUES ('ada@example.com', 'Ada'), ('grace@example.com', 'Grace');
INSERT INTO products (sku, title, price_cents, in_stock) VALUES ('A-1', 'Abacus', 1200, 4), ('B-2', 'Slide rule', 2300, 0);
