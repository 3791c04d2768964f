//! What SQLite's definitions do to a schema.
//!
//! Reads one statement at a time, from its text alone; what it meets is the business of `engine::replay`. Invariant:
//! what a statement makes is what the catalog of a real SQLite that executed it says (see `inspect`).
//!
//! Source: SQLite 3.50, `build.c`, `alter.c`, `trigger.c`, `view`; checked against the library in tests.

mod keys;
mod rename;
mod table;
mod uses;

use std::sync::Arc;

use engine::decode::{self, Event, Time, TriggerParts};
use engine::origin::Part;
use engine::replay::{
    Builder, Effect, Hooks, Kind, Name, NewColumn, NewIndex, NewTrigger, Rename, Unsupported,
};
use schema::{
    Attrs, Column, ColumnType, Default, Expr, Index, IndexPart, Key, Object, ObjectPath, SmolStr, Table,
    Trigger, View, ViewKind,
};
use syntax::sql::ast::{self, AlterAction, Statement};
use syntax::sql::{File, Piece};
use text::{Text, TextRange};

use super::attr::{COLLATE, CREATE, VIEW_COLUMNS, VIRTUAL_TABLE};
use super::grammar::GRAMMAR;

/// SQLite's definitions.
pub struct Ddl;

/// The only schema.
pub(super) const MAIN: &str = "main";

impl Hooks for Ddl {
    fn read(&self, statement: &Statement, piece: &Piece, builder: &mut Builder) -> Result<(), Unsupported> {
        uses::add(statement, &mut builder.uses);
        // What is temporary or of an attached database is no part of the realm, but its names are known.
        let elsewhere = |path: Option<ast::Path>, temporary: bool| {
            let schema = path.and_then(|path| path.schema);
            temporary || schema.is_some_and(|schema| !schema.eq_ignore_case(MAIN))
        };
        let shadow = match statement {
            Statement::CreateTable(create) => {
                elsewhere(create.path(), create.temporary().is_some()).then(|| create.name())
            }
            Statement::CreateView(create) => {
                elsewhere(create.path(), create.temporary().is_some()).then(|| create.name())
            }
            Statement::CreateVirtualTable(create) => elsewhere(create.path(), false).then(|| create.name()),
            Statement::CreateTrigger(create) => {
                elsewhere(create.path(), create.temporary().is_some()).then_some(None)
            }
            Statement::CreateIndex(create) => elsewhere(create.path(), false).then_some(None),
            Statement::AlterTable(alter) => elsewhere(alter.path(), false).then_some(None),
            Statement::Drop(drop) => elsewhere(drop.path(), false).then_some(None),
            _ => None,
        };
        if let Some(name) = shadow {
            builder.effects.extend(name.map(|name| Effect::Shadow { name: name.text }));
            return Ok(());
        }
        match statement {
            Statement::CreateTable(create) => table::create(create, piece, builder),
            Statement::CreateIndex(create) => create_index(create, piece, builder),
            Statement::CreateView(create) => create_view(create, piece, builder),
            Statement::CreateTrigger(create) => create_trigger(create, piece, builder),
            Statement::CreateVirtualTable(create) => create_virtual_table(create, piece, builder),
            Statement::AlterTable(alter) => return alter_table(alter, piece, builder),
            Statement::Drop(drop) => drop_object(drop, builder),
            Statement::Opaque(_) => return Err(Unsupported),
            // Queries, rows, settings: nothing of a schema.
            _ => {}
        }
        Ok(())
    }

    fn rename_in_expr(&self, text: &str, from: &str, to: &str) -> String {
        rename::in_expr(text, from, to)
    }

    fn rename_in_body(&self, text: &str, rename: &Rename<'_>) -> String {
        rename::in_body(text, rename)
    }

    fn view_with_body(&self, of: &View, body: String) -> View {
        let listed = of.attrs.get(&VIEW_COLUMNS).unwrap_or_default();
        view(of.name.clone(), listed.into_iter().map(SmolStr::from).collect(), body)
    }

    fn columns_of(&self, text: &str) -> Vec<String> {
        let expr = expression(text);
        let columns = expr.iter().flat_map(|expr| expr.columns().collect::<Vec<_>>());
        columns.filter_map(|column| column.name().map(|name| name.text.to_string())).collect()
    }

