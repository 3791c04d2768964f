//! SQL definitions as a state, offline: what a database that runs the files would contain afterwards.
//!
//! Queries and rows are counted and left out. What each statement does is read once per text, and what it makes of a
//! table is kept by the chain of statements that made the table, so replaying a file after an edit costs look-ups.
//! Invariants: a replay after another equals a replay from nothing; only what the database itself would refuse is an
//! error; after a statement that was not understood nothing counts as missing.

mod alter;
mod apply;
mod catalog;
mod effect;
mod resume;
mod scene;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::Table;
use syntax::sql::ast::Statement;
use syntax::sql::{File, Piece, PieceId, PieceKind};
use text::{Diagnostic, FileId};

pub use self::effect::{
    Builder, Derived, Effect, Inline, Kind, Name, NewColumn, NewIndex, NewTable, NewTrigger, Parent,
    Unsupported,
};

pub use self::resume::Replay;
pub use self::scene::{Id, Origin, Scene, Space, Step, Thing};

use crate::origin::{Part, Uses};
use crate::{Dialect, State};

/// A dialect's say in replaying.
pub trait Hooks: Sync {
    /// What `statement` does, into `builder`.
    ///
    /// # Errors
    /// [`Unsupported`] when the model has no place for it; the statement then counts as opaque.
    fn read(&self, statement: &Statement, piece: &Piece, builder: &mut Builder) -> Result<(), Unsupported>;

    /// The expression `text` after column `from` of its table was renamed.
    fn rename_in_expr(&self, text: &str, from: &str, to: &str) -> String;

    /// The query or statement `text` after table `table`, or a column of it, was renamed.
    fn rename_in_body(&self, text: &str, rename: &Rename<'_>) -> String;

    /// `view` with another body, and the columns that gives.
    fn view_with_body(&self, view: &schema::View, body: String) -> schema::View;

    /// The columns that `text`, an expression, names without doubt.
    fn columns_of(&self, text: &str) -> Vec<String>;

    /// Brings `index`, as its statement writes it, into the form the catalog has for it on `table`.
    fn settle_index(&self, table: &Table, index: &mut schema::Index) {
        let _ = (table, index);
    }

    /// The column called `name` of a table made from a query, with the values of `of` if they are a column's.
    fn derived_column(&self, name: &str, of: Option<&schema::Column>) -> schema::Column;

    /// Whether `name` means a row's number in a table without a column of that name.
    fn is_row_number(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// Whether the statements are steps on a scene instead of effects.
    fn is_staged(&self) -> bool {
        false
    }

    /// What is left to do on a scene when all statements were replayed.
    fn settle(&self, scene: &mut Scene<'_, '_>) {
        let _ = scene;
    }

    /// The name of the automatic index `index` after its table was renamed; `None` when it is not automatic.
    fn rename_automatic(&self, index: &str, from: &str, to: &str) -> Option<String>;
}

/// What was renamed.
#[derive(Clone, Copy, Debug)]
pub struct Rename<'a> {
    pub table: &'a str,
    /// `None` when the table itself was renamed.
    pub column: Option<&'a str>,
    pub to: &'a str,
}

/// What was worked out before. For one set of files.
#[derive(Debug, Default)]
pub struct Cache {
    statements: FxHashMap<PieceId, (Arc<Read>, u64)>,
    /// Tables by the chain of statements that made them.
    tables: FxHashMap<u64, (Arc<Made>, u64)>,
    generation: u64,
    dialect: &'static str,
}

/// What a statement does.
#[derive(Debug)]
struct Read {
    effects: Vec<Effect>,
    notes: Vec<Diagnostic>,
    uses: Arc<Uses>,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Analysed,
    Skipped,
    /// Not understood: nothing is missing for sure from here on.
    Opaque,
    /// Broken: the same.
    Broken,
}

/// A table after some statements.
#[derive(Debug)]
struct Made {
    table: Arc<Table>,
    part: Arc<Part>,
}

impl Made {
    fn new(table: Table, part: Part) -> Self {
        Self { table: Arc::new(table), part: Arc::new(part) }
    }
}

/// How many replays something unused is kept for.
const KEEP: u64 = 16;

impl Cache {
    pub(crate) fn start(&mut self, dialect: &'static Dialect) {
        if self.dialect != dialect.name {
            *self = Cache { dialect: dialect.name, ..Cache::default() };
        }
        self.generation += 1;
    }

