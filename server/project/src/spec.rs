//! The grammar of `atlas.hcl`, as data.
//!
//! Holds everything documented, executed or not, so that nothing real is flagged: what has no effect yet is
//! [`Status::Accepted`](hcl::spec::Status). A body is complete only where its whole grammar is published; elsewhere an
//! unknown name is a hint.
//!
//! Source: the project reference of atlasgo.io (Oct 2024) and its later additions up to 2026.

mod data;
mod diff;
mod env;
mod lint;

use hcl::spec::{AttrType, Attribute, Block, Body, Content, Label, Labels};

/// An `atlas.hcl` file.
pub static PROJECT: Body = Body::new(
    &[],
    &[
        Block::new("atlas", &ATLAS, "The registry this project belongs to.").once().accepted(),
        Block::new(
            "check",
            &CHECK,
            "A policy that allows or denies running `migrate apply` or `schema apply`.",
        )
        .labels(Labels::exactly(1, &[Label::new("command", "`migrate_apply` or `schema_apply`.")]))
        .accepted(),
        Block::new(
            "data",
            &data::ANY,
            "A value or a schema taken from outside, evaluated only when something uses it.",
        )
        .labels(Labels::exactly(
            2,
            &[
                Label::new("type", "The kind of source."),
                Label::new("name", "The name it is used by: `data.<type>.<name>`."),
            ],
        ))
        .variants(data::VARIANTS),
        Block::new(
            "deployment",
            &DEPLOYMENT,
            "The order in which the databases of a `for_each` env are migrated.",
        )
        .named()
        .accepted(),
        Block::new("dev", &DEV, "An existing database used as dev database; `dev.<driver>.<name>.url`.")
            .labels(DRIVER_AND_NAME),
        Block::new("diff", &diff::DIFF, "What a computed plan may contain.").labels(Labels::between(
            0,
            1,
            &[Label::new("driver", "Applies to this driver only.")],
        )),
        Block::new("docker", &DOCKER, "A dev database started in a container; `docker.<driver>.<name>.url`.")
            .labels(DRIVER_AND_NAME),
        Block::new(
            "env",
            &env::ENV,
            "An environment: a target database, its desired state and its policies.",
        )
        .maybe_named(),
        Block::new("exporter", &OPEN, "How an inspected schema is exported to files.")
            .labels(Labels::between(
                1,
                2,
                &[Label::new("kind", "The kind of exporter."), Label::new("name", "")],
            ))
            .accepted(),
        Block::new("hook", &HOOK, "SQL run inside the transaction of a migration.")
            .labels(Labels::exactly(2, &[Label::new("kind", "`sql`."), Label::new("name", "")])),
        Block::new("lint", &lint::LINT, "The lint analyzers and the review policy.").once(),
        Block::new("locals", &LOCALS, "Named values; `local.<name>`."),
        Block::new("script", &OPEN, "A data script.")
            .labels(Labels::between(0, 2, &[Label::new("kind", ""), Label::new("name", "")]))
            .accepted(),
        Block::new("test", &env::TEST, "Defaults of `schema test` and `migrate test`.").once().accepted(),
        Block::new("variable", &VARIABLE, "An input of the configuration; `var.<name>`, set by `--var`.")
            .named(),
    ],
);

const DRIVER_AND_NAME: Labels = Labels::exactly(
    2,
    &[Label::new("driver", "The database product."), Label::new("name", "The name it is used by.")],
);

/// A body of which only its existence is documented.
static OPEN: Body = Body::new(&[], &[]).partial();

static LOCALS: Body = Body::new(&[], &[]).open();

static VARIABLE: Body = Body::new(
    &[
        Attribute::new("type", AttrType::VariableType, "The type values are converted to.").required(),
        Attribute::new(
            "default",
            AttrType::Any,
            "The value used when none is given; without it, one is required.",
        ),
        Attribute::string("description", "What it is for."),
        Attribute::bool("sensitive", "Never print the value.").accepted(),
    ],
    &[Block::new("validation", &VALIDATION, "A condition the value must meet.").accepted()],
);

static VALIDATION: Body = Body::new(
    &[
        Attribute::new("condition", AttrType::Any, "True when the value is good.").required(),
        Attribute::string("error_message", "What is said when it is not."),
    ],
    &[],
);

static ATLAS: Body =
    Body::new(&[], &[Block::new("cloud", &CLOUD, "The account of the registry.").once()]).partial();

static CLOUD: Body = Body::new(
    &[
        Attribute::string("token", "The token of a bot or a user.").accepted(),
        Attribute::string("org", "The organization logged in to.").accepted(),
        Attribute::string("project", "The project of the organization.").accepted(),
        Attribute::string("url", "The address of a registry of one's own.").holds(Content::Url).accepted(),
    ],
    &[],
)
.partial();

