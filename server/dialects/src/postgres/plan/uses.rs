//! What objects need of each other, told from the words of their texts.
//!
//! A text that contains the name of a changed object may use it; one that does not surely does not. That is enough to
//! put changes into order: an edge too many is harmless. Invariant: strings and comments of a text give no words, except
//! in the bodies of routines, which are strings themselves.

use engine::plan::sort::{Side, Uses};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{AttrValue, Attrs, Change, Default, Object, PartOf, Routine, SmolStr, Table, Trigger, View};

use super::super::attr;

/// The names of what changes, with their schemas.
pub struct Words {
    names: FxHashMap<SmolStr, Vec<SmolStr>>,
}

impl Words {
    pub fn new(changes: &[Change]) -> Self {
        let mut names: FxHashMap<SmolStr, Vec<SmolStr>> = FxHashMap::default();
        for change in changes {
            let (schema, name) = match change {
                Change::AddTable(it) | Change::DropTable(it) | Change::ModifyTable { to: it, .. } => {
                    (&it.schema, &it.name)
                }
                Change::AddView(it) | Change::DropView(it) | Change::ModifyView { to: it, .. } => {
                    (&it.schema, &it.name)
                }
                Change::AddRoutine(it) | Change::DropRoutine(it) | Change::ModifyRoutine { to: it, .. } => {
                    (&it.schema, &it.name)
                }
                Change::AddObject(it) | Change::DropObject(it) | Change::ModifyObject { to: it, .. } => {
                    (&it.schema, &it.name)
                }
                _ => continue,
            };
            let schemas = names.entry(name.clone()).or_default();
            if !schemas.contains(schema) {
                schemas.push(schema.clone());
            }
        }
        Self { names }
    }
}

impl Uses for Words {
    fn uses(&self, change: &Change, side: Side, see: &mut dyn FnMut(&str, &str)) {
        let mut found: FxHashSet<SmolStr> = FxHashSet::default();
        match (change, side) {
            (Change::AddTable(it), Side::After)
            | (Change::DropTable(it), Side::Before)
            | (Change::ModifyTable { to: it, .. }, Side::After)
            | (Change::ModifyTable { from: it, .. }, Side::Before) => of_table(it, &mut found),
            (Change::AddView(it), Side::After)
            | (Change::DropView(it), Side::Before)
            | (Change::ModifyView { to: it, .. }, Side::After)
            | (Change::ModifyView { from: it, .. }, Side::Before) => of_view(it, &mut found),
            (Change::AddTrigger(it), Side::After)
            | (Change::DropTrigger(it), Side::Before)
            | (Change::ModifyTrigger { to: it, .. }, Side::After)
            | (Change::ModifyTrigger { from: it, .. }, Side::Before) => of_trigger(it, &mut found),
            (Change::AddRoutine(it), Side::After)
            | (Change::DropRoutine(it), Side::Before)
            | (Change::ModifyRoutine { to: it, .. }, Side::After)
            | (Change::ModifyRoutine { from: it, .. }, Side::Before) => of_routine(it, &mut found),
            (Change::AddObject(it), Side::After)
            | (Change::DropObject(it), Side::Before)
            | (Change::ModifyObject { to: it, .. }, Side::After)
            | (Change::ModifyObject { from: it, .. }, Side::Before) => of_object(it, &mut found),
            _ => return,
        }
        for word in found {
            for schema in self.names.get(&word).into_iter().flatten() {
                see(schema, &word);
            }
        }
    }
}

pub fn of_table(table: &Table, found: &mut FxHashSet<SmolStr>) {
    for column in &table.columns {
        if let Some(ty) = &column.ty
            && let Some((_, name)) = super::super::types::declared_name(ty)
        {
            found.insert(name);
        }
        if let Some(collation) = column.attrs.get(&attr::COLLATE) {
            found.insert(collation.rsplit('.').next().unwrap_or_default().into());
        }
        if let Some(Default::Expr(expr)) = &column.default {
            // The sequence of `nextval('s'::regclass)` stands in a string.
            words(&expr.0.replace('\'', " "), found);
        }
        if let Some(generated) = &column.generated {
            words(&generated.expr.0, found);
        }
    }
    for check in &table.checks {
        words(&check.expr.0, found);
    }
    for index in &table.indexes {
        for part in &index.parts {
            if let PartOf::Expr(expr) = &part.of {
                words(&expr.0, found);
            }
        }
        if let Some(predicate) = &index.predicate {
            words(&predicate.0, found);
        }
    }
    texts(&table.attrs, found);
}

pub fn of_view(view: &View, found: &mut FxHashSet<SmolStr>) {
    words(&view.body, found);
}

pub fn of_trigger(trigger: &Trigger, found: &mut FxHashSet<SmolStr>) {
    words(&trigger.body, found);
    texts(&trigger.attrs, found);
}

pub fn of_routine(routine: &Routine, found: &mut FxHashSet<SmolStr>) {
    texts(&routine.attrs, found);
    // Only bodies in SQL are looked at when the routine is created.
    if routine.attrs.get(&attr::LANG).is_none_or(|lang| lang.eq_ignore_ascii_case("sql")) {
        words(&routine.body, found);
    }
}

pub fn of_object(object: &Object, found: &mut FxHashSet<SmolStr>) {
    match object.kind {
        // Its owner comes later: see `objects`.
        attr::SEQUENCE | attr::ENUM | attr::EXTENSION => {}
        // Names as they are: what they are called may need quotes.
        attr::SERVER | attr::USER_MAPPING | attr::FOREIGN_TABLE => {
            for key in [&attr::WRAPPER, &attr::OF_SERVER] {
                found.extend(object.attrs.get(key).map(SmolStr::from));
            }
            texts(&object.attrs, found);
        }
        _ => {
            if let Some(collation) = object.attrs.get(&attr::COLLATE) {
                found.insert(collation.rsplit('.').next().unwrap_or_default().into());
            }
            texts(&object.attrs, found);
        }
    }
}

fn texts(attrs: &Attrs, found: &mut FxHashSet<SmolStr>) {
    for (_, value) in attrs.iter() {
        match value {
            AttrValue::Str(text) => words(text, found),
            AttrValue::List(list) => list.iter().for_each(|text| words(text, found)),
            AttrValue::Items(items) => items.iter().for_each(|item| texts(item, found)),
            AttrValue::Bool(_) | AttrValue::Int(_) => {}
        }
    }
}

/// The names in a text: plain ones in lower case, quoted ones as they are.
pub fn words(text: &str, found: &mut FxHashSet<SmolStr>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '\'' => match rest[1..].find('\'') {
                Some(end) => end + 2,
                None => rest.len(),
            },
            '"' => {
                let end = rest[1..].find('"').map_or(rest.len() - 1, |end| end);
                found.insert(SmolStr::from(&rest[1..1 + end]));
                (end + 2).min(rest.len())
            }
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if first.is_alphabetic() || first == '_' => {
                let end = rest
                    .find(|ch: char| !(ch.is_alphanumeric() || matches!(ch, '_' | '$')))
                    .unwrap_or(rest.len());
                found.insert(SmolStr::from(rest[..end].to_lowercase()));
                end
            }
            _ => first.len_utf8(),
        };
        rest = &rest[taken..];
    }
}
