//! Keys and constraints: what is written, and the names the server gives what has none.

use std::sync::Arc;

use engine::replay::{Name, Origin, Scene, Space};
use schema::{
    Attrs, Check, Expr, ForeignKey, Index, IndexPart, Key as Kept, ObjectPath, PrimaryKey, ReferenceAction,
    SmolStr, Table,
};
use syntax::sql::ast;
use text::TextRange;

use super::column::plain;
use super::{IMPLIED, name_of};
use crate::mysql::attr::{ENFORCED, IN_COLUMN, INDEX_TYPE, INVISIBLE, PARSER, PREFIX};
use crate::mysql::implied;

/// How the server calls what has no name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming {
    pub maria: bool,
}

/// A key or constraint as it is written.
#[derive(Clone, Debug)]
pub(super) enum Key {
    Primary {
        key: PrimaryKey,
        range: TextRange,
    },
    /// The name is empty where the server makes one.
    Index {
        index: Index,
        range: TextRange,
        name: TextRange,
        if_not_exists: bool,
    },
    /// `own` says that its schema is that of its table; `index` names the index it gets.
    Foreign {
        key: ForeignKey,
        schema: Option<Name>,
        index: Option<SmolStr>,
        range: TextRange,
    },
    Check {
        check: Check,
        column: Option<SmolStr>,
        range: TextRange,
    },
}

impl Key {
    pub fn unique_at(column: &ast::Name) -> Key {
        let index = Index {
            name: SmolStr::default(),
            unique: true,
            parts: vec![IndexPart::column(column.text.clone())],
            predicate: None,
            comment: None,
            key: Kept::Index,
            attrs: Attrs::default(),
        };
        Key::Index { index, range: column.range, name: column.range, if_not_exists: false }
    }

    pub fn primary_at(column: &ast::Name, node: &ast::PrimaryKey) -> Key {
        let parts = vec![IndexPart::column(column.text.clone())];
        let key = PrimaryKey { name: None, parts, comment: None, attrs: Attrs::default() };
        Key::Primary { key, range: node.range() }
    }

    /// The columns it names.
    pub fn columns(&self) -> Vec<SmolStr> {
        let of = |parts: &[IndexPart]| parts.iter().filter_map(IndexPart::column_name).cloned().collect();
        match self {
            Key::Primary { key, .. } => of(&key.parts),
            Key::Index { index, .. } => of(&index.parts),
            Key::Foreign { key, .. } => key.columns.clone(),
            Key::Check { .. } => Vec::new(),
        }
    }
}

/// The key a node among the columns of a table is.
pub(super) fn read(node: &syntax::sql::SyntaxNode, naming: Naming) -> Option<Key> {
    if let Some(key) = ast::PrimaryKey::cast(node.clone()) {
        let mut attrs = Attrs::default();
        let comment = options(key.index_options(), &mut attrs);
        let key_ = PrimaryKey { name: None, parts: parts(&key.columns()), comment, attrs };
        return Some(Key::Primary { key: key_, range: key.range() });
    }
    if let Some(unique) = ast::Unique::cast(node.clone()) {
        // `CONSTRAINT a UNIQUE KEY b`: the name of the index counts.
        let name = unique.index_name().or_else(|| unique.name());
        let options: Vec<_> = unique.index_options().collect();
        return Some(index(name, true, None, &unique.columns(), options, unique.range()));
    }
    if let Some(key) = ast::KeyDef::cast(node.clone()) {
        let options: Vec<_> = key.options().collect();
        return Some(index(key.name(), false, key.kind(), &key.columns(), options, key.range()));
    }
    if let Some(check) = ast::Check::cast(node.clone()) {
        return self::check(&check, None);
    }
    let foreign = ast::ForeignKey::cast(node.clone())?;
    let references = foreign.references()?;
    let columns = foreign.columns().into_iter().map(|name| name.text).collect();
    let index = foreign.index_name().map(|name| name.text);
    let named = foreign.name();
    let mut key = reference(columns, named, &references, foreign.range())?;
    if let Key::Foreign { index: of, key, .. } = &mut key {
        // Without a name behind `CONSTRAINT`, that of the index is the name of the key in MariaDB.
        if key.name.is_none() && naming.maria {
            key.name.clone_from(&index);
        }
        *of = index;
    }
    Some(key)
}

