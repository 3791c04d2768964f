//! A migration directory as a value: its files in the order they run, and what its `atlas.sum` says of them.
//!
//! Invariant: what counts as content is the bytes; a directory without files needs no sum.
//!
//! Source: reference/migrations.md sections 1 and 2.

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
    /// `migration with version "x" not found`, perhaps with a version that was meant.
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
        Ok(self.files.get(start..end).unwrap_or_default())
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
