//! The blocks beside tables: schemas, views, triggers.

use hcl::{Each, Value};
use schema::{Attrs, Column, ObjectPath, Schema, SmolStr, Trigger, View, ViewKind};
use syntax::hcl::ast::{AstNode, Block};

use super::column::column_type;
use super::hooks::{Event, Time, TriggerParts};
use super::read::{Notes, Read};
use super::scope::{BlockScope, PieceScope, Place};
use super::summary::block_name_range;
use super::table::{ColumnTarget, attrs, column_target, depends_on, schema_of};
use crate::Dialect;
use crate::origin::Part;

/// Reads a `schema` block.
pub(super) fn schema(
    notes: &mut Notes<'_>,
    block: &Block,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<(Schema, Part)> {
    let declared = dialect.spec.block("schema")?;
    if !notes.labels(block, declared) {
        return None;
    }
    let label = block.labels().next()?;
    let scope =
        BlockScope { piece, dialect, columns: &[], complete: true, table: "", each, place: Place::Plain };
    let read = notes.read(block, declared.body, &scope, &format!("schema {:?}", label.value()));
    let name: SmolStr = read.string("name").map_or_else(|| label.value().into(), SmolStr::from);
    let mut part = Part::default();
    part.add(ObjectPath::Schema(name.clone()), block.range(), label.value_range());
    let mut schema = Schema::new(name);
    schema.comment = read.string("comment").map(str::to_owned);
    schema.attrs = attrs(&read, &["name", "comment", "for_each"]);
    Some((schema, part))
}

/// Reads a `view` block.
pub(super) fn view(
    notes: &mut Notes<'_>,
    block: &Block,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<(View, Part)> {
    let declared = dialect.spec.block("view")?;
    if !notes.labels(block, declared) {
        return None;
    }
    let name: SmolStr = block.labels().last()?.value().into();
    let scope =
        BlockScope { piece, dialect, columns: &[], complete: true, table: "", each, place: Place::Plain };
    let read = notes.read(block, declared.body, &scope, &format!("view {name:?}"));
    let schema = schema_of(&read).unwrap_or_else(|| piece.names.default_schema.clone());
    let mut part = Part::default();
    let path = ObjectPath::View { schema: schema.clone(), view: name.clone() };
    part.add(path, block.range(), block_name_range(block));
    let mut columns: Vec<Column> = Vec::new();
    for (spec, inner) in read.blocks.iter().filter(|(spec, _)| spec.name == "column") {
        let Some(label) = inner.labels().next() else { continue };
        let column: SmolStr = label.value().into();
        let of = notes.read(inner, spec.body, &scope, &format!("column {column:?} of view {name:?}"));
        let (ty, raw_type) =
            of.get("type").and_then(|attribute| column_type(notes, attribute, dialect)).unzip();
        let path = ObjectPath::Column { schema: schema.clone(), table: name.clone(), column: column.clone() };
        let fold = |name: &str| dialect.decode.fold(name);
        if columns.iter().any(|known| fold(&known.name) == fold(&column)) {
            let message = format!("column {column:?} is defined twice in view {name:?}");
            notes.error(label.value_range(), super::table::DUPLICATE, message);
        }
        part.add(path, inner.range(), label.value_range());
        columns.push(Column {
            name: column,
            ty,
            raw_type: raw_type.unwrap_or_default(),
            nullable: of.bool("null").unwrap_or(false),
            default: None,
            generated: None,
            comment: of.string("comment").map(str::to_owned),
            attrs: Attrs::default(),
        });
    }
    for (spec, inner) in read.blocks.iter().filter(|(spec, _)| spec.name != "column") {
        notes.read(inner, spec.body, &scope, spec.name);
    }
    let body = query(read.string("as").unwrap_or_default());
    if columns.is_empty()
        && let Some(names) = (dialect.body)(&body)
    {
        columns = names.into_iter().map(|name| derived_column(&name)).collect();
    }
    let view = View {
        schema,
        name,
        kind: ViewKind::Plain,
        body,
        columns,
        indexes: Vec::new(),
        comment: read.string("comment").map(str::to_owned),
        depends_on: depends_on(&read),
        attrs: attrs(&read, &["schema", "as", "comment", "depends_on", "for_each"]),
    };
    Some((view, part))
}

/// A column of which only the name is known.
fn derived_column(name: &str) -> Column {
    Column {
        name: name.into(),
        ty: None,
        raw_type: String::new(),
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

/// A query without the white space and semicolons around it.
fn query(text: &str) -> String {
    text.trim().trim_end_matches(';').trim_end().to_owned()
}

/// Reads a `trigger` block.
pub(super) fn trigger(
    notes: &mut Notes<'_>,
    block: &Block,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<(Trigger, Part)> {
    let declared = dialect.spec.block("trigger")?;
    if !notes.labels(block, declared) {
        return None;
    }
    let name: SmolStr = block.labels().last()?.value().into();
    let what = format!("trigger {name:?}");
    let scope =
        BlockScope { piece, dialect, columns: &[], complete: true, table: "", each, place: Place::Plain };
    let read = notes.read(block, declared.body, &scope, &what);
    let mut event = None;
    let mut columns = Vec::new();
    for (spec, inner) in &read.blocks {
        let time = match spec.name {
            "before" => Time::Before,
            "after" => Time::After,
            "instead_of" => Time::InsteadOf,
            _ => continue,
        };
        let of = notes.read(inner, spec.body, &scope, &format!("{:?} of {what}", spec.name));
        let header = super::summary::header_range(inner);
        if let Some(list) = of.get("update_of") {
            columns =
                list.elements.iter().filter_map(|(value, range)| Some((target_of(value)?, *range))).collect();
        }
        event = event.or(watched(&of).map(|event| (time, event, header)));
    }
    let on = read.get("on")?;
    let Value::Reference(reference) = &on.value else { return None };
    let names: Vec<&str> = reference.names().collect();
    let [kind, schema, target] = names.as_slice() else { return None };
    let (time, event, header) = event?;
    for (column, range) in columns {
        if column.table.as_ref().is_some_and(|(_, table)| table != target) {
            let message =
                format!("{what} watches {target:?}, column {:?} is of another table", column.column);
            notes.error(range, "wrong-table", message);
            return None;
        }
    }
    let parts = TriggerParts {
        schema: (*schema).into(),
        name: name.clone(),
        on: (*target).into(),
        time,
        event,
        when: read.string("when").map(|text| text.trim().to_owned()),
        body: read.string("as").unwrap_or_default().trim().to_owned(),
    };
    if let Some(message) = dialect.decode.check_trigger(&parts, *kind == "view") {
        notes.error(header, "trigger-time", message);
        return None;
    }
    let mut part = Part::default();
    let path = ObjectPath::Trigger { schema: parts.schema.clone(), trigger: name };
    part.add(path, block.range(), block_name_range(block));
    Some((dialect.decode.trigger(&parts), part))
}

/// What an event block says.
fn watched(read: &Read) -> Option<Event> {
    if let Some(list) = read.get("update_of") {
        let columns = list.elements.iter().filter_map(|(value, _)| Some(target_of(value)?.column));
        return Some(Event::UpdateOf(columns.collect()));
    }
    [("insert", Event::Insert), ("delete", Event::Delete), ("update", Event::Update)]
        .into_iter()
        .find(|(name, _)| read.bool(name) == Some(true))
        .map(|(_, event)| event)
}

fn target_of(value: &Value) -> Option<ColumnTarget> {
    match value {
        Value::Reference(reference) => column_target(reference),
        _ => None,
    }
}
