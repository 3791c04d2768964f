//! Views of the statements that define things.

use smol_str::SmolStr;
use text::TextRange;

use super::postgres::{AlterColumn, AlterOther, Exclude, Identity, OptionClause, RenameConstraint};
use super::{
    Expr, Literal, Name, Path, Query, Statement, View, child, child_of, children, column_names, keyword,
    keywords, name, node, path,
};
use crate::sql::kind::{SyntaxKind, SyntaxNode};

node! {
    CreateTable = CREATE_TABLE;
    CreateIndex = CREATE_INDEX;
    CreateView = CREATE_VIEW;
    CreateTrigger = CREATE_TRIGGER;
    CreateVirtualTable = CREATE_VIRTUAL_TABLE;
    AlterTable = ALTER_TABLE;
    Drop = DROP;
    Column = COLUMN_DEF;
    TypeName = TYPE_NAME;
    PrimaryKey = PRIMARY_KEY;
    NotNull = NOT_NULL;
    Null = NULL_CONSTRAINT;
    Unique = UNIQUE;
    Check = CHECK;
    Default = DEFAULT;
    Collate = COLLATE;
    References = REFERENCES;
    Generated = GENERATED;
    ForeignKey = FOREIGN_KEY;
    ConflictClause = CONFLICT_CLAUSE;
    ReferenceAction = REFERENCE_ACTION;
    MatchClause = MATCH_CLAUSE;
    Deferrable = DEFERRABLE;
    IndexedColumn = INDEXED_COLUMN;
    TableOption = TABLE_OPTION;
    TriggerEvent = TRIGGER_EVENT;
    RenameTable = RENAME_TABLE;
    RenameColumn = RENAME_COLUMN;
    AddColumn = ADD_COLUMN;
    DropColumn = DROP_COLUMN;
}

/// What most definitions have in common.
macro_rules! created {
    ($($name:ident),*) => {$(
        impl $name {
            /// `IF NOT EXISTS`.
            pub fn if_not_exists(&self) -> Option<TextRange> {
                keywords(&self.0, "IF", "EXISTS")
            }

            /// `TEMP` or `TEMPORARY`.
            pub fn temporary(&self) -> Option<TextRange> {
                keyword(&self.0, "TEMP").or_else(|| keyword(&self.0, "TEMPORARY")).map(|token| token.text_range())
            }

            /// The name of what is defined, with its schema.
            pub fn path(&self) -> Option<Path> {
                path(&self.0)
            }

            /// The last part of [`Self::path`].
            pub fn name(&self) -> Option<Name> {
                self.path().map(|path| path.name)
            }
        }
    )*};
}
created!(CreateTable, CreateIndex, CreateView, CreateTrigger, CreateVirtualTable);

/// The name behind `CONSTRAINT`.
macro_rules! constraint {
    ($($name:ident),*) => {$(
        impl $name {
            /// The name behind `CONSTRAINT`.
            pub fn name(&self) -> Option<Name> {
                constraint_name(&self.0)
            }
        }
    )*};
}
constraint!(PrimaryKey, NotNull, Null, Unique, Check, Default, Collate, References, Generated, ForeignKey);

fn constraint_name(node: &SyntaxNode) -> Option<Name> {
    name(&child_of(node, SyntaxKind::CONSTRAINT_NAME)?, 0)
}

/// `ON CONFLICT …` of a constraint.
macro_rules! conflict {
    ($($name:ident),*) => {$(
        impl $name {
            pub fn conflict(&self) -> Option<ConflictClause> {
                child(&self.0)
            }
        }
    )*};
}
conflict!(PrimaryKey, NotNull, Unique, Check);

