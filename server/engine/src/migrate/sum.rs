//! `atlas.sum`: a chain of hashes over the files of a migration directory.
//!
//! The hash of a file covers it and all before it, so that a file that was edited, removed or slipped in between is
//! noticed, and two branches that both add files conflict. Invariant: `parse(to_string(sum)) = sum`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::directive;

/// The name of the file in a directory.
pub const FILE: &str = "atlas.sum";

/// The hashes of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Name and hash, without `h1:`, in the order of the directory.
    pub entries: Vec<(String, String)>,
}

/// Why a sum file cannot be taken at its word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SumError {
    /// A line has no hash. Counted from 1.
    Format { line: usize },
    /// The first line is not the hash of the others.
    Total,
}

/// The first place where a sum file and its directory differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// In the sum file, from 1.
    pub line: usize,
    /// How many files the sum file lists.
    pub total: usize,
    /// The offset of the line, as Atlas counts it.
    pub pos: usize,
    pub file: String,
    pub reason: Reason,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Added,
    Edited,
    Removed,
}

impl Reason {
    /// As Atlas prints it.
    pub const fn word(self) -> &'static str {
        match self {
            Reason::Added => "added",
            Reason::Edited => "edited",
            Reason::Removed => "removed",
        }
    }
}

/// The hash of some files of a directory, to go on from with those that follow.
#[derive(Clone, Debug, Default)]
pub struct Chain(Sha256);

impl Chain {
    /// Adds the next file; its hash, without `h1:`, unless it says that its content does not count.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Option<String> {
        self.0.update(name.as_bytes());
        if directive::sum_is_ignored(content) {
            return None;
        }
        self.0.update(content);
        Some(STANDARD.encode(self.0.clone().finalize()))
    }
}

/// `h1:` and a hash in base 64.
const HASH: usize = 3 + 44;

impl Sum {
    /// The hashes of `files`, as name and content in the order of the directory.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Sum {
        let mut chain = Chain::default();
        let hashed = files
            .into_iter()
            .filter_map(|(name, content)| Some((name.to_owned(), chain.add(name, content)?)));
        Sum { entries: hashed.collect() }
    }

    /// The hash over all entries, without `h1:`.
    pub fn total(&self) -> String {
        let mut hash = Sha256::new();
        for (name, entry) in &self.entries {
            hash.update(name.as_bytes());
            hash.update(entry.as_bytes());
        }
        STANDARD.encode(hash.finalize())
    }

    /// The hash of the file called `name`, without `h1:`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries.iter().find(|(known, _)| known == name).map(|(_, hash)| hash.as_str())
    }

    /// Reads a sum file.
    ///
    /// # Errors
    /// A line without a hash; a first line that is not the hash of the others.
    pub fn parse(text: &str) -> Result<Sum, SumError> {
        let mut lines = text.lines().enumerate();
        let first = lines.next().map_or("", |(_, line)| line.trim());
        let total = first.strip_prefix("h1:").unwrap_or(first);
        let mut entries = Vec::new();
        for (at, line) in lines {
            if line.trim().is_empty() {
                continue;
            }
            let Some((name, hash)) = line.split_once("h1:") else {
                return Err(SumError::Format { line: at + 1 });
            };
            entries.push((name.trim().to_owned(), hash.trim().to_owned()));
        }
        let sum = Sum { entries };
        if sum.total() == total { Ok(sum) } else { Err(SumError::Total) }
    }

    /// Compares what a sum file says with the directory as it is.
    ///
    /// # Errors
    /// The first difference.
    pub fn verify(&self, directory: &Sum) -> Result<(), Mismatch> {
        if self.total() == directory.total() {
            return Ok(());
        }
        let total = self.entries.len();
        let mut pos = HASH + 1;
        for (at, (name, hash)) in self.entries.iter().enumerate() {
            let mismatch =
                |file: &str, reason| Mismatch { line: at + 2, total, pos, file: file.to_owned(), reason };
            match directory.entries.get(at) {
                Some((same, other)) if same == name && other == hash => pos += name.len() + 1 + HASH + 1,
                Some((same, _)) if same == name => return Err(mismatch(name, Reason::Edited)),
                other => {
                    let known = directory.entries.iter().any(|(other, _)| other == name);
                    return Err(match other {
                        Some((other, _)) if known => mismatch(other, Reason::Added),
                        _ => mismatch(name, Reason::Removed),
                    });
                }
            }
        }
        let file = directory.entries.get(total).map_or("", |(name, _)| name.as_str());
        Err(Mismatch { line: total + 2, total, pos, file: file.to_owned(), reason: Reason::Added })
    }
}

/// The text of the file.
impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "h1:{}", self.total())?;
        self.entries.iter().try_for_each(|(name, hash)| writeln!(f, "{name} h1:{hash}"))
    }
}

impl fmt::Display for SumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SumError::Format { .. } => f.write_str("checksum file format invalid"),
            SumError::Total => f.write_str("checksum mismatch"),
        }
    }
}

impl std::error::Error for SumError {}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("checksum mismatch")
    }
}

impl std::error::Error for Mismatch {}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> Sum {
        Sum::of(files.iter().map(|(name, text)| (*name, text.as_bytes())))
    }

    #[test]
    fn an_empty_directory_has_the_hash_of_nothing() {
        assert_eq!(Sum::default().to_string(), "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    }

    #[test]
    fn the_chain_counts_the_name_of_an_ignored_file() {
        let sum = of(&[("1.sql", "a"), ("2.sql", "-- atlas:sum ignore\nb"), ("3.sql", "c")]);
        assert_eq!(
            sum.to_string(),
            "h1:qgI6E5mSu7lYfAjV9rAT7UeMkPsMWdrSjaV3ddsWc1Y=\n\
             1.sql h1:4r7KtbGHVGI9qmKy/VtffJHoLC8mjzVSXEAWfOKknwI=\n\
             3.sql h1:4Py2fpeq0CmAWNMOTWM0ClyX5ou12nCPujqtVKoGMmg=\n"
        );
        assert_eq!(Sum::parse(&sum.to_string()), Ok(sum));
    }

    #[test]
    fn what_a_directory_suffered_is_told_at_its_line() {
        let sum = of(&[("1.sql", "a"), ("2.sql", "b")]);
        let tell = |files: &[(&str, &str)]| match sum.verify(&of(files)) {
            Ok(()) => "same".to_owned(),
            Err(it) => format!("{} {} {} {}", it.line, it.pos, it.reason.word(), it.file),
        };
        assert_eq!(tell(&[("1.sql", "a"), ("2.sql", "b")]), "same");
        assert_eq!(tell(&[("1.sql", "x"), ("2.sql", "b")]), "2 48 edited 1.sql");
        assert_eq!(tell(&[("1.sql", "a")]), "3 102 removed 2.sql");
        assert_eq!(tell(&[("1.sql", "a"), ("1_.sql", ""), ("2.sql", "b")]), "3 102 added 1_.sql");
        assert_eq!(tell(&[("1.sql", "a"), ("2.sql", "b"), ("3.sql", "")]), "4 156 added 3.sql");
    }

    #[test]
    fn junk_is_refused() {
        assert_eq!(Sum::parse(""), Err(SumError::Total));
        assert_eq!(Sum::parse("h1:x\n1.sql"), Err(SumError::Format { line: 2 }));
        assert_eq!(Sum::parse("<<<<<<< ours\n"), Err(SumError::Total));
    }
}
