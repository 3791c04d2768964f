//! What comparing two tables gave, remembered by their pointers.
//!
//! For a plan that is made again at each keystroke, where all tables but one are the same as before. Invariant: an
//! entry holds both tables, so that no pointer is used again while it is remembered; what a run did not use is gone
//! after it.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::{Change, Table};

use super::Policy;

/// Remembered comparisons. Belongs to one dialect and policy at a time; another one empties it.
#[derive(Debug, Default)]
pub struct Cache {
    entries: FxHashMap<(usize, usize), Entry>,
    policy: Policy,
    dialect: &'static str,
    unsaid: Vec<&'static str>,
    run: u64,
}

#[derive(Debug)]
struct Entry {
    from: Arc<Table>,
    to: Arc<Table>,
    change: Option<Arc<Change>>,
    run: u64,
}

impl Cache {
    /// The number of remembered pairs.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn begin(&mut self, policy: &Policy, dialect: &'static str, unsaid: &[&'static str]) {
        if self.policy != *policy || self.dialect != dialect || self.unsaid != unsaid {
            self.entries.clear();
            self.unsaid = unsaid.to_vec();
            self.policy = policy.clone();
            self.dialect = dialect;
        }
        self.run += 1;
    }

    pub(super) fn end(&mut self) {
        let run = self.run;
        self.entries.retain(|_, entry| entry.run == run);
    }

    pub(super) fn get(&mut self, from: &Arc<Table>, to: &Arc<Table>) -> Option<Option<Arc<Change>>> {
        let entry = self.entries.get_mut(&key(from, to))?;
        debug_assert!(Arc::ptr_eq(&entry.from, from) && Arc::ptr_eq(&entry.to, to));
        entry.run = self.run;
        Some(entry.change.clone())
    }

    pub(super) fn put(&mut self, from: &Arc<Table>, to: &Arc<Table>, change: Option<Arc<Change>>) {
        let entry = Entry { from: from.clone(), to: to.clone(), change, run: self.run };
        self.entries.insert(key(from, to), entry);
    }
}

fn key(from: &Arc<Table>, to: &Arc<Table>) -> (usize, usize) {
    (Arc::as_ptr(from) as usize, Arc::as_ptr(to) as usize)
}
