//! `migrate diff`: a new file that leads to the desired state.

use std::sync::Arc;

use commands::format::{FilesReport, Kind, Template};
use commands::migrate::diff::{self, Args, Planned, Writing};
use engine::migrate::Format;

use super::directory::{check, edit, opened, opened_or_empty, write};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

const SYNCED: &str = "The migration directory is synced with the desired state, no changes to be made\n";

/// Writes what leads from the directory to the desired state.
///
/// Source: reference/cli.md section 6.3.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    required(&setup, invocation)?;
    let located = if invocation.switch("dry-run") {
        opened_or_empty(session, &setup, invocation).await?
    } else {
        opened(session, &setup, invocation, true).await?
    };
    let writing = writing(invocation, located.directory.format)?;
    if invocation.switch("edit") && located.directory.format != Format::Atlas {
        edit(&located, commands::migrate::Change::default())?;
    }
    check(session, &located.directory)?;
    let args = Args {
        to: invocation.list("to").to_vec(),
        name: invocation.args.first().cloned().unwrap_or_default(),
        policy: setup.policy(),
        options: commands::state::Options {
            dialect: setup.dialect(invocation.list("to")),
            ..setup.options(invocation)
        },
        writing,
        lock_timeout: invocation.duration("lock-timeout"),
        now: commands::World::now(session.machine),
    };
    let planned = diff::diff(&mut setup.workspace, &located, &args);
    match session.interrupt.stop(planned).await?? {
        None => session.console.print(SYNCED),
        Some(planned) => finish(session, invocation, &located, planned).await?,
    }
    Ok(())
}

/// Shows or writes what was planned.
pub async fn finish(
    session: &Session<'_>,
    invocation: &Invocation,
    located: &commands::migrate::Located,
    planned: Planned,
) -> Result<(), Failure> {
    if planned.offline {
        let names: Vec<String> = planned.approximate.iter().map(ToString::to_string).collect();
        let about = match names.as_slice() {
            [] => String::new(),
            names => format!("; a server may write this otherwise: {}", names.join(", ")),
        };
        session.console.error(&format!("Note: planned without a dev database{about}"));
    }
    if invocation.switch("dry-run") {
        if let Some(template) = report_template(invocation)? {
            let format = located.directory.format.name();
            let directory = format!("file://{}?format={format}", located.shown);
            let report = FilesReport { files: planned.change.writes, directory };
            session.console.print(&template.execute(Arc::new(report), session.console.colour)?);
            return Ok(());
        }
        for (name, text) in &planned.change.writes {
            let title =
                if planned.change.writes.len() > 1 { format!("-- {name} --\n") } else { String::new() };
            session.console.print(&format!("{title}{text}"));
        }
        return Ok(());
    }
    let change = if invocation.switch("edit") { edit(located, planned.change)? } else { planned.change };
    write(located, &change).await
}

/// The template of a dry run's report: one that asks for files, not one for their content.
fn report_template(invocation: &Invocation) -> Result<Option<Template>, Failure> {
    let text = invocation.text("format");
    let is_report = invocation.switch("dry-run") && (text.contains("json") || text.contains(".Files"));
    if !is_report {
        return Ok(None);
    }
    let template = Template::parse(Kind::Files, text).map_err(|error| format!("parse format: {error}"))?;
    Ok(Some(template))
}

/// What the flags say must be there; without a dev database the product must be known otherwise.
fn required(setup: &Setup<'_>, invocation: &Invocation) -> Result<(), Failure> {
    let mut missing = Vec::new();
    if invocation.list("to").is_empty() {
        missing.push("\"to\"");
    }
    if invocation.text("dev-url").is_empty() && setup.dialect(invocation.list("to")).is_none() {
        missing.push("\"dev-url\"");
    }
    if missing.is_empty() {
        return Ok(invocation.check()?);
    }
    Err(Failure::Error(format!("required flag(s) {} not set", missing.join(", "))))
}

/// Source: reference/cli.md section 6.3, the rule for `--format`.
pub fn writing(invocation: &Invocation, format: Format) -> Result<Writing, Failure> {
    let writing = Writing { qualifier: invocation.text("qualifier").to_owned(), ..Writing::default() };
    let text = invocation.text("format");
    if text.is_empty() {
        return Ok(writing);
    }
    if report_template(invocation)?.is_some() {
        return Ok(writing);
    }
    if let Some(indent) = indent(text)? {
        return Ok(Writing { indent, ..writing });
    }
    let template = Template::parse(Kind::Plan, text).map_err(|error| {
        if error.contains("function \"sql\" not defined") {
            format!("'sql' can only be used to indent statements. got: {text}")
        } else {
            format!("parse format: {error}")
        }
    })?;
    if matches!(format, Format::GolangMigrate | Format::Flyway) {
        return Err(Failure::Error(format!("cannot use format with: {:?}", format.name())));
    }
    Ok(Writing { template: Some(template), ..writing })
}

/// The indentation of `{{ sql . "  " }}`, which is nothing but that.
fn indent(text: &str) -> Result<Option<String>, Failure> {
    let action = text
        .trim()
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .map(|inner| inner.trim_start_matches('-').trim_end_matches('-').trim());
    let Some(rest) = action.and_then(|action| action.strip_prefix("sql")) else { return Ok(None) };
    let rest = rest.trim_start();
    let Some(rest) = rest.strip_prefix('.').or_else(|| rest.strip_prefix('$')) else { return Ok(None) };
    let rest = rest.trim();
    if rest.is_empty() {
        return Ok(Some(String::new()));
    }
    let inner = rest
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .or_else(|| rest.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')));
    match inner {
        Some(inner) if !inner.contains(['"', '`', '|']) => {
            Ok(Some(inner.replace("\\t", "\t").replace("\\n", "\n")))
        }
        _ => Err(Failure::Error(format!("'sql' can only be used to indent statements. got: {text}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::indent;

    #[test]
    fn an_indentation_is_one_call_and_nothing_else() {
        let read = |text: &str| match indent(text) {
            Ok(found) => format!("{found:?}"),
            Err(error) => format!("{error:?}"),
        };
        assert_eq!(read("{{ sql . \"  \" }}"), "Some(\"  \")");
        assert_eq!(read("{{ sql $ \"\\t\" }}"), "Some(\"\\t\")");
        assert_eq!(read("{{ sql . }}"), "Some(\"\")");
        assert_eq!(read("{{ range .Changes }}{{ .Cmd }}{{ end }}"), "None");
        assert!(read("{{ sql . \"  \" | x }}").contains("can only be used"));
    }
}
