//! Roles, users and what they may do: the one form the model has for what can be said in several ways.
//!
//! A role that can log in is a user, whatever block it is written in. A permission is for one object and one role; what
//! it is for is a word and a name (`table public.orders`, `column public.orders.note`, `function public.f(integer)`),
//! where the word is that of `GRANT`, in lower case, and relations of every kind are tables. Invariant: what every object
//! gives to `PUBLIC` by itself is no permission, so that leaving it unsaid takes nothing away.
//!
//! Source: PostgreSQL 18, `GRANT`, `CREATE ROLE` and section 5.8.

use engine::accounts::canonical_memberships;
pub use engine::accounts::{Membership, is_tied, memberships, permissions};
use schema::{Attrs, Object, SmolStr};

use super::{attr, names};

/// The words a designation starts with: SQL's words, ours, and the blocks of HCL it may be said with.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("foreign data wrapper", "wrapper", &[]),
    ("foreign server", "server", &["server"]),
    ("materialized view", "table", &[]),
    ("foreign table", "table", &[]),
    ("view", "table", &[]),
    ("table", "table", &["table", "view", "materialized", "foreign_table", "partition"]),
    ("column", "column", &["table.column", "view.column", "materialized.column", "foreign_table.column"]),
    ("sequence", "sequence", &["sequence"]),
    ("schema", "schema", &["schema"]),
    ("function", "function", &["function", "aggregate"]),
    ("aggregate", "function", &[]),
    ("routine", "function", &[]),
    ("procedure", "procedure", &["procedure"]),
    ("type", "type", &["enum", "domain", "composite", "range"]),
    ("domain", "type", &[]),
    ("server", "server", &["server"]),
    ("wrapper", "wrapper", &[]),
    ("database", "database", &[]),
    ("language", "language", &[]),
    ("parameter", "parameter", &[]),
];

/// What a permission for `name`, which HCL calls a `kind`, has in [`attr::FOR`].
pub fn designation(kind: &str, name: &str) -> String {
    let word = match kind {
        "view" | "materialized" | "foreign_table" | "partition" => "table",
        "enum" | "domain" | "composite" | "range" => "type",
        "aggregate" => "function",
        kind => kind,
    };
    format!("{word} {name}")
}

/// Word and name of a designation, in whatever case it was written.
pub fn parts(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim();
    WORDS.iter().find_map(|(words, word, _)| {
        let head = text.get(..words.len())?;
        let rest = text.get(words.len()..)?;
        (head.eq_ignore_ascii_case(words) && rest.starts_with(char::is_whitespace))
            .then(|| (*word, rest.trim()))
    })
}

/// The kinds of blocks a designation may lead to, and the name.
pub fn designated(text: &str) -> Option<(&'static [&'static str], &str)> {
    let (word, name) = parts(text)?;
    let (.., kinds) = WORDS.iter().find(|(words, ..)| *words == word)?;
    (!kinds.is_empty() && !name.contains('(')).then_some((*kinds, name))
}

/// Whether it is a right to change a setting (PostgreSQL 15).
pub fn is_of_parameter(object: &Object) -> bool {
    object.kind == attr::PERMISSION
        && object.attrs.get(&attr::FOR).is_some_and(|of| matches!(parts(&of), Some(("parameter", _))))
}

/// Every privilege there is for such an object, in the order of the documentation.
pub fn privileges(word: &str, version: i64) -> &'static [&'static str] {
    const TABLE: &[&str] =
        &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"];
    match word {
        "table" if version < 170_000 => &TABLE[..7],
        "table" => TABLE,
        "column" => &["SELECT", "INSERT", "UPDATE", "REFERENCES"],
        "sequence" => &["SELECT", "UPDATE", "USAGE"],
        "schema" => &["CREATE", "USAGE"],
        "database" => &["CREATE", "CONNECT", "TEMPORARY"],
        "function" | "procedure" => &["EXECUTE"],
        "parameter" => &["SET", "ALTER_SYSTEM"],
        _ => &["USAGE"],
    }
}

/// What everybody may do with such an object without being told.
fn implied(word: &str, name: &str) -> &'static [&'static str] {
    match word {
        "function" | "procedure" => &["EXECUTE"],
        "type" | "language" => &["USAGE"],
        "schema" if name == "public" => &["USAGE"],
        "database" => &["CONNECT", "TEMPORARY"],
        _ => &[],
    }
}

/// The privileges a permission gives, with `ALL` spelled out for a server of this version.
pub fn spelled(permission: &Object, version: i64) -> Vec<String> {
    let own = permission.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
    let designation = permission.attrs.get(&attr::FOR).unwrap_or_default();
    let all = privileges(parts(&designation).map_or("table", |(word, _)| word), version);
    if own.iter().any(|one| one == "ALL") {
        return all.iter().map(|one| (*one).to_owned()).collect();
    }
    let mut list: Vec<String> =
        all.iter().filter(|one| own.iter().any(|own| own == *one)).map(|one| (*one).to_owned()).collect();
    list.extend(own.into_iter().filter(|one| !all.contains(&one.as_str()) && one != "MAINTAIN"));
    list
}

