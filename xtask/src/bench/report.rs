//! docs/benchmarks.md as text. Targets stand beside what was measured, met or not.

use std::fmt::Write;

use super::Plan;
use super::cli::Commands;
use super::lsp::{Question, Server};
use super::machine::Machine;

/// Targets for the main size, p50 and p99 in milliseconds. Others have none.
const LATENCY_TARGETS: [(Question, f64, f64); 3] = [
    (Question::Diagnostics, 3.0, 10.0),
    (Question::Plan("full"), 15.0, 50.0),
    (Question::Completion, 2.0, 8.0),
];
const COLD_START: f64 = 10.0;
const MEMORY_MB: f64 = 90.0;
const INSPECT_CPU_MS: f64 = 300.0;
const EXPONENT: f64 = 1.1;

/// The whole page.
pub fn write(machine: &Machine, plan: &Plan, commands: &Commands, server: &Server) -> String {
    let mut text = String::new();
    head(&mut text, machine, plan);
    latencies(&mut text, plan, server);
    growth(&mut text, plan, server);
    command_line(&mut text, commands);
    text
}

fn head(text: &mut String, machine: &Machine, plan: &Plan) {
    let _ = write!(
        text,
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`; do not edit.\n\
         Measured on {machine}.\n\n\
         The schema has tables of six columns, each with a key, a foreign key to the table before, a check and an index: once as one SQL file, once as HCL over 50 files.\n\
         A keystroke inserts or removes the last letter of a new column's name in the middle table; `didChange` and the question are written together, and the time runs from before that write to the last byte of the answer.\n\
         Processor time is the server's own, over all its threads, for one keystroke and its answer.\n\
         {} keystrokes for each latency, {} runs of each command (medians), {} cold starts.\n\n",
        plan.edits, plan.runs, plan.cold_starts
    );
}

fn latencies(text: &mut String, plan: &Plan, server: &Server) {
    let _ = write!(
        text,
        "## The language server, {} tables\n\n\
         | form | keystroke → | p50 ms | p99 ms | CPU ms | answer bytes | target p50/p99 | |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n",
        plan.main
    );
    for latency in &server.latencies {
        let (p50, p99) = (latency.wall.median(), latency.wall.percentile(0.99));
        let target = LATENCY_TARGETS.iter().find(|(question, _, _)| *question == latency.question);
        let (wanted, verdict) = match target {
            Some((_, low, high)) => (format!("{low}/{high}"), met(p50 <= *low && p99 <= *high)),
            None => ("–".to_owned(), ""),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {p50:.2} | {p99:.2} | {:.2} | {} | {wanted} | {verdict} |",
            latency.form,
            latency.question.name(),
            latency.cpu,
            latency.bytes
        );
    }
    let (p50, p99) = (server.cold_start.median(), server.cold_start.percentile(0.99));
    let _ = write!(
        text,
        "\n| | measured | target | |\n| --- | ---: | ---: | --- |\n\
         | start of the process → answer to `initialize`, p50 of {} | {p50:.1} ms (p99 {p99:.1}) | {COLD_START} ms | {} |\n",
        server.cold_start.len(),
        met(p50 <= COLD_START)
    );
    for memory in &server.memory {
        let _ = writeln!(
            text,
            "| resident memory after the session, {} | {:.1} MB (peak {:.1}) | {MEMORY_MB} MB | {} |",
            memory.form,
            memory.resident_mb,
            memory.peak_mb,
            met(memory.resident_mb <= MEMORY_MB)
        );
    }
}

fn growth(text: &mut String, plan: &Plan, server: &Server) {
    let _ = write!(
        text,
        "\n## Growth of the server's processor time\n\n\
         Milliseconds for one keystroke and its answer, and the exponent of the best power of the number of tables (least squares on logarithms; target at most {EXPONENT}).\n\n\
         | form | keystroke → |"
    );
    for size in plan.sizes {
        let _ = write!(text, " {size} |");
    }
    let _ = write!(text, " exponent | |\n| --- | --- |{} ---: | --- |\n", " ---: |".repeat(plan.sizes.len()));
    for growth in &server.growth {
        let _ = write!(text, "| {} | {} |", growth.form, growth.question.name());
        for (_, cpu) in &growth.points {
            let _ = write!(text, " {cpu:.2} |");
        }
        let _ = writeln!(text, " {} |", exponent(growth.exponent));
    }
}

fn command_line(text: &mut String, commands: &Commands) {
    let _ = write!(
        text,
        "\n## The command line on SQLite\n\n\
         Wall / processor time in milliseconds, the embedded SQLite included; the exponent is of processor time without that of `version`, which only starts ({:.1} / {:.1} ms).\n\n\
         | command |",
        commands.start.wall, commands.start.cpu
    );
    let sizes: Vec<usize> =
        commands.rows.first().map(|row| row.costs.iter().map(|cost| cost.size).collect()).unwrap_or_default();
    for size in &sizes {
        let _ = write!(text, " {size} |");
    }
    let _ = write!(text, " exponent | |\n| --- |{} ---: | --- |\n", " ---: |".repeat(sizes.len()));
    for row in &commands.rows {
        let _ = write!(text, "| `{}` |", row.command);
        for cost in &row.costs {
            let _ = write!(text, " {:.1} / {:.1} |", cost.wall, cost.cpu);
        }
        let _ = writeln!(text, " {} |", exponent(row.exponent));
    }
    let inspect = commands.rows.first().and_then(|row| row.costs.iter().find(|cost| cost.size == 1_000));
    if let Some(cost) = inspect {
        let _ = write!(
            text,
            "\nInspecting 1,000 tables: {:.0} ms of processor time; the target is under {INSPECT_CPU_MS} ms: {}.\n",
            cost.cpu,
            met(cost.cpu <= INSPECT_CPU_MS)
        );
    }
}

fn met(yes: bool) -> &'static str {
    if yes { "met" } else { "**not met**" }
}

fn exponent(value: Option<f64>) -> String {
    match value {
        Some(value) => format!("{value:.2} | {}", met(value <= EXPONENT)),
        None => "– | not measured".to_owned(),
    }
}
