//! `atlas.migrate.…`: what can be done with a migration directory.
//!
//! Each takes one object: `uri` is a migration, its directory, its `atlas.sum` or a configuration, `env` chooses among
//! several. Invariant: what is written goes through the client's workspace edit, so that it can be undone; a client that
//! takes none finds it on disk.

mod apply;
mod create;
mod files;
mod read;
mod status;

use std::collections::BTreeSet;
use std::sync::Arc;

use ::commands::Workspace;
use ::commands::migrate::Located;
use ::commands::world::Everything;
use gen_lsp_types::{ApplyWorkspaceEditParams, ApplyWorkspaceEditRequest, Uri};
use ide::FileChange;
use project::{Known, MigrationDir, Path, Reach, Selection, Want};
use text::FileId;

pub(super) use self::apply::Apply;
pub(super) use self::create::Create;
pub(super) use self::files::{Hash, New, Rebase};
pub(super) use self::read::{DiffWithPrevious, Lint, SchemaAt};
pub(super) use self::status::Status;

use super::Context;
use super::about::{About, Chosen};
use super::buffers::Buffers;
use crate::lsp::failure::Failure;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{workspace, world};

/// A directory, the file of it that is meant, and the env.
struct Subject {
    dir: Arc<MigrationDir>,
    file: Option<FileId>,
    chosen: Option<Chosen>,
}

impl Subject {
    /// What a command is about; waits until the directory was read.
    async fn of(context: &mut Context, about: &About) -> Result<Subject, Failure> {
        let mut tries = 0;
        loop {
            let found = Self::find(&context.snapshot, about);
            let known = found.as_ref().is_ok_and(|subject| subject.dir.state != Known::No);
            let mut wants = context.snapshot.project.wanted(&[]);
            wants.retain(|want| want.reach() == Reach::Workspace);
            if known || wants.is_empty() || tries > 20 {
                return found;
            }
            tries += 1;
            match context.next(&context.snapshot, wants).await {
                Some(next) => context.snapshot = next,
                None => return found,
            }
        }
    }

    fn find(snapshot: &Snapshot, about: &About) -> Result<Subject, Failure> {
        let project = &snapshot.project;
        let path = about.uri.as_ref().map(workspace::path_of);
        let file = path.as_ref().and_then(|path| project.file(path));
        let in_dir = file.and_then(|file| Some((project.migration_of(file)?.0, Some(file))));
        let of_sum = || Some((project.migration_dir_of_sum(file?)?, None));
        let itself = || Some((project.migration_dir(path.as_ref()?)?, None));
        let Some((dir, file)) = in_dir.or_else(of_sum).or_else(itself) else {
            let chosen = about.choose(snapshot)?;
            let none =
                || Failure::Failed(format!("env {:?} has no migration directory", chosen.env.as_str()));
            let dir = project.migration_dir_of_env(&chosen.config, &chosen.env).ok_or_else(none)?;
            return Ok(Subject { dir, file: None, chosen: Some(chosen) });
        };
        let named = about.env.as_deref().filter(|env| !env.is_empty());
        let claim = dir.claims.iter().find(|claim| named.is_none_or(|env| claim.env == *env));
        let chosen = match (claim, named) {
            (Some(claim), _) => Some(Chosen { config: claim.config.clone(), env: claim.env.clone() }),
            (None, Some(_)) => Some(about.choose(snapshot)?),
            (None, None) => None,
        };
        Ok(Subject { dir, file, chosen })
    }

    /// The env, for what cannot be done without a target.
    fn env(&self) -> Result<Chosen, Failure> {
        let none = || Failure::Failed(format!("no env names the migration directory {}", self.dir.path));
        self.chosen.clone().ok_or_else(none)
    }

    /// The migration, for what is about one.
    fn file(&self) -> Result<FileId, Failure> {
        self.file.ok_or_else(|| Failure::Params("uri must be that of a migration file".into()))
    }

    /// The version of the migration.
    fn version(&self) -> Option<String> {
        let (name, _) = self.dir.files.iter().find(|(_, id)| Some(*id) == self.file)?;
        Some(engine::migrate::Migration::new(name, "").version)
    }

    /// The directory as commands take it, with the texts of the buffers.
    fn located(&self, snapshot: &Snapshot) -> Located {
        let contents = snapshot.project.migration_contents(&self.dir.path);
        Located {
            path: self.dir.path.clone(),
            shown: self.dir.path.to_string(),
            directory: contents.directory(),
            companions: Vec::new(),
        }
    }

