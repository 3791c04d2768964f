-- A small shop. Edit this file and ask for the plan: it says how to get the database here.

CREATE TABLE customers (
  id integer PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  joined_on date NOT NULL DEFAULT CURRENT_DATE,
  CONSTRAINT email_has_at CHECK (email LIKE '%@%')
);

CREATE TABLE products (
  id integer PRIMARY KEY,
  sku text NOT NULL,
  title text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents >= 0),
  in_stock integer NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX products_sku ON products (sku);
CREATE INDEX products_in_stock ON products (title) WHERE in_stock > 0;

CREATE TABLE orders (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL,
  placed_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'sent', 'returned')),
  FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
);

CREATE INDEX orders_by_customer ON orders (customer_id, placed_at DESC);

CREATE TABLE order_lines (
  order_id integer NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  product_id integer NOT NULL REFERENCES products (id),
  quantity integer NOT NULL CHECK (quantity > 0),
  price_cents integer NOT NULL,
  total_cents integer GENERATED ALWAYS AS (quantity * price_cents) STORED,
  PRIMARY KEY (order_id, product_id)
) WITHOUT ROWID;

CREATE VIEW order_totals AS
SELECT o.id, o.customer_id, o.status, sum(l.total_cents) AS total_cents
FROM orders AS o
JOIN order_lines AS l ON l.order_id = o.id
GROUP BY o.id, o.customer_id, o.status;
