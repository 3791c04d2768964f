//! What schema HCL means in SQLite beyond its grammar: what the database would refuse, and triggers as text.
//!
//! Only what SQLite surely refuses is an error here. A default that SQLite takes but nobody wants (text in an integer
//! column) is a warning.
//!
//! Source: SQLite 3.50, `build.c` and `trigger.c` for what is refused and how it is said.

use engine::decode::{At, Event, Finding, Hooks, Time, TriggerParts};
use schema::{Class, Column, Default, Literal, PartOf, SmolStr, Table, Trigger};
use text::Severity;

use super::attr::{AUTO_INCREMENT, STRICT, WITHOUT_ROWID};

/// SQLite's say in decoding and encoding HCL.
pub struct Rules;

/// The types a `STRICT` table knows.
const STRICT_TYPES: &[&str] = &["int", "integer", "real", "text", "blob", "any"];

impl Hooks for Rules {
    /// Numbers are what the catalog calls keys without a name.
    fn foreign_key_name(&self, label: &str) -> Option<SmolStr> {
        (!label.is_empty() && !label.bytes().all(|byte| byte.is_ascii_digit())).then(|| label.into())
    }

    fn fold(&self, name: &str) -> SmolStr {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            name.to_ascii_lowercase().into()
        } else {
            name.into()
        }
    }

    fn index_names_are_global(&self) -> bool {
        true
    }

    fn check(&self, table: &Table) -> Vec<Finding> {
        let mut findings = Vec::new();
        if reserved(&table.name) {
            findings.push(error(
                At::Table,
                "reserved-name",
                format!(
                    "table {:?}: names that start with \"sqlite_\" are reserved for internal use",
                    table.name
                ),
            ));
        }
        self.generated(table, &mut findings);
        // A key of the wrong column is one mistake.
        if !findings.iter().any(|finding| finding.at == At::PrimaryKey) {
            self.auto_increment(table, &mut findings);
        }
        if table.attrs.is(&STRICT) {
            strict(table, &mut findings);
        }
        if table.attrs.is(&WITHOUT_ROWID)
            && table.primary_key.is_none()
            && !table.columns.iter().any(|column| column.attrs.is(&AUTO_INCREMENT))
        {
            findings.push(error(
                At::TableAttr("without_rowid"),
                "missing-primary-key",
                format!("table {:?} is without rowid and needs a primary key", table.name),
            ));
        }
        findings
    }

    fn check_default(&self, column: &Column, default: &Default) -> Option<String> {
        let Default::Literal(Literal { text, quoted: true }) = default else { return None };
        let class = column.ty.as_ref()?.class;
        let wanted = match class {
            Class::Integer | Class::Float | Class::Decimal => "a number",
            Class::Bool => "a boolean",
            _ => return None,
        };
        let number = text.trim().parse::<f64>().is_ok();
        let fits =
            number || class == Class::Bool && matches!(text.to_ascii_lowercase().as_str(), "true" | "false");
        (!fits)
            .then(|| format!("default {text:?} of column {:?} is text, its type wants {wanted}", column.name))
    }

    fn check_trigger(&self, parts: &TriggerParts, on_view: bool) -> Option<String> {
        match (parts.time, on_view) {
            (Time::InsteadOf, false) => Some(format!(
                "trigger {:?} runs instead of a change, which only a view can have; {:?} is a table",
                parts.name, parts.on
            )),
            (Time::Before | Time::After, true) => {
                Some(format!("trigger {:?} must use instead_of: {:?} is a view", parts.name, parts.on))
            }
            _ => None,
        }
    }

    fn trigger(&self, parts: &TriggerParts) -> Trigger {
        let time = match parts.time {
            Time::Before => "BEFORE",
            Time::After => "AFTER",
            Time::InsteadOf => "INSTEAD OF",
        };
        let event = match parts.events.first().unwrap_or(&Event::Insert) {
            Event::Insert => "INSERT".to_owned(),
            Event::Delete => "DELETE".to_owned(),
            Event::Update => "UPDATE".to_owned(),
            // Its grammar has none.
            Event::Truncate => "DELETE".to_owned(),
            Event::UpdateOf(columns) => {
                format!(
                    "UPDATE OF {}",
                    columns.iter().map(|column| ident(column)).collect::<Vec<_>>().join(", ")
                )
            }
        };
        let when = parts.when.as_ref().map(|when| format!(" WHEN ({when})")).unwrap_or_default();
        let body = begin_end(&parts.body);
        let body = format!(
            "CREATE TRIGGER {} {time} {event} ON {} FOR EACH ROW{when} {body}",
            ident(&parts.name),
            ident(&parts.on)
        );
        Trigger {
            schema: parts.schema.clone(),
            name: parts.name.clone(),
            on: parts.on.clone(),
            body,
            attrs: parts.attrs.clone(),
        }
    }

    fn trigger_parts(&self, trigger: &Trigger) -> Option<TriggerParts> {
        super::ddl::trigger_parts(trigger)
    }
}

