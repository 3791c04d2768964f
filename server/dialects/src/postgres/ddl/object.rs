//! Schemas, views, extensions, and what all other objects share.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Id, Scene, Space, Thing, Unsupported};
use schema::{Attrs, Object, ObjectPath, SmolStr, View, ViewKind};
use syntax::sql::Piece;
use syntax::sql::ast::{self, AlterAction};

use super::super::{attr, names, types};
use super::alter::relocate;
use super::{
    Qualified, accounts, declared, fold, foreign, index, name_of, plain_column, resolve_type, routine,
    sequence, step,
};

/// Reads `CREATE` of what is no table, index, view or trigger.
pub(super) fn create(
    create: &ast::CreateObject,
    piece: &Piece,
    builder: &mut Builder,
) -> Result<(), Unsupported> {
    match create.kind().as_str() {
        "SCHEMA" => create_schema(create, piece, builder),
        "TYPE" => declared::create_type(create, piece, builder),
        "DOMAIN" => declared::create_domain(create, piece, builder),
        "SEQUENCE" => sequence::create_sequence(create, piece, builder),
        "EXTENSION" => create_extension(create, piece, builder),
        "FUNCTION" | "PROCEDURE" => routine::create(create, piece, builder),
        "AGGREGATE" => routine::create_aggregate(create, piece, builder),
        "POLICY" => routine::create_policy(create, piece, builder),
        "EVENT TRIGGER" => routine::create_event_trigger(create, piece, builder),
        "FOREIGN TABLE" => return foreign::create_table(create.syntax(), piece, builder),
        "COLLATION" => foreign::create_collation(create.syntax(), piece, builder),
        "CAST" => foreign::create_cast(create.syntax(), piece, builder),
        "SERVER" => foreign::create_server(create.syntax(), piece, builder),
        "USER MAPPING" => foreign::create_mapping(create.syntax(), piece, builder),
        "ROLE" | "USER" | "GROUP" => accounts::create(create.syntax(), piece, builder),
        // Operators and their kin are none of the realm, and no relations.
        _ => {}
    }
    Ok(())
}

/// Adds an object of a schema, whose name must be free.
pub(super) fn add(
    scene: &mut Scene<'_, '_>,
    space: Space,
    name: &Qualified,
    object: Object,
    piece: text::TextRange,
) -> Option<Id> {
    let schema = object.schema.clone();
    if let Some(other) = scene.find(space, Some(&schema), name.text()) {
        scene.exists(object.kind, &name.name, Some(other));
        return None;
    }
    let mut part = Part::default();
    let path = ObjectPath::Object { schema: schema.clone(), kind: object.kind, name: object.name.clone() };
    part.add(path, piece, name.name.range);
    Some(scene.insert(space, schema, name.text().clone(), Thing::Object(Arc::new(object)), part, 0))
}

fn create_schema(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let role = create.options().find_map(|option| option.name());
    let Some(name) = create.path().map(|path| path.name).or(role).as_ref().map(name_of) else { return };
    let if_not_exists = create.if_not_exists().is_some();
    let own = name.text.clone();
    step(builder, move |scene| {
        if name.text == scene.default_schema() {
            // It exists, and dumps of some versions create it.
            if !scene.has_schema(&name.text) {
                scene.create_schema(&name);
            }
        } else if !scene.create_schema(&name) && !if_not_exists {
            scene.exists("schema", &name, None);
        }
    });
    let elements = create.elements();
    if elements.is_empty() {
        return;
    }
    // What is within belongs to the schema.
    let before = Arc::new(std::sync::Mutex::new(Vec::new()));
    let saved = before.clone();
    step(builder, move |scene| {
        let path = scene.search_path().to_vec();
        if let Ok(mut saved) = saved.lock() {
            saved.clone_from(&path);
        }
        let mut inner = vec![own.clone()];
        inner.extend(path);
        scene.set_search_path(inner);
    });
    for element in elements {
        use engine::replay::Hooks;
        let _ = super::Ddl.read(&element, piece, builder);
    }
    step(builder, move |scene| {
        let path = before.lock().map(|path| path.clone()).unwrap_or_default();
        scene.set_search_path(path);
    });
}

pub(super) fn object(kind: &'static str, schema: &SmolStr, name: &SmolStr, attrs: Attrs) -> Object {
    Object { kind, schema: schema.clone(), name: name.clone(), comment: None, attrs }
}

/// A type as an attribute of an object of `own` has it.
pub(super) fn type_text(scene: &Scene<'_, '_>, raw: &str, own: &str) -> String {
    let mut ty = types::parse(raw);
    resolve_type(scene, &mut ty);
    types::text(&ty, own)
}

