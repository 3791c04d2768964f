//! What a rename makes of a state: the object under its new name, and everything that named it.
//!
//! Databases keep references through a rename; this keeps them in the model. What only a dialect has is its own matter
//! ([`crate::diff::Hooks::follow_rename`]).

use std::sync::Arc;

use schema::{Change, ForeignKey, PartOf, Realm, SmolStr, Table, TableChange};

use crate::Dialect;
use crate::replay::Rename;

/// Carries out `change`, a rename, on `realm`. Any other change has no effect.
pub fn follow(realm: &mut Realm, change: &Change, dialect: &Dialect) {
    match change {
        Change::RenameSchema { from, to } => schema(realm, &from.name, &to.name),
        Change::RenameTable { from, to } => table(realm, dialect, &from.schema, &from.name, to),
        Change::ModifyTable { from, changes, .. } => {
            for change in changes {
                match change {
                    TableChange::RenameColumn { from: old, to: new } => {
                        column(realm, dialect, (&from.schema, &from.name), &old.name, &new.name);
                    }
                    TableChange::RenameIndex { from: old, to: new } => {
                        edit(realm, dialect, from, |table| {
                            table.indexes.iter_mut().filter(|index| index.name == old.name).for_each(
                                |index| {
                                    index.name = new.name.clone();
                                },
                            );
                        });
                    }
                    TableChange::RenameConstraint { from: old, to: new } => {
                        edit(realm, dialect, from, |table| constraint(table, old, new));
                    }
                    _ => {}
                }
            }
        }
        Change::RenameView { from, to } => {
            let name = &to.name;
            if let Some(schema) = realm.schema_mut(&from.schema) {
                for view in schema.views.iter_mut().filter(|view| view.name == from.name) {
                    Arc::make_mut(view).name = name.clone();
                }
            }
            bodies(realm, dialect, &Rename { table: &from.name, column: None, to: name });
        }
        Change::RenameTrigger { from, to } => {
            if let Some(schema) = realm.schema_mut(&from.schema) {
                let key = dialect.diff.trigger_key(from);
                for trigger in schema.triggers.iter_mut().filter(|it| dialect.diff.trigger_key(it) == key) {
                    *trigger = to.clone();
                }
            }
        }
        Change::RenameRoutine { from, to } => {
            if let Some(schema) = realm.schema_mut(&from.schema) {
                let key = dialect.diff.routine_key(from);
                for routine in schema.routines.iter_mut().filter(|it| dialect.diff.routine_key(it) == key) {
                    Arc::make_mut(routine).name = to.name.clone();
                }
            }
        }
        Change::RenameObject { from, to } => {
            let objects = match realm.schemas.iter_mut().find(|schema| schema.name == from.schema) {
                Some(schema) => &mut schema.objects,
                None => &mut realm.objects,
            };
            let key = dialect.diff.object_key(from);
            for object in objects.iter_mut().filter(|it| dialect.diff.object_key(it) == key) {
                Arc::make_mut(object).name = to.name.clone();
            }
            types(realm, &from.schema, |ty| {
                if ty.name == from.name {
                    ty.name = to.name.clone();
                }
            });
        }
        _ => return,
    }
    dialect.diff.follow_rename(realm, change);
}

/// Changes the table of `realm` that is called as `table`.
fn edit(realm: &mut Realm, dialect: &Dialect, table: &Table, change: impl FnOnce(&mut Table)) {
    let fold = |name: &str| dialect.diff.fold(name);
    let found = realm
        .schema_mut(&table.schema)
        .and_then(|schema| schema.tables.iter_mut().find(|other| fold(&other.name) == fold(&table.name)));
    if let Some(table) = found {
        change(Arc::make_mut(table));
    }
}

fn constraint(table: &mut Table, old: &SmolStr, new: &SmolStr) {
    let names = table.checks.iter_mut().map(|check| &mut check.name);
    let names = names.chain(table.foreign_keys.iter_mut().map(|key| &mut key.name));
    let names = names.chain(table.primary_key.iter_mut().map(|key| &mut key.name));
    for name in names.filter(|name| name.as_ref() == Some(old)) {
        *name = Some(new.clone());
    }
}

/// Changes what column types say that a user declared in `schema`.
fn types(realm: &mut Realm, schema: &SmolStr, change: impl Fn(&mut schema::ColumnType)) {
    let is =
        |column: &schema::Column| column.ty.as_ref().is_some_and(|ty| ty.schema.as_ref() == Some(schema));
    for table in realm.schemas.iter_mut().flat_map(|schema| &mut schema.tables) {
        if table.columns.iter().any(is) {
            let columns = &mut Arc::make_mut(table).columns;
            columns
                .iter_mut()
                .filter(|column| is(column))
                .filter_map(|column| column.ty.as_mut())
                .for_each(&change);
        }
    }
    for view in realm.schemas.iter_mut().flat_map(|schema| &mut schema.views) {
        if view.columns.iter().any(is) {
            let columns = &mut Arc::make_mut(view).columns;
            columns
                .iter_mut()
                .filter(|column| is(column))
                .filter_map(|column| column.ty.as_mut())
                .for_each(&change);
        }
    }
}

