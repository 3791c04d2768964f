//! A realm as templates and `{{ json . }}` see it.
//!
//! Source: reference/cli.md section 9.3 (atlas `cmd/atlas/internal/cmdlog`, `SchemaInspect.MarshalJSON`).

use gotmpl::Value;
use schema::{Column, ForeignKey, Index, IndexPart, PartOf, Realm, Schema, Table};
use serde_json::{Map, Value as Json, json};

use super::IntoValue as _;
use crate::format::Shapes;
use crate::format::json::without_empty;

/// `{"schemas":[{"name":"main","tables":[…]}]}`.
pub fn json(realm: &Realm) -> Json {
    without_empty([("schemas", Json::Array(realm.schemas.iter().map(schema_json).collect()))])
}

fn schema_json(schema: &Schema) -> Json {
    let mut out = Map::new();
    out.insert("name".into(), json!(schema.name.as_str()));
    let rest = without_empty([
        ("tables", Json::Array(schema.tables.iter().map(|table| table_json(table)).collect())),
        ("comment", json!(schema.comment.as_deref().unwrap_or_default())),
    ]);
    extend(&mut out, rest);
    Json::Object(out)
}

fn table_json(table: &Table) -> Json {
    let mut out = Map::new();
    out.insert("name".into(), json!(table.name.as_str()));
    let primary_key =
        table.primary_key.as_ref().map_or(Json::Null, |key| json!({"parts": parts_json(&key.parts)}));
    let rest = without_empty([
        ("columns", Json::Array(table.columns.iter().map(column_json).collect())),
        ("indexes", Json::Array(table.indexes.iter().map(index_json).collect())),
        ("primary_key", primary_key),
        ("foreign_keys", Json::Array(table.foreign_keys.iter().map(key_json).collect())),
        ("comment", json!(table.comment.as_deref().unwrap_or_default())),
    ]);
    extend(&mut out, rest);
    Json::Object(out)
}

fn column_json(column: &Column) -> Json {
    let mut out = Map::new();
    out.insert("name".into(), json!(column.name.as_str()));
    let rest = without_empty([
        ("type", json!(column.raw_type)),
        ("null", json!(column.nullable)),
        ("comment", json!(column.comment.as_deref().unwrap_or_default())),
    ]);
    extend(&mut out, rest);
    Json::Object(out)
}

fn index_json(index: &Index) -> Json {
    without_empty([
        ("name", json!(index.name.as_str())),
        ("unique", json!(index.unique)),
        ("parts", parts_json(&index.parts)),
    ])
}

fn parts_json(parts: &[IndexPart]) -> Json {
    let part = |part: &IndexPart| {
        let of = match &part.of {
            PartOf::Column(name) => ("column", json!(name.as_str())),
            PartOf::Expr(expr) => ("expr", json!(expr.0)),
        };
        without_empty([("desc", json!(part.desc)), of])
    };
    Json::Array(parts.iter().map(part).collect())
}

fn key_json(key: &ForeignKey) -> Json {
    let names = |names: &[schema::SmolStr]| json!(names.iter().map(|name| name.as_str()).collect::<Vec<_>>());
    let mut out = Map::new();
    out.insert("name".into(), json!(key.name.as_deref().unwrap_or_default()));
    extend(&mut out, without_empty([("columns", names(&key.columns))]));
    let mut references = Map::new();
    references.insert("table".into(), json!(key.ref_table.as_str()));
    extend(&mut references, without_empty([("columns", names(&key.ref_columns))]));
    out.insert("references".into(), Json::Object(references));
    Json::Object(out)
}

fn extend(out: &mut Map<String, Json>, more: Json) {
    if let Json::Object(more) = more {
        out.extend(more);
    }
}

/// Fields of Go's schema model, as far as templates read them: names, tables, columns, keys, indexes.
pub fn value(realm: &Realm, shapes: &mut Shapes, json: &Json) -> Value {
    let schemas: Vec<Value> = realm
        .schemas
        .iter()
        .map(|schema| {
            let tables: Vec<Value> = schema.tables.iter().map(|table| table_value(table, shapes)).collect();
            let views: Vec<Value> = schema
                .views
                .iter()
                .map(|view| {
                    let json = json!({"name": view.name.as_str()});
                    let fields =
                        [("Name", view.name.as_str().into_value()), ("Def", view.body.as_str().into_value())];
                    shapes.object(fields, json)
                })
                .collect();
            let fields = [
                ("Name", schema.name.as_str().into_value()),
                ("Tables", Value::List(tables.into())),
                ("Views", Value::List(views.into())),
            ];
            shapes.object(fields, schema_json(schema))
        })
        .collect();
    shapes.object([("Schemas", Value::List(schemas.into()))], json.clone())
}

fn table_value(table: &Table, shapes: &mut Shapes) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|column| {
            let ty = shapes.object(
                [("Raw", column.raw_type.as_str().into_value()), ("Null", Value::Bool(column.nullable))],
                json!({"Raw": column.raw_type, "Null": column.nullable}),
            );
            shapes.object([("Name", column.name.as_str().into_value()), ("Type", ty)], column_json(column))
        })
        .collect();
    let indexes: Vec<Value> = table
        .indexes
        .iter()
        .map(|index| {
            let fields = [("Name", index.name.as_str().into_value()), ("Unique", Value::Bool(index.unique))];
            shapes.object(fields, index_json(index))
        })
        .collect();
    let keys: Vec<Value> = table
        .foreign_keys
        .iter()
        .map(|key| {
            let fields = [
                ("Symbol", key.name.as_deref().unwrap_or_default().into_value()),
                ("RefTable", key.ref_table.as_str().into_value()),
            ];
            shapes.object(fields, key_json(key))
        })
        .collect();
    let fields = [
        ("Name", table.name.as_str().into_value()),
        ("Columns", Value::List(columns.into())),
        ("Indexes", Value::List(indexes.into())),
        ("ForeignKeys", Value::List(keys.into())),
    ];
    shapes.object(fields, table_json(table))
}
