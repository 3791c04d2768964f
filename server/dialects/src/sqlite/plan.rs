//! Changes as SQLite statements.
//!
//! SQLite can add a column and rename things; every other change of a table is a copy: make the new table, copy the
//! rows, drop the old one, rename. A copy takes along what SQLite drops with the old table: triggers and the sequence
//! of an `AUTOINCREMENT` key. Invariant: the statements are in the order of the changes, between the two switches of
//! foreign keys when a table is dropped or copied.
//!
//! Source: atlas `sql/sqlite/migrate.go`; SQLite, "Making Other Kinds Of Table Schema Changes"; reference engine.md §11.

mod copy;
mod render;

use engine::Error;
use engine::plan::{Hooks, Mode, Options, Plan, Statement};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Change, Index, ObjectPath, Realm, SmolStr, Table, TableChange, Trigger, View};

use self::render::Render;
use super::attr::{CREATE, ON_CONFLICT};
use super::diff::{fold, is_automatic};

pub struct Sqlite;

impl Hooks for Sqlite {
    fn plan(&self, changes: &[Change], from: &Realm, options: &Options) -> Result<Plan, Error> {
        let mut planner = Planner::new(changes, from, options);
        planner.hoist_index_drops(changes);
        for (at, change) in changes.iter().enumerate() {
            planner.at = at;
            planner.change(change)?;
        }
        Ok(planner.finish())
    }
}

/// The state of one plan.
struct Planner<'a> {
    from: &'a Realm,
    /// The tables of `from`, and the triggers of each table or view; by name in lower case.
    tables: FxHashMap<SmolStr, &'a Table>,
    triggers_on: FxHashMap<SmolStr, Vec<&'a Trigger>>,
    render: Render<'a>,
    statements: Vec<Statement>,
    /// The change being planned.
    at: usize,
    /// A table is dropped or copied.
    foreign_keys_off: bool,
    /// A table is renamed while views or triggers exist.
    checks_off: bool,
    /// Names of indexes that exist at this point, with their tables; in lower case.
    indexes: FxHashMap<SmolStr, SmolStr>,
    /// Names of tables and views that exist before or after; in lower case.
    taken: FxHashSet<SmolStr>,
    /// Triggers that `changes` say something about; in lower case.
    triggers: FxHashSet<SmolStr>,
    /// Triggers that went with their table and are not back; in lower case.
    lost: FxHashSet<SmolStr>,
    /// Views and tables of `from` that are gone at this point; in lower case.
    dropped_views: FxHashSet<SmolStr>,
    dropped_tables: FxHashSet<SmolStr>,
    mode: Mode,
}

impl<'a> Planner<'a> {
    fn new(changes: &[Change], from: &'a Realm, options: &'a Options) -> Self {
        let mut planner = Self {
            from,
            tables: FxHashMap::default(),
            triggers_on: FxHashMap::default(),
            render: Render {
                indent: &options.indent,
                qualifier: options.qualifier.as_deref().unwrap_or_default(),
            },
            statements: Vec::new(),
            at: 0,
            foreign_keys_off: false,
            checks_off: false,
            indexes: FxHashMap::default(),
            taken: FxHashSet::default(),
            triggers: FxHashSet::default(),
            lost: FxHashSet::default(),
            dropped_views: FxHashSet::default(),
            dropped_tables: FxHashSet::default(),
            mode: options.mode,
        };
        for (_, table) in from.tables() {
            let name = fold(&table.name);
            planner.indexes.extend(table.indexes.iter().map(|index| (fold(&index.name), name.clone())));
            planner.taken.insert(name.clone());
            planner.tables.insert(name, table);
        }
        for schema in &from.schemas {
            planner.taken.extend(schema.views.iter().map(|view| fold(&view.name)));
            for trigger in &schema.triggers {
                planner.triggers_on.entry(fold(&trigger.on)).or_default().push(trigger);
            }
        }
        for change in changes {
            match change {
                Change::AddTable(table) => {
                    planner.taken.insert(fold(&table.name));
                }
                Change::DropTrigger(trigger) | Change::ModifyTrigger { to: trigger, .. } => {
                    planner.triggers.insert(fold(&trigger.name));
                }
                _ => {}
            }
        }
        planner
    }

