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
        self.files.iter().map(|(name, text)| Migration::new(name, text)).collect()
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
