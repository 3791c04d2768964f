//! Users, roles and what they may do: the one form the model has for what can be said in several ways.
//!
//! An account is called as HCL calls it: `app@%` with its host, or a role without one, which MySQL keeps at the host `%`.
//! A permission is for one object and one account; what it is for is `*.*`, or a word and a name (`schema app`,
//! `table app.orders`, `column app.orders.note`, `function app.f`). Privileges are words in upper case with underscores.
//! Invariant: the right to hand on is one for all privileges on an object, as servers keep it.
//!
//! Source: MySQL 9 manual, 8.2 "Access Control and Account Management" and `GRANT`; MariaDB's `GRANT`; `sql/privilege.h`.

use engine::accounts::canonical_memberships;
pub use engine::accounts::{Membership, is_tied, memberships, permissions, set_memberships};
use engine::connection::Capabilities;
use engine::renames::RENAMED_FROM;
use schema::{Attrs, Object, Realm, SmolStr};

use super::features::{
    ADMIN_PRIVILEGES, DELETE_HISTORY, MARIADB, ROLES, SHA2_PASSWORD, SHOW_CREATE_ROUTINE, USER_COMMENT,
};
use super::{attr, names};

/// Everything there is on a server.
pub const GLOBAL: &str = "*.*";

/// The words a designation starts with, and the blocks of HCL it may be said with.
const WORDS: &[(&str, &[&str])] = &[
    ("table", &["table", "view"]),
    ("view", &["view"]),
    ("column", &["table.column", "view.column"]),
    ("schema", &["schema"]),
    ("function", &["function"]),
    ("procedure", &["procedure"]),
    ("sequence", &["sequence"]),
];

/// What a permission for `name`, which HCL calls a `kind`, has in [`attr::FOR`].
pub fn designation(kind: &str, name: &str) -> String {
    let word = if matches!(kind, "view" | "sequence") { "table" } else { kind };
    format!("{word} {name}")
}

/// The word of a designation and the steps of its name, in whatever way it was written: `table` and `app`, `orders` also
/// for `app.orders`. The word is empty for [`GLOBAL`].
pub fn parts(text: &str) -> (&'static str, Vec<String>) {
    let text = text.trim();
    if text == GLOBAL {
        return ("", Vec::new());
    }
    let worded = WORDS.iter().find_map(|(word, _)| {
        let rest = text.get(word.len()..)?;
        let is = text.get(..word.len())?.eq_ignore_ascii_case(word);
        (is && rest.starts_with(char::is_whitespace)).then(|| (*word, rest.trim()))
    });
    match worded {
        Some(("view" | "sequence", name)) => ("table", names::steps(name, 2)),
        Some((word @ "schema", name)) => (word, names::steps(name, 1)),
        Some((word @ "column", name)) => (word, names::steps(name, 3)),
        Some((word, name)) => (word, names::steps(name, 2)),
        None => match text.strip_suffix(".*") {
            Some(schema) => ("schema", names::steps(schema, 1)),
            None => ("table", names::steps(text, 2)),
        },
    }
}

/// The opposite of [`parts`].
pub fn designated_by<S: AsRef<str>>(word: &str, steps: &[S]) -> String {
    if word.is_empty() {
        return GLOBAL.to_owned();
    }
    let steps: Vec<String> = steps.iter().map(|step| names::plain(step.as_ref())).collect();
    format!("{word} {}", steps.join("."))
}

/// The kinds of blocks a designation may lead to, and the name.
pub fn designated(text: &str) -> Option<(&'static [&'static str], &str)> {
    let (word, name) = text.split_once(' ')?;
    let (_, kinds) = WORDS.iter().find(|(known, _)| *known == word)?;
    Some((*kinds, name))
}

