//! The incremental database: setters on [`Project`], questions to [`Snapshot`].
//!
//! Setting bumps the revision and touches nothing else; a snapshot shares the inputs by pointer, and all snapshots
//! share the caches. Invariant: a cached result carries what it read, so no setter has to know who depends on it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use engine::Dialects;
use smol_str::SmolStr;
use text::{FileId, Text};

use crate::config::{Evaluated, Outline, evaluate, outline};
use crate::env::Env;
use crate::info::FileInfo;
use crate::input::{Content, Fact, FileInput, Inputs, Revision, Selection};
use crate::kind::{Role, role};
use crate::live::{LivePlan, PlanCaches};
use crate::memo::Memos;
use crate::migrations::MigrationCaches;
use crate::parsed::{Parsed, TreeKey};
use crate::state::{Desired, DesiredKey, StateCaches};
use crate::{Path, Want};

/// The inputs, and the way to snapshots of them. One per server or command.
#[derive(Debug)]
pub struct Project {
    inputs: Inputs,
    dialects: Dialects,
    caches: Arc<Caches>,
    /// Configurations named by the user (`--config`), whatever their file name.
    named: Vec<Path>,
}

/// One revision of a project. Cheap to clone, safe to send to another thread.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) inputs: Arc<Inputs>,
    pub(crate) caches: Arc<Caches>,
    pub dialects: Dialects,
    named: Arc<[Path]>,
}

/// What was computed, for all snapshots.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    pub trees: Memos<TreeKey, Option<Parsed>>,
    pub outlines: Memos<FileId, Arc<Outline>>,
    pub configs: Memos<ConfigKey, Arc<Evaluated>>,
    pub infos: Memos<FileId, Arc<FileInfo>>,
    pub desired: Memos<DesiredKey, Arc<Desired>>,
    pub states: StateCaches,
    pub plans: Memos<ConfigKey, Arc<LivePlan>>,
    pub plan_parts: PlanCaches,
    pub migrations: MigrationCaches,
}

/// A configuration evaluated for an env (`None`: for none).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ConfigKey {
    pub config: Path,
    pub env: Option<SmolStr>,
}

impl Project {
    /// A project without files, for these dialects.
    pub fn new(dialects: Dialects) -> Self {
        Self { inputs: Inputs::default(), dialects, caches: Arc::default(), named: Vec::new() }
    }

