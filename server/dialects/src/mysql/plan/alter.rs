//! `ALTER TABLE`: which changes go into which statement, and what undoes them.
//!
//! Up to two statements for one table: the first drops what the second adds again under the same name. A third holds
//! what stands apart from the list of clauses: partitions. Invariant: clauses are in the order of the changes.
//!
//! Source: atlas `sql/mysql/migrate.go`, `modifyTable` and `alterTable`; reference engine.md §10, §14.

use engine::plan::Writer;
use schema::{
    Attrs, Check, Column, ColumnChange, ForeignKey, Index, PartOf, SmolStr, Storage, Table, TableChange,
};

use super::super::attr::{IN_COLUMN, PARTITION, PARTITIONS, SYSTEM_VERSIONED};
use super::super::features::{DROP_CONSTRAINT, RENAME_COLUMN, RENAME_INDEX};
use super::super::implied;
use super::partition;
use super::render::{Render, refuse_set_null};

/// Which state of the table a change leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forward,
    Back,
}

/// One `ALTER TABLE` and what undoes it.
#[derive(Debug, Default)]
pub struct Statement {
    pub cmd: String,
    pub reverse: Vec<String>,
    /// The changes it carries out.
    pub changes: Vec<TableChange>,
}

/// A table and the table it becomes.
pub struct Alter<'a> {
    pub render: Render<'a>,
    pub from: &'a Table,
    pub to: &'a Table,
    /// Whether other tables' foreign keys refer to columns of it.
    pub is_parent_by: &'a dyn Fn(&[SmolStr]) -> bool,
}

