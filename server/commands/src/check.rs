//! `check`: configurations and schemas looked at without an editor.
//!
//! Reads files and variables of the environment; starts nothing and connects to nothing. What is wrong with a file is
//! said by the function the front end gives, which is also the editor's.

use std::collections::BTreeSet;

use engine::state::Counts;
use project::{Content, Path, Role, Selection, Snapshot, Want};
use smol_str::SmolStr;
use text::{Diagnostic, Encoding, FileId, Severity};

use crate::world::Consent;
use crate::{Error, Workspace};

/// What the user chose.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// `--config`.
    pub config: Option<String>,
    pub env: Option<String>,
    pub vars: Vec<(String, String)>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// By path.
    pub files: Vec<File>,
}

/// What was found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: Path,
    /// The product it is for, or `atlas` for a configuration; `None` when nothing says.
    pub spoken: Option<String>,
    pub counts: Counts,
    pub findings: Vec<Finding>,
}

/// One finding; lines and columns count from one, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    pub code: String,
    pub message: String,
    pub start: (u32, u32),
    pub end: (u32, u32),
}

/// Allows what takes neither a program nor a connection.
pub struct ReadOnly;

impl Consent for ReadOnly {
    fn allows(&self, want: &Want) -> Result<(), String> {
        match want.reach() {
            project::Reach::World => Err("check starts nothing and connects to nothing".to_owned()),
            _ => Ok(()),
        }
    }
}

/// Says what is wrong with a file.
pub type Diagnose = dyn Fn(&Snapshot, FileId) -> Vec<Diagnostic> + Sync;

impl Checked {
    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.files.iter().flat_map(|file| &file.findings);
        findings.filter(|finding| finding.severity == severity).count()
    }
}

/// Checks the files at and below `paths`, seen from `directory`; all below it when there are none.
///
/// # Errors
/// `stat nope: no such file or directory`; `env "x" not defined in config file`.
pub async fn check(
    workspace: &mut Workspace<'_>,
    directory: &Path,
    paths: &[String],
    choice: &Choice,
    diagnose: &Diagnose,
) -> Result<Checked, Error> {
    let (mut found, mut named) = (BTreeSet::new(), BTreeSet::new());
    let default = [".".to_owned()];
    for shown in if paths.is_empty() { &default[..] } else { paths } {
        let path = directory.join(shown);
        match workspace.world.list(&path) {
            Ok(_) => collect(workspace, &path, 0, &mut found),
            Err(_) if workspace.world.read(&path) != Content::Missing => {
                named.insert(path.clone());
                found.insert(path);
            }
            Err(reason) => return Err(Error::Request(format!("stat {shown}: {reason}"))),
        }
    }
    // A schema is judged by the configuration beside or above it.
    let mut configs: BTreeSet<Path> =
        found.iter().filter(|path| project::kind::role(path) == Role::Config).cloned().collect();
    for path in &found {
        let mut above = path.parent();
        while let Some(folder) = above {
            let config = folder.join("atlas.hcl");
            if workspace.world.read(&config) != Content::Missing {
                configs.insert(config);
                break;
            }
            above = folder.parent().filter(|parent| *parent != folder);
        }
    }
    if let Some(url) = &choice.config {
        let path = directory.join(url.strip_prefix("file://").unwrap_or(url));
        if workspace.world.read(&path) == Content::Missing {
            return Err(Error::Request(format!("config file {url:?} was not found")));
        }
        workspace.project.name_config(path.clone());
        configs = BTreeSet::from([path]);
    }
    for path in configs.iter().chain(&found) {
        workspace.read(path);
    }
    let vars: Vec<(SmolStr, SmolStr)> =
        choice.vars.iter().map(|(name, value)| (name.into(), value.into())).collect();
    for config in &configs {
        let selection = Selection { env: choice.env.as_ref().map(SmolStr::from), vars: vars.clone() };
        workspace.project.select(config.clone(), selection);
    }
    if let Some(env) = &choice.env {
        let snapshot = workspace.project.snapshot();
        let known = |config: &Path| snapshot.env_names(config).iter().any(|name| name == env);
        if !configs.iter().any(known) {
            return Err(Error::Request(format!("env {env:?} not defined in config file")));
        }
    }
    let ids: Vec<(Path, FileId)> = {
        let snapshot = workspace.project.snapshot();
        found.into_iter().filter_map(|path| Some((path.clone(), snapshot.file(&path)?))).collect()
    };
    let open: Vec<FileId> = ids.iter().map(|(_, id)| *id).collect();
    workspace.ask(|snapshot| ((), snapshot.wanted(&open))).await;
    let snapshot = workspace.project.snapshot();
    let ids = ids.into_iter().filter(|(path, id)| named.contains(path) || is_ours(&snapshot, *id));
    let files = ids.map(|(path, id)| look(&snapshot, path, id, diagnose)).collect();
    Ok(Checked { files })
}

/// Whether a file met in a directory is one of ours: other programs call their files `.hcl` too.
fn is_ours(snapshot: &Snapshot, id: FileId) -> bool {
    snapshot.info(id).role != Role::Other
}

fn look(snapshot: &Snapshot, path: Path, id: FileId, diagnose: &Diagnose) -> File {
    let info = snapshot.info(id);
    let spoken = match info.role {
        Role::Config => Some("atlas".to_owned()),
        Role::Schema | Role::Sql => info.dialect().map(|dialect| dialect.name.to_owned()),
        _ => None,
    };
    let counts = match info.role {
        Role::Config => {
            let blocks = snapshot.hcl(id).map_or(0, |file| file.pieces().len());
            Counts { analysed: u32::try_from(blocks).unwrap_or(u32::MAX), ..Counts::default() }
        }
        _ => snapshot
            .state_of(id)
            .and_then(|desired| {
                let state = desired.state()?;
                state.coverage.files.iter().find(|(of, _)| *of == id).map(|(_, counts)| *counts)
            })
            .unwrap_or_default(),
    };
    let text = snapshot.text(id).cloned().unwrap_or_default();
    let place = |offset| {
        let position = text.position(offset, Encoding::Utf32);
        (position.line + 1, position.character + 1)
    };
    let findings = diagnose(snapshot, id)
        .into_iter()
        .map(|diagnostic| Finding {
            severity: diagnostic.severity,
            code: diagnostic.code.to_string(),
            message: diagnostic.message.to_string(),
            start: place(diagnostic.range.start()),
            end: place(diagnostic.range.end()),
        })
        .collect();
    File { path, spoken, counts, findings }
}

/// The deepest directory that is looked into: a link that leads back must not hold us for ever.
const DEPTH: usize = 32;

/// The files below a directory that are ours to judge. Hidden directories, and those of packages, are not.
fn collect(workspace: &Workspace<'_>, directory: &Path, depth: usize, found: &mut BTreeSet<Path>) {
    let Ok(entries) = workspace.world.list(directory) else { return };
    for entry in entries {
        let path = directory.join(&entry.name);
        if entry.directory {
            let is_foreign =
                entry.name.starts_with('.') || matches!(entry.name.as_str(), "node_modules" | "target");
            if !is_foreign && depth < DEPTH {
                collect(workspace, &path, depth + 1, found);
            }
        } else if matches!(
            project::kind::role(&path),
            Role::Config | Role::Schema | Role::Sql | Role::Test | Role::Plan | Role::Rule
        ) {
            found.insert(path);
        }
    }
}
