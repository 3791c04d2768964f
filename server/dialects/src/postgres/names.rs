//! Names: how SQL writes them, and those the server makes up.
//!
//! Source: PostgreSQL 15, `ruleutils.c` (`quote_identifier`), `indexcmds.c` (`makeObjectName`, `ChooseIndexName`),
//! `keywords.c`.

use std::borrow::Cow;

use schema::SmolStr;

/// The longest name, in bytes.
pub const MAX: usize = 63;

/// `name`, in double quotes where SQL needs them.
pub fn quoted(name: &str) -> Cow<'_, str> {
    if is_plain(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
    }
}

/// Makes a database.
pub fn new_database(name: &str) -> String {
    format!("CREATE DATABASE \"{}\"", name.replace('"', "\"\""))
}

/// Whether `name` is the same with and without quotes.
pub fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && RESERVED.binary_search(&name).is_err()
}

/// The name of an object of `schema` as an attribute of an object of `own` has it: alone, or with its schema.
pub fn qualified(own: &str, schema: &str, name: &str) -> String {
    if schema.is_empty() || schema == own {
        quoted(name).into_owned()
    } else {
        format!("{}.{}", quoted(schema), quoted(name))
    }
}

/// The steps of a name as SQL writes it: `shop."Order".id`; unquoted steps in lower case. Empty when it is no name.
pub fn steps(text: &str) -> Vec<SmolStr> {
    let mut steps = Vec::new();
    let mut rest = text.trim();
    loop {
        let step;
        if let Some(inner) = rest.strip_prefix('"') {
            let mut name = String::new();
            let mut chars = inner.char_indices().peekable();
            let mut end = None;
            while let Some((at, ch)) = chars.next() {
                if ch != '"' {
                    name.push(ch);
                } else if chars.peek().is_some_and(|(_, next)| *next == '"') {
                    name.push('"');
                    chars.next();
                } else {
                    end = Some(at + 1);
                    break;
                }
            }
            let Some(end) = end else { return Vec::new() };
            step = SmolStr::from(name);
            rest = &inner[end..];
        } else {
            let end = rest
                .find(|ch: char| !(ch.is_alphanumeric() || matches!(ch, '_' | '$')))
                .unwrap_or(rest.len());
            if end == 0 {
                return Vec::new();
            }
            step = SmolStr::from(rest[..end].to_lowercase());
            rest = &rest[end..];
        }
        steps.push(step);
        rest = rest.trim_start();
        if rest.is_empty() {
            return steps;
        }
        let Some(behind) = rest.strip_prefix('.') else { return Vec::new() };
        rest = behind.trim_start();
    }
}

/// The schema (empty for the own one) and the name an attribute refers to.
pub fn target(text: &str) -> Option<(SmolStr, SmolStr)> {
    match &steps(text)[..] {
        [name] => Some((SmolStr::default(), name.clone())),
        [schema, name] => Some((schema.clone(), name.clone())),
        _ => None,
    }
}

/// The name the server gives to a constraint, index or sequence over `columns` of `table`: `t_a_b_key`.
///
/// `label` is `key`, `fkey`, `check`, `excl`, `idx`, `seq`, `pkey` (without columns). `taken` says which names there are
/// already; a number is added then.
pub fn implied(table: &str, columns: &[&str], label: &str, taken: impl Fn(&str) -> bool) -> String {
    // The second of a name has a number.
    let mut own: Vec<String> = Vec::new();
    for column in columns {
        let mut name = (*column).to_string();
        let mut number = 0;
        while own.contains(&name) {
            number += 1;
            name = format!("{column}{number}");
        }
        own.push(name);
    }
    // The server joins columns until they are too long, and cuts later.
    let columns = own.join("_");
    let mut pass = 0;
    loop {
        let label = if pass == 0 { label.to_string() } else { format!("{label}{pass}") };
        let name = object_name(table, &columns, &label);
        if !taken(&name) {
            return name;
        }
        pass += 1;
    }
}

/// A name as far as the server keeps it: the first 63 bytes.
pub fn kept(name: &str) -> &str {
    let mut end = name.len().min(MAX);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// `first_second_label`, with the longer of the first two shortened until all fit.
fn object_name(first: &str, second: &str, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(!second.is_empty());
    let (mut a, mut b) = (first.len(), second.len());
    while a + b + overhead > MAX && (a > 0 || b > 0) {
        if a > b { a -= 1 } else { b -= 1 }
    }
    let cut = |text: &str, mut len: usize| {
        while !text.is_char_boundary(len) {
            len -= 1;
        }
        text[..len].to_string()
    };
    let (first, second) = (cut(first, a), cut(second, b));
    if second.is_empty() { format!("{first}_{label}") } else { format!("{first}_{second}_{label}") }
}

/// Words that need quotes as a name: all of the grammar's that are not `unreserved`, sorted.
pub static RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn names_are_made_as_the_server_does() {
        let none = |_: &str| false;
        assert_eq!(implied("t", &["a", "b"], "key", none), "t_a_b_key");
        assert_eq!(implied("t", &[], "pkey", none), "t_pkey");
        assert_eq!(implied("t", &["a"], "check", |name| name == "t_a_check"), "t_a_check1");
        let long = "a".repeat(60);
        assert_eq!(implied(&long, &["b"], "fkey", none), format!("{}_b_fkey", "a".repeat(56)));
        assert_eq!(
            implied(&long, &[&"b".repeat(60)], "fkey", none),
            format!("{}_{}_fkey", "a".repeat(29), "b".repeat(28))
        );
    }

    #[test]
    fn names_are_read_back() {
        for name in ["a", "A b", "a\"b", "select", "ä"] {
            assert_eq!(target(&qualified("x", "s.1", name)), Some(("s.1".into(), name.into())));
        }
        assert_eq!(target("Foo"), Some(("".into(), "foo".into())));
        assert_eq!(target("a b"), None);
    }
}
