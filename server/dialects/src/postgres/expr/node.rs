//! Expressions as trees: what `parse` reads, `query::resolve` finds the columns of, and `write` gives types to and prints.

use super::query::{Order, Query, Window};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `'text'` of a type not known yet, or of the one it was coerced to.
    Text(String, Option<Ty>),
    /// A number as written.
    Number(String),
    Bool(bool),
    Null(Option<Ty>),
    /// A column, with its table if that is written.
    Column(Vec<String>),
    /// A column that was found, with what qualifies it where it is printed, and its type.
    Known(Vec<String>, Option<Ty>),
    /// `CURRENT_TIMESTAMP`, `CURRENT_USER`, …, upper case.
    Value(String),
    Cast(Box<Node>, Ty),
    Unary(String, Box<Node>),
    Binary(String, Box<Node>, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// Conditions of a kind that stood in parentheses of their own, where that is kept.
    Group(Box<Node>),
    /// `IS [NOT] NULL | TRUE | …`: the words behind the operand.
    Is(Box<Node>, String),
    /// `IS [NOT] DISTINCT FROM`.
    Distinct(Box<Node>, Box<Node>, bool),
    /// `left op ANY | ALL (array)`.
    Some(Box<Node>, String, &'static str, Box<Node>),
    /// `[NOT] IN (…)`.
    In(Box<Node>, Vec<Node>, bool),
    Between(Box<Node>, Box<Node>, Box<Node>, bool),
    Call(Call),
    /// `COALESCE`, `GREATEST`, `LEAST`, `NULLIF`.
    Special(&'static str, Vec<Node>),
    Case(Option<Box<Node>>, Vec<(Node, Node)>, Option<Box<Node>>),
    Array(Vec<Node>),
    Row(Vec<Node>),
    /// `a[1]`, `a[1:2]`; the indexes as text.
    Subscript(Box<Node>, Vec<Node>),
    Field(Box<Node>, String),
    Collate(Box<Node>, String),
    /// `x AT TIME ZONE z`.
    Zone(Box<Node>, Box<Node>),
    /// `(SELECT …)` as a value.
    Query(Box<Query>),
    /// `ARRAY(SELECT …)`.
    Elements(Box<Query>),
    /// `EXISTS (SELECT …)`.
    Exists(Box<Query>),
    /// `left op ANY | ALL (SELECT …)`; `IN` is `= ANY`.
    Among(Box<Node>, String, &'static str, Box<Query>),
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Schema and name, in lower case unless quoted.
    pub path: Vec<String>,
    pub args: Vec<Node>,
    /// Written in a form of the standard that the server keeps: `EXTRACT(year FROM x)`, `TRIM(BOTH FROM x)`.
    pub form: Form,
    /// Names before arguments, by place.
    pub names: Vec<Option<String>>,
    pub star: bool,
    /// What only aggregates and windows have.
    pub more: Option<Box<More>>,
}

impl Call {
    pub fn plain(path: Vec<String>, args: Vec<Node>, form: Form) -> Self {
        Self { path, args, form, names: Vec::new(), star: false, more: None }
    }
}

/// `f(x ORDER BY y) FILTER (WHERE …) OVER (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct More {
    pub order: Vec<Order>,
    pub filter: Option<Node>,
    pub over: Option<Over>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    Name(String),
    Window(Window),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Plain,
    Extract,
    Position,
    Substring,
    Trim(&'static str),
    /// An aggregate of values that differ.
    Distinct,
}

/// A type: its name as the catalog writes it without arguments, the arguments, and whether it is an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ty {
    pub name: String,
    /// `(10,2)`, with parentheses; empty without.
    pub args: String,
    pub array: bool,
}

impl Ty {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), args: String::new(), array: false }
    }

    /// As `format_type` writes it.
    pub fn text(&self) -> String {
        let behind = if self.array { "[]" } else { "" };
        match self.name.split_once(' ') {
            // The precision stands behind the first word: `timestamp(3) with time zone`.
            Some((first, rest)) if matches!(first, "timestamp" | "time") && !self.args.is_empty() => {
                format!("{first}{} {rest}{behind}", self.args)
            }
            _ => format!("{}{}{behind}", self.name, self.args),
        }
    }

    /// Without its arguments; a `character` without them is of any length, which is another name.
    pub fn bare(&self) -> Ty {
        let name = if self.name == "character" { "bpchar".to_owned() } else { self.name.clone() };
        Ty { name, args: String::new(), array: self.array }
    }

    /// Whether its values are of a fixed length.
    pub fn is_padded(&self) -> bool {
        self.is("character") || self.is("bpchar")
    }

    pub fn is(&self, name: &str) -> bool {
        !self.array && self.name == name
    }

    /// The element of an array.
    pub fn element(&self) -> Ty {
        Ty { array: false, ..self.clone() }
    }

    pub fn array_of(&self) -> Ty {
        Ty { array: true, ..self.clone() }
    }
}

