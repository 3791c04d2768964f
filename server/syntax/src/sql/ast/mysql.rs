//! Views of what only MySQL and MariaDB have: keys among the columns, options, actions of `ALTER TABLE`, partitions.

use smol_str::SmolStr;
use text::TextRange;

use super::ddl::keyword_texts;
use super::postgres::OptionClause;
use super::{
    AlterTable, Column, CreateTable, DropColumn, ForeignKey, IndexedColumn, LikeClause, Name, Path,
    PrimaryKey, Query, RenameColumn, RenameTable, Unique, child, child_of, children, column_names, keyword,
    keywords, name, node, path, paths,
};
use crate::sql::kind::{SyntaxKind, SyntaxNode};

node! {
    /// `KEY name (…)`, `FULLTEXT name (…)`, `SPATIAL name (…)`.
    KeyDef = KEY_DEF;
    /// `FIRST`, `AFTER column`.
    ColumnPosition = COLUMN_POSITION;
    ModifyColumn = MODIFY_COLUMN;
    ChangeColumn = CHANGE_COLUMN;
    AddKey = ADD_KEY;
    DropKey = DROP_KEY;
    RenameKey = RENAME_KEY;
    Partitioning = PARTITIONING;
    Subpartitioning = SUBPARTITIONING;
    PartitionDef = PARTITION_DEF;
    /// `RENAME TABLE a TO b, …`.
    RenameTables = RENAME_TABLES;
    RenamePair = RENAME_PAIR;
    /// `USE database`.
    Use = USE;
}

impl Use {
    /// The database.
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }
}

impl RenameTables {
    /// Each `a TO b`, in order.
    pub fn pairs(&self) -> impl Iterator<Item = RenamePair> + use<> {
        children(&self.0)
    }

    pub fn if_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }
}

impl RenamePair {
    pub fn from(&self) -> Option<Path> {
        path(&self.0)
    }

    pub fn to(&self) -> Option<Path> {
        paths(&self.0).into_iter().nth(1)
    }
}

impl KeyDef {
    /// `FULLTEXT` or `SPATIAL`.
    pub fn kind(&self) -> Option<&'static str> {
        ["FULLTEXT", "SPATIAL"].into_iter().find(|word| keyword(&self.0, word).is_some())
    }

    /// The name of the index.
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn columns(&self) -> Vec<IndexedColumn> {
        indexed(&self.0)
    }

    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }
}

fn indexed(node: &SyntaxNode) -> Vec<IndexedColumn> {
    child_of(node, SyntaxKind::INDEXED_COLUMNS).map(|list| children(&list).collect()).unwrap_or_default()
}

macro_rules! named_index {
    ($($name:ident),*) => {$(
        impl $name {
            /// The name of the index, which stands behind `KEY` and not behind `CONSTRAINT`.
            pub fn index_name(&self) -> Option<Name> {
                name(&self.0, 0)
            }
        }
    )*};
}
named_index!(Unique, PrimaryKey, ForeignKey);

impl IndexedColumn {
    /// `(10)` behind the column.
    pub fn prefix(&self) -> Option<i64> {
        let node = child_of(&self.0, SyntaxKind::KEY_PREFIX)?;
        let mut tokens = node.children_with_tokens().filter_map(|child| child.into_token());
        tokens.find(|token| token.kind() == SyntaxKind::NUMBER)?.text().parse().ok()
    }
}

impl OptionClause {
    /// The value behind the words: a literal, a name or any other word.
    pub fn value(&self) -> Option<Name> {
        if let Some(name) = name(&self.0, 0) {
            return Some(name);
        }
        let literal = child_of(&self.0, SyntaxKind::LITERAL)?;
        let tokens = literal.children_with_tokens().filter_map(|child| child.into_token());
        let token = tokens.filter(|token| !token.kind().is_trivia()).last()?;
        Some(Name::of_token(&token))
    }

    /// What stands behind the words, as written.
    pub fn text(&self) -> String {
        let mut after = self
            .0
            .children_with_tokens()
            .skip_while(|child| child.kind() == SyntaxKind::KEYWORD || child.kind().is_trivia());
        after.next().map_or(String::new(), |first| {
            let start = first.text_range().start() - self.0.text_range().start();
            let end = self.0.text_range().len();
            self.0.text().slice(start..end).to_string()
        })
    }
}

impl CreateTable {
    /// `LIKE table`.
    pub fn like(&self) -> Option<LikeClause> {
        child(&self.0)
    }

    /// `PARTITION BY …`.
    pub fn partitioning(&self) -> Option<Partitioning> {
        child(&self.0)
    }
}

