//! `atlas.migrate.diff`: the migration that leads to the desired state, shown before it is written.
//!
//! Invariant: what is written is what was shown; when the directory or the desired state changed since, nothing is.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use ::commands::migrate::diff::{self, Args as DiffArgs, Writing};
use ::commands::state::Options;
use engine::lint::Config;
use gen_lsp_types::Uri;
use project::Env;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Subject, buffers, carry_out, workspace};
use crate::lsp::commands::about::{About, Chosen, Purpose};
use crate::lsp::commands::apply::failed;
use crate::lsp::commands::{Command, Context};
use crate::lsp::failure::Failure;
use crate::machine;

pub(in crate::lsp::commands) struct Create;

#[derive(Deserialize)]
pub(in crate::lsp::commands) struct Args {
    #[serde(flatten)]
    about: About,
    /// The end of the file's name.
    #[serde(default)]
    name: String,
    /// Writes what the preview with the token `expect` showed.
    #[serde(default)]
    write: bool,
    #[serde(default)]
    expect: Option<String>,
}

/// What is to be written, or was.
#[derive(Default, Serialize)]
pub(in crate::lsp::commands) struct Preview {
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<Uri>,
    files: Vec<Previewed>,
    statements: usize,
    findings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// The statements alone, for clients that show one text.
    text: String,
    written: bool,
}

#[derive(Serialize)]
struct Previewed {
    uri: Uri,
    name: String,
    text: String,
    /// What the file holds now; absent for a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
}

const SYNCED: &str = "The migration directory is synced with the desired state, no changes to be made";

impl Command for Create {
    const NAME: &'static str = "atlas.migrate.diff";
    type Args = Args;
    type Report = Preview;

    async fn run(mut context: Context, args: Args) -> Result<Preview, Failure> {
        let subject = Subject::of(&mut context, &args.about).await?;
        let chosen = subject.env()?;
        context.gather(&chosen, Purpose::Plan, false).await?;
        let env = chosen.settings(&context.snapshot)?;
        let located = subject.checked(&context.snapshot)?;
        let request = request(&context, &chosen, &env, args.name.clone()).await?;
        let world = buffers(&context);
        let mut workspace = workspace(&world, &context.snapshot, Some(&chosen));
        let planned = tokio::select! {
            planned = diff::diff(&mut workspace, &located, &request) => planned.map_err(failed)?,
            reason = context.cancel.cancelled() => return Err(reason.into()),
        };
        let directory = context.snapshot.uri_of_path(&subject.dir.path);
        let Some(planned) = planned else {
            return Ok(Preview { directory, message: Some(SYNCED.into()), ..Preview::default() });
        };
        let mut preview =
            Preview { directory, statements: planned.plan.statements.len(), ..Preview::default() };
        for (name, text) in planned.change.texts() {
            let path = subject.dir.path.join(name);
            let Some(uri) = context.snapshot.uri_of_path(&path) else { continue };
            let known =
                context.snapshot.project.file(&path).and_then(|file| context.snapshot.project.text(file));
            preview.files.push(Previewed {
                uri,
                name: name.to_owned(),
                text: text.to_owned(),
                previous: known.map(|text| text.to_string()),
            });
        }
        preview.text = planned.plan.to_sql();
        let config = Config::from_value(&env.lint);
        let report = engine::lint::lint(
            &planned.from,
            &planned.to,
            &planned.changes,
            &planned.plan,
            &config,
            planned.dialect,
            None,
        );
        preview.findings =
            report.findings().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
        if planned.offline && !planned.approximate.is_empty() {
            let names: Vec<String> = planned.approximate.iter().map(ToString::to_string).collect();
            preview.message = Some(format!(
                "planned without a dev database; a server may write this otherwise: {}",
                names.join(", ")
            ));
        }
        let token = token(&located.directory, &preview.text, &args.name);
        if !args.write {
            preview.token = Some(token);
            return Ok(preview);
        }
        if args.expect.is_some_and(|expected| expected != token) {
            return Err(Failure::Failed(
                "the directory or the desired state changed since the preview; nothing was written".into(),
            ));
        }
        let (edits, files) = ide::of_change(
            &context.snapshot.project,
            &subject.dir,
            &planned.change.writes,
            &planned.change.sum,
        );
        carry_out(&context, "Create migration", &edits, &files).await?;
        let names: Vec<&str> = planned.change.writes.iter().map(|(name, _)| name.as_str()).collect();
        preview.message = Some(format!("{} was written.", names.join(", ")));
        preview.written = true;
        Ok(preview)
    }
}

/// Names what a preview showed, but for the time in the file's name.
fn token(directory: &engine::migrate::Directory, text: &str, name: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (&directory.files, text, name).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The env as the command line's flags would have it.
async fn request(context: &Context, chosen: &Chosen, env: &Env, name: String) -> Result<DiffArgs, Failure> {
    let to = env.src.value().ok_or_else(|| {
        Failure::Failed(format!("env {:?} has no \"src\", or none that is known", chosen.env.as_str()))
    })?;
    let with_scheme =
        |url: &SmolStr| if url.contains("://") { url.to_string() } else { format!("file://{url}") };
    let project = &context.snapshot.project;
    let dialect = project.env_dialect(&chosen.config, &chosen.env).dialect();
    let dialect = dialect.or(project.desired(&chosen.config, &chosen.env).dialect);
    // A dev database that takes no server is always at hand; another one is asked when the user lets us.
    let dev = env.dev.value().map(|url| url.0.clone());
    let embedded = dialect.is_some_and(|dialect| dialect.dev_url.is_some());
    let may = embedded || chosen.permit(context, Purpose::Plan).await.is_ok();
    let vars = context.snapshot.settings.variables.iter().map(|(name, value)| (name.into(), value.into()));
    Ok(DiffArgs {
        to: to.iter().map(with_scheme).collect(),
        name,
        policy: env.diff.clone(),
        options: Options {
            directory: chosen.config.parent(),
            env: Some((chosen.config.clone(), chosen.env.clone())),
            vars: vars.collect(),
            dev_url: dev.filter(|_| may && context.snapshot.trusted),
            schemas: env.schemas.clone(),
            exclude: env.exclude.clone(),
            dialect,
            ..Options::default()
        },
        writing: Writing { indent: "  ".into(), ..Writing::default() },
        lock_timeout: std::time::Duration::from_secs(10),
        now: machine::now(),
    })
}
