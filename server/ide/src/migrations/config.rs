//! The `migration` block of an env, where it points to something that is not there.

use engine::migrate::Checksum;
use project::migrations::locate;
use project::{Env, Known, Path, Snapshot};
use text::{Code, Diagnostic, Severity, TextRange};

/// The block names a directory that is none, or a version nobody has.
pub const WRONG_DIR: Code = "wrong-migration-dir";
pub const WRONG_BASELINE: Code = "wrong-baseline";

/// What is wrong with the block of one env.
pub(crate) fn diagnostics(snapshot: &Snapshot, env: &Env) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(place) = env.migration.dir_range else { return found };
    let (path, _) = match locate(env) {
        None => return found,
        Some(Err(message)) => {
            found.push(Diagnostic::error(place, WRONG_DIR, message));
            return found;
        }
        Some(Ok(located)) => located,
    };
    let Some(dir) = snapshot.migration_dir(&path) else { return found };
    if let Known::Missing(reason) = &dir.state {
        // `migrate diff` and `migrate new` make it, so this is no error yet.
        let shown = shown(&path, &env.directory);
        let message = format!("there is no migration directory {shown:?} yet: {reason}");
        found.push(Diagnostic::new(place, Severity::Information, WRONG_DIR, message));
        return found;
    }
    let contents = snapshot.migration_contents(&path);
    if let Some(Err(checksum)) = &contents.check {
        let what = match checksum {
            Checksum::Mismatch(Some(it)) => format!(": {} was {}", it.file, it.reason.word()),
            _ => String::new(),
        };
        let message = format!("{} in {:?}{what}", checksum.text(), path.name());
        found.push(Diagnostic::warning(place, super::integrity::MISMATCH, message));
    }
    if let (Some(version), Some(range), Known::Yes) =
        (&env.migration.baseline, env.migration.baseline_range, &dir.state)
    {
        let has =
            |version: &str| contents.texts.iter().flatten().any(|file| file.migration.version == *version);
        if !has(version) {
            let message =
                format!("baseline version {version:?} not found: no file of {:?} has it", path.name());
            found.push(Diagnostic::error(range, WRONG_BASELINE, message));
        }
    }
    found
}

fn shown(path: &Path, directory: &Path) -> String {
    path.below(directory).map_or_else(|| path.to_string(), str::to_owned)
}

/// Where the block's directory is written, for actions on it.
pub(crate) fn touches(env: &Env, range: TextRange) -> bool {
    env.migration.dir_range.is_some_and(|place| place.intersect(range).is_some())
}
