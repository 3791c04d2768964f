//! `migrate new`: an empty file for the next migration.

use engine::migrate::write::{Heading, files, next_version};
use engine::migrate::{Directory, Format};
use engine::plan::Plan;

use super::Change;

/// The new file, or files, in the directory's format.
///
/// `now` is in milliseconds since 1970. A name that would lead out of the directory is refused.
///
/// # Errors
/// `invalid migration name "a/b"`.
pub fn new(directory: &Directory, name: &str, now: u64) -> Result<Change, crate::Error> {
    check_name(name)?;
    let version = next_version(directory, &version(now));
    let heading = Heading { version, name: name.to_owned(), ..Heading::default() };
    let plan = Plan::default();
    let files = match directory.format {
        // Empty: the marks would be statements' only company.
        Format::Atlas => vec![(engine::migrate::file::file_name(&heading.version, name), String::new())],
        format => files(&plan, &heading, format, None),
    };
    Ok(Change::adding(directory, files))
}

/// Refuses a name that is a path.
///
/// # Errors
/// `invalid migration name "a/b"`.
pub fn check_name(name: &str) -> Result<(), crate::Error> {
    if name.contains(['/', '\\', '\0']) {
        return Err(crate::Error::Request(format!("invalid migration name {name:?}")));
    }
    Ok(())
}

/// The version of a file made at `now`: `20261121093000`, in UTC.
pub fn version(now: u64) -> String {
    crate::facts::rfc3339(now).chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_time_in_utc() {
        assert_eq!(version(1_795_251_661_000), "20261121090101");
    }

    #[test]
    fn every_format_gets_its_files() {
        let names = |format| {
            let directory = Directory { format, ..Directory::default() };
            let change = new(&directory, "add", 1_795_251_661_000).expect("it is a name");
            change.writes.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(Format::Atlas), "20261121090101_add.sql");
        assert_eq!(names(Format::GolangMigrate), "20261121090101_add.up.sql 20261121090101_add.down.sql");
        assert_eq!(names(Format::Flyway), "V20261121090101__add.sql U20261121090101__add.sql");
        assert!(new(&Directory::default(), "../x", 0).is_err());
    }
}
