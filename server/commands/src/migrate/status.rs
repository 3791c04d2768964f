//! `migrate status`: what a target has, what it lacks, and how the last attempt ended. Changes nothing.
//!
//! Source: reference/migrations.md section 11, cli.md section 6.9.

use std::fmt::Write as _;

use engine::DatabaseUrl;
use engine::connection::Access;
use engine::migrate::pending::{Options, Refused, last_checkpoint, pending};
use engine::migrate::{Directory, Migration, Revision, statements};

use super::target::{Opened, Target};
use super::text::Look;
use crate::{Error, Workspace};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Args {
    pub target: Target,
    pub directory: Directory,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Status {
    pub url: DatabaseUrl,
    pub driver: &'static str,
    pub bound: Option<String>,
    pub available: Vec<Migration>,
    pub out_of_order: Vec<Migration>,
    pub pending: Vec<Migration>,
    pub applied: Vec<Revision>,
    pub current: String,
    pub next: String,
    /// Of the statements of the last revision, where it is not complete: how many were executed, and how many there are.
    pub partial: Option<(u64, usize)>,
    /// Where the last revision is being taken back: how many of the statements for it were executed, of how many.
    pub reverting: Option<(u64, u64)>,
    pub is_ok: bool,
    pub error: String,
    pub sql: String,
}

const NONE_YET: &str = "No migration applied yet";
const LATEST: &str = "Already at latest version";

/// Looks at the target.
///
/// # Errors
/// As `migrate apply` before it begins, in Atlas's words.
pub async fn status(workspace: &Workspace<'_>, args: &Args) -> Result<Status, Error> {
    let mut opened = match args.target.open(workspace, Access::Preview).await {
        Ok(opened) => opened,
        Err(error) => return Err(error),
    };
    let status = look(args, &mut opened).await;
    // Nothing was changed, so there is nothing to be lost.
    let _ = opened.connection.close().await;
    status
}

async fn look(args: &Args, opened: &mut Opened) -> Result<Status, Error> {
    let revisions = opened.revisions().await?;
    let migrations = args.directory.migrations();
    let mut status = Status {
        url: opened.url.clone(),
        driver: opened.dialect().name,
        bound: opened.scope.bound.as_ref().map(ToString::to_string),
        available: Vec::new(),
        out_of_order: Vec::new(),
        pending: Vec::new(),
        applied: Vec::new(),
        current: NONE_YET.to_owned(),
        next: LATEST.to_owned(),
        partial: None,
        reverting: None,
        is_ok: true,
        error: String::new(),
        sql: String::new(),
    };
    let from_checkpoint =
        || migrations.get(last_checkpoint(&migrations).unwrap_or(0)..).unwrap_or_default().to_vec();
    let Some(revisions) = revisions else {
        status.available = from_checkpoint();
        status.pending = status.available.clone();
        status.next_is_first();
        return Ok(status);
    };
    let dirt = if revisions.is_empty() { opened.dirt().await? } else { None };
    let found = pending(&migrations, &revisions, &Options { dirt, ..Options::default() });
    status.available = if revisions.is_empty() { from_checkpoint() } else { migrations.clone() };
    let of = |files: &[usize]| -> Vec<Migration> {
        files.iter().filter_map(|at| migrations.get(*at).cloned()).collect()
    };
    match found {
        Ok(found) => status.pending = of(&found.files),
        Err(refused) => {
            if let Refused::Reverting { version, done, total } = &refused {
                status.current.clone_from(version);
                status.next = "UNKNOWN".to_owned();
                status.is_ok = false;
                status.error = refused.to_string();
                status.reverting = Some((*done, *total));
                let last = revisions.iter().find(|it| it.is_reverting());
                status.sql = last.map(|it| it.error_stmt.replace('\n', " ")).unwrap_or_default();
                status.pending = migrations
                    .iter()
                    .filter(|file| !file.is_checkpoint() && file.version > *version)
                    .cloned()
                    .collect();
                status.applied = revisions;
                return Ok(status);
            }
            let Refused::OutOfOrder { files, pending, .. } = &refused else {
                return Err(Error::Request(refused.to_string()));
            };
            status.out_of_order = of(files);
            status.pending = of(pending);
            status.current = revisions.last().map(|it| it.version.clone()).unwrap_or_default();
            status.next = "UNKNOWN".to_owned();
            status.is_ok = false;
            status.error = refused.to_string();
            status.applied = revisions;
            return Ok(status);
        }
    }
    if status.pending.len() != status.available.len()
        && let Some(last) = revisions.last()
    {
        status.current.clone_from(&last.version);
    }
    status.next_is_first();
    if let Some(last) = revisions.last().filter(|last| last.is_partial()) {
        let file = migrations.iter().position(|it| it.version == last.version);
        let Some((_, text)) = file.and_then(|at| args.directory.files.get(at)) else {
            return Err(Error::Request(format!("migration file with version {:?} not found", last.version)));
        };
        let found = statements(text, args.directory.format, Some(opened.dialect()));
        let total = found.map_err(|error| {
            Error::Request(format!("sql/migrate: scanning statements from {:?}: {error}", last.file()))
        })?;
        status.partial = Some((last.applied, total.len()));
        let sql = match last.error_stmt.as_str() {
            // It was cut short between two statements.
            "" => total.get(last.applied as usize).map(|it| it.text.clone()).unwrap_or_default(),
            sql => sql.to_owned(),
        };
        status.sql = sql.replace('\n', " ");
        status.error = last.error.replace('\n', " ");
    }
    status.applied = revisions;
    Ok(status)
}

impl Status {
    fn next_is_first(&mut self) {
        if let Some(first) = self.pending.first() {
            self.next.clone_from(&first.version);
            self.is_ok = false;
        }
    }

    /// `OK` or `PENDING`.
    pub fn word(&self) -> &'static str {
        if self.is_ok { "OK" } else { "PENDING" }
    }

    /// How many statements of a partial revision are left; negative where the file has fewer now.
    pub fn left(&self) -> i64 {
        self.partial.map_or(0, |(done, total)| total as i64 - done as i64)
    }

    /// Whether the next file stands for those before it.
    pub fn from_checkpoint(&self) -> bool {
        self.applied.is_empty() && self.pending.first().is_some_and(Migration::is_checkpoint)
    }

    /// The default report.
    pub fn text(&self, look: &dyn Look) -> String {
        let dashes = look.paint("33", "--");
        let (word, code) = if self.is_ok { ("OK", "92") } else { ("PENDING", "33") };
        let mut out = format!("Migration Status: {}\n", look.paint(code, word));
        let note = |count: i64, what: &str| match self.partial {
            Some(_) => format!(" ({} statements {what})", look.paint("33", &count.to_string())),
            None => String::new(),
        };
        let back = self.reverting.map(|(done, total)| {
            format!(
                " (being taken back, {} of {total} statements executed)",
                look.paint("33", &done.to_string())
            )
        });
        let done = self.partial.map_or(0, |(done, _)| done as i64);
        let checkpoint = if self.from_checkpoint() { " (checkpoint)" } else { "" };
        let _ = writeln!(
            out,
            "  {dashes} Current Version: {}{}",
            look.paint("36", &self.current),
            back.unwrap_or_else(|| note(done, "applied"))
        );
        let _ = writeln!(
            out,
            "  {dashes} Next Version:    {}{checkpoint}{}",
            look.paint("36", &self.next),
            note(self.left(), "left")
        );
        let partially = if self.partial.is_some() { " (last one partially)" } else { "" };
        let _ = writeln!(out, "  {dashes} Executed Files:  {}{partially}", self.applied.len());
        let order = match (self.out_of_order.len(), self.pending.len()) {
            (0, _) => String::new(),
            (_, 0) => " (out of order)".to_owned(),
            (count, _) => format!(" ({count} out of order)"),
        };
        let total = self.pending.len() + self.out_of_order.len();
        let _ = writeln!(out, "  {dashes} Pending Files:   {total}{order}");
        if self.reverting.is_some() {
            let last = self.applied.iter().find(|it| it.is_reverting());
            let how = match last.map_or("", |it| it.error.as_str()) {
                error if error.is_empty() || error == engine::migrate::revision::STARTED => {
                    "was cut short".to_owned()
                }
                error => format!("had errors: {}", error.replace('\n', " ")),
            };
            let _ = writeln!(out, "\nTaking it back {how}");
            if !self.sql.is_empty() {
                let _ = writeln!(out, "  {dashes} SQL:   {}", self.sql);
            }
            let _ = writeln!(out, "  {dashes} {} {}", look.paint("91", "ERROR:"), self.error);
        } else if self.partial.is_some() {
            let (how, error) = match self.error.as_str() {
                "" => ("was cut short before this statement:", None),
                error if error == engine::migrate::revision::STARTED => ("was cut short:", Some(error)),
                error => ("had errors:", Some(error)),
            };
            let _ = writeln!(out, "\nLast migration attempt {how}\n  {dashes} SQL:   {}", self.sql);
            if let Some(error) = error {
                let _ = writeln!(out, "  {dashes} {} {error}", look.paint("91", "ERROR:"));
            }
        } else if !self.out_of_order.is_empty() {
            let _ = writeln!(out, "\n  {} {}", look.paint("91", "ERROR:"), self.error);
        }
        out
    }
}
