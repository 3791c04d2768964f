//! References: what blocks an attribute may name, and what may follow a dot.

use hcl::spec::Variant;
use schema::{Column, Schema};
use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Block, StepKind, Traversal};
use text::TextRange;

use super::hcl::Cx;
use super::item::Rank;
use super::{Item, ItemKind};
use crate::describe;
use crate::hcl_place::Value;
use crate::world::{Rows, Top, World};

/// A path of names as HCL writes it: `table.users`, `table["odd name"]`.
pub(super) fn path(names: &[&str]) -> String {
    hcl::write::path(names.iter().copied())
}

/// A column of the block around the cursor, as written.
struct Own {
    name: SmolStr,
    ty: String,
}

/// The columns of the table or view the cursor is in; from the text, which is fresher than any state.
fn own_columns(cx: &Cx<'_>) -> Vec<Own> {
    cx.spot.around(&["table", "view", "materialized"]).map(columns_of).unwrap_or_default()
}

fn columns_of(block: &Block) -> Vec<Own> {
    let columns = block.body().into_iter().flat_map(|body| body.blocks());
    columns
        .filter(|block| block.type_name().is_some_and(|name| name.text() == "column"))
        .filter_map(|block| {
            let ty = block.body().and_then(|body| body.attribute("type")).and_then(|it| it.expr());
            let ty = ty.map_or_else(String::new, |expr| expr.syntax().text().to_string().trim().to_owned());
            Some(Own { name: SmolStr::from(block.labels().next()?.value()), ty })
        })
        .collect()
}

/// The names and types of the columns of the table around the cursor, for the SQL in its strings.
pub(super) fn own_names(cx: &Cx<'_>) -> Vec<(SmolStr, String)> {
    own_columns(cx).into_iter().map(|own| (own.name, own.ty)).collect()
}

/// References to blocks of these kinds.
pub(super) fn roots(cx: &Cx<'_>, kinds: &[&str], range: TextRange, items: &mut Vec<Item>) {
    for kind in kinds {
        match *kind {
            "column" => items.extend(own_columns(cx).into_iter().map(|own| {
                Item::new(ItemKind::Column, path(&["column", &own.name]), range, Rank::First).detail(own.ty)
            })),
            "schema" => items.extend(
                schemas(cx.world)
                    .into_iter()
                    .map(|name| Item::new(ItemKind::Schema, path(&["schema", &name]), range, Rank::First)),
            ),
            "table" | "view" => items.extend(objects(cx.world, kind).into_iter().map(|(names, detail)| {
                let names: Vec<&str> =
                    std::iter::once(*kind).chain(names.iter().map(SmolStr::as_str)).collect();
                Item::new(item_kind(kind), path(&names), range, Rank::First).detail(detail)
            })),
            "table.column" | "view.column" => {
                let kind = kind.split('.').next().unwrap_or_default();
                columns_elsewhere(cx, kind, range, items);
            }
            "data" => items.extend(data_items(cx, range)),
            kind => {
                for block in siblings(cx, kind) {
                    if let Some(label) = block.labels().next() {
                        let label = path(&[kind, &label.value()]);
                        items.push(Item::new(ItemKind::Object, label, range, Rank::First).detail(kind));
                    }
                }
            }
        }
    }
}

/// Columns of other tables: of the one the block is on, else a way to each.
fn columns_elsewhere(cx: &Cx<'_>, kind: &str, range: TextRange, items: &mut Vec<Item>) {
    if let Some(on) = trigger_table(cx) {
        let names: Vec<&str> = on.iter().map(SmolStr::as_str).collect();
        if on.first().is_some_and(|root| root == kind)
            && let Some(rows) = names.get(1..).and_then(|names| find(cx.world, kind, names))
        {
            items.extend(rows.columns().iter().map(|column| {
                let names: Vec<&str> = names.iter().copied().chain(["column", &column.name]).collect();
                let detail = describe::column_detail(column, cx.world.dialect);
                Item::new(ItemKind::Column, path(&names), range, Rank::First).detail(detail)
            }));
        }
        return;
    }
    items.extend(objects(cx.world, kind).into_iter().map(|(names, detail)| {
        let names: Vec<&str> = std::iter::once(kind).chain(names.iter().map(SmolStr::as_str)).collect();
        let label = path(&names);
        let text = format!("{label}.column.");
        Item::new(item_kind(kind), label, range, Rank::Usual).detail(detail).insert(text).again()
    }));
}

