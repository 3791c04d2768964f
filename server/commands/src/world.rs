//! The world outside, as traits: files, environment, clock, programs, databases.
//!
//! The binary implements them; tests do too.

use async_trait::async_trait;
use engine::Connector;
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
