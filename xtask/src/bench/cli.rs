//! The command line on SQLite files of growing size.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::stats::{Sample, exponent};
use super::{Plan, Project, usage};

/// One command over all sizes.
pub struct Row {
    /// What a person would type, with `N` for the size.
    pub command: String,
    pub costs: Vec<Cost>,
    /// Growth of processor time over the sizes, without the time a process needs to start.
    pub exponent: Option<f64>,
}

/// Medians for one size, in milliseconds.
pub struct Cost {
    pub size: usize,
    pub wall: f64,
    pub cpu: f64,
}

/// Everything about the command line.
pub struct Commands {
    /// `version`, which does nothing but start.
    pub start: Cost,
    pub rows: Vec<Row>,
}

/// A command's arguments, run in a project's folder.
const COMMANDS: [&[&str]; 5] = [
    &["schema", "inspect", "--url", "sqlite://full.db"],
    &[
        "schema",
        "diff",
        "--from",
        "sqlite://full.db",
        "--to",
        "file://hcl/schema",
        "--dev-url",
        "sqlite://dev?mode=memory",
    ],
    &["schema", "apply", "--url", "sqlite://full.db", "--to", "file://hcl/schema", "--dry-run"],
    &[
        "schema",
        "apply",
        "--url",
        "sqlite://full.db",
        "--to",
        "file://sql/schema.sql",
        "--dev-url",
        "sqlite://dev?mode=memory",
        "--dry-run",
    ],
    &["schema", "apply", "--url", "sqlite://empty.db", "--to", "file://hcl/schema", "--dry-run"],
];

/// Measures every command on every size.
///
/// # Errors
/// A command failed.
pub fn measure(binary: &Path, projects: &[Project], plan: &Plan) -> Result<Commands> {
    let start = median(binary, &["version"], Path::new("."), plan.runs * 4)?;
    let mut rows = Vec::new();
    for arguments in COMMANDS {
        let mut costs = Vec::new();
        for project in projects {
            let (wall, cpu) = median(binary, arguments, &project.folder, plan.runs)?;
            println!(
                "{:>6} tables  wall {wall:>9.1} ms  cpu {cpu:>9.1} ms  {}",
                project.size,
                arguments.join(" ")
            );
            costs.push(Cost { size: project.size, wall, cpu });
        }
        let points: Vec<(f64, f64)> =
            costs.iter().map(|cost| (cost.size as f64, cost.cpu - start.1)).collect();
        rows.push(Row {
            command: format!("atlas-ls {}", arguments.join(" ")),
            costs,
            exponent: exponent(&points),
        });
    }
    Ok(Commands { start: Cost { size: 0, wall: start.0, cpu: start.1 }, rows })
}

/// Median wall and processor time of some runs, after one that warms the file cache.
fn median(binary: &Path, arguments: &[&str], folder: &Path, runs: usize) -> Result<(f64, f64)> {
    let (mut wall, mut cpu) = (Sample::default(), Sample::default());
    for run in 0..=runs {
        let cost = usage::measure(Command::new(binary).args(arguments).current_dir(folder))?;
        if run > 0 {
            wall.push(cost.wall);
            cpu.push(cost.cpu);
        }
    }
    Ok((wall.median(), cpu.median()))
}
