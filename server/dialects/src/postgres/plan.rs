//! Changes as statements of PostgreSQL.
//!
//! The changes are brought into an order in which every object finds what it needs, then each becomes its statements.
//! Views and triggers that stand in the way of a change go before it and come back after it. Invariant: each statement
//! names the change it carries out; what cannot run inside a transaction makes the plan say so.
//!
//! Source: atlas `sql/postgres/migrate.go`; reference engine.md §8, §9, §13, §14.

mod accounts;
mod aggregate;
mod alter;
mod column;
mod empty;
mod foreign;
mod objects;
mod render;
mod routine;
mod types;
mod uses;
mod views;

use engine::Error;
use engine::connection::Capabilities;
use engine::plan::{Hooks, Options, Plan, Statement, sort};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Change, Index, Key, Object, ObjectPath, Realm, Schema, SmolStr, Table};

pub(in crate::postgres) use self::empty::emptied;
use self::render::Render;
use super::attr;

pub struct Postgres;

impl Hooks for Postgres {
    fn plan(&self, changes: &[Change], from: &Realm, options: &Options) -> Result<Plan, Error> {
        let declared = declared(from, changes);
        let changes = views::spread(changes, from);
        let placed: Vec<usize> = changes.iter().map(|(at, _)| *at).collect();
        let changes: Vec<Change> = changes.into_iter().map(|(_, change)| change).collect();
        let uses = uses::Words::new(&changes);
        let collations = collations(from, &changes);
        let render = Render {
            indent: &options.indent,
            qualifier: options.qualifier.as_deref(),
            types: &declared,
            collations: &collations,
        };
        let mut planner = Planner::new(render, options.server.as_deref());
        planner.from = Some(from);
        planner.targets = accounts::Targets::of(&changes);
        for (at, change) in sort(&changes, &uses) {
            planner.at = placed.get(at).copied().unwrap_or_default();
            planner.change(&change)?;
        }
        planner.permissions_again(&changed_permissions(&changes));
        let mut plan = planner.finish();
        if let (Some(qualifier), Some(own)) = (&options.qualifier, changes.iter().find_map(schema_of)) {
            unqualified(&mut plan, own, qualifier);
        }
        Ok(plan)
    }
}

/// The schema a change is in.
fn schema_of(change: &Change) -> Option<&SmolStr> {
    match change {
        Change::AddTable(it)
        | Change::DropTable(it)
        | Change::RenameTable { to: it, .. }
        | Change::ModifyTable { to: it, .. } => Some(&it.schema),
        Change::AddView(it)
        | Change::DropView(it)
        | Change::RenameView { to: it, .. }
        | Change::ModifyView { to: it, .. } => Some(&it.schema),
        Change::AddTrigger(it) | Change::DropTrigger(it) | Change::ModifyTrigger { to: it, .. } => {
            Some(&it.schema)
        }
        Change::AddRoutine(it)
        | Change::DropRoutine(it)
        | Change::RenameRoutine { to: it, .. }
        | Change::ModifyRoutine { to: it, .. } => Some(&it.schema),
        Change::AddObject(it)
        | Change::DropObject(it)
        | Change::RenameObject { to: it, .. }
        | Change::ModifyObject { to: it, .. } => Some(&it.schema).filter(|schema| !schema.is_empty()),
        _ => None,
    }
}

/// Takes the schema a plan is bound to from expressions and bodies, which have it as the server wrote it.
fn unqualified(plan: &mut Plan, own: &str, qualifier: &str) {
    for statement in &mut plan.statements {
        let reverse = statement.reverse.iter_mut();
        for text in std::iter::once(&mut statement.cmd).chain(reverse) {
            if let Some(found) = super::requalify::requalified(text, own, qualifier) {
                *text = found;
            }
        }
    }
}

/// The permissions that change.
fn changed_permissions(changes: &[Change]) -> FxHashSet<SmolStr> {
    let changed = changes.iter().filter_map(|change| match change {
        Change::AddObject(it) | Change::DropObject(it) | Change::ModifyObject { to: it, .. } => Some(it),
        _ => None,
    });
    changed.filter(|it| it.kind == attr::PERMISSION).map(|it| it.name.clone()).collect()
}