impl CreateTable {
    /// The columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = Column> + use<> {
        self.elements().into_iter().flat_map(|elements| children(&elements))
    }

    /// The constraints of the table; those of a column are at the column.
    pub fn constraints(&self) -> impl Iterator<Item = TableConstraint> + use<> {
        self.elements().into_iter().flat_map(|elements| children(&elements))
    }

    /// `( … )` with columns and constraints.
    pub fn elements(&self) -> Option<SyntaxNode> {
        child_of(&self.0, SyntaxKind::TABLE_ELEMENTS)
    }

    /// The words behind the parentheses, in order.
    pub fn options(&self) -> impl Iterator<Item = TableOption> + use<> {
        children(&self.0)
    }

    pub fn without_rowid(&self) -> Option<TextRange> {
        self.options().find(|option| keyword(&option.0, "ROWID").is_some()).map(|option| option.range())
    }

    pub fn strict(&self) -> Option<TextRange> {
        self.options().find(|option| keyword(&option.0, "STRICT").is_some()).map(|option| option.range())
    }

    /// The query of `CREATE TABLE … AS`.
    pub fn query(&self) -> Option<Query> {
        child(&self.0)
    }
}

impl Column {
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn type_name(&self) -> Option<TypeName> {
        child(&self.0)
    }

    /// In order, as written.
    pub fn constraints(&self) -> impl Iterator<Item = ColumnConstraint> + use<> {
        children(&self.0)
    }
}

impl TypeName {
    /// As written, with arguments: `varchar(70)`.
    pub fn text(&self) -> String {
        self.0.text().to_string()
    }

    /// The words, one space between them, without arguments: `UNSIGNED BIG INT`.
    pub fn words(&self) -> SmolStr {
        let mut words = String::new();
        for token in self.0.children_with_tokens().filter_map(|child| child.into_token()) {
            if !token.kind().is_trivia() {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(&Name::of_token(&token).text);
            }
        }
        SmolStr::from(words)
    }

    /// Where the words stand, without arguments.
    pub fn words_range(&self) -> TextRange {
        let tokens =
            || self.0.children_with_tokens().filter_map(|c| c.into_token()).filter(|t| !t.kind().is_trivia());
        match (tokens().next(), tokens().last()) {
            (Some(first), Some(last)) => first.text_range().cover(last.text_range()),
            _ => self.range(),
        }
    }

    /// The texts between the commas of `(10, 2)`, with where they stand.
    pub fn args(&self) -> Vec<(SmolStr, TextRange)> {
        let Some(args) = child_of(&self.0, SyntaxKind::TYPE_ARGS) else { return Vec::new() };
        let mut out: Vec<(SmolStr, TextRange)> = Vec::new();
        let mut fresh = true;
        for token in args.children_with_tokens().filter_map(|child| child.into_token()) {
            match token.kind() {
                SyntaxKind::L_PAREN | SyntaxKind::R_PAREN => {}
                SyntaxKind::COMMA => fresh = true,
                kind if kind.is_trivia() => {}
                _ => match out.last_mut() {
                    Some((text, range)) if !fresh => {
                        *text = SmolStr::from(format!("{text}{}", token.text()));
                        *range = range.cover(token.text_range());
                    }
                    _ => {
                        out.push((SmolStr::new(token.text()), token.text_range()));
                        fresh = false;
                    }
                },
            }
        }
        out
    }
}

/// A constraint behind a column's type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ColumnConstraint {
    PrimaryKey(PrimaryKey),
    NotNull(NotNull),
    Null(Null),
    Unique(Unique),
    Check(Check),
    Default(Default),
    Collate(Collate),
    References(References),
    Generated(Generated),
    /// `GENERATED … AS IDENTITY`.
    Identity(Identity),
    /// `STORAGE x`, `COMPRESSION x`.
    Option(OptionClause),
}

impl View for ColumnConstraint {
    fn view(node: SyntaxNode) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::PRIMARY_KEY => Self::PrimaryKey(PrimaryKey(node)),
            SyntaxKind::NOT_NULL => Self::NotNull(NotNull(node)),
            SyntaxKind::NULL_CONSTRAINT => Self::Null(Null(node)),
            SyntaxKind::UNIQUE => Self::Unique(Unique(node)),
            SyntaxKind::CHECK => Self::Check(Check(node)),
            SyntaxKind::DEFAULT => Self::Default(Default(node)),
            SyntaxKind::COLLATE => Self::Collate(Collate(node)),
            SyntaxKind::REFERENCES => Self::References(References(node)),
            SyntaxKind::GENERATED => Self::Generated(Generated(node)),
            SyntaxKind::IDENTITY => Self::Identity(Identity(node)),
            SyntaxKind::OPTION => Self::Option(OptionClause(node)),
            _ => return None,
        })
    }
}

