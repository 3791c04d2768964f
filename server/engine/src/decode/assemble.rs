//! Puts the pieces together: the realm, the places, and the mistakes only all files together have.
//!
//! Invariant: the work per piece is a few look-ups, whatever the piece says.

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use schema::{ObjectPath, Realm, RoutineKind, Schema, SmolStr};
use syntax::hcl::Piece;
use text::{Diagnostic, FileId, FileRange, Related, Severity};

use super::globals::{Finding, Globals};
use super::piece::{Decoded, path_of};
use super::read::{Note, Words, replace};
use super::scope::UNRESOLVED;
use super::summary::Summary;
use super::table::DUPLICATE;
use crate::origin::{self, Part, Place};
use crate::state::{Counts, Coverage, Failure};
use crate::{Dialect, State};

/// A state being put together.
pub(super) struct Assembly {
    dialect: &'static Dialect,
    realm: Realm,
    origins: origin::Builder,
    diagnostics: Vec<(FileId, Diagnostic)>,
    /// The first mistake of each rank: syntax, variables, everything else.
    failures: [Option<Failure>; 3],
    /// Where a name of a namespace was first defined.
    defined: FxHashMap<(Namespace, SmolStr, SmolStr), FileRange>,
    /// Keys of notes that were shown.
    shown: Vec<SmolStr>,
    counts: FxHashMap<FileId, Counts>,
    schema_at: FxHashMap<SmolStr, usize>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Namespace {
    Schema,
    /// Tables and views.
    Relation,
    Index,
    Trigger,
    /// Of this kind, with what tells apart those of one name.
    Other(&'static str, SmolStr),
}

impl Assembly {
    pub fn new(dialect: &'static Dialect, pieces: usize) -> Self {
        Self {
            dialect,
            realm: Realm::default(),
            origins: origin::Builder::with_capacity(pieces),
            diagnostics: Vec::new(),
            failures: [None, None, None],
            defined: FxHashMap::with_capacity_and_hasher(pieces * 2, FxBuildHasher),
            shown: Vec::new(),
            counts: FxHashMap::default(),
            schema_at: FxHashMap::default(),
        }
    }

    /// Adds what the piece at `place` says.
    pub fn piece(&mut self, place: Place, piece: &Piece, summary: &Summary, decoded: &Decoded) {
        self.counts.entry(place.file).or_default().analysed += summary.blocks;
        for error in piece.errors() {
            let detail = Words::Placed { summary: sentence(&error.message), detail: String::new() };
            self.emit(place, error.clone(), &detail, 0);
        }
        for note in &decoded.notes {
            self.note(place, note);
        }
        for (schema, part) in &decoded.schemas {
            if !self.define(place, part, Namespace::Schema, "", &schema.name, "schema") {
                continue;
            }
            // Objects that stand before its block have made it already.
            let known = self.schema_mut(&schema.name);
            known.comment.clone_from(&schema.comment);
            known.attrs = schema.attrs.clone();
        }
        for (table, part) in &decoded.tables {
            if self.define(place, part, Namespace::Relation, &table.schema, &table.name, "table") {
                self.indexes(place, table, part);
                self.schema_mut(&table.schema).tables.push(Arc::clone(table));
            }
        }
        for (view, part) in &decoded.views {
            if self.define(place, part, Namespace::Relation, &view.schema, &view.name, "view") {
                self.schema_mut(&view.schema).views.push(Arc::clone(view));
            }
        }
        for (trigger, part) in &decoded.triggers {
            let namespace = match self.dialect.decode.trigger_names_are_global() {
                true => Namespace::Trigger,
                false => Namespace::Other("trigger", trigger.on.clone()),
            };
            if self.define(place, part, namespace, &trigger.schema, &trigger.name, "trigger") {
                self.schema_mut(&trigger.schema).triggers.push(Arc::clone(trigger));
            }
        }
        for (routine, part) in &decoded.routines {
            let kind = match routine.kind {
                RoutineKind::Function => "function",
                RoutineKind::Procedure => "procedure",
            };
            let namespace = Namespace::Other(kind, self.dialect.decode.routine_key(routine));
            if self.define(place, part, namespace, &routine.schema, &routine.name, kind) {
                self.schema_mut(&routine.schema).routines.push(Arc::clone(routine));
            }
        }
        for (object, part) in &decoded.objects {
            let namespace = Namespace::Other(object.kind, self.dialect.decode.object_key(object));
            if self.define(place, part, namespace, &object.schema, &object.name, object.kind) {
                let objects = match object.schema.is_empty() {
                    true => &mut self.realm.objects,
                    false => &mut self.schema_mut(&object.schema).objects,
                };
                objects.push(Arc::clone(object));
            }
        }
        self.origins.add_uses(place, decoded.uses.clone());
    }

    /// Adds what was found in the variables and locals of the piece that is the `at`th to define some.
    pub fn globals(&mut self, place: Place, piece: &Piece, summary: &Summary, globals: &Globals, at: usize) {
        for (_, path, range, name) in globals.definitions.iter().filter(|(of, ..)| *of == at) {
            let mut part = Part::default();
            part.add(path.clone(), *range, *name);
            self.origins.add(path.clone(), Arc::new(part), vec![place]);
        }
        if summary.broken {
            return;
        }
        for (_, finding) in globals.findings.iter().filter(|(of, _)| *of == at) {
            let (mut diagnostic, words) = describe(finding);
            let over = usize::from(diagnostic.range.start())..usize::from(diagnostic.range.end());
            if piece.text().get(over).is_some_and(|text| text.starts_with('.')) {
                // The name, not the dot before it.
                let start = diagnostic.range.start() + text::TextSize::new(1);
                diagnostic.range = text::TextRange::new(start, diagnostic.range.end());
            }
            if let Words::Placed { detail, .. } = &words
                && let Some((_, near)) = detail.rsplit_once(" Did you mean \"")
                && let Some(near) = near.strip_suffix("\"?")
            {
                diagnostic.fixes.push(replace(diagnostic.range, near));
            }
            self.emit(place, diagnostic, &words, 1);
        }
    }

    /// Notes where an object is defined; `false` when its name is taken, which is a mistake then.
    fn define(
        &mut self,
        place: Place,
        part: &Arc<Part>,
        namespace: Namespace,
        schema: &str,
        name: &str,
        kind: &str,
    ) -> bool {
        let Some(entry) = part.entries.first() else { return false };
        let here = place.at(entry.name);
        let key = (namespace, SmolStr::from(schema), self.dialect.decode.fold(name));
        if let Some(first) = self.defined.get(&key) {
            let mut diagnostic =
                Diagnostic::error(entry.name, DUPLICATE, format!("{kind} {name:?} is defined twice"));
            let file = (first.file != place.file).then_some(first.file);
            // A place in the same file is told from the start of the piece, as the diagnostic is.
            let range = match file {
                Some(_) => Some(first.range),
                None => first.range.checked_sub(place.offset),
            };
            if let Some(range) = range {
                diagnostic.related.push(Related { file, range, message: "first defined here".into() });
            } else {
                let related = Related {
                    file: Some(first.file),
                    range: first.range,
                    message: "first defined here".into(),
                };
                diagnostic.related.push(related);
            }
            let words = Words::Sentence(format!("duplicate references were found for: {{{schema} {name}}}"));
            self.emit(place, diagnostic, &words, 2);
            return false;
        }
        self.defined.insert(key, here);
        if let Some(path) = path_of(part) {
            self.origins.add(path.clone(), part.clone(), vec![place]);
        }
        true
    }

    /// Index names that two tables have, where a schema cannot.
    fn indexes(&mut self, place: Place, table: &schema::Table, part: &Part) {
        if table.indexes.is_empty() || !self.dialect.decode.index_names_are_global() {
            return;
        }
        for index in &table.indexes {
            let key = (Namespace::Index, table.schema.clone(), self.dialect.decode.fold(&index.name));
            let is = |path: &ObjectPath| matches!(path, ObjectPath::Index { index: name, .. } if *name == index.name);
            let Some(entry) = part.entries.iter().find(|entry| is(&entry.path)) else { continue };
            let here = place.at(entry.name);
            match self.defined.get(&key) {
                // Twice in one table was found there.
                Some(first)
                    if place.at(part.entries[0].range).range.contains_range(first.range)
                        && first.file == place.file => {}
                Some(first) => {
                    let message = format!(
                        "index {:?} of table {:?} has the name of an index of another table",
                        index.name, table.name
                    );
                    let mut diagnostic = Diagnostic::error(entry.name, DUPLICATE, message);
                    let related = Related {
                        file: Some(first.file),
                        range: first.range,
                        message: "the other index".into(),
                    };
                    diagnostic.related.push(related);
                    self.emit(place, diagnostic, &Words::Message, 2);
                }
                None => {
                    self.defined.insert(key, here);
                }
            }
        }
    }

    fn note(&mut self, place: Place, note: &Note) {
        if let Some(once) = &note.once {
            if self.shown.contains(once) {
                return;
            }
            self.shown.push(once.clone());
        }
        self.emit(place, note.diagnostic.clone(), &note.words, 2);
    }

    fn emit(&mut self, place: Place, diagnostic: Diagnostic, words: &Words, rank: usize) {
        let diagnostic = diagnostic.shifted(place.offset);
        if diagnostic.severity == Severity::Error
            && let Some(failure @ None) = self.failures.get_mut(rank)
        {
            let at = |summary: String, detail: String| Failure::At {
                file: place.file,
                range: diagnostic.range,
                summary,
                detail,
            };
            *failure = Some(match words {
                Words::Message => at(sentence(&diagnostic.message), String::new()),
                Words::Placed { summary, detail } => at(summary.clone(), detail.clone()),
                Words::Sentence(text) => Failure::Text(text.clone()),
                Words::Conversion(text) => Failure::Text(format!(
                    "{}: failed converting to *schema.Realm: {text}",
                    self.dialect.name
                )),
            });
        }
        self.diagnostics.push((place.file, diagnostic));
    }

    /// The schema called `name`. One that was not declared is made, so that its objects are not lost.
    fn schema_mut(&mut self, name: &SmolStr) -> &mut Schema {
        let at = *self.schema_at.entry(name.clone()).or_insert_with(|| {
            self.realm.schemas.push(Schema::new(name.clone()));
            self.realm.schemas.len() - 1
        });
        &mut self.realm.schemas[at]
    }

    /// The state.
    pub fn finish(mut self, files: impl Iterator<Item = FileId>) -> State {
        if self.realm.schemas.is_empty()
            && let Some(name) = self.dialect.default_schema
        {
            self.realm.schemas.push(Schema::new(name));
        }
        let files: Vec<FileId> = files.collect();
        let order: FxHashMap<FileId, usize> =
            files.iter().enumerate().map(|(at, file)| (*file, at)).collect();
        self.diagnostics.sort_by_key(|(file, diagnostic)| {
            (order.get(file).copied(), diagnostic.range.start(), diagnostic.range.end())
        });
        let coverage =
            files.iter().map(|file| (*file, self.counts.get(file).copied().unwrap_or_default())).collect();
        State {
            hcl: true,
            realm: Arc::new(self.realm),
            origins: self.origins.finish(),
            diagnostics: self.diagnostics,
            coverage: Coverage { files: coverage },
            failure: self.failures.into_iter().flatten().next(),
        }
    }
}

/// The finding as a diagnostic, and in Atlas's words.
fn describe(finding: &Finding) -> (Diagnostic, Words) {
    match finding {
        Finding::Eval(found) => {
            let words = Words::Placed { summary: found.summary.clone(), detail: found.detail.clone() };
            let mut diagnostic = Diagnostic::from(found);
            let near =
                found.detail.rsplit_once(" Did you mean \"").and_then(|(_, near)| near.strip_suffix("\"?"));
            if found.code == UNRESOLVED
                && let Some(name) = found.detail.split('"').nth(1)
            {
                diagnostic.message = format!("{name:?} is not defined");
                if let Some(near) = near {
                    diagnostic.message.push_str(&format!(", did you mean {near:?}?"));
                }
            }
            (diagnostic, words)
        }
        Finding::MissingValue { name, range } => {
            let message = format!("variable {name:?} is required and has no value");
            let atlas = format!("missing value for required variable {name:?}");
            (Diagnostic::error(*range, "missing-value", message), Words::Sentence(atlas))
        }
        Finding::BadValue { name, range, message } => {
            let own = message.strip_prefix(&format!("variable {name:?}: ")).unwrap_or(message);
            let text = format!("value of variable {name:?}: {own}");
            (Diagnostic::error(*range, hcl::code::INVALID_VARIABLE, text), Words::Sentence(message.clone()))
        }
        Finding::Duplicate { kind, name, range } => {
            let message = format!("{kind} {name:?} is defined twice");
            (Diagnostic::error(*range, DUPLICATE, message), Words::Message)
        }
        Finding::Data { ty, range } => {
            let message = format!("missing data source handler for {ty:?}");
            (Diagnostic::error(*range, "data-source", message.clone()), Words::Sentence(message))
        }
    }
}

/// A message as the start of a sentence.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
