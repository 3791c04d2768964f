//! What counts as changed in PostgreSQL.
//!
//! Both states are in the server's form, or nearly so where they were normalized offline: what is written differently
//! and surely means the same is no change. Where the server cannot make the change, the error says so. Invariant: names
//! of attributes that are compared come from [`super::attr`]; the former name of a thing never counts.
//!
//! Source: atlas `sql/postgres/diff.go`; reference engine.md §7.

mod defaults;

use std::sync::Arc;

use engine::Error;
use engine::connection::Capabilities;
use engine::diff::Hooks;
use engine::renames::RENAMED_FROM;
use schema::{
    AttrValue, Attrs, Change, ChangeKind, Check, Class, Column, ColumnType, ForeignKey, Index, IndexPart,
    Key, Kinds, Object, PartOf, PrimaryKey, Realm, Routine, Schema, SmolStr, Table, TableChange, Trigger,
    View, ViewKind,
};

pub use self::defaults::same_default;
use super::attr::{self, Identity, Partition};
use super::{accounts, features, foreign, names, requalify};

pub struct Postgres;

/// Attributes of a table that can be changed in place.
pub static TABLE_ATTRS: &[&str] =
    &["unlogged", "access_method", "replica_identity", "storage_params", "row_security"];

/// Attributes whose value is an expression.
const EXPRESSIONS: &[&str] = &["expr", "using", "check", "when", "default"];

impl Hooks for Postgres {
    fn fold(&self, name: &str) -> SmolStr {
        name.into()
    }

    fn trigger_key(&self, trigger: &Trigger) -> SmolStr {
        format!("{}\0{}", trigger.on, trigger.name).into()
    }

    fn routine_key(&self, routine: &Routine) -> SmolStr {
        format!("{}({})", routine.name, attr::signature(&routine.attrs)).into()
    }

    fn object_key(&self, object: &Object) -> SmolStr {
        match object.kind {
            attr::POLICY => {
                let on = object.attrs.get(&attr::ON).unwrap_or_default();
                format!("{}\0{on}\0{}", object.kind, object.name).into()
            }
            attr::AGGREGATE => {
                format!("{}\0{}({})", object.kind, object.name, attr::signature(&object.attrs)).into()
            }
            // One may become the other.
            attr::ROLE | attr::USER => format!("{}\0{}", attr::ROLE, object.name).into(),
            _ => format!("{}\0{}", object.kind, object.name).into(),
        }
    }

    /// Rights on parameters, as long as the desired state has none. Of roles, those that are managed elsewhere, the one we are, and those that are nothing to this database.
    fn stays(&self, object: &Object, (from, to): (&Realm, &Realm), server: Option<&Capabilities>) -> bool {
        let is_role = |object: &Object| matches!(object.kind, attr::ROLE | attr::USER);
        if accounts::is_of_parameter(object) {
            // Parameters are those of a whole server: who speaks of none leaves them to others.
            return !to.objects.iter().any(|it| accounts::is_of_parameter(it));
        }
        if !is_role(object) {
            return false;
        }
        let has = |realm: &Realm| realm.objects.iter().any(|it| is_role(it) && it.name == object.name);
        object.attrs.is(&attr::EXTERNAL)
            || server.is_some_and(|server| server.setting(features::USER) == object.name)
            || has(from) && !has(to) && !accounts::is_tied(object, from, to, |_| true)
    }

    fn speaks_of(&self, kind: &str) -> bool {
        kind == attr::ENUM
    }

