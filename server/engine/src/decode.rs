//! Schema HCL as a state: all files of a schema together, piece by piece.
//!
//! What one block means is worked out once per text, and again only when something it asked about (a column of
//! another table, a variable) has changed; the result is shared, so that comparing two versions can skip what is
//! pointer-equal. Invariants: a decode after another equals a decode from nothing; one mistake gives one diagnostic;
//! a piece with broken syntax gives no other diagnostics than those of its syntax.
//!
//! Source: atlas `schemahcl`, `sql/internal/specutil`; reference schema-hcl.md.

pub mod common;

mod assemble;
mod attrs;
mod column;
mod fit;
mod globals;
mod hooks;
mod names;
mod object;
mod piece;
mod read;
mod scope;
mod summary;
mod table;
mod trigger;

use std::collections::BTreeMap;
use std::sync::Arc;

use hcl::{Function, Input};
use rustc_hash::FxHashMap;
use schema::{ObjectPath, SmolStr};
use syntax::hcl::{File, Piece, PieceId};
use text::FileId;

pub(crate) use self::attrs::is_value;
pub use self::column::canonical;
pub use self::hooks::{At, Event, Finding, Hooks, Time, TriggerParts};
pub(crate) use self::table::DUPLICATE as TABLE_DUPLICATE;

use self::globals::Globals;
use self::names::Names;
use self::piece::Decoded;
use self::summary::Summary;
use crate::origin::Place;
use crate::{Dialect, State};

/// One file of a schema.
#[derive(Clone, Debug)]
pub struct Source {
    pub file: FileId,
    pub hcl: File,
}

/// What is given to the `variable` blocks.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    pub values: BTreeMap<SmolStr, Input>,
    /// Whether these are all values there will be: then a required variable without one is a mistake. Otherwise it
    /// is unknown, because the file is looked at without the environment that uses it.
    pub complete: bool,
    /// Whether files that are not among these may declare what these refer to: then no table and no schema is
    /// missing for sure.
    pub part: bool,
}

/// What was worked out before, by the text of the piece. For one schema: give each set of files its own.
///
/// Holds what the last decodes used, so its size is that of a few versions of the files.
#[derive(Debug, Default)]
pub struct Cache {
    pieces: FxHashMap<PieceId, Entry>,
    globals: Option<Arc<Globals>>,
    generation: u64,
    dialect: &'static str,
}

#[derive(Debug)]
struct Entry {
    summary: Arc<Summary>,
    decoded: Option<Arc<Decoded>>,
    /// The decode that used it last.
    used: u64,
}

/// How many decodes a piece that is not part of any file is kept for: undo and switching back are free.
const KEEP: u64 = 16;

impl Cache {
    /// How many pieces are kept.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    fn start(&mut self, dialect: &'static Dialect) {
        if self.dialect != dialect.name {
            *self = Cache { dialect: dialect.name, ..Cache::default() };
        }
        self.generation += 1;
    }

    /// What is known of a piece: its names, and what it said the last time.
    fn piece(
        &mut self,
        piece: &Arc<Piece>,
        dialect: &'static Dialect,
    ) -> (Arc<Summary>, Option<Arc<Decoded>>) {
        let generation = self.generation;
        let entry = self.pieces.entry(piece.id()).or_insert_with(|| Entry {
            summary: Arc::new(Summary::of(piece, dialect)),
            decoded: None,
            used: generation,
        });
        entry.used = generation;
        (entry.summary.clone(), entry.decoded.clone())
    }

    fn finish(&mut self, live: usize) {
        if self.pieces.len() > live * 2 + 256 || self.generation.is_multiple_of(KEEP) {
            let oldest = self.generation.saturating_sub(KEEP);
            self.pieces.retain(|_, entry| entry.used > oldest);
        }
    }
}

/// The state `files` describe together.
pub fn decode(files: &[Source], dialect: &'static Dialect, inputs: &Inputs, cache: &mut Cache) -> State {
    cache.start(dialect);
    let mut places: Vec<(Place, &Arc<Piece>)> = Vec::new();
    let mut summaries: Vec<Arc<Summary>> = Vec::new();
    let mut known: Vec<Option<Arc<Decoded>>> = Vec::new();
    for source in files {
        for placed in source.hcl.pieces() {
            let (summary, decoded) = cache.piece(&placed.piece, dialect);
            places.push((Place { file: source.file, offset: placed.start }, &placed.piece));
            summaries.push(summary);
            known.push(decoded);
        }
    }
    let defining: Vec<usize> = (0..places.len()).filter(|at| summaries[*at].globals).collect();
    let globals =
        globals_of(&defining.iter().map(|at| places[*at].1).collect::<Vec<_>>(), inputs, cache, dialect);
    let computed = places.iter().zip(&summaries).filter(|(_, it)| it.schemas.iter().any(|it| it.computed));
    let computed: Vec<(SmolStr, SmolStr)> =
        computed.flat_map(|((_, piece), _)| globals.schema_names(piece)).collect();
    let mut names = Names::new(dialect.default_schema.unwrap_or_default(), places.len());
    names.incomplete = inputs.part;
    for summary in &summaries {
        names.add(summary);
    }
    for (label, name) in &computed {
        names.rename_schema(label, name);
    }
    let mut assembly = assemble::Assembly::new(dialect, places.len());
    for (at, ((place, piece), (summary, known))) in places.iter().zip(summaries.iter().zip(known)).enumerate()
    {
        let decoded = match known.filter(|decoded| decoded.holds(&names, &globals)) {
            Some(decoded) => decoded,
            None => {
                let decoded = Arc::new(piece::decode(piece, summary, &names, &globals, dialect));
                if let Some(entry) = cache.pieces.get_mut(&piece.id()) {
                    entry.decoded = Some(decoded.clone());
                }
                decoded
            }
        };
        assembly.piece(*place, piece, summary, &decoded);
        if let Ok(at) = defining.binary_search(&at) {
            assembly.globals(*place, piece, summary, &globals, at);
        }
    }
    cache.finish(places.len());
    assembly.finish(files.iter().map(|source| source.file))
}

fn globals_of(
    pieces: &[&Arc<Piece>],
    inputs: &Inputs,
    cache: &mut Cache,
    dialect: &'static Dialect,
) -> Arc<Globals> {
    let fingerprint = Globals::fingerprint(pieces.iter().copied(), inputs);
    match &cache.globals {
        Some(globals) if globals.fingerprint == fingerprint => globals.clone(),
        _ => {
            let pieces: Vec<Arc<Piece>> = pieces.iter().map(|piece| Arc::clone(piece)).collect();
            let globals = Arc::new(Globals::evaluate(&pieces, inputs, fingerprint, dialect));
            cache.globals = Some(globals.clone());
            globals
        }
    }
}

/// The functions schema files can call.
fn functions() -> &'static [&'static [Function]] {
    hcl::functions::SCHEMA
}

/// The path of an object that was found.
fn object_path(found: &names::Found) -> ObjectPath {
    path(found.kind.word(), found.schema.clone(), found.table.clone())
}

/// The path of the object a block of the type `word` defines.
fn path(word: &'static str, schema: SmolStr, name: SmolStr) -> ObjectPath {
    match word {
        "table" => ObjectPath::Table { schema, table: name },
        "view" | "materialized" => ObjectPath::View { schema, view: name },
        "trigger" => ObjectPath::Trigger { schema, trigger: name },
        "function" | "procedure" => ObjectPath::Routine { schema, routine: name },
        kind => ObjectPath::Object { schema, kind, name },
    }
}
