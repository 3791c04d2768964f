//! `atlas.migrate.status`: what a target has of a directory, and what it lacks.

use ::commands::migrate::status::{Args, status};
use ::commands::migrate::target::Target;
use ::commands::migrate::text::Look;
use project::Env;
use serde::Serialize;
use std::time::Duration;

use super::{Subject, buffers, workspace};
use crate::lsp::commands::about::{About, Chosen, Purpose};
use crate::lsp::commands::apply::failed;
use crate::lsp::commands::{Command, Context};
use crate::lsp::failure::Failure;
use crate::lsp::owner::Looked;

pub(in crate::lsp::commands) struct Status;

#[derive(Serialize)]
pub(in crate::lsp::commands) struct Report {
    text: String,
    status: &'static str,
    target: String,
    current: String,
    next: String,
    /// Versions.
    pending: Vec<String>,
    applied: Vec<String>,
}

impl Command for Status {
    const NAME: &'static str = "atlas.migrate.status";
    type Args = About;
    type Report = Report;

    async fn run(mut context: Context, about: About) -> Result<Report, Failure> {
        let subject = Subject::of(&mut context, &about).await?;
        let chosen = subject.env()?;
        chosen.permit(&context, Purpose::Inspect).await?;
        let env = chosen.settings(&context.snapshot)?;
        let args =
            Args { target: target(&chosen, &env)?, directory: subject.checked(&context.snapshot)?.directory };
        let world = buffers(&context);
        let workspace = workspace(&world, &context.snapshot, Some(&chosen));
        let found = tokio::select! {
            found = status(&workspace, &args) => found,
            reason = context.cancel.cancelled() => return Err(reason.into()),
        };
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                let looked = Looked { env: chosen.env, revisions: Err(error.to_string()) };
                let dir = subject.dir.path.clone();
                context.client.then(move |owner| owner.state.looked(dir, looked));
                return Err(failed(error));
            }
        };
        let text = format!("Target: {}\n{}", found.url, found.text(&Plain));
        let versions =
            |list: &[engine::migrate::Migration]| list.iter().map(|it| it.version.clone()).collect();
        let report = Report {
            text,
            status: found.word(),
            target: found.url.to_string(),
            pending: versions(&found.pending),
            applied: found.applied.iter().map(|it| it.version.clone()).collect(),
            current: found.current,
            next: found.next,
        };
        let revisions = found.applied.iter().map(|it| (it.version.clone(), it.is_partial())).collect();
        let looked = Looked { env: chosen.env, revisions: Ok(revisions) };
        let dir = subject.dir.path.clone();
        context.client.then(move |owner| owner.state.looked(dir, looked));
        Ok(report)
    }
}

/// Looks again at what a target has, after something was executed there.
pub(super) async fn look(
    context: &Context,
    subject: &Subject,
    chosen: &Chosen,
    workspace: &::commands::Workspace<'_>,
    done: &::commands::migrate::apply::Args,
) {
    let args = Args { target: done.target.clone(), directory: done.directory.clone() };
    let found = status(workspace, &args).await;
    let revisions =
        found.map(|found| found.applied.iter().map(|it| (it.version.clone(), it.is_partial())).collect());
    let looked = Looked { env: chosen.env.clone(), revisions: revisions.map_err(|error| error.to_string()) };
    let dir = subject.dir.path.clone();
    context.client.then(move |owner| owner.state.looked(dir, looked));
}

/// Where the migrations of an env go.
pub(super) fn target(chosen: &Chosen, env: &Env) -> Result<Target, Failure> {
    let missing =
        || Failure::Failed(format!("env {:?} has no \"url\", or none that is known", chosen.env.as_str()));
    let url = env.url.value().ok_or_else(missing)?;
    Ok(Target {
        url: url.0.clone(),
        directory: env.directory.clone(),
        revisions_schema: env.migration.revisions_schema.clone().unwrap_or_default(),
    })
}

/// Text without colours.
pub(super) struct Plain;

impl Look for Plain {
    fn paint(&self, _: &str, text: &str) -> String {
        text.to_owned()
    }

    fn duration(&self, duration: Duration) -> String {
        format!("{duration:?}")
    }
}
