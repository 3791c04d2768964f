//! Views of what only PostgreSQL, and in part MySQL, has: objects of many kinds, options in words, parameters.

use smol_str::SmolStr;
use text::TextRange;

use super::ddl::keyword_texts;
use super::{
    Collate, Column, ColumnConstraint, CreateIndex, CreateTable, CreateTrigger, CreateView, Deferrable, Expr,
    IndexedColumn, Literal, Name, Path, PrimaryKey, Query, TableConstraint, TypeName, Unique, child,
    child_of, children, keyword, keywords, name, node, path, paths,
};
use crate::sql::ast::{AlterAction, AlterTable, Drop, ForeignKey, NotNull, RenameTable, TriggerEvent};
use crate::sql::kind::{SyntaxKind, SyntaxNode};

node! {
    /// `CREATE` of an object that is no table, index, view or trigger.
    CreateObject = CREATE_OBJECT;
    AlterObject = ALTER_OBJECT;
    DropObject = DROP_OBJECT;
    CommentOn = COMMENT_ON;
    Grant = GRANT;
    SetOption = SET_OPTION;
    Copy = COPY;
    Command = COMMAND;
    /// `GENERATED … AS IDENTITY ( options )`.
    Identity = IDENTITY;
    /// An option in words: `TABLESPACE x`, `START WITH 5`.
    OptionClause = OPTION;
    /// `name = value` in parentheses.
    Param = PARAM;
    Exclude = EXCLUDE;
    LikeClause = LIKE_CLAUSE;
    PartitionBy = PARTITION_BY;
    PartitionBound = PARTITION_BOUND;
    NullsDistinct = NULLS_DISTINCT;
    RenameConstraint = RENAME_CONSTRAINT;
    AlterColumn = ALTER_COLUMN;
    /// An action of an `ALTER` that has no view of its own.
    AlterOther = ALTER_ACTION;
    RoutineParam = ROUTINE_PARAM;
}

/// Words that say nothing about the kind of an object.
const BESIDE: &[&str] = &[
    "CREATE",
    "ALTER",
    "DROP",
    "COMMENT",
    "ON",
    "OR",
    "REPLACE",
    "TEMP",
    "TEMPORARY",
    "GLOBAL",
    "LOCAL",
    "UNLOGGED",
    "IF",
    "NOT",
    "EXISTS",
    "TRUSTED",
    "PROCEDURAL",
    "DEFAULT",
];

/// The words before the first name that say what kind of object is meant, upper case: `EVENT TRIGGER`.
fn kind(node: &SyntaxNode) -> SmolStr {
    let mut words: Vec<String> = Vec::new();
    for child in node.children_with_tokens() {
        match child {
            rowan::NodeOrToken::Node(_) => break,
            rowan::NodeOrToken::Token(token) if token.kind() == SyntaxKind::KEYWORD => {
                let word = token.text().to_ascii_uppercase();
                if !BESIDE.contains(&word.as_str()) {
                    words.push(word);
                }
            }
            rowan::NodeOrToken::Token(_) => {}
        }
    }
    SmolStr::from(words.join(" "))
}

macro_rules! object {
    ($($name:ident),*) => {$(
        impl $name {
            /// What kind of object, upper case: `TYPE`, `EVENT TRIGGER`.
            pub fn kind(&self) -> SmolStr {
                kind(&self.0)
            }

            /// The name of the object.
            pub fn path(&self) -> Option<Path> {
                path(&self.0)
            }

            /// `( type, … )` behind the name of a routine, with its parentheses.
            pub fn signature(&self) -> Option<SyntaxNode> {
                child_of(&self.0, SyntaxKind::SIGNATURE)
            }

            /// Whether the keyword `word` stands directly in the statement.
            pub fn has(&self, word: &str) -> bool {
                keyword(&self.0, word).is_some()
            }
        }
    )*};
}
object!(CreateObject, AlterObject, DropObject, CommentOn);

