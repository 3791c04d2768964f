//! Changing a table by copying it.
//!
//! Source: atlas `sql/sqlite/migrate.go`, `modifyTable`; SQLite, "ALTER TABLE", section 7.

use schema::{ChangeKind, ObjectPath, SmolStr, Table, TableChange};

use super::super::attr::AUTO_INCREMENT;
use super::super::diff::fold;
use super::{Planner, column_path, render, table_path};

impl Planner<'_> {
    /// Makes `to` beside `from`, moves the rows, and puts it in its place.
    pub(super) fn copy_table(&mut self, from: &Table, to: &Table, changes: &[TableChange]) {
        self.foreign_keys_off = true;
        let whole = self.with_excluded(from, to);
        let to = whole.as_ref().unwrap_or(to);
        let objects = objects(to, changes);
        let new = self.free_name(&to.name);
        let create = self.render.create_table(to, &new);
        let undo = vec![self.render.drop_table(&new)];
        self.push(create, format!("create {new:?} table"), undo, objects.clone());
        let columns = copied(to, changes);
        let copies = !columns.is_empty();
        if copies {
            let cmd = self.render.copy_rows(&from.name, &new, &columns);
            let comment = format!("copy rows from old table {:?} to new temporary table {new:?}", from.name);
            self.push(cmd, comment, Vec::new(), objects.clone());
        }
        if is_numbered(from) && is_numbered(to) {
            for cmd in self.render.keep_sequence(&from.name, &new) {
                let comment = format!("keep the sequence of table {:?}", from.name);
                self.push(cmd, comment, Vec::new(), objects.clone());
            }
        }
        let how = if copies { "after copying rows" } else { "without copying rows (no columns)" };
        let cmd = self.render.drop_table(&from.name);
        self.push(cmd, format!("drop {:?} table {how}", from.name), Vec::new(), objects.clone());
        self.lose_triggers(&from.name);
        self.checks_off = self.checks_off || self.someone_looks(&from.name);
        let cmd = self.render.rename_table(&new, &to.name);
        self.push(cmd, format!("rename temporary table {new:?} to {:?}", to.name), Vec::new(), objects);
        self.forget_indexes(from);
        for index in &to.indexes {
            self.add_index(to, index);
        }
        self.bring_back_triggers(&to.name);
    }

    /// `to` with what the user left out of the comparison: a copy must not lose it. `None` when that is nothing.
    fn with_excluded(&self, from: &Table, to: &Table) -> Option<Table> {
        let whole = *self.tables.get(&fold(&from.name))?;
        if *whole == *from {
            return None;
        }
        let has = |column: &SmolStr| from.columns.iter().any(|known| fold(&known.name) == fold(column));
        let mut to = to.clone();
        for (at, column) in whole.columns.iter().enumerate().filter(|(_, column)| !has(&column.name)) {
            to.columns.insert(at.min(to.columns.len()), column.clone());
        }
        if from.primary_key.is_none() && to.primary_key.is_none() {
            to.primary_key.clone_from(&whole.primary_key);
        }
        to.indexes.extend(whole.indexes.iter().filter(|index| !from.indexes.contains(index)).cloned());
        to.foreign_keys
            .extend(whole.foreign_keys.iter().filter(|key| !from.foreign_keys.contains(key)).cloned());
        to.checks.extend(whole.checks.iter().filter(|check| !from.checks.contains(check)).cloned());
        Some(to)
    }

    /// `new_t`, or the first of `new_t_2`, … that is free.
    fn free_name(&self, table: &str) -> SmolStr {
        let base = format!("new_{table}");
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let name =
            std::iter::once(base.clone()).chain(numbered).find(|name| !self.taken.contains(&fold(name)));
        name.unwrap_or(base).into()
    }

    /// Whether a view, or a trigger of another table, exists while the table does not: SQLite would refuse the rename
    /// if it mentions the table.
    fn someone_looks(&self, table: &str) -> bool {
        let table = fold(table);
        self.from.schemas.iter().any(|schema| {
            let view = schema.views.iter().any(|view| !self.dropped_views.contains(&fold(&view.name)));
            let trigger = schema.triggers.iter().any(|trigger| {
                let on = fold(&trigger.on);
                on != table && !self.dropped_tables.contains(&on) && !self.lost.contains(&fold(&trigger.name))
            });
            view || trigger
        })
    }
}

