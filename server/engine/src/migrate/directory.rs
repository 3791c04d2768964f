//! A migration directory as a value: its files in the order they run, and what its `atlas.sum` says of them.
//!
//! Invariant: what counts as content is the bytes; a directory without files needs no sum.
//!
//! Source: reference/migrations.md sections 1 and 2.

use super::directive;
use super::{Format, Migration, Mismatch, Sum, SumError};

/// A directory of migrations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    pub format: Format,
    /// Name and text, in the order of the directory.
    pub files: Vec<(String, String)>,
    /// The text of `atlas.sum`, if there is one.
    pub sum: Option<String>,
}

/// Why a directory is not what its sum says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checksum {
    NotFound,
    Format,
    /// With the place, when the sum file is itself consistent.
    Mismatch(Option<Mismatch>),
}

impl Directory {
    /// The directory that has `files`, in any order, as name and text, and this sum.
    pub fn new(format: Format, files: Vec<(String, String)>, sum: Option<String>) -> Self {
        Self { format, files: format.order(files), sum }
    }

    /// The hashes of the files as they are.
    pub fn computed(&self) -> Sum {
        Sum::of(self.files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())))
    }

    /// The files with what their names and heads say.
    pub fn migrations(&self) -> Vec<Migration> {
        self.files.iter().map(|(name, text)| Migration::of(self.format, name, text)).collect()
    }

    /// The directory with `added` in it, those that its format lists, and the sum it must then have.
    #[must_use]
    pub fn with(&self, added: &[(String, String)]) -> Directory {
        let mut files = self.files.clone();
        for (name, text) in added.iter().filter(|(name, _)| self.format.lists(name)) {
            files.retain(|(known, _)| known != name);
            files.push((name.clone(), text.clone()));
        }
        Self::new(self.format, files, None).summed()
    }

    /// The directory with the sum of its files.
    #[must_use]
    pub fn summed(self) -> Directory {
        let sum = Some(self.computed().to_string());
        Directory { sum, ..self }
    }

    /// The files that make the state of the directory: from its last checkpoint on. Up to and including version `to`.
    ///
    /// # Errors
    /// `migration with version "x" not found`, perhaps with a version that was meant; a file that is not in the sum.
    ///
    /// Source: reference/migrations.md sections 6.1 and 8.
    pub fn history(&self, to: Option<&str>) -> Result<&[(String, String)], String> {
        let migrations = self.migrations();
        let end = match to {
            None => migrations.len(),
            Some(version) => match migrations.iter().rposition(|it| it.version == version) {
                Some(at) => at + 1,
                None => return Err(not_found(&migrations, version)),
            },
        };
        let start = migrations.iter().take(end).rposition(Migration::is_checkpoint).unwrap_or(0);
        let files = self.files.get(start..end).unwrap_or_default();
        // What has no hash is never executed.
        match files.iter().find(|(_, text)| directive::sum_is_ignored(text.as_bytes())) {
            Some((name, _)) => Err(format!("scanning checksum from {name:?}: checksum not found")),
            None => Ok(files),
        }
    }

    /// Compares the files with `atlas.sum`.
    ///
    /// # Errors
    /// The first difference; a directory without files needs no sum.
    pub fn validate(&self) -> Result<(), Checksum> {
        let Some(text) = &self.sum else {
            return if self.files.is_empty() { Ok(()) } else { Err(Checksum::NotFound) };
        };
        match Sum::parse(text) {
            Ok(sum) => sum.verify(&self.computed()).map_err(|it| Checksum::Mismatch(Some(it))),
            Err(SumError::Format { .. }) => Err(Checksum::Format),
            Err(SumError::Total) => Err(Checksum::Mismatch(None)),
        }
    }
}

/// Source: atlas `sql/migrate`, `ExecuteTo`.
fn not_found(migrations: &[Migration], version: &str) -> String {
    let meant =
        migrations.iter().rev().map(|it| it.version.as_str()).find(|known| {
            version.contains(known) || known.contains(version) && known.len() - version.len() > 1
        });
    let meant = meant.map(|known| format!(". Did you mean {known:?}?")).unwrap_or_default();
    format!("migration with version {version:?} not found{meant}")
}

