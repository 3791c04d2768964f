//! What one can do with an env, offered above its block.

use project::{Path, Role, Snapshot};
use smol_str::SmolStr;
use text::{FileId, TextRange};

/// An action above a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The block's type and label.
    pub range: TextRange,
    pub title: &'static str,
    pub action: LensAction,
    pub config: Path,
    /// `None` for an env without a label while no name was chosen: the front end asks.
    pub env: Option<SmolStr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LensAction {
    Plan,
    Apply,
    Inspect,
}

const ACTIONS: &[(&str, LensAction)] =
    &[("Plan", LensAction::Plan), ("Apply", LensAction::Apply), ("Inspect", LensAction::Inspect)];

/// The lenses of a configuration, in the order of the text; none for any other file.
pub fn code_lenses(snapshot: &Snapshot, file: FileId) -> Vec<Lens> {
    let Some(config) = snapshot.path(file).cloned() else { return Vec::new() };
    if snapshot.info(file).role != Role::Config {
        return Vec::new();
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
            ACTIONS.iter().map({
                let config = config.clone();
                move |(title, action)| Lens {
                    range: block.header,
                    title,
                    action: *action,
                    config: config.clone(),
                    env: env.clone(),
                }
            })
        })
        .collect()
}
