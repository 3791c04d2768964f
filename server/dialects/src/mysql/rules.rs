//! What schema HCL means in MySQL beyond its grammar: what a server would refuse, triggers as text, and the one form of
//! what can be said in several ways.
//!
//! Only what every server refuses is an error here.
//!
//! Source: MySQL 9.1, `sql/sql_table.cc` for what is refused; reference engine.md §10 for Atlas's words.

use engine::decode::{At, Event, Finding, Hooks, Time, TriggerParts};
use schema::{
    Attrs, Class, Column, ColumnType, Default, Expr, Index, Literal, Object, PartOf, Realm, ReferenceAction,
    Routine, Schema, SmolStr, Table, Trigger, View,
};
use text::Severity;

use super::accounts;
use super::attr::{
    AS, AUTO_INCREMENT, AUTO_INCREMENT_START, BY, BY_COLUMN, CHARSET, COLLATE, DEFAULT_ENGINE, ENGINE,
    INDEX_TYPE, LESS_THAN, PARTITION, PARTITION_COLUMNS, PARTITIONS, PERMISSION, PREFIX, ROLE, SUBPARTITION,
    USER, VIEW_COLUMNS,
};
use super::body::{TriggerHead, trigger_parts, trigger_statement};
use super::inspect::aliases;
use super::names;
use super::types;

/// MySQL's say in decoding and encoding HCL.
pub struct Rules;

/// Storage engines as servers write them.
const ENGINES: &[&str] = &[
    "InnoDB",
    "MyISAM",
    "MEMORY",
    "CSV",
    "ARCHIVE",
    "BLACKHOLE",
    "Aria",
    "MRG_MyISAM",
    "FEDERATED",
    "RocksDB",
];