impl ColumnConstraint {
    pub fn syntax(&self) -> &SyntaxNode {
        match self {
            Self::PrimaryKey(PrimaryKey(node))
            | Self::NotNull(NotNull(node))
            | Self::Null(Null(node))
            | Self::Unique(Unique(node))
            | Self::Check(Check(node))
            | Self::Default(Default(node))
            | Self::Collate(Collate(node))
            | Self::References(References(node))
            | Self::Generated(Generated(node))
            | Self::Identity(Identity(node))
            | Self::Option(OptionClause(node)) => node,
        }
    }

    pub fn range(&self) -> TextRange {
        self.syntax().text_range()
    }

    /// The name behind `CONSTRAINT`.
    pub fn name(&self) -> Option<Name> {
        constraint_name(self.syntax())
    }
}

/// A constraint that stands among the columns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TableConstraint {
    PrimaryKey(PrimaryKey),
    Unique(Unique),
    Check(Check),
    ForeignKey(ForeignKey),
    Exclude(Exclude),
    /// `NOT NULL column`.
    NotNull(NotNull),
}

impl View for TableConstraint {
    fn view(node: SyntaxNode) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::PRIMARY_KEY => Self::PrimaryKey(PrimaryKey(node)),
            SyntaxKind::UNIQUE => Self::Unique(Unique(node)),
            SyntaxKind::CHECK => Self::Check(Check(node)),
            SyntaxKind::FOREIGN_KEY => Self::ForeignKey(ForeignKey(node)),
            SyntaxKind::EXCLUDE => Self::Exclude(Exclude(node)),
            SyntaxKind::NOT_NULL => Self::NotNull(NotNull(node)),
            _ => return None,
        })
    }
}

impl TableConstraint {
    pub fn syntax(&self) -> &SyntaxNode {
        match self {
            Self::PrimaryKey(PrimaryKey(node))
            | Self::Unique(Unique(node))
            | Self::Check(Check(node))
            | Self::ForeignKey(ForeignKey(node))
            | Self::Exclude(Exclude(node))
            | Self::NotNull(NotNull(node)) => node,
        }
    }

    pub fn range(&self) -> TextRange {
        self.syntax().text_range()
    }

    /// The name behind `CONSTRAINT`.
    pub fn name(&self) -> Option<Name> {
        constraint_name(self.syntax())
    }
}

impl PrimaryKey {
    /// The columns of a table's constraint; empty at a column.
    pub fn columns(&self) -> Vec<IndexedColumn> {
        indexed_columns(&self.0)
    }

    /// `ASC` at a column.
    pub fn asc(&self) -> Option<TextRange> {
        keyword(&self.0, "ASC").map(|token| token.text_range())
    }

    /// `DESC` at a column.
    pub fn desc(&self) -> Option<TextRange> {
        keyword(&self.0, "DESC").map(|token| token.text_range())
    }

    /// Behind a column's key, or behind the only column of a table's.
    pub fn autoincrement(&self) -> Option<TextRange> {
        let list = || indexed_columns(&self.0).iter().find_map(|column| keyword(&column.0, "AUTOINCREMENT"));
        keyword(&self.0, "AUTOINCREMENT").or_else(list).map(|token| token.text_range())
    }
}

impl Unique {
    /// The columns of a table's constraint; empty at a column.
    pub fn columns(&self) -> Vec<IndexedColumn> {
        indexed_columns(&self.0)
    }
}

impl Check {
    /// What stands between the parentheses.
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }
}

/// What stands behind `DEFAULT`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DefaultValue {
    /// A string, blob, number with its sign, `NULL`, `TRUE`, `CURRENT_TIMESTAMP`, …
    Literal(Literal),
    /// What stands between the parentheses of `DEFAULT (expr)`.
    Expr(Expr),
    /// A bare or quoted name, which SQLite takes for a string.
    Name(Name),
}

impl Default {
    pub fn value(&self) -> Option<DefaultValue> {
        if let Some(literal) = child(&self.0) {
            return Some(DefaultValue::Literal(literal));
        }
        if let Some(expr) = child(&self.0) {
            return Some(DefaultValue::Expr(expr));
        }
        name(&self.0, 0).map(DefaultValue::Name)
    }

