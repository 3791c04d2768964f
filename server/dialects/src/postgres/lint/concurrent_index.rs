//! `concurrent_index`: indexes and keys that are built while nobody may write.
//!
//! Whether an index is built concurrently is read from the statement. Invariant: a table this plan or file makes is
//! nobody's to wait for.
//!
//! Source: atlas `sql/postgres/postgrescheck` before its removal (af0f49f2) for PG101 to PG103; documented codes
//! PG104, PG105, PG108, PG109; PostgreSQL documentation, "Explicit Locking".

use engine::lint::edit::{fix, insert, no_transaction};
use engine::lint::span::{index_path, primary_key_path};
use engine::lint::words::{self, Words};
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Place, Remedy, Sink, Statement};
use schema::change::TableChange;
use schema::{Change, Index, Key, SmolStr, Table};
use text::Fix;

use super::super::attr;
use crate::lint::steps;

/// Indexes and keys that are built while nobody may write.
pub static CONCURRENT_INDEX: Analyzer = Analyzer {
    name: "concurrent_index",
    heading: "concurrent index violations detected",
    error: false,
    doc: "Indexes and keys that are created or dropped with a lock on their table.",
    codes: &[
        CodeDoc {
            code: "PG101",
            title: "index was not created concurrently",
            doc: "Building an index takes a SHARE lock: until it is done, nobody can write to the table.\n\nCreate it with `CONCURRENTLY`, outside of a transaction.",
            remedy: Remedy::Edit("`CONCURRENTLY` in the statement, or `concurrent_index` in the diff policy"),
        },
        CodeDoc {
            code: "PG102",
            title: "index was not dropped concurrently",
            doc: "Dropping an index takes an ACCESS EXCLUSIVE lock on its table: it waits for all transactions that use the table, and everybody waits for it.\n\nDrop it with `CONCURRENTLY`, outside of a transaction.",
            remedy: Remedy::Edit("`CONCURRENTLY` in the statement, or `concurrent_index` in the diff policy"),
        },
        CodeDoc {
            code: "PG103",
            title: "concurrent index inside a transaction",
            doc: "PostgreSQL refuses `CONCURRENTLY` inside a transaction, and a migration file is carried out in one.\n\nAdd `-- atlas:txmode none` at the head of the file, and leave other changes to another file.",
            remedy: Remedy::Edit("the directive `-- atlas:txmode none` at the head of the file"),
        },
        CodeDoc {
            code: "PG104",
            title: "primary key was added",
            doc: "Adding a primary key builds its index under an ACCESS EXCLUSIVE lock: nobody can read or write the table meanwhile.\n\nCreate a unique index concurrently first, and add the key with `USING INDEX`.",
            remedy: Remedy::Edit("a unique index that is created concurrently, and the key from it"),
        },
        CodeDoc {
            code: "PG105",
            title: "unique constraint was added",
            doc: "Adding a unique constraint builds its index under an ACCESS EXCLUSIVE lock: nobody can read or write the table meanwhile.\n\nCreate a unique index concurrently first, and add the constraint with `USING INDEX`.",
            remedy: Remedy::Edit("a unique index that is created concurrently, and the constraint from it"),
        },
        CodeDoc {
            code: "PG108",
            title: "index on a partitioned table",
            doc: "An index on a partitioned table is built on every partition, under one lock; `CONCURRENTLY` is not possible there.\n\nCreate the index `ON ONLY` the table, build one concurrently on each partition, and attach them.",
            remedy: Remedy::None(
                "the partitions have to be told apart and their indexes attached one by one",
            ),
        },
        CodeDoc {
            code: "PG109",
            title: "exclusion constraint was added",
            doc: "Adding an exclusion constraint builds its index and checks every row under an ACCESS EXCLUSIVE lock. It can neither be `NOT VALID` nor use an index that is there.\n\nAdd it while the table is small, or in a window for maintenance.",
            remedy: Remedy::None("PostgreSQL has no other way to add one"),
        },
    ],
    examples: EXAMPLES,
    run,
};