    /// SQLite keeps the affinity of the values as a type.
    fn derived_column(&self, name: &str, of: Option<&Column>) -> Column {
        let raw_type = of.map_or("", |column| affinity(&column.raw_type));
        Column {
            name: name.into(),
            ty: Some(super::types::parse(raw_type)),
            raw_type: raw_type.to_owned(),
            nullable: true,
            default: None,
            generated: None,
            comment: None,
            attrs: Attrs::default(),
        }
    }

    /// An index part has a collation of its own only where it is not that of its column.
    fn settle_index(&self, table: &Table, index: &mut Index) {
        for part in &mut index.parts {
            let own = part
                .column_name()
                .and_then(|name| table.column(name))
                .and_then(|column| column.attrs.get(&COLLATE));
            let own = own.unwrap_or_else(|| "BINARY".to_owned());
            if part.attrs.get(&COLLATE).is_some_and(|collation| collation.eq_ignore_ascii_case(&own)) {
                part.attrs.remove(&COLLATE);
            }
        }
    }

    fn is_row_number(&self, name: &str) -> bool {
        ["rowid", "oid", "_rowid_"].iter().any(|known| name.eq_ignore_ascii_case(known))
    }

    fn rename_automatic(&self, index: &str, from: &str, to: &str) -> Option<String> {
        let number = index.strip_prefix("sqlite_autoindex_")?.strip_prefix(from)?;
        Some(format!("sqlite_autoindex_{to}{number}"))
    }
}

/// The type that stands for the affinity of `raw`.
///
/// Source: SQLite 3.50, `sqlite3AffinityType`, `createTableStmt`.
fn affinity(raw: &str) -> &'static str {
    let raw = raw.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| raw.contains(word));
    if has(&["INT"]) {
        "INT"
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        "TEXT"
    } else if raw.trim().is_empty() || has(&["BLOB"]) || raw.trim() == "ANY" {
        ""
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        "REAL"
    } else {
        "NUM"
    }
}

fn name_of(name: &ast::Name) -> Name {
    Name { text: name.text.clone(), range: name.range }
}

/// The default a text of the catalog, or of `CREATE TABLE` without outer parentheses, means for a column.
pub fn default_value(text: &str, ty: Option<&ColumnType>) -> Default {
    match super::inspect::default(text) {
        Default::Literal(literal) => {
            Default::Literal(decode::canonical(literal, ty.map(|ty| ty.class), &super::SQLITE))
        }
        other => other,
    }
}

/// The statement from the name on, behind `words`: how SQLite keeps it.
fn stored(words: &str, name: &ast::Name, piece: &Piece) -> String {
    let end = piece.statement_range().end();
    let text = piece.text().get(usize::from(name.range.start())..usize::from(end)).unwrap_or_default();
    format!("{words} {}", text.trim_end())
}

fn part_of(path: ObjectPath, piece: &Piece, name: TextRange) -> Part {
    let mut part = Part::default();
    part.add(path, piece.statement_range(), name);
    part
}

fn create_index(create: &ast::CreateIndex, piece: &Piece, builder: &mut Builder) {
    let (Some(name), Some(table)) = (create.name(), create.table()) else { return };
    let mut columns = Vec::new();
    let mut parts = Vec::new();
    for column in create.columns() {
        let Some(expr) = column.expr() else { continue };
        let mut part = match single_column(&expr) {
            Some(column) => {
                let part = IndexPart::column(column.text.clone());
                columns.push(name_of(&column));
                part
            }
            None => {
                table::named_columns(&expr, &table.text, &mut columns);
                IndexPart::expr(super::inspect::part_text(&column))
            }
        };
        part.desc = column.desc().is_some();
        if let Some(collation) = column.collation()
            && part.column_name().is_some()
        {
            part.attrs.set(&COLLATE, collation.text.to_string());
        }
        parts.push(part);
    }
    let predicate = create.predicate();
    if let Some(predicate) = &predicate {
        table::named_columns(predicate, &table.text, &mut columns);
    }
    if parts.is_empty() {
        return;
    }
    builder.push(Effect::CreateIndex(NewIndex {
        index: Index {
            name: name.text.clone(),
            unique: create.unique().is_some(),
            parts,
            predicate: predicate.map(|expr| Expr(expr.text().trim().to_owned())),
            comment: None,
            key: Key::Index,
            attrs: Attrs::default(),
        },
        table: name_of(&table),
        name: name_of(&name),
        range: piece.statement_range(),
        if_not_exists: create.if_not_exists().is_some(),
        columns,
    }));
}