impl CreateObject {
    pub fn if_not_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }

    /// `TEMP` or `TEMPORARY`.
    pub fn temporary(&self) -> bool {
        self.has("TEMP") || self.has("TEMPORARY")
    }

    /// `OR REPLACE`.
    pub fn or_replace(&self) -> bool {
        self.has("REPLACE")
    }

    /// The values of an enum.
    pub fn values(&self) -> Vec<Literal> {
        child_of(&self.0, SyntaxKind::ENUM_VALUES).map(|list| children(&list).collect()).unwrap_or_default()
    }

    /// The fields of a composite type.
    pub fn fields(&self) -> Option<Vec<Column>> {
        Some(children(&child_of(&self.0, SyntaxKind::TABLE_ELEMENTS)?).collect())
    }

    /// The type a domain is of.
    pub fn type_name(&self) -> Option<TypeName> {
        child(&self.0)
    }

    /// The constraints of a domain.
    pub fn constraints(&self) -> impl Iterator<Item = ColumnConstraint> + use<> {
        children(&self.0)
    }

    /// The options in words.
    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }

    /// The parameters in parentheses, of a range type or an aggregate.
    pub fn params(&self) -> Option<Vec<Param>> {
        params(&self.0)
    }

    /// The roles a policy is for.
    pub fn roles(&self) -> Vec<Name> {
        roles(&self.0)
    }

    /// The parameters of a routine; `None` when it has no parentheses.
    pub fn routine_params(&self) -> Option<Vec<RoutineParam>> {
        Some(children(&child_of(&self.0, SyntaxKind::ROUTINE_PARAMS)?).collect())
    }

    /// `RETURNS …`, each.
    pub fn returns(&self) -> Vec<SyntaxNode> {
        self.0.children().filter(|child| child.kind() == SyntaxKind::ROUTINE_RETURNS).collect()
    }

    /// `AS '…'`, `RETURN …` or `BEGIN ATOMIC … END`.
    pub fn body(&self) -> Option<SyntaxNode> {
        child_of(&self.0, SyntaxKind::ROUTINE_BODY)
    }

    /// The statements within a `CREATE SCHEMA`.
    pub fn elements(&self) -> Vec<super::Statement> {
        self.0.children().filter_map(super::Statement::cast).collect()
    }

    /// The event of an event trigger.
    pub fn event(&self) -> Option<Name> {
        name(&child_of(&self.0, SyntaxKind::TRIGGER_EVENT)?, 0)
    }

    /// The condition of an event trigger.
    pub fn when(&self) -> Option<Expr> {
        child(&child_of(&self.0, SyntaxKind::TRIGGER_WHEN)?)
    }

    /// The function an event trigger calls.
    pub fn executes(&self) -> Option<Path> {
        path(&child_of(&self.0, SyntaxKind::TRIGGER_EXECUTE)?)
    }
}

fn params(node: &SyntaxNode) -> Option<Vec<Param>> {
    Some(children(&child_of(node, SyntaxKind::PARAMS)?).collect())
}

fn roles(node: &SyntaxNode) -> Vec<Name> {
    let Some(list) = child_of(node, SyntaxKind::ROLES) else { return Vec::new() };
    let names = list.children().filter(|child| child.kind() == SyntaxKind::NAME);
    names.filter_map(|node| Name::of(&node)).collect()
}

impl AlterObject {
    pub fn if_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }

    pub fn actions(&self) -> impl Iterator<Item = AlterAction> + use<> {
        children(&self.0)
    }

    /// The options in words directly in the statement: of a policy; `ON table`.
    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }

    /// The roles of a policy.
    pub fn roles(&self) -> Vec<Name> {
        roles(&self.0)
    }
}

impl DropObject {
    pub fn if_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }

    /// All that is dropped.
    pub fn paths(&self) -> Vec<Path> {
        paths(&self.0)
    }

    /// The table of a policy or rule.
    pub fn on(&self) -> Option<Path> {
        path(child::<OptionClause>(&self.0)?.syntax())
    }

    pub fn cascade(&self) -> bool {
        self.has("CASCADE")
    }
}

impl Drop {
    /// Whether it is `DROP MATERIALIZED VIEW`.
    pub fn materialized(&self) -> bool {
        keyword(&self.0, "MATERIALIZED").is_some()
    }

    /// The table of a trigger.
    pub fn on(&self) -> Option<Path> {
        path(child::<OptionClause>(&self.0)?.syntax())
    }
}

