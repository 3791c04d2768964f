//! Desired states: what the files of an env, or a file by itself, define.
//!
//! Each state keeps its decoder's cache, so that the next one shares every table nobody touched.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use engine::state::State;
use engine::{Dialect, decode, replay};
use hcl::{Input, Value};
use smol_str::SmolStr;
use syntax::sql::File;
use text::{FileId, Text};

use crate::config::{schema_inputs, variables};
use crate::database::{ConfigKey, Snapshot};
use crate::env::Setting;
use crate::info::FileInfo;
use crate::kind::Spoken;
use crate::memo::{Memo, Reader, lock};
use crate::source::{Source, resolve};
use crate::{Content, Path, Selection, Target, Want};

/// A desired state, or why there is none.
#[derive(Clone, Debug)]
pub struct Desired {
    pub kind: DesiredKind,
    /// The files it is made of, in order.
    pub files: Vec<FileId>,
    pub dialect: Option<&'static Dialect>,
}

#[derive(Clone, Debug)]
pub enum DesiredKind {
    /// Made from files.
    State(Arc<State>),
    /// It is the state of a database.
    Database(Target),
    /// The env names none.
    Unset,
    /// It takes facts we do not have.
    Pending,
    /// In Atlas's words.
    Wrong(String),
    /// Something real we do not understand yet, in words.
    NotAnalysed(String),
}

/// Which state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DesiredKey {
    Env(ConfigKey),
    /// A file that no env lists, read as this dialect.
    Alone(FileId, &'static str),
}

/// The decoders' caches, by state.
#[derive(Debug, Default)]
pub(crate) struct StateCaches(Mutex<HashMap<DesiredKey, Arc<Mutex<DecoderCache>>>>);

#[derive(Debug, Default)]
struct DecoderCache {
    hcl: decode::Cache,
    sql: replay::Cache,
}

impl Desired {
    /// The state, when it is made from files.
    pub fn state(&self) -> Option<&Arc<State>> {
        match &self.kind {
            DesiredKind::State(state) => Some(state),
            _ => None,
        }
    }
}

impl Snapshot {
    /// The desired state of an env.
    pub fn desired(&self, config: &Path, env: &str) -> Arc<Desired> {
        let key = ConfigKey { config: config.clone(), env: Some(SmolStr::from(env)) };
        self.desired_memo(&DesiredKey::Env(key)).value
    }

    pub(crate) fn desired_memo(&self, key: &DesiredKey) -> Memo<Arc<Desired>> {
        self.caches.desired.get(&self.inputs, key, |reader, _| Arc::new(self.compute_desired(reader, key)))
    }

    /// What the URLs of a command mean, and what is wanted to know it.
    pub fn source(
        &self,
        directory: &Path,
        env: Option<(&Path, &str)>,
        urls: &[SmolStr],
    ) -> (Source, BTreeSet<Want>) {
        let reader = Reader::new(&self.inputs);
        let env = env.and_then(|(config, name)| self.env(config, name));
        let source = resolve(&reader, directory, env.as_deref(), urls);
        (source, reader.finish().wanted)
    }

    /// The state a source means to a command, read as `dialect`, and what is wanted to know it.
    pub fn desired_from(
        &self,
        source: &Source,
        env: Option<(&Path, &str)>,
        dialect: &'static Dialect,
        vars: &[(SmolStr, SmolStr)],
    ) -> (Desired, BTreeSet<Want>) {
        let reader = Reader::new(&self.inputs);
        let selection = Selection { env: None, vars: vars.to_vec() };
        let inputs = match env.and_then(|(config, name)| self.env(config, name)) {
            Some(env) => schema_inputs(&env, &selection),
            None => variables(&selection),
        };
        let mut cache = DecoderCache::default();
        let desired = self.read_source(&reader, source, dialect, &inputs, &mut cache, false);
        (desired, reader.finish().wanted)
    }

    fn compute_desired(&self, reader: &Reader<'_>, key: &DesiredKey) -> Desired {
        let slot = lock(&self.caches.states.0).entry(key.clone()).or_default().clone();
        let mut cache = lock(&slot);
        match key {
            DesiredKey::Env(key) => self.env_state(reader, key, &mut cache),
            DesiredKey::Alone(id, dialect) => {
                let Some(dialect) = self.dialects.by_name(dialect) else {
                    return Desired::none(DesiredKind::Unset);
                };
                let path = reader.file(*id).map(|file| file.path.clone());
                let is_sql = path.as_ref().is_some_and(|path| {
                    crate::kind::role(path) == crate::Role::Sql
                        || reader.file(*id).and_then(|file| file.language.as_deref()) == Some("sql")
                });
                let source = if is_sql {
                    Source::Sql { files: vec![*id], migrations: false }
                } else {
                    Source::Hcl { files: self.module(reader, *id, dialect), vars: None }
                };
                self.read_source(reader, &source, dialect, &BTreeMap::new(), &mut cache, true)
            }
        }
    }