    /// The state of affairs now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            inputs: Arc::new(self.inputs.clone()),
            caches: self.caches.clone(),
            dialects: self.dialects,
            named: self.named.as_slice().into(),
        }
    }

    pub fn revision(&self) -> Revision {
        self.inputs.revision
    }

    /// Tells what is at `path`. Telling the same again changes nothing.
    pub fn set_file(&mut self, path: Path, content: Content) -> FileId {
        self.change_file(path, |file| {
            let differs = file.content != content;
            file.content = content;
            differs
        })
    }

    /// Tells the language id an editor gave to an open document; `None` when it was closed.
    pub fn set_language(&mut self, path: Path, language: Option<SmolStr>) -> FileId {
        self.change_file(path, |file| {
            let differs = file.language != language;
            file.language = language;
            differs
        })
    }

    /// Changes the text of a file in place.
    pub fn edit_file(&mut self, id: FileId, edit: impl FnOnce(&mut Text)) {
        let Some(file) = self.inputs.files.get(&id) else { return };
        let mut file = FileInput::clone(file);
        if let Content::Text(text) = &mut file.content {
            edit(text);
        }
        let revision = self.bump();
        file.changed = revision;
        self.inputs.files.insert(id, Arc::new(file));
    }

    /// Tells the answer to a question.
    pub fn set_fact(&mut self, want: Want, fact: Fact) {
        let before = self.inputs.facts.get(&want);
        let same = before.is_some_and(|(known, _)| known.answer == fact.answer);
        let changed = if same { before.map_or(Revision(0), |(_, at)| *at) } else { self.bump() };
        // The time alone is no reason to compute anything again; it is read when the plan is shown.
        Arc::make_mut(&mut self.inputs.facts).insert(want, (fact, changed));
    }

    /// Forgets answers, so that they are asked for again.
    pub fn forget_facts(&mut self, which: impl Fn(&Want) -> bool) {
        let revision = self.bump();
        let facts = Arc::make_mut(&mut self.inputs.facts);
        let gone: Vec<Want> = facts.keys().filter(|want| which(want)).cloned().collect();
        for want in gone {
            facts.remove(&want);
            self.inputs.forgotten.insert(want, revision);
        }
    }

    /// Chooses the env of a configuration.
    pub fn select(&mut self, config: Path, selection: Selection) {
        let known = self.inputs.selections.get(&config).map(|(known, _)| known);
        if known == Some(&selection) {
            return;
        }
        let revision = self.bump();
        self.inputs.selections.insert(config, (selection, revision));
    }

    /// Names a configuration that is not called `atlas.hcl`.
    pub fn name_config(&mut self, path: Path) {
        if !self.named.contains(&path) {
            self.named.push(path);
            let revision = self.bump();
            self.inputs.files_changed = revision;
        }
    }

    fn bump(&mut self) -> Revision {
        self.inputs.revision.0 += 1;
        self.inputs.revision
    }

    fn change_file(&mut self, path: Path, change: impl FnOnce(&mut FileInput) -> bool) -> FileId {
        let known = self.inputs.ids.get(&path).copied();
        let id = known.unwrap_or(FileId(self.inputs.ids.len() as u32));
        let mut file = match self.inputs.files.get(&id) {
            Some(file) => FileInput::clone(file),
            None => FileInput {
                path: path.clone(),
                content: Content::Missing,
                language: None,
                changed: Revision(0),
            },
        };
        let was_there = known.is_some() && file.content != Content::Missing;
        if !change(&mut file) && known.is_some() {
            return id;
        }
        let revision = self.bump();
        file.changed = revision;
        if was_there != (file.content != Content::Missing) || known.is_none() {
            self.inputs.files_changed = revision;
        }
        self.inputs.files.insert(id, Arc::new(file));
        if known.is_none() {
            Arc::make_mut(&mut self.inputs.ids).insert(path, id);
        }
        id
    }
}

impl Snapshot {
    pub fn revision(&self) -> Revision {
        self.inputs.revision
    }

    /// The file at `path`, if the project was told of it.
    pub fn file(&self, path: &Path) -> Option<FileId> {
        self.inputs.id(path)
    }

    pub fn path(&self, id: FileId) -> Option<&Path> {
        self.inputs.file(id).map(|file| &file.path)
    }

    pub fn content(&self, id: FileId) -> Option<&Content> {
        self.inputs.file(id).map(|file| &file.content)
    }

    pub fn text(&self, id: FileId) -> Option<&Text> {
        self.content(id).and_then(Content::text)
    }

    /// The language id the editor gave, for an open document.
    pub fn language(&self, id: FileId) -> Option<&SmolStr> {
        self.inputs.file(id).and_then(|file| file.language.as_ref())
    }

    /// The answer to `want`, with its time.
    pub fn fact(&self, want: &Want) -> Option<&Fact> {
        self.inputs.fact(want).map(|(fact, _)| fact)
    }

