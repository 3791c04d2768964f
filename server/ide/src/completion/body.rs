//! Attributes, blocks and labels that a body may still have.

use hcl::spec::{AttrType, Attribute, Block, Body, Content, Status};
use syntax::hcl::ast;
use syntax::hcl::ast::Item as Node;
use text::{TextRange, TextSize};

use super::hcl::Cx;
use super::item::{Rank, escape};
use super::{Item, ItemKind};
use crate::describe;

/// The blocks of a file without a character.
pub(super) fn empty_file(spec: &'static Body, offset: TextSize) -> Vec<Item> {
    let range = TextRange::empty(offset);
    spec.blocks.iter().map(|declared| block(declared, range, true)).collect()
}

/// What may stand at an item; `alone` when nothing follows on the line.
pub(super) fn complete(cx: &Cx<'_>, word: TextRange, alone: bool) -> Vec<Item> {
    let Some(place) = cx.declared else { return Vec::new() };
    let range = cx.file(word);
    let written = Written::of(&cx.spot.body, word);
    let mut items = Vec::new();
    for declared in place.body.attributes {
        let there = written.has(declared.name) || declared.aliases.iter().any(|alias| written.has(alias));
        if !there && !written.excludes(place.body, declared.name) {
            items.push(attribute(declared, range, alone));
        }
    }
    for declared in place.body.blocks {
        let there = !declared.repeatable && written.has(declared.name);
        if !there && !written.excludes(place.body, declared.name) {
            items.push(block(declared, range, alone));
        }
    }
    // Among the names of a set of which one is needed, none is more needed than the others.
    for set in place.body.one_of.iter().filter(|set| !set.iter().any(|name| written.has(name))) {
        let in_set = |item: &&mut Item| set.contains(&item.label.as_str());
        items.iter_mut().filter(in_set).for_each(|item| item.rank(Rank::First));
    }
    items
}

/// The names of items in a body, but for the one at the cursor.
struct Written(Vec<String>);

impl Written {
    fn of(body: &ast::Body, word: TextRange) -> Self {
        let name = |item: Node| {
            let name = match item {
                Node::Attribute(attribute) => attribute.name(),
                Node::Block(block) => block.type_name(),
                Node::Incomplete(_) => None,
            }?;
            (name.range() != word || word.is_empty()).then(|| name.text().to_owned())
        };
        Self(body.items().filter_map(name).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|written| written == name)
    }

    /// Whether something is written that `name` may not stand beside.
    fn excludes(&self, body: &Body, name: &str) -> bool {
        let mut sets = body.exclusive.iter().filter(|set| set.contains(&name));
        sets.any(|set| set.iter().any(|other| *other != name && self.has(other)))
    }
}

fn attribute(declared: &'static Attribute, range: TextRange, alone: bool) -> Item {
    let rank = rank(declared.required, declared.status, declared.deprecated.is_some());
    let required = if declared.required { ", required" } else { "" };
    let mut item = Item::new(ItemKind::Attribute, declared.name, range, rank)
        .detail(format!("{}{required}", short(&declared.ty)))
        .doc(describe::attribute(declared));
    item.deprecated = declared.deprecated.is_some();
    if alone {
        let (value, again) = value(declared, 0);
        item = item.snippet(format!("{} = {value}", declared.name));
        item.trigger_again = again;
    }
    item
}

/// The type as few words.
fn short(ty: &AttrType) -> String {
    match ty {
        AttrType::Enum(_) => "enum".into(),
        AttrType::OneOf(types) => types.iter().map(short).collect::<Vec<_>>().join(" or "),
        _ => ty.describe(),
    }
}

/// A snippet of a value with its tab stop, and whether completion has something to say there.
fn value(declared: &Attribute, stop: usize) -> (String, bool) {
    if declared.content == Content::Sql && declared.required && declared.name == "as" {
        return (format!("<<-SQL\n  ${stop}\nSQL"), false);
    }
    let knows_text = !matches!(declared.content, Content::Plain | Content::Regex | Content::Template);
    match &declared.ty {
        AttrType::String => (format!("\"${stop}\""), knows_text),
        AttrType::List(AttrType::String) => (format!("[\"${stop}\"]"), knows_text),
        AttrType::List(_) => (format!("[${stop}]"), true),
        AttrType::Map(_) => (format!("{{\n  ${stop}\n}}"), false),
        AttrType::OneOf(types) if matches!(types.first(), Some(AttrType::String)) => {
            (format!("\"${stop}\""), knows_text)
        }
        AttrType::Any | AttrType::Int | AttrType::Number => (format!("${stop}"), false),
        _ => (format!("${stop}"), true),
    }
}