/// An index from its parts.
pub(super) fn index(
    name: Option<ast::Name>,
    unique: bool,
    kind: Option<&'static str>,
    columns: &[ast::IndexedColumn],
    given: Vec<ast::OptionClause>,
    range: TextRange,
) -> Key {
    let mut attrs = Attrs::default();
    let comment = options(given, &mut attrs);
    if let Some(kind) = kind {
        attrs.set(&INDEX_TYPE, kind.to_string());
    }
    let index = Index {
        name: name.as_ref().map(|name| name.text.clone()).unwrap_or_default(),
        unique,
        parts: parts(columns),
        predicate: None,
        comment,
        key: Kept::Index,
        attrs,
    };
    Key::Index { index, range, name: name.map_or(range, |name| name.range), if_not_exists: false }
}

fn parts(columns: &[ast::IndexedColumn]) -> Vec<IndexPart> {
    let part = |column: &ast::IndexedColumn| {
        let mut part = match column.column() {
            Some(name) => IndexPart::column(name.text),
            None => {
                let text = column.expr()?.text();
                let text = text.trim();
                let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
                IndexPart::expr(inner.trim())
            }
        };
        part.desc = column.desc().is_some();
        if let Some(prefix) = column.prefix() {
            part.attrs.set(&PREFIX, prefix);
        }
        Some(part)
    };
    columns.iter().filter_map(part).collect()
}

/// Takes the options of an index into `attrs`; its comment.
pub(super) fn options(
    given: impl IntoIterator<Item = ast::OptionClause>,
    attrs: &mut Attrs,
) -> Option<String> {
    let mut comment = None;
    for option in given {
        let value = option.value().map(|value| plain(&value.raw));
        match option.words().as_str() {
            "USING" | "TYPE" => {
                if let Some(kind) = value.map(|kind| kind.to_ascii_uppercase()) {
                    attrs.set(&INDEX_TYPE, kind);
                }
            }
            "COMMENT" => comment = value.filter(|text| !text.is_empty()),
            "WITH PARSER" => {
                if let Some(parser) = value {
                    attrs.set(&PARSER, parser);
                }
            }
            "INVISIBLE" | "IGNORED" => attrs.set(&INVISIBLE, true),
            "VISIBLE" | "NOT IGNORED" => attrs.remove(&INVISIBLE),
            _ => {}
        }
    }
    if attrs.get(&INDEX_TYPE).as_deref() == Some("BTREE") {
        attrs.remove(&INDEX_TYPE);
    }
    comment
}

pub(super) fn check(node: &ast::Check, column: Option<&ast::Name>) -> Option<Key> {
    let expr = node.expr()?;
    let mut attrs = Attrs::default();
    if node.attributes().iter().any(|words| words == "NOT ENFORCED") {
        attrs.set(&ENFORCED, false);
    }
    let check =
        Check { name: node.name().map(|name| name.text), expr: Expr(expr.text().trim().to_owned()), attrs };
    Some(Key::Check { check, column: column.map(|name| name.text.clone()), range: node.range() })
}

/// `REFERENCES` at a column.
pub(super) fn reference_at(
    column: &ast::Name,
    named: Option<ast::Name>,
    references: &ast::References,
) -> Option<Key> {
    reference(vec![column.text.clone()], named, references, references.range())
}

fn reference(
    columns: Vec<SmolStr>,
    named: Option<ast::Name>,
    references: &ast::References,
    range: TextRange,
) -> Option<Key> {
    let parent = references.table()?;
    let action = |found: Option<ast::ReferenceAction>| {
        found.and_then(|action| ReferenceAction::parse(&action.action()?))
    };
    let key = ForeignKey {
        name: named.map(|name| name.text),
        columns,
        ref_schema: SmolStr::default(),
        ref_table: parent.name.text.clone(),
        ref_columns: references.columns().into_iter().map(|name| name.text).collect(),
        on_update: action(references.on_update()),
        on_delete: action(references.on_delete()),
        attrs: Attrs::default(),
    };
    Some(Key::Foreign { key, schema: parent.schema.as_ref().map(name_of), index: None, range })
}

