//! `env`: a target, its desired state and its policies.

use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue, Label, Labels};

use super::{HOOK, OPEN, diff, lint};

static SOURCE: AttrType = AttrType::OneOf(&[AttrType::String, AttrType::STRINGS, AttrType::Ref(&["data"])]);

pub(super) static ENV: Body = Body::new(
    &[
        Attribute::string("name", "The name of the env, when it has no label; often `atlas.env`."),
        Attribute::string("url", "The database that is inspected and changed.").holds(Content::Url),
        Attribute::string("dev", "An empty database used to understand schemas.").holds(Content::Url),
        Attribute::new(
            "src",
            SOURCE,
            "The desired state: a file, a directory, several of them, or a data source.",
        )
        .holds(Content::Url),
        Attribute::strings("schemas", "The schemas that are looked at; all when not set."),
        Attribute::strings("exclude", "Objects that are left alone: `schema.table[type=table]`.")
            .holds(Content::Glob),
        Attribute::strings("include", "Objects that are looked at.").holds(Content::Glob).accepted(),
        Attribute::new("for_each", AttrType::Any, "One env for each element; `each.key` and `each.value`."),
    ],
    &[
        Block::new("diff", &diff::DIFF, "What a plan of this env may contain.").labels(Labels::between(
            0,
            1,
            &[Label::new("driver", "Applies to this driver only.")],
        )),
        Block::new("lint", &lint::LINT, "The lint analyzers of this env.").once(),
        Block::new("format", &FORMAT, "Templates of reports.").once(),
        Block::new("log", &FORMAT, "Templates of reports; the older name of `format`.")
            .once()
            .deprecated("use `format`"),
        Block::new("migration", &MIGRATION, "The migration directory.").once(),
        Block::new("schema", &SCHEMA, "The desired state and where it is kept.").once(),
        Block::new("test", &TEST, "Defaults of `schema test` and `migrate test`.").once().accepted(),
        Block::new("rollout", &ROLLOUT, "How a `for_each` env is migrated.").once().accepted(),
        Block::new("data", &DATA, "Rows that belong to the desired state.").once().accepted(),
        Block::new("script", &SCRIPT, "Data scripts.").once().accepted(),
        Block::new("check", &OPEN, "A policy of this env.").labels(COMMAND).accepted(),
        Block::new("pre", &OPEN, "Steps before a command.").labels(COMMAND).accepted(),
        Block::new("post", &OPEN, "Steps after a command.").labels(COMMAND).accepted(),
        Block::new("hook", &HOOK, "SQL run inside the transaction of a migration.")
            .labels(Labels::exactly(2, &[Label::new("kind", "`sql`."), Label::new("name", "")])),
    ],
)
.open();

const COMMAND: Labels = Labels::exactly(1, &[Label::new("command", "`migrate_apply` or `schema_apply`.")]);

static FORMAT: Body = Body::new(
    &[],
    &[
        Block::new("migrate", &FORMAT_MIGRATE, "Templates of `migrate` commands.").once(),
        Block::new("schema", &FORMAT_SCHEMA, "Templates of `schema` commands.").once(),
    ],
);

static FORMAT_MIGRATE: Body = Body::new(
    &[
        Attribute::string("apply", "`migrate apply`").holds(Content::Template),
        Attribute::string("diff", "`migrate diff`").holds(Content::Template),
        Attribute::string("down", "`migrate down`").holds(Content::Template),
        Attribute::string("drift", "Drift reports.").holds(Content::Template),
        Attribute::string("lint", "`migrate lint`").holds(Content::Template),
        Attribute::string("status", "`migrate status`").holds(Content::Template),
    ],
    &[],
)
.partial();

static FORMAT_SCHEMA: Body = Body::new(
    &[
        Attribute::string("apply", "`schema apply`").holds(Content::Template),
        Attribute::string("clean", "`schema clean`").holds(Content::Template),
        Attribute::string("diff", "`schema diff`").holds(Content::Template),
        Attribute::string("inspect", "`schema inspect`").holds(Content::Template),
        Attribute::string("push", "`schema push`").holds(Content::Template),
    ],
    &[],
)
.partial();

static DIR_FORMAT: &[EnumValue] = &[
    EnumValue::new("atlas", "Atlas's own format."),
    EnumValue::new("golang-migrate", "`N_name.up.sql` and `N_name.down.sql`."),
    EnumValue::new("goose", "`-- +goose Up` sections."),
    EnumValue::new("flyway", "`V1__name.sql`."),
    EnumValue::new("liquibase", "`--changeset` comments."),
    EnumValue::new("dbmate", "`-- migrate:up` sections."),
];

static EXEC_ORDER: &[EnumValue] = &[
    EnumValue::new("LINEAR", "A file older than the last one applied is an error."),
    EnumValue::new("linear", "As `LINEAR`."),
    EnumValue::new("LINEAR_SKIP", "A file older than the last one applied is left out."),
    EnumValue::new("linear-skip", "As `LINEAR_SKIP`."),
    EnumValue::new("NON_LINEAR", "A file older than the last one applied is run."),
    EnumValue::new("non-linear", "As `NON_LINEAR`."),
];

