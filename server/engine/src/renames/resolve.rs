//! Which hints of a desired state take effect against a current one.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::{Attrs, Change, ObjectPath, Realm, Schema, SmolStr, Table, TableChange};

use super::{RENAMED_FROM, follow, former as hint};
use crate::Dialect;

/// What the hints of a desired state come to.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The renames, in an order in which they can be carried out.
    pub changes: Vec<Change>,
    /// The current state after them.
    pub from: Realm,
    /// The desired state without hints.
    pub to: Realm,
    /// The tables of which something was renamed, schema and new name.
    pub touched: Vec<(SmolStr, SmolStr)>,
    /// Hints without effect.
    pub stale: Vec<ObjectPath>,
}

/// Follows the hints of `to`; `None` when it has none.
pub fn resolve(from: &Realm, to: &Realm, dialect: &Dialect) -> Option<Resolved> {
    let mut hints = 0;
    visit(to, &mut |_, _| hints += 1);
    if hints == 0 {
        return None;
    }
    let mut run =
        Run { dialect, from: from.clone(), changes: Vec::new(), touched: Vec::new(), done: Vec::new() };
    // A name can become free by another rename, so this goes on until nothing more happens; each round of it takes at
    // least one hint.
    while hints > 0 && run.pass(to) {
        hints -= 1;
    }
    let mut stale = Vec::new();
    visit(to, &mut |path, old| {
        if !run.done.iter().any(|(done, from)| *done == path && *from == old) {
            stale.push(path);
        }
    });
    Some(Resolved { changes: run.changes, from: run.from, to: cleaned(to), touched: run.touched, stale })
}

/// The objects of `to` whose hint has no effect against `from`, because it was carried out before or names nothing.
pub fn stale(from: &Realm, to: &Realm, dialect: &Dialect) -> Vec<ObjectPath> {
    resolve(from, to, dialect).map(|resolved| resolved.stale).unwrap_or_default()
}

struct Run<'a> {
    dialect: &'a Dialect,
    from: Realm,
    changes: Vec<Change>,
    touched: Vec<(SmolStr, SmolStr)>,
    /// What got its new name, and the old one.
    done: Vec<(ObjectPath, String)>,
}

/// The pairs of positions in `from` and `to` that are one thing under two names.
///
/// `former` gives the key a thing had under the name of its hint.
fn pairs<T>(
    from: &[T],
    to: &[T],
    key: impl Fn(&T) -> SmolStr,
    former: impl Fn(&T) -> Option<SmolStr>,
) -> Vec<(usize, usize)> {
    let hinted: Vec<(usize, SmolStr)> =
        to.iter().enumerate().filter_map(|(at, item)| Some((at, former(item)?))).collect();
    if hinted.is_empty() {
        return Vec::new();
    }
    let positions = |items: &[T]| -> FxHashMap<SmolStr, usize> {
        items.iter().enumerate().map(|(at, item)| (key(item), at)).collect()
    };
    let (old, new) = (positions(from), positions(to));
    let mut taken = Vec::new();
    let mut pairs = Vec::new();
    for (at, former_key) in hinted {
        let Some(&source) = old.get(&former_key) else { continue };
        // Where the old name stays wanted, and does not come from elsewhere itself, the hint is of an earlier day.
        let wanted = new.get(&former_key).is_some_and(|&other| former(&to[other]).is_none());
        if !wanted && !old.contains_key(&key(&to[at])) && !taken.contains(&source) {
            taken.push(source);
            pairs.push((source, at));
        }
    }
    pairs
}

/// The key of a copy of `$item` under the name of its hint.
macro_rules! former {
    ($key:expr) => {
        |item| {
            hint(&item.attrs).map(|old| {
                let mut former = (**item).clone();
                former.name = old.into();
                $key(&former)
            })
        }
    };
}

