//! Objects whose body is SQL text: views, triggers, routines.

use smol_str::SmolStr;

use crate::{Attrs, Column, Index};

/// A view, materialized or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub schema: SmolStr,
    pub name: SmolStr,
    pub kind: ViewKind,
    /// The query, verbatim, without `CREATE VIEW … AS`.
    pub body: String,
    /// The columns, as far as they were declared or could be derived from the body.
    pub columns: Vec<Column>,
    /// Of a materialized view.
    pub indexes: Vec<Index>,
    pub comment: Option<String>,
    pub depends_on: Vec<(SmolStr, SmolStr)>,
    pub attrs: Attrs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ViewKind {
    #[default]
    Plain,
    Materialized,
}

/// A trigger of a table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    pub schema: SmolStr,
    pub name: SmolStr,
    /// The table or view it is on.
    pub on: SmolStr,
    /// The statement from `CREATE` on, verbatim: the model compares and re-creates it, and does not look inside.
    pub body: String,
    pub attrs: Attrs,
}

/// A function or procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    pub schema: SmolStr,
    pub name: SmolStr,
    pub kind: RoutineKind,
    /// The statement from `CREATE` on, verbatim.
    pub body: String,
    pub attrs: Attrs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoutineKind {
    Function,
    Procedure,
}
