//! What counts as changed in MySQL, MariaDB and TiDB.
//!
//! Both states are in the server's form, or close to it: what is said in other words only (a charset that is inherited,
//! the case of a name, spaces in an expression) is no change. Invariant: a difference that no statement can remove is
//! none.
//!
//! Source: atlas `sql/mysql/diff.go`; reference engine.md §6, §7.

use std::sync::Arc;

use engine::Error;
use engine::accounts::is_account;
use engine::connection::Capabilities;
use engine::diff::Hooks;
use engine::renames::RENAMED_FROM;
use engine::scope::Accounts;
use schema::{
    AttrKey, Attrs, Change, ChangeKind, Check, Class, Column, ColumnType, Default, ForeignKey, Generated,
    Index, IndexPart, Kinds, Object, PrimaryKey, Realm, ReferenceAction, Routine, Schema, SmolStr, Table,
    TableChange, Trigger, View,
};

use super::accounts;
use super::attr::{
    AUTH_PLUGIN, AUTO_INCREMENT, AUTO_INCREMENT_START, CHARSET, CHECK_OPTION, COLLATE, CREATE_OPTIONS,
    ENFORCED, ENGINE, EXTERNAL, FOLLOWS, FOR, GRANTEE, IN_COLUMN, INDEX_TYPE, INVISIBLE, ON_UPDATE, PARSER,
    PARTITION, PARTITION_COLUMNS, PASSWORD, PASSWORD_EXPIRED, PERMISSION, PREFIX, SECURITY, SRID,
    SUBPARTITION, SYSTEM_VERSIONED, UNVERSIONED, VIEW_COLUMNS,
};
use super::features::{ACCOUNTS, LOWER_CASE_TABLE_NAMES, USER};
use super::plan::{characters, characters_of_table};
use super::{charset, implied, words};

/// What differs between two states.
pub struct Mysql;

/// Names of columns, indexes and constraints are equal in any case.
pub fn fold(name: &str) -> SmolStr {
    if name.bytes().any(|byte| !byte.is_ascii() || byte.is_ascii_uppercase()) {
        name.to_lowercase().into()
    } else {
        name.into()
    }
}

impl Hooks for Mysql {
    fn fold(&self, name: &str) -> SmolStr {
        fold(name)
    }

    /// Names of tables are as exact as the file system the server was made for.
    fn fold_table(&self, name: &str, server: Option<&Capabilities>) -> SmolStr {
        match server.map(|server| server.setting(LOWER_CASE_TABLE_NAMES)) {
            Some("1" | "2") => fold(name),
            _ => name.into(),
        }
    }

    fn trigger_key(&self, trigger: &Trigger) -> SmolStr {
        trigger.name.clone()
    }

    /// A file that says nothing of views leaves them alone.
    fn speaks_of(&self, _kind: &str) -> bool {
        false
    }

