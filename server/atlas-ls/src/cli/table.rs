//! The commands and their flags, as data.
//!
//! Declared once: the parser, help, completion and the reference page read this table. Invariant: a flag's name is
//! unique on the path from the root to its command.
//!
//! Source: reference/cli.md sections 2, 3 and 5 (atlas, June 2026); `check` and `lsp` are ours.

mod migrate;

pub use self::migrate::Verb;

/// A command or a group of commands.
#[derive(Debug)]
pub struct Command {
    pub name: &'static str,
    /// What stands behind the name in its usage line: `[flags] [path ...]`.
    pub usage: &'static str,
    /// One line.
    pub short: &'static str,
    /// What help opens with; the short text when empty.
    pub long: &'static str,
    pub example: &'static str,
    pub flags: &'static [Flag],
    /// Flags of this command and all below it.
    pub persistent: &'static [Flag],
    pub children: &'static [Command],
    /// Of each group at most one may be set.
    pub exclusive: &'static [&'static [&'static str]],
    /// How many arguments it takes; `None` takes and ignores any number.
    pub most: Option<usize>,
    pub hidden: bool,
    /// `None` for a group, which prints its help.
    pub action: Option<Action>,
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Inspect,
    Apply,
    Diff,
    Fmt,
    Clean,
    Check,
    Migrate(Verb),
    Lsp,
    Version,
    License,
    Help,
    Completion(Shell),
    /// Named so that the answer is clear; later work fills it.
    NotYet,
}

/// A shell that completion scripts are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    /// PowerShell.
    Power,
}

/// A flag.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    pub name: &'static str,
    pub short: Option<char>,
    pub kind: Kind,
    /// As written on the command line; empty for none.
    pub default: &'static str,
    pub help: &'static str,
    pub hidden: bool,
    pub required: bool,
}

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, or `=true` and `=false`.
    Bool,
    Text,
    /// Comma separated values; may be repeated.
    List,
    Duration,
    /// A number that is not negative.
    Count,
    /// `<name>=<value>`, comma separated; may be repeated.
    Vars,
}

impl Flag {
    const fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self { name, short: None, kind, default: "", help, hidden: false, required: false }
    }

    const fn text(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Text, help)
    }

    const fn list(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::List, help)
    }

    const fn switch(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Bool, help)
    }

    const fn short(self, short: char) -> Self {
        Self { short: Some(short), ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }
}

const NONE: Command = Command {
    name: "",
    usage: "",
    short: "",
    long: "",
    example: "",
    flags: &[],
    persistent: &[],
    children: &[],
    exclusive: &[],
    most: None,
    hidden: false,
    action: None,
};

const URL: &str =
    "[driver://username:password@address/dbname?param=value] select a resource using the URL format";
const TO: &str =
    "[driver://username:password@address/dbname?param=value] select a desired state using the URL format";
const DEV: &str =
    "[driver://username:password@address/dbname?param=value] select a dev database using the URL format";
const EXCLUDE: &str = "list of glob patterns used to filter resources from applying";

const GLOBAL: &[Flag] = &[
    Flag::text("config", "select config (project) file using URL format")
        .short('c')
        .default("file://atlas.hcl"),
    Flag::text("env", "set which env from the config file to use"),
    Flag::new("var", Kind::Vars, "input variables"),
];

const FORMAT: Flag = Flag::text("format", "Go template to use to format the output");
const LOG: Flag = Flag::text("log", "Go template to use to format the output").hidden();
const SCHEMA: Flag = Flag::list("schema", "set schema names").short('s');
const URL_FLAG: Flag = Flag::text("url", URL).short('u');
const DEV_FLAG: Flag = Flag::text("dev-url", DEV);
const STDIO: Flag = Flag::switch("stdio", "serve the language server protocol on standard input and output");
const PROCESS: Flag = Flag::text("clientProcessId", "process id of the editor").hidden();

/// The whole tree.
pub static ROOT: Command = Command {
    name: "atlas",
    short: "Manage your database schema as code",
    flags: &[Flag { hidden: true, ..STDIO }, PROCESS],
    children: &[
        CHECK,
        Command {
            name: "completion",
            short: "Generate the autocompletion script for the specified shell",
            long: "Generate the autocompletion script for atlas for the specified shell.\n\
                   See each sub-command's help for details on how to use the generated script.",
            children: &[
                completion("bash", "Generate the autocompletion script for bash", Shell::Bash, BASH),
                completion("fish", "Generate the autocompletion script for fish", Shell::Fish, FISH),
                completion(
                    "powershell",
                    "Generate the autocompletion script for powershell",
                    Shell::Power,
                    POWERSHELL,
                ),
                completion("zsh", "Generate the autocompletion script for zsh", Shell::Zsh, ZSH),
            ],
            ..NONE
        },
        Command {
            name: "help",
            usage: "[command]",
            short: "Help about any command",
            long: "Help provides help for any command in the application.\n\
                   Simply type atlas help [path to command] for full details.",
            action: Some(Action::Help),
            ..NONE
        },
        Command {
            name: "license",
            short: "Display license information",
            action: Some(Action::License),
            ..NONE
        },
        LSP,
        migrate::MIGRATE,
        SCHEMA_GROUP,
        Command { name: "tool", short: "Tools for editors", children: &[LSP], hidden: true, ..NONE },
        Command {
            name: "version",
            short: "Prints this Atlas CLI version information.",
            action: Some(Action::Version),
            ..NONE
        },
    ],
    ..NONE
};

