//! Which env a command is about, and whether the user lets it reach what that env names.
//!
//! A code lens names both; a document names the env that judges it; nothing means the only configuration there is.
//! Invariant: a command reaches out of the workspace only in trust, and for an env whose facts are allowed.

use std::collections::BTreeSet;
use std::sync::Arc;

use gen_lsp_types::{MessageType, Uri};
use project::{Env, Path, Reach, Want};
use serde::Deserialize;
use smol_str::SmolStr;

use super::Context;
use crate::lsp::failure::Failure;
use crate::lsp::settings::Facts;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{background, plan_uri, workspace, world};

/// What clients send with a command about an env.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct About {
    #[serde(default)]
    pub(super) uri: Option<Uri>,
    #[serde(default)]
    pub(super) env: Option<String>,
}

/// An env of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) config: Path,
    pub(super) env: SmolStr,
}

impl About {
    /// The env that is meant.
    ///
    /// # Errors
    /// [`Failure::Failed`] when there is none, or more than one and nothing says which.
    pub(super) fn choose(&self, snapshot: &Snapshot) -> Result<Chosen, Failure> {
        let project = &snapshot.project;
        let failed = |text: String| Err(Failure::Failed(text));
        let named = self.env.as_deref().filter(|env| !env.is_empty()).map(SmolStr::from);
        if let Some((config, env)) = self.uri.as_ref().and_then(|uri| plan_uri::read(&snapshot.folders, uri))
        {
            return known(snapshot, config, named.unwrap_or(env));
        }
        let path = self.uri.as_ref().map(workspace::path_of);
        let file = path.as_ref().and_then(|path| project.file(path));
        if let Some(claim) = file.and_then(|file| project.info(file).judge().cloned()) {
            return known(snapshot, claim.config, named.unwrap_or(claim.env));
        }
        let configs: Vec<Path> = project.configs().into_iter().map(|(config, _)| config).collect();
        let config = match path {
            Some(path) if configs.contains(&path) => path,
            // A folder, or a file nobody lists: the configuration nearest above it.
            path => {
                let above = |config: &&Path| {
                    let directory = config.parent();
                    path.as_ref().zip(directory).is_some_and(|(path, directory)| path.is_in(&directory))
                };
                let below = |config: &&Path| path.as_ref().is_some_and(|path| config.is_in(path));
                let nearest = configs.iter().filter(above).max_by_key(|config| config.as_str().len());
                match (nearest.or_else(|| configs.iter().find(below)), configs.as_slice()) {
                    (Some(config), _) | (None, [config]) => config.clone(),
                    (None, []) => return failed("there is no atlas.hcl in this workspace".to_owned()),
                    (None, _) => {
                        return failed(
                            "there are several atlas.hcl files; say which one by its uri".to_owned(),
                        );
                    }
                }
            }
        };
        match named.or_else(|| project.active_env(&config)) {
            Some(env) => known(snapshot, config, env),
            None => failed(format!("{config} has no env, or only one whose name must be given")),
        }
    }
}

fn known(snapshot: &Snapshot, config: Path, env: SmolStr) -> Result<Chosen, Failure> {
    let file = snapshot.project.file(&config);
    let outline = file.map(|file| snapshot.project.outline(file));
    match outline {
        Some(outline) if outline.has_unlabeled() || outline.names().contains(&env) => {
            Ok(Chosen { config, env })
        }
        Some(_) => Err(Failure::Failed(format!("env {:?} not defined in config file", env.as_str()))),
        None => Err(Failure::Failed(format!("configuration {config} is not known"))),
    }
}

/// What the user wants to do, for the question whether it may reach outside.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Plan,
    Apply,
    Inspect,
}

impl Chosen {
    /// The settings of the env.
    ///
    /// # Errors
    /// [`Failure::Failed`] when it stands for none or several targets.
    pub(super) fn settings(&self, snapshot: &Snapshot) -> Result<Arc<Env>, Failure> {
        match snapshot.project.evaluate(&self.config, Some(&self.env)).envs.as_slice() {
            [env] => Ok(Arc::clone(env)),
            [] => Err(Failure::Failed(format!("env {:?} not defined in config file", self.env.as_str()))),
            several => {
                let (env, count) = (self.env.as_str(), several.len());
                Err(Failure::Failed(format!("env {env:?} stands for {count} targets; choose one of them")))
            }
        }
    }

    /// Makes sure that what the env names may be reached: by trust, by the settings, or by asking the user.
    ///
    /// # Errors
    /// [`Failure::Failed`] when it may not.
    pub(super) async fn permit(&self, context: &Context, purpose: Purpose) -> Result<(), Failure> {
        let snapshot = &context.snapshot;
        if !snapshot.trusted {
            return Err(Failure::Failed(
                "this workspace is not trusted, so nothing outside of it is reached".into(),
            ));
        }
        let outside = self.outside(snapshot);
        if outside.is_empty() {
            return Ok(());
        }
        // One question at a time: whoever comes second is served by the answer to the first.
        let consent = snapshot.consent.clone();
        let _asking = consent.lock().await;
        let (sender, allowed) = tokio::sync::oneshot::channel();
        context.client.then(move |owner| {
            let _ = sender.send(owner.state.workspace.allowed());
        });
        let allowed = allowed.await.map_err(|_| Failure::Failed("the server is leaving".into()))?;
        if allowed.contains(&(self.config.clone(), self.env.clone())) {
            return Ok(());
        }
        context.cancel.check()?;
        match snapshot.settings.facts {
            Facts::Auto => return Ok(()),
            Facts::Never => {
                let text =
                    "the setting atlas.facts is \"never\", so nothing outside of the workspace is reached";
                return Err(Failure::Failed(text.into()));
            }
            Facts::Ask => {}
        }
        let what = match purpose {
            Purpose::Plan => "Planning",
            Purpose::Apply => "Applying",
            Purpose::Inspect => "Inspecting",
        };
        // Several on lines of their own; one reads best in the sentence, for editors that join lines.
        let list: String = match outside.iter().collect::<Vec<_>>().as_slice() {
            [want] => format!(" {want}"),
            wants => wants.iter().map(|want| format!("\n- {want}")).collect(),
        };
        let question = format!("{what} env {:?} reaches out of this workspace:{list}", self.env.as_str());
        let chosen = context.client.choose(MessageType::Warning, &question, &[ALLOW, "Cancel"]).await?;
        if chosen.as_deref() != Some(ALLOW) {
            return Err(Failure::Failed(format!("env {:?} was not allowed to reach out", self.env.as_str())));
        }
        let (config, env) = (self.config.clone(), self.env.clone());
        context.client.then(move |owner| {
            owner.state.workspace.allow(config, env);
            owner.state.refreshed();
        });
        Ok(())
    }

    /// What the env's plan needs that is neither on this machine nor a file of the workspace.
    fn outside(&self, snapshot: &Snapshot) -> BTreeSet<Want> {
        let mut wants = background::missing(&snapshot.project, &self.config, &self.env);
        let target = self.settings(snapshot).ok().and_then(|env| project::target(&env));
        wants.extend(target.map(Want::Database));
        wants.retain(|want| {
            want.reach() == Reach::World
                && !world::embedded(want, &snapshot.folders, snapshot.project.dialects)
        });
        wants
    }
}

const ALLOW: &str = "Allow for This Session";
