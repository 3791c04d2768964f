//! `DROP`, and what goes with the thing dropped.

use engine::replay::{Builder, Id, Scene, Space, Thing, Unsupported};
use schema::SmolStr;
use syntax::sql::ast;

use super::super::{attr, names, types};
use super::alter::{drop_references, find_index};
use super::{Qualified, accounts, fold, foreign, routine, step};

/// Reads `DROP TABLE | VIEW | MATERIALIZED VIEW | INDEX | TRIGGER`.
pub(super) fn relations(drop: &ast::Drop, builder: &mut Builder) {
    let Some(kind) = drop.kind() else { return };
    let if_exists = drop.if_exists().is_some();
    let cascade = drop.cascade().is_some();
    let on = drop.on().map(|path| Qualified::of(&path));
    for path in drop.paths() {
        let name = Qualified::of(&path);
        let on = on.clone();
        step(builder, move |scene| match kind {
            ast::ObjectKind::Index => drop_index(scene, &name, if_exists),
            ast::ObjectKind::Trigger => drop_owned(scene, "trigger", &name, on.as_ref(), if_exists),
            ast::ObjectKind::Table => drop_relation(scene, "table", &name, if_exists, cascade),
            ast::ObjectKind::View => drop_relation(scene, "view", &name, if_exists, cascade),
        });
    }
}

/// Reads `DROP` of anything else.
pub(super) fn objects(drop: &ast::DropObject, builder: &mut Builder) -> Result<(), Unsupported> {
    let kind = drop.kind();
    let if_exists = drop.if_exists().is_some();
    let cascade = drop.cascade();
    let on = drop.on().map(|path| Qualified::of(&path));
    let signatures = routine::signatures(drop.syntax());
    if matches!(kind.as_str(), "FOREIGN TABLE" | "COLLATION" | "CAST" | "SERVER" | "USER MAPPING") {
        foreign::drop(drop.syntax(), builder);
        return Ok(());
    }
    for (at, path) in drop.paths().iter().enumerate() {
        let name = Qualified::of(path);
        let (kind, on) = (kind.clone(), on.clone());
        let signature = signatures.get(at).cloned().flatten();
        step(builder, move |scene| match kind.as_str() {
            "SCHEMA" => {
                if scene.has_schema(name.text()) {
                    scene.drop_schema(name.text());
                } else if !if_exists {
                    scene.missing("schema", Space::Global("schema"), &name.name);
                }
            }
            "TYPE" | "DOMAIN" => drop_type(scene, &name, if_exists, cascade),
            "SEQUENCE" => drop_relation(scene, "sequence", &name, if_exists, cascade),
            "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => {
                routine::drop(scene, &name, signature.as_deref(), if_exists, cascade);
            }
            "POLICY" => drop_owned(scene, "policy", &name, on.as_ref(), if_exists),
            "EXTENSION" => drop_global(scene, attr::EXTENSION, &name, if_exists),
            "ROLE" | "USER" | "GROUP" => accounts::drop(scene, &name.name),
            "EVENT TRIGGER" => drop_global(scene, attr::EVENT_TRIGGER, &name, if_exists),
            _ => {}
        });
    }
    Ok(())
}

fn drop_global(scene: &mut Scene<'_, '_>, kind: &'static str, name: &Qualified, if_exists: bool) {
    match scene.find(Space::Global(kind), None, name.text()) {
        Some(id) => scene.remove(id),
        None if if_exists => {}
        None => {
            let word = if kind == attr::EXTENSION { "extension" } else { "event trigger" };
            scene.missing(word, Space::Global(kind), &name.name);
        }
    }
}

fn drop_owned(
    scene: &mut Scene<'_, '_>,
    word: &str,
    name: &Qualified,
    on: Option<&Qualified>,
    if_exists: bool,
) {
    let Some(on) = on else { return };
    match find_owned(scene, name.text(), on) {
        Some(id) => scene.remove(id),
        None if if_exists => {}
        None => scene.missing(word, Space::Owned, &name.name),
    }
}

/// The trigger or policy `name` of the table `on`.
pub(super) fn find_owned(scene: &Scene<'_, '_>, name: &str, on: &Qualified) -> Option<Id> {
    let table = scene.find(Space::Relation, on.schema(), on.text());
    let (schema, of) = match table.and_then(|id| scene.name_of(id)) {
        Some(found) => found,
        None => (scene.schema_for(on.schema()), on.text().clone()),
    };
    scene.find(Space::Owned, Some(&schema), &routine::owned_name(&of, name))
}

fn drop_relation(scene: &mut Scene<'_, '_>, word: &str, name: &Qualified, if_exists: bool, cascade: bool) {
    let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
        let implied = word == "sequence" && name.text().ends_with("_seq");
        if !if_exists && !implied {
            scene.missing(word, Space::Relation, &name.name);
        }
        return;
    };
    let Some((schema, of)) = scene.name_of(id) else { return };
    let is = scene.thing(id).map(Thing::word).unwrap_or_default();
    if word == "view" && is == "table" || word == "table" && is == "view" {
        let message = format!("{:?} is a {is}: use DROP {}", name.text(), is.to_uppercase());
        scene.error(name.name.range, "wrong-kind", message);
        return;
    }
    remove_relation(scene, id, &schema, &of, cascade);
}

