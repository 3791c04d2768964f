//! Single statements of SQLite.
//!
//! Source: atlas `sql/sqlite/migrate.go`; reference engine.md §11.

use engine::plan::Writer;
use schema::{Class, Column, Default, ForeignKey, Index, IndexPart, PartOf, Storage, Table, View};

use super::super::attr::{
    AUTO_INCREMENT, COLLATE, DEFERRED, ON_CONFLICT, STRICT, VIEW_COLUMNS, WITHOUT_ROWID,
};
use super::super::diff::fold;
use super::super::expr::{self, Word};
use super::super::types;
use super::copy::Copied;

/// How statements are written.
#[derive(Clone, Copy)]
pub struct Render<'a> {
    pub indent: &'a str,
    pub qualifier: &'a str,
}

/// What cannot be written of a table.
pub fn check(table: &Table) -> Result<(), Vec<String>> {
    let mut errors = Vec::new();
    for column in &table.columns {
        if column.attrs.is(&AUTO_INCREMENT) && column.generated.is_some() {
            errors.push(format!(
                "both autoincrement and generation expression specified for column {:?}",
                column.name
            ));
        }
    }
    for key in &table.foreign_keys {
        let mut missing = Vec::new();
        if key.columns.is_empty() {
            missing.push("\"child columns\"");
        }
        if key.ref_table.is_empty() {
            missing.push("\"parent table\"");
        }
        if !missing.is_empty() {
            let name = key.name.as_deref().unwrap_or_default();
            errors.push(format!("missing [{}] for foreign key: {name:?}", missing.join(" ")));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Whether the index stands inside `CREATE TABLE`: what `CREATE INDEX` cannot say.
pub fn is_inline(index: &Index) -> bool {
    index.unique && index.attrs.get(&ON_CONFLICT).is_some()
}

/// Whether `ALTER TABLE … ADD COLUMN` can add it.
pub fn can_be_added(table: &Table, column: &Column) -> bool {
    let name = fold(&column.name);
    let is = |part: &IndexPart| match &part.of {
        PartOf::Column(column) => fold(column) == name,
        PartOf::Expr(text) => expr::names(&text.0).any(|word| word == name),
    };
    let indexed = table.indexes.iter().any(|index| index.parts.iter().any(is));
    let keyed = table.primary_key.as_ref().is_some_and(|key| key.parts.iter().any(is));
    let refers = table.foreign_keys.iter().any(|key| key.columns.iter().any(|column| fold(column) == name));
    let constant = match &column.default {
        None => true,
        Some(Default::Expr(_)) => false,
        Some(Default::Literal(literal)) => !matches!(
            literal.text.to_ascii_uppercase().as_str(),
            "CURRENT_TIME" | "CURRENT_DATE" | "CURRENT_TIMESTAMP"
        ),
    };
    let stored = column.generated.as_ref().is_some_and(|generated| generated.storage == Storage::Stored);
    !indexed && !keyed && !refers && constant && !stored
}

/// A default as SQL, in parentheses where SQLite needs them.
pub fn default(column: &Column) -> Option<String> {
    let class = column.ty.as_ref().map_or(Class::Binary, |ty| ty.class);
    Some(match column.default.as_ref()? {
        Default::Expr(text) => expr::wrap(&text.0),
        Default::Literal(literal) => {
            let word = expr::words(&literal.text);
            let is_number = matches!(word[..], [Word::Number(_)] | [Word::Sign("-" | "+"), Word::Number(_)]);
            let is_word = matches!(&word[..], [Word::Name(name)] if name == "true" || name == "false");
            let numeric = matches!(class, Class::Bool | Class::Decimal | Class::Integer | Class::Float);
            let bare = match (literal.quoted, numeric) {
                (false, true) => true,
                (true, true) => is_number || class == Class::Bool && is_word,
                // Where text is kept, a whole number and its text are the same.
                (false, false) => {
                    !is_number || class == Class::Binary || literal.text.contains(['.', 'e', 'E', 'x', 'X'])
                }
                (true, false) => false,
            };
            if bare { literal.text.clone() } else { format!("'{}'", literal.text.replace('\'', "''")) }
        }
    })
}

/// A statement kept verbatim, without its delimiter.
pub fn statement(text: &str) -> String {
    text.trim().trim_end_matches(';').trim_end().to_string()
}

enum Element<'a> {
    Column(&'a Column),
    PrimaryKey(&'a schema::PrimaryKey),
    Unique(&'a Index),
    ForeignKey(usize, &'a ForeignKey),
    Check(&'a schema::Check),
}

impl Render<'_> {
    fn writer(&self) -> Writer {
        Writer::new('`', "")
    }

    pub fn create_table(&self, table: &Table, name: &str) -> String {
        let auto = table.columns.iter().any(|column| column.attrs.is(&AUTO_INCREMENT));
        let mut elements: Vec<Element<'_>> = table.columns.iter().map(Element::Column).collect();
        elements.extend(table.primary_key.iter().filter(|_| !auto).map(Element::PrimaryKey));
        elements.extend(table.indexes.iter().filter(|index| is_inline(index)).map(Element::Unique));
        elements.extend(table.foreign_keys.iter().enumerate().map(|(at, key)| Element::ForeignKey(at, key)));
        elements.extend(table.checks.iter().map(Element::Check));
        let mut writer = Writer::new('`', self.indent);
        writer.word("CREATE TABLE").path(self.qualifier, name);
        writer.block(elements, |writer, element| match element {
            Element::Column(column) => write_column(writer, table, column),
            Element::PrimaryKey(key) => {
                if let Some(name) = &key.name {
                    writer.word("CONSTRAINT").ident(name);
                }
                writer.word("PRIMARY KEY");
                write_parts(writer, &key.parts);
                write_conflict(writer, &key.attrs);
            }
            Element::Unique(index) => {
                writer.word("UNIQUE");
                write_parts(writer, &index.parts);
                write_conflict(writer, &index.attrs);
            }
            Element::ForeignKey(at, key) => write_foreign_key(writer, table, at, key),
            Element::Check(check) => {
                if let Some(name) = &check.name {
                    writer.word("CONSTRAINT").ident(name);
                }
                writer.word("CHECK").word(&expr::wrap(&check.expr.0));
            }
        });
        let options = [(&WITHOUT_ROWID, "WITHOUT ROWID"), (&STRICT, "STRICT")];
        let options: Vec<&str> =
            options.into_iter().filter(|(key, _)| table.attrs.is(key)).map(|(_, words)| words).collect();
        writer.word_if(!options.is_empty(), &options.join(", "));
        writer.finish()
    }

    pub fn drop_table(&self, name: &str) -> String {
        let mut writer = self.writer();
        writer.word("DROP TABLE").path(self.qualifier, name);
        writer.finish()
    }

    pub fn rename_table(&self, from: &str, to: &str) -> String {
        let mut writer = self.writer();
        writer.word("ALTER TABLE").path(self.qualifier, from).word("RENAME TO").ident(to);
        writer.finish()
    }

    pub fn rename_column(&self, table: &Table, from: &str, to: &str) -> String {
        let mut writer = self.writer();
        writer.word("ALTER TABLE").path(self.qualifier, &table.name);
        writer.word("RENAME COLUMN").ident(from).word("TO").ident(to);
        writer.finish()
    }

    pub fn add_column(&self, table: &Table, column: &Column) -> String {
        let mut writer = self.writer();
        writer.word("ALTER TABLE").path(self.qualifier, &table.name).word("ADD COLUMN");
        write_column(&mut writer, table, column);
        writer.finish()
    }

    pub fn drop_column(&self, table: &Table, column: &str) -> String {
        let mut writer = self.writer();
        writer.word("ALTER TABLE").path(self.qualifier, &table.name).word("DROP COLUMN").ident(column);
        writer.finish()
    }

    pub fn create_index(&self, table: &Table, index: &Index, name: &str) -> String {
        let mut writer = self.writer();
        writer.word("CREATE").word_if(index.unique, "UNIQUE").word("INDEX").path(self.qualifier, name);
        writer.word("ON").ident(&table.name);
        write_parts(&mut writer, &index.parts);
        if let Some(predicate) = &index.predicate {
            writer.word("WHERE").word(predicate.0.trim());
        }
        writer.finish()
    }

    pub fn drop_index(&self, name: &str) -> String {
        let mut writer = self.writer();
        writer.word("DROP INDEX").path(self.qualifier, name);
        writer.finish()
    }

    pub fn copy_rows(&self, from: &str, to: &str, columns: &[Copied<'_>]) -> String {
        let mut writer = self.writer();
        writer.word("INSERT INTO").path(self.qualifier, to);
        writer.list(columns, |writer, column| {
            writer.ident(column.name);
        });
        let mut values = Vec::new();
        for column in columns {
            let mut value = self.writer();
            value.ident(column.old);
            let mut value = value.finish();
            if let Some(default) = &column.default {
                let mut name = self.writer();
                name.ident(column.name);
                value = format!("IFNULL({value}, {default}) AS {}", name.finish());
            }
            values.push(value);
        }
        writer.word("SELECT").word(&values.join(", ")).word("FROM").path(self.qualifier, from);
        writer.finish()
    }

    /// Gives a copy the number its table stood at, which may be above that of any row.
    pub fn keep_sequence(&self, from: &str, to: &str) -> [String; 2] {
        let mut delete = self.writer();
        delete.word("DELETE FROM").ident("sqlite_sequence").word("WHERE").ident("name").word("=").literal(to);
        let mut insert = self.writer();
        insert.word("INSERT INTO").ident("sqlite_sequence");
        insert.list(["name", "seq"], |writer, name| {
            writer.ident(name);
        });
        let mut value = self.writer();
        value.literal(to);
        insert.word("SELECT").word(&format!("{},", value.finish())).ident("seq");
        insert.word("FROM").ident("sqlite_sequence").word("WHERE").ident("name").word("=").literal(from);
        [delete.finish(), insert.finish()]
    }

    pub fn create_view(&self, view: &View) -> String {
        let mut writer = self.writer();
        writer.word("CREATE VIEW").path(self.qualifier, &view.name);
        if let Some(columns) = view.attrs.get(&VIEW_COLUMNS).filter(|columns| !columns.is_empty()) {
            writer.list(columns, |writer, column| {
                writer.ident(&column);
            });
        }
        writer.word("AS").word(&statement(&view.body));
        writer.finish()
    }

    pub fn drop_view(&self, name: &str) -> String {
        let mut writer = self.writer();
        writer.word("DROP VIEW").path(self.qualifier, name);
        writer.finish()
    }

    pub fn drop_trigger(&self, name: &str) -> String {
        let mut writer = self.writer();
        writer.word("DROP TRIGGER").path(self.qualifier, name);
        writer.finish()
    }
}

fn write_column(writer: &mut Writer, table: &Table, column: &Column) {
    writer.ident(&column.name);
    let ty = column.ty.as_ref().map(types::format).unwrap_or_default();
    writer.word_if(!ty.is_empty(), &ty);
    writer.word(if column.nullable { "NULL" } else { "NOT NULL" });
    if !column.nullable {
        write_conflict(writer, &column.attrs);
    }
    if let Some(default) = default(column) {
        writer.word("DEFAULT").word(&default);
    }
    if let Some(name) = column.attrs.get(&COLLATE) {
        writer.word("COLLATE").word(&collation(&name));
    }
    if column.attrs.is(&AUTO_INCREMENT) {
        let key = table.primary_key.as_ref();
        if let Some(name) = key.and_then(|key| key.name.as_ref()) {
            writer.word("CONSTRAINT").ident(name);
        }
        writer.word("PRIMARY KEY");
        if let Some(key) = key {
            write_conflict(writer, &key.attrs);
        }
        writer.word("AUTOINCREMENT");
    } else if let Some(generated) = &column.generated {
        writer.word("AS").word(&expr::wrap(&generated.expr.0)).word(generated.storage.sql());
    }
}

/// The names every SQLite knows stand bare.
fn collation(name: &str) -> String {
    if ["BINARY", "NOCASE", "RTRIM"].iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return name.to_string();
    }
    let mut writer = Writer::new('`', "");
    writer.ident(name);
    writer.finish()
}

fn write_parts(writer: &mut Writer, parts: &[IndexPart]) {
    writer.list(parts, |writer, part| {
        match &part.of {
            PartOf::Column(name) => writer.ident(name),
            PartOf::Expr(text) => writer.word(&expr::wrap(&text.0)),
        };
        if let Some(name) = part.attrs.get(&COLLATE) {
            writer.word("COLLATE").word(&collation(&name));
        }
        writer.word_if(part.desc, "DESC");
    });
}

fn write_conflict(writer: &mut Writer, attrs: &schema::Attrs) {
    if let Some(word) = attrs.get(&ON_CONFLICT) {
        writer.word("ON CONFLICT").word(&word);
    }
}

/// A key without a name gets the number by which SQLite lists it, as Atlas does: the last one is `0`.
fn write_foreign_key(writer: &mut Writer, table: &Table, at: usize, key: &ForeignKey) {
    let number = table.foreign_keys.len() - 1 - at;
    match &key.name {
        Some(name) => writer.word("CONSTRAINT").ident(name),
        None => writer.word("CONSTRAINT").ident(&number.to_string()),
    };
    writer.word("FOREIGN KEY").list(&key.columns, |writer, name| {
        writer.ident(name);
    });
    writer.word("REFERENCES").ident(&key.ref_table);
    if !key.ref_columns.is_empty() {
        writer.list(&key.ref_columns, |writer, name| {
            writer.ident(name);
        });
    }
    if let Some(action) = key.on_update {
        writer.word("ON UPDATE").word(action.sql());
    }
    if let Some(action) = key.on_delete {
        writer.word("ON DELETE").word(action.sql());
    }
    writer.word_if(key.attrs.is(&DEFERRED), "DEFERRABLE INITIALLY DEFERRED");
}