    fn push(&mut self, cmd: String, comment: String, reverse: Vec<String>, objects: Vec<ObjectPath>) {
        self.statements.push(Statement { cmd, comment, reverse, change: self.at, objects });
    }

    fn finish(mut self) -> Plan {
        let last = self.at;
        let first = self.statements.first().map_or(0, |statement| statement.change);
        let mut switch = |on: bool, statement: Statement| {
            if on {
                self.statements.push(statement);
            } else {
                self.statements.insert(0, statement);
            }
        };
        let pragma = |cmd: &str, comment: &str, change: usize| Statement {
            cmd: cmd.to_string(),
            comment: comment.to_string(),
            change,
            ..Statement::default()
        };
        if self.checks_off {
            switch(
                false,
                pragma(
                    "PRAGMA legacy_alter_table = on",
                    "disable the checks of views and triggers when a table is renamed",
                    first,
                ),
            );
            switch(
                true,
                pragma(
                    "PRAGMA legacy_alter_table = off",
                    "enable back the checks of views and triggers when a table is renamed",
                    last,
                ),
            );
        }
        if self.foreign_keys_off {
            switch(
                false,
                pragma(
                    "PRAGMA foreign_keys = off",
                    "disable the enforcement of foreign-keys constraints",
                    first,
                ),
            );
            switch(
                true,
                pragma(
                    "PRAGMA foreign_keys = on",
                    "enable back the enforcement of foreign-keys constraints",
                    last,
                ),
            );
        }
        let reversible = self.statements.iter().all(|statement| !statement.reverse.is_empty());
        Plan { statements: self.statements, transactional: true, reversible }
    }

