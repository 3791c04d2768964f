//! What a schema file means in one dialect, as far as the table of its grammar cannot say.
//!
//! The attributes of a dialect need nothing here: every `bool`, `int`, `string` and list attribute the grammar
//! declares for a table, column, index and so on, and that the decoder does not know by itself, becomes an attribute
//! of the same name in the model, and is printed back.

use schema::{
    Attrs, Class, Column, ColumnType, Default, Literal, Object, Realm, Routine, Schema, SmolStr, Storage,
    Table, Trigger, View,
};
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

    /// Whether triggers of one schema cannot have the same name.
    fn trigger_names_are_global(&self) -> bool {
        true
    }

    /// Whether the label of a `primary_key` block is the name of the constraint.
    fn names_primary_keys(&self) -> bool {
        false
    }

    /// What tells a routine from others of its kind, schema and name: the types of its arguments, where they count.
    fn routine_key(&self, routine: &Routine) -> SmolStr {
        let _ = routine;
        SmolStr::default()
    }

    /// What tells an object from others of its kind, schema and name: the table of a policy.
    fn object_key(&self, object: &Object) -> SmolStr {
        let _ = object;
        SmolStr::default()
    }

    /// How a generated column is kept whose definition does not say.
    fn generated_storage(&self) -> Storage {
        Storage::Virtual
    }

    /// The kinds of objects that are types of columns: `enum`.
    fn type_kinds(&self) -> &'static [&'static str] {
        &[]
    }

    /// The family of the types that objects of `kind` are.
    fn type_class(&self, kind: &str) -> Class {
        if kind == "enum" { Class::Enum } else { Class::UserDefined }
    }

    /// The schema and name by which a written type calls one that somebody declared, if it does.
    fn declared_type(&self, ty: &ColumnType) -> Option<(Option<SmolStr>, SmolStr)> {
        let _ = ty;
        None
    }

    /// `ty`, now that its name is known to stand for the object `name` of `kind` in `schema`.
    fn with_declared(&self, ty: ColumnType, kind: &str, schema: &str, name: &str) -> ColumnType {
        let class = self.type_class(kind);
        ColumnType { schema: Some(schema.into()), class, name: name.into(), ..ty }
    }

    /// A type as an attribute of an object in the schema `own` has it; `None` for the dialect's usual form.
    fn type_text(&self, ty: &ColumnType, own: &str) -> Option<String> {
        let _ = (ty, own);
        None
    }

    /// The name of an object as an attribute of an object in the schema `own` has it.
    fn name_text(&self, own: &str, schema: &str, name: &str) -> String {
        if schema.is_empty() || schema == own { name.to_owned() } else { format!("{schema}.{name}") }
    }

    /// The steps of a name in an attribute: the opposite of [`Hooks::name_text`], also for columns.
    fn name_steps(&self, text: &str) -> Vec<SmolStr> {
        text.split('.').map(SmolStr::from).collect()
    }

    /// A value as an attribute has it: as SQL.
    fn default_text(&self, default: &Default) -> String {
        match default {
            Default::Literal(Literal { text, quoted: true }) => format!("'{}'", text.replace('\'', "''")),
            Default::Literal(Literal { text, quoted: false }) => text.clone(),
            Default::Expr(expr) => expr.0.clone(),
        }
    }

    /// The opposite of [`Hooks::default_text`].
    fn default_of(&self, text: &str) -> Default {
        let quoted = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        match quoted.map(|inner| inner.replace("''", "\0")) {
            Some(inner) if !inner.contains('\'') => {
                Default::Literal(Literal { text: inner.replace('\0', "'"), quoted: true })
            }
            _ if hcl::Number::parse(text).is_some() || matches!(text, "true" | "false") => {
                Default::Literal(Literal { text: text.to_owned(), quoted: false })
            }
            _ => Default::Expr(schema::Expr(text.to_owned())),
        }
    }

    /// Brings what was read into the one form the model has for it.
    fn canonical_table(&self, table: &mut Table) {
        let _ = table;
    }

    fn canonical_view(&self, view: &mut View) {
        let _ = view;
    }

    fn canonical_routine(&self, routine: &mut Routine) {
        let _ = routine;
    }

    fn canonical_object(&self, object: &mut Object) {
        let _ = object;
    }

    /// An object that a block says for several things at once, one by one; none for what goes without saying.
    fn single_objects(&self, object: Object) -> Vec<Object> {
        vec![object]
    }

    /// What an attribute of [`hcl::spec::Content::Object`] has for a reference to `name` of `kind`.
    fn designation(&self, kind: &str, name: &str) -> String {
        let _ = kind;
        name.to_owned()
    }

    /// The opposite of [`Hooks::designation`]: the kinds of blocks it may lead to, and the name.
    fn designated<'a>(&self, text: &'a str) -> Option<(&'static [&'static str], &'a str)> {
        let _ = text;
        None
    }

    /// The opposite for printing: an object as the grammar of its block has it.
    fn printed_object(&self, object: &Object) -> Option<Object> {
        let _ = object;
        None
    }

    /// The attributes of `table` that are printed, where not all are: what it inherits from `schema` goes without saying.
    fn printed_table_attrs(&self, realm: &Realm, schema: &Schema, table: &Table) -> Option<Attrs> {
        let _ = (realm, schema, table);
        None
    }

    /// Whether a type that can be unsigned says so also when it is not.
    fn prints_signed(&self, ty: &ColumnType) -> bool {
        let _ = ty;
        false
    }

    /// A string as the argument of a type has it in SQL.
    fn type_string(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

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
    /// Whether that is a view.
    pub on_view: bool,
    pub time: Time,
    /// At least one, in the order of the grammar.
    pub events: Vec<Event>,
    /// `ROW` or `STATEMENT`, if it is said.
    pub for_each: Option<SmolStr>,
    pub when: Option<String>,
    /// The statements, with `BEGIN` and `END` or without; empty for a trigger that calls a function.
    pub body: String,
    pub comment: Option<String>,
    /// What else its block says.
    pub attrs: Attrs,
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
    Truncate,
}