/// The path behind `on` of the trigger around the cursor.
pub(super) fn trigger_table(cx: &Cx<'_>) -> Option<Vec<SmolStr>> {
    let expr = cx.spot.around(&["trigger"])?.body()?.attribute("on")?.expr()?;
    let traversal = Traversal::cast(expr.syntax().clone())?;
    let root = traversal.root()?.syntax().text().to_string();
    let mut names = vec![SmolStr::from(root.trim())];
    for step in traversal.steps() {
        match step.kind() {
            StepKind::Attr(Some(name)) => names.push(SmolStr::from(name.text())),
            StepKind::Index(Some(expr)) => names.push(SmolStr::from(expr.as_plain_string()?)),
            _ => return None,
        }
    }
    Some(names)
}

fn item_kind(kind: &str) -> ItemKind {
    match kind {
        "table" => ItemKind::Table,
        "view" => ItemKind::View,
        "schema" => ItemKind::Schema,
        "column" => ItemKind::Column,
        _ => ItemKind::Object,
    }
}

fn schemas(world: &World<'_>) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = world.schemas().iter().map(|schema| schema.name.clone()).collect();
    if names.is_empty() {
        names.extend(world.dialect.and_then(|dialect| dialect.default_schema).map(SmolStr::new_static));
    }
    names
}

/// The tables or views, each with the steps that name it and a few words.
fn objects(world: &World<'_>, kind: &str) -> Vec<(Vec<SmolStr>, String)> {
    let schemas = world.schemas();
    let of = |schema: &Schema| -> Vec<(SmolStr, String)> {
        let words = describe::columns_count;
        match kind {
            "table" => schema.tables.iter().map(|it| (it.name.clone(), words(&it.columns))).collect(),
            _ => schema.views.iter().map(|it| (it.name.clone(), words(&it.columns))).collect(),
        }
    };
    let mut found = Vec::new();
    for schema in schemas {
        for (name, detail) in of(schema) {
            // A name that two schemas have takes its schema before it.
            let twice = schemas.len() > 1
                && schemas.iter().any(|other| {
                    other.name != schema.name
                        && if kind == "table" {
                            other.table(&name).is_some()
                        } else {
                            other.view(&name).is_some()
                        }
                });
            let steps = if twice { vec![schema.name.clone(), name] } else { vec![name] };
            found.push((steps, detail));
        }
    }
    found
}

/// The table or view that `names` stand for.
fn find<'w>(world: &'w World<'_>, kind: &str, names: &[&str]) -> Option<Rows<'w>> {
    let (schema, name) = match names {
        [name] => (None, *name),
        [schema, name] => (Some(*schema), *name),
        _ => return None,
    };
    let schemas = || world.schemas().iter().filter(move |it| schema.is_none_or(|name| it.name == name));
    match kind {
        "table" => schemas().find_map(|schema| schema.table(name)).map(Rows::Table),
        _ => schemas().find_map(|schema| schema.view(name)).map(Rows::View),
    }
}

/// Names every expression may use: variables, locals, the env, the element of `for_each`.
pub(super) fn names(cx: &Cx<'_>, range: TextRange, items: &mut Vec<Item>) {
    let rank = Rank::Usual;
    for top in cx.world.tops("variable") {
        if let Some(item) = variable(&top, range, "var.") {
            items.push(item);
        }
    }
    for local in cx.world.locals() {
        let label = path(&["local", &local.name]);
        items.push(Item::new(ItemKind::Variable, label, range, rank).detail("local"));
    }
    if cx.is_config() {
        items.push(Item::new(ItemKind::Variable, "atlas.env", range, rank).detail("string").doc(ATLAS_ENV));
        let mut data = data_items(cx, range);
        data.iter_mut().for_each(|item| item.rank(rank));
        items.extend(data);
    }
    if has_each(cx) {
        items.extend(["each.key", "each.value"].map(|name| Item::new(ItemKind::Variable, name, range, rank)));
    }
}

const ATLAS_ENV: &str = "The name of the env that was chosen with `--env`.";

fn has_each(cx: &Cx<'_>) -> bool {
    cx.spot.blocks.iter().any(|block| block.body().is_some_and(|body| body.attribute("for_each").is_some()))
}

fn variable(top: &Top, range: TextRange, prefix: &str) -> Option<Item> {
    let name = top.label(0)?;
    let detail = top.text("type").unwrap_or_default();
    let doc = top.string("description").unwrap_or_default();
    Some(Item::new(ItemKind::Variable, format!("{prefix}{name}"), range, Rank::Usual).detail(detail).doc(doc))
}

