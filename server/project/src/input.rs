//! What the front end tells: files, facts, settings.
//!
//! Every input remembers the revision it last changed in; that is all the incremental machinery needs.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use engine::connection::Capabilities;
use rustc_hash::FxHashMap;
use schema::Realm;
use smol_str::SmolStr;
use text::{FileId, Text};

use crate::{Path, Want};

/// How many times inputs changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// What a path holds, as far as the front end could tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Text(Text),
    Missing,
    /// Not UTF-8.
    Binary,
    /// The reason, as the system gave it: `permission denied`.
    Unreadable(String),
}

impl Content {
    pub fn text(&self) -> Option<&Text> {
        match self {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub name: SmolStr,
    pub directory: bool,
}

/// What the world said to a [`Want`].
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// To [`Want::Directory`]; `Err` is the system's reason.
    Entries(Vec<Entry>),
    /// To an environment variable, a glob, a data source.
    Value(hcl::Value),
    /// To [`Want::Database`]: what is in it, and what its server can do.
    Realm(Arc<Realm>, Arc<Capabilities>),
    /// To [`Want::Database`]: there is no such database yet, applying a plan creates it, and this is in it then.
    Absent(Arc<Realm>),
    /// To a directory of templates: names and texts.
    Files(Vec<(SmolStr, Text)>),
    /// It was tried and failed; the text goes to the user.
    Failed(String),
    /// It was not tried, because the user or their settings said no.
    Refused(String),
}

/// An answer and when it was given, in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub answer: Answer,
    pub time: u64,
}

/// What the user decided about a configuration: which env, with which variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    pub env: Option<SmolStr>,
    /// `--var`, in order; a repeated name makes a list.
    pub vars: Vec<(SmolStr, SmolStr)>,
}

#[derive(Clone, Debug)]
pub(crate) struct FileInput {
    pub path: Path,
    pub content: Content,
    /// The language id an editor gave to an open document.
    pub language: Option<SmolStr>,
    pub changed: Revision,
}

/// All inputs of one revision. Cheap to clone: what is large is shared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    pub revision: Revision,
    pub files: FxHashMap<FileId, Arc<FileInput>>,
    pub ids: Arc<HashMap<Path, FileId>>,
    pub facts: Arc<HashMap<Want, (Fact, Revision)>>,
    /// Facts that were known and are not any more, and since when.
    pub forgotten: BTreeMap<Want, Revision>,
    /// Configurations by path, with the choice made for each.
    pub selections: BTreeMap<Path, (Selection, Revision)>,
    /// When any file came, went or was renamed.
    pub files_changed: Revision,
}

impl Inputs {
    pub fn file(&self, id: FileId) -> Option<&Arc<FileInput>> {
        self.files.get(&id)
    }

    pub fn id(&self, path: &Path) -> Option<FileId> {
        self.ids.get(path).copied()
    }

    pub fn fact(&self, want: &Want) -> Option<&(Fact, Revision)> {
        self.facts.get(want)
    }
}
