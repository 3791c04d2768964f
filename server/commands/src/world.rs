//! The world outside, as traits: files, environment, clock, programs, databases.
//!
//! The binary implements them; tests do too.

use async_trait::async_trait;
use engine::connection::{Access, Cancel};
use engine::{Connection, Connector, DatabaseUrl, DbError, Dialects};
use project::{Content, Entry, Path, Want};
use smol_str::SmolStr;

/// The world outside.
#[async_trait]
pub trait World: Send + Sync {
    /// What is at `path`. A directory counts as [`Content::Missing`].
    fn read(&self, path: &Path) -> Content;

    /// The entries of a directory, by name; `Err` is the system's reason.
    fn list(&self, path: &Path) -> Result<Vec<Entry>, String>;

    /// An environment variable; `None` when it is not set.
    fn env(&self, name: &str) -> Option<String>;

    /// Milliseconds since 1970.
    fn now(&self) -> u64;

    /// Starts a program without a shell and returns what it prints.
    ///
    /// `Err` is the text for the user: `running program /usr/bin/sh: <what it wrote to stderr>`.
    async fn run(&self, program: &[SmolStr], directory: &Path) -> Result<String, String>;

    /// Opens databases.
    fn connector(&self) -> &dyn Connector;

    /// The user's wish to stop: it ends what is being done on a dev database, which is then emptied.
    fn cancel(&self) -> Option<&Cancel> {
        None
    }

    /// The registry `atlas://` URLs lead to, if there is one.
    fn registry(&self) -> Option<&dyn registry::Registry> {
        None
    }
}

/// A connector for which relative paths in URLs of embedded databases are seen from a directory of its own.
pub struct SeenFrom<'a> {
    pub inner: &'a dyn Connector,
    pub directory: &'a Path,
    pub dialects: Dialects,
}

#[async_trait]
impl Connector for SeenFrom<'_> {
    async fn open(&self, url: &DatabaseUrl, access: Access) -> Result<Box<dyn Connection>, DbError> {
        let moved = self
            .dialects
            .by_scheme(url.scheme())
            .and_then(|dialect| (dialect.seen_from?)(url, self.directory.as_str()));
        self.inner.open(moved.as_ref().unwrap_or(url), access).await
    }
}

/// Who may be asked what. The front end's trust, settings and consents behind one question.
pub trait Consent: Send + Sync {
    /// Whether `want` may be fetched; `Err` is the reason shown to the user.
    fn allows(&self, want: &Want) -> Result<(), String>;
}

/// A person at a shell who typed the command: everything the configuration names is theirs.
pub struct Everything;

impl Consent for Everything {
    fn allows(&self, _: &Want) -> Result<(), String> {
        Ok(())
    }
}