impl CommentOn {
    /// The table behind the second `ON`, of a trigger, constraint or policy.
    pub fn on(&self) -> Option<Path> {
        paths(&self.0).into_iter().nth(1)
    }

    /// The texts, which belong together; empty for `NULL`.
    pub fn texts(&self) -> Vec<Literal> {
        children::<Literal>(&self.0).collect()
    }
}

impl SetOption {
    /// `SET` or `RESET`, and `LOCAL` or `SESSION`, upper case.
    pub fn words(&self) -> Vec<SmolStr> {
        keyword_texts(&self.0)
    }

    /// The name of the setting.
    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }

    /// The value as written.
    pub fn value(&self) -> String {
        match child_of(&self.0, SyntaxKind::LOOSE) {
            Some(value) => value.text().to_string().trim().to_owned(),
            None => String::new(),
        }
    }
}

impl OptionClause {
    /// The keywords, upper case, one space between them.
    pub fn words(&self) -> SmolStr {
        SmolStr::from(keyword_texts(&self.0).join(" "))
    }

    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }

    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn literal(&self) -> Option<Literal> {
        child(&self.0)
    }

    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }

    pub fn type_name(&self) -> Option<TypeName> {
        child(&self.0)
    }

    /// A number with its sign.
    pub fn number(&self) -> Option<String> {
        let mut sign = String::new();
        for token in self.0.children_with_tokens().filter_map(|child| child.into_token()) {
            match token.kind() {
                SyntaxKind::MINUS => sign = "-".to_owned(),
                SyntaxKind::NUMBER => return Some(format!("{sign}{}", token.text())),
                _ => {}
            }
        }
        None
    }
}

impl Param {
    /// The name, with a namespace before it (`toast.autovacuum_enabled`).
    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }

    /// The value as written; `None` when there is only a name.
    pub fn value(&self) -> Option<String> {
        Some(child_of(&self.0, SyntaxKind::LOOSE)?.text().to_string().trim().to_owned())
    }
}

impl Identity {
    /// `ALWAYS`, or else `BY DEFAULT`.
    pub fn always(&self) -> bool {
        keyword(&self.0, "ALWAYS").is_some()
    }

    /// The options of its sequence.
    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }
}

impl LikeClause {
    pub fn table(&self) -> Option<Path> {
        path(&self.0)
    }

    /// `INCLUDING ALL`, `EXCLUDING INDEXES`, …, in order.
    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }
}

