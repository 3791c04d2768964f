//! The state while statements are replayed: what there is, by name, in order of creation.
//!
//! Invariant: a table's `key` is a hash of the statements that made it, so equal keys mean equal tables.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};
use schema::{IndexPart, Object, ObjectPath, Realm, Schema, SmolStr, Table, Trigger, View};
use syntax::sql::Piece;
use text::{Diagnostic, FileId, FileRange, Related, Severity, TextRange};

use super::effect::{Inline, Name};
use super::scene::{Scene, Store};
use super::{Cache, Extent, Made, Outcome, Read};
use crate::origin::{self, Part, Place};
use crate::state::{Coverage, Failure};
use crate::{Dialect, State};

/// A replay under way.
pub(super) struct Catalog<'c> {
    pub dialect: &'static Dialect,
    pub cache: &'c mut Cache,
    /// The schema that exists without being created.
    pub schema: SmolStr,
    pub extent: Extent,
    pub now: Now,
}

/// What there is at one moment of a replay. A copy costs its pointers.
#[derive(Clone, Debug, Default)]
pub(super) struct Now {
    /// Tables, views and other objects in order of creation; a dropped one leaves a hole.
    pub slots: Vec<Option<Slot>>,
    /// Folded name to place in `slots`.
    pub by_name: FxHashMap<SmolStr, usize>,
    /// Folded name of an index to the slot of its table.
    pub indexes: FxHashMap<SmolStr, usize>,
    pub triggers: Vec<Option<TriggerSlot>>,
    pub by_trigger: FxHashMap<SmolStr, usize>,
    /// Names that are no part of the realm.
    pub shadows: Vec<SmolStr>,
    /// What there is where a dialect's statements are steps.
    pub store: Store,
    /// How many more times a nearest name is looked for: with very many missing it would take very long.
    suggestions: u32,
    /// Something was not understood: nothing is missing for sure.
    pub unsure: bool,
    /// What the foreign keys refer to, to be looked at when all is there.
    pub parents: Vec<Referred>,
    diagnostics: Vec<(FileId, Diagnostic)>,
    uses: Vec<(Place, Arc<origin::Uses>)>,
}

#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub what: What,
    /// Hash of what made it.
    pub key: u64,
    pub part: Arc<Part>,
    pub places: Vec<Place>,
    /// Whether all columns are known.
    pub complete: bool,
    pub inline: Inline,
}

/// What a foreign key refers to, kept up to date while tables are renamed.
#[derive(Clone, Debug)]
pub(super) struct Referred {
    /// The slot of the referring table.
    pub child: usize,
    pub table: (SmolStr, FileRange),
    pub columns: Vec<(SmolStr, FileRange)>,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Table(Arc<Table>),
    View(Arc<View>),
    Object(Arc<Object>),
}

#[derive(Clone, Debug)]
pub(super) struct TriggerSlot {
    pub trigger: Arc<Trigger>,
    pub part: Arc<Part>,
    pub place: Place,
}

impl What {
    pub fn name(&self) -> &SmolStr {
        match self {
            What::Table(table) => &table.name,
            What::View(view) => &view.name,
            What::Object(object) => &object.name,
        }
    }

    pub fn word(&self) -> &'static str {
        match self {
            What::Table(_) | What::Object(_) => "table",
            What::View(_) => "view",
        }
    }
}

/// What stands where, for one statement.
pub(super) struct At<'a> {
    pub place: Place,
    pub piece: &'a Piece,
    /// The statement is broken: nothing is said about it.
    pub silent: bool,
}

impl Now {
    /// Nothing, with room for what so many statements make.
    pub fn empty(dialect: &Dialect, statements: usize) -> Self {
        let mut by_name = FxHashMap::default();
        by_name.reserve(statements);
        Self {
            slots: Vec::with_capacity(statements),
            by_name,
            indexes: FxHashMap::with_capacity_and_hasher(statements, FxBuildHasher),
            triggers: Vec::new(),
            by_trigger: FxHashMap::default(),
            shadows: Vec::new(),
            store: Store::new(&dialect.default_schema.unwrap_or_default().into()),
            suggestions: 200,
            unsure: false,
            parents: Vec::new(),
            diagnostics: Vec::new(),
            uses: Vec::new(),
        }
    }
}

impl<'c> Catalog<'c> {
    /// Goes on from `now`.
    pub fn new(dialect: &'static Dialect, cache: &'c mut Cache, extent: Extent, now: Now) -> Self {
        let schema = dialect.default_schema.unwrap_or_default().into();
        Self { dialect, cache, schema, extent, now }
    }

