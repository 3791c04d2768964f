//! What a query would like to know of the world, and how much trust asking for it takes.

use std::fmt;

use smol_str::SmolStr;

use crate::Path;

/// A question to the world outside. Its answer is set by the front end as a [`crate::Fact`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Want {
    /// The text of a file; answered by setting the file.
    File(Path),
    /// The entries of a directory.
    Directory(Path),
    /// The files below `base` that match a pattern; `deep` allows `**`.
    Glob { base: Path, pattern: SmolStr, deep: bool },
    /// An environment variable.
    Env(SmolStr),
    /// The time now.
    Now,
    /// What a program prints.
    Program { program: Vec<SmolStr>, directory: Path },
    /// The rows of a query, where a relative path in the URL is seen from `directory`.
    Query { url: Secret, query: String, args: Vec<String>, directory: Path },
    /// A variable of a runtime variable service.
    Variable { url: Secret },
    /// A token of a cloud's database service.
    Token { kind: SmolStr, inputs: Vec<(SmolStr, String)> },
    /// A directory of templates, executed with variables (as JSON).
    Templates { directory: Path, vars: String },
    /// The state of a database.
    Database(Target),
    /// The versions that the target of a migration directory was found to have. Nobody asks: whoever looks there tells.
    Applied { directory: Path },
    /// The files of a migration directory on a branch of the repository it is in: `base`, else the one others work on.
    Committed { directory: Path, base: Option<SmolStr> },
}

/// A database and the part of it that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    pub url: Secret,
    pub schemas: Vec<SmolStr>,
    pub exclude: Vec<String>,
    /// Which accounts are meant.
    pub accounts: engine::scope::Accounts,
    /// The directory a relative path in the URL is seen from.
    pub directory: Path,
}

/// Text that may hold a password: it never prints itself.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret(pub String);

/// How far a question reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Files below the workspace: reading them takes no trust.
    Workspace,
    /// The user's own environment: variables, files elsewhere, their git. Takes a trusted workspace.
    Machine,
    /// Starts a program or connects somewhere. Takes the user's word for this env.
    World,
}

impl Want {
    /// How far this question reaches.
    ///
    /// A file is judged by the front end, which knows the workspace's folders.
    pub fn reach(&self) -> Reach {
        match self {
            Want::File(_) | Want::Directory(_) | Want::Glob { .. } | Want::Now => Reach::Workspace,
            Want::Env(_) | Want::Templates { .. } | Want::Committed { .. } => Reach::Machine,
            Want::Program { .. } | Want::Query { .. } | Want::Variable { .. } | Want::Token { .. } => {
                Reach::World
            }
            Want::Database(_) | Want::Applied { .. } => Reach::World,
        }
    }

    /// Whether the answer comes from somebody else, so that it may take long.
    pub fn is_slow(&self) -> bool {
        self.reach() == Reach::World || matches!(self, Want::Committed { .. })
    }
}

/// The question in the user's words, without secrets.
impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Want::File(path) => write!(f, "file {path}"),
            Want::Directory(path) => write!(f, "directory {path}"),
            Want::Glob { pattern, .. } => write!(f, "files matching {pattern:?}"),
            Want::Env(name) => write!(f, "environment variable {name}"),
            Want::Now => f.write_str("the time"),
            Want::Program { program, .. } => {
                write!(f, "output of program {:?}", program.first().map_or("", SmolStr::as_str))
            }
            Want::Query { url, .. } => write!(f, "a query on {url}"),
            Want::Variable { url } => write!(f, "runtime variable {url}"),
            Want::Token { kind, .. } => write!(f, "a token ({kind})"),
            Want::Templates { directory, .. } => write!(f, "templates in {directory}"),
            Want::Database(target) => write!(f, "state of {}", target.url),
            Want::Applied { directory } => write!(f, "versions applied from {directory}"),
            Want::Committed { directory, .. } => write!(f, "files of {directory} on the base branch"),
        }
    }
}

impl fmt::Debug for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Want({self})")
    }
}

/// The text with its password and query values hidden.
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match engine::DatabaseUrl::parse(&self.0) {
            Ok(url) => write!(f, "{url}"),
            // What cannot be taken apart cannot be cleaned either: only its scheme is shown.
            Err(_) => match self.0.split_once("://") {
                Some((scheme, _)) => write!(f, "{scheme}://xxxxx"),
                None => f.write_str("xxxxx"),
            },
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
