//! Reports through a Go template: what `--format` does.
//!
//! A template is parsed before the command starts, so that a mistake in it costs nothing, and executed on a
//! [`Subject`]. Methods of Go values (`.MarshalHCL`) become calls on the parse tree. Invariant: error texts are those
//! of Go's `text/template`, with the place in the template.
//!
//! Source: Go 1.26 `text/template`; reference/cli.md section 8.

mod functions;
mod json;
mod subject;
mod tree;

use std::sync::Arc;

use gotmpl::parse::{DefineNode, ListNode, Parser};
use gotmpl::{MissingKey, TemplateError, Value};

pub use self::json::{Shapes, compact, go_url};
pub use self::subject::{
    ApplyReport, DiffReport, FilesReport, InspectReport, LintReport, MigrateApplyReport, MigrateDownReport,
    MigrateStatusReport, PlanReport,
};

/// Which report a template is for: it decides the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Inspect,
    Diff,
    Apply,
    /// The content of a migration file: `migrate diff`.
    Plan,
    /// The files of `migrate diff --dry-run`.
    Files,
    /// What `migrate lint` found.
    MigrateLint,
    MigrateApply,
    MigrateDown,
    MigrateStatus,
}

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    kind: Kind,
    tree: ListNode,
    defines: Vec<DefineNode>,
    places: tree::Places,
}

/// What a template is executed on.
pub trait Subject: Send + Sync + 'static {
    /// The value behind `.`.
    fn data(&self, shapes: &mut Shapes) -> Value;

    /// A function or method that only this report has.
    ///
    /// # Errors
    /// What went wrong, without any place.
    fn call(&self, name: &str, args: &[Value]) -> Result<Value, String>;
}

impl Kind {
    /// Functions, next to Go's own.
    fn functions(self) -> &'static [&'static str] {
        match self {
            Kind::Inspect => &["sql", "json", "mermaid", "base64url", "split", "write", "hcl"],
            Kind::Diff => &["sql"],
            Kind::Plan => &[],
            Kind::Files => &["json"],
            Kind::MigrateLint => &[
                "json",
                "sub",
                "add",
                "repeat",
                "join",
                "underline",
                "gray",
                "lower",
                "maxWidth",
                "cyan",
                "green",
                "red",
                "redBgWhiteFg",
                "yellow",
                "colorize",
            ],
            Kind::Apply | Kind::MigrateApply | Kind::MigrateDown => &[
                "add",
                "upper",
                "json",
                "json_merge",
                "indent_ln",
                "cyan",
                "green",
                "red",
                "yellow",
                "redBgWhiteFg",
            ],
            Kind::MigrateStatus => {
                &["json", "json_merge", "default", "cyan", "green", "red", "yellow", "redBgWhiteFg"]
            }
        }
    }

    /// Methods of the value behind `.`.
    fn methods(self) -> &'static [&'static str] {
        match self {
            Kind::Inspect => &["MarshalHCL", "MarshalSQL", "RedactedURL"],
            Kind::Diff => &["MarshalSQL"],
            Kind::Apply | Kind::Plan | Kind::Files => &[],
            Kind::MigrateLint => &["Line"],
            Kind::MigrateDown => &[],
            Kind::MigrateApply => &["Header", "Summary"],
            Kind::MigrateStatus => &["Left", "FromCheckpoint"],
        }
    }

    /// The name of Go's type, for messages.
    fn type_name(self) -> &'static str {
        match self {
            Kind::Inspect => "*cmdlog.SchemaInspect",
            Kind::Diff => "*cmdlog.SchemaDiff",
            Kind::Apply => "*cmdlog.SchemaApply",
            Kind::Plan => "*migrate.Plan",
            Kind::Files => "*cmdlog.MigrateDiff",
            Kind::MigrateLint => "*migratelint.SummaryReport",
            Kind::MigrateApply => "*cmdlog.MigrateApply",
            Kind::MigrateDown => "*cmdlog.MigrateDown",
            Kind::MigrateStatus => "*cmdlog.MigrateStatus",
        }
    }
}

/// The name templates have in messages.
const NAME: &str = "format";

impl Template {
    /// Reads `text`.
    ///
    /// # Errors
    /// `template: format:1: function "foo" not defined`.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, String> {
        let parsed = Parser::with_name(Some(NAME), text, "{{", "}}").and_then(Parser::parse);
        let (mut tree, mut defines) = parsed.map_err(|error| tree::syntax_error(&error))?;
        let mut places = tree::Places::new(text);
        tree::check(&tree, &defines, kind.functions(), NAME)?;
        tree::rewrite(&mut tree, kind, &mut places);
        for define in &mut defines {
            tree::rewrite(&mut define.body, kind, &mut places);
        }
        Ok(Self { kind, tree, defines, places })
    }

    /// The text it makes of `subject`. `colour` says whether colour functions have an effect.
    ///
    /// # Errors
    /// `template: format:1:3: executing "format" at <.Foo>: can't evaluate field Foo in type …`.
    pub fn execute(&self, subject: Arc<dyn Subject>, colour: bool) -> Result<String, String> {
        let mut shapes = Shapes::default();
        let data = subject.data(&mut shapes);
        let shapes = Arc::new(shapes);
        let mut template = gotmpl::Template::new(NAME).missing_key(MissingKey::Error);
        for name in self.kind.functions().iter().chain(self.kind.methods()).copied() {
            let (subject, shapes, places) = (subject.clone(), shapes.clone(), self.places.clone());
            template = template.func(name, move |args| {
                // The first argument is the place, put there by the rewriting.
                let (place, args) = args.split_first().unwrap_or((&Value::Nil, &[]));
                functions::call(name, args, &shapes, colour)
                    .unwrap_or_else(|| subject.call(name, args))
                    .map_err(|error| {
                        let (at, call) = places.get(place.as_int());
                        TemplateError::Exec(format!(
                            "template: {NAME}:{at}: executing {NAME:?} at <{call}>: error calling {name}: {error}"
                        ))
                    })
            });
        }
        for define in &self.defines {
            template = template.add_parse_tree(&define.name, define.body.clone());
        }
        template
            .add_parse_tree(NAME, self.tree.clone())
            .execute_template_to_string(NAME, &data)
            .map_err(|error| self.explain(&error))
    }

    fn explain(&self, error: &TemplateError) -> String {
        match error {
            TemplateError::Exec(text) if text.starts_with("template: ") => text.clone(),
            TemplateError::MissingKey { key } => {
                let (at, field) = self.places.field(key);
                format!(
                    "template: {NAME}:{at}: executing {NAME:?} at <{field}>: can't evaluate field {key} in type {}",
                    self.kind.type_name()
                )
            }
            TemplateError::Exec(text) => format!("template: {NAME}: executing {NAME:?}: {text}"),
            other => format!("template: {NAME}: executing {NAME:?}: {other}"),
        }
    }
}

#[cfg(test)]
mod tests;
