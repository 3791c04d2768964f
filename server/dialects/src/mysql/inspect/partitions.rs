//! How a table is partitioned, from one row for each partition or part of one.

use schema::Attrs;

use super::catalog::{Row, Rowed};
use crate::mysql::attr::{
    BY, BY_EXPR, IN, LESS_THAN, PARTITION, PARTITION_COLUMNS, PARTITION_COMMENT, PARTITION_COUNT,
    PARTITION_NAME, PARTITION_TYPE, PARTITIONS, SUBPARTITION,
};
use crate::mysql::names;

/// The kind of partitions that hold rows of the past (MariaDB).
pub(super) const SYSTEM_TIME: &str = "SYSTEM_TIME";

/// Sets [`PARTITION`] from the rows of `partitions.sql` that are about the table, in order; `created` is the statement
/// that makes the table, where it was asked for.
pub(super) fn read(rows: &[&Row], created: Option<&str>, attrs: &mut Attrs) {
    let Some(head) = rows.first() else { return };
    let kind = head.text(5).replace(' ', "_");
    let mut partition = level(&kind, head.text(6));
    if let Some(interval) = created.and_then(interval).filter(|_| kind == SYSTEM_TIME) {
        let mut by = Attrs::default();
        by.set(&BY_EXPR, interval.to_owned());
        partition.set(&BY, vec![by]);
    }
    let groups: Vec<&[&Row]> = rows.chunk_by(|a, b| a.text(4) == b.text(4)).collect();
    if let Some(method) = head.some(7).filter(|method| !method.is_empty()) {
        let mut sub = level(&method.replace(' ', "_"), head.text(8));
        sub.set(&PARTITION_COUNT, groups.first().map_or(0, |rows| rows.len() as i64));
        partition.set(&SUBPARTITION, vec![sub]);
    }
    let partitions = groups.iter().filter_map(|rows| {
        let row = rows.first()?;
        let mut item = Attrs::default();
        item.set(&PARTITION_NAME, row.text(4).to_string());
        let description = row.text(9);
        if kind == SYSTEM_TIME {
            let is_current = description.eq_ignore_ascii_case("current");
            item.set(&LESS_THAN, vec![if is_current { "CURRENT" } else { "HISTORY" }.to_owned()]);
        } else if !description.is_empty() {
            let values = elements(description);
            match &*kind {
                "LIST" | "LIST_COLUMNS" => item.set(&IN, values),
                _ => item.set(&LESS_THAN, values),
            }
        }
        if let Some(comment) = row.comment(10) {
            item.set(&PARTITION_COMMENT, comment);
        }
        Some(item)
    });
    partition.set(&PARTITIONS, partitions.collect::<Vec<_>>());
    attrs.set(&PARTITION, vec![partition]);
}

/// `INTERVAL 1 MONTH` or `LIMIT 1000` of partitions by time. When the first one starts is left out: the server takes the
/// time the table was made where nothing is said.
fn interval(created: &str) -> Option<&str> {
    let (_, rest) = created.split_once("PARTITION BY SYSTEM_TIME")?;
    let ends = ["\n", "(", " STARTS ", " AUTO", " PARTITIONS "].iter().filter_map(|end| rest.find(end));
    let text = &rest[..ends.min().unwrap_or(rest.len())];
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// One level: what decides, and by which columns or expression.
fn level(kind: &str, expression: &str) -> Attrs {
    let mut level = Attrs::default();
    level.set(&PARTITION_TYPE, kind.to_string());
    if kind == SYSTEM_TIME {
        return level;
    }
    match names::list(expression) {
        Some(columns) if columns.is_empty() => {}
        Some(columns) => level.set(&PARTITION_COLUMNS, columns),
        None => {
            let mut by = Attrs::default();
            by.set(&BY_EXPR, expression.to_string());
            level.set(&BY, vec![by]);
        }
    }
    level
}

/// The elements of a list of values: `1,'a,b',(2,3)` has three.
fn elements(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut depth = 0usize;
    let mut quoted = false;
    let mut start = 0;
    for (at, ch) in text.char_indices() {
        match ch {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                out.push(text[start..at].to_string());
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(text[start..].to_string());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_of_partitions_by_time() {
        let created = "…\n PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH STARTS TIMESTAMP'2026-11-21 00:00:00'\n(PARTITION `p0` HISTORY";
        assert_eq!(interval(created), Some("INTERVAL 1 MONTH"));
        assert_eq!(interval(" PARTITION BY SYSTEM_TIME LIMIT 10\nPARTITIONS 3"), Some("LIMIT 10"));
        assert_eq!(interval(" PARTITION BY SYSTEM_TIME \n(PARTITION `p0` HISTORY"), None);
    }

    #[test]
    fn values_are_told_apart() {
        assert_eq!(elements("NULL,1"), ["NULL", "1"]);
        assert_eq!(elements("(1,'a'),(2,'it''s, b')"), ["(1,'a')", "(2,'it''s, b')"]);
        assert_eq!(elements("MAXVALUE"), ["MAXVALUE"]);
    }
}