    /// The value as written, with the parentheses of an expression.
    pub fn text(&self) -> Option<String> {
        let range = self.value_range()?;
        let start = range.start() - self.0.text_range().start();
        let end = range.end() - self.0.text_range().start();
        Some(self.0.text().slice(start..end).to_string())
    }

    /// Where the value stands, with the parentheses of an expression.
    pub fn value_range(&self) -> Option<TextRange> {
        let after = keyword(&self.0, "DEFAULT")?;
        let end = self.0.text_range().end();
        let mut next = after.next_sibling_or_token();
        while let Some(element) = next {
            if !element.kind().is_trivia() {
                return Some(TextRange::new(element.text_range().start(), end));
            }
            next = element.next_sibling_or_token();
        }
        None
    }
}

impl Collate {
    /// The collation, without its schema.
    pub fn collation(&self) -> Option<Name> {
        name(&self.0, 0).or_else(|| self.path().map(|path| path.name))
    }

    /// The collation with its schema, where the dialect has one.
    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }
}

impl References {
    /// The table referred to.
    pub fn table(&self) -> Option<Path> {
        path(&self.0)
    }

    /// The columns referred to; empty means the primary key.
    pub fn columns(&self) -> Vec<Name> {
        column_names(&self.0)
    }

    pub fn on_delete(&self) -> Option<ReferenceAction> {
        self.actions().find(|action| action.event().as_deref() == Some("DELETE"))
    }

    pub fn on_update(&self) -> Option<ReferenceAction> {
        self.actions().find(|action| action.event().as_deref() == Some("UPDATE"))
    }

    /// Every `ON …`, in order.
    pub fn actions(&self) -> impl Iterator<Item = ReferenceAction> + use<> {
        children(&self.0)
    }

    pub fn matching(&self) -> Option<MatchClause> {
        child(&self.0)
    }

    pub fn deferrable(&self) -> Option<Deferrable> {
        child(&self.0)
    }
}

impl ReferenceAction {
    /// `DELETE` or `UPDATE`.
    pub fn event(&self) -> Option<SmolStr> {
        self.words().get(1).cloned()
    }

    /// `CASCADE`, `SET NULL`, `SET DEFAULT`, `RESTRICT` or `NO ACTION`, upper case.
    pub fn action(&self) -> Option<SmolStr> {
        let words = self.words();
        let action = words.get(2..)?;
        (!action.is_empty()).then(|| SmolStr::from(action.join(" ")))
    }

    fn words(&self) -> Vec<SmolStr> {
        keyword_texts(&self.0)
    }
}

impl Deferrable {
    /// Whether it says `NOT DEFERRABLE`.
    pub fn is_not(&self) -> bool {
        keyword(&self.0, "NOT").is_some()
    }

    /// `DEFERRED` or `IMMEDIATE` behind `INITIALLY`, upper case.
    pub fn initially(&self) -> Option<SmolStr> {
        let words = keyword_texts(&self.0);
        let at = words.iter().position(|word| word == "INITIALLY")?;
        words.get(at + 1).cloned()
    }
}

impl MatchClause {
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }
}

impl ConflictClause {
    /// `ROLLBACK`, `ABORT`, `FAIL`, `IGNORE` or `REPLACE`, upper case.
    pub fn resolution(&self) -> Option<SmolStr> {
        keyword_texts(&self.0).into_iter().nth(2)
    }
}

impl ForeignKey {
    /// The columns that refer.
    pub fn columns(&self) -> Vec<Name> {
        column_names(&self.0)
    }

    pub fn references(&self) -> Option<References> {
        child(&self.0)
    }
}

impl Generated {
    /// What stands between the parentheses.
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }

    pub fn stored(&self) -> Option<TextRange> {
        keyword(&self.0, "STORED").map(|token| token.text_range())
    }

    pub fn virtual_(&self) -> Option<TextRange> {
        keyword(&self.0, "VIRTUAL").map(|token| token.text_range())
    }
}

