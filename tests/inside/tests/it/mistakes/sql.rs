//! Mistakes in SQL for SQLite.

use inside::Level;
use inside::seed::Seed;

const FILE: &str = "schema.sql";

/// What the parser finds.
pub const SYNTAX: &[Seed] = &[
    Seed::error("sql: misspelt CREATE", FILE, r"\n(CREATE) (TABLE|VIEW|TRIGGER|INDEX)", "\n«%1» $2", "sql-unknown-keyword"),
    Seed::error("sql: misspelt TABLE", FILE, r"\nCREATE (TABLE) ", "\nCREATE «%1» ", "sql-unknown-keyword"),
    Seed::error("sql: misspelt NULL", FILE, r"NOT (NULL)", "NOT «%1»", "sql-unknown-keyword"),
    Seed::error("sql: misspelt DEFAULT", FILE, r"NULL (DEFAULT) ", "NULL «%1» ", "sql-unknown-keyword"),
    Seed::error("sql: misspelt REFERENCES", FILE, r" (REFERENCES) ", " «%1» ", "sql-unknown-keyword"),
    Seed::error("sql: misspelt AUTOINCREMENT", FILE, r"KEY (AUTOINCREMENT)", "KEY «%1»", "sql-unknown-keyword"),
    Seed::error("sql: misspelt action", FILE, r"ON DELETE (CASCADE|RESTRICT)", "ON DELETE «%1»", "sql-unknown-keyword"),
    Seed::error("sql: misspelt option of a table", FILE, r"\n\) (STRICT)", "\n) «%1»", "sql-unknown-keyword"),
    Seed::error("sql: comma at the end of a list", FILE, r"(\w|\))\n\)([^;\n]*);\n", "$1«,»\n)$2;\n", "sql-stray-comma"),
    Seed::error("sql: comma twice", FILE, r"(amount integer NOT NULL DEFAULT 1),", "$1,«,»", "sql-stray-comma"),
    Seed::error("sql: comma missing", FILE, r"(amount integer NOT NULL DEFAULT )(1),\n", "$1«$2»\n", "sql-missing-comma"),
    Seed::error("sql: parenthesis of a table never closed", FILE, r"(CREATE TABLE \w+ )\(\n([^;]*)\n\)([^;\n]*);\n", "$1«(»\n$2\n;\n", "sql-unclosed-parenthesis"),
    Seed::error("sql: parenthesis never closed", FILE, r"CHECK \(amount > 0\)", "CHECK («»amount > 0", "sql-unclosed-parenthesis"),
    Seed::error("sql: one parenthesis too many", FILE, r"\n\)( STRICT|;)", "\n)«)»$1", "sql-unexpected-token"),
    Seed::error("sql: quote never closed", FILE, r"DEFAULT 'nobody',\n", "DEFAULT «'nobody,»\n", "sql-unclosed-quote"),
    Seed::error("sql: quote of a name never closed", FILE, r"\nCREATE TABLE (\w+) \(\n", "\nCREATE TABLE «\"$1 (»\n", "sql-unclosed-quote"),
    Seed::error("sql: comment never closed", FILE, r"'one; two'\);\n", "'one; two'); «/* the end\n»", "sql-unclosed-comment"),
    Seed::error("sql: name missing", FILE, r"\nCREATE (TABLE) (\w+) \(", "\nCREATE «$1» (", "sql-missing-name"),
    Seed::error("sql: ON missing", FILE, r"INDEX (\w+) ON ", "INDEX «$1» ", "sql-missing-keyword"),
    Seed::error("sql: columns of an index missing", FILE, r" ON (\w+) \(lower\(name\)\) WHERE amount > 1;", " ON «$1»;", "sql-missing-columns"),
    Seed::error("sql: keyword as a name", FILE, r"\n  amount integer", "\n  «order» integer", "sql-reserved-word"),
    Seed::error("sql: delimiter missing", FILE, r"\((name, amount DESC)\);\n", "($1«)»\n", "sql-missing-delimiter"),
    Seed::error("sql: END missing", FILE, r"(FOR EACH ROW WHEN new\.amount > 1 )BEGIN\n([^;]*;)\nEND;\n", "$1«BEGIN»\n$2\n", "sql-unclosed-block"),
    Seed::error("sql: expression missing", FILE, r"CHECK \(amount >( 0)\)", "CHECK (amount «>»)", "sql-missing-expression"),
];

