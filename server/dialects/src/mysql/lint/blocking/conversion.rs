//! Which changes of a type leave the stored values as they are.
//!
//! Everything else is taken to copy the table. Source: MySQL manual 17.12.1, "Extending VARCHAR column size"; the lists
//! of `enum` and `set` have codes of their own.

use schema::{Class, ColumnType};

/// Whether the table is copied to make `to` of `from`; `charset` is that of the column.
pub fn copies(from: &ColumnType, to: &ColumnType, charset: Option<&str>) -> bool {
    if from == to || from.class == to.class && matches!(from.class, Class::Enum | Class::Set) {
        return false;
    }
    let bytes = match (from.name.as_str(), to.name.as_str()) {
        ("varchar", "varchar") => bytes_of(charset),
        ("varbinary", "varbinary") => 1,
        _ => return true,
    };
    match (from.int_arg(0), to.int_arg(0)) {
        (Some(old), Some(new)) => new < old || (old * bytes > 255) != (new * bytes > 255),
        _ => true,
    }
}

/// How many bytes a character of the charset takes at most.
fn bytes_of(charset: Option<&str>) -> i64 {
    match charset.unwrap_or("utf8mb4") {
        "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" => 4,
        "utf8" | "utf8mb3" | "ujis" | "eucjpms" => 3,
        "ucs2" | "big5" | "gbk" | "gb2312" | "sjis" | "cp932" | "euckr" => 2,
        _ => 1,
    }
}
