//! Which function a name and the types of its arguments mean.

use engine::replay::{Id, Scene, Space, Thing};
use schema::{Attrs, SmolStr};
use syntax::sql::{SyntaxKind, SyntaxNode};

use super::super::{Qualified, object};
use crate::postgres::attr;

/// The types in the parentheses behind each name of a `DROP` or `COMMENT`, as written; `None` without parentheses.
pub(in crate::postgres::ddl) fn signatures(node: &SyntaxNode) -> Vec<Option<String>> {
    let mut out: Vec<Option<String>> = Vec::new();
    for child in node.children() {
        match child.kind() {
            SyntaxKind::PATH => out.push(None),
            SyntaxKind::SIGNATURE => {
                let text = child.text().to_string();
                let inner = text.trim().trim_start_matches('(').trim_end_matches(')').trim().to_owned();
                if let Some(last) = out.last_mut() {
                    *last = Some(inner);
                }
            }
            _ => {}
        }
    }
    out
}

/// One argument of a signature as written: mode and name may be before the type.
pub(super) fn argument_type(text: &str) -> Option<&str> {
    let mut text = text.trim();
    let mut words = text.split_whitespace();
    match words.next()?.to_ascii_uppercase().as_str() {
        "OUT" => return None,
        "IN" | "INOUT" | "VARIADIC" => text = text.split_once(char::is_whitespace)?.1.trim(),
        _ => {}
    }
    Some(text)
}

/// Whether the signature as written means the routine with `attrs`.
pub(super) fn matches(scene: &Scene<'_, '_>, attrs: &Attrs, own: &str, written: &str) -> bool {
    let args = attrs.get(&attr::ARGS).unwrap_or_default();
    let types: Vec<String> = args
        .iter()
        .filter(|arg| arg.get(&attr::MODE).is_none_or(|mode| mode != "OUT"))
        .map(|arg| arg.get(&attr::TYPE).unwrap_or_default())
        .collect();
    let mut depth = 0;
    let parts = written.split(|ch| {
        match ch {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        ch == ',' && depth == 0
    });
    let written: Vec<&str> = parts.filter_map(argument_type).filter(|part| !part.is_empty()).collect();
    if written == ["*"] {
        return types.is_empty();
    }
    written.len() == types.len()
        && written.iter().zip(&types).all(|(written, ty)| {
            // A name may stand before the type.
            let whole = object::type_text(scene, written, own);
            whole == *ty
                || written
                    .split_once(char::is_whitespace)
                    .is_some_and(|(_, rest)| object::type_text(scene, rest.trim(), own) == *ty)
        })
}

/// The routine or aggregate that is meant.
pub(in crate::postgres::ddl) fn find(
    scene: &Scene<'_, '_>,
    name: &Qualified,
    signature: Option<&str>,
) -> Option<Id> {
    let schemas: Vec<SmolStr> = match name.schema() {
        Some(schema) => vec![schema.into()],
        None => scene.search_path().to_vec(),
    };
    for schema in schemas {
        let prefix = format!("{}\n", name.text());
        for id in scene.all(|space, of| space == Space::Routine && of == schema) {
            if !scene.name_of(id).is_some_and(|(_, of)| of.starts_with(&prefix)) {
                continue;
            }
            let attrs = match scene.thing(id) {
                Some(Thing::Routine(routine)) => &routine.attrs,
                Some(Thing::Object(object)) => &object.attrs,
                _ => continue,
            };
            if signature.is_none_or(|written| matches(scene, attrs, &schema, written)) {
                return Some(id);
            }
        }
    }
    None
}
