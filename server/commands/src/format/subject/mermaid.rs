//! A state as a Mermaid entity diagram.
//!
//! Source: reference/cli.md section 8.3 (atlas `cmd/atlas/internal/cmdlog`, `mermaid`).

use std::collections::BTreeSet;

use schema::{IndexPart, PartOf, SmolStr, Table};

use crate::state::Read;

/// The diagram of a state.
pub fn mermaid(read: &Read) -> String {
    let several = read.realm.schemas.len() > 1;
    let mut out = String::from("erDiagram\n");
    let mut links = String::new();
    for schema in &read.realm.schemas {
        for table in &schema.tables {
            let id = identifier(several, &table.schema, &table.name);
            let label =
                if several { format!("[\"{}.{}\"]", table.schema, table.name) } else { String::new() };
            out.push_str(&format!("    {id}{label} {{\n"));
            for column in &table.columns {
                let ty = match &column.ty {
                    Some(ty) => (read.dialect.format_type)(ty),
                    None => column.raw_type.clone(),
                };
                let marks = marks(table, &column.name);
                let marks = if marks.is_empty() { String::new() } else { format!(" {}", marks.join(",")) };
                out.push_str(&format!("      {} {}{marks}\n", word(&ty), word(&column.name)));
            }
            out.push_str("    }\n");
            for key in &table.foreign_keys {
                let ref_schema = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
                let parent = read
                    .realm
                    .schemas
                    .iter()
                    .find(|schema| schema.name == *ref_schema)
                    .and_then(|schema| schema.tables.iter().find(|table| table.name == key.ref_table));
                let left = if is_unique(table, &key.columns) { '|' } else { '}' };
                let right =
                    if parent.is_some_and(|parent| is_unique(parent, &key.ref_columns)) { '|' } else { '{' };
                links.push_str(&format!(
                    "    {id} {left}o--o{right} {} : {}\n",
                    identifier(several, ref_schema, &key.ref_table),
                    key.name.as_deref().unwrap_or_default()
                ));
            }
        }
    }
    out + &links
}

fn identifier(several: bool, schema: &str, table: &str) -> String {
    if several { format!("{schema}_{table}") } else { table.to_owned() }
}

fn word(text: &str) -> String {
    text.replace(' ', "_")
}

fn marks(table: &Table, column: &str) -> Vec<&'static str> {
    let is_key =
        table.primary_key.as_ref().is_some_and(|key| key.parts.iter().any(|part| part_is(part, column)));
    let is_foreign = table.foreign_keys.iter().any(|key| key.columns.iter().any(|name| name == column));
    [is_key.then_some("PK"), is_foreign.then_some("FK")].into_iter().flatten().collect()
}

fn part_is(part: &IndexPart, column: &str) -> bool {
    matches!(&part.of, PartOf::Column(name) if name == column)
}

/// Whether `columns` are the primary key or a unique index.
fn is_unique(table: &Table, columns: &[SmolStr]) -> bool {
    let same = |parts: &[IndexPart]| {
        let of: Option<BTreeSet<&SmolStr>> = parts
            .iter()
            .map(|part| match &part.of {
                PartOf::Column(name) => Some(name),
                PartOf::Expr(_) => None,
            })
            .collect();
        of.is_some_and(|of| of == columns.iter().collect())
    };
    table.primary_key.as_ref().is_some_and(|key| same(&key.parts))
        || table.indexes.iter().any(|index| index.unique && same(&index.parts))
}