    fn unsaid(&self) -> &'static [&'static str] {
        const NAMES: &[&str] = &[
            PARTITION.name,
            CREATE_OPTIONS.name,
            INVISIBLE.name,
            SRID.name,
            SYSTEM_VERSIONED.name,
            UNVERSIONED.name,
        ];
        NAMES
    }

    /// The columns a table is partitioned by.
    fn follow_rename(&self, realm: &mut Realm, change: &Change) {
        let Change::ModifyTable { to, changes, .. } = change else { return };
        let Some(schema) = realm.schema_mut(&to.schema) else { return };
        let Some(table) = schema.tables.iter_mut().find(|table| table.name == to.name) else { return };
        for change in changes {
            if let TableChange::RenameColumn { from, to } = change
                && let Some(partition) = table.attrs.get(&PARTITION)
            {
                let renamed = partition.into_iter().map(|level| rename_column(level, &from.name, &to.name));
                let renamed = renamed.collect();
                Arc::make_mut(table).attrs.set(&PARTITION, renamed);
            }
        }
    }

    /// The server does the same for `RESTRICT`, `NO ACTION` and nothing.
    fn action(&self, action: Option<ReferenceAction>) -> ReferenceAction {
        match action {
            None | Some(ReferenceAction::Restrict) => ReferenceAction::NoAction,
            Some(action) => action,
        }
    }

    fn check_attrs_differ(&self, from: &Check, to: &Check) -> bool {
        (from.attrs.get(&ENFORCED) == Some(false)) != (to.attrs.get(&ENFORCED) == Some(false))
    }

    fn routine_differs(&self, from: &Routine, to: &Routine) -> bool {
        let said = |routine: &Routine| {
            let mut attrs = routine.attrs.clone();
            attrs.remove(&RENAMED_FROM);
            attrs
        };
        from.kind != to.kind || !words::same_statement(&from.body, &to.body) || said(from) != said(to)
    }

    fn same_expr(&self, a: &str, b: &str) -> bool {
        super::expr::same(a, b)
    }

    /// Foreign keys have an index, `AUTO_INCREMENT` and `PRIMARY KEY` columns are never null.
    fn complete(&self, table: &Arc<Table>) -> Arc<Table> {
        let added = implied::indexes(table);
        if added.is_empty() {
            return table.clone();
        }
        let mut full = Table::clone(table);
        full.indexes.extend(added);
        Arc::new(full)
    }

    fn keep_unsaid(&self, from: &Table, to: &mut Table) {
        for check in &mut to.checks {
            let inside = from.checks.iter().any(|old| {
                old.attrs.is(&IN_COLUMN) && old.name.as_deref().map(fold) == check.name.as_deref().map(fold)
            });
            if inside {
                check.attrs.set(&IN_COLUMN, true);
            }
        }
    }

    fn is_automatic(&self, index: &Index) -> bool {
        index.name.is_empty()
    }

    fn column(
        &self,
        (from_table, from): (&Table, &Column),
        (to_table, to): (&Table, &Column),
    ) -> Result<Kinds, Error> {
        let (Some(old), Some(new)) = (&from.ty, &to.ty) else {
            let name = if from.ty.is_none() { &from.name } else { &to.name };
            return Err(Error::Invalid(format!("mysql: missing type information for column {name:?}")));
        };
        let mut kinds = Kinds::NONE;
        kinds.add_if(!same_type(old, new), ChangeKind::Type);
        kinds.add_if(from.nullable != to.nullable && !null_is_implied(from, to), ChangeKind::Null);
        kinds.add_if(
            !same_default(from.default.as_ref(), to.default.as_ref(), new.class),
            ChangeKind::Default,
        );
        kinds.add_if(!same_generated(from.generated.as_ref(), to.generated.as_ref()), ChangeKind::Generated);
        let (a, b) = (characters(from_table, from, None), characters(to_table, to, None));
        kinds.add_if(changed(&a.charset, &b.charset), ChangeKind::Charset);
        kinds.add_if(changed(&a.collate, &b.collate), ChangeKind::Collate);
        let update = |column: &Column| column.attrs.get(&ON_UPDATE).map(|text| now(&text));
        let attr = update(from) != update(to)
            || from.attrs.is(&AUTO_INCREMENT) != to.attrs.is(&AUTO_INCREMENT)
            || from.attrs.is(&INVISIBLE) != to.attrs.is(&INVISIBLE)
            || from.attrs.get(&SRID) != to.attrs.get(&SRID);
        kinds.add_if(attr, ChangeKind::Attr);
        Ok(kinds)
    }

    fn table_attrs(&self, from: &Table, to: &Table) -> Result<Vec<TableChange>, Error> {
        let mut changes = Vec::new();
        let start = |table: &Table| table.attrs.get(&AUTO_INCREMENT_START).unwrap_or(1);
        if start(to) > 1 && start(to) > start(from) {
            changes.push(TableChange::ModifyAttr(AUTO_INCREMENT_START.name));
        }
        let (a, b) = (characters_of_table(from, None), characters_of_table(to, None));
        if changed(&a.charset, &b.charset) {
            changes.push(TableChange::ModifyAttr(CHARSET.name));
        }
        if changed(&a.collate, &b.collate) {
            changes.push(TableChange::ModifyAttr(COLLATE.name));
        }
        let engine = |table: &Table| table.attrs.get(&ENGINE).map(|name| name.to_lowercase());
        if changed(&engine(from), &engine(to)) {
            changes.push(TableChange::ModifyAttr(ENGINE.name));
        }
        if from.attrs.is(&SYSTEM_VERSIONED) != to.attrs.is(&SYSTEM_VERSIONED) {
            changes.push(TableChange::ModifyAttr(SYSTEM_VERSIONED.name));
        }
        if from.attrs.get(&PARTITION) != to.attrs.get(&PARTITION) {
            changes.push(TableChange::ModifyAttr(PARTITION.name));
        }
        Ok(changes)
    }

    fn part_differs(&self, (_, from): (&Table, &IndexPart), (_, to): (&Table, &IndexPart)) -> bool {
        from.attrs.get(&PREFIX) != to.attrs.get(&PREFIX)
    }

    fn index_attrs_differ(&self, from: &Index, to: &Index) -> bool {
        index_type(&from.attrs) != index_type(&to.attrs)
            || parser(from) != parser(to)
            || from.attrs.is(&INVISIBLE) != to.attrs.is(&INVISIBLE)
    }

    fn primary_key_attrs_differ(&self, from: &PrimaryKey, to: &PrimaryKey) -> bool {
        index_type(&from.attrs) != index_type(&to.attrs)
    }

    fn foreign_key_attrs_differ(&self, _from: &ForeignKey, _to: &ForeignKey) -> bool {
        false
    }

    fn has_comments(&self) -> bool {
        true
    }

    fn view_differs(&self, from: &View, to: &View) -> bool {
        let upper = |view: &View, key: &AttrKey<String>, default: &str| {
            view.attrs.get(key).map_or_else(|| default.to_string(), |value| value.to_ascii_uppercase())
        };
        !words::same_statement(&from.body, &to.body)
            || upper(from, &SECURITY, "DEFINER") != upper(to, &SECURITY, "DEFINER")
            || upper(from, &CHECK_OPTION, "NONE") != upper(to, &CHECK_OPTION, "NONE")
            || from.attrs.get(&VIEW_COLUMNS) != to.attrs.get(&VIEW_COLUMNS)
    }

    fn trigger_differs(&self, from: &Trigger, to: &Trigger) -> bool {
        !words::same_statement(&from.body, &to.body)
            || from.attrs.get(&FOLLOWS).is_some()
                && to.attrs.get(&FOLLOWS).is_some()
                && from.attrs.get(&FOLLOWS) != to.attrs.get(&FOLLOWS)
    }

    /// Of accounts, those that are managed elsewhere, the one we are, and those that are nothing to what is managed; of
    /// permissions, those of the account we are, and those on the whole server of accounts the desired state has not.
    fn stays(&self, object: &Object, (from, to): (&Realm, &Realm), server: Option<&Capabilities>) -> bool {
        if !Accounts::is_about(object) {
            return false;
        }
        if server.is_some_and(|server| !server.has(ACCOUNTS)) {
            return true;
        }
        let has =
            |realm: &Realm, name: &str| realm.objects.iter().any(|it| is_account(it) && it.name == name);
        let own = server.map(|server| server.setting(USER)).unwrap_or_default();
        let global = |object: &Object| object.attrs.get(&FOR).as_deref() == Some(accounts::GLOBAL);
        if object.kind == PERMISSION {
            let grantee = object.attrs.get(&GRANTEE).unwrap_or_default();
            let wanted = to.objects.iter().any(|it| it.name == object.name);
            return grantee == own || !wanted && global(object) && !has(to, &grantee);
        }
        object.attrs.is(&EXTERNAL)
            || own == object.name
            || has(from, &object.name)
                && !has(to, &object.name)
                && !accounts::is_tied(object, from, to, |permission| !global(permission))
    }

    fn object_differs(&self, from: &Object, to: &Object) -> bool {
        if to.attrs.is(&EXTERNAL) {
            return false;
        }
        if is_account(to) {
            let compared = |object: &Object| {
                let mut attrs = object.attrs.clone();
                attrs.remove(&RENAMED_FROM);
                attrs.remove(&PASSWORD);
                // What is not said is left to the server, and only a new password takes an expiry away.
                if to.attrs.get(&AUTH_PLUGIN).is_none() {
                    attrs.remove(&AUTH_PLUGIN);
                }
                if !to.attrs.is(&PASSWORD_EXPIRED) {
                    attrs.remove(&PASSWORD_EXPIRED);
                }
                attrs
            };
            return compared(from) != compared(to) || text(&from.comment) != text(&to.comment);
        }
        let said = |object: &Object| {
            let mut attrs = object.attrs.clone();
            attrs.remove(&RENAMED_FROM);
            attrs
        };
        said(from) != said(to) || text(&from.comment) != text(&to.comment)
    }

    fn schema_differs(&self, from: &Schema, to: &Schema) -> bool {
        let attr = |schema: &Schema, key: &AttrKey<String>| schema.attrs.get(key);
        changed(&attr(from, &CHARSET), &attr(to, &CHARSET))
            || changed(&attr(from, &COLLATE), &attr(to, &COLLATE))
    }
}