    fn env_state(&self, reader: &Reader<'_>, key: &ConfigKey, cache: &mut DecoderCache) -> Desired {
        let memo = self.evaluated(key);
        reader.absorb(&memo.trace);
        let Some(env) = memo.value.envs.first() else { return Desired::none(DesiredKind::Unset) };
        let urls = match &env.src {
            Setting::Set { value, .. } => value,
            Setting::Unset => return Desired::none(DesiredKind::Unset),
            Setting::Unknown { .. } => return Desired::none(DesiredKind::Pending),
        };
        let directory = key.config.parent().unwrap_or_else(|| key.config.clone());
        let source = resolve(reader, &directory, Some(env), urls);
        let name = key.env.as_deref().unwrap_or_default();
        let spoken = match self.env_dialect(&key.config, name) {
            Spoken::Unknown => self.dialect_of_files(reader, &source),
            spoken => spoken,
        };
        let dialect = match spoken {
            Spoken::Known(dialect) => dialect,
            Spoken::Foreign(name) => {
                return Desired {
                    files: source.files(),
                    ..Desired::none(DesiredKind::NotAnalysed(format!("{name} is not analysed yet")))
                };
            }
            Spoken::Unknown => {
                return Desired {
                    files: source.files(),
                    ..Desired::none(DesiredKind::NotAnalysed(
                        "nothing says which database this is for".to_owned(),
                    ))
                };
            }
        };
        let selection = reader.selection(&key.config).cloned().unwrap_or_default();
        let inputs = schema_inputs(env, &selection);
        self.read_source(reader, &source, dialect, &inputs, cache, false)
    }

    fn dialect_of_files(&self, reader: &Reader<'_>, source: &Source) -> Spoken {
        for id in source.files() {
            let Some(file) = reader.file(id) else { continue };
            let named = crate::kind::by_suffix(&file.path, self.dialects);
            let spoken = match (named, file.content.text()) {
                (Spoken::Unknown, Some(text)) => crate::kind::by_content(&text.to_string(), self.dialects),
                _ => named,
            };
            if !matches!(spoken, Spoken::Unknown) {
                return spoken;
            }
        }
        Spoken::Unknown
    }

    /// The HCL files that are evaluated together with one no env lists: those of its directory with its dialect.
    fn module(&self, reader: &Reader<'_>, id: FileId, dialect: &'static Dialect) -> Vec<FileId> {
        let Some(file) = reader.file(id) else { return vec![id] };
        let directory = file.path.parent();
        let mut files: Vec<(Path, FileId)> = reader
            .files()
            .filter(|(_, other)| directory.is_some() && other.path.parent() == directory)
            .filter(|(_, other)| other.content.text().is_some())
            .filter(|(_, other)| crate::kind::role(&other.path) == crate::Role::Schema)
            .filter(|(other_id, other)| {
                *other_id == id
                    || crate::kind::by_suffix(&other.path, self.dialects).dialect().is_some_and(|spoken| {
                        spoken.name == dialect.name && by_suffix_of(&file.path, dialect)
                    })
            })
            .map(|(other_id, other)| (other.path.clone(), other_id))
            .collect();
        files.sort();
        if files.is_empty() { vec![id] } else { files.into_iter().map(|(_, id)| id).collect() }
    }

    /// Whether schema files that are not among `files` lie beside them.
    fn has_siblings(&self, reader: &Reader<'_>, files: &[FileId]) -> bool {
        let parent = |id: &FileId| reader.file(*id).and_then(|file| file.path.parent());
        let Some(directory) = files.first().and_then(parent) else { return false };
        reader.files().any(|(id, other)| {
            !files.contains(&id)
                && other.content.text().is_some()
                && crate::kind::role(&other.path) == crate::Role::Schema
                && other.path.parent().as_ref() == Some(&directory)
        })
    }

    /// `alone` says that other files may define what this one uses: then what is missing is nobody's mistake.
    fn read_source(
        &self,
        reader: &Reader<'_>,
        source: &Source,
        dialect: &'static Dialect,
        inputs: &BTreeMap<SmolStr, Value>,
        cache: &mut DecoderCache,
        alone: bool,
    ) -> Desired {
        let files = source.files();
        if let Some(reason) = files.iter().find_map(|id| unreadable(reader, *id)) {
            // A file that cannot be read is not an empty one: a plan from it would drop what it defines.
            return Desired { kind: DesiredKind::Wrong(reason), files, dialect: Some(dialect) };
        }
        let kind = match source {
            Source::Hcl { files, vars } => {
                let sources: Vec<decode::Source> = files
                    .iter()
                    .filter_map(|id| Some(decode::Source { file: *id, hcl: self.read_hcl(reader, *id)? }))
                    .collect();
                let values = vars.as_ref().unwrap_or(inputs).iter();
                let values =
                    values.map(|(name, value)| (name.clone(), Input::Value(value.clone()))).collect();
                let part = alone && self.has_siblings(reader, files);
                let inputs = decode::Inputs { values, complete: !alone, part };
                DesiredKind::State(Arc::new(decode::decode(&sources, dialect, &inputs, &mut cache.hcl)))
            }
            Source::Sql { files, .. } => {
                let sources = self.sql_sources(reader, files, dialect);
                let replay = if alone { replay::replay_part } else { replay::replay };
                DesiredKind::State(Arc::new(replay(&sources, dialect, &mut cache.sql)))
            }
            Source::Text { text, .. } => {
                let sources = [in_no_file(text, dialect)];
                DesiredKind::State(Arc::new(replay::replay(&sources, dialect, &mut cache.sql)))
            }
            Source::Composite(parts) => self.composite(reader, parts, dialect, inputs),
            Source::Database(target) => DesiredKind::Database(target.clone()),
            Source::Pending => DesiredKind::Pending,
            Source::Wrong(message) => DesiredKind::Wrong(message.clone()),
            Source::NotAnalysed(what) => DesiredKind::NotAnalysed(what.clone()),
        };
        Desired { kind, files, dialect: Some(dialect) }
    }