const CHECK: Command = Command {
    name: "check",
    usage: "[PATH...]",
    short: "Check config and schema files without an editor.",
    long: "'atlas check' reads the config and schema files below the given paths (the working directory by default)\n\
           and prints what is wrong with them, and how much of each file was analysed.\n\
           It connects to nothing and runs nothing. The exit code is 1 when there are errors.",
    example: "  atlas check\n  atlas check schema.hcl --format json",
    flags: &[Flag::text("format", "output format [text, json]").default("text")],
    persistent: GLOBAL,
    action: Some(Action::Check),
    ..NONE
};

const LSP: Command = Command {
    name: "lsp",
    short: "Run the language server on standard input and output.",
    flags: &[STDIO, PROCESS],
    action: Some(Action::Lsp),
    ..NONE
};

const SCHEMA_GROUP: Command = Command {
    name: "schema",
    short: "Work with atlas schemas.",
    long: "The `atlas schema` command groups subcommands working with declarative Atlas schemas.",
    persistent: GLOBAL,
    children: &[
        Command {
            name: "apply",
            short: "Apply an atlas schema to a target database.",
            long: "'atlas schema apply' plans and executes a database migration to bring a given\n\
                   database to the state described in the provided Atlas schema. Before running the\n\
                   migration, Atlas will print the migration plan and prompt the user for approval.\n\n\
                   The schema is provided by one or more URLs (to a HCL file or\n\
                   directory, database or migration directory) using the \"--to, -t\" flag:\n\
                   \x20 atlas schema apply -u URL --to \"file://file1.hcl\" --to \"file://file2.hcl\"\n\
                   \x20 atlas schema apply -u URL --to \"file://schema/\" --to \"file://override.hcl\"\n\n\
                   As a convenience, schema URLs may also be provided via an environment definition in\n\
                   the project file (see: https://atlasgo.io/cli/projects).\n\n\
                   If run with the \"--dry-run\" flag, atlas will exit after printing out the planned\n\
                   migration.",
            example: "  atlas schema apply -u \"sqlite://file.db\" --to \"file://schema.hcl\"\n\
                     \x20 atlas schema apply -u \"sqlite://file.db\" --to \"file://schema.sql\" --dev-url \"sqlite://dev?mode=memory\"",
            flags: &[
                URL_FLAG,
                Flag::list("to", TO),
                Flag::list("exclude", EXCLUDE),
                Flag::list("include", "list of glob patterns used to select which resources to keep").hidden(),
                SCHEMA,
                DEV_FLAG,
                Flag::switch("dry-run", "print SQL without executing it"),
                Flag::switch("auto-approve", "apply changes without prompting for approval"),
                LOG,
                FORMAT,
                Flag::text("tx-mode", "set transaction mode [none, file]").default("file"),
                Flag::text("plan", "URL to a pre-planned migration (e.g., atlas://repo/plans/name)").hidden(),
                Flag::switch("edit", "open the generated SQL in an editor"),
                Flag::new("lock-timeout", Kind::Duration, "set how long to wait for the database lock").default("10s"),
                Flag::list("file", "[paths...] file or directory containing HCL or SQL files").short('f').hidden(),
            ],
            exclusive: &[&["file", "to"], &["log", "format"], &["edit", "plan"], &["dry-run", "auto-approve"]],
            most: Some(1),
            action: Some(Action::Apply),
            ..NONE
        },
        Command {
            name: "clean",
            usage: "[flags]",
            short: "Removes all objects from the connected database.",
            long: "'atlas schema clean' drops all objects in the connected database and leaves it in an empty state.\n\
                   As a safety feature, 'atlas schema clean' will ask for confirmation before attempting to execute any SQL.",
            example: "  atlas schema clean -u \"sqlite://file.db\"\n  atlas schema clean -u \"sqlite://file.db\" --auto-approve",
            flags: &[
                URL_FLAG.required(),
                Flag::switch("auto-approve", "apply changes without prompting for approval"),
                Flag::switch("dry-run", "print SQL without executing it").hidden(),
                Flag { hidden: true, ..FORMAT },
            ],
            action: Some(Action::Clean),
            ..NONE
        },
        Command {
            name: "diff",
            short: "Calculate and print the diff between two schemas.",
            long: "'atlas schema diff' reads the state of two given schema definitions,\n\
                   calculates the difference in their schemas, and prints a plan of\n\
                   SQL statements to migrate the \"from\" database to the schema of the \"to\" database.\n\
                   The database states can be read from a connected database, an HCL project or a migration directory.",
            example: "  atlas schema diff --from \"sqlite://a.db\" --to \"file://schema.hcl\"\n\
                     \x20 atlas schema diff --from \"file://a.hcl\" --to \"file://b.hcl\" --dev-url \"sqlite://dev?mode=memory\"",
            flags: &[
                Flag::list("from", "[driver://username:password@address/dbname?param=value] select a current state using the URL format").short('f').required(),
                Flag::list("to", TO).required(),
                DEV_FLAG,
                SCHEMA,
                Flag::list("exclude", "list of glob patterns used to filter resources from being diffed"),
                Flag::list("include", "list of glob patterns used to select which resources to keep").hidden(),
                FORMAT,
            ],
            most: Some(1),
            action: Some(Action::Diff),
            ..NONE
        },
        Command {
            name: "fmt",
            usage: "[path ...]",
            short: "Formats Atlas HCL files",
            long: "'atlas schema fmt' formats all \".hcl\" files under the given paths using\n\
                   canonical HCL layout style as defined by the github.com/hashicorp/hcl/v2/hclwrite package.\n\
                   Unless stated otherwise, the fmt command will use the current directory.\n\n\
                   After running, the command will print the names of the files it has formatted. If all\n\
                   files in the directory are formatted, no input will be printed out.",
            action: Some(Action::Fmt),
            ..NONE
        },
        Command {
            name: "inspect",
            short: "Inspect a database and print its schema in Atlas DDL syntax.",
            long: "'atlas schema inspect' connects to the given database and inspects its schema.\n\
                   It then prints to the screen the schema of that database in Atlas DDL syntax. This output can be\n\
                   saved to a file, commonly by redirecting the output to a file named with a \".hcl\" suffix:\n\n\
                   \x20 atlas schema inspect -u \"sqlite://file.db\" > schema.hcl\n\n\
                   This file can then be edited and used with the `atlas schema apply` command to plan\n\
                   and execute schema migrations against the given database. In cases where users wish to inspect\n\
                   all multiple schemas in a given database (for instance a MySQL server may contain multiple named\n\
                   databases), omit the relevant part from the url.\n\
                   To select specific schemas from the databases, users may use the \"--schema\" (or \"-s\" shorthand)\n\
                   flag.",
            example: "  atlas schema inspect -u \"sqlite://file.db\"\n\
                     \x20 atlas schema inspect -u \"sqlite://file.db\" --format \"{{ sql . }}\"\n\
                     \x20 atlas schema inspect -u \"file://schema.sql\" --dev-url \"sqlite://dev?mode=memory\"",
            flags: &[
                URL_FLAG.required(),
                DEV_FLAG,
                SCHEMA,
                Flag::list("exclude", "list of glob patterns used to filter resources from inspection"),
                LOG,
                FORMAT,
            ],
            exclusive: &[&["log", "format"]],
            action: Some(Action::Inspect),
            ..NONE
        },
        later("lint"),
        later("plan"),
        later("push"),
        later("stats"),
        later("test"),
        later("validate"),
    ],
    ..NONE
};

