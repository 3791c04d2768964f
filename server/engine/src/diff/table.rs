//! The changes inside one table.
//!
//! In Atlas's order: attributes and checks, columns, primary key, indexes, foreign keys; of each kind what is dropped or
//! modified in the old table's order, then what is new in the new one's.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::{
    Change, ChangeKind, Check, ColumnChange, ForeignKey, Index, IndexPart, Kinds, PartOf, PrimaryKey,
    ReferenceAction, SmolStr, Table, TableChange,
};

use super::{Hooks, Policy, unsaid};
use crate::Error;

/// The change from `from` to `to`; `None` when they are the same.
///
/// `renamed` says that the table or something in it just got another name: what the database named after it then
/// follows by a rename, if it is the same otherwise. `unsaid` are the attributes the desired state does not speak of.
pub fn diff(
    hooks: &dyn Hooks,
    policy: &Policy,
    from: &Arc<Table>,
    to: &Arc<Table>,
    renamed: bool,
    unsaid: &[&'static str],
) -> Result<Option<Arc<Change>>, Error> {
    if **from == **to {
        return Ok(None);
    }
    let from_full = hooks.complete(from);
    let mut to = hooks.complete(to);
    if policy.keep_unsaid {
        hooks.keep_unsaid(&from_full, Arc::make_mut(&mut to));
        unsaid::keep(hooks, unsaid, &from_full, &mut to);
    }
    let pair = Pair { hooks, policy, from: &from_full, to: &to };
    let mut changes = pair.attrs()?;
    changes.extend(pair.checks());
    pair.columns(&mut changes)?;
    pair.primary_key(&mut changes);
    pair.indexes(&mut changes);
    pair.foreign_keys(&mut changes);
    if renamed {
        pair.follow(&mut changes);
    }
    let (skipped, mut changes): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|change| policy.skips_in_table(change));
    if changes.is_empty() {
        return Ok(None);
    }
    changes.iter_mut().for_each(|change| policy.mark(change));
    if !skipped.is_empty() {
        let table = Arc::make_mut(&mut to);
        for change in &skipped {
            revert(table, &from_full, change);
        }
    }
    Ok(Some(Arc::new(Change::ModifyTable { from: from.clone(), to, changes })))
}

/// Whether two keys may stand for each other.
type Rule<'a> = &'a dyn Fn(&ForeignKey, &ForeignKey) -> bool;

struct Pair<'a> {
    hooks: &'a dyn Hooks,
    policy: &'a Policy,
    from: &'a Table,
    to: &'a Table,
}

