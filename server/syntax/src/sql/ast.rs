//! Typed views of a statement's tree: what is written, where each name and option stands.
//!
//! Nothing here knows what a statement means. Every accessor answers `None` or an empty list for what is not
//! written (yet): the tree of half-typed text is as good as any other. Ranges are relative to the piece; add
//! [`Placed::start`](crate::sql::Placed) for the file.

mod ddl;
mod expr;
mod mysql;
mod postgres;
mod query;

use smol_str::SmolStr;
use text::TextRange;

use crate::sql::kind::{SyntaxKind, SyntaxNode, SyntaxToken};

pub use self::ddl::{
    AddColumn, AlterAction, AlterTable, Check, Collate, Column, ColumnConstraint, ConflictClause,
    CreateIndex, CreateTable, CreateTrigger, CreateView, CreateVirtualTable, Default, DefaultValue,
    Deferrable, Drop, DropColumn, ForeignKey, Generated, IndexedColumn, MatchClause, NotNull, Null,
    ObjectKind, PrimaryKey, ReferenceAction, References, RenameColumn, RenameTable, TableConstraint,
    TableOption, TriggerEvent, TypeName, Unique,
};
pub use self::expr::{Call, ColumnRef, Expr, Literal, LiteralKind};
pub use self::mysql::{
    AddKey, ChangeColumn, ColumnPosition, DropKey, KeyDef, ModifyColumn, PartitionDef, Partitioning,
    RenameKey, RenamePair, RenameTables, Subpartitioning, TableAction, Use,
};
pub use self::postgres::{
    AlterColumn, AlterObject, AlterOther, Command, CommentOn, Copy, CreateObject, DropObject, Exclude, Grant,
    Identity, LikeClause, NullsDistinct, OptionClause, Param, PartitionBound, PartitionBy, RenameConstraint,
    RoutineParam, SetOption,
};
pub use self::query::{
    Assignment, Cte, Delete, Insert, Pragma, Query, ResultColumn, SelectCore, Source, TableRef, Transaction,
    TransactionKind, Update,
};

/// Declares a view of one kind of node.
macro_rules! node {
    ($($(#[$meta:meta])* $name:ident = $kind:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub(crate) $crate::sql::kind::SyntaxNode);

        impl $name {
            /// The node, if it is one of these.
            pub fn cast(node: $crate::sql::kind::SyntaxNode) -> Option<Self> {
                (node.kind() == $crate::sql::kind::SyntaxKind::$kind).then_some(Self(node))
            }

            pub fn syntax(&self) -> &$crate::sql::kind::SyntaxNode {
                &self.0
            }

            /// Where it stands in its piece, without the white space around it.
            pub fn range(&self) -> text::TextRange {
                self.0.text_range()
            }
        }

        impl $crate::sql::ast::View for $name {
            fn view(node: $crate::sql::kind::SyntaxNode) -> Option<Self> {
                Self::cast(node)
            }
        }
    )*};
}
pub(crate) use node;

/// What [`child`] and [`children`] need of a view.
pub(crate) trait View: Sized {
    fn view(node: SyntaxNode) -> Option<Self>;
}

/// A name as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// Without quotes, doubled quotes made single. The case is as written.
    pub text: SmolStr,
    /// With quotes.
    pub raw: SmolStr,
    /// Where it stands, with quotes.
    pub range: TextRange,
}

impl Name {
    /// The name a `NAME` node holds; `None` when it is empty (a name is missing there).
    pub fn of(node: &SyntaxNode) -> Option<Name> {
        let token = node
            .children_with_tokens()
            .filter_map(|child| child.into_token())
            .find(|t| !t.kind().is_trivia())?;
        Some(Self::of_token(&token))
    }

    pub(crate) fn of_token(token: &SyntaxToken) -> Name {
        let raw = token.text();
        let text = match token.kind() {
            SyntaxKind::QUOTED_IDENT | SyntaxKind::STRING => unquote(raw),
            _ => SmolStr::new(raw),
        };
        Name { text, raw: SmolStr::new(raw), range: token.text_range() }
    }

    /// Whether it is written in quotes.
    pub fn is_quoted(&self) -> bool {
        self.text != self.raw
    }

