//! What schema HCL means in PostgreSQL beyond its grammar: names of types and functions, triggers by their parts, and
//! the one form the model has for what can be said in several ways.
//!
//! Only what PostgreSQL surely refuses is an error here.
//!
//! Source: PostgreSQL 18, the pages of `CREATE TABLE` and `CREATE TRIGGER`; `attr` says what the forms are.

use engine::decode::{At, Event, Finding, Hooks, Time, TriggerParts};
use schema::{
    AttrKey, AttrValue, Attrs, Class, ColumnType, Index, Key, Object, Routine, SmolStr, Storage, Table,
    Trigger, View,
};
use text::Severity;

use super::attr::{self, Partition};
use super::{accounts, bounds, foreign, names, types};

pub struct Rules;

impl Hooks for Rules {
    fn index_names_are_global(&self) -> bool {
        true
    }

    fn trigger_names_are_global(&self) -> bool {
        false
    }

    fn names_primary_keys(&self) -> bool {
        true
    }

    fn generated_storage(&self) -> Storage {
        Storage::Stored
    }

    fn routine_key(&self, routine: &Routine) -> SmolStr {
        attr::signature(&routine.attrs)
    }

    fn object_key(&self, object: &Object) -> SmolStr {
        match object.kind {
            attr::AGGREGATE => attr::signature(&object.attrs),
            attr::POLICY => object.attrs.get(&attr::ON).unwrap_or_default().into(),
            _ => SmolStr::default(),
        }
    }

