//! The `baseline` of a configuration after a file of that version moved or went.
//!
//! Changed is only what is certain: a literal in the env that was chosen. Everything else is told with its place.

use commands::migrate::Located;
use engine::migrate::Migration;
use engine::migrate::rebase::version_of;
use project::Content;

use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};
use crate::machine::{native, reason};

/// Follows files from their old names to their new ones; without a new name, the file is gone.
///
/// # Errors
/// A configuration that cannot be written; the files have moved then.
pub async fn follow(
    session: &Session<'_>,
    setup: &mut Setup<'_>,
    located: &Located,
    moves: &[(String, Option<String>)],
) -> Result<(), Failure> {
    let path = setup.config_path().unwrap_or_else(|| setup.directory.join("atlas.hcl"));
    let Content::Text(text) = setup.workspace.read(&path) else { return Ok(()) };
    let mut text = text.to_string();
    let shown = path.as_str().rsplit('/').next().unwrap_or_default().to_owned();
    for (from, to) in moves {
        let version = |name: &String| match located.directory.format {
            engine::migrate::Format::Flyway => Migration::of(located.directory.format, name, "").version,
            _ => version_of(name).to_owned(),
        };
        let (old, new) = (version(from), to.as_ref().map(version));
        if new.as_ref() == Some(&old) {
            continue;
        }
        let migration = setup.env.as_ref().map(|env| env.migration.clone()).unwrap_or_default();
        let range = migration.baseline_range.filter(|_| migration.baseline.as_deref() == Some(&old));
        let range = range.map(|range| usize::from(range.start())..usize::from(range.end()));
        let literal = format!("{old:?}");
        let mut is_told = false;
        if let (Some(range), Some(new)) = (range, &new)
            && text.get(range.clone()) == Some(&literal)
        {
            text.replace_range(range, &format!("{new:?}"));
            tokio::fs::write(native(&path), &text).await.map_err(|error| {
                Failure::Error(format!(
                    "the files have moved, but {shown} still says baseline = {old:?}: {}",
                    reason(&error)
                ))
            })?;
            session.console.print(&format!("{shown}: baseline = {old:?} -> {new:?}\n"));
            is_told = true;
        }
        for (at, line) in text.lines().enumerate() {
            let is_baseline = line
                .trim_start()
                .strip_prefix("baseline")
                .is_some_and(|rest| rest.trim_start().starts_with('='));
            if is_baseline && line.contains(&literal) {
                is_told = true;
                let now = match &new {
                    Some(new) => format!("the file is version {new:?} now"),
                    None => "the file is gone".to_owned(),
                };
                session
                    .console
                    .error(&format!("Warning: {shown}:{} says baseline = {old:?}, but {now}", at + 1));
            }
        }
        if !is_told
            && migration.baseline.as_deref() == Some(&old)
            && let Some(new) = &new
        {
            session.console.error(&format!(
                "Warning: the baseline of env {:?} is {old:?}, but the file is version {new:?} now: change it where it is set",
                setup.env.as_ref().map(|env| env.name.as_str()).unwrap_or_default()
            ));
        }
    }
    Ok(())
}
