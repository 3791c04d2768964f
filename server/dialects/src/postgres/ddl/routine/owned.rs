//! Triggers, policies and event triggers: what calls functions, most of it owned by a table.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Space, Thing};
use rowan::NodeOrToken as rowan_element;
use schema::{Attrs, Object, ObjectPath, SmolStr, Trigger};
use syntax::sql::ast::AlterAction;
use syntax::sql::{Piece, ast};

use super::super::{Qualified, constraint, fold, name_of, object, step};
use super::find::find;
use super::{arguments, function_name};
use crate::postgres::{attr, names, rules};

/// The name of what belongs to a table, among the owned things of its schema.
pub(in crate::postgres::ddl) fn owned_name(table: &str, name: &str) -> SmolStr {
    SmolStr::from(format!("{table}\n{name}"))
}

/// Reads `CREATE TRIGGER`.
pub(in crate::postgres::ddl) fn create_trigger(
    create: &ast::CreateTrigger,
    piece: &Piece,
    builder: &mut Builder,
) {
    let (Some(name), (schema, Some(on))) = (create.name(), create.table_path()) else { return };
    let Some((function, args)) = create.executes() else { return };
    let on = Qualified { schema: schema.as_ref().map(name_of), name: name_of(&on) };
    let name = name_of(&name);
    let function = Qualified::of(&function);
    let mut attrs = Attrs::default();
    let time = create.time().unwrap_or_else(|| "AFTER".into());
    attrs.set(&attr::TIME, time.to_string());
    let written: Vec<SmolStr> = create.events().filter_map(|event| event.event()).collect();
    let events = ["INSERT", "DELETE", "UPDATE", "TRUNCATE"];
    let events = events.iter().filter(|event| written.iter().any(|word| word == **event));
    attrs.set(&attr::EVENTS, events.map(|event| (*event).to_owned()).collect());
    let columns: Vec<String> =
        create.events().flat_map(|event| event.columns()).map(|column| fold(&column).to_string()).collect();
    if !columns.is_empty() {
        attrs.set(&attr::UPDATE_OF, columns);
    }
    let row = create.for_each_row().is_some() || create.constraint();
    attrs.set(&attr::FOR_EACH, if row { "ROW" } else { "STATEMENT" }.to_owned());
    if let Some(when) = create.when() {
        let text = when.text();
        let text = text.trim();
        let inner = if rules::is_wrapped(text) { text[1..text.len() - 1].trim() } else { text };
        attrs.set(&attr::WHEN, inner.to_owned());
    }
    if create.constraint() {
        attrs.set(&attr::CONSTRAINT, true);
        constraint::deferrable(create.deferrables(), &mut attrs);
    }
    let args = arguments(args.as_ref());
    if !args.is_empty() {
        attrs.set(&attr::EXECUTE_ARGS, args);
    }
    if let Some(node) = create.referencing() {
        let mut key = None;
        for child in node.children_with_tokens() {
            match child {
                rowan_element::Token(token) if token.text().eq_ignore_ascii_case("OLD") => {
                    key = Some(&attr::OLD_TABLE)
                }
                rowan_element::Token(token) if token.text().eq_ignore_ascii_case("NEW") => {
                    key = Some(&attr::NEW_TABLE)
                }
                rowan_element::Node(node) => {
                    if let (Some(key), Some(name)) = (key.take(), ast::Name::of(&node)) {
                        attrs.set(key, fold(&name).to_string());
                    }
                }
                rowan_element::Token(_) => {}
            }
        }
    }
    let from = create.from().map(|path| Qualified::of(&path));
    let replace = create.or_replace();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let Some(id) = scene.find(Space::Relation, on.schema(), on.text()) else {
            scene.missing("table", Space::Relation, &on.name);
            return;
        };
        let Some((schema, of)) = scene.name_of(id) else { return };
        let mut attrs = attrs.clone();
        attrs.set(&attr::EXECUTE, function_name(scene, &function, &schema));
        if let Some(from) = &from {
            let found =
                scene.find(Space::Relation, from.schema(), from.text()).and_then(|id| scene.name_of(id));
            let (of_schema, name) = found.unwrap_or_else(|| (schema.clone(), from.text().clone()));
            attrs.set(&attr::FROM, names::qualified(&schema, &of_schema, &name));
        }
        let trigger = Trigger {
            schema: schema.clone(),
            name: name.text.clone(),
            on: of.clone(),
            body: String::new(),
            attrs,
        };
        let trigger = rules::with_body(trigger);
        let key = owned_name(&of, &name.text);
        if let Some(id) = scene.find(Space::Owned, Some(&schema), &key) {
            if replace {
                scene.set(id, Thing::Trigger(Arc::new(trigger)));
            } else {
                scene.exists("trigger", &name, Some(id));
            }
            return;
        }
        let mut part = Part::default();
        part.add(
            ObjectPath::Trigger { schema: schema.clone(), trigger: name.text.clone() },
            range,
            name.range,
        );
        scene.insert(Space::Owned, schema, key, Thing::Trigger(Arc::new(trigger)), part, 0);
    });
}

