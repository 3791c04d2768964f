//! What became of a statement that was started and whose end nobody recorded.
//!
//! The database is compared with the states the files give before and after the statement, as far as these differ.
//! Pure but for the inspection. Invariant: whatever does not clearly say one of the two is a question, never a guess.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use schema::{Change, Realm, Schema};
use text::{FileId, Text};

use super::lasting::Lasting;
use super::revision::Role;
use super::run::File;
use super::{Directory, Format, Revision, sql_of, statements};
use crate::connection::{Capabilities, Connection};
use crate::diff::{Cache, Policy, Side, between, describe, renamed};
use crate::inspect::inspect_all;
use crate::{Dialect, Error, Scope, normalize, replay};

/// What is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It counts as executed.
    Applied,
    /// It is executed again.
    Again,
    /// Nothing is done.
    Stop,
}

/// A statement of which the database does not tell whether it was executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interrupted {
    pub version: String,
    pub file: String,
    /// Counted from 1.
    pub number: usize,
    pub statement: String,
    /// Why it cannot be told: what the statement touches, compared with the states before and after it.
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub reason: &'static str,
}

impl Answer {
    /// Reads the value of `--interrupted`.
    ///
    /// # Errors
    /// A word that is none.
    pub fn parse(text: &str) -> Result<Option<Answer>, String> {
        match text {
            "" => Ok(None),
            "applied" => Ok(Some(Answer::Applied)),
            "again" => Ok(Some(Answer::Again)),
            "stop" => Ok(Some(Answer::Stop)),
            _ => Err(format!("unknown answer {text:?}, expected \"applied\", \"again\" or \"stop\"")),
        }
    }
}

impl Interrupted {
    /// Both states, for the one who is asked.
    pub fn describe(&self) -> String {
        let mut out = format!(
            "statement {} of file {:?} was started by a run that ended without a word, and {}:\n  {}\n",
            self.number,
            self.file,
            self.reason,
            self.statement.replace('\n', "\n  ")
        );
        for (when, changes) in [("before", &self.before), ("after", &self.after)] {
            if !changes.is_empty() {
                let _ = writeln!(out, "compared with the state {when} the statement, the database needs:");
                for change in changes {
                    let _ = writeln!(out, "  {change}");
                }
            }
        }
        out
    }
}

/// Says whether the statement at `at` of `file` was executed; `Err` inside is a question.
///
/// # Errors
/// The database's.
pub async fn look(
    connection: &mut dyn Connection,
    scope: &Scope,
    directory: &Directory,
    revisions: &[Revision],
    file: &File,
    at: usize,
) -> Result<Result<bool, Box<Interrupted>>, Error> {
    let dialect = connection.dialect();
    let started = Started {
        version: &file.version,
        file: &format!("file {}", file.name),
        statements: &file.statements,
        at,
    };
    let texts = || {
        let (_, text) = directory.files.get(file.index)?;
        let found = statements(text, directory.format, Some(dialect)).ok()?;
        let range = found.get(at)?.range.clone();
        let part = |end: usize| (directory.format, text.get(..end).unwrap_or_default().to_owned());
        Some([part(range.start), part(range.end)])
    };
    let place = Place { directory, revisions, without: Some(file.index) };
    judge(connection, scope, &started, &place, texts).await
}

/// The same of the statement at `at` of those that take `version` back.
///
/// # Errors
/// The database's.
pub async fn look_back(
    connection: &mut dyn Connection,
    scope: &Scope,
    directory: &Directory,
    revisions: &[Revision],
    version: &str,
    back: &[String],
    at: usize,
) -> Result<Result<bool, Box<Interrupted>>, Error> {
    let file = format!("those that take version {version} back");
    let started = Started { version, file: &file, statements: back, at };
    let part = |end: usize| {
        let texts = back.iter().take(end).map(|sql| format!("{sql};\n"));
        (Format::Flyway, texts.collect::<String>())
    };
    let texts = || Some([part(at), part(at + 1)]);
    let place = Place { directory, revisions, without: None };
    judge(connection, scope, &started, &place, texts).await
}

/// A statement that was started.
struct Started<'a> {
    version: &'a str,
    file: &'a str,
    statements: &'a [String],
    at: usize,
}

