//! The layer table as data: which crate of the server may use which.
//!
//! docs/architecture.md shows the same table; a tidy rule compares both with the manifests. Invariant: a crate
//! lists only crates above it, so the table is also an order in which the house can be built.

/// One row of the table.
pub struct Layer {
    pub name: &'static str,
    /// The crates of ours it may name in `[dependencies]`.
    pub may_use: &'static [&'static str],
    /// Whether it stays synchronous and without I/O: no file, socket, process, clock or environment.
    pub pure: bool,
}

/// Every crate under `server/`, lowest first.
pub const LAYERS: [Layer; 12] = [
    pure("text", &[]),
    pure("syntax", &["text"]),
    pure("hcl", &["syntax", "text"]),
    pure("schema", &[]),
    pure("engine", &["schema", "hcl", "syntax", "text"]),
    pure("dialects", &["engine", "schema", "hcl", "syntax", "text"]),
    edge("drivers", &["engine", "schema"]),
    edge("registry", &["engine", "schema"]),
    pure("project", &["engine", "schema", "hcl", "syntax", "text"]),
    pure("ide", &["project", "engine", "schema", "hcl", "syntax", "text"]),
    edge("commands", &["project", "registry", "engine", "schema", "hcl", "syntax", "text"]),
    edge(
        "atlas-ls",
        &[
            "commands", "ide", "project", "registry", "drivers", "dialects", "engine", "schema", "hcl",
            "syntax", "text",
        ],
    ),
];

/// Crates of others that only the edges may name: runtimes, sockets, the language server protocol.
pub const EDGE_ONLY: [&str; 8] = [
    "tokio",
    "tower",
    "tower-lsp-server",
    "gen-lsp-types",
    "sqlx",
    "reqwest",
    "tracing-subscriber",
    "anyhow",
];

const fn pure(name: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer { name, may_use, pure: true }
}

const fn edge(name: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer { name, may_use, pure: false }
}
