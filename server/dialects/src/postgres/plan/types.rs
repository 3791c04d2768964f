//! Types somebody declares: enums, domains, composites, ranges.
//!
//! Source: PostgreSQL 18, `CREATE TYPE`, `ALTER TYPE`, `CREATE DOMAIN`, `ALTER DOMAIN`; reference engine.md §9.

use engine::Error;
use schema::{Attrs, Object};

use super::super::attr;
use super::super::diff::same_expr;
use super::Planner;
use super::objects::object_path;
use super::render::{ident, literal, strings, wrapped};

impl Planner<'_> {
    pub(super) fn create_enum(&self, object: &Object) -> String {
        let values: Vec<String> =
            strings(&object.attrs, &attr::VALUES).iter().map(|value| literal(value)).collect();
        format!(
            "CREATE TYPE {} AS ENUM ({})",
            self.render.path(&object.schema, &object.name),
            values.join(", ")
        )
    }

    /// Adds the values that are new, each at its place.
    pub(super) fn modify_enum(&mut self, from: &Object, to: &Object) -> Result<(), Error> {
        let (old, new) = (strings(&from.attrs, &attr::VALUES), strings(&to.attrs, &attr::VALUES));
        if let Some(gone) = old.iter().find(|value| !new.contains(value)) {
            return Err(Error::Unsupported(format!(
                "dropping value {gone:?} from enum {:?} is not supported",
                to.name
            )));
        }
        let kept: Vec<&String> = new.iter().filter(|value| old.contains(value)).collect();
        if let Some((value, _)) = kept.iter().zip(&old).find(|(kept, old)| **kept != *old) {
            return Err(Error::Unsupported(format!(
                "reordering enum {:?} value {value:?} is not supported",
                to.name
            )));
        }
        let path = self.render.path(&to.schema, &to.name);
        for (at, value) in new.iter().enumerate().filter(|(_, value)| !old.contains(value)) {
            let mut cmd = format!("ALTER TYPE {path} ADD VALUE {}", literal(value));
            let at_end = new[at..].iter().all(|value| !old.contains(value));
            match at.checked_sub(1).and_then(|before| new.get(before)) {
                _ if at_end => {}
                Some(before) => cmd.push_str(&format!(" AFTER {}", literal(before))),
                None => {
                    if let Some(first) = old.first() {
                        cmd.push_str(&format!(" BEFORE {}", literal(first)));
                    }
                }
            }
            let comment = format!("add value to enum type: {:?}", to.name);
            self.push(cmd, comment, Vec::new(), vec![object_path(to)]);
            self.added_values.push(literal(value));
            // Before PostgreSQL 12 it cannot run in a transaction at all.
            self.alone |= self.major() < 12;
        }
        Ok(())
    }

    pub(super) fn create_domain(&self, object: &Object) -> String {
        let (own, attrs) = (object.schema.as_str(), &object.attrs);
        let mut writer = self.render.line();
        writer.word("CREATE DOMAIN").path(self.render.qualifier(own), &object.name).word("AS");
        writer.word(&self.render.type_text(own, &attrs.get(&attr::TYPE).unwrap_or_default()));
        if let Some(collation) = attrs.get(&attr::COLLATE) {
            writer.word("COLLATE").word(&self.render.collation(&collation));
        }
        if let Some(default) = attrs.get(&attr::DEFAULT) {
            writer.word("DEFAULT").word(&default);
        }
        writer.word_if(!attrs.is(&attr::NULL), "NOT NULL");
        for check in attrs.get(&attr::CHECKS).unwrap_or_default() {
            writer.word(&domain_check(&check));
        }
        writer.finish()
    }

    /// A domain changes in place; only another type asks for a new one.
    pub(super) fn modify_domain(&mut self, from: &Object, to: &Object) -> Result<(), Error> {
        let (own, path) = (to.schema.as_str(), self.render.path(&to.schema, &to.name));
        if from.attrs.get(&attr::TYPE) != to.attrs.get(&attr::TYPE)
            || from.attrs.get(&attr::COLLATE) != to.attrs.get(&attr::COLLATE)
        {
            return Err(Error::Unsupported(format!(
                "changing the type of domain {:?} is not supported (drop and add is required)",
                to.name
            )));
        }
        let _ = own;
        let mut list: Vec<(String, Vec<String>)> = Vec::new();
        let alter = |what: String| format!("ALTER DOMAIN {path} {what}");
        let default = |object: &Object| match object.attrs.get(&attr::DEFAULT) {
            Some(value) => alter(format!("SET DEFAULT {value}")),
            None => alter("DROP DEFAULT".into()),
        };
        let same_default = match (from.attrs.get(&attr::DEFAULT), to.attrs.get(&attr::DEFAULT)) {
            (Some(a), Some(b)) => same_expr(&a, &b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same_default {
            list.push((default(to), vec![default(from)]));
        }
        let null = |object: &Object| {
            alter(if object.attrs.is(&attr::NULL) { "DROP NOT NULL".into() } else { "SET NOT NULL".into() })
        };
        if from.attrs.is(&attr::NULL) != to.attrs.is(&attr::NULL) {
            list.push((null(to), vec![null(from)]));
        }
        let (old, new) = (
            from.attrs.get(&attr::CHECKS).unwrap_or_default(),
            to.attrs.get(&attr::CHECKS).unwrap_or_default(),
        );
        let same = |a: &Attrs, b: &Attrs| {
            let expr = |item: &Attrs| item.get(&attr::EXPR).unwrap_or_default();
            a.get(&attr::NAME) == b.get(&attr::NAME) && same_expr(&expr(a), &expr(b))
        };
        let add = |check: &Attrs| alter(format!("ADD {}", domain_check(check)));
        let drop = |check: &Attrs| {
            alter(format!("DROP CONSTRAINT {}", ident(&check.get(&attr::NAME).unwrap_or_default())))
        };
        for check in old.iter().filter(|check| !new.iter().any(|other| same(check, other))) {
            list.push((drop(check), vec![add(check)]));
        }
        for check in new.iter().filter(|check| !old.iter().any(|other| same(check, other))) {
            let named = check.get(&attr::NAME).is_some_and(|name| !name.is_empty());
            list.push((add(check), if named { vec![drop(check)] } else { Vec::new() }));
        }
        for (cmd, reverse) in list {
            self.push(cmd, format!("modify domain type {:?}", to.name), reverse, vec![object_path(to)]);
        }
        Ok(())
    }

    fn field(&self, own: &str, field: &Attrs) -> String {
        let mut text = format!(
            "{} {}",
            ident(&field.get(&attr::NAME).unwrap_or_default()),
            self.render.type_text(own, &field.get(&attr::TYPE).unwrap_or_default())
        );
        if let Some(collation) = field.get(&attr::COLLATE) {
            text.push_str(&format!(" COLLATE {}", self.render.collation(&collation)));
        }
        text
    }

    pub(super) fn create_composite(&self, object: &Object) -> String {
        let fields = object.attrs.get(&attr::FIELDS).unwrap_or_default();
        let fields: Vec<String> = fields.iter().map(|field| self.field(&object.schema, field)).collect();
        format!("CREATE TYPE {} AS ({})", self.render.path(&object.schema, &object.name), fields.join(", "))
    }

    pub(super) fn modify_composite(&mut self, from: &Object, to: &Object) {
        let clauses = |from: &Object, to: &Object| -> Option<String> {
            let fields = |object: &Object| object.attrs.get(&attr::FIELDS).unwrap_or_default();
            let name = |field: &Attrs| field.get(&attr::NAME).unwrap_or_default();
            let (old, new) = (fields(from), fields(to));
            let mut list = Vec::new();
            for field in &old {
                match new.iter().find(|other| name(other) == name(field)) {
                    None => list.push(format!("DROP ATTRIBUTE {}", ident(&name(field)))),
                    Some(other) if other != field => {
                        let text = self.field(&to.schema, other);
                        let (name, ty) = text.split_at(ident(&name(field)).len());
                        list.push(format!("ALTER ATTRIBUTE {name} TYPE{ty}"));
                    }
                    Some(_) => {}
                }
            }
            for field in new.iter().filter(|field| !old.iter().any(|other| name(other) == name(field))) {
                list.push(format!("ADD ATTRIBUTE {}", self.field(&to.schema, field)));
            }
            let path = self.render.path(&to.schema, &to.name);
            (!list.is_empty()).then(|| format!("ALTER TYPE {path} {}", list.join(", ")))
        };
        if let Some(cmd) = clauses(from, to) {
            let reverse = clauses(to, from).into_iter().collect();
            self.push(cmd, format!("modify composite type {:?}", to.name), reverse, vec![object_path(to)]);
        }
    }

    pub(super) fn create_range(&self, object: &Object) -> String {
        let (own, attrs) = (object.schema.as_str(), &object.attrs);
        let subtype = attrs.get(&attr::SUBTYPE).unwrap_or_default();
        let mut options = vec![format!("SUBTYPE = {}", self.render.type_text(own, &subtype))];
        if let Some(class) = attrs.get(&attr::SUBTYPE_OPCLASS) {
            options.push(format!("SUBTYPE_OPCLASS = {class}"));
        }
        if let Some(collation) = attrs.get(&attr::COLLATE) {
            options.push(format!("COLLATION = {}", self.render.collation(&collation)));
        }
        if let Some(function) = attrs.get(&attr::CANONICAL) {
            options.push(format!("CANONICAL = {}", self.render.function(own, &function)));
        }
        if let Some(function) = attrs.get(&attr::SUBTYPE_DIFF) {
            options.push(format!("SUBTYPE_DIFF = {}", self.render.function(own, &function)));
        }
        if let Some(name) = attrs.get(&attr::MULTIRANGE_NAME) {
            options.push(format!("MULTIRANGE_TYPE_NAME = {}", self.render.target(own, &name)));
        }
        format!("CREATE TYPE {} AS RANGE ({})", self.render.path(own, &object.name), options.join(", "))
    }
}

/// `CONSTRAINT "c" CHECK (VALUE > 0)`.
fn domain_check(check: &Attrs) -> String {
    let expr = wrapped(&check.get(&attr::EXPR).unwrap_or_default());
    match check.get(&attr::NAME).filter(|name| !name.is_empty()) {
        Some(name) => format!("CONSTRAINT {} CHECK {expr}", ident(&name)),
        None => format!("CHECK {expr}"),
    }
}