    pub fn syntax_error(&mut self, file: FileId, error: Diagnostic) {
        self.now.diagnostics.push((file, error));
    }

    /// Replays one statement.
    pub fn statement(&mut self, place: Place, piece: &Piece, read: &Read) {
        let silent = read.outcome == Outcome::Broken;
        for note in &read.notes {
            self.now.diagnostics.push((place.file, note.clone().shifted(place.offset)));
        }
        if !read.uses.entries.is_empty() {
            self.now.uses.push((place, read.uses.clone()));
        }
        let at = At { place, piece, silent };
        for (ordinal, effect) in read.effects.iter().enumerate() {
            self.apply(&at, effect, ordinal as u64);
        }
        // A query that is not understood changes nothing.
        // A quote that is never closed may have swallowed the end of a name.
        let swallowed = || piece.errors().iter().any(|error| error.code == "sql-unclosed-quote");
        if read.outcome == Outcome::Opaque || (silent && (read.effects.is_empty() || swallowed())) {
            self.now.unsure = true;
        }
    }

    pub fn fold(&self, name: &str) -> SmolStr {
        self.dialect.decode.fold(name)
    }

    pub fn slot(&self, name: &str) -> Option<&Slot> {
        let at = *self.now.by_name.get(&self.fold(name))?;
        self.now.slots.get(at)?.as_ref()
    }

    /// The place of a table that is there.
    pub fn table_at(&self, name: &str) -> Option<(usize, Arc<Table>)> {
        let at = *self.now.by_name.get(&self.fold(name))?;
        match &self.now.slots.get(at)?.as_ref()?.what {
            What::Table(table) => Some((at, table.clone())),
            _ => None,
        }
    }

    pub fn is_shadow(&self, name: &str) -> bool {
        !self.now.shadows.is_empty() && self.now.shadows.contains(&self.fold(name))
    }

    /// Notes a mistake of the statement at `at`.
    pub fn error(&mut self, at: &At<'_>, range: TextRange, code: text::Code, message: String) {
        self.note(at, Diagnostic::error(range, code, message), None);
    }

    pub fn note(&mut self, at: &At<'_>, diagnostic: Diagnostic, related: Option<(FileRange, &str)>) {
        if at.silent {
            return;
        }
        let mut diagnostic = diagnostic.shifted(at.place.offset);
        if let Some((place, message)) = related {
            let file = (place.file != at.place.file).then_some(place.file);
            diagnostic.related.push(Related { file, range: place.range, message: message.into() });
        }
        self.now.diagnostics.push((at.place.file, diagnostic));
    }

    /// Notes that `name` is not there, unless that is not sure.
    pub fn missing(&mut self, at: &At<'_>, kind: &str, name: &Name) {
        if self.now.unsure || at.silent || self.is_shadow(&name.text) {
            return;
        }
        let message = format!("{kind} {:?} does not exist", name.text);
        let near = if self.now.suggestions == 0 {
            None
        } else {
            self.now.suggestions -= 1;
            let names: Vec<&SmolStr> = match kind {
                "index" => self.now.indexes.keys().collect(),
                "trigger" => self.now.triggers.iter().flatten().map(|slot| &slot.trigger.name).collect(),
                _ => self.now.slots.iter().flatten().map(|slot| slot.what.name()).collect(),
            };
            hcl::suggest(&name.text, names.into_iter().map(SmolStr::as_str)).map(str::to_owned)
        };
        if near.is_none() && self.extent == Extent::Part {
            return;
        }
        self.suggest(at, name, "unknown-table", message, near);
    }

    /// Notes `message`, and that `near` may have been meant.
    pub fn suggest(
        &mut self,
        at: &At<'_>,
        name: &Name,
        code: text::Code,
        mut message: String,
        near: Option<String>,
    ) {
        if let Some(near) = &near {
            message.push_str(&format!(", did you mean {near:?}?"));
        }
        let mut diagnostic = Diagnostic::error(name.range, code, message);
        if let Some(near) = near {
            diagnostic = diagnostic.with_fix(format!("Change to {near:?}"), name.range, near);
        }
        self.note(at, diagnostic, None);
    }

    /// Whether a nearest name may be looked for once more.
    pub fn may_suggest(&mut self) -> bool {
        let may = self.now.suggestions > 0;
        self.now.suggestions = self.now.suggestions.saturating_sub(1);
        may
    }

    /// Where what is called `name` was defined.
    pub fn defined(&self, name: &str) -> Option<FileRange> {
        let slot = self.slot(name)?;
        let entry = slot.part.entries.first()?;
        Some(slot.places.get(entry.piece as usize)?.at(entry.name))
    }