    /// Names of indexes are those of the whole database: one that moves to another table must be gone there before it
    /// is made here.
    fn hoist_index_drops(&mut self, changes: &[Change]) {
        let mut made: FxHashMap<SmolStr, SmolStr> = FxHashMap::default();
        for change in changes {
            match change {
                Change::AddTable(table) => {
                    made.extend(table.indexes.iter().map(|index| (fold(&index.name), fold(&table.name))));
                }
                Change::ModifyTable { to, changes, .. } => {
                    for change in changes {
                        if let TableChange::AddIndex(index) | TableChange::ModifyIndex { to: index, .. } =
                            change
                        {
                            made.insert(fold(&index.name), fold(&to.name));
                        }
                    }
                }
                _ => {}
            }
        }
        for (at, change) in changes.iter().enumerate() {
            let (table, gone): (&Table, Vec<&Index>) = match change {
                Change::DropTable(table) => (table, table.indexes.iter().collect()),
                Change::ModifyTable { from, changes, .. } => {
                    let dropped = changes.iter().filter_map(|change| match change {
                        TableChange::DropIndex(index) => Some(index),
                        _ => None,
                    });
                    (from, dropped.collect())
                }
                _ => continue,
            };
            for index in gone.into_iter().filter(|index| !is_automatic(index)) {
                if made.get(&fold(&index.name)).is_some_and(|other| *other != fold(&table.name)) {
                    self.at = at;
                    self.drop_index(table, index);
                }
            }
        }
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        match change {
            // SQLite's schema is the file: it is there.
            Change::AddSchema(schema) if schema.name == "main" => {}
            Change::ModifySchema { .. } => {}
            Change::AddTable(table) => {
                render::check(table).map_err(|errors| failed("create table", table, &errors))?;
                self.add_table(table);
            }
            Change::DropTable(table) => self.drop_table(table),
            Change::RenameTable { from, to } => {
                let rename = |a: &str, b: &str| self.render.rename_table(a, b);
                let (cmd, reverse) = (rename(&from.name, &to.name), rename(&to.name, &from.name));
                let comment = format!("rename a table from {:?} to {:?}", from.name, to.name);
                self.push(cmd, comment, vec![reverse], vec![table_path(to), table_path(from)]);
            }
            Change::ModifyTable { from, to, changes } => {
                render::check(to).map_err(|errors| failed("alter table", to, &errors))?;
                if is_alterable(to, changes) {
                    self.alter_table(from, to, changes);
                } else {
                    self.copy_table(from, to, changes);
                }
            }
            Change::RenameView { from, to } => {
                self.drop_view(from);
                self.add_view(to);
            }
            Change::RenameTrigger { from, to } => {
                self.drop_trigger(from);
                self.add_trigger(to);
            }
            Change::RenameObject { from, to } => {
                let rename = |a: &str, b: &str| self.render.rename_table(a, b);
                let (cmd, reverse) = (rename(&from.name, &to.name), rename(&to.name, &from.name));
                let comment = format!("rename {} {:?} to {:?}", from.kind, from.name, to.name);
                self.push(cmd, comment, vec![reverse], vec![object_path(to), object_path(from)]);
            }
            Change::AddView(view) => self.add_view(view),
            Change::DropView(view) => self.drop_view(view),
            Change::ModifyView { from, to } => {
                self.drop_view(from);
                self.add_view(to);
                self.bring_back_triggers(&to.name);
            }
            Change::AddTrigger(trigger) => self.add_trigger(trigger),
            Change::DropTrigger(trigger) => self.drop_trigger(trigger),
            Change::ModifyTrigger { from, to } => {
                self.drop_trigger(from);
                self.add_trigger(to);
            }
            Change::AddObject(object) => self.add_object(object),
            Change::DropObject(object) => self.drop_object(object),
            Change::ModifyObject { from, to } => {
                self.drop_object(from);
                self.add_object(to);
            }
            Change::AddSchema(_) => {
                return Err(Error::Unsupported("unsupported change *schema.AddSchema".into()));
            }
            Change::DropSchema(_) => {
                return Err(Error::Unsupported("unsupported change *schema.DropSchema".into()));
            }
            Change::RenameSchema { .. } => {
                return Err(Error::Unsupported("unsupported change *schema.RenameSchema".into()));
            }
            Change::AddRoutine(_)
            | Change::DropRoutine(_)
            | Change::RenameRoutine { .. }
            | Change::ModifyRoutine { .. } => {
                return Err(Error::Unsupported("sqlite has no functions or procedures".into()));
            }
        }
        Ok(())
    }

    fn add_table(&mut self, table: &Table) {
        let cmd = self.render.create_table(table, &table.name);
        let comment = format!("create {:?} table", table.name);
        self.push(cmd, comment, vec![self.render.drop_table(&table.name)], vec![table_path(table)]);
        for index in &table.indexes {
            self.add_index(table, index);
        }
    }

    fn drop_table(&mut self, table: &Table) {
        self.foreign_keys_off = true;
        let mut reverse = vec![Render { indent: "", ..self.render }.create_table(table, &table.name)];
        for index in table.indexes.iter().filter(|index| !render::is_inline(index)) {
            let name = self.index_name(table, index);
            reverse.push(self.render.create_index(table, index, &name));
        }
        let cmd = self.render.drop_table(&table.name);
        self.push(cmd, format!("drop {:?} table", table.name), reverse, vec![table_path(table)]);
        self.forget_indexes(table);
        self.dropped_tables.insert(fold(&table.name));
    }

    /// Notes that the indexes of a table went with it, those the user left out of the comparison too.
    fn forget_indexes(&mut self, table: &Table) {
        let owner = fold(&table.name);
        let whole = self.tables.get(&owner).copied();
        for index in table.indexes.iter().chain(whole.iter().flat_map(|table| &table.indexes)) {
            let name = fold(&index.name);
            if self.indexes.get(&name) == Some(&owner) {
                self.indexes.remove(&name);
            }
        }
    }

