//! What a place in a statement expects, by the words before it.
//!
//! Not a parser: an unfinished statement is matched from its first word and from the word before the cursor. Where the
//! two say nothing, a value is expected, which offers the most.

use smol_str::SmolStr;
use syntax::sql::SyntaxKind;

use crate::sql_place::{CONSTRAINTS, SqlSpot, TableUse, Tok};

/// What may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// A new name.
    Nothing,
    /// A statement may begin.
    Statement,
    Words(&'static [&'static str]),
    /// Tables and views.
    Tables,
    /// Tables that can be changed or referred to.
    OnlyTables,
    Views,
    Indexes,
    Triggers,
    Types,
    /// Columns of the table that is being defined.
    Own,
    ColumnsOf(TableUse),
    /// What lies in this name.
    Member(SmolStr),
    /// A value.
    Expression,
    /// What goes on behind a value.
    Operator,
}

const CREATE: &[&str] = &["table", "temp table", "index", "unique index", "view", "trigger", "virtual table"];
const KINDS: &[&str] = &["table", "index", "view", "trigger"];
const COLUMN: &[&str] = &[
    "not null",
    "null",
    "primary key",
    "unique",
    "default",
    "check",
    "references",
    "collate",
    "generated always as",
    "constraint",
    "autoincrement",
];
const TABLE: &[&str] = &["constraint", "primary key", "unique", "check", "foreign key"];
const ACTIONS: &[&str] = &["cascade", "restrict", "set null", "set default", "no action"];
const REFERENCE: &[&str] = &["on delete", "on update", "deferrable", "not null", "match"];
const TRIGGER: &[&str] = &[
    "before",
    "after",
    "instead of",
    "insert",
    "update",
    "delete",
    "update of",
    "on",
    "for each row",
    "when",
    "begin",
];
const ALTER: &[&str] = &["add column", "drop column", "rename to", "rename column"];
/// What goes on behind a value.
pub(super) const AFTER_VALUE: &[&str] = &[
    "from",
    "where",
    "and",
    "or",
    "not",
    "is null",
    "is not null",
    "in",
    "like",
    "between",
    "as",
    "join",
    "left join",
    "group by",
    "having",
    "order by",
    "limit",
    "offset",
    "union",
    "union all",
    "except",
    "intersect",
    "asc",
    "desc",
    "values",
    "returning",
    "collate",
    "select",
    "set",
];
/// What goes on within a `case`.
const IN_CASE: &[&str] =
    &["when", "then", "else", "end", "and", "or", "not", "is null", "in", "like", "between"];
/// What goes on behind a table.
const AFTER_TABLE: &[&str] = &[
    "where",
    "join",
    "left join",
    "inner join",
    "cross join",
    "on",
    "using",
    "as",
    "group by",
    "order by",
    "limit",
    "union",
    "union all",
    "except",
    "intersect",
    "returning",
];
/// Words a value may begin with.
pub(super) const VALUE: &[&str] = &[
    "case",
    "cast",
    "not",
    "exists",
    "null",
    "distinct",
    "select",
    "current_timestamp",
    "current_date",
    "current_time",
];
/// Words behind which a value stands, or a list of them.
const BEFORE_VALUE: [&str; 24] = [
    "select",
    "where",
    "and",
    "or",
    "not",
    "on",
    "by",
    "having",
    "set",
    "distinct",
    "all",
    "case",
    "when",
    "then",
    "else",
    "between",
    "in",
    "like",
    "is",
    "limit",
    "offset",
    "returning",
    "glob",
    "values",
];

pub(super) fn expect(spot: &SqlSpot, is_expression: bool) -> Expect {
    let before = spot.before();
    if let Some((_, rest)) = before.split_last().filter(|(last, _)| last.kind == SyntaxKind::DOT) {
        return rest.last().filter(|it| it.is_name()).map_or(Expect::Nothing, |it| Expect::Member(it.name()));
    }
    let Some(first) = before.first() else {
        return if is_expression { Expect::Expression } else { Expect::Statement };
    };
    if is_expression {
        return value(before);
    }
    match first.text.as_str() {
        "create" => create(spot, before),
        "alter" => alter(spot, before),
        "drop" => drop(before),
        "insert" | "replace" => insert(spot, before),
        "update" if before.len() == 1 => Expect::Tables,
        "delete" if before.len() == 1 => Expect::Words(&["from"]),
        "pragma" | "attach" | "detach" | "release" | "savepoint" => Expect::Nothing,
        "reindex" | "analyze" => Expect::Tables,
        "explain" if before.len() == 1 => {
            Expect::Words(&["query plan", "select", "insert", "update", "delete"])
        }
        _ => value(before),
    }
}

