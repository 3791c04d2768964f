//! `atlas.diff`: what leads from one state to another, as SQL.

use std::sync::Arc;

use commands::Workspace;
use commands::schema::diff;
use commands::state::Options;
use commands::world::Everything;
use engine::diff::Policy;
use serde::Deserialize;

use super::about::{About, Purpose};
use super::apply::failed;
use super::buffers::Buffers;
use super::{Command, Context};
use crate::lsp::failure::Failure;

pub(super) struct Diff;

#[derive(Deserialize)]
pub(super) struct Args {
    #[serde(flatten)]
    about: About,
    from: OneOrMore,
    to: OneOrMore,
}

/// URLs of a state.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn list(self) -> Vec<String> {
        match self {
            OneOrMore::One(url) => vec![url],
            OneOrMore::More(urls) => urls,
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct Report {
    text: String,
}

impl Command for Diff {
    const NAME: &'static str = "atlas.diff";
    type Args = Args;
    type Report = Report;

    async fn run(context: Context, args: Args) -> Result<Report, Failure> {
        let (from, to) = (args.from.list(), args.to.list());
        let files = from.iter().chain(&to).all(|url| url.starts_with("file://"));
        if !context.snapshot.trusted && !files {
            return Err(Failure::Failed("this workspace is not trusted, so no database is looked at".into()));
        }
        let world = Buffers { world: Arc::clone(&context.world), snapshot: context.snapshot.clone() };
        let mut workspace = Workspace::new(&world, &Everything, context.snapshot.project.dialects);
        let mut options = Options::default();
        let mut policy = Policy::default();
        if let Ok(chosen) = args.about.choose(&context.snapshot) {
            if context.snapshot.trusted {
                chosen.permit(&context, Purpose::Plan).await?;
            }
            let env = chosen.settings(&context.snapshot)?;
            workspace.read(&chosen.config);
            workspace.project.name_config(chosen.config.clone());
            policy = env.diff.clone();
            options.directory = chosen.config.parent();
            options.env = Some((chosen.config, chosen.env));
            options.dev_url = env.dev.value().map(|url| url.0.clone());
            options.schemas = env.schemas.clone();
            options.exclude = env.exclude.clone();
            options.accounts = env.accounts;
        } else {
            options.directory = context.snapshot.folders.first().map(|folder| folder.path.clone());
        }
        let report = tokio::select! {
            report = diff::diff(&mut workspace, &from, &to, &policy, &options) => report.map_err(failed)?,
            reason = context.cancel.cancelled() => return Err(reason.into()),
        };
        let text = report.plan("  ").map_err(failed)?.to_sql();
        Ok(Report { text })
    }
}
