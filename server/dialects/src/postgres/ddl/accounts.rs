//! `CREATE ROLE`, `GRANT`, `REVOKE` and their kin.
//!
//! Accounts are part of the realm here; whether they count is for those who compare. What everybody may do by default is
//! no permission, so that revoking it leaves no trace; default privileges of objects to come are not followed.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Name, Scene, Space, Thing};
use schema::{Attrs, Object, ObjectPath, SmolStr};
use syntax::sql::{Piece, SyntaxNode};
use text::TextRange;

use super::super::accounts::{self, Membership, permissions};
use super::super::{attr, names};
use super::words::Words;
use super::{Qualified, object, routine, step};

const ROLES: Space = Space::Global(attr::ROLE);
const PERMISSIONS: Space = Space::Global(attr::PERMISSION);

/// What the options of `CREATE` and `ALTER ROLE` say.
#[derive(Clone, Debug, Default)]
struct Options {
    login: Option<bool>,
    flags: Vec<(&'static str, bool)>,
    limit: Option<i64>,
    password: Option<String>,
    /// Roles it becomes a member of, and roles that become its members, with whether they may add others.
    in_roles: Vec<SmolStr>,
    members: Vec<(SmolStr, bool)>,
}

const FLAGS: &[(&str, &schema::AttrKey<bool>)] = &[
    ("SUPERUSER", &attr::SUPERUSER),
    ("CREATEDB", &attr::CREATE_DB),
    ("CREATEROLE", &attr::CREATE_ROLE),
    ("INHERIT", &attr::INHERIT),
    ("REPLICATION", &attr::REPLICATION),
    ("BYPASSRLS", &attr::BYPASS_RLS),
];

fn options(words: &mut Words) -> Options {
    let mut options = Options::default();
    words.eat("WITH");
    while !words.is_end() {
        if words.eat_all(&["CONNECTION", "LIMIT"]) {
            options.limit = words.number();
        } else if words.eat("PASSWORD") {
            options.password = words.string();
        } else if words.eat_all(&["IN", "ROLE"]) || words.eat_all(&["IN", "GROUP"]) {
            options.in_roles = roles(words).into_iter().map(|role| role.text).collect();
        } else if words.eat("ADMIN") {
            options.members.extend(roles(words).into_iter().map(|role| (role.text, true)));
        } else if words.eat("ROLE") || words.eat("USER") {
            options.members.extend(roles(words).into_iter().map(|role| (role.text, false)));
        } else {
            let Some(word) = words.word() else {
                words.skip();
                continue;
            };
            let (name, on) = match word.strip_prefix("NO") {
                Some(rest) if rest == "LOGIN" || FLAGS.iter().any(|(name, _)| *name == rest) => (rest, false),
                _ => (word.as_str(), true),
            };
            if name == "LOGIN" {
                options.login = Some(on);
            } else if let Some((name, _)) = FLAGS.iter().find(|(known, _)| *known == name) {
                options.flags.push((*name, on));
            }
        }
    }
    options
}

/// `role, …`; `PUBLIC` keeps its case.
fn roles(words: &mut Words) -> Vec<Name> {
    let mut list = Vec::new();
    loop {
        words.eat("GROUP");
        let public = words.is("PUBLIC");
        let Some(mut name) = words.name() else { return list };
        if public {
            name.text = "PUBLIC".into();
        }
        list.push(name);
        if !words.eat(",") {
            return list;
        }
    }
}

impl Options {
    fn apply(&self, role: &mut Object) {
        if let Some(login) = self.login {
            role.kind = if login { attr::USER } else { attr::ROLE };
        }
        for (word, on) in &self.flags {
            let Some((_, key)) = FLAGS.iter().find(|(known, _)| known == word) else { continue };
            if *on == (*word == "INHERIT") {
                role.attrs.remove(key);
            } else {
                role.attrs.set(key, *on);
            }
        }
        match self.limit {
            Some(-1) => role.attrs.remove(&attr::CONN_LIMIT),
            Some(limit) => role.attrs.set(&attr::CONN_LIMIT, limit),
            None => {}
        }
        if let Some(password) = &self.password {
            role.attrs.set(&attr::PASSWORD, password.clone());
        }
    }
}

/// Reads `CREATE ROLE | USER | GROUP`.
pub(super) fn create(node: &SyntaxNode, piece: &Piece, builder: &mut Builder) {
    let mut words = Words::of(node);
    words.skip();
    let kind = if words.is("USER") { attr::USER } else { attr::ROLE };
    words.skip();
    let Some(name) = words.name() else { return };
    let options = options(&mut words);
    let range = piece.statement_range();
    step(builder, move |scene| {
        if let Some(other) = scene.find(ROLES, None, &name.text) {
            scene.exists("role", &name, Some(other));
            return;
        }
        let mut role = Object {
            kind,
            schema: SmolStr::default(),
            name: name.text.clone(),
            comment: None,
            attrs: Attrs::default(),
        };
        options.apply(&mut role);
        let mut part = Part::default();
        let path =
            ObjectPath::Object { schema: SmolStr::default(), kind: role.kind, name: name.text.clone() };
        part.add(path, range, name.range);
        let thing = Thing::Object(Arc::new(role));
        scene.insert(ROLES, SmolStr::default(), name.text.clone(), thing, part, 0);
        for of in &options.in_roles {
            join(scene, &name.text, &Membership::plain(of));
        }
        for (member, admin) in &options.members {
            join(scene, member, &Membership { admin: *admin, ..Membership::plain(&name.text) });
        }
    });
}

/// Makes `member` a member of a role.
fn join(scene: &mut Scene<'_, '_>, member: &str, of: &Membership) {
    let Some(id) = scene.find(ROLES, None, member) else { return };
    object::change(scene, id, |role| {
        let mut list = accounts::memberships(role);
        list.retain(|other| other.role != of.role);
        list.push(of.clone());
        accounts::set_memberships(role, &list);
    });
}

/// Reads `ALTER ROLE | USER | GROUP`.
pub(super) fn alter(node: &SyntaxNode, builder: &mut Builder) {
    let mut words = Words::of(node);
    words.skip();
    words.skip();
    let Some(name) = words.name() else { return };
    if words.eat_all(&["RENAME", "TO"]) {
        let Some(to) = words.name() else { return };
        step(builder, move |scene| rename(scene, &name, &to));
        return;
    }
    if words.is("SET") || words.is("RESET") || words.eat_all(&["IN", "DATABASE"]) {
        return;
    }
    let add = words.eat_all(&["ADD", "USER"]);
    if add || words.eat_all(&["DROP", "USER"]) {
        let members = roles(&mut words);
        step(builder, move |scene| {
            for member in &members {
                if add {
                    join(scene, &member.text, &Membership::plain(&name.text));
                } else {
                    leave(scene, &member.text, &name.text, "");
                }
            }
        });
        return;
    }
    let options = options(&mut words);
    step(builder, move |scene| {
        // A role of the server that no file creates may be changed too.
        let Some(id) = scene.find(ROLES, None, &name.text) else { return };
        object::change(scene, id, |role| options.apply(role));
    });
}

fn rename(scene: &mut Scene<'_, '_>, name: &Name, to: &Name) {
    let Some(id) = scene.find(ROLES, None, &name.text) else { return };
    object::change(scene, id, |role| role.name = to.text.clone());
    scene.rename(id, SmolStr::default(), to.text.clone());
    for id in scene.all(|space, _| space == ROLES) {
        object::change(scene, id, |role| {
            let mut list = accounts::memberships(role);
            if list.iter().any(|of| of.role == name.text.as_str()) {
                list.iter_mut()
                    .filter(|of| of.role == name.text.as_str())
                    .for_each(|of| of.role = to.text.to_string());
                accounts::set_memberships(role, &list);
            }
        });
    }
    for permission in permissions(scene) {
        if permission.attrs.get(&attr::GRANTEE).as_deref() == Some(name.text.as_str()) {
            let designation = permission.attrs.get(&attr::FOR).unwrap_or_default();
            replace(scene, &permission, &designation, &to.text);
        }
    }
}

/// Reads `DROP ROLE | USER | GROUP`.
pub(super) fn drop(scene: &mut Scene<'_, '_>, name: &Name) {
    // A role of the server that no file creates may be dropped too.
    if let Some(id) = scene.find(ROLES, None, &name.text) {
        scene.remove(id);
    }
}

/// A role is no longer a member of another, or only loses an option.
fn leave(scene: &mut Scene<'_, '_>, member: &str, of: &str, option: &str) {
    let Some(id) = scene.find(ROLES, None, member) else { return };
    object::change(scene, id, |role| {
        let mut list = accounts::memberships(role);
        match option {
            "" => list.retain(|other| other.role != of),
            _ => {
                for membership in list.iter_mut().filter(|other| other.role == of) {
                    match option {
                        "ADMIN" => membership.admin = false,
                        "INHERIT" => membership.inherit = false,
                        _ => membership.set = false,
                    }
                }
            }
        }
        accounts::set_memberships(role, &list);
    });
}

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
pub(super) fn grant(node: &SyntaxNode, piece: &Piece, builder: &mut Builder) {
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

fn set(
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
fn replace(scene: &mut Scene<'_, '_>, old: &Object, designation: &str, to: &str) {
    let Some(id) = scene.find(PERMISSIONS, None, &old.name) else { return };
    let privileges = old.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
    let grantable = old.attrs.is(&attr::GRANTABLE);
    if let Some(permission) = accounts::permission(designation, to, privileges, grantable) {
        let name = permission.name.clone();
        scene.set(id, Thing::Object(Arc::new(permission)));
        scene.rename(id, SmolStr::default(), name);
    }
}

/// Something with permissions has another name or another schema.
pub(super) fn moved(scene: &mut Scene<'_, '_>, from: (&str, &str), to: (&str, &str)) {
    let path = |of: (&str, &str)| format!("{}.{}", names::quoted(of.0), names::quoted(of.1));
    let (from, to) = (path(from), path(to));
    for permission in permissions(scene) {
        let designation = permission.attrs.get(&attr::FOR).unwrap_or_default();
        let Some((word, name)) = designation.split_once(' ') else { continue };
        let Some(rest) = name.strip_prefix(from.as_str()) else { continue };
        if rest.is_empty() || rest.starts_with(['.', '(']) {
            let grantee = permission.attrs.get(&attr::GRANTEE).unwrap_or_default();
            replace(scene, &permission, &format!("{word} {to}{rest}"), &grantee);
        }
    }
}

/// Forgets the permissions of what is no longer there.
pub(super) fn settle(scene: &mut Scene<'_, '_>) {
    for permission in permissions(scene) {
        let designation = permission.attrs.get(&attr::FOR).unwrap_or_default();
        let Some((word, name)) = accounts::parts(&designation) else { continue };
        let steps = names::steps(name.split('(').next().unwrap_or(name));
        let (schema, of) = match &steps[..] {
            [schema, of, ..] => (schema.as_str(), of.clone()),
            [of] => ("", of.clone()),
            [] => continue,
        };
        let there = match word {
            "table" | "sequence" => scene.find(Space::Relation, Some(schema), &of).is_some(),
            "column" => {
                let table = scene.find(Space::Relation, Some(schema), &of);
                table.is_some_and(|id| match (scene.table(id), steps.get(2)) {
                    (Some(table), Some(column)) => table.column(column).is_some(),
                    _ => true,
                })
            }
            "type" => scene.find(Space::Type, Some(schema), &of).is_some(),
            "function" | "procedure" => {
                let name = |text: &SmolStr| Name { text: text.clone(), range: TextRange::default() };
                let path = Qualified { schema: Some(name(&schema.into())), name: name(&of) };
                routine::find(scene, &path, None).is_some()
            }
            "schema" => scene.has_schema(name),
            _ => true,
        };
        if !there && let Some(id) = scene.find(PERMISSIONS, None, &permission.name) {
            scene.remove(id);
        }
    }
}
