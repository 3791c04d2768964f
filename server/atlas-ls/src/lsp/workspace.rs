//! The bridge to `project`: folders, paths and URIs, and what the open documents tell it.
//!
//! Owned by the loop. Reads no file itself; that is [`super::world`]. Invariant: an open document's text in the
//! project is the client's, and is never replaced by what is on disk.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use engine::Dialects;
use gen_lsp_types::{Uri, WorkspaceFolder};
use project::{Content, Path, Project, Selection, Want};
use smol_str::SmolStr;
use text::{FileId, Text};
use tokio::sync::oneshot;

use super::convert;

/// The project, and where its files are.
pub(crate) struct Workspace {
    pub(crate) project: Project,
    pub(crate) dialects: Dialects,
    /// The folders of the client, with the name each has in a plan's URI.
    pub(crate) folders: Arc<Vec<Folder>>,
    /// Open documents, by path, as their client spells them.
    open: Arc<HashMap<Path, (FileId, Uri)>>,
    /// What is being fetched now.
    pub(crate) fetching: HashSet<Want>,
    /// What changed while it was being fetched: the answer that comes is old, and somebody waits for another.
    pub(crate) again: HashSet<Want>,
    /// Who waits for an answer.
    pub(crate) awaited: Vec<(BTreeSet<Want>, oneshot::Sender<()>)>,
    /// Envs for which the user allowed what reaches out of this machine.
    allowed: Arc<BTreeSet<(Path, SmolStr)>>,
    /// What the user set by `atlas.setEnv`, before variables of the settings are added.
    chosen: HashMap<Path, SmolStr>,
}

/// A folder of the workspace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Folder {
    pub(crate) uri: Uri,
    pub(crate) path: Path,
    /// Unique among the folders.
    pub(crate) name: String,
}

impl Workspace {
    pub(crate) fn new(dialects: Dialects) -> Self {
        Self {
            project: Project::new(dialects),
            dialects,
            folders: Arc::default(),
            open: Arc::default(),
            fetching: HashSet::new(),
            again: HashSet::new(),
            awaited: Vec::new(),
            allowed: Arc::default(),
            chosen: HashMap::new(),
        }
    }

    /// Takes the folders of the client; those that are nowhere on disk hold no project.
    pub(crate) fn set_folders(&mut self, folders: &[WorkspaceFolder]) {
        let mut found: Vec<Folder> = Vec::new();
        for folder in folders {
            let Some(path) = file_path(&folder.uri) else { continue };
            let base = if path.name().is_empty() { "root" } else { path.name() };
            let taken = |name: &str| found.iter().any(|folder| folder.name == name);
            let numbered = (2..).map(|number| format!("{base}~{number}"));
            let name = std::iter::once(base.to_owned()).chain(numbered).find(|name| !taken(name));
            found.push(Folder { uri: folder.uri.clone(), path, name: name.unwrap_or_default() });
        }
        self.folders = Arc::new(found);
    }

    /// Whether `path` belongs to the workspace: to a folder, or, where there is none, to the directory of an open
    /// document.
    pub(crate) fn holds(&self, path: &Path) -> bool {
        let beside = |open: &Path| open.parent().is_some_and(|directory| path.is_in(&directory));
        self.folders.iter().any(|folder| path.is_in(&folder.path))
            || (self.folders.is_empty() && self.open.keys().any(beside))
    }

    /// A document was opened.
    pub(crate) fn open(&mut self, uri: &Uri, language: &str, text: &Text) -> FileId {
        let path = path_of(uri);
        let file = self.project.set_file(path.clone(), Content::Text(text.clone()));
        self.project.set_language(path.clone(), Some(language.into()));
        Arc::make_mut(&mut self.open).insert(path, (file, uri.clone()));
        file
    }

    /// A document was edited.
    pub(crate) fn edit(&mut self, file: FileId, text: &Text) {
        self.project.edit_file(file, |old| *old = text.clone());
    }

    /// A document was closed; true when its text must be read from disk now.
    pub(crate) fn close(&mut self, uri: &Uri) -> Option<Path> {
        let path = path_of(uri);
        Arc::make_mut(&mut self.open).remove(&path)?;
        self.project.set_language(path.clone(), None);
        if file_path(uri).is_some() {
            return Some(path);
        }
        self.project.set_file(path, Content::Missing);
        None
    }

    /// What is on disk at `path`; not heeded while the client has it open.
    pub(crate) fn on_disk(&mut self, path: Path, content: Content) {
        if !self.open.contains_key(&path) {
            self.project.set_file(path, content);
        }
    }

    /// The open files.
    pub(crate) fn open_files(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = self.open.values().map(|(file, _)| *file).collect();
        files.sort_unstable();
        files
    }

    /// The user lets an env reach what it names.
    pub(crate) fn allow(&mut self, config: Path, env: SmolStr) {
        Arc::make_mut(&mut self.allowed).insert((config, env));
    }

    /// Envs that the user let reach what they name.
    pub(crate) fn allowed(&self) -> Arc<BTreeSet<(Path, SmolStr)>> {
        Arc::clone(&self.allowed)
    }

    /// Chooses the env by which a configuration's files are judged.
    pub(crate) fn choose(&mut self, config: Path, env: SmolStr) {
        self.chosen.insert(config, env);
    }

    /// Brings the choices and the variables of the settings to every configuration.
    pub(crate) fn select(&mut self, settings: &super::settings::Settings) {
        let vars: Vec<(SmolStr, SmolStr)> =
            settings.variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
        for (config, _) in self.project.snapshot().configs() {
            let env =
                self.chosen.get(&config).cloned().or_else(|| settings.env.as_deref().map(SmolStr::from));
            self.project.select(config, Selection { env, vars: vars.clone() });
        }
    }

    /// What turns files into URIs in a snapshot.
    pub(crate) fn uris(&self) -> Arc<HashMap<Path, (FileId, Uri)>> {
        Arc::clone(&self.open)
    }
}

/// The path by which the project knows a document: a file's, or the URI itself as an opaque name.
pub(crate) fn path_of(uri: &Uri) -> Path {
    file_path(uri).unwrap_or_else(|| Path::new(uri.as_str()))
}

/// The path of a document that is a file.
pub(crate) fn file_path(uri: &Uri) -> Option<Path> {
    Some(Path::new(convert::path_of(uri)?.to_str()?))
}

/// The URI of a path no client has spelled.
pub(crate) fn uri_of(path: &Path) -> Option<Uri> {
    convert::uri_of(std::path::Path::new(path.as_str())).or_else(|| Uri::parse(path.as_str()).ok())
}
