//! A plan the user changed by hand.
//!
//! It is carried out on the dev database first, from the current state: only a plan that ends in the desired state is
//! one. What the statements rename is recognized, so that lint judges a renaming and not a loss.
//!
//! Source: reference/documented/schema-plan.md section 3, "Edited plan not reaching desired state".

use std::sync::Arc;

use engine::diff::{Cache, Policy, Side, between, diff};
use engine::lint;
use engine::plan::{Options as PlanOptions, Plan, Statement};
use engine::{DatabaseUrl, Dialect, Scope};
use schema::{Change, Realm, SmolStr, Table, TableChange};
use syntax::sql::ast::{AlterAction, Statement as Tree};

use super::apply::{Args, Planned};
use crate::udiff::unified;
use crate::{Error, Workspace, dev};

/// The plan `planned` with the statements of `text` instead of its own.
///
/// # Errors
/// [`Error::Aborted`] when the statements do not lead to the desired state; a statement that cannot be executed.
pub async fn edited(
    workspace: &mut Workspace<'_>,
    planned: &Planned,
    text: &str,
    args: &Args,
) -> Result<Planned, Error> {
    let dialect = planned.current.dialect;
    let statements = statements(text, dialect)?;
    let Some(url) = &args.options.dev_url else {
        return Err(Error::Request(
            "--edit requires a connection to the dev-database (provided by --dev-url)".to_owned(),
        ));
    };
    let url = DatabaseUrl::parse(url)?;
    let options = PlanOptions {
        indent: "  ".to_owned(),
        qualifier: planned.current.bound.as_ref().map(|_| String::new()),
        server: planned.current.server.clone(),
        ..PlanOptions::default()
    };
    let before = engine::plan::dump(&planned.current.whole, dialect, &options)?;
    let cmds = before.statements.iter().chain(&statements).map(|statement| statement.cmd.clone());
    let cmds: Vec<String> = cmds.collect();
    let whole =
        dev::execute(workspace.world, &url, dialect, args.options.accounts, "plan.sql", &cmds).await?.realm;
    // The dev database has its own name for the schema.
    let whole = match (&planned.current.bound, whole.schemas.as_slice()) {
        (Some(bound), [only]) if only.name != *bound => {
            Arc::new(engine::diff::renamed(&whole, bound, dialect))
        }
        _ => whole,
    };
    let after = without(&whole, planned, args)?;

    let policy = Policy { keep_unsaid: true, server: planned.current.server.clone(), ..args.policy.clone() };
    let side = Side { realm: &after, bound: planned.current.bound.as_deref(), hcl: false };
    let rest = between(side, planned.desired.side(), dialect, &policy, &mut Cache::default())?;
    if !rest.is_empty() {
        let show = |realm: &Realm| engine::plan::dump(realm, dialect, &options).map(|plan| sql(&plan));
        let difference =
            unified(&show(&after)?, &show(&planned.desired.realm)?, "planned state", "desired state");
        return Err(Error::Aborted(format!(
            "the planned state does not match the desired state after applying the file:\n\n{difference}"
        )));
    }

    let changes = diff(&planned.current.realm, &after, dialect, &Policy::default())?;
    let changes = renamed(changes, &renames(text, dialect), &planned.current.realm);
    let plan = attributed(statements, &changes);
    let server = planned.current.server.as_deref();
    let report = lint::lint(&planned.current.realm, &after, &changes, &plan, &args.lint, dialect, server);
    Ok(Planned { changes, plan, report, ..planned.clone() })
}

/// The statements alone, as the difference shows them.
fn sql(plan: &Plan) -> String {
    plan.statements.iter().map(|statement| format!("{};\n", statement.cmd)).collect()
}

fn without(whole: &Arc<Realm>, planned: &Planned, args: &Args) -> Result<Arc<Realm>, Error> {
    let exclude = engine::exclude::Patterns::parse(&args.options.exclude)?;
    let scope = Scope {
        bound: planned.current.bound.clone(),
        schemas: args.options.schemas.clone(),
        exclude,
        accounts: args.options.accounts,
    };
    let mut realm = Realm::clone(whole);
    scope.exclude.apply(&mut realm, &scope);
    Ok(Arc::new(realm))
}

/// The statements of the edited text, each with the comment before it.
fn statements(text: &str, dialect: &'static Dialect) -> Result<Vec<Statement>, Error> {
    // Splitting says what is wrong with the text, in the same words as for a schema file.
    crate::state::split("plan.sql", text, dialect)?;
    let split = syntax::sql::split(text, dialect.grammar).unwrap_or_default();
    Ok(split
        .iter()
        .map(|statement| {
            let comment = statement.leading.lines().rev().find_map(|line| line.trim().strip_prefix("--"));
            let mut chars = comment.unwrap_or_default().trim().chars();
            let first = chars.next().map(|first| first.to_ascii_lowercase());
            Statement {
                cmd: statement.text.to_owned(),
                comment: first.into_iter().chain(chars).collect(),
                ..Statement::default()
            }
        })
        .collect())
}

/// A renaming that a statement does.
struct Rename {
    table: String,
    /// `None` when the table itself is renamed.
    column: Option<String>,
    to: String,
}