    fn unsaid(&self) -> &'static [&'static str] {
        &[
            "unlogged",
            "access_method",
            "replica_identity",
            "storage_params",
            "row_security",
            "collate",
            "storage",
            "compression",
            "sequence_name",
            "sequence",
            "deferrable",
            "match",
            "on_delete_columns",
            "not_valid",
            "no_inherit",
            "not_enforced",
            "without_overlaps",
            "period",
        ]
    }

    fn renames_schemas(&self) -> bool {
        true
    }

    fn follow_rename(&self, realm: &mut Realm, change: &Change) {
        follow(realm, change);
    }

    fn seen_from(&self, realm: &Realm, schema: &SmolStr) -> Option<Realm> {
        requalify::unqualified(realm, schema)
    }

    fn same_expr(&self, a: &str, b: &str) -> bool {
        same_expr(a, b)
    }

    fn complete(&self, table: &Arc<Table>) -> Arc<Table> {
        table.clone()
    }

    fn keep_unsaid(&self, _from: &Table, _to: &mut Table) {}

    fn is_automatic(&self, index: &Index) -> bool {
        index.name.is_empty()
    }

    fn column(&self, (_, from): (&Table, &Column), (_, to): (&Table, &Column)) -> Result<Kinds, Error> {
        let missing =
            || Error::Invalid(format!("postgres: missing type information for column {:?}", to.name));
        let (old, new) = (from.ty.as_ref().ok_or_else(missing)?, to.ty.as_ref().ok_or_else(missing)?);
        let mut kinds = Kinds::NONE;
        kinds.add_if(!same_type(old, new), ChangeKind::Type);
        kinds.add_if(from.nullable != to.nullable, ChangeKind::Null);
        let serial = old.class == Class::Serial || new.class == Class::Serial;
        kinds.add_if(
            !serial && !same_default(from.default.as_ref(), to.default.as_ref(), new.class),
            ChangeKind::Default,
        );
        if old.class == Class::Serial && new.class == Class::Serial {
            let options = |column: &Column| column.attrs.get(&attr::SEQUENCE_OPTIONS).unwrap_or_default();
            kinds.add_if(options(from) != options(to), ChangeKind::Attr);
        }
        kinds.add_if(Identity::of(&from.attrs) != Identity::of(&to.attrs), ChangeKind::Attr);
        kinds.add_if(from.attrs.get(&attr::COLLATE) != to.attrs.get(&attr::COLLATE), ChangeKind::Collate);
        let stored = [&attr::STORAGE, &attr::COMPRESSION];
        kinds.add_if(stored.iter().any(|key| from.attrs.get(key) != to.attrs.get(key)), ChangeKind::Attr);
        match (&from.generated, &to.generated) {
            (None, None) => {}
            (Some(_), None) => kinds.add(ChangeKind::Generated),
            (None, Some(_)) => {
                return Err(Error::Unsupported(format!(
                    "changing column {:?} to generated column is not supported (drop and add is required)",
                    to.name
                )));
            }
            (Some(old), Some(new)) => {
                if !same_expr(&old.expr.0, &new.expr.0) || old.storage != new.storage {
                    return Err(Error::Unsupported(format!(
                        "changing the generation expression for a column {:?} is not supported",
                        to.name
                    )));
                }
            }
        }
        Ok(kinds)
    }

    fn table_attrs(&self, from: &Table, to: &Table) -> Result<Vec<TableChange>, Error> {
        let (old, new) = (Partition::of(&from.attrs), Partition::of(&to.attrs));
        let refuse = |text: String| Err(Error::Unsupported(format!("{text} (drop and add is required)")));
        match (&old, &new) {
            (None, None) => {}
            (Some(_), None) => {
                return refuse(format!("partition key cannot be dropped from {:?}", to.name));
            }
            (None, Some(_)) => return refuse(format!("partition key cannot be added to {:?}", to.name)),
            (Some(old), Some(new)) => {
                if !same_partition(old, new) {
                    return refuse(format!(
                        "partition key of table {:?} cannot be changed from {} to {}",
                        to.name,
                        partition_by(old),
                        partition_by(new)
                    ));
                }
            }
        }
        let value = |attrs: &Attrs, name: &str| {
            attrs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
        };
        Ok(TABLE_ATTRS
            .iter()
            .filter(|name| value(&from.attrs, name) != value(&to.attrs, name))
            .map(|name| TableChange::ModifyAttr(name))
            .collect())
    }

    fn part_differs(&self, (_, from): (&Table, &IndexPart), (_, to): (&Table, &IndexPart)) -> bool {
        let text = |part: &IndexPart| (part.attrs.get(&attr::OPS), part.attrs.get(&attr::OP));
        let nulls = |part: &IndexPart| {
            (part.attrs.is(&attr::NULLS_FIRST) && !part.desc, part.attrs.is(&attr::NULLS_LAST) && part.desc)
        };
        text(from) != text(to)
            || nulls(from) != nulls(to)
            || from.attrs.get(&attr::COLLATE) != to.attrs.get(&attr::COLLATE)
    }

    fn index_attrs_differ(&self, from: &Index, to: &Index) -> bool {
        // A unique constraint and a unique index of one name are taken for the same, as Atlas does.
        (from.key == Key::Exclusion) != (to.key == Key::Exclusion)
            || method(&from.attrs) != method(&to.attrs)
            || from.attrs.get(&attr::INCLUDE).unwrap_or_default()
                != to.attrs.get(&attr::INCLUDE).unwrap_or_default()
            || (from.attrs.get(&attr::NULLS_DISTINCT) == Some(false))
                != (to.attrs.get(&attr::NULLS_DISTINCT) == Some(false))
            || from.attrs.get(&attr::PAGE_PER_RANGE).unwrap_or(128)
                != to.attrs.get(&attr::PAGE_PER_RANGE).unwrap_or(128)
            || from.attrs.get(&attr::STORAGE_PARAMS).unwrap_or_default()
                != to.attrs.get(&attr::STORAGE_PARAMS).unwrap_or_default()
            || from.attrs.get(&attr::DEFERRABLE) != to.attrs.get(&attr::DEFERRABLE)
            || from.attrs.is(&attr::WITHOUT_OVERLAPS) != to.attrs.is(&attr::WITHOUT_OVERLAPS)
    }

    fn primary_key_attrs_differ(&self, from: &PrimaryKey, to: &PrimaryKey) -> bool {
        from.attrs.get(&attr::INCLUDE).unwrap_or_default() != to.attrs.get(&attr::INCLUDE).unwrap_or_default()
            || from.attrs.get(&attr::DEFERRABLE) != to.attrs.get(&attr::DEFERRABLE)
            || from.attrs.is(&attr::WITHOUT_OVERLAPS) != to.attrs.is(&attr::WITHOUT_OVERLAPS)
    }

    fn foreign_key_attrs_differ(&self, from: &ForeignKey, to: &ForeignKey) -> bool {
        from.ref_schema != to.ref_schema
            || from.attrs.get(&attr::DEFERRABLE) != to.attrs.get(&attr::DEFERRABLE)
            || from.attrs.get(&attr::MATCH) != to.attrs.get(&attr::MATCH)
            || from.attrs.is(&attr::PERIOD) != to.attrs.is(&attr::PERIOD)
            || from.attrs.get(&attr::ON_DELETE_COLUMNS) != to.attrs.get(&attr::ON_DELETE_COLUMNS)
            || from.attrs.get(&attr::COMMENT).unwrap_or_default()
                != to.attrs.get(&attr::COMMENT).unwrap_or_default()
            || from.attrs.is(&attr::NOT_ENFORCED) != to.attrs.is(&attr::NOT_ENFORCED)
            || becomes_valid(&from.attrs, &to.attrs)
    }

    fn check_attrs_differ(&self, from: &Check, to: &Check) -> bool {
        from.attrs.is(&attr::NO_INHERIT) != to.attrs.is(&attr::NO_INHERIT)
            || from.attrs.is(&attr::NOT_ENFORCED) != to.attrs.is(&attr::NOT_ENFORCED)
            || from.attrs.get(&attr::COMMENT).unwrap_or_default()
                != to.attrs.get(&attr::COMMENT).unwrap_or_default()
            || becomes_valid(&from.attrs, &to.attrs)
    }

    fn has_comments(&self) -> bool {
        true
    }

    fn view_differs(&self, from: &View, to: &View) -> bool {
        from.kind != to.kind
            || !same_body(&from.body, &to.body)
            || text(&from.comment) != text(&to.comment)
            || !same_attrs(&from.attrs, &to.attrs, &["with_no_data"])
            || to.kind == ViewKind::Materialized && !same_indexes(&from.indexes, &to.indexes)
    }

    fn trigger_differs(&self, from: &Trigger, to: &Trigger) -> bool {
        !same_body(&from.body, &to.body)
            || from.attrs.get(&attr::COMMENT).unwrap_or_default()
                != to.attrs.get(&attr::COMMENT).unwrap_or_default()
    }

    fn routine_differs(&self, from: &Routine, to: &Routine) -> bool {
        from.kind != to.kind
            || from.body.trim() != to.body.trim() && !same_body(&from.body, &to.body)
            || !same_attrs(&from.attrs, &to.attrs, &[])
    }

    fn object_differs(&self, from: &Object, to: &Object) -> bool {
        // A version is compared only where it is asked for.
        let ignored: &[&str] = match to.kind {
            attr::EXTENSION if to.attrs.get(&attr::VERSION).is_none() => &["version"],
            // Nobody tells what it is.
            attr::ROLE | attr::USER => &["password", "external"],
            // What it is a copy of is not remembered.
            attr::COLLATION if to.attrs.get(&attr::FROM).is_some() => {
                return text(&from.comment) != text(&to.comment);
            }
            attr::USER_MAPPING => {
                return !same_attrs(&foreign::compared(&from.attrs), &foreign::compared(&to.attrs), &[]);
            }
            _ => &[],
        };
        if to.attrs.is(&attr::EXTERNAL) {
            return false;
        }
        if from.kind != to.kind {
            return true;
        }
        text(&from.comment) != text(&to.comment) || !same_attrs(&from.attrs, &to.attrs, ignored)
    }

    fn schema_differs(&self, from: &Schema, to: &Schema) -> bool {
        let comment = |schema: &Schema| {
            let comment = text(&schema.comment).to_string();
            // What every database is made with.
            if schema.name == "public" && comment == "standard public schema" {
                String::new()
            } else {
                comment
            }
        };
        comment(from) != comment(to)
    }
}

