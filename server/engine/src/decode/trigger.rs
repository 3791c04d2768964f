//! The `trigger` block.

use hcl::{Each, Value};
use schema::{ObjectPath, SmolStr, Trigger};
use syntax::hcl::ast::{AstNode, Block};

use super::attrs::{Own, attrs, renamed_from};
use super::hooks::{Event, Time, TriggerParts};
use super::read::{Notes, Read};
use super::scope::{BlockScope, PieceScope, Place};
use super::summary::block_name_range;
use super::table::{ColumnTarget, column_target};
use crate::Dialect;
use crate::origin::Part;
use crate::renames::RENAMED_FROM;

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
    let mut watched_at = None;
    let mut events = Vec::new();
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
        watched_at.get_or_insert((time, header));
        events.extend(watched(&of));
    }
    let on = read.get("on")?;
    let Value::Reference(reference) = &on.value else { return None };
    let names: Vec<&str> = reference.names().collect();
    let [kind, schema, target] = names.as_slice() else { return None };
    let (time, header) = watched_at.filter(|_| !events.is_empty())?;
    for (column, range) in columns {
        if column.table.as_ref().is_some_and(|(_, table)| table != target) {
            let message =
                format!("{what} watches {target:?}, column {:?} is of another table", column.column);
            notes.error(range, "wrong-table", message);
            return None;
        }
    }
    let own = Own { schema, table: target };
    let known = [
        "on",
        "for",
        "foreach",
        "when",
        "as",
        "comment",
        "depends_on",
        "for_each",
        "before",
        "after",
        "instead_of",
    ];
    let mut attrs = attrs(notes, &read, &scope, own, &known, &what);
    if let Some(former) = renamed_from(notes, block).filter(|_| attrs.get(&RENAMED_FROM).is_none()) {
        attrs.set(&RENAMED_FROM, former);
    }
    let parts = TriggerParts {
        schema: (*schema).into(),
        name: name.clone(),
        on: (*target).into(),
        on_view: *kind != "table",
        time,
        events,
        for_each: read.string("for").or(read.string("foreach")).map(SmolStr::from),
        when: read.string("when").map(|text| text.trim().to_owned()),
        body: read.string("as").unwrap_or_default().trim().to_owned(),
        comment: read.string("comment").map(str::to_owned),
        attrs,
    };
    if let Some(message) = dialect.decode.check_trigger(&parts, parts.on_view) {
        notes.error(header, "trigger-time", message);
        return None;
    }
    let mut part = Part::default();
    let path = ObjectPath::Trigger { schema: parts.schema.clone(), trigger: name };
    part.add(path, block.range(), block_name_range(block));
    Some((dialect.decode.trigger(&parts), part))
}

/// What an event block says, in the order of the grammar.
fn watched(read: &Read) -> Vec<Event> {
    let is = |name: &str| read.bool(name) == Some(true);
    let mut events = Vec::new();
    if is("insert") {
        events.push(Event::Insert);
    }
    if is("delete") {
        events.push(Event::Delete);
    }
    if let Some(list) = read.get("update_of") {
        let columns = list.elements.iter().filter_map(|(value, _)| Some(target_of(value)?.column));
        events.push(Event::UpdateOf(columns.collect()));
    } else if is("update") {
        events.push(Event::Update);
    }
    if is("truncate") {
        events.push(Event::Truncate);
    }
    events
}

fn target_of(value: &Value) -> Option<ColumnTarget> {
    match value {
        Value::Reference(reference) => column_target(reference),
        _ => None,
    }
}
