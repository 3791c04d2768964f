//! `atlas.inspect`: a database as schema HCL or SQL.

use std::sync::Arc;

use commands::Workspace;
use commands::schema::inspect;
use commands::state::Options;
use commands::world::Everything;
use project::{Env, Selection};
use serde::{Deserialize, Serialize};

use super::about::{About, Chosen, Purpose};
use super::apply::failed;
use super::buffers::Buffers;
use super::{Command, Context};
use crate::lsp::failure::Failure;

pub(super) struct Inspect;

#[derive(Deserialize)]
pub(super) struct Args {
    #[serde(flatten)]
    about: About,
    /// A database that no configuration names; whoever types its URL allows looking at it.
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Hcl,
    Sql,
}

#[derive(Serialize)]
pub(super) struct Report {
    text: String,
    language: String,
}

impl Command for Inspect {
    const NAME: &'static str = "atlas.inspect";
    type Args = Args;
    type Report = Report;

    async fn run(mut context: Context, args: Args) -> Result<Report, Failure> {
        if !context.snapshot.trusted {
            return Err(Failure::Failed("this workspace is not trusted, so no database is looked at".into()));
        }
        let chosen: Option<(Chosen, Arc<Env>)> = match &args.url {
            Some(_) => None,
            None => {
                let chosen = args.about.choose(&context.snapshot)?;
                context.gather(&chosen, Purpose::Inspect, false).await?;
                let env = chosen.settings(&context.snapshot)?;
                Some((chosen, env))
            }
        };
        let missing = || Failure::Failed("the env has no \"url\", or none that is known".into());
        let known = chosen.as_ref().and_then(|(_, env)| env.url.value()).map(|url| url.0.clone());
        let url = args.url.or(known).ok_or_else(missing)?;
        let supported = context.snapshot.client.progress;
        let token = context.token.clone();
        let _progress =
            context.client.progress(supported, token, "Inspecting the database", &context.cancel).await;
        let world = Buffers { world: Arc::clone(&context.world), snapshot: context.snapshot.clone() };
        let mut workspace = Workspace::new(&world, &Everything, context.snapshot.project.dialects);
        let mut options = Options {
            directory: context.snapshot.folders.first().map(|folder| folder.path.clone()),
            ..Options::default()
        };
        if let Some((chosen, env)) = &chosen {
            workspace.read(&chosen.config);
            workspace.project.name_config(chosen.config.clone());
            let selection = Selection { env: Some(chosen.env.clone()), vars: Vec::new() };
            workspace.project.select(chosen.config.clone(), selection);
            options.directory = chosen.config.parent();
            options.env = Some((chosen.config.clone(), chosen.env.clone()));
            options.dev_url = env.dev.value().map(|url| url.0.clone());
            options.schemas = env.schemas.clone();
            options.exclude = env.exclude.clone();
            options.accounts = env.accounts;
        }
        let report = tokio::select! {
            report = inspect::inspect(&mut workspace, &url, &options) => report.map_err(failed)?,
            reason = context.cancel.cancelled() => return Err(reason.into()),
        };
        Ok(match args.format {
            Format::Hcl => {
                Report { text: report.hcl().map_err(failed)?, language: report.read.dialect.language.into() }
            }
            Format::Sql => Report { text: report.sql("  ").map_err(failed)?, language: "sql".into() },
        })
    }
}
