//! `ALTER TABLE`, and what it shares with `ALTER INDEX`, `ALTER VIEW` and their kin.

mod columns;
mod constraints;
mod rename;

use std::sync::Arc;

use engine::replay::{Builder, Scene, Space, Thing, Unsupported};
use schema::{ObjectPath, Table, View};
use syntax::sql::ast;
use syntax::sql::ast::AlterAction;

pub(super) use self::columns::drop_references;
use self::columns::{add_column, alter_column, drop_column};
pub(super) use self::constraints::key_name;
use self::constraints::{add_constraint, drop_constraint};
pub(super) use self::rename::{find_index, relocate};
use self::rename::{rename_column, rename_constraint, rename_index, rename_relation};
use super::super::attr;
use super::constraint::Draft;
use super::table::ColumnDraft;
use super::{Qualified, find_table, fold, hash, index, name_of, step, table};

/// Reads `ALTER TABLE` and its kin.
pub(super) fn alter(alter: &ast::AlterTable, builder: &mut Builder) -> Result<(), Unsupported> {
    let Some(path) = alter.path() else { return Ok(()) };
    let name = Qualified::of(&path);
    let if_exists = alter.if_exists().is_some();
    let kind = alter.kind();
    let moves = |action: &AlterAction| match action {
        AlterAction::RenameTable(_) => true,
        AlterAction::Other(action) => action.words() == "SET SCHEMA",
        _ => false,
    };
    if kind == "FOREIGN TABLE" && !alter.actions().any(|action| moves(&action)) {
        return super::foreign::alter_table(alter.syntax(), builder);
    }
    for action in alter.actions() {
        match action {
            AlterAction::RenameTable(rename) => {
                let Some(to) = rename.to() else { continue };
                let (name, to) = (name.clone(), name_of(&to));
                if kind == "INDEX" {
                    step(builder, move |scene| rename_index(scene, &name, &to, if_exists));
                } else {
                    step(builder, move |scene| rename_relation(scene, &name, &to, if_exists));
                }
            }
            AlterAction::RenameColumn(rename) => {
                let (Some(from), Some(to)) = (rename.from(), rename.to()) else { continue };
                let (name, from, to) = (name.clone(), name_of(&from), name_of(&to));
                step(builder, move |scene| rename_column(scene, &name, &from, &to, if_exists));
            }
            AlterAction::RenameConstraint(rename) => {
                let (Some(from), Some(to)) = (rename.from(), rename.to()) else { continue };
                let (name, from, to) = (name.clone(), name_of(&from), name_of(&to));
                step(builder, move |scene| rename_constraint(scene, &name, &from, &to, if_exists));
            }
            AlterAction::AddColumn(add) => {
                let Some(column) = add.column().and_then(|column| ColumnDraft::of(&column, builder)) else {
                    continue;
                };
                let name = name.clone();
                let if_not_exists = add.syntax().children_with_tokens().any(|child| {
                    child.as_token().is_some_and(|token| token.text().eq_ignore_ascii_case("EXISTS"))
                });
                step(builder, move |scene| add_column(scene, &name, &column, if_exists, if_not_exists));
            }
            AlterAction::DropColumn(drop) => {
                let Some(column) = drop.name() else { continue };
                let (name, column) = (name.clone(), name_of(&column));
                let missing_ok = drop.if_exists().is_some();
                let cascade = drop.cascade().is_some();
                step(builder, move |scene| {
                    drop_column(scene, &name, &column, if_exists, missing_ok, cascade)
                });
            }
            AlterAction::AddConstraint(node) => {
                let Some(draft) = Draft::of_table(&node) else { continue };
                let name = name.clone();
                step(builder, move |scene| add_constraint(scene, &name, &draft, if_exists));
            }
            AlterAction::DropConstraint(drop) => {
                let Some(constraint) = drop.name() else { continue };
                let (name, constraint) = (name.clone(), name_of(&constraint));
                let missing_ok = drop.if_exists().is_some();
                step(builder, move |scene| drop_constraint(scene, &name, &constraint, if_exists, missing_ok));
            }
            AlterAction::AlterColumn(node) => alter_column(&node, &name, if_exists, builder),
            AlterAction::Other(node) => other(&node, &name, &kind, if_exists, builder),
        }
    }
    Ok(())
}

