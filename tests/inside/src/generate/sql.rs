//! SQL for SQLite from a model: plainly, or with every form the language has.

use std::fmt::Write as _;

use super::{Model, Table};
use crate::Random;

/// One statement to a paragraph, names bare, keywords in capitals.
pub(super) fn plain(model: &Model) -> String {
    let mut out = String::from("-- A schema.\n\n");
    for table in &model.tables {
        create(&mut out, table);
    }
    for table in &model.tables {
        let name = table.name;
        let unique = if table.unique { "UNIQUE " } else { "" };
        let _ = writeln!(out, "CREATE {unique}INDEX {name}_name ON {name} (name, amount DESC);\n");
        if table.partial {
            let _ = writeln!(out, "CREATE INDEX {name}_parts ON {name} (lower(name)) WHERE amount > 1;\n");
        }
    }
    let Some(first) = model.tables.first().map(|table| table.name) else { return out };
    let _ = writeln!(out, "CREATE VIEW names AS\nSELECT id, name FROM {first} WHERE amount > 0;\n");
    let _ = writeln!(
        out,
        "CREATE TRIGGER changed AFTER UPDATE OF name ON {first} FOR EACH ROW WHEN new.amount > 1 BEGIN\n  UPDATE {first} SET amount = 1 WHERE id = new.id;\nEND;\n"
    );
    let _ = writeln!(out, "ALTER TABLE {first} ADD COLUMN note text DEFAULT 'none';\n");
    let _ = writeln!(out, "INSERT INTO {first} (id, name) VALUES (1, 'one; two');");
    out
}

fn create(out: &mut String, table: &Table) {
    let name = table.name;
    let mut lines = Vec::new();
    lines.push(match (table.auto_increment, table.without_rowid) {
        (true, _) => "id integer PRIMARY KEY AUTOINCREMENT".to_owned(),
        (false, true) => "id integer PRIMARY KEY".to_owned(),
        (false, false) => "id integer NOT NULL".to_owned(),
    });
    lines.push(format!("name {} NOT NULL DEFAULT 'nobody'", table.text_type()));
    lines.push("amount integer NOT NULL DEFAULT 1".to_owned());
    lines.push("parent_id integer".to_owned());
    if table.email {
        lines.push(format!("email {} COLLATE NOCASE", table.text_type()));
    }
    if table.price {
        lines.push("price decimal(10, 2) DEFAULT 0.5".to_owned());
    }
    if let Some(storage) = table.doubled {
        lines.push(format!("doubled integer GENERATED ALWAYS AS (amount * 2) {storage}"));
    }
    if table.created_at {
        lines.push("created_at datetime DEFAULT CURRENT_TIMESTAMP".to_owned());
    }
    if table.active {
        lines.push("active bool NOT NULL DEFAULT true".to_owned());
    }
    if table.data {
        lines.push("data blob".to_owned());
    }
    if !table.auto_increment && !table.without_rowid {
        lines.push("PRIMARY KEY (id)".to_owned());
    }
    if let Some((parent, action)) = table.parent {
        lines.push(format!(
            "CONSTRAINT {name}_parent FOREIGN KEY (parent_id) REFERENCES {parent} (id) ON DELETE {action}"
        ));
    }
    if table.unique {
        lines.push("UNIQUE (name, parent_id)".to_owned());
    }
    if table.checked {
        lines.push(format!("CONSTRAINT {name}_amount CHECK (amount > 0)"));
    }
    let options: Vec<&str> = [(table.strict, "STRICT"), (table.without_rowid, "WITHOUT ROWID")]
        .into_iter()
        .filter_map(|(set, word)| set.then_some(word))
        .collect();
    let options = if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    let _ = writeln!(out, "CREATE TABLE {name} (\n  {}\n){options};\n", lines.join(",\n  "));
}

/// A schema with every form of definition SQLite has, in any order and case, quoted in any way.
pub fn wild(random: &mut Random) -> String {
    let mut wild = Wild { random, out: String::new(), tables: Vec::new(), count: 0 };
    for _ in 0..3 + wild.random.below(4) {
        wild.table();
        if wild.random.one_in(2) {
            wild.index();
        }
    }
    for _ in 0..4 + wild.random.below(6) {
        match wild.random.below(8) {
            0 | 1 => wild.index(),
            2 => wild.view(),
            3 => wild.trigger(),
            4 => wild.add_column(),
            5 => wild.rename(),
            6 => wild.drop(),
            _ => wild.other(),
        }
    }
    wild.out
}