/// Names that are none.
pub const NAMES: &[Seed] = &[
    Seed::error("sql: index on a table that is not there", FILE, r"INDEX (\w+) ON (\w+) ", "INDEX $1 ON «%2» ", "unknown-table"),
    Seed::error("sql: trigger on a table that is not there", FILE, r"UPDATE OF name ON (\w+) ", "UPDATE OF name ON «%1» ", "unknown-table"),
    Seed::error("sql: ALTER of a table that is not there", FILE, r"ALTER TABLE (\w+) ", "ALTER TABLE «%1» ", "unknown-table"),
    Seed::error("sql: foreign key to a table that is not there", FILE, r"REFERENCES (\w+) ", "REFERENCES «%1» ", "unknown-table").level(Level::Warning),
    Seed::error("sql: foreign key to a column that is not there", FILE, r"REFERENCES (\w+) \((id)\)", "REFERENCES $1 («%2»)", "unknown-column").level(Level::Warning),
    Seed::error("sql: index on a column that is not there", FILE, r"\((name), amount DESC\)", "(«%1», amount DESC)", "unknown-column"),
    Seed::error("sql: index expression with a column that is not there", FILE, r"\(lower\((name)\)\)", "(lower(«%1»))", "unknown-column"),
    Seed::error("sql: condition of an index with a column that is not there", FILE, r"WHERE (amount) > 1;", "WHERE «%1» > 1;", "unknown-column"),
    Seed::error("sql: primary key of a column that is not there", FILE, r"PRIMARY KEY \((id)\)", "PRIMARY KEY («%1»)", "unknown-column"),
    Seed::error("sql: foreign key of a column that is not there", FILE, r"FOREIGN KEY \((parent_id)\)", "FOREIGN KEY («%1»)", "unknown-column"),
    Seed::error("sql: unique column that is not there", FILE, r"UNIQUE \(name, (parent_id)\)", "UNIQUE (name, «%1»)", "unknown-column"),
    Seed::error("sql: generated from a column that is not there", FILE, r"AS \((amount) \* 2\)", "AS («%1» * 2)", "unknown-column"),
    Seed::error("sql: check of a column that is not there", FILE, r"CHECK \((amount) > 0\)", "CHECK («%1» > 0)", "unknown-column"),
];

/// What SQLite refuses.
pub const MEANING: &[Seed] = &[
    Seed::error("sql: table twice", FILE, r"\nALTER TABLE (\w+) ", "\nCREATE TABLE «$1» (id int);\nALTER TABLE $1 ", "duplicate-name"),
    Seed::error("sql: column twice", FILE, r"\n  amount integer NOT NULL DEFAULT 1,\n", "\n  amount integer NOT NULL DEFAULT 1,\n  «AMOUNT» int,\n", "duplicate-name"),
    Seed::error("sql: index twice", FILE, r"\nCREATE (UNIQUE )?INDEX (\w+_name) ON (\w+) (.*);\n", "\nCREATE $1INDEX $2 ON $3 $4;\nCREATE INDEX «$2» ON $3 (id);\n", "duplicate-name"),
    Seed::error("sql: trigger twice", FILE, r"(?s)\n(CREATE TRIGGER) (changed) (AFTER UPDATE OF name ON \w+ .*END;)\n", "\n$1 $2 $3\n$1 «$2» $3\n", "duplicate-name"),
    Seed::error("sql: two primary keys", FILE, r"id integer NOT NULL,\n([^;]*)PRIMARY KEY \(id\)", "id integer PRIMARY KEY,\n$1«PRIMARY KEY (id)»", "duplicate-name"),
    Seed::error("sql: added column that is there", FILE, r"ADD COLUMN note ", "ADD COLUMN «amount» ", "duplicate-name"),
    Seed::error("sql: added column that is a key", FILE, r"ADD COLUMN note text DEFAULT 'none'", "ADD COLUMN note integer «PRIMARY KEY»", "add-column"),
    Seed::error("sql: added column that is unique", FILE, r"ADD COLUMN note text DEFAULT 'none'", "ADD COLUMN note text «UNIQUE»", "add-column"),
    Seed::error("sql: strict table with a loose type", FILE, r"\n  parent_id integer(,?\n[^;]*\) STRICT)", "\n  parent_id «money»$1", "strict-type"),
    Seed::error("sql: without rowid and without a key", FILE, r"id integer PRIMARY KEY,([^;]*)(WITHOUT ROWID)", "id integer,$1«$2»", "missing-primary-key"),
    Seed::error("sql: AUTOINCREMENT of text", FILE, r"id integer PRIMARY KEY (AUTOINCREMENT)", "id text PRIMARY KEY «$1»", "auto-increment"),
    Seed::error("sql: generated column with a default", FILE, r"doubled integer GENERATED", "doubled integer «DEFAULT 5» GENERATED", "generated-default"),
    Seed::error("sql: generated column as a key", FILE, r"\n  id integer NOT NULL,\n([^;]*)(PRIMARY KEY \(id\))", "\n  id integer AS (1),\n$1«$2»", "generated-key"),
    Seed::error("sql: more columns than a foreign key refers to", FILE, r"FOREIGN KEY \(parent_id\) REFERENCES (\w+) \(id\)", "FOREIGN KEY (parent_id, amount) REFERENCES $1 («id»)", "foreign-key"),
    Seed::error("sql: trigger INSTEAD OF on a table", FILE, r"TRIGGER changed AFTER UPDATE OF name ON (\w+) ", "TRIGGER changed INSTEAD OF UPDATE OF name ON «$1» ", "wrong-kind"),
    Seed::error("sql: index on a view", FILE, r"(CREATE VIEW names AS\n[^;]*;)\n", "$1\nCREATE INDEX on_view ON «names» (id);\n", "wrong-kind"),
    Seed::error("sql: dropped table that is not there", FILE, r"\nALTER TABLE ", "\nDROP TABLE «nothing_like_it»;\nALTER TABLE ", "unknown-table"),
    Seed::error("sql: dropped column that is used", FILE, r"\nALTER TABLE (\w+) ADD COLUMN .*;\n", "\nALTER TABLE $1 DROP COLUMN «id»;\n", "column-in-use"),
    Seed::error("sql: reserved name of a table", FILE, r"\nCREATE VIEW names", "\nCREATE TABLE «sqlite_mine» (id int);\nCREATE VIEW names", "reserved-name"),
];