const EXAMPLES: &[Example] = &[
    Example {
        code: "PG101",
        from: "CREATE TABLE t (c integer);",
        bad: "CREATE INDEX i ON t (c);",
        good: "-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY i ON t (c);",
        ..NONE
    },
    Example {
        code: "PG102",
        from: "CREATE TABLE t (c integer);\nCREATE INDEX i ON t (c);",
        bad: "DROP INDEX i;",
        good: "-- atlas:txmode none\n\nDROP INDEX CONCURRENTLY i;",
        ..NONE
    },
    Example {
        code: "PG103",
        from: "CREATE TABLE t (c integer);",
        bad: "CREATE INDEX CONCURRENTLY i ON t (c);",
        good: "-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY i ON t (c);",
        ..NONE
    },
    Example {
        code: "PG104",
        from: "CREATE TABLE t (id integer NOT NULL);",
        bad: "ALTER TABLE t ADD PRIMARY KEY (id);",
        good: "CREATE TABLE u (id integer NOT NULL);\nALTER TABLE u ADD PRIMARY KEY (id);",
        ..NONE
    },
    Example {
        code: "PG105",
        from: "CREATE TABLE t (c integer);",
        bad: "ALTER TABLE t ADD CONSTRAINT t_c_key UNIQUE (c);",
        good: "CREATE TABLE u (c integer);\nALTER TABLE u ADD CONSTRAINT u_c_key UNIQUE (c);",
        ..NONE
    },
    Example {
        code: "PG108",
        from: "CREATE TABLE t (c integer) PARTITION BY RANGE (c);",
        bad: "CREATE INDEX i ON t (c);",
        good: "CREATE INDEX i ON ONLY t (c);",
        ..NONE
    },
    Example {
        code: "PG109",
        from: "CREATE TABLE t (during tsrange);",
        bad: "ALTER TABLE t ADD CONSTRAINT t_during_excl EXCLUDE USING gist (during WITH &&);",
        good: "CREATE TABLE u (during tsrange, EXCLUDE USING gist (during WITH &&));",
        ..NONE
    },
];

const NONE: Example = Example { code: "", from: "", bad: "", good: "", naming: "", without: "" };

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    let flag = |name: &str| sink.options().and_then(|options| options.flag(name)) != Some(false);
    let (create, drop, txmode) = (flag("check_create"), flag("check_drop"), flag("check_txmode"));
    if txmode && input.in_transaction() {
        in_transaction(input, sink, create, drop);
    }
    for (at, change) in input.changes.iter().enumerate() {
        let Change::ModifyTable { to: table, changes, .. } = change else { continue };
        if !input.is_old(table) {
            continue;
        }
        for change in changes {
            match change {
                TableChange::AddIndex(index) if create => add(input, sink, at, table, index),
                TableChange::DropIndex(index) if drop => drop_index(input, sink, at, table, index),
                TableChange::ModifyIndex { from, to, .. } if is_rebuilt(input, at, to) => {
                    if drop {
                        drop_index(input, sink, at, table, from);
                    }
                    if create {
                        add(input, sink, at, table, to);
                    }
                }
                TableChange::AddPrimaryKey(key) if create && !redefines(changes) => {
                    primary_key(input, sink, at, table, key.name.as_ref());
                }
                _ => {}
            }
        }
    }
}

/// Whether the key that is added takes the place of one that is dropped, which is [PG312's](super::blocking).
fn redefines(changes: &[TableChange]) -> bool {
    changes.iter().any(|change| matches!(change, TableChange::DropPrimaryKey(_)))
}

/// Whether a changed index is made anew: a comment or a storage parameter is set in place.
fn is_rebuilt(input: &Input<'_>, at: usize, index: &Index) -> bool {
    input.statements_of(at).any(|statement| {
        statement.mentions(&index.name) && statement.words().starts_with(&["CREATE", "UNIQUE?", "INDEX"])
    })
}

