//! `diff`: what a computed plan may contain.

use hcl::spec::{Attribute, Block, Body};

pub(super) static DIFF: Body = Body::new(
    &[],
    &[
        Block::new("skip", &SKIP, "Kinds of changes that are left out of plans.").once(),
        Block::new(
            "concurrent_index",
            &CONCURRENT_INDEX,
            "Build and drop indexes without blocking writes (PostgreSQL).",
        )
        .once(),
        Block::new("not_null", &NOT_NULL, "How a column becomes `NOT NULL` (PostgreSQL).").once(),
        Block::new("materialized", &MATERIALIZED, "How materialized views are created.").once().accepted(),
        Block::new("add_table", &IF_NOT_EXISTS, "How tables are created.").once().accepted(),
        Block::new("drop_table", &DROP, "How tables are dropped.").once().accepted(),
        Block::new("add_column", &IF_NOT_EXISTS, "How columns are added.").once().accepted(),
        Block::new("add_index", &IF_NOT_EXISTS, "How indexes are created.").once().accepted(),
        Block::new("add_schema", &IF_NOT_EXISTS, "How schemas are created.").once().accepted(),
        Block::new("drop_schema", &DROP, "How schemas are dropped.").once().accepted(),
    ],
)
.partial();

/// Source: the change kinds of atlas `schemahcl`, project reference section 6.2; views, routines and triggers as
/// documented. Drivers may know more.
static SKIP: Body = Body::new(
    &[
        Attribute::bool("add_schema", "Leave out creating schemas."),
        Attribute::bool("drop_schema", "Leave out dropping schemas."),
        Attribute::bool("modify_schema", "Leave out changing schemas."),
        Attribute::bool("add_table", "Leave out creating tables."),
        Attribute::bool("drop_table", "Leave out dropping tables."),
        Attribute::bool("modify_table", "Leave out every change inside a table."),
        Attribute::bool("rename_table", "Leave out renaming tables."),
        Attribute::bool("add_column", "Leave out adding columns."),
        Attribute::bool("drop_column", "Leave out dropping columns."),
        Attribute::bool("modify_column", "Leave out changing columns."),
        Attribute::bool("add_index", "Leave out creating indexes."),
        Attribute::bool("drop_index", "Leave out dropping indexes."),
        Attribute::bool("modify_index", "Leave out changing indexes."),
        Attribute::bool("add_foreign_key", "Leave out adding foreign keys."),
        Attribute::bool("drop_foreign_key", "Leave out dropping foreign keys."),
        Attribute::bool("drop_check", "Leave out dropping checks."),
        Attribute::bool("drop_primary_key", "Leave out dropping primary keys."),
        Attribute::bool("modify_foreign_key", "Leave out changing foreign keys."),
        Attribute::bool("rename_constraint", "Leave out renaming constraints."),
        Attribute::bool("add_view", "Leave out creating views."),
        Attribute::bool("drop_view", "Leave out dropping views."),
        Attribute::bool("modify_view", "Leave out changing views."),
        Attribute::bool("rename_view", "Leave out renaming views."),
        Attribute::bool("add_func", "Leave out creating functions."),
        Attribute::bool("drop_func", "Leave out dropping functions."),
        Attribute::bool("modify_func", "Leave out changing functions."),
        Attribute::bool("rename_func", "Leave out renaming functions."),
        Attribute::bool("add_proc", "Leave out creating procedures."),
        Attribute::bool("drop_proc", "Leave out dropping procedures."),
        Attribute::bool("modify_proc", "Leave out changing procedures."),
        Attribute::bool("rename_proc", "Leave out renaming procedures."),
        Attribute::bool("add_trigger", "Leave out creating triggers."),
        Attribute::bool("drop_trigger", "Leave out dropping triggers."),
        Attribute::bool("modify_trigger", "Leave out changing triggers."),
        Attribute::bool("rename_trigger", "Leave out renaming triggers."),
        Attribute::bool("drop_role", "Leave out dropping roles.").accepted(),
        Attribute::bool("drop_user", "Leave out dropping users.").accepted(),
    ],
    &[],
)
.partial();

static CONCURRENT_INDEX: Body = Body::new(
    &[
        Attribute::bool("create", "Create indexes concurrently."),
        Attribute::bool("add", "Create indexes concurrently; the older name of `create`."),
        Attribute::bool("drop", "Drop indexes concurrently."),
    ],
    &[],
);

static NOT_NULL: Body = Body::new(
    &[
        Attribute::bool(
            "check",
            "Check first that no row holds NULL; the server does so before it changes anything.",
        ),
        Attribute::bool(
            "lock_safe",
            "Check through a constraint that is validated without blocking writers; needs `check`.",
        ),
    ],
    &[],
)
.partial();

static MATERIALIZED: Body = Body::new(&[Attribute::bool("with_no_data", "Create it empty.")], &[]).partial();

static IF_NOT_EXISTS: Body =
    Body::new(&[Attribute::bool("if_not_exists", "Do nothing when it is there already.")], &[]).partial();

static DROP: Body = Body::new(
    &[
        Attribute::bool("if_exists", "Do nothing when it is not there."),
        Attribute::bool("cascade", "Drop what depends on it too."),
    ],
    &[],
)
.partial();
