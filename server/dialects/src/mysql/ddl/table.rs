//! `CREATE TABLE`.

use std::sync::Arc;

use engine::origin::Part;
use engine::renames::RENAMED_FROM;
use engine::replay::{Builder, Name, Origin, Scene, Space, Thing, Unsupported};
use schema::{Attrs, Check, Column, Expr, IndexPart, ObjectPath, SmolStr, Table};
use syntax::sql::Piece;
use syntax::sql::ast;

use super::column::{self, Written, plain};
use super::key::{self, Key, Naming};
use super::{Qual, step};
use crate::mysql::attr::{
    AUTO_INCREMENT_START, BY, BY_EXPR, CHARSET, COLLATE, CREATE_OPTIONS, ENGINE, IN, LESS_THAN, PARTITION,
    PARTITION_COLUMNS, PARTITION_COMMENT, PARTITION_COUNT, PARTITION_NAME, PARTITION_TYPE, PARTITIONS,
    SUBPARTITION, SYSTEM_VERSIONED,
};
use crate::mysql::names::ident;

/// What a table is made of, in the order it is written in.
#[derive(Clone, Debug, Default)]
pub(super) struct Elements {
    pub columns: Vec<Written>,
    pub keys: Vec<Key>,
}

/// The columns and keys below `node`.
pub(super) fn elements(node: &syntax::sql::SyntaxNode, piece: &Piece, naming: Naming) -> Elements {
    let mut out = Elements::default();
    for child in node.children() {
        if let Some(column) = ast::Column::cast(child.clone()) {
            if let Some(mut written) = column::read(&column) {
                super::hint(&mut written.column.attrs, piece, written.range);
                out.keys.extend(written.keys.iter().cloned());
                out.columns.push(written);
            }
        } else {
            let mut key = key::read(&child, naming);
            if let Some(Key::Index { index, range, .. }) = &mut key {
                super::hint(&mut index.attrs, piece, *range);
            }
            out.keys.extend(key);
        }
    }
    for child in node.children().filter(|child| child.kind() == syntax::sql::SyntaxKind::PERIOD) {
        period(&child, &mut out);
    }
    out
}

/// `PERIOD FOR name (from, to)` of MariaDB: a check of its name, columns that are never null, and a key that says
/// `name WITHOUT OVERLAPS` is one of both, as the catalog shows it.
fn period(node: &syntax::sql::SyntaxNode, out: &mut Elements) {
    use syntax::sql::SyntaxKind;
    let names = |node: &syntax::sql::SyntaxNode| -> Vec<SmolStr> {
        let nodes = node.children().filter(|child| child.kind() == SyntaxKind::NAME);
        nodes.filter_map(|node| ast::Name::of(&node)).map(|name| name.text).collect()
    };
    let columns = node.children().find(|child| child.kind() == SyntaxKind::COLUMN_NAMES);
    let (Some(columns), Some(name)) = (columns, names(node).into_iter().next()) else { return };
    let columns = names(&columns);
    let [from, to] = columns.as_slice() else { return };
    if name.eq_ignore_ascii_case("system_time") {
        return;
    }
    for column in &mut out.columns {
        if column.column.name == *from || column.column.name == *to {
            column.column.nullable = false;
        }
    }
    for key in &mut out.keys {
        let parts = match key {
            Key::Index { index, .. } => &mut index.parts,
            Key::Primary { key, .. } => &mut key.parts,
            _ => continue,
        };
        if parts.last().and_then(IndexPart::column_name).is_some_and(|last| last.eq_ignore_ascii_case(&name))
        {
            parts.pop();
            parts.extend([to, from].map(|column| IndexPart::column(column.clone())));
        }
    }
    let expr = Expr(format!("{} < {}", ident(from), ident(to)));
    let check = Check { name: Some(name), expr, attrs: Attrs::default() };
    out.keys.push(Key::Check { check, column: None, range: node.text_range() });
}

