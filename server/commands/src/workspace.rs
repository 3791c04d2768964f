//! A project whose questions are answered as they come: what a command works on.
//!
//! The same loop as the editor's: ask, fetch what is wanted, set it, ask again, until nothing new is wanted.

use std::collections::BTreeSet;

use engine::Dialects;
use project::{Content, Path, Project, Snapshot, Want};

use crate::facts::fetch;
use crate::world::{Consent, World};

/// A project and the world it lives in.
pub struct Workspace<'w> {
    pub project: Project,
    pub world: &'w dyn World,
    pub consent: &'w dyn Consent,
    pub dialects: Dialects,
}

/// A chain of data sources longer than this is taken for a loop.
const ROUNDS: usize = 64;

impl<'w> Workspace<'w> {
    /// An empty project in `world`.
    pub fn new(world: &'w dyn World, consent: &'w dyn Consent, dialects: Dialects) -> Self {
        Self { project: Project::new(dialects), world, consent, dialects }
    }

    /// Reads the file at `path` into the project.
    pub fn read(&mut self, path: &Path) -> Content {
        let content = self.world.read(path);
        self.project.set_file(path.clone(), content.clone());
        content
    }

    /// Asks `question` until it wants nothing that can still be fetched.
    ///
    /// The question returns its answer and what it wanted.
    pub async fn ask<T>(&mut self, mut question: impl FnMut(&Snapshot) -> (T, BTreeSet<Want>)) -> T {
        let mut asked = BTreeSet::new();
        for _ in 0..ROUNDS {
            let (answer, wanted) = question(&self.project.snapshot());
            let new: Vec<Want> = wanted.into_iter().filter(|want| asked.insert(want.clone())).collect();
            if new.is_empty() {
                return answer;
            }
            for want in new {
                self.fetch(&want).await;
            }
        }
        question(&self.project.snapshot()).0
    }

    /// Fetches one fact or file.
    pub async fn fetch(&mut self, want: &Want) {
        match want {
            Want::File(path) => {
                self.read(path);
            }
            want => {
                let fact = fetch(self.world, self.dialects, self.consent, want).await;
                self.project.set_fact(want.clone(), fact);
            }
        }
    }
}
