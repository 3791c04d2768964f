//! Users, roles and what they may do.
//!
//! Accounts are made before everything else. Rights are taken before objects go, because a right to a column cannot be
//! taken without its table, and given when all is what it shall be; accounts are dropped last. A server forgets the rights
//! to a routine with it, so that one that is made anew gets them again. Invariant: a statement holds a password only where
//! the state has one, which is where the user allowed it.
//!
//! Source: MySQL 9 manual, 15.7.1 "Account Management Statements"; MariaDB, "Account Management SQL Commands".

use engine::connection::Capabilities;
use engine::plan::Statement;
use engine::scope::Accounts;
use schema::{AttrKey, Change, Object, ObjectPath, Realm, Routine, RoutineKind};

use super::super::accounts::{self, GLOBAL, Membership};
use super::super::features::{MARIADB, USER_COMMENT};
use super::super::names::ident;
use super::super::{attr, names};
use super::literal;
use super::objects::object_path;

/// Whether a change is about accounts.
pub(super) fn is_about(change: &Change) -> bool {
    match change {
        Change::AddObject(object)
        | Change::DropObject(object)
        | Change::ModifyObject { to: object, .. }
        | Change::RenameObject { to: object, .. } => Accounts::is_about(object),
        _ => false,
    }
}

/// The statements about accounts, by where they stand in a plan.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub first: Vec<Statement>,
    pub revokes: Vec<Statement>,
    pub grants: Vec<Statement>,
    pub last: Vec<Statement>,
}

/// Statements about accounts for such a server.
pub(super) struct Writer<'a> {
    pub server: &'a Capabilities,
    pub work: Work,
    /// The change being planned.
    pub at: usize,
}

