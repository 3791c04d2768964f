//! The text of PostgreSQL statements.
//!
//! Each function writes one statement or one clause of it. Names are always quoted; expressions are as the state has
//! them. Invariant: a table, type or other object is written with its schema unless the plan is bound to one.
//!
//! Source: atlas `sql/postgres/migrate.go`; reference engine.md §9.

use engine::plan::Writer;
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{
    AttrKey, Attrs, Check, Class, Column, ColumnType, Default, ForeignKey, Index, IndexPart, Key, PartOf,
    PrimaryKey, ReferenceAction, SmolStr, Storage, Table,
};

use super::super::attr::{self, Identity, Partition};
use super::super::diff::{is_wrapped, partition_by};
use super::super::{names, types};

/// How statements are written.
#[derive(Clone, Copy)]
pub struct Render<'a> {
    pub indent: &'a str,
    /// `None` for an object's own schema, otherwise the qualifier of all.
    pub qualifier: Option<&'a str>,
    /// The types and functions somebody declared, by schema and name: names in attributes do not tell them from those of the server.
    pub types: &'a FxHashSet<(SmolStr, SmolStr)>,
    /// The schemas of the collations somebody declared, by name.
    pub collations: &'a FxHashMap<SmolStr, SmolStr>,
}

/// `expr` in parentheses, unless it is already.
pub fn wrapped(expr: &str) -> String {
    let expr = expr.trim();
    if is_wrapped(expr) { expr.to_string() } else { format!("({expr})") }
}

/// A string.
pub fn literal(text: &str) -> String {
    // A backslash means itself: `standard_conforming_strings` is on since PostgreSQL 9.1.
    format!("'{}'", text.replace('\'', "''"))
}