/// A place in a query, or in a statement that changes rows.
fn value(before: &[Tok]) -> Expect {
    let Some(last) = before.last() else { return Expect::Expression };
    if last.any(&["from", "join", "into"]) {
        return Expect::Tables;
    }
    if last.is("as") {
        return Expect::Nothing;
    }
    if last.any(&["with", "recursive"]) {
        return Expect::Nothing;
    }
    if last.any(&["group", "order", "partition"]) {
        return Expect::Words(&["by"]);
    }
    if last.any(&["left", "inner", "cross", "outer", "natural", "right", "full"]) {
        return Expect::Words(&["join"]);
    }
    if last.any(&["union", "except", "intersect"]) {
        return Expect::Words(&["select", "all", "values"]);
    }
    if last.is("update") {
        return Expect::Tables;
    }
    if last.kind == SyntaxKind::COMMA && in_from(before) {
        return Expect::Tables;
    }
    if last.kind == SyntaxKind::L_PAREN && before.iter().rev().nth(1).is_some_and(|it| it.is("using")) {
        return Expect::Expression;
    }
    if last.kind == SyntaxKind::L_PAREN
        && before.iter().rev().nth(1).is_some_and(|it| it.any(&["from", "join"]))
    {
        return Expect::Words(&["select", "values", "with"]);
    }
    let ended = match last.kind {
        SyntaxKind::KEYWORD | SyntaxKind::IDENT => !last.any(&BEFORE_VALUE),
        SyntaxKind::QUOTED_IDENT
        | SyntaxKind::STRING
        | SyntaxKind::NUMBER
        | SyntaxKind::BLOB
        | SyntaxKind::PARAMETER
        | SyntaxKind::R_PAREN => true,
        SyntaxKind::STAR => before.iter().rev().nth(1).is_some_and(|it| {
            it.any(&["select", "distinct"]) || matches!(it.kind, SyntaxKind::DOT | SyntaxKind::COMMA)
        }),
        _ => false,
    };
    match ended {
        false => Expect::Expression,
        true if in_case(before) => Expect::Words(IN_CASE),
        true if before.iter().rev().nth(1).is_some_and(|it| it.is("update")) => Expect::Words(&["set", "as"]),
        true if in_from(before) => Expect::Words(AFTER_TABLE),
        true => Expect::Operator,
    }
}

/// Whether a `case` is open.
fn in_case(before: &[Tok]) -> bool {
    let count = |word: &str| before.iter().filter(|it| it.is(word)).count();
    count("case") > count("end")
}

/// Whether the list the cursor is in is that of `from`.
fn in_from(before: &[Tok]) -> bool {
    let Some(depth) = before.last().map(|last| last.depth) else { return false };
    let clause = before.iter().rev().filter(|it| it.depth == depth).find(|it| {
        it.any(&[
            "select",
            "from",
            "where",
            "group",
            "order",
            "having",
            "set",
            "values",
            "on",
            "using",
            "limit",
            "with",
            "returning",
        ])
    });
    clause.is_some_and(|clause| clause.is("from"))
}

/// The kind of object behind `create`, `alter` or `drop`.
fn kind(before: &[Tok]) -> Option<(usize, &Tok)> {
    before.iter().enumerate().skip(1).take(4).find(|(_, it)| it.any(KINDS))
}

fn create(spot: &SqlSpot, before: &[Tok]) -> Expect {
    let Some((at, kind)) = kind(before) else {
        return match before.last() {
            Some(last) if last.is("unique") => Expect::Words(&["index"]),
            Some(last) if last.is("virtual") => Expect::Words(&["table"]),
            Some(last) if last.any(&["temp", "temporary"]) => Expect::Words(&["table", "view", "trigger"]),
            _ => Expect::Words(CREATE),
        };
    };
    let rest = before.get(at + 1..).unwrap_or_default();
    match kind.text.as_str() {
        "table" => table(spot, before, rest),
        "index" => index(spot, before, rest),
        "view" => match before.iter().position(|it| it.is("as")) {
            Some(body) => query(before.get(body + 1..).unwrap_or_default()),
            None if named(rest) => Expect::Words(&["as"]),
            None => fresh(rest),
        },
        _ => trigger(spot, rest),
    }
}

/// A query behind `as`.
fn query(before: &[Tok]) -> Expect {
    if before.is_empty() { Expect::Words(&["select", "with", "values"]) } else { value(before) }
}

/// Where a new name is wanted.
fn fresh(rest: &[Tok]) -> Expect {
    match rest.last() {
        None => Expect::Words(&["if not exists"]),
        Some(last) if last.is("if") => Expect::Words(&["not exists"]),
        Some(last) if last.is("not") => Expect::Words(&["exists"]),
        Some(_) => Expect::Nothing,
    }
}

/// Whether the name of a new object is there.
fn named(rest: &[Tok]) -> bool {
    rest.last().is_some_and(|last| last.is_name() && !last.any(&["if", "not", "exists"]))
}