impl Writer<'_> {
    pub(super) fn change(&mut self, change: &Change) {
        match change {
            Change::AddObject(object) if object.kind == attr::PERMISSION => {
                self.give(object, &list(object), object.attrs.is(&attr::GRANTABLE));
            }
            Change::DropObject(object) if object.kind == attr::PERMISSION => {
                self.take(object, &list(object), object.attrs.is(&attr::GRANTABLE));
            }
            Change::ModifyObject { from, to } if to.kind == attr::PERMISSION => self.permission(from, to),
            Change::AddObject(object) => self.add(object),
            Change::DropObject(object) => self.drop(object),
            Change::ModifyObject { from, to } => self.modify(from, to),
            Change::RenameObject { from, to } => {
                let one = |from: &Object, to: &Object| {
                    format!("RENAME USER {} TO {}", account(&from.name), account(&to.name))
                };
                let title = format!("rename {} {:?} to {:?}", to.kind, from.name, to.name);
                let statement = self.statement(one(from, to), title, vec![one(to, from)], to);
                self.work.first.push(statement);
            }
            _ => {}
        }
    }

    fn add(&mut self, object: &Object) {
        let title = format!("create {} {:?}", object.kind, object.name);
        let mut statements = create(object, self.server).into_iter();
        if let Some(cmd) = statements.next() {
            let statement = self.statement(cmd, title.clone(), vec![drop_account(object)], object);
            self.work.first.push(statement);
        }
        for cmd in statements {
            // Undone with the account.
            let statement = self.statement(cmd, title.clone(), Vec::new(), object);
            self.work.first.push(statement);
        }
        self.memberships(&[], object);
    }

    fn drop(&mut self, object: &Object) {
        let mut reverse = create(object, self.server);
        reverse.extend(accounts::memberships(object).iter().map(|of| grant_role(object, of)));
        let title = format!("drop {} {:?}", object.kind, object.name);
        let statement = self.statement(drop_account(object), title, reverse, object);
        self.work.last.push(statement);
    }

    fn modify(&mut self, from: &Object, to: &Object) {
        let title = format!("modify {} {:?}", to.kind, to.name);
        let there = alter(from, to, self.server);
        let mut back = alter(to, from, self.server);
        for cmd in there {
            let statement = self.statement(cmd, title.clone(), std::mem::take(&mut back), to);
            self.work.first.push(statement);
        }
        self.memberships(&accounts::memberships(from), to);
    }

    fn memberships(&mut self, old: &[Membership], object: &Object) {
        let new = accounts::memberships(object);
        let title = format!("modify {} {:?}", object.kind, object.name);
        for gone in old.iter().filter(|old| !new.contains(old)) {
            // The option alone cannot be taken.
            let lesser = new.iter().any(|new| new.role == gone.role && new.admin);
            if lesser {
                continue;
            }
            let statement = self.statement(
                revoke_role(object, gone),
                title.clone(),
                vec![grant_role(object, gone)],
                object,
            );
            self.work.revokes.push(statement);
        }
        for added in new.iter().filter(|new| !old.contains(new)) {
            let before = old.iter().find(|old| old.role == added.role);
            let mut reverse = vec![revoke_role(object, added)];
            // Of one that was taken before, the reverse gives it back.
            if added.admin {
                reverse.extend(before.map(|before| grant_role(object, before)));
            }
            let statement = self.statement(grant_role(object, added), title.clone(), reverse, object);
            self.work.grants.push(statement);
        }
    }

    fn permission(&mut self, from: &Object, to: &Object) {
        let (mut old, mut new) = (list(from), list(to));
        let all = |list: &[String]| list.iter().any(|one| one == "ALL");
        let is_open = from.attrs.get(&attr::FOR).as_deref() == Some(GLOBAL) && !self.server.has(MARIADB);
        if !is_open || all(&old) == all(&new) {
            (old, new) = (accounts::spelled(from, self.server), accounts::spelled(to, self.server));
        } else if all(&new) {
            // Nobody can list all there is to a server, but giving all gives the rest.
            old = Vec::new();
        }
        let gone: Vec<String> =
            old.iter().filter(|one| !new.contains(one) && *one != "USAGE").cloned().collect();
        let added: Vec<String> = new.iter().filter(|one| !old.contains(one)).cloned().collect();
        let (could, can) = (from.attrs.is(&attr::GRANTABLE), to.attrs.is(&attr::GRANTABLE));
        if !gone.is_empty() || could && !can {
            self.take(from, &gone, could && !can);
        }
        if can && !could {
            // What is there already is handed on too; of a server, each privilege by itself.
            let named = if is_open { list(to) } else { added };
            let named = if named.is_empty() { vec!["USAGE".to_owned()] } else { named };
            self.give(to, &named, true);
        } else if added.iter().any(|one| one != "USAGE") {
            self.give(to, &added, can);
        }
    }

    /// Gives again what was lost with routines that are made anew.
    pub(super) fn again(&mut self, from: &Realm, changes: &[Change]) {
        for (at, change) in changes.iter().enumerate() {
            let Change::ModifyRoutine { from: old, .. } = change else { continue };
            let own = accounts::designated_by(word(old), &[&old.schema, &old.name]);
            for permission in from.objects.iter().filter(|it| it.kind == attr::PERMISSION) {
                let of = permission.attrs.get(&attr::FOR).unwrap_or_default();
                let changes_anyway = changes.iter().any(|change| {
                    matches!(change, Change::DropObject(it) | Change::ModifyObject { from: it, .. }
                        if it.name == permission.name)
                });
                if of.eq_ignore_ascii_case(&own) && !changes_anyway {
                    self.at = at;
                    self.give(permission, &list(permission), permission.attrs.is(&attr::GRANTABLE));
                }
            }
        }
    }

    fn give(&mut self, object: &Object, privileges: &[String], grantable: bool) {
        let Some(cmd) = grant(object, privileges, grantable, self.server) else { return };
        let reverse = revoke(object, privileges, grantable, self.server);
        let statement = self.statement(cmd, title("grant", object), reverse, object);
        self.work.grants.push(statement);
    }

    fn take(&mut self, object: &Object, privileges: &[String], grantable: bool) {
        let mut reverse = grant(object, privileges, grantable, self.server);
        for cmd in revoke(object, privileges, grantable, self.server) {
            let back = reverse.take().into_iter().collect();
            let statement = self.statement(cmd, title("revoke", object), back, object);
            self.work.revokes.push(statement);
        }
    }

    fn statement(&self, cmd: String, comment: String, reverse: Vec<String>, object: &Object) -> Statement {
        Statement { cmd, comment, reverse, change: self.at, objects: vec![path(object)] }
    }
}

fn path(object: &Object) -> ObjectPath {
    object_path(object)
}

fn word(routine: &Routine) -> &'static str {
    match routine.kind {
        RoutineKind::Function => "function",
        RoutineKind::Procedure => "procedure",
    }
}

fn list(permission: &Object) -> Vec<String> {
    permission.attrs.get(&attr::PRIVILEGES).unwrap_or_default()
}

