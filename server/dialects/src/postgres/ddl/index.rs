//! `CREATE INDEX`, and the parts of indexes.

use engine::replay::{Builder, Scene, Space, Thing};
use schema::{Attrs, Expr, Index, IndexPart, Key, ObjectPath, PartOf, SmolStr, View};
use syntax::sql::Piece;
use syntax::sql::ast;

use super::super::{attr, names};
use super::constraint::add_index;
use super::{Qualified, fold, hash, name_of, step};
use engine::replay::Name;

/// The value of a storage parameter as the catalog keeps it.
fn param(param: &ast::Param) -> Option<(String, String)> {
    let path = param.path()?;
    let name = match &path.schema {
        Some(space) => format!("{}.{}", fold(space), fold(&path.name)),
        None => fold(&path.name).to_string(),
    };
    let value = param.value().unwrap_or_else(|| "true".to_owned());
    let value = if value.starts_with('\'') { ast::unquote(&value).to_string() } else { value.to_lowercase() };
    Some((name, value))
}

/// Storage parameters as attributes.
pub(super) fn storage(params: &[ast::Param], attrs: &mut Attrs) {
    let mut list = attrs.get(&attr::STORAGE_PARAMS).unwrap_or_default();
    for (name, value) in params.iter().filter_map(param) {
        if name == "pages_per_range" {
            match value.parse() {
                Ok(128) | Err(_) => attrs.remove(&attr::PAGE_PER_RANGE),
                Ok(pages) => attrs.set(&attr::PAGE_PER_RANGE, pages),
            }
            continue;
        }
        list.retain(|known| known.split('=').next() != Some(&name));
        list.push(format!("{name}={value}"));
    }
    list.sort();
    set_list(attrs, list);
}

fn set_list(attrs: &mut Attrs, list: Vec<String>) {
    if list.is_empty() {
        attrs.remove(&attr::STORAGE_PARAMS);
    } else {
        attrs.set(&attr::STORAGE_PARAMS, list);
    }
}

/// The column an indexed expression is, also in parentheses.
fn single_column(expr: &ast::Expr) -> Option<ast::Name> {
    let column = expr.as_column()?;
    if column.table().is_some() { None } else { column.name() }
}

/// One part of an index.
pub(super) fn part(column: &ast::IndexedColumn) -> Option<IndexPart> {
    let expr = column.expr()?;
    let mut part = match single_column(&expr) {
        Some(name) => IndexPart::column(fold(&name)),
        None => IndexPart::expr(expr.text().trim().to_owned()),
    };
    part.desc = column.desc().is_some();
    if let Some(path) = column.collate()
        && let Some(text) = collation(&path)
    {
        part.attrs.set(&attr::COLLATE, text);
    }
    if let Some(path) = column.opclass() {
        let mut ops = opclass_name(&path);
        let params = column.opclass_params().unwrap_or_default();
        let params: Vec<String> = params
            .iter()
            .filter_map(self::param)
            .map(|(name, value)| format!("{name}='{}'", value.replace('\'', "''")))
            .collect();
        if !params.is_empty() {
            ops.push_str(&format!("({})", params.join(", ")));
        }
        part.attrs.set(&attr::OPS, ops);
    }
    match (column.nulls().as_deref(), part.desc) {
        (Some("FIRST"), false) => part.attrs.set(&attr::NULLS_FIRST, true),
        (Some("LAST"), true) => part.attrs.set(&attr::NULLS_LAST, true),
        _ => {}
    }
    Some(part)
}

fn opclass_name(path: &ast::Path) -> String {
    match path.schema.as_ref().map(fold) {
        Some(schema) if schema != "pg_catalog" && schema != "public" => {
            names::qualified("", &schema, &fold(&path.name))
        }
        _ => names::quoted(&fold(&path.name)).into_owned(),
    }
}

/// A collation as an attribute; `None` for that of the type.
pub(super) fn collation(path: &ast::Path) -> Option<String> {
    let name = fold(&path.name);
    match path.schema.as_ref().map(fold) {
        Some(schema) if schema != "pg_catalog" => Some(names::qualified("", &schema, &name)),
        _ => (name != "default").then(|| name.to_string()),
    }
}