/// A quoted name.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl<'a> Render<'a> {
    pub fn writer(&self) -> Writer {
        Writer::new('"', self.indent)
    }

    /// On one line.
    pub fn line(&self) -> Writer {
        Writer::new('"', "")
    }

    /// The same, on one line.
    pub fn flat(self) -> Self {
        Self { indent: "", ..self }
    }

    /// What stands before the names of objects of `schema`.
    pub fn qualifier<'b>(&self, schema: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.qualifier.unwrap_or(schema)
    }

    /// `"s"."t"`.
    pub fn path(&self, schema: &str, name: &str) -> String {
        match self.qualifier(schema) {
            "" => ident(name),
            schema => format!("{}.{}", ident(schema), ident(name)),
        }
    }

    pub fn table(&self, table: &Table) -> String {
        self.path(&table.schema, &table.name)
    }

    /// What an attribute of an object of `own` refers to.
    pub fn target(&self, own: &str, text: &str) -> String {
        match names::target(text) {
            Some((schema, name)) => self.path(if schema.is_empty() { own } else { &schema }, &name),
            None => text.to_string(),
        }
    }

    /// A type of a column.
    pub fn ty(&self, ty: &ColumnType) -> String {
        if ty.class == Class::Array {
            return match types::element(ty) {
                Some(element) => format!("{}[]", self.ty(&element)),
                None => ty.name.to_string(),
            };
        }
        match &ty.schema {
            Some(schema) => self.path(schema, &ty.name),
            None => types::format(ty),
        }
    }

    /// A type as an attribute of an object of `own` has it.
    pub fn type_text(&self, own: &str, text: &str) -> String {
        let mut ty = types::parse(text);
        let mut base = match types::element(&ty) {
            Some(element) => element,
            None => ty.clone(),
        };
        if base.schema.is_none()
            && base.class == Class::UserDefined
            && let Some((_, name)) = names::target(&base.name)
            && self.types.contains(&(own.into(), name.clone()))
        {
            base.schema = Some(own.into());
            base.name = name;
            if ty.class != Class::Array {
                ty = base;
                return self.ty(&ty);
            }
            return format!("{}[]", self.ty(&base));
        }
        if base.class == Class::UserDefined && base.schema.is_some() {
            self.ty(&ty)
        } else {
            text.to_string()
        }
    }

    pub fn columns<'c>(&self, names: impl IntoIterator<Item = &'c SmolStr>) -> String {
        let list: Vec<_> = names.into_iter().map(|name| ident(name)).collect();
        format!("({})", list.join(", "))
    }

    /// `"c" integer NOT NULL DEFAULT 1`.
    pub fn column(&self, writer: &mut Writer, column: &Column) {
        writer.ident(&column.name);
        let Some(ty) = &column.ty else { return };
        writer.word(&self.ty(ty));
        let stored = &column.attrs;
        if let Some(method) = stored.get(&attr::COMPRESSION) {
            writer.word("COMPRESSION").word(&method);
        }
        writer.word(if column.nullable { "NULL" } else { "NOT NULL" });
        if let Some(default) = &column.default
            && !(ty.class == Class::Serial && matches!(default, Default::Expr(_)))
        {
            writer.word("DEFAULT").word(&default_text(default, ty.class));
        }
        if let Some(collation) = stored.get(&attr::COLLATE) {
            writer.word("COLLATE").word(&self.collation(&collation));
        }
        if let Some(identity) = Identity::of(stored) {
            writer.word("GENERATED").word(generation(identity)).word("AS IDENTITY");
            let mut options = Vec::new();
            if identity.start != 1 || identity.increment != 1 {
                options.push(format!("START WITH {}", identity.start));
                options.push(format!("INCREMENT BY {}", identity.increment));
            }
            if !options.is_empty() {
                writer.word(&format!("({})", options.join(" ")));
            }
        } else if let Some(generated) = &column.generated {
            let kind = match generated.storage {
                Storage::Stored => "STORED",
                Storage::Virtual => "VIRTUAL",
            };
            writer.word("GENERATED ALWAYS AS").word(&wrapped(&generated.expr.0)).word(kind);
        }
    }

    /// A collation as an attribute names it.
    pub fn collation(&self, text: &str) -> String {
        match &names::steps(text)[..] {
            // One that is not written like a name: `de-phonebook`.
            [] => match (self.collations.get(text), text.split_once('.')) {
                (Some(schema), _) => self.path(schema, text),
                (None, Some((schema, name))) => self.path(schema, name),
                (None, None) => ident(text),
            },
            steps => {
                // A bare name may have been written without quotes in spite of capitals.
                if steps.len() == 1 && !text.starts_with('"') {
                    return match self.collations.get(text) {
                        Some(schema) => self.path(schema, text),
                        None => ident(text),
                    };
                }
                steps.iter().map(|step| ident(step)).collect::<Vec<_>>().join(".")
            }
        }
    }

    pub fn create_table(&self, table: &Table) -> String {
        enum Element<'t> {
            Column(&'t Column),
            Text(String),
        }
        let mut elements: Vec<Element<'_>> = table.columns.iter().map(Element::Column).collect();
        if let Some(key) = &table.primary_key {
            elements.push(Element::Text(self.primary_key(table, key)));
        }
        for index in table.indexes.iter().filter(|index| index.key != Key::Index) {
            elements.push(Element::Text(self.constraint(table, index)));
        }
        for key in table.foreign_keys.iter().filter(|key| !key.attrs.is(&attr::NOT_VALID)) {
            elements.push(Element::Text(self.foreign_key(table, key)));
        }
        // One that old rows need not comply with is added after: in a new table the server would take it for valid.
        for check in table.checks.iter().filter(|check| !check.attrs.is(&attr::NOT_VALID)) {
            elements.push(Element::Text(self.check(check)));
        }
        let mut writer = self.writer();
        writer
            .word("CREATE")
            .word_if(table.attrs.is(&attr::UNLOGGED), "UNLOGGED")
            .word("TABLE")
            .path(self.qualifier(&table.schema), &table.name)
            .block(elements, |writer, element| match element {
                Element::Column(column) => self.column(writer, column),
                Element::Text(text) => {
                    writer.word(&text);
                }
            });
        if let Some(partition) = Partition::of(&table.attrs) {
            writer.word(&partition_by(&partition));
        }
        if let Some(method) = table.attrs.get(&attr::ACCESS_METHOD) {
            writer.word("USING").ident(&method);
        }
        if let Some(params) = params(&table.attrs) {
            writer.word("WITH").word(&params);
        }
        writer.finish()
    }

    pub fn drop_table(&self, table: &Table) -> String {
        format!("DROP TABLE {}", self.table(table))
    }

    /// `PRIMARY KEY ("id")`, with the name of the constraint when it is not the usual one.
    pub fn primary_key(&self, table: &Table, key: &PrimaryKey) -> String {
        let mut writer = self.line();
        if let Some(name) = key.name.as_ref().filter(|name| **name != primary_key_name(table, None)) {
            writer.word("CONSTRAINT").ident(name);
        }
        let columns = self.columns(key.parts.iter().filter_map(IndexPart::column_name));
        writer.word("PRIMARY KEY").word(&overlaps(columns, &key.attrs));
        self.include(&mut writer, &key.attrs);
        deferrable(&mut writer, &key.attrs);
        writer.finish()
    }

    fn include(&self, writer: &mut Writer, attrs: &Attrs) {
        if let Some(columns) = attrs.get(&attr::INCLUDE).filter(|columns| !columns.is_empty()) {
            writer.word("INCLUDE").list(columns, |writer, name| {
                writer.ident(&name);
            });
        }
    }

    /// `CONSTRAINT "u" UNIQUE ("a")`, or an exclusion constraint.
    pub fn constraint(&self, table: &Table, index: &Index) -> String {
        let mut writer = self.line();
        if !index.name.is_empty() {
            writer.word("CONSTRAINT").ident(&index.name);
        }
        if index.key == Key::Exclusion {
            writer.word("EXCLUDE");
            let method = index.attrs.get(&attr::TYPE).unwrap_or_else(|| "BTREE".into());
            writer.word("USING").word(&method.to_ascii_lowercase());
            writer.list(&index.parts, |writer, part| {
                self.part(writer, table, part);
                if let Some(operator) = part.attrs.get(&attr::OP) {
                    writer.word("WITH").word(&operator);
                }
            });
        } else {
            writer
                .word("UNIQUE")
                .word_if(index.attrs.get(&attr::NULLS_DISTINCT) == Some(false), "NULLS NOT DISTINCT");
            let columns = self.columns(index.parts.iter().filter_map(IndexPart::column_name));
            writer.word(&overlaps(columns, &index.attrs));
        }
        self.include(&mut writer, &index.attrs);
        if let Some(params) = params(&index.attrs) {
            writer.word("WITH").word(&params);
        }
        if let (Key::Exclusion, Some(predicate)) = (index.key, &index.predicate) {
            writer.word("WHERE").word(&wrapped(&predicate.0));
        }
        deferrable(&mut writer, &index.attrs);
        writer.finish()
    }

    pub fn foreign_key(&self, table: &Table, key: &ForeignKey) -> String {
        let mut writer = self.line();
        if let Some(name) = &key.name {
            writer.word("CONSTRAINT").ident(name);
        }
        let schema = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
        writer
            .word("FOREIGN KEY")
            .word(&period(self.columns(&key.columns), &key.attrs))
            .word("REFERENCES")
            .path(self.qualifier(schema), &key.ref_table);
        if !key.ref_columns.is_empty() {
            writer.word(&period(self.columns(&key.ref_columns), &key.attrs));
        }
        if key.attrs.get(&attr::MATCH).is_some_and(|how| how.eq_ignore_ascii_case("FULL")) {
            writer.word("MATCH FULL");
        }
        let action = |action: Option<ReferenceAction>| action.unwrap_or(ReferenceAction::NoAction).sql();
        writer.word("ON UPDATE").word(action(key.on_update)).word("ON DELETE").word(action(key.on_delete));
        if let Some(columns) = key.attrs.get(&attr::ON_DELETE_COLUMNS) {
            writer.list(columns, |writer, name| {
                writer.ident(&name);
            });
        }
        deferrable(&mut writer, &key.attrs);
        writer.word_if(key.attrs.is(&attr::NOT_ENFORCED), "NOT ENFORCED");
        writer.finish()
    }

    pub fn check(&self, check: &Check) -> String {
        let mut writer = self.line();
        if let Some(name) = check.name.as_ref().filter(|name| !name.is_empty()) {
            writer.word("CONSTRAINT").ident(name);
        }
        writer
            .word("CHECK")
            .word(&wrapped(&check.expr.0))
            .word_if(check.attrs.is(&attr::NO_INHERIT), "NO INHERIT")
            .word_if(check.attrs.is(&attr::NOT_ENFORCED), "NOT ENFORCED");
        writer.finish()
    }

    /// `CREATE INDEX … ON "s"."t" …`; `table` may stand for a materialized view.
    pub fn create_index(&self, table: &Table, index: &Index, concurrently: bool) -> String {
        let mut writer = self.line();
        writer
            .word("CREATE")
            .word_if(index.unique, "UNIQUE")
            .word("INDEX")
            .word_if(concurrently, "CONCURRENTLY");
        if !index.name.is_empty() {
            writer.ident(&index.name);
        }
        writer.word("ON").path(self.qualifier(&table.schema), &table.name);
        if let Some(method) =
            index.attrs.get(&attr::TYPE).filter(|method| !method.eq_ignore_ascii_case("BTREE"))
        {
            writer.word("USING").word(&method.to_ascii_lowercase());
        }
        writer.list(&index.parts, |writer, part| self.part(writer, table, part));
        self.include(&mut writer, &index.attrs);
        writer.word_if(index.attrs.get(&attr::NULLS_DISTINCT) == Some(false), "NULLS NOT DISTINCT");
        if let Some(params) = params(&index.attrs) {
            writer.word("WITH").word(&params);
        }
        if let Some(predicate) = &index.predicate {
            writer.word("WHERE").word(&predicate.0);
        }
        writer.finish()
    }

    fn part(&self, writer: &mut Writer, table: &Table, part: &IndexPart) {
        match &part.of {
            PartOf::Column(name) => writer.ident(name),
            PartOf::Expr(expr) => writer.word(&wrapped(&expr.0)),
        };
        if let Some(collation) = part.attrs.get(&attr::COLLATE) {
            writer.word("COLLATE").word(&self.collation(&collation));
        }
        if let Some(ops) = part.attrs.get(&attr::OPS) {
            let _ = table;
            writer.word(&ops);
        }
        writer.word_if(part.desc, "DESC");
        writer.word_if(part.attrs.is(&attr::NULLS_FIRST) && !part.desc, "NULLS FIRST");
        writer.word_if(part.attrs.is(&attr::NULLS_LAST) && part.desc, "NULLS LAST");
    }

    pub fn drop_index(&self, schema: &str, index: &Index, concurrently: bool) -> String {
        let mut writer = self.line();
        writer
            .word("DROP INDEX")
            .word_if(concurrently, "CONCURRENTLY")
            .path(self.qualifier(schema), &index.name);
        writer.finish()
    }

    /// `COMMENT ON <what> IS '…'`; no comment is the empty one.
    pub fn comment(&self, what: &str, text: Option<&str>) -> String {
        format!("COMMENT ON {what} IS {}", literal(text.unwrap_or_default()))
    }
}

