//! The indexes a server adds for foreign keys.
//!
//! InnoDB wants an index that starts with the columns of a foreign key; where the definition has none, the server adds
//! one, named as the constraint, and of several added ones keeps those no other starts with. Invariant: [`complete`]
//! twice is [`complete`] once.
//!
//! Source: MySQL 9.7 `sql/sql_table.cc`, `mysql_prepare_create_table` and `foreign_key_prefix`; MariaDB 10.11, the same
//! with `generate_name`.

use schema::{Attrs, ForeignKey, Index, IndexPart, Key, SmolStr, Table};

use super::attr::{INDEX_TYPE, PREFIX};

/// The indexes the server adds to `table` for its foreign keys, in the order of these.
pub fn indexes(table: &Table) -> Vec<Index> {
    let mut added: Vec<(Index, &ForeignKey)> = Vec::new();
    for key in table.foreign_keys.iter().filter(|key| !key.columns.is_empty()) {
        if is_served(table, &key.columns) {
            continue;
        }
        // The longer one stays; of equal ones the later.
        if added.iter().any(|(_, other)| other.columns.len() > key.columns.len() && starts(other, key)) {
            continue;
        }
        added.retain(|(_, other)| !starts(key, other));
        added.push((index(SmolStr::default(), key), key));
    }
    let mut taken: Vec<String> = table.indexes.iter().map(|index| index.name.to_lowercase()).collect();
    let mut out = Vec::new();
    for (mut index, key) in added {
        index.name = match &key.name {
            Some(name) => name.clone(),
            None => free_name(&key.columns[0], &taken),
        };
        taken.push(index.name.to_lowercase());
        out.push(index);
    }
    out
}

/// Whether an index or the primary key of `table` starts with `columns`, so that a foreign key needs no other.
pub fn is_served(table: &Table, columns: &[SmolStr]) -> bool {
    table.primary_key.as_ref().is_some_and(|key| covers(&key.parts, columns))
        || table.indexes.iter().any(|index| serves(index, columns))
}

/// Whether a foreign key over `columns` can use the index.
pub fn serves(index: &Index, columns: &[SmolStr]) -> bool {
    let plain = !index
        .attrs
        .get(&INDEX_TYPE)
        .is_some_and(|ty| ty.eq_ignore_ascii_case("FULLTEXT") || ty.eq_ignore_ascii_case("SPATIAL"));
    plain && covers(&index.parts, columns)
}

fn covers(parts: &[IndexPart], columns: &[SmolStr]) -> bool {
    let part_is = |(part, column): (&IndexPart, &SmolStr)| {
        part.attrs.get(&PREFIX).is_none()
            && part.column_name().is_some_and(|name| name.eq_ignore_ascii_case(column))
    };
    parts.len() >= columns.len() && parts.iter().zip(columns).all(part_is)
}

/// Whether the columns of `longer` start with those of `shorter`.
fn starts(longer: &ForeignKey, shorter: &ForeignKey) -> bool {
    longer.columns.len() >= shorter.columns.len()
        && longer.columns.iter().zip(&shorter.columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

fn index(name: SmolStr, key: &ForeignKey) -> Index {
    Index {
        name,
        unique: false,
        parts: key.columns.iter().cloned().map(IndexPart::column).collect(),
        predicate: None,
        comment: None,
        key: Key::Index,
        attrs: Attrs::default(),
    }
}

/// The column's name, or with the first free number from 2 on behind it.
fn free_name(column: &SmolStr, taken: &[String]) -> SmolStr {
    let free = |name: &str| !taken.contains(&name.to_lowercase()) && !name.eq_ignore_ascii_case("primary");
    if free(column) {
        return column.clone();
    }
    let numbered = (2..100).map(|number| SmolStr::from(format!("{column}_{number}")));
    numbered.into_iter().find(|name| free(name)).unwrap_or_else(|| column.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(keys: &[(&str, &[&str])], indexes: &[(&str, &[&str])]) -> Table {
        let mut table = Table::default();
        for (name, columns) in keys {
            table.foreign_keys.push(ForeignKey {
                name: (!name.is_empty()).then(|| (*name).into()),
                columns: columns.iter().map(|name| SmolStr::from(*name)).collect(),
                ref_schema: SmolStr::default(),
                ref_table: "p".into(),
                ref_columns: vec!["id".into()],
                on_update: None,
                on_delete: None,
                attrs: Attrs::default(),
            });
        }
        for (name, columns) in indexes {
            let key = ForeignKey {
                columns: columns.iter().map(|name| SmolStr::from(*name)).collect(),
                ..table.foreign_keys[0].clone()
            };
            table.indexes.push(index((*name).into(), &key));
        }
        table
    }

    fn implied(keys: &[(&str, &[&str])], given: &[(&str, &[&str])]) -> Vec<String> {
        let columns = |index: &Index| {
            index.parts.iter().filter_map(IndexPart::column_name).cloned().collect::<Vec<_>>().join(",")
        };
        let all = indexes(&table(keys, given));
        all.iter().map(|index| format!("{}({})", index.name, columns(index))).collect()
    }

    #[test]
    fn an_index_is_added_unless_one_serves() {
        assert_eq!(implied(&[("fk", &["a"])], &[]), ["fk(a)"]);
        assert_eq!(implied(&[("fk", &["a"])], &[("i", &["A", "b"])]), Vec::<String>::new());
        assert_eq!(implied(&[("fk", &["a"])], &[("i", &["b", "a"])]), ["fk(a)"]);
        assert_eq!(implied(&[("", &["a"])], &[("a", &["b"])]), ["a_2(a)"]);
    }

    #[test]
    fn of_several_the_longer_and_of_equal_ones_the_later_stays() {
        assert_eq!(implied(&[("f1", &["a", "b"]), ("f2", &["a", "b"])], &[]), ["f2(a,b)"]);
        assert_eq!(implied(&[("f1", &["a", "b"]), ("f2", &["a"])], &[]), ["f1(a,b)"]);
        assert_eq!(implied(&[("f1", &["a"]), ("f2", &["a", "b"])], &[]), ["f2(a,b)"]);
    }
}
