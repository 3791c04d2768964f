//! `CREATE USER`, `GRANT`, `REVOKE` and their kin.
//!
//! Accounts are part of the realm here; whether they count is for those who compare. An account no statement creates is the
//! server's, and may be changed and dropped all the same. A table takes no right with it when it goes, a routine does.
//! Invariant: what no word here knows is passed over (`REQUIRE SSL`, default roles, proxies).

mod words;

use std::sync::Arc;

use engine::connection::Capabilities;
use engine::origin::Part;
use engine::replay::{Builder, Id, Name, Scene, Space, Thing};
use schema::{AttrKey, Attrs, Object, ObjectPath, RoutineKind, SmolStr};
use syntax::sql::Piece;
use text::TextRange;

use self::words::Words;
use super::super::accounts::{self, GLOBAL, Membership};
use super::super::{attr, inspect};
use super::step;

/// Users and roles have names of their own: `app@%` and `app`.
const ACCOUNTS: Space = Space::Global(attr::USER);
const PERMISSIONS: Space = Space::Global(attr::PERMISSION);

/// Reads a statement that starts with `CREATE`, `ALTER`, `DROP`, `RENAME` or `SET`, if it is about accounts.
pub(super) fn command(piece: &Piece, maria: bool, builder: &mut Builder) {
    let mut words = Words::of(piece);
    let range = piece.statement_range();
    if words.eat("CREATE") {
        let replace = words.eat_all(&["OR", "REPLACE"]);
        if words.eat("ROLE") {
            create_roles(words, replace, range, builder);
        } else if words.eat("USER") {
            create_users(words, replace, maria, range, builder);
        }
    } else if words.eat_all(&["ALTER", "USER"]) {
        alter(words, maria, builder);
    } else if words.eat_all(&["DROP", "USER"]) || words.eat_all(&["DROP", "ROLE"]) {
        words.eat_all(&["IF", "EXISTS"]);
        let names = words.accounts();
        step(builder, move |scene| names.iter().for_each(|name| drop(scene, &name.text)));
    } else if words.eat_all(&["RENAME", "USER"]) {
        while let Some(from) = words.account() {
            words.eat("TO");
            let Some(to) = words.account() else { return };
            step(builder, move |scene| rename(scene, &from, &to));
            words.eat(",");
        }
    }
}

/// `name` with a host.
fn full(name: &str) -> SmolStr {
    if name.contains('@') { name.into() } else { format!("{name}@%").into() }
}

fn find(scene: &Scene<'_, '_>, name: &str) -> Option<Id> {
    let has = |kind: &str, name: &str| {
        scene
            .find(ACCOUNTS, None, name)
            .and_then(|id| scene.thing(id))
            .is_some_and(|thing| matches!(thing, Thing::Object(object) if object.kind == kind))
    };
    accounts::known_as(name, &has).and_then(|name| scene.find(ACCOUNTS, None, &name))
}

/// What an account is called here.
fn known(scene: &Scene<'_, '_>, name: &str) -> String {
    let found = find(scene, name).and_then(|id| scene.name_of(id));
    found.map_or_else(|| accounts::account(name), |(_, name)| name.to_string())
}

fn change(scene: &mut Scene<'_, '_>, id: Id, act: impl FnOnce(&mut Object)) {
    let Some(Thing::Object(object)) = scene.thing(id) else { return };
    let mut object = Object::clone(object);
    act(&mut object);
    scene.set(id, Thing::Object(Arc::new(object)));
}

fn insert(scene: &mut Scene<'_, '_>, object: Object, at: (TextRange, TextRange), space: Space) {
    let (kind, name) = (object.kind, object.name.clone());
    let mut part = Part::default();
    part.add(ObjectPath::Object { schema: SmolStr::default(), kind, name: name.clone() }, at.0, at.1);
    scene.insert(space, SmolStr::default(), name, Thing::Object(Arc::new(object)), part, 0);
}