fn title(verb: &str, object: &Object) -> String {
    let to = object.attrs.get(&attr::GRANTEE).unwrap_or_default();
    let preposition = if verb == "grant" { "to" } else { "from" };
    format!("{verb} permissions {preposition} {to:?}")
}

/// The name of an account as SQL has it.
fn account(name: &str) -> String {
    match accounts::user_and_host(name) {
        (user, Some(host)) => format!("{}@{}", ident(user), ident(host)),
        ("PUBLIC", None) => "PUBLIC".to_owned(),
        (role, None) => ident(role),
    }
}

/// `DROP USER` or `DROP ROLE`.
pub(in crate::mysql) fn drop_account(object: &Object) -> String {
    let word = if object.kind == attr::ROLE { "ROLE" } else { "USER" };
    format!("DROP {word} {}", account(&object.name))
}

fn grant_role(object: &Object, of: &Membership) -> String {
    let option = if of.admin { " WITH ADMIN OPTION" } else { "" };
    format!("GRANT {} TO {}{option}", account(&of.role), account(&object.name))
}

fn revoke_role(object: &Object, of: &Membership) -> String {
    format!("REVOKE {} FROM {}", account(&of.role), account(&object.name))
}

/// The statements that make an account.
fn create(object: &Object, server: &Capabilities) -> Vec<String> {
    let name = account(&object.name);
    let comment = object.comment.as_deref().filter(|_| server.has(USER_COMMENT));
    if object.kind == attr::ROLE {
        let mut out = vec![format!("CREATE ROLE {name}")];
        out.extend(comment.map(|text| format!("ALTER USER {name} COMMENT {}", literal::text(text, server))));
        return out;
    }
    let mut cmd = format!("CREATE USER {name}");
    cmd.push_str(&identified(object, server));
    let nobody = Object { attrs: schema::Attrs::default(), comment: None, ..object.clone() };
    for clause in options(&nobody, object, server) {
        cmd.push(' ');
        cmd.push_str(&clause);
    }
    let mut out = vec![cmd];
    if object.attrs.is(&attr::PASSWORD_EXPIRED) {
        out.push(format!("ALTER USER {name} PASSWORD EXPIRE"));
    }
    out
}

/// ` IDENTIFIED …`, or nothing.
fn identified(object: &Object, server: &Capabilities) -> String {
    let password = object.attrs.get(&attr::PASSWORD).map(|password| literal::text(&password, server));
    match (object.attrs.get(&attr::AUTH_PLUGIN), password) {
        (None, None) => String::new(),
        (None, Some(password)) => format!(" IDENTIFIED BY {password}"),
        (Some(plugin), None) if server.has(MARIADB) => format!(" IDENTIFIED VIA {}", ident(&plugin)),
        (Some(plugin), None) => format!(" IDENTIFIED WITH {}", ident(&plugin)),
        (Some(plugin), Some(password)) if server.has(MARIADB) => {
            format!(" IDENTIFIED VIA {} USING PASSWORD({password})", ident(&plugin))
        }
        (Some(plugin), Some(password)) => format!(" IDENTIFIED WITH {} BY {password}", ident(&plugin)),
    }
}

/// The statements that make one account out of another.
fn alter(from: &Object, to: &Object, server: &Capabilities) -> Vec<String> {
    let name = account(&to.name);
    let mut out = Vec::new();
    let mut clauses = Vec::new();
    let plugin = to.attrs.get(&attr::AUTH_PLUGIN);
    if plugin.is_some() && plugin != from.attrs.get(&attr::AUTH_PLUGIN) {
        clauses.push(identified(to, server).trim().to_owned());
    }
    clauses.extend(options(from, to, server));
    if !clauses.is_empty() {
        out.push(format!("ALTER USER {name} {}", clauses.join(" ")));
    }
    if to.attrs.is(&attr::PASSWORD_EXPIRED) && !from.attrs.is(&attr::PASSWORD_EXPIRED) {
        out.push(format!("ALTER USER {name} PASSWORD EXPIRE"));
    }
    out
}

