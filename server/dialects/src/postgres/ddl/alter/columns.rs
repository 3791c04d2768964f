//! Columns of `ALTER TABLE`: added, dropped, changed.

use engine::replay::{Builder, Name, Scene, Space};
use schema::{Class, Column, Expr, Generated, ObjectPath, PartOf, SmolStr, Table};
use syntax::sql::ast;

use super::super::constraint::Draft;
use super::super::table::ColumnDraft;
use super::super::{Qualified, constraint, find_table, hash, index, name_of, resolve_type, step, table};
use super::constraints::{keys, taken_names};
use crate::postgres::attr::Identity;
use crate::postgres::{attr, defaults, expr, types};

pub(super) fn column_path(table: &Table, column: &str) -> ObjectPath {
    ObjectPath::Column { schema: table.schema.clone(), table: table.name.clone(), column: column.into() }
}

pub(super) fn add_column(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    draft: &ColumnDraft,
    if_exists: bool,
    if_not_exists: bool,
) {
    let Some((id, table)) = find_table(scene, name, if_exists) else { return };
    if table.column(&draft.name.text).is_some() {
        if !if_not_exists {
            let message = format!("column {:?} of table {:?} already exists", draft.name.text, table.name);
            scene.error(draft.name.range, "duplicate-name", message);
        }
        return;
    }
    let mut column = draft.column.clone();
    if let Some(ty) = &mut column.ty {
        resolve_type(scene, ty);
    }
    let mut own = Table::clone(&table);
    own.columns.push(column.clone());
    let constraints: Vec<Draft> =
        draft.constraints.iter().filter_map(|draft| draft.resolved(scene, &own)).collect();
    let used = taken_names(scene, &own, &constraints);
    let depends = hash(format!("{:?}{used:?}{:?}", column.ty, keys(&constraints)));
    scene.edit(id, depends, |table, origin| {
        origin.add(column_path(table, &draft.name.text), draft.range, draft.name.range);
        table.columns.push(column);
        for (path, range, at) in
            constraint::add_all(table, &constraints, &|name| used.iter().any(|used| used == name))
        {
            origin.add(path, range, at);
        }
    });
}

/// Whether the text of an expression names the column.
fn names_column(text: &str, column: &str) -> bool {
    expr::columns(text).iter().any(|name| name == column)
}

pub(super) fn drop_column(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    column: &Name,
    if_exists: bool,
    missing_ok: bool,
    cascade: bool,
) {
    let Some((id, table)) = find_table(scene, name, if_exists) else { return };
    if table.column(&column.text).is_none() {
        if !missing_ok && scene.is_complete(id) {
            scene.missing_column(&table, column);
        }
        return;
    }
    let text = column.text.clone();
    scene.edit(id, 0, |table, origin| {
        origin.remove(&column_path(table, &text));
        remove_column(table, &text);
    });
    // What refers to the column goes with it.
    if cascade {
        let (schema, of) = (table.schema.clone(), table.name.clone());
        drop_references(scene, &schema, &of, Some(&text));
    }
}

/// Removes a column with all in the table that needs it.
fn remove_column(table: &mut Table, text: &str) {
    let is = |part: &schema::IndexPart| match &part.of {
        PartOf::Column(name) => name == text,
        PartOf::Expr(expr) => names_column(&expr.0, text),
    };
    table.columns.retain(|column| column.name != text);
    table.columns.retain(|column| !column.generated.as_ref().is_some_and(|g| names_column(&g.expr.0, text)));
    if table.primary_key.as_ref().is_some_and(|key| key.parts.iter().any(is)) {
        table.primary_key = None;
    }
    table.indexes.retain(|index| {
        let included = index.attrs.get(&attr::INCLUDE).unwrap_or_default().iter().any(|name| name == text);
        !index.parts.iter().any(is)
            && !included
            && !index.predicate.as_ref().is_some_and(|expr| names_column(&expr.0, text))
    });
    table.foreign_keys.retain(|key| !key.columns.iter().any(|name| name == text));
    table.checks.retain(|check| !names_column(&check.expr.0, text));
}

/// Removes foreign keys of other tables that refer to `table`, or to a column of it.
pub(in crate::postgres::ddl) fn drop_references(
    scene: &mut Scene<'_, '_>,
    schema: &str,
    of: &str,
    column: Option<&str>,
) {
    for id in scene.all(|space, _| space == Space::Relation) {
        let Some(table) = scene.table(id) else { continue };
        let refers = |key: &schema::ForeignKey, own: &str| {
            key.ref_table == of
                && (if key.ref_schema.is_empty() { own } else { &key.ref_schema }) == schema
                && column.is_none_or(|column| key.ref_columns.iter().any(|name| name == column))
        };
        if table.foreign_keys.iter().any(|key| refers(key, &table.schema)) {
            scene.edit(id, hash((schema, of, column)), |table, _| {
                let own = table.schema.clone();
                table.foreign_keys.retain(|key| !refers(key, &own));
            });
        }
    }
}