impl Hooks for Rules {
    fn check(&self, table: &Table) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            self::column(at, column, &mut findings);
        }
        auto_increment(table, &mut findings);
        for (at, index) in table.indexes.iter().enumerate() {
            findings.extend(prefixes(table, at, index));
        }
        for (at, key) in table.foreign_keys.iter().enumerate() {
            let set_null = [key.on_update, key.on_delete].contains(&Some(ReferenceAction::SetNull));
            let strict =
                key.columns.iter().find(|name| table.column(name).is_some_and(|column| !column.nullable));
            if let Some(name) = strict.filter(|_| set_null) {
                findings.push(error(
                    At::ForeignKey(at),
                    "set-null",
                    format!("foreign key constraint was {name:?} SET NULL, but column {name:?} is NOT NULL"),
                ));
            }
        }
        findings
    }

    fn check_default(&self, column: &Column, default: &Default) -> Option<String> {
        let Default::Literal(Literal { text, quoted: true }) = default else { return None };
        let wanted = match column.ty.as_ref()?.class {
            Class::Integer | Class::Float | Class::Decimal => "a number",
            Class::Bool => "a boolean",
            _ => return None,
        };
        let fits = text.trim().parse::<f64>().is_ok()
            || matches!(text.to_ascii_lowercase().as_str(), "true" | "false");
        (!fits)
            .then(|| format!("default {text:?} of column {:?} is text, its type wants {wanted}", column.name))
    }

    fn check_trigger(&self, parts: &TriggerParts, on_view: bool) -> Option<String> {
        on_view.then(|| {
            format!("trigger {:?} is on view {:?}, only a table can have triggers", parts.name, parts.on)
        })
    }

    fn trigger(&self, parts: &TriggerParts) -> Trigger {
        let time = if parts.time == Time::Before { "BEFORE" } else { "AFTER" };
        let event = match parts.events.first() {
            Some(Event::Delete) => "DELETE",
            Some(Event::Update | Event::UpdateOf(_)) => "UPDATE",
            _ => "INSERT",
        };
        let head = TriggerHead { name: &parts.name, time, event, on: &parts.on };
        Trigger {
            schema: parts.schema.clone(),
            name: parts.name.clone(),
            on: parts.on.clone(),
            body: trigger_statement(&head, parts.body.trim().trim_end_matches(';')),
            attrs: parts.attrs.clone(),
        }
    }

    fn trigger_parts(&self, trigger: &Trigger) -> Option<TriggerParts> {
        let (name, time, event, on, action) = trigger_parts(&trigger.body)?;
        Some(TriggerParts {
            schema: trigger.schema.clone(),
            name: name.into(),
            on: on.into(),
            on_view: false,
            time: if time == "BEFORE" { Time::Before } else { Time::After },
            events: vec![match event.as_str() {
                "DELETE" => Event::Delete,
                "UPDATE" => Event::Update,
                _ => Event::Insert,
            }],
            for_each: None,
            when: None,
            body: action.to_string(),
            comment: None,
            attrs: trigger.attrs.clone(),
        })
    }

    fn default_text(&self, default: &Default) -> String {
        match default {
            Default::Literal(Literal { text, quoted: true }) => types::quote(text),
            Default::Literal(Literal { text, quoted: false }) => text.clone(),
            Default::Expr(expr) => expr.0.clone(),
        }
    }

    fn default_of(&self, text: &str) -> Default {
        match types::unquote(text) {
            Some((value, "")) if text.starts_with('\'') => {
                Default::Literal(Literal { text: value, quoted: true })
            }
            _ if text.parse::<i64>().is_ok() || matches!(text, "true" | "false") => {
                Default::Literal(Literal { text: text.to_string(), quoted: false })
            }
            _ => Default::Expr(Expr(text.to_string())),
        }
    }

    fn type_string(&self, text: &str) -> String {
        types::quote(text)
    }

    fn canonical_table(&self, table: &mut Table) {
        // There it is not what an index is that says nothing.
        let memory = table.attrs.get(&ENGINE).is_some_and(|engine| engine.eq_ignore_ascii_case("memory"));
        let attrs = table.indexes.iter_mut().map(|index| &mut index.attrs);
        for attrs in attrs.chain(table.primary_key.iter_mut().map(|key| &mut key.attrs)) {
            match attrs.get(&INDEX_TYPE).map(|kind| kind.to_ascii_uppercase()) {
                Some(kind) if kind == "BTREE" && !memory => attrs.remove(&INDEX_TYPE),
                Some(kind) => attrs.set(&INDEX_TYPE, kind),
                None => {}
            }
        }
        if let Some(engine) = table.attrs.get(&ENGINE)
            && let Some(known) = ENGINES.iter().find(|known| known.eq_ignore_ascii_case(&engine))
        {
            table.attrs.set(&ENGINE, (*known).to_string());
        }
        if let Some(partitions) = table.attrs.get(&PARTITION) {
            table.attrs.set(&PARTITION, partitions.into_iter().map(partition).collect());
        }
    }

    fn canonical_routine(&self, routine: &mut Routine) {
        routine.body = routine.body.trim().trim_end_matches(';').trim_end().to_string();
    }

    fn name_text(&self, own: &str, schema: &str, name: &str) -> String {
        match schema {
            // Of no schema: an account.
            "" => name.to_owned(),
            _ if schema == own => names::plain(name),
            _ => format!("{}.{}", names::plain(schema), names::plain(name)),
        }
    }

    fn name_steps(&self, text: &str) -> Vec<SmolStr> {
        // Hosts of accounts have points.
        if text.contains('@') && !text.contains('`') {
            return vec![text.into()];
        }
        names::steps(text, usize::MAX).into_iter().map(SmolStr::from).collect()
    }

    fn single_objects(&self, object: Object) -> Vec<Object> {
        if object.kind == PERMISSION { accounts::single(&object) } else { vec![object] }
    }

    fn designation(&self, kind: &str, name: &str) -> String {
        accounts::designation(kind, name)
    }

    fn designated<'a>(&self, text: &'a str) -> Option<(&'static [&'static str], &'a str)> {
        accounts::designated(text)
    }

    fn canonical_object(&self, object: &mut Object) {
        if matches!(object.kind, ROLE | USER) {
            accounts::canonical(object);
        }
        if let Some(text) = object.attrs.get(&AS) {
            object.attrs.set(&AS, text.trim().trim_end_matches(';').trim_end().to_string());
        }
    }

    fn canonical_view(&self, view: &mut View) {
        let own = aliases(&view.body);
        let names: Vec<String> = view.columns.iter().map(|column| column.name.to_string()).collect();
        if own.len() == names.len() && own != names {
            view.attrs.set(&VIEW_COLUMNS, names);
        }
    }

    fn printed_table_attrs(&self, realm: &Realm, schema: &Schema, table: &Table) -> Option<Attrs> {
        let mut attrs = table.attrs.clone();
        attrs.remove(&AUTO_INCREMENT_START);
        for key in [&CHARSET, &COLLATE] {
            if attrs.get(key) == schema.attrs.get(key) {
                attrs.remove(key);
            }
        }
        let usual = realm.attrs.get(&DEFAULT_ENGINE);
        if attrs.get(&ENGINE).is_some_and(|engine| engine == usual.as_deref().unwrap_or("InnoDB")) {
            attrs.remove(&ENGINE);
        }
        Some(attrs)
    }

    fn prints_signed(&self, ty: &ColumnType) -> bool {
        ty.class == Class::Decimal
    }

    fn default_is_text(&self, class: Class) -> bool {
        !matches!(class, Class::Bool | Class::Integer | Class::Float | Class::Decimal | Class::Bits)
    }
}

