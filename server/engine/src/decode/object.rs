//! The blocks beside tables and triggers: schemas, views, routines, and all kinds only a dialect knows.

use hcl::spec::Status;
use hcl::{Each, Value};
use schema::{
    Attrs, Column, Object, ObjectPath, Routine, RoutineKind, Schema, SmolStr, Table, View, ViewKind,
};
use syntax::hcl::ast::{AstNode, Block};

use super::attrs::{Own, attrs};
use super::column::{column_type, declared_type};
use super::read::Notes;
use super::scope::{BlockScope, PieceScope, Place};
use super::summary::block_name_range;
use super::table::{depends_on, schema_of};
use crate::Dialect;
use crate::origin::Part;
use crate::renames::RENAMED_FROM;

/// Reads a `schema` block.
pub(super) fn schema(
    notes: &mut Notes<'_>,
    block: &Block,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<(Schema, Part)> {
    let declared = dialect.spec.block("schema")?;
    if !notes.labels(block, declared) {
        return None;
    }
    let label = block.labels().next()?;
    let scope =
        BlockScope { piece, dialect, columns: &[], complete: true, table: "", each, place: Place::Plain };
    let read = notes.read(block, declared.body, &scope, &format!("schema {:?}", label.value()));
    let name: SmolStr = read.string("name").map_or_else(|| label.value().into(), SmolStr::from);
    let mut part = Part::default();
    part.add(ObjectPath::Schema(name.clone()), block.range(), label.value_range());
    let mut schema = Schema::new(name);
    schema.comment = read.string("comment").map(str::to_owned);
    let own = Own { schema: "", table: "" };
    schema.attrs = attrs(notes, &read, &scope, own, &["name", "comment", "for_each"], "the schema");
    note_former_name(&mut schema.attrs, notes, block);
    Some((schema, part))
}

/// Reads a `view` block.
pub(super) fn view(
    notes: &mut Notes<'_>,
    block: &Block,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<(View, Part)> {
    let declared = dialect.spec.block("view")?;
    if !notes.labels(block, declared) {
        return None;
    }
    let name: SmolStr = block.labels().last()?.value().into();
    let scope =
        BlockScope { piece, dialect, columns: &[], complete: true, table: "", each, place: Place::Plain };
    let read = notes.read(block, declared.body, &scope, &format!("view {name:?}"));
    let schema = schema_of(&read).unwrap_or_else(|| piece.names.default_schema.clone());
    let mut part = Part::default();
    let path = ObjectPath::View { schema: schema.clone(), view: name.clone() };
    part.add(path, block.range(), block_name_range(block));
    let mut columns: Vec<Column> = Vec::new();
    for (spec, inner) in read.blocks.iter().filter(|(spec, _)| spec.name == "column") {
        let Some(label) = inner.labels().next() else { continue };
        let column: SmolStr = label.value().into();
        let of = notes.read(inner, spec.body, &scope, &format!("column {column:?} of view {name:?}"));
        let (ty, raw_type) =
            of.get("type").and_then(|attribute| column_type(notes, attribute, dialect)).unzip();
        let ty = ty.map(|ty| declared_type(ty, &schema, &scope));
        let path = ObjectPath::Column { schema: schema.clone(), table: name.clone(), column: column.clone() };
        let fold = |name: &str| dialect.decode.fold(name);
        if columns.iter().any(|known| fold(&known.name) == fold(&column)) {
            let message = format!("column {column:?} is defined twice in view {name:?}");
            notes.error(label.value_range(), super::table::DUPLICATE, message);
        }
        part.add(path, inner.range(), label.value_range());
        columns.push(Column {
            name: column,
            ty,
            raw_type: raw_type.unwrap_or_default(),
            nullable: of.bool("null").unwrap_or(false),
            default: None,
            generated: None,
            comment: of.string("comment").map(str::to_owned),
            attrs: Attrs::default(),
        });
    }
    let body = query(read.string("as").unwrap_or_default());
    if columns.is_empty()
        && let Some(names) = (dialect.body)(&body)
    {
        columns = names.into_iter().map(|name| derived_column(&name)).collect();
    }
    let own = Own { schema: &schema, table: &name };
    let known = ["schema", "as", "comment", "depends_on", "for_each", "column"];
    let mut attrs = attrs(notes, &read, &scope, own, &known, &format!("view {name:?}"));
    note_former_name(&mut attrs, notes, block);
    let mut view = View {
        schema,
        name,
        kind: ViewKind::Plain,
        body,
        columns,
        indexes: Vec::new(),
        comment: read.string("comment").map(str::to_owned),
        depends_on: depends_on(&read),
        attrs,
    };
    dialect.decode.canonical_view(&mut view);
    Some((view, part))
}

/// A column of which only the name is known.
fn derived_column(name: &str) -> Column {
    Column {
        name: name.into(),
        ty: None,
        raw_type: String::new(),
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

/// A query without the white space and semicolons around it.
fn query(text: &str) -> String {
    text.trim().trim_end_matches(';').trim_end().to_owned()
}

/// A materialized view from its block, which was read as a table's.
pub(super) fn materialized(decoded: super::table::Decoded, dialect: &Dialect) -> (View, Part) {
    let Table { schema, name, comment, columns, indexes, depends_on, attrs, .. } = decoded.table;
    let mut view = View {
        schema,
        name,
        kind: ViewKind::Materialized,
        body: query(&decoded.body),
        columns,
        indexes,
        comment,
        depends_on,
        attrs,
    };
    dialect.decode.canonical_view(&mut view);
    (view, decoded.part)
}

/// Reads a `function` or `procedure` block.
pub(super) fn routine(
    notes: &mut Notes<'_>,
    block: &Block,
    word: &'static str,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<(Routine, Part)> {
    let declared = dialect.spec.block(word)?;
    if !notes.labels(block, declared) {
        return None;
    }
    let name: SmolStr = block.labels().last()?.value().into();
    let scope =
        BlockScope { piece, dialect, columns: &[], complete: true, table: "", each, place: Place::Plain };
    let what = format!("{word} {name:?}");
    let read = notes.read(block, declared.body, &scope, &what);
    let schema = schema_of(&read).unwrap_or_else(|| piece.names.default_schema.clone());
    let own = Own { schema: &schema, table: "" };
    let attrs = attrs(notes, &read, &scope, own, &["schema", "as", "depends_on", "for_each"], &what);
    let mut part = Part::default();
    part.add(super::path(word, schema.clone(), name.clone()), block.range(), block_name_range(block));
    let kind = if word == "procedure" { RoutineKind::Procedure } else { RoutineKind::Function };
    let body = read.string("as").unwrap_or_default().to_owned();
    let mut routine = Routine { schema, name, kind, body, attrs };
    note_former_name(&mut routine.attrs, notes, block);
    dialect.decode.canonical_routine(&mut routine);
    Some((routine, part))
}

/// Reads a block of any other kind.
pub(super) fn object(
    notes: &mut Notes<'_>,
    block: &Block,
    word: &'static str,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<Vec<(Object, Part)>> {
    let declared = dialect.spec.block(word)?;
    if !notes.labels(block, declared) {
        return None;
    }
    // The columns of a partition's own key are those of its table.
    let others = declared.body.blocks.iter().any(|inner| inner.body.attribute("columns").is_some());
    let scope =
        BlockScope { piece, dialect, columns: &[], complete: !others, table: "", each, place: Place::Plain };
    let label = block.labels().last().map(|label| SmolStr::from(label.value()));
    let what = match &label {
        Some(name) => format!("{word} {name:?}"),
        None => word.to_owned(),
    };
    let read = notes.read(block, declared.body, &scope, &what);
    if declared.status != Status::Executed {
        return None;
    }
    // In the schema it says, else in that of the table it is on, else in none.
    let required = declared.body.attribute("schema").is_some_and(|schema| schema.required);
    let schema = match read.get("on").map(|on| &on.value) {
        _ if required => schema_of(&read).unwrap_or_else(|| piece.names.default_schema.clone()),
        Some(Value::Reference(on)) => on.names().nth(1).unwrap_or_default().into(),
        _ => SmolStr::default(),
    };
    let known: &[&str] = match required {
        true => &["schema", "name", "comment", "depends_on", "for_each"],
        false => &["name", "comment", "depends_on", "for_each"],
    };
    let own = Own { schema: &schema, table: "" };
    let attrs = attrs(notes, &read, &scope, own, known, &what);
    let name = read.string("name").map(SmolStr::from).or(label).unwrap_or_default();
    let comment = read.string("comment").map(str::to_owned);
    let mut object = Object { kind: declared.name, schema, name, comment, attrs };
    note_former_name(&mut object.attrs, notes, block);
    let single = dialect.decode.single_objects(object).into_iter().map(|mut object| {
        dialect.decode.canonical_object(&mut object);
        let mut part = Part::default();
        let path = super::path(object.kind, object.schema.clone(), object.name.clone());
        part.add(path, block.range(), block_name_range(block));
        (object, part)
    });
    Some(single.collect())
}

/// Remembers the hint above the block, unless an attribute says it.
fn note_former_name(attrs: &mut Attrs, notes: &Notes<'_>, block: &Block) {
    if attrs.get(&RENAMED_FROM).is_none()
        && let Some(name) = super::attrs::renamed_from(notes, block)
    {
        attrs.set(&RENAMED_FROM, name);
    }
}
