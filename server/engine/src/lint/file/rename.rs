//! Renames, told from a statement's words: to a comparison of two states they are a drop and an add.
//!
//! Source: reference lint.md §7, FixChange.

use schema::change::TableChange;
use schema::{Change, Realm, SmolStr};
use syntax::sql::Piece;
use text::TextSize;

use crate::diff::{self, Policy};
use crate::lint::Words;
use crate::lint::words::{Word, WordKind, starts_with};
use crate::{Dialect, Error, renames};

/// What a statement renames.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rename {
    Table(SmolStr, SmolStr),
    Column(SmolStr, SmolStr),
    Index(SmolStr, SmolStr),
}

/// `changes` of the statement of `piece`, which lead from one state to the other, with its renames as such.
///
/// # Errors
/// States that cannot be compared.
pub(super) fn fold(
    mut changes: Vec<Change>,
    piece: &Piece,
    (before, after): (&Realm, &Realm),
    dialect: &'static Dialect,
) -> Result<Vec<Change>, Error> {
    let text = piece.statement_text().as_bytes();
    let says = |word: &[u8]| text.windows(6).any(|six| six.eq_ignore_ascii_case(word));
    if !says(b"rename") && !says(b"change") {
        return Ok(changes);
    }
    for rename in said(&Words::of(piece, TextSize::new(0))) {
        match &rename {
            Rename::Table(from, to) => table(&mut changes, from, to),
            Rename::Column(from, to) => {
                each_table(&mut changes, |changes| column(changes, from, to));
            }
            Rename::Index(from, to) => {
                each_table(&mut changes, |changes| index(changes, from, to));
            }
        }
    }
    columns(changes, (before, after), dialect)
}

/// `changes` with what is left of them when the renamed columns of a table are taken for the same ones: an index over such
/// a column is no other index, and a type that changed on the way is a change of its own.
fn columns(
    changes: Vec<Change>,
    (before, after): (&Realm, &Realm),
    dialect: &'static Dialect,
) -> Result<Vec<Change>, Error> {
    let is_rename = |change: &TableChange| matches!(change, TableChange::RenameColumn { .. });
    let mut renamed: Vec<Change> = Vec::new();
    for change in &changes {
        if let Change::ModifyTable { from, to, changes } = change {
            let changes: Vec<TableChange> = changes.iter().filter(|it| is_rename(it)).cloned().collect();
            // A name that came back, or went on, is told by the words alone.
            let twice = changes.iter().any(|change| match change {
                TableChange::RenameColumn { from: old, to: new } => {
                    to.column(&old.name).is_some() || from.column(&new.name).is_some()
                }
                _ => false,
            });
            if from.name == to.name && !changes.is_empty() && !twice {
                renamed.push(Change::ModifyTable { from: from.clone(), to: to.clone(), changes });
            }
        }
    }
    if renamed.is_empty() {
        return Ok(changes);
    }
    let mut followed = before.clone();
    for change in &renamed {
        renames::follow(&mut followed, change, dialect);
    }
    let mut rest = diff::diff(&followed, after, dialect, &Policy::default())?;
    for change in renamed {
        let Change::ModifyTable { from, to, changes: mut own } = change else { continue };
        let same = rest.iter().position(
            |other| matches!(other, Change::ModifyTable { to: other, .. } if other.schema == to.schema && other.name == to.name),
        );
        match same.and_then(|at| rest.get_mut(at)) {
            Some(Change::ModifyTable { changes, .. }) => {
                own.append(changes);
                *changes = own;
            }
            _ => rest.push(Change::ModifyTable { from, to, changes: own }),
        }
    }
    Ok(rest)
}

/// The renames a statement's words say.
fn said(words: &Words) -> Vec<Rename> {
    let mut found = Vec::new();
    let list = words.starts_with(&["RENAME", "TABLE|TABLES"]);
    let subject = subject(&words.0);
    for clause in words.clauses() {
        if let Some((from, to)) = changed(words, clause) {
            found.push(Rename::Column(from, to));
            continue;
        }
        let Some(at) = clause.iter().position(|word| word.is("RENAME")) else {
            if list && let Some((from, to)) = pair(clause) {
                found.push(Rename::Table(from, to));
            }
            continue;
        };
        let rest = clause.get(at + 1..).unwrap_or_default();
        if list {
            found.extend(pair(rest).map(|(from, to)| Rename::Table(from, to)));
        } else if starts_with(rest, &["TO|AS"]) || starts_with(rest, &["TO?"]) && rest.len() == 1 {
            let to = rest.last().map(|word| word.name.clone());
            match (words.starts_with(&["ALTER", "INDEX"]), subject.clone(), to) {
                (true, Some(from), Some(to)) => found.push(Rename::Index(from, to)),
                (false, Some(from), Some(to)) => found.push(Rename::Table(from, to)),
                _ => {}
            }
        } else if starts_with(rest, &["INDEX|KEY"]) {
            found.extend(pair(rest).map(|(from, to)| Rename::Index(from, to)));
        } else if !starts_with(rest, &["CONSTRAINT|VALUE|ATTRIBUTE"]) {
            found.extend(pair(rest).map(|(from, to)| Rename::Column(from, to)));
        }
    }
    found
}

