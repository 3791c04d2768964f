//! `GRANT` and `REVOKE`: rights to objects, and memberships.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Name, Scene, Space, Thing};
use schema::{Object, ObjectPath, SmolStr};
use syntax::sql::{Piece, SyntaxNode};
use text::TextRange;

use super::super::words::Words;
use super::super::{Qualified, routine, step};
use super::{PERMISSIONS, join, leave, roles};
use crate::postgres::accounts::{Membership, permissions};
use crate::postgres::{accounts, attr, names};

/// What a `GRANT` is for, as written.
#[derive(Clone, Debug)]
enum Target {
    /// A relation, a type, a routine with its arguments if there are some.
    Path(&'static str, Qualified, Option<String>),
    /// Of no schema.
    Name(&'static str, Name),
    /// A setting of the server.
    Parameter(String),
    /// `ALL TABLES IN SCHEMA`.
    All(&'static str, Vec<Name>),
}

/// Privileges and the columns they are for.
type Rights = Vec<(String, Vec<SmolStr>)>;

/// Reads `GRANT` and `REVOKE`.
pub(in crate::postgres::ddl) fn grant(node: &SyntaxNode, piece: &Piece, builder: &mut Builder) {
    let mut words = Words::of(node);
    let give = match words.word().as_deref() {
        Some("GRANT") => true,
        Some("REVOKE") => false,
        // Default privileges.
        _ => return,
    };
    let option =
        ["GRANT", "ADMIN", "INHERIT", "SET"].into_iter().find(|word| words.eat_all(&[word, "OPTION", "FOR"]));
    let option = option.filter(|_| !give).unwrap_or_default();
    let mut probe = words.clone();
    if probe.find("ON") {
        let Some(rights) = rights(&mut words) else { return };
        let Some(targets) = targets(&mut words) else { return };
        words.skip();
        let roles = roles(&mut words);
        let grantable = words.eat_all(&["WITH", "GRANT", "OPTION"]);
        let range = piece.statement_range();
        step(builder, move |scene| {
            let designations: Vec<String> =
                targets.iter().flat_map(|target| designations(scene, target)).collect();
            for designation in designations {
                for role in &roles {
                    for (designation, list) in spread(&designation, &rights) {
                        let change = Change { give, option: !option.is_empty() || grantable, list };
                        change.apply(scene, &designation, &role.text, (range, role.range));
                    }
                }
            }
        });
        return;
    }
    let of = roles(&mut words);
    words.skip();
    let members = roles(&mut words);
    let mut membership = Membership::plain("");
    if words.eat("WITH") {
        while let Some(word) = words.word() {
            let on = words.eat("OPTION") || words.eat("TRUE") || !words.eat("FALSE");
            match word.as_str() {
                "ADMIN" => membership.admin = on,
                "INHERIT" => membership.inherit = on,
                "SET" => membership.set = on,
                _ => break,
            }
            words.eat(",");
        }
    }
    step(builder, move |scene| {
        for member in &members {
            for of in &of {
                if give {
                    join(
                        scene,
                        &member.text,
                        &Membership { role: of.text.to_string(), ..membership.clone() },
                    );
                } else {
                    leave(scene, &member.text, &of.text, option);
                }
            }
        }
    });
}

/// `SELECT (a, b), UPDATE` before `ON`.
fn rights(words: &mut Words) -> Option<Rights> {
    let mut list = Vec::new();
    loop {
        let mut name = words.word()?;
        if name == "ALTER" && words.eat("SYSTEM") {
            name = "ALTER_SYSTEM".to_owned();
        }
        words.eat("PRIVILEGES");
        let mut columns = Vec::new();
        if let Some(mut inner) = words.group() {
            while let Some(column) = inner.name() {
                columns.push(column.text);
                inner.eat(",");
            }
        }
        list.push((name, columns));
        if !words.eat(",") {
            return words.eat("ON").then_some(list);
        }
    }
}

fn targets(words: &mut Words) -> Option<Vec<Target>> {
    if words.eat("ALL") {
        let word = match words.word()?.as_str() {
            "TABLES" => "table",
            "SEQUENCES" => "sequence",
            "PROCEDURES" => "procedure",
            "ROUTINES" => "routine",
            _ => "function",
        };
        words.eat_all(&["IN", "SCHEMA"]).then_some(())?;
        let mut schemas = Vec::new();
        while let Some(name) = words.name() {
            schemas.push(name);
            if !words.eat(",") {
                break;
            }
        }
        return Some(vec![Target::All(word, schemas)]);
    }
    const OF_SCHEMA: &[(&str, &str)] = &[
        ("TABLE", "table"),
        ("SEQUENCE", "sequence"),
        ("FUNCTION", "function"),
        ("PROCEDURE", "procedure"),
        ("ROUTINE", "function"),
        ("TYPE", "type"),
        ("DOMAIN", "type"),
    ];
    const OF_NONE: &[(&[&str], &str)] = &[
        (&["SCHEMA"], "schema"),
        (&["DATABASE"], "database"),
        (&["FOREIGN", "SERVER"], "server"),
        (&["FOREIGN", "DATA", "WRAPPER"], "wrapper"),
        (&["LANGUAGE"], "language"),
    ];
    if words.eat("PARAMETER") {
        let mut list = Vec::new();
        loop {
            // `my.setting` has two steps, and no schema.
            let path = words.path()?;
            let name = match path.schema() {
                Some(first) => format!("{first}.{}", path.text()),
                None => path.text().to_string(),
            };
            list.push(Target::Parameter(name));
            if !words.eat(",") {
                return Some(list);
            }
        }
    }
    if ["TABLESPACE", "LARGE"].iter().any(|word| words.is(word)) {
        return None;
    }
    let plain = OF_NONE.iter().find(|(of, _)| words.eat_all(of));
    let word =
        OF_SCHEMA.iter().find(|(of, _)| plain.is_none() && words.eat(of)).map_or("table", |(_, word)| *word);
    let mut list = Vec::new();
    loop {
        list.push(match plain {
            Some((_, word)) => Target::Name(word, words.name()?),
            None => {
                let path = words.path()?;
                let args = words.group().map(|mut inner| {
                    let mut types = Vec::new();
                    while !inner.is_end() {
                        types.push(inner.text_until(&[]));
                        inner.eat(",");
                    }
                    types.join(", ")
                });
                Target::Path(word, path, args)
            }
        });
        if !words.eat(",") {
            return Some(list);
        }
    }
}

/// What permissions call the objects meant.
fn designations(scene: &Scene<'_, '_>, target: &Target) -> Vec<String> {
    let say = |word: &str, schema: &str, name: &str| {
        format!("{word} {}.{}", names::quoted(schema), names::quoted(name))
    };
    match target {
        Target::Name(word, name) => vec![format!("{word} {}", name.text)],
        Target::Parameter(name) => vec![format!("parameter {name}")],
        Target::Path(word @ ("function" | "procedure"), path, args) => {
            let found = routine::find(scene, path, args.as_deref());
            let word = match found.and_then(|id| scene.thing(id)) {
                Some(Thing::Routine(routine)) if routine.kind == schema::RoutineKind::Procedure => {
                    "procedure"
                }
                Some(_) => "function",
                None => word,
            };
            let schema = match found.and_then(|id| scene.name_of(id)) {
                Some((schema, _)) => schema,
                None => scene.schema_for(path.schema()),
            };
            let args = args.as_ref().map(|args| format!("({args})")).unwrap_or_default();
            vec![say(word, &schema, path.text()) + &args]
        }
        Target::Path(word, path, _) => {
            let space = if *word == "type" { Space::Type } else { Space::Relation };
            let found = scene.find(space, path.schema(), path.text());
            let word = match found.and_then(|id| scene.thing(id)) {
                Some(Thing::Object(object)) if object.kind == attr::SEQUENCE => "sequence",
                _ => word,
            };
            let (schema, name) = match found.and_then(|id| scene.name_of(id)) {
                Some(found) => found,
                None => (scene.schema_for(path.schema()), path.text().clone()),
            };
            vec![say(word, &schema, &name)]
        }
        Target::All(word, schemas) => {
            let mut list = Vec::new();
            for schema in schemas {
                for id in scene.all(|_, of| of == schema.text) {
                    let (is, name) = match scene.thing(id) {
                        Some(Thing::Table(table)) => ("table", table.name.clone()),
                        Some(Thing::View(view)) => ("table", view.name.clone()),
                        Some(Thing::Object(object)) if object.kind == attr::SEQUENCE => {
                            ("sequence", object.name.clone())
                        }
                        Some(Thing::Object(object))
                            if matches!(object.kind, attr::PARTITION_OF | attr::FOREIGN_TABLE) =>
                        {
                            ("table", object.name.clone())
                        }
                        Some(Thing::Routine(routine)) => match routine.kind {
                            schema::RoutineKind::Procedure => ("procedure", routine.name.clone()),
                            schema::RoutineKind::Function => ("function", routine.name.clone()),
                        },
                        Some(Thing::Object(object)) if object.kind == attr::AGGREGATE => {
                            ("function", object.name.clone())
                        }
                        _ => continue,
                    };
                    if is == *word || *word == "routine" && matches!(is, "function" | "procedure") {
                        let args = match scene.thing(id) {
                            Some(Thing::Routine(routine)) => format!("({})", attr::signature(&routine.attrs)),
                            Some(Thing::Object(object)) if object.kind == attr::AGGREGATE => {
                                format!("({})", attr::signature(&object.attrs))
                            }
                            _ => String::new(),
                        };
                        list.push(say(is, &schema.text, &name) + &args);
                    }
                }
            }
            list
        }
    }
}

/// The rights to the object itself, and those to each of its columns.
fn spread(designation: &str, rights: &Rights) -> Vec<(String, Vec<String>)> {
    let mut list: Vec<(String, Vec<String>)> = Vec::new();
    let mut add =
        |designation: String, right: &String| match list.iter_mut().find(|(of, _)| *of == designation) {
            Some((_, rights)) => rights.push(right.clone()),
            None => list.push((designation, vec![right.clone()])),
        };
    for (right, columns) in rights {
        if columns.is_empty() {
            add(designation.to_owned(), right);
        }
        for column in columns {
            let path = designation.split_once(' ').map_or(designation, |(_, path)| path);
            add(format!("column {path}.{}", names::quoted(column)), right);
        }
    }
    list
}

/// One change of what a role may do.
struct Change {
    give: bool,
    /// With the right to hand it on, or only that right.
    option: bool,
    list: Vec<String>,
}

impl Change {
    fn apply(&self, scene: &mut Scene<'_, '_>, designation: &str, to: &str, at: (TextRange, TextRange)) {
        let (word, _) = accounts::parts(designation).unwrap_or(("table", ""));
        let all = accounts::privileges(word, i64::MAX);
        let is_all = self.list.iter().any(|one| one == "ALL");
        let named: Vec<String> = match is_all {
            true => all.iter().map(|one| (*one).to_owned()).collect(),
            false => self
                .list
                .iter()
                .map(|one| if one == "TEMP" { "TEMPORARY".to_owned() } else { one.clone() })
                .collect(),
        };
        let had = |grantable: bool| -> Vec<String> {
            let found = permissions(scene).into_iter().find(|it| {
                it.attrs.get(&attr::FOR).as_deref() == Some(designation)
                    && it.attrs.get(&attr::GRANTEE).as_deref() == Some(to)
                    && it.attrs.is(&attr::GRANTABLE) == grantable
            });
            found.map(|it| accounts::spelled(&it, i64::MAX)).unwrap_or_default()
        };
        let (mut plain, mut grantable) = (had(false), had(true));
        for one in &named {
            let could = grantable.contains(one);
            match (self.give, self.option) {
                (true, true) => {
                    plain.retain(|other| other != one);
                    if !could {
                        grantable.push(one.clone());
                    }
                }
                (true, false) => {
                    if !could && !plain.contains(one) {
                        plain.push(one.clone());
                    }
                }
                (false, true) => {
                    grantable.retain(|other| other != one);
                    if could && !plain.contains(one) {
                        plain.push(one.clone());
                    }
                }
                (false, false) => {
                    plain.retain(|other| other != one);
                    grantable.retain(|other| other != one);
                }
            }
        }
        for (list, is_grantable) in [(plain, false), (grantable, true)] {
            set(scene, designation, to, list, is_grantable, at);
        }
        // What holds for the table holds for its columns, and goes with it.
        if !self.give && word == "table" {
            let path = designation.trim_start_matches("table ");
            let prefix = format!("column {path}.");
            for column in permissions(scene) {
                let of = column.attrs.get(&attr::FOR).unwrap_or_default();
                if of.starts_with(&prefix) && column.attrs.get(&attr::GRANTEE).as_deref() == Some(to) {
                    let list = self.list.clone();
                    Change { give: false, option: self.option, list }.apply(scene, &of, to, at);
                }
            }
        }
    }
}

pub(super) fn set(
    scene: &mut Scene<'_, '_>,
    designation: &str,
    to: &str,
    list: Vec<String>,
    grantable: bool,
    at: (TextRange, TextRange),
) {
    // With all of them it is found by the name it would have.
    let Some(named) = accounts::permission(designation, to, vec!["ALL".to_owned()], true) else { return };
    let name: SmolStr = match grantable {
        true => named.name,
        false => named.name.trim_end_matches(" with grant option").into(),
    };
    let found = scene.find(PERMISSIONS, None, &name);
    let permission = accounts::permission(designation, to, list, grantable).map(|mut permission| {
        accounts::settle(&mut permission, i64::MAX);
        permission
    });
    match (found, permission) {
        (Some(id), Some(permission)) => scene.set(id, Thing::Object(Arc::new(permission))),
        (Some(id), None) => scene.remove(id),
        (None, Some(permission)) => {
            let mut part = Part::default();
            let path =
                ObjectPath::Object { schema: SmolStr::default(), kind: attr::PERMISSION, name: name.clone() };
            part.add(path, at.0, at.1);
            let thing = Thing::Object(Arc::new(permission));
            scene.insert(PERMISSIONS, SmolStr::default(), name, thing, part, 0);
        }
        (None, None) => {}
    }
}

/// The same permission for something else, or someone else.
pub(super) fn replace(scene: &mut Scene<'_, '_>, old: &Object, designation: &str, to: &str) {
    let Some(id) = scene.find(PERMISSIONS, None, &old.name) else { return };
    let privileges = old.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
    let grantable = old.attrs.is(&attr::GRANTABLE);
    if let Some(permission) = accounts::permission(designation, to, privileges, grantable) {
        let name = permission.name.clone();
        scene.set(id, Thing::Object(Arc::new(permission)));
        scene.rename(id, SmolStr::default(), name);
    }
}
