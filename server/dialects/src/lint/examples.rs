//! Examples of the shared families, in SQL that every dialect reads.

use engine::lint::Example;

const NONE: Example = Example { code: "", from: "", bad: "", good: "", naming: "", without: "" };

/// Of a dialect that has schemas: the first of [`DESTRUCTIVE`].
pub const DS101: Example = Example {
    code: "DS101",
    from: "CREATE SCHEMA old;",
    bad: "DROP SCHEMA old;",
    good: "CREATE SCHEMA new;\nDROP SCHEMA new;",
    ..NONE
};

pub const DS102: Example = Example {
    code: "DS102",
    from: "CREATE TABLE t (id integer);",
    bad: "DROP TABLE t;",
    good: "CREATE TABLE u (id integer);\nDROP TABLE u;",
    ..NONE
};

pub const DS103: Example = Example {
    code: "DS103",
    from: "CREATE TABLE t (id integer, a integer);",
    bad: "ALTER TABLE t DROP COLUMN a;",
    good: "ALTER TABLE t ADD COLUMN b integer;\nALTER TABLE t DROP COLUMN b;",
    ..NONE
};

pub const MF101: Example = Example {
    code: "MF101",
    from: "CREATE TABLE t (id integer, a integer);",
    bad: "CREATE UNIQUE INDEX i ON t (a);",
    good: "CREATE TABLE u (a integer);\nCREATE UNIQUE INDEX j ON u (a);",
    ..NONE
};

pub const MF103: Example = Example {
    code: "MF103",
    from: "CREATE TABLE t (id integer);",
    bad: "ALTER TABLE t ADD COLUMN a integer NOT NULL;",
    good: "ALTER TABLE t ADD COLUMN a integer NOT NULL DEFAULT 1;",
    ..NONE
};

pub const BC101: Example = Example {
    code: "BC101",
    from: "CREATE TABLE t (id integer);",
    bad: "ALTER TABLE t RENAME TO u;",
    good: "ALTER TABLE t RENAME TO u;\nCREATE VIEW t AS SELECT * FROM u;",
    ..NONE
};

pub const BC102: Example = Example {
    code: "BC102",
    from: "CREATE TABLE t (id integer, a integer);",
    bad: "ALTER TABLE t RENAME COLUMN a TO b;",
    good: "ALTER TABLE t RENAME COLUMN a TO b;\nALTER TABLE t ADD COLUMN a integer;",
    ..NONE
};

/// Of a dialect that can change constraints.
pub const CD101: Example = Example {
    code: "CD101",
    from: "CREATE TABLE p (id integer PRIMARY KEY);\nCREATE TABLE t (p_id integer, CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id));",
    bad: "ALTER TABLE t DROP CONSTRAINT fk;",
    good: "ALTER TABLE t DROP CONSTRAINT fk, DROP COLUMN p_id;",
    ..NONE
};

pub const CD102: Example = Example {
    code: "CD102",
    from: "CREATE TABLE t (a integer, b integer, CONSTRAINT positive CHECK (a > 0));",
    bad: "ALTER TABLE t DROP CONSTRAINT positive;",
    good: "ALTER TABLE t DROP COLUMN b;",
    ..NONE
};

const SNAKE: &str = "^[a-z_]+$";

pub const NM102: Example = Example {
    code: "NM102",
    bad: "CREATE TABLE \"Users\" (id integer);",
    good: "CREATE TABLE users (id integer);",
    naming: SNAKE,
    ..NONE
};

pub const NM103: Example = Example {
    code: "NM103",
    bad: "CREATE TABLE users (\"Id\" integer);",
    good: "CREATE TABLE users (id integer);",
    naming: SNAKE,
    ..NONE
};

pub const NM104: Example = Example {
    code: "NM104",
    from: "CREATE TABLE users (id integer);",
    bad: "CREATE INDEX \"I\" ON users (id);",
    good: "CREATE INDEX i ON users (id);",
    naming: SNAKE,
    ..NONE
};

pub const NM105: Example = Example {
    code: "NM105",
    from: "CREATE TABLE p (id integer PRIMARY KEY);",
    bad: "CREATE TABLE t (p_id integer, CONSTRAINT \"FK\" FOREIGN KEY (p_id) REFERENCES p (id));",
    good: "CREATE TABLE t (p_id integer, CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id));",
    naming: SNAKE,
    ..NONE
};

pub const NM106: Example = Example {
    code: "NM106",
    bad: "CREATE TABLE t (a integer, CONSTRAINT \"Positive\" CHECK (a > 0));",
    good: "CREATE TABLE t (a integer, CONSTRAINT positive CHECK (a > 0));",
    naming: SNAKE,
    ..NONE
};

/// Of a dialect that has schemas.
pub const NM101: Example = Example {
    code: "NM101",
    bad: "CREATE SCHEMA \"New\";",
    good: "CREATE SCHEMA new;",
    naming: SNAKE,
    ..NONE
};

pub const TX201: Example = Example {
    code: "TX201",
    bad: "BEGIN;\nCREATE TABLE t (id integer);\nCOMMIT;",
    good: "-- atlas:txmode none\n\nBEGIN;\nCREATE TABLE t (id integer);\nCOMMIT;",
    ..NONE
};
