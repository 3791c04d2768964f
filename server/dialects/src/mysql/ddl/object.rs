//! Databases, views, triggers, routines, events, sequences; `DROP` of all of them.

use std::sync::Arc;

use engine::replay::{Builder, Id, Name, Scene, Space, Thing, Unsupported};
use schema::{Attrs, Object, ObjectPath, Routine, RoutineKind, SmolStr, Trigger, View, ViewKind};
use syntax::sql::ast;
use syntax::sql::{Piece, SyntaxKind, SyntaxNode};

use super::column::plain;
use super::table::TableOption;
use super::{Qual, accounts, column, name_of, part_of, step};
use crate::mysql::attr::{
    ALGORITHM, ARG, AS, CACHE, CHARSET, CHECK_OPTION, COLLATE, COMMENT, CYCLE, DATA_ACCESS, DETERMINISTIC,
    EVENT, FOLLOWS, INCREMENT, MAX_VALUE, MIN_VALUE, MODE, NAME, OF_SERVER, PRESERVE, RETURN, SCHEDULE,
    SECURITY, SEQUENCE, START, STATUS, TYPE, VIEW_COLUMNS,
};
use crate::mysql::body::{TriggerHead, trigger_parts, trigger_statement};
use crate::mysql::types;

fn has(node: &SyntaxNode, word: &str) -> bool {
    let mut tokens = node.children_with_tokens().filter_map(|child| child.into_token());
    tokens.any(|token| token.kind() == SyntaxKind::KEYWORD && token.text().eq_ignore_ascii_case(word))
}

fn options(node: &SyntaxNode) -> Vec<ast::OptionClause> {
    node.children().filter_map(ast::OptionClause::cast).collect()
}

/// Text without the comments with versions around it, which end behind the last token of a body.
fn body(text: &str) -> String {
    text.trim().trim_end_matches(';').trim_end().to_owned()
}

pub(super) fn view(create: &ast::CreateView, piece: &Piece, builder: &mut Builder) {
    let (Some(path), Some(query)) = (create.path(), create.query()) else { return };
    let qual = Qual::of(&path);
    let body = body(&query.text());
    let listed: Vec<SmolStr> = create.columns().into_iter().map(|name| name.text).collect();
    let mut attrs = Attrs::default();
    super::hint(&mut attrs, piece, piece.statement_range());
    for option in options(create.syntax()) {
        let words = option.words();
        match words.as_str() {
            "ALGORITHM" => {
                let value = option.value().map(|value| value.text.to_uppercase());
                if let Some(value) = value.filter(|value| value != "UNDEFINED") {
                    attrs.set(&ALGORITHM, value);
                }
            }
            "SQL SECURITY INVOKER" => attrs.set(&SECURITY, "INVOKER".to_string()),
            _ => {}
        }
    }
    if let Some(option) = create.option() {
        let local = option.contains("LOCAL");
        attrs.set(&CHECK_OPTION, if local { "LOCAL" } else { "CASCADED" }.to_string());
    }
    let names = match listed.is_empty() {
        true => crate::body::mysql(&body).unwrap_or_default().into_iter().map(SmolStr::from).collect(),
        false => listed.clone(),
    };
    if !listed.is_empty() {
        attrs.set(&VIEW_COLUMNS, listed.iter().map(SmolStr::to_string).collect());
    }
    let replace = has(create.syntax(), "REPLACE") || has(create.syntax(), "ALTER");
    let quiet = create.if_not_exists().is_some();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = qual.home(scene);
        let name = qual.name.text.clone();
        if let Some(old) = scene.find(Space::Relation, Some(&schema), &name) {
            let same = matches!(scene.thing(old), Some(Thing::View(_)));
            if !(replace && same) {
                if !quiet {
                    scene.exists("view", &qual.name, Some(old));
                }
                return;
            }
            scene.remove(old);
        }
        let view = View {
            schema: schema.clone(),
            name: name.clone(),
            kind: ViewKind::Plain,
            body: body.clone(),
            columns: names.iter().cloned().map(column::empty).collect(),
            indexes: Vec::new(),
            comment: None,
            depends_on: Vec::new(),
            attrs: attrs.clone(),
        };
        let path = ObjectPath::View { schema: schema.clone(), view: name.clone() };
        let part = part_of(path, range, qual.name.range);
        scene.insert(Space::Relation, schema, name, Thing::View(Arc::new(view)), part, 0);
    });
}