impl Node {
    /// Whether it is an expression by itself, without what only queries have.
    pub fn is_plain(&self) -> bool {
        let mut plain = true;
        self.clone().visit(&mut |node| match node {
            Node::Query(_) | Node::Elements(_) | Node::Exists(_) | Node::Among(..) => plain = false,
            Node::Call(call) => plain &= call.more.is_none(),
            _ => {}
        });
        plain
    }

    /// Calls `visit` for this node and all below, from the top.
    pub fn visit(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        visit(self);
        match self {
            Node::Text(..)
            | Node::Number(_)
            | Node::Bool(_)
            | Node::Null(_)
            | Node::Column(_)
            | Node::Known(..)
            | Node::Value(_)
            // A query is another scope.
            | Node::Query(_)
            | Node::Elements(_)
            | Node::Exists(_) => {}
            Node::Cast(of, _)
            | Node::Unary(_, of)
            | Node::Not(of)
            | Node::Group(of)
            | Node::Is(of, _)
            | Node::Field(of, _)
            | Node::Among(of, ..)
            | Node::Collate(of, _) => of.visit(visit),
            Node::Binary(_, a, b) | Node::Distinct(a, b, _) | Node::Some(a, _, _, b) | Node::Zone(a, b) => {
                a.visit(visit);
                b.visit(visit);
            }
            Node::Between(a, b, c, _) => {
                a.visit(visit);
                b.visit(visit);
                c.visit(visit);
            }
            Node::In(of, list, _) | Node::Subscript(of, list) => {
                of.visit(visit);
                list.iter_mut().for_each(|node| node.visit(visit));
            }
            Node::And(list)
            | Node::Or(list)
            | Node::Special(_, list)
            | Node::Array(list)
            | Node::Row(list) => {
                list.iter_mut().for_each(|node| node.visit(visit));
            }
            Node::Call(call) => call.args.iter_mut().for_each(|node| node.visit(visit)),
            Node::Case(arg, arms, other) => {
                if let Some(arg) = arg {
                    arg.visit(visit);
                }
                for (when, then) in arms {
                    when.visit(visit);
                    then.visit(visit);
                }
                if let Some(other) = other {
                    other.visit(visit);
                }
            }
        }
    }
}

/// What the server calls a column that is this expression, and how sure it is of that: the name of a type gives way.
///
/// Source: PostgreSQL 15, `FigureColnameInternal`.
pub fn column_word(node: &Node) -> Option<(String, bool)> {
    let sure = |word: &str| Some((word.to_owned(), true));
    match node {
        Node::Column(path) | Node::Known(path, _) => sure(path.last()?),
        Node::Query(query) => sure(&query.first_name()?),
        Node::Elements(_) => sure("array"),
        Node::Exists(_) => sure("exists"),
        Node::Field(_, name) => sure(name),
        Node::Call(call) => sure(call.path.last()?),
        Node::Special(name, _) => sure(&name.to_lowercase()),
        Node::Value(word) => sure(&word.split('(').next()?.to_lowercase()),
        Node::Array(_) => sure("array"),
        Node::Row(_) => sure("row"),
        Node::Zone(..) => sure("timezone"),
        Node::Collate(of, _) | Node::Subscript(of, _) => column_word(of),
        Node::Cast(of, ty) => match column_word(of) {
            Some((word, true)) => Some((word, true)),
            _ => Some((internal(ty), false)),
        },
        Node::Case(_, _, other) => match other.as_ref().and_then(|other| column_word(other)) {
            Some((word, true)) => Some((word, true)),
            _ => Some(("case".to_owned(), false)),
        },
        _ => None,
    }
}

/// The name of a type in the system's own table of types.
fn internal(ty: &Ty) -> String {
    let name = match ty.name.as_str() {
        "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "real" => "float4",
        "double precision" => "float8",
        "boolean" => "bool",
        "character" => "bpchar",
        "character varying" => "varchar",
        "bit varying" => "varbit",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        name => name.rsplit('.').next().unwrap_or(name),
    };
    name.trim_matches('"').to_owned()
}
