//! What a timeline remembers: replays it can go on from, and realms.
//!
//! Replays are kept after every sixteenth file and after the few that were asked about last; between two of them files
//! are replayed again, from statements that were read before. Invariant: what is kept under a key was made by exactly
//! the files the key is made of.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::Realm;
use syntax::sql::File;
use text::FileId;

use super::Road;
use crate::Dialect;
use crate::replay::{Cache, Replay};

/// A hash of files in their order.
///
/// 128 bits, not made to withstand an attacker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Key(u128);

impl Key {
    /// With one file more.
    pub fn with(self, file: FileId, sql: &File) -> Key {
        let key = self.and(u128::from(file.0)).and(sql.pieces().len() as u128);
        sql.pieces().iter().fold(key, |key, placed| key.and(placed.piece.id().number()))
    }

    fn and(self, number: u128) -> Key {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        Key((mixed ^ (mixed >> 67)).rotate_left(29).wrapping_add(1))
    }
}

/// Replays and realms by what made them.
#[derive(Debug, Default)]
pub(super) struct Memory {
    replays: FxHashMap<Key, Kept>,
    realms: FxHashMap<Key, (Arc<Realm>, u64)>,
    /// Counts the questions.
    clock: u64,
}

#[derive(Debug)]
struct Kept {
    replay: Replay,
    /// After a sixteenth file.
    mark: bool,
    used: u64,
}

/// After every so many files a replay is kept.
const STRIDE: usize = 16;
/// So many of those that were asked about last.
const RECENT: usize = 8;

impl Memory {
    /// The replay of the first `count` files of `road`.
    pub fn replay(
        &mut self,
        road: &Road<'_>,
        count: usize,
        dialect: &'static Dialect,
        cache: &mut Cache,
    ) -> Replay {
        self.clock += 1;
        cache.start(dialect);
        let known = (0..count).rev().find_map(|at| {
            let kept = self.replays.get_mut(road.keys.get(at)?)?;
            kept.used = self.clock;
            Some((at + 1, kept.replay.clone()))
        });
        let (from, mut replay) = known.unwrap_or_else(|| (0, Replay::new(dialect)));
        for (at, (file, sql)) in road.files.iter().enumerate().take(count).skip(from) {
            replay.file(*file, sql, cache);
            if is_mark(at) || at + 1 == count {
                self.insert(road.keys[at], is_mark(at), replay.clone());
            }
        }
        self.trim(road.files.len());
        let pieces = road.files.iter().map(|(_, sql)| sql.pieces().len()).sum();
        cache.finish(pieces);
        replay
    }

    /// Remembers the replay of a whole road.
    pub fn keep(&mut self, road: &Road<'_>, replay: Replay) {
        if let Some(at) = road.files.len().checked_sub(1) {
            self.insert(road.last(), is_mark(at), replay);
            self.trim(road.files.len());
        }
    }

    fn insert(&mut self, key: Key, mark: bool, replay: Replay) {
        self.replays.insert(key, Kept { replay, mark, used: self.clock });
    }

    /// Forgets what was not asked for lately.
    fn trim(&mut self, files: usize) {
        for (mark, most) in [(false, RECENT), (true, files / STRIDE * 2 + RECENT)] {
            while self.replays.values().filter(|kept| kept.mark == mark).count() > most {
                let oldest = self.replays.iter().filter(|(_, kept)| kept.mark == mark);
                let Some(key) = oldest.min_by_key(|(_, kept)| kept.used).map(|(key, _)| *key) else { break };
                self.replays.remove(&key);
            }
        }
        if self.realms.len() > files * 2 + STRIDE {
            let oldest = self.clock.saturating_sub(files as u64 + STRIDE as u64);
            self.realms.retain(|_, (_, used)| *used > oldest);
        }
    }

    pub fn realm(&mut self, key: Key) -> Option<Arc<Realm>> {
        let clock = self.clock;
        self.realms.get_mut(&key).map(|(realm, used)| {
            *used = clock;
            realm.clone()
        })
    }

    pub fn keep_realm(&mut self, key: Key, realm: Arc<Realm>) {
        self.realms.insert(key, (realm, self.clock));
    }
}

fn is_mark(at: usize) -> bool {
    at % STRIDE == STRIDE - 1
}
