//! The outline of a file: what it defines, as a tree.
//!
//! Made from the trees alone, so that a file of any dialect has one. Invariant: a symbol's name lies in its range, and
//! its children lie in it too.

use project::{Parsed, Snapshot};
use syntax::hcl::ast::{AstNode, Block, Body, Item};
use syntax::sql::ast::{self, Statement};
use text::{FileId, TextRange, TextSize};

use crate::{migrations, trees};

/// A named thing in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// A few words more: a column's type, an index's table. May be empty.
    pub detail: String,
    pub kind: SymbolKind,
    pub range: TextRange,
    /// Its name, within `range`.
    pub selection: TextRange,
    pub children: Vec<Symbol>,
}

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    Schema,
    Table,
    View,
    Column,
    PrimaryKey,
    ForeignKey,
    Index,
    Check,
    Trigger,
    Routine,
    Enum,
    Env,
    Variable,
    Data,
    /// Any other block.
    Block,
    Attribute,
    /// A statement that defines nothing.
    Statement,
}

/// The symbols of `file`, in the order of the text.
pub fn document_symbols(snapshot: &Snapshot, file: FileId) -> Vec<Symbol> {
    match trees::tree(snapshot, file) {
        Some(Parsed::Hcl(tree)) => {
            let pieces = tree.pieces().iter();
            pieces
                .filter_map(|placed| Some((placed.piece.body()?, placed.start)))
                .flat_map(|(body, base)| body_symbols(&body, base, true))
                .collect()
        }
        Some(Parsed::Sql(tree)) => {
            let pieces = tree.pieces().iter();
            let symbols =
                pieces.filter_map(|placed| statement_symbol(&placed.piece.statement()?, placed.start));
            in_sections(migrations::sections(snapshot, file), symbols.collect())
        }
        None => Vec::new(),
    }
}

/// The symbols below the sections they stand in.
fn in_sections(sections: Vec<(String, TextRange, TextRange)>, symbols: Vec<Symbol>) -> Vec<Symbol> {
    let section = |(name, selection, range): (String, TextRange, TextRange)| Symbol {
        name,
        detail: "section".to_owned(),
        kind: SymbolKind::Block,
        range,
        selection,
        children: Vec::new(),
    };
    let mut found: Vec<Symbol> = sections.into_iter().map(section).collect();
    let mut outside = Vec::new();
    for symbol in symbols {
        // A statement's comments may begin with the line that begins its section.
        match found.iter_mut().find(|section| section.range.contains_range(symbol.selection)) {
            Some(section) => {
                let range = symbol.range.intersect(section.range).unwrap_or(symbol.selection);
                section.children.push(Symbol { range, ..symbol });
            }
            None => outside.push(symbol),
        }
    }
    outside.extend(found);
    outside.sort_by_key(|symbol| symbol.range.start());
    outside
}

fn body_symbols(body: &Body, base: TextSize, top: bool) -> Vec<Symbol> {
    body.items()
        .filter_map(|item| match item {
            Item::Block(block) => block_symbol(&block, base),
            Item::Attribute(attribute) if top => {
                let name = attribute.name()?;
                Some(Symbol {
                    name: name.text().to_owned(),
                    detail: String::new(),
                    kind: SymbolKind::Attribute,
                    range: attribute.range() + base,
                    selection: name.range() + base,
                    children: Vec::new(),
                })
            }
            _ => None,
        })
        .collect()
}

fn block_symbol(block: &Block, base: TextSize) -> Option<Symbol> {
    let kind_name = block.type_name()?;
    let labels: Vec<_> = block.labels().collect();
    let kind = block_kind(kind_name.text());
    let selection = labels.last().map_or(kind_name.range(), |label| label.range());
    let name = match labels.as_slice() {
        [] => kind_name.text().to_owned(),
        labels => labels.iter().map(|label| label.value()).collect::<Vec<_>>().join("."),
    };
    let name = if name.trim().is_empty() { kind_name.text().to_owned() } else { name };
    let detail = match (kind, labels.is_empty()) {
        (SymbolKind::Column, _) => type_of(block).unwrap_or_else(|| "column".to_owned()),
        (_, true) => String::new(),
        _ => kind_name.text().replace('_', " "),
    };
    // The attributes of `locals` are what others refer to.
    let locals = kind_name.text() == "locals";
    let children = block.body().map(|body| body_symbols(&body, base, locals)).unwrap_or_default();
    Some(Symbol { name, detail, kind, range: block.range() + base, selection: selection + base, children })
}

fn type_of(block: &Block) -> Option<String> {
    let ty = block.body()?.attribute("type")?.expr()?;
    Some(ty.syntax().text().to_string().trim().to_owned())
}

pub(crate) fn block_kind(kind: &str) -> SymbolKind {
    match kind {
        "schema" => SymbolKind::Schema,
        "table" => SymbolKind::Table,
        "view" | "materialized" => SymbolKind::View,
        "column" => SymbolKind::Column,
        "primary_key" => SymbolKind::PrimaryKey,
        "foreign_key" => SymbolKind::ForeignKey,
        "index" | "unique" => SymbolKind::Index,
        "check" => SymbolKind::Check,
        "trigger" | "event_trigger" => SymbolKind::Trigger,
        "function" | "procedure" | "aggregate" => SymbolKind::Routine,
        "enum" | "domain" | "composite" => SymbolKind::Enum,
        "env" => SymbolKind::Env,
        "variable" | "locals" => SymbolKind::Variable,
        "data" => SymbolKind::Data,
        _ => SymbolKind::Block,
    }
}