/// Where it stands in history.
struct Place<'a> {
    directory: &'a Directory,
    revisions: &'a [Revision],
    /// The file it is in, which is not part of what was before it.
    without: Option<usize>,
}

async fn judge(
    connection: &mut dyn Connection,
    scope: &Scope,
    started: &Started<'_>,
    place: &Place<'_>,
    texts: impl FnOnce() -> Option<[(Format, String); 2]>,
) -> Result<Result<bool, Box<Interrupted>>, Error> {
    let dialect = connection.dialect();
    let statement = started.statements.get(started.at).cloned().unwrap_or_default();
    let question = |reason, before, after| {
        Ok(Err(Box::new(Interrupted {
            version: started.version.to_owned(),
            file: started.file.to_owned(),
            number: started.at + 1,
            statement: statement.clone(),
            before,
            after,
            reason,
        })))
    };
    match dialect.revisions.role(&statement) {
        Role::Begins => {
            // What it began is gone with its session, but for what no rollback undoes.
            let mut lasting = Lasting::default();
            lasting.look(connection).await?;
            let inside = started.statements.iter().skip(started.at + 1);
            let mut inside = inside.take_while(|sql| dialect.revisions.role(sql) != Role::Ends);
            return match inside.any(|sql| lasting.holds(sql)) {
                true => question(
                    "the transaction it began changes a table that keeps its changes without one",
                    Vec::new(),
                    Vec::new(),
                ),
                false => Ok(Ok(false)),
            };
        }
        // The session it belonged to is gone.
        Role::Session => return Ok(Ok(false)),
        // Its record is there because it was committed.
        Role::Ends => return Ok(Ok(true)),
        _ => {}
    }
    let server = connection.capabilities().clone();
    let states = match texts() {
        Some(texts) => states(place, texts, dialect, &server)?,
        None => None,
    };
    let Some([before, after]) = states else {
        return question("its effect cannot be seen in the schema", Vec::new(), Vec::new());
    };
    let now = Arc::new(inspect_all(connection, scope).await?);
    let bound = scope.bound.as_deref();
    let (before, after) = (named(&before, scope, dialect), named(&after, scope, dialect));
    let compare = |from: &Realm, to: &Realm| {
        let side = |realm| Side { realm, bound, hcl: false };
        let policy = Policy { server: Some(Arc::new(server.clone())), ..Policy::default() };
        between(side(from), side(to), dialect, &policy, &mut Cache::default())
    };
    let touched: BTreeSet<String> = compare(&before, &after)?.iter().flat_map(subjects).collect();
    if touched.is_empty() {
        return question("its effect cannot be seen in the schema", Vec::new(), Vec::new());
    }
    let of_ours = |changes: Vec<Change>| -> Vec<String> {
        let ours = changes.iter().filter(|it| subjects(it).iter().any(|name| touched.contains(name)));
        ours.map(describe).collect()
    };
    let to_before = of_ours(compare(&now, &before)?);
    let to_after = of_ours(compare(&now, &after)?);
    if let Some(query) = dialect.revisions.unfinished() {
        let rows = connection.query(&query).await?.rows;
        let named = |name: &str| statement.contains(name);
        if rows.iter().any(|row| row.first().and_then(|name| name.text()).is_some_and(named)) {
            return question("the database holds an unfinished object of it", to_before, to_after);
        }
    }
    match (to_before.is_empty(), to_after.is_empty()) {
        (false, true) => Ok(Ok(true)),
        (true, false) => Ok(Ok(false)),
        _ => question(
            "the database is neither in the state before it nor in the one after it",
            to_before,
            to_after,
        ),
    }
}

/// `realm` with its only schema called as the connection is bound.
pub fn named(realm: &Arc<Realm>, scope: &Scope, dialect: &Dialect) -> Realm {
    match (&scope.bound, realm.schemas.as_slice()) {
        (Some(bound), []) => Realm { schemas: vec![Schema::new(bound.clone())], ..Realm::clone(realm) },
        (Some(bound), [only]) if only.name != *bound => renamed(realm, bound, dialect),
        _ => Realm::clone(realm),
    }
}

