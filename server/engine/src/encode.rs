//! A realm as schema HCL, formatted as Atlas prints it.
//!
//! Tables first, then views and triggers, then schemas. Within a block attributes come first, then blocks, then
//! what Atlas prints last. Invariant: decoding the text gives the realm again.
//!
//! Source: atlas `sql/internal/specutil/convert.go`, `sql/sqlite/sqlspec.go`, `schemahcl/hcl.go`.

mod names;
mod writer;

use hcl::spec;
use schema::{
    AttrValue, Attrs, Check, Column, Default, ForeignKey, Index, IndexPart, Literal, PartOf, Realm,
    ReferenceAction, Table, Trigger, View,
};

use crate::decode::{Event, Time};
use crate::{Dialect, Error};
use names::Names;
use writer::{Block, heredoc, quote, reference};

/// The text of `realm`.
///
/// # Errors
/// [`Error::Invalid`] when a foreign key refers to a table the realm does not have, or when two tables of one
/// schema have the same name.
pub fn encode(realm: &Realm, dialect: &Dialect) -> Result<String, Error> {
    let encoder = Encoder { dialect, names: Names::of(realm)? };
    let mut out = String::new();
    for schema in &realm.schemas {
        for table in &schema.tables {
            encoder.table(&schema.name, table)?.write(0, &mut out);
        }
    }
    for schema in &realm.schemas {
        for view in &schema.views {
            encoder.view(&schema.name, view).write(0, &mut out);
        }
    }
    for schema in &realm.schemas {
        for trigger in &schema.triggers {
            if let Some(block) = encoder.trigger(&schema.name, trigger) {
                block.write(0, &mut out);
            }
        }
    }
    for schema in &realm.schemas {
        let mut block = Block::new("schema", &[&schema.name]);
        comment(&mut block, schema.comment.as_deref());
        encoder.attrs(&mut block, &schema.attrs, &["schema"]);
        block.write(0, &mut out);
    }
    Ok(out)
}

/// The text of one column type: `varchar(255)`, `sql("geometry")`.
pub fn column_type(ty: &schema::ColumnType, dialect: &Dialect) -> String {
    let Some(def) = crate::types::by_sql(dialect.types, &ty.name) else {
        return format!("sql({})", quote(&(dialect.format_type)(ty)));
    };
    // Trailing zeros say nothing: `varchar(0)` is `varchar`.
    let mut args: Vec<String> = Vec::new();
    let mut meaning = 0;
    for (at, arg) in ty.args.iter().enumerate() {
        let declared = def.args.get(at).or(def.args.last());
        if !declared.is_some_and(|declared| declared.kept) {
            break;
        }
        args.push(match arg {
            schema::Arg::Int(number) => number.to_string(),
            schema::Arg::Str(text) => quote(text),
        });
        if *arg != schema::Arg::Int(0) {
            meaning = args.len();
        }
    }
    args.truncate(meaning);
    if args.is_empty() { def.hcl.to_owned() } else { format!("{}({})", def.hcl, args.join(",")) }
}

struct Encoder<'a> {
    dialect: &'a Dialect,
    names: Names,
}

