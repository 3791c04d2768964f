//! Explicit memoization: a result remembers which inputs it read, and holds as long as none of them changed.
//!
//! Not a query framework: there are a handful of results, each large, and what is fine-grained (pieces, tables) is
//! shared by content in `syntax` and `engine`. Invariant: every input a computation looks at goes through its
//! [`Reader`], also the ones that were not there.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use text::FileId;

use crate::input::{Fact, FileInput, Inputs, Revision, Selection};
use crate::{Path, Want};

/// One input a computation looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Dep {
    File(FileId),
    /// A path, whether or not there is a file.
    Path(Path),
    Fact(Want),
    Selection(Path),
    /// That files come and go.
    Files,
}

/// What a computation read and what it could not have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    pub deps: BTreeSet<Dep>,
    pub wanted: BTreeSet<Want>,
}

/// The door through which a computation sees the inputs.
pub(crate) struct Reader<'a> {
    pub inputs: &'a Inputs,
    trace: RefCell<Trace>,
}

impl<'a> Reader<'a> {
    pub fn new(inputs: &'a Inputs) -> Self {
        Self { inputs, trace: RefCell::default() }
    }

    /// The file at `path`; wanted when nobody told of it yet.
    pub fn path(&self, path: &Path) -> Option<(FileId, &'a Arc<FileInput>)> {
        self.note(Dep::Path(path.clone()));
        let found = self.inputs.id(path).and_then(|id| Some((id, self.inputs.file(id)?)));
        if found.is_none() {
            self.want(Want::File(path.clone()));
        }
        found
    }

    pub fn file(&self, id: FileId) -> Option<&'a Arc<FileInput>> {
        self.note(Dep::File(id));
        self.inputs.file(id)
    }

    /// The answer to `want`; wanted when there is none.
    pub fn fact(&self, want: &Want) -> Option<&'a Fact> {
        self.note(Dep::Fact(want.clone()));
        let found = self.inputs.fact(want).map(|(fact, _)| fact);
        if found.is_none() {
            self.want(want.clone());
        }
        found
    }

    /// The answer to `want`, where somebody else asked for it.
    pub fn known(&self, want: &Want) -> Option<&'a Fact> {
        self.note(Dep::Fact(want.clone()));
        self.inputs.fact(want).map(|(fact, _)| fact)
    }

    pub fn selection(&self, config: &Path) -> Option<&'a Selection> {
        self.note(Dep::Selection(config.clone()));
        self.inputs.selections.get(config).map(|(selection, _)| selection)
    }

    /// All files there are.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &'a Arc<FileInput>)> {
        self.note(Dep::Files);
        self.inputs.files.iter().map(|(id, file)| (*id, file))
    }

    pub fn want(&self, want: Want) {
        self.trace.borrow_mut().wanted.insert(want);
    }

    /// Counts what another result read as read here.
    pub fn absorb(&self, other: &Trace) {
        let mut trace = self.trace.borrow_mut();
        trace.deps.extend(other.deps.iter().cloned());
        trace.wanted.extend(other.wanted.iter().cloned());
    }

    pub fn finish(self) -> Trace {
        self.trace.into_inner()
    }

    fn note(&self, dep: Dep) {
        self.trace.borrow_mut().deps.insert(dep);
    }
}

/// A result with what it was made from.
#[derive(Clone, Debug)]
pub(crate) struct Memo<T> {
    pub value: T,
    pub trace: Arc<Trace>,
    /// The last revision it was known to hold in.
    checked: Revision,
}

/// Where one result is kept; whoever computes it holds the lock.
type Slot<T> = Arc<Mutex<Option<Memo<T>>>>;

/// Remembered results of one kind, by key.
#[derive(Debug)]
pub(crate) struct Memos<K, T> {
    table: Mutex<HashMap<K, Slot<T>>>,
}

impl<K, T> Default for Memos<K, T> {
    fn default() -> Self {
        Self { table: Mutex::new(HashMap::new()) }
    }
}

impl<K: Eq + Hash + Clone, T: Clone> Memos<K, T> {
    /// The result for `key`: the remembered one if it still holds, else what `compute` says, given the one before.
    ///
    /// Two readers of one key do the work once; the second waits.
    pub fn get(
        &self,
        inputs: &Inputs,
        key: &K,
        compute: impl FnOnce(&Reader<'_>, Option<&T>) -> T,
    ) -> Memo<T> {
        let slot = lock(&self.table).entry(key.clone()).or_default().clone();
        let mut slot = lock(&slot);
        if let Some(memo) = slot.as_mut() {
            if memo.checked == inputs.revision {
                return memo.clone();
            }
            if memo.checked < inputs.revision
                && memo.trace.deps.iter().all(|dep| changed(inputs, dep) <= memo.checked)
            {
                memo.checked = inputs.revision;
                return memo.clone();
            }
        }
        let reader = Reader::new(inputs);
        let value = compute(&reader, slot.as_ref().map(|memo| &memo.value));
        let memo = Memo { value, trace: Arc::new(reader.finish()), checked: inputs.revision };
        // An older snapshot must not overwrite what a newer one computed.
        if slot.as_ref().is_none_or(|known| known.checked <= inputs.revision) {
            *slot = Some(memo.clone());
        }
        memo
    }
}

/// The revision an input last changed in; zero for one that never was.
fn changed(inputs: &Inputs, dep: &Dep) -> Revision {
    match dep {
        Dep::File(id) => inputs.file(*id).map_or(Revision(0), |file| file.changed),
        Dep::Path(path) => {
            inputs.id(path).and_then(|id| inputs.file(id)).map_or(Revision(0), |file| file.changed)
        }
        Dep::Fact(want) => match inputs.fact(want) {
            Some((_, changed)) => *changed,
            None => inputs.forgotten.get(want).copied().unwrap_or_default(),
        },
        Dep::Selection(config) => inputs.selections.get(config).map_or(Revision(0), |(_, changed)| *changed),
        Dep::Files => inputs.files_changed,
    }
}

/// A panic in one computation must not take the cache along: what it left is replaced by the next.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
