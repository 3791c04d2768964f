//! Constraints: what they make of a table, and the names they get.

use engine::replay::{Name, Scene, Space};
use rustc_hash::FxHashSet;
use schema::{
    Attrs, Check, Expr, ForeignKey, Index, IndexPart, Key, ObjectPath, PartOf, PrimaryKey, ReferenceAction,
    SmolStr, Table,
};
use syntax::sql::ast::{self, ColumnConstraint, TableConstraint};
use syntax::sql::{SyntaxKind, SyntaxNode};
use text::TextRange;

use super::super::{attr, names};
use super::{Qualified, fold, index, name_of};

/// A constraint as it is written, of a table or of one of its columns.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub name: Option<Name>,
    pub range: TextRange,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    PrimaryKey { parts: Vec<IndexPart>, attrs: Attrs, using: Option<SmolStr> },
    Unique { parts: Vec<IndexPart>, attrs: Attrs, using: Option<SmolStr> },
    Exclude { index: Box<Index> },
    Check { expr: String, columns: Vec<SmolStr>, attrs: Attrs },
    ForeignKey { key: Box<ForeignKey>, table: Qualified, columns: Vec<Name> },
    NotNull { column: Name },
}

/// `[NOT] DEFERRABLE [INITIALLY …]` as an attribute.
pub(super) fn deferrable(clauses: impl Iterator<Item = ast::Deferrable>, attrs: &mut Attrs) {
    let (mut can, mut deferred) = (false, false);
    for clause in clauses {
        if clause.is_not() {
            return;
        }
        can = true;
        deferred |= clause.initially().is_some_and(|word| word == "DEFERRED");
    }
    if can {
        let word = if deferred { "INITIALLY_DEFERRED" } else { "INITIALLY_IMMEDIATE" };
        attrs.set(&attr::DEFERRABLE, word.to_owned());
    }
}

fn flags(words: &[SmolStr], attrs: &mut Attrs) {
    for word in words {
        match word.as_str() {
            "NOT VALID" => attrs.set(&attr::NOT_VALID, true),
            "NO INHERIT" | "INHERIT" => attrs.set(&attr::NO_INHERIT, true),
            "NOT ENFORCED" => attrs.set(&attr::NOT_ENFORCED, true),
            _ => {}
        }
    }
}

/// `INCLUDE`, `NULLS NOT DISTINCT` and storage parameters of an index or a constraint.
fn index_attrs(
    include: Vec<ast::Name>,
    params: Option<Vec<ast::Param>>,
    nulls: Option<ast::NullsDistinct>,
) -> Attrs {
    let mut attrs = Attrs::default();
    if !include.is_empty() {
        attrs.set(&attr::INCLUDE, include.iter().map(|name| fold(name).to_string()).collect());
    }
    if let Some(params) = params {
        index::storage(&params, &mut attrs);
    }
    if nulls.is_some_and(|nulls| nulls.is_not()) {
        attrs.set(&attr::NULLS_DISTINCT, false);
    }
    attrs
}

fn parts_of(columns: Vec<ast::IndexedColumn>) -> Vec<IndexPart> {
    let columns = columns.into_iter().filter_map(|column| column.column());
    columns.map(|name| IndexPart::column(fold(&name))).collect()
}

/// Whether the keyword `word` stands somewhere in `node`.
fn says(node: &SyntaxNode, word: &str) -> bool {
    let tokens = node.descendants_with_tokens().filter_map(|element| element.into_token());
    tokens
        .filter(|token| token.kind() == SyntaxKind::KEYWORD)
        .any(|token| token.text().eq_ignore_ascii_case(word))
}