impl PartitionBy {
    /// `RANGE`, `LIST` or `HASH`, as written.
    pub fn strategy(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn columns(&self) -> Vec<IndexedColumn> {
        indexed(&self.0)
    }
}

impl PartitionBound {
    /// As written: `FOR VALUES IN (1)`, `DEFAULT`.
    pub fn text(&self) -> String {
        self.0.text().to_string().trim().to_owned()
    }
}

impl NullsDistinct {
    /// Whether it says `NULLS NOT DISTINCT`.
    pub fn is_not(&self) -> bool {
        keyword(&self.0, "NOT").is_some()
    }
}

fn indexed(node: &SyntaxNode) -> Vec<IndexedColumn> {
    child_of(node, SyntaxKind::INDEXED_COLUMNS).map(|list| children(&list).collect()).unwrap_or_default()
}

/// What indexes and the constraints made of them have in common.
macro_rules! indexing {
    ($($name:ident),*) => {$(
        impl $name {
            /// The columns of `INCLUDE`.
            pub fn include(&self) -> Vec<Name> {
                child_of(&self.0, SyntaxKind::INCLUDE)
                    .map(|list| super::column_names(&list))
                    .unwrap_or_default()
            }

            /// `WITH ( name = value, … )`.
            pub fn params(&self) -> Option<Vec<Param>> {
                params(&self.0)
            }

            /// The options in words.
            pub fn index_options(&self) -> impl Iterator<Item = OptionClause> + use<> {
                children(&self.0)
            }

            pub fn nulls_distinct(&self) -> Option<NullsDistinct> {
                child(&self.0)
            }
        }
    )*};
}
indexing!(CreateIndex, PrimaryKey, Unique, Exclude);

/// The attributes of constraints.
macro_rules! attributes {
    ($($name:ident),*) => {$(
        impl $name {
            /// `[NOT] DEFERRABLE [INITIALLY …]`; `INITIALLY …` may stand apart.
            pub fn deferrables(&self) -> impl Iterator<Item = Deferrable> + use<> {
                children(&self.0)
            }

            /// `USING INDEX name`.
            pub fn using_index(&self) -> Option<Name> {
                name(&child_of(&self.0, SyntaxKind::USING_INDEX)?, 0)
            }

            /// `NO INHERIT`, `NOT VALID`, `NOT ENFORCED`, upper case.
            pub fn attributes(&self) -> Vec<SmolStr> {
                let mut out: Vec<SmolStr> =
                    children::<OptionClause>(&self.0).map(|option| option.words()).collect();
                if keyword(&self.0, "INHERIT").is_some() {
                    out.push("NO INHERIT".into());
                }
                out
            }
        }
    )*};
}
attributes!(PrimaryKey, Unique, Exclude);

impl super::Check {
    /// `NO INHERIT`, `NOT VALID`, `NOT ENFORCED`, upper case.
    pub fn attributes(&self) -> Vec<SmolStr> {
        let mut out: Vec<SmolStr> = children::<OptionClause>(&self.0).map(|option| option.words()).collect();
        if keyword(&self.0, "INHERIT").is_some() {
            out.push("NO INHERIT".into());
        }
        out
    }
}

impl super::References {
    /// `NOT VALID`, `NOT ENFORCED`, upper case.
    pub fn attributes(&self) -> Vec<SmolStr> {
        children::<OptionClause>(&self.0).map(|option| option.words()).collect()
    }

    /// `[NOT] DEFERRABLE [INITIALLY …]`; `INITIALLY …` may stand apart.
    pub fn deferrables(&self) -> impl Iterator<Item = Deferrable> + use<> {
        children(&self.0)
    }
}

impl ForeignKey {
    /// Attributes written behind the references.
    pub fn deferrables(&self) -> impl Iterator<Item = Deferrable> + use<> {
        children(&self.0)
    }
}

impl NotNull {
    /// The column of `NOT NULL column` among the constraints of a table.
    pub fn column(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    /// `NO INHERIT`.
    pub fn no_inherit(&self) -> bool {
        keyword(&self.0, "INHERIT").is_some()
    }
}

impl Exclude {
    /// The name behind `CONSTRAINT`.
    pub fn name(&self) -> Option<Name> {
        name(&child_of(&self.0, SyntaxKind::CONSTRAINT_NAME)?, 0)
    }

    /// The access method behind `USING`.
    pub fn method(&self) -> Option<Name> {
        let using = children::<OptionClause>(&self.0).find(|option| option.words() == "USING")?;
        Some(using.path()?.name)
    }

    pub fn columns(&self) -> Vec<IndexedColumn> {
        indexed(&self.0)
    }

    pub fn predicate(&self) -> Option<Expr> {
        child(&child_of(&self.0, SyntaxKind::WHERE_CLAUSE)?)
    }
}

impl IndexedColumn {
    /// The operator class.
    pub fn opclass(&self) -> Option<Path> {
        path(&child_of(&self.0, SyntaxKind::OPCLASS)?)
    }

    /// The parameters of the operator class.
    pub fn opclass_params(&self) -> Option<Vec<Param>> {
        params(&child_of(&self.0, SyntaxKind::OPCLASS)?)
    }

    /// The operator of an element of an exclusion.
    pub fn operator(&self) -> Option<String> {
        let with = child_of(&self.0, SyntaxKind::EXCLUDE_OPERATOR)?;
        Some(child_of(&with, SyntaxKind::LOOSE)?.text().to_string().trim().to_owned())
    }

    /// `FIRST` or `LAST` behind `NULLS`, upper case.
    pub fn nulls(&self) -> Option<SmolStr> {
        let words = keyword_texts(&self.0);
        let at = words.iter().position(|word| word == "NULLS")?;
        words.get(at + 1).cloned()
    }

