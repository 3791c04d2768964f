//! What counts as changed in SQLite.
//!
//! Literals and expressions are compared by what they are, not by how they are written, so that a state read back from
//! a database equals the one it was made from. Sizes of types, comments and the order of columns do not exist here.
//!
//! Source: SQLite 3.50, "Datatypes" and "CREATE TABLE"; atlas `sql/sqlite/diff.go`, whose endless differences (reference
//! engine.md §7) are not taken over.

use std::sync::Arc;

use engine::Error;
use engine::diff::Hooks;
use schema::{
    ChangeKind, Class, Column, Default, ForeignKey, Generated, Index, IndexPart, Kinds, Object, PrimaryKey,
    Schema, SmolStr, Table, TableChange, Trigger, View,
};

use super::attr::{
    AUTO_INCREMENT, COLLATE, CREATE, DEFERRED, ON_CONFLICT, STRICT, VIEW_COLUMNS, WITHOUT_ROWID,
};
use super::expr::{self, Number, Word};

pub struct Sqlite;

/// How the database names the index of a `UNIQUE` or `PRIMARY KEY` constraint.
pub const AUTOINDEX: &str = "sqlite_autoindex_";

/// Names are equal in any case of ASCII letters.
pub fn fold(name: &str) -> SmolStr {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        name.to_ascii_lowercase().into()
    } else {
        name.into()
    }
}

/// Whether the index has no name of its own.
pub fn is_automatic(index: &Index) -> bool {
    index.name.is_empty() || index.key == schema::Key::UniqueConstraint || index.name.starts_with(AUTOINDEX)
}

/// Whether the rowid is what the table's only primary key column is called.
pub fn is_rowid(table: &Table, column: &Column) -> bool {
    let Some(key) = &table.primary_key else { return false };
    let alone = matches!(&key.parts[..], [part] if !part.desc && part.column_name().is_some_and(|name| fold(name) == fold(&column.name)));
    alone
        && !table.attrs.is(&WITHOUT_ROWID)
        && column.ty.as_ref().is_some_and(|ty| ty.name == "integer" && ty.args.is_empty())
}

/// Whether the database takes NULL in the column: the key of a table without rowid, or of a strict one, never does.
pub fn is_nullable(table: &Table, column: &Column) -> bool {
    let name = fold(&column.name);
    let in_key = || {
        let parts = table.primary_key.iter().flat_map(|key| &key.parts);
        parts.filter_map(IndexPart::column_name).any(|part| fold(part) == name)
    };
    if !column.nullable {
        return false;
    }
    let implied = table.attrs.is(&WITHOUT_ROWID) || table.attrs.is(&STRICT) && !is_rowid(table, column);
    !(implied && in_key())
}

impl Hooks for Sqlite {
    fn fold(&self, name: &str) -> SmolStr {
        fold(name)
    }

    fn same_expr(&self, a: &str, b: &str) -> bool {
        expr::same(a, b)
    }

    /// An `auto_increment` column is the primary key, also where no block says so.
    fn complete(&self, table: &Arc<Table>) -> Arc<Table> {
        let auto = table.columns.iter().find(|column| column.attrs.is(&AUTO_INCREMENT));
        match auto {
            Some(column) if table.primary_key.is_none() => {
                let mut full = Table::clone(table);
                full.primary_key = Some(PrimaryKey {
                    name: None,
                    parts: vec![IndexPart::column(column.name.clone())],
                    comment: None,
                    attrs: schema::Attrs::default(),
                });
                Arc::new(full)
            }
            _ => table.clone(),
        }
    }

