//! The order changes are carried out in: what is needed comes first, and circles of foreign keys are taken apart.
//!
//! Opt-in: a dialect whose statements must find their tables calls [`sort`] before it writes them. Two steps, as Atlas
//! has them: foreign keys that form a circle are detached from their tables ([`detach`]), or, when there is no circle,
//! tables are brought into the order of their references; then every change goes after those it depends on, and drops
//! go last. Invariant: without dependencies the order is that of the differ, with drops last.
//!
//! Source: atlas `sql/internal/sqlx/plan.go`, `DetachCycles`, `SortChanges`; reference engine.md §8.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::{Change, ForeignKey, SmolStr, Table, TableChange};

/// What a dialect knows about dependencies.
pub trait Uses {
    /// Whether `change` is carried out before all others, in the given order.
    fn is_top_level(&self, change: &Change) -> bool {
        matches!(change, Change::AddSchema(_) | Change::DropSchema(_) | Change::ModifySchema { .. })
    }

    /// Calls `see` with the schema and name of everything that what `side` of `change` describes needs in order to
    /// exist, besides the tables of foreign keys, `depends_on` and declared types of columns. Too many are harmless.
    fn uses(&self, change: &Change, side: Side, see: &mut dyn FnMut(&str, &str)) {
        let _ = (change, side, see);
    }
}

/// Which state of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// A change, and its place in the list it came from.
pub type Placed = (usize, Change);

type Name = (SmolStr, SmolStr);

/// `changes` in an order in which they can be carried out. One change may have become several of the same place.
pub fn sort(changes: &[Change], uses: &dyn Uses) -> Vec<Placed> {
    let placed = changes.iter().cloned().enumerate();
    let (mut top, rest): (Vec<Placed>, Vec<Placed>) =
        placed.partition(|(_, change)| uses.is_top_level(change));
    let rest = match positions(&rest) {
        None => detach(rest),
        Some(positions) => {
            let mut rest = rest;
            rest.sort_by_key(|(_, change)| {
                table(change).and_then(|name| positions.get(&name).copied()).unwrap_or_default()
            });
            rest
        }
    };
    top.extend(order(rest, uses));
    top
}

/// The table a change is about.
fn table(change: &Change) -> Option<Name> {
    match change {
        Change::AddTable(table) | Change::DropTable(table) => Some(name(table)),
        Change::ModifyTable { to, .. } => Some(name(to)),
        _ => None,
    }
}

fn name(table: &Table) -> Name {
    (table.schema.clone(), table.name.clone())
}

/// The table `key` of `owner` refers to.
fn parent(owner: &Table, key: &ForeignKey) -> Name {
    let schema = if key.ref_schema.is_empty() { &owner.schema } else { &key.ref_schema };
    (schema.clone(), key.ref_table.clone())
}