/// Every collation somebody declared, before or after.
fn collations(from: &Realm, changes: &[Change]) -> FxHashMap<SmolStr, SmolStr> {
    let old = from.schemas.iter().flat_map(|schema| schema.objects.iter());
    let new = changes.iter().filter_map(|change| match change {
        Change::AddObject(it) | Change::RenameObject { to: it, .. } => Some(it),
        _ => None,
    });
    old.chain(new)
        .filter(|it| it.kind == attr::COLLATION)
        .map(|it| (it.name.clone(), it.schema.clone()))
        .collect()
}

/// Every type and function somebody declared, before or after.
fn declared(from: &Realm, changes: &[Change]) -> FxHashSet<(SmolStr, SmolStr)> {
    let mut types = FxHashSet::default();
    let is_type =
        |object: &Object| matches!(object.kind, attr::ENUM | attr::DOMAIN | attr::COMPOSITE | attr::RANGE);
    let name = |schema: &SmolStr, name: &SmolStr| (schema.clone(), name.clone());
    for schema in &from.schemas {
        types.extend(schema.objects.iter().filter(|it| is_type(it)).map(|it| name(&it.schema, &it.name)));
        types.extend(schema.routines.iter().map(|it| name(&it.schema, &it.name)));
        types.extend(schema.tables.iter().map(|it| name(&it.schema, &it.name)));
        types.extend(schema.views.iter().map(|it| name(&it.schema, &it.name)));
    }
    for change in changes {
        match change {
            Change::AddObject(it)
            | Change::ModifyObject { to: it, .. }
            | Change::RenameObject { to: it, .. }
                if is_type(it) =>
            {
                types.insert(name(&it.schema, &it.name));
            }
            Change::AddRoutine(it) | Change::RenameRoutine { to: it, .. } => {
                types.insert(name(&it.schema, &it.name));
            }
            Change::AddTable(it) | Change::RenameTable { to: it, .. } => {
                types.insert(name(&it.schema, &it.name));
            }
            Change::AddView(it) | Change::RenameView { to: it, .. } => {
                types.insert(name(&it.schema, &it.name));
            }
            _ => {}
        }
    }
    types
}

/// The state of one plan.
struct Planner<'a> {
    render: Render<'a>,
    /// The state before; `None` where nothing is asked of it.
    from: Option<&'a Realm>,
    /// `None` means the newest.
    server: Option<&'a Capabilities>,
    statements: Vec<Statement>,
    /// What comes before all others: roles.
    first: Vec<Statement>,
    /// Rights that are taken, and then those that are given, when all objects are there.
    revokes: Vec<Statement>,
    grants: Vec<Statement>,
    /// What comes after all others.
    last: Vec<Statement>,
    /// What goes and comes, as permissions name it.
    targets: accounts::Targets,
    /// The change being planned.
    at: usize,
    /// Some statement cannot run inside a transaction.
    alone: bool,
    /// Values added to enums, which cannot be used before they are committed.
    added_values: Vec<String>,
}

impl<'a> Planner<'a> {
    fn new(render: Render<'a>, server: Option<&'a Capabilities>) -> Self {
        Self {
            render,
            from: None,
            server,
            statements: Vec::new(),
            first: Vec::new(),
            revokes: Vec::new(),
            grants: Vec::new(),
            last: Vec::new(),
            targets: accounts::Targets::default(),
            at: 0,
            alone: false,
            added_values: Vec::new(),
        }
    }
}