/// `ALTER COLUMN …`.
pub(super) fn alter_column(
    node: &ast::AlterColumn,
    name: &Qualified,
    if_exists: bool,
    builder: &mut Builder,
) {
    let Some(column) = node.name() else { return };
    let column = name_of(&column);
    let words = node.words();
    let name = name.clone();
    let words: Vec<&str> = words.split(' ').collect();
    let mut edit = |change: Box<dyn Fn(&mut Column) + Send + Sync>| {
        let (name, column) = (name.clone(), column.clone());
        step(builder, move |scene| {
            let relation = scene.find(Space::Relation, name.schema(), name.text());
            // A view has defaults of columns too, which the model does not.
            let Some((id, table)) = find_table(scene, &name, if_exists || relation.is_some()) else { return };
            if table.column(&column.text).is_none() {
                if scene.is_complete(id) {
                    scene.missing_column(&table, &column);
                }
                return;
            }
            let text = column.text.clone();
            scene.edit(id, 0, |table, _| {
                if let Some(column) = table.columns.iter_mut().find(|column| column.name == text) {
                    change(column);
                }
            });
        });
    };
    match &words[..] {
        ["SET", "NOT", "NULL"] => edit(Box::new(|column| column.nullable = false)),
        ["DROP", "NOT", "NULL"] => edit(Box::new(|column| column.nullable = true)),
        ["DROP", "DEFAULT"] => edit(Box::new(|column| {
            column.default = None;
            unserial(column);
        })),
        ["SET"] if node.default().is_some() => {
            let text = node.default().and_then(|default| default.text()).unwrap_or_default();
            edit(Box::new(move |column| {
                unserial(column);
                column.default = Some(defaults::read(text.trim(), column.ty.as_ref()));
                if table::is_null(column.default.as_ref()) {
                    column.default = None;
                }
            }));
        }
        ["ADD"] => {
            if let Some(identity) = node.identity() {
                let identity = identity_of(&identity);
                edit(Box::new(move |column| table_identity(&identity, column)));
            }
        }
        ["DROP", "IDENTITY", ..] => edit(Box::new(|column| column.attrs.remove(&attr::IDENTITY))),
        ["DROP", "EXPRESSION", ..] => edit(Box::new(|column| column.generated = None)),
        ["SET", "EXPRESSION", ..] => {
            if let Some(text) = node.expr().map(|expr| expr.text().trim().to_owned()) {
                edit(Box::new(move |column| {
                    if let Some(Generated { expr, .. }) = &mut column.generated {
                        *expr = Expr(text.clone());
                    }
                }));
            }
        }
        ["SET", "STORAGE", rest @ ..] => {
            let word = node.path().map(|path| path.name.text.to_string());
            if let Some(word) = word.or_else(|| rest.first().map(|word| (*word).to_owned())) {
                edit(Box::new(move |column| table::set_storage(column, &word)));
            }
        }
        ["SET", "COMPRESSION", rest @ ..] => {
            let word = node.path().map(|path| path.name.text.to_string());
            if let Some(word) = word.or_else(|| rest.first().map(|word| (*word).to_owned())) {
                edit(Box::new(move |column| table::set_compression(column, &word)));
            }
        }
        _ if words.contains(&"TYPE") => {
            let Some(raw) = node.type_name().map(|ty| ty.text().trim().to_owned()) else { return };
            let collate =
                node.collate().and_then(|collate| collate.path()).as_ref().and_then(index::collation);
            set_type(name, column, raw, collate, if_exists, builder);
        }
        _ => {
            // Options of an identity: `SET GENERATED ALWAYS SET INCREMENT BY 2`.
            let options: Vec<(SmolStr, Option<i64>)> = node
                .options()
                .map(|option| (option.words(), option.number().and_then(|number| number.parse().ok())))
                .collect();
            if !options.is_empty() {
                edit(Box::new(move |column| {
                    let Some(mut identity) = Identity::of(&column.attrs) else { return };
                    for (words, number) in &options {
                        match (words.split(' ').next().unwrap_or_default(), number) {
                            ("GENERATED", _) => identity.always = words.contains("ALWAYS"),
                            ("START", Some(number)) => identity.start = *number,
                            ("INCREMENT", Some(number)) => identity.increment = *number,
                            _ => {}
                        }
                    }
                    identity.set(&mut column.attrs);
                }));
            }
        }
    }
}

fn identity_of(node: &ast::Identity) -> Identity {
    let mut attrs = schema::Attrs::default();
    table::identity(node, &mut attrs);
    Identity::of(&attrs).unwrap_or(Identity { always: false, start: 1, increment: 1 })
}

fn table_identity(identity: &Identity, column: &mut Column) {
    identity.set(&mut column.attrs);
    column.nullable = false;
}

/// A serial column whose default goes is an integer.
fn unserial(column: &mut Column) {
    if let Some(ty) = column.ty.as_mut().filter(|ty| ty.class == Class::Serial) {
        let name = match &*ty.name {
            "smallserial" => "smallint",
            "bigserial" => "bigint",
            _ => "integer",
        };
        *ty = types::parse(name);
        column.attrs.remove(&attr::SEQUENCE_NAME);
    }
}

fn set_type(
    name: Qualified,
    column: Name,
    raw: String,
    collate: Option<String>,
    if_exists: bool,
    builder: &mut Builder,
) {
    step(builder, move |scene| {
        let Some((id, table)) = find_table(scene, &name, if_exists) else { return };
        if table.column(&column.text).is_none() {
            if scene.is_complete(id) {
                scene.missing_column(&table, &column);
            }
            return;
        }
        let mut ty = types::parse(&raw);
        resolve_type(scene, &mut ty);
        scene.edit(id, hash((&ty.schema, ty.class)), |table, _| {
            let Some(of) = table.columns.iter_mut().find(|known| known.name == column.text) else { return };
            // A serial column stays one, of another size.
            let serial = of.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
            of.ty = Some(match (&*ty.name, serial) {
                ("smallint", true) => types::parse("smallserial"),
                ("integer", true) => types::parse("serial"),
                ("bigint", true) => types::parse("bigserial"),
                _ => ty,
            });
            of.raw_type = raw.clone();
            match &collate {
                Some(collate) => of.attrs.set(&attr::COLLATE, collate.clone()),
                None => of.attrs.remove(&attr::COLLATE),
            }
        });
    });
}
