//! The functions of the server whose arguments and results are known, so that the casts around them are.
//!
//! Source: `pg_proc` of PostgreSQL 15.

use super::node::Call;

/// What an argument is cast to.
#[derive(Clone, Copy, Debug)]
pub enum Arg {
    Ty(&'static str),
    /// Any number, as it is.
    Number,
    /// A number that is not an integer.
    Rounded,
    Any,
    /// A value there is an aggregate of: numbers, texts, times.
    Value,
}

#[derive(Clone, Copy, Debug)]
pub enum Result {
    Ty(&'static str),
    /// The type of an argument.
    Arg(usize),
    /// An array of values like an argument.
    ArrayOf(usize),
    /// What an array holds.
    ElementOf(usize),
    /// As wide as a sum of the argument gets.
    Sum,
    Mean,
}

#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub args: &'static [Arg],
    /// Of the arguments behind those.
    pub rest: Option<Arg>,
    pub result: Result,
}

const TEXT: Arg = Arg::Ty("text");
const INT: Arg = Arg::Ty("integer");

const fn of(args: &'static [Arg], result: &'static str) -> Function {
    Function { args, rest: None, result: Result::Ty(result) }
}

const fn like(args: &'static [Arg], at: usize) -> Function {
    Function { args, rest: None, result: Result::Arg(at) }
}

const fn many(args: &'static [Arg], rest: Arg, result: &'static str) -> Function {
    Function { args, rest: Some(rest), result: Result::Ty(result) }
}

/// The function a call is of.
pub fn find(call: &Call) -> Option<&'static Function> {
    let name = match &call.path[..] {
        [name] => name,
        [schema, name] if schema == "pg_catalog" => name,
        _ => return None,
    };
    let found = FUNCTIONS.binary_search_by(|(known, _)| (*known).cmp(name.as_str())).ok()?;
    Some(&FUNCTIONS[found].1)
}

