//! What is known of each configuration, for the status item of an editor.

use project::{PlanState, Role, Spoken};

use crate::lsp::ext::{FactState, Folder, Health, ProjectFile, ProjectFiles, Status};
use crate::lsp::snapshot::Snapshot;

/// Health, and what is known of each configuration.
pub(super) fn status(snapshot: &Snapshot) -> Status {
    let project = &snapshot.project;
    let mut folders = Vec::new();
    let mut problem = None;
    for (config, file) in project.configs() {
        let Some(uri) = snapshot.uri_of_path(&config) else { continue };
        let directory = config.parent().unwrap_or_else(|| config.clone());
        let around = snapshot.folders.iter().find(|folder| config.is_in(&folder.path));
        let folder = around.map(|folder| folder.uri.clone()).or_else(|| snapshot.uri_of_path(&directory));
        let outline = project.outline(file);
        let env = project.active_env(&config);
        let plan = env.as_ref().map(|env| project.plan(&config, env));
        let mut facts = Vec::new();
        if let Some(plan) = &plan {
            match &plan.state {
                PlanState::Missing(wants) => {
                    facts.extend(
                        wants
                            .iter()
                            .map(|want| FactState { name: want.to_string(), state: "missing".into() }),
                    );
                }
                PlanState::Failed(reason) => problem = problem.or_else(|| Some(reason.clone())),
                PlanState::Ready(ready) => {
                    facts.push(FactState { name: ready.known.to_string(), state: "known".into() });
                }
                PlanState::NotAnalysed(_) => {}
            }
        }
        folders.push(Folder {
            folder: folder.unwrap_or_else(|| uri.clone()),
            config: Some(uri),
            envs: project.env_names(&config).iter().map(ToString::to_string).collect(),
            unlabeled: outline.has_unlabeled(),
            dialect: env
                .as_ref()
                .and_then(|env| project.env_dialect(&config, env).dialect())
                .map(|known| known.name.into()),
            target: plan.as_ref().and_then(|plan| plan.target.as_ref()).map(|target| target.url.to_string()),
            env: env.map(|env| env.to_string()),
            facts,
        });
    }
    let health = if problem.is_some() { Health::Warning } else { Health::Ok };
    Status { health, message: problem, folders }
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
