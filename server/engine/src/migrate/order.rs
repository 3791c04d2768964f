//! What changed in a directory since others may have executed it, apart from new files at its end.
//!
//! Pure: names and hashes in, departures out. Where the older state comes from (a branch, the history of a target) is
//! the caller's business. Invariant: a file that is new and behind all older ones is never a departure.
//!
//! Source: reference lint.md section 12.3, documented/lint-analyzers.md (non-linear changes).

use super::revision::Kind;
use super::{Directory, Migration, Revision, Sum};

/// The state others may have executed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// What it is called in messages: `branch "main"`.
    pub said: String,
    /// Names of its files.
    pub names: Vec<String>,
    /// Those of them with another content now.
    pub edited: Vec<String>,
}

/// A change that is no addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departure {
    /// A new file stands before the older file `before`.
    Added {
        file: String,
        before: String,
    },
    Edited {
        file: String,
    },
    Removed {
        file: String,
    },
}

impl Departure {
    /// The file it is about.
    pub fn file(&self) -> &str {
        match self {
            Departure::Added { file, .. } | Departure::Edited { file } | Departure::Removed { file } => file,
        }
    }
}

/// What departs from `base` in `files`, which are in the order of their directory.
pub fn departures(files: &[Migration], base: &Base) -> Vec<Departure> {
    let is_old = |name: &str| base.names.iter().any(|known| known == name);
    // Neither a checkpoint nor a repeatable file has a place in the history of a target.
    let counts = |file: &Migration| !file.is_checkpoint() && !file.version.is_empty();
    let last = files.iter().rposition(|file| counts(file) && is_old(&file.name));
    let mut found = Vec::new();
    for (at, file) in files.iter().enumerate() {
        if base.edited.contains(&file.name) {
            found.push(Departure::Edited { file: file.name.clone() });
        } else if let Some(last) = last.filter(|last| at < *last && counts(file) && !is_old(&file.name)) {
            let before = files.get(last).map(|file| file.name.clone()).unwrap_or_default();
            found.push(Departure::Added { file: file.name.clone(), before });
        }
    }
    let is_gone = |name: &&String| !files.iter().any(|file| file.name == **name);
    found.extend(base.names.iter().filter(is_gone).map(|name| Departure::Removed { file: name.clone() }));
    found
}

impl Base {
    /// What a target has executed, and the names of the files it has not.
    ///
    /// An edit is told for the first file with another hash only, because hashes depend on all files before; and not
    /// where files were executed out of order, because their hashes were those of another directory.
    pub fn of_target(directory: &Directory, revisions: &[Revision], said: String) -> (Base, Vec<String>) {
        let files = directory.migrations();
        let revision = |file: &Migration| revisions.iter().find(|it| it.version == file.version);
        let first = revisions.first().map(|it| it.version.as_str());
        let is_old = |file: &Migration| {
            revision(file).is_some() || first.is_some_and(|first| file.version.as_str() < first)
        };
        let old: Vec<&(String, String)> =
            directory.files.iter().zip(&files).filter(|(_, file)| is_old(file)).map(|(it, _)| it).collect();
        let sum = Sum::of(old.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
        let in_order = revisions.windows(2).all(|pair| match pair {
            [one, two] => one.executed_at.0 <= two.executed_at.0,
            _ => true,
        });
        let differs = |file: &&Migration| {
            let then = revision(file).map(|it| it.hash.as_str()).unwrap_or_default();
            !then.is_empty() && sum.get(&file.name).is_some_and(|now| now != then)
        };
        let edited = files.iter().find(differs).filter(|_| in_order).map(|file| file.name.clone());
        let is_gone = |it: &&Revision| {
            !it.kind.has(Kind::BASELINE) && !files.iter().any(|file| file.version == it.version)
        };
        let gone = revisions.iter().filter(is_gone).map(|it| match it.description.as_str() {
            "" => format!("{}.sql", it.version),
            _ => it.file(),
        });
        let names = old.iter().map(|(name, _)| name.clone()).chain(gone).collect();
        let new = files.iter().filter(|file| !is_old(file)).map(|file| file.name.clone()).collect();
        (Base { said, names, edited: edited.into_iter().collect() }, new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::{Format, revision::Moment};

    fn directory(names: &[&str]) -> Directory {
        let file = |name: &&str| match name.strip_suffix('*') {
            Some(name) => (format!("{name}.sql"), "-- atlas:checkpoint\n\n".to_owned()),
            None => (format!("{name}.sql"), format!("-- {name}\n")),
        };
        Directory::new(Format::Atlas, names.iter().map(file).collect(), None)
    }

    fn shown(found: &[Departure]) -> String {
        let one = |it: &Departure| match it {
            Departure::Added { file, before } => format!("{file}<{before}"),
            Departure::Edited { file } => format!("~{file}"),
            Departure::Removed { file } => format!("-{file}"),
        };
        found.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn since(names: &[&str], base: &[&str], edited: &[&str]) -> String {
        let list = |names: &[&str]| names.iter().map(|name| format!("{name}.sql")).collect();
        let base = Base { names: list(base), edited: list(edited), ..Base::default() };
        shown(&departures(&directory(names).migrations(), &base))
    }

    #[test]
    fn only_the_end_grows() {
        assert_eq!(since(&["1", "2", "3"], &["1", "2"], &[]), "");
        assert_eq!(since(&["1", "2"], &[], &[]), "");
        assert_eq!(since(&["1", "2", "3", "4"], &["1", "3"], &[]), "2.sql<3.sql");
        assert_eq!(since(&["1", "2*", "3"], &["1", "3"], &[]), "");
        assert_eq!(since(&["1", "3"], &["1", "2", "3"], &["1"]), "~1.sql -2.sql");
    }

    #[test]
    fn a_target_knows_what_it_executed() {
        let then = directory(&["1", "2", "4"]);
        let revision = |(at, file): (usize, &Migration)| Revision {
            version: file.version.clone(),
            hash: then.computed().get(&file.name).unwrap_or_default().to_owned(),
            executed_at: Moment(at as i64),
            ..Revision::default()
        };
        let revisions: Vec<Revision> = then.migrations().iter().enumerate().map(revision).collect();
        let against = |now: &Directory| {
            let (base, new) = Base::of_target(now, &revisions, String::new());
            format!("{} | {}", shown(&departures(&now.migrations(), &base)), new.join(" "))
        };
        assert_eq!(against(&directory(&["1", "2", "4", "5"])), " | 5.sql");
        assert_eq!(against(&directory(&["1", "2", "3", "4"])), "3.sql<4.sql | 3.sql");
        assert_eq!(against(&directory(&["1", "4"])), "~4.sql -2.sql | ");
        let mut edited = then.clone();
        edited.files[1].1.push('x');
        assert_eq!(against(&edited), "~2.sql | ");
    }
}
