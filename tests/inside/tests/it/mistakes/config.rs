//! Mistakes in `atlas.hcl`.

use inside::Level;
use inside::seed::Seed;

const FILE: &str = "atlas.hcl";

/// What the parser finds.
pub const SYNTAX: &[Seed] = &[
    Seed::error(
        "config: quote never closed",
        FILE,
        r#"dev     = "([^"\n]*)"\n"#,
        "dev     = «\"$1»\n",
        "syntax-unclosed-string",
    ),
    Seed::error(
        "config: block never closed",
        FILE,
        r#"(env "files" )\{([^#]*?\n)\}\n"#,
        "$1«{»$2",
        "syntax-unclosed",
    ),
    Seed::error("config: one brace too many", FILE, r"\n\}\n", "\n}\n«}»\n", "syntax-unopened"),
    Seed::error(
        "config: `=` missing",
        FILE,
        r#"\n  dev +=( "[^"\n]*")\n"#,
        "\n  dev$1«»\n",
        "syntax-missing-body",
    ),
    Seed::error(
        "config: comma missing in a list",
        FILE,
        r#"\["a", "b"\]"#,
        "[\"a\" «\"»b\"]",
        "syntax-missing-separator",
    ),
    Seed::error(
        "config: interpolation never closed",
        FILE,
        r#"= "\$\{var\.tenant\}\.db""#,
        "= \"«${»var.tenant.db\"",
        "syntax-invalid-template",
    ),
    Seed::error(
        "config: bracket never closed",
        FILE,
        r#"exclude = \["tmp_\*"\]"#,
        "exclude = «[»\"tmp_*\"",
        "syntax-unclosed",
    ),
    Seed::error(
        "config: parenthesis never closed",
        FILE,
        r"upper\(local\.file\)",
        "upper«(»local.file",
        "syntax-unclosed",
    ),
    Seed::error(
        "config: value missing",
        FILE,
        r"\n  path =( .*)\n",
        "\n  path =«»\n",
        "syntax-missing-expression",
    ),
    Seed::error(
        "config: nested block never closed",
        FILE,
        "(  migration )\\{\n((?:    .*\n)+)  \\}\n",
        "$1«{»\n$2",
        "syntax-unclosed",
    ),
];

/// Names that are none.
pub const NAMES: &[Seed] = &[
    Seed::error(
        "config: misspelt block at the top",
        FILE,
        r"\n(lint|diff|locals) \{",
        "\n«%1» {",
        "unknown-block",
    ),
    Seed::error(
        "config: misspelt attribute of a variable",
        FILE,
        r"\n  (type|default|description)( +)=",
        "\n  «%1»$2=",
        "unknown-attribute",
    ),
    Seed::error(
        "config: misspelt attribute of a data source",
        FILE,
        r"\n  (path|vars)( =)",
        "\n  «%1»$2",
        "unknown-attribute",
    ),
    Seed::error(
        "config: misspelt block of a lint",
        FILE,
        r"\n  (destructive|naming) \{",
        "\n  «%1» {",
        "unknown-block",
    )
    .level(Level::Hint),
    Seed::error(
        "config: misspelt analyzer of an env",
        FILE,
        r"\n    (data_depend|condrop) \{",
        "\n    «%1» {",
        "unknown-block",
    )
    .level(Level::Hint),
    Seed::error(
        "config: misspelt attribute of naming",
        FILE,
        r"\n    (match|message)( +)=",
        "\n    «%1»$2=",
        "unknown-attribute",
    ),
    Seed::error(
        "config: misspelt attribute of a migration",
        FILE,
        r"\n    (exec_order|lock_timeout)( +)=",
        "\n    «%1»$2=",
        "unknown-attribute",
    )
    .level(Level::Hint),
    Seed::error(
        "config: misspelt kind of a change",
        FILE,
        r"\n    (drop_schema|drop_table) =",
        "\n    «%1» =",
        "unknown-attribute",
    )
    .level(Level::Hint),
    Seed::error(
        "config: misspelt command of a format",
        FILE,
        r"\n      (apply) =",
        "\n      «%1» =",
        "unknown-attribute",
    )
    .level(Level::Hint),
    Seed::error("config: misspelt review", FILE, r"review = (ERROR)", "review = «%1»", "unknown-value"),
    Seed::error(
        "config: misspelt order",
        FILE,
        r"exec_order   = (LINEAR)",
        "exec_order   = «%1»",
        "unknown-value",
    ),
    Seed::error("config: misspelt function", FILE, r"(upper|join)\(", "«%1»(", "unknown-function"),
    Seed::error(
        "config: variable that is not there",
        FILE,
        r"var\.(tenant|size|shards)",
        "var.«%1»",
        "unsupported-attribute",
    ),
    Seed::error(
        "config: local that is not there",
        FILE,
        r"local\.(file|loud)",
        "local.«%1»",
        "unsupported-attribute",
    ),
    Seed::error(
        "config: data source that is not there",
        FILE,
        r"data\.hcl_schema\.(app)\.",
        "data.hcl_schema.«%1».",
        "unsupported-attribute",
    ),
    Seed::error(
        "config: type of a data source that is not there",
        FILE,
        r"data\.(hcl_schema)\.app",
        "data.«%1».app",
        "unsupported-attribute",
    ),
    Seed::error(
        "config: misspelt type of a data source",
        FILE,
        r#"data "(composite_schema|hcl_schema)" "#,
        "data «\"%1\"» ",
        "unknown-value",
    )
    .level(Level::Hint),
    Seed::error("config: root that is not there", FILE, r"(local|var)\.", "«%1».", "unknown-variable"),
];