fn object(kind: &'static str, name: SmolStr) -> Object {
    Object { kind, schema: SmolStr::default(), name, comment: None, attrs: Attrs::default() }
}

fn create_roles(mut words: Words<'_>, replace: bool, range: TextRange, builder: &mut Builder) {
    let quiet = words.eat_all(&["IF", "NOT", "EXISTS"]);
    for name in words.accounts() {
        step(builder, move |scene| {
            let own: SmolStr = name.text.strip_suffix("@%").unwrap_or(&name.text).into();
            if let Some(old) = scene.find(ACCOUNTS, None, &own) {
                if !replace {
                    if !quiet {
                        scene.exists("role", &name, Some(old));
                    }
                    return;
                }
                drop(scene, &own);
            }
            insert(scene, object(attr::ROLE, own), (range, name.range), ACCOUNTS);
        });
    }
}

fn create_users(mut words: Words<'_>, replace: bool, maria: bool, range: TextRange, builder: &mut Builder) {
    let quiet = words.eat_all(&["IF", "NOT", "EXISTS"]);
    let named = identified(&mut words);
    let options = options(&mut words);
    for (name, login) in named {
        let options = options.clone();
        step(builder, move |scene| {
            let own = full(&name.text);
            if let Some(old) = scene.find(ACCOUNTS, None, &own) {
                if !replace {
                    if !quiet {
                        scene.exists("user", &name, Some(old));
                    }
                    return;
                }
                drop(scene, &own);
            }
            let mut user = object(attr::USER, own);
            login.apply(&mut user, maria);
            options.apply(&mut user);
            insert(scene, user, (range, name.range), ACCOUNTS);
        });
    }
}

fn alter(mut words: Words<'_>, maria: bool, builder: &mut Builder) {
    words.eat_all(&["IF", "EXISTS"]);
    let named = identified(&mut words);
    let options = options(&mut words);
    for (name, login) in named {
        let options = options.clone();
        step(builder, move |scene| {
            let Some(id) = find(scene, &name.text) else { return };
            change(scene, id, |user| {
                login.apply(user, maria);
                options.apply(user);
            });
        });
    }
}

/// How somebody logs in.
#[derive(Clone, Debug, Default)]
struct Login {
    plugin: Option<String>,
    password: Option<String>,
    is_said: bool,
}

impl Login {
    fn apply(&self, user: &mut Object, maria: bool) {
        if !self.is_said {
            return;
        }
        if let Some(plugin) = &self.plugin {
            user.attrs.set(&attr::AUTH_PLUGIN, plugin.clone());
        } else if maria {
            user.attrs.remove(&attr::AUTH_PLUGIN);
        }
        match &self.password {
            Some(password) => user.attrs.set(&attr::PASSWORD, password.clone()),
            None => user.attrs.remove(&attr::PASSWORD),
        }
        user.attrs.remove(&attr::PASSWORD_EXPIRED);
    }
}

/// `user [IDENTIFIED …], …`.
fn identified(words: &mut Words<'_>) -> Vec<(Name, Login)> {
    let mut list = Vec::new();
    while let Some(name) = words.account() {
        let mut login = Login::default();
        if words.eat("IDENTIFIED") {
            login.is_said = true;
            if words.eat("WITH") || words.eat("VIA") {
                login.plugin = words.value();
            }
            if words.eat("BY") && !words.eat("PASSWORD") {
                login.password = words.text();
            } else if words.eat("USING") && words.eat("PASSWORD") && words.eat("(") {
                login.password = words.text();
                words.eat(")");
            } else {
                // A password nobody can read.
                words.eat("AS");
                words.text();
            }
            while !words.is_end() && !words.is(",") && !words.is_any(AFTER_LOGIN) {
                words.skip();
            }
        }
        list.push((name, login));
        if !words.eat(",") {
            break;
        }
    }
    list
}