/// Privileges on the whole server, with their number among the bits of MariaDB's `access`.
pub const OF_SERVER: &[(&str, u32)] = &[
    ("SELECT", 0),
    ("INSERT", 1),
    ("UPDATE", 2),
    ("DELETE", 3),
    ("CREATE", 4),
    ("DROP", 5),
    ("RELOAD", 6),
    ("SHUTDOWN", 7),
    ("PROCESS", 8),
    ("FILE", 9),
    ("REFERENCES", 11),
    ("INDEX", 12),
    ("ALTER", 13),
    ("SHOW_DATABASES", 14),
    ("SUPER", 15),
    ("CREATE_TEMPORARY_TABLES", 16),
    ("LOCK_TABLES", 17),
    ("EXECUTE", 18),
    ("REPLICATION_SLAVE", 19),
    ("REPLICATION_CLIENT", 20),
    ("CREATE_VIEW", 21),
    ("SHOW_VIEW", 22),
    ("CREATE_ROUTINE", 23),
    ("ALTER_ROUTINE", 24),
    ("CREATE_USER", 25),
    ("EVENT", 26),
    ("TRIGGER", 27),
    ("CREATE_TABLESPACE", 28),
];

/// The bit of MariaDB's `access` that is the right to hand on.
pub const GRANT_BIT: u32 = 10;

/// What MariaDB has beyond [`OF_SERVER`], with the feature that says since when.
pub const OF_MARIADB: &[(&str, u32, &str)] = &[
    ("DELETE_HISTORY", 29, DELETE_HISTORY),
    ("SET_USER", 30, ADMIN_PRIVILEGES),
    ("FEDERATED_ADMIN", 31, ADMIN_PRIVILEGES),
    ("CONNECTION_ADMIN", 32, ADMIN_PRIVILEGES),
    ("READ_ONLY_ADMIN", 33, ADMIN_PRIVILEGES),
    ("REPLICATION_SLAVE_ADMIN", 34, ADMIN_PRIVILEGES),
    ("REPLICATION_MASTER_ADMIN", 35, ADMIN_PRIVILEGES),
    ("BINLOG_ADMIN", 36, ADMIN_PRIVILEGES),
    ("BINLOG_REPLAY", 37, ADMIN_PRIVILEGES),
    ("SLAVE_MONITOR", 38, ADMIN_PRIVILEGES),
    ("SHOW_CREATE_ROUTINE", 39, SHOW_CREATE_ROUTINE),
];

const OF_SCHEMA: &[&str] = &[
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "REFERENCES",
    "INDEX",
    "ALTER",
    "CREATE_TEMPORARY_TABLES",
    "LOCK_TABLES",
    "EXECUTE",
    "CREATE_VIEW",
    "SHOW_VIEW",
    "CREATE_ROUTINE",
    "ALTER_ROUTINE",
    "EVENT",
    "TRIGGER",
];
const OF_TABLE: &[&str] = &[
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "REFERENCES",
    "INDEX",
    "ALTER",
    "CREATE_VIEW",
    "SHOW_VIEW",
    "TRIGGER",
];

/// Every privilege such a server has for what `word` stands for, in the order of the documentation. Of the whole server,
/// those that MySQL's components bring are not among them.
pub fn privileges(word: &str, server: &Capabilities) -> Vec<&'static str> {
    let mut list: Vec<&'static str> = match word {
        "" => OF_SERVER.iter().map(|(name, _)| *name).collect(),
        "schema" => OF_SCHEMA.to_vec(),
        "column" => vec!["SELECT", "INSERT", "UPDATE", "REFERENCES"],
        "function" | "procedure" => vec!["EXECUTE", "ALTER_ROUTINE"],
        _ => OF_TABLE.to_vec(),
    };
    match word {
        "" if server.has(MARIADB) => {
            let more = OF_MARIADB.iter().filter(|(.., feature)| server.features.contains(feature));
            list.extend(more.map(|(name, ..)| *name));
        }
        "" if server.has(ROLES) => list.extend(["CREATE_ROLE", "DROP_ROLE"]),
        "schema" | "table" if server.has(DELETE_HISTORY) => list.push("DELETE_HISTORY"),
        _ => {}
    }
    if matches!(word, "schema" | "function" | "procedure") && server.has(SHOW_CREATE_ROUTINE) {
        list.push("SHOW_CREATE_ROUTINE");
    }
    list
}