impl Planner<'_> {
    fn push(
        &mut self,
        cmd: String,
        comment: impl Into<String>,
        reverse: Vec<String>,
        objects: Vec<ObjectPath>,
    ) {
        let comment = comment.into();
        self.statements.push(Statement { cmd, comment, reverse, change: self.at, objects });
    }

    /// The server's major version; the newest where it is not known.
    fn major(&self) -> u32 {
        let version = self.server.map(|server| server.version.as_str()).unwrap_or_default();
        let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse::<u32>() {
            Ok(number) if number >= 10_000 => number / 10_000,
            Ok(number) => number,
            Err(_) => u32::MAX,
        }
    }

    fn finish(mut self) -> Plan {
        if !self.first.is_empty() {
            self.first.append(&mut self.statements);
            self.statements = std::mem::take(&mut self.first);
        }
        self.statements.append(&mut self.revokes);
        self.statements.append(&mut self.grants);
        self.statements.append(&mut self.last);
        let reversible = self.statements.iter().all(|statement| !statement.reverse.is_empty());
        let uses_new_value = self.added_values.iter().any(|value| {
            self.statements.iter().any(|statement| {
                !statement.cmd.starts_with("ALTER TYPE") && statement.cmd.contains(value.as_str())
            })
        });
        let transactional = !self.alone && !uses_new_value;
        Plan { statements: self.statements, transactional, reversible }
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        match change {
            Change::AddSchema(schema) => self.add_schema(schema),
            Change::DropSchema(schema) => {
                let cmd = format!("DROP SCHEMA {} CASCADE", render::ident(&schema.name));
                let comment = format!("Drop schema named {:?}", schema.name);
                self.push(cmd, comment, Vec::new(), vec![schema_path(&schema.name)]);
            }
            Change::RenameSchema { from, to } => {
                let rename = |a: &str, b: &str| {
                    format!("ALTER SCHEMA {} RENAME TO {}", render::ident(a), render::ident(b))
                };
                let comment = format!("rename a schema from {:?} to {:?}", from.name, to.name);
                let paths = vec![schema_path(&to.name), schema_path(&from.name)];
                self.push(rename(&from.name, &to.name), comment, vec![rename(&to.name, &from.name)], paths);
            }
            Change::ModifySchema { from, to } => {
                self.comment(
                    &format!("SCHEMA {}", render::ident(&to.name)),
                    &format!("schema: {:?}", to.name),
                    from.comment.as_deref(),
                    to.comment.as_deref(),
                    vec![schema_path(&to.name)],
                );
            }
            Change::AddTable(table) => self.add_table(table)?,
            Change::DropTable(table) => self.drop_table(table),
            Change::RenameTable { from, to } => {
                let rename = |a: &Table, b: &Table| {
                    format!("ALTER TABLE {} RENAME TO {}", self.render.table(a), render::ident(&b.name))
                };
                let (cmd, reverse) = (rename(from, to), rename(to, from));
                let comment = format!("rename a table from {:?} to {:?}", from.name, to.name);
                self.push(cmd, comment, vec![reverse], vec![table_path(to), table_path(from)]);
            }
            Change::ModifyTable { from, to, changes } => self.modify_table(from, to, changes)?,
            Change::AddView(view) => self.add_view(view),
            Change::DropView(view) => self.drop_view(view),
            Change::RenameView { from, to } => self.rename_view(from, to),
            Change::ModifyView { from, to } => self.modify_view(from, to),
            Change::AddTrigger(trigger) => self.add_trigger(trigger),
            Change::DropTrigger(trigger) => self.drop_trigger(trigger),
            Change::RenameTrigger { from, to } => self.rename_trigger(from, to),
            Change::ModifyTrigger { from, to } => self.modify_trigger(from, to),
            Change::AddRoutine(routine) => self.add_routine(routine),
            Change::DropRoutine(routine) => self.drop_routine(routine),
            Change::RenameRoutine { from, to } => self.rename_routine(from, to),
            Change::ModifyRoutine { from, to } => self.modify_routine(from, to),
            Change::AddObject(object) => self.add_object(object)?,
            Change::DropObject(object) => self.drop_object(object),
            Change::RenameObject { from, to } => self.rename_object(from, to)?,
            Change::ModifyObject { from, to } => self.modify_object(from, to)?,
        }
        Ok(())
    }

    fn add_schema(&mut self, schema: &Schema) {
        let name = render::ident(&schema.name);
        let exists = if schema.name == "public" { "IF NOT EXISTS " } else { "" };
        let cmd = format!("CREATE SCHEMA {exists}{name}");
        let comment = format!("Add new schema named {:?}", schema.name);
        let reverse = vec![format!("DROP SCHEMA {name} CASCADE")];
        self.push(cmd, comment, reverse, vec![schema_path(&schema.name)]);
        if let Some(text) = schema.comment.as_deref().filter(|text| !text.is_empty()) {
            self.comment(
                &format!("SCHEMA {name}"),
                &format!("schema: {:?}", schema.name),
                None,
                Some(text),
                vec![schema_path(&schema.name)],
            );
        }
    }

    /// `COMMENT ON …`, if the comments differ.
    fn comment(
        &mut self,
        what: &str,
        said: &str,
        from: Option<&str>,
        to: Option<&str>,
        objects: Vec<ObjectPath>,
    ) {
        if from.unwrap_or_default() == to.unwrap_or_default() {
            return;
        }
        let (cmd, reverse) = (self.render.comment(what, to), self.render.comment(what, from));
        self.push(cmd, format!("set comment to {said}"), vec![reverse], objects);
    }

    fn add_table(&mut self, table: &Table) -> Result<(), Error> {
        let errors: Vec<String> =
            table.columns.iter().filter_map(|column| column::check(column).err()).collect();
        if !errors.is_empty() {
            let errors = errors.join(", ");
            return Err(Error::Invalid(format!("create table {:?}: {errors}", table.name)));
        }
        let cmd = self.render.create_table(table);
        let comment = format!("create {:?} table", table.name);
        self.push(cmd, comment, vec![self.render.drop_table(table)], vec![table_path(table)]);
        for (cmd, comment, reverse, objects) in self.after_create(table) {
            self.push(cmd, comment, reverse, objects);
        }
        Ok(())
    }

    /// The statements that follow a `CREATE TABLE`: indexes, comments, and what it cannot say.
    fn after_create(&self, table: &Table) -> Vec<(String, String, Vec<String>, Vec<ObjectPath>)> {
        let mut list = Vec::new();
        for index in table.indexes.iter().filter(|index| index.key == Key::Index) {
            let cmd = self.render.create_index(table, index, false);
            let reverse = self.render.drop_index(&table.schema, index, false);
            let comment = format!("create index {:?} to table: {:?}", index.name, table.name);
            list.push((cmd, comment, vec![reverse], vec![index_path(table, &index.name), table_path(table)]));
        }
        for clause in alter::after_create(self, table) {
            list.push(clause);
        }
        for (what, said, text, path) in comments(self, table) {
            let (cmd, reverse) = (self.render.comment(&what, Some(&text)), self.render.comment(&what, None));
            list.push((cmd, format!("set comment to {said}"), vec![reverse], vec![path, table_path(table)]));
        }
        list
    }

    fn drop_table(&mut self, table: &Table) {
        let flat = Planner::new(self.render.flat(), self.server);
        let mut reverse = vec![flat.render.create_table(table)];
        reverse.extend(flat.after_create(table).into_iter().map(|(cmd, ..)| cmd));
        // Triggers and policies go with their table.
        if let Some(schema) = self.from.and_then(|realm| realm.schema(&table.schema)) {
            let triggers = schema.triggers.iter().filter(|trigger| trigger.on == table.name);
            reverse.extend(triggers.map(|trigger| flat.create_trigger(trigger)));
            let policies = schema.objects.iter().filter(|object| {
                let on = object.attrs.get(&attr::ON).as_deref().and_then(super::names::target);
                object.kind == attr::POLICY && on.is_some_and(|(_, name)| name == table.name)
            });
            reverse.extend(policies.map(|policy| flat.create_policy(policy)));
        }
        let cmd = self.render.drop_table(table);
        self.push(cmd, format!("drop {:?} table", table.name), reverse, vec![table_path(table)]);
    }

    fn drop_index(&mut self, table: &Table, index: &Index, concurrently: bool) {
        let cmd = self.render.drop_index(&table.schema, index, concurrently);
        let mut reverse = vec![self.render.create_index(table, index, concurrently)];
        if let Some(text) = index.comment.as_deref().filter(|text| !text.is_empty()) {
            let what = format!("INDEX {}", self.render.path(&table.schema, &index.name));
            reverse.push(self.render.comment(&what, Some(text)));
        }
        let comment = format!("drop index {:?} from table: {:?}", index.name, table.name);
        self.alone |= concurrently;
        self.push(cmd, comment, reverse, vec![index_path(table, &index.name), table_path(table)]);
    }

    fn add_index(&mut self, table: &Table, index: &Index, concurrently: bool) {
        let cmd = self.render.create_index(table, index, concurrently);
        let reverse = self.render.drop_index(&table.schema, index, concurrently);
        let comment = format!("create index {:?} to table: {:?}", index.name, table.name);
        self.alone |= concurrently;
        self.push(cmd, comment, vec![reverse], vec![index_path(table, &index.name), table_path(table)]);
        if let Some(text) = index.comment.as_deref().filter(|text| !text.is_empty()) {
            self.index_comment(table, index, None, Some(text));
        }
    }

    fn index_comment(&mut self, table: &Table, index: &Index, from: Option<&str>, to: Option<&str>) {
        let what = format!("INDEX {}", self.render.path(&table.schema, &index.name));
        let said = format!("index: {:?} on table: {:?}", index.name, table.name);
        self.comment(&what, &said, from, to, vec![index_path(table, &index.name), table_path(table)]);
    }
}

