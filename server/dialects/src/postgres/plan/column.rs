//! Columns that change: conversions, serials, identities.
//!
//! Source: PostgreSQL 18, "Value Storage" and `pg_cast`; reference engine.md §9.

use schema::{ChangeKind, Class, Column, ColumnChange, ColumnType, SmolStr, Table};

use super::super::attr::{self, Identity};
use super::super::names;
use super::render::{Render, default_text, ident, literal};

/// Whether a column can be made at all.
pub fn check(column: &Column) -> Result<(), String> {
    let serial = column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
    if serial && column.nullable {
        return Err(format!("NOT NULL constraint is required for serial column {:?}", column.name));
    }
    if Identity::of(&column.attrs).is_some() && column.generated.is_some() {
        return Err(format!(
            "both identity and generation expression specified for column {:?}",
            column.name
        ));
    }
    if column.ty.is_none() {
        return Err(format!("missing type information for column {:?}", column.name));
    }
    Ok(())
}

pub fn is_serial(column: &Column) -> bool {
    column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial)
}

/// The sequence behind a serial column.
pub fn sequence(table: &Table, column: &Column) -> SmolStr {
    column
        .attrs
        .get(&attr::SEQUENCE_NAME)
        .map(SmolStr::from)
        .unwrap_or_else(|| names::implied(&table.name, &[&column.name], "seq", |_| false).into())
}

/// The integer type a serial type stands for.
fn integer_of(ty: &ColumnType) -> ColumnType {
    let name = match ty.name.as_str() {
        "smallserial" => "smallint",
        "bigserial" => "bigint",
        _ => "integer",
    };
    ColumnType::new(Class::Integer, name)
}

/// The clauses of `ALTER TABLE` that change one column, in the order type, null, default, identity, generated.
pub fn clauses(render: &Render<'_>, table: &Table, change: &ColumnChange) -> Vec<String> {
    let (from, to, kinds) = (&change.from, &change.to, change.kinds);
    let (Some(old), Some(new)) = (&from.ty, &to.ty) else { return Vec::new() };
    let alter = |what: String| format!("ALTER COLUMN {} {what}", ident(&to.name));
    let mut list = Vec::new();
    let mut default_done = false;
    if kinds.has(ChangeKind::Type) {
        let (was, is) = (is_serial(from), is_serial(to));
        let plain = |ty: &ColumnType| if ty.class == Class::Serial { integer_of(ty) } else { ty.clone() };
        let (old, new) = (plain(old), plain(new));
        let converts = old != new;
        match (was, is) {
            (true, false) => {
                list.push(alter("DROP DEFAULT".into()));
                if converts {
                    list.push(conversion(render, to, &old, &new));
                }
                if let Some(default) = &to.default {
                    list.push(alter(format!("SET DEFAULT {}", default_text(default, new.class))));
                }
                default_done = true;
            }
            (false, true) => {
                let name = render.path(&table.schema, &sequence(table, to));
                if from.default.is_some() {
                    list.push(alter("DROP DEFAULT".into()));
                }
                list.push(alter(format!("SET DEFAULT nextval({})", literal(&name))));
                if converts {
                    list.push(conversion(render, to, &old, &new));
                }
                default_done = true;
            }
            (true, true) => {
                if converts {
                    list.push(conversion(render, to, &old, &new));
                }
                default_done = true;
            }
            (false, false) => {
                // A default that the server would convert, or keep in terms of a type that may be dropped.
                let stuck = from.default.is_some()
                    && (using(render, to, &old, &new).is_some()
                        || old.class == Class::Enum
                        || is_declared(&old));
                if stuck {
                    list.push(alter("DROP DEFAULT".into()));
                }
                list.push(conversion(render, to, &old, &new));
                if stuck {
                    if let Some(default) = &to.default {
                        list.push(alter(format!("SET DEFAULT {}", default_text(default, new.class))));
                    }
                    default_done = true;
                }
            }
        }
    } else if kinds.has(ChangeKind::Collate) {
        let collation = to.attrs.get(&attr::COLLATE).unwrap_or_else(|| "\"default\"".into());
        list.push(alter(format!("TYPE {} COLLATE {}", render.ty(new), render.collation(&collation))));
    }
    if kinds.has(ChangeKind::Null) {
        list.push(alter(if to.nullable { "DROP NOT NULL".into() } else { "SET NOT NULL".into() }));
    }
    if kinds.has(ChangeKind::Default) && !default_done {
        match &to.default {
            Some(default) => list.push(alter(format!("SET DEFAULT {}", default_text(default, new.class)))),
            None => list.push(alter("DROP DEFAULT".into())),
        }
    }
    if kinds.has(ChangeKind::Attr) {
        match (Identity::of(&from.attrs), Identity::of(&to.attrs)) {
            (Some(old), Some(new)) if old != new => {
                let restart = if old.start == new.start { "" } else { " RESTART" };
                list.push(alter(format!(
                    "SET GENERATED {} SET START WITH {} SET INCREMENT BY {}{restart}",
                    super::render::generation(new),
                    new.start,
                    new.increment
                )));
            }
            (None, Some(new)) => {
                if from.default.is_some()
                    && to.default.is_none()
                    && !kinds.has(ChangeKind::Default)
                    && !default_done
                {
                    list.push(alter("DROP DEFAULT".into()));
                }
                let mut options = String::new();
                if new.start != 1 || new.increment != 1 {
                    options = format!(" (START WITH {} INCREMENT BY {})", new.start, new.increment);
                }
                let kind = super::render::generation(new);
                list.push(alter(format!("ADD GENERATED {kind} AS IDENTITY{options}")));
            }
            (Some(_), None) => list.push(alter("DROP IDENTITY".into())),
            _ => {}
        }
        let (old, new) = (from.attrs.get(&attr::STORAGE), to.attrs.get(&attr::STORAGE));
        if let (true, Some(storage)) = (old != new, new) {
            list.push(alter(format!("SET STORAGE {storage}")));
        }
        let (old, new) = (from.attrs.get(&attr::COMPRESSION), to.attrs.get(&attr::COMPRESSION));
        if old != new {
            let method = new.unwrap_or_else(|| "default".into());
            list.push(alter(format!("SET COMPRESSION {method}")));
        }
    }
    if kinds.has(ChangeKind::Generated) && to.generated.is_none() {
        list.push(alter("DROP EXPRESSION".into()));
    }
    list
}

