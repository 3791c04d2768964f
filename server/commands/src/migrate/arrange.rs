//! `migrate rm`, `edit` and `rebase`: files that go, change, or move behind the others.
//!
//! Source: reference/migrations.md section 18; documented as commands of the registry's edition.

use engine::migrate::{Directory, Migration, conflict, rebase};

use super::{Change, Located, new};
use crate::Error;

/// The file that `name` means: a file name, with or without `.sql`, or a version.
///
/// # Errors
/// `migration "x" not found`; a version that several files have.
pub fn find<'d>(directory: &'d Directory, name: &str) -> Result<&'d (String, String), Error> {
    let exact =
        directory.files.iter().find(|(known, _)| known == name || known.strip_suffix(".sql") == Some(name));
    if let Some(file) = exact {
        return Ok(file);
    }
    let version = |(known, text): &&(String, String)| {
        let version = Migration::of(directory.format, known, text).version;
        version == name || version.strip_suffix(".up") == Some(name)
    };
    let mut found = directory.files.iter().filter(version);
    match (found.next(), found.next()) {
        (Some(file), None) => Ok(file),
        (Some((one, _)), Some((two, _))) => {
            Err(Error::Request(format!("version {name:?} is that of several files: {one:?}, {two:?}")))
        }
        (None, _) => Err(Error::Request(format!("migration {name:?} not found"))),
    }
}

/// The directory without a file, by default its last.
///
/// # Errors
/// As [`find`]; a directory without files.
pub fn remove(located: &Located, name: Option<&str>) -> Result<Change, Error> {
    let directory = &located.directory;
    let (name, _) = match name {
        Some(name) => find(directory, name)?,
        None => directory
            .files
            .last()
            .ok_or_else(|| Error::Request("the migration directory is empty".to_owned()))?,
    };
    let mut removes = vec![name.clone()];
    let companion = directory.format.companion(name);
    removes.extend(companion.filter(|other| located.companions.iter().any(|(known, _)| known == other)));
    let files = directory.files.iter().filter(|(known, _)| known != name).cloned().collect();
    let sum = Directory::new(directory.format, files, None).summed().sum.unwrap_or_default();
    Ok(Change { removes, sum, ..Change::default() })
}

/// The directory with another text in a file.
pub fn edited(directory: &Directory, name: &str, text: String) -> Change {
    Change::adding(directory, vec![(name.to_owned(), text)])
}

/// The directory with the files `names` behind all others; without names, those that only the branch has which is
/// checked out, when `atlas.sum` has a conflict.
///
/// # Errors
/// As [`find`]; no names and no conflict.
pub fn rebase(located: &Located, names: &[String], now: u64) -> Result<Change, Error> {
    let directory = &located.directory;
    let mut moved = Vec::new();
    for name in names {
        moved.push(find(directory, name)?.0.clone());
    }
    if names.is_empty() {
        let Some(conflict) = directory.sum.as_deref().and_then(conflict::parse) else {
            return Err(Error::Request("requires at least 1 arg(s), only received 0".to_owned()));
        };
        let there = |name: &String| directory.files.iter().any(|(known, _)| known == name);
        moved = conflict.ours.files.into_iter().filter(there).collect();
    }
    let rebased = rebase::rebase(directory, &moved, Some(&new::version(now))).map_err(Error::Request)?;
    let mut renames = rebased.renames.clone();
    for (from, to) in &rebased.renames {
        let pair = directory.format.companion(from).zip(directory.format.companion(to));
        renames.extend(pair.filter(|(from, _)| located.companions.iter().any(|(known, _)| known == from)));
    }
    let sum = rebased.directory.sum.unwrap_or_default();
    Ok(Change { renames, sum, ..Change::default() })
}

#[cfg(test)]
mod tests {
    use engine::migrate::Format;

    use super::*;

    fn located(format: Format, names: &[&str], sum: Option<&str>) -> Located {
        let own = |name: &&str| ((*name).to_owned(), "x;".to_owned());
        let files = names.iter().filter(|name| format.lists(name)).map(own).collect();
        Located {
            path: project::Path::new("/p"),
            shown: "p".into(),
            companions: names.iter().filter(|name| !format.lists(name)).map(own).collect(),
            directory: Directory::new(format, files, sum.map(str::to_owned)),
        }
    }

    fn renames(change: &Change) -> String {
        change.renames.iter().map(|(from, to)| format!("{from}>{to}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_file_is_found_by_name_or_version() {
        let located = located(Format::Atlas, &["1_a.sql", "2_b.sql", "2_c.sql"], None);
        let find = |name: &str| match find(&located.directory, name) {
            Ok((name, _)) => name.clone(),
            Err(error) => error.to_string(),
        };
        assert_eq!(find("1"), "1_a.sql");
        assert_eq!(find("2_c"), "2_c.sql");
        assert_eq!(find("2"), "version \"2\" is that of several files: \"2_b.sql\", \"2_c.sql\"");
        assert_eq!(find("3"), "migration \"3\" not found");
    }

    #[test]
    fn a_file_goes_with_what_takes_it_back() {
        let located = located(Format::GolangMigrate, &["1_a.up.sql", "2_b.down.sql", "2_b.up.sql"], None);
        let change = remove(&located, None).expect("there is one");
        assert_eq!(change.removes, ["2_b.up.sql", "2_b.down.sql"]);
        assert!(change.sum.contains("1_a.up.sql h1:") && !change.sum.contains("2_b"));
    }

    #[test]
    fn mine_go_behind_theirs() {
        let names = ["1.sql", "2_mine.sql", "3_theirs.sql"];
        let change = rebase(&located(Format::Atlas, &names, None), &["2".to_owned()], 1_795_251_661_000);
        assert_eq!(change.map(|it| renames(&it)), Ok("2_mine.sql>4_mine.sql".to_owned()));
        let sum = "<<<<<<< HEAD\nh1:a=\n1.sql h1:1=\n2_mine.sql h1:2=\n=======\nh1:b=\n1.sql h1:1=\n3_theirs.sql h1:3=\n>>>>>>> main\n";
        let change = rebase(&located(Format::Atlas, &names, Some(sum)), &[], 1_795_251_661_000);
        assert_eq!(change.map(|it| renames(&it)), Ok("2_mine.sql>4_mine.sql".to_owned()));
        let error = rebase(&located(Format::Atlas, &names, None), &[], 0).expect_err("nothing is named");
        assert_eq!(error.to_string(), "requires at least 1 arg(s), only received 0");
    }
}