/// By name, sorted.
static FUNCTIONS: &[(&str, Function)] = &[
    ("abs", like(&[Arg::Number], 0)),
    ("age", of(&[Arg::Any, Arg::Any], "interval")),
    ("array_agg", Function { args: &[Arg::Any], rest: None, result: Result::ArrayOf(0) }),
    ("array_length", of(&[Arg::Any, INT], "integer")),
    ("array_to_string", of(&[Arg::Any, TEXT, TEXT], "text")),
    ("avg", Function { args: &[Arg::Value], rest: None, result: Result::Mean }),
    ("bit_and", like(&[Arg::Any], 0)),
    ("bit_or", like(&[Arg::Any], 0)),
    ("bool_and", of(&[Arg::Ty("boolean")], "boolean")),
    ("bool_or", of(&[Arg::Ty("boolean")], "boolean")),
    ("btrim", of(&[TEXT, TEXT], "text")),
    ("cardinality", of(&[Arg::Any], "integer")),
    ("ceil", like(&[Arg::Rounded], 0)),
    ("ceiling", like(&[Arg::Rounded], 0)),
    ("char_length", of(&[TEXT], "integer")),
    ("character_length", of(&[TEXT], "integer")),
    ("clock_timestamp", of(&[], "timestamp with time zone")),
    ("concat", many(&[], Arg::Any, "text")),
    ("concat_ws", many(&[TEXT], Arg::Any, "text")),
    ("count", of(&[Arg::Any], "bigint")),
    ("cume_dist", of(&[], "double precision")),
    ("current_database", of(&[], "name")),
    ("current_setting", of(&[TEXT, Arg::Ty("boolean")], "text")),
    ("date_part", of(&[TEXT, Arg::Any], "double precision")),
    ("date_trunc", like(&[TEXT, Arg::Any], 1)),
    ("dense_rank", of(&[], "bigint")),
    ("every", of(&[Arg::Ty("boolean")], "boolean")),
    ("extract", of(&[TEXT, Arg::Any], "numeric")),
    ("first_value", like(&[Arg::Any], 0)),
    ("floor", like(&[Arg::Rounded], 0)),
    ("gen_random_uuid", of(&[], "uuid")),
    ("generate_series", like(&[Arg::Any, Arg::Any, Arg::Any], 0)),
    ("initcap", of(&[TEXT], "text")),
    ("isfinite", of(&[Arg::Any], "boolean")),
    ("json_agg", of(&[Arg::Any], "json")),
    ("json_array_length", of(&[Arg::Ty("json")], "integer")),
    ("json_build_array", many(&[], Arg::Any, "json")),
    ("json_build_object", many(&[], Arg::Any, "json")),
    ("json_typeof", of(&[Arg::Ty("json")], "text")),
    ("jsonb_agg", of(&[Arg::Any], "jsonb")),
    ("jsonb_array_length", of(&[Arg::Ty("jsonb")], "integer")),
    ("jsonb_build_array", many(&[], Arg::Any, "jsonb")),
    ("jsonb_build_object", many(&[], Arg::Any, "jsonb")),
    ("jsonb_typeof", of(&[Arg::Ty("jsonb")], "text")),
    ("lag", like(&[Arg::Any, INT, Arg::Any], 0)),
    ("last_value", like(&[Arg::Any], 0)),
    ("lead", like(&[Arg::Any, INT, Arg::Any], 0)),
    ("left", of(&[TEXT, INT], "text")),
    ("length", of(&[TEXT], "integer")),
    ("like_escape", of(&[TEXT, TEXT], "text")),
    ("lower", of(&[TEXT], "text")),
    ("lpad", of(&[TEXT, INT, TEXT], "text")),
    ("ltrim", of(&[TEXT, TEXT], "text")),
    ("make_date", of(&[INT, INT, INT], "date")),
    ("make_interval", many(&[], Arg::Any, "interval")),
    ("max", like(&[Arg::Value], 0)),
    ("md5", of(&[TEXT], "text")),
    ("min", like(&[Arg::Value], 0)),
    ("mod", like(&[Arg::Any, Arg::Any], 0)),
    ("nextval", of(&[Arg::Ty("regclass")], "bigint")),
    ("now", of(&[], "timestamp with time zone")),
    ("nth_value", like(&[Arg::Any, INT], 0)),
    ("ntile", of(&[INT], "integer")),
    ("octet_length", of(&[TEXT], "integer")),
    ("percent_rank", of(&[], "double precision")),
    ("position", of(&[TEXT, TEXT], "integer")),
    ("quote_ident", of(&[TEXT], "text")),
    ("quote_literal", of(&[TEXT], "text")),
    ("random", of(&[], "double precision")),
    ("rank", of(&[], "bigint")),
    ("regexp_replace", of(&[TEXT, TEXT, TEXT, TEXT], "text")),
    ("repeat", of(&[TEXT, INT], "text")),
    ("replace", of(&[TEXT, TEXT, TEXT], "text")),
    ("reverse", of(&[TEXT], "text")),
    ("right", of(&[TEXT, INT], "text")),
    ("round", like(&[Arg::Rounded, INT], 0)),
    ("row_number", of(&[], "bigint")),
    ("row_to_json", of(&[Arg::Any], "json")),
    ("rpad", of(&[TEXT, INT, TEXT], "text")),
    ("rtrim", of(&[TEXT, TEXT], "text")),
    ("similar_escape", of(&[TEXT, TEXT], "text")),
    ("similar_to_escape", of(&[TEXT, TEXT], "text")),
    ("split_part", of(&[TEXT, TEXT, INT], "text")),
    ("starts_with", of(&[TEXT, TEXT], "boolean")),
    ("statement_timestamp", of(&[], "timestamp with time zone")),
    ("string_agg", of(&[TEXT, TEXT], "text")),
    ("strpos", of(&[TEXT, TEXT], "integer")),
    ("substr", of(&[TEXT, INT, INT], "text")),
    ("substring", of(&[TEXT, INT, INT], "text")),
    ("sum", Function { args: &[Arg::Value], rest: None, result: Result::Sum }),
    ("timeofday", of(&[], "text")),
    ("to_char", of(&[Arg::Any, TEXT], "text")),
    ("to_date", of(&[TEXT, TEXT], "date")),
    ("to_json", of(&[Arg::Any], "json")),
    ("to_jsonb", of(&[Arg::Any], "jsonb")),
    ("to_number", of(&[TEXT, TEXT], "numeric")),
    ("to_timestamp", of(&[Arg::Any, TEXT], "timestamp with time zone")),
    ("to_tsquery", of(&[Arg::Ty("regconfig"), TEXT], "tsquery")),
    ("to_tsvector", of(&[Arg::Ty("regconfig"), TEXT], "tsvector")),
    ("transaction_timestamp", of(&[], "timestamp with time zone")),
    ("trunc", like(&[Arg::Rounded, INT], 0)),
    ("unnest", Function { args: &[Arg::Any], rest: None, result: Result::ElementOf(0) }),
    ("upper", of(&[TEXT], "text")),
];

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_sorted() {
        assert!(super::FUNCTIONS.is_sorted_by_key(|(name, _)| *name));
    }
}
