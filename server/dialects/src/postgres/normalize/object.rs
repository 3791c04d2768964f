//! Objects and arguments as the server keeps them.

use schema::{Attrs, ColumnType, Default, Object};

use super::super::{accounts, attr, defaults, expr, names, rules};
use super::{Work, is_declared, stored_type};

impl Work<'_> {
    /// The default of an argument as the server keeps it; `None` when it could not be read.
    pub(super) fn argument(&mut self, text: &str, ty: Option<&ColumnType>) -> Option<Default> {
        let normal = self.with_types(&|_| None, |types| match ty.filter(|ty| !is_declared(ty)) {
            Some(ty) => expr::normalize_as(text, &stored_type(ty), types),
            None => expr::normalize(text, types),
        })?;
        self.sure &= normal.sure;
        Some(defaults::read(&normal.text, ty))
    }

    /// Defaults of a foreign table, as of any other.
    pub(super) fn foreign_table(&mut self, object: &mut Object) {
        let Some(mut columns) = object.attrs.get(&attr::TABLE_COLUMNS) else { return };
        for column in &mut columns {
            let Some(text) = column.get(&attr::DEFAULT) else { continue };
            let ty = column.get(&attr::TYPE).map(|text| super::super::types::parse(&text));
            let default = engine::decode::Hooks::default_of(&rules::Rules, &text);
            let declared = ty.as_ref().is_some_and(is_declared);
            if declared && matches!(default, Default::Literal(_)) {
                continue;
            }
            match self.default(&default, ty.as_ref()) {
                Some(default) => column.set(&attr::DEFAULT, default_text(&default)),
                None => column.remove(&attr::DEFAULT),
            }
        }
        object.attrs.set(&attr::TABLE_COLUMNS, columns);
    }

    /// A function of which there is only one is named without its arguments.
    pub(super) fn permission(&mut self, object: &mut Object) {
        let Some(designation) = object.attrs.get(&attr::FOR) else { return };
        let Some((word @ ("function" | "procedure"), name)) = accounts::parts(&designation) else { return };
        let Some((path, _)) = name.split_once('(') else { return };
        let Some((schema, of)) = names::target(path) else { return };
        let Some(schema) = self.realm.schema(&schema) else { return };
        let aggregates =
            schema.objects.iter().filter(|it| it.kind == attr::AGGREGATE && it.name == of).count();
        if schema.routines.iter().filter(|it| it.name == of).count() + aggregates == 1 {
            let privileges = object.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
            let to = object.attrs.get(&attr::GRANTEE).unwrap_or_default();
            let designation = format!("{word} {path}");
            let grantable = object.attrs.is(&attr::GRANTABLE);
            if let Some(same) = accounts::permission(&designation, &to, privileges, grantable) {
                *object = same;
            }
        }
    }

    /// A collation of the own schema is named alone.
    pub(super) fn collation(&self, attrs: &mut Attrs) {
        if let Some(collation) = attrs.get(&attr::COLLATE)
            && let Some(own) = collation.strip_prefix(&format!("{}.", self.schema))
        {
            attrs.set(&attr::COLLATE, own.to_owned());
        }
    }

    pub(super) fn domain(&mut self, object: &mut Object) {
        self.collation(&mut object.attrs);
        let ty = object.attrs.get(&attr::TYPE).map(|text| super::super::types::parse(&text));
        let value = ty.as_ref().filter(|ty| !is_declared(ty)).map(stored_type);
        if let Some(mut checks) = object.attrs.get(&attr::CHECKS) {
            for check in &mut checks {
                if let Some(text) = check.get(&attr::EXPR) {
                    let text = self.condition(&text, |name| {
                        if name.eq_ignore_ascii_case("value") { value.clone() } else { None }
                    });
                    // `VALUE` is a word there and no column.
                    let text = value_word(&text);
                    check.set(&attr::EXPR, text);
                }
            }
            object.attrs.set(&attr::CHECKS, checks);
        }
        if let Some(text) = object.attrs.get(&attr::DEFAULT) {
            let normal = self.with_types(&|_| None, |types| match &value {
                Some(value) => expr::normalize_as(&text, value, types),
                None => expr::normalize(&text, types),
            });
            match normal {
                Some(normal) => {
                    let read = defaults::read(&normal.text, ty.as_ref());
                    object.attrs.set(&attr::DEFAULT, default_text(&read));
                    self.sure &= normal.sure;
                }
                None => self.sure = false,
            }
        }
    }
}

/// A default as an attribute has it.
pub(super) fn default_text(default: &Default) -> String {
    match default {
        Default::Literal(literal) if literal.quoted => format!("'{}'", literal.text.replace('\'', "''")),
        Default::Literal(literal) => literal.text.clone(),
        Default::Expr(expr) => expr.0.clone(),
    }
}

/// `value` as the word the server writes in upper case.
fn value_word(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(ch) = rest.chars().next() {
        let before = out.chars().next_back().is_some_and(|ch| ch.is_alphanumeric() || ch == '_' || ch == '"');
        let behind = rest.get(5..).and_then(|rest| rest.chars().next());
        let word = rest.starts_with("value") && !behind.is_some_and(|ch| ch.is_alphanumeric() || ch == '_');
        if !quoted && !before && word {
            out.push_str("VALUE");
            rest = &rest[5..];
            continue;
        }
        quoted ^= ch == '\'';
        out.push(ch);
        rest = &rest[ch.len_utf8()..];
    }
    out
}