pub(super) fn trigger(create: &ast::CreateTrigger, piece: &Piece, builder: &mut Builder) {
    let (Some(path), Some(on), Some(action)) = (create.path(), create.table(), create.body_text()) else {
        return;
    };
    let (Some(time), Some(event)) = (create.time(), create.event().and_then(|event| event.event())) else {
        return;
    };
    let names: Vec<ast::Name> = create
        .syntax()
        .children()
        .filter(|child| child.kind() == SyntaxKind::NAME)
        .filter_map(|node| ast::Name::of(&node))
        .collect();
    let schema = (names.len() > 1).then(|| name_of(&names[0]));
    let table = Qual { schema, name: name_of(&on) };
    let order = options(create.syntax()).into_iter().find_map(|option| {
        let first = option.words() == "PRECEDES";
        Some((first, option.path()?.name.text))
    });
    let qual = Qual::of(&path);
    let (quiet, replace) = (create.if_not_exists().is_some(), has(create.syntax(), "REPLACE"));
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = qual.home(scene);
        let name = qual.name.text.clone();
        if let Some(old) = scene.find(Space::Owned, Some(&schema), &name) {
            if !replace {
                if !quiet {
                    scene.exists("trigger", &qual.name, Some(old));
                }
                return;
            }
            scene.remove(old);
        }
        let on = match table.find(scene, Space::Relation) {
            Some(id) => scene.name_of(id).map_or(table.name.text.clone(), |(_, name)| name),
            None => {
                if !table.is_elsewhere(scene) {
                    scene.missing("table", Space::Relation, &table.name);
                }
                return;
            }
        };
        let head = TriggerHead { name: &name, time: &time, event: &event, on: &on };
        let mut attrs = Attrs::default();
        // Those of the same table, time and event run one behind the other.
        let mates = mates(scene, &schema, &on, &time, &event);
        let position = match &order {
            Some((before, other)) => {
                let at = mates.iter().position(|(_, mate)| mate.name.eq_ignore_ascii_case(other));
                at.map_or(mates.len(), |at| if *before { at } else { at + 1 })
            }
            None => mates.len(),
        };
        if let Some((_, previous)) = position.checked_sub(1).and_then(|at| mates.get(at)) {
            attrs.set(&FOLLOWS, previous.name.to_string());
        }
        if let Some((id, next)) = mates.get(position) {
            let mut next = Trigger::clone(next);
            next.attrs.set(&FOLLOWS, name.to_string());
            scene.set(*id, Thing::Trigger(Arc::new(next)));
        }
        let trigger = Trigger {
            schema: schema.clone(),
            name: name.clone(),
            on: on.clone(),
            body: trigger_statement(&head, &body(&action)),
            attrs,
        };
        let path = ObjectPath::Trigger { schema: schema.clone(), trigger: name.clone() };
        let part = part_of(path, range, qual.name.range);
        scene.insert(Space::Owned, schema, name, Thing::Trigger(Arc::new(trigger)), part, 0);
    });
}

/// The triggers of one table, time and event, in the order they run in.
fn mates(scene: &Scene<'_, '_>, schema: &str, on: &str, time: &str, event: &str) -> Vec<(Id, Arc<Trigger>)> {
    let all = scene.all(|space, at| space == Space::Owned && at == schema);
    let mut found: Vec<(Id, Arc<Trigger>)> = all
        .into_iter()
        .filter_map(|id| match scene.thing(id)? {
            Thing::Trigger(trigger) if trigger.on == on => {
                let (_, of_time, of_event, _, _) = trigger_parts(&trigger.body)?;
                (of_time == time && of_event == event).then(|| (id, trigger.clone()))
            }
            _ => None,
        })
        .collect();
    let mut sorted: Vec<(Id, Arc<Trigger>)> = Vec::new();
    while !found.is_empty() {
        let last = sorted.last().map(|(_, trigger)| trigger.name.to_string());
        let at = found.iter().position(|(_, trigger)| trigger.attrs.get(&FOLLOWS) == last).unwrap_or(0);
        sorted.push(found.remove(at));
    }
    sorted
}