/// What follows the password, where it differs.
fn options(from: &Object, to: &Object, server: &Capabilities) -> Vec<String> {
    let numbers: [(&AttrKey<i64>, &str); 4] = [
        (&attr::MAX_QUESTIONS, "MAX_QUERIES_PER_HOUR"),
        (&attr::MAX_UPDATES, "MAX_UPDATES_PER_HOUR"),
        (&attr::MAX_CONNECTIONS, "MAX_CONNECTIONS_PER_HOUR"),
        (&attr::MAX_USER_CONNECTIONS, "MAX_USER_CONNECTIONS"),
    ];
    let mut out = Vec::new();
    for (key, word) in numbers {
        let number = |object: &Object| object.attrs.get(key).unwrap_or(0);
        if number(from) != number(to) {
            out.push(format!("{word} {}", number(to)));
        }
    }
    if !out.is_empty() {
        out.insert(0, "WITH".to_owned());
    }
    let lifetime = |object: &Object| object.attrs.get(&attr::PASSWORD_LIFETIME);
    if lifetime(from) != lifetime(to) {
        out.push(match lifetime(to) {
            None => "PASSWORD EXPIRE DEFAULT".to_owned(),
            Some(0) => "PASSWORD EXPIRE NEVER".to_owned(),
            Some(days) => format!("PASSWORD EXPIRE INTERVAL {days} DAY"),
        });
    }
    let locked = |object: &Object| object.attrs.is(&attr::ACCOUNT_LOCKED);
    if locked(from) != locked(to) {
        out.push(format!("ACCOUNT {}", if locked(to) { "LOCK" } else { "UNLOCK" }));
    }
    let comment = |object: &Object| object.comment.clone().unwrap_or_default();
    if comment(from) != comment(to) && server.has(USER_COMMENT) {
        out.push(format!("COMMENT {}", literal::text(&comment(to), server)));
    }
    out
}

fn grant(object: &Object, privileges: &[String], grantable: bool, server: &Capabilities) -> Option<String> {
    let named: &[String] =
        if privileges.is_empty() && grantable { &["USAGE".to_owned()] } else { privileges };
    let to = account(&object.attrs.get(&attr::GRANTEE)?);
    let option = if grantable { " WITH GRANT OPTION" } else { "" };
    Some(format!("GRANT {} TO {to}{option}", rights(object, named, server)?))
}

/// The statements that take privileges, and the right to hand on.
pub(in crate::mysql) fn revoke(
    object: &Object,
    privileges: &[String],
    grantable: bool,
    server: &Capabilities,
) -> Vec<String> {
    let Some(from) = object.attrs.get(&attr::GRANTEE).map(|name| account(&name)) else { return Vec::new() };
    let mut out = Vec::new();
    let option = vec!["GRANT_OPTION".to_owned()];
    let named: Vec<String> = privileges.iter().filter(|one| *one != "USAGE").cloned().collect();
    let mut push = |list: &[String]| {
        out.extend(rights(object, list, server).map(|rights| format!("REVOKE {rights} FROM {from}")));
    };
    // `ALL` stands alone.
    if named.iter().any(|one| one == "ALL") {
        if grantable {
            push(&option);
        }
        push(&named);
    } else {
        let both: Vec<String> = named.into_iter().chain(grantable.then(|| option[0].clone())).collect();
        if !both.is_empty() {
            push(&both);
        }
    }
    out
}

/// ``SELECT (`a`) ON `s`.`t` ``.
fn rights(object: &Object, privileges: &[String], server: &Capabilities) -> Option<String> {
    let designation = object.attrs.get(&attr::FOR)?;
    let (word, steps) = accounts::parts(&designation);
    let path = |steps: &[String]| steps.iter().map(|step| ident(step)).collect::<Vec<_>>().join(".");
    let (what, column) = match (word, &steps[..]) {
        ("", _) => (GLOBAL.to_owned(), None),
        ("schema", [schema]) => (format!("{}.*", ident(schema)), None),
        ("column", [table @ .., column]) if !table.is_empty() => (path(table), Some(names::ident(column))),
        ("function" | "procedure", steps) => (format!("{} {}", word.to_uppercase(), path(steps)), None),
        (_, steps) => (path(steps), None),
    };
    let words: Vec<String> = privileges
        .iter()
        .map(|one| match one.as_str() {
            "GRANT_OPTION" => "GRANT OPTION".to_owned(),
            one => accounts::privilege_words(one, server),
        })
        .map(|one| match &column {
            Some(column) => format!("{one} ({column})"),
            None => one,
        })
        .collect();
    Some(format!("{} ON {what}", words.join(", ")))
}