fn create_extension(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(name) = create.path().map(|path| name_of(&path.name)) else { return };
    let mut attrs = Attrs::default();
    for option in create.options() {
        match option.words().as_str() {
            "SCHEMA" => {
                let schema = option.path().map(|path| fold(&path.name)).unwrap_or_default();
                if schema != "public" {
                    attrs.set(&attr::SCHEMA, schema.to_string());
                }
            }
            "VERSION" => {
                let text = option.literal().and_then(|literal| literal.string());
                let text = text.or_else(|| option.name().map(|name| name.text));
                if let Some(text) = text {
                    attrs.set(&attr::VERSION, text.to_string());
                }
            }
            _ => {}
        }
    }
    let if_not_exists = create.if_not_exists().is_some();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let space = Space::Global(attr::EXTENSION);
        if let Some(other) = scene.find(space, None, &name.text) {
            if !if_not_exists {
                scene.exists("extension", &name, Some(other));
            }
            return;
        }
        // What every database has is not managed.
        if name.text == "plpgsql" {
            scene.insert(space, SmolStr::default(), name.text.clone(), Thing::Hidden, Part::default(), 0);
            return;
        }
        let object = object(attr::EXTENSION, &SmolStr::default(), &name.text, attrs.clone());
        let mut part = Part::default();
        let path =
            ObjectPath::Object { schema: SmolStr::default(), kind: attr::EXTENSION, name: name.text.clone() };
        part.add(path, range, name.range);
        scene.insert(space, SmolStr::default(), name.text.clone(), Thing::Object(Arc::new(object)), part, 0);
    });
}

/// Reads `CREATE [MATERIALIZED] VIEW`.
pub(super) fn create_view(create: &ast::CreateView, piece: &Piece, builder: &mut Builder) {
    let (Some(path), Some(mut body)) = (create.path(), create.body()) else { return };
    if create.temporary().is_some() {
        return;
    }
    let name = Qualified::of(&path);
    let listed: Vec<SmolStr> = create.columns().iter().map(fold).collect();
    if create.recursive() {
        let columns: Vec<_> = listed.iter().map(|name| names::quoted(name)).collect();
        let columns = columns.join(", ");
        let own = names::quoted(name.text());
        body = format!("WITH RECURSIVE {own}({columns}) AS ({body}) SELECT {columns} FROM {own}");
    }
    let mut attrs = Attrs::default();
    let (mut barrier, mut invoker) = (false, false);
    for param in create.params().unwrap_or_default() {
        let Some(path) = param.path() else { continue };
        let value = param.value().unwrap_or_else(|| "true".to_owned());
        let on = !matches!(value.trim_matches('\'').to_lowercase().as_str(), "false" | "off" | "0" | "no");
        match fold(&path.name).as_str() {
            "security_barrier" => barrier = on,
            "security_invoker" => invoker = on,
            "check_option" => attrs.set(&attr::CHECK_OPTION, value.trim_matches('\'').to_uppercase()),
            _ => {}
        }
    }
    attr::set_view_security(&mut attrs, barrier, invoker);
    let materialized = create.materialized();
    if materialized && let Some(params) = create.params() {
        index::storage(&params, &mut attrs);
    }
    match create.option().as_deref() {
        Some(words) if words.contains("CHECK") => {
            let word = if words.contains("LOCAL") { "LOCAL" } else { "CASCADED" };
            attrs.set(&attr::CHECK_OPTION, word.to_owned());
        }
        Some(words) if words.contains("NO DATA") => attrs.set(&attr::WITH_NO_DATA, true),
        _ => {}
    }
    for clause in create.clauses() {
        if clause.words() == "USING"
            && let Some(path) = clause.path()
            && fold(&path.name) != "heap"
        {
            attrs.set(&attr::ACCESS_METHOD, fold(&path.name).to_string());
        }
    }
    let columns: Vec<SmolStr> = if listed.is_empty() {
        crate::body::postgres(&body).unwrap_or_default().into_iter().map(SmolStr::from).collect()
    } else {
        listed
    };
    let kind = if materialized { ViewKind::Materialized } else { ViewKind::Plain };
    let (if_not_exists, replace) = (create.if_not_exists().is_some(), create.or_replace());
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        let view = View {
            schema: schema.clone(),
            name: name.text().clone(),
            kind,
            body: body.clone(),
            columns: columns.iter().map(|name| plain_column(name)).collect(),
            indexes: Vec::new(),
            comment: None,
            depends_on: Vec::new(),
            attrs: attrs.clone(),
        };
        if let Some(id) = scene.find(Space::Relation, Some(&schema), name.text()) {
            match scene.thing(id).cloned() {
                Some(Thing::View(old)) if replace => {
                    scene.set(id, Thing::View(Arc::new(View { comment: old.comment.clone(), ..view })));
                }
                _ if if_not_exists => {}
                _ => scene.exists("view", &name.name, Some(id)),
            }
            return;
        }
        let mut part = Part::default();
        part.add(
            ObjectPath::View { schema: schema.clone(), view: name.text().clone() },
            range,
            name.name.range,
        );
        scene.insert(Space::Relation, schema, name.text().clone(), Thing::View(Arc::new(view)), part, 0);
    });
}

