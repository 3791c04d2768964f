//! Rows that fit a generated table and every table [`super::changed`] makes of it.

use schema::{Class, Realm};

use super::quote;

/// The statements that fill every table of `realm` with `count` rows.
///
/// No value is NULL, and no two rows have the same value in a column: no change of a column or index can refuse them.
pub fn rows(realm: &Realm, count: usize) -> Vec<String> {
    let mut statements = Vec::new();
    for (_, table) in realm.tables() {
        let columns: Vec<_> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
        let names: Vec<String> = columns.iter().map(|column| quote(&column.name)).collect();
        for row in 1..=count {
            let values = columns.iter().enumerate().map(|(at, column)| {
                let number = row * 100 + at;
                match column.ty.as_ref().map(|ty| ty.class) {
                    Some(Class::Integer | Class::Float | Class::Decimal | Class::Bool) => number.to_string(),
                    // Text that is a number survives every conversion.
                    _ => format!("'{number}'"),
                }
            });
            let values: Vec<String> = values.collect();
            let (table, names, values) = (quote(&table.name), names.join(", "), values.join(", "));
            statements.push(format!("INSERT INTO {table} ({names}) VALUES ({values})"));
        }
    }
    statements
}