/// Removes a relation with what belongs to it, and what refers to it when `cascade`.
fn remove_relation(scene: &mut Scene<'_, '_>, id: Id, schema: &SmolStr, of: &SmolStr, cascade: bool) {
    scene.remove(id);
    for other in scene.all(|space, _| matches!(space, Space::Owned | Space::Relation)) {
        let goes = match scene.thing(other) {
            Some(Thing::Trigger(trigger)) => trigger.schema == *schema && trigger.on == *of,
            Some(Thing::Object(object)) => {
                let key = match object.kind {
                    attr::POLICY => &attr::ON,
                    attr::PARTITION_OF => &attr::OF,
                    attr::SEQUENCE => &attr::OWNER,
                    _ => continue,
                };
                let Some(text) = object.attrs.get(key) else { continue };
                let steps = names::steps(&text);
                // The owner of a sequence ends with a column.
                let steps = if object.kind == attr::SEQUENCE {
                    &steps[..steps.len().saturating_sub(1)]
                } else {
                    &steps[..]
                };
                match steps {
                    [name] => *name == *of && object.schema == *schema,
                    [in_schema, name] => in_schema == schema && name == of,
                    _ => false,
                }
            }
            Some(Thing::View(view)) if cascade => names_relation(&view.body, schema, of, &view.schema),
            _ => false,
        };
        if goes {
            let named = scene.name_of(other);
            match (scene.thing(other), named) {
                (Some(Thing::View(_)), Some((schema, of))) => {
                    remove_relation(scene, other, &schema, &of, true)
                }
                _ => scene.remove(other),
            }
        }
    }
    if cascade {
        drop_references(scene, schema, of, None);
    }
}

/// Whether a query reads from the relation, by its words.
fn names_relation(body: &str, schema: &str, name: &str, own: &str) -> bool {
    use syntax::sql::ast::Statement;
    let file = syntax::sql::File::parse(&text::Text::from(body), &super::super::grammar::GRAMMAR, None);
    let Some(statement) = file.pieces().iter().find_map(|placed| placed.piece.statement()) else {
        return false;
    };
    let paths = match &statement {
        Statement::Query(query) => query.syntax().descendants(),
        other => other.syntax().descendants(),
    };
    let mut tables = paths.filter_map(ast::TableRef::cast);
    tables.any(|table| match table.source() {
        Some(ast::Source::Table(path)) => {
            fold(&path.name) == name && path.schema.as_ref().map_or(own == schema, |of| fold(of) == schema)
        }
        _ => false,
    })
}

fn drop_index(scene: &mut Scene<'_, '_>, name: &Qualified, if_exists: bool) {
    let Some(id) = find_index(scene, name, if_exists) else { return };
    let text = name.text().clone();
    match scene.thing(id).cloned() {
        Some(Thing::Table(table)) => {
            let index = table.index(&text);
            if index.is_none_or(|index| index.key != schema::Key::Index) {
                let message = format!("index {text:?} belongs to a constraint and cannot be dropped");
                scene.error(name.name.range, "in-use", message);
                return;
            }
            scene.edit(id, 0, |table, origin| {
                table.indexes.retain(|index| index.name != text);
                origin.remove(&schema::ObjectPath::Index {
                    schema: table.schema.clone(),
                    table: table.name.clone(),
                    index: text,
                });
            });
        }
        Some(Thing::View(view)) => {
            let mut view = schema::View::clone(&view);
            view.indexes.retain(|index| index.name != text);
            scene.set(id, Thing::View(std::sync::Arc::new(view)));
        }
        _ => {}
    }
}

fn drop_type(scene: &mut Scene<'_, '_>, name: &Qualified, if_exists: bool, cascade: bool) {
    let Some(id) = scene.find(Space::Type, name.schema(), name.text()) else {
        if !if_exists {
            scene.missing("type", Space::Type, &name.name);
        }
        return;
    };
    let Some((schema, of)) = scene.name_of(id) else { return };
    scene.remove(id);
    if !cascade {
        return;
    }
    for id in scene.all(|space, _| space == Space::Relation) {
        let Some(table) = scene.table(id) else { continue };
        let is = |ty: &schema::ColumnType| {
            types::declared_name(ty)
                .is_some_and(|(in_schema, name)| in_schema.as_deref() == Some(schema.as_str()) && name == of)
        };
        if table.columns.iter().any(|column| column.ty.as_ref().is_some_and(is)) {
            scene.edit(id, 3, |table, _| {
                table.columns.retain(|column| !column.ty.as_ref().is_some_and(is));
            });
        }
    }
}
