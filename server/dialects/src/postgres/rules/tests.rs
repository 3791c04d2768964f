//! Schema HCL of PostgreSQL: read, printed byte by byte as Atlas prints it, and read again; and what is wrong with it.

use engine::State;
use engine::decode::{Cache, Inputs, Source};
use expect_test::{Expect, expect};
use text::FileId;

use super::super::POSTGRES;

fn decode(text: &str) -> State {
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(text) };
    engine::decode(&[source], &POSTGRES, &Inputs::default(), &mut Cache::default())
}

/// The HCL printed again.
#[track_caller]
fn check(hcl: &str, expected: Expect) {
    let state = decode(hcl);
    assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
    let text = engine::encode(&state.realm, &POSTGRES).unwrap();
    expected.assert_eq(&text);
    let again = decode(&text);
    assert!(again.diagnostics.is_empty(), "{:#?}", again.diagnostics);
    for (again, first) in again.realm.schemas.iter().zip(&state.realm.schemas) {
        for object in &first.objects {
            assert!(again.objects.contains(object), "{object:?}\nin {:?}", again.objects);
        }
        assert_eq!(again.tables, first.tables);
        assert_eq!(again.triggers, first.triggers);
        assert_eq!(again.routines, first.routines);
    }
    assert_eq!(again.realm.objects, state.realm.objects);
    assert_eq!(syntax::hcl::format(&text), text, "formatting changes nothing");
}

