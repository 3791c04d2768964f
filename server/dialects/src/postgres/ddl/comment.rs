//! `COMMENT ON`.

use std::sync::Arc;

use engine::replay::{Builder, Scene, Space, Thing};
use schema::{Attrs, Routine, SmolStr, Trigger, View};
use syntax::sql::ast;

use super::super::attr;
use super::alter::{find_index, key_name};
use super::{Qualified, find_table, hash, name_of, object, routine, step};

/// Reads `COMMENT ON`.
pub(super) fn read(comment: &ast::CommentOn, builder: &mut Builder) {
    let Some(path) = comment.path() else { return };
    let texts: Vec<String> =
        comment.texts().iter().filter_map(|literal| routine::string_of(&literal.text())).collect();
    // An empty comment is none.
    let text = Some(texts.concat()).filter(|text| !text.is_empty());
    let kind = comment.kind();
    let name = Qualified::of(&path);
    let on = comment.on().map(|path| Qualified::of(&path));
    let signature = routine::signatures(comment.syntax()).into_iter().next().flatten();
    let column = (kind == "COLUMN").then(|| path.clone()).and_then(|path| {
        let table = path.schema.as_ref()?;
        let table = Qualified { schema: path.catalog.as_ref().map(name_of), name: name_of(table) };
        Some((table, name_of(&path.name)))
    });
    step(builder, move |scene| match kind.as_str() {
        "COLUMN" => {
            let Some((table, column)) = &column else { return };
            comment_column(scene, table, column, text.clone());
        }
        "SCHEMA" => match scene.schema_mut(name.text()) {
            Some(schema) => schema.comment.clone_from(&text),
            None => scene.missing("schema", Space::Global("schema"), &name.name),
        },
        "CONSTRAINT" => {
            let Some(on) = &on else { return };
            comment_constraint(scene, on, name.text(), text.clone());
        }
        "TRIGGER" | "POLICY" => {
            let Some(on) = &on else { return };
            let Some(id) = super::drop::find_owned(scene, name.text(), on) else { return };
            match scene.thing(id).cloned() {
                Some(Thing::Trigger(trigger)) => {
                    let mut trigger = Trigger::clone(&trigger);
                    set(&mut trigger.attrs, text.clone());
                    scene.set(id, Thing::Trigger(Arc::new(trigger)));
                }
                _ => object::change(scene, id, |object| object.comment = text.clone()),
            }
        }
        "COLLATION" => {
            if let Some(id) = scene.find(Space::Other(attr::COLLATION), name.schema(), name.text()) {
                object::change(scene, id, |object| object.comment = text.clone());
            }
        }
        "SERVER" => {
            if let Some(id) = scene.find(Space::Global(attr::SERVER), None, name.text()) {
                object::change(scene, id, |object| object.comment = text.clone());
            }
        }
        "TABLE" | "FOREIGN TABLE" | "VIEW" | "MATERIALIZED VIEW" | "SEQUENCE" => {
            let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
                if kind != "SEQUENCE" {
                    scene.missing("table", Space::Relation, &name.name);
                }
                return;
            };
            match scene.thing(id).cloned() {
                Some(Thing::Table(_)) => scene.edit(id, 0, |table, _| table.comment = text.clone()),
                Some(Thing::View(view)) => {
                    let view = View { comment: text.clone(), ..View::clone(&view) };
                    scene.set(id, Thing::View(Arc::new(view)));
                }
                _ => object::change(scene, id, |object| object.comment = text.clone()),
            }
        }
        "TYPE" | "DOMAIN" => {
            if let Some(id) = scene.find(Space::Type, name.schema(), name.text()) {
                object::change(scene, id, |object| object.comment = text.clone());
            }
        }
        "INDEX" => comment_index(scene, &name, text.clone()),
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => {
            let Some(id) = routine::find(scene, &name, signature.as_deref()) else { return };
            match scene.thing(id).cloned() {
                Some(Thing::Routine(routine)) => {
                    let mut routine = Routine::clone(&routine);
                    set(&mut routine.attrs, text.clone());
                    scene.set(id, Thing::Routine(Arc::new(routine)));
                }
                _ => object::change(scene, id, |object| object.comment = text.clone()),
            }
        }
        "EXTENSION" => {
            // Its own comment is not the user's.
        }
        "ROLE" => {
            if let Some(id) = scene.find(Space::Global(attr::ROLE), None, name.text()) {
                object::change(scene, id, |object| object.comment = text.clone());
            }
        }
        "EVENT TRIGGER" => {
            if let Some(id) = scene.find(Space::Global(attr::EVENT_TRIGGER), None, name.text()) {
                object::change(scene, id, |object| object.comment = text.clone());
            }
        }
        _ => {}
    });
}