/// Sets the privileges of a permission in their order, `ALL` when a server of this version has no more.
pub fn settle(permission: &mut Object, version: i64) {
    let designation = permission.attrs.get(&attr::FOR).unwrap_or_default();
    let all = privileges(parts(&designation).map_or("table", |(word, _)| word), version);
    let list = spelled(permission, version);
    let whole = all.len() > 1 && all.iter().all(|one| list.iter().any(|own| own == one));
    permission.attrs.set(&attr::PRIVILEGES, if whole { vec!["ALL".to_owned()] } else { list });
}

/// A permission, or nothing when everybody has it anyway.
pub fn permission(designation: &str, to: &str, privileges: Vec<String>, grantable: bool) -> Option<Object> {
    let (word, name) = parts(designation).unwrap_or(("table", designation.trim()));
    let name = match word {
        "database" | "schema" | "language" | "server" | "wrapper" => name.to_owned(),
        "parameter" => name.to_lowercase(),
        _ if name.contains('(') => name.to_owned(),
        "function" | "procedure" | "type" | "sequence" | "table" | "column" => {
            match &names::steps(name)[..] {
                [] => name.to_owned(),
                steps => steps.iter().map(|step| names::quoted(step)).collect::<Vec<_>>().join("."),
            }
        }
        _ => name.to_owned(),
    };
    let mut list: Vec<String> = Vec::new();
    for one in privileges {
        let one = match one.to_uppercase().as_str() {
            "TEMP" => "TEMPORARY".to_owned(),
            "ALTER SYSTEM" => "ALTER_SYSTEM".to_owned(),
            "ALL PRIVILEGES" => "ALL".to_owned(),
            other => other.to_owned(),
        };
        if !list.contains(&one) {
            list.push(one);
        }
    }
    let all = self::privileges(word, i64::MAX);
    if list.iter().any(|one| one == "ALL") {
        list = if all.len() == 1 { vec![all[0].to_owned()] } else { vec!["ALL".to_owned()] };
    }
    let to = if to.eq_ignore_ascii_case("public") { "PUBLIC" } else { to };
    if to == "PUBLIC" && !grantable {
        let implied = implied(word, &name);
        if !implied.is_empty() && list == ["ALL"] {
            list = all.iter().map(|one| (*one).to_owned()).collect();
        }
        list.retain(|one| !implied.contains(&one.as_str()));
    }
    if list.is_empty() {
        return None;
    }
    list.sort_by_key(|one| all.iter().position(|known| known == one));
    let designation = format!("{word} {name}");
    let mut attrs = Attrs::default();
    attrs.set(&attr::PRIVILEGES, list);
    attrs.set(&attr::GRANTEE, to.to_owned());
    if grantable {
        attrs.set(&attr::GRANTABLE, true);
    }
    let name = label(&designation, to, grantable);
    attrs.set(&attr::FOR, designation);
    Some(Object { kind: attr::PERMISSION, schema: SmolStr::default(), name, comment: None, attrs })
}

/// What messages call a permission, which has no name: `reader on table public.orders`.
fn label(designation: &str, to: &str, grantable: bool) -> SmolStr {
    let more = if grantable { " with grant option" } else { "" };
    format!("{to} on {designation}{more}").into()
}

/// The permissions a block says, which may be for several objects.
pub fn single(object: &Object) -> Vec<Object> {
    let mut targets = object.attrs.get(&attr::FOR_LIST).unwrap_or_default();
    targets.extend(object.attrs.get(&attr::FOR));
    let to = object.attrs.get(&attr::GRANTEE).unwrap_or_default();
    let privileges = object.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
    let grantable = object.attrs.is(&attr::GRANTABLE);
    let made = targets.iter().filter_map(|target| permission(target, &to, privileges.clone(), grantable));
    made.collect()
}

/// Brings a role or user into its one form.
pub fn canonical_role(role: &mut Object) {
    let attrs = &mut role.attrs;
    // A block `user` says that it can log in, a block `role` that it cannot; the attribute says otherwise.
    let login = attrs.get(&attr::LOGIN).unwrap_or(role.kind == attr::USER);
    attrs.remove(&attr::LOGIN);
    role.kind = if login { attr::USER } else { attr::ROLE };
    canonical_memberships(attrs);
}

/// The opposite of [`memberships`], in the one form.
pub fn set_memberships(role: &mut Object, list: &[Membership]) {
    engine::accounts::set_memberships(role, list);
    canonical_role(role);
}