/// An option of a table or database that says more than the attributes of the model, in the catalog's words.
const KEPT: &[&str] = &[
    "AVG_ROW_LENGTH",
    "CHECKSUM",
    "COMPRESSION",
    "DELAY_KEY_WRITE",
    "ENCRYPTION",
    "ENCRYPTED",
    "ENCRYPTION_KEY_ID",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "PACK_KEYS",
    "PAGE_CHECKSUM",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "ROW_FORMAT",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "TRANSACTIONAL",
];

/// One option of a table.
#[derive(Clone, Debug)]
pub(super) struct TableOption {
    pub words: SmolStr,
    pub value: String,
}

impl TableOption {
    pub fn of(option: &ast::OptionClause) -> Self {
        let words = option.words();
        let words = words.strip_prefix("DEFAULT ").map_or(words.clone(), SmolStr::new);
        Self { words, value: option.value().map(|value| plain(&value.raw)).unwrap_or_default() }
    }

    /// Takes it into a table.
    pub fn apply(&self, table: &mut Table) {
        match self.words.as_str() {
            "COMMENT" => table.comment = Some(self.value.clone()).filter(|text| !text.is_empty()),
            "ENGINE" | "TYPE" => table.attrs.set(&ENGINE, self.value.clone()),
            "AUTO_INCREMENT" => match self.value.parse::<i64>() {
                Ok(start) if start > 1 => table.attrs.set(&AUTO_INCREMENT_START, start),
                _ => table.attrs.remove(&AUTO_INCREMENT_START),
            },
            "WITH SYSTEM VERSIONING" => table.attrs.set(&SYSTEM_VERSIONED, true),
            words if KEPT.contains(&words) => {
                let name = words.to_ascii_lowercase();
                let old = table.attrs.get(&CREATE_OPTIONS).unwrap_or_default();
                let start = format!("{name}=");
                let mut options: Vec<String> = old
                    .split_whitespace()
                    .filter(|word| !word.starts_with(&start))
                    .map(str::to_owned)
                    .collect();
                let usual = matches!(&*self.value.to_ascii_uppercase(), "DEFAULT" | "0")
                    && !words.starts_with("STATS")
                    && words != "PACK_KEYS";
                if !usual {
                    options.push(format!("{name}={}", self.value));
                }
                options.sort();
                match options.is_empty() {
                    true => table.attrs.remove(&CREATE_OPTIONS),
                    false => table.attrs.set(&CREATE_OPTIONS, options.join(" ")),
                }
            }
            _ => self.apply_charset(&mut table.attrs),
        }
    }

    /// Takes it into the attributes of a table or a schema when it is a charset or a collation.
    pub fn apply_charset(&self, attrs: &mut Attrs) {
        match self.words.as_str() {
            // One without the other brings its own.
            "CHARACTER SET" | "CHAR SET" | "CHARSET" => {
                let value = self.value.to_lowercase();
                if attrs.get(&COLLATE).is_some_and(|old| crate::mysql::charset::of_collation(&old) != value) {
                    attrs.remove(&COLLATE);
                }
                attrs.set(&CHARSET, value);
            }
            "COLLATE" => {
                let value = self.value.to_lowercase();
                attrs.set(&CHARSET, crate::mysql::charset::of_collation(&value));
                attrs.set(&COLLATE, value);
            }
            _ => {}
        }
    }
}

/// Sets what `PARTITION BY` says.
pub(super) fn partitioning(node: &ast::Partitioning) -> Attrs {
    let kind = node.kind();
    let mut out = level(&kind, node.columns(), node.expr());
    if kind == "SYSTEM_TIME"
        && let Some(interval) = interval(node.syntax())
    {
        let mut by = Attrs::default();
        by.set(&BY_EXPR, interval);
        out.set(&BY, vec![by]);
    }
    let count = node.count().unwrap_or(0);
    if let Some(sub) = node.subpartitioning() {
        let mut item = level(&sub.kind(), sub.columns(), sub.expr());
        item.set(&PARTITION_COUNT, sub.count().unwrap_or(1));
        out.set(&SUBPARTITION, vec![item]);
    }
    let mut partitions: Vec<Attrs> = Vec::new();
    for partition in node.partitions() {
        partitions.extend(self::partition(&partition));
    }
    if partitions.is_empty() && !kind.starts_with("SYSTEM") {
        partitions = (0..count.max(1)).map(|number| named(&format!("p{number}"))).collect();
    }
    out.set(&PARTITIONS, partitions);
    out
}

