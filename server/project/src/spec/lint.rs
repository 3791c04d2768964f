//! `lint`: analyzers and the review policy.

use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue, Label, Labels};

pub(super) static LINT: Body = Body::new(
    &[
        Attribute::string("format", "The template of the report.").holds(Content::Template),
        Attribute::string("log", "The template of the report; the older name of `format`.")
            .holds(Content::Template)
            .deprecated("use `format`"),
        Attribute::int("latest", "Analyze the latest N migration files.").accepted(),
        Attribute::words("review", REVIEW, "When a plan needs a person's approval."),
        Attribute::string("review_timeout", "How long to wait for an approval.")
            .holds(Content::Duration)
            .accepted(),
    ],
    &[
        Block::new("git", &GIT, "Analyze the files added since a branch.").once().accepted(),
        Block::new("destructive", &DESTRUCTIVE, "Changes that lose data. An error unless `error = false`.")
            .once(),
        Block::new("data_depend", &ANALYZER, "Changes that may fail, depending on the data.").once(),
        Block::new(
            "incompatible",
            &INCOMPATIBLE,
            "Changes that break code which runs against the old schema.",
        )
        .once(),
        Block::new("condrop", &ANALYZER, "Dropped constraints.").once(),
        Block::new("naming", &NAMING, "Names that do not match a pattern.").once(),
        Block::new("non_linear", &NON_LINEAR, "Files added out of order, edited or removed.").once(),
        Block::new("concurrent_index", &CONCURRENT_INDEX, "Indexes built with a lock (PostgreSQL).").once(),
        Block::new("nestedtx", &ANALYZER, "Transactions inside a migration file.").once(),
        Block::new("blocking", &ANALYZER, "Changes that rewrite or read a whole table while others wait.")
            .once(),
        Block::new("table_settings", &ANALYZER, "Settings of tables that are risky (PostgreSQL).").once(),
        Block::new("alignment", &ANALYZER, "Columns in an order that wastes space (PostgreSQL).").once(),
        Block::new("transaction", &ANALYZER, "Statements that cannot share a transaction (PostgreSQL).")
            .once(),
        Block::new("enum_values", &ANALYZER, "Changed lists of values (MySQL).").once(),
        Block::new("inline_references", &ANALYZER, "Foreign keys that are ignored (MySQL).").once(),
        Block::new("sqlinjection", &ANALYZER, "Statements put together from values while they run.").once(),
        Block::new("statement", &STATEMENT, "Statements allowed or denied by pattern.").once().accepted(),
        Block::new("ownership", &OWNERSHIP, "Who may change what.")
            .labels(Labels::exactly(1, &[Label::new("provider", "`github`.")]))
            .accepted(),
        Block::new("check", &CHECK, "Settings of one code.")
            .labels(Labels::exactly(1, &[Label::new("code", "A code, such as `DS102`.")])),
        Block::new("rule", &RULE, "Rules of one's own.")
            .labels(Labels::exactly(2, &[Label::new("language", "`hcl`."), Label::new("name", "")]))
            .accepted(),
    ],
)
.exclusive(&[&["latest", "git"], &["log", "format"]])
.partial();

/// Source: documented review policy of `schema apply`.
pub(crate) static REVIEW: &[EnumValue] = &[
    EnumValue::new("ALWAYS", "Every plan is reviewed."),
    EnumValue::new("WARNING", "A plan with any finding is reviewed."),
    EnumValue::new("ERROR", "A plan with an error is reviewed."),
];

static ON_EDIT: &[EnumValue] = &[
    EnumValue::new("WARN", "A finding."),
    EnumValue::new("IGNORE", "Nothing."),
    EnumValue::new("ERROR", "A finding that fails the run."),
];

static GIT: Body = Body::new(
    &[
        Attribute::string("base", "The branch to compare with."),
        Attribute::string("dir", "The working directory of git.").holds(Content::Path),
    ],
    &[],
);

static ANALYZER: Body = Body::new(
    &[
        Attribute::bool("error", "Whether a finding fails the run."),
        Attribute::bool("force", "Report even where a `nolint` directive says not to."),
    ],
    &[],
)
.partial();

