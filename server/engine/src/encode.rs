//! A realm as schema HCL, formatted as Atlas prints it.
//!
//! Tables first, then views, routines, triggers and what else a dialect declares, then schemas. Within a block attributes come first, then blocks, then
//! what Atlas prints last. Invariant: decoding the text gives the realm again.
//!
//! Source: atlas `sql/internal/specutil/convert.go`, `sql/sqlite/sqlspec.go`, `schemahcl/hcl.go`.

mod attrs;
mod names;
mod writer;

use hcl::spec::AttrType;
use schema::{
    Attrs, Check, Column, Default, ForeignKey, Index, IndexPart, Key, Literal, Object, PartOf, Realm,
    ReferenceAction, Routine, Table, Trigger, View, ViewKind,
};

use crate::decode::{Event, Time};
use crate::{Dialect, Error};
use attrs::Own;
use names::{Names, routine_kind, view_kind};
use writer::{Block, heredoc, quote, reference};

/// The text of `realm`.
///
/// # Errors
/// [`Error::Invalid`] when a foreign key refers to a table the realm does not have, or when two tables of one
/// schema have the same name.
pub fn encode(realm: &Realm, dialect: &Dialect) -> Result<String, Error> {
    let encoder = Encoder { dialect, names: Names::of(realm)?, several: realm.schemas.len() > 1 };
    let mut out = String::new();
    for schema in &realm.schemas {
        for table in &schema.tables {
            let printed = dialect.decode.printed_table_attrs(realm, schema, table);
            let attrs = printed.as_ref().unwrap_or(&table.attrs);
            encoder.table(&schema.name, table, attrs)?.write(0, &mut out);
        }
    }
    for schema in &realm.schemas {
        for view in &schema.views {
            encoder.view(&schema.name, view).write(0, &mut out);
        }
    }
    for schema in &realm.schemas {
        for routine in &schema.routines {
            encoder.routine(&schema.name, routine).write(0, &mut out);
        }
    }
    for schema in &realm.schemas {
        for trigger in &schema.triggers {
            if let Some(block) = encoder.trigger(&schema.name, trigger) {
                block.write(0, &mut out);
            }
        }
    }
    let objects = |kind: &'static str| {
        let own = realm.schemas.iter().flat_map(|schema| &schema.objects);
        own.chain(&realm.objects).filter(move |object| object.kind == kind)
    };
    for kind in dialect.spec.blocks {
        for object in objects(kind.name) {
            encoder.object(object).write(0, &mut out);
        }
    }
    for schema in &realm.schemas {
        let mut block = Block::new("schema", &[&schema.name]);
        comment(&mut block, schema.comment.as_deref());
        encoder.attrs(&mut block, &schema.attrs, &["schema"], Own { schema: "", table: "" }, &[]);
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
        if *arg != schema::Arg::Int(0)
            || matches!(ty.class, schema::Class::Time | schema::Class::Interval) && !is_usual(ty, dialect)
        {
            meaning = args.len();
        }
    }
    args.truncate(meaning);
    if args.is_empty() { def.hcl.to_owned() } else { format!("{}({})", def.hcl, args.join(",")) }
}

/// Whether a type without its arguments is the same: the precision of a time is 6 where nothing is said, or 0.
fn is_usual(ty: &schema::ColumnType, dialect: &Dialect) -> bool {
    let again = |ty: &schema::ColumnType| (dialect.parse_type)(&(dialect.format_type)(ty));
    let plain = schema::ColumnType::new(ty.class, ty.name.clone());
    again(ty) == again(&plain)
}

struct Encoder<'a> {
    dialect: &'a Dialect,
    names: Names,
    /// There are several schemas, so that names in texts carry theirs.
    several: bool,
}

