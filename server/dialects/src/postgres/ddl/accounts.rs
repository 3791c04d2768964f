//! `CREATE ROLE`, `GRANT`, `REVOKE` and their kin.
//!
//! Accounts are part of the realm here; whether they count is for those who compare. What everybody may do by default is
//! no permission, so that revoking it leaves no trace; default privileges of objects to come are not followed.

mod grants;

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Name, Scene, Space, Thing};
use schema::{Attrs, Object, ObjectPath, SmolStr};
use syntax::sql::{Piece, SyntaxNode};
use text::TextRange;

pub(super) use self::grants::grant;
use self::grants::replace;
use super::super::accounts::{Membership, permissions};
use super::super::{accounts, attr, names};
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
