//! What one can do with an env, offered above its block, and with a migration, offered above its first line.

use project::{Path, Role, Snapshot};
use smol_str::SmolStr;
use text::{FileId, TextRange};

use crate::migrations;

/// An action above a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The block's type and label.
    pub range: TextRange,
    pub title: &'static str,
    pub action: LensAction,
    /// What the action is about: a configuration, a migration file.
    pub subject: Path,
    /// `None` for an env without a label while no name was chosen: the front end asks; also for a migration of no env.
    pub env: Option<SmolStr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LensAction {
    Plan,
    Apply,
    Inspect,
    /// Write what leads from the migration directory to the desired state.
    CreateMigration,
    /// Run this migration and those before it that were not run.
    MigrateTo,
    MigrateStatus,
    MigrateLint,
    SchemaAt,
    DiffPrevious,
}

const ACTIONS: &[(&str, LensAction)] =
    &[("Plan", LensAction::Plan), ("Apply", LensAction::Apply), ("Inspect", LensAction::Inspect)];

const OF_MIGRATION: &[(&str, LensAction)] = &[
    ("Apply up to here", LensAction::MigrateTo),
    ("Status", LensAction::MigrateStatus),
    ("Lint", LensAction::MigrateLint),
    ("Schema at this version", LensAction::SchemaAt),
    ("Diff with previous", LensAction::DiffPrevious),
];

/// The lenses of a configuration or a migration, in the order of the text; none for any other file.
pub fn code_lenses(snapshot: &Snapshot, file: FileId) -> Vec<Lens> {
    let Some(config) = snapshot.path(file).cloned() else { return Vec::new() };
    if snapshot.info(file).role != Role::Config {
        return of_migration(snapshot, file, config);
    }
    let chosen = snapshot.selection(&config).env;
    let outline = snapshot.outline(file);
    let labels = outline.names();
    let unlabeled = chosen.filter(|name| !labels.contains(name));
    outline
        .envs
        .iter()
        .flat_map(|block| {
            let env = block.label.clone().or_else(|| unlabeled.clone());
            let create = env.as_deref().filter(|env| migrations::create::is_due(snapshot, &config, env));
            let create = create.map(|_| &("Create migration", LensAction::CreateMigration));
            ACTIONS.iter().chain(create).map({
                let config = config.clone();
                move |(title, action)| Lens {
                    range: block.header,
                    title,
                    action: *action,
                    subject: config.clone(),
                    env: env.clone(),
                }
            })
        })
        .collect()
}

fn of_migration(snapshot: &Snapshot, file: FileId, subject: Path) -> Vec<Lens> {
    let Some((dir, _)) = snapshot.migration_of(file) else { return Vec::new() };
    let env = dir.claims.first().map(|claim| claim.env.clone());
    let is_analysed = snapshot.migration_dialect(&dir.path).dialect().is_some();
    let range = migrations::first_line(snapshot, file);
    // Without an env there is no target, without a dialect nothing to say.
    let fits = |action: LensAction| match action {
        LensAction::MigrateTo | LensAction::MigrateStatus => env.is_some(),
        _ => is_analysed,
    };
    OF_MIGRATION
        .iter()
        .filter(|(_, action)| fits(*action))
        .map(|(title, action)| Lens {
            range,
            title,
            action: *action,
            subject: subject.clone(),
            env: env.clone(),
        })
        .collect()
}
