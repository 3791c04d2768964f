//! What a command makes of a migration directory: files that come, go, or change their names, and the sum after it.
//!
//! Only says it; the front end carries it out, or shows it first. Invariant: the sum is that of the directory afterwards.

use engine::migrate::Directory;
use engine::migrate::sum::FILE;

/// A change of a migration directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Names below the directory, and texts.
    pub writes: Vec<(String, String)>,
    /// Old names and new ones.
    pub renames: Vec<(String, String)>,
    pub removes: Vec<String>,
    /// The text of `atlas.sum` afterwards; written last.
    pub sum: String,
}

impl Change {
    /// New files in `directory`.
    pub fn adding(directory: &Directory, files: Vec<(String, String)>) -> Change {
        let sum = directory.with(&files).sum.unwrap_or_default();
        Change { writes: files, sum, ..Change::default() }
    }

    /// Everything that is written, the sum last.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let writes = self.writes.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        writes.chain(std::iter::once((FILE, self.sum.as_str())))
    }
}
