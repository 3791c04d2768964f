//! Single statements and clauses of MySQL.
//!
//! Source: atlas `sql/mysql/migrate.go`; reference engine.md §10.

use engine::connection::Capabilities;
use engine::plan::Writer;
use schema::{
    Check, Class, Column, ForeignKey, Index, IndexPart, PartOf, PrimaryKey, ReferenceAction, Schema, Table,
    View,
};

use super::super::attr::{
    ALGORITHM, AUTO_INCREMENT, AUTO_INCREMENT_START, CHARSET, CHECK_OPTION, COLLATE, CREATE_OPTIONS,
    ENFORCED, ENGINE, IN_COLUMN, INDEX_TYPE, INHERITED, INVISIBLE, ON_UPDATE, PARSER, PREFIX, SECURITY, SRID,
    SYSTEM_VERSIONED, UNVERSIONED, VIEW_COLUMNS,
};
use super::super::charset;
use super::super::features::{
    self, CHARSET_SETTING, COLLATION_SETTING, DEFAULT_ENGINE, MARIADB, SCHEMA_COMMENT,
};
use super::super::names::ident;
use super::super::words;
use super::{literal, partition};

/// How statements are written.
#[derive(Clone, Copy)]
pub struct Render<'a> {
    pub indent: &'a str,
    /// As [`engine::plan::Options::qualifier`].
    pub qualifier: Option<&'a str>,
    pub server: &'a Capabilities,
}

/// The charset and collation a column of text really has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Characters {
    pub charset: Option<String>,
    pub collate: Option<String>,
}

/// The charset and collation of a table's text, as far as they are said or, with a server, follow from what is.
pub fn characters_of_table(table: &Table, server: Option<&Capabilities>) -> Characters {
    let (charset, collate) = (table.attrs.get(&CHARSET), table.attrs.get(&COLLATE));
    Characters {
        charset: charset.clone().or_else(|| collate.as_deref().map(charset::of_collation)),
        collate: collate.or_else(|| Some(charset::default_collation(charset.as_deref()?, server?))),
    }
}

/// The charset and collation of a column of `table`; what is not said anywhere is unknown.
pub fn characters(table: &Table, column: &Column, server: Option<&Capabilities>) -> Characters {
    if !takes_charset(column) {
        return Characters { charset: None, collate: None };
    }
    let around = characters_of_table(table, server);
    let (charset, collate) = (column.attrs.get(&CHARSET), column.attrs.get(&COLLATE));
    match (charset, collate) {
        (None, None) => around,
        (charset, Some(collate)) => Characters {
            charset: Some(charset.unwrap_or_else(|| charset::of_collation(&collate))),
            collate: Some(collate),
        },
        (Some(charset), None) => {
            let inherited = around.charset.as_ref().is_some_and(|other| charset::same(other, &charset));
            let default = server.map(|server| charset::default_collation(&charset, server));
            let collate = if inherited { around.collate } else { default };
            Characters { charset: Some(charset), collate }
        }
    }
}

/// Whether the column has text, which has a charset.
pub fn takes_charset(column: &Column) -> bool {
    column.ty.as_ref().is_some_and(|ty| matches!(ty.class, Class::String | Class::Enum | Class::Set))
}

