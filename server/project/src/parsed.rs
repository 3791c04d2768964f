//! A file's tree, by its role and dialect.

use std::sync::Arc;

use syntax::sql::Grammar;
use text::{Diagnostic, FileId};

use crate::database::Snapshot;
use crate::memo::Reader;

/// A parsed file. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Parsed {
    Hcl(syntax::hcl::File),
    Sql(Arc<syntax::sql::File>),
}

impl Parsed {
    pub fn hcl(&self) -> Option<&syntax::hcl::File> {
        match self {
            Parsed::Hcl(file) => Some(file),
            Parsed::Sql(_) => None,
        }
    }

    pub fn sql(&self) -> Option<&Arc<syntax::sql::File>> {
        match self {
            Parsed::Sql(file) => Some(file),
            Parsed::Hcl(_) => None,
        }
    }

    /// What is wrong with its syntax, in order.
    pub fn errors(&self) -> Vec<Diagnostic> {
        match self {
            Parsed::Hcl(file) => file.errors(),
            Parsed::Sql(file) => file.errors(),
        }
    }
}

/// A key of the tree cache: grammars are statics, so their address names them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TreeKey(pub FileId, pub usize);

impl std::fmt::Debug for TreeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TreeKey({:?})", self.0)
    }
}

impl Snapshot {
    /// The tree of an HCL file; `None` when it has no text.
    pub fn hcl(&self, id: FileId) -> Option<syntax::hcl::File> {
        let memo = self.caches.trees.get(&self.inputs, &TreeKey(id, 0), |reader, before| {
            let text = reader.file(id)?.content.text()?.clone();
            let previous = before.and_then(Option::as_ref).and_then(Parsed::hcl);
            Some(Parsed::Hcl(syntax::hcl::File::parse(&text, previous)))
        });
        memo.value.as_ref().and_then(Parsed::hcl).cloned()
    }

    /// The tree of a SQL file as `grammar` reads it.
    pub fn sql(&self, id: FileId, grammar: &'static Grammar) -> Option<Arc<syntax::sql::File>> {
        let key = TreeKey(id, std::ptr::from_ref(grammar) as usize);
        let memo = self.caches.trees.get(&self.inputs, &key, |reader, before| {
            let text = reader.file(id)?.content.text()?.clone();
            let previous = before.and_then(Option::as_ref).and_then(Parsed::sql);
            let file = syntax::sql::File::parse(&text, grammar, previous.map(Arc::as_ref));
            Some(Parsed::Sql(Arc::new(file)))
        });
        memo.value.as_ref().and_then(Parsed::sql).cloned()
    }

    /// The tree of an HCL file, counted as read by `reader`.
    pub(crate) fn read_hcl(&self, reader: &Reader<'_>, id: FileId) -> Option<syntax::hcl::File> {
        reader.file(id)?;
        self.hcl(id)
    }

    /// The tree of a SQL file, counted as read by `reader`.
    pub(crate) fn read_sql(
        &self,
        reader: &Reader<'_>,
        id: FileId,
        grammar: &'static Grammar,
    ) -> Option<Arc<syntax::sql::File>> {
        reader.file(id)?;
        self.sql(id, grammar)
    }
}