/// One level of partitions with a column under its new name.
fn rename_column(mut level: Attrs, from: &str, to: &str) -> Attrs {
    if let Some(columns) = level.get(&PARTITION_COLUMNS) {
        let renamed = columns.into_iter().map(|name| if name == from { to.to_string() } else { name });
        level.set(&PARTITION_COLUMNS, renamed.collect());
    }
    if let Some(items) = level.get(&SUBPARTITION) {
        level.set(&SUBPARTITION, items.into_iter().map(|level| rename_column(level, from, to)).collect());
    }
    level
}

/// Whether a name is known on both sides and another; what the written side leaves open stays as it is.
fn changed(from: &Option<String>, to: &Option<String>) -> bool {
    matches!((from, to), (Some(from), Some(to)) if !charset::same(from, to))
}

fn text(comment: &Option<String>) -> &str {
    comment.as_deref().unwrap_or_default()
}

fn index_type(attrs: &schema::Attrs) -> String {
    let ty = attrs.get(&INDEX_TYPE).unwrap_or_default().to_ascii_uppercase();
    // What else a table of InnoDB is told to be, it is a tree.
    match ty.as_str() {
        "" | "HASH" | "RTREE" => "BTREE".to_string(),
        _ => ty,
    }
}

fn parser(index: &Index) -> Option<String> {
    index.attrs.get(&PARSER).map(|name| name.to_ascii_lowercase())
}

