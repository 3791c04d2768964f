//! What a directory's files make: the schema as of each file, and what running a file may do.
//!
//! A file is replayed on what the files before it made, from the last checkpoint on. Invariant: the state as of a file
//! depends on that file and those before it, never on a later one.

use std::sync::Arc;

use engine::lint::file::{Judged, Subject};
use engine::lint::{Config, file as lint};
use engine::migrate::{Format, sql_of};
use engine::state::State;
use engine::{Dialect, replay};
use hcl::Value;
use syntax::sql::File;
use text::FileId;

use super::{MigrationDir, Slots};
use crate::database::{ConfigKey, Snapshot};
use crate::kind::Spoken;
use crate::memo::{Memo, Memos, Reader, lock};

/// What was worked out of directories before.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    trees: Memos<(FileId, Format, &'static str), Option<Arc<File>>>,
    states: Memos<FileId, Option<Arc<State>>>,
    findings: Memos<FileId, Option<Arc<Judged>>>,
    replayed: Slots<replay::Cache>,
    linted: Slots<lint::Cache>,
}

impl Snapshot {
    /// The schema after a migration file; `None` for any other file, or when its dialect is not understood.
    pub fn migration_state(&self, file: FileId) -> Option<Arc<State>> {
        self.migration_state_memo(file).value
    }

    /// The schema before a migration file: after the one before it.
    pub fn migration_state_before(&self, file: FileId) -> Option<Arc<State>> {
        let (dir, at) = self.migration_of(file)?;
        match at.checked_sub(1).and_then(|at| dir.files.get(at)) {
            Some((_, before)) => self.migration_state(*before),
            None => {
                self.migration_dialect(&dir.path).dialect()?;
                Some(Arc::default())
            }
        }
    }

    /// What running a migration file may do.
    pub fn migration_findings(&self, file: FileId) -> Option<Arc<Judged>> {
        let memo = self.caches.migrations.replays.findings.get(&self.inputs, &file, |reader, _| {
            let (dir, at, dialect) = self.read_place(reader, file)?;
            let (config, latest) = self.lint_config(reader, &dir);
            if latest.is_some_and(|latest| at + latest < dir.files.len()) {
                return None;
            }
            let sources = self.read_sources(reader, &dir, at, dialect);
            let (_, before) = sources.split_last()?;
            let (id, sql) = sources.last()?;
            let subject =
                Subject { before, file: *id, sql, config: &config, server: None, in_transaction: true };
            let slot =
                lock(&self.caches.migrations.replays.linted).entry(dir.path.clone()).or_default().clone();
            let mut cache = lock(&slot);
            lint::lint(&subject, dialect, &mut cache).ok().map(Arc::new)
        });
        memo.value
    }

    fn migration_state_memo(&self, file: FileId) -> Memo<Option<Arc<State>>> {
        self.caches.migrations.replays.states.get(&self.inputs, &file, |reader, _| {
            let (dir, at, dialect) = self.read_place(reader, file)?;
            let sources = self.read_sources(reader, &dir, at, dialect);
            let slot =
                lock(&self.caches.migrations.replays.replayed).entry(dir.path.clone()).or_default().clone();
            let mut cache = lock(&slot);
            Some(Arc::new(replay::replay_part(&sources, dialect, &mut cache)))
        })
    }

    /// The directory of a file, its place in it, and the dialect.
    fn read_place(
        &self,
        reader: &Reader<'_>,
        file: FileId,
    ) -> Option<(Arc<MigrationDir>, usize, &'static Dialect)> {
        let path = self.path(file)?.clone();
        let home = self.read_home(reader, &path)?;
        let dir = self.migration_dir_memo(&home);
        reader.absorb(&dir.trace);
        let at = dir.value.files.iter().position(|(_, known)| *known == file)?;
        let spoken = self.dir_dialect(&home);
        reader.absorb(&spoken.trace);
        match spoken.value {
            Spoken::Known(dialect) => Some((dir.value, at, dialect)),
            _ => None,
        }
    }

    /// The files that make the state after the one at `at`: from the last checkpoint on, else all before it.
    fn read_sources(
        &self,
        reader: &Reader<'_>,
        dir: &MigrationDir,
        at: usize,
        dialect: &'static Dialect,
    ) -> Vec<(FileId, File)> {
        let upto = dir.files.get(..=at).unwrap_or_default();
        let is_checkpoint = |at: &usize| {
            dir.files.get(*at).is_some_and(|(name, id)| {
                reader.file(*id);
                self.migration_text(*id, name).value.is_some_and(|file| file.migration.is_checkpoint())
            })
        };
        let start = (0..upto.len()).rev().find(is_checkpoint).unwrap_or(0);
        let source = |(_, id): &(smol_str::SmolStr, FileId)| {
            reader.file(*id);
            Some((*id, File::clone(&*self.migration_sql(*id, dir.format, dialect)?)))
        };
        upto.get(start..).unwrap_or_default().iter().filter_map(source).collect()
    }

    /// The tree of what a migration file executes.
    pub(crate) fn migration_sql(
        &self,
        id: FileId,
        format: Format,
        dialect: &'static Dialect,
    ) -> Option<Arc<File>> {
        let key = (id, format, dialect.name);
        let memo = self.caches.migrations.replays.trees.get(&self.inputs, &key, |reader, before| {
            let text = reader.file(id)?.content.text()?.clone();
            let previous = before.and_then(Option::as_ref).map(Arc::as_ref);
            Some(Arc::new(sql_of(&text, format, dialect.grammar, previous)))
        });
        memo.value
    }

    /// The `lint` settings of the env that judges a directory, and how many of the last files it asks to look at.
    fn lint_config(&self, reader: &Reader<'_>, dir: &MigrationDir) -> (Config, Option<usize>) {
        let Some(claim) = dir.claims.first() else { return (Config::default(), None) };
        let key = ConfigKey { config: claim.config.clone(), env: Some(claim.env.clone()) };
        let memo = self.evaluated(&key);
        reader.absorb(&memo.trace);
        let Some(env) = memo.value.envs.first() else { return (Config::default(), None) };
        let latest = env.lint.get("latest").and_then(|value| match value {
            Value::Number(number) => number.to_string().parse().ok(),
            _ => None,
        });
        (Config::from_value(&env.lint), latest)
    }
}
