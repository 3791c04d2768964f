CREATE FOREIGN DATA WRAPPER files;
CREATE SCHEMA shop;
CREATE COLLATION shop.german (LOCALE = 'C');
CREATE COLLATION public.copy FROM "C";
COMMENT ON COLLATION shop.german IS 'as bytes';
CREATE TYPE shop.state AS ENUM ('new', 'old');
CREATE TYPE public.pair AS (a int, b int);
CREATE FUNCTION shop.to_pair(v int) RETURNS public.pair LANGUAGE sql IMMUTABLE AS 'select row(v, v)::public.pair';
CREATE CAST (integer AS public.pair) WITH FUNCTION shop.to_pair(integer) AS ASSIGNMENT;
CREATE CAST (shop.state AS public.pair) WITH INOUT AS IMPLICIT;
CREATE CAST (public.pair AS shop.state) WITH INOUT;
CREATE TABLE shop.named (id int, name text COLLATE shop.german);
CREATE DOMAIN shop.word AS text COLLATE shop.german;
CREATE SERVER erp TYPE 'oracle' VERSION '12' FOREIGN DATA WRAPPER files OPTIONS (host 'erp.internal', port '5432', flag 'true');
CREATE SERVER "Odd one" FOREIGN DATA WRAPPER files;
CREATE USER MAPPING FOR PUBLIC SERVER erp OPTIONS (user 'anyone', password 'secret');
CREATE USER MAPPING FOR postgres SERVER "Odd one";
CREATE FOREIGN TABLE shop.orders (
  id int OPTIONS (key 'true') NOT NULL,
  state shop.state DEFAULT 'new',
  name varchar(20) COLLATE shop.german,
  total numeric(10,2) NOT NULL DEFAULT 0
) SERVER erp OPTIONS (table_name 'ORDERS', schema_name 'sales');
CREATE FOREIGN TABLE public.nothing () SERVER "Odd one";
COMMENT ON FOREIGN TABLE shop.orders IS 'elsewhere';
COMMENT ON COLUMN shop.orders.total IS 'in euros';
COMMENT ON SERVER erp IS 'the old one';
ALTER FOREIGN TABLE shop.orders ADD COLUMN note text, ALTER COLUMN id OPTIONS (SET key 'false'), OPTIONS (ADD x 'y', DROP schema_name);
ALTER SERVER erp VERSION '13' OPTIONS (SET host 'erp2.internal', DROP port);
CREATE VIEW shop.v AS SELECT id FROM shop.orders;
