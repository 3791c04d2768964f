//! The binary under test on a terminal of its own, by way of `script` of util-linux.
//!
//! Invariant: a key is sent only once the program has asked for it, so no test depends on how fast the machine is.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdout, Stdio};

use crate::Workspace;

/// A program on a terminal.
pub struct Terminal {
    child: Child,
    stdout: ChildStdout,
    seen: Vec<u8>,
}

/// What it printed, and its exit code.
pub struct Ended {
    pub text: String,
    pub code: i32,
}

impl Terminal {
    /// Whether this machine has what is needed for it.
    pub fn is_there() -> bool {
        let script = std::process::Command::new("script").arg("--version").output();
        script.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("util-linux"))
    }

    /// Starts the binary under test with `args`; then the terminal says what became of its settings.
    pub fn start(workspace: &Workspace, args: &[&str]) -> Terminal {
        let command = workspace.command();
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let program = quoted(&command.get_program().to_string_lossy());
        let args: Vec<String> = args.iter().map(|arg| quoted(arg)).collect();
        let line = format!(
            "{program} {}; code=$?; stty -a | tr ' ;' '\\n' | grep -x -e '-*icanon' -e '-*echo' -e '-*isig'; exit $code",
            args.join(" ")
        );
        let mut script = std::process::Command::new("script");
        script.current_dir(workspace.root()).env("HOME", workspace.root()).env("TERM", "dumb");
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => script.env(name, value),
                None => script.env_remove(name),
            };
        }
        let mut child = script
            .args(["-qec", &line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script starts");
        let stdout = child.stdout.take().expect("a pipe");
        Terminal { child, stdout, seen: Vec::new() }
    }

    /// Waits until the program has printed `text`.
    pub fn wait_for(&mut self, text: &str) {
        let mut byte = [0];
        while !contains(&self.seen, text.as_bytes()) {
            match self.stdout.read(&mut byte) {
                Ok(1..) => self.seen.push(byte[0]),
                _ => panic!("{text:?} was not printed: {}", String::from_utf8_lossy(&self.seen)),
            }
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        let stdin = self.child.stdin.as_mut().expect("a pipe");
        stdin.write_all(keys.as_bytes()).expect("it listens");
        stdin.flush().expect("it listens");
    }

    /// Waits for the end.
    pub fn end(mut self) -> Ended {
        self.stdout.read_to_end(&mut self.seen).expect("a pipe");
        let status = self.child.wait().expect("it ends");
        let text = String::from_utf8_lossy(&self.seen).replace("\r\n", "\n");
        Ended { text, code: status.code().unwrap_or(-1) }
    }
}

impl Ended {
    /// Whether the terminal is what it was: with line editing, echo and signals.
    pub fn is_restored(&self) -> bool {
        let is = |name: &str| self.text.lines().any(|line| line == name);
        ["icanon", "echo", "isig"].iter().all(|name| is(name)) && !is("-icanon") && !is("-echo")
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
