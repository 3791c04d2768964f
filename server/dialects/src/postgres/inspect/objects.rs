//! Types somebody declared, sequences, policies, and what lies in no schema.

use std::sync::Arc;

use engine::connection::Rows;
use schema::{Attrs, Object};

use super::super::{attr, names, rules};
use super::tables::Catalog;
use super::{Out, Row, collation, function_name, type_text};

/// Enums, domains, composite types and ranges.
pub(super) fn types(rows: &Rows, catalog: &Catalog<'_>, out: &mut Out) {
    for row in &rows.rows {
        let row = Row(row);
        let own = row.text(1);
        let mut attrs = Attrs::default();
        let kind = match row.text(3) {
            "e" => {
                attrs.set(&attr::VALUES, row.list(22));
                attr::ENUM
            }
            "d" => {
                attrs.set(&attr::TYPE, type_text(row.text(6), own));
                if !row.is(7) {
                    attrs.set(&attr::NULL, true);
                }
                if let Some(default) = row.get(8) {
                    let ty = super::types::parse(row.text(6));
                    let default = super::super::defaults::read(default, Some(&ty));
                    attrs.set(&attr::DEFAULT, engine::decode::Hooks::default_text(&rules::Rules, &default));
                }
                if let Some(collation) = collation(row, 9, 10, own) {
                    attrs.set(&attr::COLLATE, collation);
                }
                let checks = catalog.domain_checks(row.int(0));
                if !checks.is_empty() {
                    attrs.set(&attr::CHECKS, checks);
                }
                attr::DOMAIN
            }
            "c" => {
                attrs.set(&attr::FIELDS, catalog.fields(row.int(4), own));
                attr::COMPOSITE
            }
            _ => {
                range(row, own, &mut attrs);
                attr::RANGE
            }
        };
        let comment = row.get(5).map(str::to_owned);
        out.object(Object { kind, schema: own.into(), name: row.text(2).into(), comment, attrs });
    }
}

fn range(row: Row<'_>, own: &str, attrs: &mut Attrs) {
    attrs.set(&attr::SUBTYPE, type_text(row.text(11), own));
    if let Some(class) = row.get(12).filter(|_| !row.is(14)) {
        attrs.set(&attr::SUBTYPE_OPCLASS, function_name(own, row.text(13), class));
    }
    if let Some(collation) = collation(row, 15, 16, own) {
        attrs.set(&attr::COLLATE, collation);
    }
    if let Some(function) = row.get(17) {
        attrs.set(&attr::CANONICAL, function_name(own, row.text(18), function));
    }
    if let Some(function) = row.get(19) {
        attrs.set(&attr::SUBTYPE_DIFF, function_name(own, row.text(20), function));
    }
    if let Some(multirange) = row.get(21).filter(|name| *name != implied_multirange(row.text(2))) {
        attrs.set(&attr::MULTIRANGE_NAME, multirange.to_owned());
    }
}

/// The name the server gives the multirange of a range.
fn implied_multirange(range: &str) -> String {
    match range.rfind("range") {
        Some(at) => format!("{}multirange{}", &range[..at], &range[at + 5..]),
        None => format!("{range}_multirange"),
    }
}

/// Sequences that no serial or identity column implies.
pub(super) fn sequences(rows: &Rows, catalog: &Catalog<'_>, out: &mut Out) {
    let serial = catalog.serial();
    for row in &rows.rows {
        let row = Row(row);
        let owner = (row.text(11).into(), row.text(12).into(), row.text(13).into());
        if row.text(10) == "i" || row.text(10) == "a" && serial.contains(&owner) {
            continue;
        }
        let own = row.text(0);
        let mut attrs = Attrs::default();
        attrs.set(&attr::TYPE, row.text(2).to_owned());
        for (key, at) in [
            (&attr::START, 3),
            (&attr::INCREMENT, 4),
            (&attr::MIN_VALUE, 5),
            (&attr::MAX_VALUE, 6),
            (&attr::CACHE, 7),
        ] {
            attrs.set(key, row.int(at));
        }
        if row.is(8) {
            attrs.set(&attr::CYCLE, true);
        }
        rules::canonical_sequence(&mut attrs);
        if row.text(10) == "a" {
            let table = names::qualified(own, row.text(11), row.text(12));
            attrs.set(&attr::OWNER, format!("{table}.{}", names::quoted(row.text(13))));
        }
        let comment = row.get(9).map(str::to_owned);
        let name = row.text(1).into();
        out.object(Object { kind: attr::SEQUENCE, schema: own.into(), name, comment, attrs });
    }
}

/// Row security policies.
pub(super) fn policies(rows: &Rows, out: &mut Out) {
    for row in &rows.rows {
        let row = Row(row);
        let own = row.text(0);
        let mut attrs = Attrs::default();
        attrs.set(&attr::ON, names::quoted(row.text(1)).into_owned());
        if !row.is(4) {
            attrs.set(&attr::AS, "RESTRICTIVE".to_owned());
        }
        let word = match row.text(3) {
            "r" => Some("SELECT"),
            "a" => Some("INSERT"),
            "w" => Some("UPDATE"),
            "d" => Some("DELETE"),
            _ => None,
        };
        if let Some(word) = word {
            attrs.set(&attr::FOR, word.to_owned());
        }
        let to = row.list(5);
        if !to.is_empty() && to != ["PUBLIC"] {
            attrs.set(&attr::TO, to);
        }
        for (key, at) in [(&attr::USING, 6), (&attr::WITH_CHECK, 7)] {
            if let Some(text) = row.get(at) {
                attrs.set(key, text.to_owned());
            }
        }
        let comment = row.get(8).map(str::to_owned);
        out.object(Object {
            kind: attr::POLICY,
            schema: own.into(),
            name: row.text(2).into(),
            comment,
            attrs,
        });
    }
}

/// Extensions and event triggers.
pub(super) fn database(rows: &Rows, out: &mut Out) {
    for row in &rows.rows {
        let row = Row(row);
        let mut attrs = Attrs::default();
        let kind = if row.text(0) == attr::EXTENSION {
            if row.text(2) != "public" {
                attrs.set(&attr::SCHEMA, row.text(2).to_owned());
            }
            attr::EXTENSION
        } else {
            attrs.set(&attr::ON, row.text(4).to_owned());
            attrs.set(&attr::EXECUTE, names::qualified("", row.text(2), row.text(5)));
            let tags = row.list(6);
            if !tags.is_empty() {
                attrs.set(&attr::TAGS, tags);
            }
            attr::EVENT_TRIGGER
        };
        // The comment every extension brings along is its own.
        let comment = row.get(7).filter(|_| kind != attr::EXTENSION).map(str::to_owned);
        let object = Object { kind, schema: "".into(), name: row.text(1).into(), comment, attrs };
        out.realm.objects.push(Arc::new(object));
    }
}
