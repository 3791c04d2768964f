//! A folder of its own for each test, written from a fixture and removed at the end; the command line run in it.
//!
//! Invariant: a test sees no file, setting or environment variable of the person who runs it: `HOME` is inside
//! the folder, and variables that change what the product prints are unset.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::{binary, txtar};

/// A temporary folder with the files of a fixture.
pub struct Workspace {
    // Held for its `Drop`; `root` is its canonical path, which is what the server answers with.
    _temp: TempDir,
    root: PathBuf,
}

/// What a run of the command line left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Workspace {
    /// Writes the files of a txtar fixture.
    pub fn new(fixture: &str) -> Workspace {
        let temp = TempDir::with_prefix("atlas-ls-").expect("a temporary folder");
        let root = temp.path().canonicalize().expect("the temporary folder exists");
        let workspace = Workspace { _temp: temp, root };
        for (name, text) in txtar::parse(fixture).files {
            workspace.write(&name, &text);
        }
        workspace
    }

    /// A copy of a folder of the repository, such as `examples/sqlite-hcl`.
    pub fn copy_of(folder: &str) -> Workspace {
        let workspace = Workspace::new("");
        copy(&binary::repository().join(folder), &workspace.root);
        workspace
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The `file:` URI of a file, as an editor would write it.
    pub fn uri(&self, name: &str) -> String {
        url::Url::from_file_path(self.path(name)).expect("an absolute path has a URI").to_string()
    }

    /// The `file:` URI of the folder itself, without a slash at the end.
    pub fn root_uri(&self) -> String {
        url::Url::from_file_path(&self.root).expect("an absolute path has a URI").to_string()
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("folders can be made");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Runs the binary under test in the folder and waits for it.
    pub fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, &[])
    }

    /// Runs the binary under test with further environment variables.
    pub fn run_with(&self, args: &[&str], environment: &[(&str, &str)]) -> Output {
        let output = self
            .command()
            .args(args)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("the binary under test can be started");
        Output {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs the binary under test and fails the test unless it exits 0. Returns what it printed.
    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.code, 0, "{args:?} failed\n{}{}", output.stdout, output.stderr);
        output.stdout
    }

    /// The binary under test, set up to run in this folder with a clean environment.
    pub fn command(&self) -> Command {
        let mut command = Command::new(binary::atlas_ls());
        command.current_dir(&self.root).env("HOME", &self.root);
        for name in ["ATLAS_TOKEN", "EDITOR", "NO_COLOR", "RUST_LOG", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command
    }
}

impl Output {
    /// Both streams and the exit code in the form the expectations use.
    pub fn render(&self) -> String {
        let mut text = self.stdout.clone();
        for line in self.stderr.lines() {
            text.push_str("stderr: ");
            text.push_str(line);
            text.push('\n');
        }
        text.push_str(&format!("exit {}\n", self.code));
        text
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("a folder can be listed");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file has a type").is_dir() {
            fs::create_dir_all(&target).expect("folders can be made");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("files can be copied");
        }
    }
}
