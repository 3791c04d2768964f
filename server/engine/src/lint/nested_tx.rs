//! `nestedtx`: a transaction a file begins itself, inside the one it is carried out in.
//!
//! Looks at the statements of a file only: a plan has none of these.
//!
//! Source: documented `nestedtx` analyzer (TX201).

use super::edit::{fix, no_transaction};
use super::{Analyzer, CodeDoc, Found, Input, Place, Remedy, Sink};

/// Transactions inside a file's transaction.
pub const NESTED_TX: Analyzer = Analyzer {
    name: "nestedtx",
    heading: "nested transactions detected",
    error: false,
    doc: "Transactions a file begins itself, though it is carried out in one.",
    codes: &[CodeDoc {
        code: "TX201",
        title: "transaction inside a transaction",
        doc: "A migration file is carried out in one transaction. A transaction that the file begins itself is refused, or ends the outer one early, so that what comes after is not undone when it fails.\n\nRemove the statements, or let the file run outside of a transaction with `-- atlas:txmode none`.",
        remedy: Remedy::Edit("the directive `-- atlas:txmode none` at the head of the file"),
    }],
    examples: &[],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    let Some(file) = input.file().filter(|file| file.in_transaction) else { return };
    for statement in input.statements() {
        if !statement.mentions("begin") && !statement.mentions("transaction") {
            continue;
        }
        let words = statement.words();
        let begins = words.starts_with(&["BEGIN"]) && !words.has(&["END"]);
        if !begins && !words.starts_with(&["START", "TRANSACTION"]) {
            continue;
        }
        let message = "Beginning a transaction inside the transaction of the file. Add the `atlas:txmode none` directive to the header to prevent this file from running in a transaction";
        let edit = no_transaction(file).map(|edit| fix("Run this file outside of a transaction", [edit]));
        sink.add(Found::new("TX201", 0, input.root(), message).at(Place::Statement(statement.at)).edit(edit));
    }
}