/// The first statement of the file that cannot run in its transaction; what it does is said at the head of the file.
fn in_transaction(input: &Input<'_>, sink: &mut Sink<'_>, create: bool, drop: bool) {
    let Some(file) = input.file() else { return };
    let concurrent =
        input.statements().filter(|statement| statement.mentions("concurrently")).any(|statement| {
            let words = statement.words();
            (create && is_create(&words) || drop && words.starts_with(&["DROP", "INDEX"]))
                && words.has(&["INDEX", "CONCURRENTLY"])
                && !is_new(input, &words)
        });
    if !concurrent {
        return;
    }
    let message = "Indexes cannot be created or deleted concurrently within a transaction. Add the `atlas:txmode none` directive to the header to prevent this file from running in a transaction";
    let edit = no_transaction(file).map(|edit| fix("Run this file outside of a transaction", [edit]));
    sink.add(Found::new("PG103", 0, input.root(), message).at(Place::Start).edit(edit));
}

/// Whether the statement is about a table of this file.
fn is_new(input: &Input<'_>, words: &Words) -> bool {
    let Some(table) = words.0.iter().position(|word| word.is("ON")).and_then(|on| target(&words.0[on + 1..]))
    else {
        return false;
    };
    let made = |change: &Change| matches!(change, Change::AddTable(made) if made.name == table);
    input.changes.iter().any(made)
}

/// The last step of the name words begin with: `t` of `ONLY s.t (`.
fn target(words: &[words::Word]) -> Option<SmolStr> {
    let rest = if words.first()?.is("ONLY") { &words[1..] } else { words };
    let mut name = rest.first()?;
    let mut steps = rest.get(1..)?.chunks_exact(2);
    while let Some([dot, next]) = steps.next()
        && dot.text == "."
    {
        name = next;
    }
    Some(name.name.clone())
}

fn is_create(words: &Words) -> bool {
    words.starts_with(&["CREATE", "UNIQUE?", "INDEX"])
}

fn add(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table, index: &Index) {
    let path = index_path(table, &index.name);
    let statement = statement(input, at, &index.name, &path);
    let words = statement.map(|statement| statement.words());
    let uses_index = words.as_ref().is_some_and(|words| {
        clause(words, &index.name).is_some_and(|clause| words::find(clause, &["USING", "INDEX"]).is_some())
    });
    match index.key {
        Key::UniqueConstraint if !uses_index => {
            let message = format!(
                "Adding a UNIQUE constraint on table {:?} acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes during the operation",
                table.name
            );
            let edit = words.as_ref().and_then(|words| prebuilt(input, words, table, &index.name, "UNIQUE"));
            sink.add(Found::new("PG105", at, path, message).edit(edit));
        }
        Key::Exclusion => {
            let message = format!(
                "Adding an EXCLUDE constraint on table {:?} acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes while all rows are checked",
                table.name
            );
            sink.add(Found::new("PG109", at, path, message));
        }
        Key::Index if is_partitioned(table) => {
            if words.as_ref().is_some_and(|words| words.has(&["ON", "ONLY"])) {
                return;
            }
            let message = format!(
                "Creating index {:?} on the partitioned table {:?} causes write locks on all of its partitions",
                index.name, table.name
            );
            sink.add(Found::new("PG108", at, path, message));
        }
        Key::Index => {
            let words = words.filter(is_create);
            if words.as_ref().is_some_and(|words| words.has(&["INDEX", "CONCURRENTLY"])) {
                return;
            }
            let message = format!(
                "Creating index {:?} non-concurrently causes write locks on the {:?} table",
                index.name, table.name
            );
            let edit = words.and_then(|words| concurrently(input, &words));
            sink.add(Found::new("PG101", at, path, message).edit(edit));
        }
        Key::UniqueConstraint => {}
    }
}