    fn keep_unsaid(&self, from: &Table, to: &mut Table) {
        for column in &mut to.columns {
            let Some(old) = from.columns.iter().find(|old| fold(&old.name) == fold(&column.name)) else {
                continue;
            };
            keep(&COLLATE, &old.attrs, &mut column.attrs);
            if !column.nullable {
                keep(&ON_CONFLICT, &old.attrs, &mut column.attrs);
            }
        }
        if let (Some(old), Some(key)) = (&from.primary_key, &mut to.primary_key) {
            keep(&ON_CONFLICT, &old.attrs, &mut key.attrs);
            if key.name.is_none() {
                key.name.clone_from(&old.name);
            }
            keep_parts(&old.parts, &mut key.parts);
        }
        for index in &mut to.indexes {
            let old = from.indexes.iter().find(|old| {
                fold(&old.name) == fold(&index.name)
                    || is_automatic(old)
                        && old.unique == index.unique
                        && same_columns(&old.parts, &index.parts)
            });
            if let Some(old) = old {
                keep(&ON_CONFLICT, &old.attrs, &mut index.attrs);
                keep_parts(&old.parts, &mut index.parts);
            }
        }
        for key in &mut to.foreign_keys {
            let columns = |key: &ForeignKey| key.columns.iter().map(|name| fold(name)).collect::<Vec<_>>();
            if let Some(old) = from.foreign_keys.iter().find(|old| columns(old) == columns(key)) {
                keep(&DEFERRED, &old.attrs, &mut key.attrs);
            }
        }
    }

    fn is_automatic(&self, index: &Index) -> bool {
        is_automatic(index)
    }

    fn column(
        &self,
        (from_table, from): (&Table, &Column),
        (to_table, to): (&Table, &Column),
    ) -> Result<Kinds, Error> {
        let mut kinds = Kinds::NONE;
        kinds.add_if(is_nullable(from_table, from) != is_nullable(to_table, to), ChangeKind::Null);
        kinds.add_if(type_differs((from_table, from), (to_table, to))?, ChangeKind::Type);
        let class = to.ty.as_ref().map_or(Class::Binary, |ty| ty.class);
        kinds.add_if(!same_default(from.default.as_ref(), to.default.as_ref(), class), ChangeKind::Default);
        kinds.add_if(!same_generated(from.generated.as_ref(), to.generated.as_ref()), ChangeKind::Generated);
        kinds.add_if(collation(from) != collation(to), ChangeKind::Collate);
        let attr = from.attrs.is(&AUTO_INCREMENT) != to.attrs.is(&AUTO_INCREMENT)
            || conflict(&from.attrs) != conflict(&to.attrs);
        kinds.add_if(attr, ChangeKind::Attr);
        Ok(kinds)
    }

    fn table_attrs(&self, from: &Table, to: &Table) -> Result<Vec<TableChange>, Error> {
        let mut changes = Vec::new();
        for key in [&WITHOUT_ROWID, &STRICT] {
            match (from.attrs.is(key), to.attrs.is(key)) {
                (false, true) => changes.push(TableChange::AddAttr(key.name)),
                (true, false) => changes.push(TableChange::DropAttr(key.name)),
                _ => {}
            }
        }
        Ok(changes)
    }

    fn part_differs(
        &self,
        (from_table, from): (&Table, &IndexPart),
        (to_table, to): (&Table, &IndexPart),
    ) -> bool {
        part_collation(from_table, from) != part_collation(to_table, to)
    }

    fn index_attrs_differ(&self, from: &Index, to: &Index) -> bool {
        conflict(&from.attrs) != conflict(&to.attrs)
    }

    fn primary_key_attrs_differ(&self, from: &PrimaryKey, to: &PrimaryKey) -> bool {
        conflict(&from.attrs) != conflict(&to.attrs)
    }

    fn foreign_key_attrs_differ(&self, from: &ForeignKey, to: &ForeignKey) -> bool {
        from.attrs.is(&DEFERRED) != to.attrs.is(&DEFERRED)
    }

    fn has_comments(&self) -> bool {
        false
    }

    fn view_differs(&self, from: &View, to: &View) -> bool {
        let columns = |view: &View| {
            view.attrs
                .get(&VIEW_COLUMNS)
                .unwrap_or_default()
                .iter()
                .map(|name| fold(name))
                .collect::<Vec<_>>()
        };
        !expr::same_statement(&from.body, &to.body) || columns(from) != columns(to)
    }

