//! What a command costs: wall time, processor time and memory, as the kernel counts them.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::sh;

/// The cost of one run, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub wall: f64,
    /// User and system time of the process and the children it waited for.
    pub cpu: f64,
}

/// Runs a command without looking at its output and insists that it succeeds.
///
/// # Errors
/// It failed; what it said on stderr is in the message.
pub fn measure(command: &mut Command) -> Result<Cost> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let before = children_cpu()?;
    let start = Instant::now();
    let output = command.output().with_context(|| format!("cannot start {}", sh::show(command)))?;
    let wall = start.elapsed().as_secs_f64() * 1e3;
    let cpu = children_cpu()? - before;
    if !output.status.success() {
        bail!("{} failed: {}", sh::show(command), String::from_utf8_lossy(&output.stderr));
    }
    Ok(Cost { wall, cpu })
}

/// Processor time of a running process and all its threads, in milliseconds.
///
/// Source: Linux, `/proc/<pid>/task/<tid>/schedstat`, first field: nanoseconds on a processor. Threads that have
/// ended are not in it; the server keeps its threads.
pub fn process_cpu(pid: u32) -> Result<f64> {
    let mut nanoseconds = 0;
    for entry in
        std::fs::read_dir(format!("/proc/{pid}/task")).context("the server's threads cannot be read")?
    {
        // A thread may end between listing and reading.
        if let Ok(text) = std::fs::read_to_string(entry?.path().join("schedstat")) {
            nanoseconds += text.split(' ').next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        }
    }
    Ok(nanoseconds as f64 / 1e6)
}

/// A line of `/proc/<pid>/status` in megabytes: `VmRSS` now, `VmHWM` at its highest.
pub fn process_memory(pid: u32, line: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let value = status
        .lines()
        .find_map(|it| it.strip_prefix(line)?.trim_start_matches(':').split_whitespace().next());
    let kilobytes: f64 = value.with_context(|| format!("no {line} of process {pid}"))?.parse()?;
    Ok(kilobytes / 1024.0)
}

#[cfg(unix)]
fn children_cpu() -> Result<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let milliseconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 * 1e3 + time.tv_usec() as f64 / 1e3;
    Ok(milliseconds(usage.user_time()) + milliseconds(usage.system_time()))
}

#[cfg(not(unix))]
fn children_cpu() -> Result<f64> {
    bail!("processor time is measured on Unix only")
}