/// What has a comment in `table`: how SQL calls it, how we call it, the comment.
fn comments(planner: &Planner<'_>, table: &Table) -> Vec<(String, String, String, ObjectPath)> {
    let owner = planner.render.table(table);
    let mut list = Vec::new();
    let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(text) = some(&table.comment) {
        list.push((format!("TABLE {owner}"), format!("table: {:?}", table.name), text, table_path(table)));
    }
    for column in &table.columns {
        if let Some(text) = some(&column.comment) {
            let what = format!("COLUMN {owner}.{}", render::ident(&column.name));
            let said = format!("column: {:?} on table: {:?}", column.name, table.name);
            list.push((what, said, text, column_path(table, &column.name)));
        }
    }
    for index in &table.indexes {
        if let Some(text) = some(&index.comment) {
            let what = format!("INDEX {}", planner.render.path(&table.schema, &index.name));
            let said = format!("index: {:?} on table: {:?}", index.name, table.name);
            list.push((what, said, text, index_path(table, &index.name)));
        }
    }
    let mut constraint = |name: &SmolStr, text: Option<String>, path: ObjectPath| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            let what = format!("CONSTRAINT {} ON {owner}", render::ident(name));
            list.push((what, format!("constraint: {name:?} on table: {:?}", table.name), text, path));
        }
    };
    for check in &table.checks {
        if let Some(name) = &check.name {
            constraint(name, check.attrs.get(&attr::COMMENT), check_path(table, name));
        }
    }
    for key in &table.foreign_keys {
        if let Some(name) = &key.name {
            constraint(name, key.attrs.get(&attr::COMMENT), key_path(table, name));
        }
    }
    list
}

fn schema_path(name: &SmolStr) -> ObjectPath {
    ObjectPath::Schema(name.clone())
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

fn check_path(table: &Table, check: &SmolStr) -> ObjectPath {
    ObjectPath::Check { schema: table.schema.clone(), table: table.name.clone(), check: check.clone() }
}

fn key_path(table: &Table, key: &SmolStr) -> ObjectPath {
    ObjectPath::ForeignKey { schema: table.schema.clone(), table: table.name.clone(), key: key.clone() }
}

fn primary_key_path(table: &Table) -> ObjectPath {
    ObjectPath::PrimaryKey { schema: table.schema.clone(), table: table.name.clone() }
}