    fn type_kinds(&self) -> &'static [&'static str] {
        &[attr::ENUM, attr::DOMAIN, attr::COMPOSITE, attr::RANGE]
    }

    fn declared_type(&self, ty: &ColumnType) -> Option<(Option<SmolStr>, SmolStr)> {
        types::declared_name(ty)
    }

    fn with_declared(&self, ty: ColumnType, kind: &str, schema: &str, name: &str) -> ColumnType {
        let schema = Some(SmolStr::from(schema));
        match ty.class {
            Class::Array => ColumnType { schema, name: format!("{}[]", names::quoted(name)).into(), ..ty },
            _ => ColumnType { schema, class: self.type_class(kind), name: name.into(), ..ty },
        }
    }

    fn type_text(&self, ty: &ColumnType, own: &str) -> Option<String> {
        Some(types::text(ty, own))
    }

    fn name_text(&self, own: &str, schema: &str, name: &str) -> String {
        names::qualified(own, schema, name)
    }

    fn name_steps(&self, text: &str) -> Vec<SmolStr> {
        names::steps(text)
    }

    fn default_is_text(&self, class: Class) -> bool {
        matches!(
            class,
            Class::String | Class::Enum | Class::Json | Class::Time | Class::Uuid | Class::Network
        )
    }

    fn canonical_table(&self, table: &mut Table) {
        if let Some(key) = &mut table.primary_key {
            if key.name.as_ref().is_some_and(|name| *name == implied_key(&table.name)) {
                key.name = None;
            }
            method(&mut key.attrs, false);
            if key.attrs.is(&attr::WITHOUT_OVERLAPS) {
                key.attrs.remove(&attr::TYPE);
            }
        }
        table.indexes.iter_mut().for_each(canonical_index);
        if let Some(partition) = Partition::of(&table.attrs) {
            partition.set(&mut table.attrs);
        }
        let (enabled, enforced) = attr::row_security(&table.attrs);
        attr::set_row_security(&mut table.attrs, enabled, enforced);
        for column in &mut table.columns {
            if let Some(items) = column.attrs.get(&attr::IDENTITY) {
                column.attrs.set(&attr::IDENTITY, items);
                if let Some(identity) = attr::Identity::of(&column.attrs) {
                    identity.set(&mut column.attrs);
                }
            }
            if let Some(options) = column.attrs.get(&attr::SEQUENCE_OPTIONS) {
                let mut options = options.into_iter().next().unwrap_or_default();
                if let Some(ty) = &column.ty {
                    options.set(&attr::TYPE, serial_sequence(&ty.name).to_owned());
                }
                serial_options(&mut options, &mut column.attrs);
            }
            if let Some(schema::Default::Literal(literal)) = &mut column.default
                && column.ty.as_ref().is_some_and(|ty| ty.class == Class::Bool)
                && literal.quoted
                && matches!(&*literal.text, "true" | "false")
            {
                literal.quoted = false;
            }
        }
    }

    fn canonical_view(&self, view: &mut View) {
        view.indexes.iter_mut().for_each(canonical_index);
        let (barrier, invoker) = attr::view_security(&view.attrs);
        attr::set_view_security(&mut view.attrs, barrier, invoker);
    }

    fn canonical_routine(&self, routine: &mut Routine) {
        if let Some(lang) = routine.attrs.get(&attr::LANG) {
            routine.attrs.set(&attr::LANG, language(&lang));
        }
    }

    fn canonical_object(&self, object: &mut Object) {
        match object.kind {
            attr::DOMAIN => {
                let mut checks = object.attrs.get(&attr::CHECKS).unwrap_or_default();
                if !checks.is_empty() {
                    checks.sort_by_key(|check| check.get(&attr::NAME));
                    object.attrs.set(&attr::CHECKS, checks);
                }
            }
            attr::SEQUENCE => canonical_sequence(&mut object.attrs),
            attr::AGGREGATE => {
                if let Some(value) =
                    object.attrs.get(&attr::INITIAL_VALUE).filter(|value| !value.starts_with('\''))
                {
                    object.attrs.set(&attr::INITIAL_VALUE, format!("'{value}'"));
                }
            }
            attr::POLICY if object.attrs.get(&attr::TO).is_some_and(|to| to == ["PUBLIC"]) => {
                object.attrs.remove(&attr::TO);
            }
            attr::EXTENSION if object.attrs.get(&attr::SCHEMA).is_some_and(|schema| schema == "public") => {
                object.attrs.remove(&attr::SCHEMA);
            }
            attr::PARTITION_OF => {
                bounds::canonical(&mut object.attrs);
                if let Some(partition) = Partition::of(&object.attrs) {
                    partition.set(&mut object.attrs);
                }
            }
            attr::ROLE | attr::USER => accounts::canonical_role(object),
            attr::SERVER | attr::FOREIGN_TABLE | attr::USER_MAPPING | attr::COLLATION => {
                foreign::canonical(object);
            }
            _ => {}
        }
    }

    fn single_objects(&self, object: Object) -> Vec<Object> {
        match object.kind {
            attr::PERMISSION => accounts::single(&object),
            attr::CAST | attr::USER_MAPPING => vec![foreign::named(object)],
            _ => vec![object],
        }
    }

    fn designation(&self, kind: &str, name: &str) -> String {
        accounts::designation(kind, name)
    }

    fn designated<'a>(&self, text: &'a str) -> Option<(&'static [&'static str], &'a str)> {
        accounts::designated(text)
    }

    fn printed_object(&self, object: &Object) -> Option<Object> {
        if object.kind != attr::PARTITION_OF {
            return None;
        }
        let mut printed = object.clone();
        bounds::printed(&mut printed.attrs);
        Some(printed)
    }

    fn check(&self, table: &Table) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut error = |at: usize, attribute: &'static str, code: text::Code, message: String| {
            findings.push(Finding {
                at: At::ColumnAttr(at, attribute),
                severity: Severity::Error,
                code,
                message,
            });
        };
        for (at, column) in table.columns.iter().enumerate() {
            let name = &column.name;
            let identity = attr::Identity::of(&column.attrs).is_some();
            let serial = column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
            if column.generated.is_some() && column.default.is_some() {
                let message = format!("column {name:?} is generated and cannot have a default");
                error(at, "default", "generated-default", message);
            } else if column.generated.is_some() && identity {
                let message =
                    format!("both identity and generation expression specified for column {name:?}");
                error(at, "type", "identity", message);
            } else if identity && column.default.is_some() {
                let message = format!("column {name:?} is an identity and cannot have a default");
                error(at, "default", "identity", message);
            } else if identity && column.nullable {
                error(at, "null", "identity", format!("column {name:?} is an identity and cannot be NULL"));
            } else if serial && column.nullable {
                error(
                    at,
                    "null",
                    "serial",
                    format!("NOT NULL constraint is required for serial column {name:?}"),
                );
            } else if serial && column.default.is_some() {
                error(at, "default", "serial", format!("serial column {name:?} cannot have a default"));
            } else if identity
                && column.ty.as_ref().is_some_and(|ty| {
                    !matches!(ty.class, Class::Integer | Class::UserDefined) || ty.name == "text"
                })
            {
                let message =
                    format!("column {name:?} is an identity: its type must be smallint, integer or bigint");
                error(at, "type", "identity", message);
            }
        }
        findings
    }

    fn check_trigger(&self, parts: &TriggerParts, on_view: bool) -> Option<String> {
        let row = parts.for_each.as_deref() == Some("ROW");
        match parts.time {
            Time::InsteadOf if !on_view => Some(format!(
                "trigger {:?} runs instead of a change, which only a view can have; {:?} is a table",
                parts.name, parts.on
            )),
            Time::Before | Time::After if on_view && row => {
                Some(format!("trigger {:?} must use instead_of: {:?} is a view", parts.name, parts.on))
            }
            _ if row && parts.events.contains(&Event::Truncate) => {
                Some(format!("trigger {:?} is for each row and cannot watch truncate", parts.name))
            }
            _ => None,
        }
    }

    fn trigger(&self, parts: &TriggerParts) -> Trigger {
        let mut attrs = parts.attrs.clone();
        let time = match parts.time {
            Time::Before => "BEFORE",
            Time::After => "AFTER",
            Time::InsteadOf => "INSTEAD OF",
        };
        attrs.set(&attr::TIME, time.to_owned());
        let words = parts.events.iter().map(|event| match event {
            Event::Insert => "INSERT",
            Event::Delete => "DELETE",
            Event::Update | Event::UpdateOf(_) => "UPDATE",
            Event::Truncate => "TRUNCATE",
        });
        attrs.set(&attr::EVENTS, words.map(str::to_owned).collect());
        for event in &parts.events {
            if let Event::UpdateOf(columns) = event {
                attrs.set(&attr::UPDATE_OF, columns.iter().map(SmolStr::to_string).collect());
            }
        }
        let each = parts.for_each.as_deref().unwrap_or("STATEMENT");
        attrs.set(&attr::FOR_EACH, each.to_owned());
        if let Some(when) = &parts.when {
            attrs.set(&attr::WHEN, when.clone());
        }
        if let Some(comment) = &parts.comment {
            attrs.set(&attr::COMMENT, comment.clone());
        }
        if let Some(item) = attrs.get(&EXECUTE_BLOCK).and_then(|items| items.into_iter().next()) {
            attrs.remove(&EXECUTE_BLOCK);
            if let Some(function) = item.get(&FUNCTION).or_else(|| item.get(&PROCEDURE)) {
                attrs.set(&attr::EXECUTE, function);
            }
            if let Some(args) = item.get(&attr::EXECUTE_ARGS) {
                attrs.set(&attr::EXECUTE_ARGS, args);
            }
        }
        for item in attrs.get(&REFERENCING).unwrap_or_default() {
            for key in [&attr::OLD_TABLE, &attr::NEW_TABLE] {
                if let Some(name) = item.get(key) {
                    attrs.set(key, name);
                }
            }
        }
        attrs.remove(&REFERENCING);
        with_body(Trigger {
            schema: parts.schema.clone(),
            name: parts.name.clone(),
            on: parts.on.clone(),
            body: parts.body.clone(),
            attrs,
        })
    }

    fn trigger_parts(&self, trigger: &Trigger) -> Option<TriggerParts> {
        let attrs = &trigger.attrs;
        let time = match attrs.get(&attr::TIME)?.as_str() {
            "AFTER" => Time::After,
            "INSTEAD OF" => Time::InsteadOf,
            _ => Time::Before,
        };
        let columns: Vec<SmolStr> =
            attrs.get(&attr::UPDATE_OF).unwrap_or_default().into_iter().map(SmolStr::from).collect();
        let events = attrs.get(&attr::EVENTS)?.into_iter().map(|event| match event.as_str() {
            "INSERT" => Event::Insert,
            "DELETE" => Event::Delete,
            "TRUNCATE" => Event::Truncate,
            _ if columns.is_empty() => Event::Update,
            _ => Event::UpdateOf(columns.clone()),
        });
        let mut rest = Attrs::default();
        for key in [&attr::DEFERRABLE, &attr::FROM] {
            if let Some(value) = attrs.get(key) {
                rest.set(key, value);
            }
        }
        if attrs.is(&attr::CONSTRAINT) {
            rest.set(&attr::CONSTRAINT, true);
        }
        if let Some(function) = attrs.get(&attr::EXECUTE) {
            let mut item = Attrs::default();
            item.set(&FUNCTION, function);
            if let Some(args) = attrs.get(&attr::EXECUTE_ARGS) {
                item.set(&attr::EXECUTE_ARGS, args);
            }
            rest.set(&EXECUTE_BLOCK, vec![item]);
        }
        let mut item = Attrs::default();
        for key in [&attr::OLD_TABLE, &attr::NEW_TABLE] {
            if let Some(name) = attrs.get(key) {
                item.set(key, name);
            }
        }
        if !item.is_empty() {
            rest.set(&REFERENCING, vec![item]);
        }
        Some(TriggerParts {
            schema: trigger.schema.clone(),
            name: trigger.name.clone(),
            on: trigger.on.clone(),
            on_view: false,
            time,
            events: events.collect(),
            for_each: attrs.get(&attr::FOR_EACH).map(SmolStr::from),
            when: attrs.get(&attr::WHEN),
            body: if attrs.get(&attr::EXECUTE).is_some() { String::new() } else { trigger.body.clone() },
            comment: attrs.get(&attr::COMMENT),
            attrs: rest,
        })
    }
}

