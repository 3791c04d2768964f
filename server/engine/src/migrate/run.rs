//! A run of pending migrations: prepared, shown to an approver, and only then executed.
//!
//! [`prepare`] reads and checks every file before the first is executed. Invariant: [`Approved`] has no other
//! constructor than [`Reviewed::approve`], and [`execute()`] takes nothing else, so nothing is executed that nobody
//! agreed to.
//!
//! Source: atlas `sql/migrate`, `Executor`; reference migrations.md sections 9 and 10.

mod execute;
mod report;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

pub use self::execute::{Around, execute, rehearse};
pub use self::report::{CheckReport, Clock, FileReport, Observer, Report, Silent};

use super::pending::Pending;
use super::resume::{Answer, Interrupted};
use super::revision::{Hooks, Role};
use super::section::outside_transaction;
use super::{Directory, Migration, Revision, statements, txtar};
use crate::connection::Target;
use crate::hook::Hook;
use crate::review::Decision;
use crate::{Dialect, Error};

/// How files are grouped into transactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TxMode {
    /// Each file in one of its own.
    #[default]
    File,
    /// All files in one.
    All,
    /// None at all: each statement for itself.
    None,
}

/// A file that is to be executed.
#[derive(Clone, Debug)]
pub struct File {
    /// Its index in the directory.
    pub index: usize,
    pub name: String,
    pub version: String,
    pub description: String,
    /// Its own in `atlas.sum`, without `h1:`.
    pub hash: String,
    /// As they are sent, with a `;` that ends them.
    pub statements: Vec<String>,
    /// Their hashes, each over it and all before it, with `h1:`.
    pub sums: Vec<String>,
    pub checks: Vec<Check>,
    pub tx: TxMode,
    /// It begins and ends transactions itself.
    pub controls_transaction: bool,
    /// How many statements were executed before.
    pub skipped: usize,
    /// The revision it continues.
    pub revision: Option<Revision>,
}

/// Queries that must return true before a file is executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub name: String,
    /// One of them is enough.
    pub oneof: bool,
    pub statements: Vec<String>,
}

/// What a run would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub files: Vec<File>,
    /// To be recorded first: the version the target counts as being in.
    pub baseline: Option<Revision>,
    /// The last version the target has.
    pub current: Option<String>,
    /// What is executed around the files of each transaction, see [`crate::hook::prepared`].
    pub hooks: Vec<Hook>,
}

/// A run with the target it is meant for, for an approver.
#[derive(Clone, Debug)]
pub struct Reviewed {
    plan: Plan,
    target: Target,
}

/// A run somebody agreed to.
#[derive(Debug)]
pub struct Approved {
    reviewed: Reviewed,
}

/// Someone who can agree to a run: the person who typed the command, an editor that asked.
#[async_trait]
pub trait Approver: Send + Sync {
    /// Whether the run may be executed. It is asked under the lock, about what will be executed.
    async fn approve(&self, run: &Reviewed) -> Decision;

    /// What is to be done about a statement that was cut short, where the database does not tell.
    async fn settle(&self, question: &Interrupted) -> Answer {
        let _ = question;
        Answer::Stop
    }
}

impl TxMode {
    /// Reads the value of `--tx-mode`.
    ///
    /// # Errors
    /// [`Error::Argument`]: `unknown tx-mode "x"`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "file" | "" => Ok(TxMode::File),
            "all" => Ok(TxMode::All),
            "none" => Ok(TxMode::None),
            _ => Err(Error::Argument(format!("unknown tx-mode {text:?}"))),
        }
    }

    /// That of a file in a run of this mode.
    ///
    /// # Errors
    /// A directive that contradicts it, or that nobody knows.
    pub(super) fn of(self, file: &Migration, text: &str, directory: &Directory) -> Result<TxMode, Error> {
        let name = &file.name;
        let wrong = |text: String| Err(Error::Argument(text));
        let modes: Vec<&str> = file.directives.all("txmode").collect();
        let mode = match modes.as_slice() {
            [] if outside_transaction(text, directory.format) => "none",
            [] => return Ok(self),
            [mode] => mode,
            several => {
                let list: Vec<String> = several.iter().map(|mode| format!("{mode:?}")).collect();
                return wrong(format!("multiple txmode values found in file {name:?}: [{}]", list.join(" ")));
            }
        };
        match (mode, self) {
            ("all", _) => wrong(format!(
                "txmode \"all\" is not allowed in file directive {name:?}. Use \"file\" instead"
            )),
            ("none" | "file", TxMode::All) => wrong(format!(
                "cannot set txmode directive to {mode:?} in {name:?} when txmode \"all\" is set globally"
            )),
            ("none", _) => Ok(TxMode::None),
            ("file", _) => Ok(TxMode::File),
            _ => wrong(format!("unknown txmode {mode:?} found in file directive {name:?}")),
        }
    }
}