static TX_MODE: &[EnumValue] = &[
    EnumValue::new("file", "One transaction for each file."),
    EnumValue::new("all", "One transaction for everything."),
    EnumValue::new("none", "No transaction."),
];

static MIGRATION: Body = Body::new(
    &[
        Attribute::string("dir", "The directory: `file://migrations`.").holds(Content::Url),
        Attribute::new(
            "format",
            AttrType::OneOf(&[AttrType::Enum(DIR_FORMAT), AttrType::String]),
            "The format of its files.",
        )
        .default("atlas"),
        Attribute::string("baseline", "The version the database is at before the first run."),
        Attribute::words("exec_order", EXEC_ORDER, "What a file that comes too late means.")
            .default("LINEAR"),
        Attribute::string("lock_timeout", "How long to wait for the lock.")
            .holds(Content::Duration)
            .default("10s"),
        Attribute::string("lock_name", "The name of the lock."),
        Attribute::string("revisions_schema", "The schema of the revisions table."),
        Attribute::words("tx_mode", TX_MODE, "How transactions are used.").default("file"),
        Attribute::string("to_version", "The version to stop at."),
        Attribute::strings("exclude", "Objects that are left alone.").holds(Content::Glob),
    ],
    &[Block::new("repo", &REPO, "The directory's repository in the registry.").once().accepted()],
)
.partial();

static REPO: Body = Body::new(
    &[
        Attribute::string("name", "The name of the repository.").required(),
        Attribute::string("backup", "A blob store that keeps copies.").holds(Content::Url),
    ],
    &[],
)
.partial();

static SCHEMA: Body = Body::new(
    &[Attribute::new("src", SOURCE, "The desired state.").holds(Content::Url)],
    &[
        Block::new("repo", &REPO, "The schema's repository in the registry.").once().accepted(),
        Block::new("mode", &MODE, "Which kinds of objects are managed.").labels(Labels::between(
            0,
            1,
            &[Label::new("driver", "Applies to this driver only.")],
        )),
    ],
)
.partial();

static MODE: Body = Body::new(
    &[
        Attribute::bool("roles", "Manage roles and users.").default("false"),
        Attribute::bool("permissions", "Manage permissions.").default("false"),
        Attribute::words("sensitive", SENSITIVE, "Whether passwords may stand in statements.")
            .default("DENY"),
        Attribute::bool("schemas", "Manage schemas.").default("true").accepted(),
        Attribute::bool("objects", "Manage objects in schemas.").default("true").accepted(),
        Attribute::bool("tables", "Manage tables.").accepted(),
        Attribute::bool("views", "Manage views.").accepted(),
        Attribute::bool("funcs", "Manage functions.").accepted(),
        Attribute::bool("types", "Manage types.").accepted(),
        Attribute::bool("triggers", "Manage triggers.").accepted(),
        Attribute::bool("tags", "Manage tags.").accepted(),
    ],
    &[],
)
.partial();

static SENSITIVE: &[EnumValue] = &[
    EnumValue::new("DENY", "Passwords are left out."),
    EnumValue::new("ALLOW", "An account is created with its password."),
];

pub(super) static TEST: Body = Body::new(
    &[],
    &[
        Block::new("schema", &TEST_KIND, "`schema test`").once(),
        Block::new("migrate", &TEST_KIND, "`migrate test`").once(),
        Block::new("script", &TEST_KIND, "Tests of data scripts.").once(),
    ],
);

static TEST_KIND: Body = Body::new(
    &[
        Attribute::strings("src", "The test files.").required().holds(Content::Path),
        Attribute::new("vars", AttrType::Map(&AttrType::Any), "Inputs of the tests."),
    ],
    &[],
);

static ROLLOUT: Body = Body::new(
    &[
        Attribute::new("deployment", AttrType::Ref(&["deployment"]), "The order of databases."),
        Attribute::new("vars", AttrType::Map(&AttrType::Any), "What this database tells about itself."),
    ],
    &[],
)
.partial();

static DATA_MODE: &[EnumValue] = &[
    EnumValue::new("INSERT", "Add rows that are missing."),
    EnumValue::new("UPSERT", "Add rows that are missing and change those that differ."),
    EnumValue::new("SYNC", "Make the rows equal; needs `max_rows`."),
];

static DATA: Body = Body::new(
    &[
        Attribute::words("mode", DATA_MODE, "What may be done to rows."),
        Attribute::strings("include", "Tables whose rows are managed.").holds(Content::Glob),
        Attribute::strings("exclude", "Tables whose rows are not.").holds(Content::Glob),
        Attribute::int("max_rows", "The largest table that is compared."),
        Attribute::bool("preserve_ids", "Keep generated keys."),
        Attribute::strings("skip_diff", "Columns that are not compared.").holds(Content::Glob),
    ],
    &[],
)
.partial();

static SCRIPT: Body = Body::new(
    &[Attribute::new("src", SOURCE, "The scripts.").holds(Content::Url)],
    &[Block::new("repo", &REPO, "The scripts' repository in the registry.").once()],
)
.partial();