static DESTRUCTIVE: Body = Body::new(
    &[
        Attribute::bool("error", "Whether a finding fails the run.").default("true"),
        Attribute::bool("force", "Report even where a `nolint` directive says not to."),
    ],
    &[
        Block::new("allow_table", &MATCH, "Tables that may be dropped.").once(),
        Block::new("allow_column", &MATCH, "Columns that may be dropped.").once(),
    ],
)
.partial();

static MATCH: Body =
    Body::new(&[Attribute::string("match", "A pattern of names.").required().holds(Content::Regex)], &[])
        .partial();

static INCOMPATIBLE: Body = Body::new(
    &[
        Attribute::bool("error", "Whether a finding fails the run."),
        Attribute::bool("force", "Report even where a `nolint` directive says not to."),
    ],
    &[Block::new("drop_column", &MESSAGE, "Dropped columns.").once().accepted()],
)
.partial();

static MESSAGE: Body = Body::new(&[Attribute::string("message", "What is said.")], &[]).partial();

static NAMING: Body = Body::new(
    &[
        Attribute::bool("error", "Whether a finding fails the run."),
        Attribute::string("match", "The pattern names must match.").holds(Content::Regex),
        Attribute::string("message", "What is said about a name that does not."),
    ],
    &[
        Block::new("schema", &PATTERN, "Names of schemas.").once(),
        Block::new("table", &PATTERN, "Names of tables.").once(),
        Block::new("column", &PATTERN, "Names of columns.").once(),
        Block::new("index", &PATTERN, "Names of indexes.").once(),
        Block::new("foreign_key", &PATTERN, "Names of foreign keys.").once(),
        Block::new("check", &PATTERN, "Names of checks.").once(),
    ],
);

static PATTERN: Body = Body::new(
    &[
        Attribute::string("match", "The pattern names must match.").holds(Content::Regex),
        Attribute::string("message", "What is said about a name that does not."),
    ],
    &[],
);

static NON_LINEAR: Body = Body::new(
    &[
        Attribute::bool("error", "Whether a finding fails the run."),
        Attribute::words("on_edit", ON_EDIT, "What an edited file means."),
    ],
    &[],
)
.partial();

static CONCURRENT_INDEX: Body = Body::new(
    &[
        Attribute::bool("error", "Whether a finding fails the run."),
        Attribute::bool("check_create", "Look at created indexes.").default("true"),
        Attribute::bool("check_drop", "Look at dropped indexes.").default("true"),
        Attribute::bool("check_txmode", "Look for the directive such files need.").default("true"),
    ],
    &[],
)
.partial();

static STATEMENT: Body = Body::new(
    &[
        Attribute::bool("error", "Whether a finding fails the run."),
        Attribute::bool("force", "Ignore `nolint`."),
    ],
    &[
        Block::new("allow", &OPEN_MATCH, "Statements that may be there.").named(),
        Block::new("deny", &OPEN_MATCH, "Statements that may not.").named(),
    ],
)
.partial();

static OPEN_MATCH: Body = Body::new(
    &[
        Attribute::string("match", "A pattern.").holds(Content::Regex),
        Attribute::string("message", "What is said."),
    ],
    &[],
)
.partial();

static OWNERSHIP: Body = Body::new(
    &[Attribute::new("default", AttrType::Any, "`ALLOW` or `DENY`.").default("DENY")],
    &[Block::new("allow", &OWNER, "Who may.").named(), Block::new("deny", &OWNER, "Who may not.").named()],
)
.partial();

static OWNER: Body = Body::new(
    &[
        Attribute::new("match", AttrType::Any, "Objects, as a glob."),
        Attribute::strings("teams", "Teams."),
        Attribute::strings("users", "Users."),
    ],
    &[],
)
.partial();

static CHECK: Body = Body::new(
    &[
        Attribute::bool("error", "Whether this finding fails the run."),
        Attribute::bool("skip", "Do not look for it."),
        Attribute::bool("force", "Report even where a `nolint` directive says not to."),
    ],
    &[],
)
.partial();

static RULE: Body = Body::new(
    &[
        Attribute::strings("src", "The files of the rules.").required().holds(Content::Path),
        Attribute::new("vars", AttrType::Map(&AttrType::Any), "Inputs of the rules."),
        Attribute::bool("error", "Whether a finding fails the run."),
    ],
    &[],
)
.partial();