/// The triggers of a table follow its new name.
pub(super) fn follow_table(scene: &mut Scene<'_, '_>, schema: &str, from: &str, to: &SmolStr) {
    for id in scene.all(|space, at| space == Space::Owned && at == schema) {
        let Some(Thing::Trigger(trigger)) = scene.thing(id).cloned() else { continue };
        if trigger.on != from {
            continue;
        }
        let mut trigger = Trigger::clone(&trigger);
        if let Some((name, time, event, _, action)) = trigger_parts(&trigger.body) {
            let head = TriggerHead { name: &name, time: &time, event: &event, on: to };
            trigger.body = trigger_statement(&head, action);
        }
        trigger.on.clone_from(to);
        scene.set(id, Thing::Trigger(Arc::new(trigger)));
    }
}

pub(super) fn create(
    create: &ast::CreateObject,
    piece: &Piece,
    builder: &mut Builder,
) -> Result<(), Unsupported> {
    match create.object_word().as_str() {
        "DATABASE" | "SCHEMA" => {
            let Some(path) = create.path() else { return Ok(()) };
            let name = name_of(&path.name);
            let given = database(&options(create.syntax()));
            let quiet = create.if_not_exists().is_some();
            step(builder, move |scene| {
                if !scene.create_schema(&name) {
                    if !quiet && !scene.is_unsure() {
                        scene.exists("database", &name, None);
                    }
                    return;
                }
                if let Some(schema) = scene.schema_mut(&name.text) {
                    given(schema);
                }
            });
        }
        "PROCEDURE" | "FUNCTION" => routine(create, piece, builder),
        "EVENT" => event(create, piece, builder),
        "SEQUENCE" => sequence(create, piece, builder),
        _ => return Err(Unsupported),
    }
    Ok(())
}

/// What the options of a database say.
fn database(options: &[ast::OptionClause]) -> impl Fn(&mut schema::Schema) + Send + Sync + 'static {
    let options: Vec<TableOption> = options.iter().map(TableOption::of).collect();
    move |schema| {
        for option in &options {
            match option.words.as_str() {
                "COMMENT" => schema.comment = Some(option.value.clone()).filter(|text| !text.is_empty()),
                _ => option.apply_charset(&mut schema.attrs),
            }
        }
    }
}

/// A type of a routine with its charset: the type's text, charset, collation.
fn routine_type(node: &SyntaxNode) -> Option<(String, Option<String>, Option<String>)> {
    let ty = node.children().find_map(ast::TypeName::cast)?;
    let (mut charset, mut collate) = (None, None);
    for option in options(node) {
        let value = option.value().map(|value| plain(&value.raw).to_lowercase());
        match option.words().as_str() {
            "CHARACTER SET" | "CHAR SET" | "CHARSET" => charset = value,
            "COLLATE" => collate = value,
            _ => {}
        }
    }
    Some((types::format(&types::parse(ty.text().trim())), charset, collate))
}

fn routine(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let (Some(path), Some(text)) = (create.path(), create.body_text()) else { return };
    let function = create.object_word() == "FUNCTION";
    let kind = if function { RoutineKind::Function } else { RoutineKind::Procedure };
    let mut attrs = Attrs::default();
    let mut args = Vec::new();
    for parameter in create.routine_params().unwrap_or_default() {
        let (Some(name), Some((ty, charset, collate))) = (parameter.name(), routine_type(parameter.syntax()))
        else {
            continue;
        };
        let mut item = Attrs::default();
        item.set(&NAME, name.text.to_string());
        item.set(&TYPE, ty);
        if let Some(mode) = parameter.mode().filter(|mode| mode != "IN") {
            item.set(&MODE, mode.to_string());
        }
        for (key, value) in [(&CHARSET, charset), (&COLLATE, collate)] {
            if let Some(value) = value {
                item.set(key, value);
            }
        }
        args.push(item);
    }
    if !args.is_empty() {
        attrs.set(&ARG, args);
    }
    if let Some((mut text, charset, collate)) = create.returns().first().and_then(routine_type) {
        for (word, value) in [(" CHARSET ", charset), (" COLLATE ", collate)] {
            if let Some(value) = value {
                text.push_str(word);
                text.push_str(&value);
            }
        }
        attrs.set(&RETURN, text);
    }
    characteristics(&options(create.syntax()), &mut attrs);
    let qual = Qual::of(&path);
    let body = body(&text);
    let (quiet, replace) = (create.if_not_exists().is_some(), has(create.syntax(), "REPLACE"));
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = qual.home(scene);
        let name = qual.name.text.clone();
        let known = routine_name(function, &name);
        if let Some(old) = scene.find(Space::Routine, Some(&schema), &known) {
            if !replace {
                if !quiet {
                    scene.exists(if function { "function" } else { "procedure" }, &qual.name, Some(old));
                }
                return;
            }
            scene.remove(old);
        }
        let routine = Routine {
            schema: schema.clone(),
            name: name.clone(),
            kind,
            body: body.clone(),
            attrs: attrs.clone(),
        };
        let path = ObjectPath::Routine { schema: schema.clone(), routine: name };
        let part = part_of(path, range, qual.name.range);
        scene.insert(Space::Routine, schema, known, Thing::Routine(Arc::new(routine)), part, 0);
    });
}

