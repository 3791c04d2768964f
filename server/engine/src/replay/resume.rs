//! A replay that can be stopped after any statement, copied, and gone on with.
//!
//! What [`super::replay`] does at once is done here step by step; both are the same code. Invariant: going on from a
//! copy gives what a replay from nothing gives.

use std::sync::Arc;

use schema::Realm;
use syntax::sql::{File, PieceKind, Placed};
use text::FileId;

use super::catalog::{Catalog, Now};
use super::{Cache, Extent, Outcome};
use crate::origin::Place;
use crate::state::{Counts, Coverage};
use crate::{Dialect, State};

/// What so many statements made. A copy costs its pointers.
#[derive(Clone, Debug)]
pub struct Replay {
    dialect: &'static Dialect,
    extent: Extent,
    now: Now,
    coverage: Coverage,
}

impl Replay {
    /// Nothing yet, of files that are all there is.
    pub fn new(dialect: &'static Dialect) -> Self {
        Self::of(dialect, Extent::Complete, 0)
    }

    /// Nothing yet, with room for what so many statements make.
    pub(super) fn of(dialect: &'static Dialect, extent: Extent, statements: usize) -> Self {
        let now = Now::empty(dialect, statements);
        Self { dialect, extent, now, coverage: Coverage::default() }
    }

    /// Goes on with a whole file.
    pub fn file(&mut self, file: FileId, sql: &File, cache: &mut Cache) {
        self.begin(file, sql, cache);
        self.pieces(sql.pieces(), cache);
    }

    /// Goes on with a file, none of whose statements it carries out yet.
    pub fn begin(&mut self, file: FileId, sql: &File, cache: &mut Cache) {
        self.coverage.files.push((file, Counts::default()));
        let errors = sql.errors();
        if !errors.is_empty() {
            self.with(cache, |catalog| {
                errors.into_iter().for_each(|error| catalog.syntax_error(file, error));
            });
        }
    }

    /// Carries out the next statements of the file it began with last.
    pub fn pieces(&mut self, pieces: &[Placed], cache: &mut Cache) {
        let Some((file, mut counts)) = self.coverage.files.pop() else { return };
        let dialect = self.dialect;
        self.with(cache, |catalog| {
            for placed in pieces {
                let place = Place { file, offset: placed.start };
                let read = catalog.cache.read(&placed.piece, dialect);
                if matches!(placed.piece.kind(), PieceKind::Empty | PieceKind::Directive) {
                    continue;
                }
                match read.outcome {
                    Outcome::Analysed => counts.analysed += 1,
                    Outcome::Skipped => counts.skipped += 1,
                    Outcome::Opaque => counts.opaque += 1,
                    // What is broken was looked at, and has its diagnostic.
                    Outcome::Broken => counts.analysed += 1,
                }
                catalog.statement(place, &placed.piece, &read);
            }
        });
        self.coverage.files.push((file, counts));
    }

    fn with(&mut self, cache: &mut Cache, act: impl FnOnce(&mut Catalog<'_>)) {
        let now = std::mem::take(&mut self.now);
        let mut catalog = Catalog::new(self.dialect, cache, self.extent, now);
        act(&mut catalog);
        self.now = catalog.now;
    }

    /// How much of each file was understood so far.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// What there is now.
    pub fn realm(&mut self, cache: &mut Cache) -> Arc<Realm> {
        let mut realm = Realm::default();
        self.with(cache, |catalog| realm = catalog.realm());
        Arc::new(realm)
    }

    /// What there is now, with where it comes from and all that was said on the way.
    pub fn state(self, cache: &mut Cache) -> State {
        let order: Vec<FileId> = self.coverage.files.iter().map(|(file, _)| *file).collect();
        Catalog::new(self.dialect, cache, self.extent, self.now).finish(self.coverage, &order)
    }
}