/// The hashes of statements, each over it and all before it.
pub fn sums<'a>(statements: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut chain = Sha256::new();
    let one = |text: &str| {
        chain.update(text.as_bytes());
        format!("h1:{}", STANDARD.encode(chain.clone().finalize()))
    };
    statements.into_iter().map(one).collect()
}

/// Reads the pending files and checks what can be checked before anything is executed.
///
/// # Errors
/// A file that cannot be cut into statements, directives that contradict each other, a file that was edited behind the
/// statements of it that were executed.
pub fn prepare(
    directory: &Directory,
    pending: &Pending,
    revisions: &[Revision],
    dialect: &'static Dialect,
    mode: TxMode,
) -> Result<Plan, Error> {
    let migrations = directory.migrations();
    let computed = directory.computed();
    let mut plan = Plan { current: revisions.last().map(|it| it.version.clone()), ..Plan::default() };
    if let Some(file) = pending.baseline.and_then(|at| migrations.get(at)) {
        plan.current = Some(file.version.clone());
        plan.baseline = Some(Revision {
            version: file.version.clone(),
            description: file.description.clone(),
            kind: super::revision::Kind::BASELINE,
            ..Revision::default()
        });
    }
    for index in &pending.files {
        let Some((file, (_, text))) = migrations.get(*index).zip(directory.files.get(*index)) else {
            continue;
        };
        let hash = computed.get(&file.name).ok_or_else(|| {
            Error::Invalid(format!("sql/migrate: scanning checksum from {:?}: checksum not found", file.name))
        })?;
        plan.files.push(read(directory, file, *index, text, hash, revisions, dialect, mode)?);
    }
    Ok(plan)
}

#[expect(clippy::too_many_arguments)]
fn read(
    directory: &Directory,
    file: &Migration,
    index: usize,
    text: &str,
    hash: &str,
    revisions: &[Revision],
    dialect: &'static Dialect,
    mode: TxMode,
) -> Result<File, Error> {
    let name = &file.name;
    let scan = |error| Error::Invalid(format!("sql/migrate: scanning statements from {name:?}: {error}"));
    let found = statements(text, directory.format, Some(dialect)).map_err(scan)?;
    let statements: Vec<String> = found.into_iter().map(|it| it.text).collect();
    let mut checks = Vec::new();
    if let Some(archive) = archive(directory, text).map_err(scan)? {
        for check in &archive.checks {
            let found = check.statements(text, Some(dialect)).map_err(scan)?;
            checks.push(Check {
                name: check.name.clone(),
                oneof: check.oneof,
                statements: found.into_iter().map(|it| it.text).collect(),
            });
        }
    }
    let own = statements
        .iter()
        .find(|sql| matches!(dialect.revisions.role(sql), Role::Begins | Role::Ends))
        .cloned();
    let controls_transaction = own.is_some();
    let tx = match (mode.of(file, text, directory)?, own) {
        (TxMode::All, Some(statement)) => {
            return Err(Error::Argument(format!(
                "file {name:?} cannot be executed when txmode \"all\" is set globally: it has a transaction of its own ({statement:?})"
            )));
        }
        // Its own transactions are what it asks for.
        (TxMode::File, Some(_)) => TxMode::None,
        (mode, _) => mode,
    };
    let revision = revisions.iter().find(|it| it.version == file.version).cloned();
    let mut file = File {
        index,
        name: name.clone(),
        version: file.version.clone(),
        description: file.description.clone(),
        hash: hash.to_owned(),
        sums: sums(statements.iter().map(String::as_str)),
        statements,
        checks,
        tx,
        controls_transaction,
        skipped: 0,
        revision: None,
    };
    if let Some(revision) = revision {
        file.skipped = continued(&file, &revision)?;
        file.revision = Some(revision);
    }
    Ok(file)
}