    /// Parts one after another into one realm.
    ///
    /// A later part may refer to what an earlier one defined, so SQL parts are replayed as one sequence; an HCL part
    /// stands by itself.
    fn composite(
        &self,
        reader: &Reader<'_>,
        parts: &[(Option<SmolStr>, Source)],
        dialect: &'static Dialect,
        inputs: &BTreeMap<SmolStr, Value>,
    ) -> DesiredKind {
        let mut states = Vec::new();
        let mut run: Vec<(FileId, File)> = Vec::new();
        let flush = |run: &mut Vec<(FileId, File)>, states: &mut Vec<State>| {
            if !run.is_empty() {
                states.push(replay::replay(run, dialect, &mut replay::Cache::default()));
                run.clear();
            }
        };
        for (schema, part) in parts {
            if let (Some(schema), Some(only)) = (schema, dialect.default_schema)
                && schema != only
            {
                return DesiredKind::Wrong(format!("{} has no schema {schema:?}", dialect.title));
            }
            match part {
                Source::Sql { files, .. } => run.extend(self.sql_sources(reader, files, dialect)),
                Source::Text { text, .. } => run.push(in_no_file(text, dialect)),
                other => {
                    flush(&mut run, &mut states);
                    let mut cache = DecoderCache::default();
                    match self.read_source(reader, other, dialect, inputs, &mut cache, false).kind {
                        DesiredKind::State(state) => states.push(State::clone(&state)),
                        kind => return kind,
                    }
                }
            }
        }
        flush(&mut run, &mut states);
        DesiredKind::State(Arc::new(State::merge(states)))
    }

    fn sql_sources(
        &self,
        reader: &Reader<'_>,
        files: &[FileId],
        dialect: &'static Dialect,
    ) -> Vec<(FileId, File)> {
        let source = |id: &FileId| Some((*id, File::clone(&*self.read_sql(reader, *id, dialect.grammar)?)));
        files.iter().filter_map(source).collect()
    }

    /// The files an env lists for its desired state.
    pub(crate) fn listing(&self, reader: &Reader<'_>, key: &ConfigKey) -> Vec<FileId> {
        let memo = self.evaluated(key);
        reader.absorb(&memo.trace);
        let directory = key.config.parent().unwrap_or_else(|| key.config.clone());
        let mut listing = Vec::new();
        for env in &memo.value.envs {
            if let Some(urls) = env.src.value() {
                listing.extend(resolve(reader, &directory, Some(env), urls).files());
            }
        }
        listing
    }
}

/// Why the text of a file cannot be had.
fn unreadable(reader: &Reader<'_>, id: FileId) -> Option<String> {
    let file = reader.file(id)?;
    match &file.content {
        Content::Text(_) => None,
        Content::Missing => Some(format!("stat {}: no such file or directory", file.path)),
        Content::Binary => Some(format!("{} is not UTF-8 text", file.path)),
        Content::Unreadable(reason) => Some(format!("open {}: {reason}", file.path)),
    }
}

/// SQL that no file of the workspace holds; the highest id never names one.
fn in_no_file(text: &str, dialect: &'static Dialect) -> (FileId, File) {
    (FileId(u32::MAX), File::parse(&Text::new(text), dialect.grammar, None))
}

fn by_suffix_of(path: &Path, dialect: &'static Dialect) -> bool {
    path.as_str().ends_with(dialect.suffix)
}

impl Desired {
    fn none(kind: DesiredKind) -> Self {
        Self { kind, files: Vec::new(), dialect: None }
    }
}

impl Source {
    /// The files it is made of.
    pub fn files(&self) -> Vec<FileId> {
        match self {
            Source::Hcl { files, .. } | Source::Sql { files, .. } => files.clone(),
            Source::Composite(parts) => parts.iter().flat_map(|(_, part)| part.files()).collect(),
            _ => Vec::new(),
        }
    }
}

impl FileInfo {
    /// Whether the file is understood at all.
    pub fn is_analysed(&self) -> bool {
        self.dialect().is_some()
    }
}
