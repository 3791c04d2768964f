//! One command on several targets: the envs that `for_each` makes, one after the other.
//!
//! Where each stands is said on standard error, so that standard output is what the command itself prints. A failure
//! stops the rest: what is wrong with one target is often wrong with all.

use std::sync::Arc;

use commands::migrate::text::Look;
use project::{Env, Secret};

use crate::cli::console::Console;
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session, duration};

impl Look for Console {
    fn paint(&self, code: &str, text: &str) -> String {
        Console::paint(self, code, text)
    }

    fn duration(&self, duration: std::time::Duration) -> String {
        duration::show(duration)
    }
}

/// How the command went on the targets before.
#[derive(Debug, Default)]
pub struct Tenants {
    total: usize,
    done: Vec<(String, String)>,
}

impl Tenants {
    /// The envs of a setup; one without a name where there is no configuration.
    pub fn of(setup: &Setup<'_>) -> (Self, Vec<Option<Arc<Env>>>) {
        let envs: Vec<Option<Arc<Env>>> = match setup.envs.as_slice() {
            [] => vec![setup.env.clone()],
            envs => envs.iter().cloned().map(Some).collect(),
        };
        (Self { total: envs.len(), done: Vec::new() }, envs)
    }

    /// The next target begins.
    pub fn begin(&self, session: &Session<'_>, invocation: &Invocation) {
        if self.total > 1 {
            let target = Secret(invocation.text("url").to_owned());
            session.console.error(&format!("[{}/{}] {target}", self.done.len() + 1, self.total));
        }
    }

    /// It ended; `how` in a few words.
    pub fn end(&mut self, invocation: &Invocation, how: String) {
        self.done.push((Secret(invocation.text("url").to_owned()).to_string(), how));
    }

    /// The last lines, where there were several.
    pub fn close(&self, session: &Session<'_>) {
        if self.total <= 1 {
            return;
        }
        let failed = self.done.iter().filter(|(_, how)| how.starts_with("failed")).count();
        let left = self.total - self.done.len();
        let mut line = format!("{} targets: {} done", self.total, self.done.len() - failed);
        if failed > 0 {
            line.push_str(&format!(", {failed} failed"));
        }
        if left > 0 {
            line.push_str(&format!(", {left} not begun"));
        }
        session.console.error(&line);
        for (target, how) in &self.done {
            session.console.error(&format!("  {target}: {how}"));
        }
    }
}

/// Prints the report of one target; reports of the next begin on a line of their own.
pub fn print(session: &Session<'_>, text: &str, is_last: bool) {
    session.console.print(text);
    if !is_last && !text.is_empty() && !text.ends_with('\n') {
        session.console.print("\n");
    }
}

/// Refuses a command without a target.
pub fn needs_url(invocation: &Invocation) -> Result<(), Failure> {
    match invocation.text("url") {
        "" => Err(Failure::Error("required flag \"url\" not set".to_owned())),
        _ => Ok(()),
    }
}

/// What to do about a table of revisions that may not be meant.
///
/// Source: reference/cli.md section 6.2.
pub fn explained(session: &Session<'_>, error: commands::Error) -> Failure {
    if error != commands::Error::AmbiguousRevisions {
        return error.into();
    }
    session.console.print(
        "We couldn't find a revision table in the connected schema but found one in \n\
         the schema 'atlas_schema_revisions' and cannot determine the desired behavior.\n\n\
         As a safety guard, we require you to specify whether to use the existing\n\
         table in 'atlas_schema_revisions' or create a new one in the connected schema\n\
         by providing the '--revisions-schema' flag or deleting the 'atlas_schema_revisions'\n\
         schema if it is unused.\n\n",
    );
    Failure::Said
}
