//! Roles, users and what they may do.
//!
//! Roles are made before everything else, because policies and others name them. Rights are taken and then given when
//! all objects are what they shall be; what goes with its object is not taken, and what is lost with an object that is
//! made anew is given again. Roles are dropped last. Invariant: a statement holds a password only where the state has one,
//! which is where the user allowed it.
//!
//! Source: PostgreSQL 18, `CREATE ROLE`, `GRANT`, `REVOKE`.

use engine::plan::Statement;
use rustc_hash::FxHashSet;
use schema::{AttrKey, Change, Object, SmolStr, TableChange};

use super::super::accounts::{self, Membership};
use super::super::{attr, names};
use super::Planner;
use super::objects::{object_path, role};
use super::render::{ident, literal};

/// What goes and comes, as permissions name it.
#[derive(Debug, Default)]
pub struct Targets {
    gone: FxHashSet<String>,
    schemas: FxHashSet<SmolStr>,
    made: FxHashSet<String>,
}

impl Targets {
    pub fn of(changes: &[Change]) -> Self {
        let mut targets = Self::default();
        let name = |word: &str, schema: &str, name: &str| {
            format!("{word} {}.{}", names::quoted(schema), names::quoted(name))
        };
        let word = |object: &Object| match object.kind {
            attr::SEQUENCE => "sequence",
            attr::AGGREGATE => "function",
            attr::ENUM | attr::DOMAIN | attr::COMPOSITE | attr::RANGE => "type",
            _ => "table",
        };
        for change in changes {
            match change {
                Change::DropSchema(it) => {
                    targets.schemas.insert(it.name.clone());
                }
                Change::DropTable(it) => {
                    targets.gone.insert(name("table", &it.schema, &it.name));
                }
                Change::DropView(it) => {
                    targets.gone.insert(name("table", &it.schema, &it.name));
                }
                Change::AddView(it) => {
                    targets.made.insert(name("table", &it.schema, &it.name));
                }
                Change::DropRoutine(it) => {
                    targets.gone.insert(name("function", &it.schema, &it.name));
                    targets.gone.insert(name("procedure", &it.schema, &it.name));
                }
                Change::AddRoutine(it) => {
                    targets.made.insert(name("function", &it.schema, &it.name));
                    targets.made.insert(name("procedure", &it.schema, &it.name));
                }
                Change::DropObject(it) if !it.schema.is_empty() => {
                    targets.gone.insert(name(word(it), &it.schema, &it.name));
                }
                Change::DropObject(it) if it.kind == attr::SERVER => {
                    targets.gone.insert(format!("server {}", it.name));
                }
                Change::AddObject(it) if !it.schema.is_empty() => {
                    targets.made.insert(name(word(it), &it.schema, &it.name));
                }
                Change::ModifyTable { to, changes, .. } => {
                    let table = name("column", &to.schema, &to.name);
                    targets.gone.extend(changes.iter().filter_map(|change| match change {
                        TableChange::DropColumn(it) => Some(format!("{table}.{}", names::quoted(&it.name))),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        targets
    }

    /// Whether the object a permission is for is dropped, and with it the permission.
    fn goes(&self, permission: &Object) -> bool {
        let Some((_, key, schema)) = keys(permission) else { return false };
        self.gone.contains(&key) || schema.is_some_and(|schema| self.schemas.contains(&schema))
    }

    /// Whether it is made again.
    fn comes_back(&self, permission: &Object) -> bool {
        keys(permission).is_some_and(|(_, key, _)| self.gone.contains(&key) && self.made.contains(&key))
    }
}

/// The word of a designation, the object that goes as a whole (a column's table), and its schema.
fn keys(permission: &Object) -> Option<(&'static str, String, Option<SmolStr>)> {
    let designation = permission.attrs.get(&attr::FOR)?;
    let (word, name) = accounts::parts(&designation)?;
    if matches!(word, "schema" | "database" | "parameter" | "language" | "wrapper" | "server") {
        return Some((word, designation.clone(), (word == "schema").then(|| name.into())));
    }
    let path = name.split('(').next().unwrap_or(name);
    let steps = names::steps(path);
    let key = format!("{word} {path}");
    Some((word, key, steps.first().cloned()))
}

impl Planner<'_> {
    pub(super) fn create_role(&self, object: &Object) -> String {
        let mut options = role_options(object, None);
        if let Some(password) = object.attrs.get(&attr::PASSWORD) {
            options.push(format!("PASSWORD {}", literal(&password)));
        }
        let options = if options.is_empty() { String::new() } else { format!(" WITH {}", options.join(" ")) };
        format!("CREATE ROLE {}{options}", ident(&object.name))
    }

    pub(super) fn add_role(&mut self, object: &Object) {
        let drop = format!("DROP ROLE {}", ident(&object.name));
        let title = format!("create {} {:?}", object.kind, object.name);
        let statement = self.statement(self.create_role(object), title, vec![drop], object);
        self.first.push(statement);
        self.memberships(&[], object);
    }

    pub(super) fn drop_role(&mut self, object: &Object) {
        let mut reverse = vec![self.create_role(object)];
        reverse.extend(accounts::memberships(object).iter().map(|it| self.grant_role(object, it)));
        let title = format!("drop {} {:?}", object.kind, object.name);
        let cmd = format!("DROP ROLE {}", ident(&object.name));
        let statement = self.statement(cmd, title, reverse, object);
        self.last.push(statement);
    }

    pub(super) fn modify_role(&mut self, from: &Object, to: &Object) {
        let alter = |from: &Object, to: &Object| {
            let options = role_options(to, Some(from)).join(" ");
            (!options.is_empty()).then(|| format!("ALTER ROLE {} WITH {options}", ident(&to.name)))
        };
        if let Some(cmd) = alter(from, to) {
            let title = format!("modify {} {:?}", to.kind, to.name);
            let statement = self.statement(cmd, title, alter(to, from).into_iter().collect(), to);
            self.first.push(statement);
        }
        self.memberships(&accounts::memberships(from), to);
    }

    fn memberships(&mut self, old: &[Membership], object: &Object) {
        let new = accounts::memberships(object);
        let title = format!("modify {} {:?}", object.kind, object.name);
        for gone in old.iter().filter(|old| !new.iter().any(|new| new.role == old.role)) {
            let revoke = revoke_role(object, gone);
            let statement =
                self.statement(revoke, title.clone(), vec![self.grant_role(object, gone)], object);
            self.revokes.push(statement);
        }
        for added in new.iter().filter(|new| !old.contains(new)) {
            let before = old.iter().find(|old| old.role == added.role);
            // Options are set by granting again, but one that is taken away takes a statement of its own.
            if before.is_some_and(|old| old.admin && !added.admin) {
                let cmd =
                    format!("REVOKE ADMIN OPTION FOR {} FROM {}", role(&added.role), ident(&object.name));
                let reverse =
                    format!("GRANT {} TO {} WITH ADMIN OPTION", role(&added.role), ident(&object.name));
                let statement = self.statement(cmd, title.clone(), vec![reverse], object);
                self.revokes.push(statement);
                if before.is_some_and(|old| old.inherit == added.inherit && old.set == added.set) {
                    continue;
                }
            }
            let reverse = match before {
                Some(before) => self.grant_role(object, before),
                None => revoke_role(object, added),
            };
            let statement =
                self.statement(self.grant_role(object, added), title.clone(), vec![reverse], object);
            self.grants.push(statement);
        }
    }

    fn grant_role(&self, object: &Object, of: &Membership) -> String {
        let mut options = Vec::new();
        if of.admin {
            // The only one servers before 16 know.
            options.push(if of.inherit && of.set { "ADMIN OPTION" } else { "ADMIN TRUE" });
        }
        if !of.inherit {
            options.push("INHERIT FALSE");
        }
        if !of.set {
            options.push("SET FALSE");
        }
        let options =
            if options.is_empty() { String::new() } else { format!(" WITH {}", options.join(", ")) };
        format!("GRANT {} TO {}{options}", role(&of.role), ident(&object.name))
    }

    pub(super) fn add_permission(&mut self, object: &Object) {
        let privileges = object.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
        self.give(object, &privileges);
    }

    pub(super) fn drop_permission(&mut self, object: &Object) {
        if self.targets.goes(object) {
            return;
        }
        let privileges = object.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
        self.take(object, &privileges);
    }

    pub(super) fn modify_permission(&mut self, from: &Object, to: &Object) {
        if self.targets.goes(from) {
            return self.add_permission(to);
        }
        let number = i64::from(self.major().min(99)) * 10_000;
        let (old, new) = (accounts::spelled(from, number), accounts::spelled(to, number));
        let gone: Vec<String> = old.iter().filter(|one| !new.contains(one)).cloned().collect();
        let added: Vec<String> = new.iter().filter(|one| !old.contains(one)).cloned().collect();
        if !gone.is_empty() {
            self.take(from, &gone);
        }
        if !added.is_empty() {
            self.give(to, &added);
        }
    }

    /// Gives again what was lost with objects that were made anew, but for permissions that change anyway.
    pub(super) fn permissions_again(&mut self, changed: &FxHashSet<SmolStr>) {
        let Some(from) = self.from else { return };
        for object in &from.objects {
            if object.kind == attr::PERMISSION
                && !changed.contains(&object.name)
                && self.targets.comes_back(object)
            {
                self.add_permission(object);
            }
        }
    }

    fn give(&mut self, object: &Object, privileges: &[String]) {
        let (Some(cmd), Some(reverse)) = (self.grant(object, privileges), self.revoke(object, privileges))
        else {
            return;
        };
        let statement = self.statement(cmd, title("grant", object), vec![reverse], object);
        self.grants.push(statement);
    }

    fn take(&mut self, object: &Object, privileges: &[String]) {
        let (Some(cmd), Some(reverse)) = (self.revoke(object, privileges), self.grant(object, privileges))
        else {
            return;
        };
        let statement = self.statement(cmd, title("revoke", object), vec![reverse], object);
        self.revokes.push(statement);
    }

    fn grant(&self, object: &Object, privileges: &[String]) -> Option<String> {
        let option = if object.attrs.is(&attr::GRANTABLE) { " WITH GRANT OPTION" } else { "" };
        let to = role(&object.attrs.get(&attr::GRANTEE)?);
        Some(format!("GRANT {} TO {to}{option}", self.rights(object, privileges)?))
    }

    fn revoke(&self, object: &Object, privileges: &[String]) -> Option<String> {
        let to = role(&object.attrs.get(&attr::GRANTEE)?);
        Some(format!("REVOKE {} FROM {to}", self.rights(object, privileges)?))
    }

    /// `SELECT ("a") ON TABLE "t"`.
    fn rights(&self, object: &Object, privileges: &[String]) -> Option<String> {
        let designation = object.attrs.get(&attr::FOR)?;
        let (word, name) = accounts::parts(&designation)?;
        let path = |name: &str| self.render.target("", name);
        let (what, column) = match word {
            "schema" | "database" | "language" => (format!("{} {}", word.to_uppercase(), ident(name)), None),
            "server" => (format!("FOREIGN SERVER {}", ident(name)), None),
            "wrapper" => (format!("FOREIGN DATA WRAPPER {}", ident(name)), None),
            "parameter" => (format!("PARAMETER {name}"), None),
            "column" => match &names::steps(name)[..] {
                [schema, table, column] => {
                    (format!("TABLE {}", self.render.path(schema, table)), Some(ident(column)))
                }
                [table, column] => (format!("TABLE {}", ident(table)), Some(ident(column))),
                _ => return None,
            },
            _ => match name.split_once('(') {
                Some((name, args)) => (format!("{} {}({args}", word.to_uppercase(), path(name)), None),
                None => (format!("{} {}", word.to_uppercase(), path(name)), None),
            },
        };
        let privileges: Vec<String> = privileges
            .iter()
            .map(|one| one.replace('_', " "))
            .map(|one| match &column {
                Some(column) => format!("{one} ({column})"),
                None => one,
            })
            .collect();
        Some(format!("{} ON {what}", privileges.join(", ")))
    }

    fn statement(&self, cmd: String, comment: String, reverse: Vec<String>, object: &Object) -> Statement {
        Statement { cmd, comment, reverse, change: self.at, objects: vec![object_path(object)] }
    }
}

fn revoke_role(object: &Object, of: &Membership) -> String {
    format!("REVOKE {} FROM {}", role(&of.role), ident(&object.name))
}

fn title(verb: &str, object: &Object) -> String {
    let to = object.attrs.get(&attr::GRANTEE).unwrap_or_default();
    let preposition = if verb == "grant" { "to" } else { "from" };
    format!("{verb} permissions {preposition} {to:?}")
}

/// The options of a role in words; against `old`, those that differ.
fn role_options(role: &Object, old: Option<&Object>) -> Vec<String> {
    let mut options = Vec::new();
    let login = role.kind == attr::USER;
    if old.map_or(login, |old| (old.kind == attr::USER) != login) {
        options.push(if login { "LOGIN".to_owned() } else { "NOLOGIN".to_owned() });
    }
    let flags: [(&AttrKey<bool>, &str, bool); 6] = [
        (&attr::SUPERUSER, "SUPERUSER", false),
        (&attr::CREATE_DB, "CREATEDB", false),
        (&attr::CREATE_ROLE, "CREATEROLE", false),
        (&attr::INHERIT, "INHERIT", true),
        (&attr::REPLICATION, "REPLICATION", false),
        (&attr::BYPASS_RLS, "BYPASSRLS", false),
    ];
    for (key, word, default) in flags {
        let value = |role: &Object| role.attrs.get(key).unwrap_or(default);
        if old.map_or(default, value) != value(role) {
            options.push(if value(role) { word.to_owned() } else { format!("NO{word}") });
        }
    }
    let limit = |role: &Object| role.attrs.get(&attr::CONN_LIMIT).unwrap_or(-1);
    if old.map_or(-1, limit) != limit(role) {
        options.push(format!("CONNECTION LIMIT {}", limit(role)));
    }
    options
}
