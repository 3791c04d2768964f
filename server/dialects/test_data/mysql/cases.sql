-- case: types
CREATE TABLE t (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  a tinyint(1), b int(5) unsigned zerofill, c decimal(10, 2) unsigned NOT NULL, d double precision, e float(7,4), f bit(3), g bool,
  h boolean NOT NULL, i char(3), j varchar(255), k national varchar(20), l char byte, m text(100), n longtext, o enum('a','b''c'),
  p set('x', 'y') NOT NULL, q date, r datetime(3), s timestamp NULL, u year, v time(2), x binary(16), y varbinary(10), z blob,
  ba geometry NOT NULL, bb point, bc mediumint, bd int8, be char varying(7), bf long varchar, bg dec(5), bh fixed(5,1), bi numeric, bj real,
  bk char, bl bit, bm binary, bn int unsigned, bo mediumblob, bp tinytext
);
-- case: text has charsets
CREATE TABLE t (a varchar(10) CHARACTER SET latin1, b varchar(10) COLLATE latin1_german1_ci, c char(3) CHARSET utf8mb4 COLLATE utf8mb4_bin, d text,
  e varchar(3) BINARY, f enum('x') CHARACTER SET ascii, g varchar(3) CHARACTER SET utf8mb3, h varchar(4) CHARACTER SET utf8) ENGINE=InnoDB;
CREATE TABLE u (a varchar(10), b varchar(10) COLLATE utf8mb4_bin) CHARSET=latin1;
CREATE TABLE v (a varchar(10)) COLLATE=utf8mb4_unicode_ci;
CREATE TABLE w (a varchar(10) CHARACTER SET utf8mb4) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
-- case: a table is converted
CREATE TABLE t (a varchar(10), b varchar(10) CHARACTER SET ascii) CHARSET=latin1;
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- case: a default charset is changed
CREATE TABLE t (a varchar(10), b varchar(10) CHARACTER SET ascii) CHARSET=latin1;
ALTER TABLE t DEFAULT CHARACTER SET utf8mb4;
ALTER TABLE t ADD c varchar(3);
-- case: defaults
CREATE TABLE t (a int DEFAULT 1, b int DEFAULT '2', c varchar(9) DEFAULT 3, d varchar(9) DEFAULT 'it''s', e decimal(10,2) DEFAULT 1.5, f decimal(5,1) DEFAULT '2',
  g bool DEFAULT TRUE, h bool DEFAULT false, i float DEFAULT 1.50, j double DEFAULT '1e3', k bigint DEFAULT -5, l date DEFAULT '2020-01-02', m datetime DEFAULT CURRENT_TIMESTAMP,
  n timestamp NOT NULL DEFAULT now() ON UPDATE now(), o datetime(3) DEFAULT NOW(3) ON UPDATE CURRENT_TIMESTAMP(3), p varchar(9) DEFAULT NULL, q bit(3) DEFAULT b'101',
  r int NOT NULL DEFAULT 0, s varchar(3) NOT NULL DEFAULT '', t enum('a','b') DEFAULT 'b', u set('a','b') DEFAULT 'a,b', v time DEFAULT '10:00:00', w year DEFAULT 2020,
  x int DEFAULT 0x10, y char(3) DEFAULT "abc", z datetime DEFAULT LOCALTIMESTAMP(), ba timestamp NULL, bb tinyint DEFAULT 1, bc smallint DEFAULT +7);
