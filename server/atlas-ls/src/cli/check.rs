//! `check`: what the editor would say, without an editor.

use std::fmt::Write as _;

use commands::Workspace;
use commands::check::{self, Checked};
use project::Path;
use text::Severity;

use super::parse::Invocation;
use super::setup::directory;
use super::{Failure, Session};

/// Checks the files below the given paths.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    invocation.check()?;
    let json = match invocation.text("format") {
        "text" => false,
        "json" => true,
        other => return Err(format!("unknown format {other:?}. Valid formats are: text, json").into()),
    };
    let directory = directory()?;
    let mut workspace = Workspace::new(session.machine, &check::ReadOnly, dialects::all());
    let selection = check::Choice {
        config: Some(invocation.text("config")).filter(|_| invocation.changed("config")).map(str::to_owned),
        env: Some(invocation.text("env")).filter(|env| !env.is_empty()).map(str::to_owned),
        vars: invocation.vars().to_vec(),
    };
    let diagnose = ide::diagnostics;
    let checked = check::check(&mut workspace, &directory, &invocation.args, &selection, &diagnose);
    let checked = session.interrupt.stop(checked).await??;
    session.console.print(&if json { as_json(&checked, &directory) } else { as_text(&checked, &directory) });
    if checked.count(Severity::Error) > 0 { Err(Failure::Said) } else { Ok(()) }
}

fn shown(path: &Path, directory: &Path) -> String {
    path.below(directory).unwrap_or(path.as_str()).to_owned()
}

fn as_text(checked: &Checked, directory: &Path) -> String {
    let mut out = String::new();
    for file in &checked.files {
        let name = shown(&file.path, directory);
        for finding in &file.findings {
            let _ = writeln!(
                out,
                "{name}:{}:{}: {}: {} [{}]",
                finding.start.0,
                finding.start.1,
                severity(finding.severity),
                finding.message,
                finding.code
            );
        }
    }
    for file in &checked.files {
        let counts = file.counts;
        let name = shown(&file.path, directory);
        let _ = match &file.spoken {
            Some(_) => writeln!(
                out,
                "{name}: {} analysed, {} opaque, {} skipped",
                counts.analysed, counts.opaque, counts.skipped
            ),
            None => writeln!(out, "{name}: not analysed (nothing says which database it is for)"),
        };
    }
    let count = |severity, what: &str| {
        let count = checked.count(severity);
        format!("{count} {what}{}", if count == 1 { "" } else { "s" })
    };
    let files = checked.files.len();
    let _ = writeln!(
        out,
        "{}, {} in {files} file{}",
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        if files == 1 { "" } else { "s" }
    );
    out
}

fn as_json(checked: &Checked, directory: &Path) -> String {
    let place = |(line, column): (u32, u32)| serde_json::json!({"line": line, "column": column});
    let files: Vec<serde_json::Value> = checked
        .files
        .iter()
        .map(|file| {
            let diagnostics: Vec<serde_json::Value> = file
                .findings
                .iter()
                .map(|finding| {
                    serde_json::json!({
                        "severity": severity(finding.severity),
                        "code": finding.code,
                        "message": finding.message,
                        "start": place(finding.start),
                        "end": place(finding.end),
                    })
                })
                .collect();
            serde_json::json!({
                "path": shown(&file.path, directory),
                "dialect": file.spoken,
                "analysed": file.counts.analysed,
                "opaque": file.counts.opaque,
                "skipped": file.counts.skipped,
                "diagnostics": diagnostics,
            })
        })
        .collect();
    let report = serde_json::json!({
        "files": files,
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
    });
    format!("{report}\n")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "info",
        Severity::Hint => "hint",
    }
}