    /// The collation with its schema.
    pub fn collate(&self) -> Option<Path> {
        child::<Collate>(&self.0)?.path()
    }
}

impl CreateIndex {
    /// The table indexed, with its schema.
    pub fn table_path(&self) -> (Option<Name>, Option<Name>) {
        table_names(&self.0)
    }

    pub fn only(&self) -> bool {
        keyword(&self.0, "ONLY").is_some()
    }

    pub fn concurrently(&self) -> bool {
        keyword(&self.0, "CONCURRENTLY").is_some()
    }

    /// The access method behind `USING`.
    pub fn method(&self) -> Option<Name> {
        let using = children::<OptionClause>(&self.0).find(|option| option.words() == "USING")?;
        Some(using.path()?.name)
    }
}

/// Schema and table that stand as names directly in a statement.
fn table_names(node: &SyntaxNode) -> (Option<Name>, Option<Name>) {
    let names = node.children().filter(|child| child.kind() == SyntaxKind::NAME);
    let mut names: Vec<Name> = names.filter_map(|node| Name::of(&node)).collect();
    let table = names.pop();
    (names.pop(), table)
}

impl CreateTrigger {
    /// The table or view, with its schema.
    pub fn table_path(&self) -> (Option<Name>, Option<Name>) {
        table_names(&self.0)
    }

    pub fn or_replace(&self) -> bool {
        keyword(&self.0, "REPLACE").is_some()
    }

    /// Whether it is a constraint trigger.
    pub fn constraint(&self) -> bool {
        keyword(&self.0, "CONSTRAINT").is_some()
    }

    pub fn events(&self) -> impl Iterator<Item = TriggerEvent> + use<> {
        children(&self.0)
    }

    pub fn for_each_statement(&self) -> bool {
        keyword(&self.0, "STATEMENT").is_some()
    }

    /// `REFERENCING …`.
    pub fn referencing(&self) -> Option<SyntaxNode> {
        child_of(&self.0, SyntaxKind::REFERENCING)
    }

    /// The function called, and its arguments with their parentheses.
    pub fn executes(&self) -> Option<(Path, Option<SyntaxNode>)> {
        let execute = child_of(&self.0, SyntaxKind::TRIGGER_EXECUTE)?;
        Some((path(&execute)?, child_of(&execute, SyntaxKind::ARGS)))
    }

    /// `[NOT] DEFERRABLE [INITIALLY …]`; `INITIALLY …` may stand apart.
    pub fn deferrables(&self) -> impl Iterator<Item = Deferrable> + use<> {
        children(&self.0)
    }

    /// The table behind `FROM` of a constraint trigger.
    pub fn from(&self) -> Option<Path> {
        children::<OptionClause>(&self.0).find(|option| option.words() == "FROM")?.path()
    }
}

impl CreateTable {
    /// The tables it inherits from.
    pub fn inherits(&self) -> Vec<Path> {
        child_of(&self.0, SyntaxKind::INHERITS).map(|list| paths(&list)).unwrap_or_default()
    }

    /// The table it is a partition of.
    pub fn partition_of(&self) -> Option<Path> {
        path(&child_of(&self.0, SyntaxKind::PARTITION_OF)?)
    }

    pub fn bound(&self) -> Option<PartitionBound> {
        child(&self.0)
    }

    pub fn partition_by(&self) -> Option<PartitionBy> {
        child(&self.0)
    }

    pub fn unlogged(&self) -> bool {
        keyword(&self.0, "UNLOGGED").is_some()
    }

    pub fn likes(&self) -> impl Iterator<Item = LikeClause> + use<> {
        self.elements().into_iter().flat_map(|elements| children(&elements))
    }

    /// `WITH ( name = value, … )`.
    pub fn params(&self) -> Option<Vec<Param>> {
        params(&self.0)
    }

    /// `TABLESPACE x`, `USING x`, `OF type`, `ON COMMIT …`.
    pub fn clauses(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }
}

impl CreateView {
    pub fn materialized(&self) -> bool {
        keyword(&self.0, "MATERIALIZED").is_some()
    }

    pub fn recursive(&self) -> bool {
        keyword(&self.0, "RECURSIVE").is_some()
    }