static CHECK: Body = Body::new(
    &[],
    &[
        Block::new("allow", &ALLOW, "Run when the condition holds.").named(),
        Block::new("deny", &DENY, "Refuse when the condition holds.").named(),
        Block::new("drift", &DRIFT, "What to do when the target differs from what its history says.").once(),
    ],
);

static ALLOW: Body =
    Body::new(&[Attribute::new("condition", AttrType::Any, "An expression over `self`.").required()], &[]);

static DENY: Body = Body::new(
    &[
        Attribute::new("condition", AttrType::Any, "An expression over `self`.").required(),
        Attribute::string("message", "What is said when it is refused."),
    ],
    &[],
);

static DRIFT: Body = Body::new(
    &[
        Attribute::new("on_error", AttrType::Any, "`FAIL` or `CONTINUE`."),
        Attribute::strings("exclude", "Objects that do not count.").holds(Content::Glob),
    ],
    &[],
)
.partial();

static DEPLOYMENT: Body = Body::new(
    &[],
    &[
        Block::new("variable", &VARIABLE, "What an env tells about itself.").named(),
        Block::new("group", &GROUP, "Databases migrated together.").named(),
    ],
)
.partial();

static GROUP: Body = Body::new(
    &[
        Attribute::new(
            "match",
            AttrType::Any,
            "Which databases belong to it; without it, all that are left.",
        ),
        Attribute::new("order_by", AttrType::Any, "The order inside the group."),
        Attribute::int("parallel", "How many at once.").default("1"),
        Attribute::new("on_error", AttrType::Any, "`FAIL` stops the group, `CONTINUE` goes on.")
            .default("FAIL"),
        Attribute::new(
            "depends_on",
            AttrType::List(&AttrType::Ref(&["group"])),
            "Groups that must be done first.",
        ),
    ],
    &[],
)
.partial();

static DEV: Body = Body::new(
    &[
        Attribute::string("url", "The database; it is restored afterwards.").required().holds(Content::Url),
        Attribute::string("baseline", "SQL run before anything else.").holds(Content::Sql).accepted(),
        Attribute::string("init", "SQL run once at start.").holds(Content::Sql).accepted(),
    ],
    &[],
)
.partial();

static DOCKER: Body = Body::new(
    &[
        Attribute::string("image", "The image with its tag.").required(),
        Attribute::string("schema", "The schema to work in."),
        Attribute::string("database", "The database to work in."),
        Attribute::string("baseline", "SQL run before anything else.").holds(Content::Sql),
        Attribute::string("init", "SQL run once at start.").holds(Content::Sql),
        Attribute::strings("command", "The command of the container."),
        Attribute::string("platform", "The platform of the image."),
        Attribute::string("template", "The template database.").accepted(),
        Attribute::strings("extra_hosts", "More entries of the container's hosts file."),
    ],
    &[Block::new("build", &BUILD, "Build the image first.").once()],
)
.partial();

static BUILD: Body = Body::new(
    &[
        Attribute::string("context", "The directory to build in.").required().holds(Content::Path),
        Attribute::string("dockerfile", "The Dockerfile.").holds(Content::Path),
        Attribute::string("target", "The stage to build."),
        Attribute::new("args", AttrType::Map(&AttrType::String), "Build arguments."),
    ],
    &[],
);

static HOOK: Body = Body::new(
    &[Attribute::bool("skip_errors", "Go on when a statement of the hook fails.")],
    &[Block::new("transaction", &TRANSACTION, "When to run what.").once()],
);

static TRANSACTION: Body = Body::new(
    &[
        Attribute::strings("after_begin", "Statements after `BEGIN`.").holds(Content::Sql),
        Attribute::strings("before_commit", "Statements before `COMMIT`.").holds(Content::Sql),
        Attribute::strings("before_rollback", "Statements before `ROLLBACK`.").holds(Content::Sql),
    ],
    &[],
);

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks every body once; bodies may contain themselves.
    fn walk(body: &'static Body, seen: &mut Vec<*const Body>) {
        if seen.contains(&std::ptr::from_ref(body)) {
            return;
        }
        seen.push(body);
        assert_eq!(body.check(), None, "a name is declared twice");
        for block in body.blocks {
            walk(block.body, seen);
            block.variants.iter().for_each(|variant| walk(variant.body, seen));
        }
    }

    #[test]
    fn no_name_is_declared_twice_in_one_body() {
        walk(&PROJECT, &mut Vec::new());
    }
}
