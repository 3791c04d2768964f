//! Reports of plans as text.
//!
//! Source: reference/cli.md section 5.2; the form with analysis: documented/schema-plan.md section 3.

use std::fmt::Write as _;
use std::time::Duration;

use commands::Error;
use commands::schema::apply::{Failed, Planned, summary};
use engine::apply::{Frame, Outcome, Report as Outcomes};
use engine::hook::{self, Hook, Point};
use engine::lint;
use engine::plan::Plan;

use super::console::Console;
use super::{Failure, Session, duration};

/// `-- Planned Changes:` and the statements.
pub fn planned(plan: &Plan) -> String {
    format!("-- Planned Changes:\n{}", plan.to_sql())
}

/// The same between the statements of hooks; what is executed only after a failure is a comment.
pub fn hooked(plan: &Plan, hooks: &[Hook], frame: Frame) -> String {
    let [begin, commit, rollback] = Point::ALL.map(|point| {
        let statements = hook::at(hooks, point).flat_map(|hook| {
            let lines = hook.at(point).iter().map(|sql| format!("{sql};\n"));
            std::iter::once(format!("-- {}\n", capital(&hook.title(point)))).chain(lines)
        });
        statements.collect::<String>()
    });
    match frame {
        Frame::Nothing if !hooks.is_empty() => {
            format!("{}-- Hooks are not executed: the plan runs outside of a transaction\n", planned(plan))
        }
        _ if rollback.is_empty() => format!("-- Planned Changes:\n{begin}{}{commit}", plan.to_sql()),
        _ => {
            let commented: String =
                rollback.lines().map(|line| format!("-- {}\n", line.trim_start_matches("-- "))).collect();
            format!("-- Planned Changes:\n{begin}{}{commit}-- If the plan fails:\n{commented}", plan.to_sql())
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Hooks as a part of a review.
fn hook_lines(hooks: &[Hook], points: &[Point]) -> String {
    let mut out = String::new();
    for point in points {
        for hook in hook::at(hooks, *point) {
            let _ = writeln!(out, "  -- {}:", hook.title(*point));
            for sql in hook.at(*point) {
                let _ = writeln!(out, "    -> {};", sql.replace('\n', "\n       "));
            }
        }
    }
    out
}

/// The plan and what lint says of it, for a review.
pub fn review(
    console: &Console,
    planned: &Planned,
    frame: Frame,
    from: &str,
    to: &str,
    took: Duration,
) -> String {
    let plan = &planned.plan;
    let total = count(plan.statements.len(), "statement");
    let mut out = format!("Planning migration from {from} to {to} ({total} in total):\n\n");
    if frame != Frame::Nothing {
        out.push_str(&hook_lines(&planned.hooks, &[Point::AfterBegin]));
    }
    let mut before = "";
    for statement in &plan.statements {
        if statement.comment != before {
            let _ = writeln!(out, "  -- {}:", statement.comment);
            before = &statement.comment;
        }
        let _ = writeln!(out, "    -> {};", statement.cmd.replace('\n', "\n       "));
    }
    match frame {
        Frame::Nothing if !planned.hooks.is_empty() => {
            out.push_str("  -- hooks are not executed: the plan runs outside of a transaction\n");
        }
        Frame::Nothing => {}
        _ => out.push_str(&hook_lines(&planned.hooks, &[Point::BeforeCommit, Point::BeforeRollback])),
    }
    out.push_str("\n-------------------------------------------\n\n");
    let _ = writeln!(out, "Analyzing planned statements ({} in total):\n", plan.statements.len());
    out.push_str(&findings(console, plan, &planned.report));
    let _ = writeln!(out, "  -- ok ({})\n", duration::show(took));
    out.push_str("  -------------------------\n");
    let _ = writeln!(out, "  -- {}", duration::show(took));
    if !planned.changes.is_empty() {
        let _ = writeln!(out, "  -- {}", count(planned.changes.len(), "schema change"));
    }
    let diagnostics = planned.report.findings().count();
    if diagnostics > 0 {
        let _ = writeln!(out, "  -- {}", count(diagnostics, "diagnostic"));
    }
    out
}

fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What lint says of a plan: findings by analyzer, then all advice.
pub fn findings(console: &Console, plan: &Plan, report: &lint::Report) -> String {
    if report.is_empty() {
        return "  -- no diagnostics found\n".to_owned();
    }
    let mut out = String::new();
    let lines = lines(plan);
    let mut fixes: Vec<&String> = Vec::new();
    for group in &report.groups {
        let _ = writeln!(out, "  {} {}:", console.paint("33", "--"), group.heading);
        for finding in &group.findings {
            let line = finding.statement.and_then(|index| lines.get(index)).map(|line| format!(" L{line}:"));
            let prefix = format!("    {}{} ", console.paint("36", "--"), line.unwrap_or_default());
            let link = format!("https://atlasgo.io/lint/analyzers#{}", finding.code);
            let text = format!("{} {link}", finding.message);
            let _ = writeln!(out, "{prefix}{}", wrapped(&text, &prefix, "       "));
            fixes.extend(&finding.fixes);
        }
    }
    if !fixes.is_empty() {
        let heading = if fixes.len() == 1 { "suggested fix" } else { "suggested fixes" };
        let _ = writeln!(out, "  {} {heading}:", console.paint("33", "--"));
        for fix in fixes {
            let prefix = format!("    {} ", console.paint("36", "->"));
            let _ = writeln!(out, "{prefix}{}", wrapped(fix, &prefix, "       "));
        }
    }
    out
}

/// The line of each statement in the plan's text, from one.
fn lines(plan: &Plan) -> Vec<usize> {
    let mut line = 1;
    let mut lines = Vec::with_capacity(plan.statements.len());
    for statement in &plan.statements {
        line += usize::from(!statement.comment.is_empty());
        lines.push(line);
        line += 1 + statement.cmd.matches('\n').count();
    }
    lines
}

/// Words on lines of a bounded length; spaces do not count, colours of the prefix do.
///
/// Source: reference/lint.md section 9, Wrapping.
fn wrapped(text: &str, prefix: &str, indent: &str) -> String {
    let most = 85_usize.saturating_sub(prefix.len());
    let mut out = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + length > most {
            let _ = write!(out, "\n{indent}");
            used = 0;
        } else if used > 0 {
            out.push(' ');
        }
        out.push_str(word);
        used += length;
    }
    out
}

/// What became of a plan, as the command's result. `unasked` says why nobody could be asked.
///
/// # Errors
/// When it did not go through; where the database stands is said then.
pub fn finish(
    session: &Session<'_>,
    result: Result<Outcomes, Error>,
    unasked: Option<String>,
) -> Result<Option<Outcomes>, Failure> {
    match result {
        Ok(outcomes) => {
            notes(session, &outcomes);
            Ok(Some(outcomes))
        }
        Err(Error::Rejected(_)) => unasked.map_or(Ok(None), |reason| Err(Failure::Error(reason))),
        Err(Error::Failed(failed)) => {
            session.console.error(&format!("Error: {}", failed.error));
            notes(session, &failed.outcomes);
            session.console.error(&standing(&failed));
            Err(Failure::Said)
        }
        Err(error) => Err(error.into()),
    }
}

/// Hooks that failed.
fn notes(session: &Session<'_>, outcomes: &Outcomes) {
    for note in &outcomes.notes {
        session.console.error(&format!("Warning: a hook failed, which does not stop the run: {note}"));
    }
}

/// Where the database stands after a plan that did not go through.
pub fn standing(failed: &Failed) -> String {
    let outcomes = &failed.outcomes.outcomes;
    let counts = summary(outcomes);
    let stays: Vec<&str> = failed
        .outcomes
        .statements
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| **outcome == Outcome::Applied)
        .map(|(statement, _)| statement.cmd.as_str())
        .collect();
    if stays.is_empty() {
        return format!("Nothing was changed ({counts}).");
    }
    let mut out = format!("The database was changed in part ({counts}). These statements were applied:");
    for statement in stays {
        let _ = write!(out, "\n  {statement};");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_where_words_without_spaces_are_too_long() {
        let text = "Adding a non-nullable \"text\" column \"email\" will fail in case table \"users\" is not empty https://atlasgo.io/lint/analyzers#MF103";
        assert_eq!(
            wrapped(text, "    \u{1b}[36m--\u{1b}[0m L2: ", "       "),
            "Adding a non-nullable \"text\" column \"email\" will fail in case table \"users\"\n       is not empty https://atlasgo.io/lint/analyzers#MF103"
        );
    }
}