fn set(attrs: &mut Attrs, text: Option<String>) {
    match text {
        Some(text) => attrs.set(&attr::COMMENT, text),
        None => attrs.remove(&attr::COMMENT),
    }
}

fn comment_column(
    scene: &mut Scene<'_, '_>,
    table: &Qualified,
    column: &engine::replay::Name,
    text: Option<String>,
) {
    let relation = scene.find(Space::Relation, table.schema(), table.text());
    if let Some(id) = relation
        && let Some(Thing::View(view)) = scene.thing(id).cloned()
    {
        let mut view = View::clone(&view);
        for of in view.columns.iter_mut().filter(|of| of.name == column.text) {
            of.comment.clone_from(&text);
        }
        scene.set(id, Thing::View(Arc::new(view)));
        return;
    }
    if let Some(id) = relation
        && matches!(scene.thing(id), Some(Thing::Object(_)))
    {
        object::change(scene, id, |object| {
            let mut columns = object.attrs.get(&attr::TABLE_COLUMNS).unwrap_or_default();
            let own = |of: &&mut Attrs| of.get(&attr::NAME).as_deref() == Some(column.text.as_str());
            columns.iter_mut().filter(own).for_each(|of| set(of, text.clone()));
            if !columns.is_empty() {
                object.attrs.set(&attr::TABLE_COLUMNS, columns);
            }
        });
        return;
    }
    if relation.is_none() && scene.find(Space::Type, table.schema(), table.text()).is_some() {
        return;
    }
    let Some((id, found)) = find_table(scene, table, relation.is_some()) else { return };
    if found.column(&column.text).is_none() {
        if scene.is_complete(id) {
            scene.missing_column(&found, column);
        }
        return;
    }
    let name = column.text.clone();
    scene.edit(id, hash(&text), |table, _| {
        if let Some(column) = table.columns.iter_mut().find(|column| column.name == name) {
            column.comment = text;
        }
    });
}

fn comment_constraint(scene: &mut Scene<'_, '_>, on: &Qualified, name: &SmolStr, text: Option<String>) {
    let Some(id) = scene.find(Space::Relation, on.schema(), on.text()) else { return };
    scene.edit(id, 0, |table, _| {
        // What has an index has the comment of its index, which is another one.
        for check in table.checks.iter_mut().filter(|check| check.name.as_ref() == Some(name)) {
            set(&mut check.attrs, text.clone());
        }
        for key in table.foreign_keys.iter_mut().filter(|key| key.name.as_ref() == Some(name)) {
            set(&mut key.attrs, text.clone());
        }
    });
}

fn comment_index(scene: &mut Scene<'_, '_>, name: &Qualified, text: Option<String>) {
    let Some(id) = find_index(scene, name, false) else { return };
    let of = name.text().clone();
    match scene.thing(id).cloned() {
        Some(Thing::Table(_)) => scene.edit(id, 0, |table, _| {
            if key_name(table).is_some_and(|key| key == of)
                && let Some(key) = &mut table.primary_key
            {
                key.comment.clone_from(&text);
            }
            for index in table.indexes.iter_mut().filter(|index| index.name == of) {
                index.comment.clone_from(&text);
            }
        }),
        Some(Thing::View(view)) => {
            let mut view = View::clone(&view);
            for index in view.indexes.iter_mut().filter(|index| index.name == of) {
                index.comment.clone_from(&text);
            }
            scene.set(id, Thing::View(Arc::new(view)));
        }
        _ => {}
    }
}
