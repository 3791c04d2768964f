//! A table as the catalog shows it.

use engine::connection::Capabilities;
use engine::normalize::Context;
use schema::{Attrs, Class, ColumnType, IndexPart, Key, ObjectPath, PartOf, ReferenceAction, SmolStr, Table};

use super::charset::Pair;
use super::column;
use crate::mysql::attr::{
    AUTO_INCREMENT_START, BY, BY_EXPR, CHARSET, COLLATE, CREATE_OPTIONS, ENFORCED, ENGINE, IN_COLUMN,
    INDEX_TYPE, INHERITED, OF_SERVER, PARTITION, PARTITION_TYPE, PREFIX, SUBPARTITION,
};
use crate::mysql::expr::{self, Known, printed};
use crate::mysql::features::{
    self, DEFAULT_ENGINE, DESC_INDEX, LOWER_CASE_TABLE_NAMES, MARIADB, RESTRICT_BY_DEFAULT,
};
use crate::mysql::{implied, words};

/// Engines as the servers spell them.
const ENGINES: &[&str] = &[
    "InnoDB",
    "MyISAM",
    "MEMORY",
    "CSV",
    "ARCHIVE",
    "BLACKHOLE",
    "MRG_MyISAM",
    "FEDERATED",
    "Aria",
    "NDB",
    "ndbcluster",
    "EXAMPLE",
    "CONNECT",
    "SPIDER",
    "ROCKSDB",
    "Mroonga",
    "S3",
    "ColumnStore",
    "Sphinx",
    "OQGRAPH",
];

/// `table`, in a schema with the charset `inherited`, in the server's form; what is not sure is marked.
pub(super) fn normal(table: &Table, inherited: &Pair, cx: &mut Context<'_>) -> Table {
    let server = cx.server;
    let maria = server.has(MARIADB);
    let mut out = table.clone();
    let (schema, name) = (out.schema.clone(), out.name.clone());
    if server.setting(LOWER_CASE_TABLE_NAMES) == "1" {
        out.name = out.name.to_lowercase().into();
        for key in &mut out.foreign_keys {
            key.ref_table = key.ref_table.to_lowercase().into();
        }
    }
    let of_server = out.attrs.is(&OF_SERVER);
    out.attrs.remove(&OF_SERVER);
    let pair = Pair::written(&out.attrs, server).unwrap_or_else(|| {
        if of_server {
            return Pair::of_schema(&Attrs::default(), server);
        }
        out.attrs.set(&INHERITED, true);
        inherited.clone()
    });
    pair.store(&mut out.attrs);
    engine(&mut out, server);
    if out.attrs.get(&AUTO_INCREMENT_START).is_some_and(|start| start <= 1) {
        out.attrs.remove(&AUTO_INCREMENT_START);
    }
    options(&mut out.attrs);
    let primary: Vec<SmolStr> = out
        .primary_key
        .iter()
        .flat_map(|key| key.parts.iter().filter_map(IndexPart::column_name).cloned())
        .collect();
    if maria {
        json(&mut out);
    }
    let names: Vec<(SmolStr, Option<String>)> = out
        .columns
        .iter()
        .map(|column| (column.name.clone(), column::charset(column, &pair, server)))
        .collect();
    let names: Vec<Known<'_>> =
        names.iter().map(|(name, charset)| Known { name, charset: charset.as_deref() }).collect();
    for column in &mut out.columns {
        if primary.iter().any(|name| name.eq_ignore_ascii_case(&column.name)) {
            column.nullable = false;
        }
        if !column::normal(column, &pair, &names, server) {
            cx.approximate(ObjectPath::Column {
                schema: schema.clone(),
                table: name.clone(),
                column: column.name.clone(),
            });
        }
    }
    if let Some(key) = &mut out.primary_key {
        key.name = None;
    }
    foreign_keys(&mut out, maria, server);
    indexes(&mut out, &names, cx);
    checks(&mut out, &names, cx);
    if let Some(mut levels) = out.attrs.get(&PARTITION) {
        levels.iter_mut().for_each(|level| partition(level, &names, server));
        out.attrs.set(&PARTITION, levels);
    }
    out
}