    /// Replaces the table in slot `at` by what `make` makes of it, or by what was made of it before.
    pub fn remake(
        &mut self,
        at: usize,
        key: u64,
        place: Option<Place>,
        make: impl FnOnce(&Table, &Part, u32) -> Made,
    ) {
        let Some(Some(slot)) = self.now.slots.get_mut(at) else { return };
        let What::Table(table) = &slot.what else { return };
        let piece = slot.places.len() as u32;
        let made = self.cache.table(key, || make(table, &slot.part, piece));
        slot.places.extend(place);
        slot.key = key;
        slot.part = made.part.clone();
        slot.what = What::Table(made.table.clone());
    }

    /// The state.
    pub fn finish(mut self, coverage: Coverage, order: &[FileId]) -> State {
        if self.dialect.ddl.is_staged() {
            return self.finish_staged(coverage, order);
        }
        self.dangling();
        self.imply_ref_columns();
        let mut schema = Schema::new(self.schema.clone());
        let caseless = self.fold("A") == "a";
        let mut origins = origin::Builder::with_capacity(self.now.slots.len()).caseless(caseless);
        for slot in std::mem::take(&mut self.now.slots).into_iter().flatten() {
            if let Some(path) = slot.part.entries.first().map(|entry| entry.path.clone()) {
                origins.add(path, slot.part, slot.places);
            }
            match slot.what {
                What::Table(table) => schema.tables.push(table),
                What::View(view) => schema.views.push(view),
                What::Object(object) => schema.objects.push(object),
            }
        }
        for slot in std::mem::take(&mut self.now.triggers).into_iter().flatten() {
            let path =
                ObjectPath::Trigger { schema: self.schema.clone(), trigger: slot.trigger.name.clone() };
            origins.add(path, slot.part, vec![slot.place]);
            schema.triggers.push(slot.trigger);
        }
        let uses = std::mem::take(&mut self.now.uses);
        let realm = Realm { schemas: vec![schema], ..Realm::default() };
        close(realm, origins, uses, self.now.diagnostics, coverage, order)
    }

    /// What there is now; more statements may follow.
    pub fn realm(&mut self) -> Realm {
        if self.dialect.ddl.is_staged() {
            let kept = self.now.store.clone();
            let realm = self.settle(None);
            self.now.store = kept;
            return realm;
        }
        let mut schema = Schema::new(self.schema.clone());
        for at in 0..self.now.slots.len() {
            let Some(Some(slot)) = self.now.slots.get(at) else { continue };
            match slot.what.clone() {
                What::Table(table) => schema.tables.push(match self.implied(at) {
                    Some((key, implied)) => {
                        let part = slot.part.clone();
                        self.cache.table(key, || with_ref_columns(&table, &part, implied)).table.clone()
                    }
                    None => table,
                }),
                What::View(view) => schema.views.push(view),
                What::Object(object) => schema.objects.push(object),
            }
        }
        let triggers = self.now.triggers.iter().flatten();
        schema.triggers.extend(triggers.map(|slot| slot.trigger.clone()));
        Realm { schemas: vec![schema], ..Realm::default() }
    }

    /// What there is on a scene, when no statement follows.
    fn settle(&mut self, origins: Option<&mut origin::Builder>) -> Realm {
        let dialect = self.dialect;
        dialect.ddl.settle(&mut Scene { catalog: self, at: None, ordinal: 0 });
        std::mem::take(&mut self.now.store).finish(origins)
    }

    /// The state of a scene.
    fn finish_staged(mut self, coverage: Coverage, order: &[FileId]) -> State {
        let mut origins = origin::Builder::with_capacity(self.now.slots.len());
        let realm = self.settle(Some(&mut origins));
        close(realm, origins, self.now.uses, self.now.diagnostics, coverage, order)
    }

