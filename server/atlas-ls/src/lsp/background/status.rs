//! What is known of each configuration, for the status item of an editor.

use ide::{FactState as Known, FactStatus};
use project::{Role, Spoken};

use crate::lsp::ext::{FactState, Folder, Health, ProjectFile, ProjectFiles, Status};
use crate::lsp::snapshot::Snapshot;

/// Health, and what is known of each configuration.
///
/// While files are `unread`, what seems wrong may be only not known yet, and is no warning.
pub(super) fn status(snapshot: &Snapshot, unread: bool) -> Status {
    let found = ide::status(&snapshot.project);
    let problem = found.iter().find(|status| status.failed && !unread).map(explained);
    let folders = found.into_iter().filter_map(|status| {
        let config = snapshot.uri_of_path(&status.config)?;
        let around = snapshot.folders.iter().filter(|folder| status.config.is_in(&folder.path));
        let around = around.max_by_key(|folder| folder.path.as_str().len()).map(|folder| folder.uri.clone());
        let directory = || snapshot.uri_of_path(&status.config.parent()?);
        let fact = |fact: FactStatus| FactState {
            name: fact.name,
            state: match fact.state {
                Known::Known { .. } => "known".to_owned(),
                Known::Missing => "missing".to_owned(),
                Known::Failed(reason) => format!("failed: {reason}"),
                Known::Refused(reason) => format!("refused: {reason}"),
            },
        };
        Some(Folder {
            folder: around.or_else(directory).unwrap_or_else(|| config.clone()),
            config: Some(config),
            env: status.env.map(|env| env.to_string()),
            envs: status.envs.iter().map(ToString::to_string).collect(),
            unlabeled: status.unlabeled,
            dialect: status.dialect,
            target: status.target,
            facts: status.facts.into_iter().map(fact).collect(),
        })
    });
    let health = if problem.is_some() { Health::Warning } else { Health::Ok };
    Status { health, message: problem, folders: folders.collect() }
}

/// Why something is wrong; a warning always says.
fn explained(status: &ide::FolderStatus) -> String {
    let env = status.env.as_deref().unwrap_or_default();
    match status.summary.trim() {
        "" => format!("env {env:?} has no plan"),
        summary => format!("env {env:?}: {summary}"),
    }
}

/// The files that the configurations list, and the language each should have.
pub(super) fn files(snapshot: &Snapshot) -> ProjectFiles {
    let project = &snapshot.project;
    let mut files = Vec::new();
    for file in project.files() {
        let info = project.info(file);
        let (Some(claim), Some(path)) = (info.judge(), project.path(file)) else { continue };
        let language = match (info.role, info.spoken) {
            (Role::Sql, _) => "sql",
            (Role::Schema, Spoken::Known(dialect)) => dialect.language,
            (Role::Schema, Spoken::Foreign(language)) => language,
            _ => continue,
        };
        let (Some(uri), Some(config)) = (snapshot.uri_of_path(path), snapshot.uri_of_path(&claim.config))
        else {
            continue;
        };
        files.push(ProjectFile { uri, language: language.into(), env: claim.env.to_string(), config });
    }
    files.sort_by(|a, b| a.uri.cmp(&b.uri));
    ProjectFiles { files }
}
