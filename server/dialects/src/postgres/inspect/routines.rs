//! Functions, procedures, aggregates and triggers.

use std::sync::Arc;

use engine::connection::{Rows, Value};
use rustc_hash::FxHashMap;
use schema::{Attrs, Object, Routine, RoutineKind, Trigger};

use super::super::{attr, names, rules};
use super::{Out, Row, function_name, function_text, set_comment, type_text};

/// Functions, procedures and aggregates with their arguments.
pub(super) fn routines(rows: &Rows, arguments: &Rows, out: &mut Out) {
    let mut args: FxHashMap<i64, Vec<Row<'_>>> = FxHashMap::default();
    for row in &arguments.rows {
        let row = Row(row);
        args.entry(row.int(0)).or_default().push(row);
    }
    for row in &rows.rows {
        let row = Row(row);
        let own = row.text(1);
        let args = args.get(&row.int(0)).map(Vec::as_slice).unwrap_or_default();
        let mut attrs = Attrs::default();
        let items: Vec<Attrs> =
            args.iter().filter(|row| row.text(2) != "t").map(|row| argument(*row, own)).collect();
        if !items.is_empty() {
            attrs.set(&attr::ARGS, items);
        }
        if row.text(3) == "a" {
            aggregate(row, own, attrs, out);
            continue;
        }
        let columns: Vec<Attrs> =
            args.iter().filter(|row| row.text(2) == "t").map(|row| returned(*row, own)).collect();
        let outs = args.iter().any(|row| matches!(row.text(2), "o" | "b"));
        properties(row, own, columns, outs, &mut attrs);
        set_comment(&mut attrs, row.get(17));
        let kind = if row.text(3) == "p" { RoutineKind::Procedure } else { RoutineKind::Function };
        let body = match row.get(6) {
            Some(body) => {
                attrs.set(&attr::SQL_BODY, true);
                body.trim().to_owned()
            }
            None => row.text(5).to_owned(),
        };
        let routine = Routine { schema: own.into(), name: row.text(2).into(), kind, body, attrs };
        if let Some(schema) = out.schema(own) {
            schema.routines.push(Arc::new(routine));
        }
    }
}

fn argument(row: Row<'_>, own: &str) -> Attrs {
    let mut arg = Attrs::default();
    if let Some(name) = row.get(3).filter(|name| !name.is_empty()) {
        arg.set(&attr::NAME, name.to_owned());
    }
    arg.set(&attr::TYPE, type_text(row.text(4), own));
    let mode = match row.text(2) {
        "o" => Some("OUT"),
        "b" => Some("INOUT"),
        "v" => Some("VARIADIC"),
        _ => None,
    };
    if let Some(mode) = mode {
        arg.set(&attr::MODE, mode.to_owned());
    }
    if let Some(default) = row.get(5) {
        let ty = super::types::parse(row.text(4));
        let default = super::super::defaults::read(default, Some(&ty));
        arg.set(&attr::DEFAULT, engine::decode::Hooks::default_text(&rules::Rules, &default));
    }
    arg
}

fn returned(row: Row<'_>, own: &str) -> Attrs {
    let mut column = Attrs::default();
    column.set(&attr::NAME, row.text(3).to_owned());
    column.set(&attr::TYPE, type_text(row.text(4), own));
    column
}

fn properties(row: Row<'_>, own: &str, columns: Vec<Attrs>, outs: bool, attrs: &mut Attrs) {
    attrs.set(&attr::LANG, rules::language(row.text(4)));
    if row.text(3) != "p" {
        let ty = type_text(row.text(7), own);
        if !columns.is_empty() {
            let mut table = Attrs::default();
            table.set(&attr::TABLE_COLUMNS, columns);
            attrs.set(&attr::RETURN_TABLE, vec![table]);
        } else if row.is(8) {
            attrs.set(&attr::RETURN_SET, ty);
        } else if !outs {
            attrs.set(&attr::RETURN, ty);
        }
    }
    let words = [
        (&attr::VOLATILITY, row.text(9), [("i", "IMMUTABLE"), ("s", "STABLE")]),
        (&attr::PARALLEL, row.text(10), [("s", "SAFE"), ("r", "RESTRICTED")]),
    ];
    for (key, letter, words) in words {
        if let Some((_, word)) = words.iter().find(|(known, _)| *known == letter) {
            attrs.set(key, (*word).to_owned());
        }
    }
    for (key, at) in [(&attr::STRICT, 11), (&attr::LEAKPROOF, 12)] {
        if row.is(at) {
            attrs.set(key, true);
        }
    }
    if row.is(13) {
        attrs.set(&attr::SECURITY, "DEFINER".to_owned());
    }
    let number = |at: usize| match row.0.get(at) {
        Some(Value::Real(number)) => *number as i64,
        Some(Value::Int(number)) => *number,
        _ => 0,
    };
    if number(14) != 100 {
        attrs.set(&attr::COST, number(14));
    }
    if row.is(8) && number(15) != 1000 {
        attrs.set(&attr::ROWS, number(15));
    }
    let params = row.list(16);
    if !params.is_empty() {
        attrs.set(&attr::CONFIG_PARAMS, params);
    }
    if row.text(3) == "w" {
        attrs.set(&attr::WINDOW, true);
    }
}

