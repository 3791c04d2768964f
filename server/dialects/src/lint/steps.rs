//! Safe rewrites in several steps: rows get their values before or beside the change that needs them.
//!
//! A value is only made up where a type has one that means "nothing yet", and the fix names it. Invariant: the last step
//! leaves the schema the statement would have left.
//!
//! Source: documented/lint-analyzers.md; PostgreSQL documentation of `ALTER TABLE`, "Notes"; MySQL manual, "Online DDL
//! Operations".

use engine::lint::edit::{fix, insert};
use engine::lint::words::{self, Word};
use engine::lint::{Input, Statement, Words};
use schema::{Class, Column, Default, Table};
use text::{Fix, TextEdit, TextRange};

/// How a dialect writes names.
pub type Quote = fn(&str) -> String;

/// In double quotes.
pub fn double_quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// In backticks.
pub fn in_backticks(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The table as a statement beside `statement` names it: a file that names no schemas may run on any.
pub fn target(statement: &Statement<'_>, table: &Table, quote: Quote) -> String {
    match table.schema.as_str() {
        "" => quote(&table.name),
        schema if statement.mentions(schema) => format!("{}.{}", quote(schema), quote(&table.name)),
        _ => quote(&table.name),
    }
}

/// What stands for "nothing yet": the column's own default, or the zero of its type.
pub fn value(column: &Column) -> Option<String> {
    match &column.default {
        Some(Default::Literal(literal)) if literal.quoted => {
            return Some(format!("'{}'", literal.text.replace('\'', "''")));
        }
        Some(Default::Literal(literal)) => return Some(literal.text.clone()),
        Some(Default::Expr(expr)) => return Some(expr.0.clone()),
        None => {}
    }
    zero(column).map(str::to_owned)
}

fn zero(column: &Column) -> Option<&'static str> {
    match column.ty.as_ref()?.class {
        Class::Bool => Some("false"),
        Class::Integer | Class::Float | Class::Decimal => Some("0"),
        Class::String => Some("''"),
        _ => None,
    }
}

/// `UPDATE` before a column becomes non-nullable.
pub fn fill_first(
    input: &Input<'_>,
    at: usize,
    table: &Table,
    from: &Column,
    to: &Column,
    quote: Quote,
) -> Option<Fix> {
    input.file()?;
    if from.name != to.name || from.generated.is_some() {
        return None;
    }
    let statement = input.statements_of(at).next()?;
    let value = value(to).or_else(|| value(from))?;
    let (target, column) = (target(&statement, table, quote), quote(&to.name));
    let update = format!("UPDATE {target} SET {column} = {value} WHERE {column} IS NULL;\n");
    let title = format!("Fill column {:?} with {value} first, where it is NULL", to.name);
    Some(fix(title, [insert(statement.range()?.start(), update)]))
}

/// The new column gets a default that fills the rows which are there, and loses it again.
pub fn default_and_drop(
    input: &Input<'_>,
    at: usize,
    table: &Table,
    column: &Column,
    quote: Quote,
) -> Option<Fix> {
    let (statement, words) = statement(input, at, column)?;
    let definition = plain(&words, column)?;
    let (not_null, value) = (words::find(definition, &["NOT", "NULL"])?, zero(column)?);
    let (target, name) = (target(&statement, table, quote), quote(&column.name));
    let drop = format!(";\nALTER TABLE {target} ALTER COLUMN {name} DROP DEFAULT");
    let title = format!("Add column {:?} with the default {value}, and drop the default", column.name);
    let edits = [insert(not_null.end(), format!(" DEFAULT {value}")), insert(statement.range()?.end(), drop)];
    Some(fix(title, edits))
}

/// The new column keeps a default, where nothing can take it away again.
pub fn with_default(input: &Input<'_>, at: usize, column: &Column) -> Option<Fix> {
    let (_, words) = statement(input, at, column)?;
    let definition = plain(&words, column)?;
    let (not_null, value) = (words::find(definition, &["NOT", "NULL"])?, zero(column)?);
    let title = format!("Give column {:?} the default {value}", column.name);
    Some(fix(title, [insert(not_null.end(), format!(" DEFAULT {value}"))]))
}

/// The new column may be NULL first, is filled, and becomes non-nullable then; `modify` writes the last step from the
/// table, the column and its definition.
pub fn nullable_first(
    input: &Input<'_>,
    at: usize,
    table: &Table,
    column: &Column,
    quote: Quote,
    modify: fn(&str, &str, &str) -> String,
) -> Option<Fix> {
    let (statement, words) = statement(input, at, column)?;
    let definition = plain(&words, column)?;
    let (not_null, value) = (words::find(definition, &["NOT", "NULL"])?, zero(column)?);
    // Its place among the others stays what it is.
    let end = definition.iter().position(|word| word.is("AFTER") || word.is("FIRST"));
    let definition = definition.get(..end.unwrap_or(definition.len()))?;
    let range = statement.range()?;
    let written = written(&statement, words::range(definition)?)?;
    let (target, name) = (target(&statement, table, quote), quote(&column.name));
    let more = format!(
        ";\nUPDATE {target} SET {name} = {value} WHERE {name} IS NULL;\n{}",
        modify(&target, &name, written)
    );
    let title =
        format!("Add column {:?} as nullable, fill it with {value}, and make it NOT NULL", column.name);
    let edits =
        [TextEdit { range: behind(definition, not_null)?, insert: String::new() }, insert(range.end(), more)];
    Some(fix(title, edits))
}

/// The statement of a file that adds the column, and its words.
pub fn statement<'a>(input: &Input<'a>, at: usize, column: &Column) -> Option<(Statement<'a>, Words)> {
    input.file()?;
    let statement = input.statements_of(at).find(|one| one.mentions(&column.name))?;
    let words = statement.words();
    Some((statement, words))
}

/// The definition of a column that an `ALTER TABLE` adds, when it says nothing but its type, that it is not NULL, and
/// where it stands: from its name on.
pub fn plain<'w>(words: &'w Words, column: &Column) -> Option<&'w [Word]> {
    let found = definition(words, column)?;
    const MORE: &[&str] =
        &["DEFAULT", "UNIQUE", "PRIMARY", "KEY", "REFERENCES", "CHECK", "CONSTRAINT", "GENERATED", "AS"];
    let has_more = found.iter().skip(1).any(|word| MORE.iter().any(|more| word.is(more)));
    (!has_more).then_some(found)
}

/// The definition of a column that an `ALTER TABLE` adds, from its name on.
pub fn definition<'w>(words: &'w Words, column: &Column) -> Option<&'w [Word]> {
    words.clauses().find_map(|clause| {
        let add = clause.iter().position(|word| word.is("ADD"))?;
        let rest = clause.get(add + 1..)?;
        let rest = if rest.first()?.is("COLUMN") { rest.get(1..)? } else { rest };
        rest.first()?.names(&column.name).then_some(rest)
    })
}

/// A part of a definition with the blanks before it, so that none are left over.
pub fn behind(definition: &[Word], part: TextRange) -> Option<TextRange> {
    let before = definition.iter().rfind(|word| word.range.end() <= part.start())?;
    Some(TextRange::new(before.range.end(), part.end()))
}

/// What stands in the file at a range of a statement.
pub fn written<'a>(statement: &Statement<'a>, range: TextRange) -> Option<&'a str> {
    let range = range.checked_sub(statement.range()?.start())?;
    statement.text().get(usize::from(range.start())..usize::from(range.end()))
}