    /// The name an index is made under: its own, or one from its table and columns that is free.
    fn index_name(&self, table: &Table, index: &Index) -> SmolStr {
        if !is_automatic(index) {
            return index.name.clone();
        }
        let mut base = table.name.to_string();
        for part in &index.parts {
            base.push('_');
            base.push_str(part.column_name().map_or("expr", |name| name.as_str()));
        }
        let own = fold(&table.name);
        let free = |name: &str| {
            let name = fold(name);
            self.indexes.get(&name).is_none_or(|owner| {
                *owner == own && !table.indexes.iter().any(|other| fold(&other.name) == name)
            }) && !self.taken.contains(&name)
                && !table.indexes.iter().any(|other| !is_automatic(other) && fold(&other.name) == name)
        };
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let name = std::iter::once(base.clone()).chain(numbered).find(|name| free(name));
        name.unwrap_or(base).into()
    }

    fn add_index(&mut self, table: &Table, index: &Index) {
        if render::is_inline(index) {
            return;
        }
        let name = self.index_name(table, index);
        let cmd = self.render.create_index(table, index, &name);
        let comment = format!("create index {name:?} to table: {:?}", table.name);
        self.push(
            cmd,
            comment,
            vec![self.render.drop_index(&name)],
            vec![index_path(table, &index.name), table_path(table)],
        );
        self.indexes.insert(fold(&name), fold(&table.name));
    }

    fn drop_index(&mut self, table: &Table, index: &Index) {
        let name = fold(&index.name);
        if self.mode == Mode::InPlace && self.indexes.get(&name) != Some(&fold(&table.name)) {
            // Hoisted before; one of that name may belong to another table by now.
            return;
        }
        self.indexes.remove(&name);
        let cmd = self.render.drop_index(&index.name);
        let comment = format!("drop index {:?} from table: {:?}", index.name, table.name);
        let reverse = self.render.create_index(table, index, &index.name);
        self.push(cmd, comment, vec![reverse], vec![index_path(table, &index.name), table_path(table)]);
    }

    fn alter_table(&mut self, from: &Table, to: &Table, changes: &[TableChange]) {
        for change in changes {
            match change {
                TableChange::AddColumn(column) => {
                    let cmd = self.render.add_column(to, column);
                    let comment = format!("add column {:?} to table: {:?}", column.name, to.name);
                    let reverse = self.render.drop_column(to, &column.name);
                    self.push(
                        cmd,
                        comment,
                        vec![reverse],
                        vec![column_path(to, &column.name), table_path(to)],
                    );
                }
                TableChange::RenameColumn { from: old, to: new } => {
                    let rename = |a: &str, b: &str| self.render.rename_column(to, a, b);
                    let (cmd, reverse) = (rename(&old.name, &new.name), rename(&new.name, &old.name));
                    let comment = format!("rename a column from {:?} to {:?}", old.name, new.name);
                    self.push(cmd, comment, vec![reverse], vec![column_path(to, &new.name), table_path(to)]);
                }
                TableChange::AddIndex(index) => self.add_index(to, index),
                TableChange::DropIndex(index) => self.drop_index(from, index),
                TableChange::RenameIndex { from: old, to: new } => {
                    self.drop_index(from, old);
                    self.add_index(to, new);
                }
                _ => {}
            }
        }
    }

    fn add_view(&mut self, view: &View) {
        let cmd = self.render.create_view(view);
        let comment = format!("create {:?} view", view.name);
        self.push(cmd, comment, vec![self.render.drop_view(&view.name)], vec![view_path(view)]);
    }

    fn drop_view(&mut self, view: &View) {
        let reverse = self.render.create_view(view);
        let cmd = self.render.drop_view(&view.name);
        self.push(cmd, format!("drop {:?} view", view.name), vec![reverse], vec![view_path(view)]);
        self.lose_triggers(&view.name);
        self.dropped_views.insert(fold(&view.name));
    }