/// What the parts are called in an implied name: columns by name, calls by function, the rest `expr`.
///
/// Source: PostgreSQL 15, `ChooseIndexColumnNames`, `FigureColname`.
pub(super) fn column_words(parts: &[IndexPart]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in parts {
        let word = match &part.of {
            PartOf::Column(name) => name.to_string(),
            PartOf::Expr(expr) => super::super::expr::column_word(&expr.0),
        };
        let mut name = word.clone();
        let mut number = 0;
        while out.contains(&name) {
            number += 1;
            name = format!("{word}{number}");
        }
        out.push(name);
    }
    out
}

/// `CREATE INDEX`.
pub(super) fn create(create: &ast::CreateIndex, piece: &Piece, builder: &mut Builder) {
    let (schema, Some(table)) = create.table_path() else { return };
    let table = Qualified { schema: schema.as_ref().map(name_of), name: name_of(&table) };
    let parts: Vec<IndexPart> = create.columns().iter().filter_map(part).collect();
    if parts.is_empty() {
        return;
    }
    let mut attrs = Attrs::default();
    let method = create.method().map_or_else(|| "BTREE".to_owned(), |name| name.text.to_uppercase());
    if method != "BTREE" {
        attrs.set(&attr::TYPE, method);
    }
    let include = create.include();
    if !include.is_empty() {
        attrs.set(&attr::INCLUDE, include.iter().map(|name| fold(name).to_string()).collect());
    }
    if create.nulls_distinct().is_some_and(|nulls| nulls.is_not()) {
        attrs.set(&attr::NULLS_DISTINCT, false);
    }
    if let Some(params) = create.params() {
        storage(&params, &mut attrs);
    }
    let columns: Vec<Name> = create
        .columns()
        .iter()
        .filter_map(|column| single_column(&column.expr()?))
        .map(|name| name_of(&name))
        .collect();
    let index = Index {
        name: SmolStr::default(),
        unique: create.unique().is_some(),
        parts,
        predicate: create.predicate().map(|expr| Expr(expr.text().trim().to_owned())),
        comment: None,
        key: Key::Index,
        attrs,
    };
    let name = create.name().as_ref().map(name_of);
    let if_not_exists = create.if_not_exists().is_some();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let Some(id) = scene.find(Space::Relation, table.schema(), table.text()) else {
            scene.missing("table", Space::Relation, &table.name);
            return;
        };
        let Some((schema, of)) = scene.name_of(id) else { return };
        if let Some(name) = &name
            && scene.is_taken(&schema, &name.text)
        {
            if !if_not_exists {
                let other = scene.find_index(Some(&schema), &name.text);
                scene.exists("index", name, other.filter(|other| *other != id));
            }
            return;
        }
        let text = match &name {
            Some(name) => name.text.clone(),
            None => {
                let include = index.attrs.get(&attr::INCLUDE).unwrap_or_default();
                let words: Vec<String> = column_words(&index.parts).into_iter().chain(include).collect();
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                names::implied(&of, &words, "idx", |name| scene.is_taken(&schema, name)).into()
            }
        };
        let index = Index { name: text.clone(), ..index.clone() };
        let at = name.as_ref().map_or(range, |name| name.range);
        match scene.thing(id).cloned() {
            Some(Thing::Table(table)) => {
                if scene.is_complete(id) {
                    for column in &columns {
                        if table.column(&column.text).is_none() {
                            scene.missing_column(&table, column);
                            return;
                        }
                    }
                }
                scene.edit(id, hash(&text), |table, origin| {
                    let path = ObjectPath::Index {
                        schema: table.schema.clone(),
                        table: table.name.clone(),
                        index: text.clone(),
                    };
                    origin.add(path, range, at);
                    add_index(table, index);
                });
            }
            Some(Thing::View(view)) => add_to_view(scene, id, &view, index),
            // An index of a partition is none of the realm.
            _ => {}
        }
    });
}

fn add_to_view(scene: &mut Scene<'_, '_>, id: engine::replay::Id, view: &View, index: Index) {
    let mut view = view.clone();
    let at = view.indexes.partition_point(|known| known.name < index.name);
    view.indexes.insert(at, index);
    scene.set(id, Thing::View(std::sync::Arc::new(view)));
}