impl Run<'_> {
    fn push(&mut self, change: Change, path: ObjectPath, old: &str) {
        follow(&mut self.from, &change, self.dialect);
        self.changes.push(change);
        self.done.push((path, old.to_string()));
    }

    /// One round over everything; whether something was renamed.
    fn pass(&mut self, to: &Realm) -> bool {
        let before = self.changes.len();
        let hooks = self.dialect.diff;
        if hooks.renames_schemas() {
            let found = pairs(
                &self.from.schemas,
                &to.schemas,
                |schema| hooks.fold(&schema.name),
                |schema| hint(&schema.attrs).map(|old| hooks.fold(&old)),
            );
            for (old, new) in found {
                let (from, name) = (self.from.schemas[old].clone(), to.schemas[new].name.clone());
                let renamed = Schema { name: name.clone(), ..from.clone() };
                let old = from.name.clone();
                let change = Change::RenameSchema { from: Box::new(from), to: Box::new(renamed) };
                self.push(change, ObjectPath::Schema(name), &old);
            }
        }
        for schema in &to.schemas {
            self.schema(schema);
        }
        let key = |object: &schema::Object| hooks.object_key(object);
        for (old, new) in
            pairs(&self.from.objects, &to.objects, |object| hooks.object_key(object), former!(key))
        {
            let (from, to) = (self.from.objects[old].clone(), &to.objects[new]);
            self.object(from, &to.name);
        }
        self.changes.len() > before
    }

    fn object(&mut self, from: Arc<schema::Object>, name: &SmolStr) {
        let old = from.name.clone();
        let mut renamed = schema::Object::clone(&from);
        renamed.name = name.clone();
        let path = ObjectPath::Object { schema: from.schema.clone(), kind: from.kind, name: name.clone() };
        self.push(Change::RenameObject { from, to: Arc::new(renamed) }, path, &old);
    }

    fn schema(&mut self, to: &Schema) {
        let hooks = self.dialect.diff;
        let Some(at) =
            self.from.schemas.iter().position(|schema| hooks.fold(&schema.name) == hooks.fold(&to.name))
        else {
            return;
        };
        let schema = to.name.clone();
        let key = |object: &schema::Object| hooks.object_key(object);
        for (old, new) in pairs(&self.from.schemas[at].objects, &to.objects, |it| key(it), former!(key)) {
            let from = self.from.schemas[at].objects[old].clone();
            self.object(from, &to.objects[new].name);
        }
        let key = |table: &Table| hooks.fold(&table.name);
        for (old, new) in pairs(&self.from.schemas[at].tables, &to.tables, |it| key(it), former!(key)) {
            let from = self.from.schemas[at].tables[old].clone();
            let table = to.tables[new].name.clone();
            let renamed = Arc::new(Table { name: table.clone(), ..Table::clone(&from) });
            let old = from.name.clone();
            let path = ObjectPath::Table { schema: schema.clone(), table: table.clone() };
            self.push(Change::RenameTable { from, to: renamed }, path, &old);
            // What the rename did to it, such as names the database chose.
            let now = self.table(at, &table);
            if let (Some(Change::RenameTable { to, .. }), Some(now)) = (self.changes.last_mut(), now) {
                *to = now;
            }
            self.touched.push((schema.clone(), table));
        }
        let key = |view: &schema::View| hooks.fold(&view.name);
        for (old, new) in pairs(&self.from.schemas[at].views, &to.views, |it| key(it), former!(key)) {
            let from = self.from.schemas[at].views[old].clone();
            let mut renamed = schema::View::clone(&from);
            renamed.name = to.views[new].name.clone();
            let old = from.name.clone();
            let path = ObjectPath::View { schema: schema.clone(), view: renamed.name.clone() };
            self.push(Change::RenameView { from, to: Arc::new(renamed) }, path, &old);
        }
        let key = |routine: &schema::Routine| hooks.routine_key(routine);
        for (old, new) in pairs(&self.from.schemas[at].routines, &to.routines, |it| key(it), former!(key)) {
            let from = self.from.schemas[at].routines[old].clone();
            let mut renamed = schema::Routine::clone(&from);
            renamed.name = to.routines[new].name.clone();
            let old = from.name.clone();
            let path = ObjectPath::Routine { schema: schema.clone(), routine: renamed.name.clone() };
            self.push(Change::RenameRoutine { from, to: Arc::new(renamed) }, path, &old);
        }
        for table in &to.tables {
            self.inside(at, table);
        }
        let key = |trigger: &schema::Trigger| hooks.trigger_key(trigger);
        for (old, new) in pairs(&self.from.schemas[at].triggers, &to.triggers, |it| key(it), former!(key)) {
            let from = self.from.schemas[at].triggers[old].clone();
            let mut renamed = schema::Trigger::clone(&from);
            renamed.name = to.triggers[new].name.clone();
            renamed.body = to.triggers[new].body.clone();
            let old = from.name.clone();
            let path = ObjectPath::Trigger { schema: schema.clone(), trigger: renamed.name.clone() };
            self.push(Change::RenameTrigger { from, to: Arc::new(renamed) }, path, &old);
        }
    }

    fn table(&self, schema: usize, name: &str) -> Option<Arc<Table>> {
        let hooks = self.dialect.diff;
        let tables = &self.from.schemas.get(schema)?.tables;
        tables.iter().find(|table| hooks.fold(&table.name) == hooks.fold(name)).cloned()
    }

    /// Columns, indexes and constraints of one table.
    fn inside(&mut self, schema: usize, to: &Table) {
        if !inside(to) {
            return;
        }
        let Some(from) = self.table(schema, &to.name) else { return };
        let fold = |name: &str| self.dialect.diff.fold(name);
        let owner = from.schema.clone();
        let mut changes = Vec::new();
        let mut done = Vec::new();
        let found = pairs(
            &from.columns,
            &to.columns,
            |column| fold(&column.name),
            |column| hint(&column.attrs).map(|old| fold(&old)),
        );
        for (old, new) in found {
            let old = from.columns[old].clone();
            let column = to.columns[new].name.clone();
            let path =
                ObjectPath::Column { schema: owner.clone(), table: to.name.clone(), column: column.clone() };
            done.push((path, old.name.to_string()));
            let new = schema::Column { name: column, ..old.clone() };
            changes.push(TableChange::RenameColumn { from: old, to: new });
        }
        let found = pairs(
            &from.indexes,
            &to.indexes,
            |index| fold(&index.name),
            |index| hint(&index.attrs).map(|old| fold(&old)),
        );
        for (old, new) in found {
            let old = from.indexes[old].clone();
            let index = to.indexes[new].name.clone();
            let path =
                ObjectPath::Index { schema: owner.clone(), table: to.name.clone(), index: index.clone() };
            done.push((path, old.name.to_string()));
            let new = schema::Index { name: index, ..old.clone() };
            changes.push(TableChange::RenameIndex { from: old, to: new });
        }
        let named = |name: &Option<SmolStr>| name.clone().unwrap_or_default();
        let mut constraint = |from: SmolStr, to: SmolStr, path: ObjectPath| {
            if !from.is_empty() && !to.is_empty() {
                done.push((path, from.to_string()));
                changes.push(TableChange::RenameConstraint { from, to });
            }
        };
        let found = pairs(
            &from.checks,
            &to.checks,
            |check| fold(&named(&check.name)),
            |check| hint(&check.attrs).map(|old| fold(&old)),
        );
        for (old, new) in found {
            let check = named(&to.checks[new].name);
            let path =
                ObjectPath::Check { schema: owner.clone(), table: to.name.clone(), check: check.clone() };
            constraint(named(&from.checks[old].name), check, path);
        }
        let found = pairs(
            &from.foreign_keys,
            &to.foreign_keys,
            |key| fold(&named(&key.name)),
            |key| hint(&key.attrs).map(|old| fold(&old)),
        );
        for (old, new) in found {
            let key = named(&to.foreign_keys[new].name);
            let path =
                ObjectPath::ForeignKey { schema: owner.clone(), table: to.name.clone(), key: key.clone() };
            constraint(named(&from.foreign_keys[old].name), key, path);
        }
        if let (Some(old), Some(new)) = (&from.primary_key, &to.primary_key)
            && let (Some(hint), Some(from), Some(name)) = (hint(&new.attrs), &old.name, &new.name)
            && fold(&hint) == fold(from)
            && fold(from) != fold(name)
        {
            let path = ObjectPath::PrimaryKey { schema: owner.clone(), table: to.name.clone() };
            constraint(from.clone(), name.clone(), path);
        }
        if changes.is_empty() {
            return;
        }
        let name = from.name.clone();
        let change = Change::ModifyTable { from: from.clone(), to: from, changes };
        follow(&mut self.from, &change, self.dialect);
        let now = self.table(schema, &name);
        if let (Change::ModifyTable { from, changes, .. }, Some(to)) = (change, now) {
            self.changes.push(Change::ModifyTable { from, to, changes });
        }
        self.done.extend(done);
        self.touched.push((owner, to.name.clone()));
    }
}