/// The column an indexed expression is, also in parentheses.
fn single_column(expr: &ast::Expr) -> Option<ast::Name> {
    let column = expr.as_column()?;
    if column.table().is_some() { None } else { column.name() }
}

fn create_view(create: &ast::CreateView, piece: &Piece, builder: &mut Builder) {
    let (Some(name), Some(query)) = (create.name(), create.query()) else { return };
    let body = query.syntax().text().to_string().trim().to_owned();
    let names: Vec<SmolStr> = create.columns().into_iter().map(|name| name.text).collect();
    let view = view(name.text.clone(), names, body);
    let path = ObjectPath::View { schema: MAIN.into(), view: name.text.clone() };
    builder.push(Effect::CreateView {
        view: Arc::new(view),
        part: Arc::new(part_of(path, piece, name.range)),
        name: name_of(&name),
        if_not_exists: create.if_not_exists().is_some(),
    });
}

/// A view as the catalog has it: its columns are those it lists, else those its query names.
pub(super) fn view(name: SmolStr, listed: Vec<SmolStr>, body: String) -> View {
    let mut attrs = Attrs::default();
    if !listed.is_empty() {
        attrs.set(&VIEW_COLUMNS, listed.iter().map(SmolStr::to_string).collect());
    }
    let names = if listed.is_empty() {
        crate::body::sqlite(&body).unwrap_or_default().into_iter().map(SmolStr::from).collect()
    } else {
        listed
    };
    let column = |name: SmolStr| Column {
        name,
        ty: None,
        raw_type: String::new(),
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    };
    View {
        schema: MAIN.into(),
        name,
        kind: ViewKind::Plain,
        body,
        columns: names.into_iter().map(column).collect(),
        indexes: Vec::new(),
        comment: None,
        depends_on: Vec::new(),
        attrs,
    }
}

fn create_trigger(create: &ast::CreateTrigger, piece: &Piece, builder: &mut Builder) {
    let (Some(name), Some(on)) = (create.name(), create.table()) else { return };
    if create.body().is_none() {
        return;
    }
    let trigger = Trigger {
        schema: MAIN.into(),
        name: name.text.clone(),
        on: on.text.clone(),
        body: stored("CREATE TRIGGER", &name, piece),
        attrs: Attrs::default(),
    };
    let path = ObjectPath::Trigger { schema: MAIN.into(), trigger: name.text.clone() };
    builder.push(Effect::CreateTrigger(NewTrigger {
        trigger: Arc::new(trigger),
        part: Arc::new(part_of(path, piece, name.range)),
        name: name_of(&name),
        on: name_of(&on),
        instead: create.time().as_deref() == Some("INSTEAD OF"),
        if_not_exists: create.if_not_exists().is_some(),
        columns: create
            .event()
            .map(|event| event.columns().iter().map(name_of).collect())
            .unwrap_or_default(),
    }));
}

fn create_virtual_table(create: &ast::CreateVirtualTable, piece: &Piece, builder: &mut Builder) {
    let Some(name) = create.name() else { return };
    let mut attrs = Attrs::default();
    attrs.set(&CREATE, stored("CREATE VIRTUAL TABLE", &name, piece));
    let object =
        Object { kind: VIRTUAL_TABLE, schema: MAIN.into(), name: name.text.clone(), comment: None, attrs };
    let path = ObjectPath::Object { schema: MAIN.into(), kind: VIRTUAL_TABLE, name: name.text.clone() };
    builder.push(Effect::CreateObject {
        object: Arc::new(object),
        part: Arc::new(part_of(path, piece, name.range)),
        name: name_of(&name),
        if_not_exists: create.if_not_exists().is_some(),
    });
}

