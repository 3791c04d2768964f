//! How an object is named from outside: by names only.

use std::fmt;

use smol_str::SmolStr;

/// The name of any object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectPath {
    Schema(SmolStr),
    Table {
        schema: SmolStr,
        table: SmolStr,
    },
    Column {
        schema: SmolStr,
        table: SmolStr,
        column: SmolStr,
    },
    PrimaryKey {
        schema: SmolStr,
        table: SmolStr,
    },
    Index {
        schema: SmolStr,
        table: SmolStr,
        index: SmolStr,
    },
    /// A foreign key without a name is known by its place among the table's foreign keys: `#0`.
    ForeignKey {
        schema: SmolStr,
        table: SmolStr,
        key: SmolStr,
    },
    /// A check without a name is known by its place among the table's checks: `#0`.
    Check {
        schema: SmolStr,
        table: SmolStr,
        check: SmolStr,
    },
    View {
        schema: SmolStr,
        view: SmolStr,
    },
    Trigger {
        schema: SmolStr,
        trigger: SmolStr,
    },
    Routine {
        schema: SmolStr,
        routine: SmolStr,
    },
    Object {
        schema: SmolStr,
        kind: &'static str,
        name: SmolStr,
    },
}

impl ObjectPath {
    /// Makes this the same path in another table; what is neither a table nor in one stays.
    pub fn move_to_table(&mut self, to_schema: &SmolStr, to: &SmolStr) {
        use ObjectPath::*;
        match self {
            Table { schema, table }
            | Column { schema, table, .. }
            | PrimaryKey { schema, table }
            | Index { schema, table, .. }
            | ForeignKey { schema, table, .. }
            | Check { schema, table, .. } => {
                schema.clone_from(to_schema);
                table.clone_from(to);
            }
            _ => {}
        }
    }

    /// The object this one lies in: a column's table, a table's schema.
    pub fn parent(&self) -> Option<ObjectPath> {
        use ObjectPath::*;
        match self {
            Schema(_) => None,
            Table { schema, .. }
            | View { schema, .. }
            | Trigger { schema, .. }
            | Routine { schema, .. }
            | Object { schema, .. } => Some(Schema(schema.clone())),
            Column { schema, table, .. }
            | PrimaryKey { schema, table }
            | Index { schema, table, .. }
            | ForeignKey { schema, table, .. }
            | Check { schema, table, .. } => Some(Table { schema: schema.clone(), table: table.clone() }),
        }
    }

    /// The field's word for the kind of object: `table`, `foreign key`.
    pub fn kind(&self) -> &'static str {
        match self {
            ObjectPath::Schema(_) => "schema",
            ObjectPath::Table { .. } => "table",
            ObjectPath::Column { .. } => "column",
            ObjectPath::PrimaryKey { .. } => "primary key",
            ObjectPath::Index { .. } => "index",
            ObjectPath::ForeignKey { .. } => "foreign key",
            ObjectPath::Check { .. } => "check",
            ObjectPath::View { .. } => "view",
            ObjectPath::Trigger { .. } => "trigger",
            ObjectPath::Routine { .. } => "routine",
            ObjectPath::Object { kind, .. } => kind,
        }
    }

    /// The object's own name; empty for a primary key.
    pub fn name(&self) -> &str {
        match self {
            ObjectPath::Schema(name) => name,
            ObjectPath::Table { table: name, .. }
            | ObjectPath::Column { column: name, .. }
            | ObjectPath::Index { index: name, .. }
            | ObjectPath::ForeignKey { key: name, .. }
            | ObjectPath::Check { check: name, .. }
            | ObjectPath::View { view: name, .. }
            | ObjectPath::Trigger { trigger: name, .. }
            | ObjectPath::Routine { routine: name, .. }
            | ObjectPath::Object { name, .. } => name,
            ObjectPath::PrimaryKey { .. } => "",
        }
    }
}

/// `column "age" of table "users"`: the form messages use.
impl fmt::Display for ObjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectPath::PrimaryKey { table, .. } => write!(f, "primary key of table {table:?}"),
            ObjectPath::Column { table, .. }
            | ObjectPath::Index { table, .. }
            | ObjectPath::ForeignKey { table, .. }
            | ObjectPath::Check { table, .. } => {
                write!(f, "{} {:?} of table {table:?}", self.kind(), self.name())
            }
            _ => write!(f, "{} {:?}", self.kind(), self.name()),
        }
    }
}
