//! Tables made in few words, for tests.

use schema::{
    Attrs, Check, Column, Default, Expr, ForeignKey, Generated, Index, IndexPart, Key, Literal, PrimaryKey,
    ReferenceAction, SmolStr, Storage, Table,
};

/// A table in the making.
#[derive(Clone, Debug)]
pub struct Make {
    pub table: Table,
    parse: fn(&str) -> schema::ColumnType,
}

impl Make {
    /// A table without anything, whose types are read by `parse`.
    pub fn new(schema: &str, name: &str, parse: fn(&str) -> schema::ColumnType) -> Self {
        Self { table: Table { schema: schema.into(), name: name.into(), ..Table::default() }, parse }
    }

    fn push(mut self, name: &str, ty: &str, nullable: bool) -> Self {
        self.table.columns.push(Column {
            name: name.into(),
            ty: Some((self.parse)(ty)),
            raw_type: ty.to_string(),
            nullable,
            default: None,
            generated: None,
            comment: None,
            attrs: Attrs::default(),
        });
        self
    }

    /// A column that is not null.
    pub fn col(self, name: &str, ty: &str) -> Self {
        self.push(name, ty, false)
    }

    /// A column that may be null.
    pub fn null(self, name: &str, ty: &str) -> Self {
        self.push(name, ty, true)
    }

    /// Changes the last column.
    pub fn but(mut self, change: impl FnOnce(&mut Column)) -> Self {
        if let Some(column) = self.table.columns.last_mut() {
            change(column);
        }
        self
    }

    /// The last column's default: text.
    pub fn text(self, text: &str) -> Self {
        let literal = Literal { text: text.to_string(), quoted: true };
        self.but(|column| column.default = Some(Default::Literal(literal)))
    }

    /// The last column's default: a number or the like.
    pub fn value(self, text: &str) -> Self {
        let literal = Literal { text: text.to_string(), quoted: false };
        self.but(|column| column.default = Some(Default::Literal(literal)))
    }

    /// The last column's default: an expression.
    pub fn expr(self, text: &str) -> Self {
        self.but(|column| column.default = Some(Default::Expr(Expr(text.to_string()))))
    }

    /// The last column is generated.
    pub fn generated(self, expr: &str, storage: Storage) -> Self {
        self.but(|column| column.generated = Some(Generated { expr: Expr(expr.to_string()), storage }))
    }

    pub fn pk(mut self, columns: &[&str]) -> Self {
        self.table.primary_key = Some(PrimaryKey {
            name: None,
            parts: columns.iter().map(|name| IndexPart::column(*name)).collect(),
            comment: None,
            attrs: Attrs::default(),
        });
        self
    }

    pub fn parts(mut self, name: &str, unique: bool, parts: Vec<IndexPart>) -> Self {
        self.table.indexes.push(Index {
            name: name.into(),
            unique,
            parts,
            predicate: None,
            comment: None,
            key: Key::Index,
            attrs: Attrs::default(),
        });
        self
    }

    pub fn index(self, name: &str, columns: &[&str]) -> Self {
        self.parts(name, false, columns.iter().map(|name| IndexPart::column(*name)).collect())
    }

    pub fn unique(self, name: &str, columns: &[&str]) -> Self {
        self.parts(name, true, columns.iter().map(|name| IndexPart::column(*name)).collect())
    }

    /// Changes the last index.
    pub fn index_but(mut self, change: impl FnOnce(&mut Index)) -> Self {
        if let Some(index) = self.table.indexes.last_mut() {
            change(index);
        }
        self
    }

    /// A foreign key with what happens when the parent's row goes; nothing happens when it changes.
    pub fn fk(
        mut self,
        name: &str,
        columns: &[&str],
        parent: (&str, &[&str]),
        update: ReferenceAction,
        delete: ReferenceAction,
    ) -> Self {
        let names = |names: &[&str]| names.iter().map(|name| SmolStr::from(*name)).collect();
        self.table.foreign_keys.push(ForeignKey {
            name: Some(name.into()),
            columns: names(columns),
            ref_schema: SmolStr::default(),
            ref_table: parent.0.into(),
            ref_columns: names(parent.1),
            on_update: Some(update),
            on_delete: Some(delete),
            attrs: Attrs::default(),
        });
        self
    }

    pub fn check(mut self, name: &str, expr: &str) -> Self {
        self.table.checks.push(Check {
            name: Some(name.into()),
            expr: Expr(expr.to_string()),
            attrs: Attrs::default(),
        });
        self
    }

    /// Changes the table.
    pub fn with(mut self, change: impl FnOnce(&mut Table)) -> Self {
        change(&mut self.table);
        self
    }
}