/// The one word for a privilege, however it was written.
fn privilege(text: &str) -> String {
    let word = text.trim().to_ascii_uppercase().split_whitespace().collect::<Vec<_>>().join("_");
    match word.as_str() {
        "ALL_PRIVILEGES" => "ALL".to_owned(),
        "DELETE_VERSIONING_ROWS" => "DELETE_HISTORY".to_owned(),
        "BINLOG_MONITOR" => "REPLICATION_CLIENT".to_owned(),
        "REPLICATION_REPLICA" => "REPLICATION_SLAVE".to_owned(),
        "REPLICA_MONITOR" => "SLAVE_MONITOR".to_owned(),
        "REPLICATION_REPLICA_ADMIN" => "REPLICATION_SLAVE_ADMIN".to_owned(),
        _ => word,
    }
}

/// A privilege as SQL: those of MySQL's components are called with underscores.
pub fn privilege_words(word: &str, server: &Capabilities) -> String {
    match word {
        "ALL" => "ALL PRIVILEGES".to_owned(),
        // The one that is called with spaces and underscores.
        "READ_ONLY_ADMIN" if server.has(MARIADB) => "READ_ONLY ADMIN".to_owned(),
        word if server.has(MARIADB) || privileges("", server).contains(&word) => word.replace('_', " "),
        word => word.to_owned(),
    }
}

/// A permission, in the one form.
pub fn permission(designation: &str, to: &str, list: Vec<String>, grantable: bool) -> Option<Object> {
    let (word, steps) = parts(designation);
    let designation = designated_by(word, &steps);
    let mut privileges: Vec<String> = list.iter().map(|one| privilege(one)).collect();
    privileges.sort_by_key(|one| {
        let place = OF_SERVER.iter().position(|(known, _)| known == one);
        (place.unwrap_or(usize::MAX), one.clone())
    });
    privileges.dedup();
    if privileges.iter().any(|one| one == "ALL") {
        privileges = vec!["ALL".to_owned()];
    }
    if privileges.len() > 1 {
        privileges.retain(|one| one != "USAGE");
    }
    // To be allowed nothing is to be allowed nothing, but handing on.
    if privileges.is_empty() && grantable {
        privileges.push("USAGE".to_owned());
    }
    if privileges.is_empty() || privileges == ["USAGE"] && !grantable {
        return None;
    }
    let to = account(to);
    let mut attrs = Attrs::default();
    attrs.set(&attr::PRIVILEGES, privileges);
    attrs.set(&attr::GRANTEE, to.clone());
    if grantable {
        attrs.set(&attr::GRANTABLE, true);
    }
    let name = label(&designation, &to);
    attrs.set(&attr::FOR, designation);
    Some(Object { kind: attr::PERMISSION, schema: SmolStr::default(), name, comment: None, attrs })
}

/// What messages call a permission, which has no name: `reader on table app.orders`.
pub fn label(designation: &str, to: &str) -> SmolStr {
    format!("{to} on {designation}").into()
}

/// The permissions a block says, which may be for several objects. The right to hand on what is allowed with a column is
/// that of its table.
pub fn single(object: &Object) -> Vec<Object> {
    let mut targets = object.attrs.get(&attr::FOR_LIST).unwrap_or_default();
    targets.extend(object.attrs.get(&attr::FOR));
    let to = object.attrs.get(&attr::GRANTEE).unwrap_or_default();
    let list = object.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
    let grantable = object.attrs.is(&attr::GRANTABLE);
    let mut out: Vec<Object> = Vec::new();
    for target in targets {
        let (word, steps) = parts(&target);
        let inside = word == "column";
        out.extend(permission(&target, &to, list.clone(), grantable && !inside));
        if inside && grantable {
            let table = designated_by("table", steps.get(..2).unwrap_or_default());
            let whole = permission(&table, &to, Vec::new(), true);
            out.extend(whole.filter(|whole| !out.iter().any(|other| other.name == whole.name)));
        }
    }
    out
}