impl Alter<'_> {
    /// The statements for `changes`.
    ///
    /// # Errors
    /// What this server cannot do, in words.
    pub fn statements(&self, changes: &[TableChange]) -> Result<Vec<Statement>, String> {
        if self.to.columns.is_empty() {
            return Err(format!("table {:?} has no columns; drop the table instead", self.to.name));
        }
        let [first, second, last] = self.split(changes);
        let mut out = Vec::new();
        for part in [first, second] {
            if !part.is_empty() {
                out.extend(self.alter(part)?);
            }
        }
        for change in last {
            out.extend(self.apart(change));
        }
        Ok(out)
    }

    fn split(&self, changes: &[TableChange]) -> [Vec<TableChange>; 3] {
        let [mut first, mut second, mut last] = [(); 3].map(|()| Vec::new());
        let going: Vec<&ForeignKey> = changes
            .iter()
            .filter_map(|change| match change {
                TableChange::DropForeignKey(key) | TableChange::ModifyForeignKey { from: key, .. } => {
                    Some(key)
                }
                _ => None,
            })
            .collect();
        for change in without_implied(changes) {
            match change {
                // The server does not know that the name of a key is free in the statement that drops it.
                TableChange::ModifyForeignKey { from, to, .. } => {
                    first.push(TableChange::DropForeignKey(from.clone()));
                    second.push(TableChange::AddForeignKey(to.clone()));
                }
                TableChange::ModifyIndex { from, to, .. } if self.is_needed(from, &going) => {
                    second.push(TableChange::DropIndex(from.clone()));
                    second.push(TableChange::AddIndex(to.clone()));
                }
                TableChange::ModifyIndex { from, to, .. } => {
                    first.push(TableChange::DropIndex(from.clone()));
                    second.push(TableChange::AddIndex(to.clone()));
                }
                TableChange::RenameIndex { from, to } if !self.render.server.has(RENAME_INDEX) => {
                    second.push(TableChange::DropIndex(from.clone()));
                    second.push(TableChange::AddIndex(to.clone()));
                }
                TableChange::AddAttr(name) | TableChange::DropAttr(name) | TableChange::ModifyAttr(name)
                    if *name == PARTITION.name || *name == SYSTEM_VERSIONED.name =>
                {
                    last.push(change.clone());
                }
                _ => second.push(change.clone()),
            }
        }
        second.sort_by_key(rank);
        [first, second, last]
    }

    /// Whether a foreign key that stays uses the index: the server refuses to be without it even for a moment.
    fn is_needed(&self, index: &Index, going: &[&ForeignKey]) -> bool {
        let stays = |key: &&ForeignKey| !going.contains(key);
        let own = self.from.foreign_keys.iter().filter(stays);
        let columns: Vec<SmolStr> =
            index.parts.iter().filter_map(|part| part.column_name().cloned()).collect();
        own.into_iter().any(|key| implied::serves(index, &key.columns)) || (self.is_parent_by)(&columns)
    }

    fn alter(&self, changes: Vec<TableChange>) -> Result<Option<Statement>, String> {
        let mut clauses = Vec::new();
        for change in &changes {
            clauses.extend(
                self.clauses(change, Direction::Forward)
                    .map_err(|error| format!("alter table {:?}: {error}", self.to.name))?,
            );
        }
        if clauses.is_empty() {
            return Ok(None);
        }
        let mut back = Some(Vec::new());
        for change in changes.iter().rev() {
            match (reversed(change), &mut back) {
                (Some(change), Some(list)) => list.extend(
                    self.clauses(&change, Direction::Back)
                        .map_err(|error| format!("reversed alter table {:?}: {error}", self.to.name))?,
                ),
                _ => back = None,
            }
        }
        let back = back.unwrap_or_default();
        let reverse = if back.is_empty() { Vec::new() } else { vec![self.statement(&back)] };
        Ok(Some(Statement { cmd: self.statement(&clauses), reverse, changes }))
    }

    fn statement(&self, clauses: &[String]) -> String {
        let mut writer = self.render.flat().writer();
        writer.word("ALTER TABLE");
        self.render.path(&mut writer, &self.to.schema, &self.to.name);
        writer.word(&clauses.join(", "));
        writer.finish()
    }

    /// The state of the table that a change of this direction leads to, and the one it comes from.
    fn states(&self, direction: Direction) -> (&Table, &Table) {
        match direction {
            Direction::Forward => (self.to, self.from),
            Direction::Back => (self.from, self.to),
        }
    }

    fn clauses(&self, change: &TableChange, direction: Direction) -> Result<Vec<String>, String> {
        let (home, away) = self.states(direction);
        let render = self.render.flat();
        let named = |words: &str, name: &str| {
            let mut writer = render.writer();
            writer.word(words).ident(name);
            writer.finish()
        };
        let renamed = |words: &str, from: &str, to: &str| {
            let mut writer = render.writer();
            writer.word(words).ident(from).word("TO").ident(to);
            writer.finish()
        };
        Ok(vec![match change {
            TableChange::AddColumn(column) => format!("ADD COLUMN {}", self.column(home, column)?),
            TableChange::DropColumn(column) => named("DROP COLUMN", &column.name),
            TableChange::ModifyColumn(ColumnChange { from, to, .. }) => {
                if direction == Direction::Forward {
                    refuse_generated(from, to)?;
                }
                let definition = self.column(home, to)?;
                if from.name == to.name {
                    format!("MODIFY COLUMN {definition}")
                } else {
                    format!("{} {definition}", named("CHANGE COLUMN", &from.name))
                }
            }
            TableChange::RenameColumn { from, to } if render.server.has(RENAME_COLUMN) => {
                renamed("RENAME COLUMN", &from.name, &to.name)
            }
            TableChange::RenameColumn { from, to } => {
                format!("{} {}", named("CHANGE COLUMN", &from.name), self.column(home, to)?)
            }
            TableChange::AddPrimaryKey(key) => format!("ADD {}", render.primary_key(key)),
            TableChange::DropPrimaryKey(_) => "DROP PRIMARY KEY".to_string(),
            TableChange::ModifyPrimaryKey { to, .. } => {
                format!("DROP PRIMARY KEY, ADD {}", render.primary_key(to))
            }
            TableChange::AddIndex(index) => format!("ADD {}", render.index(index)),
            TableChange::DropIndex(index) => named("DROP INDEX", &index.name),
            TableChange::RenameIndex { from, to } => renamed("RENAME INDEX", &from.name, &to.name),
            TableChange::AddForeignKey(key) => {
                if direction == Direction::Forward {
                    refuse_set_null(home, key)?;
                }
                format!("ADD {}", render.foreign_key(home, key))
            }
            TableChange::DropForeignKey(key) => {
                named("DROP FOREIGN KEY", key.name.as_deref().unwrap_or_default())
            }
            TableChange::AddCheck(check) => match self.inside(home, check) {
                // It comes with the column's definition, which is written anyway or here.
                Some(column) if away.column(&column.name).is_some() => {
                    format!("MODIFY COLUMN {}", self.column(home, column)?)
                }
                Some(_) => return Ok(Vec::new()),
                None => format!("ADD {}", render.check(check)),
            },
            TableChange::DropCheck(check) => match self.inside(away, check) {
                Some(column) => match home.column(&column.name) {
                    Some(column) => format!("MODIFY COLUMN {}", self.column(home, column)?),
                    None => return Ok(Vec::new()),
                },
                None => self.drop_check(check),
            },
            TableChange::ModifyCheck { from, to, .. } => {
                return self.modify_check(from, to, home, away);
            }
            TableChange::ModifyAttr(name) | TableChange::AddAttr(name) | TableChange::DropAttr(name) => {
                return Ok(render.table_attr(home, name, true).into_iter().collect());
            }
            // No constraint of MySQL can be renamed by itself.
            TableChange::ModifyForeignKey { .. }
            | TableChange::ModifyIndex { .. }
            | TableChange::RenameConstraint { .. } => return Ok(Vec::new()),
        }])
    }

    fn column(&self, home: &Table, column: &Column) -> Result<String, String> {
        self.render.flat().column(self.to, home, column)
    }

    /// The column whose definition has the check.
    fn inside<'t>(&self, table: &'t Table, check: &Check) -> Option<&'t Column> {
        let inside = self.render.maria() && check.attrs.is(&IN_COLUMN);
        let name = check.name.as_ref().filter(|_| inside)?;
        table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn drop_check(&self, check: &Check) -> String {
        let mut writer = self.render.flat().writer();
        let constraint = self.render.maria() || self.render.server.has(DROP_CONSTRAINT);
        writer.word(if constraint { "DROP CONSTRAINT" } else { "DROP CHECK" });
        writer.ident(check.name.as_deref().unwrap_or_default());
        writer.finish()
    }

    fn modify_check(
        &self,
        from: &Check,
        to: &Check,
        home: &Table,
        away: &Table,
    ) -> Result<Vec<String>, String> {
        let render = self.render.flat();
        let (Some(old), Some(_)) = (&from.name, &to.name) else {
            return Err("cannot modify unnamed check constraint".to_string());
        };
        // Inside a definition the check is what the definition says.
        if self.inside(away, from).is_some() || self.inside(home, to).is_some() {
            let mut changed = home.clone();
            changed.checks.retain(|check| check.name != to.name);
            let mut check = to.clone();
            check.attrs.set(&IN_COLUMN, true);
            changed.checks.push(check.clone());
            if let Some(column) = self.inside(&changed, &check) {
                return Ok(vec![format!("MODIFY COLUMN {}", self.column(&changed, column)?)]);
            }
        }
        let mut writer = render.writer();
        if super::super::words::same(&from.expr.0, &to.expr.0)
            && render.is_switched_off(from) != render.is_switched_off(to)
        {
            writer.word("ALTER CHECK").ident(old);
            writer.word_if(render.is_switched_off(to), "NOT").word("ENFORCED");
            return Ok(vec![writer.finish()]);
        }
        writer.word(if render.maria() { "DROP CONSTRAINT" } else { "DROP CHECK" }).ident(old);
        Ok(vec![writer.finish(), format!("ADD {}", render.check(to))])
    }

    /// A change that is a statement of its own.
    fn apart(&self, change: TableChange) -> Option<Statement> {
        let name = match &change {
            TableChange::AddAttr(name) | TableChange::DropAttr(name) | TableChange::ModifyAttr(name) => *name,
            _ => return None,
        };
        let one = |home: &Table, away: &Table| {
            if name == PARTITION.name {
                partitions(&away.attrs, &home.attrs, home)
            } else if home.attrs.is(&SYSTEM_VERSIONED) {
                Some("ADD SYSTEM VERSIONING".to_string())
            } else {
                Some("DROP SYSTEM VERSIONING".to_string())
            }
        };
        let cmd = self.statement(&[one(self.to, self.from)?]);
        let reverse = one(self.from, self.to).map(|clause| self.statement(&[clause]));
        Some(Statement { cmd, reverse: reverse.into_iter().collect(), changes: vec![change] })
    }
}