/// Whether something in `table` has a hint.
fn inside(table: &Table) -> bool {
    let mut found = false;
    visit_table(table, &mut |_, _| found = true);
    found
}

/// Calls `see` with every hint and the object that has it.
fn visit(realm: &Realm, see: &mut dyn FnMut(ObjectPath, String)) {
    let object = |object: &schema::Object| ObjectPath::Object {
        schema: object.schema.clone(),
        kind: object.kind,
        name: object.name.clone(),
    };
    for item in &realm.objects {
        if let Some(old) = hint(&item.attrs) {
            see(object(item), old);
        }
    }
    for schema in &realm.schemas {
        let name = &schema.name;
        if let Some(old) = hint(&schema.attrs) {
            see(ObjectPath::Schema(name.clone()), old);
        }
        for item in &schema.objects {
            if let Some(old) = hint(&item.attrs) {
                see(object(item), old);
            }
        }
        for table in &schema.tables {
            if let Some(old) = hint(&table.attrs) {
                see(ObjectPath::Table { schema: name.clone(), table: table.name.clone() }, old);
            }
            visit_table(table, see);
        }
        for view in &schema.views {
            if let Some(old) = hint(&view.attrs) {
                see(ObjectPath::View { schema: name.clone(), view: view.name.clone() }, old);
            }
        }
        for routine in &schema.routines {
            if let Some(old) = hint(&routine.attrs) {
                see(ObjectPath::Routine { schema: name.clone(), routine: routine.name.clone() }, old);
            }
        }
        for trigger in &schema.triggers {
            if let Some(old) = hint(&trigger.attrs) {
                see(ObjectPath::Trigger { schema: name.clone(), trigger: trigger.name.clone() }, old);
            }
        }
    }
}

