//! The report as a terminal shows it.
//!
//! Invariant: without colours it is Atlas's report byte for byte, but for the durations; what Atlas has no words for,
//! statements nobody understood, stands in lines of its own.
//!
//! Source: reference/lint.md section 9.

use std::fmt::Write as _;
use std::time::Duration;

use super::{FileReport, Report, Step};

/// Puts a text into a colour, named by its number in escape sequences, or leaves it as it is.
pub type Paint<'a> = &'a dyn Fn(&str, &str) -> String;

const CYAN: &str = "36";
const YELLOW: &str = "33";
const GREY: &str = "90;4";
const ERROR: &str = "97;101";

/// Where a code is explained.
const LINK: &str = "https://atlasgo.io/lint/analyzers#";

/// The default report; `show` writes a duration.
pub fn text(report: &Report, paint: Paint<'_>, show: &dyn Fn(Duration) -> String) -> String {
    if report.files.is_empty() && report.steps.iter().all(|step| step.groups.is_empty()) {
        return String::new();
    }
    let mut out = String::from("Analyzing changes");
    let (from, to) = (&report.from_version, &report.to_version);
    if !from.is_empty() && !to.is_empty() {
        let _ = write!(out, " from version {} to {}", paint(CYAN, from), paint(CYAN, to));
    } else if !to.is_empty() {
        let _ = write!(out, " until version {}", paint(CYAN, to));
    }
    let total = if report.total_files == 0 { report.files.len() } else { report.total_files };
    let _ = writeln!(out, " ({total} migration{} in total):\n", s(total));
    for step in report.steps.iter().filter(|step| !step.groups.is_empty()) {
        one_step(&mut out, step, paint);
    }
    let last = report.files.len().saturating_sub(1);
    for (at, file) in report.files.iter().enumerate() {
        if at == last && !file.error.is_empty() && !file.is_judged {
            let _ = writeln!(out, "  {} {}\n", paint(ERROR, "Error:"), file.error);
            break;
        }
        one_file(&mut out, file, paint);
        let _ = writeln!(out, "  {} ok ({})\n", paint(YELLOW, "--"), paint(YELLOW, &show(file.took)));
    }
    let _ = writeln!(out, "  {}", paint(CYAN, "-------------------------"));
    let mut line = |text: String| {
        let _ = writeln!(out, "  {} {text}", paint(YELLOW, "--"));
    };
    line(show(report.took));
    if !report.files.is_empty() {
        line(report.statuses());
    }
    let (changes, diagnostics) = (report.changes(), report.diagnostics());
    if changes > 0 {
        line(format!("{changes} schema change{}", s(changes)));
    }
    if diagnostics > 0 {
        line(format!("{diagnostics} diagnostic{}", s(diagnostics)));
    }
    out
}

fn one_step(out: &mut String, step: &Step, paint: Paint<'_>) {
    let _ = writeln!(out, "  {} {}", paint(YELLOW, "--"), step.name.to_lowercase());
    let indented = |out: &mut String, prefix: &str, text: &str| {
        for (at, line) in wrapped(text, 85_usize.saturating_sub(prefix.len())).iter().enumerate() {
            let _ = writeln!(out, "{}{line}", if at == 0 { prefix } else { "       " });
        }
    };
    for group in &step.groups {
        let _ = writeln!(out, "    {} {}:", paint(YELLOW, "--"), group.heading);
        for diagnostic in &group.diagnostics {
            indented(out, &format!("    {} ", paint(CYAN, "--")), &diagnostic.text);
        }
        let fixes: Vec<_> = group.diagnostics.iter().flat_map(|it| &it.fixes).collect();
        if !fixes.is_empty() {
            let es = if fixes.len() == 1 { "" } else { "es" };
            let _ = writeln!(out, "    {} suggested fix{es}:", paint(YELLOW, "--"));
            for fix in fixes {
                indented(out, &format!("      {} ", paint(CYAN, "->")), &fix.message);
            }
        }
    }
    if !step.error.is_empty() {
        let _ = writeln!(out, "    {} {}", paint(ERROR, "Error:"), step.error);
    }
    out.push('\n');
}

fn one_file(out: &mut String, file: &FileReport, paint: Paint<'_>) {
    let _ = writeln!(out, "  {} analyzing version {}", paint(YELLOW, "--"), paint(CYAN, &file.version));
    for group in &file.groups {
        let _ = writeln!(out, "    {} {}:", paint(YELLOW, "--"), group.heading);
        for diagnostic in &group.diagnostics {
            let prefix = format!("      {} L{}: ", paint(CYAN, "--"), file.line(diagnostic.pos));
            let link = paint(GREY, &format!("{LINK}{}", diagnostic.code));
            wrap(out, &prefix, &format!("{} {link}", diagnostic.text));
        }
    }
    if file.groups.is_empty() {
        let _ = writeln!(out, "    {} no diagnostics found", paint(CYAN, "--"));
    }
    let fixes: Vec<_> = file.fixes().collect();
    if !fixes.is_empty() {
        let es = if fixes.len() == 1 { "" } else { "es" };
        let _ = writeln!(out, "    {} suggested fix{es}:", paint(YELLOW, "--"));
        for fix in fixes {
            wrap(out, &format!("      {} ", paint(CYAN, "->")), &fix.message);
        }
    }
    let count = |count: usize| format!("{count} statement{}", s(count));
    let unknown = match (file.opaque, file.opaque_before) {
        (0, 0) => return,
        (own, 0) => format!("{} of this file", count(own)),
        (0, before) => format!("{} before this file", count(before)),
        (own, before) => format!("{} of this file and {before} before it", count(own)),
    };
    let verb = if file.opaque + file.opaque_before == 1 { "was" } else { "were" };
    let _ = writeln!(out, "    {} {unknown} {verb} not analysed", paint(YELLOW, "--"));
}

fn s(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn wrap(out: &mut String, prefix: &str, text: &str) {
    for (at, line) in wrapped(text, 85_usize.saturating_sub(prefix.len())).iter().enumerate() {
        let _ = writeln!(out, "{}{line}", if at == 0 { prefix } else { "         " });
    }
}

/// The words of `text` in lines whose words have at most `width` bytes, blanks not counted.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut lines = Vec::new();
    let (mut start, mut len) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        if len + word.len() > width {
            lines.push(words[start..at].join(" "));
            (start, len) = (at, 0);
        }
        len += word.len();
    }
    lines.push(words[start..].join(" "));
    lines
}
