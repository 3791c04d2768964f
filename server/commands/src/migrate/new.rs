//! `migrate new`: an empty file for the next migration.

use engine::migrate::file::file_name;
use engine::migrate::{Directory, Sum};

/// What is to be written: names below the directory, and texts.
pub type Writes = Vec<(String, String)>;

/// The new file and the sum with it.
///
/// `now` is in milliseconds since 1970.
pub fn new(directory: &Directory, name: &str, now: u64) -> Writes {
    let file = file_name(&version(now), name);
    let mut files: Vec<(&str, &[u8])> =
        directory.files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    files.push((&file, b""));
    files.sort_unstable();
    let sum = Sum::of(files).to_string();
    vec![(file, String::new()), (engine::migrate::sum::FILE.to_owned(), sum)]
}

/// The version of a file made at `now`: `20261121093000`, in UTC.
pub fn version(now: u64) -> String {
    crate::facts::rfc3339(now).chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_version_is_the_time_in_utc() {
        assert_eq!(super::version(1_795_251_661_000), "20261121090101");
    }
}
