//! Views, triggers, routines and events of the catalog.

use engine::connection::Value;
use schema::{Attrs, Column, Object, Routine, RoutineKind, Schema, Trigger, View, ViewKind};

use super::catalog::{Catalog, Row, Rowed};
use super::text::{aliases, without_schema};
use crate::mysql::attr::{
    ALGORITHM, ARG, AS, CHARSET, CHECK_OPTION, COLLATE, COMMENT, DATA_ACCESS, DETERMINISTIC, EVENT, FOLLOWS,
    MODE, NAME, PRESERVE, RETURN, SCHEDULE, SECURITY, STATUS, TYPE, VIEW_COLUMNS,
};
use crate::mysql::body::{TriggerHead, routine_body, trigger_statement};
use crate::mysql::{charset, types};

/// A view; `None` when the user may not see its text.
pub(super) fn view(catalog: &Catalog<'_>, table: &Row) -> Option<View> {
    let (schema, name) = (table.text(0), table.text(1));
    let rows = catalog.of("views", schema, name);
    let row = rows.first()?;
    let body = without_schema(row.comment(2)?.trim(), schema);
    let mut attrs = Attrs::default();
    if !matches!(row.text(3), "" | "NONE") {
        attrs.set(&CHECK_OPTION, row.text(3).to_string());
    }
    if row.text(4) == "INVOKER" {
        attrs.set(&SECURITY, row.text(4).to_string());
    }
    if !matches!(row.text(5), "" | "UNDEFINED") {
        attrs.set(&ALGORITHM, row.text(5).to_string());
    }
    let columns: Vec<Column> =
        catalog.of("columns", schema, name).iter().map(|row| view_column(row)).collect();
    // MySQL keeps the names behind the view's own apart from the query, which has its own.
    let own = aliases(&body);
    if own.len() == columns.len() && columns.iter().zip(&own).any(|(column, own)| *column.name != **own) {
        attrs.set(&VIEW_COLUMNS, columns.iter().map(|column| column.name.to_string()).collect());
    }
    Some(View {
        schema: schema.into(),
        name: name.into(),
        kind: ViewKind::Plain,
        body,
        columns,
        indexes: Vec::new(),
        comment: None,
        depends_on: Vec::new(),
        attrs,
    })
}

