//! `atlas.migrate.new`, `hash`, `rebase`: changes of a directory that need no database.

use engine::migrate::conflict;
use engine::migrate::rebase::rebase;
use gen_lsp_types::Uri;
use ide::FileChange;
use serde::{Deserialize, Serialize};

use super::{Subject, carry_out};
use crate::lsp::commands::about::About;
use crate::lsp::commands::apply::failed;
use crate::lsp::commands::{Command, Context};
use crate::lsp::failure::Failure;
use crate::machine;

pub(in crate::lsp::commands) struct New;
pub(in crate::lsp::commands) struct Hash;
pub(in crate::lsp::commands) struct Rebase;

#[derive(Deserialize)]
pub(in crate::lsp::commands) struct NewArgs {
    #[serde(flatten)]
    about: About,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
pub(in crate::lsp::commands) struct RebaseArgs {
    #[serde(flatten)]
    about: About,
    /// The files to move; without them, those that only the branch has that is checked out.
    #[serde(default)]
    mine: Vec<String>,
}

/// What was written.
#[derive(Serialize)]
pub(in crate::lsp::commands) struct Written {
    message: String,
    files: Vec<Uri>,
}

impl Command for New {
    const NAME: &'static str = "atlas.migrate.new";
    type Args = NewArgs;
    type Report = Written;

    async fn run(mut context: Context, args: NewArgs) -> Result<Written, Failure> {
        let subject = Subject::of(&mut context, &args.about).await?;
        let located = subject.checked(&context.snapshot)?;
        let change =
            ::commands::migrate::new::new(&located.directory, &args.name, machine::now()).map_err(failed)?;
        let (edits, files) =
            ide::of_change(&context.snapshot.project, &subject.dir, &change.writes, &change.sum);
        let message = change.writes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let files = carry_out(&context, "New migration", &edits, &files).await?;
        Ok(Written { message: format!("{message} was created."), files })
    }
}

impl Command for Hash {
    const NAME: &'static str = "atlas.migrate.hash";
    type Args = About;
    type Report = Written;

    async fn run(mut context: Context, about: About) -> Result<Written, Failure> {
        let subject = Subject::of(&mut context, &about).await?;
        let directory = subject.located(&context.snapshot).directory;
        let sum = directory.computed().to_string();
        let (edits, files) = ide::of_change(&context.snapshot.project, &subject.dir, &[], &sum);
        if edits.is_empty() && files.is_empty() {
            return Ok(Written { message: "atlas.sum is right already.".into(), files: Vec::new() });
        }
        let files = carry_out(&context, "Rehash", &edits, &files).await?;
        Ok(Written { message: "atlas.sum was written.".into(), files })
    }
}

impl Command for Rebase {
    const NAME: &'static str = "atlas.migrate.rebase";
    type Args = RebaseArgs;
    type Report = Written;

    async fn run(mut context: Context, args: RebaseArgs) -> Result<Written, Failure> {
        let subject = Subject::of(&mut context, &args.about).await?;
        let directory = subject.located(&context.snapshot).directory;
        let mut names = args.mine;
        if names.is_empty() {
            names = match directory.sum.as_deref().and_then(conflict::parse) {
                Some(conflict) => conflict.ours.files,
                None => subject
                    .dir
                    .files
                    .iter()
                    .filter(|(_, id)| Some(*id) == subject.file)
                    .map(|(name, _)| name.to_string())
                    .collect(),
            };
        }
        if names.is_empty() {
            return Err(Failure::Failed("say which files to put behind the others".into()));
        }
        let version = ::commands::migrate::new::version(machine::now());
        let done = rebase(&directory, &names, Some(&version)).map_err(Failure::Failed)?;
        let sum = done.directory.sum.unwrap_or_default();
        let (edits, more) = ide::of_change(&context.snapshot.project, &subject.dir, &[], &sum);
        let at = |name: &str| subject.dir.path.join(name);
        let mut files: Vec<FileChange> =
            done.renames.iter().map(|(old, new)| FileChange::Rename { from: at(old), to: at(new) }).collect();
        files.extend(more);
        let message = match done.renames.len() {
            0 => "The files are last already; atlas.sum was written.".to_owned(),
            1 => "1 file was put behind the others.".to_owned(),
            many => format!("{many} files were put behind the others."),
        };
        let files = carry_out(&context, "Rebase migrations", &edits, &files).await?;
        Ok(Written { message, files })
    }
}