/// The data sources, each with what it gives.
fn data_items(cx: &Cx<'_>, range: TextRange) -> Vec<Item> {
    let mut items = Vec::new();
    for top in cx.world.tops("data") {
        let (Some(kind), Some(name)) = (top.label(0), top.label(1)) else { continue };
        let variant = variant(&kind);
        let doc = variant.map_or("", |it| it.doc);
        let plain = path(&["data", &kind, &name]);
        let outputs = outputs(doc);
        if outputs.is_empty() {
            items
                .push(Item::new(ItemKind::Object, plain.clone(), range, Rank::First).detail("data").doc(doc));
        }
        for output in outputs {
            let label = format!("{plain}.{output}");
            items.push(Item::new(ItemKind::Object, label, range, Rank::First).detail("data").doc(doc));
        }
    }
    items
}

fn variant(kind: &str) -> Option<&'static Variant> {
    project::spec::PROJECT.block("data")?.variants.iter().find(|variant| variant.label == kind)
}

/// What a data source gives: the words in backticks behind the colon of its documentation.
fn outputs(doc: &'static str) -> Vec<&'static str> {
    let list = doc.split_once(": ").map_or("", |(_, list)| list);
    list.split('`').skip(1).step_by(2).collect()
}

/// The blocks of type `kind` at the top level and in the bodies around the cursor.
fn siblings(cx: &Cx<'_>, kind: &str) -> Vec<Block> {
    let mut found: Vec<Block> = cx.world.tops(kind).into_iter().map(|top| top.block).collect();
    for block in &cx.spot.blocks {
        let inside = block.body().into_iter().flat_map(|body| body.blocks());
        found.extend(inside.filter(|block| block.type_name().is_some_and(|name| name.text() == kind)));
    }
    found
}

/// What may follow the dot behind `steps`.
pub(super) fn after(cx: &Cx<'_>, value: &Value, steps: &[SmolStr]) -> Vec<Item> {
    let range = cx.file(value.word);
    let dot = value.dot.map(|dot| cx.file(dot));
    members(cx, steps)
        .into_iter()
        .map(|member| {
            let mut item = Item::new(member.kind, member.name.as_str(), range, Rank::First)
                .detail(member.detail)
                .doc(member.doc);
            item.trigger_again = member.more;
            if member.more {
                item.edit.insert.push('.');
            }
            if let (false, Some(dot)) = (hcl::write::valid_ident(&member.name), dot) {
                // An index takes the place of the dot.
                item.edit.range = TextRange::new(dot.start(), range.end());
                item.edit.insert = format!("[{}]", hcl::write::quote(&member.name));
                item.filter = Some(format!(".{}", member.name));
            }
            item
        })
        .collect()
}

/// What may stand in the string of an index behind `steps`.
pub(super) fn index(cx: &Cx<'_>, steps: &[SmolStr], range: TextRange) -> Vec<Item> {
    let item = |member: Member| {
        Item::new(member.kind, member.name.as_str(), range, Rank::First).detail(member.detail).doc(member.doc)
    };
    members(cx, steps).into_iter().map(item).collect()
}

/// One name behind a path.
struct Member {
    name: SmolStr,
    kind: ItemKind,
    detail: String,
    doc: String,
    /// Whether it is of use only with more steps.
    more: bool,
}

impl Member {
    fn new(kind: ItemKind, name: impl Into<SmolStr>) -> Self {
        Self { name: name.into(), kind, detail: String::new(), doc: String::new(), more: false }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = doc.into();
        self
    }
}

fn members(cx: &Cx<'_>, steps: &[SmolStr]) -> Vec<Member> {
    let names: Vec<&str> = steps.iter().map(SmolStr::as_str).collect();
    match names.as_slice() {
        ["var"] => {
            let item = |top: Top| {
                let name = top.label(0)?;
                let doc = top.string("description").unwrap_or_default();
                Some(
                    Member::new(ItemKind::Variable, name)
                        .detail(top.text("type").unwrap_or_default())
                        .doc(doc),
                )
            };
            cx.world.tops("variable").into_iter().filter_map(item).collect()
        }
        ["local"] => cx
            .world
            .locals()
            .into_iter()
            .map(|it| Member::new(ItemKind::Variable, it.name).detail("local"))
            .collect(),
        ["each"] => vec![Member::new(ItemKind::Variable, "key"), Member::new(ItemKind::Variable, "value")],
        ["atlas"] if cx.is_config() => {
            vec![Member::new(ItemKind::Variable, "env").detail("string").doc(ATLAS_ENV)]
        }
        ["column"] => {
            let own = own_columns(cx).into_iter();
            own.map(|own| Member::new(ItemKind::Column, own.name).detail(own.ty)).collect()
        }
        ["schema"] if !cx.is_config() => {
            schemas(cx.world).into_iter().map(|name| Member::new(ItemKind::Schema, name)).collect()
        }
        [kind @ ("table" | "view"), rest @ ..] if !cx.is_config() => in_schema(cx, kind, rest),
        ["data", rest @ ..] => data_members(cx, rest),
        [kind, rest @ ..] => labels_of(cx, kind, rest),
        [] => Vec::new(),
    }
}

/// What follows `table.` and what follows a table.
fn in_schema(cx: &Cx<'_>, kind: &str, rest: &[&str]) -> Vec<Member> {
    let world = cx.world;
    let own = |rows: Rows<'_>| -> Vec<Member> {
        let same = cx
            .spot
            .around(&[kind])
            .filter(|block| block.labels().last().is_some_and(|label| label.value() == rows.name().as_str()));
        match same {
            // The text at hand is fresher than the state.
            Some(block) => columns_of(block)
                .into_iter()
                .map(|own| Member::new(ItemKind::Column, own.name).detail(own.ty))
                .collect(),
            None => rows.columns().iter().map(|column| column_member(world, column)).collect(),
        }
    };
    if let Some((last, before)) = rest.split_last()
        && *last == "column"
        && let Some(rows) = find(world, kind, before)
    {
        return own(rows);
    }
    if !rest.is_empty() && find(world, kind, rest).is_some() {
        let mut column = Member::new(ItemKind::Column, "column").detail(format!("columns of the {kind}"));
        column.more = true;
        return vec![column];
    }
    match rest {
        [] => objects(world, kind)
            .into_iter()
            .map(|(names, detail)| {
                let qualified = names.len() > 1;
                let mut member = Member::new(item_kind(kind), names.into_iter().next().unwrap_or_default());
                member.more = qualified;
                if qualified {
                    member.kind = ItemKind::Schema
                } else {
                    member.detail = detail
                }
                member
            })
            .collect(),
        [schema] => {
            let schema = world.schemas().iter().find(|it| it.name == *schema);
            let Some(schema) = schema else { return Vec::new() };
            let names: Vec<SmolStr> = match kind {
                "table" => schema.tables.iter().map(|it| it.name.clone()).collect(),
                _ => schema.views.iter().map(|it| it.name.clone()).collect(),
            };
            names.into_iter().map(|name| Member::new(item_kind(kind), name)).collect()
        }
        _ => Vec::new(),
    }
}

