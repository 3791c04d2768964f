//! MY130 to MY148: changes during which the table is copied, or nobody can write to it.
//!
//! Invariant: a table this plan or file makes is nobody's to wait for.
//!
//! Source: documented codes; MySQL manual 17.12.1 "Online DDL Operations"; MariaDB, "InnoDB Online DDL". The messages
//! are our own: the original's are not known.

mod conversion;

use engine::lint::edit::{fix, insert};
use engine::lint::span::{
    check_path, column_path, foreign_key_path, index_path, primary_key_path, table_path,
};
use engine::lint::words;
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Remedy, Sink};
use schema::change::{ChangeKind, ColumnChange, TableChange};
use schema::{Change, Check, Column, Index, ObjectPath, Storage, Table};
use text::{Code, Fix};

use super::super::{attr, features};
use crate::lint::{BLOCKING, BLOCKING_DOC, BLOCKING_HEADING};

/// Changes during which the table is copied, or nobody can write to it.
pub static ANALYZER: Analyzer = Analyzer {
    name: BLOCKING,
    heading: BLOCKING_HEADING,
    error: false,
    doc: BLOCKING_DOC,
    codes: CODES,
    examples: EXAMPLES,
    run,
};

const SHARED: Remedy =
    Remedy::Edit("`LOCK = NONE`, by which the server lets others write meanwhile, or refuses the change");
const SMALL: Remedy = Remedy::None("the server has no other way to change it in place");
const IN_STEPS: Remedy = Remedy::None("moving to another column is a matter of several deployments");

const fn code(code: Code, title: &'static str, doc: &'static str, remedy: Remedy) -> CodeDoc {
    CodeDoc { code, title, doc, remedy }
}

const CODES: &[CodeDoc] = &[
    code(
        "MY130",
        "type change that copies the table",
        "Values of the new type are stored otherwise: the table is copied, and nobody can write to it meanwhile.\n\nAdd a column of the new type, fill it in batches, and switch over. Making a `varchar` longer needs no copy as long as its length takes as many bytes as before (up to 255 bytes, or more).",
        IN_STEPS,
    ),
    code(
        "MY131",
        "foreign key blocks writes",
        "While `foreign_key_checks` is on, adding a foreign key copies the table to check every row, and nobody can write to it.\n\nCheck the rows yourself, and add the key in a session with `foreign_key_checks = 0`.",
        Remedy::None("without the check nobody would know whether rows comply"),
    ),
    code(
        "MY132",
        "primary key was added",
        "Rows are stored in the order of the primary key: the table is rebuilt.\n\nGive tables their key when they are created.",
        SHARED,
    ),
    code(
        "MY133",
        "primary key was dropped",
        "Rows are stored in the order of the primary key: the table is copied, and nobody can write to it meanwhile.\n\nAdd the new key in the same statement, which at least lets others write.",
        Remedy::None("which columns make the new key is for the author to say"),
    ),
    code(
        "MY134",
        "full-text index",
        "Building a full-text index blocks writes, and the first one of a table rebuilds it.\n\nBuild it while the table is small, or in a window for maintenance.",
        SMALL,
    ),
    code(
        "MY135",
        "spatial index",
        "Building a spatial index blocks writes.\n\nBuild it while the table is small, or in a window for maintenance.",
        SMALL,
    ),
    code(
        "MY136",
        "charset of the table",
        "Changing the charset of a table rebuilds it.\n\nDo it while the table is small, or in a window for maintenance.",
        SMALL,
    ),
    code(
        "MY137",
        "primary key was modified",
        "Rows are stored in the order of the primary key: the table is rebuilt or copied.\n\nGive the table a unique index instead.",
        SHARED,
    ),
    code(
        "MY138",
        "storage engine",
        "The table is copied, and nobody can write to it meanwhile. Often the change was not meant: the `engine` of the schema file differs from the server's.\n\nLeave the engine as it is.",
        Remedy::None("which engine is meant is for the author to say"),
    ),
    code(
        "MY139",
        "partitioning",
        "Partitioning a table, or undoing it, copies all rows, and nobody can write to the table meanwhile.\n\nDo it while the table is small, or in a window for maintenance.",
        SMALL,
    ),
    code(
        "MY140",
        "stored generated column",
        "The value is worked out for every row: the table is copied, and nobody can write to it meanwhile.\n\nMake the column `VIRTUAL`, which changes no row.",
        Remedy::Edit("`VIRTUAL` instead of `STORED`"),
    ),
    code(
        "MY141",
        "new AUTO_INCREMENT column",
        "Every row gets a number: the table is rebuilt, and nobody can write to it meanwhile.\n\nAdd the column without `AUTO_INCREMENT`, fill it in batches, and change it then.",
        IN_STEPS,
    ),
    code(
        "MY142",
        "column before others",
        "On this version only a column behind all others is added instantly; one in between rebuilds the table.\n\nAdd it as the last one.",
        Remedy::Edit("the column behind all others"),
    ),
    code(
        "MY143",
        "generated column was changed",
        "Its values are worked out anew: the table is copied, and nobody can write to it meanwhile.\n\nAdd a new virtual column, and drop the old one.",
        IN_STEPS,
    ),
    code(
        "MY144",
        "check was added",
        "Every row is checked while nobody can write to the table.\n\nIn MySQL, add it as `NOT ENFORCED` and correct the rows; enforcing it checks them all the same.",
        Remedy::Edit("`NOT ENFORCED`, in MySQL"),
    ),
    code(
        "MY145",
        "check was changed or enforced",
        "Every row is checked while nobody can write to the table.\n\nDo it while the table is small, or in a window for maintenance.",
        SMALL,
    ),
    code(
        "MY146",
        "history of a table is deleted",
        "Dropping system versioning deletes all rows of the past.\n\nCopy them first: `CREATE TABLE … AS SELECT … FOR SYSTEM_TIME ALL`.",
        Remedy::None("where the history is to be kept is for the author to say"),
    ),
    code(
        "MY147",
        "nullability of a column",
        "Whether a column may be NULL is part of how rows are stored: the table is rebuilt.\n\nDo it while the table is small, or in a window for maintenance.",
        SHARED,
    ),
    code(
        "MY148",
        "charset or collation of a column",
        "Text is stored or ordered otherwise: the table is copied, and nobody can write to it meanwhile.\n\nAdd a column with the new charset, fill it in batches, and switch over.",
        IN_STEPS,
    ),
];