/// Gives a schema another name, and everything in it and of its types the name of that schema.
pub fn schema(realm: &mut Realm, old: &SmolStr, new: &SmolStr) {
    types(realm, old, |ty| ty.schema = Some(new.clone()));
    for schema in &mut realm.schemas {
        let own = schema.name == *old;
        for table in &mut schema.tables {
            let needs = table.depends_on.iter().any(|(schema, _)| schema == old);
            if own || needs || table.foreign_keys.iter().any(|key| key.ref_schema == *old) {
                let table = Arc::make_mut(table);
                if own {
                    table.schema = new.clone();
                }
                for (schema, _) in table.depends_on.iter_mut().filter(|(schema, _)| schema == old) {
                    schema.clone_from(new);
                }
                for key in table.foreign_keys.iter_mut().filter(|key| key.ref_schema == *old) {
                    key.ref_schema = new.clone();
                }
            }
        }
        if own {
            schema.name = new.clone();
            schema.views.iter_mut().for_each(|view| Arc::make_mut(view).schema = new.clone());
            schema.triggers.iter_mut().for_each(|trigger| Arc::make_mut(trigger).schema = new.clone());
            schema.routines.iter_mut().for_each(|routine| Arc::make_mut(routine).schema = new.clone());
            schema.objects.iter_mut().for_each(|object| Arc::make_mut(object).schema = new.clone());
        }
    }
}

fn table(realm: &mut Realm, dialect: &Dialect, schema: &SmolStr, old: &SmolStr, to: &Table) {
    let fold = |name: &str| dialect.diff.fold(name);
    let (folded, new) = (fold(old), &to.name);
    let refers = |own: &SmolStr, key: &ForeignKey| {
        let of = if key.ref_schema.is_empty() { own } else { &key.ref_schema };
        of == schema && fold(&key.ref_table) == folded
    };
    for owner in &mut realm.schemas {
        let here = owner.name == *schema;
        for table in &mut owner.tables {
            let own = here && fold(&table.name) == folded;
            if own || table.foreign_keys.iter().any(|key| refers(&owner.name, key)) {
                let table = Arc::make_mut(table);
                if own {
                    table.name = new.clone();
                    for index in &mut table.indexes {
                        if let Some(name) = dialect.ddl.rename_automatic(&index.name, old, new) {
                            index.name = name.into();
                        }
                    }
                }
                for key in table.foreign_keys.iter_mut().filter(|key| refers(&owner.name, key)) {
                    key.ref_table = new.clone();
                }
            }
        }
        for trigger in owner.triggers.iter_mut().filter(|trigger| here && fold(&trigger.on) == folded) {
            Arc::make_mut(trigger).on = new.clone();
        }
    }
    bodies(realm, dialect, &Rename { table: old, column: None, to: new });
}

fn column(
    realm: &mut Realm,
    dialect: &Dialect,
    (schema, table): (&SmolStr, &SmolStr),
    old: &SmolStr,
    new: &SmolStr,
) {
    let fold = |name: &str| dialect.diff.fold(name);
    let (own_table, folded) = (fold(table), fold(old));
    let rename = |name: &mut SmolStr| {
        if fold(name) == folded {
            *name = new.clone();
        }
    };
    let expr = |text: &mut String| {
        let renamed = dialect.ddl.rename_in_expr(text, old, new);
        *text = renamed;
    };
    let refers = |own: &SmolStr, key: &ForeignKey| {
        let of = if key.ref_schema.is_empty() { own } else { &key.ref_schema };
        of == schema && fold(&key.ref_table) == own_table
    };
    for owner in &mut realm.schemas {
        for table in &mut owner.tables {
            let own = owner.name == *schema && fold(&table.name) == own_table;
            if !own && !table.foreign_keys.iter().any(|key| refers(&owner.name, key)) {
                continue;
            }
            let table = Arc::make_mut(table);
            for key in &mut table.foreign_keys {
                if own {
                    key.columns.iter_mut().for_each(rename);
                }
                if refers(&owner.name, key) {
                    key.ref_columns.iter_mut().for_each(rename);
                }
            }
            if !own {
                continue;
            }
            for column in &mut table.columns {
                rename(&mut column.name);
                if let Some(generated) = &mut column.generated {
                    expr(&mut generated.expr.0);
                }
            }
            let keyed = table.primary_key.iter_mut().flat_map(|key| &mut key.parts);
            for part in keyed.chain(table.indexes.iter_mut().flat_map(|index| &mut index.parts)) {
                match &mut part.of {
                    PartOf::Column(name) => rename(name),
                    PartOf::Expr(text) => expr(&mut text.0),
                }
            }
            table
                .indexes
                .iter_mut()
                .filter_map(|index| index.predicate.as_mut())
                .for_each(|it| expr(&mut it.0));
            table.checks.iter_mut().for_each(|check| expr(&mut check.expr.0));
        }
    }
    bodies(realm, dialect, &Rename { table, column: Some(old), to: new });
}

/// Queries and statements that may name what was renamed.
fn bodies(realm: &mut Realm, dialect: &Dialect, rename: &Rename<'_>) {
    for schema in &mut realm.schemas {
        for view in &mut schema.views {
            let body = dialect.ddl.rename_in_body(&view.body, rename);
            if body != view.body {
                *view = Arc::new(dialect.ddl.view_with_body(view, body));
            }
        }
        for trigger in &mut schema.triggers {
            let body = dialect.ddl.rename_in_body(&trigger.body, rename);
            if body != trigger.body {
                Arc::make_mut(trigger).body = body;
            }
        }
    }
}
