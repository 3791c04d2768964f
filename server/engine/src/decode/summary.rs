//! What a piece declares, read from its syntax alone: the names others may refer to.
//!
//! No evaluation happens here, so a summary depends on nothing but the text of its piece.

use schema::SmolStr;
use syntax::hcl::ast::{AstNode, Block, Expr, Item};
use syntax::hcl::{Piece, codes};
use text::TextRange;

use crate::Dialect;

/// The declarations of a piece.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub tables: Vec<TableNames>,
    pub schemas: Vec<SchemaNames>,
    /// Variables and locals: what one piece changes there, all others may see.
    pub globals: bool,
    /// The syntax is broken, so that nothing may be concluded from what is missing in it.
    pub broken: bool,
    /// Whole blocks may have been swallowed.
    pub swallowed: bool,
    /// The labels of blocks whose type is no type: what they were meant to be is not known, their names are.
    pub unknown: Vec<SmolStr>,
    /// Blocks at the top level.
    pub blocks: u32,
}

/// What others can refer to of an object: of a table or view with its columns, of a type, a function.
#[derive(Debug)]
pub(super) struct TableNames {
    pub kind: Kind,
    /// It lies in no schema: an extension, a role.
    pub of_realm: bool,
    /// The first of two labels.
    pub qualifier: Option<SmolStr>,
    pub name: SmolStr,
    /// The label behind `schema.`, where it is written as such.
    pub schema: Option<SmolStr>,
    pub columns: Vec<SmolStr>,
    /// Whether the columns are all there is.
    pub complete: bool,
}

/// A kind of object, by the word of its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind(pub &'static str);

/// A `schema` block.
#[derive(Debug)]
pub(super) struct SchemaNames {
    pub label: SmolStr,
    /// The label, or what the attribute `name` says.
    pub name: SmolStr,
    /// It takes variables to know the attribute `name`.
    pub computed: bool,
}

impl Kind {
    pub const TABLE: Kind = Kind("table");

    /// The kind of object blocks of this word define in `dialect`; `None` for those that define none others can
    /// refer to.
    pub fn of(word: &str, dialect: &Dialect) -> Option<Self> {
        if matches!(word, "variable" | "locals" | "data" | "schema") {
            return None;
        }
        let block = dialect.spec.block(word)?;
        (block.labels.max > 0).then_some(Kind(block.name))
    }

    pub fn word(self) -> &'static str {
        self.0
    }

    /// Whether objects of this kind have columns.
    pub fn is_relation(self) -> bool {
        matches!(self.0, "table" | "view" | "materialized")
    }

    /// Whether objects of this kind lie in no schema: nothing in their block says which.
    fn is_of_realm(self, dialect: &Dialect) -> bool {
        dialect.spec.block(self.0).is_some_and(|block| {
            let body = block.body;
            body.attribute("schema").is_none_or(|schema| !schema.required)
                && body.attribute("on").is_none_or(|on| on.ty.kinds().is_empty())
        })
    }
}

impl Summary {
    pub fn of(piece: &Piece, dialect: &Dialect) -> Self {
        let mut summary = Summary { broken: !piece.errors().is_empty(), ..Self::default() };
        summary.swallowed = piece.errors().iter().any(|error| {
            [
                codes::UNCLOSED,
                codes::UNOPENED,
                codes::UNCLOSED_STRING,
                codes::UNCLOSED_HEREDOC,
                codes::UNCLOSED_COMMENT,
                codes::MISSING_BODY,
                codes::UNEXPECTED,
            ]
            .contains(&error.code)
        });
        let Some(body) = piece.body() else { return summary };
        for item in body.items() {
            match item {
                Item::Block(block) => {
                    summary.blocks += 1;
                    summary.block(&block, dialect);
                }
                Item::Incomplete(_) => summary.swallowed = true,
                Item::Attribute(_) => {}
            }
        }
        summary
    }

    fn block(&mut self, block: &Block, dialect: &Dialect) {
        let Some(word) = block.type_name() else { return };
        match word.text() {
            "variable" | "locals" | "data" => self.globals = true,
            "schema" => {
                let Some(label) = block.labels().next() else {
                    self.swallowed = true;
                    return;
                };
                let label_text = SmolStr::from(label.value());
                let written = block.body().and_then(|body| body.attribute("name")?.expr());
                let plain = written.as_ref().and_then(Expr::as_plain_string);
                let computed = written.is_some() && plain.is_none();
                let name = plain.map_or_else(|| label_text.clone(), SmolStr::from);
                self.schemas.push(SchemaNames { label: label_text, name, computed });
            }
            word => {
                let labels: Vec<_> = block.labels().collect();
                let Some(kind) = Kind::of(word, dialect) else {
                    if dialect.spec.block(word).is_none() {
                        self.unknown.extend(labels.iter().map(|label| SmolStr::from(label.value())));
                        // It may have been a variable.
                        self.globals = true;
                    }
                    return;
                };
                let (qualifier, label) = match labels.as_slice() {
                    [] => {
                        self.swallowed = true;
                        return;
                    }
                    [name] => (None, name),
                    [qualifier, .., name] => (Some(SmolStr::from(qualifier.value())), name),
                };
                let body = block.body();
                let schema = body.as_ref().and_then(|body| schema_label(&body.attribute("schema")?.expr()?));
                let (columns, named) =
                    if kind.is_relation() { column_names(block, dialect) } else { (Vec::new(), true) };
                // The columns of a view need not be written; `as` says what they are.
                let complete = kind == Kind::TABLE && !self.broken && named;
                self.tables.push(TableNames {
                    kind,
                    of_realm: kind.is_of_realm(dialect),
                    qualifier,
                    name: label.value().into(),
                    schema,
                    columns,
                    complete,
                });
            }
        }
    }
}

/// The columns a table or view declares, and whether all of them have a name.
///
/// A block of a misspelt type may be a column, so its label counts as the name of one.
pub(super) fn column_names(block: &Block, dialect: &Dialect) -> (Vec<SmolStr>, bool) {
    let spec = block.type_name().and_then(|word| dialect.spec.block(word.text()));
    let mut named = true;
    let mut columns = Vec::new();
    for inner in block.body().into_iter().flat_map(|body| body.blocks().collect::<Vec<_>>()) {
        let Some(word) = inner.type_name() else { continue };
        let known = spec.is_some_and(|spec| spec.body.block(word.text()).is_some());
        if known && word.text() != "column" {
            continue;
        }
        match inner.labels().next() {
            Some(label) => columns.push(label.value().into()),
            None => named &= word.text() != "column",
        }
    }
    (columns, named)
}

/// `main` of `schema.main`.
fn schema_label(expr: &Expr) -> Option<SmolStr> {
    let Expr::Traversal(traversal) = expr else { return None };
    let Some(Expr::Variable(root)) = traversal.root() else { return None };
    let path = hcl::path_of(&root)?;
    let mut names = path.names();
    (names.next() == Some("schema")).then(|| names.next().map(SmolStr::from)).flatten()
}

/// The text between the quotes of a label, or the label itself.
pub(super) fn block_name_range(block: &Block) -> TextRange {
    block.labels().last().map_or_else(|| header_range(block), |label| label.value_range())
}

/// The type and labels of a block.
pub(super) fn header_range(block: &Block) -> TextRange {
    let header = block.header_range();
    if header.is_empty() { block.type_name().map_or(block.range(), |word| word.range()) } else { header }
}
