//! Views as the server keeps them: their queries.

use schema::{Schema, View};

use super::super::expr::query::{self, Normalized, Queries, Source};
use super::super::features;
use super::{Work, is_declared, stored_type};

/// How many views of views are looked through for the types of columns.
const DEPTH: usize = 8;

impl Work<'_> {
    /// The query of a view as the server keeps it; `None` when it is not of a kind that is known.
    pub(super) fn query(&self, view: &View, depth: usize) -> Option<Normalized> {
        let source = |schema: Option<&str>, name: &str| self.source(schema, name, depth);
        let queries = Queries {
            source: &source,
            plain: self.server.has(features::PLAIN_COLUMNS),
            materialized: self.server.has(features::MATERIALIZED),
        };
        let names: Vec<&str> = view.columns.iter().map(|column| column.name.as_str()).collect();
        self.with_types(&|_| None, |types| query::normalize(&view.body, &names, types, &queries))
    }

    /// The table or view a query reads.
    fn source(&self, schema: Option<&str>, name: &str, depth: usize) -> Option<Source> {
        let is = |schema: &Schema| schema.table(name).is_some() || schema.view(name).is_some();
        let schema = match schema {
            Some(schema) => self.realm.schema(schema)?,
            None => self.realm.schema(self.schema_of(is)?)?,
        };
        let columns = match (schema.table(name), schema.view(name)) {
            (Some(table), _) => table
                .columns
                .iter()
                .map(|column| {
                    let ty = column.ty.as_ref().filter(|ty| !is_declared(ty)).map(stored_type);
                    (column.name.to_string(), ty)
                })
                .collect(),
            // Their types are those of other tables.
            (None, Some(view)) => {
                let work = Work { schema: schema.name.clone(), ..self.clone() };
                match (depth < DEPTH).then(|| work.query(view, depth + 1)).flatten() {
                    Some(query) => query.columns,
                    None => view.columns.iter().map(|column| (column.name.to_string(), None)).collect(),
                }
            }
            (None, None) => return None,
        };
        Some(Source { schema: schema.name.to_string(), name: name.to_owned(), columns })
    }
}