/// Functions and procedures may have one name; case does not matter.
fn routine_name(function: bool, name: &str) -> SmolStr {
    SmolStr::from(format!("{} {}", if function { "function" } else { "procedure" }, name.to_lowercase()))
}

fn characteristics(options: &[ast::OptionClause], attrs: &mut Attrs) {
    for option in options {
        match option.words().as_str() {
            "DETERMINISTIC" => attrs.set(&DETERMINISTIC, true),
            "NOT DETERMINISTIC" => attrs.remove(&DETERMINISTIC),
            "CONTAINS SQL" => attrs.remove(&DATA_ACCESS),
            words @ ("NO SQL" | "READS SQL DATA" | "MODIFIES SQL DATA") => {
                attrs.set(&DATA_ACCESS, words.replace(' ', "_"));
            }
            "SQL SECURITY INVOKER" => attrs.set(&SECURITY, "INVOKER".to_string()),
            "SQL SECURITY DEFINER" => attrs.remove(&SECURITY),
            "COMMENT" => {
                match option.value().map(|value| plain(&value.raw)).filter(|text| !text.is_empty()) {
                    Some(comment) => attrs.set(&COMMENT, comment),
                    None => attrs.remove(&COMMENT),
                }
            }
            _ => {}
        }
    }
}

fn event(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let (Some(path), Some(text)) = (create.path(), create.body_text()) else { return };
    let mut attrs = Attrs::default();
    attrs.set(&AS, body(&text));
    let mut comment = None;
    event_options(&options(create.syntax()), &mut attrs, &mut comment);
    let quiet = create.if_not_exists().is_some();
    object(EVENT, Space::Type, &path, piece, builder, attrs, comment, quiet, has(create.syntax(), "REPLACE"));
}

fn event_options(options: &[ast::OptionClause], attrs: &mut Attrs, comment: &mut Option<String>) {
    for option in options {
        match option.words().as_str() {
            "ON SCHEDULE" => attrs.set(&SCHEDULE, option.text().trim().to_owned()),
            "ON COMPLETION PRESERVE" => attrs.set(&PRESERVE, true),
            "ON COMPLETION NOT PRESERVE" => attrs.remove(&PRESERVE),
            "ENABLE" => attrs.remove(&STATUS),
            "DISABLE" => attrs.set(&STATUS, "DISABLE".to_string()),
            "DISABLE ON SLAVE" | "DISABLE ON REPLICA" => attrs.set(&STATUS, "DISABLE_ON_SLAVE".to_string()),
            "COMMENT" => {
                *comment = option.value().map(|value| plain(&value.raw)).filter(|text| !text.is_empty());
            }
            _ => {}
        }
    }
}

fn sequence(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(path) = create.path() else { return };
    let mut attrs = Attrs::default();
    let increment = number(&options(create.syntax()), &["INCREMENT", "INCREMENT BY"]).unwrap_or(1);
    let down = increment < 0;
    let (low, high) = if down { (-9_223_372_036_854_775_807, -1) } else { (1, 9_223_372_036_854_775_806) };
    let given = options(create.syntax());
    let low = number(&given, &["MINVALUE"]).unwrap_or(low);
    let high = number(&given, &["MAXVALUE"]).unwrap_or(high);
    attrs.set(&INCREMENT, increment);
    attrs.set(&MIN_VALUE, low);
    attrs.set(&MAX_VALUE, high);
    attrs.set(&START, number(&given, &["START", "START WITH"]).unwrap_or(if down { high } else { low }));
    let no_cache = given.iter().any(|option| matches!(option.words().as_str(), "NOCACHE" | "NO CACHE"));
    attrs.set(&CACHE, number(&given, &["CACHE"]).unwrap_or(if no_cache { 0 } else { 1000 }));
    if given.iter().any(|option| option.words() == "CYCLE") {
        attrs.set(&CYCLE, true);
    }
    let comment = given.iter().find(|option| option.words() == "COMMENT");
    let comment = comment.and_then(|option| option.value()).map(|value| plain(&value.raw));
    let quiet = create.if_not_exists().is_some();
    object(
        SEQUENCE,
        Space::Relation,
        &path,
        piece,
        builder,
        attrs,
        comment,
        quiet,
        has(create.syntax(), "REPLACE"),
    );
}