fn check(node: &ast::Check) -> Option<Kind> {
    let expr = node.expr()?;
    let mut columns: Vec<SmolStr> = Vec::new();
    for column in expr.columns().filter_map(|column| column.name()) {
        let name = fold(&column);
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let mut attrs = Attrs::default();
    flags(&node.attributes(), &mut attrs);
    Some(Kind::Check { expr: expr.text().trim().to_owned(), columns, attrs })
}

fn foreign_key(columns: Vec<SmolStr>, node: &ast::References) -> Option<Kind> {
    let table = node.table()?;
    let action = |found: Option<ast::ReferenceAction>| {
        let word = found.and_then(|action| action.action());
        Some(word.and_then(|word| ReferenceAction::parse(&word)).unwrap_or(ReferenceAction::NoAction))
    };
    let mut attrs = Attrs::default();
    deferrable(node.deferrables(), &mut attrs);
    flags(&node.attributes(), &mut attrs);
    if node.matching().and_then(|clause| clause.name()).is_some_and(|name| name.eq_ignore_case("FULL")) {
        attrs.set(&attr::MATCH, "FULL".to_owned());
    }
    if let Some(delete) = node.on_delete() {
        let set: Vec<String> = delete.columns().iter().map(|name| fold(name).to_string()).collect();
        if !set.is_empty() {
            attrs.set(&attr::ON_DELETE_COLUMNS, set);
        }
    }
    let to: Vec<Name> = node.columns().iter().map(name_of).collect();
    let key = ForeignKey {
        name: None,
        columns,
        ref_schema: SmolStr::default(),
        ref_table: fold(&table.name),
        ref_columns: to.iter().map(|name| name.text.clone()).collect(),
        on_update: action(node.on_update()),
        on_delete: action(node.on_delete()),
        attrs,
    };
    Some(Kind::ForeignKey { key: Box::new(key), table: Qualified::of(&table), columns: to })
}

impl Draft {
    /// The constraint of a table.
    pub fn of_table(node: &TableConstraint) -> Option<Draft> {
        let kind = match node {
            TableConstraint::PrimaryKey(key) => {
                let mut attrs = index_attrs(key.include(), key.params(), None);
                deferrable(key.deferrables(), &mut attrs);
                if says(key.syntax(), "OVERLAPS") {
                    attrs.set(&attr::WITHOUT_OVERLAPS, true);
                }
                let using = key.using_index().map(|name| fold(&name));
                Kind::PrimaryKey { parts: parts_of(key.columns()), attrs, using }
            }
            TableConstraint::Unique(key) => {
                let mut attrs = index_attrs(key.include(), key.params(), key.nulls_distinct());
                deferrable(key.deferrables(), &mut attrs);
                if says(key.syntax(), "OVERLAPS") {
                    attrs.set(&attr::WITHOUT_OVERLAPS, true);
                }
                let using = key.using_index().map(|name| fold(&name));
                Kind::Unique { parts: parts_of(key.columns()), attrs, using }
            }
            TableConstraint::Check(node) => check(node)?,
            TableConstraint::ForeignKey(node) => {
                let mut kind = foreign_key(node.columns().iter().map(fold).collect(), &node.references()?)?;
                if let Kind::ForeignKey { key, .. } = &mut kind {
                    deferrable(node.deferrables(), &mut key.attrs);
                    if says(node.syntax(), "PERIOD") {
                        key.attrs.set(&attr::PERIOD, true);
                    }
                }
                kind
            }
            TableConstraint::Exclude(node) => Kind::Exclude { index: Box::new(exclude(node)) },
            TableConstraint::NotNull(node) => Kind::NotNull { column: name_of(&node.column()?) },
        };
        let name = node.name().as_ref().map(name_of);
        Some(Draft { name, range: node.range(), kind })
    }

    /// The constraint of the column `column`.
    pub fn of_column(node: &ColumnConstraint, column: &SmolStr) -> Option<Draft> {
        let part = || vec![IndexPart::column(column.clone())];
        let kind = match node {
            ColumnConstraint::PrimaryKey(key) => {
                let mut attrs = index_attrs(key.include(), key.params(), None);
                deferrable(key.deferrables(), &mut attrs);
                Kind::PrimaryKey { parts: part(), attrs, using: None }
            }
            ColumnConstraint::Unique(key) => {
                let mut attrs = index_attrs(key.include(), key.params(), key.nulls_distinct());
                deferrable(key.deferrables(), &mut attrs);
                Kind::Unique { parts: part(), attrs, using: None }
            }
            ColumnConstraint::Check(node) => check(node)?,
            ColumnConstraint::References(node) => foreign_key(vec![column.clone()], node)?,
            _ => return None,
        };
        let name = node.name().as_ref().map(name_of);
        Some(Draft { name, range: node.range(), kind })
    }

    /// The name it has, or gets on a table where `names` are used.
    pub fn name(&self, table: &Table, taken: &dyn Fn(&str) -> bool) -> SmolStr {
        if let Some(name) = &self.name {
            return name.text.clone();
        }
        let of =
            |columns: &[&str], label: &str| SmolStr::from(names::implied(&table.name, columns, label, taken));
        match &self.kind {
            Kind::PrimaryKey { using: Some(name), .. } | Kind::Unique { using: Some(name), .. } => {
                name.clone()
            }
            Kind::PrimaryKey { .. } => of(&[], "pkey"),
            Kind::Unique { parts, attrs, .. } => {
                let include = attrs.get(&attr::INCLUDE).unwrap_or_default();
                let columns = index::column_words(parts).into_iter().chain(include).collect::<Vec<_>>();
                of(&columns.iter().map(String::as_str).collect::<Vec<_>>(), "key")
            }
            Kind::Exclude { index } => {
                let columns = index::column_words(&index.parts);
                of(&columns.iter().map(String::as_str).collect::<Vec<_>>(), "excl")
            }
            Kind::Check { columns, .. } => {
                let own: Vec<&str> =
                    columns.iter().map(SmolStr::as_str).filter(|name| table.column(name).is_some()).collect();
                if let [one] = own[..] { of(&[one], "check") } else { of(&[], "check") }
            }
            Kind::ForeignKey { key, .. } => {
                of(&key.columns.iter().map(SmolStr::as_str).collect::<Vec<_>>(), "fkey")
            }
            Kind::NotNull { column } => of(&[&column.text], "not_null"),
        }
    }

    /// Whether it makes an index, whose name is among those of the relations of the schema.
    pub fn has_index(&self) -> bool {
        matches!(self.kind, Kind::PrimaryKey { .. } | Kind::Unique { .. } | Kind::Exclude { .. })
    }

    /// Adds it to `table` as `name`; where it is for the table's origin.
    pub fn add(&self, table: &mut Table, name: SmolStr) -> Option<ObjectPath> {
        let (schema, of) = (table.schema.clone(), table.name.clone());
        match &self.kind {
            Kind::PrimaryKey { parts, attrs, using } => {
                let (mut parts, mut attrs) = (parts.clone(), attrs.clone());
                if let Some(index) = using.as_ref().and_then(|using| take_index(table, using)) {
                    parts = index.parts;
                    attrs = index.attrs;
                }
                for part in &parts {
                    if let Some(column) = part.column_name()
                        && let Some(column) = table.columns.iter_mut().find(|known| known.name == *column)
                    {
                        column.nullable = false;
                    }
                }
                let usual = names::implied(&of, &[], "pkey", |_| false);
                let name = (name != usual.as_str()).then_some(name);
                table.primary_key = Some(PrimaryKey { name, parts, comment: None, attrs });
                Some(ObjectPath::PrimaryKey { schema, table: of })
            }
            Kind::Unique { parts, attrs, using } => {
                let (mut parts, mut attrs) = (parts.clone(), attrs.clone());
                let mut comment = None;
                if let Some(index) = using.as_ref().and_then(|using| take_index(table, using)) {
                    parts = index.parts;
                    attrs = index.attrs;
                    comment = index.comment;
                }
                let index = Index {
                    name: name.clone(),
                    unique: true,
                    parts,
                    predicate: None,
                    comment,
                    key: Key::UniqueConstraint,
                    attrs,
                };
                add_index(table, index);
                Some(ObjectPath::Index { schema, table: of, index: name })
            }
            Kind::Exclude { index } => {
                add_index(table, Index { name: name.clone(), ..(**index).clone() });
                Some(ObjectPath::Index { schema, table: of, index: name })
            }
            Kind::Check { expr, attrs, .. } => {
                table.checks.push(Check {
                    name: Some(name.clone()),
                    expr: Expr(expr.clone()),
                    attrs: attrs.clone(),
                });
                table.checks.sort_by(|a, b| a.name.cmp(&b.name));
                Some(ObjectPath::Check { schema, table: of, check: name })
            }
            Kind::ForeignKey { key, .. } => {
                table.foreign_keys.push(ForeignKey { name: Some(name.clone()), ..(**key).clone() });
                table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
                Some(ObjectPath::ForeignKey { schema, table: of, key: name })
            }
            Kind::NotNull { column } => {
                if let Some(column) = table.columns.iter_mut().find(|known| known.name == column.text) {
                    column.nullable = false;
                }
                None
            }
        }
    }

    /// The same with what a foreign key refers to found: its schema, and the columns of the primary key where none are
    /// named. `None` when the table is not there.
    pub fn resolved(&self, scene: &mut Scene<'_, '_>, own: &Table) -> Option<Draft> {
        let Kind::ForeignKey { key, table, columns } = &self.kind else { return Some(self.clone()) };
        let id = scene.find(Space::Relation, table.schema(), table.text());
        let found = id.and_then(|id| scene.table(id));
        let itself = table.text() == &own.name && table.schema().is_none_or(|schema| schema == own.schema);
        let target = match (&found, itself) {
            (None, true) => own.clone(),
            (Some(found), _) => (**found).clone(),
            (None, false) => {
                if id.is_none() {
                    scene.missing("table", Space::Relation, &table.name);
                }
                let mut key = key.clone();
                key.ref_schema =
                    table.schema().filter(|schema| *schema != own.schema).unwrap_or_default().into();
                let kind = Kind::ForeignKey { key, table: table.clone(), columns: columns.clone() };
                return Some(Draft { kind, ..self.clone() });
            }
        };
        let mut key = key.clone();
        key.ref_schema = if target.schema == own.schema { SmolStr::default() } else { target.schema.clone() };
        if key.ref_columns.is_empty() {
            let parts = target.primary_key.iter().flat_map(|key| &key.parts);
            key.ref_columns = parts.filter_map(|part| part.column_name().cloned()).collect();
        } else if id.is_none_or(|id| scene.is_complete(id)) {
            for column in columns {
                if target.column(&column.text).is_none() {
                    scene.missing_column(&target, column);
                }
            }
        }
        let kind = Kind::ForeignKey { key, table: table.clone(), columns: Vec::new() };
        Some(Draft { kind, ..self.clone() })
    }
}

/// The index that a constraint takes over.
fn take_index(table: &mut Table, name: &str) -> Option<Index> {
    let at = table.indexes.iter().position(|index| index.name == name)?;
    Some(table.indexes.remove(at))
}

/// Indexes are in the order of their names.
pub(super) fn add_index(table: &mut Table, index: Index) {
    let at = table.indexes.partition_point(|known| known.name < index.name);
    table.indexes.insert(at, index);
}

fn exclude(node: &ast::Exclude) -> Index {
    let mut attrs = index_attrs(node.include(), node.params(), None);
    deferrable(node.deferrables(), &mut attrs);
    let method = node.method().map_or_else(|| "BTREE".to_owned(), |name| name.text.to_uppercase());
    if method != "BTREE" {
        attrs.set(&attr::TYPE, method);
    }
    let parts = node.columns().into_iter().filter_map(|column| {
        let mut part = index::part(&column)?;
        if let Some(operator) = column.operator() {
            part.attrs.set(&attr::OP, operator);
        }
        Some(part)
    });
    Index {
        name: SmolStr::default(),
        unique: false,
        parts: parts.collect(),
        predicate: node.predicate().map(|expr| Expr(expr.text().trim().to_owned())),
        comment: None,
        key: Key::Exclusion,
        attrs,
    }
}

/// Adds `drafts` to `table`, with names that nothing else has.
pub(super) fn add_all(
    table: &mut Table,
    drafts: &[Draft],
    taken: &dyn Fn(&str) -> bool,
) -> Vec<(ObjectPath, TextRange, TextRange)> {
    let mut used: FxHashSet<SmolStr> = FxHashSet::default();
    used.extend(table.indexes.iter().map(|index| index.name.clone()));
    used.extend(table.checks.iter().filter_map(|check| check.name.clone()));
    used.extend(table.foreign_keys.iter().filter_map(|key| key.name.clone()));
    used.extend(drafts.iter().filter_map(|draft| draft.name.as_ref().map(|name| name.text.clone())));
    let mut out = Vec::new();
    // The server makes checks first, then what has an index, then foreign keys.
    let order = |draft: &Draft| match draft.kind {
        Kind::NotNull { .. } | Kind::Check { .. } => 0,
        Kind::PrimaryKey { .. } => 1,
        Kind::Unique { .. } | Kind::Exclude { .. } => 2,
        Kind::ForeignKey { .. } => 3,
    };
    let mut sorted: Vec<&Draft> = drafts.iter().collect();
    sorted.sort_by_key(|draft| order(draft));
    for draft in sorted {
        // One unique constraint written twice is one.
        if let Kind::Unique { parts, using: None, .. } = &draft.kind
            && draft.name.is_none()
            && is_repeated(table, parts)
        {
            continue;
        }
        let name = draft.name(table, &|name| used.contains(name) || (draft.has_index() && taken(name)));
        used.insert(name.clone());
        if let Some(path) = draft.add(table, name) {
            let at = draft.name.as_ref().map_or(draft.range, |name| name.range);
            out.push((path, draft.range, at));
        }
    }
    out
}

/// Whether the statement itself already makes a unique index of these columns.
///
/// Source: PostgreSQL 15, `transformIndexConstraints`.
fn is_repeated(table: &Table, parts: &[IndexPart]) -> bool {
    let same = |known: &[IndexPart]| {
        known.len() == parts.len()
            && known
                .iter()
                .zip(parts)
                .all(|(a, b)| matches!((&a.of, &b.of), (PartOf::Column(a), PartOf::Column(b)) if a == b))
    };
    table.primary_key.as_ref().is_some_and(|key| same(&key.parts))
        || table.indexes.iter().any(|index| index.key == Key::UniqueConstraint && same(&index.parts))
}
