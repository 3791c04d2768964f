//! `migrate …`: one file per command.

mod apply;
mod baseline;
mod checkpoint;
mod diff;
mod directory;
mod down;
mod edit;
mod hash;
mod import;
mod lint;
mod ls;
mod new;
mod rebase;
mod rm;
mod set;
mod status;
mod tenants;
mod validate;

use super::parse::Invocation;
use super::table::Verb;
use super::{Failure, Session};

/// Runs the command `verb`.
pub async fn run(verb: Verb, session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    match verb {
        Verb::Checkpoint => checkpoint::run(session, invocation).await,
        Verb::Diff => diff::run(session, invocation).await,
        Verb::Down => down::run(session, invocation).await,
        Verb::Edit => edit::run(session, invocation).await,
        Verb::Apply => apply::run(session, invocation).await,
        Verb::Hash => hash::run(session, invocation).await,
        Verb::Lint => lint::run(session, invocation).await,
        Verb::Import => import::run(session, invocation).await,
        Verb::Ls => ls::run(session, invocation).await,
        Verb::New => new::run(session, invocation).await,
        Verb::Rebase => rebase::run(session, invocation).await,
        Verb::Rm => rm::run(session, invocation).await,
        Verb::Set => set::run(session, invocation).await,
        Verb::Status => status::run(session, invocation).await,
        Verb::Validate => validate::run(session, invocation).await,
    }
}