impl IndexedColumn {
    /// What is indexed, without its collation and direction.
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }

    /// The column's name, when what is indexed is just a column.
    pub fn column(&self) -> Option<Name> {
        self.expr()?.as_column().and_then(|column| column.name())
    }

    pub fn collation(&self) -> Option<Name> {
        child::<Collate>(&self.0)?.collation()
    }

    pub fn asc(&self) -> Option<TextRange> {
        keyword(&self.0, "ASC").map(|token| token.text_range())
    }

    pub fn desc(&self) -> Option<TextRange> {
        keyword(&self.0, "DESC").map(|token| token.text_range())
    }
}

impl TableOption {
    /// The words, upper case: `WITHOUT ROWID`, `STRICT`.
    pub fn text(&self) -> SmolStr {
        SmolStr::from(keyword_texts(&self.0).join(" "))
    }
}

impl CreateIndex {
    pub fn unique(&self) -> Option<TextRange> {
        keyword(&self.0, "UNIQUE").map(|token| token.text_range())
    }

    /// The table indexed.
    pub fn table(&self) -> Option<Name> {
        last_name(&self.0)
    }

    pub fn columns(&self) -> Vec<IndexedColumn> {
        indexed_columns(&self.0)
    }

    /// The predicate of a partial index.
    pub fn predicate(&self) -> Option<Expr> {
        child(&child_of(&self.0, SyntaxKind::WHERE_CLAUSE)?)
    }
}

impl CreateView {
    /// The names given to the columns; empty when the query names them.
    pub fn columns(&self) -> Vec<Name> {
        column_names(&self.0)
    }

    pub fn query(&self) -> Option<Query> {
        child(&self.0)
    }
}

impl CreateTrigger {
    /// `BEFORE`, `AFTER` or `INSTEAD OF`, upper case; `None` is `BEFORE` to SQLite.
    pub fn time(&self) -> Option<SmolStr> {
        ["BEFORE", "AFTER", "INSTEAD"]
            .into_iter()
            .find(|word| keyword(&self.0, word).is_some())
            .map(|word| SmolStr::new(if word == "INSTEAD" { "INSTEAD OF" } else { word }))
    }

    pub fn event(&self) -> Option<TriggerEvent> {
        child(&self.0)
    }

    /// The table or view whose rows are watched.
    pub fn table(&self) -> Option<Name> {
        last_name(&self.0)
    }

    pub fn for_each_row(&self) -> Option<TextRange> {
        keywords(&self.0, "FOR", "ROW")
    }

    pub fn when(&self) -> Option<Expr> {
        child(&child_of(&self.0, SyntaxKind::TRIGGER_WHEN)?)
    }

    /// `BEGIN … END`.
    pub fn body(&self) -> Option<SyntaxNode> {
        child_of(&self.0, SyntaxKind::TRIGGER_BODY)
    }

    /// The statements of the body.
    pub fn statements(&self) -> Vec<Statement> {
        match self.body() {
            Some(body) => body.children().filter_map(Statement::cast).collect(),
            None => Vec::new(),
        }
    }
}

impl TriggerEvent {
    /// `INSERT`, `UPDATE` or `DELETE`, upper case.
    pub fn event(&self) -> Option<SmolStr> {
        keyword_texts(&self.0).into_iter().next()
    }

    /// The columns of `UPDATE OF`.
    pub fn columns(&self) -> Vec<Name> {
        self.0
            .children()
            .filter(|child| child.kind() == SyntaxKind::NAME)
            .filter_map(|n| Name::of(&n))
            .collect()
    }
}

impl CreateVirtualTable {
    /// The module behind `USING`.
    pub fn module(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    /// The arguments as written, with where they stand.
    pub fn args(&self) -> Vec<(SmolStr, TextRange)> {
        match child_of(&self.0, SyntaxKind::MODULE_ARGS) {
            Some(args) => args
                .children()
                .filter(|child| child.kind() == SyntaxKind::MODULE_ARG)
                .map(|arg| (SmolStr::from(arg.text().to_string()), arg.text_range()))
                .collect(),
            None => Vec::new(),
        }
    }
}

/// What an `ALTER TABLE` does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AlterAction {
    RenameTable(RenameTable),
    RenameColumn(RenameColumn),
    AddColumn(AddColumn),
    DropColumn(DropColumn),
    AddConstraint(TableConstraint),
    DropConstraint(DropColumn),
    RenameConstraint(RenameConstraint),
    AlterColumn(AlterColumn),
    Other(AlterOther),
}