fn statement_symbol(statement: &Statement, base: TextSize) -> Option<Symbol> {
    let range = statement.range() + base;
    let symbol = |path: Option<ast::Path>, kind: SymbolKind, detail: String, children: Vec<Symbol>| {
        let name = path?.name;
        named(&name, detail, kind, range, base, children)
    };
    match statement {
        Statement::CreateTable(create) => {
            symbol(create.path(), SymbolKind::Table, "table".to_owned(), table_children(create, base))
        }
        Statement::CreateVirtualTable(create) => {
            let module = create.module().map(|name| format!("virtual table, {}", name.text));
            symbol(create.path(), SymbolKind::Table, module.unwrap_or_default(), Vec::new())
        }
        Statement::CreateView(create) => {
            symbol(create.path(), SymbolKind::View, "view".to_owned(), Vec::new())
        }
        Statement::CreateIndex(create) => {
            let on = create.table().map(|name| format!("index on {}", name.text)).unwrap_or_default();
            symbol(create.path(), SymbolKind::Index, on, Vec::new())
        }
        Statement::CreateTrigger(create) => {
            let on = create.table().map(|name| format!("trigger on {}", name.text)).unwrap_or_default();
            symbol(create.path(), SymbolKind::Trigger, on, Vec::new())
        }
        Statement::AlterTable(alter) => {
            let what = match alter.action() {
                Some(ast::AlterAction::RenameTable(_)) => "rename",
                Some(ast::AlterAction::RenameColumn(_)) => "rename column",
                Some(ast::AlterAction::AddColumn(_)) => "add column",
                Some(ast::AlterAction::DropColumn(_)) => "drop column",
                Some(ast::AlterAction::AddConstraint(_)) => "add constraint",
                Some(ast::AlterAction::DropConstraint(_)) => "drop constraint",
                Some(ast::AlterAction::RenameConstraint(_)) => "rename constraint",
                Some(ast::AlterAction::AlterColumn(_)) => "alter column",
                Some(ast::AlterAction::Other(_)) | None => "alter",
            };
            symbol(alter.path(), SymbolKind::Statement, what.to_owned(), Vec::new())
        }
        Statement::Drop(drop) => {
            let what = match drop.kind() {
                Some(ast::ObjectKind::Table) => "drop table",
                Some(ast::ObjectKind::Index) => "drop index",
                Some(ast::ObjectKind::View) => "drop view",
                Some(ast::ObjectKind::Trigger) => "drop trigger",
                None => "drop",
            };
            symbol(drop.path(), SymbolKind::Statement, what.to_owned(), Vec::new())
        }
        Statement::CreateObject(create) => {
            let what = create.kind().to_lowercase();
            symbol(create.path(), SymbolKind::Statement, what, Vec::new())
        }
        Statement::AlterObject(alter) => {
            let what = format!("alter {}", alter.kind().to_lowercase());
            symbol(alter.path(), SymbolKind::Statement, what, Vec::new())
        }
        Statement::DropObject(drop) => {
            let what = format!("drop {}", drop.kind().to_lowercase());
            symbol(drop.path(), SymbolKind::Statement, what, Vec::new())
        }
        Statement::CommentOn(comment) => {
            symbol(comment.path(), SymbolKind::Statement, "comment".to_owned(), Vec::new())
        }
        _ => None,
    }
}

fn named(
    name: &ast::Name,
    detail: String,
    kind: SymbolKind,
    range: TextRange,
    base: TextSize,
    children: Vec<Symbol>,
) -> Option<Symbol> {
    let text = name.text.trim();
    (!text.is_empty()).then(|| Symbol {
        name: text.to_owned(),
        detail,
        kind,
        range,
        selection: name.range + base,
        children,
    })
}

fn table_children(create: &ast::CreateTable, base: TextSize) -> Vec<Symbol> {
    let columns = create.columns().filter_map(|column| {
        let ty = column.type_name().map(|ty| ty.text()).unwrap_or_default();
        named(&column.name()?, ty, SymbolKind::Column, column.range() + base, base, Vec::new())
    });
    let constraints = create.constraints().map(|constraint| {
        let (kind, word) = match &constraint {
            ast::TableConstraint::PrimaryKey(_) => (SymbolKind::PrimaryKey, "primary key"),
            ast::TableConstraint::Unique(_) => (SymbolKind::Index, "unique"),
            ast::TableConstraint::Check(_) => (SymbolKind::Check, "check"),
            ast::TableConstraint::ForeignKey(_) => (SymbolKind::ForeignKey, "foreign key"),
            ast::TableConstraint::Exclude(_) => (SymbolKind::Index, "exclude"),
            ast::TableConstraint::NotNull(_) => (SymbolKind::Check, "not null"),
        };
        let range = constraint.range() + base;
        let name = constraint.name().filter(|name| !name.text.trim().is_empty());
        Symbol {
            name: name.as_ref().map_or(word.to_owned(), |name| name.text.to_string()),
            detail: if name.is_some() { word.to_owned() } else { String::new() },
            kind,
            range,
            selection: name.map_or(range, |name| name.range + base),
            children: Vec::new(),
        }
    });
    let mut children: Vec<Symbol> = columns.chain(constraints).collect();
    children.sort_by_key(|child| child.range.start());
    children
}

#[cfg(test)]
mod tests;