/// What does not fit together.
pub const MEANING: &[Seed] = &[
    Seed::error(
        "config: text where a boolean must be",
        FILE,
        r"error = true",
        "error = «\"yes\"»",
        "type-mismatch",
    ),
    Seed::error(
        "config: number where text must be",
        FILE,
        r#"dev     = "[^"\n]*""#,
        "dev     = «5»",
        "type-mismatch",
    ),
    Seed::error(
        "config: text where a list must be",
        FILE,
        r#"exclude = \["tmp_\*"\]"#,
        "exclude = «\"tmp_*\"»",
        "type-mismatch",
    ),
    Seed::error(
        "config: name of a data source missing",
        FILE,
        r#"(data) "hcl_schema" "app" \{"#,
        "«$1» \"hcl_schema\" {",
        "wrong-labels",
    ),
    Seed::error(
        "config: name of a variable missing",
        FILE,
        r#"(variable) "size" \{"#,
        "«$1» {",
        "wrong-labels",
    ),
    Seed::error("config: label of a lint", FILE, r"\n(lint) \{", "\n$1 «\"x\"» {", "wrong-labels"),
    Seed::error(
        "config: path of a data source missing",
        FILE,
        "(data) (\"hcl_schema\" \"app\" \\{\n)  path = .*\n",
        "«$1» $2",
        "one-of-required",
    ),
    Seed::error(
        "config: type of a variable missing",
        FILE,
        "(variable) (\"size\" \\{\n)  type    = number\n",
        "«$1» $2",
        "missing-attribute",
    ),
    Seed::error(
        "config: attribute twice",
        FILE,
        r"\n(  dev     =)(.*)\n",
        "\n$1$2\n  «dev» = \"sqlite://b?mode=memory\"\n",
        "duplicate-attribute",
    ),
    Seed::error(
        "config: block twice",
        FILE,
        r"\n  migration \{\n",
        "\n  migration {\n    dir = \"file://migrations\"\n  }\n  «migration» {\n",
        "duplicate-block",
    ),
    Seed::error(
        "config: locals that need each other",
        FILE,
        r"limit  = var\.size \+ 1",
        "limit  = «local.loop + 1»\n  loop   = local.limit",
        "cyclic-reference",
    ),
    Seed::error(
        "config: source that is not there",
        FILE,
        r#"src = (\["file://schema/main\.lt\.hcl", ")file://other(\.lt\.hcl"\])"#,
        "src = «$1file://nothing$2»",
        "wrong-source",
    ),
    Seed::error(
        "config: default of a variable that does not fit",
        FILE,
        "(type    = number\n  default =) 3",
        "$1 «\"three\"»",
        "invalid-variable",
    ),
    Seed::error(
        "config: path of a data source that is not there",
        FILE,
        r#"(?s)path = "schema"(.*src     = )(data.hcl_schema.app.url)"#,
        "path = \"schemas\"$1«$2»",
        "wrong-source",
    ),
];
