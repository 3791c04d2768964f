//! Attributes the desired state does not speak of: they stay as they are.
//!
//! Schema HCL grew over the years; a file that never says `collate` does not mean that collations are to go. Invariant:
//! an attribute that is used anywhere in the desired state means what it says everywhere.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use schema::{AttrValue, Attrs, Realm, SmolStr, Table};

use super::Hooks;

/// The attributes among [`Hooks::unsaid`] that no table of `realm` uses.
pub fn of(hooks: &dyn Hooks, realm: &Realm) -> Vec<&'static str> {
    let names = hooks.unsaid();
    if names.is_empty() {
        return Vec::new();
    }
    let mut used: FxHashSet<&'static str> = FxHashSet::default();
    let mut see = |attrs: &Attrs| used.extend(attrs.iter().map(|(name, _)| name));
    for (_, table) in realm.tables() {
        see(&table.attrs);
        table.columns.iter().for_each(|it| see(&it.attrs));
        table.indexes.iter().for_each(|it| see(&it.attrs));
        table.primary_key.iter().for_each(|it| see(&it.attrs));
        table.foreign_keys.iter().for_each(|it| see(&it.attrs));
        table.checks.iter().for_each(|it| see(&it.attrs));
    }
    names.iter().copied().filter(|name| !used.contains(name)).collect()
}

/// Takes the attributes `names` from `from` into `to`.
pub fn keep(hooks: &dyn Hooks, names: &[&'static str], from: &Table, to: &mut Arc<Table>) {
    if names.is_empty() || !has(names, from) {
        return;
    }
    let to = Arc::make_mut(to);
    let fold = |name: &SmolStr| hooks.fold(name);
    let named = |name: &Option<SmolStr>| name.as_ref().map(fold);
    copy(names, &from.attrs, &mut to.attrs);
    for column in &mut to.columns {
        if let Some(old) = from.columns.iter().find(|old| fold(&old.name) == fold(&column.name))
            && old.ty == column.ty
        {
            copy(names, &old.attrs, &mut column.attrs);
        }
    }
    for index in &mut to.indexes {
        if let Some(old) = from.indexes.iter().find(|old| fold(&old.name) == fold(&index.name)) {
            copy(names, &old.attrs, &mut index.attrs);
        }
    }
    if let (Some(old), Some(new)) = (&from.primary_key, &mut to.primary_key) {
        copy(names, &old.attrs, &mut new.attrs);
    }
    for key in &mut to.foreign_keys {
        if let Some(old) = from.foreign_keys.iter().find(|old| named(&old.name) == named(&key.name)) {
            copy(names, &old.attrs, &mut key.attrs);
        }
    }
    for check in &mut to.checks {
        if let Some(old) = from.checks.iter().find(|old| named(&old.name) == named(&check.name)) {
            copy(names, &old.attrs, &mut check.attrs);
        }
    }
}

fn has(names: &[&'static str], table: &Table) -> bool {
    let of = |attrs: &Attrs| attrs.iter().any(|(name, _)| names.contains(&name));
    of(&table.attrs)
        || table.columns.iter().any(|it| of(&it.attrs))
        || table.indexes.iter().any(|it| of(&it.attrs))
        || table.primary_key.iter().any(|it| of(&it.attrs))
        || table.foreign_keys.iter().any(|it| of(&it.attrs))
        || table.checks.iter().any(|it| of(&it.attrs))
}

fn copy(names: &[&'static str], from: &Attrs, to: &mut Attrs) {
    let values: Vec<(&'static str, AttrValue)> = from
        .iter()
        .filter(|(name, _)| names.contains(name))
        .map(|(name, value)| (name, value.clone()))
        .collect();
    for (name, value) in values {
        to.put(name, value);
    }
}
