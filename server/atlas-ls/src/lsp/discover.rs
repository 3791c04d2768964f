//! Finds the configurations of the workspace's folders, and the sums of its migration directories.
//!
//! Only their names are looked at, beside the loop. Invariant: the search ends, whatever links and however many
//! directories there are; what generated or downloaded files fill is not entered.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use commands::World;
use engine::migrate::sum::FILE;
use project::{Path, Want};

use super::lanes::Lane;
use super::owner::Owner;
use super::{handler, world};

/// How many directories are looked into at most.
const MOST: usize = 20_000;
/// How far below its folder a configuration may be.
const DEPTH: usize = 12;
/// Directories of other people's files.
const SKIPPED: &[&str] = &["node_modules", "target", "vendor", "dist", "__pycache__"];

/// Looks into all folders and reads what is found.
pub(crate) fn start(owner: &mut Owner) {
    let roots: Vec<Path> = owner.state.workspace.folders.iter().map(|folder| folder.path.clone()).collect();
    if roots.is_empty() {
        return;
    }
    let (world, client) = (Arc::clone(&owner.world), owner.client.clone());
    owner.searches += 1;
    let job = move || {
        let found = handler::guarded("the search for atlas.hcl", || Ok(configs(&*world, roots)));
        client.then(move |owner| {
            owner.searches -= 1;
            let found = found.unwrap_or_default();
            world::fetch(owner, found.into_iter().map(Want::File), &BTreeSet::new());
        });
    };
    owner.lanes.run(Lane::Network, Box::new(job));
}

/// Every `atlas.hcl` and `atlas.sum` below `roots`, those nearest to a root first.
fn configs(world: &dyn World, roots: Vec<Path>) -> Vec<Path> {
    let mut found = Vec::new();
    let mut queue: VecDeque<(Path, usize)> = roots.into_iter().map(|root| (root, 0)).collect();
    let mut looked = 0;
    while let Some((directory, depth)) = queue.pop_front() {
        looked += 1;
        if looked > MOST {
            tracing::warn!("the search for atlas.hcl files ended after {MOST} directories");
            break;
        }
        for entry in world.list(&directory).unwrap_or_default() {
            let skipped = entry.name.starts_with('.') || SKIPPED.contains(&entry.name.as_str());
            match entry.directory {
                true if depth < DEPTH && !skipped => {
                    queue.push_back((directory.join(&entry.name), depth + 1))
                }
                false if matches!(entry.name.as_str(), "atlas.hcl" | FILE) => {
                    found.push(directory.join(&entry.name));
                }
                _ => {}
            }
        }
    }
    found
}
