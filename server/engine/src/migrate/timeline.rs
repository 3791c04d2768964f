//! What a directory of migrations makes, file by file, with a memory.
//!
//! The state after a file depends on the texts before it and on nothing else, so it is kept under a hash of them: to
//! ask about the last of many files costs that file, and after an edit only what follows is worked out again, with the
//! tables that the edit does not touch shared by pointer. Files are trees with ids, as whoever holds the directory has
//! them; what is asked about is the last checkpoint and what follows. Invariants: an answer equals the one a replay
//! from nothing gives, whatever was asked before; nothing is executed.
//!
//! Source: reference/migrations.md sections 6.1 and 13; reference/lint.md section 3.

mod history;
mod memory;
mod walk;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::Realm;
use syntax::sql::File;
use text::FileId;

pub use self::history::{Event, EventKind};
use self::memory::{Key, Memory};
use self::walk::Walk;
use crate::connection::Capabilities;
use crate::lint::file::{Judged, Subject, lint_states, statements};
use crate::lint::{Config, Prechecks};
use crate::{Dialect, Error, State, diff, normalize, replay};

/// The states of a directory, each worked out once. For one dialect and one server.
#[derive(Debug)]
pub struct Timeline {
    dialect: &'static Dialect,
    server: Capabilities,
    cache: replay::Cache,
    normalize: normalize::Cache,
    memory: Memory,
    /// The last states that were asked for with all that belongs to them.
    states: Vec<(Key, Arc<After>)>,
    verdicts: FxHashMap<FileId, Verdict>,
}

/// What there is after a file.
#[derive(Clone, Debug)]
pub struct After {
    /// As the server would keep it.
    pub realm: Arc<Realm>,
    /// As it is written, with the places of all definitions, and with what the files have to be told. Its coverage
    /// says which files have statements nobody understood.
    pub state: Arc<State>,
}

#[derive(Debug)]
struct Verdict {
    key: Key,
    config: Arc<Config>,
    in_transaction: bool,
    checks: Option<Prechecks>,
    judged: Arc<Judged>,
}

/// How many states are kept with their places; those without are cheap.
const STATES: usize = 8;

impl Timeline {
    /// With nothing remembered. A server that is not known is the newest.
    pub fn new(dialect: &'static Dialect, server: Option<&Capabilities>) -> Self {
        Self {
            dialect,
            server: server.cloned().unwrap_or_else(dialect.assumed),
            cache: replay::Cache::default(),
            normalize: normalize::Cache::default(),
            memory: Memory::default(),
            states: Vec::new(),
            verdicts: FxHashMap::default(),
        }
    }

    /// Forgets everything if it was for another dialect or server.
    pub fn turn_to(&mut self, dialect: &'static Dialect, server: Option<&Capabilities>) {
        let same_server = match server {
            Some(server) => *server == self.server,
            None => (dialect.assumed)() == self.server,
        };
        if self.dialect.name != dialect.name || !same_server {
            *self = Self::new(dialect, server);
        }
    }

    /// What there is after file `index` of `files`, which are the directory in its order.
    pub fn after(&mut self, files: &[(FileId, File)], index: usize) -> Arc<After> {
        let road = Road::to(files, index);
        let key = road.last();
        if let Some(at) = self.states.iter().position(|(known, _)| *known == key) {
            let found = self.states.remove(at);
            let after = found.1.clone();
            self.states.push(found);
            return after;
        }
        let mut replay = self.memory.replay(&road, road.files.len(), self.dialect, &mut self.cache);
        let realm = self.realm_of(&mut replay, key);
        let state = Arc::new(replay.state(&mut self.cache));
        let after = Arc::new(After { realm, state });
        if self.states.len() >= STATES {
            self.states.remove(0);
        }
        self.states.push((key, after.clone()));
        after
    }

    /// What there is before file `index`: after the one before it, or nothing.
    pub fn before(&mut self, files: &[(FileId, File)], index: usize) -> Arc<After> {
        match index.checked_sub(1).filter(|_| Road::to(files, index).files.len() > 1) {
            Some(before) => self.after(files, before),
            None => self.after(&[], 0),
        }
    }

    /// What there is after file `index`, as the server would keep it.
    pub fn realm(&mut self, files: &[(FileId, File)], index: usize) -> Arc<Realm> {
        let road = Road::to(files, index);
        if let Some(realm) = self.memory.realm(road.last()) {
            return realm;
        }
        let mut replay = self.memory.replay(&road, road.files.len(), self.dialect, &mut self.cache);
        self.realm_of(&mut replay, road.last())
    }

    /// What there is before the first statement of file `index` and after each of them, as the server would keep it.
    /// The statements are those of [`statements`].
    pub fn states(&mut self, files: &[(FileId, File)], index: usize) -> Vec<Arc<Realm>> {
        let Some((_, sql)) = files.get(index) else { return Vec::new() };
        let count = statements(sql).count();
        let mut states = Vec::with_capacity(count + 1);
        self.walk(files, index, |walk| states.extend((0..=count).map(|at| walk.state(at))));
        states
    }

