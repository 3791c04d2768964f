//! Users, roles and what they may do, as the tables of the schema `mysql` have them.
//!
//! Asked only where accounts are looked at. Accounts every server has, those of who runs it, and the session's own are
//! left out with all they may do.

use std::collections::BTreeMap;

use engine::Scope;
use rustc_hash::FxHashMap;
use schema::{Attrs, Object, SmolStr};

use super::super::accounts::{self, Membership};
use super::super::{attr, features};
use super::catalog::{Catalog, Rowed};

/// The names of the queries, as messages say them.
pub(super) const ACCOUNTS: &str = "accounts";
pub(super) const MEMBERS: &str = "members of roles";
pub(super) const PERMISSIONS: &str = "permissions";

/// What only some servers have of these tables.
pub(super) const COMMENT: &str =
    "CAST(JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.metadata.comment')) AS CHAR)";
pub(super) const OF_SERVER: &str =
    ", IF(Create_role_priv = 'Y', 'CREATE_ROLE', NULL), IF(Drop_role_priv = 'Y', 'DROP_ROLE', NULL)";
pub(super) const OF_SCHEMA: &str = ", IF(Delete_history_priv = 'Y', 'DELETE_HISTORY', NULL)";
pub(super) const OF_COMPONENTS: &str = "UNION ALL
SELECT 'component', '', '', '', CAST(USER AS CHAR), CAST(HOST AS CHAR), CAST(PRIV AS CHAR), IF(WITH_GRANT_OPTION = 'Y', 1, 0)
  FROM mysql.global_grants
";

type Key<'a> = (&'a str, &'a str);

/// All accounts and permissions that were asked for.
pub(super) fn read(catalog: &Catalog<'_>, scope: &Scope) -> Vec<Object> {
    let asked = scope.accounts.seen_from(scope.bound.as_deref());
    let own = catalog.server.setting(features::USER);
    let is_ours = |user: &str, host: &str| {
        !accounts::is_system(user) && accounts::user_and_host(own) != (user, Some(host))
    };
    let mut names: FxHashMap<Key<'_>, String> = FxHashMap::default();
    let mut list: Vec<Object> = Vec::new();
    for row in catalog.all(ACCOUNTS) {
        let (user, host) = (row.text(0), row.text(1));
        let is_role = row.int(2) != 0;
        let name = match host {
            "" => user.to_owned(),
            "%" if is_role => user.to_owned(),
            _ => format!("{user}@{host}"),
        };
        names.insert((user, host), name.clone());
        if asked.roles && is_ours(user, host) {
            list.push(account(catalog, row, &name, is_role));
        }
    }
    let name_of = |user: &str, host: &str| {
        let known = names.iter().find(|((u, h), _)| *u == user && *h == host).map(|(_, name)| name.clone());
        known.unwrap_or_else(|| if host.is_empty() { user.to_owned() } else { format!("{user}@{host}") })
    };
    let mut members: BTreeMap<String, Vec<Membership>> = BTreeMap::new();
    for row in catalog.all(MEMBERS) {
        let of = name_of(row.text(2), row.text(3));
        let admin = row.int(4) != 0;
        members
            .entry(name_of(row.text(0), row.text(1)))
            .or_default()
            .push(Membership { admin, ..Membership::plain(&of) });
    }
    for account in &mut list {
        if let Some(of) = members.get(account.name.as_str()) {
            accounts::set_memberships(account, of);
        }
    }
    list.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    list.extend(permissions(catalog, &is_ours, &name_of));
    list
}

fn account(catalog: &Catalog<'_>, row: &super::Row, name: &str, is_role: bool) -> Object {
    let mut attrs = Attrs::default();
    if !is_role {
        let plugin = row.text(3);
        if !plugin.is_empty() && plugin != accounts::usual_plugin(catalog.server) {
            attrs.set(&attr::AUTH_PLUGIN, plugin.to_owned());
        }
        let numbers = [
            (&attr::MAX_QUESTIONS, 4),
            (&attr::MAX_UPDATES, 5),
            (&attr::MAX_CONNECTIONS, 6),
            (&attr::MAX_USER_CONNECTIONS, 7),
        ];
        for (key, at) in numbers {
            if row.int(at) != 0 {
                attrs.set(key, row.int(at));
            }
        }
        if !matches!(row.get(8), None | Some(engine::Value::Null)) {
            attrs.set(&attr::PASSWORD_LIFETIME, row.int(8));
        }
        for (key, at) in [(&attr::PASSWORD_EXPIRED, 9), (&attr::ACCOUNT_LOCKED, 10)] {
            if row.int(at) != 0 {
                attrs.set(key, true);
            }
        }
    }
    let kind = if is_role { attr::ROLE } else { attr::USER };
    let (schema, comment) = (SmolStr::default(), row.comment(11));
    Object { kind, schema, name: name.into(), comment, attrs }
}

/// What is allowed, each object and account once.
fn permissions(
    catalog: &Catalog<'_>,
    is_ours: &dyn Fn(&str, &str) -> bool,
    name_of: &dyn Fn(&str, &str) -> String,
) -> Vec<Object> {
    let maria = catalog.server.has(features::MARIADB);
    // What components of MySQL bring; root has all of it, so that who has as much may do everything.
    let mut components: Vec<&str> =
        catalog.all(PERMISSIONS).filter(|row| row.text(0) == "component").map(|row| row.text(6)).collect();
    components.sort_unstable();
    components.dedup();
    let mut found: BTreeMap<(String, String), (Vec<String>, bool)> = BTreeMap::new();
    for row in catalog.all(PERMISSIONS) {
        let (user, host) = (row.text(4), row.text(5));
        if !is_ours(user, host) && user != "PUBLIC" {
            continue;
        }
        let word = if row.text(0) == "component" { "" } else { row.text(0) };
        let steps: Vec<&str> = (1..4).map(|at| row.text(at)).take_while(|step| !step.is_empty()).collect();
        let key = (accounts::designated_by(word, &steps), name_of(user, host));
        let (list, grantable) = found.entry(key).or_default();
        *grantable |= row.int(7) != 0;
        if maria && word.is_empty() {
            let access: u64 = row.text(6).parse().unwrap_or_default();
            let has = |bit: u32| access & 1u64.checked_shl(bit).unwrap_or_default() != 0;
            *grantable |= has(accounts::GRANT_BIT);
            let more = accounts::OF_MARIADB.iter().map(|(name, bit, _)| (name, bit));
            let all = accounts::OF_SERVER.iter().map(|(name, bit)| (name, bit)).chain(more);
            list.extend(all.filter(|(_, bit)| has(**bit)).map(|(name, _)| (*name).to_owned()));
        } else {
            let own = row.text(6).split(',').filter(|one| !one.is_empty() && *one != "Grant");
            list.extend(own.map(str::to_owned));
        }
    }
    let made = found.into_iter().filter_map(|((designation, to), (mut list, grantable))| {
        if designation == accounts::GLOBAL && !maria {
            let all = accounts::privileges("", catalog.server).into_iter().chain(components.iter().copied());
            if all.into_iter().all(|one| list.iter().any(|own| own == one)) {
                list = vec!["ALL".to_owned()];
            }
        }
        let mut permission = accounts::permission(&designation, &to, list, grantable)?;
        accounts::settle(&mut permission, catalog.server);
        Some(permission)
    });
    made.collect()
}
