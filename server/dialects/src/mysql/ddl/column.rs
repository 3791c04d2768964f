//! A column as it is written.

use engine::replay::Name;
use schema::{Attrs, Column, Default, Expr, Generated, Literal, SmolStr, Storage};
use syntax::sql::ast::{self, ColumnConstraint, DefaultValue};
use text::TextRange;

use super::key::{self, Key};
use super::name_of;
use crate::mysql::attr::{AUTO_INCREMENT, CHARSET, COLLATE, INVISIBLE, ON_UPDATE, SRID, UNVERSIONED};
use crate::mysql::types;

/// A column with the keys and constraints written at it.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub column: Column,
    pub name: Name,
    pub range: TextRange,
    pub keys: Vec<Key>,
}

/// A column of which nothing is known.
pub(super) fn empty(name: SmolStr) -> Column {
    Column {
        name,
        ty: None,
        raw_type: String::new(),
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

/// The text of a string, number or word.
pub(super) fn plain(raw: &str) -> String {
    match quoted(raw) {
        Some((value, "")) => value,
        _ => raw.trim_matches('`').to_string(),
    }
}

/// The string `text` begins with, and what is behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    if text.starts_with(['\'', '"']) { types::unquote(text) } else { None }
}

/// The column of `node`; `None` when it has no name yet.
pub(super) fn read(node: &ast::Column) -> Option<Written> {
    let name = node.name()?;
    let raw_type = node.type_name().map(|ty| ty.text().trim().to_owned()).unwrap_or_default();
    let mut column = empty(name.text.clone());
    let lower = raw_type.to_ascii_lowercase();
    column.ty = Some(types::parse(&raw_type));
    let mut keys = Vec::new();
    if ["national", "nchar", "nvarchar"].iter().any(|word| lower.starts_with(word)) {
        column.attrs.set(&CHARSET, "utf8mb3".to_string());
    }
    if lower == "serial" {
        column.nullable = false;
        column.attrs.set(&AUTO_INCREMENT, true);
        keys.push(Key::unique_at(&name));
    }
    column.raw_type = raw_type;
    for constraint in node.constraints() {
        match &constraint {
            ColumnConstraint::NotNull(_) => column.nullable = false,
            ColumnConstraint::Null(_) => column.nullable = true,
            ColumnConstraint::Default(default) => column.default = self::default(default),
            ColumnConstraint::Collate(collate) => {
                if let Some(name) = collate.collation() {
                    column.attrs.set(&COLLATE, plain(&name.raw).to_lowercase());
                }
            }
            ColumnConstraint::Generated(generated) => {
                let virtual_ = generated.stored().is_none() && !persistent(generated);
                let storage = if virtual_ { Storage::Virtual } else { Storage::Stored };
                column.generated = generated
                    .expr()
                    .map(|expr| Generated { expr: Expr(expr.text().trim().to_owned()), storage });
            }
            ColumnConstraint::PrimaryKey(key) => keys.push(Key::primary_at(&name, key)),
            ColumnConstraint::Unique(_) => keys.push(Key::unique_at(&name)),
            ColumnConstraint::Check(check) => keys.extend(key::check(check, Some(&name))),
            ColumnConstraint::References(references) => {
                keys.extend(key::reference_at(&name, constraint.name(), references));
            }
            ColumnConstraint::Option(option) => {
                self::option(option, &mut column, &name, &mut keys);
            }
            ColumnConstraint::Identity(_) => {}
        }
    }
    Some(Written { column, name: name_of(&name), range: node.range(), keys })
}

fn persistent(generated: &ast::Generated) -> bool {
    let tokens = generated.syntax().children_with_tokens().filter_map(|child| child.into_token());
    tokens.last().is_some_and(|token| token.text().eq_ignore_ascii_case("PERSISTENT"))
}

/// Takes an option into `column`.
fn option(option: &ast::OptionClause, column: &mut Column, name: &ast::Name, keys: &mut Vec<Key>) {
    let words = option.words();
    let value = || option.value().map(|value| plain(&value.raw));
    match words.as_str() {
        "AUTO_INCREMENT" => column.attrs.set(&AUTO_INCREMENT, true),
        "SERIAL DEFAULT VALUE" => {
            column.nullable = false;
            column.attrs.set(&AUTO_INCREMENT, true);
            keys.push(Key::unique_at(name));
        }
        "COMMENT" => column.comment = value().filter(|text| !text.is_empty()),
        "CHARACTER SET" | "CHAR SET" | "CHARSET" => {
            if let Some(charset) = value() {
                column.attrs.set(&CHARSET, charset.to_lowercase());
            }
        }
        "ASCII" => column.attrs.set(&CHARSET, "latin1".to_string()),
        "UNICODE" => column.attrs.set(&CHARSET, "ucs2".to_string()),
        // Of which charset is known when its table is.
        "BINARY" => column.attrs.set(&COLLATE, "_bin".to_string()),
        "INVISIBLE" => column.attrs.set(&INVISIBLE, true),
        "SRID" => {
            if let Some(srid) = value().and_then(|text| text.parse().ok()) {
                column.attrs.set(&SRID, srid);
            }
        }
        "WITHOUT SYSTEM VERSIONING" => column.attrs.set(&UNVERSIONED, true),
        "ON UPDATE" => {
            let text = option.text();
            column.attrs.set(&ON_UPDATE, text.trim().to_string());
        }
        // When a row of a table that keeps its history was valid.
        words if words.contains("AS ROW") => {
            let bound = if words.ends_with("END") { "ROW END" } else { "ROW START" };
            column.generated = Some(Generated { expr: Expr(bound.to_owned()), storage: Storage::Stored });
            column.nullable = false;
        }
        _ => {}
    }
}

/// What is written behind `DEFAULT`: text without its quotes, or SQL.
pub(super) fn default(default: &ast::Default) -> Option<Default> {
    let text = default.text()?.trim().to_owned();
    let literal = |text: String, quoted| Some(Default::Literal(Literal { text, quoted }));
    match default.value() {
        Some(DefaultValue::Literal(_)) => {
            if text.eq_ignore_ascii_case("NULL") {
                return None;
            }
            if let Some((value, "")) = quoted(&text) {
                return literal(value, true);
            }
            let number = text.trim_start_matches(['+', '-', ' ']);
            if number.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                && !number.to_ascii_lowercase().starts_with("0x")
                && !number.starts_with("0b")
            {
                let sign = text.bytes().filter(|byte| *byte == b'-').count() % 2 == 1;
                return literal(format!("{}{number}", if sign { "-" } else { "" }), false);
            }
            if text.eq_ignore_ascii_case("TRUE") || text.eq_ignore_ascii_case("FALSE") {
                return literal(text.to_ascii_lowercase(), false);
            }
            // Several strings in a row are one.
            if text.starts_with(['\'', '"']) {
                let mut rest = text.as_str();
                let mut value = String::new();
                while let Some((part, after)) = quoted(rest) {
                    value.push_str(&part);
                    rest = after.trim_start();
                }
                return literal(value, true);
            }
            Some(Default::Expr(Expr(text)))
        }
        _ => Some(Default::Expr(Expr(text))),
    }
}