/// Whether a constraint that was not checked for old rows is to be now. The opposite is no change: it complies.
pub fn becomes_valid(from: &Attrs, to: &Attrs) -> bool {
    from.is(&attr::NOT_VALID) && !to.is(&attr::NOT_VALID)
}

fn text(comment: &Option<String>) -> &str {
    comment.as_deref().unwrap_or_default()
}

/// The access method of an index.
fn method(attrs: &Attrs) -> String {
    attrs.get(&attr::TYPE).map_or_else(|| "BTREE".to_string(), |name| name.to_ascii_uppercase())
}

/// Whether two types are one. An extension's type has no schema, and a name without a schema fits any.
pub fn same_type(a: &ColumnType, b: &ColumnType) -> bool {
    let class = |ty: &ColumnType| match ty.class {
        Class::Enum => Class::UserDefined,
        class => class,
    };
    let name = |ty: &ColumnType| names::target(&ty.name).map_or_else(|| ty.name.clone(), |(_, name)| name);
    let same_name = a.name == b.name || class(a) == Class::UserDefined && name(a) == name(b);
    let same_schema = a.schema == b.schema || a.schema.is_none() || b.schema.is_none();
    class(a) == class(b) && same_name && same_schema && a.args == b.args
}

fn same_partition(a: &Partition, b: &Partition) -> bool {
    a.strategy.eq_ignore_ascii_case(&b.strategy)
        && a.parts.len() == b.parts.len()
        && a.parts.iter().zip(&b.parts).all(|(a, b)| match (a, b) {
            (PartOf::Expr(a), PartOf::Expr(b)) => same_expr(&a.0, &b.0),
            (a, b) => a == b,
        })
}

