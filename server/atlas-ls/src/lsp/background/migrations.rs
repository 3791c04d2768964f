//! What is known of each migration directory, for the views of an editor.

use engine::migrate::{Checksum, Format, Reason, Sum, conflict};
use project::{Contents, Known};

use crate::lsp::ext::{MigrationDirectory, MigrationFile, Migrations};
use crate::lsp::log;
use crate::lsp::snapshot::Snapshot;

/// Every migration directory that an env names or that has a sum.
pub(super) fn migrations(snapshot: &Snapshot) -> Migrations {
    let dirs = snapshot.project.migration_dirs();
    let directories = dirs.iter().filter(|dir| dir.state == Known::Yes);
    Migrations {
        directories: directories
            .filter_map(|dir| directory(snapshot, &snapshot.project.migration_contents(&dir.path)))
            .collect(),
    }
}

fn directory(snapshot: &Snapshot, contents: &Contents) -> Option<MigrationDirectory> {
    let dir = &contents.dir;
    let uri = snapshot.uri_of_path(&dir.path)?;
    let around = snapshot.folders.iter().find_map(|folder| dir.path.below(&folder.path));
    let name = around.filter(|name| !name.is_empty()).unwrap_or(dir.path.name()).to_owned();
    let claim = dir.claims.first();
    let env = claim.and_then(|claim| snapshot.project.env(&claim.config, &claim.env));
    let looked = snapshot.looked.get(&dir.path).filter(|it| claim.is_some_and(|claim| claim.env == it.env));
    let (sum, message) = integrity(contents);
    let (status, status_message) = match looked.map(|looked| &looked.revisions) {
        None => ("unknown", None),
        Some(Ok(_)) => ("known", None),
        Some(Err(reason)) => ("failed", Some(log::redact(reason).into_owned())),
    };
    let revisions = looked.and_then(|looked| looked.revisions.as_ref().ok());
    let files = files(snapshot, contents, revisions);
    let pending = revisions.map(|_| files.iter().filter(|file| file.state == "pending").count());
    Some(MigrationDirectory {
        uri,
        name,
        config: claim.and_then(|claim| snapshot.uri_of_path(&claim.config)),
        env: claim.map(|claim| claim.env.to_string()),
        envs: dir.claims.iter().map(|claim| claim.env.to_string()).collect(),
        format: dir.format.name().to_owned(),
        target: env.and_then(|env| Some(env.url.value()?.to_string())),
        sum: sum.to_owned(),
        message,
        status: status.to_owned(),
        status_message,
        current: revisions.and_then(|list| list.last()).map(|(version, _)| version.clone()),
        pending,
        files,
    })
}

fn integrity(contents: &Contents) -> (&'static str, Option<String>) {
    if contents.sum.as_deref().and_then(conflict::parse).is_some() {
        return ("conflict", Some("atlas.sum has merge conflicts".to_owned()));
    }
    match &contents.check {
        Some(Err(Checksum::NotFound)) => ("missing", Some("there is no atlas.sum".to_owned())),
        Some(Err(checksum @ Checksum::Mismatch(Some(it)))) => {
            ("mismatch", Some(format!("{}: {} was {}", checksum.text(), it.file, it.reason.word())))
        }
        Some(Err(checksum)) => ("mismatch", Some(checksum.text().to_owned())),
        Some(Ok(())) | None => ("ok", None),
    }
}

fn files(
    snapshot: &Snapshot,
    contents: &Contents,
    revisions: Option<&Vec<(String, bool)>>,
) -> Vec<MigrationFile> {
    let wrong = match &contents.check {
        Some(Err(Checksum::Mismatch(it))) => it.as_ref(),
        _ => None,
    };
    let listed = contents.sum.as_deref().and_then(|text| Sum::parse(text).ok());
    let mut found = Vec::new();
    for ((name, id), text) in contents.dir.files.iter().zip(&contents.texts) {
        let Some(uri) = snapshot.uri(*id) else { continue };
        let migration = text.as_ref().map(|file| &file.migration);
        let version = migration.map(|it| it.version.clone()).unwrap_or_default();
        let revision = revisions.map(|list| list.iter().find(|(known, _)| *known == version));
        let is_skipped = migration.is_some_and(|it| it.is_checkpoint());
        let state = match revision {
            None => "unknown",
            Some(Some((_, true))) => "partial",
            Some(Some(_)) => "applied",
            // A database that has something already never runs a checkpoint.
            Some(None) if is_skipped && revisions.is_some_and(|list| !list.is_empty()) => "unknown",
            Some(None) => "pending",
        };
        let sum = match wrong {
            Some(it) if it.file == *name && it.reason == Reason::Added => "added",
            Some(it) if it.file == *name && it.reason == Reason::Edited => "edited",
            _ => "ok",
        };
        let is_open = snapshot.open.values().any(|(open, _)| open == id);
        let judged = is_open.then(|| snapshot.project.migration_findings(*id)).flatten();
        found.push(MigrationFile {
            uri,
            name: name.to_string(),
            version,
            description: migration.map(|it| it.description.clone()).unwrap_or_default(),
            state: state.to_owned(),
            sum: sum.to_owned(),
            kind: is_skipped.then(|| "checkpoint".to_owned()),
            findings: judged.map(|judged| judged.report.findings().count()),
        });
    }
    // What the sum has and the directory has not any more.
    let gone = listed.iter().flat_map(|sum| &sum.entries);
    let gone = gone.filter(|(name, _)| contents.dir.files.iter().all(|(known, _)| known != name));
    for (name, _) in gone.filter(|_| contents.dir.format == Format::Atlas) {
        let migration = engine::migrate::Migration::new(name, "");
        let Some(uri) = snapshot.uri_of_path(&contents.dir.path.join(name)) else { continue };
        found.push(MigrationFile {
            uri,
            name: name.clone(),
            version: migration.version,
            description: migration.description,
            state: "unknown".to_owned(),
            sum: "missing".to_owned(),
            kind: None,
            findings: None,
        });
    }
    found
}
