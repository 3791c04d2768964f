//! The report of `migrate apply` as text, piece by piece as things happen.
//!
//! Source: reference/cli.md section 6.2, without the negative durations and the blocks of wrong files there.

use std::fmt::Write as _;
use std::time::Duration;

use engine::apply::Outcome;
use engine::hook::{self, Point};
use engine::migrate::run::{Check, CheckReport, File, FileReport, Plan, Report, TxMode};

/// How words and times are shown: the console's business.
pub trait Look {
    /// `text` in a colour, where there are colours.
    fn paint(&self, code: &str, text: &str) -> String;
    /// A time as Go prints it.
    fn duration(&self, duration: Duration) -> String;
}

const CYAN: &str = "36";
const YELLOW: &str = "33";
const GREEN: &str = "92";
const RED: &str = "91";

/// `Migrating to version 2 from 1 (1 migrations in total):`.
pub fn header(plan: &Plan, look: &dyn Look) -> String {
    let mut out = format!("Migrating to version {}", look.paint(CYAN, plan.version().unwrap_or_default()));
    if let Some(current) = &plan.current {
        let _ = write!(out, " from {}", look.paint(CYAN, current));
    }
    let _ = writeln!(out, " ({} migrations in total):", look.paint(YELLOW, &plan.files.len().to_string()));
    out.push_str(&hooks(plan, look));
    out
}

/// The statements of hooks, and around which files they are not executed.
pub fn hooks(plan: &Plan, look: &dyn Look) -> String {
    let dashes = look.paint(YELLOW, "--");
    let mut out = String::new();
    for point in Point::ALL {
        for hook in hook::at(&plan.hooks, point) {
            let _ = writeln!(out, "\n  {dashes} {} of each transaction", hook.title(point));
            hook.at(point).iter().for_each(|sql| out.push_str(&arrow(&format!("{sql};"), look)));
        }
    }
    let alone: Vec<&str> =
        plan.files.iter().filter(|it| it.tx == TxMode::None).map(|it| it.version.as_str()).collect();
    if !out.is_empty() && !alone.is_empty() {
        let plural = if alone.len() == 1 { "" } else { "s" };
        let _ = writeln!(
            out,
            "\n  {dashes} without hooks, because executed outside of a transaction: version{plural} {}",
            alone.join(", ")
        );
    }
    out
}

/// The checks of a file.
pub fn check(file: &File, check: &CheckReport, look: &dyn Look) -> String {
    let dashes = look.paint(YELLOW, "--");
    let mut out =
        format!("\n  {dashes} checks before migrating version {}\n", look.paint(CYAN, &file.version));
    for (sql, _) in &check.statements {
        out.push_str(&arrow(sql, look));
    }
    match &check.error {
        Some(error) => out.push_str(&refusal(error, look)),
        None => out.push_str(&ok(check.took(), look)),
    }
    out
}

/// The checks of a file that would be executed.
pub fn would_check(file: &File, check: &Check, look: &dyn Look) -> String {
    let dashes = look.paint(YELLOW, "--");
    let mut out =
        format!("\n  {dashes} checks before migrating version {}\n", look.paint(CYAN, &file.version));
    check.statements.iter().for_each(|sql| out.push_str(&arrow(sql, look)));
    if check.oneof && check.statements.len() > 1 {
        let _ = writeln!(out, "  {dashes} one of them is enough");
    }
    out
}

/// The line a file begins with.
pub fn file(file: &File, look: &dyn Look) -> String {
    let dashes = look.paint(YELLOW, "--");
    format!("\n  {dashes} migrating version {}\n", look.paint(CYAN, &file.version))
}

/// A statement that is sent.
pub fn statement(file: &File, at: usize, look: &dyn Look) -> String {
    file.statements.get(at).map(|sql| arrow(sql, look)).unwrap_or_default()
}

/// How a file ended; nothing where its checks did.
pub fn end(report: &FileReport, look: &dyn Look) -> String {
    match &report.error {
        _ if report.checks.iter().any(|check| check.error.is_some()) => String::new(),
        Some((_, error)) => refusal(error, look),
        None => ok(report.took(), look),
    }
}

