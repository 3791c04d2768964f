//! Hover in HCL: what the grammar declares, what a name stands for, what a function does.

use hcl::spec::{self, AttrType};
use project::Role;
use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Attribute, Block, Body, Call, Expr, Label, Traversal};
use syntax::hcl::{SyntaxKind, SyntaxToken};
use text::{TextRange, TextSize};

use super::{Hover, config, object};
use crate::describe;
use crate::hcl_place::path_of;
use crate::names::{self, Meaning};
use crate::world::World;

pub(super) fn hover(world: &World<'_>, spec: Option<&'static spec::Body>, offset: TextSize) -> Option<Hover> {
    let tree = world.snapshot.hcl(world.file)?;
    let placed = tree.piece_at(offset)?;
    let root = placed.piece.syntax();
    let at = offset.checked_sub(placed.start)?;
    if !root.text_range().contains_inclusive(at) {
        return None;
    }
    let around = root.token_at_offset(at);
    let says = |token: &SyntaxToken| {
        matches!(token.kind(), SyntaxKind::Ident | SyntaxKind::Chunk | SyntaxKind::Escape)
    };
    let token = around.clone().find(says).or_else(|| around.left_biased())?;
    if token.kind().is_trivia() {
        return None;
    }
    let base = placed.start;
    let place = |range: TextRange| range + base;
    let hover = |range: TextRange, markdown: String| Some(Hover::new(place(range), markdown));

    for name in names::at(world.snapshot, world.file, offset) {
        let markdown = match &name.means {
            Meaning::Object(path) => object::describe(world, path),
            Meaning::Block(key) if world.info.role == Role::Config => config::named(world, &key.0),
            _ => None,
        };
        if let Some(markdown) = markdown {
            return Some(Hover::new(name.range, markdown));
        }
    }

    let parent = token.parent()?;
    if let Some((range, names)) = global(&token)
        && let Some(markdown) = config::named(world, &names)
    {
        return hover(range, markdown);
    }
    let blocks = blocks_around(&token);
    let declared = spec.and_then(|spec| declared(spec, &blocks));
    match parent.kind() {
        SyntaxKind::Block if token.kind() == SyntaxKind::Ident => {
            // The block's own name is declared by the body around it.
            let block = Block::cast(parent)?;
            if world.info.role == Role::Config && token.text() == "env" && blocks.len() == 1 {
                let markdown = config::env(world, block.labels().next().map(|label| label.value()))?;
                return hover(block.header_range(), markdown);
            }
            let outer = blocks.get(..blocks.len().checked_sub(1)?)?;
            let place = spec.and_then(|spec| self::declared(spec, outer))?;
            hover(token.text_range(), describe::block(place.body.block(token.text())?))
        }
        SyntaxKind::Label => {
            let label = Label::cast(parent)?;
            label_hover(world, spec?, &blocks, &label)
                .map(|markdown| Hover::new(place(label.range()), markdown))
        }
        SyntaxKind::Attribute if token.kind() == SyntaxKind::Ident => {
            let attribute = declared?.body.attribute(token.text())?;
            hover(token.text_range(), describe::attribute(attribute))
        }
        SyntaxKind::Incomplete if token.kind() == SyntaxKind::Ident => {
            let body = declared?.body;
            let attribute = body.attribute(token.text()).map(describe::attribute);
            hover(token.text_range(), attribute.or_else(|| body.block(token.text()).map(describe::block))?)
        }
        SyntaxKind::Call if token.kind() == SyntaxKind::Ident => {
            let call = Call::cast(parent)?;
            let name = call.full_name();
            if let Some(markdown) = type_name(world, &name, attribute_of(&token, declared)) {
                return hover(call.name_range(), markdown);
            }
            let tables = match world.info.role {
                Role::Config => hcl::functions::PROJECT,
                _ => hcl::functions::SCHEMA,
            };
            let function = hcl::functions::all(tables).find(|function| function.name == name)?;
            hover(call.name_range(), describe::function(function))
        }
        SyntaxKind::Variable | SyntaxKind::Template => {
            let attribute = attribute_of(&token, declared)?;
            let word = attribute.ty.words().into_iter().find(|word| word.name == token.text());
            if let Some(word) = word {
                return hover(token.text_range(), describe::enum_value(word));
            }
            if parent.kind() == SyntaxKind::Variable {
                return hover(token.text_range(), type_name(world, token.text(), Some(attribute))?);
            }
            None
        }
        _ => None,
    }
}