/// A column of the new table, and what it is filled from.
pub struct Copied<'a> {
    pub name: &'a SmolStr,
    /// Its name in the old table.
    pub old: &'a SmolStr,
    /// What stands for NULL, as SQL.
    pub default: Option<String>,
}

/// What is copied: every column of the new table that the old one has and SQLite does not compute.
fn copied<'a>(to: &'a Table, changes: &'a [TableChange]) -> Vec<Copied<'a>> {
    let mut columns = Vec::new();
    for column in to.columns.iter().filter(|column| column.generated.is_none()) {
        let mut copied = Some(Copied { name: &column.name, old: &column.name, default: None });
        for change in changes {
            match change {
                TableChange::AddColumn(new) if new.name == column.name => copied = None,
                TableChange::RenameColumn { from, to } if to.name == column.name => {
                    if let Some(copied) = &mut copied {
                        copied.old = &from.name;
                    }
                }
                TableChange::ModifyColumn(change) if change.to.name == column.name => {
                    let fills = change.kinds.has(ChangeKind::Null) || change.kinds.has(ChangeKind::Default);
                    if let Some(copied) = &mut copied {
                        copied.old = &change.from.name;
                        if fills && !column.nullable {
                            copied.default = render::default(column);
                        }
                    }
                }
                _ => {}
            }
        }
        columns.extend(copied);
    }
    columns
}

fn is_numbered(table: &Table) -> bool {
    table.columns.iter().any(|column| column.attrs.is(&AUTO_INCREMENT))
}

/// The table, and what changes in it.
fn objects(table: &Table, changes: &[TableChange]) -> Vec<ObjectPath> {
    let mut objects = vec![table_path(table)];
    let (schema, name) = (&table.schema, &table.name);
    for change in changes {
        objects.push(match change {
            TableChange::AddColumn(column)
            | TableChange::DropColumn(column)
            | TableChange::RenameColumn { to: column, .. } => column_path(table, &column.name),
            TableChange::ModifyColumn(change) => column_path(table, &change.to.name),
            TableChange::AddIndex(index)
            | TableChange::DropIndex(index)
            | TableChange::ModifyIndex { to: index, .. }
            | TableChange::RenameIndex { to: index, .. } => super::index_path(table, &index.name),
            TableChange::AddPrimaryKey(_)
            | TableChange::DropPrimaryKey(_)
            | TableChange::ModifyPrimaryKey { .. } => {
                ObjectPath::PrimaryKey { schema: schema.clone(), table: name.clone() }
            }
            TableChange::AddForeignKey(key)
            | TableChange::DropForeignKey(key)
            | TableChange::ModifyForeignKey { to: key, .. } => {
                let place = table.foreign_keys.iter().position(|other| other == key).unwrap_or_default();
                let key = key.name.clone().unwrap_or_else(|| format!("#{place}").into());
                ObjectPath::ForeignKey { schema: schema.clone(), table: name.clone(), key }
            }
            TableChange::AddCheck(check)
            | TableChange::DropCheck(check)
            | TableChange::ModifyCheck { to: check, .. } => {
                let place = table.checks.iter().position(|other| other == check).unwrap_or_default();
                let check = check.name.clone().unwrap_or_else(|| format!("#{place}").into());
                ObjectPath::Check { schema: schema.clone(), table: name.clone(), check }
            }
            TableChange::RenameConstraint { .. }
            | TableChange::AddAttr(_)
            | TableChange::DropAttr(_)
            | TableChange::ModifyAttr(_) => continue,
        });
    }
    objects
}