impl Rules {
    fn auto_increment(&self, table: &Table, findings: &mut Vec<Finding>) {
        let mut seen = false;
        for (at, column) in
            table.columns.iter().enumerate().filter(|(_, column)| column.attrs.is(&AUTO_INCREMENT))
        {
            let here = At::ColumnAttr(at, "auto_increment");
            let name = &column.name;
            let key = table.primary_key.as_ref().map(|key| &key.parts[..]);
            let alone = match key {
                None => true,
                Some([part]) => part.column_name() == Some(name),
                Some(_) => false,
            };
            let integer = column.ty.as_ref().is_none_or(|ty| ty.name == "integer");
            let message = if seen {
                format!("column {name:?}: a table can have one auto_increment column")
            } else if !integer {
                format!("auto_increment needs type integer, column {name:?} has {}", type_name(column))
            } else if !alone {
                format!(
                    "auto_increment is only for the single column of the primary key, not for column {name:?}"
                )
            } else if table.attrs.is(&WITHOUT_ROWID) {
                format!("column {name:?}: auto_increment is not allowed in a table without rowid")
            } else {
                seen = true;
                continue;
            };
            seen = true;
            findings.push(error(here, "auto-increment", message));
        }
    }

    fn generated(&self, table: &Table, findings: &mut Vec<Finding>) {
        for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.generated.is_some())
        {
            let name = &column.name;
            if column.default.is_some() {
                findings.push(error(
                    At::ColumnAttr(at, "default"),
                    "generated-default",
                    format!("column {name:?} is generated and cannot have a default"),
                ));
            } else if column.attrs.is(&AUTO_INCREMENT) {
                findings.push(error(
                    At::ColumnAttr(at, "auto_increment"),
                    "auto-increment",
                    format!("both autoincrement and generation expression specified for column {name:?}"),
                ));
            } else if table.primary_key.as_ref().is_some_and(|key| {
                key.parts.iter().any(|part| matches!(&part.of, PartOf::Column(column) if column == name))
            }) {
                findings.push(error(
                    At::PrimaryKey,
                    "generated-key",
                    format!("generated column {name:?} cannot be part of the primary key"),
                ));
            }
        }
        if !table.columns.is_empty() && table.columns.iter().all(|column| column.generated.is_some()) {
            findings.push(error(
                At::Table,
                "generated-only",
                format!("table {:?} must have at least one column that is not generated", table.name),
            ));
        }
    }
}

fn strict(table: &Table, findings: &mut Vec<Finding>) {
    for (at, column) in table.columns.iter().enumerate() {
        let Some(ty) = &column.ty else { continue };
        if !STRICT_TYPES.contains(&super::types::format(ty).to_ascii_lowercase().as_str()) {
            findings.push(error(
                At::ColumnAttr(at, "type"),
                "strict-type",
                format!(
                    "type {} of column {:?} is not allowed in a strict table: use int, integer, real, text, blob or any",
                    type_name(column),
                    column.name
                ),
            ));
        }
    }
}

fn type_name(column: &Column) -> String {
    column.ty.as_ref().map(super::types::format).unwrap_or_default()
}

/// Whether SQLite keeps the name for itself. Its own automatic indexes are printed by `inspect`, so they pass.
fn reserved(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"))
}

fn error(at: At, code: text::Code, message: String) -> Finding {
    Finding { at, severity: Severity::Error, code, message }
}

/// The statements between `BEGIN` and `END`, which the author may have written or not.
fn begin_end(body: &str) -> String {
    let body = body.trim().trim_end_matches(';').trim_end();
    let starts = body.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("begin"))
        && body[5..].starts_with(|ch: char| ch.is_whitespace());
    let ends =
        body.len() > 3 && body.get(body.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("end"));
    if starts && ends { body.to_owned() } else { format!("BEGIN\n{body};\nEND") }
}

/// `name` in SQLite's backticks.
fn ident(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