/// A partitioning with columns as columns, and the bound above all as the word it is.
fn partition(mut level: Attrs) -> Attrs {
    let by = level.get(&BY).unwrap_or_default();
    let columns: Option<Vec<String>> = by.iter().map(|item| item.get(&BY_COLUMN)).collect();
    if let Some(columns) = columns.filter(|columns| !columns.is_empty()) {
        level.remove(&BY);
        level.set(&PARTITION_COLUMNS, columns);
    }
    if let Some(sub) = level.get(&SUBPARTITION) {
        level.set(&SUBPARTITION, sub.into_iter().map(partition).collect());
    }
    if let Some(mut partitions) = level.get(&PARTITIONS) {
        for one in &mut partitions {
            if let Some(bounds) = one.get(&LESS_THAN) {
                let bounds = bounds.into_iter().map(|bound| match &*bound {
                    "'MAXVALUE'" => "MAXVALUE".to_string(),
                    _ => bound,
                });
                one.set(&LESS_THAN, bounds.collect());
            }
        }
        level.set(&PARTITIONS, partitions);
    }
    level
}

fn column(at: usize, column: &Column, findings: &mut Vec<Finding>) {
    let name = &column.name;
    let Some(ty) = &column.ty else { return };
    for (key, word) in [(&CHARSET, "CHARSET"), (&COLLATE, "COLLATE")] {
        let plain = matches!(
            ty.class,
            Class::Integer
                | Class::Float
                | Class::Decimal
                | Class::Bool
                | Class::Time
                | Class::Json
                | Class::Spatial
                | Class::Bits
        );
        if plain && column.attrs.get(key).is_some() {
            findings.push(error(
                At::ColumnAttr(at, key.name),
                "charset",
                format!(
                    "column {name:?} of type {} does not support the {word} attribute",
                    types::format(ty)
                ),
            ));
        }
    }
    if ty.class == Class::Decimal
        && let (Some(precision), Some(scale)) = (ty.int_arg(0), ty.int_arg(1))
        && precision < scale
    {
        findings.push(error(
            At::ColumnAttr(at, "type"),
            "type",
            format!("decimal type must have precision >= scale: {precision} < {scale}"),
        ));
    }
    if column.generated.is_some() && column.default.is_some() {
        findings.push(error(
            At::ColumnAttr(at, "default"),
            "generated-default",
            format!("column {name:?} is generated and cannot have a default"),
        ));
    }
}

fn auto_increment(table: &Table, findings: &mut Vec<Finding>) {
    let mut first: Option<&SmolStr> = None;
    for (at, column) in table.columns.iter().enumerate() {
        if !column.attrs.is(&AUTO_INCREMENT) {
            continue;
        }
        let name = &column.name;
        let number = column.ty.as_ref().is_none_or(|ty| {
            matches!(ty.class, Class::Integer | Class::Float | Class::Bool | Class::UserDefined)
        });
        let is_first = |parts: &[schema::IndexPart]| {
            parts.first().and_then(schema::IndexPart::column_name).is_some_and(|column| column == name)
        };
        // MyISAM also numbers within the parts before.
        let anywhere = table.attrs.get(&ENGINE).is_some_and(|engine| !engine.eq_ignore_ascii_case("innodb"));
        let keyed = anywhere
            || table.primary_key.as_ref().is_some_and(|key| is_first(&key.parts))
            || table.indexes.iter().any(|index| is_first(&index.parts));
        let message = if let Some(first) = first {
            format!("column {name:?}: a table can have one auto_increment column, {first:?} is one")
        } else if !number {
            format!("auto_increment needs a number, column {name:?} is none")
        } else if column.default.is_some() {
            format!("column {name:?} is auto_increment and cannot have a default")
        } else if !keyed {
            format!("auto_increment column {name:?} must be the first of a key")
        } else {
            first = Some(name);
            continue;
        };
        first = first.or(Some(name));
        findings.push(error(At::ColumnAttr(at, "auto_increment"), "auto-increment", message));
    }
}

/// A text or blob needs a length in an index that is a tree.
fn prefixes(table: &Table, at: usize, index: &Index) -> Option<Finding> {
    if index.attrs.get(&INDEX_TYPE).is_some() {
        return None;
    }
    let part = index.parts.iter().find(|part| {
        let PartOf::Column(name) = &part.of else { return false };
        let long = table.column(name).and_then(|column| column.ty.as_ref()).is_some_and(|ty| {
            ["text", "blob", "json"].iter().any(|end| ty.name.ends_with(end))
                || ty.class == Class::Spatial && ty.name != "point"
        });
        long && part.attrs.get(&PREFIX).is_none()
    })?;
    // MariaDB hashes whole texts for unique indexes.
    if index.unique {
        return None;
    }
    let name = part.column_name()?;
    Some(Finding {
        at: At::Index(at),
        severity: Severity::Warning,
        code: "index-prefix",
        message: format!(
            "index {:?} needs a prefix for column {name:?}, whose values can be too long",
            index.name
        ),
    })
}

fn error(at: At, code: text::Code, message: String) -> Finding {
    Finding { at, severity: Severity::Error, code, message }
}