-- case (mysql): expression defaults
CREATE TABLE t (a varchar(40) DEFAULT (uuid()), b int DEFAULT (1 + 2), c json DEFAULT (json_array()), d text DEFAULT ('x'), e datetime DEFAULT (now() + interval 1 day), f double DEFAULT (rand() * 2), g varchar(9) DEFAULT (concat('a', "b")), h date DEFAULT (curdate()));
-- case (mariadb): expression defaults
CREATE TABLE t (a varchar(40) DEFAULT (uuid()), b int DEFAULT (1 + 2), d text DEFAULT 'x', e datetime DEFAULT (now() + interval 1 day), f double DEFAULT (rand() * 2), g varchar(9) DEFAULT concat('a', "b"), h date DEFAULT curdate());
-- case: bytes
CREATE TABLE t (b varbinary(9) default 'ab', g varbinary(9) default 0x6162, h varchar(9) default 0x6162, i varchar(9) default _latin1'x', j varbinary(4) DEFAULT '');
-- case: literals in parentheses
CREATE TABLE t (a varchar(9) default ('x'), d varchar(9) default (1), e int default ('5'), f int default (1));
-- case: json
CREATE TABLE t (id int, j json, k json NOT NULL);
-- case: keys without names
CREATE TABLE t (a int, b int, c int, UNIQUE (a), KEY (a, b), INDEX (b), UNIQUE KEY (a, c), KEY x (c), UNIQUE (c));
-- case: keys at columns
CREATE TABLE t (a int UNIQUE, b int UNIQUE KEY, c int PRIMARY KEY, d int, KEY (a));
-- case: parts of keys
CREATE TABLE t (a varchar(100), b text, c int, KEY p (a(10), b(5)), KEY d (c DESC, a), FULLTEXT KEY f (b), FULLTEXT (a, b), UNIQUE u (c) COMMENT 'x', KEY h (c) USING HASH, KEY bt USING BTREE (a));
-- case: spatial
CREATE TABLE t (g geometry NOT NULL, p point NOT NULL, SPATIAL KEY (g), SPATIAL INDEX s (p));
-- case (mysql): parts that are expressions
CREATE TABLE t (a varchar(100), b int, KEY f ((lower(a))), KEY g ((b + 1) DESC, a), KEY ((b * 2)), UNIQUE ((abs(b))));
-- case (mysql): invisible
CREATE TABLE t (a int, b int INVISIBLE, KEY k (a) INVISIBLE);
ALTER TABLE t ADD KEY l (b), ALTER INDEX k VISIBLE;
ALTER TABLE t ALTER INDEX l INVISIBLE;
-- case (mariadb): ignored
CREATE TABLE t (a int, b int INVISIBLE, KEY k (a) IGNORED);
-- case: primary keys
CREATE TABLE t (a int, b int, PRIMARY KEY (b, a));
CREATE TABLE u (a int);
ALTER TABLE u ADD PRIMARY KEY (a);
CREATE TABLE v (a int PRIMARY KEY, b int NOT NULL);
ALTER TABLE v DROP PRIMARY KEY, ADD PRIMARY KEY (b);
CREATE TABLE w (a serial, b int);
-- case: foreign keys
CREATE TABLE p (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
CREATE TABLE c (a int, b int, d int, x int, y int,
  FOREIGN KEY (a) REFERENCES p (id),
  CONSTRAINT named FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL,
  FOREIGN KEY ix (d) REFERENCES p (id) ON DELETE RESTRICT,
  FOREIGN KEY (x, y) REFERENCES p (x, y) ON DELETE NO ACTION);
-- case: foreign keys and their indexes
CREATE TABLE p (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
CREATE TABLE c (a int, b int, KEY k (a, b), CONSTRAINT f1 FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT f2 FOREIGN KEY (b) REFERENCES p (id));
ALTER TABLE c ADD KEY wide (b, a);
CREATE TABLE d (a int, b int, CONSTRAINT f3 FOREIGN KEY (a) REFERENCES p (id));
CREATE INDEX wide2 ON d (a, b);
CREATE TABLE e (a int);
ALTER TABLE e ADD CONSTRAINT f4 FOREIGN KEY (a) REFERENCES p (id), ADD FOREIGN KEY (a) REFERENCES p (id);
-- case: a foreign key goes
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int, b int, FOREIGN KEY (a) REFERENCES p (id), FOREIGN KEY (b) REFERENCES p (id));
ALTER TABLE c DROP FOREIGN KEY c_ibfk_1;
ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES p (id);
-- case: references at a column
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int REFERENCES p (id), b int);
-- case: to itself
CREATE TABLE c (id int PRIMARY KEY, parent int, FOREIGN KEY (parent) REFERENCES c (id) ON DELETE CASCADE);
-- case (mysql): checks
CREATE TABLE t (a int CHECK (a > 0), b int CONSTRAINT bb CHECK (b < 10), c varchar(9), d int, CHECK (a > b), CONSTRAINT named CHECK (c in ('x', 'y')) NOT ENFORCED, CHECK (d between 1 and 5 or d is null));
ALTER TABLE t ADD CHECK (d <> 3), ALTER CHECK named ENFORCED, DROP CHECK t_chk_1;
-- case (mariadb): checks
CREATE TABLE t (a int CHECK (a > 0), b int CHECK (b < 10), c varchar(9), d int, CHECK (a > b), CONSTRAINT named CHECK (c in ('x', 'y')), CHECK (d between 1 and 5 or d is null));
ALTER TABLE t ADD CHECK (d <> 3), DROP CONSTRAINT CONSTRAINT_1;
-- case: generated columns
CREATE TABLE t (a int, b int AS (a * 2), c int GENERATED ALWAYS AS (a + b) STORED, d varchar(20) AS (concat(a, '-', b)) VIRTUAL, e int AS (if(a > 1, 2, 3)), f bool AS (a is null));
-- case: expressions
CREATE TABLE t (a int, b int, s varchar(20), d datetime,
  g1 int AS (a + b * 2 - 1), g2 int AS ((a + b) * 2), g3 bool AS (a = 1 and b > 2 or a < 0), g4 bool AS (not (a > b)), g5 varchar(40) AS (upper(s)), g6 int AS (length(trim(s))),
  g7 int AS (coalesce(a, b, 0)), g8 bool AS (s like 'a%'), g9 int AS (case when a > 0 then 1 when a < 0 then -1 else 0 end), g10 int AS (year(d)), g11 int AS (a div 2), g12 int AS (a % 3), g13 bool AS (a in (1, 2, 3)),
  g14 bool AS (a between 1 and 5), g15 bool AS (s is not null), g16 int AS (-a), g17 int AS (a & b | 1), g18 varchar(50) AS (concat(s, 'x')), g19 bool AS (a != b), g20 double AS (a / 2), g21 int AS (ifnull(a, 0)), g22 date AS (cast(d as date)));
