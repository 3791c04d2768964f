//! Whether the desired state of an env is more than its migration directory leads to.

use std::sync::Arc;

use engine::diff::{self, Cache, Policy, Side};
use engine::{DatabaseUrl, normalize};
use project::{DesiredKind, Known, Path, Snapshot};

/// Whether a migration is to be written; also when it cannot be told from texts, but there is a directory and a state.
pub(crate) fn is_due(snapshot: &Snapshot, config: &Path, env: &str) -> bool {
    let Some(settings) = snapshot.env(config, env) else { return false };
    if settings.src.value().is_none() {
        return false;
    }
    let Some(dir) = snapshot.migration_dir_of_env(config, env) else { return false };
    // A state that is the directory itself is never ahead of it.
    let desired = snapshot.desired(config, env);
    if desired.files.iter().any(|file| dir.files.iter().any(|(_, known)| known == file)) {
        return false;
    }
    let state = match &desired.kind {
        DesiredKind::State(state) if !state.has_errors() => state.clone(),
        DesiredKind::State(_) | DesiredKind::Wrong(_) | DesiredKind::Unset => return false,
        _ => return true,
    };
    let Some(dialect) = desired.dialect else { return true };
    let current = match (&dir.state, dir.files.last()) {
        (Known::No, _) => return false,
        (_, None) => return state.realm.schemas.iter().any(|schema| !schema.tables.is_empty()),
        (_, Some((_, last))) => match snapshot.migration_realm(*last) {
            Some(realm) => realm,
            None => return true,
        },
    };
    let server = Arc::new((dialect.assumed)());
    let Ok(wanted) = normalize::normalize(&state.realm, dialect, &server, &mut normalize::Cache::default())
    else {
        return true;
    };
    let url = settings.dev.value().or(settings.url.value());
    let bound = url.and_then(|url| DatabaseUrl::parse(&url.0).ok()).and_then(|url| (dialect.bound)(&url));
    let policy = Policy {
        keep_unsaid: settings.diff.keep_unsaid || state.hcl,
        server: Some(server),
        ..settings.diff.clone()
    };
    let side = |realm, hcl| Side { realm, bound: bound.as_deref(), hcl };
    let changes = diff::between(
        side(&current, false),
        side(&wanted.realm, state.hcl),
        dialect,
        &policy,
        &mut Cache::default(),
    );
    changes.map_or(true, |changes| !changes.is_empty())
}