/// The privileges of a permission on such a server, with `ALL` spelled out.
pub fn spelled(permission: &Object, server: &Capabilities) -> Vec<String> {
    let own = permission.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
    if own.iter().any(|one| one == "ALL") {
        let (word, _) = parts(&permission.attrs.get(&attr::FOR).unwrap_or_default());
        return privileges(word, server).into_iter().map(str::to_owned).collect();
    }
    own
}

/// Says `ALL` where a server of this kind has no more, and nothing a server of this kind does not know.
///
/// On the whole of a MySQL there are privileges of components, which nobody can list: there `ALL` stays as it was said.
pub fn settle(permission: &mut Object, server: &Capabilities) {
    let (word, _) = parts(&permission.attrs.get(&attr::FOR).unwrap_or_default());
    if word.is_empty() && !server.has(MARIADB) {
        return;
    }
    let own = spelled(permission, server);
    let all = privileges(word, server);
    if all.len() > 1 && word != "column" && all.iter().all(|one| own.iter().any(|own| own == one)) {
        permission.attrs.set(&attr::PRIVILEGES, vec!["ALL".to_owned()]);
    } else if own != permission.attrs.get(&attr::PRIVILEGES).unwrap_or_default() {
        permission.attrs.set(&attr::PRIVILEGES, own);
    }
}

/// The name of an account in the one form: without quotes.
pub fn account(text: &str) -> String {
    let text = text.trim();
    if text.eq_ignore_ascii_case("public") { "PUBLIC".to_owned() } else { text.to_owned() }
}

/// User and host; no host for a role.
pub fn user_and_host(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once('@') {
        Some((user, host)) => (user, Some(host)),
        None => (name, None),
    }
}

/// Brings a role or user into its one form.
pub fn canonical(account: &mut Object) {
    let full = |name: &str| if name.contains('@') { name.to_owned() } else { format!("{name}@%") };
    if account.kind == attr::USER {
        account.name = full(&account.name).into();
        if let Some(old) = account.attrs.get(&RENAMED_FROM) {
            account.attrs.set(&RENAMED_FROM, full(&old));
        }
    } else if let Some(name) = account.name.strip_suffix("@%") {
        account.name = name.into();
    }
    for (key, usual) in NUMBERS {
        if account.attrs.get(key) == Some(*usual) {
            account.attrs.remove(key);
        }
    }
    account.comment = account.comment.take().filter(|comment| !comment.is_empty());
    canonical_memberships(&mut account.attrs);
}

const NUMBERS: &[(&schema::AttrKey<i64>, i64)] = &[
    (&attr::MAX_QUESTIONS, 0),
    (&attr::MAX_UPDATES, 0),
    (&attr::MAX_CONNECTIONS, 0),
    (&attr::MAX_USER_CONNECTIONS, 0),
];

/// `account` as it is called in `realm`.
pub fn resolved(account: &str, realm: &Realm) -> String {
    let has = |kind: &str, name: &str| realm.objects.iter().any(|it| it.kind == kind && it.name == name);
    known_as(account, &has).unwrap_or_else(|| account.to_owned())
}

/// What an account is called that may have been named without the host `%`, or a role with it, given what there is of
/// each kind. Of both, the role is meant, as in MariaDB; in MySQL there cannot be both.
pub fn known_as(account: &str, has: &dyn Fn(&str, &str) -> bool) -> Option<String> {
    let full = if account.contains('@') { account.to_owned() } else { format!("{account}@%") };
    let role = account.strip_suffix("@%").unwrap_or(account);
    let exact = has(attr::USER, account) || has(attr::ROLE, account);
    match () {
        () if exact => Some(account.to_owned()),
        () if has(attr::ROLE, role) => Some(role.to_owned()),
        () if has(attr::USER, &full) => Some(full),
        () => None,
    }
}