/// `INTERVAL 1 MONTH` or `LIMIT 1000` of partitions by time (MariaDB), without when the first one starts.
fn interval(node: &syntax::sql::SyntaxNode) -> Option<String> {
    let loose = node.children().find(|child| child.kind() == syntax::sql::SyntaxKind::LOOSE)?;
    let text = loose.text().to_string().to_ascii_uppercase();
    let words = text.split_whitespace().take_while(|word| !matches!(*word, "STARTS" | "AUTO"));
    Some(words.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

fn named(name: &str) -> Attrs {
    let mut item = Attrs::default();
    item.set(&PARTITION_NAME, name.to_string());
    item
}

pub(super) fn partition(node: &ast::PartitionDef) -> Option<Attrs> {
    let mut item = named(&node.name()?.text);
    let values = node.values();
    if !values.is_empty() {
        match node.is_list() {
            true => item.set(&IN, values),
            false => item.set(&LESS_THAN, values),
        }
    }
    for option in node.options() {
        if option.words() == "COMMENT"
            && let Some(value) = option.value()
        {
            item.set(&PARTITION_COMMENT, plain(&value.raw));
        }
    }
    Some(item)
}

fn level(kind: &str, columns: Vec<ast::Name>, expr: Option<ast::Expr>) -> Attrs {
    let mut out = Attrs::default();
    out.set(&PARTITION_TYPE, kind.replace(' ', "_"));
    if !columns.is_empty() {
        out.set(&PARTITION_COLUMNS, columns.iter().map(|name| name.text.to_string()).collect());
    } else if let Some(expr) = expr {
        match expr.as_column().and_then(|column| column.name()) {
            Some(name) => out.set(&PARTITION_COLUMNS, vec![name.text.to_string()]),
            None => {
                let mut by = Attrs::default();
                by.set(&BY_EXPR, expr.text().trim().to_owned());
                out.set(&BY, vec![by]);
            }
        }
    }
    out
}

/// What a `CREATE TABLE` makes.
struct New {
    qual: Qual,
    quiet: bool,
    replace: bool,
    range: text::TextRange,
    elements: Elements,
    options: Vec<TableOption>,
    partition: Option<Attrs>,
    like: Option<Qual>,
    /// The tables a query takes columns from, or columns by name.
    derived: Option<Derived>,
    naming: Naming,
    /// What it was called before.
    hint: Attrs,
}

/// What is known of the columns of a query.
#[derive(Clone, Debug)]
struct Derived {
    columns: Vec<(SmolStr, Option<(SmolStr, SmolStr)>)>,
    complete: bool,
}

pub(super) fn create(
    create: &ast::CreateTable,
    piece: &Piece,
    naming: Naming,
    builder: &mut Builder,
) -> Result<(), Unsupported> {
    let Some(path) = create.path() else { return Ok(()) };
    let qual = Qual::of(&path);
    let range = piece.statement_range();
    if create.temporary().is_some() {
        step(builder, move |scene| {
            let schema = qual.home(scene);
            if qual.find(scene, Space::Relation).is_none() {
                let name = qual.name.text.clone();
                scene.insert(Space::Relation, schema, name, Thing::Hidden, Part::default(), 0);
            }
        });
        return Ok(());
    }
    let mut hint = Attrs::default();
    super::hint(&mut hint, piece, range);
    let new = New {
        hint,
        qual,
        quiet: create.if_not_exists().is_some(),
        replace: replaces(create.syntax()),
        range,
        elements: create.elements().map(|node| elements(&node, piece, naming)).unwrap_or_default(),
        options: create.clauses().map(|option| TableOption::of(&option)).collect(),
        partition: create.partitioning().map(|node| partitioning(&node)),
        like: create.like().and_then(|like| like.table()).map(|path| Qual::of(&path)),
        derived: create.query().map(|query| derived(&query)),
        naming,
    };
    check(&new, builder);
    step(builder, move |scene| new.apply(scene));
    Ok(())
}

/// Mistakes that are so whatever the state is.
fn check(new: &New, builder: &mut Builder) {
    let table = &new.qual.name.text;
    let mut names: Vec<String> = Vec::new();
    for written in &new.elements.columns {
        let folded = written.name.text.to_lowercase();
        if names.contains(&folded) {
            let message = format!("column {:?} is defined twice in table {table:?}", written.name.text);
            builder.error(written.name.range, "table-duplicate", message);
        }
        names.push(folded);
    }
    if new.derived.is_some() || new.like.is_some() {
        return;
    }
    let mut primary = 0;
    for key in &new.elements.keys {
        if let Key::Primary { range, .. } = key {
            primary += 1;
            if primary == 2 {
                let message = format!("table {table:?} has more than one primary key");
                builder.error(*range, "table-duplicate", message);
            }
        }
        let range = match key {
            Key::Primary { range, .. } | Key::Index { range, .. } | Key::Foreign { range, .. } => *range,
            Key::Check { .. } => continue,
        };
        for column in key.columns() {
            if !names.contains(&column.to_lowercase()) {
                let near = hcl::suggest(&column, new.elements.columns.iter().map(|c| c.name.text.as_str()));
                let mut message = format!("a key of table {table:?} uses unknown column {column:?}");
                if let Some(near) = near {
                    message.push_str(&format!(", did you mean {near:?}?"));
                }
                // What keeps the history of a table has columns nobody wrote.
                if !matches!(column.to_lowercase().as_str(), "row_start" | "row_end") {
                    builder.error(range, "unknown-column", message);
                }
            }
        }
    }
}

fn derived(query: &ast::Query) -> Derived {
    let mut out = Derived { columns: Vec::new(), complete: true };
    let Some(select) = query.selects().next() else { return Derived { complete: false, ..out } };
    let only = match select.tables().as_slice() {
        [only] => match only.source() {
            Some(ast::Source::Table(path)) => Some(path.name.text),
            _ => None,
        },
        _ => None,
    };
    for column in select.result_columns() {
        if column.is_star() {
            match &only {
                Some(table) => out.columns.push((SmolStr::default(), Some((table.clone(), "*".into())))),
                None => out.complete = false,
            }
            continue;
        }
        let Some(name) = column.output_name() else {
            out.complete = false;
            continue;
        };
        let source = column.expr().and_then(|expr| expr.as_column()).and_then(|column| column.name());
        let of = source.and_then(|source| Some((only.clone()?, source.text)));
        out.columns.push((name.text, of));
    }
    out
}

impl New {
    fn apply(&self, scene: &mut Scene<'_, '_>) {
        let schema = self.qual.home(scene);
        let name = self.qual.name.text.clone();
        if let Some(old) = scene.find(Space::Relation, Some(&schema), &name) {
            if self.replace {
                scene.remove(old);
            } else {
                if !self.quiet && !matches!(scene.thing(old), Some(Thing::Hidden)) {
                    scene.exists("table", &self.qual.name, Some(old));
                }
                return;
            }
        }
        let path = ObjectPath::Table { schema: schema.clone(), table: name.clone() };
        let part = super::part_of(path, self.range, self.qual.name.range);
        let mut table = Table { schema: schema.clone(), name: name.clone(), ..Table::default() };
        let mut complete = true;
        let mut source = 0;
        if let Some(like) = &self.like {
            match like.table(scene, false) {
                Some((_, of)) => {
                    source = super::hash(&format!("{of:?}"));
                    table = like_table(&of, &schema, &name, self.naming);
                }
                None => complete = false,
            }
        }
        let mut derived: Vec<Column> = Vec::new();
        if let Some(query) = &self.derived {
            complete &= query.complete;
            for (column, of) in &query.columns {
                let of = of.as_ref().and_then(|(table, column)| {
                    let qual = Qual { schema: None, name: Name { text: table.clone(), range: self.range } };
                    Some((qual.table(scene, true)?.1, column))
                });
                match of {
                    Some((of, star)) if star == "*" => {
                        derived.extend(of.columns.iter().map(|c| taken(&c.name, Some(c))))
                    }
                    Some((of, column_of)) => derived.push(taken(
                        column,
                        of.columns.iter().find(|own| own.name.eq_ignore_ascii_case(column_of)),
                    )),
                    None if column.is_empty() => complete = false,
                    None => {
                        complete = false;
                        derived.push(taken(column, None));
                    }
                }
            }
            source = super::hash(&format!("{derived:?}"));
        }
        let id = scene.insert(Space::Relation, schema, name, Thing::Table(Arc::new(table)), part, source);
        if !complete {
            scene.incomplete(id);
        }
        scene.edit(id, source, |table, origin| {
            if let Some(old) = self.hint.get(&RENAMED_FROM) {
                table.attrs.set(&RENAMED_FROM, old);
            }
            for option in &self.options {
                option.apply(table);
            }
            if let Some(partition) = &self.partition {
                table.attrs.set(&PARTITION, vec![partition.clone()]);
            }
            for written in &self.elements.columns {
                add_column(table, written, origin);
            }
            for column in derived {
                if !table.columns.iter().any(|own| own.name.eq_ignore_ascii_case(&column.name)) {
                    table.columns.push(column);
                }
            }
            key::add(table, &self.elements.keys, self.naming, origin);
        });
    }
}

fn taken(name: &str, of: Option<&Column>) -> Column {
    use engine::replay::Hooks as _;
    super::Ddl { maria: false }.derived_column(name, of)
}

/// Adds a column at the end.
pub(super) fn add_column(table: &mut Table, written: &Written, origin: &mut Origin<'_>) {
    let mut column = written.column.clone();
    settle_binary(&mut column, table);
    let path = ObjectPath::Column {
        schema: table.schema.clone(),
        table: table.name.clone(),
        column: column.name.clone(),
    };
    origin.add(path, written.range, written.name.range);
    table.columns.push(column);
}

/// `BINARY` behind a type of text means the collation by code of its charset.
pub(super) fn settle_binary(column: &mut Column, table: &Table) {
    if column.attrs.get(&COLLATE).as_deref() == Some("_bin") {
        let charset = column.attrs.get(&CHARSET).or_else(|| table.attrs.get(&CHARSET));
        column.attrs.set(&COLLATE, format!("{}_bin", charset.unwrap_or_else(|| "utf8mb4".into())));
    }
}

/// A table like another: without its foreign keys, its checks under names of its own.
fn like_table(of: &Table, schema: &SmolStr, name: &SmolStr, naming: Naming) -> Table {
    let mut table = Table { schema: schema.clone(), name: name.clone(), ..of.clone() };
    table.foreign_keys.clear();
    table.attrs.remove(&AUTO_INCREMENT_START);
    for index in &mut table.indexes {
        index.attrs.remove(&super::IMPLIED);
    }
    if !naming.maria {
        let mut number = 0;
        for check in &mut table.checks {
            number += 1;
            check.name = Some(format!("{name}_chk_{number}").into());
        }
    }
    table
}

/// The columns of `ADD COLUMN`, for `ALTER TABLE`.
pub(super) fn written(columns: &[ast::Column]) -> Vec<Written> {
    columns.iter().filter_map(column::read).collect()
}

/// `OR REPLACE` of MariaDB.
fn replaces(node: &syntax::sql::SyntaxNode) -> bool {
    let mut tokens = node.children_with_tokens().map_while(|child| child.into_token());
    tokens.any(|token| token.text().eq_ignore_ascii_case("REPLACE"))
}
