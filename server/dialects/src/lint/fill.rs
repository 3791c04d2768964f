//! Whether a file fills a column itself, so that nothing is left to warn of.
//!
//! An `UPDATE` counts when it reaches every row that matters: without a condition, or with exactly the one that finds
//! the rows without a value. Source: reference lint.md §7, `ColumnFilledBefore` and `ColumnFilledAfter`.

use engine::lint::words::{Word, WordKind};
use engine::lint::{Input, Words};
use schema::{Column, Table};

/// Whether a statement before change `at` leaves no NULL in the column.
pub fn before(input: &Input<'_>, at: usize, table: &Table, column: &Column) -> bool {
    let Some(place) = place(input, at) else { return false };
    updates(input, table).any(|(statement, words)| {
        statement < place
            && fills(&words, &column.name, |condition| {
                matches!(condition, [name, rest @ ..] if name.names(&column.name)
                    && rest.iter().map(|word| word.text.as_str()).eq(["IS", "NULL"]))
            })
    })
}

/// Whether a statement after change `at` gives another value to the rows that got `implicit` (as SQL writes it).
pub fn after(input: &Input<'_>, at: usize, table: &Table, column: &Column, implicit: &str) -> bool {
    let Some(place) = place(input, at) else { return false };
    let bare = |text: &str| text.trim_matches(['\'', '"']).to_owned();
    updates(input, table).any(|(statement, words)| {
        statement >= place
            && fills(&words, &column.name, |condition| match condition {
                [name, equals, value] | [value, equals, name]
                    if name.names(&column.name) && equals.text == "=" =>
                {
                    bare(&value.name) == bare(implicit)
                }
                _ => false,
            })
    })
}

/// The statement of a change.
fn place(input: &Input<'_>, at: usize) -> Option<usize> {
    input.file()?;
    input.statements_of(at).next().map(|statement| statement.at)
}

/// The updates of the table, by their place in the file.
fn updates<'a>(input: &'a Input<'a>, table: &'a Table) -> impl Iterator<Item = (usize, Words)> + 'a {
    let statements = input.statements().filter(|statement| statement.mentions("update"));
    statements.map(|statement| (statement.at, statement.words())).filter(|(_, words)| {
        if !words.starts_with(&["UPDATE"]) {
            return false;
        }
        let target: Vec<&Word> = words
            .0
            .iter()
            .skip(1)
            .take_while(|word| !word.is("SET"))
            .filter(|word| !word.is("ONLY"))
            .collect();
        match target.as_slice() {
            [name] => name.names(&table.name),
            [schema, dot, name] => dot.text == "." && schema.names(&table.schema) && name.names(&table.name),
            _ => false,
        }
    })
}

/// Whether an update gives the column a value where `enough` holds of its condition, or has none.
fn fills(words: &Words, column: &str, enough: impl Fn(&[Word]) -> bool) -> bool {
    let Some(set) = words.0.iter().position(|word| word.is("SET")) else { return false };
    let rest = &words.0[set + 1..];
    let end = rest.iter().position(|word| word.depth == 0 && word.is("WHERE"));
    let (list, condition) = match end {
        Some(end) => (&rest[..end], Some(&rest[end + 1..])),
        None => (rest, None),
    };
    let sets = list.split(|word| word.depth == 0 && word.text == ",").any(|one| {
        one.first().is_some_and(|word| word.names(column))
            && one.get(1).is_some_and(|word| word.text == "=")
            && !matches!(one.get(2..), Some([null]) if null.is("NULL") && null.kind == WordKind::Bare)
    });
    sets && condition.is_none_or(enough)
}