fn drop_index(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table, index: &Index) {
    if index.key != Key::Index
        || is_partitioned(table)
        || input.spans.is_temporary(&index_path(table, &index.name))
    {
        return;
    }
    let path = index_path(table, &index.name);
    let found = input.statements_of(at).find(|statement| {
        statement.mentions(&index.name) && statement.words().starts_with(&["DROP", "INDEX"])
    });
    let words = found.map(|statement| statement.words());
    if words.as_ref().is_some_and(|words| words.has(&["INDEX", "CONCURRENTLY"])) {
        return;
    }
    let message = format!(
        "Dropping index {:?} non-concurrently causes write locks on the {:?} table",
        index.name, table.name
    );
    let edit = words.and_then(|words| concurrently(input, &words));
    let place = found.map_or(Place::Change(at), |statement| Place::Statement(statement.at));
    sink.add(Found::new("PG102", at, path, message).at(place).edit(edit));
}

fn primary_key(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table, name: Option<&SmolStr>) {
    let path = primary_key_path(table);
    let found = input.statements_of(at).find(|statement| statement.mentions("primary"));
    let words = found.map(|statement| statement.words());
    if words.as_ref().is_some_and(|words| words.has(&["USING", "INDEX"])) {
        return;
    }
    let message = format!(
        "Adding a PRIMARY KEY constraint on table {:?} acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes during the operation",
        table.name
    );
    let name = name.cloned().unwrap_or_else(|| SmolStr::from(format!("{}_pkey", table.name)));
    let edit = words.as_ref().and_then(|words| prebuilt(input, words, table, &name, "PRIMARY KEY"));
    let place = found.map_or(Place::Change(at), |statement| Place::Statement(statement.at));
    sink.add(Found::new("PG104", at, path, message).at(place).edit(edit));
}

fn is_partitioned(table: &Table) -> bool {
    table.attrs.get(&attr::PARTITION).is_some()
}

/// The statement of the change that speaks of the object.
fn statement<'a>(
    input: &Input<'a>,
    at: usize,
    name: &str,
    path: &schema::ObjectPath,
) -> Option<Statement<'a>> {
    let mut named = input.statements_of(at).filter(|statement| statement.mentions(name));
    let made = named.find(|statement| !statement.words().starts_with(&["DROP"]));
    made.or_else(|| input.statement_of(at, path))
}

/// The action of an `ALTER TABLE` that speaks of `name`.
fn clause<'w>(words: &'w Words, name: &str) -> Option<&'w [words::Word]> {
    words.clauses().find(|clause| words::names(clause, name))
}

/// `CONCURRENTLY` behind `INDEX`, and no transaction around it.
fn concurrently(input: &Input<'_>, words: &Words) -> Option<Fix> {
    let file = input.file()?;
    let place = words.find(&["INDEX"])?;
    let edits = no_transaction(file).into_iter().chain([insert(place.end(), " CONCURRENTLY")]);
    let title =
        if is_create(words) { "Create the index concurrently" } else { "Drop the index concurrently" };
    Some(fix(title, edits))
}

/// A key whose index is created concurrently first: for an `ALTER TABLE` with this one action, on plain columns.
fn prebuilt(input: &Input<'_>, words: &Words, table: &Table, name: &SmolStr, kind: &str) -> Option<Fix> {
    let file = input.file()?;
    let mut clauses = words.clauses();
    let (only, None) = (clauses.next()?, clauses.next()) else { return None };
    let open = only.iter().position(|word| word.text == "(")?;
    let close = only.iter().rposition(|word| word.text == ")")?;
    let columns: Vec<&str> = only
        .get(open + 1..close)?
        .iter()
        .filter(|word| word.text != ",")
        .map(|word| word.name.as_str())
        .collect();
    if columns.is_empty()
        || columns.iter().any(|column| table.column(column).is_none())
        || close + 1 != only.len()
    {
        return None;
    }
    let quoted = steps::double_quoted;
    let list = columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ");
    let range = words.range()?;
    let contains = |one: &Statement<'_>| one.range().is_some_and(|own| own.contains_range(range));
    let target = steps::target(&input.statements().find(contains)?, table, steps::double_quoted);
    let text = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {target} ({list});\nALTER TABLE {target} ADD CONSTRAINT {name} {kind} USING INDEX {name}",
        name = quoted(name)
    );
    let replaced = text::TextEdit { range, insert: text };
    Some(fix("Create its index concurrently first", no_transaction(file).into_iter().chain([replaced])))
}