/// The old and the new name of `CHANGE [COLUMN] a b type`, if they differ.
fn changed(words: &Words, clause: &[Word]) -> Option<(SmolStr, SmolStr)> {
    if !words.starts_with(&["ALTER"]) || clause.iter().any(|word| word.is("RENAME")) {
        return None;
    }
    let at = clause.iter().position(|word| word.is("CHANGE"))?;
    let mut rest = clause.get(at + 1..)?;
    for word in ["COLUMN", "IF", "EXISTS"] {
        if rest.first().is_some_and(|first| first.is(word)) {
            rest = rest.get(1..)?;
        }
    }
    let (from, to) = (rest.first().filter(|word| is_name(word))?, rest.get(1).filter(|word| is_name(word))?);
    (!same(&from.name, &to.name)).then(|| (from.name.clone(), to.name.clone()))
}

/// The name in front of the first action: `t` of `ALTER TABLE s.t RENAME …`.
fn subject(words: &[Word]) -> Option<SmolStr> {
    let at = words.iter().position(|word| word.is("RENAME"))?;
    let before = words.get(..at)?;
    before.iter().rev().find(|word| is_name(word)).map(|word| word.name.clone())
}

/// The names on both sides of `TO`.
fn pair(words: &[Word]) -> Option<(SmolStr, SmolStr)> {
    let at = words.iter().position(|word| word.is("TO"))?;
    let from = words.get(at.checked_sub(1)?).filter(|word| is_name(word))?;
    let to = words.last().filter(|word| is_name(word))?;
    Some((from.name.clone(), to.name.clone()))
}

fn is_name(word: &Word) -> bool {
    matches!(word.kind, WordKind::Bare | WordKind::Quoted)
}

fn same(a: &str, b: &str) -> bool {
    a == b || a.eq_ignore_ascii_case(b)
}

/// The last drop of the old name and the last add of the new one.
fn table(changes: &mut Vec<Change>, from: &str, to: &str) {
    let old =
        changes.iter().rposition(|change| matches!(change, Change::DropTable(t) if same(&t.name, from)));
    let new = changes.iter().rposition(|change| matches!(change, Change::AddTable(t) if same(&t.name, to)));
    let (Some(old), Some(new)) = (old, new) else { return };
    let (Change::DropTable(from), Change::AddTable(to)) = (changes[old].clone(), changes[new].clone()) else {
        return;
    };
    changes[old.max(new)] = Change::RenameTable { from, to };
    changes.remove(old.min(new));
}

fn each_table(changes: &mut [Change], rename: impl Fn(&mut Vec<TableChange>)) {
    for change in changes {
        if let Change::ModifyTable { changes, .. } = change {
            rename(changes);
        }
    }
}

/// A drop and an add; or, when the old name came back in the same statement, a change of it and an add.
fn column(changes: &mut Vec<TableChange>, from: &str, to: &str) {
    let new =
        changes.iter().position(|change| matches!(change, TableChange::AddColumn(c) if same(&c.name, to)));
    let old =
        changes.iter().position(|change| matches!(change, TableChange::DropColumn(c) if same(&c.name, from)));
    let Some(new) = new else { return };
    let TableChange::AddColumn(added) = changes[new].clone() else { return };
    if let Some(old) = old {
        let TableChange::DropColumn(dropped) = changes[old].clone() else { return };
        changes[old.max(new)] = TableChange::RenameColumn { from: dropped, to: added };
        changes.remove(old.min(new));
        return;
    }
    let kept = changes.iter().position(
        |change| matches!(change, TableChange::ModifyColumn(change) if same(&change.from.name, from)),
    );
    if let Some(kept) = kept
        && let TableChange::ModifyColumn(change) = changes[kept].clone()
    {
        changes[kept] = TableChange::RenameColumn { from: change.from, to: added };
        changes[new] = TableChange::AddColumn(change.to);
    }
}

fn index(changes: &mut Vec<TableChange>, from: &str, to: &str) {
    let old =
        changes.iter().position(|change| matches!(change, TableChange::DropIndex(i) if same(&i.name, from)));
    let new =
        changes.iter().position(|change| matches!(change, TableChange::AddIndex(i) if same(&i.name, to)));
    let (Some(old), Some(new)) = (old, new) else { return };
    let (TableChange::DropIndex(from), TableChange::AddIndex(to)) =
        (changes[old].clone(), changes[new].clone())
    else {
        return;
    };
    changes[old.max(new)] = TableChange::RenameIndex { from, to };
    changes.remove(old.min(new));
}
