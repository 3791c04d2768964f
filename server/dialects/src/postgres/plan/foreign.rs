//! Collations, casts, and the objects of other servers.
//!
//! A foreign table holds no rows here, but others may look at it: it changes in place.
//!
//! Source: PostgreSQL 18, `CREATE COLLATION`, `CREATE CAST`, `CREATE SERVER`, `CREATE USER MAPPING`, `ALTER FOREIGN TABLE`.

use engine::Error;
use schema::{AttrKey, Attrs, Object};

use super::super::{attr, foreign};
use super::Planner;
use super::objects::{object_path, role};
use super::render::{ident, literal};

/// `OPTIONS ("a" 'b')`; empty without any.
fn options(attrs: &Attrs) -> String {
    let list = attrs.get(&attr::OPTIONS).unwrap_or_default();
    let list: Vec<String> = list
        .iter()
        .filter_map(|option| option.split_once('='))
        .map(|(name, value)| format!("{} {}", ident(name), literal(value)))
        .collect();
    if list.is_empty() { String::new() } else { format!(" OPTIONS ({})", list.join(", ")) }
}

/// `OPTIONS (SET "a" 'b', DROP "c")` from one list to another; empty when they are the same.
fn changed_options(from: &Attrs, to: &Attrs) -> String {
    let (old, new) = (foreign::compared(from), foreign::compared(to));
    let (old, new) =
        (old.get(&attr::OPTIONS).unwrap_or_default(), new.get(&attr::OPTIONS).unwrap_or_default());
    let find = |list: &[String], name: &str| {
        list.iter()
            .filter_map(|option| option.split_once('='))
            .find(|(of, _)| *of == name)
            .map(|(_, value)| value.to_owned())
    };
    let mut list = Vec::new();
    for (name, value) in new.iter().filter_map(|option| option.split_once('=')) {
        match find(&old, name) {
            Some(same) if same == value => {}
            Some(_) => list.push(format!("SET {} {}", ident(name), literal(value))),
            None => list.push(format!("ADD {} {}", ident(name), literal(value))),
        }
    }
    for (name, _) in old.iter().filter_map(|option| option.split_once('=')) {
        if find(&new, name).is_none() {
            list.push(format!("DROP {}", ident(name)));
        }
    }
    if list.is_empty() { String::new() } else { format!(" OPTIONS ({})", list.join(", ")) }
}