fn alter_table(alter: &ast::AlterTable, piece: &Piece, builder: &mut Builder) -> Result<(), Unsupported> {
    let Some(table) = alter.path().map(|path| path.name) else { return Ok(()) };
    let table = name_of(&table);
    match alter.action() {
        Some(AlterAction::RenameTable(rename)) => {
            if let Some(to) = rename.to() {
                builder.push(Effect::RenameTable { table, to: name_of(&to) });
            }
        }
        Some(AlterAction::RenameColumn(rename)) => {
            if let (Some(from), Some(to)) = (rename.from(), rename.to()) {
                builder.push(Effect::RenameColumn { table, from: name_of(&from), to: name_of(&to) });
            }
        }
        Some(AlterAction::DropColumn(drop)) => {
            if let Some(column) = drop.name() {
                builder.push(Effect::DropColumn { table, column: name_of(&column) });
            }
        }
        Some(AlterAction::AddColumn(add)) => {
            if let Some(column) = add.column()
                && let Some(name) = column.name()
            {
                let mut new = NewColumn {
                    table,
                    column: table::column(&column, builder),
                    name: name_of(&name),
                    range: piece.statement_range(),
                    checks: Vec::new(),
                    foreign_keys: Vec::new(),
                    parents: Vec::new(),
                };
                table::added(&column, &name, &mut new, builder);
                builder.push(Effect::AddColumn(new));
            }
        }
        None if builder.silent => {}
        _ => return Err(Unsupported),
    }
    Ok(())
}

fn drop_object(drop: &ast::Drop, builder: &mut Builder) {
    let (Some(kind), Some(path)) = (drop.kind(), drop.path()) else { return };
    let kind = match kind {
        ast::ObjectKind::Table => Kind::Table,
        ast::ObjectKind::View => Kind::View,
        ast::ObjectKind::Index => Kind::Index,
        ast::ObjectKind::Trigger => Kind::Trigger,
    };
    builder.push(Effect::Drop { kind, name: name_of(&path.name), if_exists: drop.if_exists().is_some() });
}

/// The expression `text` is, parsed alone.
pub(super) fn expression(text: &str) -> Option<ast::Expr> {
    let file = File::parse(&Text::from(format!("{SELECT}{text}").as_str()), &GRAMMAR, None);
    let statement = file.pieces().iter().find_map(|placed| placed.piece.statement())?;
    match statement {
        Statement::Query(query) => query.selects().next()?.result_columns().into_iter().next()?.expr(),
        _ => None,
    }
}

/// `text` without the one pair of parentheses around all of it.
fn unwrapped(text: &str) -> String {
    if !super::expr::is_wrapped(text) {
        return text.to_owned();
    }
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(text).trim().to_owned()
}

/// What makes an expression a statement.
pub(super) const SELECT: &str = "SELECT ";

/// The parts of a trigger, read from its statement.
pub(super) fn trigger_parts(trigger: &Trigger) -> Option<TriggerParts> {
    let file = File::parse(&Text::from(trigger.body.as_str()), &GRAMMAR, None);
    let statement = file.pieces().iter().find_map(|placed| placed.piece.statement())?;
    let Statement::CreateTrigger(create) = statement else { return None };
    let event = create.event()?;
    let columns: Vec<SmolStr> = event.columns().into_iter().map(|name| name.text).collect();
    Some(TriggerParts {
        schema: trigger.schema.clone(),
        name: trigger.name.clone(),
        on: trigger.on.clone(),
        time: match create.time().as_deref() {
            Some("AFTER") => Time::After,
            Some("INSTEAD OF") => Time::InsteadOf,
            _ => Time::Before,
        },
        on_view: false,
        events: vec![match event.event().as_deref()? {
            "INSERT" => Event::Insert,
            "DELETE" => Event::Delete,
            _ if columns.is_empty() => Event::Update,
            _ => Event::UpdateOf(columns),
        }],
        for_each: None,
        comment: None,
        attrs: Attrs::default(),
        when: create.when().map(|expr| unwrapped(expr.text().trim())),
        body: create.body()?.text().to_string().trim().to_owned(),
    })
}
