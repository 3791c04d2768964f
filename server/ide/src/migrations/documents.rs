//! Texts about a migration file: the schema at its version, what it changes, what running it may do.

use std::fmt::Write as _;

use engine::plan::{self, Options};
use project::Snapshot;
use schema::Realm;
use text::FileId;

/// A text with the language an editor shows it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationText {
    pub title: String,
    pub language: &'static str,
    pub text: String,
}

/// The schema after the migration `file`, as SQL or as HCL.
///
/// # Errors
/// In words: it is no migration, or not understood.
pub fn schema_at(snapshot: &Snapshot, file: FileId, hcl: bool) -> Result<MigrationText, String> {
    let (version, dialect) = subject(snapshot, file)?;
    let state = snapshot.migration_state(file).ok_or("the migration is not analysed")?;
    let title = format!("Schema at {version}");
    if hcl {
        let text = engine::encode::encode(&state.realm, dialect).map_err(|error| error.to_string())?;
        return Ok(MigrationText { title, language: dialect.language, text });
    }
    let text = sql(&state.realm, dialect)?;
    Ok(MigrationText { title, language: "sql", text })
}

/// The schema before and after the migration `file`, as SQL.
///
/// # Errors
/// As [`schema_at`].
pub fn diff_with_previous(snapshot: &Snapshot, file: FileId) -> Result<(String, String, String), String> {
    let (version, dialect) = subject(snapshot, file)?;
    let before = snapshot.migration_state_before(file).ok_or("the migration is not analysed")?;
    let after = snapshot.migration_state(file).ok_or("the migration is not analysed")?;
    let title = format!("What {version} changes");
    Ok((title, sql(&before.realm, dialect)?, sql(&after.realm, dialect)?))
}

/// What running the migration `file` may do, with how many findings there are.
///
/// # Errors
/// As [`schema_at`].
pub fn lint_text(snapshot: &Snapshot, file: FileId) -> Result<(String, usize), String> {
    let (version, _) = subject(snapshot, file)?;
    let name = snapshot.path(file).map_or("", |path| path.name()).to_owned();
    let Some(judged) = snapshot.migration_findings(file) else {
        return Ok((format!("{name}: not looked at, by the env's \"lint\" block\n"), 0));
    };
    if judged.is_skipped {
        return Ok((format!("{name}: not looked at, by its \"nolint\" directive\n"), 0));
    }
    let findings = judged.report.findings().count();
    let mut text = format!("{name}: version {version}, {}\n", plural(judged.statements.len(), "statement"));
    if findings == 0 {
        text.push_str("no findings\n");
    }
    let source = snapshot.text(file);
    for group in &judged.report.groups {
        let _ = writeln!(text, "\n{}:", group.heading);
        for finding in &group.findings {
            let place = finding.statement.and_then(|at| judged.statements.get(at));
            let line = place.zip(source).map(|(range, source)| source.line(range.start()) + 1);
            let line = line.map_or_else(String::new, |line| format!("L{line}: "));
            let _ = writeln!(text, "  {line}{} ({})", finding.message, finding.code);
            for advice in &finding.fixes {
                let _ = writeln!(text, "    {advice}");
            }
        }
    }
    Ok((text, findings))
}

fn subject(snapshot: &Snapshot, file: FileId) -> Result<(String, &'static engine::Dialect), String> {
    let (dir, at) = snapshot.migration_of(file).ok_or("this file is not in a migration directory")?;
    let name = dir.files.get(at).map(|(name, _)| name.to_string()).unwrap_or_default();
    let version = engine::migrate::Migration::new(&name, "").version;
    match snapshot.migration_dialect(&dir.path) {
        project::Spoken::Known(dialect) => Ok((version, dialect)),
        project::Spoken::Foreign(other) => Err(format!("{other} is not analysed yet")),
        project::Spoken::Unknown => Err("nothing says which database these migrations are for".to_owned()),
    }
}

/// The statements that make a schema.
fn sql(realm: &Realm, dialect: &'static engine::Dialect) -> Result<String, String> {
    let qualifier = (realm.schemas.len() < 2).then(String::new);
    let options = Options { indent: "  ".to_owned(), qualifier, ..Options::default() };
    let plan = plan::dump(realm, dialect, &options).map_err(|error| error.to_string())?;
    Ok(plan.to_sql())
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