/// What is said of the HCL, with the text it is said of.
#[track_caller]
fn wrong(hcl: &str, expected: Expect) {
    let state = decode(hcl);
    let lines = state.diagnostics.iter().map(|(_, diagnostic)| {
        let range = usize::from(diagnostic.range.start())..usize::from(diagnostic.range.end());
        let severity = format!("{:?}", diagnostic.severity).to_lowercase();
        format!("{severity} {:?} {}\n", &hcl[range], diagnostic.message)
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn every_spelling_of_a_type_is_printed_in_one() {
    let types = [
        "int",
        "int2",
        "int8",
        "bool",
        "varchar(10)",
        "varchar",
        "char",
        "char(3)",
        "decimal(5,2)",
        "numeric(5,0)",
        "float",
        "float(3)",
        "float8",
        "timestamptz(6)",
        "timestamptz(3)",
        "time",
        "interval",
        "second(3)",
        "year_to_month",
        "bit",
        "bit(4)",
        "bit_varying(4)",
        "serial4",
        "jsonb",
        "int4multirange",
        "sql(\"timestamp(3) with time zone\")",
        "sql(\"varchar(3) ARRAY\")",
        "sql(\"geometry(Point,4326)\")",
        "sql(\"CITEXT\")",
        "sql(\"\\\"char\\\"\")",
        "sql(\"interval day to second(2)\")",
    ];
    let mut hcl = String::from("schema \"public\" {}\ntable \"t\" {\n  schema = schema.public\n");
    for (at, ty) in types.iter().enumerate() {
        hcl.push_str(&format!("  column \"c{at}\" {{\n    type = {ty}\n  }}\n"));
    }
    hcl.push_str("}\n");
    let state = decode(&hcl);
    assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
    let text = engine::encode(&state.realm, &POSTGRES).unwrap();
    assert_eq!(decode(&text).realm, state.realm);
    let printed: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("type = ")).collect();
    let pairs: Vec<String> =
        types.iter().zip(&printed).map(|(from, to)| format!("{from} -> {to}\n")).collect();
    expect![[r#"
        int -> integer
        int2 -> smallint
        int8 -> bigint
        bool -> boolean
        varchar(10) -> character_varying(10)
        varchar -> character_varying
        char -> character(1)
        char(3) -> character(3)
        decimal(5,2) -> numeric(5,2)
        numeric(5,0) -> numeric(5)
        float -> double_precision
        float(3) -> real
        float8 -> double_precision
        timestamptz(6) -> timestamptz
        timestamptz(3) -> timestamptz(3)
        time -> time
        interval -> interval
        second(3) -> second(3)
        year_to_month -> year_to_month
        bit -> bit(1)
        bit(4) -> bit(4)
        bit_varying(4) -> bit_varying(4)
        serial4 -> serial
        jsonb -> jsonb
        int4multirange -> int4multirange
        sql("timestamp(3) with time zone") -> timestamptz(3)
        sql("varchar(3) ARRAY") -> sql("character varying(3)[]")
        sql("geometry(Point,4326)") -> sql("geometry(Point,4326)")
        sql("CITEXT") -> sql("citext")
        sql("\"char\"") -> sql("\"char\"")
        sql("interval day to second(2)") -> day_to_second(2)
    "#]]
    .assert_eq(&pairs.concat());
}

#[test]
fn a_table_with_everything() {
    check(
        r#"
schema "public" {}
enum "status" {
  schema = schema.public
  values = ["new", "it's"]
}
domain "email" {
  schema = schema.public
  type = text
  null = true
  default = "x"
  check "b" { expr = "VALUE <> ''" }
  check "a" { expr = "length(VALUE) < 100" }
}
composite "point3" {
  schema = schema.public
  field "x" { type = float8 }
  field "s" { type = enum.status }
}
table "users" {
  schema = schema.public
  comment = "people"
  unlogged = true
  access_method = "columnar"
  replica_identity = FULL
  column "id" {
    type = bigint
    identity {
      generated = ALWAYS
      start = 10
      increment = 1
    }
  }
  column "status" {
    type = enum.status
    default = "new"
  }
  column "all" {
    type = sql("status[]")
    null = true
  }
  column "email" {
    type = sql("email")
    null = true
  }
  column "p" {
    type = composite.point3
    null = true
  }
  column "total" {
    type = numeric(10)
    default = 1.50
  }
  column "twice" {
    type = int
    null = true
    as = "id * 2"
  }
  column "later" {
    type = int
    null = true
    as {
      expr = "id * 3"
      type = VIRTUAL
    }
  }
  column "at" {
    type = timestamptz
    default = sql("now()")
    collate = "C"
    storage = PLAIN
    renamed_from = "created"
  }
  primary_key "pk_users" {
    columns = [column.id]
    include = [column.status]
  }
  index "i" {
    on {
      column = column.status
      desc = true
      nulls_first = true
    }
    on {
      expr = "lower(email)"
      ops = text_pattern_ops
      nulls_last = true
    }
    unique = true
    where = "id > 0"
    type = "btree"
    nulls_distinct = true
  }
  index "j" {
    columns = [column.total]
    type = GiST
    include = [column.id]
    storage_params {
      fillfactor = 70
      buffering = "auto"
    }
  }
  index "k" {
    columns = [column.id]
    type = BRIN
    page_per_range = 128
  }
  index "l" {
    type = GIN
    on {
      column = column.email
      ops = sql("gist_trgm_ops(siglen='12')")
    }
  }
  unique "u" {
    columns = [column.status, column.total]
    nulls_distinct = false
    deferrable = INITIALLY_DEFERRED
  }
  exclude "x" {
    type = GIST
    on {
      column = column.total
      op = "="
    }
    on {
      expr = "id + 1"
      op = "&&"
    }
    where = "id > 0"
  }
  check "c" {
    expr = "id > 0"
    no_inherit = true
    comment = "positive"
  }
  foreign_key "self" {
    columns = [column.id]
    ref_columns = [column.id]
    on_delete = "SET NULL"
    deferrable = INITIALLY_IMMEDIATE
  }
  row_security {
    enabled = true
    enforced = false
  }
  partition {
    type = RANGE
    by { column = column.id }
    by { column = column.total }
  }
  storage_params {
    fillfactor = 80
  }
}
"#,
        expect![[r#"
            table "users" {
              schema           = schema.public
              comment          = "people"
              access_method    = "columnar"
              replica_identity = FULL
              column "id" {
                null = false
                type = bigint
                identity {
                  generated = ALWAYS
                  start     = 10
                }
              }
              column "status" {
                null    = false
                type    = enum.status
                default = "new"
              }
              column "all" {
                null = true
                type = sql("status[]")
              }
              column "email" {
                null = true
                type = domain.email
              }
              column "p" {
                null = true
                type = composite.point3
              }
              column "total" {
                null    = false
                type    = numeric(10)
                default = 1.5
              }
              column "twice" {
                null = true
                type = integer
                as {
                  expr = "id * 2"
                  type = STORED
                }
              }
              column "later" {
                null = true
                type = integer
                as {
                  expr = "id * 3"
                  type = VIRTUAL
                }
              }
              column "at" {
                null         = false
                type         = timestamptz
                default      = sql("now()")
                collate      = "C"
                storage      = PLAIN
                renamed_from = "created"
              }
              primary_key "pk_users" {
                columns = [column.id]
                include = [column.status]
              }
              foreign_key "self" {
                columns     = [column.id]
                ref_columns = [table.users.column.id]
                on_delete   = SET_NULL
                deferrable  = INITIALLY_IMMEDIATE
              }
              index "i" {
                unique = true
                where  = "id > 0"
                on {
                  desc   = true
                  column = column.status
                }
                on {
                  expr = "lower(email)"
                  ops  = text_pattern_ops
                }
              }
              index "j" {
                columns = [column.total]
                type    = GIST
                include = [column.id]
                storage_params {
                  buffering  = "auto"
                  fillfactor = 70
                }
              }
              index "k" {
                columns = [column.id]
                type    = BRIN
              }
              index "l" {
                type = GIN
                on {
                  column = column.email
                  ops    = sql("gist_trgm_ops(siglen='12')")
                }
              }
              check "c" {
                expr       = "id > 0"
                comment    = "positive"
                no_inherit = true
              }
              unique "u" {
                columns        = [column.status, column.total]
                nulls_distinct = false
                deferrable     = INITIALLY_DEFERRED
              }
              exclude "x" {
                type  = GIST
                where = "id > 0"
                on {
                  column = column.total
                  op     = "="
                }
                on {
                  expr = "id + 1"
                  op   = "&&"
                }
              }
              partition {
                type    = RANGE
                columns = [column.id, column.total]
              }
              row_security {
                enabled = true
              }
              storage_params {
                fillfactor = 80
              }
              unlogged = true
            }
            enum "status" {
              schema = schema.public
              values = ["new", "it's"]
            }
            domain "email" {
              schema  = schema.public
              type    = text
              null    = true
              default = "x"
              check "a" {
                expr = "length(VALUE) < 100"
              }
              check "b" {
                expr = "VALUE <> ''"
              }
            }
            composite "point3" {
              schema = schema.public
              field "x" {
                type = double_precision
              }
              field "s" {
                type = enum.status
              }
            }
            schema "public" {
            }
        "#]],
    );
}

#[test]
fn views_routines_and_triggers() {
    check(
        r#"
schema "public" {}
table "t" {
  schema = schema.public
  column "a" { type = int }
  column "b" { type = int }
}
view "v" {
  schema = schema.public
  as = "SELECT a, b FROM t;"
  check_option = CASCADED
  security {
    invoker = true
  }
  depends_on = [table.t]
}
materialized "m" {
  schema = schema.public
  column "a" { type = int }
  as = "SELECT a FROM t"
  index "mi" {
    columns = [column.a]
    unique = true
  }
}
function "f" {
  schema = schema.public
  lang = PLpgSQL
  arg "a" { type = int }
  arg {
    type = sql("text[]")
    default = sql("'{}'")
    mode = VARIADIC
  }
  return = trigger
  as = "begin return new; end"
  volatility = VOLATILE
  parallel = SAFE
  security = DEFINER
  config_params {
    search_path = "public"
  }
}
function "f" {
  schema = schema.public
  lang = "sql"
  return_table {
    column "x" { type = int }
  }
  as = "select 1"
}
procedure "p" {
  schema = schema.public
  lang = SQL
  as = "select 1"
}
aggregate "agg" {
  schema = schema.public
  arg { type = int }
  state_func = function.f
  state_type = int
  initial_value = 0
}
trigger "tr" {
  on = table.t
  before {
    insert = true
    update_of = [table.t.column.a, table.t.column.b]
  }
  for = ROW
  when = "new.a > 0"
  execute {
    function = function.f
    args = ["x"]
  }
}
trigger "tr" {
  on = view.v
  instead_of { delete = true }
  foreach = ROW
  execute { procedure = function.f }
}
trigger "ct" {
  on = table.t
  after { truncate = true }
  constraint = true
  deferrable = INITIALLY_DEFERRED
  execute { function = "pg_catalog.tsvector_update_trigger" }
}
event_trigger "ev" {
  on = ddl_command_end
  execute = function.f
  tags = ["CREATE TABLE"]
}
"#,
        expect![[r#"
            table "t" {
              schema = schema.public
              column "a" {
                null = false
                type = integer
              }
              column "b" {
                null = false
                type = integer
              }
            }
            view "v" {
              schema       = schema.public
              as           = "SELECT a, b FROM t"
              depends_on   = [table.t]
              check_option = CASCADED
              security {
                invoker = true
              }
            }
            materialized "m" {
              schema = schema.public
              column "a" {
                null = false
                type = integer
              }
              as = "SELECT a FROM t"
              index "mi" {
                unique  = true
                columns = [column.a]
              }
            }
            function "f" {
              schema   = schema.public
              lang     = PLpgSQL
              return   = trigger
              as       = "begin return new; end"
              parallel = SAFE
              security = DEFINER
              arg "a" {
                type = integer
              }
              arg {
                type    = sql("text[]")
                default = "{}"
                mode    = VARIADIC
              }
              config_params {
                search_path = "public"
              }
            }
            function "f" {
              schema = schema.public
              lang   = SQL
              as     = "select 1"
              return_table {
                column "x" {
                  type = integer
                }
              }
            }
            procedure "p" {
              schema = schema.public
              lang   = SQL
              as     = "select 1"
            }
            trigger "tr" {
              on = table.t
              before {
                insert    = true
                update_of = [table.t.column.a, table.t.column.b]
              }
              foreach = ROW
              when    = "new.a > 0"
              execute {
                function = function.f
                args     = ["x"]
              }
            }
            trigger "tr" {
              on = view.v
              instead_of {
                delete = true
              }
              foreach = ROW
              execute {
                function = function.f
              }
            }
            trigger "ct" {
              on = table.t
              after {
                truncate = true
              }
              foreach    = STATEMENT
              constraint = true
              deferrable = INITIALLY_DEFERRED
              execute {
                function = "pg_catalog.tsvector_update_trigger"
              }
            }
            aggregate "agg" {
              schema        = schema.public
              state_func    = function.f
              state_type    = integer
              initial_value = "0"
              arg {
                type = integer
              }
            }
            event_trigger "ev" {
              on      = ddl_command_end
              execute = function.f
              tags    = ["CREATE TABLE"]
            }
            schema "public" {
            }
        "#]],
    );
}

#[test]
fn other_objects() {
    check(
        r#"
schema "public" {}
schema "ext" {}
extension "pg_trgm" {
  schema = schema.ext
  version = "1.6"
}
sequence "s" {
  schema = schema.public
  type = int
  start = 1
  increment = 2
  min_value = 1
  max_value = 2147483647
  cache = 1
  cycle = false
  owner = table.t.column.a
}
sequence "down" {
  schema = schema.public
  increment = -1
  max_value = -1
}
range "r" {
  schema = schema.public
  subtype = float8
  subtype_diff = "float8mi"
}
table "t" {
  schema = schema.public
  column "a" { type = int }
  column "r" { type = range.r }
}
partition "t_2020" {
  schema = schema.public
  of = table.t
  range {
    from = ["2020-01-01", 5]
    to = [sql("MAXVALUE"), sql("MAXVALUE")]
  }
}
partition "t_list" {
  schema = schema.public
  of = table.t
  list { in = ["a", "b"] }
}
partition "t_hash" {
  schema = schema.public
  of = table.t
  hash {
    modulus = 4
    remainder = 1
  }
}
partition "t_rest" {
  schema = schema.public
  of = table.t
}
policy "mine" {
  on = table.t
  as = PERMISSIVE
  for = SELECT
  to = [PUBLIC]
  using = "a > 0"
}
policy "mine" {
  on = table.u
  to = ["app", CURRENT_USER]
  check = "true"
}
table "u" {
  schema = schema.public
  column "a" { type = int }
}
role "app" {}
permission {
  for = table.t
  to = role.app
  privileges = [SELECT, INSERT]
}
"#,
        expect![[r#"
            table "t" {
              schema = schema.public
              column "a" {
                null = false
                type = integer
              }
              column "r" {
                null = false
                type = range.r
              }
            }
            table "u" {
              schema = schema.public
              column "a" {
                null = false
                type = integer
              }
            }
            policy "mine" {
              on    = table.t
              for   = SELECT
              using = "a > 0"
            }
            policy "mine" {
              on    = table.u
              to    = [role.app, CURRENT_USER]
              check = "true"
            }
            range "r" {
              schema       = schema.public
              subtype      = double_precision
              subtype_diff = "float8mi"
            }
            sequence "s" {
              schema    = schema.public
              type      = integer
              increment = 2
              owner     = table.t.column.a
            }
            sequence "down" {
              schema    = schema.public
              increment = -1
            }
            partition "t_2020" {
              schema = schema.public
              of     = table.t
              range {
                from = ["2020-01-01", 5]
                to   = [sql("MAXVALUE"), sql("MAXVALUE")]
              }
            }
            partition "t_list" {
              schema = schema.public
              of     = table.t
              list {
                in = ["a", "b"]
              }
            }
            partition "t_hash" {
              schema = schema.public
              of     = table.t
              hash {
                modulus   = 4
                remainder = 1
              }
            }
            partition "t_rest" {
              schema = schema.public
              of     = table.t
            }
            extension "pg_trgm" {
              schema  = schema.ext
              version = "1.6"
            }
            role "app" {
            }
            permission {
              for        = table.t
              to         = role.app
              privileges = [SELECT, INSERT]
            }
            schema "public" {
            }
            schema "ext" {
            }
        "#]],
    );
}

#[test]
fn equal_names_carry_their_schema() {
    check(
        r#"
schema "a" {}
schema "b" { comment = "second" }
enum "a" "e" {
  schema = schema.a
  values = ["x"]
}
enum "b" "e" {
  schema = schema.b
  values = ["y"]
}
enum "only" {
  schema = schema.b
  values = ["z"]
}
table "a" "t" {
  schema = schema.a
  column "id" { type = enum.a.e }
  column "other" { type = enum.b.e }
  column "one" { type = enum.only }
  column "list" { type = sql("b.only[]") }
  column "raw" { type = sql("e") }
  primary_key { columns = [column.id] }
}
table "b" "t" {
  schema = schema.b
  column "id" { type = enum.b.e }
  foreign_key "fk" {
    columns = [column.id]
    ref_columns = [table.a.t.column.id]
  }
}
function "f" {
  schema = schema.b
  lang = SQL
  return_set = enum.a.e
  as = "select 1"
}
"#,
        expect![[r#"
            table "a" "t" {
              schema = schema.a
              column "id" {
                null = false
                type = enum.a.e
              }
              column "other" {
                null = false
                type = enum.b.e
              }
              column "one" {
                null = false
                type = enum.only
              }
              column "list" {
                null = false
                type = sql("b.\"only\"[]")
              }
              column "raw" {
                null = false
                type = enum.a.e
              }
              primary_key {
                columns = [column.id]
              }
            }
            table "b" "t" {
              schema = schema.b
              column "id" {
                null = false
                type = enum.b.e
              }
              foreign_key "fk" {
                columns     = [column.id]
                ref_columns = [table.a.t.column.id]
              }
            }
            function "f" {
              schema     = schema.b
              lang       = SQL
              return_set = enum.a.e
              as         = "select 1"
            }
            enum "a" "e" {
              schema = schema.a
              values = ["x"]
            }
            enum "b" "e" {
              schema = schema.b
              values = ["y"]
            }
            enum "only" {
              schema = schema.b
              values = ["z"]
            }
            schema "a" {
            }
            schema "b" {
              comment = "second"
            }
        "#]],
    );
}

#[test]
fn hints_of_former_names_are_read() {
    let state = decode(
        "schema \"public\" {}\n# atlas:renamed_from accounts\ntable \"users\" {\n  schema = schema.public\n  \
         // atlas:renamed_from key\n  column \"id\" {\n    type = int\n  }\n}\n# atlas:renamed_from kind\nenum \"e\" {\n  \
         schema = schema.public\n  values = [\"a\"]\n}\n",
    );
    assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
    let schema = &state.realm.schemas[0];
    let former = |attrs: &schema::Attrs| attrs.get(&engine::renames::RENAMED_FROM).unwrap_or_default();
    assert_eq!(former(&schema.tables[0].attrs), "accounts");
    assert_eq!(former(&schema.tables[0].columns[0].attrs), "key");
    assert_eq!(former(&schema.objects[0].attrs), "kind");
}

#[test]
fn a_state_without_schema_blocks() {
    let state = decode("table \"t\" {\n  schema = schema.public\n  column \"a\" {\n    type = int\n  }\n}\n");
    // Nothing is made up: the reference leads nowhere.
    assert_eq!(state.diagnostics.len(), 1);
    let state = decode("extension \"citext\" {}\n");
    assert!(state.diagnostics.is_empty());
    assert_eq!(state.realm.objects.len(), 1);
}

#[test]
fn what_the_server_would_refuse() {
    wrong(
        r#"
schema "public" {}
table "t" {
  schema = schema.public
  column "a" {
    type = int
    default = 5
    identity {}
  }
  column "b" {
    type = serial
    null = true
  }
  column "c" {
    type = int
    default = 1
    as = "1"
  }
  column "d" {
    type = enum.missing
  }
  column "e" {
    type = varcar(3)
  }
  index "i" {
    columns = [column.a]
    type = BTRE
  }
  index "j" {
    on {
      column = column.a
      ops = text_patern_ops
    }
  }
  partition {
    type = RANGE
  }
}
index "x" {}
table "v" {
  schema = schema.public
  column "a" {
    typ = int
    quite_new = true
  }
}
trigger "tr" {
  on = table.t
  instead_of { insert = true }
  execute { function = function.f }
}
"#,
        expect![[r#"
            error "missing" enum "missing" is not defined
            error "varcar" there is no function named "varcar". Did you mean "varchar"?
            error "BTRE" there is no type named "BTRE". Did you mean "BTREE"?
            error "text_patern_ops" there is no ops named "text_patern_ops". Did you mean "text_pattern_ops"?
            error "partition" "partition" of table "t" needs "columns" or "by"
            warning "typ" column "a" of table "v" has no attribute "typ", did you mean "type"?
            error "instead_of" trigger "tr" runs instead of a change, which only a view can have; "t" is a table
            error "f" function "f" is not defined
        "#]],
    );
}

#[test]
fn columns_that_contradict_themselves() {
    wrong(
        r#"
schema "public" {}
table "t" {
  schema = schema.public
  column "a" {
    type = int
    default = 5
    identity {}
  }
  column "b" {
    type = serial
    null = true
  }
  column "c" {
    type = int
    default = 1
    as = "1"
  }
  column "d" {
    type = text
    identity {}
  }
}
"#,
        expect![[r#"
            error "5" column "a" is an identity and cannot have a default
            error "true" NOT NULL constraint is required for serial column "b"
            error "1" column "c" is generated and cannot have a default
            error "text" column "d" is an identity: its type must be smallint, integer or bigint
        "#]],
    );
}