-- case: columns move and change
CREATE TABLE t (a int, b varchar(3) DEFAULT 'x', c int);
ALTER TABLE t ADD d int FIRST, ADD COLUMN e int AFTER a, MODIFY b varchar(5) NOT NULL COMMENT 'b', CHANGE c cc bigint AFTER d, ADD (f int, g int);
ALTER TABLE t ALTER f SET DEFAULT 3, ALTER COLUMN b DROP DEFAULT, DROP COLUMN g;
ALTER TABLE t RENAME COLUMN e TO ee, COMMENT = 'a comment';
-- case: columns of keys are dropped
CREATE TABLE t (a int, b int, c int, KEY ab (a, b), KEY ba (b), PRIMARY KEY (c));
ALTER TABLE t DROP COLUMN b;
-- case: a column of keys is renamed
CREATE TABLE p (id int PRIMARY KEY, u int UNIQUE);
CREATE TABLE c (a int, KEY k (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (u));
ALTER TABLE p CHANGE u uu int;
ALTER TABLE c CHANGE a aa int;
-- case: tables are renamed
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int, FOREIGN KEY (a) REFERENCES p (id));
RENAME TABLE p TO q, c TO d;
ALTER TABLE d RENAME TO e;
-- case: indexes come and go
CREATE TABLE t (a int, b int, c int);
CREATE INDEX i ON t (a);
CREATE UNIQUE INDEX u ON t (b, c);
ALTER TABLE t ADD INDEX (c), RENAME INDEX i TO j;
DROP INDEX u ON t;
ALTER TABLE t DROP INDEX c, ADD KEY (c, a);
-- case: table options
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY) ENGINE = InnoDB AUTO_INCREMENT = 500 COMMENT 'c' ROW_FORMAT = DYNAMIC;
CREATE TABLE u (id int) ENGINE=MyISAM ROW_FORMAT=FIXED AVG_ROW_LENGTH=10 CHECKSUM=1;
CREATE TABLE v (id int) engine=memory;
CREATE TABLE w (a int, KEY (a) USING HASH) ENGINE=MEMORY;
-- case: like
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int NOT NULL DEFAULT 3, b varchar(9) COLLATE utf8mb4_bin, KEY k (b), FOREIGN KEY (a) REFERENCES p (id)) COMMENT 'x';
CREATE TABLE u LIKE t;
-- case: partitions
CREATE TABLE r (id int, d date NOT NULL) PARTITION BY RANGE (year(d)) (PARTITION p0 VALUES LESS THAN (2000) COMMENT = 'old', PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE l (a int) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1, 2), PARTITION p1 VALUES IN (3));
CREATE TABLE h (a int) PARTITION BY HASH (a) PARTITIONS 3;
CREATE TABLE k (a int PRIMARY KEY) PARTITION BY KEY () PARTITIONS 2;
CREATE TABLE c (a int, b varchar(5)) PARTITION BY RANGE COLUMNS (a, b) (PARTITION p0 VALUES LESS THAN (1, 'x'), PARTITION p1 VALUES LESS THAN (MAXVALUE, MAXVALUE));
-- case: triggers
CREATE TABLE t (a int, b int);
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.b = NEW.a + 1;
CREATE TRIGGER tr2 BEFORE INSERT ON t FOR EACH ROW FOLLOWS tr BEGIN IF NEW.a > 3 THEN SET NEW.b = 'x'; END IF; END;
CREATE TRIGGER tr3 BEFORE INSERT ON t FOR EACH ROW PRECEDES tr SET NEW.b = 3;
-- case: routines
CREATE PROCEDURE p (IN a int, OUT b varchar(10), INOUT c decimal(10,2)) COMMENT 'it''s' MODIFIES SQL DATA SQL SECURITY INVOKER BEGIN SET b = 'x'; SET c = a; END;
CREATE FUNCTION f (a int) RETURNS varchar(20) DETERMINISTIC NO SQL RETURN concat('x', a);
-- case: events
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'x' DO SELECT 1;
-- case: a view
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
-- case (mariadb): sequences
CREATE SEQUENCE s;
CREATE SEQUENCE s2 START WITH 100 INCREMENT BY 10 MINVALUE 50 MAXVALUE 1000 CACHE 5 CYCLE;
-- case (mariadb): versions
CREATE TABLE t (a int, b int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING;
CREATE TABLE u (a int);
ALTER TABLE u ADD SYSTEM VERSIONING;
-- case (mariadb): mysql and mariadb
CREATE OR REPLACE TABLE t (a int, u uuid, i inet6);
CREATE TABLE IF NOT EXISTS t (b int);
CREATE INDEX IF NOT EXISTS i ON t (a);
ALTER TABLE t ADD COLUMN IF NOT EXISTS c int, DROP COLUMN IF EXISTS x;
