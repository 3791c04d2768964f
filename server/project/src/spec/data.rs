//! `data`: values and schemas taken from outside.

use hcl::spec::{AttrType, Attribute, Block, Body, Content, Label, Labels, Variant};

/// A source nobody documented: everything is a hint.
pub(super) static ANY: Body = Body::new(&[], &[]).partial();

pub(super) static VARIANTS: &[Variant] = &[
    Variant::new("sql", &SQL, "The rows of a query: `values`, `value`, `count`."),
    Variant::new("external", &EXTERNAL, "What a program prints, as a string."),
    Variant::new("external_schema", &EXTERNAL, "A schema in SQL that a program prints: `url`."),
    Variant::new("hcl_schema", &HCL_SCHEMA, "A schema in HCL with input variables: `url`."),
    Variant::new("composite_schema", &COMPOSITE_SCHEMA, "A schema put together from several: `url`."),
    Variant::new("template_dir", &TEMPLATE_DIR, "A migration directory made from templates: `url`."),
    Variant::new("runtimevar", &RUNTIMEVAR, "A variable of a secret manager or file, as a string."),
    Variant::new("remote_dir", &REMOTE_DIR, "A migration directory of the registry: `url`."),
    Variant::new("remote_schema", &REMOTE_SCHEMA, "A schema of the registry: `url`."),
    Variant::new("blob_dir", &BLOB_DIR, "A migration directory of a blob store: `url`."),
    Variant::new("aws_rds_token", &AWS_RDS_TOKEN, "A login token of AWS RDS."),
    Variant::new("gcp_cloudsql_token", &GCP_CLOUDSQL_TOKEN, "A login token of Cloud SQL."),
    Variant::new("azure_db_token", &ANY, "A login token of an Azure database."),
    Variant::new("http", &HTTP, "What a web server answers."),
    Variant::new("cloud_databases", &CLOUD_DATABASES, "The databases the registry knows: `targets`."),
];

static SQL: Body = Body::new(
    &[
        Attribute::string("url", "The database to ask.").required().holds(Content::Url),
        Attribute::string("query", "A query that gives one column.").required().holds(Content::Sql),
        Attribute::new("args", AttrType::List(&AttrType::Any), "Values of the query's placeholders."),
    ],
    &[],
);

static EXTERNAL: Body = Body::new(
    &[
        Attribute::strings("program", "The program and its arguments. It is started only with your consent.")
            .required(),
        Attribute::string("working_dir", "Where it is started.").holds(Content::Path),
    ],
    &[],
);

static HCL_SCHEMA: Body = Body::new(
    &[
        Attribute::string("path", "A file or directory.").holds(Content::Path),
        Attribute::strings("paths", "Files and directories.").holds(Content::Path),
        Attribute::new("vars", AttrType::Map(&AttrType::Any), "Inputs of the schema."),
    ],
    &[],
)
.exclusive(&[&["path", "paths"]])
.one_of(&[&["path", "paths"]]);

static COMPOSITE_SCHEMA: Body = Body::new(
    &[],
    &[Block::new(
        "schema",
        &COMPOSITE_PART,
        "A part, loaded in order; with a label, into the schema of that name.",
    )
    .labels(Labels::between(0, 1, &[Label::new("schema", "The schema it is loaded into.")]))
    .required()],
);

static COMPOSITE_PART: Body = Body::new(
    &[Attribute::new(
        "url",
        AttrType::OneOf(&[AttrType::String, AttrType::Ref(&["data"])]),
        "Where it comes from.",
    )
    .required()
    .holds(Content::Url)],
    &[],
);

static TEMPLATE_DIR: Body = Body::new(
    &[
        Attribute::string("path", "The directory of the templates.").required().holds(Content::Path),
        Attribute::new("vars", AttrType::Map(&AttrType::Any), "Inputs of the templates."),
    ],
    &[],
);

static RUNTIMEVAR: Body = Body::new(
    &[Attribute::string("url", "Such as `file:///path`, `constant://?val=x`, `gcpsecretmanager://…`.")
        .required()
        .holds(Content::Url)],
    &[],
);

static REMOTE_DIR: Body = Body::new(
    &[Attribute::string("name", "The repository.").required(), Attribute::string("tag", "The tag.")],
    &[],
);

static REMOTE_SCHEMA: Body = Body::new(
    &[
        Attribute::string("name", "The repository.").required(),
        Attribute::string("tag", "The tag."),
        Attribute::string("version", "The version."),
    ],
    &[],
);

static BLOB_DIR: Body = Body::new(
    &[Attribute::string("url", "Such as `s3://bucket/path?region=…`.").required().holds(Content::Url)],
    &[],
)
.partial();

static AWS_RDS_TOKEN: Body = Body::new(
    &[
        Attribute::string("endpoint", "Host and port.").required(),
        Attribute::string("username", "The user.").required(),
        Attribute::string("region", "The region."),
        Attribute::string("profile", "The profile."),
    ],
    &[],
);

static GCP_CLOUDSQL_TOKEN: Body = Body::new(&[Attribute::string("region", "The region.")], &[]).partial();

static HTTP: Body = Body::new(
    &[
        Attribute::string("url", "The address.").required().holds(Content::Url),
        Attribute::string("method", "`GET`, `HEAD` or `POST`.").default("GET"),
        Attribute::new("request_headers", AttrType::Map(&AttrType::String), "Headers."),
        Attribute::string("request_body", "The body."),
        Attribute::int("request_timeout_ms", "How long to wait, in milliseconds."),
        Attribute::string("ca_cert_pem", "The certificate authority."),
        Attribute::string("client_cert_pem", "The client's certificate; needs `client_key_pem`."),
        Attribute::string("client_key_pem", "The client's key; needs `client_cert_pem`."),
        Attribute::bool("insecure", "Do not verify the server."),
    ],
    &[Block::new("retry", &RETRY, "What to do when it fails.").once()],
)
.exclusive(&[&["ca_cert_pem", "insecure"]])
.partial();

static RETRY: Body = Body::new(
    &[
        Attribute::int("attempts", "How often."),
        Attribute::int("min_delay_ms", "The shortest pause, in milliseconds."),
        Attribute::int("max_delay_ms", "The longest pause, in milliseconds."),
    ],
    &[],
);

static CLOUD_DATABASES: Body =
    Body::new(&[Attribute::string("repo", "The repository."), Attribute::string("env", "The env.")], &[])
        .partial();
