//! MY110 to MY123: lists of values of `enum` and `set` that change otherwise than at their end.
//!
//! A value is stored as its number in the list, so the table is copied when numbers change or need more bytes.
//! Source: documented codes; MySQL manual, "Online DDL Operations"; the messages are our own.

use engine::lint::span::column_path;
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Remedy, Sink};
use schema::change::TableChange;
use schema::{Arg, Change, Class, ColumnChange, Table};
use text::Code;

/// Lists of values that change otherwise than at their end.
pub static VALUES: Analyzer = Analyzer {
    name: "enum_values",
    heading: "enum and set changes that copy the table detected",
    error: false,
    doc: "Values of `enum` and `set` columns that are removed, moved, or added elsewhere than at the end.",
    codes: &[
        code(
            "MY110",
            "enum value was removed",
            "The table is copied, and rows that hold the value make the change fail.\n\nLeave the value in the list, or change the rows first.",
        ),
        code(
            "MY111",
            "enum values were reordered",
            "Values are stored as numbers, which change with the order: the table is copied.\n\nLeave the order as it is; it does not have to be the one that is shown.",
        ),
        code(
            "MY112",
            "enum value was inserted",
            "Values are stored as numbers, and those behind the new one change: the table is copied.\n\nPut the new value at the end, which changes no row.",
        ),
        code(
            "MY113",
            "enum needs another byte",
            "From 256 values on, an enum is stored in two bytes: the table is copied.\n\nUse a table of values and a foreign key.",
        ),
        code(
            "MY120",
            "set value was removed",
            "The table is copied, and rows that hold the value make the change fail.\n\nLeave the value in the list, or change the rows first.",
        ),
        code(
            "MY121",
            "set values were reordered",
            "Values are stored as bits, which change with the order: the table is copied.\n\nLeave the order as it is; it does not have to be the one that is shown.",
        ),
        code(
            "MY122",
            "set value was inserted",
            "Values are stored as bits, and those behind the new one change: the table is copied.\n\nPut the new value at the end, which changes no row.",
        ),
        code(
            "MY123",
            "set needs another byte",
            "A set is stored in 1, 2, 3, 4 or 8 bytes; with more than 8, 16, 24 or 32 values it needs the next size: the table is copied.\n\nUse a table of values and a table that relates them to rows.",
        ),
    ],
    examples: EXAMPLES,
    run,
};

const fn code(code: Code, title: &'static str, doc: &'static str) -> CodeDoc {
    let remedy = Remedy::None("which list of values is meant is for the author to say");
    CodeDoc { code, title, doc, remedy }
}

const fn example(code: Code, from: &'static str, bad: &'static str, good: &'static str) -> Example {
    Example { code, from, bad, good, naming: "", without: "" }
}

const ENUM: &str = "CREATE TABLE t (c enum('a','b','c'));";
const SET: &str = "CREATE TABLE t (c set('a','b','c'));";
const EXAMPLES: &[Example] = &[
    example(
        "MY110",
        ENUM,
        "ALTER TABLE t MODIFY COLUMN c enum('a','b');",
        "ALTER TABLE t MODIFY COLUMN c enum('a','b','c','d');",
    ),
    example(
        "MY111",
        ENUM,
        "ALTER TABLE t MODIFY COLUMN c enum('b','a','c');",
        "ALTER TABLE t MODIFY COLUMN c enum('a','b','c','d');",
    ),
    example(
        "MY112",
        ENUM,
        "ALTER TABLE t MODIFY COLUMN c enum('a','x','b','c');",
        "ALTER TABLE t MODIFY COLUMN c enum('a','b','c','x');",
    ),
    example(
        "MY120",
        SET,
        "ALTER TABLE t MODIFY COLUMN c set('a','b');",
        "ALTER TABLE t MODIFY COLUMN c set('a','b','c','d');",
    ),
    example(
        "MY121",
        SET,
        "ALTER TABLE t MODIFY COLUMN c set('b','a','c');",
        "ALTER TABLE t MODIFY COLUMN c set('a','b','c','d');",
    ),
    example(
        "MY122",
        SET,
        "ALTER TABLE t MODIFY COLUMN c set('a','x','b','c');",
        "ALTER TABLE t MODIFY COLUMN c set('a','b','c','x');",
    ),
    example(
        "MY123",
        "CREATE TABLE t (c set('1','2','3','4','5','6','7','8'));",
        "ALTER TABLE t MODIFY COLUMN c set('1','2','3','4','5','6','7','8','9');",
        "CREATE TABLE u (c set('1','2','3','4','5','6','7','8','9'));",
    ),
];

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        let Change::ModifyTable { to: table, changes, .. } = change else { continue };
        if !input.is_old(table) {
            continue;
        }
        for change in changes {
            if let TableChange::ModifyColumn(change) = change {
                column(sink, at, table, change);
            }
        }
    }
}