    fn trigger_differs(&self, from: &Trigger, to: &Trigger) -> bool {
        from.body != to.body && trigger_words(&from.body) != trigger_words(&to.body)
    }

    fn object_differs(&self, from: &Object, to: &Object) -> bool {
        let create = |object: &Object| object.attrs.get(&CREATE).unwrap_or_default();
        !expr::same_statement(&without_if_not_exists(&create(from)), &without_if_not_exists(&create(to)))
    }

    fn schema_differs(&self, _from: &Schema, _to: &Schema) -> bool {
        false
    }
}

fn keep<T: schema::attr::AttrType>(key: &schema::AttrKey<T>, from: &schema::Attrs, to: &mut schema::Attrs) {
    if to.get(key).is_none()
        && let Some(value) = from.get(key)
    {
        to.set(key, value);
    }
}

fn keep_parts(from: &[IndexPart], to: &mut [IndexPart]) {
    if same_columns(from, to) {
        for (from, to) in from.iter().zip(to) {
            keep(&COLLATE, &from.attrs, &mut to.attrs);
        }
    }
}

fn same_columns(a: &[IndexPart], b: &[IndexPart]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| match (&a.of, &b.of) {
            (schema::PartOf::Column(a), schema::PartOf::Column(b)) => fold(a) == fold(b),
            (schema::PartOf::Expr(a), schema::PartOf::Expr(b)) => expr::same(&a.0, &b.0),
            _ => false,
        })
}

/// Types of one family are stored alike. But only `integer` makes a primary key the rowid.
fn type_differs(
    (from_table, from): (&Table, &Column),
    (to_table, to): (&Table, &Column),
) -> Result<bool, Error> {
    let (Some(a), Some(b)) = (&from.ty, &to.ty) else {
        let name = if from.ty.is_none() { &from.name } else { &to.name };
        return Err(Error::Invalid(format!("sqlite: missing type information for column {name:?}")));
    };
    if a.class != b.class {
        return Ok(true);
    }
    if a.class == Class::UserDefined {
        return Ok(a.name != b.name);
    }
    let same_key = from_table.primary_key.is_some() && to_table.primary_key.is_some();
    Ok(same_key && is_rowid(from_table, from) != is_rowid(to_table, to) && a.name != b.name)
}

fn collation(column: &Column) -> String {
    column.attrs.get(&COLLATE).map_or_else(|| "binary".to_string(), |name| name.to_ascii_lowercase())
}

fn part_collation(table: &Table, part: &IndexPart) -> String {
    if let Some(name) = part.attrs.get(&COLLATE) {
        return name.to_ascii_lowercase();
    }
    let column = part.column_name().and_then(|name| {
        let name = fold(name);
        table.columns.iter().find(|column| fold(&column.name) == name)
    });
    column.map_or_else(|| "binary".to_string(), collation)
}

fn conflict(attrs: &schema::Attrs) -> String {
    attrs.get(&ON_CONFLICT).map_or_else(|| "ABORT".to_string(), |word| word.to_ascii_uppercase())
}

fn same_generated(from: Option<&Generated>, to: Option<&Generated>) -> bool {
    match (from, to) {
        (None, None) => true,
        (Some(from), Some(to)) => from.storage == to.storage && expr::same(&from.expr.0, &to.expr.0),
        _ => false,
    }
}

/// Whether two defaults put the same value into a column of `class`. No default is `NULL`.
pub fn same_default(from: Option<&Default>, to: Option<&Default>, class: Class) -> bool {
    if from == to {
        return true;
    }
    let (from, to) = (sql(from), sql(to));
    let (from, to) = (expr::words(&from), expr::words(&to));
    let (from, to) = (expr::strip(&from), expr::strip(&to));
    if from == to {
        return true;
    }
    match (constant(from), constant(to)) {
        (Some(from), Some(to)) => same_constant(&from, &to, class),
        _ => false,
    }
}