const NONE: Example = Example { code: "", from: "", bad: "", good: "", naming: "", without: "" };

const EXAMPLES: &[Example] = &[
    Example {
        code: "MY130",
        from: "CREATE TABLE t (a int, b varchar(10));",
        bad: "ALTER TABLE t MODIFY COLUMN a bigint;",
        good: "ALTER TABLE t MODIFY COLUMN b varchar(20);",
        ..NONE
    },
    Example {
        code: "MY131",
        from: "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (p_id int);",
        bad: "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id);",
        good: "CREATE TABLE u (p_id int, CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id));",
        ..NONE
    },
    Example {
        code: "MY132",
        from: "CREATE TABLE t (id int NOT NULL);",
        bad: "ALTER TABLE t ADD PRIMARY KEY (id);",
        good: "ALTER TABLE t ADD UNIQUE INDEX i (id);",
        ..NONE
    },
    Example {
        code: "MY133",
        from: "CREATE TABLE t (id int NOT NULL, b int NOT NULL, PRIMARY KEY (id));",
        bad: "ALTER TABLE t DROP PRIMARY KEY;",
        good: "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, b);",
        ..NONE
    },
    Example {
        code: "MY134",
        from: "CREATE TABLE t (a text);",
        bad: "CREATE FULLTEXT INDEX i ON t (a);",
        good: "CREATE INDEX i ON t (a(10));",
        ..NONE
    },
    Example {
        code: "MY135",
        from: "CREATE TABLE t (g point NOT NULL);",
        bad: "CREATE SPATIAL INDEX i ON t (g);",
        good: "CREATE TABLE u (g point NOT NULL, SPATIAL INDEX i (g));",
        ..NONE
    },
    Example {
        code: "MY136",
        from: "CREATE TABLE t (a int) CHARSET latin1;",
        bad: "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;",
        good: "CREATE TABLE u (a int) CHARSET utf8mb4;",
        ..NONE
    },
    Example {
        code: "MY137",
        from: "CREATE TABLE t (id int NOT NULL, b int NOT NULL, PRIMARY KEY (id));",
        bad: "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, b);",
        good: "ALTER TABLE t ADD UNIQUE INDEX i (id, b);",
        ..NONE
    },
    Example {
        code: "MY138",
        from: "CREATE TABLE t (a int) ENGINE = InnoDB;",
        bad: "ALTER TABLE t ENGINE = MyISAM;",
        good: "CREATE TABLE u (a int) ENGINE = MyISAM;",
        ..NONE
    },
    Example {
        code: "MY139",
        from: "CREATE TABLE t (a int);",
        bad: "ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 2;",
        good: "CREATE TABLE u (a int) PARTITION BY HASH (a) PARTITIONS 2;",
        ..NONE
    },
    Example {
        code: "MY140",
        from: "CREATE TABLE t (a int);",
        bad: "ALTER TABLE t ADD COLUMN b int AS (a * 2) STORED;",
        good: "ALTER TABLE t ADD COLUMN b int AS (a * 2) VIRTUAL;",
        ..NONE
    },
    Example {
        code: "MY141",
        from: "CREATE TABLE t (a int);",
        bad: "ALTER TABLE t ADD COLUMN id int NOT NULL AUTO_INCREMENT PRIMARY KEY;",
        good: "ALTER TABLE t ADD COLUMN id int;",
        ..NONE
    },
    Example {
        code: "MY142",
        from: "CREATE TABLE t (a int, b int);",
        bad: "ALTER TABLE t ADD COLUMN c int AFTER a;",
        good: "ALTER TABLE t ADD COLUMN c int;",
        without: features::INSTANT_ADD_ANYWHERE,
        ..NONE
    },
    Example {
        code: "MY143",
        from: "CREATE TABLE t (a int, b int AS (a * 2) STORED);",
        bad: "ALTER TABLE t MODIFY COLUMN b int AS (a * 3) STORED;",
        good: "ALTER TABLE t ADD COLUMN c int AS (a * 3) VIRTUAL;",
        ..NONE
    },
    Example {
        code: "MY144",
        from: "CREATE TABLE t (a int);",
        bad: "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0);",
        good: "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT ENFORCED;",
        ..NONE
    },
    Example {
        code: "MY145",
        from: "CREATE TABLE t (a int, CONSTRAINT positive CHECK (a > 0) NOT ENFORCED);",
        bad: "ALTER TABLE t ALTER CHECK positive ENFORCED;",
        good: "ALTER TABLE t DROP CHECK positive;",
        ..NONE
    },
    Example {
        code: "MY146",
        from: "CREATE TABLE t (a int) WITH SYSTEM VERSIONING;",
        bad: "ALTER TABLE t DROP SYSTEM VERSIONING;",
        good: "CREATE TABLE u (b int);",
        ..NONE
    },
    Example {
        code: "MY147",
        from: "CREATE TABLE t (a int NOT NULL);",
        bad: "ALTER TABLE t MODIFY COLUMN a int NULL;",
        good: "ALTER TABLE t MODIFY COLUMN a int NOT NULL COMMENT 'x';",
        ..NONE
    },
    Example {
        code: "MY148",
        from: "CREATE TABLE t (a varchar(10) CHARACTER SET latin1);",
        bad: "ALTER TABLE t MODIFY COLUMN a varchar(10) CHARACTER SET utf8mb4;",
        good: "ALTER TABLE t ADD COLUMN b varchar(10) CHARACTER SET utf8mb4;",
        ..NONE
    },
];

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        let Change::ModifyTable { from, to, changes } = change else { continue };
        if !input.is_old(to) {
            continue;
        }
        let rule = Rule { input, at, from, table: to, changes };
        for one in changes {
            rule.judge(one, sink);
        }
    }
}

