//! Executing an approved run so that the revisions tell the truth wherever it is cut off.
//!
//! Where a statement's effects can be undone, it and the record of it are one transaction. Elsewhere it is recorded as
//! started before it is sent: the next run then looks what became of it. Invariant: no statement is sent whose record
//! says that it was executed, and none counts as executed that was undone.
//!
//! Source: reference migrations.md sections 9 and 10; the order of writes is ours, see docs/decisions.md.

use std::sync::Arc;

use super::report::{CheckReport, Clock, FileReport, Observer, Report};
use super::{Approved, Check, File, Plan, TxMode};
use crate::Error;
use crate::apply::Outcome;
use crate::connection::{Cancel, Connection, DbError, Query};
use crate::hook::{self, Hook, Point};
use crate::migrate::Revision;
use crate::migrate::lasting::Lasting;
use crate::migrate::revision::{Hooks, Moment, Role, STARTED, Store};
use crate::session::{Session, Transaction};

/// What a run works with.
pub struct Around<'a> {
    pub store: Store<'a>,
    /// Who runs it, for the revisions.
    pub operator: &'a str,
    pub observer: &'a dyn Observer,
    pub clock: &'a dyn Clock,
    pub cancel: &'a Cancel,
}

/// Executes `approved` on `connection`, whose lock the caller holds.
pub async fn execute(approved: &Approved, connection: &mut dyn Connection, around: &Around<'_>) -> Report {
    let plan = approved.plan();
    let dialect = connection.dialect();
    let mut run = Run {
        hooks: dialect.revisions,
        session: dialect.session,
        connection,
        around,
        user: plan.hooks.clone(),
        is_framed: false,
        transaction: None,
        lasting: Lasting::default(),
        open: Vec::new(),
        versions: Vec::new(),
        report: Report { start: around.clock.now(), ..Report::default() },
    };
    around.observer.start(plan);
    run.report.error = run.all(plan).await.err();
    let mut report = run.report;
    report.end = around.clock.now();
    report
}

/// What would be reported if every statement of `plan` went through. Sends nothing.
pub fn rehearse(plan: &Plan, observer: &dyn Observer, clock: &dyn Clock) -> Report {
    let mut report = Report { start: clock.now(), ..Report::default() };
    observer.start(plan);
    for (index, file) in plan.files.iter().enumerate() {
        let mut done = begun(file, clock.now());
        if file.skipped == 0 && file.revision.is_none() {
            file.checks.iter().for_each(|check| observer.would_check(file, check));
        }
        observer.file(index, file);
        for at in file.skipped..file.statements.len() {
            observer.statement(file, at);
            done.sent += 1;
        }
        done.end = clock.now();
        observer.end(file, &done);
        report.files.push(done);
    }
    report.end = clock.now();
    report
}

fn begun(file: &File, start: Moment) -> FileReport {
    let outcomes = (0..file.statements.len())
        .map(|at| if at < file.skipped { Outcome::Applied } else { Outcome::NotRun })
        .collect();
    FileReport { start, end: start, skipped: file.skipped, outcomes, ..FileReport::default() }
}

struct Run<'a, 'c> {
    hooks: &'static dyn Hooks,
    session: &'static dyn Session,
    connection: &'c mut dyn Connection,
    around: &'a Around<'a>,
    /// What the user wants executed around the files of a transaction.
    user: Vec<Hook>,
    /// Those statements were begun in the open transaction.
    is_framed: bool,
    transaction: Option<Transaction>,
    lasting: Lasting,
    /// Files and statements whose effects the open transaction still can undo.
    open: Vec<(usize, usize)>,
    /// Of the files that were begun.
    versions: Vec<String>,
    report: Report,
}

/// Why a file did not go through.
struct Failure {
    /// The statement, where it was one.
    at: Option<usize>,
    error: Error,
    /// What the report prints, which is the database's words alone.
    text: String,
}

impl Failure {
    fn of(error: Error) -> Failure {
        Failure { at: None, text: error.to_string(), error }
    }
}

