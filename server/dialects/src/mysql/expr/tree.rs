//! An expression as a tree, in the form both servers keep it in.
//!
//! A negation goes inwards, `x in (1)` is `x = 1`, conditions of one kind are one list. Invariant: what is built here is
//! what either server has after reading; how they print it differs, and `print` knows how.

use super::query::Query;

/// How strongly an operator binds, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Or,
    Xor,
    And,
    Not,
    Compare,
    BitOr,
    BitAnd,
    Shift,
    Add,
    Multiply,
    BitXor,
    Unary,
    Collate,
    Value,
}

impl Level {
    /// The one that binds a little more.
    pub fn next(self) -> Self {
        use Level::*;
        match self {
            Or => Xor,
            Xor => And,
            And => Not,
            Not => Compare,
            Compare => BitOr,
            BitOr => BitAnd,
            BitAnd => Shift,
            Shift => Add,
            Add => Multiply,
            Multiply => BitXor,
            BitXor => Unary,
            Unary => Collate,
            Collate | Value => Value,
        }
    }
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Equal,
    NullSafe,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    BitOr,
    BitAnd,
    Left,
    Right,
    Plus,
    Minus,
    Times,
    Divide,
    Div,
    Modulo,
    BitXor,
}

impl Op {
    /// As MySQL prints it; MariaDB differs in `MOD` alone.
    pub fn word(self) -> &'static str {
        match self {
            Op::Equal => "=",
            Op::NullSafe => "<=>",
            Op::NotEqual => "<>",
            Op::Less => "<",
            Op::LessEqual => "<=",
            Op::Greater => ">",
            Op::GreaterEqual => ">=",
            Op::BitOr => "|",
            Op::BitAnd => "&",
            Op::Left => "<<",
            Op::Right => ">>",
            Op::Plus => "+",
            Op::Minus => "-",
            Op::Times => "*",
            Op::Divide => "/",
            Op::Div => "DIV",
            Op::Modulo => "%",
            Op::BitXor => "^",
        }
    }

    pub fn level(self) -> Level {
        match self {
            Op::Equal
            | Op::NullSafe
            | Op::NotEqual
            | Op::Less
            | Op::LessEqual
            | Op::Greater
            | Op::GreaterEqual => Level::Compare,
            Op::BitOr => Level::BitOr,
            Op::BitAnd => Level::BitAnd,
            Op::Left | Op::Right => Level::Shift,
            Op::Plus | Op::Minus => Level::Add,
            Op::Times | Op::Divide | Op::Div | Op::Modulo => Level::Multiply,
            Op::BitXor => Level::BitXor,
        }
    }

    /// The comparison that is true when this one is false.
    fn opposite(self) -> Option<Self> {
        Some(match self {
            Op::Equal => Op::NotEqual,
            Op::NotEqual => Op::Equal,
            Op::Less => Op::GreaterEqual,
            Op::GreaterEqual => Op::Less,
            Op::Greater => Op::LessEqual,
            Op::LessEqual => Op::Greater,
            _ => return None,
        })
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// With what qualifies it.
    Column(Vec<String>),
    /// With its introducer.
    Text(Option<String>, String),
    /// A number as it is printed.
    Number(String),
    /// `0x1f`, in lower case.
    Hex(String),
    Null,
    Bool(bool),
    /// `DATE'2020-01-01'`.
    Moment(&'static str, String),
    Binary(Op, Box<Expr>, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Xor(Box<Expr>, Box<Expr>),
    /// Of what has no opposite of its own.
    Not(Box<Expr>),
    /// `-x`, `~x`.
    Sign(char, Box<Expr>),
    /// `is null`, `is not true`: the words behind `is`.
    Is(Box<Expr>, String),
    In(Box<Expr>, Vec<Expr>, bool),
    Between(Box<Expr>, Box<Expr>, Box<Expr>, bool),
    Like(Box<Expr>, Box<Expr>, Option<Box<Expr>>, bool),
    Regexp(Box<Expr>, Box<Expr>),
    Case(Option<Box<Expr>>, Vec<(Expr, Expr)>, Option<Box<Expr>>),
    Call(String, Vec<Expr>),
    /// An aggregate: its name, whether `distinct` stands before the arguments; none of them is `*`.
    Aggregate(String, bool, Vec<Expr>),
    /// The type as it is printed, but for a charset that was not said.
    Cast(Box<Expr>, String),
    Using(Box<Expr>, String),
    /// A date, `+` or `-`, an amount, a unit.
    Shift(Box<Expr>, char, Box<Expr>, String),
    Extract(String, Box<Expr>),
    Collate(Box<Expr>, String),
    Trim(Option<&'static str>, Option<Box<Expr>>, Box<Expr>),
    /// A word that is an argument: the unit of `timestampdiff`.
    Word(String),
    Row(Vec<Expr>),
    /// A query with one value.
    Query(Box<Query>),
    /// `exists (…)`, or its opposite.
    Exists(Box<Query>, bool),
    /// `x in (select …)`, or its opposite.
    InQuery(Box<Expr>, Box<Query>, bool),
}

impl Expr {
    pub fn binary(op: Op, left: Expr, right: Expr) -> Self {
        Self::Binary(op, Box::new(left), Box::new(right))
    }

    /// Calls `visit` for this expression and all in it.
    pub fn visit(&self, visit: &mut dyn FnMut(&Expr)) {
        visit(self);
        let mut all = |list: &[Expr]| list.iter().for_each(|expr| expr.visit(visit));
        match self {
            Expr::Column(_)
            | Expr::Text(..)
            | Expr::Number(_)
            | Expr::Hex(..)
            | Expr::Null
            | Expr::Bool(_)
            | Expr::Moment(..)
            | Expr::Query(_)
            | Expr::Exists(..)
            | Expr::Word(_) => {}
            Expr::And(list) | Expr::Or(list) | Expr::Row(list) => all(list),
            Expr::Call(_, list) | Expr::Aggregate(_, _, list) => all(list),
            Expr::Not(of)
            | Expr::Sign(_, of)
            | Expr::Is(of, _)
            | Expr::Cast(of, _)
            | Expr::Using(of, _)
            | Expr::Extract(_, of)
            | Expr::Collate(of, _)
            | Expr::InQuery(of, ..) => of.visit(visit),
            Expr::Binary(_, a, b) | Expr::Xor(a, b) | Expr::Regexp(a, b) | Expr::Shift(a, _, b, _) => {
                a.visit(visit);
                b.visit(visit);
            }
            Expr::In(of, list, _) => {
                of.visit(visit);
                list.iter().for_each(|expr| expr.visit(visit));
            }
            Expr::Between(a, b, c, _) => {
                for expr in [a, b, c] {
                    expr.visit(visit);
                }
            }
            Expr::Like(a, b, c, _) => {
                a.visit(visit);
                b.visit(visit);
                c.iter().for_each(|expr| expr.visit(visit));
            }
            Expr::Trim(_, what, of) => {
                what.iter().for_each(|expr| expr.visit(visit));
                of.visit(visit);
            }
            Expr::Case(of, whens, other) => {
                of.iter().for_each(|expr| expr.visit(visit));
                for (when, then) in whens {
                    when.visit(visit);
                    then.visit(visit);
                }
                other.iter().for_each(|expr| expr.visit(visit));
            }
        }
    }

    /// How strongly its outermost operator binds.
    pub fn level(&self) -> Level {
        match self {
            Expr::Or(_) => Level::Or,
            Expr::And(_) => Level::And,
            Expr::Xor(..) => Level::Xor,
            Expr::Not(_) => Level::Unary,
            Expr::In(..)
            | Expr::InQuery(..)
            | Expr::Between(..)
            | Expr::Like(..)
            | Expr::Regexp(..)
            | Expr::Is(..) => Level::Compare,
            Expr::Binary(op, ..) => op.level(),
            Expr::Shift(..) => Level::Add,
            Expr::Sign(..) => Level::Unary,
            Expr::Collate(..) => Level::Collate,
            _ => Level::Value,
        }
    }

    /// Whether it can be nothing but true, false or NULL.
    pub fn is_condition(&self) -> bool {
        match self {
            Expr::Binary(op, ..) => op.level() == Level::Compare,
            Expr::And(_)
            | Expr::Or(_)
            | Expr::Xor(..)
            | Expr::Not(_)
            | Expr::Is(..)
            | Expr::In(..)
            | Expr::Between(..)
            | Expr::Like(..)
            | Expr::Regexp(..)
            | Expr::Exists(..)
            | Expr::InQuery(..)
            | Expr::Bool(_) => true,
            Expr::Call(name, _) => {
                matches!(name.as_str(), "regexp_like" | "json_valid" | "json_contains" | "is_uuid")
            }
            _ => false,
        }
    }

    /// `left and right` or `left or right`, with the parts of those that are of the same kind.
    pub fn joined(or: bool, left: Expr, right: Expr) -> Self {
        let mut parts = Vec::new();
        for expr in [left, right] {
            match expr {
                Expr::Or(inner) if or => parts.extend(inner),
                Expr::And(inner) if !or => parts.extend(inner),
                expr => parts.push(expr),
            }
        }
        if or { Expr::Or(parts) } else { Expr::And(parts) }
    }

    /// `x in (…)`; of one value it is `x = …`.
    pub fn among(self, mut list: Vec<Expr>, not: bool) -> Self {
        match list.pop() {
            Some(only) if list.is_empty() => {
                Expr::binary(if not { Op::NotEqual } else { Op::Equal }, self, only)
            }
            last => {
                list.extend(last);
                Expr::In(Box::new(self), list, not)
            }
        }
    }

    /// The opposite of it.
    pub fn negated(self) -> Self {
        let all = |list: Vec<Expr>| list.into_iter().map(Expr::negated).collect();
        match self {
            Expr::Binary(op, a, b) => match op.opposite() {
                Some(op) => Expr::Binary(op, a, b),
                None => Expr::Not(Box::new(Expr::Binary(op, a, b))),
            },
            Expr::And(list) => Expr::Or(all(list)),
            Expr::Or(list) => Expr::And(all(list)),
            Expr::Is(of, what) if what.ends_with("null") => Expr::Is(
                of,
                match what.strip_prefix("not ") {
                    Some(what) => what.to_owned(),
                    None => format!("not {what}"),
                },
            ),
            Expr::In(of, list, not) => Expr::In(of, list, !not),
            Expr::InQuery(of, query, not) => Expr::InQuery(of, query, !not),
            Expr::Exists(query, not) => Expr::Exists(query, !not),
            Expr::Between(of, a, b, not) => Expr::Between(of, a, b, !not),
            Expr::Like(of, pattern, escape, not) => Expr::Like(of, pattern, escape, !not),
            // Of `not not x` a truth value is left.
            Expr::Not(of) if of.is_condition() => *of,
            other => Expr::Not(Box::new(other)),
        }
    }
}