/// Attributes come first, in this order; everything else stays where it is.
fn rank(change: &TableChange) -> usize {
    let order = ["auto_increment", "comment", "charset", "collate", "engine"];
    match change {
        TableChange::AddAttr(name) | TableChange::ModifyAttr(name) | TableChange::DropAttr(name) => {
            order.iter().position(|other| other == name).unwrap_or(order.len())
        }
        _ => order.len() + 1,
    }
}

/// The changes without the dropped indexes that go with their columns.
///
/// Source: atlas `sql/mysql/migrate.go`, `skipAutoChanges`.
fn without_implied(changes: &[TableChange]) -> impl Iterator<Item = &TableChange> {
    let is_dropped = |name: &SmolStr| {
        changes.iter().any(|change| {
            matches!(change, TableChange::DropColumn(column) if column.name.eq_ignore_ascii_case(name))
        })
    };
    changes.iter().filter(move |change| match change {
        TableChange::DropIndex(index) => {
            index.parts.is_empty()
                || !index.parts.iter().all(|part| match &part.of {
                    PartOf::Column(name) => is_dropped(name),
                    PartOf::Expr(_) => false,
                })
        }
        _ => true,
    })
}

/// What undoes a change; `None` when nothing does.
fn reversed(change: &TableChange) -> Option<TableChange> {
    use TableChange::*;
    Some(match change.clone() {
        AddColumn(column) => DropColumn(column),
        DropColumn(column) => AddColumn(column),
        ModifyColumn(ColumnChange { from, to, kinds }) => {
            ModifyColumn(ColumnChange { from: to, to: from, kinds })
        }
        RenameColumn { from, to } => RenameColumn { from: to, to: from },
        AddPrimaryKey(key) => DropPrimaryKey(key),
        DropPrimaryKey(key) => AddPrimaryKey(key),
        ModifyPrimaryKey { from, to, kinds } => ModifyPrimaryKey { from: to, to: from, kinds },
        AddIndex(index) => DropIndex(index),
        DropIndex(index) => AddIndex(index),
        ModifyIndex { from, to, kinds } => ModifyIndex { from: to, to: from, kinds },
        RenameIndex { from, to } => RenameIndex { from: to, to: from },
        AddForeignKey(key) => DropForeignKey(ForeignKey { name: Some(key.name.clone()?), ..key }),
        DropForeignKey(key) => AddForeignKey(key),
        ModifyForeignKey { from, to, kinds } => ModifyForeignKey { from: to, to: from, kinds },
        // The name the server chose is not known.
        AddCheck(check) => DropCheck(Check { name: Some(check.name.clone()?), ..check }),
        DropCheck(check) => AddCheck(check),
        ModifyCheck { from, to, kinds } => ModifyCheck { from: to, to: from, kinds },
        RenameConstraint { from, to } => RenameConstraint { from: to, to: from },
        AddAttr(name) => DropAttr(name),
        DropAttr(name) => AddAttr(name),
        ModifyAttr(name) => ModifyAttr(name),
    })
}