impl Encoder<'_> {
    fn table(&self, schema: &str, table: &Table) -> Result<Block, Error> {
        let mut block = self.qualified("table", schema, &table.name);
        comment(&mut block, table.comment.as_deref());
        for column in &table.columns {
            block.block(self.column(column));
        }
        if let Some(key) = &table.primary_key {
            let mut child = Block::new("primary_key", &[]);
            child.attribute(
                "columns",
                column_list(key.parts.iter().filter_map(IndexPart::column_name).map(|c| &**c)),
            );
            comment(&mut child, key.comment.as_deref());
            self.attrs(&mut child, &key.attrs, &["table", "primary_key"]);
            block.block(child);
        }
        // Keys without a name come last, by the number the catalog gives them, which counts from the last key.
        let count = table.foreign_keys.len();
        let named = table.foreign_keys.iter().filter_map(|key| Some((key, key.name.as_ref()?.to_string())));
        let numbered = table.foreign_keys.iter().enumerate().rev().filter(|(_, key)| key.name.is_none());
        let numbered = numbered.map(|(at, key)| (key, (count - at - 1).to_string()));
        for (key, name) in named.chain(numbered) {
            block.block(self.foreign_key(schema, table, key, &name)?);
        }
        for index in &table.indexes {
            block.block(self.index(index));
        }
        for check in &table.checks {
            block.block(self.check(check));
        }
        self.depends_on(&mut block, &table.depends_on);
        self.attrs(&mut block, &table.attrs, &["table"]);
        Ok(block)
    }

    fn column(&self, column: &Column) -> Block {
        let mut block = Block::new("column", &[&column.name]);
        block.attribute("null", bool(column.nullable));
        if let Some(ty) = &column.ty {
            block.attribute("type", column_type(ty, self.dialect));
        }
        if let Some(default) = &column.default {
            block.attribute("default", default_value(default));
        }
        if column.ty.as_ref().is_some_and(|ty| ty.unsigned) {
            block.attribute("unsigned", "true");
        }
        comment(&mut block, column.comment.as_deref());
        self.attrs(&mut block, &column.attrs, &["table", "column"]);
        if let Some(generated) = &column.generated {
            let mut child = Block::new("as", &[]);
            child.attribute("expr", quote(&generated.expr.0));
            child.attribute("type", generated.storage.sql());
            block.block(child);
        }
        block
    }

    fn foreign_key(&self, schema: &str, table: &Table, key: &ForeignKey, name: &str) -> Result<Block, Error> {
        let ref_schema = if key.ref_schema.is_empty() { schema } else { &key.ref_schema };
        let to = self.names.table_path(ref_schema, &key.ref_table).ok_or_else(|| {
            let column = key.ref_columns.first().map_or("", |column| &**column);
            Error::Invalid(format!(
                "missing reference for column \"$table.{}.$column.{column}\" in {schema:?}.{:?}.{name:?}",
                key.ref_table, table.name
            ))
        })?;
        let mut block = Block::new("foreign_key", &[name]);
        block.attribute("columns", column_list(key.columns.iter().map(|column| &**column)));
        let refs: Vec<String> = key
            .ref_columns
            .iter()
            .map(|column| reference("table", to.iter().map(|step| &**step).chain(["column", column])))
            .collect();
        block.attribute("ref_columns", format!("[{}]", refs.join(", ")));
        for (attribute, action) in [("on_update", key.on_update), ("on_delete", key.on_delete)] {
            if let Some(action) = action {
                block.attribute(attribute, action_word(action));
            }
        }
        self.attrs(&mut block, &key.attrs, &["table", "foreign_key"]);
        Ok(block)
    }

    fn index(&self, index: &Index) -> Block {
        let mut block = Block::new("index", &[&index.name]);
        if index.unique {
            block.attribute("unique", "true");
        }
        let plain = index
            .parts
            .iter()
            .all(|part| matches!(part.of, PartOf::Column(_)) && !part.desc && part.attrs.is_empty());
        if plain {
            block.attribute(
                "columns",
                column_list(index.parts.iter().filter_map(IndexPart::column_name).map(|c| &**c)),
            );
        }
        comment(&mut block, index.comment.as_deref());
        if let Some(predicate) = &index.predicate {
            block.attribute("where", quote(&predicate.0));
        }
        self.attrs(&mut block, &index.attrs, &["table", "index"]);
        for part in index.parts.iter().filter(|_| !plain) {
            let mut child = Block::new("on", &[]);
            if part.desc {
                child.attribute("desc", "true");
            }
            match &part.of {
                PartOf::Column(column) => child.attribute("column", reference("column", [&**column])),
                PartOf::Expr(expr) => child.attribute("expr", quote(&expr.0)),
            }
            self.attrs(&mut child, &part.attrs, &["table", "index", "on"]);
            block.block(child);
        }
        block
    }

    fn check(&self, check: &Check) -> Block {
        let mut block = Block::new("check", check.name.as_deref().as_slice());
        block.attribute("expr", quote(&check.expr.0));
        self.attrs(&mut block, &check.attrs, &["table", "check"]);
        block
    }

    fn view(&self, schema: &str, view: &View) -> Block {
        let mut block = self.qualified("view", schema, &view.name);
        for column in view.columns.iter().filter(|column| column.ty.is_some()) {
            block.block(self.column(column));
        }
        block.attribute("as", heredoc(&view.body, "SQL"));
        comment(&mut block, view.comment.as_deref());
        self.depends_on(&mut block, &view.depends_on);
        self.attrs(&mut block, &view.attrs, &["view"]);
        block
    }

    /// `None` when the trigger's statement cannot be taken apart, so that HCL cannot say it.
    fn trigger(&self, schema: &str, trigger: &Trigger) -> Option<Block> {
        let parts = self.dialect.decode.trigger_parts(trigger)?;
        let mut block = Block::new("trigger", &[&trigger.name]);
        let kind = if self.names.view_path(schema, &trigger.on).is_some() { "view" } else { "table" };
        let on = self.names.path(kind, schema, &trigger.on).unwrap_or_else(|| vec![trigger.on.clone()]);
        block.attribute("on", reference(kind, on.iter().map(|step| &**step)));
        let mut event = Block::new(
            match parts.time {
                Time::Before => "before",
                Time::After => "after",
                Time::InsteadOf => "instead_of",
            },
            &[],
        );
        match &parts.event {
            Event::Insert => event.attribute("insert", "true"),
            Event::Delete => event.attribute("delete", "true"),
            Event::Update => event.attribute("update", "true"),
            Event::UpdateOf(columns) => {
                let refs: Vec<String> = columns
                    .iter()
                    .map(|column| reference(kind, on.iter().map(|step| &**step).chain(["column", column])))
                    .collect();
                event.attribute("update_of", format!("[{}]", refs.join(", ")));
            }
        }
        block.block(event);
        block.attribute("foreach", "ROW");
        if let Some(when) = &parts.when {
            block.attribute("when", quote(when));
        }
        block.attribute("as", heredoc(&parts.body, "SQL"));
        Some(block)
    }

    /// A block with its schema, and with the schema as a label where the name alone is not enough.
    fn qualified(&self, kind: &str, schema: &str, name: &str) -> Block {
        let mut block = match self.names.qualifier(kind, schema, name) {
            Some(qualifier) => Block::new(kind, &[&qualifier, name]),
            None => Block::new(kind, &[name]),
        };
        block.attribute("schema", reference("schema", [schema]));
        block
    }

    fn depends_on(&self, block: &mut Block, on: &[(schema::SmolStr, schema::SmolStr)]) {
        let refs: Vec<String> = on
            .iter()
            .filter_map(|(schema, name)| {
                let kind = if self.names.table_path(schema, name).is_some() { "table" } else { "view" };
                let path = self.names.path(kind, schema, name)?;
                Some(reference(kind, path.iter().map(|step| &**step)))
            })
            .collect();
        if !refs.is_empty() {
            block.attribute("depends_on", format!("[{}]", refs.join(", ")));
        }
    }

    /// The attributes only this dialect has, in the order its grammar declares them.
    fn attrs(&self, block: &mut Block, attrs: &Attrs, path: &[&str]) {
        if attrs.is_empty() {
            return;
        }
        let Some(place) = spec::lookup(self.dialect.spec, path.iter().map(|name| (*name, None))) else {
            return;
        };
        for declared in place.body.attributes {
            if let Some((_, value)) = attrs.iter().find(|(name, _)| *name == declared.name) {
                block.attribute(
                    declared.name,
                    match value {
                        AttrValue::Bool(value) => bool(*value).to_owned(),
                        AttrValue::Int(value) => value.to_string(),
                        AttrValue::Str(value)
                            if declared.ty.words().iter().any(|word| word.name == value) =>
                        {
                            value.clone()
                        }
                        AttrValue::Str(value) => quote(value),
                        AttrValue::List(values) => {
                            format!(
                                "[{}]",
                                values.iter().map(|value| quote(value)).collect::<Vec<_>>().join(", ")
                            )
                        }
                        // Nested blocks, not an attribute.
                        AttrValue::Items(_) => continue,
                    },
                );
            }
        }
    }
}

fn comment(block: &mut Block, comment: Option<&str>) {
    if let Some(comment) = comment {
        block.attribute("comment", quote(comment));
    }
}

fn bool(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// `[column.a, column.b]`
fn column_list<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    let refs: Vec<String> = columns.map(|column| reference("column", [column])).collect();
    format!("[{}]", refs.join(", "))
}

fn action_word(action: ReferenceAction) -> String {
    action.sql().replace(' ', "_")
}

/// A default as HCL: `5`, `true`, `"text"`, `sql("expr")`.
fn default_value(default: &Default) -> String {
    match default {
        Default::Expr(expr) => format!("sql({})", quote(&expr.0)),
        Default::Literal(Literal { text, quoted: true }) => quote(text),
        Default::Literal(Literal { text, quoted: false }) => {
            let lower = text.to_ascii_lowercase();
            if matches!(lower.as_str(), "true" | "false") {
                return lower;
            }
            let number = text.strip_prefix('+').unwrap_or(text);
            match hcl::Number::parse(number) {
                Some(number) => number.to_string(),
                None => format!("sql({})", quote(text)),
            }
        }
    }
}
