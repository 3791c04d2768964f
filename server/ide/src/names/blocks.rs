//! Names of a configuration: `var.x`, `local.x`, `data.t.n`, and the blocks they stand for.
//!
//! Told from the trees alone. Also serves schema files of dialects we do not understand, where `table.users` can only
//! mean a block with that label. Invariant: two names are the same when their keys are.

use project::{Role, Snapshot};
use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Block, Item, Variable};
use syntax::hcl::{File, Placed};
use text::{FileId, FileRange, TextRange, TextSize};

use super::{Meaning, Name, is_blocks};

/// Kind and labels: `["data", "sql", "tenants"]`, `["column", "users", "id"]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(pub Vec<SmolStr>);

/// A block or attribute that a name can stand for.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub key: Key,
    pub name: TextRange,
    pub full: TextRange,
}

/// The files that share the names of `file`: a configuration is alone, schema files of one directory are together.
pub(crate) fn together(snapshot: &Snapshot, file: FileId) -> Vec<FileId> {
    let Some(directory) = snapshot.path(file).and_then(|path| path.parent()) else { return vec![file] };
    if snapshot.info(file).role != Role::Schema {
        return vec![file];
    }
    let mut files: Vec<FileId> = snapshot
        .files()
        .into_iter()
        .filter(|other| snapshot.path(*other).and_then(|path| path.parent()).as_ref() == Some(&directory))
        .filter(|other| snapshot.info(*other).role == Role::Schema && is_blocks(snapshot, *other))
        .collect();
    files.sort_unstable();
    files
}

/// Where `key` is defined, in the files that share names with `file`.
pub(crate) fn definition(snapshot: &Snapshot, file: FileId, key: &Key) -> Option<(FileRange, TextRange)> {
    together(snapshot, file).into_iter().find_map(|file| {
        let tree = snapshot.hcl(file)?;
        let found = definitions(&tree).into_iter().find(|definition| definition.key == *key)?;
        Some((FileRange { file, range: found.name }, found.full))
    })
}

/// Every definition of a file.
pub(crate) fn definitions(tree: &File) -> Vec<Definition> {
    let mut found = Vec::new();
    for placed in tree.pieces() {
        let Some(body) = placed.piece.body() else { continue };
        for block in body.blocks() {
            define(&block, None, placed.start, &mut found);
        }
    }
    found
}

/// Every name of a file: definitions, and references to anything that could be defined.
pub(crate) fn names(tree: &File) -> Vec<Name> {
    let mut found: Vec<Name> = definitions(tree)
        .into_iter()
        .map(|definition| Name {
            range: definition.name,
            means: Meaning::Block(definition.key),
            defines: true,
        })
        .collect();
    for placed in tree.pieces() {
        references(placed, &mut found);
    }
    found
}

fn define(block: &Block, table: Option<&SmolStr>, base: TextSize, found: &mut Vec<Definition>) {
    let (Some(kind), Some(body)) = (block.type_name(), block.body()) else { return };
    let kind = kind.text();
    let labels: Vec<_> = block.labels().collect();
    if kind == "locals" {
        for item in body.items() {
            let Item::Attribute(attribute) = item else { continue };
            let Some(name) = attribute.name() else { continue };
            found.push(Definition {
                key: Key(vec!["local".into(), name.text().into()]),
                name: name.range() + base,
                full: attribute.range() + base,
            });
        }
        return;
    }
    let Some(last) = labels.last() else { return };
    let own = SmolStr::from(last.value());
    let key = match (kind, table) {
        ("data", _) => labels.iter().map(|label| SmolStr::from(label.value())).collect::<Vec<_>>(),
        (_, Some(table)) => vec![table.clone(), own.clone()],
        (_, None) => vec![own.clone()],
    };
    let kind = if kind == "variable" { "var" } else { kind };
    let key = Key(std::iter::once(SmolStr::from(kind)).chain(key).collect());
    found.push(Definition { key, name: last.value_range() + base, full: block.range() + base });
    if matches!(kind, "table" | "view" | "materialized") && table.is_none() {
        for inner in body.blocks() {
            define(&inner, Some(&own), base, found);
        }
    }
}

fn references(placed: &Placed, found: &mut Vec<Name>) {
    for node in placed.piece.syntax().descendants() {
        let Some(path) = Variable::cast(node.clone()).and_then(|variable| hcl::path_of(&variable)) else {
            continue;
        };
        let steps: Vec<(&str, TextRange)> = path
            .steps
            .iter()
            .map_while(|(step, range)| step.name().map(|name| (name, *range)))
            .map(|(name, range)| (name, without_dot(name, range) + placed.start))
            .collect();
        let mut add = |range: TextRange, key: &[&str]| {
            let key = Key(key.iter().map(|part| SmolStr::from(*part)).collect());
            found.push(Name { range, means: Meaning::Block(key), defines: false });
        };
        match (path.root.as_str(), steps.as_slice()) {
            (root @ ("var" | "local"), [(name, range), ..]) => add(*range, &[root, name]),
            ("data", [(kind, _), (name, range), ..]) => add(*range, &["data", kind, name]),
            ("column", [(column, range), ..]) => {
                if let Some(table) = table_around(&node) {
                    add(*range, &["column", &table, column]);
                }
            }
            (root, [(table, place), ("column", _), (column, range), ..]) => {
                add(*place, &[root, table]);
                add(*range, &["column", table, column]);
            }
            (root, [(_, _), (table, place), ("column", _), (column, range), ..]) => {
                add(*place, &[root, table]);
                add(*range, &["column", table, column]);
            }
            ("atlas" | "each" | "self", _) => {}
            (root, [.., (name, range)]) => add(*range, &[root, name]),
            (_, []) => {}
        }
    }
}

/// The label of the table around `node`.
fn table_around(node: &syntax::hcl::SyntaxNode) -> Option<String> {
    let block = node.ancestors().filter_map(Block::cast).last()?;
    block.labels().last().map(|label| label.value())
}

/// The name of a step without its dot or brackets.
fn without_dot(name: &str, range: TextRange) -> TextRange {
    let len = TextSize::of(name);
    let extra = range.len().checked_sub(len).unwrap_or_default();
    // `.name` has one mark before, `["name"]` two on each side.
    let before = if extra == TextSize::new(4) { TextSize::new(2) } else { extra.min(TextSize::new(1)) };
    TextRange::at(range.start() + before, len.min(range.len()))
}
