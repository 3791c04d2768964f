//! The commands of versioned migrations and their flags.
//!
//! Source: reference/cli.md section 6.

use super::{Action, Command, DEV_FLAG, FORMAT, Flag, GLOBAL, Kind, LOG, NONE, SCHEMA, TO, later};

/// What a command of `migrate` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Apply,
    Checkpoint,
    Diff,
    Down,
    Edit,
    Hash,
    Import,
    Lint,
    Ls,
    New,
    Rebase,
    Rm,
    Set,
    Status,
    Validate,
}

pub const MIGRATE: Command = Command {
    name: "migrate",
    short: "Manage versioned schema migrations.",
    long: "'atlas migrate' wraps several sub-commands for migration management.",
    persistent: GLOBAL,
    children: &[
        APPLY,
        Command {
            name: "checkpoint",
            usage: "[flags] [tag]",
            short: "Generate a checkpoint file representing the state of the migration directory.",
            long: "The 'atlas migrate checkpoint' command uses the dev-database to calculate the current state of the migration directory\n\
                   by executing its files. It then creates a checkpoint file that represents this state, enabling new environments\n\
                   to bypass previous files and start from this one when executing the 'atlas migrate apply' command.",
            example: "  atlas migrate checkpoint --dev-url \"docker://mysql/8/dev\"\n\
                     \x20 atlas migrate checkpoint --dev-url \"docker://postgres/15/dev?search_path=public\" v1\n\
                     \x20 atlas migrate checkpoint --env dev --format '{{ sql . \"  \" }}'",
            flags: &[
                DEV_FLAG,
                DIR,
                DIR_FORMAT,
                SCHEMA,
                LOCK_TIMEOUT,
                FORMAT,
                QUALIFIER,
                Flag::switch("edit", "edit the generated checkpoint file"),
            ],
            most: Some(1),
            action: Some(Action::Migrate(Verb::Checkpoint)),
            ..NONE
        },
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
        DOWN,
        Command {
            name: "edit",
            usage: "[flags] {name | version}",
            short: "Edit a migration file by its name or version and update the atlas.sum file.",
            long: "'atlas migrate edit' opens a migration file in the editor that the EDITOR environment variable names\n\
                   and updates the atlas.sum file afterwards.",
            example: "  atlas migrate edit 20231201000000\n  atlas migrate edit 20231201000000_add_users.sql",
            flags: &[DIR, DIR_FORMAT],
            most: Some(1),
            action: Some(Action::Migrate(Verb::Edit)),
            ..NONE
        },
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
        Command {
            name: "import",
            short: "Import a migration directory from another migration management tool to the Atlas format.",
            example: "  atlas migrate import --from \"file:///path/to/source/directory?format=liquibase\" --to \"file:///path/to/migration/directory\"",
            flags: &[
                Flag::text("from", "select migration directory using URL format")
                    .default("file://migrations"),
                Flag::text("to", "select migration directory using URL format").default("file://migrations"),
                DIR_FORMAT,
            ],
            action: Some(Action::Migrate(Verb::Import)),
            ..NONE
        },
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
                Flag::text("base", "run analysis against what a database has executed, by its URL"),
                Flag::text("git-dir", "path to the repository working directory").default("."),
                Flag::switch("web", "write the report as a page, and say where it is").short('w'),
            ],
            exclusive: &[&["log", "format"]],
            most: Some(0),
            action: Some(Action::Migrate(Verb::Lint)),
            ..NONE
        },
        Command {
            name: "ls",
            short: "List the files of the migration directory.",
            long: "'atlas migrate ls' prints the names of the migration files in the order they are executed.",
            example: "  atlas migrate ls\n  atlas migrate ls --latest --short",
            flags: &[
                DIR,
                DIR_FORMAT,
                Flag::switch("short", "print only the version of each file").short('s'),
                Flag::switch("latest", "print only the latest file").short('l'),
            ],
            most: Some(0),
            action: Some(Action::Migrate(Verb::Ls)),
            ..NONE
        },
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
        Command {
            name: "rebase",
            usage: "[flags] {name | version}...",
            short: "Rebase migration files on top of the others and update the atlas.sum file.",
            long: "'atlas migrate rebase' gives the named migration files new versions behind all others and updates the atlas.sum file.\n\
                   Without names, it moves the files that only the current branch has, if the atlas.sum file has conflict markers of git.",
            example: "  atlas migrate rebase 20231201000000\n  atlas migrate rebase",
            flags: &[DIR, DIR_FORMAT],
            action: Some(Action::Migrate(Verb::Rebase)),
            ..NONE
        },
        Command {
            name: "rm",
            usage: "[flags] [name | version]",
            short: "Remove a migration file and update the atlas.sum file.",
            long: "'atlas migrate rm' removes a migration file, by default the last one, and updates the atlas.sum file.",
            example: "  atlas migrate rm\n  atlas migrate rm 20231201000000",
            flags: &[DIR, DIR_FORMAT],
            most: Some(1),
            action: Some(Action::Migrate(Verb::Rm)),
            ..NONE
        },
        SET,
        STATUS,
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

const REVISIONS_SCHEMA: Flag =
    Flag::text("revisions-schema", "name of the schema the revisions table resides in");
const LOCK_NAME: Flag = Flag::text("lock-name", "set the name of the database lock");