/// The states that two texts lead to behind what was executed before, in the server's form; `None` where replay cannot
/// say.
fn states(
    place: &Place<'_>,
    texts: [(Format, String); 2],
    dialect: &'static Dialect,
    server: &Capabilities,
) -> Result<Option<[Arc<Realm>; 2]>, Error> {
    let Place { directory, revisions, without } = place;
    let migrations = directory.migrations();
    let first = revisions.first().map(|it| it.version.as_str()).unwrap_or_default();
    let ran = |version: &str| version < first || revisions.iter().any(|it| it.version == version);
    // A history that began with a checkpoint has nothing before it.
    let start = migrations.iter().position(|it| it.is_checkpoint() && it.version == first).unwrap_or(0);
    let mut earlier = Vec::new();
    for (index, migration) in migrations.iter().enumerate() {
        let counts = index == start || !migration.is_checkpoint();
        if index >= start && Some(index) != *without && counts && ran(&migration.version) {
            earlier.push(index);
        }
    }
    let mut cache = replay::Cache::default();
    let mut normal = normalize::Cache::default();
    let mut opaque = [0; 2];
    let mut realms = Vec::with_capacity(2);
    for (turn, (format, last)) in texts.iter().enumerate() {
        let mut files = Vec::with_capacity(earlier.len() + 1);
        let mut add = |index: usize, text: &str, format: Format| {
            let parsed = sql_of(&Text::new(text), format, dialect.grammar, None);
            files.push((FileId(index as u32), parsed));
        };
        for index in &earlier {
            if let Some((_, text)) = directory.files.get(*index) {
                add(*index, text, directory.format);
            }
        }
        add(without.unwrap_or(migrations.len()), last, *format);
        let state = replay::replay(&files, dialect, &mut cache);
        opaque[turn] = state.coverage.total().opaque;
        let realm = normalize::normalize(&state.realm, dialect, server, &mut normal)?.realm;
        realms.push(realm);
    }
    // What the statement itself does must have been understood.
    if opaque[0] != opaque[1] {
        return Ok(None);
    }
    Ok(<[Arc<Realm>; 2]>::try_from(realms).ok())
}

/// What a change is about, by kind and name.
pub fn subjects(change: &Change) -> Vec<String> {
    let name = |kind: &str, schema: &str, name: &str| format!("{kind} {schema}.{name}");
    let table = |it: &schema::Table| name("table", &it.schema, &it.name);
    let view = |it: &schema::View| name("view", &it.schema, &it.name);
    let trigger = |it: &schema::Trigger| name("trigger", &it.schema, &it.name);
    let routine = |it: &schema::Routine| name("routine", &it.schema, &it.name);
    let object = |it: &schema::Object| name(it.kind, &it.schema, &it.name);
    let schema = |it: &schema::Schema| name("schema", &it.name, "");
    match change {
        Change::AddSchema(it) | Change::DropSchema(it) => vec![schema(it)],
        Change::RenameSchema { from, to } | Change::ModifySchema { from, to } => {
            vec![schema(from), schema(to)]
        }
        Change::AddTable(it) | Change::DropTable(it) => vec![table(it)],
        Change::RenameTable { from, to } | Change::ModifyTable { from, to, .. } => {
            vec![table(from), table(to)]
        }
        Change::AddView(it) | Change::DropView(it) => vec![view(it)],
        Change::RenameView { from, to } | Change::ModifyView { from, to } => vec![view(from), view(to)],
        Change::AddTrigger(it) | Change::DropTrigger(it) => vec![trigger(it)],
        Change::RenameTrigger { from, to } | Change::ModifyTrigger { from, to } => {
            vec![trigger(from), trigger(to)]
        }
        Change::AddRoutine(it) | Change::DropRoutine(it) => vec![routine(it)],
        Change::RenameRoutine { from, to } | Change::ModifyRoutine { from, to } => {
            vec![routine(from), routine(to)]
        }
        Change::AddObject(it) | Change::DropObject(it) => vec![object(it)],
        Change::RenameObject { from, to } | Change::ModifyObject { from, to } => {
            vec![object(from), object(to)]
        }
    }
}