    /// Whether both name the same thing where case does not matter in ASCII (SQLite).
    pub fn eq_ignore_case(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

/// `schema.name`, or only `name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The part before the schema: the schema of a column's table in `COMMENT ON COLUMN s.t.c`.
    pub catalog: Option<Name>,
    /// The part before the last.
    pub schema: Option<Name>,
    /// The last part.
    pub name: Name,
    pub range: TextRange,
}

impl Path {
    pub(crate) fn of(node: &SyntaxNode) -> Option<Path> {
        let mut parts: Vec<Name> = node
            .children()
            .filter(|child| child.kind() == SyntaxKind::NAME)
            .filter_map(|n| Name::of(&n))
            .collect();
        let name = parts.pop()?;
        let schema = parts.pop();
        Some(Path { catalog: parts.pop(), schema, name, range: node.text_range() })
    }
}

node! {
    /// A statement of which we know only that its quotes and brackets match, or an unknown part of one.
    Opaque = OPAQUE;
    /// `ATTACH [DATABASE] expr AS name`.
    Attach = ATTACH;
    /// `DETACH [DATABASE] name`.
    Detach = DETACH;
    Reindex = REINDEX;
    Vacuum = VACUUM;
    Analyze = ANALYZE;
    /// `EXPLAIN [QUERY PLAN] statement`.
    Explain = EXPLAIN;
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Statement {
    CreateTable(CreateTable),
    CreateIndex(CreateIndex),
    CreateView(CreateView),
    CreateTrigger(CreateTrigger),
    CreateVirtualTable(CreateVirtualTable),
    AlterTable(AlterTable),
    /// `DROP TABLE | INDEX | VIEW | TRIGGER`.
    Drop(Drop),
    Query(Query),
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    Pragma(Pragma),
    /// `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT`, `RELEASE`.
    Transaction(Transaction),
    Attach(Attach),
    Detach(Detach),
    Reindex(Reindex),
    Vacuum(Vacuum),
    Analyze(Analyze),
    Explain(Explain),
    /// `CREATE` of a type, a sequence, a routine, a policy, …
    CreateObject(CreateObject),
    AlterObject(AlterObject),
    DropObject(DropObject),
    CommentOn(CommentOn),
    /// `GRANT`, `REVOKE`, `ALTER DEFAULT PRIVILEGES`.
    Grant(Grant),
    /// `SET`, `RESET`.
    SetOption(SetOption),
    Copy(Copy),
    /// Known, and without meaning for a schema.
    Command(Command),
    /// `RENAME TABLE a TO b, …`.
    RenameTables(RenameTables),
    /// `USE database`.
    Use(Use),
    Opaque(Opaque),
}

impl Statement {
    /// The statement a node is, if it is one.
    pub fn cast(node: SyntaxNode) -> Option<Statement> {
        Some(match node.kind() {
            SyntaxKind::CREATE_TABLE => Statement::CreateTable(CreateTable(node)),
            SyntaxKind::CREATE_INDEX => Statement::CreateIndex(CreateIndex(node)),
            SyntaxKind::CREATE_VIEW => Statement::CreateView(CreateView(node)),
            SyntaxKind::CREATE_TRIGGER => Statement::CreateTrigger(CreateTrigger(node)),
            SyntaxKind::CREATE_VIRTUAL_TABLE => Statement::CreateVirtualTable(CreateVirtualTable(node)),
            SyntaxKind::ALTER_TABLE => Statement::AlterTable(AlterTable(node)),
            SyntaxKind::DROP => Statement::Drop(Drop(node)),
            SyntaxKind::QUERY => Statement::Query(Query(node)),
            SyntaxKind::INSERT => Statement::Insert(Insert(node)),
            SyntaxKind::UPDATE => Statement::Update(Update(node)),
            SyntaxKind::DELETE => Statement::Delete(Delete(node)),
            SyntaxKind::PRAGMA => Statement::Pragma(Pragma(node)),
            SyntaxKind::TRANSACTION => Statement::Transaction(Transaction(node)),
            SyntaxKind::ATTACH => Statement::Attach(Attach(node)),
            SyntaxKind::DETACH => Statement::Detach(Detach(node)),
            SyntaxKind::REINDEX => Statement::Reindex(Reindex(node)),
            SyntaxKind::VACUUM => Statement::Vacuum(Vacuum(node)),
            SyntaxKind::ANALYZE => Statement::Analyze(Analyze(node)),
            SyntaxKind::EXPLAIN => Statement::Explain(Explain(node)),
            SyntaxKind::CREATE_OBJECT => Statement::CreateObject(CreateObject(node)),
            SyntaxKind::ALTER_OBJECT => Statement::AlterObject(AlterObject(node)),
            SyntaxKind::DROP_OBJECT => Statement::DropObject(DropObject(node)),
            SyntaxKind::COMMENT_ON => Statement::CommentOn(CommentOn(node)),
            SyntaxKind::GRANT => Statement::Grant(Grant(node)),
            SyntaxKind::SET_OPTION => Statement::SetOption(SetOption(node)),
            SyntaxKind::COPY => Statement::Copy(Copy(node)),
            SyntaxKind::COMMAND => Statement::Command(Command(node)),
            SyntaxKind::RENAME_TABLES => Statement::RenameTables(RenameTables(node)),
            SyntaxKind::USE => Statement::Use(Use(node)),
            SyntaxKind::OPAQUE => Statement::Opaque(Opaque(node)),
            _ => return None,
        })
    }

    pub fn syntax(&self) -> &SyntaxNode {
        match self {
            Statement::CreateTable(CreateTable(node))
            | Statement::CreateIndex(CreateIndex(node))
            | Statement::CreateView(CreateView(node))
            | Statement::CreateTrigger(CreateTrigger(node))
            | Statement::CreateVirtualTable(CreateVirtualTable(node))
            | Statement::AlterTable(AlterTable(node))
            | Statement::Drop(Drop(node))
            | Statement::Query(Query(node))
            | Statement::Insert(Insert(node))
            | Statement::Update(Update(node))
            | Statement::Delete(Delete(node))
            | Statement::Pragma(Pragma(node))
            | Statement::Transaction(Transaction(node))
            | Statement::Attach(Attach(node))
            | Statement::Detach(Detach(node))
            | Statement::Reindex(Reindex(node))
            | Statement::Vacuum(Vacuum(node))
            | Statement::Analyze(Analyze(node))
            | Statement::Explain(Explain(node))
            | Statement::CreateObject(CreateObject(node))
            | Statement::AlterObject(AlterObject(node))
            | Statement::DropObject(DropObject(node))
            | Statement::CommentOn(CommentOn(node))
            | Statement::Grant(Grant(node))
            | Statement::SetOption(SetOption(node))
            | Statement::Copy(Copy(node))
            | Statement::Command(Command(node))
            | Statement::RenameTables(RenameTables(node))
            | Statement::Use(Use(node))
            | Statement::Opaque(Opaque(node)) => node,
        }
    }

    /// Where it stands in its piece, without comments before it and its delimiter.
    pub fn range(&self) -> TextRange {
        self.syntax().text_range()
    }

    /// Whether the grammar knew every part.
    pub fn is_fully_analysed(&self) -> bool {
        self.opaque_parts().next().is_none()
    }

    /// The parts the grammar does not know, outermost only.
    pub fn opaque_parts(&self) -> impl Iterator<Item = TextRange> + use<> {
        self.syntax()
            .descendants()
            .filter(|node| node.kind() == SyntaxKind::OPAQUE)
            .map(|node| node.text_range())
    }
}

/// The text between the quotes of a name or a string: `'it''s'` is `it's`, `[a b]` is `a b`.
///
/// A closing quote that is missing is not missed. Escapes with a backslash stay as they are.
pub fn unquote(raw: &str) -> SmolStr {
    let mut chars = raw.chars();
    let Some(open) = chars.next() else { return SmolStr::default() };
    if open.is_ascii_alphabetic() {
        let rest = raw.get(1..).map(|rest| rest.strip_prefix('&').unwrap_or(rest));
        return match rest {
            Some(rest) if rest.starts_with(['\'', '"']) => unquote(rest),
            _ => SmolStr::new(raw),
        };
    }
    let close = match open {
        '[' => ']',
        '"' | '`' | '\'' => open,
        _ => return SmolStr::new(raw),
    };
    let inner = chars.as_str();
    let inner = inner.strip_suffix(close).unwrap_or(inner);
    if open != '[' && inner.contains(close) {
        let doubled: String = [close, close].iter().collect();
        return SmolStr::from(inner.replace(&doubled, &close.to_string()));
    }
    SmolStr::new(inner)
}

/// The first child that `N` views.
pub(crate) fn child<N: View>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::view)
}