    /// Foreign keys to a table or column that is not there: allowed, but no row can be written.
    fn dangling(&mut self) {
        if self.now.unsure {
            return;
        }
        for parent in std::mem::take(&mut self.now.parents) {
            if self.now.slots.get(parent.child).is_none_or(Option::is_none) {
                continue;
            }
            let (name, place) = &parent.table;
            if self.slot(name).is_none() {
                if !self.is_shadow(name) {
                    let mut near = None;
                    if self.now.suggestions > 0 {
                        let names = self.now.slots.iter().flatten().map(|slot| slot.what.name().as_str());
                        near = hcl::suggest(name, names).map(str::to_owned);
                    }
                    self.now.suggestions = self.now.suggestions.saturating_sub(1);
                    if near.is_none() && self.extent == Extent::Part {
                        continue;
                    }
                    let message = format!("table {name:?}, which a foreign key refers to, does not exist");
                    self.warning(*place, "unknown-table", message, near);
                }
                continue;
            }
            let Some(Slot { what: What::Table(table), complete: true, .. }) = self.slot(name) else {
                continue;
            };
            let table = table.clone();
            for (column, place) in &parent.columns {
                let known = || table.columns.iter().map(|column| column.name.as_str());
                if !known().any(|known| self.fold(known) == self.fold(column)) {
                    let near = hcl::suggest(column, known()).map(str::to_owned);
                    let message = format!(
                        "column {column:?}, which a foreign key refers to, is not in table {:?}",
                        table.name
                    );
                    self.warning(*place, "unknown-column", message, near);
                }
            }
        }
    }

    fn warning(&mut self, place: FileRange, code: text::Code, mut message: String, near: Option<String>) {
        if let Some(near) = &near {
            message.push_str(&format!(", did you mean {near:?}?"));
        }
        let mut diagnostic = Diagnostic::warning(place.range, code, message);
        if let Some(near) = near {
            diagnostic = diagnostic.with_fix(format!("Change to {near:?}"), place.range, near);
        }
        self.now.diagnostics.push((place.file, diagnostic));
    }

    /// A key that names no columns of its parent means the parent's primary key.
    fn imply_ref_columns(&mut self) {
        for at in 0..self.now.slots.len() {
            if let Some((key, implied)) = self.implied(at) {
                self.remake(at, key, None, |table, part, _| {
                    with_ref_columns(table, &Arc::new(part.clone()), implied)
                });
            }
        }
    }

    /// What the keys of the table in slot `at` that name no columns mean, and the chain of the table with it; `None`
    /// when all of them do.
    fn implied(&self, at: usize) -> Option<(u64, Vec<Option<Vec<SmolStr>>>)> {
        let Slot { what: What::Table(table), key, .. } = self.now.slots.get(at)?.as_ref()? else {
            return None;
        };
        if table.foreign_keys.iter().all(|key| !key.ref_columns.is_empty()) {
            return None;
        }
        let of = |key: &schema::ForeignKey| {
            let parent = self.table_at(&key.ref_table)?.1;
            let parts = &parent.primary_key.as_ref()?.parts;
            let columns: Vec<SmolStr> = parts.iter().filter_map(IndexPart::column_name).cloned().collect();
            (key.ref_columns.is_empty() && columns.len() == key.columns.len()).then_some(columns)
        };
        let implied: Vec<Option<Vec<SmolStr>>> = table.foreign_keys.iter().map(of).collect();
        let mut hasher = FxHasher::default();
        (key, &implied).hash(&mut hasher);
        Some((hasher.finish(), implied))
    }
}

fn with_ref_columns(table: &Table, part: &Arc<Part>, implied: Vec<Option<Vec<SmolStr>>>) -> Made {
    let mut table = table.clone();
    for (key, columns) in table.foreign_keys.iter_mut().zip(implied) {
        if let Some(columns) = columns {
            key.ref_columns = columns;
        }
    }
    Made { table: Arc::new(table), part: part.clone() }
}

fn close(
    realm: Realm,
    mut origins: origin::Builder,
    uses: Vec<(Place, Arc<origin::Uses>)>,
    mut diagnostics: Vec<(FileId, Diagnostic)>,
    coverage: Coverage,
    order: &[FileId],
) -> State {
    for (place, uses) in uses {
        origins.add_uses(place, uses);
    }
    let place_of: FxHashMap<FileId, usize> = order.iter().enumerate().map(|(at, file)| (*file, at)).collect();
    diagnostics.sort_by_key(|(file, diagnostic)| {
        (place_of.get(file).copied(), diagnostic.range.start(), diagnostic.range.end())
    });
    let failure =
        diagnostics.iter().find(|(_, found)| found.severity == Severity::Error).map(|(file, found)| {
            Failure::At {
                file: *file,
                range: found.range,
                summary: found.message.clone(),
                detail: String::new(),
            }
        });
    State { hcl: false, realm: Arc::new(realm), origins: origins.finish(), diagnostics, coverage, failure }
}

/// The hash of a chain of statements, one longer.
pub(super) fn chain(key: u64, piece: &Piece, ordinal: u64) -> u64 {
    let mut hasher = FxHasher::default();
    (key, piece.id(), ordinal).hash(&mut hasher);
    hasher.finish()
}
