//! The report as a page: one file without anything to load.
//!
//! Invariant: every text that comes from a file or a database is escaped; the page has no scripts.

use std::fmt::Write as _;
use std::time::Duration;

use super::{FileReport, Report};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
    color:#1b1f24;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}\
    pre{background:#f6f8fa;padding:.75rem;overflow-x:auto;border-radius:6px}\
    table{border-collapse:collapse}td{padding:.2rem 1rem .2rem 0;vertical-align:top}\
    .error{color:#b42318}.warning{color:#93690a}.ok{color:#1a7f37}.line{background:#fff3d6}\
    code{font-family:ui-monospace,monospace}.n{color:#8c959f;user-select:none}\
    @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}pre{background:#161b22}\
    .line{background:#3a2f0b}.error{color:#ff7b72}.warning{color:#e3b341}.ok{color:#56d364}a{color:#79c0ff}}";

/// The page; `show` writes a duration.
pub fn page(report: &Report, show: &dyn Fn(Duration) -> String) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    let _ = writeln!(out, "<meta name=\"viewport\" content=\"width=device-width\">");
    let _ = writeln!(out, "<title>migrate lint: {}</title>\n<style>{STYLE}</style>", escaped(&report.dir));
    let _ = writeln!(out, "<h1>Lint of <code>{}</code></h1>\n<table>", escaped(&report.dir));
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "<tr><td>{name}</td><td>{}</td></tr>", escaped(value));
        }
    };
    let dev = report.dev.as_ref().map_or_else(|| "none: read from the text".to_owned(), ToString::to_string);
    row("Dialect", report.dialect.name);
    row("Dev database", &dev);
    row("From version", &report.from_version);
    row("To version", &report.to_version);
    row("Result", &report.statuses());
    row("Schema changes", &report.changes().to_string());
    row("Diagnostics", &report.diagnostics().to_string());
    row("Finished", &format!("{} in {}", crate::facts::rfc3339(report.started), show(report.took)));
    out.push_str("</table>\n<h2>Steps</h2>\n<table>\n");
    for step in &report.steps {
        let class = if step.error.is_empty() { "ok" } else { "error" };
        let error = if step.error.is_empty() { String::new() } else { format!(": {}", step.error) };
        let found = step.groups.iter().flat_map(|group| &group.diagnostics);
        let found: String = found.map(|it| format!(". {}", it.text)).collect();
        let text = format!("{}{error}{found}", step.text);
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"{class}\">{}</td></tr>",
            escaped(&step.name),
            escaped(&text)
        );
    }
    out.push_str("</table>\n");
    for file in &report.files {
        one_file(&mut out, file);
    }
    out.push_str("</html>\n");
    out
}

fn one_file(out: &mut String, file: &FileReport) {
    let class = match (file.error.is_empty(), file.groups.is_empty()) {
        (false, _) => "error",
        (true, false) => "warning",
        (true, true) => "ok",
    };
    let _ = writeln!(out, "<h2 class=\"{class}\"><code>{}</code></h2>", escaped(&file.name));
    if !file.is_judged {
        let _ = writeln!(out, "<p class=\"error\">{}</p>", escaped(&file.error));
        return;
    }
    let unknown = file.opaque + file.opaque_before;
    if unknown > 0 {
        let _ = writeln!(out, "<p class=\"warning\">Statements that were not analysed: {unknown}</p>");
    }
    let mut marked = Vec::new();
    for group in &file.groups {
        let _ = writeln!(out, "<p><strong>{}</strong></p>\n<ul>", escaped(group.heading));
        for diagnostic in &group.diagnostics {
            let line = file.line(diagnostic.pos);
            marked.push(line);
            let class = if diagnostic.is_error { "error" } else { "warning" };
            let _ = writeln!(
                out,
                "<li><span class=\"{class}\">L{line}</span>: {} <a href=\"https://atlasgo.io/lint/analyzers#{code}\">{code}</a>",
                escaped(&diagnostic.text),
                code = escaped(diagnostic.code)
            );
            for fix in &diagnostic.fixes {
                let _ = writeln!(out, "<br>&rarr; {}", escaped(&fix.message));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
    if file.groups.is_empty() {
        out.push_str("<p class=\"ok\">No diagnostics found.</p>\n");
    }
    out.push_str("<pre><code>");
    for (at, line) in file.text.lines().enumerate() {
        let number = at + 1;
        let (open, close) =
            if marked.contains(&number) { ("<span class=\"line\">", "</span>") } else { ("", "") };
        let _ = writeln!(out, "<span class=\"n\">{number:>4}</span> {open}{}{close}", escaped(line));
    }
    out.push_str("</code></pre>\n");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