/// `ALWAYS` or `BY DEFAULT`.
pub fn generation(identity: Identity) -> &'static str {
    if identity.always { "ALWAYS" } else { "BY DEFAULT" }
}

/// A default as SQL: constants of numbers and truth values bare, others quoted, expressions as they are.
pub fn default_text(default: &Default, class: Class) -> String {
    match default {
        Default::Expr(expr) => expr.0.clone(),
        Default::Literal(value) => match class {
            Class::Bool | Class::Integer | Class::Decimal | Class::Float | Class::Serial
                if bare(&value.text) =>
            {
                value.text.clone()
            }
            _ => literal(&value.text),
        },
    }
}

/// Whether a constant can stand without quotes.
fn bare(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let number = number.starts_with(|ch: char| ch.is_ascii_digit() || ch == '.')
        && number.chars().all(|ch| ch.is_ascii_digit() || matches!(ch, '.' | 'e' | 'E' | '-' | '+'));
    number || ["true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The name of the primary key of `table`.
pub fn primary_key_name(table: &Table, key: Option<&PrimaryKey>) -> SmolStr {
    key.and_then(|key| key.name.clone())
        .unwrap_or_else(|| names::implied(&table.name, &[], "pkey", |_| false).into())
}

/// `("a", "b" WITHOUT OVERLAPS)` of `("a", "b")`, for a key that says so.
fn overlaps(columns: String, attrs: &Attrs) -> String {
    match columns.strip_suffix(')').filter(|_| attrs.is(&attr::WITHOUT_OVERLAPS)) {
        Some(inner) => format!("{inner} WITHOUT OVERLAPS)"),
        None => columns,
    }
}

/// `("a", PERIOD "b")` of `("a", "b")`, for a key that says so.
fn period(columns: String, attrs: &Attrs) -> String {
    match columns.rsplit_once(", ").filter(|_| attrs.is(&attr::PERIOD)) {
        Some((before, last)) => format!("{before}, PERIOD {last}"),
        None => columns,
    }
}

fn deferrable(writer: &mut Writer, attrs: &Attrs) {
    match attrs.get(&attr::DEFERRABLE).as_deref() {
        Some("INITIALLY_DEFERRED") => writer.word("DEFERRABLE INITIALLY DEFERRED"),
        Some(_) => writer.word("DEFERRABLE"),
        None => writer,
    };
}

/// `(autosummarize = true, pages_per_range = 4)`.
pub fn params(attrs: &Attrs) -> Option<String> {
    let mut list: Vec<String> = strings(attrs, &attr::STORAGE_PARAMS)
        .into_iter()
        .map(|param| match param.split_once('=') {
            Some((name, value)) => format!("{} = {}", name.trim(), param_value(value.trim())),
            None => param,
        })
        .collect();
    if let Some(pages) = attrs.get(&attr::PAGE_PER_RANGE).filter(|pages| *pages != 128) {
        list.push(format!("pages_per_range = {pages}"));
    }
    (!list.is_empty()).then(|| format!("({})", list.join(", ")))
}

/// The value of a storage parameter.
pub fn param_value(value: &str) -> String {
    let plain = !value.is_empty()
        && value.chars().all(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '.' | '-'));
    if plain { value.to_string() } else { literal(value.trim_matches('\'')) }
}

/// A list of strings of `attrs`, empty when there is none.
pub fn strings(attrs: &Attrs, key: &AttrKey<Vec<String>>) -> Vec<String> {
    attrs.get(key).unwrap_or_default()
}