/// The blocks of HCL the model keeps as plain attributes.
static EXECUTE_BLOCK: AttrKey<Vec<Attrs>> = AttrKey::new("execute", "");
static REFERENCING: AttrKey<Vec<Attrs>> = AttrKey::new("referencing", "");
static FUNCTION: AttrKey<String> = AttrKey::new("function", "");
static PROCEDURE: AttrKey<String> = AttrKey::new("procedure", "");

/// The trigger with the statement its attributes make.
pub fn with_body(mut trigger: Trigger) -> Trigger {
    if trigger.attrs.get(&attr::EXECUTE).is_some() {
        trigger.body = trigger_statement(&trigger, &names::quoted(&trigger.on), "FUNCTION", str::to_owned);
    }
    trigger
}

/// `CREATE TRIGGER …` from the attributes of a trigger that calls a function.
///
/// `on` is the relation as the statement is to name it, `word` is `FUNCTION`, or `PROCEDURE` for servers before
/// PostgreSQL 11; `name` writes the names of other objects, which come as the attributes have them.
pub fn trigger_statement(trigger: &Trigger, on: &str, word: &str, name: impl Fn(&str) -> String) -> String {
    let attrs = &trigger.attrs;
    let constraint = if attrs.is(&attr::CONSTRAINT) { "CONSTRAINT " } else { "" };
    let events = attrs.get(&attr::EVENTS).unwrap_or_default().into_iter().map(|event| {
        match attrs.get(&attr::UPDATE_OF).filter(|_| event == "UPDATE") {
            Some(columns) => {
                let columns: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
                format!("UPDATE OF {}", columns.join(", "))
            }
            None => event,
        }
    });
    let mut sql = format!(
        "CREATE {constraint}TRIGGER {} {} {} ON {on}",
        quoted(&trigger.name),
        attrs.get(&attr::TIME).unwrap_or_default(),
        events.collect::<Vec<_>>().join(" OR ")
    );
    if let Some(from) = attrs.get(&attr::FROM) {
        sql.push_str(&format!(" FROM {}", name(&from)));
    }
    if let Some(word) = attrs.get(&attr::DEFERRABLE) {
        sql.push_str(&format!(" DEFERRABLE {}", word.replace('_', " ")));
    }
    let tables: Vec<String> = [("OLD", &attr::OLD_TABLE), ("NEW", &attr::NEW_TABLE)]
        .iter()
        .filter_map(|(word, key)| Some(format!("{word} TABLE AS {}", quoted(&attrs.get(key)?))))
        .collect();
    if !tables.is_empty() {
        sql.push_str(&format!(" REFERENCING {}", tables.join(" ")));
    }
    sql.push_str(&format!(" FOR EACH {}", attrs.get(&attr::FOR_EACH).unwrap_or_default()));
    if let Some(when) = attrs.get(&attr::WHEN) {
        sql.push_str(&if is_wrapped(&when) { format!(" WHEN {when}") } else { format!(" WHEN ({when})") });
    }
    let args: Vec<String> = attrs
        .get(&attr::EXECUTE_ARGS)
        .unwrap_or_default()
        .iter()
        .map(|arg| format!("'{}'", arg.replace('\'', "''")))
        .collect();
    let function = name(&attrs.get(&attr::EXECUTE).unwrap_or_default());
    sql.push_str(&format!(" EXECUTE {word} {function}({})", args.join(", ")));
    sql
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether one pair of parentheses is around all of `text`.
pub fn is_wrapped(text: &str) -> bool {
    let text = text.trim();
    if !text.starts_with('(') || !text.ends_with(')') {
        return false;
    }
    let (mut depth, mut quote) = (0usize, None);
    for (at, ch) in text.char_indices() {
        match (quote, ch) {
            (Some(open), ch) if ch == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(ch),
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

/// The name the server gives the primary key of `table`.
pub fn implied_key(table: &str) -> String {
    names::implied(table, &[], "pkey", |_| false)
}

/// The name of a language as the model has it.
pub fn language(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "sql" => "SQL".to_owned(),
        "plpgsql" => "PLpgSQL".to_owned(),
        other => other.to_owned(),
    }
}

fn canonical_index(index: &mut Index) {
    method(&mut index.attrs, index.key == Key::Exclusion);
    if index.attrs.is(&attr::WITHOUT_OVERLAPS) {
        index.attrs.remove(&attr::TYPE);
    }
    for part in &mut index.parts {
        // The order of NULLs that is implied.
        part.attrs.remove(if part.desc { &attr::NULLS_FIRST } else { &attr::NULLS_LAST });
    }
}

/// The access method in upper case, absent when it is the default.
fn method(attrs: &mut Attrs, _exclusion: bool) {
    match attrs.get(&attr::TYPE).map(|method| method.to_ascii_uppercase()) {
        Some(method) if method == "BTREE" => attrs.remove(&attr::TYPE),
        Some(method) => attrs.set(&attr::TYPE, method),
        None => {}
    }
}

/// The limits of a sequence of this type and direction when nothing else is said: smallest, largest.
pub fn sequence_limits(ty: &str, increment: i64) -> (i64, i64) {
    let (min, max) = match ty {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    if increment < 0 { (min, -1) } else { (1, max) }
}

/// Removes what is the default of a sequence of its type and direction.
pub fn canonical_sequence(attrs: &mut Attrs) {
    let ty = attrs.get(&attr::TYPE).unwrap_or_else(|| "bigint".to_owned());
    if ty == "bigint" {
        attrs.remove(&attr::TYPE);
    }
    let increment = attrs.get(&attr::INCREMENT).unwrap_or(1);
    let (min, max) = sequence_limits(&ty, increment);
    let own_min = attrs.get(&attr::MIN_VALUE).unwrap_or(min);
    let own_max = attrs.get(&attr::MAX_VALUE).unwrap_or(max);
    let start = if increment < 0 { own_max } else { own_min };
    for (key, default) in [
        (&attr::INCREMENT, 1),
        (&attr::MIN_VALUE, min),
        (&attr::MAX_VALUE, max),
        (&attr::START, start),
        (&attr::CACHE, 1),
    ] {
        if attrs.get(key) == Some(default) {
            attrs.remove(key);
        }
    }
    if attrs.iter().any(|(name, value)| name == attr::CYCLE.name && *value == AttrValue::Bool(false)) {
        attrs.remove(&attr::CYCLE);
    }
}

/// Sets what the options of a sequence say of the serial column that owns it.
pub fn serial_options(options: &mut Attrs, column: &mut Attrs) {
    canonical_sequence(options);
    options.remove(&attr::TYPE);
    options.remove(&attr::OWNER);
    if options.is_empty() {
        column.remove(&attr::SEQUENCE_OPTIONS);
    } else {
        column.set(&attr::SEQUENCE_OPTIONS, vec![options.clone()]);
    }
}

/// The integer type of the sequence of a serial type.
pub fn serial_sequence(serial: &str) -> &'static str {
    match serial {
        "smallserial" => "smallint",
        "bigserial" => "bigint",
        _ => "integer",
    }
}

#[cfg(test)]
mod tests;