fn column_member(world: &World<'_>, column: &Column) -> Member {
    Member::new(ItemKind::Column, column.name.clone()).detail(describe::column_detail(column, world.dialect))
}

fn data_members(cx: &Cx<'_>, rest: &[&str]) -> Vec<Member> {
    let tops = cx.world.tops("data");
    let mut found: Vec<Member> = match rest {
        [] => tops
            .iter()
            .filter_map(|top| {
                let kind = top.label(0)?;
                let doc = variant(&kind).map_or("", |it| it.doc);
                let mut member = Member::new(ItemKind::Object, kind).doc(doc);
                member.more = true;
                Some(member)
            })
            .collect(),
        [kind] => tops
            .iter()
            .filter(|top| top.label(0).is_some_and(|label| label == *kind))
            .filter_map(|top| Some(Member::new(ItemKind::Object, top.label(1)?).detail(*kind)))
            .collect(),
        [kind, _] => outputs(variant(kind).map_or("", |it| it.doc))
            .into_iter()
            .map(|output| Member::new(ItemKind::Variable, output))
            .collect(),
        _ => Vec::new(),
    };
    found.dedup_by(|a, b| a.name == b.name);
    found
}

/// The labels of other blocks, one a step: `docker.<driver>.<name>.url`.
fn labels_of(cx: &Cx<'_>, kind: &str, rest: &[&str]) -> Vec<Member> {
    let blocks = siblings(cx, kind);
    let mut found: Vec<Member> = Vec::new();
    for block in blocks {
        let labels: Vec<String> = block.labels().map(|label| label.value()).collect();
        let starts = labels.iter().map(String::as_str).take(rest.len()).eq(rest.iter().copied());
        if !starts {
            continue;
        }
        match labels.get(rest.len()) {
            Some(label) => found.push(Member::new(ItemKind::Object, label.as_str()).detail(kind)),
            None if matches!(kind, "docker" | "dev") => found.push(Member::new(ItemKind::Variable, "url")),
            None => {}
        }
    }
    found.dedup_by(|a, b| a.name == b.name);
    found
}
