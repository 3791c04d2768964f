//! Which files of a directory a target has still to execute.
//!
//! Pure: files and revisions in, files out. Invariant: a file older than the first revision is never pending, and a
//! file that was skipped over is either executed, ignored or reported as the order says, never forgotten.
//!
//! Source: atlas `sql/migrate`, `Executor.Pending`; reference migrations.md section 8.

use std::fmt;

use super::{Migration, Revision};

/// What to do about files that were added behind executed ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// They are an error.
    #[default]
    Linear,
    /// They are ignored.
    LinearSkip,
    /// They are executed first.
    NonLinear,
}

/// How a target is seen.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub order: Order,
    /// The version an existing database counts as being in. Empty for none.
    pub baseline: String,
    /// Whether the first migration may meet a database with something in it.
    pub allow_dirty: bool,
    /// Why the target does not count as empty; only asked where it has no revision.
    pub dirt: Option<String>,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Indexes of files, in the order they are to be executed.
    pub files: Vec<usize>,
    /// The file the target counts as having, to be recorded first.
    pub baseline: Option<usize>,
}

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    NotClean {
        reason: String,
    },
    BaselineNotFound(String),
    BaselineAndDirty,
    /// Files, by name, behind executed ones; and the indexes of these and of those that would follow.
    OutOfOrder {
        names: Vec<String>,
        files: Vec<usize>,
        pending: Vec<usize>,
    },
    /// A revision that is not complete, without its file.
    Missing {
        file: String,
    },
    /// A revision that is being taken back.
    Reverting {
        version: String,
        done: u64,
        total: u64,
    },
    /// Two files of one version.
    Duplicate {
        version: String,
        names: [String; 2],
    },
}

impl Order {
    /// Reads the value of `--exec-order`.
    ///
    /// # Errors
    /// `unknown execution order: "x"`.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "linear" | "" => Ok(Order::Linear),
            "linear-skip" => Ok(Order::LinearSkip),
            "non-linear" => Ok(Order::NonLinear),
            _ => Err(format!("unknown execution order: {text:?}")),
        }
    }
}

/// The files a target with `revisions`, in order, has still to execute.
///
/// # Errors
/// See [`Refused`].
pub fn pending(files: &[Migration], revisions: &[Revision], options: &Options) -> Result<Pending, Refused> {
    if !options.baseline.is_empty() && options.allow_dirty {
        return Err(Refused::BaselineAndDirty);
    }
    if let Some(revision) = revisions.iter().find(|it| it.is_reverting()) {
        let Revision { version, applied: done, total, .. } = revision.clone();
        return Err(Refused::Reverting { version, done, total });
    }
    let Some((first, last)) = revisions.first().zip(revisions.last()) else {
        return fresh(files, options).and_then(|pending| distinct(files, pending));
    };
    let later = |from: usize| (from..files.len()).filter(|at| !files[*at].is_checkpoint());
    let partial = last.is_partial();
    if partial {
        let checkpoint = files.iter().position(|it| it.is_checkpoint() && it.version == last.version);
        if let Some(at) = checkpoint {
            let files_left = std::iter::once(at).chain(later(at + 1)).collect();
            return distinct(files, Pending { files: files_left, baseline: None });
        }
    }
    let start = if partial {
        let found = files.iter().position(|it| !it.is_checkpoint() && it.version == last.version);
        found.ok_or_else(|| Refused::Missing { file: last.file() })?
    } else {
        let behind = |it: &Migration| !it.is_checkpoint() && it.version <= last.version;
        files.iter().rposition(behind).map_or(0, |at| at + 1)
    };
    let pending: Vec<usize> = later(start).collect();
    if options.order == Order::LinearSkip {
        return distinct(files, Pending { files: pending, baseline: None });
    }
    let known = |version: &str| revisions.iter().any(|revision| revision.version == version);
    let begin = files.iter().position(|it| it.version >= first.version).unwrap_or(files.len());
    let skipped: Vec<usize> =
        later(begin).take_while(|at| *at < start).filter(|at| !known(&files[*at].version)).collect();
    if skipped.is_empty() {
        return distinct(files, Pending { files: pending, baseline: None });
    }
    match options.order {
        Order::NonLinear => {
            let files_left = skipped.into_iter().chain(pending).collect();
            distinct(files, Pending { files: files_left, baseline: None })
        }
        _ => Err(Refused::OutOfOrder {
            names: skipped.iter().map(|at| files[*at].name.clone()).collect(),
            files: skipped,
            pending,
        }),
    }
}