/// The codes of one kind, and its word.
struct Kind {
    word: &'static str,
    removed: Code,
    moved: Code,
    inserted: Code,
    bigger: Code,
    bytes: fn(usize) -> usize,
}

const OF_ENUM: Kind = Kind {
    word: "enum",
    removed: "MY110",
    moved: "MY111",
    inserted: "MY112",
    bigger: "MY113",
    bytes: |values| if values < 256 { 1 } else { 2 },
};
const OF_SET: Kind = Kind {
    word: "set",
    removed: "MY120",
    moved: "MY121",
    inserted: "MY122",
    bigger: "MY123",
    bytes: |values| match values.div_ceil(8) {
        bytes @ 0..=4 => bytes,
        _ => 8,
    },
};

fn column(sink: &mut Sink<'_>, at: usize, table: &Table, change: &ColumnChange) {
    let (Some(from), Some(to)) = (&change.from.ty, &change.to.ty) else { return };
    let kind = match (from.class, to.class) {
        (Class::Enum, Class::Enum) => OF_ENUM,
        (Class::Set, Class::Set) => OF_SET,
        _ => return,
    };
    let (old, new) = (values(&from.args), values(&to.args));
    let mut say = |code: Code, what: String| {
        let message = format!("{what} {} column {:?} requires a table copy", kind.word, change.to.name);
        sink.add(Found::new(code, at, column_path(table, &change.to.name), message));
    };
    let removed: Vec<String> =
        old.iter().filter(|value| !new.contains(value)).map(|value| format!("{value:?}")).collect();
    if !removed.is_empty() {
        let s = if removed.len() == 1 { "" } else { "s" };
        say(kind.removed, format!("Removing value{s} {} from", removed.join(", ")));
    }
    let kept: Vec<&str> = old.iter().copied().filter(|value| new.contains(value)).collect();
    let order: Vec<&str> = new.iter().copied().filter(|value| old.contains(value)).collect();
    if kept != order {
        say(kind.moved, "Reordering the values of".to_owned());
    }
    let last = new.iter().rposition(|value| old.contains(value));
    let inserted: Vec<String> = new
        .iter()
        .enumerate()
        .filter(|(at, value)| last.is_some_and(|last| *at < last) && !old.contains(value))
        .map(|(_, value)| format!("{value:?}"))
        .collect();
    if !inserted.is_empty() {
        let s = if inserted.len() == 1 { "" } else { "s" };
        say(kind.inserted, format!("Inserting value{s} {} before the end of", inserted.join(", ")));
    }
    let (before, after) = ((kind.bytes)(old.len()), (kind.bytes)(new.len()));
    if after > before {
        say(kind.bigger, format!("Growing from {before} to {after} bytes the"));
    }
}

fn values(args: &[Arg]) -> Vec<&str> {
    let mut values = Vec::new();
    for arg in args {
        if let Arg::Str(value) = arg {
            values.push(value.as_str());
        }
    }
    values
}