/// A column of a view has a name and a type; what it says otherwise is that of the table it comes from.
fn view_column(row: &Row) -> Column {
    Column {
        name: row.text(3).into(),
        ty: Some(types::parse(row.text(4))),
        raw_type: row.text(4).to_string(),
        nullable: row.text(5) == "YES",
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

/// The triggers of a schema, by table; those of one time and event in the order they run in, so that one that follows
/// another comes behind it.
pub(super) fn triggers(catalog: &Catalog<'_>, schema: &str) -> Vec<Trigger> {
    let mut rows: Vec<&Row> = catalog.all("triggers").filter(|row| row.text(0) == schema).collect();
    // All of one table, time and event stand together in the order they run in.
    rows.sort_by(|a, b| {
        (a.text(1), a.text(3), a.text(4), a.int(5)).cmp(&(b.text(1), b.text(3), b.text(4), b.int(5)))
    });
    let mut triggers = Vec::new();
    let mut before: Option<&Row> = None;
    for row in rows {
        let name = row.text(2);
        let mut attrs = Attrs::default();
        let same = |other: &&Row| [1, 3, 4].iter().all(|at| other.text(*at) == row.text(*at));
        if let Some(before) = before.filter(same) {
            attrs.set(&FOLLOWS, before.text(2).to_string());
        }
        before = Some(row);
        let created = catalog.created("trigger", schema, name);
        let action = created.and_then(crate::mysql::body::trigger_action).unwrap_or(row.text(6));
        let head = TriggerHead { name, time: row.text(3), event: row.text(4), on: row.text(1) };
        triggers.push(Trigger {
            schema: schema.into(),
            name: name.into(),
            on: row.text(1).into(),
            body: trigger_statement(&head, action),
            attrs,
        });
    }
    triggers
}

/// The routines of a schema, by name.
pub(super) fn routines(catalog: &Catalog<'_>, schema: &Schema) -> Vec<Routine> {
    let mut routines: Vec<Routine> = catalog
        .all("routines")
        .filter(|row| row.text(0) == schema.name)
        .filter_map(|row| routine(catalog, schema, row))
        .collect();
    routines.sort_by(|a, b| {
        (&a.name, a.kind == RoutineKind::Procedure).cmp(&(&b.name, b.kind == RoutineKind::Procedure))
    });
    routines
}

/// `None` for what is neither function nor procedure, and when the user may not see its text.
fn routine(catalog: &Catalog<'_>, schema: &Schema, row: &Row) -> Option<Routine> {
    let name = row.text(1);
    let (kind, word) = match row.text(2) {
        "FUNCTION" => (RoutineKind::Function, "function"),
        "PROCEDURE" => (RoutineKind::Procedure, "procedure"),
        _ => return None,
    };
    let created = catalog.created(word, &schema.name, name).and_then(routine_body);
    let body = created.or(row.some(3))?.trim();
    let mut attrs = Attrs::default();
    let mut args = Vec::new();
    for parameter in catalog.of("parameters", &schema.name, name) {
        if parameter.text(2) != row.text(2) {
            continue;
        }
        if parameter.int(3) == 0 {
            let mut text = types::format(&types::parse(parameter.text(6)));
            let (charset, collate) = own_charset(catalog, schema, parameter);
            for (word, value) in [(" CHARSET ", charset), (" COLLATE ", collate)] {
                if let Some(value) = value {
                    text.push_str(word);
                    text.push_str(&value);
                }
            }
            attrs.set(&RETURN, text);
        } else {
            args.push(argument(catalog, schema, parameter));
        }
    }
    if !args.is_empty() {
        attrs.set(&ARG, args);
    }
    if row.text(4) == "YES" {
        attrs.set(&DETERMINISTIC, true);
    }
    let access = row.text(5).replace(' ', "_");
    if !matches!(&*access, "" | "CONTAINS_SQL") {
        attrs.set(&DATA_ACCESS, access);
    }
    if row.text(6) == "INVOKER" {
        attrs.set(&SECURITY, row.text(6).to_string());
    }
    if let Some(comment) = row.comment(7) {
        attrs.set(&COMMENT, comment);
    }
    Some(Routine { schema: schema.name.clone(), name: name.into(), kind, body: body.to_string(), attrs })
}

fn argument(catalog: &Catalog<'_>, schema: &Schema, row: &Row) -> Attrs {
    let mut item = Attrs::default();
    item.set(&NAME, row.text(5).to_string());
    item.set(&TYPE, types::format(&types::parse(row.text(6))));
    if !matches!(row.text(4), "" | "IN") {
        item.set(&MODE, row.text(4).to_string());
    }
    let (charset, collate) = own_charset(catalog, schema, row);
    if let Some(charset) = charset {
        item.set(&CHARSET, charset);
    }
    if let Some(collate) = collate {
        item.set(&COLLATE, collate);
    }
    item
}

/// The charset and collation of a parameter, as far as they are not those of the schema, or of the charset.
fn own_charset(catalog: &Catalog<'_>, schema: &Schema, row: &Row) -> (Option<String>, Option<String>) {
    let (Some(own), Some(collation)) = (row.some(7), row.some(8)) else { return (None, None) };
    let inherited = schema.attrs.get(&CHARSET).unwrap_or_default();
    if own == inherited {
        let same = schema.attrs.get(&COLLATE).is_some_and(|inherited| inherited == collation);
        return (None, (!same).then(|| collation.to_string()));
    }
    let usual = charset::default_collation(own, catalog.server);
    (Some(own.to_string()), (!charset::same(&usual, collation)).then(|| collation.to_string()))
}

/// The scheduled events of a schema.
pub(super) fn events(catalog: &Catalog<'_>, schema: &str) -> Vec<Object> {
    let rows = catalog.all("events").filter(|row| row.text(0) == schema);
    rows.map(|row| {
        let name = row.text(1);
        let mut attrs = Attrs::default();
        let schedule = match row.some(3) {
            Some(at) => format!("AT '{at}'"),
            None => {
                let mut text = format!("EVERY {} {}", row.text(4), row.text(5));
                for (word, at) in [(" STARTS ", 6), (" ENDS ", 7)] {
                    if let Some(moment) = row.some(at) {
                        text.push_str(&format!("{word}'{moment}'"));
                    }
                }
                text
            }
        };
        attrs.set(&SCHEDULE, schedule);
        if row.text(9) == "PRESERVE" {
            attrs.set(&PRESERVE, true);
        }
        match row.text(8) {
            "DISABLED" => attrs.set(&STATUS, "DISABLE".to_string()),
            "SLAVESIDE_DISABLED" | "REPLICA_SIDE_DISABLED" => {
                attrs.set(&STATUS, "DISABLE_ON_SLAVE".to_string());
            }
            _ => {}
        }
        let created = catalog.created("event", schema, name);
        let body = created.and_then(crate::mysql::body::event_action).unwrap_or(row.text(2));
        attrs.set(&AS, body.trim().to_string());
        let comment = row.get(10).and_then(Value::text).filter(|text| !text.is_empty());
        Object {
            kind: EVENT,
            schema: schema.into(),
            name: name.into(),
            comment: comment.map(str::to_string),
            attrs,
        }
    })
    .collect()
}
