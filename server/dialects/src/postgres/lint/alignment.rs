//! PG110: columns in an order that wastes bytes of every row.
//!
//! A value of a fixed size stands at a multiple of its alignment, so a small one before a large one leaves a gap.
//! Values of varying size may be stored without alignment and end what can be computed; they go last. Invariant: only
//! tables whose columns all have a known size or a known varying one are judged.
//!
//! Source: documented PG110 (its message is known, its arithmetic is not); `pg_type.typalign` and `typlen`.

use engine::lint::span::table_path;
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Remedy, Sink};
use schema::{Change, Class, Column, Storage, Table};

/// Columns in an order that wastes space.
pub static ALIGNMENT: Analyzer = Analyzer {
    name: "alignment",
    heading: "non-optimal columns alignment",
    error: false,
    doc: "New tables whose columns are in an order that wastes bytes of every row.",
    codes: &[CodeDoc {
        code: "PG110",
        title: "columns leave gaps",
        doc: "A value of a fixed size stands at a multiple of its alignment: a `boolean` before a `bigint` leaves seven bytes unused in every row.\n\nPut columns of a large alignment first and those of varying size last. A table that is there keeps its order.",
        remedy: Remedy::None("the order of columns may be meant: the best one is in the message"),
    }],
    examples: &[Example {
        code: "PG110",
        from: "",
        bad: "CREATE TABLE t (a boolean NOT NULL, b bigint NOT NULL, c boolean NOT NULL, d bigint NOT NULL);",
        good: "CREATE TABLE t (b bigint NOT NULL, d bigint NOT NULL, a boolean NOT NULL, c boolean NOT NULL);",
        naming: "",
        without: "",
    }],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        let Change::AddTable(table) = change else { continue };
        let Some((waste, best)) = waste(table) else { continue };
        let names: Vec<String> = best.iter().map(|column| format!("{:?}", column.name)).collect();
        let message = format!(
            "Table {:?} has {waste} redundant bytes of padding per row. To reduce disk space, the optimal order of the columns is as follows: {}",
            table.name,
            names.join(", ")
        );
        sink.add(Found::new("PG110", at, table_path(table), message));
    }
}

/// The size of a value and what its place is a multiple of; a size of `None` varies.
#[derive(Clone, Copy)]
struct Layout {
    size: Option<u32>,
    align: u32,
}

/// How many bytes another order saves, and that order.
fn waste(table: &Table) -> Option<(u32, Vec<&Column>)> {
    let stored = |column: &&Column| {
        column.generated.as_ref().is_none_or(|generated| generated.storage == Storage::Stored)
    };
    let mut columns: Vec<(&Column, Layout)> = Vec::new();
    for column in table.columns.iter().filter(stored) {
        columns.push((column, layout(column)?));
    }
    let now = padding(&columns);
    columns.sort_by_key(|(_, layout)| (layout.size.is_none(), std::cmp::Reverse(layout.align)));
    let best = padding(&columns);
    (now > best).then(|| (now - best, columns.into_iter().map(|(column, _)| column).collect()))
}

/// The gaps before each value. What follows a value of varying size starts anew: its place is not known.
fn padding(columns: &[(&Column, Layout)]) -> u32 {
    let (mut at, mut gaps) = (0_u32, 0);
    for (_, layout) in columns {
        let Some(size) = layout.size else {
            at = 0;
            continue;
        };
        let gap = (layout.align - at % layout.align) % layout.align;
        gaps += gap;
        at += gap + size;
    }
    gaps
}

fn layout(column: &Column) -> Option<Layout> {
    let ty = column.ty.as_ref()?;
    let fixed = |size, align| Some(Layout { size: Some(size), align });
    let varying = Some(Layout { size: None, align: 1 });
    let name = ty.name.as_str();
    match ty.class {
        Class::Bool => fixed(1, 1),
        Class::Uuid => fixed(16, 1),
        Class::Enum => fixed(4, 4),
        Class::Interval => fixed(16, 8),
        Class::String
        | Class::Binary
        | Class::Decimal
        | Class::Json
        | Class::Array
        | Class::Bits
        | Class::Range => varying,
        _ => match name {
            "smallint" | "int2" | "smallserial" => fixed(2, 2),
            "integer" | "int" | "int4" | "serial" | "real" | "float4" | "date" | "oid" => fixed(4, 4),
            "bigint" | "int8" | "bigserial" | "double precision" | "float8" | "money" => fixed(8, 8),
            "timestamp"
            | "timestamptz"
            | "time"
            | "timestamp with time zone"
            | "timestamp without time zone"
            | "time without time zone" => fixed(8, 8),
            "timetz" | "time with time zone" => fixed(12, 8),
            "macaddr" => fixed(6, 4),
            "macaddr8" => fixed(8, 4),
            "point" => fixed(16, 8),
            "box" | "lseg" => fixed(32, 8),
            "line" | "circle" => fixed(24, 8),
            "inet" | "cidr" | "xml" | "tsvector" | "tsquery" | "hstore" | "path" | "polygon" => varying,
            _ if name.starts_with("interval") => fixed(16, 8),
            _ => None,
        },
    }
}
