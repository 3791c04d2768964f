//! One `table` block as a table.
//!
//! Invariant: what cannot be read is left out and noted, so that the table is as complete as its text allows.

use hcl::spec::{self, Status};
use hcl::{Each, Reference, Value};
use rustc_hash::FxHashMap;
use schema::{
    Attrs, Check, Column, Expr, ForeignKey, Generated, Index, IndexPart, Key, ObjectPath, PrimaryKey,
    ReferenceAction, SmolStr, Storage, Table,
};
use syntax::hcl::ast::{AstNode, Block};
use text::{Diagnostic, Related, TextRange};

use super::attrs::{self, Own};
use super::column::{column_type, declared_type, default_of};
use super::hooks::At;
use super::read::{Notes, Read, Words};
use super::scope::{BlockScope, PieceScope, Place};
use super::summary::{block_name_range, column_names, header_range};
use crate::Dialect;
use crate::origin::Part;
use crate::renames::RENAMED_FROM;

/// What a duplicate is called.
pub(crate) const DUPLICATE: text::Code = "duplicate-name";
/// Columns on both sides of a foreign key that do not match.
const FOREIGN_KEY: text::Code = "foreign-key";

/// A table with where its parts are.
pub(super) struct Decoded {
    pub table: Table,
    /// The query of a materialized view.
    pub body: String,
    pub part: Part,
}

