//! A view as the server keeps it: its query printed anew, with the names behind the view's own where the server has them.

use engine::normalize::Context;
use schema::{SmolStr, View};

use super::charset::Pair;
use super::pair_of;
use crate::mysql::attr::{ALGORITHM, CHARSET, COLLATE, INVISIBLE, VIEW_COLUMNS};
use crate::mysql::expr::query::{Column, Relations, printed};
use crate::mysql::features::MARIADB;

/// The charset definitions are written in.
const USUAL: &str = "utf8mb4";

/// The view, and whether the server surely keeps it so.
pub(super) fn normal(view: &View, cx: &Context<'_>) -> (View, bool) {
    let mut normal = view.clone();
    if !cx.server.has(MARIADB) {
        normal.attrs.remove(&ALGORITHM);
    }
    // What was inspected names every column in backticks and with an alias; nobody writes that.
    if view.body.starts_with("select `") && view.body.contains(" AS `") {
        return (normal, true);
    }
    let listed = view.attrs.get(&VIEW_COLUMNS);
    // MariaDB calls the results of the query what the view calls them; MySQL keeps both.
    let renames = listed.clone().filter(|_| cx.server.has(MARIADB));
    let columns = |name: &str| columns(name, &view.schema, cx);
    let relations = Relations { schema: &view.schema, columns: &columns };
    let Some(printed) = printed(&view.body, renames.as_deref(), &relations, cx.server) else {
        return (normal, false);
    };
    normal.body = printed.text;
    if listed.is_some_and(|listed| listed == printed.names) {
        normal.attrs.remove(&VIEW_COLUMNS);
    }
    (normal, printed.sure)
}

/// The columns of a table or view, and whether all its text has the usual charset.
fn columns(name: &str, schema: &SmolStr, cx: &Context<'_>) -> Option<(Vec<Column>, bool)> {
    let of = cx.realm.schema(schema)?;
    if let Some(table) = of.table(name) {
        let charset = |attrs| Pair::written(attrs, cx.server).map(|pair| pair.charset);
        let own = charset(&table.attrs).unwrap_or_else(|| pair_of(cx, schema).charset);
        let alone =
            |column: &schema::Column| column.attrs.get(&CHARSET).or(column.attrs.get(&COLLATE)).is_none();
        let list = table.columns.iter();
        let list = list.map(|it| Column { name: it.name.to_string(), hidden: it.attrs.is(&INVISIBLE) });
        return Some((list.collect(), own == USUAL && table.columns.iter().all(alone)));
    }
    let view = of.view(name).filter(|view| !view.columns.is_empty())?;
    let list = view.columns.iter().map(|it| Column { name: it.name.to_string(), hidden: false });
    Some((list.collect(), pair_of(cx, schema).charset == USUAL))
}