fn aggregate(row: Row<'_>, own: &str, mut attrs: Attrs, out: &mut Out) {
    attrs.set(&attr::STATE_FUNC, function_text(own, row.text(18)));
    attrs.set(&attr::STATE_TYPE, type_text(row.text(19), own));
    if let Some(value) = row.get(20) {
        attrs.set(&attr::INITIAL_VALUE, format!("'{}'", value.replace('\'', "''")));
    }
    if let Some(function) = row.get(21) {
        attrs.set(&attr::FINAL_FUNC, function_text(own, function));
    }
    let word = match row.text(10) {
        "s" => Some("SAFE"),
        "r" => Some("RESTRICTED"),
        _ => None,
    };
    if let Some(word) = word {
        attrs.set(&attr::PARALLEL, word.to_owned());
    }
    let comment = row.get(17).map(str::to_owned);
    out.object(Object {
        kind: attr::AGGREGATE,
        schema: own.into(),
        name: row.text(2).into(),
        comment,
        attrs,
    });
}

/// Triggers of tables and views.
pub(super) fn triggers(rows: &Rows, out: &mut Out) {
    for row in &rows.rows {
        let row = Row(row);
        let own = row.text(0);
        let bits = row.int(3);
        let mut attrs = Attrs::default();
        let time = match bits {
            bits if bits & 64 != 0 => "INSTEAD OF",
            bits if bits & 2 != 0 => "BEFORE",
            _ => "AFTER",
        };
        attrs.set(&attr::TIME, time.to_owned());
        let events = [(4, "INSERT"), (8, "DELETE"), (16, "UPDATE"), (32, "TRUNCATE")];
        let events = events.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, word)| (*word).to_owned());
        attrs.set(&attr::EVENTS, events.collect());
        let columns = row.list(4);
        if !columns.is_empty() {
            attrs.set(&attr::UPDATE_OF, columns);
        }
        attrs.set(&attr::FOR_EACH, (if bits & 1 != 0 { "ROW" } else { "STATEMENT" }).to_owned());
        attrs.set(&attr::EXECUTE, function_name(own, row.text(5), row.text(6)));
        let args = arguments(row.text(7));
        if !args.is_empty() {
            attrs.set(&attr::EXECUTE_ARGS, args);
        }
        if row.is(8) {
            attrs.set(&attr::CONSTRAINT, true);
        }
        if row.is(9) {
            let word = if row.is(10) { "INITIALLY_DEFERRED" } else { "INITIALLY_IMMEDIATE" };
            attrs.set(&attr::DEFERRABLE, word.to_owned());
        }
        if let Some(table) = row.get(12) {
            attrs.set(&attr::FROM, names::qualified(own, row.text(11), table));
        }
        for (key, at) in [(&attr::OLD_TABLE, 13), (&attr::NEW_TABLE, 14)] {
            if let Some(name) = row.get(at) {
                attrs.set(key, name.to_owned());
            }
        }
        if let Some(when) = row.get(15).and_then(condition) {
            attrs.set(&attr::WHEN, when);
        }
        set_comment(&mut attrs, row.get(16));
        let trigger = Trigger {
            schema: own.into(),
            name: row.text(2).into(),
            on: row.text(1).into(),
            body: String::new(),
            attrs,
        };
        let trigger = rules::with_body(trigger);
        if let Some(schema) = out.schema(own) {
            schema.triggers.push(Arc::new(trigger));
        }
    }
}

/// The condition of `CREATE TRIGGER … WHEN (…) EXECUTE …`, without the parentheses the clause has.
fn condition(definition: &str) -> Option<String> {
    let (head, _) = definition.rsplit_once(" EXECUTE ")?;
    let (_, rest) = head.split_once(" WHEN (")?;
    Some(rest.trim().strip_suffix(')')?.trim().to_owned())
}

/// The strings of `tgargs`, each ended by a zero byte, in hexadecimal digits.
fn arguments(hex: &str) -> Vec<String> {
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .filter_map(|at| u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok())
        .collect();
    let text = String::from_utf8_lossy(&bytes);
    let mut args: Vec<String> = text.split('\0').map(str::to_owned).collect();
    // Behind the last zero there is nothing.
    args.pop();
    args
}