impl Pair<'_> {
    fn attrs(&self) -> Result<Vec<TableChange>, Error> {
        let mut changes = self.hooks.table_attrs(self.from, self.to)?;
        if self.hooks.has_comments() && text(&self.from.comment) != text(&self.to.comment) {
            changes.push(TableChange::ModifyAttr("comment"));
        }
        Ok(changes)
    }

    fn checks(&self) -> Vec<TableChange> {
        let (from, to) = (&self.from.checks, &self.to.checks);
        let mut changes = Vec::new();
        let matches = self.match_checks();
        let mut used = vec![false; to.len()];
        for (check, found) in from.iter().zip(&matches) {
            match found {
                None => changes.push(TableChange::DropCheck(check.clone())),
                Some(at) => {
                    used[*at] = true;
                    let mut kinds = Kinds::NONE;
                    let same = self.hooks.same_expr(&check.expr.0, &to[*at].expr.0);
                    kinds.add_if(!same, ChangeKind::Expr);
                    kinds.add_if(self.hooks.check_attrs_differ(check, &to[*at]), ChangeKind::Attr);
                    if !kinds.is_empty() {
                        changes.push(TableChange::ModifyCheck {
                            from: check.clone(),
                            to: to[*at].clone(),
                            kinds,
                        });
                    }
                }
            }
        }
        let new = to.iter().zip(used).filter(|(_, used)| !used);
        changes.extend(new.map(|(check, _)| TableChange::AddCheck(check.clone())));
        changes
    }

    /// For each old check the new one it stays as: the one of its name, else one that says the same without being
    /// the partner of another.
    fn match_checks(&self) -> Vec<Option<usize>> {
        let (from, to) = (&self.from.checks, &self.to.checks);
        let named = |check: &Check| check.name.as_deref().map(|name| self.hooks.fold(name));
        let by_name: FxHashMap<SmolStr, usize> =
            to.iter().enumerate().filter_map(|(at, check)| Some((named(check)?, at))).collect();
        let mut used = vec![false; to.len()];
        let mut matches: Vec<Option<usize>> = from
            .iter()
            .map(|check| {
                let at = *by_name.get(&named(check)?)?;
                (!std::mem::replace(&mut used[at], true)).then_some(at)
            })
            .collect();
        for (check, found) in from.iter().zip(&mut matches).filter(|(_, found)| found.is_none()) {
            *found = (0..to.len()).find(|&at| {
                !used[at]
                    && (check.name.is_none() || to[at].name.is_none())
                    && self.hooks.same_expr(&check.expr.0, &to[at].expr.0)
            });
            if let Some(at) = *found {
                used[at] = true;
            }
        }
        matches
    }

    fn columns(&self, changes: &mut Vec<TableChange>) -> Result<(), Error> {
        let names = |table: &Table| -> FxHashMap<SmolStr, usize> {
            table.columns.iter().enumerate().map(|(at, column)| (self.hooks.fold(&column.name), at)).collect()
        };
        let (old, new) = (names(self.from), names(self.to));
        for column in &self.from.columns {
            match new.get(&self.hooks.fold(&column.name)) {
                None => changes.push(TableChange::DropColumn(column.clone())),
                Some(&at) => {
                    let to = &self.to.columns[at];
                    let mut kinds = self.hooks.column((self.from, column), (self.to, to))?;
                    if self.hooks.has_comments() {
                        kinds.add_if(text(&column.comment) != text(&to.comment), ChangeKind::Comment);
                    }
                    if !kinds.is_empty() {
                        let change = ColumnChange { from: column.clone(), to: to.clone(), kinds };
                        changes.push(TableChange::ModifyColumn(change));
                    }
                }
            }
        }
        let added = self.to.columns.iter().filter(|column| !old.contains_key(&self.hooks.fold(&column.name)));
        changes.extend(added.map(|column| TableChange::AddColumn(column.clone())));
        Ok(())
    }

    fn primary_key(&self, changes: &mut Vec<TableChange>) {
        match (&self.from.primary_key, &self.to.primary_key) {
            (None, None) => {}
            (None, Some(to)) => changes.push(TableChange::AddPrimaryKey(to.clone())),
            (Some(from), None) => changes.push(TableChange::DropPrimaryKey(from.clone())),
            (Some(from), Some(to)) => {
                let kinds = self.primary_key_kinds(from, to);
                if !kinds.is_empty() {
                    changes.push(TableChange::ModifyPrimaryKey { from: from.clone(), to: to.clone(), kinds });
                }
            }
        }
    }

    fn primary_key_kinds(&self, from: &PrimaryKey, to: &PrimaryKey) -> Kinds {
        let mut kinds = Kinds::NONE;
        kinds.add_if(!self.same_parts(&from.parts, &to.parts), ChangeKind::Parts);
        kinds.add_if(self.hooks.primary_key_attrs_differ(from, to), ChangeKind::Attr);
        kinds.add_if(
            self.hooks.has_comments() && text(&from.comment) != text(&to.comment),
            ChangeKind::Comment,
        );
        kinds
    }

    fn same_parts(&self, from: &[IndexPart], to: &[IndexPart]) -> bool {
        from.len() == to.len() && from.iter().zip(to).all(|(from, to)| self.same_part(from, to))
    }

    fn same_part(&self, from: &IndexPart, to: &IndexPart) -> bool {
        let of = match (&from.of, &to.of) {
            (PartOf::Column(from), PartOf::Column(to)) => self.hooks.fold(from) == self.hooks.fold(to),
            (PartOf::Expr(from), PartOf::Expr(to)) => self.hooks.same_expr(&from.0, &to.0),
            _ => false,
        };
        of && from.desc == to.desc && !self.hooks.part_differs((self.from, from), (self.to, to))
    }

    fn same_predicate(&self, from: &Index, to: &Index) -> bool {
        match (&from.predicate, &to.predicate) {
            (None, None) => true,
            (Some(from), Some(to)) => self.hooks.same_expr(&from.0, &to.0),
            _ => false,
        }
    }

    fn index_kinds(&self, from: &Index, to: &Index) -> Kinds {
        let mut kinds = Kinds::NONE;
        kinds.add_if(from.unique != to.unique, ChangeKind::Unique);
        kinds.add_if(!self.same_parts(&from.parts, &to.parts), ChangeKind::Parts);
        let attrs = !self.same_predicate(from, to) || self.hooks.index_attrs_differ(from, to);
        kinds.add_if(attrs, ChangeKind::Attr);
        kinds.add_if(
            self.hooks.has_comments() && text(&from.comment) != text(&to.comment),
            ChangeKind::Comment,
        );
        kinds
    }

    fn indexes(&self, changes: &mut Vec<TableChange>) {
        let (from, to) = (&self.from.indexes, &self.to.indexes);
        let matches = self.match_indexes();
        let mut used = vec![false; to.len()];
        for (index, found) in from.iter().zip(&matches) {
            match found {
                None => changes.push(TableChange::DropIndex(index.clone())),
                Some(at) => {
                    used[*at] = true;
                    let kinds = self.index_kinds(index, &to[*at]);
                    if !kinds.is_empty() {
                        changes.push(TableChange::ModifyIndex {
                            from: index.clone(),
                            to: to[*at].clone(),
                            kinds,
                        });
                    }
                }
            }
        }
        let new = to.iter().zip(used).filter(|(_, used)| !used);
        changes.extend(new.map(|(index, _)| TableChange::AddIndex(index.clone())));
    }

    /// For each old index the new one it stays as: the one of its name if a user chose it, else one that is the same
    /// but for a name the database chose.
    fn match_indexes(&self) -> Vec<Option<usize>> {
        let (from, to) = (&self.from.indexes, &self.to.indexes);
        let automatic = |index: &Index| self.hooks.is_automatic(index);
        let by_name: FxHashMap<SmolStr, usize> = to
            .iter()
            .enumerate()
            .filter(|(_, index)| !automatic(index))
            .map(|(at, index)| (self.hooks.fold(&index.name), at))
            .collect();
        let mut used = vec![false; to.len()];
        let mut matches: Vec<Option<usize>> = from
            .iter()
            .map(|index| {
                let at = (!automatic(index))
                    .then(|| by_name.get(&self.hooks.fold(&index.name)).copied())
                    .flatten()?;
                (!std::mem::replace(&mut used[at], true)).then_some(at)
            })
            .collect();
        for (index, found) in from.iter().zip(&mut matches).filter(|(_, found)| found.is_none()) {
            *found = (0..to.len()).find(|&at| {
                !used[at]
                    && (automatic(index) || automatic(&to[at]))
                    && self.index_kinds(index, &to[at]).is_empty()
            });
            if let Some(at) = *found {
                used[at] = true;
            }
        }
        matches
    }

    fn foreign_key_kinds(&self, from: &ForeignKey, to: &ForeignKey) -> Kinds {
        let fold = |name: &SmolStr| self.hooks.fold(name);
        let same = |a: &[SmolStr], b: &[SmolStr]| a.iter().map(fold).eq(b.iter().map(fold));
        let action = |action: Option<ReferenceAction>| self.hooks.action(action);
        let table = |name: &SmolStr| self.hooks.fold_table(name, self.policy.server.as_deref());
        let mut kinds = Kinds::NONE;
        kinds.add_if(table(&from.ref_table) != table(&to.ref_table), ChangeKind::RefTable);
        kinds.add_if(!same(&from.columns, &to.columns), ChangeKind::Column);
        // Without columns the primary key of the parent is meant, which is not at hand here.
        let implied = from.ref_columns.is_empty() || to.ref_columns.is_empty();
        kinds.add_if(!implied && !same(&from.ref_columns, &to.ref_columns), ChangeKind::RefColumn);
        kinds.add_if(action(from.on_update) != action(to.on_update), ChangeKind::UpdateAction);
        kinds.add_if(action(from.on_delete) != action(to.on_delete), ChangeKind::DeleteAction);
        kinds.add_if(self.hooks.foreign_key_attrs_differ(from, to), ChangeKind::Attr);
        kinds
    }

    /// Turns a drop and an add of what differs by name only into a rename.
    fn follow(&self, changes: &mut Vec<TableChange>) {
        use TableChange::{
            AddCheck, AddForeignKey, AddIndex, DropCheck, DropForeignKey, DropIndex, RenameConstraint,
            RenameIndex,
        };
        let mut at = 0;
        while at < changes.len() {
            let renamed = changes.iter().enumerate().find_map(|(other, add)| {
                let change = match (&changes[at], add) {
                    (DropIndex(from), AddIndex(to))
                        if from.key == to.key
                            && !from.name.is_empty()
                            && !to.name.is_empty()
                            && self.index_kinds(from, to).is_empty() =>
                    {
                        RenameIndex { from: from.clone(), to: to.clone() }
                    }
                    (DropForeignKey(from), AddForeignKey(to))
                        if self.foreign_key_kinds(from, to).is_empty() =>
                    {
                        RenameConstraint { from: from.name.clone()?, to: to.name.clone()? }
                    }
                    (DropCheck(from), AddCheck(to))
                        if self.hooks.same_expr(&from.expr.0, &to.expr.0)
                            && !self.hooks.check_attrs_differ(from, to) =>
                    {
                        RenameConstraint { from: from.name.clone()?, to: to.name.clone()? }
                    }
                    _ => return None,
                };
                Some((other, change))
            });
            if let Some((other, change)) = renamed {
                changes[at] = change;
                changes.remove(other);
                at -= usize::from(other < at);
            }
            at += 1;
        }
    }

    fn foreign_keys(&self, changes: &mut Vec<TableChange>) {
        let (from, to) = (&self.from.foreign_keys, &self.to.foreign_keys);
        let matches = self.match_foreign_keys();
        let mut used = vec![false; to.len()];
        for (key, found) in from.iter().zip(&matches) {
            match found {
                None => changes.push(TableChange::DropForeignKey(key.clone())),
                Some(at) => {
                    used[*at] = true;
                    let kinds = self.foreign_key_kinds(key, &to[*at]);
                    if !kinds.is_empty() {
                        changes.push(TableChange::ModifyForeignKey {
                            from: key.clone(),
                            to: to[*at].clone(),
                            kinds,
                        });
                    }
                }
            }
        }
        let new = to.iter().zip(used).filter(|(_, used)| !used);
        changes.extend(new.map(|(key, _)| TableChange::AddForeignKey(key.clone())));
    }

    /// For each old key the new one it stays as: the one of its name; else, if one of them has no name, an equal one,
    /// and last one over the same columns.
    fn match_foreign_keys(&self) -> Vec<Option<usize>> {
        let (from, to) = (&self.from.foreign_keys, &self.to.foreign_keys);
        let named = |key: &ForeignKey| key.name.as_deref().map(|name| self.hooks.fold(name));
        let by_name: FxHashMap<SmolStr, usize> =
            to.iter().enumerate().filter_map(|(at, key)| Some((named(key)?, at))).collect();
        let mut used = vec![false; to.len()];
        let mut matches: Vec<Option<usize>> = from
            .iter()
            .map(|key| {
                let at = *by_name.get(&named(key)?)?;
                (!std::mem::replace(&mut used[at], true)).then_some(at)
            })
            .collect();
        let equal = |a: &ForeignKey, b: &ForeignKey| self.foreign_key_kinds(a, b).is_empty();
        let columns = |a: &ForeignKey, b: &ForeignKey| !self.foreign_key_kinds(a, b).has(ChangeKind::Column);
        let rules: [Rule<'_>; 2] = [&equal, &columns];
        for rule in rules {
            for (key, found) in from.iter().zip(&mut matches).filter(|(_, found)| found.is_none()) {
                *found = (0..to.len()).find(|&at| {
                    !used[at] && (key.name.is_none() || to[at].name.is_none()) && rule(key, &to[at])
                });
                if let Some(at) = *found {
                    used[at] = true;
                }
            }
        }
        matches
    }
}