/// Every child that `N` views.
pub(crate) fn children<N: View>(node: &SyntaxNode) -> impl Iterator<Item = N> + use<N> {
    node.children().filter_map(N::view)
}

pub(crate) fn child_of(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxNode> {
    node.children().find(|child| child.kind() == kind)
}

/// The keyword `word` among the direct children.
pub(crate) fn keyword(node: &SyntaxNode, word: &str) -> Option<SyntaxToken> {
    node.children_with_tokens()
        .filter_map(|child| child.into_token())
        .find(|token| token.kind() == SyntaxKind::KEYWORD && token.text().eq_ignore_ascii_case(word))
}

/// From the first keyword to the last, when both are direct children.
pub(crate) fn keywords(node: &SyntaxNode, first: &str, last: &str) -> Option<TextRange> {
    Some(keyword(node, first)?.text_range().cover(keyword(node, last)?.text_range()))
}

/// The `nth` name among the direct children.
pub(crate) fn name(node: &SyntaxNode, nth: usize) -> Option<Name> {
    let node = node.children().filter(|child| child.kind() == SyntaxKind::NAME).nth(nth)?;
    Name::of(&node)
}

/// Every path among the direct children.
pub(crate) fn paths(node: &SyntaxNode) -> Vec<Path> {
    let paths = node.children().filter(|child| child.kind() == SyntaxKind::PATH);
    paths.filter_map(|path| Path::of(&path)).collect()
}

pub(crate) fn path(node: &SyntaxNode) -> Option<Path> {
    Path::of(&child_of(node, SyntaxKind::PATH)?)
}

/// The names of a `COLUMN_NAMES` child.
pub(crate) fn column_names(node: &SyntaxNode) -> Vec<Name> {
    match child_of(node, SyntaxKind::COLUMN_NAMES) {
        Some(list) => list
            .children()
            .filter(|child| child.kind() == SyntaxKind::NAME)
            .filter_map(|n| Name::of(&n))
            .collect(),
        None => Vec::new(),
    }
}