    fn read(&mut self, piece: &Arc<Piece>, dialect: &'static Dialect) -> Arc<Read> {
        let generation = self.generation;
        let (read, used) =
            self.statements.entry(piece.id()).or_insert_with(|| (Arc::new(read(piece, dialect)), generation));
        *used = generation;
        read.clone()
    }

    /// The table of the chain `key`, from `make` the first time.
    fn table(&mut self, key: u64, make: impl FnOnce() -> Made) -> Arc<Made> {
        let generation = self.generation;
        let (made, used) = self.tables.entry(key).or_insert_with(|| (Arc::new(make()), generation));
        *used = generation;
        made.clone()
    }

    fn has_table(&self, key: u64) -> bool {
        self.tables.contains_key(&key)
    }

    /// Forgets what was not used for long, where so many statements are alive.
    pub(crate) fn finish(&mut self, live: usize) {
        let too_many = self.statements.len() > live * 2 + 256 || self.tables.len() > live * 4 + 256;
        if too_many || self.generation.is_multiple_of(KEEP) {
            let oldest = self.generation.saturating_sub(KEEP);
            self.statements.retain(|_, (_, used)| *used > oldest);
            self.tables.retain(|_, (_, used)| *used > oldest);
        }
    }
}

/// What `piece` does, from its text alone.
fn read(piece: &Piece, dialect: &'static Dialect) -> Read {
    let mut builder = Builder { silent: !piece.errors().is_empty(), ..Builder::default() };
    let statement = piece.statement();
    let outcome = match (piece.kind(), &statement) {
        (PieceKind::Empty | PieceKind::Directive, _) | (_, None) => Outcome::Skipped,
        _ if piece.is_skipped() => Outcome::Skipped,
        (PieceKind::Opaque, _) if piece.errors().is_empty() => Outcome::Opaque,
        (_, Some(statement)) => {
            let understood = dialect.ddl.read(statement, piece, &mut builder).is_ok();
            let ddl = piece.kind() == PieceKind::Ddl;
            match (piece.errors().is_empty(), understood) {
                (false, _) => Outcome::Broken,
                (true, true) if !piece.is_fully_analysed() => Outcome::Opaque,
                (true, true) if ddl => Outcome::Analysed,
                (true, true) => Outcome::Skipped,
                (true, false) => Outcome::Opaque,
            }
        }
    };
    let Builder { effects, notes, uses, .. } = builder;
    Read { effects, notes, uses: Arc::new(uses), outcome }
}

/// The state after the statements of `files`, in order, which are all there is.
pub fn replay(files: &[(FileId, File)], dialect: &'static Dialect, cache: &mut Cache) -> State {
    run(files, dialect, cache, Extent::Complete)
}

/// The state after the statements of `files`, in order, where others may have run before.
///
/// A table that is not there counts as missing only when its name is a slip of one that is.
pub fn replay_part(files: &[(FileId, File)], dialect: &'static Dialect, cache: &mut Cache) -> State {
    run(files, dialect, cache, Extent::Part)
}

/// Whether the files are all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Complete,
    Part,
}

fn run(files: &[(FileId, File)], dialect: &'static Dialect, cache: &mut Cache, extent: Extent) -> State {
    cache.start(dialect);
    let statements = files.iter().map(|(_, file)| file.pieces().len()).sum();
    let mut replay = Replay::of(dialect, extent, statements);
    for (file, sql) in files {
        replay.file(*file, sql, cache);
    }
    let state = replay.state(cache);
    cache.finish(statements);
    state
}
