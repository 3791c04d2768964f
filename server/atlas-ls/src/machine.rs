//! The machine this program runs on, as the world of `commands`: its files, environment, clock, programs, databases.
//!
//! Decides nothing: who may be asked what is the front ends'. Invariant: every reason is the bare message of the
//! system in lower case (`permission denied`), without a number and without a path.

use std::io::ErrorKind;
use std::path::{Path as FilePath, PathBuf};
use std::process::Stdio;

use async_trait::async_trait;
use commands::World;
use drivers::Drivers;
use engine::connection::{Access, Cancel};
use engine::{Connection, Connector, DatabaseUrl, DbError, Dialects};
use project::{Content, Entry, Path};
use smol_str::SmolStr;
use text::Text;

/// The real world.
#[derive(Clone, Debug)]
pub struct Machine {
    databases: Databases,
}

/// The drivers, and what stops the statements of every connection they open.
#[derive(Clone, Debug)]
struct Databases {
    drivers: Drivers,
    stopped_by: Option<Cancel>,
}

#[async_trait]
impl Connector for Databases {
    async fn open(&self, url: &DatabaseUrl, access: Access) -> Result<Box<dyn Connection>, DbError> {
        let mut connection = self.drivers.open(url, access).await?;
        if let Some(cancel) = &self.stopped_by {
            connection.interrupt_on(cancel).await?;
        }
        Ok(connection)
    }
}

impl Machine {
    /// The world as seen by connections that speak `dialects`.
    pub fn new(dialects: Dialects) -> Self {
        Self { databases: Databases { drivers: Drivers::new(dialects), stopped_by: None } }
    }

    /// The same, where `cancel` stops the statement that is running, whatever connection it runs on.
    pub fn stopped_by(mut self, cancel: &Cancel) -> Self {
        self.databases.stopped_by = Some(cancel.clone());
        self
    }
}

#[async_trait]
impl World for Machine {
    fn read(&self, path: &Path) -> Content {
        match std::fs::read(native(path)) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Content::Text(Text::new(&text)),
                Err(_) => Content::Binary,
            },
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::NotADirectory => Content::Missing,
                // Windows says so of a directory.
                ErrorKind::PermissionDenied if native(path).is_dir() => Content::Missing,
                _ => Content::Unreadable(reason(&error)),
            },
        }
    }

    fn list(&self, path: &Path) -> Result<Vec<Entry>, String> {
        let entries = std::fs::read_dir(native(path)).map_err(|error| reason(&error))?;
        let mut out = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| reason(&error))?;
            // A name that is not Unicode cannot be written in a configuration.
            let Ok(name) = entry.file_name().into_string() else { continue };
            // Through links, as opening would go; a link that leads nowhere is a file that is missing.
            let directory = entry.path().is_dir();
            out.push(Entry { name: SmolStr::from(name), directory });
        }
        out.sort_unstable();
        Ok(out)
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn now(&self) -> u64 {
        now()
    }

    /// Source: reference of `data "external"`: the resolved path, then what the program wrote to standard error.
    async fn run(&self, program: &[SmolStr], directory: &Path) -> Result<String, String> {
        let [name, arguments @ ..] = program else {
            return Err("program cannot be empty".to_owned());
        };
        let directory = native(directory);
        let Some(path) = resolve(name, &directory) else {
            return Err(format!(
                "running program {name}: exec: {name:?}: executable file not found in $PATH"
            ));
        };
        let output = tokio::process::Command::new(&path)
            .args(arguments.iter().map(SmolStr::as_str))
            .current_dir(&directory)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| format!("running program {}: {}", path.display(), reason(&error)))?;
        if output.status.success() {
            return String::from_utf8(output.stdout)
                .map_err(|_| format!("running program {}: its output is not UTF-8", path.display()));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said =
            if said.is_empty() { output.status.to_string().replace(": ", " ") } else { said.into_owned() };
        Err(format!("running program {}: {said}", path.display()))
    }

    fn connector(&self) -> &dyn Connector {
        &self.databases
    }

    fn cancel(&self) -> Option<&Cancel> {
        self.databases.stopped_by.as_ref()
    }
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// A path of the project as this system writes it.
pub fn native(path: &Path) -> PathBuf {
    PathBuf::from(path.as_str())
}

/// What the system says, as the messages of this program have it.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotADirectory => "not a directory".to_owned(),
        ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut chars = text.chars();
            chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
        }
    }
}

/// The file a program's name means: itself when it is a path, else the first in `PATH`.
fn resolve(name: &str, directory: &FilePath) -> Option<PathBuf> {
    if name.contains('/') || name.contains(std::path::MAIN_SEPARATOR) {
        let path = directory.join(name);
        return path.is_file().then_some(path);
    }
    let names = match std::env::consts::EXE_SUFFIX {
        "" => vec![name.to_owned()],
        suffix => vec![format!("{name}{suffix}"), name.to_owned()],
    };
    let paths = std::env::var_os("PATH")?;
    let candidates = std::env::split_paths(&paths)
        .flat_map(|directory| names.iter().map(move |name| directory.join(name)).collect::<Vec<_>>());
    candidates.into_iter().find(|path| executable(path))
}

#[cfg(unix)]
fn executable(path: &FilePath) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn executable(path: &FilePath) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        Machine::new(dialects::all())
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
        let machine = machine();
        assert!(matches!(machine.read(&directory.join("Cargo.toml")), Content::Text(_)));
        assert_eq!(machine.read(&directory.join("src")), Content::Missing);
        assert_eq!(machine.read(&directory.join("none/at/all")), Content::Missing);
        assert_eq!(machine.read(&directory.join("Cargo.toml/x")), Content::Missing);
        assert_eq!(machine.list(&directory.join("none")), Err("no such file or directory".to_owned()));
        let names: Vec<_> = machine.list(&directory).expect("a directory").into_iter().collect();
        assert!(names.contains(&Entry { name: "src".into(), directory: true }), "{names:?}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn programs_run_without_a_shell_and_report_what_they_wrote() {
        let machine = machine();
        let here = Path::new("/");
        let run = async |program: &[&str]| {
            let program: Vec<SmolStr> = program.iter().map(|part| SmolStr::from(*part)).collect();
            machine.run(&program, &here).await
        };
        assert_eq!(run(&["echo", "$HOME; x"]).await.as_deref(), Ok("$HOME; x\n"));
        assert_eq!(run(&["pwd"]).await.as_deref(), Ok("/\n"));
        let failed = run(&["sh", "-c", "echo oops >&2; exit 3"]).await.expect_err("it fails");
        assert!(failed.starts_with("running program /") && failed.ends_with("/sh: oops\n"), "{failed}");
        let silent = run(&["sh", "-c", "exit 3"]).await.expect_err("it fails");
        assert!(silent.ends_with(": exit status 3"), "{silent}");
        assert_eq!(
            run(&["nope-nope"]).await,
            Err("running program nope-nope: exec: \"nope-nope\": executable file not found in $PATH"
                .to_owned())
        );
        assert_eq!(run(&[]).await, Err("program cannot be empty".to_owned()));
    }
}