fn number(options: &[ast::OptionClause], words: &[&str]) -> Option<i64> {
    let option = options.iter().find(|option| words.contains(&option.words().as_str()))?;
    let text = option.text();
    text.trim_start_matches(['=', ' ']).replace(' ', "").parse().ok()
}

#[allow(clippy::too_many_arguments)]
fn object(
    kind: &'static str,
    space: Space,
    path: &ast::Path,
    piece: &Piece,
    builder: &mut Builder,
    attrs: Attrs,
    comment: Option<String>,
    quiet: bool,
    replace: bool,
) {
    let qual = Qual::of(path);
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = qual.home(scene);
        let name = qual.name.text.clone();
        if let Some(old) = scene.find(space, Some(&schema), &name) {
            if !replace {
                if !quiet {
                    scene.exists(kind, &qual.name, Some(old));
                }
                return;
            }
            scene.remove(old);
        }
        let object = Object {
            kind,
            schema: schema.clone(),
            name: name.clone(),
            comment: comment.clone(),
            attrs: attrs.clone(),
        };
        let path = ObjectPath::Object { schema: schema.clone(), kind, name: name.clone() };
        let part = part_of(path, range, qual.name.range);
        scene.insert(space, schema, name, Thing::Object(Arc::new(object)), part, 0);
    });
}

pub(super) fn alter(alter: &ast::AlterObject, builder: &mut Builder) -> Result<(), Unsupported> {
    let given = options(alter.syntax());
    match alter.object_word().as_str() {
        "DATABASE" | "SCHEMA" => {
            let name = alter.path().map(|path| name_of(&path.name));
            let given = database(&given);
            step(builder, move |scene| {
                // A name nothing else says is that of the database the statements are for, which has none here.
                let current = scene.schema_for(None);
                let own = current == scene.default_schema();
                match name.as_ref().filter(|name| !scene.has_schema(&name.text)) {
                    Some(name) if own && is_called(scene, &current, &name.text) => {
                        keep_charsets(scene, &current);
                        if let Some(schema) = scene.schema_mut(&current) {
                            given(schema);
                            schema.attrs.set(&super::CALLED, name.text.to_string());
                        }
                        return;
                    }
                    Some(name) => {
                        scene.create_schema(name);
                    }
                    None => {}
                }
                let schema = name.as_ref().map_or(current, |name| name.text.clone());
                keep_charsets(scene, &schema);
                if let Some(schema) = scene.schema_mut(&schema) {
                    given(schema);
                }
            });
        }
        word @ ("PROCEDURE" | "FUNCTION") => {
            let Some(path) = alter.path() else { return Ok(()) };
            let function = word == "FUNCTION";
            let mut change = Attrs::default();
            characteristics(&given, &mut change);
            let qual = Qual::of(&path);
            step(builder, move |scene| {
                let schema = qual.home(scene);
                let known = routine_name(function, &qual.name.text);
                let Some(id) = scene.find(Space::Routine, Some(&schema), &known) else { return };
                if let Some(Thing::Routine(routine)) = scene.thing(id).cloned() {
                    let mut routine = Routine::clone(&routine);
                    for key in [&DATA_ACCESS, &SECURITY, &COMMENT] {
                        if let Some(value) = change.get(key) {
                            routine.attrs.set(key, value);
                        }
                    }
                    scene.set(id, Thing::Routine(Arc::new(routine)));
                }
            });
        }
        "EVENT" => alter_event(alter, builder),
        "SEQUENCE" => return Err(Unsupported),
        _ => return Err(Unsupported),
    }
    Ok(())
}

