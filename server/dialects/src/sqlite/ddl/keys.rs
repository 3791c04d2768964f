//! The primary key of a table, and the indexes SQLite makes for its constraints.

use schema::{Attrs, Index, IndexPart, Key, SmolStr};

use super::super::attr::{AUTO_INCREMENT, COLLATE, ON_CONFLICT};
use super::super::diff::fold;
use super::table::{KeyText, Reader};

impl Reader<'_> {
    /// The primary key, and the automatic indexes with SQLite's numbers.
    pub(super) fn keys(&mut self, without_rowid: bool, strict: bool) {
        let Some(text) = self.key.take() else {
            self.automatic(None, false);
            return;
        };
        let rowid = self.is_rowid(&text);
        if let Some(range) = text.auto_increment {
            let message = if !rowid {
                Some(format!(
                    "AUTOINCREMENT of table {:?} is only allowed on an INTEGER PRIMARY KEY",
                    self.table.name
                ))
            } else if without_rowid {
                Some(format!(
                    "AUTOINCREMENT is not allowed in table {:?}, which is without rowid",
                    self.table.name
                ))
            } else {
                None
            };
            match message {
                Some(message) => self.builder.error(range, "auto-increment", message),
                None => {
                    // SQLite takes the word at a constraint of the table too.
                    let column = text.key.parts.first().and_then(IndexPart::column_name).cloned();
                    if let Some(column) =
                        self.table.columns.iter_mut().find(|known| Some(&known.name) == column.as_ref())
                    {
                        column.attrs.set(&AUTO_INCREMENT, true);
                    }
                }
            }
        }
        for part in &text.key.parts {
            let Some(column) =
                self.table.columns.iter_mut().find(|column| Some(&column.name) == part.column_name())
            else {
                continue;
            };
            if column.generated.is_some() {
                let message = format!("generated column {:?} cannot be part of the primary key", column.name);
                self.builder.error(text.range, "generated-key", message);
            }
            if without_rowid || (strict && !rowid) {
                column.nullable = false;
            }
        }
        let own_index = !rowid;
        self.automatic(own_index.then_some(&text), without_rowid);
        self.table.primary_key = Some(text.key);
    }

    /// Whether the key is the rowid itself, so that it needs no index.
    fn is_rowid(&self, text: &KeyText) -> bool {
        let [part] = text.key.parts.as_slice() else { return false };
        let column = self.table.columns.iter().find(|column| Some(&column.name) == part.column_name());
        !text.inline_desc
            && column.is_some_and(|column| column.raw_type.trim().eq_ignore_ascii_case("integer"))
    }

    /// The indexes SQLite makes for unique constraints: numbered together with that of the primary key, in the order
    /// of the text, one for each set of columns.
    fn automatic(&mut self, key: Option<&KeyText>, _without_rowid: bool) {
        let mut made: Vec<(Vec<(SmolStr, String)>, bool)> = Vec::new();
        let uniques = std::mem::take(&mut self.uniques);
        let mut indexes: Vec<(usize, Index)> = Vec::new();
        for at in 0..=uniques.len() {
            if let Some(key) = key.filter(|key| key.after == at) {
                let columns = self.identity(&key.key.parts);
                match made.iter().position(|(known, _)| *known == columns) {
                    // The index made for a unique constraint becomes that of the key.
                    Some(same) => indexes.retain(|(number, _)| *number != same),
                    None => made.push((columns, true)),
                }
            }
            let Some(unique) = uniques.get(at) else { continue };
            let columns = self.identity(&unique.parts);
            if made.iter().any(|(known, _)| *known == columns) {
                continue;
            }
            let number = made.len();
            made.push((columns, false));
            let mut attrs = Attrs::default();
            if let Some(word) = &unique.conflict {
                attrs.set(&ON_CONFLICT, word.clone());
            }
            let mut parts = unique.parts.clone();
            for part in &mut parts {
                let own = self.collation(part);
                if part.attrs.get(&COLLATE).is_some_and(|collation| collation.eq_ignore_ascii_case(&own)) {
                    part.attrs.remove(&COLLATE);
                }
            }
            let index = Index {
                name: format!("sqlite_autoindex_{}_{}", self.table.name, number + 1).into(),
                unique: true,
                parts,
                predicate: None,
                comment: None,
                key: Key::UniqueConstraint,
                attrs,
            };
            indexes.push((number, index));
        }
        self.table.indexes = indexes.into_iter().map(|(_, index)| index).collect();
    }

    /// The collation of the column of `part`.
    fn collation(&self, part: &IndexPart) -> String {
        let column = part.column_name().and_then(|name| self.table.column(name));
        column.and_then(|column| column.attrs.get(&COLLATE)).unwrap_or_else(|| "BINARY".into())
    }

    /// By what SQLite tells whether two constraints need one index.
    fn identity(&self, parts: &[IndexPart]) -> Vec<(SmolStr, String)> {
        let part = |part: &IndexPart| {
            let name = part.column_name().map(|name| fold(name)).unwrap_or_default();
            let collation = part.attrs.get(&COLLATE).unwrap_or_else(|| self.collation(part));
            (name, collation.to_ascii_lowercase())
        };
        parts.iter().map(part).collect()
    }
}
