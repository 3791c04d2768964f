//! What `ALTER TABLE` makes of the state, with everything else that names what was renamed.

use std::sync::Arc;

use schema::{Key, ObjectPath, PartOf, SmolStr, Table};

use super::apply::IN_USE;
use super::catalog::{At, Catalog, What, chain};
use super::effect::{Inline, Name, NewColumn};
use super::{Made, Rename};
use crate::decode::TABLE_DUPLICATE as DUPLICATE;
use crate::origin::Entry;

impl Catalog<'_> {
    pub(super) fn add_column(&mut self, at: &At<'_>, new: &NewColumn, ordinal: u64) {
        let Some((slot, table)) = self.table(at, &new.table, "a column cannot be added to it") else {
            return;
        };
        let folded = self.fold(&new.column.name);
        if table.columns.iter().any(|column| self.fold(&column.name) == folded) {
            let message = format!("column {:?} of table {:?} already exists", new.name.text, table.name);
            self.error(at, new.name.range, DUPLICATE, message);
            return;
        }
        let key = chain(self.key(slot), at.piece, ordinal);
        let inline = self.now.slots[slot].as_ref().map(|slot| slot.inline.clone()).unwrap_or_default();
        let schema = self.schema.clone();
        // The text of the column comes before the constraints of the table.
        let (checks, keys) = (inline.checks.len(), inline.foreign_keys.len());
        self.remake(slot, key, Some(at.place), |table, part, piece| {
            let (mut table, mut part) = (table.clone(), part.clone());
            table.columns.push(new.column.clone());
            let checks = checks.min(table.checks.len());
            table.checks.splice(checks..checks, new.checks.iter().cloned());
            let keys = keys.min(table.foreign_keys.len());
            table.foreign_keys.splice(keys..keys, new.foreign_keys.iter().cloned());
            let path =
                ObjectPath::Column { schema, table: table.name.clone(), column: new.column.name.clone() };
            part.entries.push(Entry { path, piece, range: new.range, name: new.name.range });
            Made::new(table, part)
        });
        self.refer(at, slot, &new.parents);
        if let Some(Some(slot)) = self.now.slots.get_mut(slot) {
            slot.inline.checks.extend(new.checks.iter().map(|_| folded.clone()));
            slot.inline.foreign_keys.extend(new.foreign_keys.iter().map(|_| folded.clone()));
        }
    }

    pub(super) fn drop_column(&mut self, at: &At<'_>, table_name: &Name, name: &Name, ordinal: u64) {
        let Some((slot, table)) = self.table(at, table_name, "a column cannot be dropped from it") else {
            return;
        };
        let at_slot = slot;
        let Some(column) = self.column(at, slot, &table, name) else { return };
        let inline = self.now.slots[slot].as_ref().map(|slot| slot.inline.clone()).unwrap_or_default();
        if let Some(reason) = self.why_kept(&table, column, &inline) {
            let message =
                format!("column {:?} of table {:?} cannot be dropped: {reason}", name.text, table.name);
            self.error(at, name.range, IN_USE, message);
            return;
        }
        let folded = self.fold(&name.text);
        let key = chain(self.key(slot), at.piece, ordinal);
        let schema = self.schema.clone();
        let keep = |owners: &[SmolStr], at: usize| owners.get(at) != Some(&folded);
        self.remake(slot, key, Some(at.place), |table, part, _| {
            let (mut table, mut part) = (table.clone(), part.clone());
            let gone = table.columns.remove(column);
            let mut at = 0;
            table.checks.retain(|_| {
                at += 1;
                keep(&inline.checks, at - 1)
            });
            at = 0;
            table.foreign_keys.retain(|_| {
                at += 1;
                keep(&inline.foreign_keys, at - 1)
            });
            let path = ObjectPath::Column { schema, table: table.name.clone(), column: gone.name };
            part.entries.retain(|entry| entry.path != path);
            Made::new(table, part)
        });
        if let Some(Some(slot)) = self.now.slots.get_mut(slot) {
            slot.inline.checks.retain(|owner| *owner != folded);
            slot.inline.foreign_keys.retain(|owner| *owner != folded);
        }
        // A column may come back; its references went with it.
        if self.table_at(&table.name).is_some_and(|(_, table)| table.foreign_keys.is_empty()) {
            self.now.parents.retain(|parent| parent.child != at_slot);
        }
    }

    /// Why SQLite would keep a column.
    fn why_kept(&self, table: &Table, column: usize, inline: &Inline) -> Option<String> {
        let name = table.columns.get(column)?.name.clone();
        let folded = self.fold(&name);
        let is = |other: &str| self.fold(other) == folded;
        let uses = |text: &str| self.dialect.ddl.columns_of(text).iter().any(|column| is(column));
        if table.columns.len() == 1 {
            return Some("there is no other column".into());
        }
        if table
            .primary_key
            .as_ref()
            .is_some_and(|key| key.parts.iter().any(|part| part.column_name().is_some_and(|n| is(n))))
        {
            return Some("it is part of the primary key".into());
        }
        for index in &table.indexes {
            let of_part = index.parts.iter().any(|part| match &part.of {
                PartOf::Column(column) => is(column),
                PartOf::Expr(expr) => uses(&expr.0),
            });
            if of_part || index.predicate.as_ref().is_some_and(|expr| uses(&expr.0)) {
                return Some(match index.key {
                    Key::UniqueConstraint | Key::Exclusion => "it is unique".into(),
                    Key::Index => format!("index {:?} uses it", index.name),
                });
            }
        }
        let other_check = table
            .checks
            .iter()
            .enumerate()
            .any(|(at, check)| inline.checks.get(at) != Some(&folded) && uses(&check.expr.0));
        if other_check {
            return Some("a check uses it".into());
        }
        let other_key = table.foreign_keys.iter().enumerate().any(|(at, key)| {
            inline.foreign_keys.get(at) != Some(&folded) && key.columns.iter().any(|column| is(column))
        });
        if other_key {
            return Some("a foreign key uses it".into());
        }
        let generated = table
            .columns
            .iter()
            .find(|column| !is(&column.name) && column.generated.as_ref().is_some_and(|g| uses(&g.expr.0)))?;
        Some(format!("column {:?} is computed from it", generated.name))
    }

    pub(super) fn rename_table(&mut self, at: &At<'_>, name: &Name, to: &Name, ordinal: u64) {
        let Some((slot, table)) = self.table(at, name, "it cannot be renamed") else { return };
        let (old, new) = (self.fold(&table.name), self.fold(&to.text));
        if old != new && (self.now.by_name.contains_key(&new) || self.now.indexes.contains_key(&new)) {
            let message = format!("table {:?}: there is already a table or index of that name", to.text);
            self.error(at, to.range, DUPLICATE, message);
            return;
        }
        let dialect = self.dialect;
        let schema = self.schema.clone();
        let is_old = |name: &str| dialect.decode.fold(name) == old;
        let key = chain(self.key(slot), at.piece, ordinal);
        self.remake(slot, key, Some(at.place), |table, part, piece| {
            let (mut table, mut part) = (table.clone(), part.clone());
            let from = std::mem::replace(&mut table.name, to.text.clone());
            for index in &mut table.indexes {
                if let Some(name) = dialect.ddl.rename_automatic(&index.name, &from, &to.text) {
                    index.name = name.into();
                }
            }
            for key in table.foreign_keys.iter_mut().filter(|key| is_old(&key.ref_table)) {
                key.ref_table = to.text.clone();
            }
            let rename = Rename { table: &from, column: None, to: &to.text };
            for check in &mut table.checks {
                check.expr.0 = dialect.ddl.rename_in_body(&check.expr.0, &rename);
            }
            for entry in &mut part.entries {
                move_path(&mut entry.path, &to.text);
            }
            if let Some(entry) = part.entries.first_mut() {
                let path = ObjectPath::Table { schema, table: to.text.clone() };
                *entry = Entry { path, piece, range: at.piece.statement_range(), name: to.range };
            }
            Made::new(table, part)
        });
        self.now.by_name.remove(&old);
        self.now.by_name.insert(new.clone(), slot);
        for index in &table.indexes {
            self.now.indexes.remove(&dialect.decode.fold(&index.name));
        }
        if let Some((_, table)) = self.table_at(&to.text) {
            for index in &table.indexes {
                self.now.indexes.insert(dialect.decode.fold(&index.name), slot);
            }
        }
        for parent in &mut self.now.parents {
            if dialect.decode.fold(&parent.table.0) == old {
                parent.table.0.clone_from(&to.text);
            }
        }
        self.rewrite(at, slot, ordinal, &Rename { table: &table.name, column: None, to: &to.text });
    }

    pub(super) fn rename_column(
        &mut self,
        at: &At<'_>,
        table_name: &Name,
        from: &Name,
        to: &Name,
        ordinal: u64,
    ) {
        let Some((slot, table)) = self.table(at, table_name, "its columns cannot be renamed") else { return };
        let Some(column) = self.column(at, slot, &table, from) else { return };
        let (old, new) = (self.fold(&from.text), self.fold(&to.text));
        if old != new && table.columns.iter().any(|column| self.fold(&column.name) == new) {
            let message = format!("column {:?} of table {:?} already exists", to.text, table.name);
            self.error(at, to.range, DUPLICATE, message);
            return;
        }
        let dialect = self.dialect;
        let is_old = |name: &str| dialect.decode.fold(name) == old;
        let own = self.fold(&table.name);
        let schema = self.schema.clone();
        let key = chain(self.key(slot), at.piece, ordinal);
        self.remake(slot, key, Some(at.place), |table, part, piece| {
            let (mut table, mut part) = (table.clone(), part.clone());
            let old_name = std::mem::replace(&mut table.columns[column].name, to.text.clone());
            let expr = |text: &mut String| *text = dialect.ddl.rename_in_expr(text, &old_name, &to.text);
            let rename = |name: &mut SmolStr| {
                if is_old(name) {
                    name.clone_from(&to.text);
                }
            };
            for generated in table.columns.iter_mut().filter_map(|column| column.generated.as_mut()) {
                expr(&mut generated.expr.0);
            }
            let keyed = table.primary_key.iter_mut().flat_map(|key| &mut key.parts);
            for part in keyed.chain(table.indexes.iter_mut().flat_map(|index| &mut index.parts)) {
                match &mut part.of {
                    PartOf::Column(name) => rename(name),
                    PartOf::Expr(text) => expr(&mut text.0),
                }
            }
            for predicate in table.indexes.iter_mut().filter_map(|index| index.predicate.as_mut()) {
                expr(&mut predicate.0);
            }
            for check in &mut table.checks {
                expr(&mut check.expr.0);
            }
            for key in &mut table.foreign_keys {
                key.columns.iter_mut().for_each(rename);
                if dialect.decode.fold(&key.ref_table) == own {
                    key.ref_columns.iter_mut().for_each(rename);
                }
            }
            let path =
                |column| ObjectPath::Column { schema: schema.clone(), table: table.name.clone(), column };
            let (before, after) = (path(old_name.clone()), path(to.text.clone()));
            for entry in part.entries.iter_mut().filter(|entry| entry.path == before) {
                *entry =
                    Entry { path: after.clone(), piece, range: at.piece.statement_range(), name: to.range };
            }
            Made::new(table, part)
        });
        if let Some(Some(slot)) = self.now.slots.get_mut(slot) {
            for owner in slot.inline.checks.iter_mut().chain(&mut slot.inline.foreign_keys) {
                if *owner == old {
                    owner.clone_from(&new);
                }
            }
        }
        for parent in self.now.parents.iter_mut().filter(|parent| dialect.decode.fold(&parent.table.0) == own)
        {
            for (name, _) in parent.columns.iter_mut().filter(|(name, _)| dialect.decode.fold(name) == old) {
                name.clone_from(&to.text);
            }
        }
        let rename = Rename { table: &table.name, column: Some(&from.text), to: &to.text };
        self.rewrite(at, slot, ordinal, &rename);
    }

    /// Everything else that names what was renamed: foreign keys of other tables, views, triggers.
    fn rewrite(&mut self, at: &At<'_>, renamed: usize, ordinal: u64, rename: &Rename<'_>) {
        let dialect = self.dialect;
        let own = self.fold(rename.table);
        let is_own = |name: &str| dialect.decode.fold(name) == own;
        for slot in (0..self.now.slots.len()).filter(|slot| *slot != renamed) {
            let Some(Some(entry)) = self.now.slots.get_mut(slot) else { continue };
            match &mut entry.what {
                What::Table(table) if table.foreign_keys.iter().any(|key| is_own(&key.ref_table)) => {
                    let key = chain(entry.key, at.piece, ordinal.wrapping_add(1 << 32));
                    self.remake(slot, key, None, |table, part, _| {
                        let mut table = table.clone();
                        for key in table.foreign_keys.iter_mut().filter(|key| is_own(&key.ref_table)) {
                            match rename.column {
                                None => key.ref_table = rename.to.into(),
                                Some(from) => {
                                    let from = dialect.decode.fold(from);
                                    for column in &mut key.ref_columns {
                                        if dialect.decode.fold(column) == from {
                                            *column = rename.to.into();
                                        }
                                    }
                                }
                            }
                        }
                        Made::new(table, part.clone())
                    });
                }
                What::View(view) => {
                    let body = dialect.ddl.rename_in_body(&view.body, rename);
                    if body != view.body {
                        *view = Arc::new(dialect.ddl.view_with_body(view, body));
                    }
                }
                _ => {}
            }
        }
        for slot in self.now.triggers.iter_mut().flatten() {
            let body = dialect.ddl.rename_in_body(&slot.trigger.body, rename);
            let moves = rename.column.is_none() && is_own(&slot.trigger.on);
            if body != slot.trigger.body || moves {
                let trigger = Arc::make_mut(&mut slot.trigger);
                trigger.body = body;
                if moves {
                    trigger.on = rename.to.into();
                }
            }
        }
    }
}

/// The same path under another table.
fn move_path(path: &mut ObjectPath, to: &SmolStr) {
    use ObjectPath::{Check, Column, ForeignKey, Index, PrimaryKey, Table};
    match path {
        Table { table, .. }
        | Column { table, .. }
        | PrimaryKey { table, .. }
        | Index { table, .. }
        | ForeignKey { table, .. }
        | Check { table, .. } => table.clone_from(to),
        _ => {}
    }
}
