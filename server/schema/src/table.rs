//! Tables and what is in them.

use smol_str::SmolStr;

use crate::{Attrs, ColumnType};

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub schema: SmolStr,
    pub name: SmolStr,
    pub comment: Option<String>,
    /// In the order of the definition.
    pub columns: Vec<Column>,
    pub primary_key: Option<PrimaryKey>,
    pub indexes: Vec<Index>,
    pub foreign_keys: Vec<ForeignKey>,
    pub checks: Vec<Check>,
    /// Tables and views that must exist first, as `(schema, name)`; written by the user, unknown to a database.
    pub depends_on: Vec<(SmolStr, SmolStr)>,
    pub attrs: Attrs,
}

/// A column of a table or view.
///
/// Two columns are equal when they define the same: how the type was spelt (`raw_type`) does not count.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: SmolStr,
    /// `None` when a file has not said yet, or for a view's column whose type is not derived.
    pub ty: Option<ColumnType>,
    /// The type as its author or the catalog wrote it, before any normalization: `VARCHAR(10)`.
    pub raw_type: String,
    pub nullable: bool,
    pub default: Option<Default>,
    pub generated: Option<Generated>,
    pub comment: Option<String>,
    pub attrs: Attrs,
}

/// A default value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    /// A literal as SQL would read it, unquoted when it is text: `1.5`, `it's`.
    Literal(Literal),
    /// An expression, verbatim.
    Expr(Expr),
}

/// A literal, remembering whether SQL writes it in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// The text without SQL quotes and escapes.
    pub text: String,
    /// Written `'…'` in SQL (or a string in HCL).
    pub quoted: bool,
}

/// A SQL expression, verbatim and without judgement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expr(pub String);

/// The expression of a generated column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    pub expr: Expr,
    pub storage: Storage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    Virtual,
    Stored,
}

/// The primary key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The constraint's name, where a dialect keeps one.
    pub name: Option<SmolStr>,
    pub parts: Vec<IndexPart>,
    pub comment: Option<String>,
    pub attrs: Attrs,
}

/// An index, or a constraint that is kept by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Empty for an unnamed `UNIQUE` of a SQL file whose name the database chooses.
    pub name: SmolStr,
    pub unique: bool,
    pub parts: Vec<IndexPart>,
    /// The condition of a partial index.
    pub predicate: Option<Expr>,
    pub comment: Option<String>,
    /// Whether it stands as its own object or inside `CREATE TABLE`.
    pub key: Key,
    pub attrs: Attrs,
}

/// What an index is in SQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Key {
    /// `CREATE INDEX`.
    #[default]
    Index,
    /// A `UNIQUE` constraint of the table.
    UniqueConstraint,
    /// An `EXCLUDE` constraint of the table.
    Exclusion,
}

/// One part of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexPart {
    pub of: PartOf,
    pub desc: bool,
    pub attrs: Attrs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartOf {
    Column(SmolStr),
    Expr(Expr),
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// `None` when neither file nor database named it.
    pub name: Option<SmolStr>,
    pub columns: Vec<SmolStr>,
    /// The schema of the table referred to; empty means the table's own.
    pub ref_schema: SmolStr,
    pub ref_table: SmolStr,
    pub ref_columns: Vec<SmolStr>,
    pub on_update: Option<ReferenceAction>,
    pub on_delete: Option<ReferenceAction>,
    pub attrs: Attrs,
}

/// What happens to a row whose parent changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceAction {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub name: Option<SmolStr>,
    pub expr: Expr,
    pub attrs: Attrs,
}

impl Table {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The index called `name`.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// The foreign key called `name`.
    pub fn foreign_key(&self, name: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|key| key.name.as_deref() == Some(name))
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        // Taken apart, so that a new field cannot be forgotten.
        let Self { name, ty, raw_type: _, nullable, default, generated, comment, attrs } = self;
        *name == other.name
            && *ty == other.ty
            && *nullable == other.nullable
            && *default == other.default
            && *generated == other.generated
            && *comment == other.comment
            && *attrs == other.attrs
    }
}

impl Eq for Column {}

impl IndexPart {
    /// A part that is a column, ascending.
    pub fn column(name: impl Into<SmolStr>) -> Self {
        Self { of: PartOf::Column(name.into()), desc: false, attrs: Attrs::default() }
    }

    /// A part that is an expression, ascending.
    pub fn expr(text: impl Into<String>) -> Self {
        Self { of: PartOf::Expr(Expr(text.into())), desc: false, attrs: Attrs::default() }
    }

    /// The column, if it is one.
    pub fn column_name(&self) -> Option<&SmolStr> {
        match &self.of {
            PartOf::Column(name) => Some(name),
            PartOf::Expr(_) => None,
        }
    }
}

impl ReferenceAction {
    /// The words SQL uses.
    pub const fn sql(self) -> &'static str {
        match self {
            ReferenceAction::NoAction => "NO ACTION",
            ReferenceAction::Restrict => "RESTRICT",
            ReferenceAction::Cascade => "CASCADE",
            ReferenceAction::SetNull => "SET NULL",
            ReferenceAction::SetDefault => "SET DEFAULT",
        }
    }

    /// Reads the words of SQL or of HCL (`SET NULL`, `set_null`).
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.trim().replace('_', " ").to_ascii_uppercase();
        [Self::NoAction, Self::Restrict, Self::Cascade, Self::SetNull, Self::SetDefault]
            .into_iter()
            .find(|action| action.sql() == words)
    }
}

impl Storage {
    /// The word SQL uses.
    pub const fn sql(self) -> &'static str {
        match self {
            Storage::Virtual => "VIRTUAL",
            Storage::Stored => "STORED",
        }
    }
}
