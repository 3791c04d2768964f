//! Words about things, in Markdown: what the grammar declares, what a schema holds.
//!
//! Shared by hover and completion. Invariant: only definitions, never values of an environment.

use std::fmt::Write as _;

use engine::Dialect;
use engine::types::TypeDef;
use hcl::Function;
use hcl::spec::{Attribute, Block, EnumValue, Label, Status};
use schema::{Column, Default, ForeignKey, Index, PartOf, ReferenceAction, Table, Trigger, View};

const NO_EFFECT: &str = "Accepted, no effect yet.";

/// What an attribute takes and means.
pub(crate) fn attribute(attribute: &Attribute) -> String {
    let mut out = String::new();
    let required = if attribute.required { ", required" } else { "" };
    let _ =
        write!(out, "**{}** — {}{required}\n\n{}", attribute.name, attribute.ty.describe(), attribute.doc);
    notes(&mut out, attribute.default, attribute.deprecated, attribute.status);
    words(&mut out, &attribute.ty.words());
    out
}

/// What a block is for.
pub(crate) fn block(block: &Block) -> String {
    let mut out = format!("**{}**{} — block", block.name, labels(block.labels.names, block.labels.min));
    if block.required {
        out.push_str(", required");
    }
    if !block.repeatable {
        out.push_str(", at most once");
    }
    let _ = write!(out, "\n\n{}", block.doc);
    notes(&mut out, None, block.deprecated, block.status);
    out
}

fn labels(labels: &[Label], min: usize) -> String {
    let label = |(at, label): (usize, &Label)| {
        if at < min { format!(" \"{}\"", label.name) } else { format!(" [\"{}\"]", label.name) }
    };
    labels.iter().enumerate().map(label).collect()
}

fn notes(out: &mut String, default: Option<&str>, deprecated: Option<&str>, status: Status) {
    if let Some(default) = default {
        let _ = write!(out, "\n\nDefault: `{default}`");
    }
    if let Some(instead) = deprecated {
        let _ = write!(out, "\n\n**Deprecated**: {instead}");
    }
    if status == Status::Accepted {
        let _ = write!(out, "\n\n*{NO_EFFECT}*");
    }
}

fn words(out: &mut String, words: &[&EnumValue]) {
    if !words.is_empty() {
        out.push('\n');
    }
    for word in words {
        let _ = write!(out, "\n- {}", word_line(word));
    }
}

fn word_line(word: &EnumValue) -> String {
    if word.doc.is_empty() { format!("`{}`", word.name) } else { format!("`{}`: {}", word.name, word.doc) }
}

/// What a word of an attribute means.
pub(crate) fn enum_value(value: &EnumValue) -> String {
    format!("**{}**\n\n{}", value.name, value.doc)
}

/// A function's signature and what it gives.
pub(crate) fn function(function: &Function) -> String {
    format!("```hcl\n{}\n```\n\n{}", function.signature(), function.doc)
}

/// A column type as HCL writes it, or as SQL does.
pub(crate) fn column_type(def: &TypeDef, dialect: &Dialect, hcl: bool) -> String {
    let name = if hcl { def.hcl } else { def.name };
    let args = type_args(def);
    let mut out = format!("**{name}**{args} — type of {}\n\n{}", dialect.title, def.doc);
    if hcl && def.hcl != def.name {
        let _ = write!(out, "\n\nIn SQL: `{}`", def.name);
    }
    out
}

/// `(precision, scale)`, or nothing.
pub(crate) fn type_args(def: &TypeDef) -> String {
    if def.args.is_empty() {
        return String::new();
    }
    let arg = |arg: &engine::types::TypeArg| match arg.required {
        true => arg.name.to_owned(),
        false => format!("[{}]", arg.name),
    };
    format!("({})", def.args.iter().map(arg).collect::<Vec<_>>().join(", "))
}

/// A column's type and what it says besides: `integer, not null`.
pub(crate) fn column_detail(column: &Column, dialect: Option<&Dialect>) -> String {
    let mut out = type_of(column, dialect);
    if !column.nullable {
        out.push_str(if out.is_empty() { "not null" } else { " not null" });
    }
    out
}

fn type_of(column: &Column, dialect: Option<&Dialect>) -> String {
    match (&column.ty, dialect) {
        (Some(ty), Some(dialect)) => (dialect.format_type)(ty),
        _ => column.raw_type.clone(),
    }
}

/// How many columns there are, in words.
pub(crate) fn columns_count(columns: &[Column]) -> String {
    format!("{} column{}", columns.len(), if columns.len() == 1 { "" } else { "s" })
}

/// A column as its table's definition would write it.
fn column_line(column: &Column, dialect: Option<&Dialect>) -> String {
    let mut out = column_detail(column, dialect);
    match &column.default {
        Some(Default::Literal(literal)) if literal.quoted => {
            let _ = write!(out, " default '{}'", literal.text.replace('\'', "''"));
        }
        Some(Default::Literal(literal)) => {
            let _ = write!(out, " default {}", literal.text);
        }
        Some(Default::Expr(expr)) => {
            let _ = write!(out, " default {}", expr.0);
        }
        None => {}
    }
    if let Some(generated) = &column.generated {
        let storage = generated.storage.sql().to_ascii_lowercase();
        let _ = write!(out, " as ({}) {storage}", generated.expr.0);
    }
    out
}

/// The most columns a summary lists.
const COLUMNS: usize = 40;