fn table(spot: &SqlSpot, before: &[Tok], rest: &[Tok]) -> Expect {
    let Some(open) = before.iter().position(|token| token.kind == SyntaxKind::L_PAREN) else {
        return match rest.iter().position(|it| it.is("as")) {
            Some(body) => query(rest.get(body + 1..).unwrap_or_default()),
            None if named(rest) => Expect::Words(&["as"]),
            None => fresh(rest),
        };
    };
    let depth = depth_at(before);
    if depth == 0 {
        return match before.last() {
            Some(last) if last.is("without") => Expect::Words(&["rowid"]),
            _ => Expect::Words(&["without rowid", "strict"]),
        };
    }
    let start = before.iter().rposition(|token| {
        token.depth == 1 && token.kind == SyntaxKind::COMMA
            || token.depth == 0 && token.kind == SyntaxKind::L_PAREN
    });
    let element = before.get(start.unwrap_or(open) + 1..).unwrap_or_default();
    if depth == 1 {
        return element_part(element);
    }
    nested(spot, before, depth)
}

/// How many parentheses are open behind the last token.
fn depth_at(before: &[Tok]) -> usize {
    before.last().map_or(0, |last| match last.kind {
        SyntaxKind::L_PAREN => last.depth + 1,
        _ => last.depth,
    })
}

/// A place in a column's clause or in a constraint, outside its parentheses.
fn element_part(element: &[Tok]) -> Expect {
    let Some(last) = element.last() else { return Expect::Words(TABLE) };
    match last.text.as_str() {
        _ if last.kind == SyntaxKind::QUOTED_IDENT => {}
        "references" => return Expect::OnlyTables,
        "on" => return Expect::Words(&["delete", "update", "conflict"]),
        "delete" | "update" => return Expect::Words(ACTIONS),
        "not" => return Expect::Words(&["null", "deferrable"]),
        "primary" | "foreign" => return Expect::Words(&["key"]),
        "generated" => return Expect::Words(&["always as"]),
        "always" => return Expect::Words(&["as"]),
        "default" => return Expect::Words(&["null", "current_timestamp", "current_date", "current_time"]),
        "constraint" | "collate" => return Expect::Nothing,
        "set" => return Expect::Words(&["null", "default"]),
        "no" => return Expect::Words(&["action"]),
        _ => {}
    }
    let first = element.first();
    let refers = element.iter().any(|it| it.is("references"));
    if first.is_some_and(|first| first.any(&CONSTRAINTS)) {
        if refers {
            return Expect::Words(REFERENCE);
        }
        let is_foreign = element.iter().any(|it| it.is("foreign"));
        return match last.kind {
            SyntaxKind::R_PAREN if is_foreign => Expect::Words(&["references"]),
            _ if first.is_some_and(|first| first.is("constraint")) && element.len() == 2 => {
                Expect::Words(&["primary key", "unique", "check", "foreign key"])
            }
            _ => Expect::Words(&["on conflict"]),
        };
    }
    if element.len() == 1 {
        return Expect::Types;
    }
    if refers && !element.iter().rev().take(2).any(|it| it.any(&["null", "key", "unique"])) {
        return Expect::Words(&[
            "on delete",
            "on update",
            "deferrable",
            "not null",
            "unique",
            "primary key",
            "default",
            "check",
        ]);
    }
    Expect::Words(COLUMN)
}

/// Inside the parentheses of a constraint.
fn nested(spot: &SqlSpot, before: &[Tok], depth: usize) -> Expect {
    let open = before
        .iter()
        .rposition(|token| token.kind == SyntaxKind::L_PAREN && token.depth == depth - 1)
        .unwrap_or_default();
    let head = before.get(..open).unwrap_or_default();
    let Some(last) = head.last() else { return Expect::Own };
    if let Some(refers) = head.iter().rposition(|it| it.is("references"))
        && let Some((table, end)) = spot.table_at(spot.start + refers + 1)
        && end == spot.start + open
    {
        return Expect::ColumnsOf(table);
    }
    match last.text.as_str() {
        "key" | "unique"
            if matches!(before.last().map(|it| it.kind), Some(SyntaxKind::L_PAREN | SyntaxKind::COMMA)) =>
        {
            Expect::Own
        }
        "key" | "unique" => Expect::Words(&["asc", "desc", "collate"]),
        _ if last.kind == SyntaxKind::IDENT && !last.any(&["check", "as", "default"]) && depth == 2 => {
            Expect::Nothing
        }
        _ => value(before),
    }
}