impl Encoder<'_> {
    fn table(&self, schema: &str, table: &Table, attrs: &Attrs) -> Result<Block, Error> {
        let mut block = self.qualified("table", schema, &table.name);
        comment(&mut block, table.comment.as_deref());
        let own = Own { schema, table: &table.name };
        let body = self.dialect.spec.block("table").map(|declared| declared.body);
        // Flags of the table as a whole come last.
        let is_flag = |attribute: &hcl::spec::Attribute| matches!(attribute.ty, AttrType::Bool);
        if let Some(body) = body {
            self.attributes(&mut block, attrs, body, own, &[], |attribute| !is_flag(attribute));
        }
        for column in &table.columns {
            block.block(self.column(column, own));
        }
        if let Some(key) = &table.primary_key {
            let name = key.name.as_deref().filter(|_| self.dialect.decode.names_primary_keys());
            let mut child = Block::new("primary_key", name.as_slice());
            let plain = is_plain(&key.parts);
            if plain {
                child.attribute("columns", part_list(&key.parts));
            }
            comment(&mut child, key.comment.as_deref());
            let path = ["table", "primary_key"];
            self.attrs(&mut child, &key.attrs, &path, own, &[]);
            if !plain {
                self.parts(&mut child, &key.parts, &path, own);
            }
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
        let of = |key: Key| table.indexes.iter().filter(move |index| index.key == key);
        // A dialect without unique constraints in its grammar has them as unique indexes.
        let uniques = body.is_some_and(|body| body.block("unique").is_some());
        for index in table.indexes.iter().filter(|index| match index.key {
            Key::Index => true,
            Key::UniqueConstraint => !uniques,
            Key::Exclusion => false,
        }) {
            block.block(self.index(index, &["table", "index"], own));
        }
        for check in &table.checks {
            block.block(self.check(check, own));
        }
        for index in of(Key::UniqueConstraint).filter(|_| uniques) {
            block.block(self.index(index, &["table", "unique"], own));
        }
        for index in of(Key::Exclusion) {
            block.block(self.index(index, &["table", "exclude"], own));
        }
        if let Some(body) = body {
            self.blocks(&mut block, attrs, body, own);
        }
        self.depends_on(&mut block, &table.depends_on);
        if let Some(body) = body {
            self.attributes(&mut block, attrs, body, own, &[], is_flag);
        }
        Ok(block)
    }

    fn column(&self, column: &Column, own: Own<'_>) -> Block {
        let mut block = Block::new("column", &[&column.name]);
        block.attribute("null", bool(column.nullable));
        if let Some(ty) = &column.ty {
            block.attribute("type", self.declared_type(ty, own.schema));
        }
        if let Some(default) = &column.default {
            block.attribute("default", default_value(default));
        }
        match &column.ty {
            Some(ty) if ty.unsigned => block.attribute("unsigned", "true"),
            Some(ty) if self.dialect.decode.prints_signed(ty) => block.attribute("unsigned", "false"),
            _ => {}
        }
        comment(&mut block, column.comment.as_deref());
        self.attrs(&mut block, &column.attrs, &["table", "column"], own, &[]);
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
        let own = Own { schema, table: &table.name };
        self.attrs(&mut block, &key.attrs, &["table", "foreign_key"], own, &[]);
        Ok(block)
    }

    fn index(&self, index: &Index, path: &[&str], own: Own<'_>) -> Block {
        let kind = path.last().copied().unwrap_or("index");
        let mut block = Block::new(kind, &[&index.name]);
        if index.unique && kind == "index" {
            block.attribute("unique", "true");
        }
        let plain = is_plain(&index.parts);
        if plain {
            block.attribute("columns", part_list(&index.parts));
        }
        comment(&mut block, index.comment.as_deref());
        let ready: Vec<(&str, String)> =
            index.predicate.iter().map(|predicate| ("where", quote(&predicate.0))).collect();
        self.attrs(&mut block, &index.attrs, path, own, &ready);
        if !plain {
            self.parts(&mut block, &index.parts, path, own);
        }
        block
    }

    /// The parts of an index as `on` blocks.
    fn parts(&self, block: &mut Block, parts: &[IndexPart], path: &[&str], own: Own<'_>) {
        for part in parts {
            let mut child = Block::new("on", &[]);
            if part.desc {
                child.attribute("desc", "true");
            }
            match &part.of {
                PartOf::Column(column) => child.attribute("column", reference("column", [&**column])),
                PartOf::Expr(expr) => child.attribute("expr", quote(&expr.0)),
            }
            let path: Vec<&str> = path.iter().copied().chain(["on"]).collect();
            self.attrs(&mut child, &part.attrs, &path, own, &[]);
            block.block(child);
        }
    }

    fn check(&self, check: &Check, own: Own<'_>) -> Block {
        let mut block = Block::new("check", check.name.as_deref().as_slice());
        block.attribute("expr", quote(&check.expr.0));
        self.attrs(&mut block, &check.attrs, &["table", "check"], own, &[]);
        block
    }

    fn view(&self, schema: &str, view: &View) -> Block {
        let kind = view_kind(view.kind);
        let mut block = self.qualified(kind, schema, &view.name);
        let own = Own { schema, table: &view.name };
        for column in view.columns.iter().filter(|column| column.ty.is_some()) {
            block.block(self.column(column, own));
        }
        block.attribute("as", heredoc(&view.body, "SQL"));
        comment(&mut block, view.comment.as_deref());
        if view.kind == ViewKind::Materialized {
            for index in &view.indexes {
                block.block(self.index(index, &["materialized", "index"], own));
            }
        }
        self.depends_on(&mut block, &view.depends_on);
        self.attrs(&mut block, &view.attrs, &[kind], own, &[]);
        block
    }

    fn routine(&self, schema: &str, routine: &Routine) -> Block {
        let kind = routine_kind(routine.kind);
        let mut block = self.qualified(kind, schema, &routine.name);
        let own = Own { schema, table: "" };
        let ready = [("as", heredoc(&routine.body, "SQL"))];
        self.attrs(&mut block, &routine.attrs, &[kind], own, &ready);
        block
    }

    fn object(&self, object: &Object) -> Block {
        let printed = self.dialect.decode.printed_object(object);
        let object = printed.as_ref().unwrap_or(object);
        let (kind, schema) = (object.kind, object.schema.as_str());
        let declared = self.dialect.spec.block(kind);
        // One that need not have a name has none.
        let labels = declared.map_or(1, |declared| declared.labels.min);
        let says_schema = declared
            .and_then(|declared| declared.body.attribute("schema"))
            .is_some_and(|schema| schema.required);
        let mut block = match (labels, says_schema) {
            (0, _) => Block::new(kind, &[]),
            (_, true) => self.qualified(kind, schema, &object.name),
            (_, false) => Block::new(kind, &[&object.name]),
        };
        let own = Own { schema, table: "" };
        let ready: Vec<(&str, String)> =
            object.comment.iter().map(|comment| ("comment", quote(comment))).collect();
        self.attrs(&mut block, &object.attrs, &[kind], own, &ready);
        block
    }

    /// `None` when the trigger's statement cannot be taken apart, so that HCL cannot say it.
    fn trigger(&self, schema: &str, trigger: &Trigger) -> Option<Block> {
        let parts = self.dialect.decode.trigger_parts(trigger)?;
        let mut block = Block::new("trigger", &[&trigger.name]);
        let (kind, on) = self
            .names
            .find(["table", "view", "materialized"], schema, &trigger.on)
            .unwrap_or_else(|| ("table", vec![trigger.on.clone()]));
        block.attribute("on", reference(kind, on.iter().map(|step| &**step)));
        let mut event = Block::new(
            match parts.time {
                Time::Before => "before",
                Time::After => "after",
                Time::InsteadOf => "instead_of",
            },
            &[],
        );
        for watched in &parts.events {
            match watched {
                Event::Insert => event.attribute("insert", "true"),
                Event::Delete => event.attribute("delete", "true"),
                Event::Update => event.attribute("update", "true"),
                Event::Truncate => event.attribute("truncate", "true"),
                Event::UpdateOf(columns) => {
                    let refs: Vec<String> = columns
                        .iter()
                        .map(|column| {
                            reference(kind, on.iter().map(|step| &**step).chain(["column", column]))
                        })
                        .collect();
                    event.attribute("update_of", format!("[{}]", refs.join(", ")));
                }
            }
        }
        block.block(event);
        block.attribute("foreach", parts.for_each.as_deref().unwrap_or("ROW"));
        if let Some(when) = &parts.when {
            block.attribute("when", quote(when));
        }
        if !parts.body.is_empty() {
            block.attribute("as", heredoc(&parts.body, "SQL"));
        }
        comment(&mut block, parts.comment.as_deref());
        let own = Own { schema, table: "" };
        self.attrs(&mut block, &parts.attrs, &["trigger"], own, &[]);
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
                let (kind, path) = self.names.find(["table", "view", "materialized"], schema, name)?;
                Some(reference(kind, path.iter().map(|step| &**step)))
            })
            .collect();
        if !refs.is_empty() {
            block.attribute("depends_on", format!("[{}]", refs.join(", ")));
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

/// Whether all there is to say of the parts is which columns they are.
fn is_plain(parts: &[IndexPart]) -> bool {
    parts.iter().all(|part| matches!(part.of, PartOf::Column(_)) && !part.desc && part.attrs.is_empty())
}

fn part_list(parts: &[IndexPart]) -> String {
    column_list(parts.iter().filter_map(IndexPart::column_name).map(|column| &**column))
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
