//! Carrying out one file statement by statement, looking at what there is in between.
//!
//! Invariant: states are asked for in order; a statement is carried out once.

use std::sync::Arc;

use schema::Realm;
use syntax::sql::{File, PieceKind, Placed};
use text::FileId;

use super::{Timeline, normal};
use crate::connection::Capabilities;
use crate::replay::{Cache, Replay};
use crate::{Dialect, normalize};

/// A file being carried out.
pub(super) struct Walk<'a> {
    dialect: &'static Dialect,
    server: &'a Capabilities,
    cache: &'a mut Cache,
    normalize: &'a mut normalize::Cache,
    replay: Replay,
    pieces: &'a [Placed],
    /// How many pieces were carried out, and how many of them are statements.
    at: usize,
    statements: usize,
    /// How many opaque statements there were when it began, and which were met since.
    opaque_before: u32,
    opaque: Vec<usize>,
}

impl<'a> Walk<'a> {
    /// At the beginning of `file`, behind what `replay` did.
    pub fn new(replay: Replay, file: Option<&'a (FileId, File)>, timeline: &'a mut Timeline) -> Self {
        let opaque_before = replay.coverage().total().opaque;
        let Timeline { dialect, server, cache, normalize, .. } = timeline;
        let mut replay = replay;
        if let Some((file, sql)) = file {
            replay.begin(*file, sql, cache);
        }
        let pieces = file.map_or(&[][..], |(_, sql)| sql.pieces());
        let (at, statements, opaque) = (0, 0, Vec::new());
        Self { dialect, server, cache, normalize, replay, pieces, at, statements, opaque_before, opaque }
    }

    /// What there is after the first `count` statements, as the server would keep it.
    pub fn state(&mut self, count: usize) -> Arc<Realm> {
        while self.statements < count && self.step() {}
        let realm = self.replay.realm(self.cache);
        normal(&realm, self.dialect, self.server, self.normalize)
    }

    /// Carries out the rest.
    pub fn finish(&mut self) {
        while self.step() {}
    }

    /// One piece more; whether there was one.
    fn step(&mut self) -> bool {
        let Some(placed) = self.pieces.get(self.at) else { return false };
        let before = self.replay.coverage().files.last().map_or(0, |(_, counts)| counts.opaque);
        self.replay.pieces(std::slice::from_ref(placed), self.cache);
        let after = self.replay.coverage().files.last().map_or(0, |(_, counts)| counts.opaque);
        self.at += 1;
        if !matches!(placed.piece.kind(), PieceKind::Empty | PieceKind::Directive) {
            if after > before {
                self.opaque.push(self.statements);
            }
            self.statements += 1;
        }
        true
    }

    /// The statements nobody understood, among those carried out.
    pub fn opaque(&self) -> Vec<usize> {
        self.opaque.clone()
    }

    /// How many of the files before nobody understood.
    pub fn opaque_before(&self) -> u32 {
        self.opaque_before
    }

    pub fn into_replay(self) -> Replay {
        self.replay
    }
}