/// The words a clause behind the users starts with.
const AFTER_LOGIN: &[&str] =
    &["DEFAULT", "REQUIRE", "WITH", "PASSWORD", "ACCOUNT", "COMMENT", "ATTRIBUTE", "FAILED_LOGIN_ATTEMPTS"];

/// What the clauses behind the users say.
#[derive(Clone, Debug, Default)]
struct Options {
    numbers: Vec<(&'static AttrKey<i64>, i64)>,
    /// Days, 0 for ever, `None` for the server's own.
    lifetime: Option<Option<i64>>,
    expired: bool,
    locked: Option<bool>,
    comment: Option<String>,
}

impl Options {
    fn apply(&self, user: &mut Object) {
        for (key, number) in &self.numbers {
            if *number == 0 {
                user.attrs.remove(key);
            } else {
                user.attrs.set(key, *number);
            }
        }
        match self.lifetime {
            Some(Some(days)) => user.attrs.set(&attr::PASSWORD_LIFETIME, days),
            Some(None) => user.attrs.remove(&attr::PASSWORD_LIFETIME),
            None => {}
        }
        if self.expired {
            user.attrs.set(&attr::PASSWORD_EXPIRED, true);
        }
        match self.locked {
            Some(true) => user.attrs.set(&attr::ACCOUNT_LOCKED, true),
            Some(false) => user.attrs.remove(&attr::ACCOUNT_LOCKED),
            None => {}
        }
        if let Some(comment) = &self.comment {
            user.comment = Some(comment.clone()).filter(|comment| !comment.is_empty());
        }
    }
}

fn options(words: &mut Words<'_>) -> Options {
    const NUMBERS: &[(&str, &AttrKey<i64>)] = &[
        ("MAX_QUERIES_PER_HOUR", &attr::MAX_QUESTIONS),
        ("MAX_UPDATES_PER_HOUR", &attr::MAX_UPDATES),
        ("MAX_CONNECTIONS_PER_HOUR", &attr::MAX_CONNECTIONS),
        ("MAX_USER_CONNECTIONS", &attr::MAX_USER_CONNECTIONS),
    ];
    let mut options = Options::default();
    while !words.is_end() {
        if let Some((_, key)) = NUMBERS.iter().find(|(word, _)| words.is(word)) {
            words.skip();
            options.numbers.extend(words.number().map(|number| (*key, number)));
        } else if words.eat_all(&["PASSWORD", "EXPIRE"]) {
            if words.eat("DEFAULT") {
                options.lifetime = Some(None);
            } else if words.eat("NEVER") {
                options.lifetime = Some(Some(0));
            } else if words.eat("INTERVAL") {
                options.lifetime = words.number().map(Some);
                words.eat("DAY");
            } else {
                options.expired = true;
            }
        } else if words.eat_all(&["ACCOUNT", "LOCK"]) {
            options.locked = Some(true);
        } else if words.eat_all(&["ACCOUNT", "UNLOCK"]) {
            options.locked = Some(false);
        } else if words.eat("COMMENT") {
            options.comment = words.text();
        } else {
            words.skip();
        }
    }
    options
}

/// An account goes, and all it may do; those it was a role of are no longer its members.
fn drop(scene: &mut Scene<'_, '_>, name: &str) {
    let name = known(scene, name);
    if let Some(id) = scene.find(ACCOUNTS, None, &name) {
        scene.remove(id);
    }
    for id in scene.all(|space, _| space == ACCOUNTS) {
        leave(scene, id, &name);
    }
    for permission in accounts::permissions(scene) {
        if permission.attrs.get(&attr::GRANTEE).as_deref() == Some(&*name)
            && let Some(id) = scene.find(PERMISSIONS, None, &permission.name)
        {
            scene.remove(id);
        }
    }
}

fn leave(scene: &mut Scene<'_, '_>, id: Id, role: &str) {
    let Some(Thing::Object(object)) = scene.thing(id) else { return };
    let mut list = accounts::memberships(object);
    if list.iter().any(|of| of.role == role) {
        list.retain(|of| of.role != role);
        change(scene, id, |account| accounts::set_memberships(account, &list));
    }
}

fn rename(scene: &mut Scene<'_, '_>, from: &Name, to: &Name) {
    let Some(id) = find(scene, &from.text) else { return };
    let Some(Thing::Object(object)) = scene.thing(id).cloned() else { return };
    let new: SmolStr = match object.kind {
        attr::ROLE => to.text.strip_suffix("@%").unwrap_or(&to.text).into(),
        _ => full(&to.text),
    };
    let old = object.name.clone();
    let path = |name: &SmolStr| ObjectPath::Object {
        schema: SmolStr::default(),
        kind: object.kind,
        name: name.clone(),
    };
    let (before, after) = (path(&old), path(&new));
    change(scene, id, |account| account.name = new.clone());
    scene.origin(id, |origin| origin.rename(&before, after, to.range));
    scene.rename(id, SmolStr::default(), new.clone());
    for id in scene.all(|space, _| space == ACCOUNTS) {
        let Some(Thing::Object(object)) = scene.thing(id) else { continue };
        let mut list = accounts::memberships(object);
        if list.iter().any(|of| of.role == old.as_str()) {
            list.iter_mut().filter(|of| of.role == old.as_str()).for_each(|of| of.role = new.to_string());
            change(scene, id, |account| accounts::set_memberships(account, &list));
        }
    }
    for permission in accounts::permissions(scene) {
        if permission.attrs.get(&attr::GRANTEE).as_deref() != Some(old.as_str()) {
            continue;
        }
        let designation = permission.attrs.get(&attr::FOR).unwrap_or_default();
        let list = permission.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
        let grantable = permission.attrs.is(&attr::GRANTABLE);
        let same = accounts::permission(&designation, &new, list, grantable);
        if let (Some(id), Some(same)) = (scene.find(PERMISSIONS, None, &permission.name), same) {
            let name = same.name.clone();
            scene.set(id, Thing::Object(Arc::new(same)));
            scene.rename(id, SmolStr::default(), name);
        }
    }
}

/// What a `GRANT` is for, as written.
#[derive(Clone, Debug)]
enum Target {
    Server,
    /// All of a schema; without a name, of the one statements are about.
    Schema(Option<SmolStr>),
    Path(&'static str, Option<SmolStr>, SmolStr),
}

/// Reads `GRANT` and `REVOKE`.
pub(super) fn grant(piece: &Piece, maria: bool, builder: &mut Builder) {
    let mut words = Words::of(piece);
    let give = words.eat("GRANT");
    if !give && !words.eat("REVOKE") {
        return;
    }
    words.eat_all(&["IF", "EXISTS"]);
    let range = piece.statement_range();
    let mut probe = words.clone();
    if !probe.find("ON") {
        return roles(words, give, builder);
    }
    if words.is("PROXY") {
        return;
    }
    let Some(rights) = rights(&mut words) else { return };
    let Some(target) = target(&mut words) else { return };
    if !words.eat("TO") && !words.eat("FROM") {
        return;
    }
    let named = identified(&mut words);
    let mut grantable = false;
    while !words.is_end() {
        grantable |= words.eat_all(&["GRANT", "OPTION"]);
        words.skip();
    }
    let option = |rights: &Rights| rights.iter().any(|(right, _)| right == "GRANT OPTION");
    let grantable = if give { grantable } else { option(&rights) };
    step(builder, move |scene| {
        let server = if maria { inspect::assumed_mariadb() } else { inspect::assumed() };
        let designation = match &target {
            Target::Server => GLOBAL.to_owned(),
            Target::Schema(schema) => {
                accounts::designated_by("schema", &[scene.schema_for(schema.as_deref())])
            }
            Target::Path(word, schema, name) => {
                accounts::designated_by(word, &[scene.schema_for(schema.as_deref()), name.clone()])
            }
        };
        for (name, login) in &named {
            // Old servers make who is not there.
            if login.is_said && find(scene, &name.text).is_none() {
                let mut user = object(attr::USER, full(&name.text));
                login.apply(&mut user, maria);
                insert(scene, user, (range, name.range), ACCOUNTS);
            }
            let to = known(scene, &name.text);
            for (designation, list) in spread(&designation, &rights) {
                let change = Change { give, grantable, list: &list, server: &server };
                change.apply(scene, &designation, &to, (range, name.range));
            }
        }
    });
}

/// `GRANT role TO user`, and `REVOKE ALL PRIVILEGES, GRANT OPTION FROM user`.
fn roles(mut words: Words<'_>, give: bool, builder: &mut Builder) {
    if !give && words.eat("ALL") {
        while !words.is_end() && !words.eat("FROM") {
            words.skip();
        }
        for name in words.accounts() {
            step(builder, move |scene| {
                let to = known(scene, &name.text);
                for permission in accounts::permissions(scene) {
                    if permission.attrs.get(&attr::GRANTEE).as_deref() == Some(&*to)
                        && let Some(id) = scene.find(PERMISSIONS, None, &permission.name)
                    {
                        scene.remove(id);
                    }
                }
            });
        }
        return;
    }
    let only_option = words.eat_all(&["ADMIN", "OPTION", "FOR"]);
    let of = words.accounts();
    words.skip();
    let members = words.accounts();
    let admin = words.eat_all(&["WITH", "ADMIN", "OPTION"]);
    step(builder, move |scene| {
        for of in &of {
            let role = known(scene, &of.text);
            for member in &members {
                let Some(id) = find(scene, &member.text) else { continue };
                let Some(Thing::Object(object)) = scene.thing(id) else { continue };
                let mut list = accounts::memberships(object);
                let was_admin = list.iter().any(|of| of.role == role && of.admin);
                let had = list.iter().any(|of| of.role == role);
                list.retain(|of| of.role != role);
                if give || only_option && had {
                    let admin = give && (admin || was_admin);
                    list.push(Membership { admin, ..Membership::plain(&role) });
                }
                change(scene, id, |account| accounts::set_memberships(account, &list));
            }
        }
    });
}

/// Privileges and the columns they are for.
type Rights = Vec<(String, Vec<SmolStr>)>;

/// `SELECT (a, b), CREATE VIEW` before `ON`.
fn rights(words: &mut Words<'_>) -> Option<Rights> {
    let mut list = Vec::new();
    loop {
        let mut right = String::new();
        while !words.is("(") && !words.is(",") && !words.is("ON") {
            if !right.is_empty() {
                right.push(' ');
            }
            right.push_str(&words.word()?);
        }
        let columns = words.names();
        list.push((right, columns));
        if !words.eat(",") {
            return words.eat("ON").then_some(list);
        }
    }
}

fn target(words: &mut Words<'_>) -> Option<Target> {
    let word = match () {
        () if words.eat("FUNCTION") => "function",
        () if words.eat("PROCEDURE") => "procedure",
        () if words.is("PACKAGE") => return None,
        () => {
            words.eat("TABLE");
            "table"
        }
    };
    if words.eat("*") {
        return Some(match words.eat_all(&[".", "*"]) {
            true => Target::Server,
            false => Target::Schema(None),
        });
    }
    let first = words.name()?;
    if !words.eat(".") {
        return Some(Target::Path(word, None, first));
    }
    Some(match words.eat("*") {
        true => Target::Schema(Some(first)),
        false => Target::Path(word, Some(first), words.name()?),
    })
}

/// The rights to the object itself, and those to each of its columns.
fn spread(designation: &str, rights: &Rights) -> Vec<(String, Vec<String>)> {
    let mut list: Vec<(String, Vec<String>)> = vec![(designation.to_owned(), Vec::new())];
    let (_, steps) = accounts::parts(designation);
    for (right, columns) in rights {
        let right = if right == "GRANT OPTION" { "USAGE" } else { right.as_str() };
        if columns.is_empty() {
            list[0].1.push(right.to_owned());
        }
        for column in columns {
            let of: Vec<&str> = steps.iter().map(String::as_str).chain([column.as_str()]).collect();
            let inside = accounts::designated_by("column", &of);
            match list.iter_mut().find(|(of, _)| *of == inside) {
                Some((_, rights)) => rights.push(right.to_owned()),
                None => list.push((inside, vec![right.to_owned()])),
            }
        }
    }
    list
}

/// One change of what an account may do.
struct Change<'a> {
    give: bool,
    /// With the right to hand it on.
    grantable: bool,
    list: &'a [String],
    server: &'a Capabilities,
}

impl Change<'_> {
    fn apply(&self, scene: &mut Scene<'_, '_>, designation: &str, to: &str, at: (TextRange, TextRange)) {
        let inside = accounts::parts(designation).0 == "column";
        let old = scene.find(PERMISSIONS, None, &accounts::label(designation, to));
        let had = old.and_then(|id| match scene.thing(id) {
            Some(Thing::Object(object)) => Some(object.clone()),
            _ => None,
        });
        let spelled = |list: Vec<String>| {
            // Through the one form, and without `ALL`.
            let made = accounts::permission(designation, to, list, true);
            made.map(|made| accounts::spelled(&made, self.server)).unwrap_or_default()
        };
        let named = spelled(self.list.to_vec());
        let is_all = |list: &[String]| {
            list.iter().any(|one| one == "ALL" || one.eq_ignore_ascii_case("ALL PRIVILEGES"))
        };
        let before =
            had.as_ref().map(|had| had.attrs.get(&attr::PRIVILEGES).unwrap_or_default()).unwrap_or_default();
        let mut list = match self.give && (is_all(self.list) || is_all(&before)) {
            true => vec!["ALL".to_owned()],
            false => had.as_ref().map(|had| accounts::spelled(had, self.server)).unwrap_or_default(),
        };
        let mut grantable = had.as_ref().is_some_and(|had| had.attrs.is(&attr::GRANTABLE));
        if self.give {
            if !is_all(&list) {
                list.extend(named);
            }
            grantable |= self.grantable && !inside;
        } else {
            list.retain(|one| !named.contains(one));
            grantable &= !self.grantable;
        }
        let made = accounts::permission(designation, to, list, grantable).map(|mut made| {
            accounts::settle(&mut made, self.server);
            made
        });
        match (old, made) {
            (Some(id), Some(made)) => scene.set(id, Thing::Object(Arc::new(made))),
            (Some(id), None) => scene.remove(id),
            (None, Some(made)) => insert(scene, made, at, PERMISSIONS),
            (None, None) => {}
        }
        // What is taken from the table is taken from its columns.
        if !self.give && !inside {
            let (_, own) = accounts::parts(designation);
            for column in accounts::permissions(scene) {
                let of = column.attrs.get(&attr::FOR).unwrap_or_default();
                let (word, steps) = accounts::parts(&of);
                let within = word == "column" && steps.get(..2) == Some(&own[..]);
                if within && column.attrs.get(&attr::GRANTEE).as_deref() == Some(to) {
                    self.apply(scene, &of, to, at);
                }
            }
        }
    }
}

/// A routine takes the rights to it with it.
pub(super) fn forget_routine(scene: &mut Scene<'_, '_>, id: Id) {
    let Some(Thing::Routine(routine)) = scene.thing(id).cloned() else { return };
    let word = match routine.kind {
        RoutineKind::Function => "function",
        RoutineKind::Procedure => "procedure",
    };
    let own = accounts::designated_by(word, &[&routine.schema, &routine.name]);
    for permission in accounts::permissions(scene) {
        if permission.attrs.get(&attr::FOR).is_some_and(|of| of.eq_ignore_ascii_case(&own))
            && let Some(id) = scene.find(PERMISSIONS, None, &permission.name)
        {
            scene.remove(id);
        }
    }
}
