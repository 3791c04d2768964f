//! Migration directories: which there are, what is in them, whether their sums are right.
//!
//! A directory is one because an env names it, or because an `atlas.sum` lies in it. Open documents count as they are
//! in the editor. What is asked of a directory at every keystroke is made file by file: the list of files does not
//! depend on texts, and each text is read, hashed and replayed once. Invariant: as long as a file of the directory was
//! not read yet, nothing is said about its sum.

mod base;
mod replayed;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use engine::migrate::sum::{Chain, FILE};
use engine::migrate::{Checksum, Directives, Directory, Format, Migration, Sum, SumError};
use smol_str::SmolStr;
use text::FileId;

use crate::database::{ConfigKey, Snapshot};
use crate::env::Env;
use crate::info::Claim;
use crate::input::{Answer, Content, Entry};
use crate::kind::{Spoken, by_content};
use crate::memo::{Memo, Memos, Reader};
use crate::{Path, Want};

pub use self::base::Base;
pub(crate) use self::replayed::Replays;

/// A directory of migrations, without what is in its files.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrationDir {
    pub path: Path,
    pub format: Format,
    /// The files in the order in which they are executed: the name below the directory, and the file.
    pub files: Vec<(SmolStr, FileId)>,
    /// Its `atlas.sum`.
    pub sum: Option<FileId>,
    /// Envs that name it, the one that judges it first.
    pub claims: Vec<Claim>,
    /// Whether it is there, and the files it has are known.
    pub state: Known,
}

/// What is known of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// It was not looked at yet, or not at all of it.
    #[default]
    No,
    Yes,
    /// There is no such directory: the system's reason.
    Missing(String),
}

/// A file, the chain of hashes behind it, and its hash; `None` for one that is not in the sum.
type Hashed = (Arc<FileText>, Chain, Option<String>);

/// A directory with the texts of its files, and what its sum says of them.
#[derive(Clone, Debug)]
pub struct Contents {
    pub dir: Arc<MigrationDir>,
    /// In the order of the directory's files; `None` for one that is not text.
    pub texts: Vec<Option<Arc<FileText>>>,
    pub computed: Sum,
    /// The text of `atlas.sum`.
    pub sum: Option<Arc<str>>,
    /// `None` as long as not all is known.
    pub check: Option<Result<(), Checksum>>,
    /// The hash after each file, to go on from when a later one changes.
    chains: Arc<Vec<Hashed>>,
}

/// The text of a migration file, and what its name and head say.
#[derive(Clone, Debug)]
pub struct FileText {
    pub text: Arc<str>,
    pub migration: Migration,
}

/// What was computed of directories.
#[derive(Debug, Default)]
pub(crate) struct MigrationCaches {
    homes: Memos<(), Arc<Homes>>,
    dirs: Memos<Path, Arc<MigrationDir>>,
    dialects: Memos<Path, Spoken>,
    guesses: Memos<FileId, Spoken>,
    texts: Memos<(FileId, SmolStr), Option<Arc<FileText>>>,
    contents: Memos<Path, Arc<Contents>>,
    pub replays: Replays,
}

/// Where the directories are.
#[derive(Clone, Debug, Default, PartialEq)]
struct Homes {
    /// With the format the env says, and the envs.
    dirs: BTreeMap<Path, (Format, Vec<Claim>)>,
}

