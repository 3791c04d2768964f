//! The black-box tests: one binary, a module for each area, all through argv, stdio and files.
//!
//! To add an area, put a module into `tests/it/` and name it here.

#[path = "it/bad_files.rs"]
mod bad_files;
#[path = "it/bad_input.rs"]
mod bad_input;
#[path = "it/corpus.rs"]
mod corpus;
#[path = "it/dev_database.rs"]
mod dev_database;
#[cfg(unix)]
#[path = "it/docker.rs"]
mod docker;
#[path = "it/examples.rs"]
mod examples;
#[path = "it/hooks.rs"]
mod hooks;
#[cfg(unix)]
#[path = "it/interrupted.rs"]
mod interrupted;
#[path = "it/migrate_apply.rs"]
mod migrate_apply;
#[path = "it/migrate_cut.rs"]
mod migrate_cut;
#[path = "it/migrate_diff.rs"]
mod migrate_diff;
#[path = "it/migrate_kill.rs"]
mod migrate_kill;
#[path = "it/migrations.rs"]
mod migrations;
#[path = "it/migrations_git.rs"]
mod migrations_git;
#[path = "it/peer.rs"]
mod peer;
#[path = "it/plan_text.rs"]
mod plan_text;
#[path = "it/server_plans.rs"]
mod server_plans;
#[path = "it/servers.rs"]
mod servers;
#[path = "it/session.rs"]
mod session;
#[cfg(unix)]
#[path = "it/terminal.rs"]
mod terminal;
#[path = "it/trust.rs"]
mod trust;
#[path = "it/wire.rs"]
mod wire;