/// MariaDB has no word for generated columns that are never null.
fn null_is_implied(from: &Column, to: &Column) -> bool {
    from.generated.is_some() && to.generated.is_some()
}

/// Whether two types are one to the server: display widths and other names of a type do not count.
fn same_type(a: &ColumnType, b: &ColumnType) -> bool {
    a == b || super::types::format(a).eq_ignore_ascii_case(&super::types::format(b)) && a.args == b.args
}

fn same_generated(from: Option<&Generated>, to: Option<&Generated>) -> bool {
    match (from, to) {
        (None, None) => true,
        (Some(from), Some(to)) => from.storage == to.storage && super::expr::same(&from.expr.0, &to.expr.0),
        _ => false,
    }
}

/// The one name of the current time.
fn now(text: &str) -> String {
    let text = text.trim().trim_start_matches('(').to_ascii_lowercase();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    format!("current_timestamp({digits})")
}

/// Whether two defaults put the same value into a column of `class`. No default is `NULL`.
///
/// Source: atlas `sql/mysql/diff.go`, `defaultChanged`; reference engine.md §7.
pub fn same_default(from: Option<&Default>, to: Option<&Default>, class: Class) -> bool {
    let (from, to) = (value(from, class), value(to, class));
    from == to
}

/// A default by what it means.
#[derive(Debug, PartialEq)]
enum Value {
    Null,
    Number(String),
    Text(String),
    Now(String),
    Expr(Vec<String>),
}

