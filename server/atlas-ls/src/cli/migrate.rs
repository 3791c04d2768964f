//! `migrate …`: one file per command.

mod diff;
mod directory;
mod hash;
mod lint;
mod new;
mod validate;

use super::parse::Invocation;
use super::table::Verb;
use super::{Failure, Session};

/// Runs the command `verb`.
pub async fn run(verb: Verb, session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    match verb {
        Verb::Diff => diff::run(session, invocation).await,
        Verb::Hash => hash::run(session, invocation).await,
        Verb::Lint => lint::run(session, invocation).await,
        Verb::New => new::run(session, invocation).await,
        Verb::Validate => validate::run(session, invocation).await,
    }
}