/// Every other action.
fn other(node: &ast::AlterOther, name: &Qualified, kind: &str, if_exists: bool, builder: &mut Builder) {
    let words = node.words();
    let words: Vec<&str> = words.split(' ').collect();
    let name = name.clone();
    let first = node.paths().into_iter().next();
    let mut edit = |change: Box<dyn Fn(&mut Table) + Send + Sync>| {
        let name = name.clone();
        step(builder, move |scene| {
            let relation = scene.find(Space::Relation, name.schema(), name.text());
            let Some((id, _)) = find_table(scene, &name, if_exists || relation.is_some()) else { return };
            scene.edit(id, 0, |table, _| change(table));
        });
    };
    let security = |set: fn(&mut (bool, bool))| {
        Box::new(move |table: &mut Table| {
            let mut flags = attr::row_security(&table.attrs);
            set(&mut flags);
            attr::set_row_security(&mut table.attrs, flags.0, flags.1);
        })
    };
    match &words[..] {
        ["ENABLE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.0 = true)),
        ["DISABLE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.0 = false)),
        ["FORCE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.1 = true)),
        ["NO", "FORCE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.1 = false)),
        ["SET", "LOGGED"] => edit(Box::new(|table| table.attrs.remove(&attr::UNLOGGED))),
        ["SET", "UNLOGGED"] => edit(Box::new(|table| table.attrs.set(&attr::UNLOGGED, true))),
        ["SET", "SCHEMA"] => {
            let Some(to) = first else { return };
            let to = name_of(&to.name);
            step(builder, move |scene| {
                let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
                    if !if_exists {
                        scene.missing("table", Space::Relation, &name.name);
                    }
                    return;
                };
                let Some((schema, of)) = scene.name_of(id) else { return };
                relocate(scene, id, (&schema, &of), (&to.text, &of), name.name.range);
            });
        }
        ["SET", "ACCESS", "METHOD", ..] => {
            let method = first.map(|path| fold(&path.name).to_string()).filter(|name| name != "heap");
            edit(Box::new(move |table| match &method {
                Some(method) => table.attrs.set(&attr::ACCESS_METHOD, method.clone()),
                None => table.attrs.remove(&attr::ACCESS_METHOD),
            }));
        }
        ["REPLICA", "IDENTITY", rest @ ..] => {
            let index = first.map(|path| fold(&path.name).to_string());
            let word = match rest {
                ["FULL"] | ["NOTHING"] => Some(rest[0].to_owned()),
                ["USING", "INDEX"] => index,
                _ => None,
            };
            edit(Box::new(move |table| match &word {
                Some(word) => table.attrs.set(&attr::REPLICA_IDENTITY, word.clone()),
                None => table.attrs.remove(&attr::REPLICA_IDENTITY),
            }));
        }
        ["SET"] | ["RESET"] if node.params().is_some() => {
            let params = node.params().unwrap_or_default();
            let reset = words == ["RESET"];
            set_params(name, kind, reset, params, if_exists, builder);
        }
        ["ATTACH", "PARTITION"] => {
            let Some(child) = first else { return };
            let child = Qualified::of(&child);
            let bound = node.bound().map(|bound| table::bound_text(&bound.text())).unwrap_or_default();
            if kind == "INDEX" {
                return;
            }
            step(builder, move |scene| attach(scene, &name, &child, &bound));
        }
        ["DETACH", "PARTITION", ..] => {
            let Some(child) = first else { return };
            let child = Qualified::of(&child);
            step(builder, move |scene| {
                // It is a table again; its columns are those of its table.
                let Some(id) = scene.find(Space::Relation, child.schema(), child.text()) else { return };
                let Some((_, parent)) = find_table(scene, &name, true) else { return };
                let Some((schema, of)) = scene.name_of(id) else { return };
                scene.remove(id);
                let mut table = Table::clone(&parent);
                table.name = of.clone();
                table.schema = schema.clone();
                table.attrs.remove(&attr::PARTITION);
                table.indexes.clear();
                let id = scene
                    .insert_table(schema, of, hash(format!("{parent:?}")), || (table, Default::default()));
                scene.incomplete(id);
            });
        }
        ["VALIDATE", "CONSTRAINT"] => {
            let Some(constraint) = first.map(|path| fold(&path.name)) else { return };
            edit(Box::new(move |table| {
                for check in table.checks.iter_mut().filter(|check| check.name.as_ref() == Some(&constraint))
                {
                    check.attrs.remove(&attr::NOT_VALID);
                }
                for key in table.foreign_keys.iter_mut().filter(|key| key.name.as_ref() == Some(&constraint))
                {
                    key.attrs.remove(&attr::NOT_VALID);
                }
            }));
        }
        // `ALTER TABLE s RENAME TO t` and owners of sequences; nothing of the model.
        _ => {}
    }
}

fn set_params(
    name: Qualified,
    kind: &str,
    reset: bool,
    params: Vec<ast::Param>,
    if_exists: bool,
    builder: &mut Builder,
) {
    // Nodes of a tree stay in their thread: the values are read now.
    let mut set = schema::Attrs::default();
    index::storage(&params, &mut set);
    let pages = set.get(&attr::PAGE_PER_RANGE);
    let values = set.get(&attr::STORAGE_PARAMS).unwrap_or_default();
    let change = move |attrs: &mut schema::Attrs| {
        let mut list = attrs.get(&attr::STORAGE_PARAMS).unwrap_or_default();
        for value in &values {
            let key = value.split('=').next();
            list.retain(|known| known.split('=').next() != key);
            if !reset {
                list.push(value.clone());
            }
        }
        list.sort();
        match (reset, pages) {
            (false, Some(pages)) => attrs.set(&attr::PAGE_PER_RANGE, pages),
            (true, _) if values.is_empty() => attrs.remove(&attr::PAGE_PER_RANGE),
            _ => {}
        }
        if list.is_empty() {
            attrs.remove(&attr::STORAGE_PARAMS);
        } else {
            attrs.set(&attr::STORAGE_PARAMS, list);
        }
    };
    let of_index = kind == "INDEX";
    let of_view = kind == "VIEW";
    step(builder, move |scene| {
        if of_index {
            let Some(id) = find_index(scene, &name, if_exists) else { return };
            let text = name.text().clone();
            scene.edit(id, 0, |table, _| {
                for index in table.indexes.iter_mut().filter(|index| index.name == text) {
                    change(&mut index.attrs);
                }
            });
            return;
        }
        let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
            if !if_exists {
                scene.missing("table", Space::Relation, &name.name);
            }
            return;
        };
        match scene.thing(id).cloned() {
            Some(Thing::Table(_)) => scene.edit(id, 0, |table, _| change(&mut table.attrs)),
            Some(Thing::View(view)) if !of_view => {
                let mut view = View::clone(&view);
                change(&mut view.attrs);
                scene.set(id, Thing::View(Arc::new(view)));
            }
            _ => {}
        }
    });
}

/// A table becomes a partition.
fn attach(scene: &mut Scene<'_, '_>, name: &Qualified, child: &Qualified, bound: &str) {
    let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
        scene.missing("table", Space::Relation, &name.name);
        return;
    };
    let Some((parent_schema, parent)) = scene.name_of(id) else { return };
    let Some(child_id) = scene.find(Space::Relation, child.schema(), child.text()) else {
        scene.missing("table", Space::Relation, &child.name);
        return;
    };
    let Some((schema, of)) = scene.name_of(child_id) else { return };
    let mut object = table::partition_object(&schema, &of, &parent_schema, &parent, bound);
    if let Some(key) = scene.table(child_id).and_then(|table| attr::Partition::of(&table.attrs)) {
        key.set(&mut object.attrs);
    }
    let path = ObjectPath::Object { schema: schema.clone(), kind: attr::PARTITION_OF, name: of.clone() };
    let mut part = engine::origin::Part::default();
    part.add(path, child.name.range, child.name.range);
    scene.remove(child_id);
    scene.insert(Space::Relation, schema, of, Thing::Object(Arc::new(object)), part, 1);
}