/// The place of each table in the order of references; `None` when they go in a circle.
fn positions(changes: &[Placed]) -> Option<FxHashMap<Name, usize>> {
    let dropped: rustc_hash::FxHashSet<Name> = changes
        .iter()
        .filter_map(|(_, change)| match change {
            Change::DropTable(table) => Some(name(table)),
            _ => None,
        })
        .collect();
    let mut parents: FxHashMap<Name, Vec<Name>> = FxHashMap::default();
    for (_, change) in changes {
        match change {
            Change::AddTable(table) => {
                for parent in table.foreign_keys.iter().map(|key| parent(table, key)) {
                    if parent != name(table) {
                        parents.entry(name(table)).or_default().push(parent);
                    }
                }
            }
            Change::DropTable(table) => {
                for parent in table.foreign_keys.iter().map(|key| parent(table, key)) {
                    if parent != name(table) && dropped.contains(&parent) {
                        parents.entry(parent).or_default().push(name(table));
                    }
                }
            }
            Change::ModifyTable { to, changes, .. } => {
                for change in changes {
                    if let TableChange::AddForeignKey(key) | TableChange::ModifyForeignKey { to: key, .. } =
                        change
                    {
                        let parent = parent(to, key);
                        if parent != name(to) {
                            parents.entry(name(to)).or_default().push(parent);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut names: Vec<&Name> = parents.keys().collect();
    names.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    let mut positions: FxHashMap<Name, usize> = FxHashMap::default();
    let mut open: FxHashMap<&Name, usize> = FxHashMap::default();
    // Depth first without recursion: a chain of references may be as long as there are tables.
    for start in names {
        let mut path: Vec<&Name> = vec![start];
        while let Some(&at) = path.last() {
            if positions.contains_key(at) {
                path.pop();
                continue;
            }
            let next = open.entry(at).or_default();
            let children = parents.get(at).map(Vec::as_slice).unwrap_or_default();
            match children.get(*next) {
                Some(child) => {
                    *next += 1;
                    if !positions.contains_key(child) {
                        if open.contains_key(child) {
                            return None;
                        }
                        path.push(child);
                    }
                }
                None => {
                    positions.insert(at.clone(), positions.len());
                    path.pop();
                }
            }
        }
    }
    Some(positions)
}

/// Takes foreign keys to other tables out of what is made and dropped: they are added last, and dropped first.
fn detach(changes: Vec<Placed>) -> Vec<Placed> {
    let (mut planned, mut deferred) = (Vec::new(), Vec::new());
    for (at, change) in changes {
        match change {
            Change::AddTable(table) => {
                let (own, other): (Vec<ForeignKey>, Vec<ForeignKey>) =
                    table.foreign_keys.iter().cloned().partition(|key| parent(&table, key) == name(&table));
                if other.is_empty() {
                    planned.push((at, Change::AddTable(table)));
                    continue;
                }
                let bare = Arc::new(Table { foreign_keys: own, ..Table::clone(&table) });
                planned.push((at, Change::AddTable(bare.clone())));
                let changes = other.into_iter().map(TableChange::AddForeignKey).collect();
                deferred.push((at, Change::ModifyTable { from: bare, to: table, changes }));
            }
            Change::DropTable(table) => {
                let (own, other): (Vec<ForeignKey>, Vec<ForeignKey>) =
                    table.foreign_keys.iter().cloned().partition(|key| parent(&table, key) == name(&table));
                if other.is_empty() {
                    deferred.push((at, Change::DropTable(table)));
                    continue;
                }
                let bare = Arc::new(Table { foreign_keys: own, ..Table::clone(&table) });
                let changes = other.into_iter().map(TableChange::DropForeignKey).collect();
                planned.push((at, Change::ModifyTable { from: table, to: bare.clone(), changes }));
                deferred.push((at, Change::DropTable(bare)));
            }
            Change::ModifyTable { from, to, changes } => {
                let (keys, rest): (Vec<_>, Vec<_>) =
                    changes.into_iter().partition(|change| matches!(change, TableChange::AddForeignKey(_)));
                if keys.is_empty() || rest.is_empty() {
                    let list = if keys.is_empty() { &mut planned } else { &mut deferred };
                    let changes = if keys.is_empty() { rest } else { keys };
                    list.push((at, Change::ModifyTable { from, to, changes }));
                    continue;
                }
                let added = |key: &ForeignKey| {
                    keys.iter().any(|change| matches!(change, TableChange::AddForeignKey(it) if it == key))
                };
                let mut bare = Table::clone(&to);
                bare.foreign_keys.retain(|key| !added(key));
                let bare = Arc::new(bare);
                planned.push((at, Change::ModifyTable { from, to: bare.clone(), changes: rest }));
                deferred.push((at, Change::ModifyTable { from: bare, to, changes: keys }));
            }
            other => planned.push((at, other)),
        }
    }
    planned.extend(deferred);
    planned
}

/// The name of what a change is about.
fn subject(change: &Change) -> Option<Name> {
    match change {
        Change::AddTable(table) | Change::DropTable(table) | Change::ModifyTable { to: table, .. } => {
            Some(name(table))
        }
        Change::RenameTable { to, .. } => Some(name(to)),
        Change::AddView(view)
        | Change::DropView(view)
        | Change::RenameView { to: view, .. }
        | Change::ModifyView { to: view, .. } => Some((view.schema.clone(), view.name.clone())),
        Change::AddRoutine(it)
        | Change::DropRoutine(it)
        | Change::RenameRoutine { to: it, .. }
        | Change::ModifyRoutine { to: it, .. } => Some((it.schema.clone(), it.name.clone())),
        Change::AddObject(it)
        | Change::DropObject(it)
        | Change::RenameObject { to: it, .. }
        | Change::ModifyObject { to: it, .. } => Some((it.schema.clone(), it.name.clone())),
        _ => None,
    }
}

fn is_drop(change: &Change) -> bool {
    matches!(
        change,
        Change::DropSchema(_)
            | Change::DropTable(_)
            | Change::DropView(_)
            | Change::DropTrigger(_)
            | Change::DropRoutine(_)
            | Change::DropObject(_)
    )
}

/// What goes last unless something else must wait for it. Views and triggers look at tables, so they go at their place,
/// which is before.
fn goes_last(change: &Change) -> bool {
    is_drop(change) && !matches!(change, Change::DropView(_) | Change::DropTrigger(_))
}

/// Calls `see` with everything the given side of `change` needs.
fn needs(change: &Change, side: Side, uses: &dyn Uses, see: &mut dyn FnMut(&str, &str)) {
    let of_table = |table: &Table, see: &mut dyn FnMut(&str, &str)| {
        for key in &table.foreign_keys {
            let (schema, name) = parent(table, key);
            see(&schema, &name);
        }
        for (schema, name) in &table.depends_on {
            see(if schema.is_empty() { &table.schema } else { schema }, name);
        }
        for ty in table.columns.iter().filter_map(|column| column.ty.as_ref()) {
            if let Some(schema) = &ty.schema {
                see(schema, ty.name.trim_end_matches("[]"));
            }
        }
    };
    match (change, side) {
        (Change::AddTable(table), Side::After) | (Change::DropTable(table), Side::Before) => {
            of_table(table, see);
        }
        (Change::ModifyTable { from, .. }, Side::Before) => of_table(from, see),
        (Change::ModifyTable { to, changes, .. }, Side::After) => {
            // What was referred to before is there; only what is new must wait.
            for change in changes {
                match change {
                    TableChange::AddForeignKey(key) | TableChange::ModifyForeignKey { to: key, .. } => {
                        let (schema, name) = parent(to, key);
                        see(&schema, &name);
                    }
                    _ => {}
                }
            }
            let bare = Table { foreign_keys: Vec::new(), ..Table::clone(to) };
            of_table(&bare, see);
        }
        (Change::AddView(view) | Change::ModifyView { to: view, .. }, Side::After)
        | (Change::DropView(view) | Change::ModifyView { from: view, .. }, Side::Before) => {
            for (schema, name) in &view.depends_on {
                see(if schema.is_empty() { &view.schema } else { schema }, name);
            }
        }
        (Change::AddTrigger(it) | Change::ModifyTrigger { to: it, .. }, Side::After)
        | (Change::DropTrigger(it) | Change::ModifyTrigger { from: it, .. }, Side::Before) => {
            see(&it.schema, &it.on);
        }
        _ => {}
    }
    uses.uses(change, side, see);
}

/// Every change after those it depends on, otherwise as they are, with drops last.
fn order(changes: Vec<Placed>, uses: &dyn Uses) -> Vec<Placed> {
    let (last, mut changes): (Vec<Placed>, Vec<Placed>) =
        changes.into_iter().partition(|(_, change)| goes_last(change));
    changes.extend(last);
    let edges = dependencies(&changes, uses);
    let mut slots: Vec<Option<Placed>> = changes.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(slots.len());
    let mut next = vec![0; slots.len()];
    let mut seen = vec![false; slots.len()];
    for start in 0..slots.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![start];
        while let Some(&at) = path.last() {
            match edges[at].get(next[at]) {
                Some(&other) => {
                    next[at] += 1;
                    // What is on the path is a circle nobody can satisfy; it stays where it is.
                    if !std::mem::replace(&mut seen[other], true) {
                        path.push(other);
                    }
                }
                None => {
                    ordered.extend(slots[at].take());
                    path.pop();
                }
            }
        }
    }
    ordered
}

/// Whether others may need what `change` does.
fn gives(change: &Change) -> bool {
    match change {
        Change::ModifyTable { changes, .. } => changes.iter().any(|change| {
            !matches!(
                change,
                TableChange::AddForeignKey(_)
                    | TableChange::DropForeignKey(_)
                    | TableChange::ModifyForeignKey { .. }
                    | TableChange::AddCheck(_)
                    | TableChange::DropCheck(_)
                    | TableChange::ModifyCheck { .. }
            )
        }),
        _ => true,
    }
}

/// For each change those that must be carried out before it.
fn dependencies(changes: &[Placed], uses: &dyn Uses) -> Vec<Vec<usize>> {
    let mut made: FxHashMap<Name, Vec<usize>> = FxHashMap::default();
    let mut dropped: FxHashMap<Name, Vec<usize>> = FxHashMap::default();
    let mut schemas: FxHashMap<SmolStr, usize> = FxHashMap::default();
    for (at, (_, change)) in changes.iter().enumerate() {
        if let Change::AddSchema(schema) = change {
            schemas.insert(schema.name.clone(), at);
        }
        if let Some(name) = subject(change).filter(|_| gives(change)) {
            let list = if is_drop(change) { &mut dropped } else { &mut made };
            list.entry(name).or_default().push(at);
        }
    }
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); changes.len()];
    let mut add = |at: usize, other: usize| {
        if at != other && !edges[at].contains(&other) {
            edges[at].push(other);
        }
    };
    for (at, (_, change)) in changes.iter().enumerate() {
        let own = subject(change);
        if let (Some(own), false) = (&own, is_drop(change)) {
            if let Some(&schema) = schemas.get(&own.0) {
                add(at, schema);
            }
            // Something of the name is dropped: it makes room.
            if matches!(
                change,
                Change::AddTable(_) | Change::AddView(_) | Change::AddObject(_) | Change::AddRoutine(_)
            ) {
                for &other in dropped.get(own).into_iter().flatten() {
                    add(at, other);
                }
            }
        }
        needs(change, Side::After, uses, &mut |schema, name| {
            let key = (SmolStr::from(schema), SmolStr::from(name));
            if Some(&key) != own.as_ref() {
                for &other in made.get(&key).into_iter().flatten() {
                    add(at, other);
                }
            }
        });
        needs(change, Side::Before, uses, &mut |schema, name| {
            let key = (SmolStr::from(schema), SmolStr::from(name));
            if Some(&key) == own.as_ref() {
                return;
            }
            // What this one lets go of can be dropped only afterwards.
            for &other in dropped.get(&key).into_iter().flatten() {
                add(other, at);
            }
            // What looks at a table goes before the table changes under it.
            if matches!(change, Change::DropView(_) | Change::DropTrigger(_) | Change::DropRoutine(_)) {
                for &other in made.get(&key).into_iter().flatten() {
                    if matches!(changes[other].1, Change::ModifyTable { .. } | Change::ModifyView { .. }) {
                        add(other, at);
                    }
                }
            }
        });
    }
    // A table waits for the tables it lets go of in the order they come.
    for list in &mut edges {
        list.sort_unstable();
    }
    edges
}

#[cfg(test)]
mod tests;
