//! MY102: a foreign key written at its column, which the server reads and forgets.
//!
//! Source: atlas `sql/mysql/mysqlcheck`, `inlineRefs`; the manuals of MySQL 9.0 and MariaDB 10.5, from which on such a
//! key is made.

use engine::lint::edit::{fix, insert};
use engine::lint::span::column_path;
use engine::lint::words::{self, Word, WordKind};
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Place, Remedy, Sink};
use schema::{Change, ObjectPath, SmolStr, Table};
use text::Fix;

use super::super::features;

pub static INLINE_REFERENCES: Analyzer = Analyzer {
    // The original has no name for it.
    name: "inline_references",
    heading: "inline REFERENCES detected",
    error: false,
    doc: "Foreign keys that are written at their column, where the server ignores them.",
    codes: &[CodeDoc {
        code: "MY102",
        title: "inline REFERENCES is ignored",
        doc: "MySQL before version 9 and MariaDB before 10.5 accept `REFERENCES` behind a column and make no foreign key.\n\nWrite `FOREIGN KEY (column) REFERENCES …` as an element of its own.",
        remedy: Remedy::Edit("a foreign key as an element of its own"),
    }],
    examples: &[Example {
        code: "MY102",
        from: "CREATE TABLE tree (id int PRIMARY KEY);",
        bad: "ALTER TABLE tree ADD COLUMN l int REFERENCES tree(id);",
        good: "ALTER TABLE tree ADD COLUMN l int, ADD CONSTRAINT fk FOREIGN KEY (l) REFERENCES tree (id);",
        naming: "",
        without: features::INLINE_REFERENCES,
    }],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    if input.server.has(features::INLINE_REFERENCES) || input.file().is_none() {
        return;
    }
    for statement in input.statements().filter(|statement| statement.mentions("references")) {
        let words = statement.words();
        let creates = words.starts_with(&["CREATE", "TEMPORARY?", "TABLE"]);
        let clauses = if creates {
            words.elements()
        } else if words.starts_with(&["ALTER", "TABLE"]) {
            words.clauses().filter_map(added).collect()
        } else {
            continue;
        };
        for clause in clauses {
            let Some(column) = column(clause) else { continue };
            let (path, table) = object(input, statement.at, &column);
            let message = format!(
                "Defining column {column:?} on table {table:?} with inline REFERENCES is ignored by MySQL"
            );
            let edit = moved(clause, &column, creates);
            sink.add(Found::new("MY102", 0, path, message).at(Place::Statement(statement.at)).edit(edit));
        }
    }
}

/// What stands behind `ADD [COLUMN]`.
fn added(clause: &[Word]) -> Option<&[Word]> {
    let at = clause.iter().position(|word| word.is("ADD"))?;
    let rest = &clause[at + 1..];
    let skip = usize::from(rest.first().is_some_and(|word| word.is("COLUMN")));
    rest.get(skip..)
}

/// The column of a definition with an inline reference.
fn column(definition: &[Word]) -> Option<SmolStr> {
    const OTHERS: &[&str] =
        &["CONSTRAINT", "FOREIGN", "PRIMARY", "UNIQUE", "KEY", "INDEX", "FULLTEXT", "SPATIAL", "CHECK"];
    let first = definition.first()?;
    if first.kind == WordKind::Bare && OTHERS.contains(&first.text.as_str()) {
        return None;
    }
    let depth = first.depth;
    definition.iter().any(|word| word.depth == depth && word.is("REFERENCES")).then(|| first.name.clone())
}

/// The column as the changes of the statement know it.
fn object(input: &Input<'_>, at: usize, column: &SmolStr) -> (ObjectPath, SmolStr) {
    let changes =
        input.file().and_then(|file| file.list.get(at)).map_or((0, 0), |statement| statement.changes);
    let table =
        input.changes.get(changes.0..changes.1).unwrap_or_default().iter().find_map(|change| match change {
            Change::AddTable(table) => Some(table),
            Change::ModifyTable { to, .. } => Some(to),
            _ => None,
        });
    match table.map(|table| table.as_ref()) {
        Some(table @ Table { name, .. }) => (column_path(table, column), name.clone()),
        None => (input.root(), SmolStr::default()),
    }
}

/// The reference as a key of its own, behind the column.
fn moved(clause: &[Word], column: &SmolStr, creates: bool) -> Option<Fix> {
    let end = words::range(clause)?.end();
    let at = clause.iter().position(|word| word.is("REFERENCES"))?;
    let before = clause.get(at.checked_sub(1)?)?.range.end();
    let list: Vec<&str> = clause[at..].iter().map(|word| word.name.as_str()).collect();
    let is_plain = clause[at..].iter().all(|word| word.kind != WordKind::Quoted);
    if !is_plain {
        return None;
    }
    let reference = list.join(" ").replace(" . ", ".").replace("( ", "(").replace(" )", ")");
    let verb = if creates { "" } else { "ADD " };
    let gone = text::TextEdit { range: text::TextRange::new(before, end), insert: String::new() };
    let own = format!(", {verb}FOREIGN KEY (`{column}`) {reference}");
    Some(fix("Write the foreign key on its own", [gone, insert(end, own)]))
}
