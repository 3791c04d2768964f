//! TX101: statements that cannot share one transaction.
//!
//! Looks at the statements of a file only. Indexes that are built concurrently have a code of their own. Source:
//! documented TX101, whose exact trigger is not known: here, what PostgreSQL refuses inside a transaction block.

use engine::lint::edit::{fix, no_transaction};
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Place, Remedy, Sink, Words};

/// Statements that cannot share one transaction.
pub static TRANSACTION: Analyzer = Analyzer {
    name: "transaction",
    heading: "unsafe transaction detected",
    error: false,
    doc: "Statements of one file that cannot run in one transaction.",
    codes: &[CodeDoc {
        code: "TX101",
        title: "statement that cannot run in the transaction of its file",
        doc: "A migration file is carried out in one transaction. PostgreSQL refuses some statements there, and an enum value that was added cannot be used before the transaction ends.\n\nMove the statement to a file of its own, or let the file run outside of a transaction with `-- atlas:txmode none`.",
        remedy: Remedy::Edit("the directive `-- atlas:txmode none` at the head of the file"),
    }],
    examples: &[
        Example {
            code: "TX101",
            from: "CREATE TABLE t (a integer);",
            bad: "ALTER TABLE t ADD COLUMN b integer;\nVACUUM t;",
            good: "-- atlas:txmode none\n\nALTER TABLE t ADD COLUMN b integer;\nVACUUM t;",
            naming: "",
            without: "",
        },
        Example {
            code: "TX101",
            from: "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);",
            bad: "ALTER TYPE mood ADD VALUE 'happy';\nINSERT INTO t VALUES ('happy');",
            good: "ALTER TYPE mood ADD VALUE 'happy';",
            naming: "",
            without: "",
        },
    ],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    let Some(file) = input.file().filter(|file| file.in_transaction) else { return };
    for statement in input.statements() {
        let words = statement.words();
        let message = match refused(&words) {
            Some(what) => format!("{what} cannot run inside a transaction"),
            None => match new_value(&words) {
                Some(value) if used_later(input, statement.at, &value) => {
                    format!("The new enum value {value} cannot be used in the transaction that adds it")
                }
                _ => continue,
            },
        };
        let edit = no_transaction(file).map(|edit| fix("Run this file outside of a transaction", [edit]));
        sink.add(Found::new("TX101", 0, input.root(), message).at(Place::Statement(statement.at)).edit(edit));
    }
}

/// What PostgreSQL refuses inside a transaction block, in its words.
fn refused(words: &Words) -> Option<String> {
    const ALONE: &[&[&str]] = &[
        &["VACUUM"],
        &["CREATE", "DATABASE"],
        &["DROP", "DATABASE"],
        &["CREATE", "TABLESPACE"],
        &["DROP", "TABLESPACE"],
        &["ALTER", "SYSTEM"],
        &["REINDEX", "DATABASE|SYSTEM"],
        &["CREATE", "SUBSCRIPTION"],
    ];
    if let Some(found) = ALONE.iter().find(|pattern| words.starts_with(pattern)) {
        let said = words.0.iter().take(found.len()).map(|word| word.text.as_str());
        return Some(said.collect::<Vec<_>>().join(" "));
    }
    let concurrently = words.has(&["CONCURRENTLY"]);
    (words.starts_with(&["REINDEX"]) && concurrently).then(|| "REINDEX CONCURRENTLY".to_owned()).or_else(
        || {
            (words.starts_with(&["ALTER", "TABLE"]) && words.has(&["DETACH", "PARTITION"]) && concurrently)
                .then(|| "DETACH PARTITION CONCURRENTLY".to_owned())
        },
    )
}

/// The value an `ALTER TYPE … ADD VALUE` adds, in its quotes.
fn new_value(words: &Words) -> Option<String> {
    if !words.starts_with(&["ALTER", "TYPE"]) {
        return None;
    }
    let at = words.0.windows(2).position(|pair| pair[0].is("ADD") && pair[1].is("VALUE"))?;
    words.0.get(at + 2..)?.iter().find(|word| word.text.starts_with('\'')).map(|word| word.text.to_string())
}

fn used_later(input: &Input<'_>, at: usize, value: &str) -> bool {
    input
        .statements()
        .skip(at + 1)
        .any(|statement| statement.mentions(value) && !statement.words().starts_with(&["ALTER", "TYPE"]))
}