/// Changes of generated columns that the server refuses.
///
/// Source: atlas `sql/mysql/migrate.go`, `checkChangeGenerated`.
fn refuse_generated(from: &Column, to: &Column) -> Result<(), String> {
    let again = "is not supported (drop and add is required)";
    match (from.generated.as_ref().map(|it| it.storage), to.generated.as_ref().map(|it| it.storage)) {
        (None, Some(Storage::Virtual)) => {
            Err(format!("changing column {:?} to VIRTUAL generated column {again}", from.name))
        }
        (Some(Storage::Virtual), None) => {
            Err(format!("changing VIRTUAL generated column {:?} to non-generated column {again}", from.name))
        }
        (Some(old), Some(new)) if old != new => Err(format!(
            "changing the store type of generated column {:?} from {:?} to {:?} is not supported",
            from.name,
            old.sql(),
            new.sql()
        )),
        _ => Ok(()),
    }
}

/// The clause that turns the partitions of `from` into those of `to`, without losing a row.
fn partitions(from: &Attrs, to: &Attrs, home: &Table) -> Option<String> {
    let item = |attrs: &Attrs| attrs.get(&PARTITION).and_then(|items| items.into_iter().next());
    let Some(new) = item(to) else { return Some("REMOVE PARTITIONING".to_string()) };
    if let Some(old) = item(from) {
        let (old_list, new_list) =
            (old.get(&PARTITIONS).unwrap_or_default(), new.get(&PARTITIONS).unwrap_or_default());
        let rest = |mut attrs: Attrs| {
            attrs.remove(&PARTITIONS);
            attrs
        };
        let ranged = |attrs: &Attrs| {
            attrs.get(&super::super::attr::LESS_THAN).is_some()
                || attrs.get(&super::super::attr::IN).is_some()
        };
        let grows = rest(old) == rest(new)
            && new_list.len() > old_list.len()
            && new_list.starts_with(&old_list)
            && new_list.iter().all(ranged);
        if grows {
            let mut writer = Writer::new('`', "");
            writer.word("ADD PARTITION").list(&new_list[old_list.len()..], partition::one);
            return Some(writer.finish());
        }
    }
    partition::clause(home)
}