/// The primary keys `table`'s foreign keys without columns refer to, one list for each foreign key.
pub(super) fn referred(scene: &Scene<'_, '_>, table: &Table) -> Vec<Vec<SmolStr>> {
    let of = |key: &ForeignKey| {
        let schema = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
        let parent: Arc<Table> = scene.table(scene.find(Space::Relation, Some(schema), &key.ref_table)?)?;
        let parts = &parent.primary_key.as_ref()?.parts;
        Some(parts.iter().filter_map(IndexPart::column_name).cloned().collect())
    };
    table.foreign_keys.iter().map(|key| of(key).unwrap_or_default()).collect()
}

/// Adds keys to `table`, in this order, with the names the server gives them.
pub(super) fn add(table: &mut Table, keys: &[Key], naming: Naming, origin: &mut Origin<'_>) {
    let (schema, name) = (table.schema.clone(), table.name.clone());
    for key in keys {
        match key {
            Key::Primary { key, range } => {
                if table.primary_key.is_none() {
                    let mut key = key.clone();
                    own_case(table, &mut key.parts);
                    for part in &key.parts {
                        let column =
                            table.columns.iter_mut().find(|column| part.column_name() == Some(&column.name));
                        if let Some(column) = column {
                            column.nullable = false;
                        }
                    }
                    table.primary_key = Some(key);
                    let path = ObjectPath::PrimaryKey { schema: schema.clone(), table: name.clone() };
                    origin.add(path, *range, *range);
                }
            }
            Key::Index { index, range, name: at, if_not_exists } => {
                let mut index = index.clone();
                own_case(table, &mut index.parts);
                if index.name.is_empty() {
                    index.name = free_index(table, &index);
                } else if *if_not_exists && has_index(table, &index.name) {
                    continue;
                }
                drop_implied(table, &index.parts);
                let path = ObjectPath::Index {
                    schema: schema.clone(),
                    table: name.clone(),
                    index: index.name.clone(),
                };
                origin.add(path, *range, *at);
                table.indexes.push(index);
            }
            Key::Foreign { .. } => {}
            Key::Check { check, column, range } => {
                let mut check = check.clone();
                if check.name.is_none() {
                    check.name = Some(match column {
                        Some(column) if naming.maria => {
                            check.attrs.set(&IN_COLUMN, true);
                            column.clone()
                        }
                        _ => free_check(table, naming),
                    });
                } else if naming.maria && column.is_some() {
                    // A name written at a column is lost.
                    check.attrs.set(&IN_COLUMN, true);
                    check.name.clone_from(column);
                }
                let label = check.name.clone().unwrap_or_default();
                let path = ObjectPath::Check { schema: schema.clone(), table: name.clone(), check: label };
                origin.add(path, *range, *range);
                table.checks.push(check);
            }
        }
    }
    // Foreign keys come when all indexes are there.
    let mut made: Vec<SmolStr> = Vec::new();
    for key in keys {
        let Key::Foreign { key, schema: of, index, range } = key else { continue };
        let mut key = key.clone();
        for column in &mut key.columns {
            if let Some(own) = table.columns.iter().find(|own| own.name.eq_ignore_ascii_case(column)) {
                column.clone_from(&own.name);
            }
        }
        if let Some(of) = of
            && of.text != schema
        {
            key.ref_schema = of.text.clone();
        }
        let unnamed = key.name.is_none();
        let label = key.name.clone().unwrap_or_else(|| free_foreign(table, naming));
        // Of those one statement makes, the longer stays, and of equal ones the later.
        table.indexes.retain(|index| {
            let starts = index.parts.len() <= key.columns.len()
                && index
                    .parts
                    .iter()
                    .zip(&key.columns)
                    .all(|(part, column)| part.column_name() == Some(column));
            !(starts && made.contains(&index.name))
        });
        if !implied::is_served(table, &key.columns) {
            let mut implied = implied_index(&key);
            implied.name = match (index, unnamed) {
                (Some(index), _) if naming.maria => index.clone(),
                (_, false) => label.clone(),
                (Some(index), _) => index.clone(),
                _ => free_index(table, &implied),
            };
            implied.attrs.set(&IMPLIED, true);
            drop_implied(table, &implied.parts);
            made.push(implied.name.clone());
            table.indexes.push(implied);
        }
        key.name = Some(label.clone());
        let path = ObjectPath::ForeignKey { schema: schema.clone(), table: name.clone(), key: label };
        origin.add(path, *range, *range);
        table.foreign_keys.push(key);
    }
    table.indexes.sort_by_cached_key(|index| (index.name.to_lowercase(), index.name.clone()));
    table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    table.checks.sort_by(|a, b| a.name.cmp(&b.name));
}