fn archive(directory: &Directory, text: &str) -> Result<Option<super::Txtar>, super::statement::ScanError> {
    if directory.format == super::Format::Atlas { txtar::parse(text) } else { Ok(None) }
}

/// How many statements of `file` were executed, by its revision.
fn continued(file: &File, revision: &Revision) -> Result<usize, Error> {
    let changed = |at: usize| {
        Error::Invalid(format!(
            "sql/migrate: history changed: statement {} from file {:?} changed",
            at + 1,
            file.name
        ))
    };
    let applied = usize::try_from(revision.applied).unwrap_or(usize::MAX);
    for at in 0..applied {
        match (file.sums.get(at), revision.partial_hashes.get(at)) {
            (Some(now), Some(then)) if now == then => {}
            // The last statement that can be compared is the first that cannot.
            _ => return Err(changed(at)),
        }
    }
    Ok(applied)
}

impl File {
    /// The statement that was started and whose end nobody recorded, by its index.
    ///
    /// # Errors
    /// The file was edited there.
    pub fn interrupted(&self) -> Result<Option<usize>, Error> {
        let Some(started) = self.revision.as_ref().and_then(Revision::started) else { return Ok(None) };
        match self.statements.get(self.skipped) {
            Some(statement) if statement == started => Ok(Some(self.skipped)),
            _ => Err(Error::Invalid(format!(
                "sql/migrate: history changed: statement {} from file {:?} was started as {started:?} and is another one now",
                self.skipped + 1,
                self.name
            ))),
        }
    }

    /// Whether the statement at `index` is recorded before it is executed: its end would be unknown otherwise.
    fn is_marked(&self, index: usize, hooks: &dyn Hooks) -> bool {
        let Some(sql) = self.statements.get(index) else { return false };
        match hooks.role(sql) {
            Role::Session => false,
            Role::Atomic => self.controls_transaction,
            _ => true,
        }
    }

    /// Its revision with `applied` statements executed.
    fn revision(&self, applied: usize) -> Revision {
        let done = applied >= self.statements.len();
        Revision {
            version: self.version.clone(),
            description: self.description.clone(),
            applied: applied as u64,
            total: self.statements.len() as u64,
            hash: self.hash.clone(),
            partial_hashes: if done {
                Vec::new()
            } else {
                self.sums[..applied.min(self.sums.len())].to_vec()
            },
            ..Revision::default()
        }
    }
}

impl Plan {
    /// The first `amount` files.
    #[must_use]
    pub fn cut(mut self, amount: usize) -> Plan {
        self.files.truncate(amount);
        self
    }

    /// The last version it leads to.
    pub fn version(&self) -> Option<&str> {
        self.files.last().map(|file| file.version.as_str())
    }

    /// The plan for `target`, for an approver.
    pub fn review(self, target: Target) -> Reviewed {
        Reviewed { plan: self, target }
    }
}

impl Reviewed {
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Asks `approver`.
    ///
    /// # Errors
    /// The reason, if there is one, and the run.
    pub async fn approve(self, approver: &dyn Approver) -> Result<Approved, Box<(Option<String>, Reviewed)>> {
        match approver.approve(&self).await {
            Decision::Approve => Ok(Approved { reviewed: self }),
            Decision::Reject(reason) => Err(Box::new((reason, self))),
        }
    }
}

impl Approved {
    pub fn plan(&self) -> &Plan {
        &self.reviewed.plan
    }

    pub fn target(&self) -> &Target {
        &self.reviewed.target
    }
}
