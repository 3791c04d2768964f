//! What an effect makes of the state, and what the database would say against it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;
use schema::{Index, Key, ObjectPath, PartOf, Table};
use text::Diagnostic;

use super::Made;
use super::catalog::{At, Catalog, Referred, Slot, TriggerSlot, What, chain};
use super::effect::{Derived, Effect, Inline, Kind, Name, NewIndex, NewTable, NewTrigger, Parent};
use crate::decode::TABLE_DUPLICATE as DUPLICATE;
use crate::origin::{Entry, Part};

const UNKNOWN_COLUMN: text::Code = "unknown-column";
const WRONG_KIND: text::Code = "wrong-kind";
pub(super) const IN_USE: text::Code = "column-in-use";

impl Catalog<'_> {
    pub(super) fn apply(&mut self, at: &At<'_>, effect: &Effect, ordinal: u64) {
        match effect {
            Effect::CreateTable(new) => self.create_table(at, new, ordinal),
            Effect::CreateIndex(new) => self.create_index(at, new, ordinal),
            Effect::CreateView { view, part, name, if_not_exists } => {
                if self.is_free(at, name, "view", *if_not_exists) {
                    let what = What::View(view.clone());
                    self.insert(at, what, part.clone(), true, Inline::default(), ordinal);
                }
            }
            Effect::CreateObject { object, part, name, if_not_exists } => {
                if self.is_free(at, name, "table", *if_not_exists) {
                    let what = What::Object(object.clone());
                    self.insert(at, what, part.clone(), false, Inline::default(), ordinal);
                }
            }
            Effect::CreateTrigger(new) => self.create_trigger(at, new),
            Effect::RenameTable { table, to } => self.rename_table(at, table, to, ordinal),
            Effect::RenameColumn { table, from, to } => self.rename_column(at, table, from, to, ordinal),
            Effect::AddColumn(new) => self.add_column(at, new, ordinal),
            Effect::DropColumn { table, column } => self.drop_column(at, table, column, ordinal),
            Effect::Drop { kind, name, if_exists } => self.drop(at, *kind, name, *if_exists, ordinal),
            Effect::Step(step) => {
                step.apply(&mut super::Scene { catalog: self, at: Some(at), ordinal });
            }
            Effect::Shadow { name } => {
                let name = self.fold(name);
                self.now.shadows.push(name);
            }
        }
    }

    /// Whether a table or view can be called `name`.
    fn is_free(&mut self, at: &At<'_>, name: &Name, kind: &str, if_not_exists: bool) -> bool {
        if let Some(slot) = self.slot(&name.text) {
            let message = format!("{} {:?} already exists", slot.what.word(), name.text);
            if !if_not_exists {
                let first = self.defined(&name.text).map(|place| (place, "first created here"));
                self.note(at, Diagnostic::error(name.range, DUPLICATE, message), first);
            }
            return false;
        }
        if self.now.indexes.contains_key(&self.fold(&name.text)) {
            let message = format!("{kind} {:?}: there is already an index of that name", name.text);
            self.error(at, name.range, DUPLICATE, message);
            return false;
        }
        true
    }

    fn insert(
        &mut self,
        at: &At<'_>,
        what: What,
        part: Arc<Part>,
        complete: bool,
        inline: Inline,
        ordinal: u64,
    ) -> usize {
        let name = self.fold(what.name());
        let slot = self.now.slots.len();
        self.now.by_name.insert(name, slot);
        let complete = complete && !at.silent;
        let key = chain(0, at.piece, ordinal);
        self.now.slots.push(Some(Slot { what, key, part, places: vec![at.place], complete, inline }));
        slot
    }

    fn create_table(&mut self, at: &At<'_>, new: &NewTable, ordinal: u64) {
        if !self.is_free(at, &new.name, "table", new.if_not_exists) {
            return;
        }
        let (table, complete) = self.with_derived(new);
        let what = What::Table(table);
        let slot = self.insert(at, what, new.part.clone(), complete, new.inline.clone(), ordinal);
        if !new.derived.is_empty()
            && let Some(Some(slot)) = self.now.slots.get_mut(slot)
            && let What::Table(table) = &slot.what
        {
            // What it is made of depends on other tables too.
            let mut hasher = FxHasher::default();
            slot.key.hash(&mut hasher);
            for column in &table.columns {
                (&column.name, &column.raw_type).hash(&mut hasher);
            }
            slot.key = hasher.finish();
        }
        for index in &new.table.indexes {
            let name = self.fold(&index.name);
            self.now.indexes.insert(name, slot);
        }
        self.refer(at, slot, &new.parents);
    }

    /// The table with the columns its query gives it, and whether these are all.
    fn with_derived(&self, new: &NewTable) -> (Arc<Table>, bool) {
        if new.derived.is_empty() {
            return (new.table.clone(), new.complete);
        }
        let mut table = Table::clone(&new.table);
        let mut complete = new.complete;
        for derived in &new.derived {
            match derived {
                Derived::All(of) => match self.table_at(of) {
                    Some((_, of)) => {
                        let columns = of.columns.iter();
                        table.columns.extend(
                            columns.map(|column| self.dialect.ddl.derived_column(&column.name, Some(column))),
                        );
                    }
                    None => complete = false,
                },
                Derived::Column { name, of } => {
                    let source = of.as_ref().and_then(|(table, column)| {
                        let (_, table) = self.table_at(table)?;
                        let folded = self.fold(column);
                        table.columns.iter().find(|column| self.fold(&column.name) == folded).cloned()
                    });
                    table.columns.push(self.dialect.ddl.derived_column(name, source.as_ref()));
                }
            }
        }
        (Arc::new(table), complete)
    }

    pub(super) fn refer(&mut self, at: &At<'_>, child: usize, parents: &[Parent]) {
        for parent in parents {
            let place = |name: &Name| (name.text.clone(), at.place.at(name.range));
            let columns = parent.columns.iter().map(place).collect();
            self.now.parents.push(Referred { child, table: place(&parent.table), columns });
        }
    }

    /// The table `name`, or a note why it cannot be what is needed.
    pub(super) fn table(
        &mut self,
        at: &At<'_>,
        name: &Name,
        not_a_view: &str,
    ) -> Option<(usize, Arc<Table>)> {
        if let Some(found) = self.table_at(&name.text) {
            return Some(found);
        }
        match self.slot(&name.text).map(|slot| slot.what.word()) {
            Some("view") => {
                let message = format!("{:?} is a view, {not_a_view}", name.text);
                self.error(at, name.range, WRONG_KIND, message);
            }
            // A virtual table: its module decides.
            Some(_) => {}
            None => self.missing(at, "table", name),
        }
        None
    }

    /// The column of `table` that `name` means; a note when there is none.
    pub(super) fn column(&mut self, at: &At<'_>, slot: usize, table: &Table, name: &Name) -> Option<usize> {
        let folded = self.fold(&name.text);
        if let Some(found) = table.columns.iter().position(|column| self.fold(&column.name) == folded) {
            return Some(found);
        }
        let complete = self.now.slots.get(slot).and_then(Option::as_ref).is_some_and(|slot| slot.complete);
        if complete && !self.dialect.ddl.is_row_number(&name.text) {
            let near = hcl::suggest(&name.text, table.columns.iter().map(|column| column.name.as_str()));
            let mut message = format!("column {:?} does not exist in table {:?}", name.text, table.name);
            if let Some(near) = near {
                message.push_str(&format!(", did you mean {near:?}?"));
            }
            let mut diagnostic = Diagnostic::error(name.range, UNKNOWN_COLUMN, message);
            if let Some(near) = near {
                diagnostic = diagnostic.with_fix(format!("Change to {near:?}"), name.range, near);
            }
            self.note(at, diagnostic, None);
        }
        None
    }

    fn create_index(&mut self, at: &At<'_>, new: &NewIndex, ordinal: u64) {
        let folded = self.fold(&new.name.text);
        if self.now.indexes.contains_key(&folded) {
            if !new.if_not_exists {
                let message = format!("index {:?} already exists", new.name.text);
                self.error(at, new.name.range, DUPLICATE, message);
            }
            return;
        }
        if self.now.by_name.contains_key(&folded) {
            let message = format!("index {:?}: there is already a table of that name", new.name.text);
            self.error(at, new.name.range, DUPLICATE, message);
            return;
        }
        let Some((slot, table)) = self.table(at, &new.table, "only a table can have an index") else {
            return;
        };
        let key = chain(self.key(slot), at.piece, ordinal);
        // What was made of this very table before had all its columns.
        if !self.cache.has_table(key) {
            let mut complete = true;
            for column in &new.columns {
                let found = self.column(at, slot, &table, column).is_some();
                complete &= found || self.dialect.ddl.is_row_number(&column.text);
            }
            if !complete {
                return;
            }
        }
        self.now.indexes.insert(folded, slot);
        let (dialect, schema) = (self.dialect, self.schema.clone());
        self.remake(slot, key, Some(at.place), |table, part, piece| {
            let mut index = new.index.clone();
            for part in &mut index.parts {
                if let PartOf::Column(name) = &mut part.of {
                    let folded = dialect.decode.fold(name);
                    match table.columns.iter().find(|column| dialect.decode.fold(&column.name) == folded) {
                        Some(column) => name.clone_from(&column.name),
                        None => *name = "rowid".into(),
                    }
                }
            }
            dialect.ddl.settle_index(table, &mut index);
            let (mut table, mut part) = (table.clone(), part.clone());
            let path = ObjectPath::Index { schema, table: table.name.clone(), index: index.name.clone() };
            part.entries.push(Entry { path, piece, range: new.range, name: new.name.range });
            table.indexes.push(index);
            Made::new(table, part)
        });
    }

    pub(super) fn key(&self, slot: usize) -> u64 {
        self.now.slots.get(slot).and_then(Option::as_ref).map_or(0, |slot| slot.key)
    }

    fn create_trigger(&mut self, at: &At<'_>, new: &NewTrigger) {
        let folded = self.fold(&new.name.text);
        if self.now.by_trigger.contains_key(&folded) {
            if !new.if_not_exists {
                let message = format!("trigger {:?} already exists", new.name.text);
                self.error(at, new.name.range, DUPLICATE, message);
            }
            return;
        }
        let Some(slot) = self.slot(&new.on.text) else {
            self.missing(at, "table", &new.on);
            return;
        };
        let on = slot.what.name().clone();
        match (&slot.what, new.instead) {
            (What::Table(_), true) => {
                let message = format!(
                    "trigger {:?} is INSTEAD OF, which only a view can have; {on:?} is a table",
                    new.name.text
                );
                self.error(at, new.on.range, WRONG_KIND, message);
                return;
            }
            (What::View(_), false) => {
                let message = format!("trigger {:?} must be INSTEAD OF, {on:?} is a view", new.name.text);
                self.error(at, new.on.range, WRONG_KIND, message);
                return;
            }
            (What::Object(_), _) => {
                self.error(
                    at,
                    new.on.range,
                    WRONG_KIND,
                    format!("virtual table {on:?} cannot have triggers"),
                );
                return;
            }
            _ => {}
        }
        if let What::Table(table) = &slot.what
            && slot.complete
        {
            let table = table.clone();
            for column in &new.columns {
                let folded = self.fold(&column.text);
                if !table.columns.iter().any(|known| self.fold(&known.name) == folded) {
                    let near =
                        hcl::suggest(&column.text, table.columns.iter().map(|known| known.name.as_str()));
                    let mut message = format!(
                        "trigger {:?} watches column {:?}, which is not in table {on:?}",
                        new.name.text, column.text
                    );
                    if let Some(near) = near {
                        message.push_str(&format!(", did you mean {near:?}?"));
                    }
                    let mut diagnostic = Diagnostic::warning(column.range, UNKNOWN_COLUMN, message);
                    if let Some(near) = near {
                        diagnostic = diagnostic.with_fix(format!("Change to {near:?}"), column.range, near);
                    }
                    self.note(at, diagnostic, None);
                }
            }
        }
        let trigger = if new.trigger.on == on {
            new.trigger.clone()
        } else {
            let mut trigger = schema::Trigger::clone(&new.trigger);
            trigger.on = on;
            Arc::new(trigger)
        };
        self.now.by_trigger.insert(folded, self.now.triggers.len());
        self.now.triggers.push(Some(TriggerSlot { trigger, part: new.part.clone(), place: at.place }));
    }

    fn drop(&mut self, at: &At<'_>, kind: Kind, name: &Name, if_exists: bool, ordinal: u64) {
        let folded = self.fold(&name.text);
        match kind {
            Kind::Table | Kind::View => {
                let Some(slot) = self.now.by_name.get(&folded).copied() else {
                    if !if_exists {
                        self.missing(at, kind.word(), name);
                    }
                    return;
                };
                let word = self.now.slots[slot].as_ref().map_or("table", |slot| slot.what.word());
                if word != kind.word() {
                    let message = format!("{:?} is a {word}: use DROP {}", name.text, word.to_uppercase());
                    self.error(at, name.range, WRONG_KIND, message);
                    return;
                }
                let gone = self.now.slots[slot].take();
                self.now.by_name.remove(&folded);
                if let Some(Slot { what: What::Table(table), .. }) = &gone {
                    for index in &table.indexes {
                        self.now.indexes.remove(&self.dialect.decode.fold(&index.name));
                    }
                }
                for trigger in &mut self.now.triggers {
                    let on = trigger.as_ref().map(|slot| self.dialect.decode.fold(&slot.trigger.on));
                    if on.as_ref() == Some(&folded)
                        && let Some(slot) = trigger.take()
                    {
                        self.now.by_trigger.remove(&self.dialect.decode.fold(&slot.trigger.name));
                    }
                }
            }
            Kind::Index => {
                let Some(slot) = self.now.indexes.get(&folded).copied() else {
                    if !if_exists {
                        self.missing(at, "index", name);
                    }
                    return;
                };
                let Some(Some(Slot { what: What::Table(table), .. })) = self.now.slots.get(slot) else {
                    return;
                };
                let position = table.indexes.iter().position(|index| self.fold(&index.name) == folded);
                let Some(position) = position else { return };
                if table.indexes[position].key == Key::UniqueConstraint {
                    let message =
                        format!("index {:?} belongs to a unique constraint and cannot be dropped", name.text);
                    self.error(at, name.range, IN_USE, message);
                    return;
                }
                self.now.indexes.remove(&folded);
                let key = chain(self.key(slot), at.piece, ordinal);
                let schema = self.schema.clone();
                self.remake(slot, key, Some(at.place), |table, part, _| {
                    let (mut table, mut part) = (table.clone(), part.clone());
                    let Index { name, .. } = table.indexes.remove(position);
                    let path = ObjectPath::Index { schema, table: table.name.clone(), index: name };
                    part.entries.retain(|entry| entry.path != path);
                    Made::new(table, part)
                });
            }
            Kind::Trigger => match self.now.by_trigger.remove(&folded) {
                Some(slot) => self.now.triggers[slot] = None,
                None if !if_exists => self.missing(at, "trigger", name),
                None => {}
            },
        }
    }
}