/// A command of `atlas` that this build does not have; its flags are not looked at.
const fn later(name: &'static str) -> Command {
    Command {
        name,
        short: "Not supported yet by this build.",
        hidden: true,
        action: Some(Action::NotYet),
        ..NONE
    }
}

const fn completion(name: &'static str, short: &'static str, shell: Shell, long: &'static str) -> Command {
    Command { name, short, long, most: Some(0), action: Some(Action::Completion(shell)), ..NONE }
}

const BASH: &str = "Generate the autocompletion script for the bash shell.\n\n\
    To load completions in your current shell session:\n\n\
    \tsource <(atlas-ls completion bash)";
const ZSH: &str = "Generate the autocompletion script for the zsh shell.\n\n\
    To load completions in your current shell session:\n\n\
    \tsource <(atlas-ls completion zsh)";
const FISH: &str = "Generate the autocompletion script for the fish shell.\n\n\
    To load completions in your current shell session:\n\n\
    \tatlas-ls completion fish | source";
const POWERSHELL: &str = "Generate the autocompletion script for powershell.\n\n\
    To load completions in your current shell session:\n\n\
    \tatlas-ls completion powershell | Out-String | Invoke-Expression";

impl Command {
    /// The child called `name`.
    pub fn child(&self, name: &str) -> Option<&'static Command>
    where
        Self: 'static,
    {
        let children: &'static [Command] = self.children;
        children.iter().find(|child| child.name == name)
    }

    /// The children that help and completion show.
    pub fn visible(&self) -> impl Iterator<Item = &'static Command> {
        let children: &'static [Command] = self.children;
        children.iter().filter(|child| !child.hidden)
    }
}