/// What a policy says, as far as it is written.
#[derive(Clone, Debug, Default)]
struct Policy {
    restrictive: Option<bool>,
    command: Option<String>,
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
}

impl Policy {
    fn of(options: impl Iterator<Item = ast::OptionClause>, roles: Vec<ast::Name>) -> Self {
        let mut policy = Policy::default();
        for option in options {
            let words = option.words();
            let expr = option.expr().map(|expr| expr.text().trim().to_owned());
            match words.split_once(' ').unwrap_or((&words, "")) {
                ("AS", word) => policy.restrictive = Some(word == "RESTRICTIVE"),
                ("FOR", word) => policy.command = Some(word.to_owned()),
                ("USING", _) => policy.using = expr,
                ("WITH", _) => policy.check = expr,
                _ => {}
            }
        }
        policy.roles = roles
            .iter()
            .map(|name| {
                let plain = fold(name);
                match plain.as_str() {
                    "public" | "current_user" | "session_user" | "current_role" if !name.is_quoted() => {
                        plain.to_uppercase()
                    }
                    _ => plain.to_string(),
                }
            })
            .collect();
        policy
    }

    fn set(&self, attrs: &mut Attrs) {
        match self.restrictive {
            Some(true) => attrs.set(&attr::AS, "RESTRICTIVE".to_owned()),
            Some(false) => attrs.remove(&attr::AS),
            None => {}
        }
        if let Some(command) = self.command.as_ref().filter(|command| *command != "ALL") {
            attrs.set(&attr::FOR, command.clone());
        }
        if self.roles == ["PUBLIC"] {
            attrs.remove(&attr::TO);
        } else if !self.roles.is_empty() {
            attrs.set(&attr::TO, self.roles.clone());
        }
        if let Some(using) = &self.using {
            attrs.set(&attr::USING, using.clone());
        }
        if let Some(check) = &self.check {
            attrs.set(&attr::WITH_CHECK, check.clone());
        }
    }
}

/// Reads `CREATE POLICY`.
pub(in crate::postgres::ddl) fn create_policy(
    create: &ast::CreateObject,
    piece: &Piece,
    builder: &mut Builder,
) {
    let Some(name) = create.path().map(|path| name_of(&path.name)) else { return };
    // The table is the first of the options, without a word of its own.
    let Some(on) = create.options().find_map(|option| option.path()).map(|path| Qualified::of(&path)) else {
        return;
    };
    let policy = Policy::of(create.options(), create.roles());
    let range = piece.statement_range();
    step(builder, move |scene| {
        let Some(id) = scene.find(Space::Relation, on.schema(), on.text()) else {
            scene.missing("table", Space::Relation, &on.name);
            return;
        };
        let Some((schema, of)) = scene.name_of(id) else { return };
        let mut attrs = Attrs::default();
        attrs.set(&attr::ON, names::quoted(&of).into_owned());
        policy.set(&mut attrs);
        let key = owned_name(&of, &name.text);
        if let Some(id) = scene.find(Space::Owned, Some(&schema), &key) {
            scene.exists("policy", &name, Some(id));
            return;
        }
        let object = Object {
            kind: attr::POLICY,
            schema: schema.clone(),
            name: name.text.clone(),
            comment: None,
            attrs,
        };
        let mut part = Part::default();
        let path = ObjectPath::Object { schema: schema.clone(), kind: attr::POLICY, name: name.text.clone() };
        part.add(path, range, name.range);
        scene.insert(Space::Owned, schema, key, Thing::Object(Arc::new(object)), part, 0);
    });
}