    pub fn or_replace(&self) -> bool {
        keyword(&self.0, "REPLACE").is_some()
    }

    /// The query from its first token to its last, as written.
    pub fn body(&self) -> Option<String> {
        let query = child::<Query>(&self.0)?;
        Some(query.syntax().text().to_string().trim().to_owned())
    }

    /// `WITH ( name = value, … )`.
    pub fn params(&self) -> Option<Vec<Param>> {
        params(&self.0)
    }

    /// `USING x`, `TABLESPACE x`.
    pub fn clauses(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }

    /// `WITH CASCADED CHECK OPTION`, `WITH NO DATA`, upper case.
    pub fn option(&self) -> Option<SmolStr> {
        let option = child_of(&self.0, SyntaxKind::VIEW_OPTION)?;
        Some(SmolStr::from(keyword_texts(&option).join(" ")))
    }
}

impl AlterTable {
    /// `TABLE`, `INDEX`, `VIEW`, `MATERIALIZED VIEW`, `FOREIGN TABLE`.
    pub fn kind(&self) -> SmolStr {
        let kind = kind(&self.0);
        kind.strip_suffix(" ONLY").map_or(kind.clone(), SmolStr::new)
    }

    pub fn if_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }
}

impl RenameConstraint {
    pub fn from(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn to(&self) -> Option<Name> {
        name(&self.0, 1)
    }
}

impl AlterColumn {
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    /// The keywords, upper case, without `ALTER` and `COLUMN` before the name.
    pub fn words(&self) -> SmolStr {
        let words = keyword_texts(&self.0);
        let words: Vec<&str> = words
            .iter()
            .map(SmolStr::as_str)
            .skip(1)
            .skip_while(|word| matches!(*word, "COLUMN" | "ATTRIBUTE"))
            .collect();
        SmolStr::from(words.join(" "))
    }

    pub fn type_name(&self) -> Option<TypeName> {
        child(&self.0)
    }

    pub fn collate(&self) -> Option<Collate> {
        child(&self.0)
    }

    pub fn default(&self) -> Option<super::Default> {
        child(&self.0)
    }

    pub fn identity(&self) -> Option<Identity> {
        child(&self.0)
    }

    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }

    pub fn params(&self) -> Option<Vec<Param>> {
        params(&self.0)
    }

    /// The expression of `SET EXPRESSION AS (…)`, or of `USING`.
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }

    /// The word behind `SET STORAGE` and the like, as written.
    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }
}

impl AlterOther {
    /// The keywords, upper case, one space between them.
    pub fn words(&self) -> SmolStr {
        SmolStr::from(keyword_texts(&self.0).join(" "))
    }

    pub fn paths(&self) -> Vec<Path> {
        paths(&self.0)
    }

    pub fn params(&self) -> Option<Vec<Param>> {
        params(&self.0)
    }

    pub fn literals(&self) -> Vec<Literal> {
        children(&self.0).collect()
    }

    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }

    pub fn bound(&self) -> Option<PartitionBound> {
        child(&self.0)
    }

    pub fn default(&self) -> Option<super::Default> {
        child(&self.0)
    }

    pub fn constraints(&self) -> impl Iterator<Item = TableConstraint> + use<> {
        children(&self.0)
    }
}

impl RenameTable {
    /// The new name with where it stands; a rename never moves to another schema.
    pub fn range_of_name(&self) -> Option<TextRange> {
        self.to().map(|name| name.range)
    }
}

impl RoutineParam {
    /// `IN`, `OUT`, `INOUT` or `VARIADIC`, upper case.
    pub fn mode(&self) -> Option<SmolStr> {
        let words = keyword_texts(&self.0);
        words.into_iter().find(|word| ["IN", "OUT", "INOUT", "VARIADIC"].contains(&word.as_str()))
    }

    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn type_name(&self) -> Option<TypeName> {
        child(&self.0)
    }

    pub fn default(&self) -> Option<Expr> {
        child(&self.0)
    }
}

impl super::ReferenceAction {
    /// The columns of `SET NULL (a, b)`.
    pub fn columns(&self) -> Vec<Name> {
        super::column_names(&self.0)
    }
}