/// The lines below the dashes.
pub fn summary(report: &Report, indent: &str, look: &dyn Look) -> String {
    let [mut files, mut checks, mut statements] = [(0, 0); 3];
    for file in &report.files {
        for check in &file.checks {
            checks.0 += check.statements.iter().filter(|(_, returned)| returned.is_none()).count();
            checks.1 += check.statements.iter().filter(|(_, returned)| returned.is_some()).count();
        }
        let failed = file.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(_)));
        statements.0 += file.sent - usize::from(failed && file.sent > 0);
        statements.1 += usize::from(failed);
        match file.error {
            Some(_) => files.1 += 1,
            None => files.0 += 1,
        }
    }
    let mut lines = vec![look.duration(report.took())];
    let plural = |count: usize, word: &str, code: &str| {
        let word = if count == 1 { word.to_owned() } else { format!("{word}s") };
        format!("{} {word}", look.paint(code, &count.to_string()))
    };
    let with_errors = |(done, failed): (usize, usize), word: &str| match (done, failed) {
        (0, 0) => None,
        (0, failed) => Some(format!("{} with errors", plural(failed, word, RED))),
        (done, 0) => Some(plural(done, word, GREEN)),
        (done, failed) => Some(format!(
            "{} ok, {} with errors",
            plural(done, word, GREEN),
            look.paint(RED, &failed.to_string())
        )),
    };
    lines.extend(with_errors(files, "migration"));
    lines.extend(match checks {
        (0, 0) => None,
        (0, failed) => Some(plural(failed, "check error", RED)),
        (done, 0) => Some(plural(done, "check", GREEN)),
        (done, failed) => {
            Some(format!("{} ok, {}", plural(done, "check", GREEN), plural(failed, "failure", RED)))
        }
    });
    lines.extend(with_errors(statements, "sql statement"));
    let dashes = look.paint(YELLOW, "--");
    lines.iter().map(|line| format!("{indent}{dashes} {line}\n")).collect()
}

/// The end of the report.
pub fn footer(report: &Report, look: &dyn Look) -> String {
    let mut out = String::new();
    if report.files.is_empty()
        && let Some(error) = &report.error
    {
        let _ = write!(out, "\n{}", refusal(&error.to_string(), look));
    }
    for note in &report.notes {
        let _ = write!(
            out,
            "\n  {} a hook failed, which does not stop the run:\n{}",
            look.paint(YELLOW, "--"),
            refusal(note, look)
        );
    }
    let _ = writeln!(out, "\n  {}", look.paint(CYAN, "-------------------------"));
    out.push_str(&summary(report, "  ", look));
    out
}

/// The whole of it at once.
pub fn whole(plan: &Plan, report: &Report, look: &dyn Look) -> String {
    let mut out = header(plan, look);
    for (planned, done) in plan.files.iter().zip(&report.files) {
        done.checks.iter().for_each(|it| out.push_str(&check(planned, it, look)));
        if !done.checks.iter().any(|check| check.error.is_some()) {
            out.push_str(&file(planned, look));
        }
        (done.skipped..done.skipped + done.sent).for_each(|at| out.push_str(&statement(planned, at, look)));
        out.push_str(&end(done, look));
    }
    out.push_str(&footer(report, look));
    out
}

/// Where the target stands after a run that did not go through, every statement of it counted.
pub fn standing(plan: &Plan, report: &Report) -> String {
    let counts = |outcomes: &[Outcome]| crate::schema::apply::summary(outcomes);
    let stays = report.count(|it| *it == Outcome::Applied)
        - report.files.iter().map(|file| file.skipped).sum::<usize>();
    let mut out = match stays {
        0 => "Nothing was changed.".to_owned(),
        _ => "The database was changed in part.".to_owned(),
    };
    for (planned, done) in plan.files.iter().zip(&report.files) {
        let skipped = match done.skipped {
            0 => String::new(),
            count => format!("{count} by an earlier run, "),
        };
        let left = done.outcomes.get(done.skipped..).unwrap_or_default();
        let _ = write!(out, "\n  version {}: {skipped}{}", planned.version, counts(left));
    }
    match plan.files.get(report.files.len()..).unwrap_or_default() {
        [] => {}
        [only] => {
            let _ = write!(out, "\n  version {}: not begun", only.version);
        }
        [first, .., last] => {
            let _ = write!(out, "\n  versions {} to {}: not begun", first.version, last.version);
        }
    }
    out
}

fn arrow(sql: &str, look: &dyn Look) -> String {
    format!("    {} {}\n", look.paint(CYAN, "->"), sql.replace('\n', "\n       "))
}

fn ok(took: Duration, look: &dyn Look) -> String {
    format!("  {} ok ({})\n", look.paint(YELLOW, "--"), look.paint(YELLOW, &look.duration(took)))
}

fn refusal(error: &str, look: &dyn Look) -> String {
    format!("    {}\n", look.paint(RED, &error.replace('\n', "\n    ")))
}
