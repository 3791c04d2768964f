//! The machine and the build that were measured, for the head of the report.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::sh;

/// What a reader needs to judge or repeat the numbers.
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_gib: f64,
    pub system: String,
    pub rustc: String,
    pub commit: String,
    pub binary_mb: f64,
    pub date: String,
    /// One-minute load average before anything was measured.
    pub load: String,
}

/// Reads it all; what this system does not tell is `unknown`.
///
/// # Errors
/// The binary cannot be read.
pub fn describe(binary: &Path) -> Result<Machine> {
    let said = |command: &mut Command| {
        sh::output(command).map_or("unknown".to_owned(), |text| text.trim().to_owned())
    };
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().split(' ').next()?.parse::<f64>().ok());
    Ok(Machine {
        processor: processor.unwrap_or("unknown").to_owned(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_gib: kilobytes.unwrap_or(f64::NAN) / 1024.0 / 1024.0,
        system: said(&mut sh::command("uname", ["-sm"])),
        rustc: said(&mut sh::command("rustc", ["--version"])),
        commit: said(&mut sh::command("git", ["rev-parse", "--short", "HEAD"])),
        binary_mb: fs::metadata(binary)?.len() as f64 / 1024.0 / 1024.0,
        date: said(&mut sh::command("date", ["-u", "+%Y-%m-%d"])),
        load: fs::read_to_string("/proc/loadavg")
            .ok()
            .and_then(|text| text.split(' ').next().map(str::to_owned))
            .unwrap_or_default(),
    })
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({} cores), {:.0} GiB, {}; {}; commit {}; binary {:.1} MB; {}; load average {} before the run",
            self.processor,
            self.cores,
            self.memory_gib,
            self.system,
            self.rustc,
            self.commit,
            self.binary_mb,
            self.date,
            self.load
        )
    }
}