/// For a target without revisions.
fn fresh(files: &[Migration], options: &Options) -> Result<Pending, Refused> {
    if let Some(reason) = &options.dirt
        && options.baseline.is_empty()
        && !options.allow_dirty
    {
        return Err(Refused::NotClean { reason: reason.clone() });
    }
    if options.baseline.is_empty() {
        let start = last_checkpoint(files).unwrap_or(0);
        return Ok(Pending { files: (start..files.len()).collect(), baseline: None });
    }
    let found = files.iter().rposition(|it| !it.is_checkpoint() && it.version == options.baseline);
    let at = found.ok_or_else(|| Refused::BaselineNotFound(options.baseline.clone()))?;
    let later = (at + 1..files.len()).filter(|at| !files[*at].is_checkpoint()).collect();
    Ok(Pending { files: later, baseline: Some(at) })
}

/// The last file that stands for all before it.
pub fn last_checkpoint(files: &[Migration]) -> Option<usize> {
    files.iter().rposition(Migration::is_checkpoint)
}

/// A version is the key of a revision: the second file of one would count as the first one continued.
fn distinct(files: &[Migration], pending: Pending) -> Result<Pending, Refused> {
    for (at, index) in pending.files.iter().enumerate() {
        let file = &files[*index];
        // Repeatable files have none.
        let same = |other: &&usize| files[**other].version == file.version;
        if let Some(other) = pending.files[..at].iter().find(same).filter(|_| !file.version.is_empty()) {
            return Err(Refused::Duplicate {
                version: file.version.clone(),
                names: [files[*other].name.clone(), file.name.clone()],
            });
        }
    }
    Ok(pending)
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::NotClean { reason } => write!(
                f,
                "sql/migrate: connected database is not clean: {reason}. baseline version or allow-dirty is required"
            ),
            Refused::BaselineNotFound(version) => write!(f, "baseline version {version:?} not found"),
            Refused::BaselineAndDirty => {
                f.write_str("sql/migrate: baseline and allow-dirty are mutually exclusive")
            }
            Refused::OutOfOrder { names, .. } => {
                let was = if names.len() == 1 { "file" } else { "files" };
                let verb = if names.len() == 1 { "was" } else { "were" };
                write!(
                    f,
                    "migration {was} {} {verb} added out of order. See: https://atlasgo.io/versioned/apply#non-linear-error",
                    names.join(", ")
                )
            }
            Refused::Missing { file } => write!(
                f,
                "sql/migrate: missing migration: revision {file:?} is partially applied but migration file was not found"
            ),
            Refused::Reverting { version, done, total } => write!(
                f,
                "version {version:?} is being taken back: {done} of {total} statements were executed. Go on with 'migrate down', or say with 'migrate set' where the database stands"
            ),
            Refused::Duplicate { version, names: [first, second] } => write!(
                f,
                "sql/migrate: duplicate version {version:?}: files {first:?} and {second:?} would share one revision"
            ),
        }
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::revision::Kind;

    /// Files by name, `*` behind a checkpoint.
    fn files(names: &[&str]) -> Vec<Migration> {
        let file = |name: &&str| match name.strip_suffix('*') {
            Some(name) => Migration::new(&format!("{name}.sql"), "-- atlas:checkpoint\n\n"),
            None => Migration::new(&format!("{name}.sql"), ""),
        };
        names.iter().map(file).collect()
    }

    /// Revisions by version: `2` complete, `2:1/3` in part, `1b` baseline, `3r` resolved.
    fn revisions(rows: &[&str]) -> Vec<Revision> {
        let row = |row: &&str| {
            let (version, counts) = row.split_once(':').unwrap_or((row, "1/1"));
            let (applied, total) = counts.split_once('/').unwrap_or(("0", "0"));
            let (version, kind) = match version.strip_suffix(['b', 'r']) {
                Some(rest) if version.ends_with('b') => (rest, Kind::BASELINE),
                Some(rest) => (rest, Kind::EXECUTE.with(Kind::RESOLVED)),
                None => (version, Kind::EXECUTE),
            };
            let applied: u64 = applied.parse().unwrap();
            Revision {
                version: version.to_owned(),
                applied,
                total: total.parse().unwrap(),
                partial_hashes: vec![String::new(); applied as usize],
                kind,
                ..Revision::default()
            }
        };
        rows.iter().map(row).collect()
    }

    fn check(names: &[&str], rows: &[&str], options: Options) -> String {
        let files = files(names);
        match pending(&files, &revisions(rows), &options) {
            Ok(pending) => {
                let baseline = pending.baseline.map(|at| format!("[{}] ", files[at].version));
                let names: Vec<&str> = pending.files.iter().map(|at| files[*at].version.as_str()).collect();
                format!("{}{}", baseline.unwrap_or_default(), names.join(" "))
            }
            Err(refused) => refused.to_string(),
        }
    }

    fn linear(names: &[&str], rows: &[&str]) -> String {
        check(names, rows, Options::default())
    }

    #[test]
    fn a_fresh_target_begins_with_the_last_checkpoint() {
        assert_eq!(linear(&["1", "2"], &[]), "1 2");
        assert_eq!(linear(&[], &[]), "");
        assert_eq!(linear(&["1", "2*", "3", "4*", "5"], &[]), "4 5");
    }

    #[test]
    fn a_dirty_target_needs_a_baseline_or_consent() {
        let dirt = || Some("found table \"t\"".to_owned());
        let not_clean = "sql/migrate: connected database is not clean: found table \"t\". baseline version or allow-dirty is required";
        assert_eq!(check(&["1"], &[], Options { dirt: dirt(), ..Options::default() }), not_clean);
        let allowed = Options { dirt: dirt(), allow_dirty: true, ..Options::default() };
        assert_eq!(check(&["1"], &[], allowed), "1");
        let baseline =
            |version: &str| Options { dirt: dirt(), baseline: version.to_owned(), ..Options::default() };
        assert_eq!(check(&["1", "2", "3*", "4"], &[], baseline("2")), "[2] 4");
        assert_eq!(check(&["1", "3*"], &[], baseline("3")), "baseline version \"3\" not found");
        assert_eq!(check(&["1"], &[], baseline("9")), "baseline version \"9\" not found");
        let both = Options { allow_dirty: true, ..baseline("1") };
        assert_eq!(
            check(&["1"], &["1"], both),
            "sql/migrate: baseline and allow-dirty are mutually exclusive"
        );
    }

    #[test]
    fn what_comes_after_the_last_revision_is_pending_without_checkpoints() {
        assert_eq!(linear(&["1", "2", "3*", "4"], &["1"]), "2 4");
        assert_eq!(linear(&["1", "2"], &["1", "2"]), "");
        // The file of the revision is gone.
        assert_eq!(linear(&["1", "3"], &["1", "2"]), "3");
        assert_eq!(linear(&["2", "3"], &["1"]), "2 3");
        assert_eq!(linear(&[], &["1"]), "");
    }

    #[test]
    fn what_was_begun_is_continued() {
        assert_eq!(linear(&["1", "2", "3"], &["1", "2:1/3"]), "2 3");
        assert_eq!(linear(&["1", "2", "3"], &["1", "2:0/3"]), "2 3");
        assert_eq!(linear(&["1", "2*", "3*", "4"], &["2:1/3"]), "2 4");
        assert_eq!(
            linear(&["1"], &["1", "2:1/3"]),
            "sql/migrate: missing migration: revision \"2_.sql\" is partially applied but migration file was not found"
        );
        // A person said that it is done.
        assert_eq!(linear(&["1", "2", "3"], &["1", "2r:1/3"]), "3");
    }

    #[test]
    fn files_behind_executed_ones_are_told_apart_by_the_order() {
        let names = ["0_y", "1", "2", "30_y", "3_y", "4", "6_x"];
        let rows = ["1", "2", "4"];
        assert_eq!(
            linear(&names, &rows),
            "migration files 30_y.sql, 3_y.sql were added out of order. See: https://atlasgo.io/versioned/apply#non-linear-error"
        );
        assert_eq!(
            linear(&["1", "2", "3"], &["1", "3"]),
            "migration file 2.sql was added out of order. See: https://atlasgo.io/versioned/apply#non-linear-error"
        );
        let order = |order| Options { order, ..Options::default() };
        assert_eq!(check(&names, &rows, order(Order::NonLinear)), "30 3 6");
        assert_eq!(check(&names, &rows, order(Order::LinearSkip)), "6");
    }

    #[test]
    fn what_is_older_than_the_first_revision_is_never_missing() {
        assert_eq!(linear(&["1", "2", "3"], &["2b:0/0"]), "3");
        assert_eq!(linear(&["0", "1", "2"], &["1", "2"]), "");
        assert_eq!(linear(&["1", "2*", "3"], &["2"]), "3");
    }

    #[test]
    fn two_files_of_one_version_are_refused() {
        assert_eq!(
            linear(&["1_a", "1_b"], &[]),
            "sql/migrate: duplicate version \"1\": files \"1_a.sql\" and \"1_b.sql\" would share one revision"
        );
    }
}
