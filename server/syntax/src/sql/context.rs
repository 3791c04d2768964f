//! Statements around fragments, so that a fragment alone can be parsed as what it is part of.
//!
//! Nothing here is ever executed: the text goes to the parser, and positions are mapped back past what was added.

/// What to put before and after an expression to make a statement of it; `table` is the table whose columns it names.
pub fn around_expression(table: Option<&str>) -> (String, String) {
    let from = table.map(|table| format!(" FROM {table}")).unwrap_or_default();
    ("SELECT ".to_owned(), format!("\n{from}"))
}

/// What to put before and after the body of a trigger on `table`; a body may come with its `BEGIN` and `END`.
pub fn around_trigger_body(body: &str, table: Option<&str>) -> (String, String) {
    let begins = body.trim_start().get(..5).is_some_and(|word| word.eq_ignore_ascii_case("begin"));
    let head = format!("CREATE TRIGGER t AFTER INSERT ON {} ", table.unwrap_or("t"));
    if begins { (head, String::new()) } else { (format!("{head}BEGIN "), "\nEND".to_owned()) }
}
