//! What keeps a file of a directory from ever being executed, whatever the target: told before anybody tries.
//!
//! Pure. Invariant: what only a dialect can judge is judged only where one is known, so that no valid file is refused.

use super::run::TxMode;
use super::section::sections;
use super::{Directory, Migration, statements, txtar};
use crate::Dialect;

/// The first fault of the first file that has one, which the text names.
///
/// # Errors
/// Two files of one version; marks, sections or directives that contradict each other; with a dialect, a statement
/// without an end.
pub fn check(directory: &Directory, dialect: Option<&'static Dialect>) -> Result<(), String> {
    let migrations = directory.migrations();
    for (at, (file, (name, text))) in migrations.iter().zip(&directory.files).enumerate() {
        if let Some(other) = migrations.iter().take(at).find(|other| share(other, file)) {
            return Err(format!(
                "sql/migrate: duplicate version {:?}: files {:?} and {name:?} would share one revision",
                file.version, other.name
            ));
        }
        let scan = |error| format!("sql/migrate: scanning statements from {name:?}: {error}");
        sections(text, directory.format).map_err(scan)?;
        if dialect.is_some() {
            statements(text, directory.format, dialect).map_err(scan)?;
            let archive = match directory.format {
                super::Format::Atlas => txtar::parse(text).map_err(scan)?,
                _ => None,
            };
            for check in archive.iter().flat_map(|archive| &archive.checks) {
                check.statements(text, dialect).map_err(scan)?;
            }
        }
        TxMode::File.of(file, text, directory).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Whether one revision would stand for both: not where the later one is a checkpoint, which a target with the earlier
/// one never executes.
fn share(earlier: &Migration, later: &Migration) -> bool {
    earlier.version == later.version && !later.version.is_empty() && !later.is_checkpoint()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::Format;

    fn told(format: Format, files: &[(&str, &str)]) -> String {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        check(&Directory::new(format, files, None), None).err().unwrap_or_default()
    }

    #[test]
    fn the_first_file_that_is_wrong_is_named() {
        let atlas = |files: &[(&str, &str)]| told(Format::Atlas, files);
        assert_eq!(atlas(&[("1_a.sql", ""), ("2_b.sql", ""), ("3.sql", "")]), "");
        assert_eq!(
            atlas(&[("1_a.sql", ""), ("1_b.sql", ""), ("2.sql", "-- atlas:txmode x\n\n")]),
            "sql/migrate: duplicate version \"1\": files \"1_a.sql\" and \"1_b.sql\" would share one revision"
        );
        assert_eq!(atlas(&[("1_a.sql", ""), ("1_checkpoint.sql", "-- atlas:checkpoint\n\n")]), "");
        assert_eq!(
            atlas(&[("2.sql", "-- atlas:txmode x\n\nselect 1;")]),
            "unknown txmode \"x\" found in file directive \"2.sql\""
        );
        assert_eq!(
            atlas(&[("2.sql", "-- atlas:txtar\n\n-- checks.sql --\nselect 1;\n")]),
            "sql/migrate: scanning statements from \"2.sql\": 1:1: txtar file without a \"migration.sql\" section"
        );
        let goose = [("1.sql", "-- +goose Up\n-- +goose Up\n")];
        assert_eq!(
            told(Format::Goose, &goose),
            "sql/migrate: scanning statements from \"1.sql\": 2:1: unexpected goose pragma \"Up\""
        );
        // Repeatable files have no version.
        assert_eq!(told(Format::Flyway, &[("R__a.sql", ""), ("R__b.sql", "")]), "");
    }
}