/// Reads `ALTER` of what is no relation.
pub(super) fn alter(alter: &ast::AlterObject, builder: &mut Builder) -> Result<(), Unsupported> {
    let kind = alter.kind();
    if matches!(kind.as_str(), "ROLE" | "USER" | "GROUP") {
        accounts::alter(alter.syntax(), builder);
        return Ok(());
    }
    if matches!(kind.as_str(), "SERVER" | "USER MAPPING" | "COLLATION") {
        foreign::alter(alter.syntax(), builder);
        return Ok(());
    }
    let Some(path) = alter.path() else { return Ok(()) };
    let name = Qualified::of(&path);
    let if_exists = alter.if_exists().is_some();
    match kind.as_str() {
        "SCHEMA" => alter_schema(alter, &name, builder),
        "TYPE" | "DOMAIN" => declared::alter_type(alter, &name, builder),
        "SEQUENCE" => sequence::alter_sequence(alter, &name, if_exists, builder),
        "EXTENSION" | "EVENT TRIGGER" => alter_global(alter, &kind, &name, builder),
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => routine::alter(alter, &name, builder),
        "TRIGGER" | "POLICY" => routine::alter_owned(alter, &name, builder),
        _ => {}
    }
    Ok(())
}

fn alter_schema(alter: &ast::AlterObject, name: &Qualified, builder: &mut Builder) {
    for action in alter.actions() {
        let AlterAction::Other(action) = action else { continue };
        if action.words() != "RENAME TO" {
            continue;
        }
        let Some(to) = action.paths().first().map(|path| fold(&path.name)) else { continue };
        let name = name.clone();
        step(builder, move |scene| {
            if !scene.has_schema(name.text()) {
                scene.missing("schema", Space::Global("schema"), &name.name);
                return;
            }
            let old = name.text().clone();
            let inside = scene.all(|_, schema| schema == old);
            for id in inside {
                let Some((_, of)) = scene.name_of(id) else { continue };
                match scene.thing(id).cloned() {
                    Some(Thing::Table(_) | Thing::View(_)) => {
                        relocate(scene, id, (&old, &of), (&to, &of), name.name.range);
                    }
                    Some(thing) => {
                        let thing = moved(thing, &to);
                        scene.set(id, thing);
                        scene.rename(id, to.clone(), of);
                    }
                    None => {}
                }
            }
            declared::retype(scene, |schema, _| (schema == old).then(|| (to.clone(), None)));
            scene.rename_schema(&old, &to);
        });
    }
}

/// The same thing in another schema.
fn moved(thing: Thing, to: &SmolStr) -> Thing {
    match thing {
        Thing::Object(mut object) => {
            Arc::make_mut(&mut object).schema = to.clone();
            Thing::Object(object)
        }
        Thing::Routine(mut routine) => {
            Arc::make_mut(&mut routine).schema = to.clone();
            Thing::Routine(routine)
        }
        Thing::Trigger(mut trigger) => {
            Arc::make_mut(&mut trigger).schema = to.clone();
            Thing::Trigger(trigger)
        }
        other => other,
    }
}

/// Changes an object in place.
pub(super) fn change(scene: &mut Scene<'_, '_>, id: Id, change: impl FnOnce(&mut Object)) {
    if let Some(Thing::Object(object)) = scene.thing(id).cloned() {
        let mut object = Object::clone(&object);
        change(&mut object);
        scene.set(id, Thing::Object(Arc::new(object)));
    }
}

fn alter_global(alter: &ast::AlterObject, kind: &str, name: &Qualified, builder: &mut Builder) {
    let kind = if kind == "EXTENSION" { attr::EXTENSION } else { attr::EVENT_TRIGGER };
    for action in alter.actions() {
        let AlterAction::Other(action) = action else { continue };
        let Some(to) = action.paths().first().map(|path| fold(&path.name)) else { continue };
        let words = action.words();
        let name = name.clone();
        step(builder, move |scene| {
            let space = Space::Global(kind);
            let Some(id) = scene.find(space, None, name.text()) else {
                scene.missing(
                    if kind == attr::EXTENSION { "extension" } else { "event trigger" },
                    space,
                    &name.name,
                );
                return;
            };
            match words.as_str() {
                "RENAME TO" => {
                    change(scene, id, |object| object.name = to.clone());
                    scene.rename(id, SmolStr::default(), to.clone());
                }
                "SET SCHEMA" if to == "public" => {
                    change(scene, id, |object| object.attrs.remove(&attr::SCHEMA))
                }
                "SET SCHEMA" => change(scene, id, |object| object.attrs.set(&attr::SCHEMA, to.to_string())),
                _ => {}
            }
        });
    }
}