/// MariaDB keeps JSON as text with a check inside the column.
fn json(table: &mut Table) {
    let columns = &mut table.columns;
    table.checks.retain(|check| {
        let column = columns.iter_mut().find(|column| check.name.as_deref() == Some(&*column.name));
        let Some(column) = column.filter(|_| check.attrs.is(&IN_COLUMN)) else { return true };
        let of = expr::names(&check.expr.0);
        let valid = words::strip(&check.expr.0).to_lowercase().starts_with("json_valid(")
            && matches!(&of[..], [name] if name.eq_ignore_ascii_case(&column.name));
        let text = column.ty.as_ref().is_some_and(|ty| ty.name == "longtext" || ty.name == "json");
        if valid && text {
            column.ty = Some(ColumnType::new(Class::Json, "json"));
            column.attrs.remove(&CHARSET);
            column.attrs.remove(&COLLATE);
        }
        !(valid && text)
    });
}

fn engine(table: &mut Table, server: &Capabilities) {
    let usual = match server.setting(DEFAULT_ENGINE) {
        "" => "InnoDB",
        engine => engine,
    };
    let written = table.attrs.get(&ENGINE).unwrap_or_else(|| usual.to_owned());
    let written = if written.eq_ignore_ascii_case("HEAP") { "MEMORY".to_owned() } else { written };
    let known = ENGINES.iter().find(|engine| engine.eq_ignore_ascii_case(&written));
    table.attrs.set(&ENGINE, known.map_or(written, |engine| (*engine).to_owned()));
}

/// Formats of rows are in upper case, yes and no are numbers.
fn options(attrs: &mut Attrs) {
    let Some(options) = attrs.get(&CREATE_OPTIONS) else { return };
    let mut words: Vec<String> = options
        .split_whitespace()
        .map(|word| match word.split_once('=') {
            Some(("row_format", value)) => format!("row_format={}", value.to_uppercase()),
            _ => word.to_owned(),
        })
        .collect();
    words.sort();
    attrs.set(&CREATE_OPTIONS, words.join(" "));
}

fn is_transactional(table: &Table) -> bool {
    table.attrs.get(&ENGINE).is_some_and(|engine| matches!(&*engine, "InnoDB" | "NDB" | "ndbcluster"))
}

fn foreign_keys(table: &mut Table, maria: bool, server: &Capabilities) {
    // Other engines read them and forget them.
    if !is_transactional(table) {
        table.foreign_keys.clear();
        return;
    }
    let usual =
        if server.has(RESTRICT_BY_DEFAULT) { ReferenceAction::Restrict } else { ReferenceAction::NoAction };
    let _ = maria;
    let columns: Vec<SmolStr> = table.columns.iter().map(|column| column.name.clone()).collect();
    let start = format!("{}_ibfk_", table.name);
    let taken =
        table.foreign_keys.iter().filter_map(|key| key.name.as_ref()?.strip_prefix(&start)?.parse().ok());
    let mut number: u64 = taken.max().unwrap_or(0);
    // The index of one without a name is named as its column, so it comes before the name.
    let implied = implied::indexes(table);
    table.indexes.extend(implied);
    for key in &mut table.foreign_keys {
        key.on_update = Some(key.on_update.unwrap_or(usual));
        key.on_delete = Some(key.on_delete.unwrap_or(usual));
        if key.ref_schema == table.schema {
            key.ref_schema = SmolStr::default();
        }
        for name in &mut key.columns {
            if let Some(own) = columns.iter().find(|own| own.eq_ignore_ascii_case(name)) {
                name.clone_from(own);
            }
        }
        if key.name.is_none() {
            number += 1;
            key.name = Some(format!("{start}{number}").into());
        }
    }
    table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
}

