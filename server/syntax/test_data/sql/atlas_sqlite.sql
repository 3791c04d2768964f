-- Samples of SQLite definitions from Atlas's own test scripts (ariga/atlas, internal/integration/testdata/sqlite),
-- Apache License 2.0, Copyright 2021-present The Atlas Authors. Shortened: one file's statements after the other.
CREATE TABLE `users` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT)
CREATE TABLE `users` (
  `id` int NOT NULL,
  `status` text NULL DEFAULT 'hello'
)
CREATE TABLE `users` (
  `id` int NOT NULL,
  `status` text NULL DEFAULT 'hello'
)

CREATE TABLE `users` (
  `id` integer NOT NULL,
  `age` integer NOT NULL,
  `name` TEXT NOT NULL,
  PRIMARY KEY (`id`)
);

CREATE TABLE `pets` (`id` integer NOT NULL, `name` TEXT NOT NULL, PRIMARY KEY (`id`));

CREATE TABLE `users` (
  `id` integer NOT NULL,
  `age` integer NOT NULL,
  `name` TEXT NOT NULL,
  PRIMARY KEY (`id`)
)

CREATE TABLE `pets` (`id` integer NOT NULL, `name` TEXT NOT NULL, PRIMARY KEY (`id`))

-- Create "users" table
CREATE TABLE `users` (`name` text NOT NULL DEFAULT 'unknown');

-- Create "users" table
CREATE TABLE `users` (`id` int NOT NULL);
-- Create "users" table
CREATE TABLE `users` (`id` int NOT NULL);
-- Create "records" table
CREATE TABLE IF NOT EXISTS `records` (
    `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    `name` varchar(255) NOT NULL DEFAULT ''  UNIQUE,
    `price` decimal NOT NULL DEFAULT 0
);
CREATE INDEX `records_price` ON `records` (`price`);

-- Create "categories" table
CREATE TABLE IF NOT EXISTS categories (
  id INTEGER NOT NULL PRIMARY KEY,
  category_name VARCHAR(255) NOT NULL
);

-- Create "products" table
CREATE TABLE IF NOT EXISTS products (
  id INTEGER NOT NULL PRIMARY KEY,
  product_name VARCHAR(255) NOT NULL UNIQUE,
  price DECIMAL(10,2) NOT NULL,
  category_id INTEGER,
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
);

-- Create "records" table
CREATE TABLE `records` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` varchar NOT NULL DEFAULT '', `price` decimal NOT NULL DEFAULT 0);
-- Create index "records_name" to table: "records"
CREATE UNIQUE INDEX `records_name` ON `records` (`name`);
-- Create index "records_price" to table: "records"
CREATE INDEX `records_price` ON `records` (`price`);
-- Create "categories" table
CREATE TABLE `categories` (`id` integer NOT NULL, `category_name` varchar NOT NULL, PRIMARY KEY (`id`));
-- Create "products" table
CREATE TABLE `products` (`id` integer NOT NULL, `product_name` varchar NOT NULL, `price` decimal NOT NULL, `category_id` integer NULL, PRIMARY KEY (`id`), CONSTRAINT `0` FOREIGN KEY (`category_id`) REFERENCES `categories` (`id`) ON UPDATE NO ACTION ON DELETE SET NULL);
-- Create index "products_product_name" to table: "products"
CREATE UNIQUE INDEX `products_product_name` ON `products` (`product_name`);
-- Create "users" table
CREATE TABLE `users` (`id` int NOT NULL);
CREATE TABLE users (id int);

/* Adding a not-null column without default to a table created in this file should not report. */
ALTER TABLE users ADD COLUMN c1 int NOT NULL;

ALTER TABLE users ADD COLUMN c2 int NOT NULL;

ALTER TABLE users ADD COLUMN c3 int NOT NULL DEFAULT 1;

CREATE TABLE users (id int);

CREATE TABLE pets (id int);

ALTER TABLE users RENAME COLUMN id TO oid;

DROP TABLE users;

DROP TABLE pets;

CREATE TABLE users (id int);
DROP TABLE users;

CREATE TABLE users (id int);

CREATE TABLE pets (id int);

ALTER TABLE users RENAME COLUMN id TO oid;

DROP TABLE users;

DROP TABLE pets;

-- Create "users" table
CREATE TABLE `users` (`id` int NOT NULL);

CREATE TABLE `users` (`rank` int NOT NULL)
CREATE INDEX `rank_idx` ON `users` (`rank` DESC)

CREATE TABLE "users" (`rank` int NOT NULL)
CREATE INDEX `rank_idx` ON `users` (`rank`)

CREATE TABLE "users" (`rank` int NOT NULL, `score` int NOT NULL)
CREATE INDEX `rank_score_idx` ON `users` (`rank`, `score` DESC)
CREATE TABLE `users` (`first_name` text NOT NULL, `last_name` text NOT NULL)
CREATE INDEX `full_name` ON `users` ((first_name || ' ' || last_name))

CREATE TABLE "users" (`first_name` text NOT NULL)
CREATE INDEX `full_name` ON `users` ((lower(first_name) || '''s first name'))
CREATE TABLE `t1` (`id` integer NOT NULL, PRIMARY KEY (`id`)) WITHOUT ROWID, STRICT

CREATE TABLE `t2` (`id` integer NOT NULL, PRIMARY KEY (`id`)) STRICT

CREATE TABLE `t3` (`id` integer NOT NULL, PRIMARY KEY (`id`)) WITHOUT ROWID

CREATE TABLE "t1" (`id` integer NOT NULL, PRIMARY KEY (`id`))