/// The variable or local that a token names or defines, by the words that refer to it.
fn global(token: &SyntaxToken) -> Option<(TextRange, Vec<SmolStr>)> {
    let parent = token.parent()?;
    if let Some(label) = Label::cast(parent.clone()) {
        let block = Block::cast(label.syntax().parent()?)?;
        let is_variable = block.type_name().is_some_and(|name| name.text() == "variable");
        return is_variable.then(|| (label.range(), vec!["var".into(), SmolStr::from(label.value())]));
    }
    if let Some(attribute) = Attribute::cast(parent.clone()) {
        let block = attribute.syntax().parent().and_then(Body::cast)?.block()?;
        let is_local = block.type_name().is_some_and(|name| name.text() == "locals");
        return is_local.then(|| (token.text_range(), vec!["local".into(), SmolStr::from(token.text())]));
    }
    let traversal = parent.ancestors().take(3).find_map(Traversal::cast)?;
    let Some(Expr::Variable(root)) = traversal.root() else { return None };
    let path = hcl::path_of(&root)?;
    let (step, range) = path.steps.first()?;
    let is_global = matches!(path.root.as_str(), "var" | "local");
    let names = is_global.then(|| Some(vec![path.root.clone(), step.name()?.into()]))??;
    let range = path.root_range.cover(*range);
    range.contains_range(token.text_range()).then_some((range, names))
}

/// The blocks around a token, outermost first; its own block is the last one.
fn blocks_around(token: &SyntaxToken) -> Vec<Block> {
    let mut blocks: Vec<Block> = token.parent_ancestors().filter_map(Block::cast).collect();
    blocks.reverse();
    blocks
}

fn declared(spec: &'static spec::Body, blocks: &[Block]) -> Option<spec::Place> {
    let path: Vec<(SmolStr, Option<SmolStr>)> = path_of(blocks);
    spec::lookup(spec, path.iter().map(|(kind, label)| (kind.as_str(), label.as_deref())))
}

/// What is declared for the attribute whose value the token is in.
fn attribute_of(token: &SyntaxToken, declared: Option<spec::Place>) -> Option<&'static spec::Attribute> {
    let attribute = token.parent_ancestors().find_map(Attribute::cast)?;
    declared?.body.attribute(attribute.name()?.text())
}

/// A column type, where one is wanted.
fn type_name(world: &World<'_>, name: &str, attribute: Option<&spec::Attribute>) -> Option<String> {
    let is_type = attribute.is_some_and(|attribute| matches!(attribute.ty, AttrType::Type));
    let dialect = world.dialect.filter(|_| is_type)?;
    let def = engine::types::by_hcl(dialect.types, name)?;
    Some(describe::column_type(def, dialect, true))
}

/// What a label means: a kind of data source, a lint code.
fn label_hover(
    world: &World<'_>,
    spec: &'static spec::Body,
    blocks: &[Block],
    label: &Label,
) -> Option<String> {
    let (block, outer) = blocks.split_last()?;
    let declared = declared(spec, outer)?.body.block(block.type_name()?.text())?;
    let value = label.value();
    if world.info.role == Role::Config && declared.name == "env" {
        return config::env(world, Some(value));
    }
    let index = block.labels().position(|other| other.range() == label.range())?;
    if index == 0
        && let Some(variant) = declared.variants.iter().find(|variant| variant.label == value)
    {
        return Some(format!("**{}** — {}\n\n{}", variant.label, declared.name, variant.doc));
    }
    let name = declared.labels.names.get(index)?;
    if name.name == "code" {
        let mut dialects = world.snapshot.dialects.iter();
        let (analyzer, doc) = dialects.find_map(|dialect| engine::lint::find_code(dialect.lint, &value))?;
        return Some(format!("**{}** ({}): {}\n\n{}", doc.code, analyzer.name, doc.title, doc.doc));
    }
    (!name.doc.is_empty()).then(|| format!("**{}** — label of {}\n\n{}", name.name, declared.name, name.doc))
}