fn indexes(table: &mut Table, names: &[Known<'_>], cx: &mut Context<'_>) {
    let server = cx.server;
    let memory = table.attrs.get(&ENGINE).as_deref() == Some("MEMORY");
    let columns = table.columns.clone();
    let desc = server.has(DESC_INDEX);
    let kind = |attrs: &mut Attrs| {
        let kind = attrs.get(&INDEX_TYPE).map(|kind| kind.to_ascii_uppercase());
        match kind.as_deref() {
            None if memory => attrs.set(&INDEX_TYPE, "HASH".to_owned()),
            Some("HASH") if !memory => attrs.remove(&INDEX_TYPE),
            Some("BTREE") if memory => attrs.set(&INDEX_TYPE, "BTREE".to_owned()),
            Some("BTREE" | "RTREE") => attrs.remove(&INDEX_TYPE),
            Some(kind) => attrs.set(&INDEX_TYPE, kind.to_owned()),
            None => {}
        }
    };
    let part = |part: &mut IndexPart, words: bool| {
        part.desc &= desc && !words;
        if let PartOf::Column(name) = &mut part.of
            && let Some(column) = columns.iter().find(|own| own.name.eq_ignore_ascii_case(name))
        {
            name.clone_from(&column.name);
            let whole = column.ty.as_ref().is_some_and(|ty| {
                matches!(ty.class, Class::String | Class::Binary)
                    && ty
                        .int_arg(0)
                        .is_some_and(|size| part.attrs.get(&PREFIX).is_some_and(|prefix| prefix >= size))
            });
            if whole || words {
                part.attrs.remove(&PREFIX);
            }
        }
    };
    let mut unsure = Vec::new();
    if let Some(key) = &mut table.primary_key {
        kind(&mut key.attrs);
        key.parts.iter_mut().for_each(|one| part(one, false));
    }
    let mut taken: Vec<String> = table.indexes.iter().map(|index| index.name.to_lowercase()).collect();
    for index in &mut table.indexes {
        index.key = Key::Index;
        kind(&mut index.attrs);
        let words = index.attrs.get(&INDEX_TYPE).is_some_and(|kind| matches!(&*kind, "FULLTEXT" | "SPATIAL"));
        for one in &mut index.parts {
            part(one, words);
            if let PartOf::Expr(expr) = &mut one.of {
                let print = printed(&expr.0, names, server);
                expr.0 = print.text;
                if !print.sure {
                    unsure.push(index.name.clone());
                }
            }
        }
        if index.name.is_empty() {
            let base = index.parts.first().and_then(IndexPart::column_name).cloned();
            let base = base.unwrap_or_else(|| "functional_index".into());
            let mut name = base.clone();
            let mut number = 1;
            while taken.contains(&name.to_lowercase()) {
                number += 1;
                name = format!("{base}_{number}").into();
            }
            taken.push(name.to_lowercase());
            index.name = name;
        }
    }
    table.indexes.sort_by_cached_key(|index| (index.name.to_lowercase(), index.name.clone()));
    for index in unsure {
        let (schema, table) = (table.schema.clone(), table.name.clone());
        cx.approximate(ObjectPath::Index { schema, table, index });
    }
}

fn checks(table: &mut Table, names: &[Known<'_>], cx: &mut Context<'_>) {
    let server = cx.server;
    let maria = server.has(MARIADB);
    let mut number = 0;
    let named: Vec<SmolStr> = table.checks.iter().filter_map(|check| check.name.clone()).collect();
    for check in &mut table.checks {
        if !server.has(features::ENFORCED) || check.attrs.get(&ENFORCED) == Some(true) {
            check.attrs.remove(&ENFORCED);
        }
        while check.name.is_none() {
            number += 1;
            let name: SmolStr = match maria {
                true => format!("CONSTRAINT_{number}").into(),
                false => format!("{}_chk_{number}", table.name).into(),
            };
            if !named.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
                check.name = Some(name);
            }
        }
        let print = printed(&check.expr.0, names, server);
        check.expr.0 = print.text;
        if !print.sure {
            cx.approximate(ObjectPath::Check {
                schema: table.schema.clone(),
                table: table.name.clone(),
                check: check.name.clone().unwrap_or_default(),
            });
        }
    }
    table.checks.sort_by(|a, b| a.name.cmp(&b.name));
}

/// The expressions that decide on the partition.
fn partition(level: &mut Attrs, names: &[Known<'_>], server: &Capabilities) {
    let by_time = level.get(&PARTITION_TYPE).is_some_and(|kind| kind == "SYSTEM_TIME");
    if let Some(mut by) = level.get(&BY).filter(|_| !by_time) {
        for item in &mut by {
            if let Some(text) = item.get(&BY_EXPR) {
                item.set(&BY_EXPR, printed(&text, names, server).text);
            }
        }
        level.set(&BY, by);
    }
    if let Some(mut sub) = level.get(&SUBPARTITION) {
        sub.iter_mut().for_each(|level| partition(level, names, server));
        level.set(&SUBPARTITION, sub);
    }
}