/// Where the `migration` block of an env leads, and whose format the files have.
///
/// # Errors
/// In words: a scheme that is no directory's, an unknown format.
pub fn locate(env: &Env) -> Option<Result<(Path, Format), String>> {
    let url = env.migration.dir.as_deref()?;
    // Rendered from templates, or kept by the registry: nothing anybody edits here.
    if ["mem://", "atlas://", "env://"].iter().any(|scheme| url.starts_with(scheme)) {
        return None;
    }
    let rest = match url.split_once("://") {
        Some(("file", rest)) => rest,
        Some((scheme, _)) => return Some(Err(format!("unsupported driver {scheme:?}"))),
        None => {
            return Some(Err(format!("missing scheme for dir url. Did you mean \"file://{url}\"?")));
        }
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = if path.is_empty() { "migrations" } else { path };
    let own = query.split('&').find_map(|pair| pair.strip_prefix("format="));
    let format = own.or(env.migration.format.as_deref()).filter(|name| !name.is_empty()).unwrap_or("atlas");
    Some(match Format::parse(format) {
        Ok(format) => Ok((env.directory.join(path), format)),
        Err(error) => Err(error.to_string()),
    })
}

impl Snapshot {
    /// Every migration directory, by path.
    pub fn migration_dirs(&self) -> Vec<Arc<MigrationDir>> {
        let homes = self.homes().value;
        homes.dirs.keys().map(|path| self.migration_dir_memo(path).value).collect()
    }

    /// The migration directory at `path`; `None` when it is none.
    pub fn migration_dir(&self, path: &Path) -> Option<Arc<MigrationDir>> {
        self.homes().value.dirs.contains_key(path).then(|| self.migration_dir_memo(path).value)
    }

    /// The directory an env names, if it is one of files.
    pub fn migration_dir_of_env(&self, config: &Path, env: &str) -> Option<Arc<MigrationDir>> {
        let env = self.env(config, env)?;
        let (path, _) = locate(&env)?.ok()?;
        self.migration_dir(&path)
    }

    /// The directory that a file is a migration of, and its place in it.
    pub fn migration_of(&self, file: FileId) -> Option<(Arc<MigrationDir>, usize)> {
        let dir = self.migration_dir(&self.home_of(file)?)?;
        let at = dir.files.iter().position(|(_, known)| *known == file)?;
        Some((dir, at))
    }

    /// The directory whose `atlas.sum` a file is.
    pub fn migration_dir_of_sum(&self, file: FileId) -> Option<Arc<MigrationDir>> {
        let path = self.path(file).filter(|path| path.name() == FILE)?.parent()?;
        self.migration_dir(&path).filter(|dir| dir.sum == Some(file))
    }

    /// The texts of a directory and what its sum says of them.
    pub fn migration_contents(&self, path: &Path) -> Arc<Contents> {
        self.contents_memo(path).value
    }

    /// The dialect of a directory: what its env says, else what its files say.
    pub fn migration_dialect(&self, path: &Path) -> Spoken {
        self.dir_dialect(path).value
    }

    /// The directory a file is a migration of, by its path alone.
    fn home_of(&self, file: FileId) -> Option<Path> {
        self.home_of_path(&self.homes().value, self.path(file)?)
    }

    fn home_of_path(&self, homes: &Homes, path: &Path) -> Option<Path> {
        let mut directory = path.parent()?;
        loop {
            if let Some((format, _)) = homes.dirs.get(&directory) {
                let below = path.below(&directory)?;
                let deep = below.contains('/');
                return (format.lists(below) && (!deep || format.has_folders())).then_some(directory);
            }
            directory = directory.parent()?;
        }
    }

    /// The directory of a file, counted as read by `reader`.
    pub(crate) fn read_home(&self, reader: &Reader<'_>, path: &Path) -> Option<Path> {
        let homes = self.homes();
        reader.absorb(&homes.trace);
        self.home_of_path(&homes.value, path)
    }

    fn homes(&self) -> Memo<Arc<Homes>> {
        self.caches.migrations.homes.get(&self.inputs, &(), |reader, before| {
            let mut homes = Homes::default();
            for (config, _) in self.configs() {
                reader.selection(&config);
                let mut names = self.env_names(&config);
                if let Some(active) = self.active_env(&config) {
                    names.retain(|name| *name != active);
                    names.insert(0, active);
                }
                for env in names {
                    let memo = self.evaluated(&ConfigKey { config: config.clone(), env: Some(env.clone()) });
                    reader.absorb(&memo.trace);
                    for (path, format) in memo.value.envs.iter().filter_map(|env| locate(env)?.ok()) {
                        let (_, claims) = homes.dirs.entry(path).or_insert((format, Vec::new()));
                        let claim = Claim { config: config.clone(), env: env.clone(), migration: true };
                        if !claims.contains(&claim) {
                            claims.push(claim);
                        }
                    }
                }
            }
            for (_, file) in reader.files() {
                if file.path.name() == FILE
                    && file.content != Content::Missing
                    && let Some(directory) = file.path.parent()
                {
                    homes.dirs.entry(directory).or_insert_with(|| (Format::default(), Vec::new()));
                }
            }
            match before {
                Some(before) if **before == homes => before.clone(),
                _ => Arc::new(homes),
            }
        })
    }

    pub(crate) fn migration_dir_memo(&self, path: &Path) -> Memo<Arc<MigrationDir>> {
        self.caches.migrations.dirs.get(&self.inputs, path, |reader, _| {
            let homes = self.homes();
            reader.absorb(&homes.trace);
            let (format, claims) = homes.value.dirs.get(path).cloned().unwrap_or_default();
            Arc::new(self.list(reader, path, format, claims))
        })
    }

    fn list(&self, reader: &Reader<'_>, path: &Path, format: Format, claims: Vec<Claim>) -> MigrationDir {
        let mut names: BTreeSet<SmolStr> = BTreeSet::new();
        let mut state = Known::Yes;
        let mut unread = vec![(path.clone(), String::new())];
        while let Some((directory, below)) = unread.pop() {
            match reader.fact(&Want::Directory(directory.clone())).map(|fact| &fact.answer) {
                Some(Answer::Entries(entries)) => {
                    for Entry { name, directory: is_directory } in entries {
                        if !is_directory {
                            names.insert(SmolStr::from(format!("{below}{name}")));
                        } else if format.has_folders() && !name.starts_with('.') {
                            unread.push((directory.join(name), format!("{below}{name}/")));
                        }
                    }
                }
                Some(Answer::Failed(reason)) if below.is_empty() => state = Known::Missing(reason.clone()),
                Some(_) => {}
                None if state == Known::Yes => state = Known::No,
                None => {}
            }
        }
        // What is open and on no disk yet is there as well.
        for (_, file) in reader.files().filter(|(_, file)| file.content != Content::Missing) {
            if let Some(below) = file.path.below(path)
                && (format.has_folders() || !below.contains('/'))
            {
                names.insert(SmolStr::from(below));
            }
        }
        let mut there = |name: &str| {
            let path = path.join(name);
            let id = reader.inputs.id(&path);
            let file = id.and_then(|id| reader.inputs.file(id));
            match (id, file) {
                (Some(id), Some(file)) => (file.content != Content::Missing).then_some(id),
                _ => {
                    reader.want(Want::File(path));
                    state = if state == Known::Yes { Known::No } else { std::mem::take(&mut state) };
                    None
                }
            }
        };
        let sum = names.contains(FILE).then(|| there(FILE)).flatten();
        let listed = names.iter().filter(|name| format.lists(name));
        let known: BTreeMap<String, FileId> =
            listed.filter_map(|name| Some((name.to_string(), there(name)?))).collect();
        let order = format.order(known.keys().map(|name| (name.clone(), String::new())).collect());
        let files = order
            .into_iter()
            .filter_map(|(name, _)| known.get(&name).map(|id| (SmolStr::from(name.as_str()), *id)))
            .collect();
        MigrationDir { path: path.clone(), format, files, sum, claims, state }
    }

    pub(crate) fn dir_dialect(&self, path: &Path) -> Memo<Spoken> {
        self.caches.migrations.dialects.get(&self.inputs, path, |reader, _| {
            let dir = self.migration_dir_memo(path);
            reader.absorb(&dir.trace);
            for claim in &dir.value.claims {
                let key = ConfigKey { config: claim.config.clone(), env: Some(claim.env.clone()) };
                reader.absorb(&self.evaluated(&key).trace);
                match self.env_dialect(&claim.config, &claim.env) {
                    Spoken::Unknown => {}
                    spoken => return spoken,
                }
            }
            for (_, id) in &dir.value.files {
                let guess = self.guess(*id);
                reader.absorb(&guess.trace);
                if !matches!(guess.value, Spoken::Unknown) {
                    return guess.value;
                }
            }
            self.neighbours(reader, &path.join(FILE)).unwrap_or(Spoken::Unknown)
        })
    }

    /// What a file's words say by themselves.
    fn guess(&self, id: FileId) -> Memo<Spoken> {
        self.caches.migrations.guesses.get(&self.inputs, &id, |reader, _| {
            let text = reader.file(id).and_then(|file| file.content.text());
            text.map_or(Spoken::Unknown, |text| by_content(&text.to_string(), self.dialects))
        })
    }

    /// The text of a migration file.
    pub(crate) fn migration_text(&self, id: FileId, name: &SmolStr) -> Memo<Option<Arc<FileText>>> {
        self.caches.migrations.texts.get(&self.inputs, &(id, name.clone()), |reader, _| {
            let text: Arc<str> = reader.file(id)?.content.text()?.to_string().into();
            let migration = Migration::new(name, &text);
            Some(Arc::new(FileText { text, migration }))
        })
    }

    fn contents_memo(&self, path: &Path) -> Memo<Arc<Contents>> {
        self.caches.migrations.contents.get(&self.inputs, path, |reader, before| {
            let dir = self.migration_dir_memo(path);
            reader.absorb(&dir.trace);
            let dir = dir.value;
            let mut readable = true;
            let mut texts = Vec::with_capacity(dir.files.len());
            for (name, id) in &dir.files {
                reader.file(*id);
                let text = self.migration_text(*id, name).value;
                readable &= text.is_some();
                texts.push(text);
            }
            let sum = dir.sum.and_then(|id| reader.file(id)).and_then(|file| file.content.text());
            let sum: Option<Arc<str>> = sum.map(|text| text.to_string().into());
            let chains = chain(&texts, before.map(|before| &*before.chains));
            let hashed = chains
                .iter()
                .filter_map(|(file, _, hash)| Some((file.migration.name.clone(), hash.clone()?)));
            let computed = Sum { entries: hashed.collect() };
            let known = dir.state == Known::Yes && readable && (dir.sum.is_none() || sum.is_some());
            let check = known.then(|| validate(&computed, dir.files.is_empty(), sum.as_deref()));
            Arc::new(Contents { dir, texts, computed, sum, check, chains: Arc::new(chains) })
        })
    }

    /// What is wanted to know a directory and what is in it.
    pub(crate) fn migrations_wanted(&self, open: &[FileId]) -> BTreeSet<Want> {
        let homes = self.homes();
        let mut wanted: BTreeSet<Want> = homes.trace.wanted.iter().cloned().collect();
        let opened: BTreeSet<Path> = open.iter().filter_map(|id| self.path(*id)?.parent()).collect();
        for (path, (_, claims)) in &homes.value.dirs {
            // A directory nobody names and nobody looks at may be one of very many.
            if !claims.is_empty() || opened.iter().any(|open| open.is_in(path)) {
                let dir = self.migration_dir_memo(path);
                wanted.extend(dir.trace.wanted.iter().cloned());
                let base = self.base_want(&Reader::new(&self.inputs), &dir.value);
                if !dir.value.files.is_empty() && self.fact(&base).is_none() {
                    wanted.insert(base);
                }
            }
        }
        wanted
    }
}

/// Compares a directory with its sum.
fn validate(computed: &Sum, empty: bool, sum: Option<&str>) -> Result<(), Checksum> {
    let Some(text) = sum else { return if empty { Ok(()) } else { Err(Checksum::NotFound) } };
    match Sum::parse(text) {
        Ok(sum) => sum.verify(computed).map_err(|it| Checksum::Mismatch(Some(it))),
        Err(SumError::Format { .. }) => Err(Checksum::Format),
        Err(SumError::Total) => Err(Checksum::Mismatch(None)),
    }
}

type Links = Vec<(Arc<FileText>, Chain, Option<String>)>;

/// The hash after each file; those before the first that changed are kept.
fn chain(texts: &[Option<Arc<FileText>>], before: Option<&Links>) -> Links {
    let mut links: Links = Vec::with_capacity(texts.len());
    let mut same = true;
    for file in texts.iter().flatten() {
        let known = before.filter(|_| same).and_then(|before| before.get(links.len()));
        match known.filter(|(known, ..)| Arc::ptr_eq(known, file)) {
            Some(link) => links.push(link.clone()),
            None => {
                same = false;
                let mut chain = links.last().map(|(_, chain, _)| chain.clone()).unwrap_or_default();
                let hash = chain.add(&file.migration.name, file.text.as_bytes());
                links.push((file.clone(), chain, hash));
            }
        }
    }
    links
}

impl Contents {
    /// The directory as a value; files that are not text are left out.
    pub fn directory(&self) -> Directory {
        let files = self.dir.files.iter().zip(&self.texts);
        let files =
            files.filter_map(|((name, _), file)| Some((name.to_string(), file.as_ref()?.text.to_string())));
        Directory {
            format: self.dir.format,
            files: files.collect(),
            sum: self.sum.as_deref().map(str::to_owned),
        }
    }

    /// The directives at the head of the file at `at`.
    pub fn directives(&self, at: usize) -> Option<&Directives> {
        Some(&self.texts.get(at)?.as_ref()?.migration.directives)
    }

    /// Whether all is known and the sum is right.
    pub fn is_valid(&self) -> bool {
        matches!(self.check, Some(Ok(())))
    }
}

/// A lock of one directory's memory, whichever directory.
pub(crate) type Slots<T> = Mutex<std::collections::HashMap<Path, Arc<Mutex<T>>>>;
