//! The world as the user sees it: open documents as they are in the editor, all else as it is outside.
//!
//! What a command works on is what its plan showed. Invariant: an open document is never read from disk.

use std::sync::Arc;

use async_trait::async_trait;
use commands::World;
use engine::Connector;
use project::{Content, Entry, Path};
use smol_str::SmolStr;

use crate::lsp::snapshot::Snapshot;

pub(super) struct Buffers {
    pub(super) world: Arc<dyn World>,
    pub(super) snapshot: Snapshot,
}

#[async_trait]
impl World for Buffers {
    fn read(&self, path: &Path) -> Content {
        let open = self.snapshot.open.get(path).and_then(|(file, _)| self.snapshot.project.content(*file));
        open.cloned().unwrap_or_else(|| self.world.read(path))
    }

    fn list(&self, path: &Path) -> Result<Vec<Entry>, String> {
        self.world.list(path)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.world.env(name)
    }

    fn now(&self) -> u64 {
        self.world.now()
    }

    async fn run(&self, program: &[SmolStr], directory: &Path) -> Result<String, String> {
        self.world.run(program, directory).await
    }

    fn connector(&self) -> &dyn Connector {
        self.world.connector()
    }
}