/// A change of a table that is in use.
struct Rule<'a> {
    input: &'a Input<'a>,
    at: usize,
    from: &'a Table,
    table: &'a Table,
    changes: &'a [TableChange],
}

impl Rule<'_> {
    fn judge(&self, change: &TableChange, sink: &mut Sink<'_>) {
        let table = &self.table.name;
        match change {
            TableChange::ModifyColumn(change) => self.column(change, sink),
            TableChange::AddColumn(column) => self.added_column(column, sink),
            TableChange::AddPrimaryKey(_) if self.drops_key() => self.key("MY137", "Modifying", sink),
            TableChange::AddPrimaryKey(_) => self.key("MY132", "Adding", sink),
            TableChange::DropPrimaryKey(_) if !self.adds_key() => self.key("MY133", "Dropping", sink),
            TableChange::ModifyPrimaryKey { kinds, .. } if kinds.has(ChangeKind::Parts) => {
                self.key("MY137", "Modifying", sink);
            }
            TableChange::AddIndex(index) => self.index(index, sink),
            TableChange::AddForeignKey(key) => {
                let name = key.name.clone().unwrap_or_default();
                let message = format!(
                    "Adding foreign key {name:?} to table {table:?} copies it and blocks writes while foreign_key_checks is on"
                );
                self.say("MY131", foreign_key_path(self.table, &name), message, None, sink);
            }
            TableChange::AddCheck(check) if is_enforced(check) => {
                let name = check.name.clone().unwrap_or_default();
                let message =
                    format!("Adding check {name:?} to table {table:?} checks all rows and blocks writes");
                self.say("MY144", check_path(self.table, &name), message, self.not_enforced(&name), sink);
            }
            TableChange::ModifyCheck { from, to, .. }
                if is_enforced(to) && (from.expr != to.expr || !is_enforced(from)) =>
            {
                let name = to.name.clone().unwrap_or_default();
                let message = format!(
                    "Modifying or enforcing check {name:?} of table {table:?} checks all rows and blocks writes"
                );
                self.say("MY145", check_path(self.table, &name), message, None, sink);
            }
            TableChange::AddAttr(name) | TableChange::DropAttr(name) | TableChange::ModifyAttr(name) => {
                self.attribute(name, sink);
            }
            _ => {}
        }
    }

    fn say(&self, code: Code, path: ObjectPath, message: String, edit: Option<Fix>, sink: &mut Sink<'_>) {
        sink.add(Found::new(code, self.at, path, message).edit(edit));
    }

    fn key(&self, code: Code, verb: &str, sink: &mut Sink<'_>) {
        let how = if code == "MY133" { "copies the table and blocks writes" } else { "rebuilds the table" };
        let message = format!("{verb} the primary key of table {:?} {how}", self.table.name);
        if code == "MY133" {
            self.say(code, primary_key_path(self.table), message, None, sink);
        } else if !self.lets_write() {
            self.say(code, primary_key_path(self.table), message, self.let_write(), sink);
        }
    }

    fn drops_key(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, TableChange::DropPrimaryKey(_)))
    }

    fn adds_key(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, TableChange::AddPrimaryKey(_)))
    }

    fn column(&self, change: &ColumnChange, sink: &mut Sink<'_>) {
        let (from, to) = (&change.from, &change.to);
        let path = || column_path(self.table, &to.name);
        let (table, name) = (&self.table.name, &to.name);
        let has = |kind| change.kinds.has(kind);
        if has(ChangeKind::Generated) {
            let message = format!(
                "Changing generated column {name:?} of table {table:?} copies the table and blocks writes"
            );
            self.say("MY143", path(), message, None, sink);
        }
        if let (true, Some(old), Some(new)) = (has(ChangeKind::Type), &from.ty, &to.ty)
            && conversion::copies(old, new, self.charset(to).as_deref())
        {
            let message = format!(
                "Changing the type of column {name:?} of table {table:?} from {:?} to {:?} copies the table and blocks writes",
                (self.input.format_type)(old),
                (self.input.format_type)(new)
            );
            self.say("MY130", path(), message, None, sink);
        }
        if has(ChangeKind::Null) && !self.lets_write() {
            let message = format!("Changing the nullability of column {name:?} rebuilds table {table:?}");
            self.say("MY147", path(), message, self.let_write(), sink);
        }
        let (charset, collate) = (has(ChangeKind::Charset), has(ChangeKind::Collate));
        if charset || collate && !self.input.server.has(features::INSTANT_COLLATE) {
            let what = if charset { "charset" } else { "collation" };
            let message =
                format!("Changing the {what} of column {name:?} copies table {table:?} and blocks writes");
            self.say("MY148", path(), message, None, sink);
        }
    }

    /// Whether the statement says that others must be able to write: the server refuses what would keep them from it.
    fn lets_write(&self) -> bool {
        let mut statements = self.input.statements_of(self.at).filter(|one| one.mentions("lock")).peekable();
        statements.peek().is_some()
            && statements.all(|one| {
                let words = one.words();
                words.has(&["LOCK", "=", "NONE"]) || words.has(&["LOCK", "NONE"])
            })
    }

    /// `LOCK = NONE` behind the only statement of the change, an `ALTER TABLE` that says nothing of it.
    fn let_write(&self) -> Option<Fix> {
        self.input.file()?;
        let mut statements = self.input.statements_of(self.at);
        let (statement, None) = (statements.next()?, statements.next()) else { return None };
        let words = statement.words();
        let is_free = words.starts_with(&["ALTER", "TABLE"])
            && !words.0.iter().any(|word| word.depth == 0 && (word.is("LOCK") || word.is("ALGORITHM")));
        let edit = insert(statement.range()?.end(), ", ALGORITHM = INPLACE, LOCK = NONE");
        is_free.then(|| fix("Let others write meanwhile, or refuse", [edit]))
    }

    fn charset(&self, column: &Column) -> Option<String> {
        column.attrs.get(&attr::CHARSET).or_else(|| self.table.attrs.get(&attr::CHARSET))
    }

    fn added_column(&self, column: &Column, sink: &mut Sink<'_>) {
        let path = column_path(self.table, &column.name);
        let (table, name) = (&self.table.name, &column.name);
        if column.generated.as_ref().is_some_and(|generated| generated.storage == Storage::Stored) {
            let message =
                format!("Adding stored generated column {name:?} copies table {table:?} and blocks writes");
            self.say("MY140", path, message, self.made_virtual(column), sink);
        } else if column.attrs.is(&attr::AUTO_INCREMENT) {
            let message =
                format!("Adding AUTO_INCREMENT column {name:?} rebuilds table {table:?} and blocks writes");
            self.say("MY141", path, message, None, sink);
        } else if self.stands_before_others(column) {
            let message = format!(
                "Adding column {name:?} before others rebuilds table {table:?}: version {} adds only the last one instantly",
                self.input.server.version
            );
            self.say("MY142", path, message, self.made_last(column), sink);
        }
    }

    /// Whether a column that was there stands behind, on a server for which that matters.
    fn stands_before_others(&self, column: &Column) -> bool {
        let server = self.input.server;
        if !server.has(features::INSTANT_ADD) || server.has(features::INSTANT_ADD_ANYWHERE) {
            return false;
        }
        let place = self.table.columns.iter().position(|other| other.name == column.name);
        let behind = place.and_then(|place| self.table.columns.get(place + 1..)).unwrap_or_default();
        behind.iter().any(|other| self.from.column(&other.name).is_some())
    }

    fn index(&self, index: &Index, sink: &mut Sink<'_>) {
        let kind = index.attrs.get(&attr::INDEX_TYPE).unwrap_or_default();
        let (code, word) = match kind.as_str() {
            "FULLTEXT" => ("MY134", "full-text"),
            "SPATIAL" => ("MY135", "spatial"),
            _ => return,
        };
        let message =
            format!("Adding {word} index {:?} blocks writes to table {:?}", index.name, self.table.name);
        self.say(code, index_path(self.table, &index.name), message, None, sink);
    }

    fn attribute(&self, name: &str, sink: &mut Sink<'_>) {
        let table = &self.table.name;
        let (code, message) = if name == attr::CHARSET.name {
            ("MY136", format!("Changing the charset of table {table:?} rebuilds it"))
        } else if name == attr::ENGINE.name {
            ("MY138", format!("Changing the storage engine of table {table:?} copies it and blocks writes"))
        } else if name == attr::PARTITION.name {
            ("MY139", format!("Changing the partitioning of table {table:?} copies it and blocks writes"))
        } else if name == attr::SYSTEM_VERSIONED.name && !self.table.attrs.is(&attr::SYSTEM_VERSIONED) {
            (
                "MY146",
                format!("Dropping system versioning of table {table:?} deletes the history of its rows"),
            )
        } else {
            return;
        };
        self.say(code, table_path(self.table), message, None, sink);
    }

    /// `NOT ENFORCED` behind the check, where the server knows it.
    fn not_enforced(&self, name: &str) -> Option<Fix> {
        self.input.file().filter(|_| self.input.server.has(features::ENFORCED))?;
        let statement =
            self.input.statements_of(self.at).find(|one| !name.is_empty() && one.mentions(name))?;
        let words = statement.words();
        let clause = words.clauses().find(|clause| words::names(clause, name))?;
        words::find(clause, &["CHECK"])?;
        Some(fix("Do not enforce it yet", [insert(words::range(clause)?.end(), " NOT ENFORCED")]))
    }

    fn made_virtual(&self, column: &Column) -> Option<Fix> {
        let clause = self.clause(column)?;
        let range = words::find(&clause, &["STORED|PERSISTENT"])?;
        Some(fix("Make the column virtual", [text::TextEdit { range, insert: "VIRTUAL".to_owned() }]))
    }

    fn made_last(&self, column: &Column) -> Option<Fix> {
        let clause = self.clause(column)?;
        let at = clause.iter().rposition(|word| word.is("AFTER") || word.is("FIRST"))?;
        let start = clause.get(at.checked_sub(1)?)?.range.end();
        let range = text::TextRange::new(start, words::range(&clause)?.end());
        Some(fix("Add the column behind all others", [text::TextEdit { range, insert: String::new() }]))
    }

    /// The action of the file that adds the column.
    fn clause(&self, column: &Column) -> Option<Vec<words::Word>> {
        self.input.file()?;
        let statement = self.input.statements_of(self.at).find(|one| one.mentions(&column.name))?;
        let words = statement.words();
        words
            .clauses()
            .find(|clause| words::find(clause, &["ADD"]).is_some() && words::names(clause, &column.name))
            .map(<[words::Word]>::to_vec)
    }
}

fn is_enforced(check: &Check) -> bool {
    check.attrs.get(&attr::ENFORCED) != Some(false)
}