fn implied_index(key: &ForeignKey) -> Index {
    Index {
        name: SmolStr::default(),
        unique: false,
        parts: key.columns.iter().cloned().map(IndexPart::column).collect(),
        predicate: None,
        comment: None,
        key: Kept::Index,
        attrs: Attrs::default(),
    }
}

/// The parts with the names of columns as these are written.
fn own_case(table: &Table, parts: &mut [IndexPart]) {
    for part in parts {
        if let schema::PartOf::Column(name) = &mut part.of
            && let Some(own) = table.columns.iter().find(|own| own.name.eq_ignore_ascii_case(name))
        {
            name.clone_from(&own.name);
        }
    }
}

pub(super) fn has_index(table: &Table, name: &str) -> bool {
    table.indexes.iter().any(|index| index.name.eq_ignore_ascii_case(name))
}

/// Drops the indexes the server made for foreign keys that an index of `parts` serves too.
fn drop_implied(table: &mut Table, parts: &[IndexPart]) {
    let plain = |part: &IndexPart| part.attrs.get(&PREFIX).is_none();
    table.indexes.retain(|index| {
        let served =
            index.attrs.is(&IMPLIED)
                && parts.len() >= index.parts.len()
                && index.parts.iter().zip(parts).all(|(a, b)| {
                    a.column_name().is_some() && a.column_name() == b.column_name() && plain(b)
                });
        !served
    });
}

/// The name of the first column, or with the first free number from 2 on; `functional_index` for expressions.
fn free_index(table: &Table, index: &Index) -> SmolStr {
    let first = index.parts.first().and_then(IndexPart::column_name).cloned();
    let base = first.unwrap_or_else(|| "functional_index".into());
    let free = |name: &str| !has_index(table, name) && !name.eq_ignore_ascii_case("primary");
    if free(&base) {
        return base;
    }
    let numbered = (2..1000).map(|number| SmolStr::from(format!("{base}_{number}")));
    numbered.into_iter().find(|name| free(name)).unwrap_or(base)
}

/// `t_chk_1`, in MariaDB `CONSTRAINT_1`.
fn free_check(table: &Table, naming: Naming) -> SmolStr {
    let free = |name: &str| {
        !table
            .checks
            .iter()
            .any(|check| check.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    };
    if !naming.maria {
        let start = format!("{}_chk_", table.name);
        let numbers =
            table.checks.iter().filter_map(|check| check.name.as_ref()?.strip_prefix(&start)?.parse().ok());
        let highest: u64 = numbers.max().unwrap_or(0);
        return SmolStr::from(format!("{start}{}", highest + 1));
    }
    let name = |number: usize| SmolStr::from(format!("CONSTRAINT_{number}"));
    (1..10_000).map(name).find(|name| free(name)).unwrap_or_else(|| name(1))
}

/// `t_ibfk_1`: one more than the highest number there is.
fn free_foreign(table: &Table, _naming: Naming) -> SmolStr {
    let start = format!("{}_ibfk_", table.name);
    let numbers =
        table.foreign_keys.iter().filter_map(|key| key.name.as_ref()?.strip_prefix(&start)?.parse().ok());
    let highest: u64 = numbers.max().unwrap_or(0);
    SmolStr::from(format!("{start}{}", highest + 1))
}