impl Planner<'_> {
    pub(super) fn create_collation(&self, object: &Object) -> String {
        let path = self.render.path(&object.schema, &object.name);
        let attrs = &object.attrs;
        if let Some(from) = attrs.get(&attr::FROM) {
            let steps = match from.split_once('.') {
                Some((schema, name)) => format!("{}.{}", ident(schema), ident(name)),
                None => ident(&from),
            };
            return format!("CREATE COLLATION {path} FROM {steps}");
        }
        let mut list = Vec::new();
        let mut text = |key: &AttrKey<String>, word: &str| {
            if let Some(value) = attrs.get(key) {
                list.push(format!("{word} = {}", literal(&value)));
            }
        };
        text(&attr::LOCALE, "LOCALE");
        text(&attr::LC_COLLATE, "LC_COLLATE");
        text(&attr::LC_CTYPE, "LC_CTYPE");
        if let Some(provider) = attrs.get(&attr::PROVIDER) {
            list.push(format!("PROVIDER = {provider}"));
        }
        if attrs.get(&attr::DETERMINISTIC) == Some(false) {
            list.push("DETERMINISTIC = false".to_owned());
        }
        if let Some(rules) = attrs.get(&attr::RULES) {
            list.push(format!("RULES = {}", literal(&rules)));
        }
        format!("CREATE COLLATION {path} ({})", list.join(", "))
    }

    /// `text AS "s"."addr"`, as statements name a cast.
    pub(super) fn cast_name(&self, object: &Object) -> String {
        let ty =
            |key: &AttrKey<String>| self.render.type_text("", &object.attrs.get(key).unwrap_or_default());
        format!("({} AS {})", ty(&attr::SOURCE), ty(&attr::TARGET))
    }

    pub(super) fn create_cast(&self, object: &Object) -> String {
        let with = match object.attrs.get(&attr::WITH) {
            None => "WITHOUT FUNCTION".to_owned(),
            Some(word) if word == "INOUT" => "WITH INOUT".to_owned(),
            Some(function) => {
                let source = object.attrs.get(&attr::SOURCE).unwrap_or_default();
                let (function, source) =
                    (self.render.function("", &function), self.render.type_text("", &source));
                format!("WITH FUNCTION {function}({source})")
            }
        };
        let when = object.attrs.get(&attr::AS).map(|word| format!(" AS {word}")).unwrap_or_default();
        format!("CREATE CAST {} {with}{when}", self.cast_name(object))
    }

    pub(super) fn create_server(&self, object: &Object) -> String {
        let attrs = &object.attrs;
        let mut text = format!("CREATE SERVER {}", ident(&object.name));
        for (key, word) in [(&attr::TYPE, "TYPE"), (&attr::VERSION, "VERSION")] {
            if let Some(value) = attrs.get(key) {
                text.push_str(&format!(" {word} {}", literal(&value)));
            }
        }
        let wrapper = attrs.get(&attr::WRAPPER).unwrap_or_default();
        text.push_str(&format!(" FOREIGN DATA WRAPPER {}{}", ident(&wrapper), options(attrs)));
        text
    }

    pub(super) fn mapping_name(&self, object: &Object) -> String {
        let user = object.attrs.get(&attr::MAPPED).unwrap_or_default();
        let server = object.attrs.get(&attr::OF_SERVER).unwrap_or_default();
        format!("FOR {} SERVER {}", role(&user), ident(&server))
    }

    pub(super) fn create_mapping(&self, object: &Object) -> String {
        format!("CREATE USER MAPPING {}{}", self.mapping_name(object), options(&object.attrs))
    }

    /// `"a" integer OPTIONS (…) NOT NULL`.
    fn foreign_column(&self, own: &str, column: &Attrs) -> String {
        let name = column.get(&attr::NAME).unwrap_or_default();
        let ty = self.render.type_text(own, &column.get(&attr::TYPE).unwrap_or_default());
        let mut text = format!("{} {ty}{}", ident(&name), options(column));
        if let Some(collation) = column.get(&attr::COLLATE) {
            text.push_str(&format!(" COLLATE {}", self.render.collation(&collation)));
        }
        if !column.is(&attr::NULL) {
            text.push_str(" NOT NULL");
        }
        if let Some(default) = column.get(&attr::DEFAULT) {
            text.push_str(&format!(" DEFAULT {default}"));
        }
        text
    }

    pub(super) fn create_foreign_table(&self, object: &Object) -> String {
        let path = self.render.path(&object.schema, &object.name);
        let columns = object.attrs.get(&attr::TABLE_COLUMNS).unwrap_or_default();
        let columns: Vec<String> =
            columns.iter().map(|column| self.foreign_column(&object.schema, column)).collect();
        let server = object.attrs.get(&attr::OF_SERVER).unwrap_or_default();
        format!(
            "CREATE FOREIGN TABLE {path} ({}) SERVER {}{}",
            columns.join(", "),
            ident(&server),
            options(&object.attrs)
        )
    }

    /// The comments of a foreign table's columns, each with its opposite.
    pub(super) fn foreign_comments(&self, old: &[Attrs], to: &Object) -> Vec<(String, String)> {
        let path = self.render.path(&to.schema, &to.name);
        let mut list = Vec::new();
        for column in to.attrs.get(&attr::TABLE_COLUMNS).unwrap_or_default() {
            let was = old.iter().find(|old| old.get(&attr::NAME) == column.get(&attr::NAME));
            let was = was.and_then(|old| old.get(&attr::COMMENT));
            let is = column.get(&attr::COMMENT);
            if was != is {
                list.push((
                    self.foreign_column_comment(&path, &column, is.as_deref()),
                    self.foreign_column_comment(&path, &column, was.as_deref()),
                ));
            }
        }
        list
    }

    fn foreign_column_comment(&self, path: &str, column: &Attrs, text: Option<&str>) -> String {
        let name = column.get(&attr::NAME).unwrap_or_default();
        self.render.comment(&format!("COLUMN {path}.{}", ident(&name)), text)
    }

    pub(super) fn modify_foreign(&mut self, from: &Object, to: &Object) -> Result<(), Error> {
        let fixed: &[&AttrKey<String>] = match to.kind {
            attr::SERVER => &[&attr::WRAPPER, &attr::TYPE],
            attr::FOREIGN_TABLE => &[&attr::OF_SERVER],
            _ => &[],
        };
        if let Some(key) = fixed.iter().find(|key| from.attrs.get(key) != to.attrs.get(key)) {
            return Err(Error::Unsupported(format!(
                "changing {:?} of {} {:?} is not supported (drop and add is required)",
                key.name,
                to.kind.replace('_', " "),
                to.name
            )));
        }
        for (cmd, reverse) in self.foreign_changes(from, to) {
            let title = format!("modify {} {:?}", to.kind.replace('_', " "), to.name);
            self.push(cmd, title, vec![reverse], vec![object_path(to)]);
        }
        Ok(())
    }

    /// The statements from one state to another, each with its opposite.
    fn foreign_changes(&self, from: &Object, to: &Object) -> Vec<(String, String)> {
        let (there, back) =
            (changed_options(&from.attrs, &to.attrs), changed_options(&to.attrs, &from.attrs));
        let mut list = Vec::new();
        match to.kind {
            attr::SERVER => {
                let version = |object: &Object| {
                    let version = object.attrs.get(&attr::VERSION).map(|version| literal(&version));
                    format!(" VERSION {}", version.unwrap_or_else(|| "''".to_owned()))
                };
                let changes = from.attrs.get(&attr::VERSION) != to.attrs.get(&attr::VERSION);
                let of = |object: &Object| if changes { version(object) } else { String::new() };
                let name = ident(&to.name);
                if changes || !there.is_empty() {
                    list.push((
                        format!("ALTER SERVER {name}{}{there}", of(to)),
                        format!("ALTER SERVER {name}{}{back}", of(from)),
                    ));
                }
            }
            attr::USER_MAPPING => {
                let name = self.mapping_name(to);
                if !there.is_empty() {
                    list.push((
                        format!("ALTER USER MAPPING {name}{there}"),
                        format!("ALTER USER MAPPING {name}{back}"),
                    ));
                }
            }
            _ => {
                let path = self.render.path(&to.schema, &to.name);
                let clauses = |from: &Object, to: &Object, options: &str| {
                    let mut clauses = self.column_clauses(from, to);
                    if !options.is_empty() {
                        clauses.push(options.trim().to_owned());
                    }
                    clauses.join(", ")
                };
                let (there, back) = (clauses(from, to, &there), clauses(to, from, &back));
                if !there.is_empty() {
                    list.push((
                        format!("ALTER FOREIGN TABLE {path} {there}"),
                        format!("ALTER FOREIGN TABLE {path} {back}"),
                    ));
                }
                let old = from.attrs.get(&attr::TABLE_COLUMNS).unwrap_or_default();
                list.extend(self.foreign_comments(&old, to));
            }
        }
        list
    }

    fn column_clauses(&self, from: &Object, to: &Object) -> Vec<String> {
        let columns = |object: &Object| object.attrs.get(&attr::TABLE_COLUMNS).unwrap_or_default();
        let name = |column: &Attrs| column.get(&attr::NAME).unwrap_or_default();
        let (old, new) = (columns(from), columns(to));
        let mut list = Vec::new();
        for gone in old.iter().filter(|old| !new.iter().any(|new| name(new) == name(old))) {
            list.push(format!("DROP COLUMN {}", ident(&name(gone))));
        }
        for column in &new {
            let Some(was) = old.iter().find(|old| name(old) == name(column)) else {
                list.push(format!("ADD COLUMN {}", self.foreign_column(&to.schema, column)));
                continue;
            };
            let alter = format!("ALTER COLUMN {}", ident(&name(column)));
            let ty = |column: &Attrs| (column.get(&attr::TYPE), column.get(&attr::COLLATE));
            if ty(was) != ty(column) {
                let text = self.render.type_text(&to.schema, &column.get(&attr::TYPE).unwrap_or_default());
                let collate = column.get(&attr::COLLATE);
                let collate =
                    collate.map(|collation| format!(" COLLATE {}", self.render.collation(&collation)));
                list.push(format!("{alter} TYPE {text}{}", collate.unwrap_or_default()));
            }
            if was.is(&attr::NULL) != column.is(&attr::NULL) {
                let verb = if column.is(&attr::NULL) { "DROP" } else { "SET" };
                list.push(format!("{alter} {verb} NOT NULL"));
            }
            if was.get(&attr::DEFAULT) != column.get(&attr::DEFAULT) {
                list.push(match column.get(&attr::DEFAULT) {
                    Some(default) => format!("{alter} SET DEFAULT {default}"),
                    None => format!("{alter} DROP DEFAULT"),
                });
            }
            let options = changed_options(was, column);
            if !options.is_empty() {
                list.push(format!("{alter}{options}"));
            }
        }
        list
    }
}
