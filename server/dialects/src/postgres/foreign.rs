//! Collations, casts and foreign objects: the one form the model has for what can be said in several ways.
//!
//! Casts and user mappings have no name; they get one from what they are, for messages and for telling them apart.

use schema::{Attrs, Object};

use super::attr;

/// The object with the name it gets.
pub fn named(mut object: Object) -> Object {
    let attrs = &mut object.attrs;
    if object.kind == attr::CAST {
        let source = attrs.get(&attr::SOURCE).unwrap_or_default();
        object.name = format!("{source} AS {}", attrs.get(&attr::TARGET).unwrap_or_default()).into();
        return object;
    }
    let role = attrs.get(&attr::MEMBER_ROLE);
    attrs.remove(&attr::MEMBER_ROLE);
    let user = attrs.get(&attr::MAPPED).or(role).unwrap_or_else(|| "PUBLIC".to_owned());
    let user = if user.eq_ignore_ascii_case("public") { "PUBLIC".to_owned() } else { user };
    object.name = format!("{user} on {}", attrs.get(&attr::OF_SERVER).unwrap_or_default()).into();
    attrs.set(&attr::MAPPED, user);
    object
}

/// Brings an object into its one form.
pub fn canonical(object: &mut Object) {
    let sort = |attrs: &mut Attrs| {
        if let Some(mut options) = attrs.get(&attr::OPTIONS) {
            options.sort();
            attrs.set(&attr::OPTIONS, options);
        }
    };
    sort(&mut object.attrs);
    if let Some(mut columns) = object.attrs.get(&attr::TABLE_COLUMNS) {
        columns.iter_mut().for_each(sort);
        object.attrs.set(&attr::TABLE_COLUMNS, columns);
    }
    let (order, classes) = (object.attrs.get(&attr::LC_COLLATE), object.attrs.get(&attr::LC_CTYPE));
    if let (Some(order), true) = (&order, order == classes) {
        object.attrs.set(&attr::LOCALE, order.clone());
        object.attrs.remove(&attr::LC_COLLATE);
        object.attrs.remove(&attr::LC_CTYPE);
    }
}

/// The options without the secret ones, which are not compared.
pub fn compared(attrs: &Attrs) -> Attrs {
    let mut attrs = attrs.clone();
    let mut options = attrs.get(&attr::OPTIONS).unwrap_or_default();
    options.retain(|option| !option.starts_with("password="));
    attrs.remove(&attr::OPTIONS);
    if !options.is_empty() {
        attrs.set(&attr::OPTIONS, options);
    }
    attrs
}

/// What a copy of the collation `name` is, as far as its name tells.
pub fn copy_of(name: &str) -> Attrs {
    let mut attrs = Attrs::default();
    match name.strip_suffix("-x-icu") {
        Some(locale) => {
            attrs.set(&attr::PROVIDER, "icu".to_owned());
            attrs.set(&attr::LOCALE, locale.to_owned());
        }
        None => attrs.set(&attr::LOCALE, name.to_owned()),
    }
    attrs
}
