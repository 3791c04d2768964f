//! `atlas.migrate.lint`, `schemaAt`, `diffWithPrevious`: texts about a migration, from the buffers alone.

use gen_lsp_types::Uri;
use serde::{Deserialize, Serialize};

use super::Subject;
use crate::lsp::commands::about::About;
use crate::lsp::commands::{Command, Context};
use crate::lsp::failure::Failure;
use crate::lsp::migration_uri::{self, View};

pub(in crate::lsp::commands) struct Lint;
pub(in crate::lsp::commands) struct SchemaAt;
pub(in crate::lsp::commands) struct DiffWithPrevious;

#[derive(Serialize)]
pub(in crate::lsp::commands) struct Linted {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<Uri>,
    text: String,
    findings: usize,
}

impl Command for Lint {
    const NAME: &'static str = "atlas.migrate.lint";
    type Args = About;
    type Report = Linted;

    /// A directory or a configuration means all of its files.
    async fn run(mut context: Context, about: About) -> Result<Linted, Failure> {
        let subject = Subject::of(&mut context, &about).await?;
        let project = &context.snapshot.project;
        let files: Vec<text::FileId> = match subject.file {
            Some(file) => vec![file],
            None => subject.dir.files.iter().map(|(_, file)| *file).collect(),
        };
        let mut report = Linted { uri: None, text: String::new(), findings: 0 };
        for file in files {
            context.cancel.check()?;
            let (text, findings) = ide::lint_text(project, file).map_err(Failure::Failed)?;
            if !report.text.is_empty() {
                report.text.push('\n');
            }
            report.text.push_str(&text);
            report.findings += findings;
        }
        if let Some(path) = subject.file.and_then(|file| project.path(file)) {
            report.uri = migration_uri::write(&context.snapshot.folders, path, View::Lint);
        }
        Ok(report)
    }
}

#[derive(Deserialize)]
pub(in crate::lsp::commands) struct SchemaArgs {
    #[serde(flatten)]
    about: About,
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Sql,
    Hcl,
}

#[derive(Serialize)]
pub(in crate::lsp::commands) struct Shown {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<Uri>,
    title: String,
    text: String,
    language: String,
}

impl Command for SchemaAt {
    const NAME: &'static str = "atlas.migrate.schemaAt";
    type Args = SchemaArgs;
    type Report = Shown;

    async fn run(mut context: Context, args: SchemaArgs) -> Result<Shown, Failure> {
        let subject = Subject::of(&mut context, &args.about).await?;
        // The whole directory is its last file.
        let last = subject.dir.files.last().map(|(_, file)| *file);
        let file = subject.file.or(last);
        let file = file.ok_or_else(|| Failure::Failed("the migration directory is empty".into()))?;
        let snapshot = &context.snapshot;
        let hcl = matches!(args.format, Format::Hcl);
        let found = ide::schema_at(&snapshot.project, file, hcl).map_err(Failure::Failed)?;
        let view = if hcl { View::SchemaHcl } else { View::Schema };
        let uri =
            snapshot.project.path(file).and_then(|path| migration_uri::write(&snapshot.folders, path, view));
        Ok(Shown { uri, title: found.title, text: found.text, language: found.language.to_owned() })
    }
}

#[derive(Serialize)]
pub(in crate::lsp::commands) struct Compared {
    title: String,
    language: &'static str,
    before: String,
    after: String,
    /// The same as a unified diff, for clients that have no view for two texts.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<Uri>,
}

impl Command for DiffWithPrevious {
    const NAME: &'static str = "atlas.migrate.diffWithPrevious";
    type Args = About;
    type Report = Compared;

    async fn run(mut context: Context, about: About) -> Result<Compared, Failure> {
        let subject = Subject::of(&mut context, &about).await?;
        let file = subject.file()?;
        let snapshot = &context.snapshot;
        let (title, before, after) =
            ide::diff_with_previous(&snapshot.project, file).map_err(Failure::Failed)?;
        let text = migration_uri::compared(&before, &after);
        let path = snapshot.project.path(file);
        let uri = path.and_then(|path| migration_uri::write(&snapshot.folders, path, View::Diff));
        Ok(Compared { title, language: "sql", before, after, text, uri })
    }
}