fn block(declared: &'static Block, range: TextRange, alone: bool) -> Item {
    let rank = rank(declared.required, declared.status, declared.deprecated.is_some());
    let mut item =
        Item::new(ItemKind::Block, declared.name, range, rank).detail("block").doc(describe::block(declared));
    item.deprecated = declared.deprecated.is_some();
    if alone {
        item = item.snippet(block_text(declared));
    }
    item
}

fn rank(required: bool, status: Status, deprecated: bool) -> Rank {
    match (required, status, deprecated) {
        (_, _, true) => Rank::Last,
        (true, ..) => Rank::First,
        (_, Status::Executed, _) => Rank::Usual,
        (_, Status::Accepted, _) => Rank::Later,
    }
}

/// The block with its labels and required attributes as tab stops.
fn block_text(declared: &'static Block) -> String {
    let mut text = declared.name.to_owned();
    let mut stop = 0;
    // A name that may be left out is mostly given to blocks of which there are many.
    let named =
        declared.repeatable && declared.labels.names.first().is_some_and(|label| label.name == "name");
    for at in 0..declared.labels.min.max(usize::from(named)) {
        stop += 1;
        let name = declared.labels.names.get(at).map_or("", |label| label.name);
        text.push_str(&format!(" \"${{{stop}:{}}}\"", escape(name)));
    }
    text.push_str(" {\n");
    // What the body needs depends on the label where there are variants.
    let required: Vec<&Attribute> = match declared.variants {
        [] => declared.body.attributes.iter().filter(|it| it.required).collect(),
        _ => Vec::new(),
    };
    let width = required.iter().map(|it| it.name.len()).max().unwrap_or(0);
    for attribute in &required {
        stop += 1;
        let value = value(attribute, stop).0.replace('\n', "\n  ");
        text.push_str(&format!("  {:width$} = {value}\n", attribute.name));
    }
    text.push_str(if required.is_empty() { "  $0\n}" } else { "}$0" });
    text
}

/// What may stand in the `index`th label of a block of type `kind`.
pub(super) fn labels(cx: &Cx<'_>, kind: &str, index: usize, range: TextRange, quoted: bool) -> Vec<Item> {
    let Some(declared) = cx.declared.and_then(|place| place.body.block(kind)) else { return Vec::new() };
    if index >= declared.labels.max {
        return Vec::new();
    }
    let range = cx.file(range);
    let label = declared.labels.names.get(index);
    let mut found: Vec<(String, String)> = Vec::new();
    if index == 0 {
        found.extend(declared.variants.iter().map(|it| (it.label.to_owned(), it.doc.to_owned())));
    }
    match label.map(|label| (label.name, label.doc)) {
        Some(("driver", _)) => {
            found.extend(cx.world.drivers().into_iter().map(|it| (it.to_owned(), String::new())))
        }
        Some(("code", _)) => found.extend(codes(cx)),
        Some((_, doc)) => {
            // A label with a fixed set of words names them in its documentation, in backticks.
            let words = doc.split('`').skip(1).step_by(2).filter(|word| word.chars().all(is_word));
            found.extend(words.map(|word| (word.to_owned(), String::new())));
        }
        None => {}
    }
    if kind == "schema" && !cx.is_config() {
        found.extend(
            cx.world.dialect.and_then(|it| it.default_schema).map(|it| (it.to_owned(), String::new())),
        );
    }
    found
        .into_iter()
        .map(|(word, doc)| {
            let text = if quoted { word.clone() } else { format!("\"{word}\"") };
            Item::new(ItemKind::Label, word, range, Rank::First).doc(doc).insert(text)
        })
        .collect()
}

fn is_word(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '_'
}

/// The codes of every analyzer we have.
fn codes(cx: &Cx<'_>) -> Vec<(String, String)> {
    let mut codes: Vec<(String, String)> = cx
        .world
        .snapshot
        .dialects
        .iter()
        .flat_map(|dialect| dialect.lint)
        .flat_map(|analyzer| analyzer.codes)
        .map(|doc| (doc.code.to_owned(), format!("{}\n\n{}", doc.title, doc.doc)))
        .collect();
    codes.sort();
    codes.dedup();
    codes
}