fn text(comment: &Option<String>) -> &str {
    comment.as_deref().unwrap_or_default()
}

/// Takes `change`, which the policy skips, out of `to`.
fn revert(to: &mut Table, from: &Table, change: &TableChange) {
    use TableChange::*;
    match change {
        AddColumn(column) => to.columns.retain(|other| other.name != column.name),
        DropColumn(column) => {
            let at =
                from.columns.iter().position(|other| other.name == column.name).unwrap_or(to.columns.len());
            to.columns.insert(at.min(to.columns.len()), column.clone());
        }
        ModifyColumn(change) => {
            if let Some(column) = to.columns.iter_mut().find(|column| column.name == change.to.name) {
                *column = change.from.clone();
            }
        }
        RenameColumn { from, to: renamed } => {
            if let Some(column) = to.columns.iter_mut().find(|column| column.name == renamed.name) {
                *column = from.clone();
            }
        }
        AddPrimaryKey(_) => to.primary_key = None,
        DropPrimaryKey(key) | ModifyPrimaryKey { from: key, .. } => to.primary_key = Some(key.clone()),
        AddIndex(index) => to.indexes.retain(|other| other != index),
        DropIndex(index) => to.indexes.push(index.clone()),
        ModifyIndex { from, to: changed, .. } | RenameIndex { from, to: changed } => {
            if let Some(index) = to.indexes.iter_mut().find(|index| *index == changed) {
                *index = from.clone();
            }
        }
        AddForeignKey(key) => to.foreign_keys.retain(|other| other != key),
        DropForeignKey(key) => to.foreign_keys.push(key.clone()),
        ModifyForeignKey { from, to: changed, .. } => {
            if let Some(key) = to.foreign_keys.iter_mut().find(|key| *key == changed) {
                *key = from.clone();
            }
        }
        AddCheck(check) => to.checks.retain(|other| other != check),
        DropCheck(check) => to.checks.push(check.clone()),
        ModifyCheck { from, to: changed, .. } => {
            if let Some(check) = to.checks.iter_mut().find(|check| *check == changed) {
                *check = from.clone();
            }
        }
        AddAttr(_) | DropAttr(_) | ModifyAttr(_) => {
            to.attrs = from.attrs.clone();
            to.comment.clone_from(&from.comment);
        }
        RenameConstraint { .. } => {}
    }
}