fn index(spot: &SqlSpot, before: &[Tok], rest: &[Tok]) -> Expect {
    let Some(on) = before.iter().position(|it| it.is("on")) else {
        return if named(rest) { Expect::Words(&["on"]) } else { fresh(rest) };
    };
    if on + 1 == before.len() {
        return Expect::OnlyTables;
    }
    let table = spot.on_table();
    let depth = depth_at(before);
    match (depth, before.last()) {
        (0, Some(last)) if last.kind == SyntaxKind::R_PAREN => Expect::Words(&["where"]),
        (1, Some(last)) if matches!(last.kind, SyntaxKind::L_PAREN | SyntaxKind::COMMA) => {
            table.map_or(Expect::Nothing, Expect::ColumnsOf)
        }
        (1, Some(last)) if last.is_name() => Expect::Words(&["asc", "desc", "collate"]),
        (0, Some(last)) if !before.iter().any(|it| it.is("where")) && last.is_name() => Expect::Nothing,
        _ => value(before),
    }
}

fn trigger(spot: &SqlSpot, rest: &[Tok]) -> Expect {
    let Some(last) = rest.last() else { return fresh(rest) };
    if rest.len() < 2 && !named(rest) {
        return fresh(rest);
    }
    match last.text.as_str() {
        "on" => Expect::Tables,
        "instead" => Expect::Words(&["of"]),
        "before" | "after" => Expect::Words(&["insert", "update", "delete", "update of"]),
        "for" => Expect::Words(&["each row"]),
        "each" => Expect::Words(&["row"]),
        "of" if rest.iter().any(|it| it.is("instead")) && !rest.iter().any(|it| it.is("update")) => {
            Expect::Words(&["insert", "update", "delete"])
        }
        "of" => spot.on_table().map_or(Expect::Nothing, Expect::ColumnsOf),
        "," => spot.on_table().map_or(Expect::Nothing, Expect::ColumnsOf),
        _ if rest.iter().any(|it| it.is("when")) => value(rest),
        _ => Expect::Words(TRIGGER),
    }
}

fn alter(spot: &SqlSpot, before: &[Tok]) -> Expect {
    let Some((at, kind)) = kind(before) else { return Expect::Words(&["table"]) };
    if !kind.is("table") {
        return Expect::Nothing;
    }
    let Some((table, end)) = spot.table_at(spot.start + at + 1).filter(|(_, end)| *end <= spot.at) else {
        return Expect::OnlyTables;
    };
    let action = before.get(end - spot.start..).unwrap_or_default();
    let Some(first) = action.first() else { return Expect::Words(ALTER) };
    let column = usize::from(action.get(1).is_some_and(|it| it.is("column")));
    let tail = action.get(1 + column..).unwrap_or_default();
    match first.text.as_str() {
        "drop" if tail.is_empty() => Expect::ColumnsOf(table),
        "rename" if action.len() == 2 && action.get(1).is_some_and(|it| it.is("to")) => Expect::Nothing,
        "rename" if tail.is_empty() => Expect::ColumnsOf(table),
        "rename" if tail.len() == 1 => Expect::Words(&["to"]),
        "add" if tail.is_empty() && column == 0 => Expect::Words(&["column"]),
        "add" if tail.is_empty() => Expect::Nothing,
        "add" if depth_at(before) == 0 => element_part(tail),
        "add" => nested(spot, before, depth_at(before)),
        _ => Expect::Nothing,
    }
}

fn drop(before: &[Tok]) -> Expect {
    let Some((at, kind)) = kind(before) else { return Expect::Words(KINDS) };
    let rest = before.get(at + 1..).unwrap_or_default();
    if named(rest) {
        return Expect::Nothing;
    }
    if rest.len() == 1 {
        return Expect::Words(&["exists"]);
    }
    match kind.text.as_str() {
        "table" => Expect::OnlyTables,
        "view" => Expect::Views,
        "index" => Expect::Indexes,
        _ => Expect::Triggers,
    }
}

fn insert(spot: &SqlSpot, before: &[Tok]) -> Expect {
    let Some(into) = before.iter().position(|it| it.is("into")) else {
        return Expect::Words(&["into", "or replace into", "or ignore into"]);
    };
    let Some((table, end)) = spot.table_at(spot.start + into + 1).filter(|(_, end)| *end <= spot.at) else {
        return Expect::Tables;
    };
    let rest = before.get(end - spot.start..).unwrap_or_default();
    let has_rows = rest.iter().any(|it| it.any(&["values", "select", "default", "with"]));
    match rest.last() {
        _ if has_rows => {}
        Some(last)
            if depth_at(before) == 1 && matches!(last.kind, SyntaxKind::L_PAREN | SyntaxKind::COMMA) =>
        {
            return Expect::ColumnsOf(table);
        }
        Some(_) if depth_at(before) == 1 => return Expect::Nothing,
        None => return Expect::Words(&["values", "select", "default values"]),
        Some(last) if last.kind == SyntaxKind::R_PAREN => return Expect::Words(&["values", "select"]),
        Some(_) => {}
    }
    value(before)
}