impl Run<'_, '_> {
    async fn all(&mut self, plan: &Plan) -> Result<(), Error> {
        if let Some(baseline) = &plan.baseline {
            let baseline = self.stamped(baseline.clone());
            self.around.store.write(self.connection, &baseline).await?;
        }
        for (index, file) in plan.files.iter().enumerate() {
            if let Err(failure) = self.file(index, file).await {
                return Err(failure.error);
            }
        }
        match self.end().await {
            Ok(()) => Ok(()),
            Err(failure) => {
                self.abandon().await;
                Err(failure.error)
            }
        }
    }

    async fn file(&mut self, index: usize, file: &File) -> Result<(), Failure> {
        self.report.files.push(begun(file, self.around.clock.now()));
        self.versions.push(file.version.clone());
        let mut record =
            Record { last: file.revision.clone().filter(|it| it.is_partial()), begun: Moment::default() };
        let result = self.attempt(index, file, &mut record).await;
        let result = match result {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.failed(index, file, failure, &mut record).await),
        };
        let now = self.around.clock.now();
        let report = &mut self.report.files[index];
        report.end = now;
        self.around.observer.end(file, report);
        result
    }

    async fn attempt(&mut self, index: usize, file: &File, record: &mut Record) -> Result<(), Failure> {
        if self.around.cancel.is_cancelled() {
            return Err(Failure::of(Error::Cancelled));
        }
        record.begun = self.around.clock.now();
        if file.tx != TxMode::None && self.transaction.is_none() {
            self.begin().await.map_err(Failure::of)?;
            self.frame().await.map_err(Failure::of)?;
        }
        // A file that is continued was checked when it was begun, and may have changed what was true then.
        if file.skipped == 0 && file.revision.is_none() {
            for check in &file.checks {
                self.check(index, file, check).await?;
            }
        }
        self.around.observer.file(index, file);
        self.restore_session(file).await?;
        match file.tx {
            TxMode::None => self.plainly(index, file, record).await,
            TxMode::File => {
                self.inside(index, file, record).await?;
                self.end().await
            }
            TxMode::All => self.inside(index, file, record).await,
        }
    }

    /// What earlier statements of the file set in a session that is gone.
    async fn restore_session(&mut self, file: &File) -> Result<(), Failure> {
        for sql in file.statements.iter().take(file.skipped) {
            if self.hooks.role(sql) == Role::Session {
                let done = self.connection.execute(sql).await;
                done.map_err(|error| {
                    let context = format!(
                        "sql/migrate: executing statement {sql:?} from version {:?} again",
                        file.version
                    );
                    Failure::of(Error::Database { context, error })
                })?;
            }
        }
        Ok(())
    }

    /// The statements of a file inside of a transaction.
    async fn inside(&mut self, index: usize, file: &File, record: &mut Record) -> Result<(), Failure> {
        let total = file.statements.len();
        for at in file.skipped..total {
            self.go_on()?;
            self.look(file, at).await?;
            if self.lasts(file, at) {
                self.apart(index, file, at, record).await?;
                continue;
            }
            // What ends the transaction before it and stays is recorded like one outside.
            let stays = self.hooks.keeps_definitions() && file.is_marked(at, self.hooks);
            if stays {
                self.mark(file, at, record).await?;
            }
            self.send(index, file, at).await?;
            if stays {
                self.settle();
                if at + 1 < total || file.tx == TxMode::All {
                    let row = self.row(file, at + 1, record);
                    self.write(row, record).await?;
                    self.commit().await.map_err(Failure::of)?;
                    self.begin().await.map_err(Failure::of)?;
                }
            }
        }
        // Not kept in `record`: it is undone with the transaction.
        let row = self.row(file, total, record);
        self.around.store.write(self.connection, &row).await.map_err(Failure::of)
    }

    /// A statement whose effect stays, between the transaction before it and the next one.
    async fn apart(
        &mut self,
        index: usize,
        file: &File,
        at: usize,
        record: &mut Record,
    ) -> Result<(), Failure> {
        self.mark(file, at, record).await?;
        self.commit().await.map_err(Failure::of)?;
        self.send(index, file, at).await?;
        let row = self.row(file, at + 1, record);
        self.write(row, record).await?;
        self.begin().await.map_err(Failure::of)
    }

    /// Finds out what is to be known of the statement at `at` before it is sent.
    async fn look(&mut self, file: &File, at: usize) -> Result<(), Failure> {
        match file.statements.get(at).map(|sql| self.hooks.role(sql)) {
            Some(Role::Atomic) => {
                self.lasting.look(self.connection).await.map_err(|error| Failure::of(error.into()))
            }
            _ => Ok(()),
        }
    }

    /// Whether the effect of the statement at `at` stays, whatever becomes of the transaction it is in.
    fn lasts(&self, file: &File, at: usize) -> bool {
        let sql = file.statements.get(at);
        sql.is_some_and(|sql| self.hooks.role(sql) == Role::Atomic && self.lasting.holds(sql))
    }

    /// The statements of a file outside of any transaction but their own.
    async fn plainly(&mut self, index: usize, file: &File, record: &mut Record) -> Result<(), Failure> {
        let total = file.statements.len();
        let [begin, commit, rollback] = self.hooks.transaction();
        let mut is_open = false;
        self.look(file, file.skipped).await?;
        let row = self.next(file, file.skipped, record);
        self.write(row, record).await?;
        for at in file.skipped..total {
            if let Err(cancelled) = self.go_on() {
                if !is_open {
                    let row = self.row(file, at, record);
                    self.write(row, record).await?;
                }
                return Err(cancelled);
            }
            let role = self.hooks.role(&file.statements[at]);
            if role == Role::Atomic && !file.controls_transaction && !self.lasts(file, at) {
                self.look(file, at + 1).await?;
                self.connection.execute(begin).await.map_err(|error| Failure::of(error.into()))?;
                let row = self.next(file, at + 1, record);
                let done = match self.send(index, file, at).await {
                    Ok(()) => self.around.store.write(self.connection, &row).await.map_err(Failure::of),
                    Err(failure) => Err(failure),
                };
                let done = match done {
                    Ok(()) => {
                        self.connection.execute(commit).await.map_err(|error| failed_at(file, at, error))
                    }
                    Err(failure) => Err(failure),
                };
                if let Err(failure) = done {
                    let _ = self.connection.execute(rollback).await;
                    return Err(failure);
                }
                record.last = Some(row);
            } else {
                self.send(index, file, at).await?;
                self.look(file, at + 1).await?;
                let row = self.next(file, at + 1, record);
                self.write(row, record).await?;
            }
            match role {
                Role::Begins => is_open = true,
                Role::Ends => is_open = false,
                _ => {}
            }
            if !is_open {
                self.settle();
            }
        }
        if file.controls_transaction && is_open {
            if self.hooks.keeps_definitions() {
                // `SET autocommit = 0` leaves one open, whatever follows.
                self.connection.execute(commit).await.map_err(|error| Failure::of(error.into()))?;
                self.settle();
            } else {
                let text = format!("file {:?} begins a transaction and does not end it", file.name);
                return Err(Failure::of(Error::Invalid(text)));
            }
        }
        Ok(())
    }

    fn go_on(&self) -> Result<(), Failure> {
        if self.around.cancel.is_cancelled() { Err(Failure::of(Error::Cancelled)) } else { Ok(()) }
    }

    /// Executes one statement and notes how it ended.
    async fn send(&mut self, index: usize, file: &File, at: usize) -> Result<(), Failure> {
        self.around.observer.statement(file, at);
        let sql = &file.statements[at];
        let report = &mut self.report.files[index];
        report.sent += 1;
        match self.connection.execute(sql).await {
            Ok(_) => {
                report.outcomes[at] = Outcome::Applied;
                if !self.lasts(file, at) {
                    self.open.push((index, at));
                }
                if self.hooks.role(sql) != Role::Atomic {
                    self.lasting.forget(sql);
                }
                Ok(())
            }
            Err(error) => Err(failed_at(file, at, error)),
        }
    }

    /// Records that the statement at `at` is about to be sent.
    async fn mark(&mut self, file: &File, at: usize, record: &mut Record) -> Result<(), Failure> {
        let row = Revision {
            error: STARTED.to_owned(),
            error_stmt: file.statements[at].clone(),
            ..self.row(file, at, record)
        };
        self.write(row, record).await
    }

    /// The revision with `applied` statements executed, and the next one started where that has to be said before.
    fn next(&self, file: &File, applied: usize, record: &Record) -> Revision {
        let mut row = self.row(file, applied, record);
        if file.is_marked(applied, self.hooks) || self.lasts(file, applied) {
            row.error = STARTED.to_owned();
            row.error_stmt = file.statements[applied].clone();
        }
        row
    }

    fn row(&self, file: &File, applied: usize, record: &Record) -> Revision {
        let now = self.around.clock.now();
        let mut row = self.stamped(file.revision(applied));
        row.executed_at = record.begun;
        row.execution_time = now.0.saturating_sub(record.begun.0);
        if let Some(before) = &file.revision {
            row.kind = before.kind;
        }
        row
    }

    fn stamped(&self, revision: Revision) -> Revision {
        Revision {
            executed_at: self.around.clock.now(),
            operator_version: self.around.operator.to_owned(),
            ..revision
        }
    }

    async fn write(&mut self, row: Revision, record: &mut Record) -> Result<(), Failure> {
        self.around.store.write(self.connection, &row).await.map_err(Failure::of)?;
        record.last = Some(row);
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), Error> {
        self.transaction = Some(self.session.begin(self.connection).await?);
        Ok(())
    }

    /// What the user wants executed in a transaction that was just begun.
    async fn frame(&mut self) -> Result<(), Error> {
        if self.user.is_empty() {
            return Ok(());
        }
        self.is_framed = true;
        let notes = &mut self.report.notes;
        hook::secure(&self.user, self.connection).await?;
        hook::run(&self.user, Point::AfterBegin, self.connection, notes).await?;
        if hook::may_commit(&self.user, Point::AfterBegin, self.hooks) {
            self.commit().await?;
            self.begin().await?;
        }
        hook::secure(&self.user, self.connection).await
    }

    /// Commits the transaction of a file, or of all of them, behind what the user wants executed in it.
    async fn end(&mut self) -> Result<(), Failure> {
        if self.transaction.is_none() {
            return Ok(());
        }
        let notes = &mut self.report.notes;
        hook::run(&self.user, Point::BeforeCommit, self.connection, notes).await.map_err(Failure::of)?;
        self.is_framed = false;
        self.commit().await.map_err(Failure::of)
    }

    async fn commit(&mut self) -> Result<(), Error> {
        let Some(transaction) = self.transaction.take() else { return Ok(()) };
        let done = self.session.commit(self.connection, transaction).await;
        match done {
            Ok(()) => self.settle(),
            Err(_) => self.undone(),
        }
        done
    }

    /// What was executed up to here stays.
    fn settle(&mut self) {
        self.open.clear();
    }

    /// What was executed since the last commit is undone.
    fn undone(&mut self) {
        for (file, at) in std::mem::take(&mut self.open) {
            if let Some(outcome) = self.report.files.get_mut(file).and_then(|it| it.outcomes.get_mut(at)) {
                *outcome = Outcome::RolledBack;
            }
        }
    }

    /// Looks which records, and so which statements, were not undone: a transaction may have ended on its own.
    async fn ask_records(&mut self) -> Option<Vec<Revision>> {
        let rows = self.around.store.read(self.connection).await.ok()?;
        let versions = &self.versions;
        self.open.retain(|(of, at)| {
            let row = rows.iter().find(|row| Some(&row.version) == versions.get(*of));
            row.is_none_or(|row| *at >= row.applied as usize)
        });
        Some(rows)
    }

    /// Undoes the open transaction as far as it can be undone; the records, where they had to be looked at.
    async fn abandon(&mut self) -> Option<Vec<Revision>> {
        let transaction = self.transaction.take()?;
        if std::mem::take(&mut self.is_framed) {
            hook::before_rollback(&self.user, self.connection, &mut self.report.notes).await;
        }
        // A rollback that fails leaves a transaction nobody will commit: closing the connection undoes it.
        let _ = self.session.rollback(self.connection, transaction).await;
        let rows = if self.hooks.keeps_definitions() { self.ask_records().await } else { None };
        self.undone();
        rows
    }

    /// Undoes what can be undone and records what cannot.
    async fn failed(&mut self, index: usize, file: &File, failure: Failure, record: &mut Record) -> Failure {
        let Failure { at, mut error, text } = failure;
        let mut rows = None;
        if self.transaction.is_some() {
            rows = self.abandon().await;
        } else if file.controls_transaction {
            let [_, _, rollback] = self.hooks.transaction();
            let _ = self.connection.execute(rollback).await;
            rows = self.ask_records().await;
            self.undone();
        }
        if let Some(rows) = rows {
            record.last = rows.into_iter().find(|row| row.version == file.version && row.is_partial());
        }
        let report = &mut self.report.files[index];
        let statement = at.and_then(|at| file.statements.get(at)).cloned().unwrap_or_default();
        if let Some(outcome) = at.and_then(|at| report.outcomes.get_mut(at)) {
            *outcome = Outcome::Failed(text.clone());
        }
        report.error = Some((statement.clone(), text.clone()));
        // Where nothing of the file stays, there is nothing to record.
        if at.is_some()
            && let Some(last) = record.last.take()
        {
            let row = Revision {
                error: text.clone(),
                error_stmt: statement,
                ..self.row(file, last.applied as usize, record)
            };
            if let Err(second) = self.around.store.write(self.connection, &row).await {
                error = Error::Invalid(format!("{error}\n{second}"));
            }
        }
        Failure { at, error, text }
    }

    /// Executes the queries of one check.
    async fn check(&mut self, index: usize, file: &File, check: &Check) -> Result<(), Failure> {
        let start = self.around.clock.now();
        let mut report =
            CheckReport { name: check.name.clone(), start, end: start, ..CheckReport::default() };
        let mut failure = None;
        for sql in &check.statements {
            self.go_on()?;
            let sent: Arc<str> = sql.trim_end().trim_end_matches(';').into();
            match self.connection.query(&Query::new("checks", sent.to_string())).await {
                Ok(rows) => report.statements.push((sql.clone(), falsehood(&rows, self.hooks))),
                Err(error) => {
                    report.statements.push((sql.clone(), Some(format!("an error: {error}"))));
                    let text = format!("executing check assertion {sql:?}: {error}");
                    failure = Some((text, error));
                    break;
                }
            }
        }
        let total = check.statements.len();
        let wrong: Vec<_> =
            report.statements.iter().filter_map(|(sql, returned)| Some((sql, returned.as_ref()?))).collect();
        let passed = match check.oneof {
            true => total == 0 || wrong.len() < total,
            false => wrong.is_empty(),
        };
        if failure.is_none() && !passed {
            let each: Vec<String> = wrong
                .iter()
                .map(|(sql, returned)| format!("check assertion {sql:?} returned {returned}"))
                .collect();
            let text = format!("{} of {total} assertions failed: {}", wrong.len(), each.join("; "));
            report.error = Some(text);
        }
        if let Some((text, _)) = &failure {
            report.error = Some(text.clone());
        }
        report.end = self.around.clock.now();
        self.around.observer.checked(file, &report);
        let error = report.error.clone();
        self.report.files[index].checks.push(report);
        match error {
            Some(text) => Err(Failure { at: None, error: Error::Invalid(text.clone()), text }),
            None => Ok(()),
        }
    }
}

/// What is known to be in the table for the file, when the transaction that is open is undone.
struct Record {
    last: Option<Revision>,
    begun: Moment,
}

fn failed_at(file: &File, at: usize, error: DbError) -> Failure {
    let sql = file.statements.get(at).map_or("", String::as_str);
    let context = format!("sql/migrate: executing statement {sql:?} from version {:?}", file.version);
    let text = error.message.clone();
    Failure { at: Some(at), error: Error::Database { context, error }, text }
}

/// What a check returned, when it is not true.
fn falsehood(rows: &crate::connection::Rows, hooks: &dyn Hooks) -> Option<String> {
    let Some(value) = rows.rows.first().and_then(|row| row.first()) else { return Some("no row".to_owned()) };
    match hooks.truth(value) {
        Some(true) => None,
        Some(false) if *value == crate::connection::Value::Null => Some("NULL".to_owned()),
        Some(false) => Some("false".to_owned()),
        None => Some(format!("{:?}, which is no truth value", value.text().unwrap_or("binary data"))),
    }
}