/// `PARTITION BY RANGE ("a", (b + 1))`.
pub fn partition_by(partition: &Partition) -> String {
    let parts = partition.parts.iter().map(|part| match part {
        PartOf::Column(name) => format!("\"{}\"", name.replace('"', "\"\"")),
        PartOf::Expr(expr) => format!("({})", expr.0),
    });
    format!(
        "PARTITION BY {} ({})",
        partition.strategy.to_ascii_uppercase(),
        parts.collect::<Vec<_>>().join(", ")
    )
}

/// Whether two expressions are surely the same.
pub fn same_expr(a: &str, b: &str) -> bool {
    let (a, b) = (unwrapped(a), unwrapped(b));
    a == b || squeezed(a) == squeezed(b) || super::expr::same(a, b)
}

/// Whether two queries or statements are surely the same.
pub fn same_body(a: &str, b: &str) -> bool {
    let clean = |text: &str| text.trim().trim_end_matches(';').trim_end().to_string();
    let (a, b) = (clean(a), clean(b));
    a == b || squeezed(&a) == squeezed(&b)
}

/// Without the parentheses around all of it.
pub fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    while is_wrapped(text) {
        text = text[1..text.len() - 1].trim();
    }
    text
}

/// Whether one pair of parentheses goes around all of it.
pub fn is_wrapped(text: &str) -> bool {
    if !text.starts_with('(') || !text.ends_with(')') {
        return false;
    }
    let mut depth = 0usize;
    let mut quote = None;
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(char),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 && at + 1 < text.len() {
                    return false;
                }
            }
            _ => {}
        }
    }
    depth == 0
}