fn value(default: Option<&Default>, class: Class) -> Value {
    match default {
        None => Value::Null,
        Some(Default::Literal(literal)) => constant(&literal.text, literal.quoted, class),
        Some(Default::Expr(expr)) => {
            let text = words::strip(&expr.0);
            match &words::words(text)[..] {
                [word] if word.kind == words::Kind::Text => constant(&words::unquote(text), true, class),
                // Text with its charset before it.
                [charset, word]
                    if word.kind == words::Kind::Text && text[charset.range.clone()].starts_with('_') =>
                {
                    constant(&words::unquote(&text[word.range.clone()]), true, class)
                }
                [word] if word.kind == words::Kind::Bare && text.eq_ignore_ascii_case("null") => Value::Null,
                _ if super::plan::is_now(text) => Value::Now(now(text)),
                _ if bits(text).is_some() || text.parse::<f64>().is_ok() => constant(text, false, class),
                _ => Value::Expr(words::canonical(text, true)),
            }
        }
    }
}

fn constant(text: &str, quoted: bool, class: Class) -> Value {
    if !quoted {
        if text.eq_ignore_ascii_case("null") {
            return Value::Null;
        }
        if let Some(bytes) = bits(text) {
            return match class {
                Class::Binary | Class::String => Value::Text(String::from_utf8_lossy(&bytes).into_owned()),
                _ => Value::Number(
                    bytes.iter().fold(0u128, |sum, byte| sum << 8 | u128::from(*byte)).to_string(),
                ),
            };
        }
    }
    match class {
        Class::Bool | Class::Integer | Class::Float | Class::Decimal | Class::Bits | Class::Serial => {
            match text.to_ascii_lowercase().as_str() {
                "true" => Value::Number("1".to_string()),
                "false" => Value::Number("0".to_string()),
                _ => number(text),
            }
        }
        Class::Time => {
            let trimmed = text.trim_matches([' ', '\'', '(', ')']);
            if !quoted && super::plan::is_now(text) {
                Value::Now(now(text))
            } else {
                Value::Text(trimmed.to_lowercase())
            }
        }
        _ => Value::Text(text.to_string()),
    }
}

/// A number without what does not change its value: `1.50` is `1.5`, `+07` is `7`.
fn number(text: &str) -> Value {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !plain {
        return match text.parse::<f64>() {
            Ok(value) if value.is_finite() => number_of(value),
            _ => Value::Text(text.to_string()),
        };
    }
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if negative && (whole != "0" || !part.is_empty()) { "-" } else { "" };
    let point = if part.is_empty() { "" } else { "." };
    Value::Number(format!("{sign}{whole}{point}{part}"))
}

fn number_of(value: f64) -> Value {
    Value::Number(value.to_string())
}

/// The bytes of `0x6162`, `x'6162'`, `b'101'`.
fn bits(text: &str) -> Option<Vec<u8>> {
    let lower = text.to_ascii_lowercase();
    let quoted = |prefix: &str| lower.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('\''));
    if let Some(digits) = quoted("b'") {
        let value = u128::from_str_radix(digits, 2).ok()?;
        let bytes = value.to_be_bytes();
        let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
        return Some(bytes[first..].to_vec());
    }
    let digits = lower.strip_prefix("0x").or_else(|| quoted("x'"))?;
    let padded = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_string() };
    (0..padded.len())
        .step_by(2)
        .map(|at| padded.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}