struct Wild<'a> {
    random: &'a mut Random,
    out: String,
    /// Names and columns of the tables there are.
    tables: Vec<(String, Vec<String>)>,
    count: usize,
}

impl Wild<'_> {
    /// A name nothing else has.
    fn fresh(&mut self, word: &str) -> String {
        self.count += 1;
        let spice = self.random.pick(&["", "", "", "_x", " y", "-z", "Ä", "表", "\"q"]);
        format!("{word}{}{spice}", self.count)
    }

    fn quoted(&mut self, name: &str) -> String {
        let bare = name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
        match self.random.below(if bare { 5 } else { 3 }) {
            0 => format!("\"{}\"", name.replace('"', "\"\"")),
            1 => format!("`{name}`"),
            2 if !name.contains(']') => format!("[{name}]"),
            3 => name.to_ascii_uppercase(),
            _ => name.to_owned(),
        }
    }

    /// Keywords in a case of chance.
    fn word(&mut self, words: &str) -> String {
        match self.random.below(4) {
            0 => words.to_ascii_lowercase(),
            1 => words.replace(' ', "\n  "),
            2 if !words.starts_with(' ') => words.replace(' ', " /* why */ "),
            _ => words.to_owned(),
        }
    }

    fn end(&mut self) {
        let end = self.random.pick(&[";\n", ";\n\n-- next; one\n", " ;\n", "; -- done\n", ";\r\n"]);
        self.out.push_str(end);
    }

    fn maybe(&mut self, text: &str) -> String {
        if self.random.one_in(2) { self.word(text) } else { String::new() }
    }

    fn any_table(&mut self) -> Option<(String, Vec<String>)> {
        (!self.tables.is_empty()).then(|| self.random.pick(&self.tables).clone())
    }

    fn ty(&mut self) -> &'static str {
        self.random.pick::<&str>(&[
            "int",
            "INTEGER",
            "text",
            "varchar(255)",
            "VARCHAR (10)",
            "decimal(10,2)",
            "double precision",
            "unsigned big int",
            "real",
            "blob",
            "",
            "datetime",
            "boolean",
            "json",
            "uuid",
            "my_type",
            "numeric(5)",
        ])
    }

    fn default(&mut self) -> &'static str {
        self.random.pick::<&str>(&[
            "5",
            "-1.5",
            "+3",
            "'it''s'",
            "''",
            "NULL",
            "true",
            "CURRENT_TIMESTAMP",
            "x'0aff'",
            "(1 + 2)",
            "1e3",
            "(abs(-3))",
            "0x1F",
            "(CASE WHEN 1 THEN 2 ELSE 3 END)",
            "('a' || 'b')",
            "(datetime('now', '+1 day'))",
        ])
    }

    fn table(&mut self) {
        let name = self.fresh("t");
        let strict = self.random.one_in(6);
        let mut columns: Vec<String> = Vec::new();
        let mut lines: Vec<String> = Vec::new();
        let key = self.random.below(4);
        let id = self.fresh("id");
        let q = self.quoted(&id);
        let auto = key == 0 && self.random.one_in(2);
        lines.push(match key {
            0 => {
                let tail = if auto { self.word(" AUTOINCREMENT") } else { String::new() };
                format!("{q} INTEGER {}{tail}", self.word("PRIMARY KEY"))
            }
            1 => format!("{q} TEXT {} DESC NOT NULL", self.word("PRIMARY KEY")),
            _ => format!("{q} int NOT NULL"),
        });
        columns.push(id.clone());
        for _ in 0..2 + self.random.below(5) {
            let column = self.fresh("c");
            let mut line = self.quoted(&column);
            let ty = if strict {
                self.random.pick(&["int", "TEXT", "real", "ANY", "blob", "INTEGER"])
            } else {
                self.ty()
            };
            let _ = write!(line, " {ty}");
            match self.random.below(9) {
                0 if !columns.is_empty() => {
                    let first = self.quoted(&columns[0].clone());
                    let how = self.random.pick(&["", " VIRTUAL", " STORED"]);
                    let always = self.maybe(" GENERATED ALWAYS");
                    let _ = write!(line, "{always} AS ({first} || 'x'){how}");
                }
                1 => {
                    let default = self.default();
                    let _ = write!(line, " {} {default}", self.word("DEFAULT"));
                }
                2 => {
                    let default = self.default();
                    let named = self.maybe(" CONSTRAINT nn");
                    let _ = write!(line, "{named} NOT NULL {} {default}", self.word("DEFAULT"));
                }
                3 => {
                    let conflict = self.maybe(" ON CONFLICT IGNORE");
                    let _ = write!(line, " {}{conflict}", self.word("UNIQUE"));
                }
                4 => {
                    let own = self.quoted(&column);
                    let named = self.maybe(" CONSTRAINT \"my check\"");
                    let _ = write!(
                        line,
                        "{named} CHECK (length({own}) > 0 AND {own} NOT IN (1, 2) OR {own} IS NULL)"
                    );
                }
                5 if !strict => {
                    let collation = self.random.pick(&["NOCASE", "RTRIM", "BINARY"]);
                    let _ = write!(line, " COLLATE {collation}");
                }
                6 => {
                    let (parent, of) = self.any_table().unwrap_or_else(|| (name.clone(), columns.clone()));
                    let (parent, column) = (self.quoted(&parent), self.quoted(&of[0]));
                    let to = if self.random.one_in(3) { String::new() } else { format!(" ({column})") };
                    let actions = self.actions();
                    let _ = write!(line, " REFERENCES {parent}{to}{actions}");
                }
                _ => {}
            }
            columns.push(column);
            lines.push(line);
        }
        let second = self.quoted(&columns[1].clone());
        let first = self.quoted(&id);
        if key == 2 {
            lines.push(format!("{} ({first})", self.word("PRIMARY KEY")));
        }
        if self.random.one_in(3) {
            let named = self.maybe("CONSTRAINT uq ");
            lines.push(format!("{named}UNIQUE ({first} COLLATE NOCASE, {second} DESC)"));
        }
        if self.random.one_in(3) {
            let (parent, of) = self.any_table().unwrap_or_else(|| (name.clone(), columns.clone()));
            let (parent, column) = (self.quoted(&parent), self.quoted(&of[0]));
            let named = self.maybe("CONSTRAINT fk ");
            let actions = self.actions();
            lines.push(format!("{named}FOREIGN KEY ({second}) REFERENCES {parent} ({column}){actions}"));
        }
        if self.random.one_in(3) {
            lines.push(
                format!("CHECK ({first} <> 3 AND EXISTS (VALUES (1)) IS NOT NULL)")
                    .replace("EXISTS (VALUES (1))", "(1 BETWEEN 0 AND 2)"),
            );
        }
        let mut options = Vec::new();
        if !auto && matches!(key, 0 | 2) && self.random.one_in(4) {
            options.push(self.word("WITHOUT ROWID"));
        }
        if strict {
            options.push("STRICT".to_owned());
        }
        let not_exists = self.maybe(" IF NOT EXISTS");
        let schema = self.random.pick(&["", "", "main."]);
        let shown = self.quoted(&name);
        let comma = self.random.pick(&[", ", ",\n  ", ",\n  -- a column, of course\n  ", " /* ; */ , "]);
        let _ = write!(
            self.out,
            "{}{not_exists} {schema}{shown} (\n  {}\n) {}",
            self.random.pick(&["CREATE TABLE", "create table"]),
            lines.join(comma),
            options.join(", ")
        );
        self.end();
        self.tables.push((name, columns));
    }

    fn actions(&mut self) -> String {
        (*self.random.pick::<&str>(&[
            "",
            " ON DELETE CASCADE",
            " ON UPDATE SET NULL ON DELETE SET DEFAULT",
            " ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED",
            " NOT DEFERRABLE",
            " MATCH FULL ON DELETE RESTRICT",
        ]))
        .to_owned()
    }

    fn index(&mut self) {
        let Some((table, columns)) = self.any_table() else { return };
        let name = self.fresh("i");
        let (name, shown) = (self.quoted(&name), self.quoted(&table));
        let first = self.quoted(&columns[0].clone());
        let other = self.random.pick(&columns).clone();
        let other = self.quoted(&other);
        let parts = match self.random.below(5) {
            0 => first.clone(),
            1 => format!("{first} DESC, {other} COLLATE NOCASE ASC"),
            2 => format!("lower({other})"),
            3 => format!("{first} + 1, ({other} || 'x') DESC"),
            _ => other.to_string(),
        };
        let filter = if self.random.one_in(3) {
            format!(" WHERE {other} IS NOT NULL AND {first} > 0")
        } else {
            String::new()
        };
        let unique = self.maybe(" UNIQUE");
        let not_exists = self.maybe(" IF NOT EXISTS");
        let _ = write!(self.out, "CREATE{unique} INDEX{not_exists} {name} ON {shown} ({parts}){filter}");
        self.end();
    }

    fn view(&mut self) {
        let Some((table, columns)) = self.any_table() else { return };
        let name = self.fresh("v");
        let (name, shown, column) = (self.quoted(&name), self.quoted(&table), self.quoted(&columns[0]));
        let query = match self.random.below(4) {
            0 => format!("SELECT * FROM {shown}"),
            1 => format!(
                "WITH x AS (SELECT {column} AS k FROM {shown}) SELECT k, count(*) FROM x GROUP BY k HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 3"
            ),
            2 => format!(
                "SELECT a.{column}, b.{column} FROM {shown} AS a LEFT JOIN {shown} b ON a.{column} = b.{column} UNION ALL SELECT 1, 2"
            ),
            _ => format!(
                "SELECT row_number() OVER (PARTITION BY {column} ORDER BY {column}) AS n FROM {shown}"
            ),
        };
        let _ = write!(self.out, "CREATE VIEW {name} AS {query}");
        self.end();
    }

    fn trigger(&mut self) {
        let Some((table, columns)) = self.any_table() else { return };
        let name = self.fresh("g");
        let (name, shown, column) = (self.quoted(&name), self.quoted(&table), self.quoted(&columns[0]));
        let when = self.random.pick(&["", "BEFORE ", "AFTER "]);
        let event = match self.random.below(4) {
            0 => "INSERT".to_owned(),
            1 => "DELETE".to_owned(),
            2 => "UPDATE".to_owned(),
            _ => format!("UPDATE OF {column}"),
        };
        let each = self.maybe(" FOR EACH ROW");
        let condition = self.maybe(" WHEN (1 = 1)");
        let _ = write!(
            self.out,
            "CREATE TRIGGER {name} {when}{event} ON {shown}{each}{condition} BEGIN\n  DELETE FROM {shown} WHERE {column} = 'a;b';\n  SELECT CASE WHEN 1 THEN RAISE(ABORT, 'no') END;\nEND"
        );
        self.end();
    }

    fn add_column(&mut self) {
        if self.tables.is_empty() {
            return;
        }
        let at = self.random.below(self.tables.len());
        let column = self.fresh("a");
        let table = self.tables[at].0.clone();
        let (shown, quoted) = (self.quoted(&table), self.quoted(&column));
        let word = self.random.pick(&["ADD COLUMN", "ADD", "add column"]);
        let rest = self.random.pick::<&str>(&[
            "int",
            "TEXT DEFAULT 'x'",
            "real NOT NULL DEFAULT 1.5",
            "blob",
            "int CHECK (1 > 0)",
        ]);
        let _ = write!(self.out, "ALTER TABLE {shown} {word} {quoted} {rest}");
        self.end();
        self.tables[at].1.push(column);
    }

    fn rename(&mut self) {
        // A view or trigger may hold the name in a way that SQLite rewrites; fresh tables have neither.
        self.table();
        let Some(at) = self.tables.len().checked_sub(1) else { return };
        let (table, columns) = self.tables[at].clone();
        let shown = self.quoted(&table);
        if self.random.one_in(2) {
            let to = self.fresh("r");
            let quoted = self.quoted(&to);
            let _ = write!(self.out, "ALTER TABLE {shown} RENAME TO {quoted}");
            self.tables[at].0 = to;
        } else {
            let last = columns.len() - 1;
            let to = self.fresh("n");
            let (from, quoted) = (self.quoted(&columns[last]), self.quoted(&to));
            let word = self.random.pick(&["RENAME COLUMN", "RENAME"]);
            let _ = write!(self.out, "ALTER TABLE {shown} {word} {from} TO {quoted}");
            self.tables[at].1[last] = to;
        }
        self.end();
    }

    fn drop(&mut self) {
        // Only what nothing can depend on.
        self.table();
        let Some((table, _)) = self.tables.pop() else { return };
        let shown = self.quoted(&table);
        let exists = self.maybe(" IF EXISTS");
        let _ = write!(self.out, "DROP TABLE{exists} {shown}");
        self.end();
        if self.random.one_in(2) {
            self.out.push_str("DROP INDEX IF EXISTS never_was");
            self.end();
        }
    }

    fn other(&mut self) {
        let text = self.random.pick::<&str>(&[
            "PRAGMA foreign_keys = on",
            "SELECT 'a;b', \"c\" FROM sqlite_master",
            "CREATE TABLE copied AS SELECT 1 AS x, 'y' AS z",
            "ANALYZE",
            "CREATE TEMP TABLE scratch (a)",
            "CREATE VIRTUAL TABLE words USING fts5(a, b, tokenize = 'porter ascii')",
            "REINDEX",
        ]);
        // Those that make something are made once.
        if text.starts_with("CREATE") && self.out.contains(text) {
            return;
        }
        self.out.push_str(text);
        self.end();
    }
}