/// Runs of blanks outside of quotes as one.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    for char in text.trim().chars() {
        match quote {
            Some(open) => {
                out.push(char);
                if char == open {
                    quote = None;
                }
            }
            None if char.is_whitespace() => {
                if !out.ends_with([' ', '(']) {
                    out.push(' ');
                }
            }
            None => {
                if matches!(char, '\'' | '"' | '$') {
                    quote = (char != '$').then_some(char);
                }
                if char == ')' && out.ends_with(' ') {
                    out.pop();
                }
                out.push(char);
            }
        }
    }
    out
}

/// Whether two sets of attributes say the same, but for those `ignored`.
fn same_attrs(a: &Attrs, b: &Attrs, ignored: &[&str]) -> bool {
    let list = |attrs: &Attrs| -> Vec<(&'static str, AttrValue)> {
        attrs
            .iter()
            .filter(|(name, _)| *name != RENAMED_FROM.name && !ignored.contains(name))
            .map(|(name, value)| (name, value.clone()))
            .collect()
    };
    let (a, b) = (list(a), list(b));
    a.len() == b.len()
        && a.iter().zip(&b).all(|((name, a), (other, b))| name == other && same_value(name, a, b))
}

fn same_value(name: &str, a: &AttrValue, b: &AttrValue) -> bool {
    match (a, b) {
        (AttrValue::Str(a), AttrValue::Str(b)) if EXPRESSIONS.contains(&name) => same_expr(a, b),
        (AttrValue::Items(a), AttrValue::Items(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_attrs(a, b, &[]))
        }
        (a, b) => a == b,
    }
}

/// Whether two lists of indexes of a materialized view say the same.
fn same_indexes(a: &[Index], b: &[Index]) -> bool {
    a.len() == b.len()
        && a.iter().all(|index| b.iter().any(|other| other.name == index.name && same_index(index, other)))
}

/// Whether two indexes outside of a table are the same.
pub fn same_index(a: &Index, b: &Index) -> bool {
    let table = Table::default();
    let part = |a: &IndexPart, b: &IndexPart| {
        let of = match (&a.of, &b.of) {
            (PartOf::Expr(a), PartOf::Expr(b)) => same_expr(&a.0, &b.0),
            (a, b) => a == b,
        };
        of && a.desc == b.desc && !Postgres.part_differs((&table, a), (&table, b))
    };
    let predicate = match (&a.predicate, &b.predicate) {
        (Some(a), Some(b)) => same_expr(&a.0, &b.0),
        (a, b) => a.is_none() && b.is_none(),
    };
    a.unique == b.unique
        && text(&a.comment) == text(&b.comment)
        && predicate
        && a.parts.len() == b.parts.len()
        && a.parts.iter().zip(&b.parts).all(|(a, b)| part(a, b))
        && !Postgres.index_attrs_differ(a, b)
}