/// Tables that are there keep the charset they were made with.
fn keep_charsets(scene: &mut Scene<'_, '_>, schema: &SmolStr) {
    let Some(attrs) = scene.schema_mut(schema).map(|schema| schema.attrs.clone()) else { return };
    let (charset, collate) = (attrs.get(&CHARSET), attrs.get(&COLLATE));
    let depends = super::hash(&format!("{charset:?} {collate:?}"));
    for id in scene.all(|space, at| space == Space::Relation && at == schema) {
        let silent = scene.table(id).is_some_and(|table| {
            table.attrs.get(&CHARSET).is_none()
                && table.attrs.get(&COLLATE).is_none()
                && !table.attrs.is(&OF_SERVER)
        });
        if silent {
            scene.edit(id, depends, |table, _| match (&charset, &collate) {
                (None, None) => table.attrs.set(&OF_SERVER, true),
                (charset, collate) => {
                    for (key, value) in [(&CHARSET, charset), (&COLLATE, collate)] {
                        if let Some(value) = value {
                            table.attrs.set(key, value.clone());
                        }
                    }
                }
            });
        }
    }
}

/// Whether the schema without a name can be the database called `name`: nobody called it otherwise.
fn is_called(scene: &mut Scene<'_, '_>, unnamed: &SmolStr, name: &str) -> bool {
    scene
        .schema_mut(unnamed)
        .is_some_and(|schema| schema.attrs.get(&super::CALLED).is_none_or(|called| called == name))
}

fn alter_event(alter: &ast::AlterObject, builder: &mut Builder) {
    let Some(path) = alter.path() else { return };
    let given = options(alter.syntax());
    let rename = given.iter().find(|option| option.words() == "RENAME TO").and_then(|option| option.path());
    let rename = rename.map(|path| name_of(&path.name));
    let said: Vec<SmolStr> = given.iter().map(ast::OptionClause::words).collect();
    let mut attrs = Attrs::default();
    let mut comment = None;
    event_options(&given, &mut attrs, &mut comment);
    let text = alter.body_text().map(|text| body(&text));
    let qual = Qual::of(&path);
    step(builder, move |scene| {
        let Some(id) = qual.find(scene, Space::Type) else {
            scene.missing("event", Space::Type, &qual.name);
            return;
        };
        let Some(Thing::Object(object)) = scene.thing(id).cloned() else { return };
        let mut object = Object::clone(&object);
        if let Some(text) = &text {
            object.attrs.set(&AS, text.clone());
        }
        for words in &said {
            match words.as_str() {
                "ON SCHEDULE" => object.attrs.set(&SCHEDULE, attrs.get(&SCHEDULE).unwrap_or_default()),
                "ON COMPLETION PRESERVE" => object.attrs.set(&PRESERVE, true),
                "ON COMPLETION NOT PRESERVE" => object.attrs.remove(&PRESERVE),
                "COMMENT" => object.comment.clone_from(&comment),
                words if words.starts_with("DISABLE") => {
                    object.attrs.set(&STATUS, attrs.get(&STATUS).unwrap_or_default());
                }
                "ENABLE" => object.attrs.remove(&STATUS),
                _ => {}
            }
        }
        let schema = object.schema.clone();
        if let Some(to) = &rename {
            let path = |name: SmolStr| ObjectPath::Object { schema: schema.clone(), kind: EVENT, name };
            let (before, after) = (path(object.name.clone()), path(to.text.clone()));
            object.name.clone_from(&to.text);
            scene.set(id, Thing::Object(Arc::new(object)));
            scene.origin(id, |origin| origin.rename(&before, after, to.range));
            scene.rename(id, schema.clone(), to.text.clone());
        } else {
            scene.set(id, Thing::Object(Arc::new(object)));
        }
    });
}

pub(super) fn drop(drop: &ast::Drop, builder: &mut Builder) {
    let Some(kind) = drop.kind() else { return };
    let quiet = drop.if_exists().is_some();
    if kind == ast::ObjectKind::Index {
        let (Some(index), Some(on)) = (drop.path(), drop.on()) else { return };
        let (index, on) = (name_of(&index.name), Qual::of(&on));
        step(builder, move |scene| drop_index(scene, &on, &index));
        return;
    }
    for path in drop.paths() {
        let qual = Qual::of(&path);
        step(builder, move |scene| {
            let space = if kind == ast::ObjectKind::Trigger { Space::Owned } else { Space::Relation };
            let (word, wanted) = match kind {
                ast::ObjectKind::Trigger => ("trigger", "trigger"),
                ast::ObjectKind::View => ("view", "view"),
                _ => ("table", "table"),
            };
            let Some(id) = qual.find(scene, space) else {
                if !quiet && !qual.is_elsewhere(scene) {
                    scene.missing(word, space, &qual.name);
                }
                return;
            };
            let found = match scene.thing(id) {
                Some(Thing::View(_)) => "view",
                Some(Thing::Trigger(_)) => "trigger",
                _ => "table",
            };
            if found != wanted {
                if !quiet {
                    let message =
                        format!("{:?} is a {found}: use DROP {}", qual.name.text, found.to_uppercase());
                    scene.error(qual.name.range, "wrong-kind", message);
                }
                return;
            }
            drop_thing(scene, id);
        });
    }
}

