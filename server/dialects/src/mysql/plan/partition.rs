//! `PARTITION BY …`.
//!
//! Source: MySQL 9, "CREATE TABLE", partition options; MariaDB, "Partitioning Types".

use engine::plan::Writer;
use schema::{Attrs, Table};

use super::super::attr::{
    IN, LESS_THAN, PARTITION, PARTITION_COLUMNS, PARTITION_COMMENT, PARTITION_COUNT, PARTITION_NAME,
    PARTITION_TYPE, PARTITIONS, SUBPARTITION, partition_expr,
};
use super::super::words;

/// The clause of a table that has partitions.
pub fn clause(table: &Table) -> Option<String> {
    let partition = table.attrs.get(&PARTITION)?.into_iter().next()?;
    let mut writer = Writer::new('`', "");
    writer.word("PARTITION BY");
    kind(&mut writer, &partition);
    if let Some(sub) = partition.get(&SUBPARTITION).and_then(|items| items.into_iter().next()) {
        writer.word("SUBPARTITION BY");
        kind(&mut writer, &sub);
        if let Some(count) = sub.get(&PARTITION_COUNT) {
            writer.word("SUBPARTITIONS").word(&count.to_string());
        }
    }
    let partitions = partition.get(&PARTITIONS).unwrap_or_default();
    if !partitions.is_empty() {
        writer.list(&partitions, one);
    } else if let Some(count) = partition.get(&PARTITION_COUNT) {
        writer.word("PARTITIONS").word(&count.to_string());
    }
    Some(writer.finish())
}

/// `RANGE COLUMNS (`a`, `b`)`, `LINEAR HASH (year(`d`))`, `KEY ()`.
fn kind(writer: &mut Writer, attrs: &Attrs) {
    let ty = attrs.get(&PARTITION_TYPE).unwrap_or_default().to_ascii_uppercase();
    match ty.as_str() {
        "SYSTEM_TIME" => writer.word(&ty),
        _ => writer.word(&ty.replace('_', " ")),
    };
    match (attrs.get(&PARTITION_COLUMNS), partition_expr(attrs)) {
        (Some(columns), _) => {
            writer.list(&columns, |writer, column| {
                writer.ident(column);
            });
        }
        (None, Some(expr)) if ty == "SYSTEM_TIME" => {
            writer.word(&expr);
        }
        (None, Some(expr)) => {
            writer.word(&words::wrap(&expr));
        }
        (None, None) if ty == "KEY" || ty == "LINEAR_KEY" => {
            writer.word("()");
        }
        (None, None) => {}
    }
}

/// `PARTITION `p0` VALUES LESS THAN (10)`.
pub fn one(writer: &mut Writer, attrs: &Attrs) {
    writer.word("PARTITION").ident(&attrs.get(&PARTITION_NAME).unwrap_or_default());
    if let Some(bounds) = attrs.get(&LESS_THAN) {
        if let [bound @ ("HISTORY" | "CURRENT")] = &bounds.iter().map(String::as_str).collect::<Vec<_>>()[..]
        {
            writer.word(bound);
            return;
        }
        writer.word("VALUES LESS THAN");
        match &bounds[..] {
            [bound] if bound.eq_ignore_ascii_case("maxvalue") => writer.word("MAXVALUE"),
            _ => writer.word(&format!("({})", bounds.join(", "))),
        };
    }
    if let Some(values) = attrs.get(&IN) {
        writer.word("VALUES IN").word(&format!("({})", values.join(", ")));
    }
    if let Some(comment) = attrs.get(&PARTITION_COMMENT).filter(|comment| !comment.is_empty()) {
        writer.word("COMMENT =").literal(&comment);
    }
}