fn is_declared(ty: &ColumnType) -> bool {
    ty.schema.is_some()
}

fn conversion(render: &Render<'_>, to: &Column, old: &ColumnType, new: &ColumnType) -> String {
    let mut text = format!("ALTER COLUMN {} TYPE {}", ident(&to.name), render.ty(new));
    if let Some(collation) = to.attrs.get(&attr::COLLATE) {
        text.push_str(" COLLATE ");
        text.push_str(&render.collation(&collation));
    }
    if let Some(using) = using(render, to, old, new) {
        text.push_str(" USING ");
        text.push_str(&using);
    }
    text
}

/// How a value is converted where the server has no cast it would use by itself; `None` where it has.
///
/// An explicit cast is written only where it must: it would cut off a text that is too long, where the server by itself
/// refuses.
fn using(render: &Render<'_>, to: &Column, old: &ColumnType, new: &ColumnType) -> Option<String> {
    let column = ident(&to.name);
    let cast = |through: &str| {
        let through = if through.is_empty() { String::new() } else { format!("::{through}") };
        Some(format!("{column}{through}::{}", render.ty(new)))
    };
    let number = |class: Class| matches!(class, Class::Integer | Class::Decimal | Class::Float);
    // Everything has an assignment to text.
    if new.class == Class::String {
        return None;
    }
    if old.class == Class::Array || new.class == Class::Array {
        let (from, to) = (super::super::types::element(old), super::super::types::element(new));
        return match (from, to) {
            (Some(from), Some(to)) if using_class(&from, &to) => {
                if from.class == Class::String {
                    cast("")
                } else {
                    cast("text[]")
                }
            }
            (Some(_), Some(_)) => None,
            // A single value becomes a list of one.
            (None, Some(_)) if old.class != Class::String => {
                Some(format!("ARRAY[{column}::text]::{}", render.ty(new)))
            }
            (None, _) => cast(""),
            (Some(_), None) => cast("text"),
        };
    }
    match (old.class, new.class) {
        (Class::Bool, class) if number(class) => cast(if new.name == "integer" { "" } else { "integer" }),
        (class, Class::Bool) if number(class) => Some(format!("{column} <> 0")),
        _ if !using_class(old, new) => None,
        (Class::String, _) => cast(""),
        // Whether there is a cast at all is for the values to say: the way through text always exists.
        _ => cast("text"),
    }
}

/// Whether values of `old` need an explicit cast to become ones of `new`.
fn using_class(old: &ColumnType, new: &ColumnType) -> bool {
    let number = |class: Class| matches!(class, Class::Integer | Class::Decimal | Class::Float);
    match (old.class, new.class) {
        (_, Class::String) => false,
        (Class::String, _) => true,
        (a, b) if number(a) && number(b) => false,
        (Class::Time, Class::Time) => false,
        (Class::Time, Class::Interval) | (Class::Interval, Class::Time) => false,
        (Class::Json, Class::Json) => false,
        (Class::Network, Class::Network) => false,
        (Class::Bits, Class::Bits) => old.name != new.name && new.name == "bit",
        (a, b) if a == b && !matches!(a, Class::Enum | Class::UserDefined) => old.name != new.name,
        _ => true,
    }
}
