//! Accounts and what they may do, as far as dialects say it alike: roles, users, memberships, permissions.
//!
//! They are objects of the realm, of no schema, because they belong to a whole server; [`crate::scope::Accounts`] tells
//! whether they are looked at. What a permission may be for, and how an account is called, is the dialect's. Invariant: a
//! membership is in [`MEMBER_OF`] or, with options that are not the usual ones, in [`MEMBERSHIP`], never in both.

use std::sync::Arc;

use schema::{AttrKey, Attrs, Object, Realm};

use crate::replay::{Scene, Space, Thing};

/// An account others have the rights of.
pub const ROLE: &str = "role";
/// An account that can log in.
pub const USER: &str = "user";
/// What one account may do with one object.
pub const PERMISSION: &str = "permission";

/// Of a permission: words in their order, `ALL` when there are no more.
pub static PRIVILEGES: AttrKey<Vec<String>> = AttrKey::new("privileges", "What is allowed.");
/// Of a permission: a word and a name, of the dialect.
pub static FOR: AttrKey<String> = AttrKey::new("for", "What it is for.");
/// Of a permission in HCL: several objects at once.
pub static FOR_LIST: AttrKey<Vec<String>> = AttrKey::new("for", "What it is for.");
/// Of a permission: an account, or `PUBLIC`.
pub static GRANTEE: AttrKey<String> = AttrKey::new("to", "The role.");
pub static GRANTABLE: AttrKey<bool> = AttrKey::new("grantable", "Whether the role may give it away.");
/// Written where an account is created and the user allows it; never compared, printed or inspected.
pub static PASSWORD: AttrKey<String> = AttrKey::new("password", "The password; give it by a variable.");
/// Only written: the account is neither created, changed nor dropped.
pub static EXTERNAL: AttrKey<bool> = AttrKey::new("external", "Whether it is managed elsewhere.");
/// Names of roles, sorted; those with options of their own are in [`MEMBERSHIP`].
pub static MEMBER_OF: AttrKey<Vec<String>> = AttrKey::new("member_of", "The roles it is a member of.");
/// Items with [`MEMBER_ROLE`] and [`ADMIN`], [`INHERIT`], [`SET`] where they are not the default.
pub static MEMBERSHIP: AttrKey<Vec<Attrs>> =
    AttrKey::new("membership", "A role it is a member of, with what that allows.");
pub static MEMBER_ROLE: AttrKey<String> = AttrKey::new("role", "The role.");
pub static ADMIN: AttrKey<bool> = AttrKey::new("admin", "Whether it may add members.");
/// Of a role and of a membership: absent for `true`.
pub static INHERIT: AttrKey<bool> =
    AttrKey::new("inherit", "Whether it has the rights of its groups without asking.");
/// Of a membership: absent for `true`.
pub static SET: AttrKey<bool> = AttrKey::new("set", "Whether it may become the role.");

/// Whether `object` is an account.
pub fn is_account(object: &Object) -> bool {
    matches!(object.kind, ROLE | USER)
}

/// An account with the role it is a member of, and the options that are not the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub role: String,
    pub admin: bool,
    pub inherit: bool,
    pub set: bool,
}

impl Membership {
    /// With the usual options.
    pub fn plain(role: &str) -> Self {
        Self { role: role.to_owned(), admin: false, inherit: true, set: true }
    }
}

/// The memberships of an account.
pub fn memberships(account: &Object) -> Vec<Membership> {
    let plain = account.attrs.get(&MEMBER_OF).unwrap_or_default();
    let plain = plain.iter().map(|role| Membership::plain(role));
    let items = account.attrs.get(&MEMBERSHIP).unwrap_or_default();
    let items = items.into_iter().filter_map(|item| {
        Some(Membership {
            role: item.get(&MEMBER_ROLE)?,
            admin: item.is(&ADMIN),
            inherit: item.get(&INHERIT) != Some(false),
            set: item.get(&SET) != Some(false),
        })
    });
    plain.chain(items).collect()
}

/// The opposite of [`memberships`], in the one form.
pub fn set_memberships(account: &mut Object, list: &[Membership]) {
    let items: Vec<Attrs> = list
        .iter()
        .map(|membership| {
            let mut item = Attrs::default();
            item.set(&MEMBER_ROLE, membership.role.clone());
            if membership.admin {
                item.set(&ADMIN, true);
            }
            if !membership.inherit {
                item.set(&INHERIT, false);
            }
            if !membership.set {
                item.set(&SET, false);
            }
            item
        })
        .collect();
    account.attrs.remove(&MEMBER_OF);
    account.attrs.set(&MEMBERSHIP, items);
    canonical_memberships(&mut account.attrs);
}

/// Brings memberships into their one form: what has no options is in the list, sorted; the rest are items, sorted.
pub fn canonical_memberships(attrs: &mut Attrs) {
    let mut of = attrs.get(&MEMBER_OF).unwrap_or_default();
    let mut items = Vec::new();
    for item in attrs.get(&MEMBERSHIP).unwrap_or_default() {
        let Some(name) = item.get(&MEMBER_ROLE) else { continue };
        of.retain(|other| *other != name);
        if item.iter().count() == 1 {
            of.push(name);
        } else {
            items.push(item);
        }
    }
    of.sort();
    of.dedup();
    items.sort_by_key(|item| item.get(&MEMBER_ROLE));
    attrs.remove(&MEMBER_OF);
    attrs.remove(&MEMBERSHIP);
    if !of.is_empty() {
        attrs.set(&MEMBER_OF, of);
    }
    if !items.is_empty() {
        attrs.set(&MEMBERSHIP, items);
    }
}

/// Whether an account has to do with what is managed: it has a permission there (one that `counts`), or is a member of a
/// role of the desired state, or the other way round. The accounts of a server are those of all its databases, and most of
/// them are nothing to this one.
pub fn is_tied(account: &Object, from: &Realm, to: &Realm, counts: impl Fn(&Object) -> bool) -> bool {
    let accounts =
        |realm: &'_ Realm| realm.objects.iter().filter(|it| is_account(it)).cloned().collect::<Vec<_>>();
    let wanted = accounts(to);
    let wanted = |name: &str| wanted.iter().any(|it| it.name == name);
    let permitted = |it: &Arc<Object>| {
        it.kind == PERMISSION
            && it.attrs.get(&GRANTEE).as_deref() == Some(account.name.as_str())
            && counts(it)
    };
    from.objects.iter().any(permitted)
        || memberships(account).iter().any(|of| wanted(&of.role))
        || accounts(from)
            .iter()
            .filter(|it| wanted(&it.name))
            .any(|member| memberships(member).iter().any(|of| of.role == account.name.as_str()))
}

/// All permissions of a state that is being replayed.
pub fn permissions(scene: &Scene<'_, '_>) -> Vec<Arc<Object>> {
    let found = scene.all(|space, _| space == Space::Global(PERMISSION)).into_iter();
    let found = found.filter_map(|id| match scene.thing(id) {
        Some(Thing::Object(object)) => Some(object.clone()),
        _ => None,
    });
    found.collect()
}