impl View for AlterAction {
    fn view(node: SyntaxNode) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::RENAME_TABLE => Self::RenameTable(RenameTable(node)),
            SyntaxKind::RENAME_COLUMN => Self::RenameColumn(RenameColumn(node)),
            SyntaxKind::ADD_COLUMN => Self::AddColumn(AddColumn(node)),
            SyntaxKind::DROP_COLUMN => Self::DropColumn(DropColumn(node)),
            SyntaxKind::ADD_CONSTRAINT => Self::AddConstraint(child(&node)?),
            SyntaxKind::DROP_CONSTRAINT => Self::DropConstraint(DropColumn(node)),
            SyntaxKind::RENAME_CONSTRAINT => Self::RenameConstraint(RenameConstraint(node)),
            SyntaxKind::ALTER_COLUMN => Self::AlterColumn(AlterColumn(node)),
            SyntaxKind::ALTER_ACTION => Self::Other(AlterOther(node)),
            _ => return None,
        })
    }
}

impl AlterTable {
    /// The table altered.
    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }

    /// `None` when it is not written, or not known to the grammar (then the statement is not fully analysed).
    pub fn action(&self) -> Option<AlterAction> {
        child(&self.0)
    }

    /// All of them, where the dialect allows several.
    pub fn actions(&self) -> impl Iterator<Item = AlterAction> + use<> {
        children(&self.0)
    }
}

impl RenameTable {
    pub fn to(&self) -> Option<Name> {
        name(&self.0, 0).or_else(|| self.path().map(|path| path.name))
    }

    /// The new name with its schema, where the dialect has one.
    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }
}

impl RenameColumn {
    pub fn from(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn to(&self) -> Option<Name> {
        name(&self.0, 1)
    }
}

impl AddColumn {
    pub fn column(&self) -> Option<Column> {
        child(&self.0)
    }
}

impl DropColumn {
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn if_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }

    /// `CASCADE`.
    pub fn cascade(&self) -> Option<TextRange> {
        keyword(&self.0, "CASCADE").map(|token| token.text_range())
    }
}

/// What a `DROP` removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    Table,
    Index,
    View,
    Trigger,
}

impl Drop {
    pub fn kind(&self) -> Option<ObjectKind> {
        [
            ("TABLE", ObjectKind::Table),
            ("INDEX", ObjectKind::Index),
            ("VIEW", ObjectKind::View),
            ("TRIGGER", ObjectKind::Trigger),
        ]
        .into_iter()
        .find(|(word, _)| keyword(&self.0, word).is_some())
        .map(|(_, kind)| kind)
    }

    pub fn if_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }

    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }

    /// All that is dropped, where the dialect allows several.
    pub fn paths(&self) -> Vec<Path> {
        super::paths(&self.0)
    }

    /// `CASCADE`.
    pub fn cascade(&self) -> Option<TextRange> {
        keyword(&self.0, "CASCADE").map(|token| token.text_range())
    }
}

/// The last name among the direct children: the table, behind a schema or not.
fn last_name(node: &SyntaxNode) -> Option<Name> {
    node.children().filter(|child| child.kind() == SyntaxKind::NAME).last().and_then(|node| Name::of(&node))
}

fn indexed_columns(node: &SyntaxNode) -> Vec<IndexedColumn> {
    match child_of(node, SyntaxKind::INDEXED_COLUMNS) {
        Some(list) => children(&list).collect(),
        None => Vec::new(),
    }
}

/// The keywords among the direct children, upper case.
pub(crate) fn keyword_texts(node: &SyntaxNode) -> Vec<SmolStr> {
    node.children_with_tokens()
        .filter_map(|child| child.into_token())
        .filter(|token| token.kind() == SyntaxKind::KEYWORD)
        .map(|token| SmolStr::from(token.text().trim_matches('`').to_ascii_uppercase()))
        .collect()
}
