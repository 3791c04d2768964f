//! What only a dialect understands, printed back by the grammar of its block: the opposite of decoding's `attrs`.
//!
//! Attributes come in the order the grammar declares them, nested blocks after them. A reference to something the realm
//! does not have is printed as a string, so that the text can be read again.

use hcl::spec::{self, AttrType, Content, Openness};
use schema::{AttrKey, AttrValue, Attrs, ColumnType, SmolStr};

use super::writer::{Block, heredoc, quote, reference};
use super::{Encoder, bool, column_type, default_value};
use crate::decode::is_value;

/// From where names are told.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    pub schema: &'a str,
    /// Inside of a table or view: references to columns are its own.
    pub table: &'a str,
}

impl Encoder<'_> {
    /// Prints `attrs` as the grammar at `path` declares them. `ready` are attributes whose text is known already; they
    /// take their place in the order too.
    pub(super) fn attrs(
        &self,
        block: &mut Block,
        attrs: &Attrs,
        path: &[&str],
        own: Own<'_>,
        ready: &[(&str, String)],
    ) {
        if attrs.is_empty() && ready.is_empty() {
            return;
        }
        let Some(place) = spec::lookup(self.dialect.spec, path.iter().map(|name| (*name, None))) else {
            return;
        };
        self.attributes(block, attrs, place.body, own, ready, |_| true);
        self.blocks(block, attrs, place.body, own);
    }

    /// The attributes among `attrs` for which `wanted` is true.
    pub(super) fn attributes(
        &self,
        block: &mut Block,
        attrs: &Attrs,
        body: &'static spec::Body,
        own: Own<'_>,
        ready: &[(&str, String)],
        wanted: impl Fn(&'static spec::Attribute) -> bool,
    ) {
        for declared in body.attributes.iter().filter(|declared| wanted(declared)) {
            if let Some((_, text)) = ready.iter().find(|(name, _)| *name == declared.name) {
                block.attribute(declared.name, text.clone());
            } else if let Some((_, value)) = attrs.iter().find(|(name, _)| *name == declared.name)
                && let Some(text) = self.value(declared, value, own)
            {
                block.attribute(declared.name, text);
            }
        }
    }

    /// The nested blocks among `attrs`.
    pub(super) fn blocks(&self, block: &mut Block, attrs: &Attrs, body: &'static spec::Body, own: Own<'_>) {
        for declared in body.blocks {
            let items = match attrs.iter().find(|(name, _)| *name == declared.name) {
                Some((_, AttrValue::Items(items))) => items,
                Some((_, AttrValue::List(texts)))
                    if declared.body.openness == Openness::Open
                        && body.attribute(declared.name).is_none() =>
                {
                    block.block(settings(declared.name, texts));
                    continue;
                }
                _ => continue,
            };
            for item in items {
                let label = item.get(&AttrKey::<String>::new("name", ""));
                let labelled = declared.labels.max > 0;
                let mut child = Block::new(declared.name, label.as_deref().filter(|_| labelled).as_slice());
                self.attributes(&mut child, item, declared.body, own, &[], |attribute| {
                    !(labelled && attribute.name == "name")
                });
                self.blocks(&mut child, item, declared.body, own);
                block.block(child);
            }
        }
    }

    /// An attribute's value as HCL; `None` for what is no attribute.
    fn value(&self, declared: &'static spec::Attribute, value: &AttrValue, own: Own<'_>) -> Option<String> {
        Some(match value {
            AttrValue::Bool(value) => bool(*value).to_owned(),
            AttrValue::Int(value) => value.to_string(),
            AttrValue::Str(text) if declared.content == Content::Object => {
                let found = self.dialect.decode.designated(text);
                let found = found.and_then(|(kinds, name)| self.reference(kinds, name, own));
                found.unwrap_or_else(|| format!("sql({})", quote(text)))
            }
            AttrValue::Str(text) => self.text(declared, text, own),
            AttrValue::List(texts) => match &declared.ty {
                AttrType::Map(_) => map(texts),
                AttrType::List(inner) => {
                    let texts: Vec<String> =
                        texts.iter().map(|text| self.element(inner, text, own)).collect();
                    format!("[{}]", texts.join(", "))
                }
                ty if is_value(ty) => {
                    let value = |text: &String| default_value(&self.dialect.decode.default_of(text));
                    format!("[{}]", texts.iter().map(value).collect::<Vec<_>>().join(", "))
                }
                _ => return None,
            },
            // Nested blocks, not an attribute.
            AttrValue::Items(_) => return None,
        })
    }

    fn text(&self, declared: &'static spec::Attribute, text: &str, own: Own<'_>) -> String {
        if let AttrType::Type = declared.ty {
            let ty = (self.dialect.parse_type)(text);
            // Only a column has an attribute for it.
            if ty.unsigned {
                return format!("sql({})", quote(text));
            }
            return self.declared_type(&ty, own.schema);
        }
        if is_value(&declared.ty) {
            return default_value(&self.dialect.decode.default_of(text));
        }
        // `sql("…")` alone, or beside words and strings: what is no word is SQL.
        if let AttrType::Sql = declared.ty {
            return format!("sql({})", quote(text));
        }
        if declared.content == Content::Sql {
            return heredoc(text, "SQL");
        }
        self.element(&declared.ty, text, own)
    }

    fn element(&self, ty: &AttrType, text: &str, own: Own<'_>) -> String {
        if is_value(ty) {
            return default_value(&self.dialect.decode.default_of(text));
        }
        if ty.words().iter().any(|word| word.name == text) {
            return text.to_owned();
        }
        if let Some(reference) = self.reference(&ty.kinds(), text, own) {
            return reference;
        }
        match ty {
            // What is not written like a name cannot be a string there.
            AttrType::OneOf(types)
                if types.iter().any(|ty| matches!(ty, AttrType::Sql)) && text.contains('(') =>
            {
                format!("sql({})", quote(text))
            }
            _ => quote(text),
        }
    }

    /// A reference to the object of one of `kinds` that `text` names.
    fn reference(&self, kinds: &[&'static str], text: &str, own: Own<'_>) -> Option<String> {
        if kinds.is_empty() {
            return None;
        }
        let plain = |kind: &str| kinds.contains(&kind);
        if plain("schema") {
            return Some(reference("schema", [text]));
        }
        let of_columns = kinds.iter().any(|kind| kind.rsplit('.').next() == Some("column"));
        if of_columns && (!own.table.is_empty() || *kinds == ["column"]) {
            return Some(reference("column", [text]));
        }
        if plain("index") && !own.table.is_empty() {
            return Some(reference("index", [text]));
        }
        let steps = self.dialect.decode.name_steps(text);
        let (relation, column): (&[SmolStr], _) = match &steps[..] {
            [relation @ .., column] if of_columns && !relation.is_empty() => (relation, Some(column)),
            steps => (steps, None),
        };
        let (schema, name) = match relation {
            [name] => (own.schema, name),
            [schema, name] => (schema.as_str(), name),
            _ => return None,
        };
        let roots = kinds.iter().map(|kind| kind.split('.').next().unwrap_or(kind));
        let (kind, path) = self
            .names
            .find(roots.clone(), schema, name)
            .or_else(|| self.names.find(roots, "", name).filter(|_| relation.len() == 1))?;
        let mut steps: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        if let Some(column) = column {
            steps.extend(["column", column.as_str()]);
        }
        Some(reference(kind, steps))
    }

    /// A type as HCL, seen from the schema `own`: a reference to an object of the realm, or the type itself.
    pub(super) fn declared_type(&self, ty: &ColumnType, own: &str) -> String {
        let hooks = self.dialect.decode;
        let Some((schema, name)) = hooks.declared_type(ty) else { return column_type(ty, self.dialect) };
        let schema = schema.as_deref().unwrap_or(own);
        let is_name = ty.class != schema::Class::Array;
        if is_name
            && let Some((kind, path)) = self.names.find(hooks.type_kinds().iter().copied(), schema, &name)
        {
            return reference(kind, path.iter().map(SmolStr::as_str));
        }
        let own = if self.several { "" } else { own };
        match hooks.type_text(ty, own) {
            Some(text) => format!("sql({})", quote(&text)),
            None => column_type(ty, self.dialect),
        }
    }
}

/// A block of settings, `name=value` each.
fn settings(name: &str, texts: &[String]) -> Block {
    let mut block = Block::new(name, &[]);
    for (key, value) in texts.iter().filter_map(|text| text.split_once('=')) {
        block.attribute(key, bare(value));
    }
    block
}

fn map(texts: &[String]) -> String {
    let entries = texts.iter().filter_map(|text| text.split_once('='));
    let lines: Vec<String> = entries.map(|(key, value)| format!("  {key} = {}", bare(value))).collect();
    if lines.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n}}", lines.join("\n")) }
}

/// A number or truth value as it is, anything else as a string.
fn bare(value: &str) -> String {
    match hcl::Number::parse(value) {
        Some(number) if number.to_string() == value => value.to_owned(),
        _ if matches!(value, "true" | "false") => value.to_owned(),
        _ => quote(value),
    }
}