fn differs(a: &Option<String>, b: &Option<String>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => !charset::same(a, b),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

impl<'a> Render<'a> {
    pub fn writer(&self) -> Writer {
        Writer::new('`', self.indent)
    }

    /// The same, on one line.
    pub fn flat(&self) -> Render<'a> {
        Render { indent: "", ..*self }
    }

    pub fn maria(&self) -> bool {
        self.server.has(MARIADB)
    }

    pub fn path(&self, writer: &mut Writer, schema: &str, name: &str) {
        writer.path(self.qualifier.unwrap_or(schema), name);
    }

    pub fn create_schema(&self, schema: &Schema) -> String {
        let mut writer = self.writer();
        writer.word("CREATE DATABASE").ident(&schema.name);
        let known = |value: Option<String>, setting: &'static str| {
            value.filter(|value| !value.is_empty() && !charset::same(value, self.server.setting(setting)))
        };
        if let Some(value) = known(schema.attrs.get(&CHARSET), CHARSET_SETTING) {
            writer.word("CHARSET").word(&value);
        }
        if let Some(value) = known(schema.attrs.get(&COLLATE), COLLATION_SETTING) {
            writer.word("COLLATE").word(&value);
        }
        if let Some(comment) = schema.comment.as_deref().filter(|comment| !comment.is_empty())
            && self.server.has(SCHEMA_COMMENT)
        {
            writer.word("COMMENT").word(&literal::text(comment, self.server));
        }
        writer.finish()
    }

    pub fn drop_schema(&self, schema: &Schema) -> String {
        let mut writer = self.writer();
        writer.word("DROP DATABASE").ident(&schema.name);
        writer.finish()
    }

    /// `None` when nothing of it can be changed on this server.
    pub fn alter_schema(&self, from: &Schema, to: &Schema) -> Option<String> {
        let mut writer = self.writer();
        writer.word("ALTER DATABASE").ident(&to.name);
        let start = writer.clone().finish();
        for (key, word) in [(&CHARSET, "CHARSET"), (&COLLATE, "COLLATE")] {
            if let Some(value) = to.attrs.get(key).filter(|value| !value.is_empty())
                && !from.attrs.get(key).is_some_and(|old| charset::same(&old, &value))
            {
                writer.word(word).word(&value);
            }
        }
        let comment = |schema: &Schema| schema.comment.clone().unwrap_or_default();
        if comment(from) != comment(to) && self.server.has(SCHEMA_COMMENT) {
            writer.word("COMMENT").word(&literal::text(&comment(to), self.server));
        }
        let text = writer.finish();
        (text != start).then_some(text)
    }

    /// # Errors
    /// What cannot be written of the table.
    pub fn create_table(&self, table: &Table) -> Result<String, String> {
        if table.columns.is_empty() {
            return Err(format!("table {:?} has no columns", table.name));
        }
        let mut elements = Vec::new();
        let mut errors = Vec::new();
        for column in &table.columns {
            match self.column(table, table, column) {
                Ok(text) => elements.push(text),
                Err(error) => errors.push(error),
            }
        }
        elements.extend(table.primary_key.as_ref().map(|key| self.primary_key(key)));
        elements.extend(table.indexes.iter().map(|index| self.index(index)));
        elements.extend(table.foreign_keys.iter().map(|key| self.foreign_key(table, key)));
        let apart = table.checks.iter().filter(|check| !self.stands_in_column(table, check));
        elements.extend(apart.map(|check| self.check(check)));
        if !errors.is_empty() {
            return Err(format!("create table {:?}: {}", table.name, errors.join(", ")));
        }
        let is_bound = |column: &&Column| {
            column.generated.as_ref().is_some_and(|generated| words::is_row_bound(&generated.expr.0))
        };
        let bounds: Vec<&Column> = table.columns.iter().filter(is_bound).collect();
        if let ([from, to], true) = (bounds.as_slice(), self.maria()) {
            let (from, to) = (ident(&from.name), ident(&to.name));
            elements.push(format!("PERIOD FOR SYSTEM_TIME ({from}, {to})"));
        }
        let mut writer = self.writer();
        writer.word("CREATE TABLE");
        self.path(&mut writer, &table.schema, &table.name);
        writer.block(elements, |writer, element| {
            writer.word(&element);
        });
        for attr in ["charset", "collate", "comment", "create_options", "engine", "auto_increment"] {
            if let Some(text) = self.table_attr(table, attr, false) {
                writer.word(&text);
            }
        }
        writer.word_if(table.attrs.is(&SYSTEM_VERSIONED) && self.maria(), "WITH SYSTEM VERSIONING");
        if let Some(partition) = partition::clause(table) {
            writer.word(&partition);
        }
        Ok(writer.finish())
    }

    pub fn drop_table(&self, table: &Table) -> String {
        let mut writer = self.writer();
        writer.word("DROP TABLE");
        self.path(&mut writer, &table.schema, &table.name);
        writer.finish()
    }

    /// Of a table or view, as `(schema, name)`.
    pub fn rename(&self, from: (&str, &str), to: (&str, &str)) -> String {
        let mut writer = self.writer();
        writer.word("RENAME TABLE");
        self.path(&mut writer, from.0, from.1);
        writer.word("TO");
        self.path(&mut writer, to.0, to.1);
        writer.finish()
    }

    /// An attribute of a table as an option; `change` when it replaces another value, so that the default is said too.
    pub fn table_attr(&self, table: &Table, name: &str, change: bool) -> Option<String> {
        let plain = |word: &str, value: Option<String>| {
            value.filter(|value| !value.is_empty()).map(|value| format!("{word} {value}"))
        };
        match name {
            "charset" | "collate" if !change && table.attrs.is(&INHERITED) => None,
            "charset" => plain("CHARSET", table.attrs.get(&CHARSET)),
            "collate" => plain("COLLATE", table.attrs.get(&COLLATE)),
            "comment" => {
                let comment = table.comment.as_deref().unwrap_or_default();
                (change || !comment.is_empty())
                    .then(|| format!("COMMENT {}", literal::text(comment, self.server)))
            }
            "create_options" => table.attrs.get(&CREATE_OPTIONS).filter(|options| !options.is_empty()),
            "engine" => {
                let usual = match self.server.setting(DEFAULT_ENGINE) {
                    "" => "InnoDB",
                    engine => engine,
                };
                let engine = table.attrs.get(&ENGINE);
                plain("ENGINE", engine.filter(|engine| change || !engine.eq_ignore_ascii_case(usual)))
            }
            "auto_increment" => {
                let start = table.attrs.get(&AUTO_INCREMENT_START);
                match start {
                    Some(start) if change || start > 1 => Some(format!("AUTO_INCREMENT {start}")),
                    None if change => Some("AUTO_INCREMENT 0".to_string()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The definition of a column of `home` as it is written in a statement about `table`, which may be another state
    /// of the same table.
    ///
    /// # Errors
    /// What cannot be written of it.
    pub fn column(&self, table: &Table, home: &Table, column: &Column) -> Result<String, String> {
        let Some(ty) = &column.ty else {
            return Err(format!("missing type information for column {:?}", column.name));
        };
        let mut writer = self.writer();
        writer.ident(&column.name).word(&super::super::types::format(ty));
        for (key, word) in [(&CHARSET, "CHARSET"), (&COLLATE, "COLLATE")] {
            if column.attrs.get(key).is_some_and(|value| !value.is_empty()) && !takes_charset(column) {
                return Err(format!(
                    "column {:?} of type {} does not support the {word} attribute",
                    column.name,
                    go_type(ty.class)
                ));
            }
        }
        // Of another state of the table the charset may be another: what differs from either is said.
        let around = [table, home].map(|table| characters_of_table(table, Some(self.server)));
        let own = characters(home, column, Some(self.server));
        let charset = around.iter().any(|around| differs(&own.charset, &around.charset));
        let collate = around.iter().any(|around| differs(&own.collate, &around.collate));
        if let Some(charset) = own.charset.as_ref().filter(|_| charset) {
            writer.word("CHARSET").word(charset);
        }
        match &column.generated {
            Some(generated) if words::is_row_bound(&generated.expr.0) => {
                writer.word("GENERATED ALWAYS AS").word(&generated.expr.0);
            }
            Some(generated) => {
                writer.word("AS").word(&words::wrap(&generated.expr.0)).word(generated.storage.sql());
            }
            None => {}
        }
        // MariaDB's grammar has no word on NULL for generated columns.
        if column.generated.is_none() || !self.maria() {
            writer.word(if column.nullable { "NULL" } else { "NOT NULL" });
        }
        if column.generated.is_none()
            && let Some(default) = literal::default(column, self.server)
        {
            writer.word("DEFAULT").word(&default);
        }
        if let Some(update) = column.attrs.get(&ON_UPDATE) {
            writer.word("ON UPDATE").word(&update);
        }
        writer.word_if(column.attrs.is(&AUTO_INCREMENT), "AUTO_INCREMENT");
        writer.word_if(column.attrs.is(&INVISIBLE), "INVISIBLE");
        writer.word_if(column.attrs.is(&UNVERSIONED) && self.maria(), "WITHOUT SYSTEM VERSIONING");
        if let Some(comment) = column.comment.as_deref().filter(|comment| !comment.is_empty()) {
            writer.word("COMMENT").word(&literal::text(comment, self.server));
        }
        if let Some(collate) = own.collate.as_ref().filter(|_| collate) {
            writer.word("COLLATE").word(collate);
        }
        if let Some(srid) = column.attrs.get(&SRID) {
            let word = if self.maria() { format!("REF_SYSTEM_ID={srid}") } else { format!("SRID {srid}") };
            writer.word(&word);
        }
        let inside = home.checks.iter().find(|check| {
            check.attrs.is(&IN_COLUMN)
                && check.name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(&column.name))
        });
        if let Some(check) = inside.filter(|_| self.maria()) {
            writer.word("CHECK").word(&words::wrap(&check.expr.0));
        }
        Ok(writer.finish())
    }

    /// Whether the check is written in the definition of its column.
    pub fn stands_in_column(&self, table: &Table, check: &Check) -> bool {
        self.maria()
            && check.attrs.is(&IN_COLUMN)
            && check
                .name
                .as_ref()
                .is_some_and(|name| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
    }

    pub fn primary_key(&self, key: &PrimaryKey) -> String {
        let mut writer = self.writer();
        writer.word("PRIMARY KEY");
        self.index_type(&mut writer, key.attrs.get(&INDEX_TYPE));
        self.parts(&mut writer, &key.parts);
        if let Some(comment) = key.comment.as_deref().filter(|comment| !comment.is_empty()) {
            writer.word("COMMENT").word(&literal::text(comment, self.server));
        }
        writer.finish()
    }

    fn index_type(&self, writer: &mut Writer, ty: Option<String>) {
        let ty = ty.unwrap_or_default().to_ascii_uppercase();
        // A tree is only said to be one where it would be something else (`MEMORY`).
        if !matches!(ty.as_str(), "" | "FULLTEXT" | "SPATIAL") {
            writer.word("USING").word(&ty);
        }
    }

    /// `UNIQUE INDEX `i` (`c`)`.
    pub fn index(&self, index: &Index) -> String {
        let mut writer = self.writer();
        let ty = index.attrs.get(&INDEX_TYPE).unwrap_or_default().to_ascii_uppercase();
        if matches!(ty.as_str(), "FULLTEXT" | "SPATIAL") {
            writer.word(&ty);
        } else {
            writer.word_if(index.unique, "UNIQUE");
        }
        writer.word("INDEX");
        if !index.name.is_empty() {
            writer.ident(&index.name);
        }
        self.index_type(&mut writer, Some(ty));
        self.parts(&mut writer, &index.parts);
        if let Some(comment) = index.comment.as_deref().filter(|comment| !comment.is_empty()) {
            writer.word("COMMENT").word(&literal::text(comment, self.server));
        }
        if let Some(parser) = index.attrs.get(&PARSER) {
            writer.word("WITH PARSER").ident(&parser);
        }
        if index.attrs.is(&INVISIBLE) && self.server.has(features::INVISIBLE_INDEX) {
            writer.word(if self.maria() { "IGNORED" } else { "INVISIBLE" });
        }
        writer.finish()
    }

    fn parts(&self, writer: &mut Writer, parts: &[IndexPart]) {
        writer.list(parts, |writer, part| {
            match &part.of {
                PartOf::Column(name) => writer.ident(name),
                PartOf::Expr(expr) => writer.word(&words::wrap(&expr.0)),
            };
            if let Some(prefix) = part.attrs.get(&PREFIX) {
                writer.word(&format!("({prefix})"));
            }
            writer.word_if(part.desc, "DESC");
        });
    }

    /// `CONSTRAINT `fk` FOREIGN KEY (…) REFERENCES …`.
    pub fn foreign_key(&self, table: &Table, key: &ForeignKey) -> String {
        let mut writer = self.writer();
        if let Some(name) = &key.name {
            writer.word("CONSTRAINT").ident(name);
        }
        writer.word("FOREIGN KEY").list(&key.columns, |writer, name| {
            writer.ident(name);
        });
        writer.word("REFERENCES");
        // A parent in another schema is named in full, whatever the plan is bound to.
        if key.ref_schema.is_empty() || key.ref_schema == table.schema {
            self.path(&mut writer, &table.schema, &key.ref_table);
        } else {
            writer.path(&key.ref_schema, &key.ref_table);
        }
        writer.list(&key.ref_columns, |writer, name| {
            writer.ident(name);
        });
        for (word, action) in [("ON UPDATE", key.on_update), ("ON DELETE", key.on_delete)] {
            if let Some(action) = action {
                writer.word(word).word(action.sql());
            }
        }
        writer.finish()
    }

    /// `CONSTRAINT `c` CHECK (…)`.
    pub fn check(&self, check: &Check) -> String {
        let mut writer = self.writer();
        if let Some(name) = check.name.as_ref().filter(|name| !name.is_empty()) {
            writer.word("CONSTRAINT").ident(name);
        }
        writer.word("CHECK").word(&words::wrap(&check.expr.0));
        writer.word_if(self.is_switched_off(check), "NOT ENFORCED");
        writer.finish()
    }

    /// Whether the server is to keep the check without looking at it.
    pub fn is_switched_off(&self, check: &Check) -> bool {
        check.attrs.get(&ENFORCED) == Some(false) && self.server.has(features::ENFORCED)
    }

    /// `CREATE VIEW`, or `CREATE OR REPLACE VIEW`.
    pub fn create_view(&self, view: &View, replace: bool) -> String {
        let mut writer = self.writer();
        writer.word("CREATE").word_if(replace, "OR REPLACE");
        if let Some(algorithm) = view.attrs.get(&ALGORITHM) {
            writer.word(&format!("ALGORITHM = {}", algorithm.to_ascii_uppercase()));
        }
        if let Some(security) = view.attrs.get(&SECURITY) {
            writer.word("SQL SECURITY").word(&security.to_ascii_uppercase());
        }
        writer.word("VIEW");
        self.path(&mut writer, &view.schema, &view.name);
        if let Some(columns) = view.attrs.get(&VIEW_COLUMNS).filter(|columns| !columns.is_empty()) {
            writer.list(columns, |writer, column| {
                writer.ident(&column);
            });
        }
        let body = view.body.trim().trim_end_matches(';').trim_end();
        // Without a schema of the session's own, tables must say theirs.
        match self.qualifier.unwrap_or(&view.schema) {
            "" => writer.word("AS").word(body),
            qualifier => {
                let mut name = self.writer();
                name.ident(qualifier);
                writer.word("AS").word(&words::qualify_tables(body, &name.finish()))
            }
        };
        if let Some(option) = view.attrs.get(&CHECK_OPTION) {
            writer.word(&format!("WITH {} CHECK OPTION", option.to_ascii_uppercase()));
        }
        writer.finish()
    }

    /// `DROP <kind> <name>`.
    pub fn drop(&self, kind: &str, schema: &str, name: &str) -> String {
        let mut writer = self.writer();
        writer.word("DROP").word(kind);
        self.path(&mut writer, schema, name);
        writer.finish()
    }

    /// A statement that is kept from `CREATE` on, its names after `keywords` qualified where the plan's are.
    pub fn stored(&self, text: &str, schema: &str, keywords: &[&str]) -> String {
        let text = text.trim().trim_end_matches(';').trim_end();
        let qualifier = self.qualifier.unwrap_or(schema);
        if qualifier.is_empty() {
            return text.to_string();
        }
        let mut writer = self.writer();
        writer.ident(qualifier);
        words::qualify(text, &writer.finish(), keywords)
    }
}

/// What a foreign key would do that one of its columns cannot take.
///
/// Source: atlas `sql/mysql/migrate.go`; the message names the column twice there too.
pub fn refuse_set_null(table: &Table, key: &ForeignKey) -> Result<(), String> {
    let sets = [key.on_update, key.on_delete].contains(&Some(ReferenceAction::SetNull));
    let not_null = table.columns.iter().find(|column| {
        !column.nullable && key.columns.iter().any(|name| name.eq_ignore_ascii_case(&column.name))
    });
    match not_null {
        Some(column) if sets => Err(format!(
            "foreign key constraint was {0:?} SET NULL, but column {0:?} is NOT NULL",
            column.name
        )),
        _ => Ok(()),
    }
}

fn go_type(class: Class) -> &'static str {
    match class {
        Class::Bool => "*schema.BoolType",
        Class::Integer | Class::Serial => "*schema.IntegerType",
        Class::Float => "*schema.FloatType",
        Class::Decimal => "*schema.DecimalType",
        Class::String => "*schema.StringType",
        Class::Binary => "*schema.BinaryType",
        Class::Enum => "*schema.EnumType",
        Class::Set => "*mysql.SetType",
        Class::Time | Class::Interval => "*schema.TimeType",
        Class::Json => "*schema.JSONType",
        Class::Spatial => "*schema.SpatialType",
        Class::Uuid => "*schema.UUIDType",
        Class::Network => "*mysql.NetworkType",
        Class::Bits => "*mysql.BitType",
        Class::Array | Class::Range | Class::UserDefined => "*schema.UnsupportedType",
    }
}