/// A table at a glance.
pub(crate) fn table(table: &Table, dialect: Option<&Dialect>) -> String {
    let mut lines = columns(&table.columns, dialect);
    if let Some(key) = &table.primary_key {
        lines.push(format!("primary key ({})", parts(&key.parts)));
    }
    lines.extend(table.foreign_keys.iter().map(foreign_key));
    lines.extend(table.indexes.iter().map(index));
    lines.extend(table.checks.iter().map(|check| match &check.name {
        Some(name) => format!("constraint {name} check ({})", check.expr.0),
        None => format!("check ({})", check.expr.0),
    }));
    let mut out = fenced(&format!("table {}", table.name), &lines);
    comment(&mut out, table.comment.as_deref());
    out
}

/// A view at a glance.
pub(crate) fn view(view: &View, dialect: Option<&Dialect>) -> String {
    let mut out = fenced(&format!("view {}", view.name), &columns(&view.columns, dialect));
    let body = view.body.trim();
    if !body.is_empty() {
        let _ = write!(out, "\n\n```sql\n{}\n```", cut(body, 20));
    }
    comment(&mut out, view.comment.as_deref());
    out
}

/// A trigger: what it is on, and its text.
pub(crate) fn trigger(trigger: &Trigger) -> String {
    format!("**trigger {}** on {}\n\n```sql\n{}\n```", trigger.name, trigger.on, cut(trigger.body.trim(), 20))
}

/// A column of a table or view.
pub(crate) fn column(
    owner: &str,
    column: &Column,
    table: Option<&Table>,
    dialect: Option<&Dialect>,
) -> String {
    let line = column_line(column, dialect);
    let mut out = format!("```sql\n{}.{} {line}\n```", owner, column.name);
    if let Some(table) = table {
        let in_key =
            |key: &&schema::PrimaryKey| key.parts.iter().any(|part| part.column_name() == Some(&column.name));
        if table.primary_key.as_ref().filter(in_key).is_some() {
            out.push_str("\n\nPart of the primary key.");
        }
        for key in table.foreign_keys.iter().filter(|key| key.columns.contains(&column.name)) {
            let _ = write!(out, "\n\nRefers to `{}`.", target(key));
        }
        let indexes: Vec<&str> = table
            .indexes
            .iter()
            .filter(|index| index.parts.iter().any(|part| part.column_name() == Some(&column.name)))
            .map(|index| index.name.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        if !indexes.is_empty() {
            let _ = write!(out, "\n\nIndexed by `{}`.", indexes.join("`, `"));
        }
    }
    comment(&mut out, column.comment.as_deref());
    out
}

/// An index in one line.
pub(crate) fn index(index: &Index) -> String {
    let unique = if index.unique { "unique " } else { "" };
    let space = if index.name.is_empty() { "" } else { " " };
    let mut out = format!("{unique}index{space}{} ({})", index.name, parts(&index.parts));
    if let Some(predicate) = &index.predicate {
        let _ = write!(out, " where {}", predicate.0);
    }
    out
}

/// A foreign key in one line.
pub(crate) fn foreign_key(key: &ForeignKey) -> String {
    let mut out = String::new();
    if let Some(name) = &key.name {
        let _ = write!(out, "constraint {name} ");
    }
    let _ = write!(out, "foreign key ({}) references {}", key.columns.join(", "), target(key));
    let action = |out: &mut String, word: &str, action: Option<ReferenceAction>| {
        if let Some(action) = action.filter(|action| *action != ReferenceAction::NoAction) {
            let _ = write!(out, " {word} {}", action.sql().to_ascii_lowercase());
        }
    };
    action(&mut out, "on update", key.on_update);
    action(&mut out, "on delete", key.on_delete);
    out
}

fn target(key: &ForeignKey) -> String {
    format!("{} ({})", key.ref_table, key.ref_columns.join(", "))
}

/// The parts of a key or index in one line.
pub(crate) fn parts(parts: &[schema::IndexPart]) -> String {
    let part = |part: &schema::IndexPart| {
        let desc = if part.desc { " desc" } else { "" };
        match &part.of {
            PartOf::Column(name) => format!("{name}{desc}"),
            PartOf::Expr(expr) => format!("({}){desc}", expr.0.trim_start_matches('(').trim_end_matches(')')),
        }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn columns(columns: &[Column], dialect: Option<&Dialect>) -> Vec<String> {
    let width = columns.iter().take(COLUMNS).map(|column| column.name.chars().count()).max().unwrap_or(0);
    let line = |column: &Column| {
        let line = format!("{:width$} {}", column.name, column_line(column, dialect));
        line.trim_end().to_owned()
    };
    let mut lines: Vec<String> = columns.iter().take(COLUMNS).map(line).collect();
    if columns.len() > COLUMNS {
        lines.push(format!("-- and {} more columns", columns.len() - COLUMNS));
    }
    lines
}

fn fenced(head: &str, lines: &[String]) -> String {
    let mut out = format!("```sql\n{head}");
    if !lines.is_empty() {
        let _ = write!(out, " (\n  {}\n)", lines.join(",\n  "));
    }
    out.push_str("\n```");
    out
}

fn comment(out: &mut String, comment: Option<&str>) {
    if let Some(comment) = comment.filter(|comment| !comment.is_empty()) {
        let _ = write!(out, "\n\n{comment}");
    }
}

/// The first `lines` lines.
fn cut(text: &str, lines: usize) -> String {
    let mut out: Vec<&str> = text.lines().take(lines).collect();
    if text.lines().count() > lines {
        out.push("…");
    }
    out.join("\n")
}