fn drop_index(scene: &mut Scene<'_, '_>, on: &Qual, index: &Name) {
    let Some((id, table)) = on.table(scene, false) else { return };
    let primary = index.text.eq_ignore_ascii_case("PRIMARY");
    if !primary && !super::key::has_index(&table, &index.text) {
        if scene.is_complete(id) {
            scene.missing("index", Space::Global("index"), index);
        }
        return;
    }
    scene.edit(id, 0, |table, origin| {
        if primary {
            table.primary_key = None;
            return;
        }
        let gone = table.indexes.iter().position(|own| own.name.eq_ignore_ascii_case(&index.text));
        if let Some(at) = gone {
            let own = table.indexes.remove(at);
            let path = ObjectPath::Index {
                schema: table.schema.clone(),
                table: table.name.clone(),
                index: own.name,
            };
            origin.remove(&path);
        }
    });
}

/// Forgets something, and the triggers of a table with it.
fn drop_thing(scene: &mut Scene<'_, '_>, id: Id) {
    if let (Some((schema, name)), Some(Thing::Table(_))) = (scene.name_of(id), scene.thing(id)) {
        for other in scene.all(|space, at| space == Space::Owned && at == schema) {
            let of_table = matches!(scene.thing(other), Some(Thing::Trigger(trigger)) if trigger.on == name);
            if of_table {
                scene.remove(other);
            }
        }
    }
    // The next of its like runs behind the one before.
    if let Some(Thing::Trigger(gone)) = scene.thing(id).cloned() {
        let before = gone.attrs.get(&FOLLOWS);
        for other in scene.all(|space, at| space == Space::Owned && at == gone.schema) {
            let Some(Thing::Trigger(trigger)) = scene.thing(other).cloned() else { continue };
            if trigger.attrs.get(&FOLLOWS).as_deref() == Some(&*gone.name) {
                let mut trigger = Trigger::clone(&trigger);
                match &before {
                    Some(before) => trigger.attrs.set(&FOLLOWS, before.clone()),
                    None => trigger.attrs.remove(&FOLLOWS),
                }
                scene.set(other, Thing::Trigger(Arc::new(trigger)));
            }
        }
    }
    scene.remove(id);
}

pub(super) fn drop_object(drop: &ast::DropObject, builder: &mut Builder) {
    let quiet = drop.if_exists().is_some();
    let word = drop.object_word();
    for path in drop.paths() {
        let qual = Qual::of(&path);
        let word = word.clone();
        step(builder, move |scene| {
            let (space, name) = match word.as_str() {
                "DATABASE" | "SCHEMA" => {
                    if scene.has_schema(&qual.name.text) {
                        let path = scene.search_path().to_vec();
                        scene.drop_schema(&qual.name.text);
                        if path.first() == Some(&qual.name.text) {
                            let unnamed = scene.default_schema();
                            scene.set_search_path(vec![unnamed]);
                        }
                    }
                    return;
                }
                "PROCEDURE" => (Space::Routine, routine_name(false, &qual.name.text)),
                "FUNCTION" => (Space::Routine, routine_name(true, &qual.name.text)),
                "EVENT" => (Space::Type, qual.name.text.clone()),
                _ => (Space::Relation, qual.name.text.clone()),
            };
            let known =
                Qual { schema: qual.schema.clone(), name: Name { text: name, range: qual.name.range } };
            match known.find(scene, space) {
                Some(id) => {
                    if space == Space::Routine {
                        accounts::forget_routine(scene, id);
                    }
                    scene.remove(id);
                }
                None if !quiet && space != Space::Routine && !qual.is_elsewhere(scene) => {
                    scene.missing(&word.to_lowercase(), space, &qual.name);
                }
                None => {}
            }
        });
    }
}