    /// Every file with text or known to be unreadable.
    pub fn files(&self) -> Vec<FileId> {
        let there = |file: &Arc<FileInput>| file.content != Content::Missing;
        let mut ids: Vec<FileId> =
            self.inputs.files.iter().filter(|(_, file)| there(file)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    /// The configurations, by path.
    pub fn configs(&self) -> Vec<(Path, FileId)> {
        let mut found: Vec<(Path, FileId)> = self
            .inputs
            .files
            .iter()
            .filter(|(_, file)| file.content != Content::Missing)
            .filter(|(_, file)| role(&file.path) == Role::Config || self.named.contains(&file.path))
            .map(|(id, file)| (file.path.clone(), *id))
            .collect();
        found.sort();
        found
    }

    /// Whether `path` is a configuration.
    pub fn is_config(&self, path: &Path) -> bool {
        role(path) == Role::Config || self.named.contains(path)
    }

    /// The env blocks and variables of a configuration.
    pub fn outline(&self, config: FileId) -> Arc<Outline> {
        let memo = self.caches.outlines.get(&self.inputs, &config, |reader, _| {
            Arc::new(self.read_hcl(reader, config).map(|file| outline(&file)).unwrap_or_default())
        });
        memo.value
    }

    /// What the user chose for a configuration.
    pub fn selection(&self, config: &Path) -> Selection {
        self.inputs.selections.get(config).map(|(selection, _)| selection.clone()).unwrap_or_default()
    }

    /// A configuration evaluated for the env called `env`.
    pub fn evaluate(&self, config: &Path, env: Option<&str>) -> Arc<Evaluated> {
        let key = ConfigKey { config: config.clone(), env: env.map(SmolStr::from) };
        self.evaluated(&key).value
    }

    /// The same, with what is wanted to know it better.
    pub fn evaluate_asking(&self, config: &Path, env: Option<&str>) -> (Arc<Evaluated>, BTreeSet<Want>) {
        let memo = self.evaluated(&ConfigKey { config: config.clone(), env: env.map(SmolStr::from) });
        (memo.value, memo.trace.wanted.iter().cloned().collect())
    }

    pub(crate) fn evaluated(&self, key: &ConfigKey) -> crate::memo::Memo<Arc<Evaluated>> {
        self.caches.configs.get(&self.inputs, key, |reader, _| {
            let vars =
                reader.selection(&key.config).map(|selection| selection.vars.clone()).unwrap_or_default();
            let Some((id, _)) = reader.path(&key.config) else { return Arc::default() };
            let Some(file) = self.read_hcl(reader, id) else { return Arc::default() };
            let selection = Selection { env: key.env.clone(), vars };
            Arc::new(evaluate(reader, &key.config, id, &file, &selection))
        })
    }

    /// The names of the envs to look at in a configuration: its labels, and the chosen name of an unlabeled one.
    pub fn env_names(&self, config: &Path) -> Vec<SmolStr> {
        let Some(id) = self.file(config) else { return Vec::new() };
        let outline = self.outline(id);
        let mut names = outline.names();
        let chosen = self.selection(config).env.filter(|_| outline.has_unlabeled());
        if let Some(chosen) = chosen.filter(|chosen| !names.contains(chosen)) {
            names.push(chosen);
        }
        names
    }

    /// The env the user chose last in a configuration, else its first.
    pub fn active_env(&self, config: &Path) -> Option<SmolStr> {
        let names = self.env_names(config);
        let chosen = self.selection(config).env.filter(|name| names.contains(name));
        chosen.or_else(|| names.first().cloned())
    }

    /// The env called `name`; the first of several made by `for_each`.
    pub fn env(&self, config: &Path, name: &str) -> Option<Arc<Env>> {
        self.evaluate(config, Some(name)).envs.first().cloned()
    }

    /// What the project would like to know, to say more about the files in `open` and the active envs.
    pub fn wanted(&self, open: &[FileId]) -> BTreeSet<Want> {
        let mut wanted = BTreeSet::new();
        for (config, _) in self.configs() {
            for name in self.env_names(&config) {
                let key = ConfigKey { config: config.clone(), env: Some(name.clone()) };
                wanted.extend(self.evaluated(&key).trace.wanted.iter().cloned());
                wanted.extend(self.desired_memo(&DesiredKey::Env(key)).trace.wanted.iter().cloned());
            }
            if let Some(name) = self.active_env(&config) {
                let key = ConfigKey { config: config.clone(), env: Some(name) };
                wanted.extend(self.plan_memo(&key).trace.wanted.iter().cloned());
            }
        }
        wanted.extend(self.migrations_wanted(open));
        for id in open {
            let info = self.info_memo(*id);
            wanted.extend(info.trace.wanted.iter().cloned());
            if let Some(key) = info.value.desired.clone() {
                wanted.extend(self.desired_memo(&key).trace.wanted.iter().cloned());
            }
        }
        wanted
    }

    /// What every fact known is, without secrets, for the status of an env.
    pub fn facts(&self) -> BTreeMap<Want, Fact> {
        self.inputs.facts.iter().map(|(want, (fact, _))| (want.clone(), fact.clone())).collect()
    }

    /// The paths known, by id; for front ends that show places.
    pub fn paths(&self) -> HashMap<FileId, Path> {
        self.inputs.files.iter().map(|(id, file)| (*id, file.path.clone())).collect()
    }
}