const APPLY: Command = Command {
    name: "apply",
    usage: "[flags] [amount]",
    short: "Applies pending migration files on the connected database.",
    long: "'atlas migrate apply' reads the migration state of the connected database and computes what migrations are pending.\n\
           It then attempts to apply the pending migration files in the correct order onto the database.\n\
           The first argument denotes the maximum number of migration files to apply.\n\
           As a safety measure 'atlas migrate apply' will abort with an error, if:\n\
           \x20 - the migration directory is not in sync with the 'atlas.sum' file\n\
           \x20 - the migration and database history do not match each other\n\n\
           If run with the \"--dry-run\" flag, atlas will not execute any SQL.",
    example: "  atlas migrate apply -u \"mysql://user:pass@localhost:3306/dbname\"\n\
             \x20 atlas migrate apply --dir \"file:///path/to/migration/directory\" --url \"mysql://user:pass@localhost:3306/dbname\" 1\n\
             \x20 atlas migrate apply --env dev 1\n\
             \x20 atlas migrate apply --dry-run --env dev 1",
    flags: &[
        super::URL_FLAG,
        DIR,
        super::LOG,
        FORMAT,
        REVISIONS_SCHEMA,
        Flag::switch("dry-run", "print SQL without executing it"),
        LOCK_TIMEOUT,
        LOCK_NAME,
        Flag::text("baseline", "start the first migration after the given baseline version"),
        Flag::text("tx-mode", "set transaction mode [none, file, all]").default("file"),
        Flag::text("exec-order", "set file execution order [linear, linear-skip, non-linear]")
            .default("linear"),
        Flag::text("to-version", "apply all pending files up to this version, and it"),
        Flag::text(
            "interrupted",
            "what to do with a statement that was cut short and whose effect cannot be told [applied, again, stop]",
        ),
        Flag::text("context", "describes what triggered this command (e.g., GitHub Action)").hidden(),
        Flag::switch("allow-dirty", "allow start working on a non-clean database"),
    ],
    exclusive: &[&["log", "format"]],
    most: Some(1),
    action: Some(Action::Migrate(Verb::Apply)),
    ..NONE
};

const SET: Command = Command {
    name: "set",
    usage: "[flags] [version]",
    short: "Set the current version of the migration history table.",
    long: "'atlas migrate set' edits the revision table to consider all migrations up to and including the given version\n\
           to be applied. This command is usually used after manually making changes to the managed database.",
    example: "  atlas migrate set 3 --url \"mysql://user:pass@localhost:3306/\"\n\
             \x20 atlas migrate set --env local\n\
             \x20 atlas migrate set 1.2.4 --url \"mysql://user:pass@localhost:3306/my_db\" --revisions-schema my_revisions",
    flags: &[super::URL_FLAG, DIR, DIR_FORMAT, REVISIONS_SCHEMA, LOCK_NAME],
    most: Some(1),
    action: Some(Action::Migrate(Verb::Set)),
    ..NONE
};

const STATUS: Command = Command {
    name: "status",
    short: "Get information about the current migration status.",
    long: "'atlas migrate status' reports information about the current status of a connected database compared to the migration directory.",
    example: "  atlas migrate status --url \"mysql://user:pass@localhost:3306/\"\n\
             \x20 atlas migrate status --url \"mysql://user:pass@localhost:3306/\" --dir \"file:///path/to/migration/directory\"",
    flags: &[super::URL_FLAG, super::LOG, FORMAT, DIR, DIR_FORMAT, REVISIONS_SCHEMA],
    exclusive: &[&["log", "format"]],
    most: Some(0),
    action: Some(Action::Migrate(Verb::Status)),
    ..NONE
};

const DOWN: Command = Command {
    name: "down",
    usage: "[flags] [amount]",
    short: "Reverting applied migration files from the database",
    long: "'atlas migrate down' takes back migration files that were applied, by default the last one. How to do so is computed from\n\
           the current state of the database and the state before the files were applied, or read from their 'down.sql' sections.\n\
           The data that would be lost is named before anything is executed.",
    example: "  atlas migrate down -u \"mysql://user:pass@localhost:3306/dbname\" --dev-url \"docker://mysql/8/dev\"\n\
             \x20 atlas migrate down --env dev --to-version 20240102000000\n\
             \x20 atlas migrate down --env dev --to-tag v1 --dry-run",
    flags: &[
        super::URL_FLAG,
        DEV_FLAG,
        DIR,
        FORMAT,
        REVISIONS_SCHEMA,
        Flag::text("to-version", "take back all files that were applied after this version"),
        Flag::text("to-tag", "take back all files that were applied after the checkpoint of this tag"),
        Flag::switch("dry-run", "print SQL without executing it"),
        Flag::switch("auto-approve", "apply changes without prompting for approval"),
        Flag::text(
            "interrupted",
            "what to do with a statement that was cut short and whose effect cannot be told [applied, again, stop]",
        ),
        LOCK_TIMEOUT,
        LOCK_NAME,
        Flag::text("context", "describes what triggered this command (e.g., GitHub Action)").hidden(),
    ],
    exclusive: &[&["to-version", "to-tag"]],
    most: Some(1),
    action: Some(Action::Migrate(Verb::Down)),
    ..NONE
};
