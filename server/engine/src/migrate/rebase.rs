//! Putting files of a directory behind all others: new versions, new names, a new sum.
//!
//! Only names change; what is in the files stays as it is. Invariant: the files that move keep their order among
//! themselves, and come after every file that does not.

use super::{Directory, Format};

/// A directory in which some files moved to the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebased {
    /// Old name and new name, in order.
    pub renames: Vec<(String, String)>,
    /// The directory afterwards, with its sum.
    pub directory: Directory,
}

/// Moves the files called `names` behind all others.
///
/// `first` is the version of the first, when it comes after the last that stays; else it is the next after that one.
/// Files that are last already keep their names.
///
/// # Errors
/// A name that is no file; a format whose files have no versions of this kind.
pub fn rebase(directory: &Directory, names: &[String], first: Option<&str>) -> Result<Rebased, String> {
    if let Some(missing) = names.iter().find(|name| !directory.files.iter().any(|(known, _)| known == *name))
    {
        return Err(format!("there is no migration file {missing:?}"));
    }
    if directory.format == Format::Flyway {
        return Err(
            "files of flyway are not in the order of their names, so they cannot be moved by name".into()
        );
    }
    let moves = |name: &str| names.iter().any(|known| known == name);
    let last = directory.files.iter().map(|(name, _)| name.as_str()).rfind(|name| !moves(name));
    let mut before = last.map(|name| version_of(name).to_owned());
    let mut first = first;
    let mut renames = Vec::new();
    let mut files = Vec::new();
    for (name, text) in &directory.files {
        if !moves(name) {
            files.push((name.clone(), text.clone()));
            continue;
        }
        let own = version_of(name);
        let fits = |version: &str| before.as_deref().is_none_or(|before| follows(before, version));
        let version = match first.take().filter(|version| fits(version)) {
            _ if fits(own) && renames.is_empty() => own.to_owned(),
            Some(version) => version.to_owned(),
            None => before.as_deref().map_or_else(|| own.to_owned(), version_after),
        };
        let moved = format!("{version}{}", &name[own.len()..]);
        if moved != *name {
            renames.push((name.clone(), moved.clone()));
        }
        before = Some(version);
        files.push((moved, text.clone()));
    }
    let mut directory = Directory::new(directory.format, files, None);
    directory.sum = Some(directory.computed().to_string());
    Ok(Rebased { renames, directory })
}

/// Whether a file of version `next` comes after one of version `before`, whatever their descriptions are.
fn follows(before: &str, next: &str) -> bool {
    format!("{next}.sql") > format!("{before}_\u{7f}")
}

/// The version in a file's name.
pub fn version_of(name: &str) -> &str {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.split_once('_').map_or(stem, |(version, _)| version)
}

/// A version that comes after `version`: a second later if it is a time, else the next number.
pub fn version_after(version: &str) -> String {
    if let Some(later) = second_after(version) {
        return later;
    }
    let digits = version.len() - version.trim_end_matches(|ch: char| ch.is_ascii_digit()).len();
    let (head, number) = version.split_at(version.len() - digits);
    let mut next: Vec<u8> = number.bytes().collect();
    for digit in next.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return format!("{head}{}", String::from_utf8_lossy(&next));
        }
        *digit = b'0';
    }
    // `99` has no successor of its length, and `100` sorts before it. A letter comes after the `_` of a description.
    format!("{version}a")
}

/// `20060102150405`, one second later.
fn second_after(version: &str) -> Option<String> {
    if version.len() != 14 || !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| version.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
    let (mut year, mut month, mut day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (mut hour, mut minute, mut second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let is_time = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    if !is_time || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    second += 1;
    if second == 60 {
        second = 0;
        minute += 1;
    }
    if minute == 60 {
        minute = 0;
        hour += 1;
    }
    if hour == 24 {
        hour = 0;
        day += 1;
    }
    if day > days(year, month) {
        day = 1;
        month += 1;
    }
    if month > 12 {
        month = 1;
        year += 1;
    }
    Some(format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}"))
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(files: &[&str], names: &[&str], first: Option<&str>) -> String {
        let files = files.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
        let directory = Directory::new(Format::Atlas, files, None);
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        match rebase(&directory, &names, first) {
            Ok(done) => {
                assert_eq!(done.directory.validate(), Ok(()));
                let order: Vec<&str> = done.directory.files.iter().map(|(_, text)| text.as_str()).collect();
                let names: Vec<&str> = done.directory.files.iter().map(|(name, _)| name.as_str()).collect();
                assert!(order.len() == names.len());
                names.join(" ")
            }
            Err(reason) => reason,
        }
    }

    #[test]
    fn what_moves_comes_last_in_its_order() {
        let files = [
            "20240101000000_a.sql",
            "20240102000000_mine.sql",
            "20240103000000_more.sql",
            "20240104235959_theirs.sql",
        ];
        let mine = ["20240102000000_mine.sql", "20240103000000_more.sql"];
        assert_eq!(
            moved(&files, &mine, None),
            "20240101000000_a.sql 20240104235959_theirs.sql 20240105000000_mine.sql 20240105000001_more.sql"
        );
        assert_eq!(
            moved(&files, &mine, Some("20260101000000")),
            "20240101000000_a.sql 20240104235959_theirs.sql 20260101000000_mine.sql 20260101000001_more.sql"
        );
        assert_eq!(
            moved(&files, &mine, Some("20200101000000")),
            "20240101000000_a.sql 20240104235959_theirs.sql 20240105000000_mine.sql 20240105000001_more.sql"
        );
    }

    #[test]
    fn what_is_last_stays() {
        assert_eq!(moved(&["1_a.sql", "2_b.sql"], &["2_b.sql"], None), "1_a.sql 2_b.sql");
        assert_eq!(moved(&["1_a.sql", "1_b.sql"], &["1_b.sql"], None), "1_a.sql 2_b.sql");
        assert_eq!(moved(&["1_a.sql"], &["2.sql"], None), "there is no migration file \"2.sql\"");
    }

    #[test]
    fn a_version_has_a_next_one() {
        for (version, next) in [
            ("20241231235959", "20250101000000"),
            ("20240228235959", "20240229000000"),
            ("20230228235959", "20230301000000"),
            ("20249931235959", "20249931235960"),
            ("1", "2"),
            ("009", "010"),
            ("99", "99a"),
            ("v3", "v4"),
            ("init", "inita"),
        ] {
            assert_eq!(version_after(version), next);
            assert!(format!("{version}_x.sql") < format!("{next}_a.sql"), "{version}");
        }
    }
}
