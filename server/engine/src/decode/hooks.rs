//! What a schema file means in one dialect, as far as the table of its grammar cannot say.
//!
//! The attributes of a dialect need nothing here: every `bool`, `int`, `string` and list attribute the grammar
//! declares for a table, column, index and so on, and that the decoder does not know by itself, becomes an attribute
//! of the same name in the model, and is printed back.

use schema::{Class, Column, Default, SmolStr, Table, Trigger};
use text::{Code, Severity};

/// A dialect's say in decoding and encoding HCL.
pub trait Hooks: Sync {
    /// The name of the foreign key labelled `label`; `None` when the label stands for a key without name.
    fn foreign_key_name(&self, label: &str) -> Option<SmolStr> {
        Some(label.into())
    }

    /// The form in which two spellings of one name are equal.
    fn fold(&self, name: &str) -> SmolStr {
        name.into()
    }

    /// Whether two tables of one schema cannot have indexes of the same name.
    fn index_names_are_global(&self) -> bool {
        false
    }

    /// What `table` breaks that the database would refuse. One mistake gives one finding.
    fn check(&self, table: &Table) -> Vec<Finding> {
        let _ = table;
        Vec::new()
    }

    /// What is wrong with the written default of `column`, if that is sure.
    fn check_default(&self, column: &Column, default: &Default) -> Option<String> {
        let _ = (column, default);
        None
    }

    /// Why the trigger cannot be on what it is on, a view or a table.
    fn check_trigger(&self, parts: &TriggerParts, on_view: bool) -> Option<String> {
        let _ = (parts, on_view);
        None
    }

    /// The trigger that `parts` describe.
    fn trigger(&self, parts: &TriggerParts) -> Trigger;

    /// The parts of `trigger`, when its statement can be read.
    fn trigger_parts(&self, trigger: &Trigger) -> Option<TriggerParts>;

    /// Whether a default of this family is text whatever it is written as: `5` in a text column is `"5"`.
    fn default_is_text(&self, class: Class) -> bool {
        matches!(class, Class::String | Class::Enum)
    }

    /// Whether a numeric string in a column of this family is a number.
    fn default_is_number(&self, class: Class) -> bool {
        matches!(class, Class::Integer | Class::Float | Class::Decimal)
    }
}

/// Something a database would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub at: At,
    pub severity: Severity,
    pub code: Code,
    /// Lower case, no full stop, names the object.
    pub message: String,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The table's name.
    Table,
    /// An attribute of the table.
    TableAttr(&'static str),
    /// The name of a column, by its place.
    Column(usize),
    /// An attribute of a column: `type`, `default`, `auto_increment`.
    ColumnAttr(usize, &'static str),
    /// The primary key.
    PrimaryKey,
    /// The name of an index, by its place.
    Index(usize),
    /// The name of a foreign key, by its place.
    ForeignKey(usize),
    /// The expression of a check, by its place.
    Check(usize),
}

/// A trigger as schema HCL writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerParts {
    pub schema: SmolStr,
    pub name: SmolStr,
    /// The table or view it watches.
    pub on: SmolStr,
    pub time: Time,
    pub event: Event,
    pub when: Option<String>,
    /// The statements, with `BEGIN` and `END` or without.
    pub body: String,
}

/// When a trigger runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    Before,
    After,
    InsteadOf,
}

/// What a trigger watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Insert,
    Delete,
    Update,
    UpdateOf(Vec<SmolStr>),
}
