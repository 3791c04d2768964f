//! The tree of an expression.

/// How strongly an operator binds, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
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
            Unary | Value => Value,
        }
    }
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
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
    pub fn opposite(self) -> Option<Self> {
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
pub(super) enum Node {
    Column(String),
    Number(String),
    /// `0x1f`, in lower case.
    Hex(String),
    Text {
        charset: Option<String>,
        value: String,
    },
    /// `DATE'2020-01-01'`
    Moment {
        word: &'static str,
        value: String,
    },
    Null,
    Bool(bool),
    /// `-x`, `~x`
    Sign {
        sign: char,
        of: Box<Node>,
    },
    Not(Box<Node>),
    Binary {
        op: Op,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// `a and b and c`
    Logic {
        or: bool,
        parts: Vec<Node>,
    },
    Xor {
        left: Box<Node>,
        right: Box<Node>,
    },
    In {
        not: bool,
        of: Box<Node>,
        list: Vec<Node>,
    },
    Between {
        not: bool,
        of: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
    },
    Like {
        not: bool,
        of: Box<Node>,
        pattern: Box<Node>,
    },
    Regexp {
        of: Box<Node>,
        pattern: Box<Node>,
    },
    /// `x is not null`; the words behind `is`.
    Is {
        of: Box<Node>,
        what: String,
    },
    Call {
        name: String,
        args: Vec<Node>,
    },
    Cast {
        of: Box<Node>,
        to: String,
    },
    Using {
        of: Box<Node>,
        charset: String,
    },
    Extract {
        unit: String,
        of: Box<Node>,
    },
    /// `x + interval 1 day`
    Move {
        sign: char,
        of: Box<Node>,
        by: Box<Node>,
        unit: String,
    },
    Case {
        of: Option<Box<Node>>,
        whens: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
}

impl Node {
    /// How strongly its outermost operator binds.
    pub fn level(&self) -> Level {
        match self {
            Node::Logic { or: true, .. } => Level::Or,
            Node::Logic { or: false, .. } => Level::And,
            Node::Xor { .. } => Level::Xor,
            Node::Not(_)
            | Node::In { .. }
            | Node::Between { .. }
            | Node::Like { .. }
            | Node::Regexp { .. }
            | Node::Is { .. } => Level::Compare,
            Node::Binary { op, .. } => op.level(),
            Node::Move { .. } => Level::Add,
            Node::Sign { .. } => Level::Unary,
            _ => Level::Value,
        }
    }

    /// Whether it can be nothing but true, false or NULL.
    pub fn is_truth(&self) -> bool {
        match self {
            Node::Binary { op, .. } => op.level() == Level::Compare,
            Node::Not(_)
            | Node::Logic { .. }
            | Node::Xor { .. }
            | Node::In { .. }
            | Node::Between { .. }
            | Node::Like { .. }
            | Node::Is { .. } => true,
            _ => false,
        }
    }
}