    /// Judges file `index` by what a replay of its statements makes.
    ///
    /// # Errors
    /// States that cannot be compared.
    pub fn lint(
        &mut self,
        files: &[(FileId, File)],
        index: usize,
        config: &Arc<Config>,
        in_transaction: bool,
    ) -> Result<Arc<Judged>, Error> {
        self.lint_checked(files, index, config, in_transaction, None)
    }

    /// The same, of a file that may have checks before it.
    ///
    /// # Errors
    /// As [`Timeline::lint`].
    pub fn lint_checked(
        &mut self,
        files: &[(FileId, File)],
        index: usize,
        config: &Arc<Config>,
        in_transaction: bool,
        checks: Option<&Prechecks>,
    ) -> Result<Arc<Judged>, Error> {
        let Some((file, sql)) = files.get(index) else { return Ok(Arc::default()) };
        let key = Road::to(files, index).last();
        if let Some(verdict) = self.verdicts.get(file)
            && verdict.key == key
            && verdict.in_transaction == in_transaction
            && verdict.checks.as_ref() == checks
            && Arc::ptr_eq(&verdict.config, config)
        {
            return Ok(verdict.judged.clone());
        }
        let (dialect, server) = (self.dialect, self.server.clone());
        let subject = Subject { sql, config, server: Some(&server), in_transaction, checks };
        let judged = self.walk(files, index, |walk| {
            let mut state = |count: usize| Ok(walk.state(count));
            let mut judged = lint_states(&subject, dialect, &mut state, &mut diff::Cache::default())?;
            walk.finish();
            judged.opaque = walk.opaque();
            judged.opaque_before = walk.opaque_before();
            Ok::<_, Error>(judged)
        })?;
        let judged = Arc::new(judged);
        let (config, checks) = (config.clone(), checks.cloned());
        let verdict = Verdict { key, config, in_transaction, checks, judged: judged.clone() };
        self.verdicts.insert(*file, verdict);
        if self.verdicts.len() > files.len() * 2 + 16 {
            self.verdicts.retain(|file, _| files.iter().any(|(known, _)| known == file));
        }
        Ok(judged)
    }

    /// Carries out file `index` statement by statement, and remembers where it ends.
    fn walk<T>(&mut self, files: &[(FileId, File)], index: usize, act: impl FnOnce(&mut Walk<'_>) -> T) -> T {
        let road = Road::to(files, index);
        let before = road.files.len().saturating_sub(1);
        let replay = self.memory.replay(&road, before, self.dialect, &mut self.cache);
        let mut walk = Walk::new(replay, road.files.last(), self);
        let out = act(&mut walk);
        walk.finish();
        let replay = walk.into_replay();
        self.memory.keep(&road, replay);
        out
    }

    /// The realm of a replay that came to the end of the road `key`, in the server's form.
    fn realm_of(&mut self, replay: &mut replay::Replay, key: Key) -> Arc<Realm> {
        if let Some(realm) = self.memory.realm(key) {
            return realm;
        }
        let realm = normal(&replay.realm(&mut self.cache), self.dialect, &self.server, &mut self.normalize);
        self.memory.keep_realm(key, realm.clone());
        realm
    }
}

/// The realm in the server's form; what cannot be brought into it stays as it was written.
fn normal(
    realm: &Arc<Realm>,
    dialect: &Dialect,
    server: &Capabilities,
    cache: &mut normalize::Cache,
) -> Arc<Realm> {
    match normalize::normalize(realm, dialect, server, cache) {
        Ok(normalized) => normalized.realm,
        Err(_) => realm.clone(),
    }
}

/// Whether a file stands for all files before it.
pub fn is_checkpoint(sql: &File) -> bool {
    sql.directives().iter().any(|directive| directive.name == "checkpoint")
}

/// The files that lead to a state, from the last checkpoint on, with the key of the state after each.
struct Road<'a> {
    files: &'a [(FileId, File)],
    keys: Vec<Key>,
}

impl<'a> Road<'a> {
    /// Up to and with file `index`; empty when there is none.
    fn to(files: &'a [(FileId, File)], index: usize) -> Self {
        let files = files.get(..=index).unwrap_or_default();
        let start = files.iter().rposition(|(_, sql)| is_checkpoint(sql)).unwrap_or(0);
        let files = files.get(start..).unwrap_or_default();
        let mut key = Key::default();
        let keys = files.iter().map(|(file, sql)| {
            key = key.with(*file, sql);
            key
        });
        Self { files, keys: keys.collect() }
    }

    /// The key of the state at its end.
    fn last(&self) -> Key {
        self.keys.last().copied().unwrap_or_default()
    }
}
