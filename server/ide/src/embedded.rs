//! SQL inside HCL strings: views, trigger bodies, expressions, queries of data sources.
//!
//! A string that is not a statement by itself is put into one, so that the same parser and the same names serve it:
//! an expression becomes the only column of a query on its own table. Invariant: no place outside the string is ever
//! reported, whatever was put around it.

use project::Snapshot;
use syntax::hcl::ast::{Block, Body, Embedded, Expr, Item, TemplatePart};
use syntax::hcl::{Placed, SyntaxKind};
use syntax::sql::context::{around_expression, around_trigger_body};
use text::{FileId, Text, TextRange, TextSize};

use crate::trees;

/// The SQL in one string.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What stands between the quotes or the heredoc's marks, in the file.
    pub source: TextRange,
    /// The statement made of it.
    pub tree: syntax::sql::File,
    /// Whether parts of it are computed, so that its text is not known.
    pub computed: bool,
    embedded: Embedded,
    base: TextSize,
    /// What of the statement is the string's.
    own: TextRange,
}

impl Part {
    /// The place in the file of `range` in the tree; `None` when it is not the string's.
    pub fn place(&self, range: TextRange) -> Option<TextRange> {
        let own = self.own.contains_range(range);
        own.then(|| self.embedded.range_to_source(range - self.own.start()) + self.base)
    }

    /// The place in the tree of `offset` in the file.
    pub fn offset(&self, offset: TextSize) -> Option<TextSize> {
        let inside = offset.checked_sub(self.base)?;
        self.embedded.to_text(inside).map(|at| at + self.own.start())
    }

    /// The ranges of the tree around `offset`, in the file.
    pub fn around(&self, offset: TextSize) -> Vec<TextRange> {
        let Some(at) = self.offset(offset) else { return Vec::new() };
        let Some(placed) = self.tree.piece_at(at) else { return Vec::new() };
        let ranges = crate::selection::sql_around(&placed.piece.syntax(), at - placed.start);
        ranges.into_iter().filter_map(|range| self.place(range + placed.start)).collect()
    }
}

/// What a string of SQL is a piece of.
enum Form {
    Statement,
    Expression,
    TriggerBody,
}

/// The SQL strings in one piece of an HCL file.
pub(crate) fn in_piece(snapshot: &Snapshot, file: FileId, placed: &Placed) -> Vec<Part> {
    // Most blocks hold none, and looking for these words is much cheaper than walking the tree.
    let text = placed.piece.text();
    if !["as", "expr", "where", "when", "query"].iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let grammar = trees::grammar(snapshot, file);
    let mut found = Vec::new();
    if let Some(body) = placed.piece.body() {
        collect(&body, &[], &mut |expr, form, table| {
            found.extend(part(expr, form, table, placed.start, grammar));
        });
    }
    found
}

/// Calls `found` for every string that holds SQL, with the table it is about.
fn collect(body: &Body, outer: &[Block], found: &mut dyn FnMut(&Expr, Form, Option<String>)) {
    for item in body.items() {
        match item {
            Item::Block(block) => {
                let Some(inner) = block.body() else { continue };
                let mut path = outer.to_vec();
                path.push(block);
                collect(&inner, &path, found);
            }
            Item::Attribute(attribute) => {
                let (Some(name), Some(expr)) = (attribute.name(), attribute.expr()) else { continue };
                if let Some(form) = form(outer, name.text()) {
                    found(&expr, form, table(outer));
                }
            }
            Item::Incomplete(_) => {}
        }
    }
}

fn form(outer: &[Block], attribute: &str) -> Option<Form> {
    let kind = |block: &Block| block.type_name().map(|name| name.text().to_owned()).unwrap_or_default();
    let (first, last) = (outer.first().map(kind)?, outer.last().map(kind)?);
    match (first.as_str(), last.as_str(), attribute) {
        ("view" | "materialized", "view" | "materialized", "as") => Some(Form::Statement),
        ("trigger", "trigger", "as") => Some(Form::TriggerBody),
        ("table", "column", "as") | ("table", "as" | "check" | "on", "expr") => Some(Form::Expression),
        ("table", "index", "where") | ("trigger", "trigger", "when") => Some(Form::Expression),
        ("data", "data", "query") => Some(Form::Statement),
        _ => None,
    }
}

/// The table a string is about: the one it stands in, the one a trigger is on.
fn table(outer: &[Block]) -> Option<String> {
    let first = outer.first()?;
    match first.type_name()?.text() {
        "table" => first.labels().last().map(|label| label.value()),
        "trigger" => {
            let on = first.body()?.attribute("on")?.expr()?;
            let path = hcl::references(&on).into_iter().next()?;
            path.names().last().map(str::to_owned)
        }
        _ => None,
    }
}

fn part(
    expr: &Expr,
    form: Form,
    table: Option<String>,
    base: TextSize,
    grammar: &'static syntax::sql::Grammar,
) -> Option<Part> {
    let is_computed = |parts: Vec<TemplatePart>| {
        parts.iter().any(|part| {
            matches!(part, TemplatePart::Interpolation(_) | TemplatePart::If(_) | TemplatePart::For(_))
        })
    };
    let (embedded, source, computed) = match expr {
        Expr::Template(template) => {
            (template.embedded(), template.content_range(), is_computed(template.parts().collect()))
        }
        Expr::Heredoc(heredoc) => {
            (heredoc.embedded(), heredoc.content_range(), is_computed(heredoc.parts().collect()))
        }
        // `sql("…")` says in SQL what HCL cannot.
        Expr::Call(call) if call.full_name() == "sql" => {
            return part(&call.args().next()?, form, table, base, grammar);
        }
        _ => return None,
    };
    let quoted = table.map(|table| format!("\"{}\"", table.replace('"', "\"\"")));
    let (before, after) = match form {
        Form::Statement => (String::new(), String::new()),
        Form::Expression => around_expression(quoted.as_deref()),
        Form::TriggerBody => around_trigger_body(&embedded.text, quoted.as_deref()),
    };
    let own = TextRange::at(TextSize::of(before.as_str()), TextSize::of(embedded.text.as_str()));
    let text = Text::new(&format!("{before}{}{after}", embedded.text));
    let tree = syntax::sql::File::parse(&text, grammar, None);
    Some(Part { source: source + base, tree, computed, embedded, base, own })
}

/// Whether a token of this kind belongs to a string's content.
pub(crate) fn is_content(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::Chunk | SyntaxKind::Escape | SyntaxKind::HeredocIndent)
}