fn visit_table(owner: &Table, see: &mut dyn FnMut(ObjectPath, String)) {
    let (schema, table) = (&owner.schema, &owner.name);
    let named = |name: &Option<SmolStr>| name.clone().unwrap_or_default();
    for item in &owner.columns {
        if let Some(old) = hint(&item.attrs) {
            let column = item.name.clone();
            see(ObjectPath::Column { schema: schema.clone(), table: table.clone(), column }, old);
        }
    }
    if let Some(old) = owner.primary_key.as_ref().and_then(|key| hint(&key.attrs)) {
        see(ObjectPath::PrimaryKey { schema: schema.clone(), table: table.clone() }, old);
    }
    for item in &owner.indexes {
        if let Some(old) = hint(&item.attrs) {
            let index = item.name.clone();
            see(ObjectPath::Index { schema: schema.clone(), table: table.clone(), index }, old);
        }
    }
    for item in &owner.foreign_keys {
        if let Some(old) = hint(&item.attrs) {
            let key = named(&item.name);
            see(ObjectPath::ForeignKey { schema: schema.clone(), table: table.clone(), key }, old);
        }
    }
    for item in &owner.checks {
        if let Some(old) = hint(&item.attrs) {
            let check = named(&item.name);
            see(ObjectPath::Check { schema: schema.clone(), table: table.clone(), check }, old);
        }
    }
}

/// `realm` without hints; what has none stays shared.
fn cleaned(realm: &Realm) -> Realm {
    let mut realm = realm.clone();
    let clean = |attrs: &mut Attrs| attrs.remove(&RENAMED_FROM);
    fn each<T: Clone>(items: &mut [Arc<T>], attrs: impl Fn(&mut T) -> &mut Attrs, has: impl Fn(&T) -> bool) {
        for item in items.iter_mut().filter(|item| has(item)) {
            attrs(Arc::make_mut(item)).remove(&RENAMED_FROM);
        }
    }
    each(&mut realm.objects, |it| &mut it.attrs, |it| hint(&it.attrs).is_some());
    for schema in &mut realm.schemas {
        clean(&mut schema.attrs);
        each(&mut schema.objects, |it| &mut it.attrs, |it| hint(&it.attrs).is_some());
        each(&mut schema.views, |it| &mut it.attrs, |it| hint(&it.attrs).is_some());
        each(&mut schema.routines, |it| &mut it.attrs, |it| hint(&it.attrs).is_some());
        each(&mut schema.triggers, |it| &mut it.attrs, |it| hint(&it.attrs).is_some());
        for table in schema.tables.iter_mut().filter(|table| hint(&table.attrs).is_some() || inside(table)) {
            let table = Arc::make_mut(table);
            clean(&mut table.attrs);
            table.columns.iter_mut().for_each(|it| clean(&mut it.attrs));
            table.primary_key.iter_mut().for_each(|it| clean(&mut it.attrs));
            table.indexes.iter_mut().for_each(|it| clean(&mut it.attrs));
            table.foreign_keys.iter_mut().for_each(|it| clean(&mut it.attrs));
            table.checks.iter_mut().for_each(|it| clean(&mut it.attrs));
        }
    }
    realm
}