fn renames(text: &str, dialect: &Dialect) -> Vec<Rename> {
    let file = syntax::sql::File::parse(&text::Text::new(text), dialect.grammar, None);
    let mut found = Vec::new();
    for placed in file.pieces() {
        let Some(Tree::AlterTable(alter)) = placed.piece.statement() else { continue };
        let Some(table) = alter.path().map(|path| path.name.text) else { continue };
        match alter.action() {
            Some(AlterAction::RenameTable(rename)) => {
                if let Some(to) = rename.to() {
                    found.push(Rename { table: table.to_string(), column: None, to: to.text.to_string() });
                }
            }
            Some(AlterAction::RenameColumn(rename)) => {
                if let (Some(from), Some(to)) = (rename.from(), rename.to()) {
                    let column = Some(from.text.to_string());
                    found.push(Rename { table: table.to_string(), column, to: to.text.to_string() });
                }
            }
            _ => {}
        }
    }
    found
}

/// `changes` with what was renamed as renamed, not as dropped and added.
///
/// The table that a copy is made into is renamed too; it is not in the state before, so it is left alone.
fn renamed(mut changes: Vec<Change>, renames: &[Rename], before: &Realm) -> Vec<Change> {
    for rename in renames {
        match &rename.column {
            None => rename_table(&mut changes, rename, before),
            Some(column) => rename_column(&mut changes, rename, column),
        }
    }
    changes
}

fn rename_table(changes: &mut Vec<Change>, rename: &Rename, before: &Realm) {
    if !before.schemas.iter().any(|schema| schema.tables.iter().any(|table| table.name == rename.table)) {
        return;
    }
    let dropped =
        changes.iter().position(|it| matches!(it, Change::DropTable(table) if table.name == rename.table));
    let added =
        changes.iter().position(|it| matches!(it, Change::AddTable(table) if table.name == rename.to));
    let (Some(dropped), Some(added)) = (dropped, added) else { return };
    let (Change::DropTable(from), Change::AddTable(to)) = (&changes[dropped], &changes[added]) else {
        return;
    };
    let (from, to): (Arc<Table>, Arc<Table>) = (from.clone(), to.clone());
    changes[dropped] = Change::RenameTable { from, to };
    changes.remove(added);
}

fn rename_column(changes: &mut [Change], rename: &Rename, column: &str) {
    for change in changes {
        let Change::ModifyTable { to, changes, .. } = change else { continue };
        if to.name != rename.table {
            continue;
        }
        let dropped =
            changes.iter().position(|it| matches!(it, TableChange::DropColumn(it) if it.name == column));
        let added =
            changes.iter().position(|it| matches!(it, TableChange::AddColumn(it) if it.name == rename.to));
        let (Some(dropped), Some(added)) = (dropped, added) else { continue };
        let (TableChange::DropColumn(from), TableChange::AddColumn(to)) =
            (&changes[dropped], &changes[added])
        else {
            continue;
        };
        changes[dropped] = TableChange::RenameColumn { from: from.clone(), to: to.clone() };
        changes.remove(added);
    }
}

/// The statements as a plan: each belongs to the first change whose object it names.
fn attributed(mut statements: Vec<Statement>, changes: &[Change]) -> Plan {
    let names: Vec<Vec<SmolStr>> = changes.iter().map(names).collect();
    let mut last = 0;
    for statement in &mut statements {
        let words: Vec<&str> = statement
            .cmd
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .collect();
        let of = names.iter().position(|names| names.iter().any(|name| words.contains(&name.as_str())));
        last = of.unwrap_or(last);
        statement.change = last;
    }
    Plan { statements, transactional: true, reversible: false }
}

/// The names of the main object of a change.
fn names(change: &Change) -> Vec<SmolStr> {
    match change {
        Change::AddSchema(schema) | Change::DropSchema(schema) | Change::ModifySchema { to: schema, .. } => {
            vec![schema.name.clone()]
        }
        Change::RenameSchema { from, to } => vec![from.name.clone(), to.name.clone()],
        Change::RenameView { from, to } => vec![from.name.clone(), to.name.clone()],
        Change::RenameTrigger { from, to } => vec![from.name.clone(), to.name.clone()],
        Change::RenameRoutine { from, to } => vec![from.name.clone(), to.name.clone()],
        Change::RenameObject { from, to } => vec![from.name.clone(), to.name.clone()],
        Change::AddTable(table) | Change::DropTable(table) => vec![table.name.clone()],
        Change::RenameTable { from, to } => vec![from.name.clone(), to.name.clone()],
        Change::ModifyTable { from, to, .. } => vec![from.name.clone(), to.name.clone()],
        Change::AddView(view) | Change::DropView(view) | Change::ModifyView { to: view, .. } => {
            vec![view.name.clone()]
        }
        Change::AddTrigger(trigger)
        | Change::DropTrigger(trigger)
        | Change::ModifyTrigger { to: trigger, .. } => vec![trigger.name.clone()],
        Change::AddRoutine(routine)
        | Change::DropRoutine(routine)
        | Change::ModifyRoutine { to: routine, .. } => vec![routine.name.clone()],
        Change::AddObject(object) | Change::DropObject(object) | Change::ModifyObject { to: object, .. } => {
            vec![object.name.clone()]
        }
    }
}
