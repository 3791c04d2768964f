//! What a directory's files make: the schema as of each file, and what running a file may do.
//!
//! A file is replayed on what the files before it made, from the last checkpoint on. Invariant: the state as of a file
//! depends on that file and those before it, never on a later one.

use std::sync::Arc;

use engine::connection::Capabilities;
use engine::lint::file::Judged;
use engine::lint::{Config, Prechecks};
use engine::migrate::timeline::{Event, Timeline};
use engine::migrate::{Format, section, sql_of};
use engine::state::State;
use engine::{DatabaseUrl, Dialect};
use hcl::Value;
use schema::{ObjectPath, Realm};
use syntax::sql::File;
use text::FileId;

use super::{MigrationDir, Slots};
use crate::database::{ConfigKey, Snapshot};
use crate::input::{Answer, Fact};
use crate::kind::Spoken;
use crate::memo::{Memo, Memos, Reader, lock};
use crate::{Path, Want};

/// What was worked out of directories before.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    trees: Memos<(FileId, Format, &'static str), Option<Arc<File>>>,
    states: Memos<FileId, Option<Arc<State>>>,
    findings: Memos<FileId, Option<Arc<Judged>>>,
    configs: Memos<Path, (Arc<Config>, Option<usize>)>,
    timelines: Slots<Option<Timeline>>,
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

    /// The schema after a migration file as its server would keep it.
    pub fn migration_realm(&self, file: FileId) -> Option<Arc<Realm>> {
        let reader = Reader::new(&self.inputs);
        let (dir, at, dialect) = self.read_place(&reader, file)?;
        let sources = self.read_sources(&reader, &dir, at, dialect);
        Some(self.timeline(&reader, &dir, dialect, |timeline| timeline.realm(&sources, at)))
    }

    /// What running a migration file may do; `None` also when its env does not ask for this file.
    pub fn migration_findings(&self, file: FileId) -> Option<Arc<Judged>> {
        let memo = self.caches.migrations.replays.findings.get(&self.inputs, &file, |reader, _| {
            let (dir, at, dialect) = self.read_place(reader, file)?;
            let settings = self.lint_config(&dir);
            reader.absorb(&settings.trace);
            let (config, latest) = settings.value;
            if latest.is_some_and(|latest| at + latest < dir.files.len()) {
                return None;
            }
            let in_transaction = self.in_transaction(reader, &dir, file);
            let text = reader.file(file).and_then(|file| file.content.text().map(ToString::to_string));
            let checks = Prechecks::of(&text.unwrap_or_default(), dir.format, dialect);
            let sources = self.read_sources(reader, &dir, at, dialect);
            self.timeline(reader, &dir, dialect, |timeline| {
                timeline.lint_checked(&sources, at, &config, in_transaction, checks.as_ref()).ok()
            })
        });
        memo.value
    }

    /// What happened to a thing, as it is called after the file at `at` of a directory, up to there.
    pub fn migration_history(&self, dir: &MigrationDir, at: usize, path: &ObjectPath) -> Vec<Event> {
        let Spoken::Known(dialect) = self.migration_dialect(&dir.path) else { return Vec::new() };
        let reader = Reader::new(&self.inputs);
        let sources = self.read_sources(&reader, dir, at, dialect);
        self.timeline(&reader, dir, dialect, |timeline| timeline.history(&sources, at, path))
    }

    fn migration_state_memo(&self, file: FileId) -> Memo<Option<Arc<State>>> {
        self.caches.migrations.replays.states.get(&self.inputs, &file, |reader, _| {
            let (dir, at, dialect) = self.read_place(reader, file)?;
            let sources = self.read_sources(reader, &dir, at, dialect);
            let after = self.timeline(reader, &dir, dialect, |timeline| timeline.after(&sources, at));
            Some(after.state.clone())
        })
    }

    /// Asks the memory of a directory.
    fn timeline<T>(
        &self,
        reader: &Reader<'_>,
        dir: &MigrationDir,
        dialect: &'static Dialect,
        ask: impl FnOnce(&mut Timeline) -> T,
    ) -> T {
        let server = self.server_of(reader, dir, dialect);
        let timelines = &self.caches.migrations.replays.timelines;
        let slot = lock(timelines).entry(dir.path.clone()).or_default().clone();
        let mut slot = lock(&slot);
        let timeline = slot.get_or_insert_with(|| Timeline::new(dialect, server.as_deref()));
        timeline.turn_to(dialect, server.as_deref());
        ask(timeline)
    }

    /// What the server of a directory's env can do: the target's, as far as somebody looked at it, else that of the
    /// image its dev database is made from.
    fn server_of(
        &self,
        reader: &Reader<'_>,
        dir: &MigrationDir,
        dialect: &'static Dialect,
    ) -> Option<Arc<Capabilities>> {
        let claim = dir.claims.first()?;
        let key = ConfigKey { config: claim.config.clone(), env: Some(claim.env.clone()) };
        let memo = self.evaluated(&key);
        reader.absorb(&memo.trace);
        let env = memo.value.envs.first()?;
        if let Some(target) = crate::live::target(env)
            && let Some(Fact { answer: Answer::Realm(_, server), .. }) = reader.known(&Want::Database(target))
        {
            return Some(server.clone());
        }
        let url = DatabaseUrl::parse(&env.dev.value()?.0).ok()?;
        (dialect.released)(tag(&url)?).map(Arc::new)
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

    /// The trees of the files up to the one at `at`.
    fn read_sources(
        &self,
        reader: &Reader<'_>,
        dir: &MigrationDir,
        at: usize,
        dialect: &'static Dialect,
    ) -> Vec<(FileId, File)> {
        let source = |(_, id): &(smol_str::SmolStr, FileId)| {
            reader.file(*id);
            let tree = self.migration_sql(*id, dir.format, dialect);
            // What is no text makes nothing, and keeps its place.
            let tree =
                tree.unwrap_or_else(|| Arc::new(File::parse(&text::Text::new(""), dialect.grammar, None)));
            (*id, File::clone(&tree))
        };
        dir.files.get(..=at).unwrap_or_default().iter().map(source).collect()
    }

    /// Whether a file runs in a transaction when its head does not say otherwise.
    fn in_transaction(&self, reader: &Reader<'_>, dir: &MigrationDir, file: FileId) -> bool {
        let text = reader.file(file).and_then(|file| file.content.text());
        let outside = text.is_some_and(|text| section::outside_transaction(&text.to_string(), dir.format));
        let mode = dir.claims.first().and_then(|claim| {
            let key = ConfigKey { config: claim.config.clone(), env: Some(claim.env.clone()) };
            let memo = self.evaluated(&key);
            reader.absorb(&memo.trace);
            memo.value.envs.first()?.migration.tx_mode.clone()
        });
        !outside && mode.as_deref() != Some("none")
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
    fn lint_config(&self, dir: &MigrationDir) -> Memo<(Arc<Config>, Option<usize>)> {
        self.caches.migrations.replays.configs.get(&self.inputs, &dir.path, |reader, _| {
            let dir = self.migration_dir_memo(&dir.path);
            reader.absorb(&dir.trace);
            let Some(claim) = dir.value.claims.first() else { return (Arc::default(), None) };
            let key = ConfigKey { config: claim.config.clone(), env: Some(claim.env.clone()) };
            let memo = self.evaluated(&key);
            reader.absorb(&memo.trace);
            let Some(env) = memo.value.envs.first() else { return (Arc::default(), None) };
            let latest = env.lint.get("latest").and_then(|value| match value {
                Value::Number(number) => number.to_string().parse().ok(),
                _ => None,
            });
            (Arc::new(Config::from_value(&env.lint)), latest)
        })
    }
}

/// The tag of the image a URL names: of `docker://postgres/15/dev` and `docker+postgres://_/postgres:15/dev`.
fn tag(url: &DatabaseUrl) -> Option<&str> {
    let mut parts = url.path().trim_start_matches('/').split('/');
    match url.scheme() {
        "docker" => parts.next(),
        scheme if scheme.starts_with("docker+") => Some(parts.find_map(|part| part.split_once(':'))?.1),
        _ => None,
    }
}
