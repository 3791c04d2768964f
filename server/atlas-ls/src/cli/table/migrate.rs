//! The commands of versioned migrations and their flags.
//!
//! Source: reference/cli.md section 6.

use super::{Action, Command, DEV_FLAG, FORMAT, Flag, GLOBAL, Kind, LOG, NONE, SCHEMA, TO, later};

/// What a command of `migrate` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Diff,
    Hash,
    Lint,
    New,
    Validate,
}

pub const MIGRATE: Command = Command {
    name: "migrate",
    short: "Manage versioned schema migrations.",
    long: "'atlas migrate' wraps several sub-commands for migration management.",
    persistent: GLOBAL,
    children: &[
        later("apply"),
        later("checkpoint"),
        Command {
            name: "diff",
            usage: "[flags] [name]",
            short: "Compute the diff between the migration directory and a desired state and create a new migration file.",
            long: "The 'atlas migrate diff' command uses the dev-database to calculate the current state of the migration directory\n\
                   by executing its files. It then compares its state to the desired state and create a new migration file containing\n\
                   SQL statements for moving from the current to the desired state. The desired state can be another another database,\n\
                   an HCL, SQL, or ORM schema. See: https://atlasgo.io/versioned/diff",
            example: "  atlas migrate diff --dev-url \"docker://mysql/8/dev\" --to \"file://schema.hcl\"\n\
                     \x20 atlas migrate diff --dev-url \"docker://postgres/15/dev?search_path=public\" --to \"file://atlas.hcl\" add_users_table\n\
                     \x20 atlas migrate diff --dev-url \"mysql://user:pass@localhost:3306/dev\" --to \"mysql://user:pass@localhost:3306/dbname\"\n\
                     \x20 atlas migrate diff --env dev --format '{{ sql . \"  \" }}'",
            flags: &[
                Flag::list("to", TO),
                DEV_FLAG,
                DIR,
                DIR_FORMAT,
                SCHEMA,
                LOCK_TIMEOUT,
                FORMAT,
                QUALIFIER,
                Flag::switch("edit", "edit the generated migration file(s)"),
                Flag::switch(
                    "dry-run",
                    "print the generated file to stdout instead of writing it to the migration directory",
                ),
            ],
            exclusive: &[&["edit", "dry-run"]],
            most: Some(1),
            action: Some(Action::Migrate(Verb::Diff)),
            ..NONE
        },
        later("down"),
        later("edit"),
        Command {
            name: "hash",
            short: "Hash (re-)creates an integrity hash file for the migration directory.",
            long: "'atlas migrate hash' computes the integrity hash sum of the migration directory and stores it in the atlas.sum file.\n\
                   This command should be used whenever a manual change in the migration directory was made.",
            example: "  atlas migrate hash",
            flags: &[DIR, DIR_FORMAT, Flag::switch("force", "force overwriting the atlas.sum file").hidden()],
            most: Some(0),
            action: Some(Action::Migrate(Verb::Hash)),
            ..NONE
        },
        later("import"),
        Command {
            name: "lint",
            usage: "[flags]",
            short: "Run analysis on the migration directory",
            example: "  atlas migrate lint --env dev\n\
                     \x20 atlas migrate lint --dir \"file:///path/to/migrations\" --dev-url \"docker://mysql/8/dev\" --latest 1\n\
                     \x20 atlas migrate lint --dir \"file:///path/to/migrations\" --dev-url \"mysql://root:pass@localhost:3306\" --git-base master\n\
                     \x20 atlas migrate lint --dir \"file:///path/to/migrations\" --dev-url \"mysql://root:pass@localhost:3306\" --format '{{ json .Files }}'",
            flags: &[
                DEV_FLAG,
                DIR,
                DIR_FORMAT,
                LOG,
                FORMAT,
                Flag::new("latest", Kind::Count, "run analysis on the latest N migration files"),
                Flag::text("git-base", "run analysis against the base Git branch"),
                Flag::text("git-dir", "path to the repository working directory").default("."),
                Flag::switch("web", "write the report as a page, and say where it is").short('w'),
            ],
            exclusive: &[&["log", "format"]],
            most: Some(0),
            action: Some(Action::Migrate(Verb::Lint)),
            ..NONE
        },
        later("ls"),
        Command {
            name: "new",
            usage: "[flags] [name]",
            short: "Creates a new empty migration file in the migration directory.",
            long: "'atlas migrate new' creates a new migration according to the configured formatter without any statements in it.",
            example: "  atlas migrate new my-new-migration",
            flags: &[DIR, DIR_FORMAT, Flag::switch("edit", "edit the created migration file(s)")],
            most: Some(1),
            action: Some(Action::Migrate(Verb::New)),
            ..NONE
        },
        later("push"),
        later("rebase"),
        later("rm"),
        later("set"),
        later("status"),
        later("test"),
        Command {
            name: "validate",
            short: "Validates the migration directories checksum and SQL statements.",
            long: "'atlas migrate validate' computes the integrity hash sum of the migration directory and compares it to the\n\
                   atlas.sum file. If there is a mismatch it will be reported.",
            example: "  atlas migrate validate\n  atlas migrate validate --dir \"file:///path/to/migration/directory\"",
            flags: &[DEV_FLAG, DIR, DIR_FORMAT],
            most: Some(0),
            action: Some(Action::Migrate(Verb::Validate)),
            ..NONE
        },
    ],
    ..NONE
};

const DIR: Flag =
    Flag::text("dir", "select migration directory using URL format").default("file://migrations");
const DIR_FORMAT: Flag = Flag::text("dir-format", "select migration file format").default("atlas");
const LOCK_TIMEOUT: Flag =
    Flag::new("lock-timeout", Kind::Duration, "set how long to wait for the database lock").default("10s");
const QUALIFIER: Flag =
    Flag::text("qualifier", "qualify tables with custom qualifier when working on a single schema");
