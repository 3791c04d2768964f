//! The column types of MySQL, and how their text is read and written.

use engine::types::TypeDef;
use schema::{Class, ColumnType};

/// The types HCL knows by name.
pub static TYPES: &[TypeDef] = &[];

/// Reads a type as SQL writes it.
pub fn parse(raw: &str) -> ColumnType {
    ColumnType::new(Class::UserDefined, raw)
}

/// Writes a type as `CREATE TABLE` of a plan does.
pub fn format(ty: &ColumnType) -> String {
    ty.name.to_string()
}