/// A default as SQL.
fn sql(default: Option<&Default>) -> String {
    match default {
        None => "null".to_string(),
        Some(Default::Expr(expr)) => expr.0.clone(),
        Some(Default::Literal(literal)) if literal.quoted => {
            format!("'{}'", literal.text.replace('\'', "''"))
        }
        Some(Default::Literal(literal)) => literal.text.clone(),
    }
}

enum Constant {
    Number(Number),
    Text(String),
}

fn constant(words: &[Word<'_>]) -> Option<Constant> {
    Some(match words {
        [Word::Number(number)] | [Word::Sign("+"), Word::Number(number)] => Constant::Number(*number),
        [Word::Sign("-"), Word::Number(Number::Int(value))] => Constant::Number(Number::Int(-value)),
        [Word::Sign("-"), Word::Number(Number::Real(value))] => Constant::Number(Number::Real(-value)),
        [Word::Name(name)] if name == "true" => Constant::Number(Number::Int(1)),
        [Word::Name(name)] if name == "false" => Constant::Number(Number::Int(0)),
        [Word::Text(text)] => Constant::Text(text.clone()),
        _ => return None,
    })
}

fn same_constant(a: &Constant, b: &Constant, class: Class) -> bool {
    let numeric = matches!(class, Class::Integer | Class::Float | Class::Decimal | Class::Bool | Class::Time);
    match (a, b) {
        (Constant::Number(a), Constant::Number(b)) => same_number(a, b, numeric),
        (Constant::Text(a), Constant::Text(b)) => a == b,
        (Constant::Number(number), Constant::Text(text))
        | (Constant::Text(text), Constant::Number(number)) => {
            // A column of numbers turns text that is one into it; a column of text does the reverse.
            match expr::words(text)[..] {
                [Word::Number(other)] if numeric => same_number(number, &other, true),
                _ => {
                    matches!(number, Number::Int(value) if value.to_string() == *text)
                        && class != Class::Binary
                }
            }
        }
    }
}

fn same_number(a: &Number, b: &Number, numeric: bool) -> bool {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => a == b,
        (Number::Real(a), Number::Real(b)) => a == b,
        (Number::Int(int), Number::Real(real)) | (Number::Real(real), Number::Int(int)) => {
            numeric && *int as f64 == *real
        }
    }
}

/// A trigger's words without what goes without saying.
fn trigger_words(body: &str) -> Vec<Word<'_>> {
    let words = expr::words(body);
    let name = |at: usize, text: &str| matches!(words.get(at), Some(Word::Name(word)) if word == text);
    let begin = words
        .iter()
        .position(|word| matches!(word, Word::Name(name) if name == "begin"))
        .unwrap_or(words.len());
    let mut out = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < begin {
        let skip = if name(at, "if") && name(at + 1, "not") && name(at + 2, "exists")
            || name(at, "for") && name(at + 1, "each") && name(at + 2, "row")
        {
            3
        } else if name(at, "main") && words.get(at + 1) == Some(&Word::Sign(".")) {
            2
        } else {
            usize::from(name(at, "before"))
        };
        if skip > 0 {
            at += skip;
            continue;
        }
        if name(at, "when") {
            out.push(words[at].clone());
            out.extend_from_slice(expr::strip(&words[at + 1..begin]));
            break;
        }
        out.push(words[at].clone());
        at += 1;
    }
    out.extend_from_slice(&words[begin..]);
    while out.last() == Some(&Word::Sign(";")) {
        out.pop();
    }
    out
}

fn without_if_not_exists(create: &str) -> String {
    // Only the head can hold it; the rest is kept as it is.
    let lower = create.to_ascii_lowercase();
    match lower.find("if not exists") {
        Some(at) if at < 40 => format!("{}{}", &create[..at], &create[at + "if not exists".len()..]),
        _ => create.to_string(),
    }
}
