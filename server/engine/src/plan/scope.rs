//! Whether changes stay inside the one schema a plan is bound to.
//!
//! Source: atlas `sql/internal/sqlx/plan.go`, `CheckChangesScope`; reference engine.md §8.

use std::collections::BTreeSet;

use schema::{Change, SmolStr};

use super::Mode;
use crate::Error;

/// Refuses changes outside of one schema.
///
/// `default` is the schema that exists without being created.
pub fn check(changes: &[Change], mode: Mode, default: Option<&str>) -> Result<(), Error> {
    let mut names: BTreeSet<&SmolStr> = BTreeSet::new();
    for change in changes {
        let not_allowed = match change {
            Change::AddSchema(schema) if default == Some(schema.name.as_str()) => None,
            Change::AddSchema(_) => Some("AddSchema"),
            Change::DropSchema(_) => Some("DropSchema"),
            Change::RenameSchema { .. } => Some("RenameSchema"),
            Change::ModifySchema { .. } if mode == Mode::Dump => Some("ModifySchema"),
            _ => None,
        };
        if let Some(kind) = not_allowed {
            let text = format!("*schema.{kind} is not allowed when migration plan is scoped to one schema");
            return Err(Error::Scope(text));
        }
        names.extend(schema_of(change).filter(|name| !name.is_empty()));
    }
    if names.len() > 1 {
        let list: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        return Err(Error::Scope(format!(
            "found {} schemas when migration plan is scoped to one: [{}]",
            names.len(),
            list.join(" ")
        )));
    }
    Ok(())
}

fn schema_of(change: &Change) -> Option<&SmolStr> {
    match change {
        Change::AddSchema(schema)
        | Change::DropSchema(schema)
        | Change::RenameSchema { to: schema, .. }
        | Change::ModifySchema { to: schema, .. } => Some(&schema.name),
        Change::AddTable(table) | Change::DropTable(table) => Some(&table.schema),
        Change::RenameTable { to, .. } | Change::ModifyTable { to, .. } => Some(&to.schema),
        Change::AddView(view)
        | Change::DropView(view)
        | Change::RenameView { to: view, .. }
        | Change::ModifyView { to: view, .. } => Some(&view.schema),
        Change::AddTrigger(trigger)
        | Change::DropTrigger(trigger)
        | Change::RenameTrigger { to: trigger, .. }
        | Change::ModifyTrigger { to: trigger, .. } => Some(&trigger.schema),
        Change::AddRoutine(routine)
        | Change::DropRoutine(routine)
        | Change::RenameRoutine { to: routine, .. }
        | Change::ModifyRoutine { to: routine, .. } => Some(&routine.schema),
        Change::AddObject(object)
        | Change::DropObject(object)
        | Change::RenameObject { to: object, .. }
        | Change::ModifyObject { to: object, .. } => Some(&object.schema),
    }
}