    /// The directory, when its sum is right.
    ///
    /// # Errors
    /// In Atlas's words, with the way out.
    fn checked(&self, snapshot: &Snapshot) -> Result<Located, Failure> {
        let located = self.located(snapshot);
        located.directory.validate().map_err(|checksum| {
            let help = checksum.help().trim_end().to_owned();
            Failure::Failed(format!("{}: {help}", checksum.text()))
        })?;
        Ok(located)
    }
}

/// Runs `work` with a workspace that sees the buffers, in the env that was chosen.
fn workspace<'a>(world: &'a Buffers, snapshot: &Snapshot, chosen: Option<&Chosen>) -> Workspace<'a> {
    let mut workspace = Workspace::new(world, &Everything, snapshot.project.dialects);
    if let Some(chosen) = chosen {
        workspace.read(&chosen.config);
        workspace.project.name_config(chosen.config.clone());
        let settings = snapshot.settings.variables.iter();
        let vars = settings.map(|(name, value)| (name.into(), value.into())).collect();
        let selection = Selection { env: Some(chosen.env.clone()), vars };
        workspace.project.select(chosen.config.clone(), selection);
    }
    workspace
}

fn buffers(context: &Context) -> Buffers {
    Buffers { world: Arc::clone(&context.world), snapshot: context.snapshot.clone() }
}

/// Carries out edits and changes of files, in the editor if it can, else on disk; returns the files that were written.
async fn carry_out(
    context: &Context,
    label: &str,
    edits: &ide::Edits,
    files: &[FileChange],
) -> Result<Vec<Uri>, Failure> {
    let snapshot = &context.snapshot;
    let written = edits.iter().filter_map(|(file, _)| snapshot.uri(*file));
    let made = files.iter().filter_map(|change| match change {
        FileChange::Create { path, .. } | FileChange::Rename { to: path, .. } => snapshot.uri_of_path(path),
        FileChange::Delete { .. } => None,
    });
    let uris: Vec<Uri> = made.chain(written).collect();
    let edit = snapshot.client.apply_edit.then(|| snapshot.workspace_edit_of(edits, files)).flatten();
    if let Some(edit) = edit {
        let params = ApplyWorkspaceEditParams { label: Some(label.to_owned()), edit, metadata: None };
        let result = context.client.request::<ApplyWorkspaceEditRequest>(params).await?;
        if !result.applied {
            let reason = result.failure_reason.unwrap_or_else(|| "the editor refused the edit".into());
            return Err(Failure::Failed(reason));
        }
        look_again(context, edits, files);
        return Ok(uris);
    }
    on_disk(snapshot, edits, files).map_err(Failure::Failed)?;
    look_again(context, edits, files);
    Ok(uris)
}

/// Reads again what was written, for clients that watch no files.
fn look_again(context: &Context, edits: &ide::Edits, files: &[FileChange]) {
    let project = &context.snapshot.project;
    let edited = edits.iter().filter_map(|(file, _)| project.path(*file).cloned().map(Want::File));
    let listings = project.facts().into_keys().filter(|want| matches!(want, Want::Directory(_)));
    let changed: BTreeSet<Want> =
        edited.chain(listings).chain(files.iter().flat_map(paths).map(Want::File)).collect();
    context.client.then(move |owner| world::fetch(owner, changed, &BTreeSet::new()));
}

fn paths(change: &FileChange) -> Vec<Path> {
    match change {
        FileChange::Create { path, .. } | FileChange::Delete { path } => vec![path.clone()],
        FileChange::Rename { from, to } => vec![from.clone(), to.clone()],
    }
}

/// Writes to the file system, for a client that takes no edits.
fn on_disk(snapshot: &Snapshot, edits: &ide::Edits, files: &[FileChange]) -> Result<(), String> {
    use crate::machine::{native, reason};
    let told = |path: &Path, result: std::io::Result<()>| {
        result.map_err(|error| format!("{path}: {}", reason(&error)))
    };
    for change in files {
        match change {
            FileChange::Create { path, text } => {
                if let Some(directory) = path.parent() {
                    told(&directory, std::fs::create_dir_all(native(&directory)))?;
                }
                told(path, std::fs::write(native(path), text))?;
            }
            FileChange::Rename { from, to } => told(from, std::fs::rename(native(from), native(to)))?,
            FileChange::Delete { path } => told(path, std::fs::remove_file(native(path)))?,
        }
    }
    for (file, edits) in edits {
        let (Some(path), Some(text)) = (snapshot.project.path(*file), snapshot.project.text(*file)) else {
            continue;
        };
        told(path, std::fs::write(native(path), text::apply_edits(&text.to_string(), edits)))?;
    }
    Ok(())
}
