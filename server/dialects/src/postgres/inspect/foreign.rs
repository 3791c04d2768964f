//! Collations, casts, and other servers with who is who there.

use std::sync::Arc;

use engine::connection::Rows;
use schema::{Attrs, Object};

use super::super::{attr, names};
use super::{Out, Row, type_text};

/// Collations of schemas.
pub(super) fn collations(rows: &Rows, out: &mut Out) {
    for row in &rows.rows {
        let row = Row(row);
        let mut attrs = Attrs::default();
        match row.text(2) {
            "i" => {
                attrs.set(&attr::PROVIDER, "icu".to_owned());
                attrs.set(&attr::LOCALE, row.text(5).to_owned());
            }
            "b" => {
                attrs.set(&attr::PROVIDER, "builtin".to_owned());
                attrs.set(&attr::LOCALE, row.text(5).to_owned());
            }
            _ if row.text(3) == row.text(4) => attrs.set(&attr::LOCALE, row.text(3).to_owned()),
            _ => {
                attrs.set(&attr::LC_COLLATE, row.text(3).to_owned());
                attrs.set(&attr::LC_CTYPE, row.text(4).to_owned());
            }
        }
        if !row.is(6) {
            attrs.set(&attr::DETERMINISTIC, false);
        }
        if let Some(rules) = row.get(7) {
            attrs.set(&attr::RULES, rules.to_owned());
        }
        let comment = row.get(8).map(str::to_owned);
        let (schema, name) = (row.text(0).into(), row.text(1).into());
        out.object(Object { kind: attr::COLLATION, schema, name, comment, attrs });
    }
}

/// Casts, servers and user mappings; passwords of the latter only where `secrets` are asked for.
pub(super) fn read(rows: &Rows, secrets: bool, out: &mut Out) {
    for row in &rows.rows {
        let row = Row(row);
        let mut attrs = Attrs::default();
        let mut options = row.list(6);
        let (kind, name) = match row.text(0) {
            "cast" => {
                let (source, target) = (type_text(row.text(1), ""), type_text(row.text(2), ""));
                match row.text(3) {
                    "i" => attrs.set(&attr::WITH, "INOUT".to_owned()),
                    "f" => attrs.set(&attr::WITH, function(row.text(5))),
                    _ => {}
                }
                match row.text(4) {
                    "a" => attrs.set(&attr::AS, "ASSIGNMENT".to_owned()),
                    "i" => attrs.set(&attr::AS, "IMPLICIT".to_owned()),
                    _ => {}
                }
                let name = format!("{source} AS {target}");
                attrs.set(&attr::SOURCE, source);
                attrs.set(&attr::TARGET, target);
                (attr::CAST, name)
            }
            "server" => {
                attrs.set(&attr::WRAPPER, row.text(2).to_owned());
                for (key, at) in [(&attr::TYPE, 3), (&attr::VERSION, 4)] {
                    if let Some(text) = row.get(at) {
                        attrs.set(key, text.to_owned());
                    }
                }
                (attr::SERVER, row.text(1).to_owned())
            }
            _ => {
                attrs.set(&attr::OF_SERVER, row.text(1).to_owned());
                attrs.set(&attr::MAPPED, row.text(2).to_owned());
                if !secrets {
                    options.retain(|option| !option.starts_with("password="));
                }
                (attr::USER_MAPPING, format!("{} on {}", row.text(2), row.text(1)))
            }
        };
        set_options(&mut attrs, options);
        let comment = row.get(7).map(str::to_owned);
        out.realm.objects.push(Arc::new(Object {
            kind,
            schema: "".into(),
            name: name.into(),
            comment,
            attrs,
        }));
    }
}

/// A function of the server is known by its name alone.
fn function(text: &str) -> String {
    match names::target(text) {
        Some((schema, name)) if schema == "pg_catalog" => names::quoted(&name).into_owned(),
        _ => text.to_owned(),
    }
}

pub(super) fn set_options(attrs: &mut Attrs, mut options: Vec<String>) {
    options.retain(|option| !option.is_empty());
    options.sort();
    if !options.is_empty() {
        attrs.set(&attr::OPTIONS, options);
    }
}