/// An account or a permission as such a server has it: under the names of `realm`, without what it cannot keep.
pub fn normal(object: &Object, realm: &Realm, server: &Capabilities) -> Object {
    let mut normal = object.clone();
    if object.kind == attr::PERMISSION {
        let to = object.attrs.get(&attr::GRANTEE).unwrap_or_default();
        let known = resolved(&to, realm);
        if known != to {
            let designation = object.attrs.get(&attr::FOR).unwrap_or_default();
            let list = object.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
            if let Some(same) = permission(&designation, &known, list, object.attrs.is(&attr::GRANTABLE)) {
                normal = same;
            }
        }
        settle(&mut normal, server);
        return normal;
    }
    let of: Vec<Membership> = memberships(object)
        .into_iter()
        .map(|of| Membership { role: resolved(&of.role, realm), ..of })
        .collect();
    if !of.is_empty() {
        set_memberships(&mut normal, &of);
    }
    if !server.has(USER_COMMENT) {
        normal.comment = None;
    }
    if normal.attrs.get(&attr::AUTH_PLUGIN).is_some_and(|plugin| plugin == usual_plugin(server)) {
        normal.attrs.remove(&attr::AUTH_PLUGIN);
    }
    normal
}

/// How such a server checks passwords where nothing is said.
pub fn usual_plugin(server: &Capabilities) -> &'static str {
    if server.has(SHA2_PASSWORD) { "caching_sha2_password" } else { "mysql_native_password" }
}

/// Accounts that come with a server, or belong to those who run it.
pub fn is_system(user: &str) -> bool {
    const NAMES: &[&str] = &[
        "",
        "root",
        "mysql",
        "PUBLIC",
        "mariadb.sys",
        "mysql.sys",
        "mysql.session",
        "mysql.infoschema",
        "debian-sys-maint",
        "event_scheduler",
        "rdsadmin",
        "rdsrepladmin",
        "azure_superuser",
        "cloudsqladmin",
    ];
    NAMES.contains(&user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mysql::features;

    fn say(designation: &str, to: &str, privileges: &[&str], grantable: bool) -> String {
        let list = privileges.iter().map(|one| (*one).to_owned()).collect();
        permission(designation, to, list, grantable).map_or_else(
            || "nothing".to_owned(),
            |it| format!("{}: {}", it.name, it.attrs.get(&attr::PRIVILEGES).unwrap_or_default().join(",")),
        )
    }

    #[test]
    fn a_permission_has_one_form() {
        assert_eq!(
            say("app.`my t`", "r", &["update", "create view", "SELECT"], false),
            "r on table app.`my t`: SELECT,UPDATE,CREATE_VIEW"
        );
        assert_eq!(say("app.*", "a@%", &["all privileges", "select"], false), "a@% on schema app: ALL");
        assert_eq!(say("VIEW app.v", "public", &["select"], false), "PUBLIC on table app.v: SELECT");
        assert_eq!(say("*.*", "r", &["usage"], false), "nothing");
        assert_eq!(say("schema app", "r", &["usage"], true), "r on schema app: USAGE");
    }

    #[test]
    fn all_is_what_a_server_has() {
        let maria = features::of_version("10.11.6-MariaDB").expect("a version");
        let mysql = features::of_version("9.1.0").expect("a version");
        let names = |word: &str, server: &Capabilities| -> Vec<String> {
            privileges(word, server).into_iter().map(str::to_owned).collect()
        };
        let mut list = permission("table a.t", "r", names("table", &mysql), false).expect("a permission");
        settle(&mut list, &maria);
        assert_ne!(list.attrs.get(&attr::PRIVILEGES), Some(vec!["ALL".to_owned()]));
        settle(&mut list, &mysql);
        assert_eq!(list.attrs.get(&attr::PRIVILEGES), Some(vec!["ALL".to_owned()]));
    }

    #[test]
    fn the_right_to_hand_on_is_that_of_the_table() {
        let mut block =
            permission("column a.t.c", "r", vec!["SELECT".to_owned()], true).expect("a permission");
        block.attrs.set(&attr::GRANTABLE, true);
        let names: Vec<String> = single(&block).iter().map(|it| it.name.to_string()).collect();
        assert_eq!(names, ["r on column a.t.c", "r on table a.t"]);
    }
}