/// Where the parts of the table are, for what is found when it is complete.
#[derive(Default)]
struct Ranges {
    name: TextRange,
    attributes: Vec<(&'static str, TextRange)>,
    columns: Vec<(TextRange, Vec<(&'static str, TextRange)>)>,
    primary_key: TextRange,
    indexes: Vec<TextRange>,
    foreign_keys: Vec<TextRange>,
    checks: Vec<TextRange>,
}

/// Reads a `table` block, or a `materialized` block, which has columns and indexes too.
pub(super) fn decode(
    notes: &mut Notes<'_>,
    block: &Block,
    word: &'static str,
    piece: &PieceScope<'_>,
    dialect: &'static Dialect,
    each: Option<&Each>,
) -> Option<Decoded> {
    let declared = dialect.spec.block(word)?;
    if !notes.labels(block, declared) {
        return None;
    }
    let name: SmolStr = block.labels().last()?.value().into();
    let (columns, complete) = column_names(block, dialect);
    let scope =
        BlockScope { piece, dialect, columns: &columns, complete, table: &name, each, place: Place::Plain };
    let what = format!("{word} {name:?}");
    let read = notes.read(block, declared.body, &scope, &what);
    let schema = schema_of(&read).unwrap_or_else(|| piece.names.default_schema.clone());
    notes.own = (schema.clone(), name.clone());
    let table = Table { schema: schema.clone(), name: name.clone(), ..Table::default() };
    let mut part = Part::default();
    let ranges = Ranges { name: block_name_range(block), ..Ranges::default() };
    part.add(super::path(word, schema, name.clone()), block.range(), ranges.name);
    let mut reader = Reader { notes, scope, dialect, table, part, ranges, keys: Vec::new() };
    reader.table(block, &read, &what);
    reader.foreign_keys();
    reader.duplicates();
    dialect.decode.canonical_table(&mut reader.table);
    reader.rules();
    let body = read.string("as").unwrap_or_default().to_owned();
    Some(Decoded { table: reader.table, body, part: reader.part })
}

/// The final name of the schema an object says it is in.
pub(super) fn schema_of(read: &Read) -> Option<SmolStr> {
    match &read.get("schema")?.value {
        Value::Reference(reference) => reference.name().map(SmolStr::from),
        _ => None,
    }
}

struct Reader<'a, 'n> {
    notes: &'a mut Notes<'n>,
    scope: BlockScope<'a>,
    dialect: &'static Dialect,
    table: Table,
    part: Part,
    ranges: Ranges,
    keys: Vec<KeyText>,
}

/// A foreign key and where it is.
struct KeyText {
    key: ForeignKey,
    /// The number a key without a name is known by.
    number: Option<usize>,
    name: TextRange,
    range: TextRange,
}

impl Reader<'_, '_> {
    fn table(&mut self, block: &Block, read: &Read, what: &str) {
        self.table.comment = read.string("comment").map(str::to_owned);
        self.table.depends_on = depends_on(read);
        self.table.attrs = self.attrs(
            block,
            read,
            &[
                "schema",
                "comment",
                "depends_on",
                "for_each",
                "as",
                "column",
                "primary_key",
                "foreign_key",
                "index",
                "unique",
                "exclude",
                "check",
            ],
            what,
        );
        self.ranges.attributes = attribute_ranges(read);
        for (spec, block) in &read.blocks {
            match spec.name {
                "column" => self.column(spec, block),
                "primary_key" => self.primary_key(spec, block),
                "foreign_key" => self.foreign_key(spec, block),
                "index" => self.index(spec, block, Key::Index),
                "unique" => self.index(spec, block, Key::UniqueConstraint),
                "exclude" => self.index(spec, block, Key::Exclusion),
                "check" => self.check(spec, block),
                // What only the dialect knows is among the attributes.
                _ => {}
            }
        }
    }

    /// What only the dialect understands in a block of the table, and what the block's object was called before.
    fn attrs(&mut self, block: &Block, read: &Read, known: &[&str], what: &str) -> Attrs {
        let (schema, table) = (self.table.schema.clone(), self.table.name.clone());
        let own = Own { schema: &schema, table: &table };
        let mut attrs = attrs::attrs(self.notes, read, &self.scope, own, known, what);
        if let Some(name) = attrs::renamed_from(self.notes, block)
            && attrs.get(&RENAMED_FROM).is_none()
        {
            attrs.set(&RENAMED_FROM, name);
        }
        attrs
    }

    fn what(&self, kind: &str, name: &str) -> String {
        format!("{kind} {name:?} of table {:?}", self.table.name)
    }

    fn column(&mut self, spec: &'static spec::Block, block: &Block) {
        let Some(label) = block.labels().next() else { return };
        let name: SmolStr = label.value().into();
        let what = self.what("column", &name);
        let read = self.notes.read(block, spec.body, &self.scope, &what);
        let ty = read.get("type").and_then(|attribute| column_type(self.notes, attribute, self.dialect));
        let (ty, raw_type) = ty.unzip();
        let ty = ty.map(|ty| declared_type(ty, &self.table.schema, &self.scope));
        let column_attrs =
            self.attrs(block, &read, &["null", "type", "default", "unsigned", "comment", "as"], &what);
        let mut column = Column {
            name: name.clone(),
            ty,
            raw_type: raw_type.unwrap_or_default(),
            nullable: read.bool("null").unwrap_or(false),
            default: None,
            generated: None,
            comment: read.string("comment").map(str::to_owned),
            attrs: column_attrs,
        };
        if read.bool("unsigned") == Some(true)
            && read.get("unsigned").is_some_and(|attribute| attribute.spec.status == Status::Executed)
            && let Some(ty) = &mut column.ty
        {
            ty.unsigned = true;
        }
        let mut ranges = attribute_ranges(&read);
        let class = column.ty.as_ref().map(|ty| ty.class);
        if let Some(attribute) = read.get("default") {
            column.default = default_of(&attribute.value, class, self.dialect);
        }
        if let Some(default) = read.blocks("default").next() {
            let inner = self.named(spec, "default", default, &what);
            if let Some((attribute, inner)) = inner.as_ref().and_then(|inner| Some((inner.get("as")?, inner)))
            {
                column.default = default_of(&attribute.value, class, self.dialect);
                ranges.extend(inner.range("as").map(|range| ("default", range)));
            }
        }
        if let Some(expr) = read.string("as") {
            let storage = self.dialect.decode.generated_storage();
            column.generated = Some(Generated { expr: Expr(expr.trim().to_owned()), storage });
        }
        if let Some(generated) = read.blocks("as").next()
            && let Some(inner) = self.named(spec, "as", generated, &what)
            && let Some(expr) = inner.string("expr")
        {
            let storage = match inner.string("type") {
                None => self.dialect.decode.generated_storage(),
                // `PERSISTENT` is MariaDB's word for it.
                Some("STORED" | "PERSISTENT") => Storage::Stored,
                Some(_) => Storage::Virtual,
            };
            column.generated = Some(Generated { expr: Expr(expr.trim().to_owned()), storage });
        }
        if let Some(default) = &column.default
            && let Some(message) = self.dialect.decode.check_default(&column, default)
            && let Some((_, range)) = ranges.iter().find(|(name, _)| *name == "default")
        {
            self.notes.push(Diagnostic::warning(*range, "default-type", message), Words::Message);
        }
        self.add_path(block, label.value_range(), |schema, table| ObjectPath::Column {
            schema,
            table,
            column: name,
        });
        self.ranges.columns.push((label.value_range(), ranges));
        self.table.columns.push(column);
    }

    /// Reads a block inside a column.
    fn named(&mut self, spec: &'static spec::Block, name: &str, block: &Block, what: &str) -> Option<Read> {
        let inner = spec.body.block(name)?;
        Some(self.notes.read(block, inner.body, &self.scope, &format!("{name:?} of {what}")))
    }

    fn primary_key(&mut self, spec: &'static spec::Block, block: &Block) {
        let what = format!("primary key of table {:?}", self.table.name);
        let read = self.notes.read(block, spec.body, &self.scope, &what);
        self.ranges.primary_key = read.range("columns").unwrap_or_else(|| header_range(block));
        let range = header_range(block);
        self.add_path(block, range, |schema, table| ObjectPath::PrimaryKey { schema, table });
        if read.get("columns").is_none() && read.blocks("on").next().is_none() {
            return;
        }
        let Some(parts) = self.parts(spec, &read, &what) else { return };
        if parts.is_empty() {
            let at = self.ranges.primary_key;
            self.notes.error(at, hcl::code::MISSING_ATTRIBUTE, format!("{what} has no columns"));
            return;
        }
        let comment = read.string("comment").map(str::to_owned);
        let attrs = self.attrs(block, &read, &["columns", "comment", "on"], &what);
        let label = block.labels().next().map(|label| SmolStr::from(label.value()));
        let name = label.filter(|_| self.dialect.decode.names_primary_keys());
        self.table.primary_key = Some(PrimaryKey { name, parts, comment, attrs });
    }

    /// The columns of this table a list names; `None` when one of them is a mistake, or the attribute is not there.
    fn own_columns(&mut self, read: &Read, attribute: &str, what: &str) -> Option<Vec<SmolStr>> {
        let list = read.get(attribute)?;
        let mut columns: Vec<SmolStr> = Vec::new();
        let mut complete = list.value.elements().is_some();
        for (value, range) in &list.elements {
            let Some(target) = self.column_target(value) else {
                complete = false;
                continue;
            };
            if target.table.as_ref().is_some_and(|(_, table)| *table != self.table.name) {
                let message = format!(
                    "{what} must use columns of table {:?}, {:?} is of another",
                    self.table.name, target.column
                );
                let atlas = format!(
                    "cannot convert table {:?}: column {:?} was not found in table {}",
                    self.table.name, target.column, self.table.name
                );
                self.notes.sentence(*range, "wrong-table", message, atlas);
                complete = false;
                continue;
            }
            if columns.contains(&target.column) {
                let message = format!("column {:?} is twice in {what}", target.column);
                self.notes.error(*range, DUPLICATE, message);
                complete = false;
                continue;
            }
            columns.push(target.column);
        }
        complete.then_some(columns)
    }

    /// The column a reference leads to.
    fn column_target(&self, value: &Value) -> Option<ColumnTarget> {
        let Value::Reference(reference) = value else { return None };
        column_target(reference)
    }

    fn foreign_key(&mut self, spec: &'static spec::Block, block: &Block) {
        let Some(label) = block.labels().next() else { return };
        let label_text = label.value();
        let what = self.what("foreign key", &label_text);
        let read = self.notes.read(block, spec.body, &self.scope, &what);
        let before = self.notes.notes.len();
        let columns = self.own_columns(&read, "columns", &what);
        let mut targets: Vec<ColumnTarget> = Vec::new();
        let mut complete = true;
        let refs = read.get("ref_columns");
        for (value, range) in refs.map_or(&[][..], |list| &list.elements) {
            let Some(target) = self.column_target(value) else {
                complete = false;
                continue;
            };
            if let Some(first) = targets.first()
                && first.table != target.table
            {
                let message = format!("{what} refers to more than one table");
                let atlas =
                    format!("sqlspec: more than 1 table was referenced for foreign-key {label_text:?}");
                self.notes.sentence(*range, FOREIGN_KEY, message, atlas);
                complete = false;
                break;
            }
            targets.push(target);
        }
        if let (Some(list), Some(own)) = (refs, read.get("columns"))
            && complete
            && list.value.elements().is_some()
            && own.value.elements().is_some()
            && self.notes.notes.len() == before
            && list.elements.len() != own.elements.len()
        {
            let (from, to) = (own.elements.len(), list.elements.len());
            let noun = if from == 1 { "column" } else { "columns" };
            let message = format!("{what} has {from} {noun} and refers to {to}, they must be as many");
            let atlas = format!(
                "sqlspec: number of referencing and referenced columns do not match for foreign-key {label_text:?}"
            );
            self.notes.sentence(list.value_range, FOREIGN_KEY, message, atlas);
            complete = false;
        }
        let name = self.dialect.decode.foreign_key_name(&label_text);
        let (Some(columns), Some(first)) = (columns, targets.first()) else { return };
        if !complete || columns.is_empty() {
            return;
        }
        let attrs = self.attrs(block, &read, &["columns", "ref_columns", "on_update", "on_delete"], &what);
        let (ref_schema, ref_table) =
            first.table.clone().unwrap_or_else(|| (SmolStr::default(), self.table.name.clone()));
        let ref_schema = if ref_schema == self.table.schema { SmolStr::default() } else { ref_schema };
        let key = ForeignKey {
            name,
            columns,
            ref_schema,
            ref_table,
            ref_columns: targets.into_iter().map(|target| target.column).collect(),
            on_update: read.string("on_update").and_then(ReferenceAction::parse),
            on_delete: read.string("on_delete").and_then(ReferenceAction::parse),
            attrs,
        };
        // The catalog counts from the last key, so a number says how many come after.
        let number = label_text.parse().ok().filter(|_| key.name.is_none());
        self.keys.push(KeyText { key, number, name: label.value_range(), range: block.range() });
    }

    /// Puts the foreign keys in the order of the catalog: numbered ones where their number says, the others around
    /// them as they were written.
    fn foreign_keys(&mut self) {
        let keys = std::mem::take(&mut self.keys);
        let count = keys.len();
        let mut slots: Vec<Option<KeyText>> = Vec::new();
        slots.resize_with(count, || None);
        let mut rest = Vec::new();
        for key in keys {
            let slot = key
                .number
                .and_then(|number: usize| count.checked_sub(number + 1))
                .and_then(|at| slots.get_mut(at));
            match slot {
                Some(slot @ None) => *slot = Some(key),
                _ => rest.push(key),
            }
        }
        let mut rest = rest.into_iter();
        for (at, slot) in slots.into_iter().enumerate() {
            let Some(text) = slot.or_else(|| rest.next()) else { continue };
            let key = text.key.name.clone().unwrap_or_else(|| format!("#{at}").into());
            let (schema, table) = (self.table.schema.clone(), self.table.name.clone());
            self.part.add(ObjectPath::ForeignKey { schema, table, key }, text.range, text.name);
            self.ranges.foreign_keys.push(text.name);
            self.table.foreign_keys.push(text.key);
        }
    }

    /// The parts of an index or key: its columns, or its `on` blocks; `None` when one of them is a mistake.
    fn parts(&mut self, spec: &'static spec::Block, read: &Read, what: &str) -> Option<Vec<IndexPart>> {
        let mut parts: Option<Vec<IndexPart>> = Some(Vec::new());
        if read.get("columns").is_some() {
            let columns = self.own_columns(read, "columns", what);
            parts = columns.map(|columns| columns.into_iter().map(IndexPart::column).collect());
        }
        if let Some(on) = spec.body.block("on") {
            for inner in read.blocks("on") {
                let part = self.index_part(on, inner, what);
                match (&mut parts, part) {
                    (Some(parts), Some(part)) => parts.push(part),
                    _ => parts = None,
                }
            }
        }
        parts
    }

    fn index(&mut self, spec: &'static spec::Block, block: &Block, key: Key) {
        let Some(label) = block.labels().next() else { return };
        let name: SmolStr = label.value().into();
        let what = match key {
            Key::Index => self.what("index", &name),
            Key::UniqueConstraint => self.what("unique constraint", &name),
            Key::Exclusion => self.what("exclusion constraint", &name),
        };
        let read = self.notes.read(block, spec.body, &self.scope, &what);
        let parts = self.parts(spec, &read, &what);
        let attrs = self.attrs(block, &read, &["unique", "columns", "where", "comment", "on"], &what);
        let path = name.clone();
        self.add_path(block, label.value_range(), |schema, table| ObjectPath::Index {
            schema,
            table,
            index: path,
        });
        let Some(parts) = parts else { return };
        if parts.is_empty() {
            if let Some(columns) = read
                .range("columns")
                .filter(|_| read.get("columns").is_some_and(|list| list.elements.is_empty()))
            {
                let atlas = format!("missing definition for index {name:?}");
                self.notes.sentence(
                    columns,
                    hcl::code::MISSING_ATTRIBUTE,
                    format!("{what} has no columns"),
                    atlas,
                );
            }
            return;
        }
        self.ranges.indexes.push(label.value_range());
        self.table.indexes.push(Index {
            name,
            unique: key == Key::UniqueConstraint || read.bool("unique").unwrap_or(false),
            parts,
            predicate: read.string("where").map(|text| Expr(text.trim().to_owned())),
            comment: read.string("comment").map(str::to_owned),
            key,
            attrs,
        });
    }

    fn index_part(&mut self, spec: &'static spec::Block, block: &Block, what: &str) -> Option<IndexPart> {
        let read = self.notes.read(block, spec.body, &self.scope, &format!("\"on\" of {what}"));
        let mut part = if let Some(expr) = read.string("expr") {
            IndexPart::expr(expr.trim())
        } else {
            let attribute = read.get("column")?;
            let target = self.column_target(&attribute.value)?;
            if target.table.as_ref().is_some_and(|(_, table)| *table != self.table.name) {
                let message = format!(
                    "{what} must use columns of table {:?}, {:?} is of another",
                    self.table.name, target.column
                );
                self.notes.error(attribute.value_range, "wrong-table", message);
                return None;
            }
            IndexPart::column(target.column)
        };
        part.desc = read.bool("desc").unwrap_or(false);
        let own = (self.table.schema.clone(), self.table.name.clone());
        let own = Own { schema: &own.0, table: &own.1 };
        part.attrs = attrs::attrs(self.notes, &read, &self.scope, own, &["column", "expr", "desc"], what);
        Some(part)
    }

    fn check(&mut self, spec: &'static spec::Block, block: &Block) {
        let name: Option<SmolStr> = block.labels().next().map(|label| label.value().into());
        let what = match &name {
            Some(name) => self.what("check", name),
            None => format!("check of table {:?}", self.table.name),
        };
        let read = self.notes.read(block, spec.body, &self.scope, &what);
        let key = name.clone().unwrap_or_else(|| format!("#{}", self.table.checks.len()).into());
        let range = block_name_range(block);
        self.add_path(block, range, |schema, table| ObjectPath::Check { schema, table, check: key });
        let Some(expr) = read.string("expr") else { return };
        self.ranges.checks.push(read.range("expr").unwrap_or(range));
        let attrs = self.attrs(block, &read, &["expr"], &what);
        self.table.checks.push(Check { name, expr: Expr(expr.trim().to_owned()), attrs });
    }

    fn add_path(
        &mut self,
        block: &Block,
        name: TextRange,
        path: impl FnOnce(SmolStr, SmolStr) -> ObjectPath,
    ) {
        self.part.add(path(self.table.schema.clone(), self.table.name.clone()), block.range(), name);
    }

    /// Names given twice within the table.
    fn duplicates(&mut self) {
        let hooks = self.dialect.decode;
        let columns: Vec<(SmolStr, TextRange)> = self
            .table
            .columns
            .iter()
            .zip(&self.ranges.columns)
            .map(|(column, (range, _))| (hooks.fold(&column.name), *range))
            .collect();
        self.report_duplicates("column", &columns);
        let indexes: Vec<(SmolStr, TextRange)> = self
            .table
            .indexes
            .iter()
            .zip(&self.ranges.indexes)
            .map(|(index, range)| (hooks.fold(&index.name), *range))
            .collect();
        self.report_duplicates("index", &indexes);
        let keys: Vec<(SmolStr, TextRange)> = self
            .table
            .foreign_keys
            .iter()
            .zip(&self.ranges.foreign_keys)
            .filter_map(|(key, range)| Some((hooks.fold(key.name.as_ref()?), *range)))
            .collect();
        self.report_duplicates("foreign key", &keys);
        let checks: Vec<(SmolStr, TextRange)> = self
            .part
            .entries
            .iter()
            .filter_map(|entry| match &entry.path {
                ObjectPath::Check { check, .. } if !check.starts_with('#') => {
                    Some((hooks.fold(check), entry.name))
                }
                _ => None,
            })
            .collect();
        self.report_duplicates("check", &checks);
    }

    fn report_duplicates(&mut self, kind: &str, names: &[(SmolStr, TextRange)]) {
        let mut seen: FxHashMap<&SmolStr, TextRange> = FxHashMap::default();
        for (name, range) in names {
            let Some(first) = seen.get(name) else {
                seen.insert(name, *range);
                continue;
            };
            let message = format!("{kind} {name:?} is defined twice in table {:?}", self.table.name);
            let mut diagnostic = Diagnostic::error(*range, DUPLICATE, message);
            diagnostic.related.push(Related {
                file: None,
                range: *first,
                message: "first defined here".into(),
            });
            self.notes.push(diagnostic, Words::Message);
        }
    }

    /// What the dialect says about the table as a whole; only when the table was read without a mistake.
    fn rules(&mut self) {
        if self.notes.notes.iter().any(|note| note.diagnostic.severity == text::Severity::Error) {
            return;
        }
        for finding in self.dialect.decode.check(&self.table) {
            let range = self.range_of(&finding.at);
            // The words are the engine's, which begins no message with a capital.
            let words = Words::Placed { summary: finding.message.clone(), detail: String::new() };
            let diagnostic = Diagnostic::new(range, finding.severity, finding.code, finding.message);
            self.notes.push(diagnostic, words);
        }
    }

    fn range_of(&self, at: &At) -> TextRange {
        let of = |attributes: &[(&'static str, TextRange)], name: &str| {
            attributes.iter().find(|(attribute, _)| *attribute == name).map(|(_, range)| *range)
        };
        let found = match at {
            At::Table => None,
            At::TableAttr(name) => of(&self.ranges.attributes, name),
            At::Column(at) => self.ranges.columns.get(*at).map(|(name, _)| *name),
            At::ColumnAttr(at, attribute) => self
                .ranges
                .columns
                .get(*at)
                .map(|(name, attributes)| of(attributes, attribute).unwrap_or(*name)),
            At::PrimaryKey => Some(self.ranges.primary_key),
            At::Index(at) => self.ranges.indexes.get(*at).copied(),
            At::ForeignKey(at) => self.ranges.foreign_keys.get(*at).copied(),
            At::Check(at) => self.ranges.checks.get(*at).copied(),
        };
        found.unwrap_or(self.ranges.name)
    }
}

/// A column and the table it is of; `None` for the enclosing table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnTarget {
    /// Schema and name.
    pub table: Option<(SmolStr, SmolStr)>,
    pub column: SmolStr,
}

/// The column behind a reference as `scope` makes them.
pub(super) fn column_target(reference: &Reference) -> Option<ColumnTarget> {
    let names: Vec<&str> = reference.names().collect();
    match names.as_slice() {
        ["column", column] => Some(ColumnTarget { table: None, column: (*column).into() }),
        [_, schema, table, "column", column] => {
            Some(ColumnTarget { table: Some(((*schema).into(), (*table).into())), column: (*column).into() })
        }
        _ => None,
    }
}

/// The tables and views an object says it needs.
pub(super) fn depends_on(read: &Read) -> Vec<(SmolStr, SmolStr)> {
    let references = read.get("depends_on").map_or(&[][..], |list| &list.elements);
    references
        .iter()
        .filter_map(|(value, _)| match value {
            Value::Reference(reference) => {
                let names: Vec<&str> = reference.names().collect();
                match names.as_slice() {
                    [_, schema, name, ..] => Some((SmolStr::from(*schema), SmolStr::from(*name))),
                    _ => None,
                }
            }
            _ => None,
        })
        .collect()
}

fn attribute_ranges(read: &Read) -> Vec<(&'static str, TextRange)> {
    read.attributes.iter().map(|attribute| (attribute.spec.name, attribute.value_range)).collect()
}