    fn add_trigger(&mut self, trigger: &Trigger) {
        let cmd = render::statement(&trigger.body);
        let comment = format!("create trigger {:?}", trigger.name);
        self.push(cmd, comment, vec![self.render.drop_trigger(&trigger.name)], vec![trigger_path(trigger)]);
    }

    fn drop_trigger(&mut self, trigger: &Trigger) {
        if self.lost.remove(&fold(&trigger.name)) {
            return;
        }
        let cmd = self.render.drop_trigger(&trigger.name);
        let reverse = render::statement(&trigger.body);
        self.push(
            cmd,
            format!("drop trigger {:?}", trigger.name),
            vec![reverse],
            vec![trigger_path(trigger)],
        );
    }

    /// Notes that the triggers of a table or view went with it.
    fn lose_triggers(&mut self, on: &str) {
        let gone = self.triggers_on.get(&fold(on)).into_iter().flatten();
        self.lost.extend(gone.map(|trigger| fold(&trigger.name)));
    }

    /// Makes the triggers again that went with a table or view, except those the changes say something about.
    fn bring_back_triggers(&mut self, on: &str) {
        let triggers = self.triggers_on.get(&fold(on)).cloned().unwrap_or_default();
        for trigger in triggers {
            let name = fold(&trigger.name);
            if !self.triggers.contains(&name) && self.lost.remove(&name) {
                self.add_trigger(trigger);
            }
        }
    }

    fn add_object(&mut self, object: &schema::Object) {
        if let Some(create) = object.attrs.get(&CREATE) {
            let comment = format!("create {:?} {}", object.name, object.kind);
            let path = object_path(object);
            self.push(
                render::statement(&create),
                comment,
                vec![self.render.drop_table(&object.name)],
                vec![path],
            );
        }
    }

    fn drop_object(&mut self, object: &schema::Object) {
        let reverse =
            object.attrs.get(&CREATE).map(|create| render::statement(&create)).into_iter().collect();
        let cmd = self.render.drop_table(&object.name);
        self.push(cmd, format!("drop {:?} {}", object.name, object.kind), reverse, vec![object_path(object)]);
    }
}

/// Whether SQLite can carry out all of `changes` in place.
///
/// Source: atlas `sql/sqlite/migrate.go`, `alterable`; SQLite, "ALTER TABLE ADD COLUMN".
fn is_alterable(to: &Table, changes: &[TableChange]) -> bool {
    changes.iter().all(|change| match change {
        TableChange::RenameColumn { .. } => true,
        TableChange::AddIndex(index) => index.attrs.get(&ON_CONFLICT).is_none(),
        TableChange::DropIndex(index) => !is_automatic(index),
        TableChange::RenameIndex { from, .. } => !is_automatic(from),
        TableChange::AddColumn(column) => render::can_be_added(to, column),
        _ => false,
    })
}

fn failed(doing: &str, table: &Table, errors: &[String]) -> Error {
    Error::Invalid(format!("{doing} {:?}: {}", table.name, errors.join(", ")))
}

fn table_path(table: &Table) -> ObjectPath {
    ObjectPath::Table { schema: table.schema.clone(), table: table.name.clone() }
}

fn column_path(table: &Table, column: &SmolStr) -> ObjectPath {
    ObjectPath::Column { schema: table.schema.clone(), table: table.name.clone(), column: column.clone() }
}

fn index_path(table: &Table, index: &SmolStr) -> ObjectPath {
    ObjectPath::Index { schema: table.schema.clone(), table: table.name.clone(), index: index.clone() }
}

fn view_path(view: &View) -> ObjectPath {
    ObjectPath::View { schema: view.schema.clone(), view: view.name.clone() }
}

fn trigger_path(trigger: &Trigger) -> ObjectPath {
    ObjectPath::Trigger { schema: trigger.schema.clone(), trigger: trigger.name.clone() }
}

fn object_path(object: &schema::Object) -> ObjectPath {
    ObjectPath::Object { schema: object.schema.clone(), kind: object.kind, name: object.name.clone() }
}