/// What one action of an `ALTER TABLE` of MySQL does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TableAction {
    /// `ADD [COLUMN] …`; several in parentheses.
    AddColumns(Vec<Column>, Option<ColumnPosition>),
    ModifyColumn(ModifyColumn),
    ChangeColumn(ChangeColumn),
    DropColumn(DropColumn),
    RenameColumn(RenameColumn),
    /// `ADD KEY …`, `ADD CONSTRAINT …`: the node of the key.
    AddKey(SyntaxNode),
    DropKey(DropKey),
    RenameKey(RenameKey),
    RenameTable(RenameTable),
    /// `ALTER COLUMN …`, `ALTER INDEX …`, `ALTER CHECK …`.
    Alter(super::AlterColumn),
    /// An option of the table.
    Option(OptionClause),
    Partition(Partitioning),
    Other(super::AlterOther),
}

impl AlterTable {
    /// What a MySQL does, in order.
    pub fn table_actions(&self) -> Vec<TableAction> {
        self.0.children().flat_map(|node| TableAction::of(&node)).collect()
    }
}

impl TableAction {
    fn of(node: &SyntaxNode) -> Vec<TableAction> {
        let one = match node.kind() {
            SyntaxKind::ADD_COLUMN => {
                let columns = children(node).collect();
                let keys = node.children().filter(|child| is_key(child.kind())).map(TableAction::AddKey);
                let mut out = vec![TableAction::AddColumns(columns, child(node))];
                out.extend(keys);
                return out;
            }
            SyntaxKind::MODIFY_COLUMN => ModifyColumn::cast(node.clone()).map(Self::ModifyColumn),
            SyntaxKind::CHANGE_COLUMN => ChangeColumn::cast(node.clone()).map(Self::ChangeColumn),
            SyntaxKind::DROP_COLUMN => DropColumn::cast(node.clone()).map(Self::DropColumn),
            SyntaxKind::RENAME_COLUMN => RenameColumn::cast(node.clone()).map(Self::RenameColumn),
            SyntaxKind::ADD_KEY => node.children().find(|child| is_key(child.kind())).map(Self::AddKey),
            SyntaxKind::DROP_KEY => DropKey::cast(node.clone()).map(Self::DropKey),
            SyntaxKind::RENAME_KEY => RenameKey::cast(node.clone()).map(Self::RenameKey),
            SyntaxKind::RENAME_TABLE => RenameTable::cast(node.clone()).map(Self::RenameTable),
            SyntaxKind::ALTER_COLUMN => super::AlterColumn::cast(node.clone()).map(Self::Alter),
            SyntaxKind::OPTION => OptionClause::cast(node.clone()).map(Self::Option),
            SyntaxKind::PARTITIONING => Partitioning::cast(node.clone()).map(Self::Partition),
            SyntaxKind::ALTER_ACTION => super::AlterOther::cast(node.clone()).map(Self::Other),
            _ => None,
        };
        one.into_iter().collect()
    }
}

fn is_key(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::KEY_DEF
            | SyntaxKind::PRIMARY_KEY
            | SyntaxKind::UNIQUE
            | SyntaxKind::FOREIGN_KEY
            | SyntaxKind::CHECK
            | SyntaxKind::PERIOD
    )
}

impl ColumnPosition {
    /// The column it comes behind; `None` for `FIRST`.
    pub fn after(&self) -> Option<Name> {
        name(&self.0, 0)
    }
}

impl ModifyColumn {
    pub fn column(&self) -> Option<Column> {
        child(&self.0)
    }

    pub fn position(&self) -> Option<ColumnPosition> {
        child(&self.0)
    }
}

impl ChangeColumn {
    /// The old name.
    pub fn from(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn column(&self) -> Option<Column> {
        child(&self.0)
    }

    pub fn position(&self) -> Option<ColumnPosition> {
        child(&self.0)
    }
}

impl DropKey {
    /// `PRIMARY KEY`, `FOREIGN KEY`, `INDEX`, `KEY`, `CHECK`, `CONSTRAINT`, upper case.
    pub fn kind(&self) -> SmolStr {
        let words = keyword_texts(&self.0);
        let words = words.iter().skip(1).take_while(|word| *word != "IF").map(SmolStr::as_str);
        SmolStr::from(words.collect::<Vec<_>>().join(" "))
    }

    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn if_exists(&self) -> Option<TextRange> {
        keywords(&self.0, "IF", "EXISTS")
    }
}

impl RenameKey {
    pub fn from(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn to(&self) -> Option<Name> {
        name(&self.0, 1)
    }
}

/// What `PARTITION BY` and `SUBPARTITION BY` have in common.
macro_rules! partitioning {
    ($($name:ident),*) => {$(
        impl $name {
            /// `RANGE`, `RANGE COLUMNS`, `LINEAR HASH`, `KEY`, `SYSTEM_TIME`, …, upper case.
            pub fn kind(&self) -> SmolStr {
                let words = keyword_texts(&self.0);
                let kinds = words.iter().skip(2).filter(|word| {
                    ["LINEAR", "KEY", "RANGE", "LIST", "HASH", "COLUMNS", "SYSTEM_TIME"].contains(&word.as_str())
                });
                SmolStr::from(kinds.map(SmolStr::as_str).collect::<Vec<_>>().join(" "))
            }

            /// The columns of kinds that take columns.
            pub fn columns(&self) -> Vec<Name> {
                column_names(&self.0)
            }

            /// The expression of the other kinds.
            pub fn expr(&self) -> Option<super::Expr> {
                child(&self.0)
            }

            /// `PARTITIONS n`.
            pub fn count(&self) -> Option<i64> {
                let literal: super::Literal = child(&self.0)?;
                literal.syntax().text().to_string().trim().parse().ok()
            }
        }
    )*};
}
partitioning!(Partitioning, Subpartitioning);

impl Partitioning {
    pub fn subpartitioning(&self) -> Option<Subpartitioning> {
        child(&self.0)
    }