/// Reads `CREATE EVENT TRIGGER`.
pub(in crate::postgres::ddl) fn create_event_trigger(
    create: &ast::CreateObject,
    piece: &Piece,
    builder: &mut Builder,
) {
    let (Some(name), Some(event)) = (create.path(), create.event()) else { return };
    let name = name_of(&name.name);
    let Some(function) = create.executes().map(|path| Qualified::of(&path)) else { return };
    let mut attrs = Attrs::default();
    attrs.set(&attr::ON, fold(&event).to_string());
    if let Some(when) = create.when() {
        let tags: Vec<String> = when
            .syntax()
            .descendants()
            .filter_map(ast::Literal::cast)
            .filter_map(|literal| literal.string().map(|text| text.to_string()))
            .collect();
        attrs.set(&attr::TAGS, tags);
    }
    let range = piece.statement_range();
    step(builder, move |scene| {
        let found = find(scene, &function, None).and_then(|id| scene.name_of(id)).map(|(schema, _)| schema);
        let schema = found.unwrap_or_else(|| scene.schema_for(function.schema()));
        let mut attrs = attrs.clone();
        attrs.set(&attr::EXECUTE, names::qualified("", &schema, function.text()));
        let object = Object {
            kind: attr::EVENT_TRIGGER,
            schema: SmolStr::default(),
            name: name.text.clone(),
            comment: None,
            attrs,
        };
        let mut part = Part::default();
        let path = ObjectPath::Object {
            schema: SmolStr::default(),
            kind: attr::EVENT_TRIGGER,
            name: name.text.clone(),
        };
        part.add(path, range, name.range);
        let space = Space::Global(attr::EVENT_TRIGGER);
        scene.insert(space, SmolStr::default(), name.text.clone(), Thing::Object(Arc::new(object)), part, 0);
    });
}

/// `ALTER TRIGGER | POLICY name ON table`.
pub(in crate::postgres::ddl) fn alter_owned(
    alter: &ast::AlterObject,
    name: &Qualified,
    builder: &mut Builder,
) {
    let Some(on) = alter.options().find_map(|option| option.path()).map(|path| Qualified::of(&path)) else {
        return;
    };
    let policy = Policy::of(alter.options(), alter.roles());
    let to = alter.actions().find_map(|action| match action {
        AlterAction::Other(action) if action.words() == "RENAME TO" => {
            action.paths().first().map(|path| fold(&path.name))
        }
        _ => None,
    });
    let name = name.clone();
    step(builder, move |scene| {
        let Some(id) = super::super::drop::find_owned(scene, name.text(), &on) else {
            scene.missing("trigger", Space::Owned, &name.name);
            return;
        };
        let Some((schema, key)) = scene.name_of(id) else { return };
        match (scene.thing(id).cloned(), &to) {
            (Some(Thing::Trigger(trigger)), Some(to)) => {
                let trigger = rules::with_body(Trigger { name: to.clone(), ..Trigger::clone(&trigger) });
                scene.set(id, Thing::Trigger(Arc::new(trigger)));
            }
            (Some(Thing::Object(_)), _) => object::change(scene, id, |object| match &to {
                Some(to) => object.name = to.clone(),
                None => policy.set(&mut object.attrs),
            }),
            _ => return,
        }
        if let Some(to) = &to {
            let table = key.split_once('\n').map(|(table, _)| table).unwrap_or_default();
            scene.rename(id, schema, owned_name(table, to));
        }
    });
}