impl Checksum {
    /// The error in Atlas's words.
    pub fn text(&self) -> &'static str {
        match self {
            Checksum::NotFound => "checksum file not found",
            Checksum::Format => "checksum file format invalid",
            Checksum::Mismatch(_) => "checksum mismatch",
        }
    }

    /// What the command line says before the error.
    ///
    /// Source: reference/cli.md section 6.1.
    pub fn help(&self) -> String {
        let place = match self {
            Checksum::Mismatch(Some(it)) => {
                format!("\n\tL{}: {} was {}\n\n", it.line, it.file, it.reason.word())
            }
            _ => String::new(),
        };
        format!(
            "You have a checksum error in your migration directory.\n{place}\
             Please check your migration files and run 'atlas migrate hash' to re-hash the contents\n\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::migrate::{Reason, statements};

    /// The directories with an `atlas.sum` below `folder`.
    fn find(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                find(&path, found);
            } else if path.ends_with(crate::migrate::sum::FILE) {
                found.extend(path.parent().map(Path::to_path_buf));
            }
        }
    }

    fn read(folder: &Path) -> Directory {
        let entries = std::fs::read_dir(folder).expect("a directory").flatten();
        let names: Vec<String> = entries.filter_map(|it| it.file_name().into_string().ok()).collect();
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a text");
        let files = names.iter().filter(|name| Format::Atlas.lists(name));
        let files = files.map(|name| (name.clone(), text(name))).collect();
        Directory::new(Format::Atlas, files, Some(text(crate::migrate::sum::FILE)))
    }

    fn told(directory: &Directory) -> (String, Option<Reason>) {
        match directory.validate() {
            Err(Checksum::Mismatch(Some(it))) => (it.file, Some(it.reason)),
            Err(other) => (other.text().to_owned(), None),
            Ok(()) => ("right".to_owned(), None),
        }
    }

    #[test]
    fn real_directories_are_what_their_sums_say() {
        let mut found = Vec::new();
        find(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus"), &mut found);
        assert!(found.len() >= 8, "{found:?}");
        for folder in found {
            let directory = read(&folder);
            assert_eq!(directory.validate(), Ok(()), "{}", folder.display());
            for (at, (name, text)) in directory.files.iter().enumerate() {
                let split = statements(text, Format::Atlas, None).expect("it can be split");
                assert!(split.iter().all(|it| text[it.range.clone()] == it.text), "{name}");
                // Whatever happens to a file, it is the one that is named.
                let mut edited = directory.clone();
                edited.files[at].1.push('\n');
                assert_eq!(told(&edited), (name.clone(), Some(Reason::Edited)));
                let mut removed = directory.clone();
                removed.files.remove(at);
                assert_eq!(told(&removed), (name.clone(), Some(Reason::Removed)));
                let mut added = directory.clone();
                added.files.insert(at, (format!("{}_.sql", &name[..name.len() - 4]), String::new()));
                assert_eq!(told(&added).1, Some(Reason::Added), "{name}");
            }
        }
    }

    #[test]
    fn a_history_starts_at_the_last_checkpoint() {
        let files = [("1.sql", "a;"), ("2.sql", "-- atlas:checkpoint\n\nb;"), ("3.sql", "c;")];
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let directory = Directory::new(Format::Atlas, files, None);
        let names = |to: Option<&str>| match directory.history(to) {
            Ok(files) => files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" "),
            Err(error) => error,
        };
        assert_eq!(names(None), "2.sql 3.sql");
        assert_eq!(names(Some("2")), "2.sql");
        assert_eq!(names(Some("1")), "1.sql");
        assert_eq!(names(Some("3_x")), "migration with version \"3_x\" not found. Did you mean \"3\"?");
        let ignored = vec![("4.sql".to_owned(), "-- atlas:sum ignore\nd;".to_owned())];
        assert_eq!(
            directory.with(&ignored).history(None),
            Err("scanning checksum from \"4.sql\": checksum not found".to_owned())
        );
        assert_eq!(names(Some("4")), "migration with version \"4\" not found");
    }
}