/// Renames in attributes that name other objects.
fn follow(realm: &mut Realm, change: &Change) {
    let (schema, old, new, column) = match change {
        Change::RenameTable { from, to } => (&from.schema, &from.name, &to.name, None),
        Change::ModifyTable { from, changes, .. } => {
            for change in changes {
                if let TableChange::RenameColumn { from: old, to } = change {
                    rename_in_attrs(realm, &from.schema, &old.name, &to.name, Some(&from.name));
                }
            }
            return;
        }
        Change::RenameObject { from, to } => {
            rename_arrays(realm, &from.schema, &from.name, &to.name);
            (&from.schema, &from.name, &to.name, None)
        }
        Change::RenameRoutine { from, to } => (&from.schema, &from.name, &to.name, None),
        Change::RenameSchema { from, to } => return requalify::realm(realm, &from.name, &to.name),
        _ => return,
    };
    // The constraint keeps the name the table gave it.
    if let Change::RenameTable { from, to } = change
        && let Some(table) = realm
            .schema_mut(schema)
            .and_then(|schema| schema.tables.iter_mut().find(|table| table.name == to.name))
    {
        let table = Arc::make_mut(table);
        if let Some(key) = table.primary_key.as_mut().filter(|key| key.name.is_none()) {
            key.name = Some(names::implied(&from.name, &[], "pkey", |_| false).into());
        }
        for column in &mut table.columns {
            let serial = column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
            if serial && column.attrs.get(&attr::SEQUENCE_NAME).is_none() {
                let name = names::implied(&from.name, &[&column.name], "seq", |_| false);
                column.attrs.set(&attr::SEQUENCE_NAME, name);
            }
        }
    }
    rename_in_attrs(realm, schema, old, new, column);
}

/// Renames a table, type or routine (or a column of `table`) in what objects and triggers say of it.
fn rename_in_attrs(
    realm: &mut Realm,
    schema: &SmolStr,
    old: &SmolStr,
    new: &SmolStr,
    table: Option<&SmolStr>,
) {
    for owner in &mut realm.schemas {
        let own = owner.name.clone();
        let fix = |attrs: &mut Attrs| {
            if let Some(text) = attrs.get(&attr::OWNER) {
                let mut steps = names::steps(&text);
                let at = steps.len().checked_sub(2);
                let of = if steps.len() > 2 { steps[0].clone() } else { own.clone() };
                if let Some(at) = at.filter(|_| of == *schema) {
                    let hit = match table {
                        None => (steps[at] == *old).then_some(at),
                        Some(table) => (steps[at] == *table && steps[at + 1] == *old).then_some(at + 1),
                    };
                    if let Some(hit) = hit {
                        steps[hit] = new.clone();
                        let steps: Vec<_> =
                            steps.iter().map(|step| names::quoted(step).into_owned()).collect();
                        attrs.set(&attr::OWNER, steps.join("."));
                    }
                }
            }
            if table.is_some() {
                return;
            }
            for key in [&attr::ON, &attr::OF, &attr::EXECUTE, &attr::FROM, &attr::TYPE] {
                let Some((of, name)) = attrs.get(key).as_deref().and_then(names::target) else { continue };
                let of = if of.is_empty() { own.clone() } else { of };
                if of == *schema && name == *old {
                    attrs.set(key, names::qualified(&own, schema, new));
                }
            }
        };
        for object in &mut owner.objects {
            if !object.attrs.is_empty() {
                fix(&mut Arc::make_mut(object).attrs);
            }
        }
        for trigger in &mut owner.triggers {
            fix(&mut Arc::make_mut(trigger).attrs);
        }
    }
}

/// Renames a declared type in arrays of it.
fn rename_arrays(realm: &mut Realm, schema: &SmolStr, old: &SmolStr, new: &SmolStr) {
    let (from, to) = (format!("{}[]", names::quoted(old)), format!("{}[]", names::quoted(new)));
    let is = |column: &Column| {
        column.ty.as_ref().is_some_and(|ty| ty.schema.as_ref() == Some(schema) && *ty.name == *from)
    };
    for table in realm.schemas.iter_mut().flat_map(|schema| &mut schema.tables) {
        if table.columns.iter().any(is) {
            for column in Arc::make_mut(table).columns.iter_mut().filter(|column| is(column)) {
                if let Some(ty) = &mut column.ty {
                    ty.name = to.as_str().into();
                }
            }
        }
    }
}