    /// The partitions that are written one by one.
    pub fn partitions(&self) -> impl Iterator<Item = PartitionDef> + use<> {
        children(&self.0)
    }

    /// What stands behind `SYSTEM_TIME`.
    pub fn system_time(&self) -> Option<String> {
        Some(child_of(&self.0, SyntaxKind::LOOSE)?.text().to_string().trim().to_owned())
    }
}

impl PartitionDef {
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    /// Whether the values are those of `VALUES IN`.
    pub fn is_list(&self) -> bool {
        child_of(&self.0, SyntaxKind::PARTITION_VALUES).is_some_and(|node| keyword(&node, "IN").is_some())
    }

    /// The values between the commas, as written; `MAXVALUE` without parentheses is one.
    pub fn values(&self) -> Vec<String> {
        let Some(node) = child_of(&self.0, SyntaxKind::PARTITION_VALUES) else { return Vec::new() };
        let Some(list) = child_of(&node, SyntaxKind::LOOSE) else {
            let words = ["MAXVALUE", "CURRENT", "HISTORY", "DEFAULT"];
            return words
                .into_iter()
                .filter(|word| keyword(&node, word).is_some())
                .map(str::to_owned)
                .collect();
        };
        let mut out = vec![String::new()];
        let mut depth = 0;
        for token in list.children_with_tokens().filter_map(|child| child.into_token()) {
            match token.kind() {
                SyntaxKind::L_PAREN if depth == 0 => {
                    depth = 1;
                    continue;
                }
                SyntaxKind::L_PAREN => depth += 1,
                SyntaxKind::R_PAREN if depth == 1 => break,
                SyntaxKind::R_PAREN => depth -= 1,
                SyntaxKind::COMMA if depth == 1 => {
                    out.push(String::new());
                    continue;
                }
                _ => {}
            }
            if let Some(last) = out.last_mut() {
                last.push_str(token.text());
            }
        }
        out.into_iter().map(|value| value.trim().to_owned()).collect()
    }

    /// Whether subpartitions are named.
    pub fn has_subpartitions(&self) -> bool {
        child_of(&self.0, SyntaxKind::LOOSE).is_some()
    }

    pub fn options(&self) -> impl Iterator<Item = OptionClause> + use<> {
        children(&self.0)
    }
}

/// What the heads of views, triggers, routines and events have in common.
macro_rules! headed {
    ($($name:ident),*) => {$(
        impl $name {
            /// The query, body or statement it holds, as written.
            pub fn body_text(&self) -> Option<String> {
                let kinds = [SyntaxKind::ROUTINE_BODY, SyntaxKind::TRIGGER_BODY, SyntaxKind::QUERY];
                let node = self.0.children().find(|child| kinds.contains(&child.kind()))?;
                Some(node.text().to_string().trim().to_owned())
            }
        }
    )*};
}
headed!(CreateView, CreateTrigger, CreateObject, AlterObject);

use super::{AlterObject, CreateObject, CreateTrigger, CreateView};

impl CreateObject {
    /// The word right before the name: `DATABASE`, `FUNCTION`, `EVENT`, upper case.
    pub fn object_word(&self) -> SmolStr {
        object_word(&self.0)
    }
}

impl AlterObject {
    /// The word right before the name: `DATABASE`, `FUNCTION`, `EVENT`, upper case.
    pub fn object_word(&self) -> SmolStr {
        object_word(&self.0)
    }
}

impl super::DropObject {
    /// The word right before the name: `DATABASE`, `FUNCTION`, `EVENT`, upper case.
    pub fn object_word(&self) -> SmolStr {
        object_word(&self.0)
    }
}

fn object_word(node: &SyntaxNode) -> SmolStr {
    let words = keyword_texts(node);
    let known = ["DATABASE", "SCHEMA", "PROCEDURE", "FUNCTION", "EVENT", "SEQUENCE"];
    words.into_iter().find(|word| known.contains(&word.as_str())).unwrap_or_default()
}

/// The query of `CREATE TABLE … SELECT` is a direct child.
impl Query {
    /// As written.
    pub fn text(&self) -> String {
        self.0.text().to_string().trim().to_owned()
    }
}
