//! Completion as tables of half-typed text.
//!
//! The best items of each place, one a line: kind, label, what is inserted where it differs, detail.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::{Item, completion};
use crate::fixture::Fixture;

/// A schema whose names the short cases refer to.
const SHOP: &str = r#"
-- atlas.hcl --
variable "tenant" {
  type        = string
  description = "The tenant."
}
locals {
  dev_url = "sqlite://dev?mode=memory"
}
data "hcl_schema" "app" {
  path = "schema.lt.hcl"
}
env "local" {
  src = "file://schema"
  url = "sqlite://app.db"
}
env "prod" {
  src = "file://schema"
  url = "sqlite://prod.db"
}
-- schema/base.lt.hcl --
schema "main" {}
table "users" {
  schema = schema.main
  column "id" {
    type = integer
  }
  column "name" {
    type = text
    null = true
  }
  primary_key {
    columns = [column.id]
  }
}
table "odd name" {
  schema = schema.main
  column "a b" {
    type = int
  }
}
view "adults" {
  schema = schema.main
  column "id" {
    type = integer
  }
  as = "SELECT id FROM users"
}
"#;

/// The same schema in SQL.
const SQL: &str = r#"
-- atlas.hcl --
env "local" {
  src = "file://schema.sql"
  url = "sqlite://app.db"
}
-- schema.sql --
CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users (id), "order" int);
CREATE INDEX posts_author ON posts (author);
CREATE VIEW authors AS SELECT id, name FROM users;
"#;

fn items(fixture: &Fixture) -> Vec<Item> {
    let (file, offset) = fixture.cursor();
    completion(&fixture.snapshot, file, offset)
}

fn render(fixture: &Fixture, items: &[Item]) -> String {
    let (file, offset) = fixture.cursor();
    let mut out = String::new();
    for item in items {
        let _ = write!(out, "{:?} {}", item.kind, item.label);
        let replaced = fixture.slice(file, item.edit.range);
        assert!(item.edit.range.contains_inclusive(offset), "the edit is at the cursor: {item:?}");
        if item.edit.insert != item.label {
            let _ = write!(out, " => {:?}", item.edit.insert);
        }
        if !replaced.is_empty() {
            let _ = write!(out, " for {replaced:?}");
        }
        if let Some(detail) = &item.detail {
            let _ = write!(out, " ({detail})");
        }
        if item.deprecated {
            out.push_str(" deprecated");
        }
        out.push('\n');
    }
    if out.is_empty() { "nothing\n".to_owned() } else { out }
}

/// The first items at the cursor of `text`, which is added to `project` as a file called `name`.
fn check_in(project: &str, name: &str, text: &str, most: usize, expect: Expect) {
    let fixture = Fixture::new(name, &format!("{}-- {name} --\n{text}", project.trim_start()));
    let found = items(&fixture);
    expect.assert_eq(&render(&fixture, &found[..found.len().min(most)]));
}

/// In a schema file beside `base.lt.hcl`.
fn schema(text: &str, expect: Expect) {
    check_in(SHOP, "schema/more.lt.hcl", text, 12, expect);
}

/// At the end of the configuration.
fn config(text: &str, expect: Expect) {
    let fixture = Fixture::new(
        "atlas.hcl",
        &SHOP.trim_start().replace("-- schema/base", &format!("{text}\n-- schema/base")),
    );
    let found = items(&fixture);
    expect.assert_eq(&render(&fixture, &found[..found.len().min(12)]));
}

/// At the end of the SQL schema.
fn sql(text: &str, expect: Expect) {
    let fixture = Fixture::new("schema.sql", &format!("{}{text}\n", SQL.trim_start()));
    let found = items(&fixture);
    expect.assert_eq(&render(&fixture, &found[..found.len().min(10)]));
}

#[test]
fn blocks_of_a_schema_file() {
    schema(
        "$0",
        expect![[r#"
        Block data => "data \"${1:type}\" \"${2:name}\" {\n  $0\n}" (block)
        Block locals => "locals {\n  $0\n}" (block)
        Block schema => "schema \"${1:name}\" {\n  $0\n}" (block)
        Block table => "table \"${1:name}\" {\n  schema = $2\n}$0" (block)
        Block trigger => "trigger \"${1:name}\" {\n  on = $2\n  as = <<-SQL\n    $3\n  SQL\n}$0" (block)
        Block variable => "variable \"${1:name}\" {\n  $0\n}" (block)
        Block view => "view \"${1:name}\" {\n  schema = $2\n  as     = <<-SQL\n    $3\n  SQL\n}$0" (block)
    "#]],
    );
    schema(
        "ta$0",
        expect![[r#"
        Block data => "data \"${1:type}\" \"${2:name}\" {\n  $0\n}" for "ta" (block)
        Block locals => "locals {\n  $0\n}" for "ta" (block)
        Block schema => "schema \"${1:name}\" {\n  $0\n}" for "ta" (block)
        Block table => "table \"${1:name}\" {\n  schema = $2\n}$0" for "ta" (block)
        Block trigger => "trigger \"${1:name}\" {\n  on = $2\n  as = <<-SQL\n    $3\n  SQL\n}$0" for "ta" (block)
        Block variable => "variable \"${1:name}\" {\n  $0\n}" for "ta" (block)
        Block view => "view \"${1:name}\" {\n  schema = $2\n  as     = <<-SQL\n    $3\n  SQL\n}$0" for "ta" (block)
    "#]],
    );
}

#[test]
fn a_block_that_is_there_gets_its_name_only() {
    schema(
        "ta$0 \"t\" {\n}\n",
        expect![[r#"
        Block data for "ta" (block)
        Block locals for "ta" (block)
        Block schema for "ta" (block)
        Block table for "ta" (block)
        Block trigger for "ta" (block)
        Block variable for "ta" (block)
        Block view for "ta" (block)
    "#]],
    );
}

#[test]
fn required_attributes_come_first_and_written_ones_are_gone() {
    schema(
        "table \"t\" {\n  $0\n}\n",
        expect![[r#"
            Attribute schema => "schema = $0" (reference to schema, required)
            Block check => "check \"${1:name}\" {\n  expr = \"$2\"\n}$0" (block)
            Block column => "column \"${1:name}\" {\n  type = $2\n}$0" (block)
            Attribute depends_on => "depends_on = [$0]" (list(reference to table or view))
            Attribute for_each => "for_each = $0" (any)
            Block foreign_key => "foreign_key \"${1:name}\" {\n  columns     = [$2]\n  ref_columns = [$3]\n}$0" (block)
            Block index => "index \"${1:name}\" {\n  $0\n}" (block)
            Block primary_key => "primary_key {\n  columns = [$1]\n}$0" (block)
            Attribute strict => "strict = $0" (bool)
            Attribute without_rowid => "without_rowid = $0" (bool)
            Block annotation => "annotation \"${1:name}\" {\n  $0\n}" (block)
            Attribute comment => "comment = \"$0\"" (string)
        "#]],
    );
    schema(
        "table \"t\" {\n  schema = schema.main\n  column \"id\" {\n    null = true\n    $0\n  }\n}\n",
        expect![[r#"
            Attribute type => "type = $0" (type, required)
            Attribute as => "as = \"$0\"" (string)
            Block as => "as {\n  expr = \"$1\"\n}$0" (block)
            Attribute auto_increment => "auto_increment = $0" (bool)
            Attribute default => "default = $0" (bool or number or string or sql expression)
            Block default => "default {\n  as = $1\n}$0" (block)
            Block annotation => "annotation \"${1:name}\" {\n  $0\n}" (block)
            Attribute comment => "comment = \"$0\"" (string)
            Attribute unsigned => "unsigned = $0" (bool)
        "#]],
    );
}

#[test]
fn a_block_allowed_once_and_names_that_exclude_each_other() {
    schema(
        "table \"t\" {\n  index \"i\" {\n    columns = []\n    $0\n  }\n}\n",
        expect![[r#"
        Attribute unique => "unique = $0" (bool)
        Attribute where => "where = \"$0\"" (string)
        Attribute comment => "comment = \"$0\"" (string)
    "#]],
    );
    schema(
        "table \"t\" {\n  schema = schema.main\n  primary_key {\n  }\n  p$0\n}\n",
        expect![[r#"
            Block check => "check \"${1:name}\" {\n  expr = \"$2\"\n}$0" for "p" (block)
            Block column => "column \"${1:name}\" {\n  type = $2\n}$0" for "p" (block)
            Attribute depends_on => "depends_on = [$0]" for "p" (list(reference to table or view))
            Attribute for_each => "for_each = $0" for "p" (any)
            Block foreign_key => "foreign_key \"${1:name}\" {\n  columns     = [$2]\n  ref_columns = [$3]\n}$0" for "p" (block)
            Block index => "index \"${1:name}\" {\n  $0\n}" for "p" (block)
            Attribute strict => "strict = $0" for "p" (bool)
            Attribute without_rowid => "without_rowid = $0" for "p" (bool)
            Block annotation => "annotation \"${1:name}\" {\n  $0\n}" for "p" (block)
            Attribute comment => "comment = \"$0\"" for "p" (string)
        "#]],
    );
}

#[test]
fn an_unclosed_block_is_a_body() {
    schema(
        "table \"t\" {\n  column \"id\" {\n    ty$0\n",
        expect![[r#"
            Attribute type => "type = $0" for "ty" (type, required)
            Attribute as => "as = \"$0\"" for "ty" (string)
            Block as => "as {\n  expr = \"$1\"\n}$0" for "ty" (block)
            Attribute auto_increment => "auto_increment = $0" for "ty" (bool)
            Attribute default => "default = $0" for "ty" (bool or number or string or sql expression)
            Block default => "default {\n  as = $1\n}$0" for "ty" (block)
            Attribute null => "null = $0" for "ty" (bool)
            Block annotation => "annotation \"${1:name}\" {\n  $0\n}" for "ty" (block)
            Attribute comment => "comment = \"$0\"" for "ty" (string)
            Attribute unsigned => "unsigned = $0" for "ty" (bool)
        "#]],
    );
}

#[test]
fn types_with_and_without_arguments() {
    schema(
        "table \"t\" {\n  column \"id\" {\n    type = $0\n  }\n}\n",
        expect![[r#"
        Type bigint (SQLite)
        Type blob (SQLite)
        Type bool (SQLite)
        Type boolean (SQLite)
        Type character (SQLite)
        Type clob (SQLite)
        Type date (SQLite)
        Type datetime (SQLite)
        Type decimal (SQLite)
        Type double (SQLite)
        Type double_precision (SQLite)
        Type float (SQLite)
    "#]],
    );
    schema(
        "table \"t\" {\n  column \"id\" {\n    type = varchar($0)\n  }\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn booleans_and_words() {
    schema(
        "table \"t\" {\n  column \"id\" {\n    null = $0\n  }\n}\n",
        expect![[r#"
        Value false
        Value true
    "#]],
    );
    schema(
        "table \"t\" {\n  foreign_key \"f\" {\n    on_delete = CA$0\n  }\n}\n",
        expect![[r#"
        EnumValue CASCADE for "CA"
        EnumValue NO_ACTION for "CA"
        EnumValue RESTRICT for "CA"
        EnumValue SET_DEFAULT for "CA"
        EnumValue SET_NULL for "CA"
    "#]],
    );
}

#[test]
fn own_columns_are_those_of_the_text() {
    let table = |value: &str| {
        format!(
            "table \"t\" {{\n  column \"id\" {{\n    type = int\n  }}\n  column \"x y\" {{\n    type = text\n  }}\n  primary_key {{\n    columns = {value}\n  }}\n}}\n"
        )
    };
    schema(
        &table("[$0]"),
        expect![[r#"
        Column column.id (int)
        Column column["x y"] (text)
    "#]],
    );
    schema(
        &table("[column.$0]"),
        expect![[r#"
        Column id (int)
        Column x y => "[\"x y\"]" for "." (text)
    "#]],
    );
    schema(
        &table("[column.i$0"),
        expect![[r#"
        Column id for "i" (int)
        Column x y => "[\"x y\"]" for ".i" (text)
    "#]],
    );
    schema(
        &table("[column.id, $0"),
        expect![[r#"
        Column column.id (int)
        Column column["x y"] (text)
    "#]],
    );
    schema(
        &table("[column[\"$0\"]]"),
        expect![[r#"
        Column id (int)
        Column x y (text)
    "#]],
    );
    schema(
        &table("$0"),
        expect![[r#"
        Snippet […] => "[$0]" (list(reference to column))
    "#]],
    );
}

#[test]
fn columns_of_other_tables() {
    let key = |value: &str| {
        format!("table \"t\" {{\n  foreign_key \"f\" {{\n    ref_columns = {value}\n  }}\n}}\n")
    };
    schema(
        &key("[$0]"),
        expect![[r#"
            Table table.t => "table.t.column." (0 columns)
            Table table.users => "table.users.column." (2 columns)
            Table table["odd name"] => "table[\"odd name\"].column." (1 column)
        "#]],
    );
    schema(
        &key("[table.$0]"),
        expect![[r#"
            Table odd name => "[\"odd name\"]" for "." (1 column)
            Table t (0 columns)
            Table users (2 columns)
        "#]],
    );
    schema(
        &key("[table.users.$0]"),
        expect![[r#"
        Column column => "column." (columns of the table)
    "#]],
    );
    schema(
        &key("[table.users.column.$0]"),
        expect![[r#"
        Column id (integer not null)
        Column name (text)
    "#]],
    );
    schema(
        &key("[table[\"odd name\"].column.$0]"),
        expect![[r#"
        Column a b => "[\"a b\"]" for "." (int not null)
    "#]],
    );
    schema(
        &key("[table[\"$0"),
        expect![[r#"
            Table odd name (1 column)
            Table t (0 columns)
            Table users (2 columns)
        "#]],
    );
}

#[test]
fn references_to_schemas_tables_and_views() {
    schema(
        "table \"t\" {\n  schema = $0\n}\n",
        expect![[r#"
        Schema schema.main
    "#]],
    );
    schema(
        "table \"t\" {\n  schema = schema.$0\n}\n",
        expect![[r#"
        Schema main
    "#]],
    );
    schema(
        "trigger \"t\" {\n  on = $0\n}\n",
        expect![[r#"
            Table table.users (2 columns)
            Table table["odd name"] (1 column)
            View view.adults (1 column)
        "#]],
    );
}

#[test]
fn a_trigger_watches_columns_of_its_table() {
    schema(
        "trigger \"t\" {\n  on = table.users\n  after {\n    update_of = [$0]\n  }\n}\n",
        expect![[r#"
        Column table.users.column.id (integer not null)
        Column table.users.column.name (text)
    "#]],
    );
}

#[test]
fn nothing_in_comments_and_behind_values() {
    schema(
        "table \"t\" {\n  # $0\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
    schema(
        "table \"t\" {\n  schema = schema.main $0\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
    schema(
        "table \"t\" { $0 # x\n}\n",
        expect![[r#"
        Attribute schema (reference to schema, required)
        Block check (block)
        Block column (block)
        Attribute depends_on (list(reference to table or view))
        Attribute for_each (any)
        Block foreign_key (block)
        Block index (block)
        Block primary_key (block)
        Attribute strict (bool)
        Attribute without_rowid (bool)
        Block annotation (block)
        Attribute comment (string)
    "#]],
    );
}

#[test]
fn labels_of_a_schema_file() {
    schema(
        "schema \"$0\" {\n}\n",
        expect![[r#"
        Label main
    "#]],
    );
    schema(
        "table \"$0\" {\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn sql_in_strings_of_a_schema() {
    schema(
        "view \"v\" {\n  as = <<-SQL\n    SELECT * FROM $0\n  SQL\n}\n",
        expect![[r#"
            View adults (view)
            Table odd name => "\"odd name\"" (1 column)
            Table users (2 columns)
            View v (view)
        "#]],
    );
    schema(
        "view \"v\" {\n  as = \"SELECT u.$0 FROM users u\"\n}\n",
        expect![[r#"
        Column id (integer not null)
        Column name (text)
    "#]],
    );
    schema(
        "table \"t\" {\n  column \"price\" {\n    type = int\n  }\n  check \"c\" {\n    expr = \"pr$0\"\n  }\n}\n",
        expect![[r#"
            Column price for "pr" (int)
            Keyword case for "pr"
            Keyword cast for "pr"
            Keyword current_date for "pr"
            Keyword current_time for "pr"
            Keyword current_timestamp for "pr"
            Keyword distinct for "pr"
            Keyword exists for "pr"
            Keyword not for "pr"
            Keyword null for "pr"
            Keyword select for "pr"
        "#]],
    );
    schema(
        "trigger \"t\" {\n  on = table.users\n  after {\n    insert = true\n  }\n  as = <<-SQL\n    UPDATE users SET name = NEW.$0\n  SQL\n}\n",
        expect![[r#"
            Column id (integer not null)
            Column name (text)
        "#]],
    );
}

#[test]
fn variables_and_functions_of_a_schema() {
    schema(
        "variable \"size\" {\n  type = int\n}\nlocals {\n  a = 1\n}\ntable \"t\" {\n  comment = $0\n}\n",
        expect![[r#"
            Variable local.a (local)
            Variable var.size (int)
            Function abs => "abs($0)" (abs(num number) number)
            Function alltrue => "alltrue($0)" (alltrue(list any) bool)
            Function anytrue => "anytrue($0)" (anytrue(list any) bool)
            Function can => "can($0)" (can(expression any) bool)
            Function ceil => "ceil($0)" (ceil(num number) number)
            Function chomp => "chomp($0)" (chomp(str string) string)
            Function chunklist => "chunklist($0)" (chunklist(list list(any), size number) list(list(any)))
            Function coalescelist => "coalescelist($0)" (coalescelist(vals... any) list(any))
            Function compact => "compact($0)" (compact(list list(string)) list(string))
            Function concat => "concat($0)" (concat(seqs... any) list(any))
        "#]],
    );
    schema(
        "variable \"size\" {\n  type = int\n}\ntable \"t\" {\n  comment = \"x ${var.$0}\"\n}\n",
        expect![[r#"
            Variable size (int)
        "#]],
    );
    schema(
        "variable \"size\" {\n  type = $0\n}\n",
        expect![[r#"
        Type any
        Type bool
        Type int
        Type list => "list(${1:string})"
        Type map => "map(${1:string})"
        Type number
        Type object => "object({\n  $0\n})"
        Type set => "set(${1:string})"
        Type string
    "#]],
    );
}

#[test]
fn each_in_a_block_made_many_times() {
    schema(
        "table \"t\" {\n  for_each = toset([\"a\"])\n  comment = each.$0\n}\n",
        expect![[r#"
        Variable key
        Variable value
    "#]],
    );
}

#[test]
fn blocks_of_a_configuration() {
    config(
        "$0",
        expect![[r#"
            Block data => "data \"${1:type}\" \"${2:name}\" {\n  $0\n}" (block)
            Block dev => "dev \"${1:driver}\" \"${2:name}\" {\n  url = \"$3\"\n}$0" (block)
            Block diff => "diff {\n  $0\n}" (block)
            Block docker => "docker \"${1:driver}\" \"${2:name}\" {\n  image = \"$3\"\n}$0" (block)
            Block env => "env \"${1:name}\" {\n  $0\n}" (block)
            Block hook => "hook \"${1:kind}\" \"${2:name}\" {\n  $0\n}" (block)
            Block lint => "lint {\n  $0\n}" (block)
            Block locals => "locals {\n  $0\n}" (block)
            Block variable => "variable \"${1:name}\" {\n  type = $2\n}$0" (block)
            Block atlas => "atlas {\n  $0\n}" (block)
            Block check => "check \"${1:command}\" {\n  $0\n}" (block)
            Block deployment => "deployment \"${1:name}\" {\n  $0\n}" (block)
        "#]],
    );
    config(
        "env \"x\" {\n  $0\n}",
        expect![[r#"
            Attribute dev => "dev = \"$0\"" (string)
            Block diff => "diff {\n  $0\n}" (block)
            Attribute exclude => "exclude = [\"$0\"]" (list(string))
            Attribute for_each => "for_each = $0" (any)
            Block format => "format {\n  $0\n}" (block)
            Block hook => "hook \"${1:kind}\" \"${2:name}\" {\n  $0\n}" (block)
            Block lint => "lint {\n  $0\n}" (block)
            Block migration => "migration {\n  $0\n}" (block)
            Attribute name => "name = \"$0\"" (string)
            Block schema => "schema {\n  $0\n}" (block)
            Attribute schemas => "schemas = [\"$0\"]" (list(string))
            Attribute src => "src = \"$0\"" (string or list(string) or reference to data)
        "#]],
    );
}

#[test]
fn labels_of_a_configuration() {
    config(
        "data \"$0\" \"x\" {\n}",
        expect![[r#"
        Label aws_rds_token
        Label azure_db_token
        Label blob_dir
        Label cloud_databases
        Label composite_schema
        Label external
        Label external_schema
        Label gcp_cloudsql_token
        Label hcl_schema
        Label http
        Label remote_dir
        Label remote_schema
    "#]],
    );
    config(
        "data $0",
        expect![[r#"
            Label aws_rds_token => "\"aws_rds_token\""
            Label azure_db_token => "\"azure_db_token\""
            Label blob_dir => "\"blob_dir\""
            Label cloud_databases => "\"cloud_databases\""
            Label composite_schema => "\"composite_schema\""
            Label external => "\"external\""
            Label external_schema => "\"external_schema\""
            Label gcp_cloudsql_token => "\"gcp_cloudsql_token\""
            Label hcl_schema => "\"hcl_schema\""
            Label http => "\"http\""
            Label remote_dir => "\"remote_dir\""
            Label remote_schema => "\"remote_schema\""
        "#]],
    );
    config(
        "lint {\n  check \"$0\" {\n  }\n}",
        expect![[r#"
            Label BC101
            Label BC102
            Label CD101
            Label CD102
            Label CD103
            Label DS101
            Label DS102
            Label DS103
            Label LT101
            Label MF101
            Label MF102
            Label MF103
        "#]],
    );
    config(
        "diff \"$0\" {\n}",
        expect![[r#"
            Label cockroach
            Label mariadb
            Label mysql
            Label postgres
            Label sqlite
            Label tidb
        "#]],
    );
    config(
        "check \"$0\" {\n}",
        expect![[r#"
        Label migrate_apply
        Label schema_apply
    "#]],
    );
}

#[test]
fn a_data_source_has_the_attributes_of_its_type() {
    config(
        "data \"sql\" \"x\" {\n  $0\n}",
        expect![[r#"
        Attribute query => "query = \"$0\"" (string, required)
        Attribute url => "url = \"$0\"" (string, required)
        Attribute args => "args = [$0]" (list(any))
    "#]],
    );
}

#[test]
fn names_of_a_configuration() {
    config(
        "env \"x\" {\n  url = var.$0\n}",
        expect![[r#"
        Variable tenant (string)
    "#]],
    );
    config(
        "env \"x\" {\n  url = local.$0\n}",
        expect![[r#"
        Variable dev_url (local)
    "#]],
    );
    config(
        "env \"x\" {\n  src = data.$0\n}",
        expect![[r#"
        Object hcl_schema => "hcl_schema."
    "#]],
    );
    config(
        "env \"x\" {\n  src = data.hcl_schema.$0\n}",
        expect![[r#"
        Object app (hcl_schema)
    "#]],
    );
    config(
        "env \"x\" {\n  src = data.hcl_schema.app.$0\n}",
        expect![[r#"
        Variable url
    "#]],
    );
    config(
        "env {\n  name = atlas.$0\n}",
        expect![[r#"
        Variable env (string)
    "#]],
    );
    config(
        "env \"x\" {\n  src = $0\n}",
        expect![[r#"
            Snippet […] => "[\"$0\"]" (list(string))
            Object data.hcl_schema.app.url (data)
            Variable atlas.env (string)
            Variable local.dev_url (local)
            Variable var.tenant (string)
            Function env => "env($0)" (env(name string) string)
            Function file => "file($0)" (file(path string) string)
            Function fileset => "fileset($0)" (fileset(pattern string) list(string))
            Function getenv => "getenv($0)" (getenv(name string) string)
            Function glob => "glob($0)" (glob(pattern string) list(string))
            Function timestamp => "timestamp()" (timestamp() string)
            Function abs => "abs($0)" (abs(num number) number)
        "#]],
    );
}

#[test]
fn env_names_where_the_env_is_compared() {
    config(
        "env {\n  name = atlas.env\n  url = atlas.env == \"$0\" ? 1 : 2\n}",
        expect![[r#"
        Env local
        Env prod
    "#]],
    );
}

#[test]
fn words_of_a_configuration() {
    config(
        "env \"x\" {\n  migration {\n    exec_order = $0\n  }\n}",
        expect![[r#"
        EnumValue LINEAR
        EnumValue LINEAR_SKIP
        EnumValue NON_LINEAR
        EnumValue linear
        EnumValue linear-skip
        EnumValue non-linear
        Variable atlas.env (string)
        Object data.hcl_schema.app.url (data)
        Variable local.dev_url (local)
        Variable var.tenant (string)
    "#]],
    );
    config(
        "lint {\n  review = $0\n}",
        expect![[r#"
        EnumValue ALWAYS
        EnumValue ERROR
        EnumValue WARNING
        Variable atlas.env (string)
        Object data.hcl_schema.app.url (data)
        Variable local.dev_url (local)
        Variable var.tenant (string)
    "#]],
    );
}

#[test]
fn urls_and_paths() {
    config(
        "env \"x\" {\n  src = \"$0\"\n}",
        expect![[r#"
            Value file:// (a file or directory)
            Value crdb:// (CockroachDB)
            Value env:// (an attribute of this env)
            Value mariadb:// (MariaDB)
            Value mysql:// (MySQL)
            Value postgres:// (PostgreSQL)
            Value sqlite:// (SQLite)
            Value tidb:// (TiDB)
            Value libsql+file:// (SQLite)
            Value libsql+ws:// (SQLite)
            Value libsql+wss:// (SQLite)
            Value libsql:// (SQLite)
        "#]],
    );
    config(
        "env \"x\" {\n  src = \"file://$0\"\n}",
        expect![[r#"
        File atlas.hcl
        Folder schema
    "#]],
    );
    config(
        "env \"x\" {\n  src = [\"file://schema/b$0.lt.hcl\"]\n}",
        expect![[r#"
        File base.lt.hcl for "b.lt.hcl"
    "#]],
    );
    config(
        "env \"x\" {\n  dev = \"$0\"\n}",
        expect![[r#"
            Value sqlite://dev?mode=memory (needs no server)
            Value crdb:// (CockroachDB)
            Value docker:// (a container)
            Value mariadb:// (MariaDB)
            Value mysql:// (MySQL)
            Value postgres:// (PostgreSQL)
            Value sqlite:// (SQLite)
            Value tidb:// (TiDB)
            Value libsql+file:// (SQLite)
            Value libsql+ws:// (SQLite)
            Value libsql+wss:// (SQLite)
            Value libsql:// (SQLite)
        "#]],
    );
    config(
        "data \"hcl_schema\" \"x\" {\n  path = \"schema/$0\"\n}",
        expect![[r#"
        File base.lt.hcl
    "#]],
    );
    config(
        "locals {\n  x = file(\"sch$0\")\n}",
        expect![[r#"
        File atlas.hcl for "sch"
        Folder schema for "sch"
    "#]],
    );
}

#[test]
fn functions_of_a_configuration() {
    config(
        "locals {\n  x = gete$0\n}",
        expect![[r#"
        Variable atlas.env for "gete" (string)
        Object data.hcl_schema.app.url for "gete" (data)
        Variable local.dev_url for "gete" (local)
        Variable local.x for "gete" (local)
        Variable var.tenant for "gete" (string)
        Function env => "env($0)" for "gete" (env(name string) string)
        Value false for "gete"
        Function file => "file($0)" for "gete" (file(path string) string)
        Function fileset => "fileset($0)" for "gete" (fileset(pattern string) list(string))
        Function getenv => "getenv($0)" for "gete" (getenv(name string) string)
        Function glob => "glob($0)" for "gete" (glob(pattern string) list(string))
        Value null for "gete"
    "#]],
    );
}

#[test]
fn a_configuration_without_a_character() {
    let fixture = Fixture::new("atlas.hcl", "-- atlas.hcl --\n$0");
    assert!(items(&fixture).iter().any(|item| item.label == "env"));
}

#[test]
fn statements_and_their_case() {
    sql(
        "$0",
        expect![[r#"
        Keyword ALTER
        Keyword ANALYZE
        Keyword ATTACH
        Keyword BEGIN
        Keyword COMMIT
        Keyword CREATE
        Keyword DELETE
        Keyword DETACH
        Keyword DROP
        Keyword END
    "#]],
    );
    sql(
        "cre$0",
        expect![[r#"
        Keyword ALTER for "cre"
        Keyword ANALYZE for "cre"
        Keyword ATTACH for "cre"
        Keyword BEGIN for "cre"
        Keyword COMMIT for "cre"
        Keyword CREATE for "cre"
        Keyword DELETE for "cre"
        Keyword DETACH for "cre"
        Keyword DROP for "cre"
        Keyword END for "cre"
    "#]],
    );
    sql(
        "create $0",
        expect![[r#"
        Keyword index
        Keyword table
        Keyword temp table
        Keyword trigger
        Keyword unique index
        Keyword view
        Keyword virtual table
    "#]],
    );
}

#[test]
fn types_behind_a_new_column() {
    sql(
        "CREATE TABLE t (id $0",
        expect![[r#"
        Type BIGINT
        Type BLOB
        Type BOOL
        Type BOOLEAN
        Type CHARACTER
        Type CLOB
        Type DATE
        Type DATETIME
        Type DECIMAL
        Type DOUBLE
    "#]],
    );
    sql(
        "ALTER TABLE users ADD COLUMN age i$0",
        expect![[r#"
        Type BIGINT for "i"
        Type BLOB for "i"
        Type BOOL for "i"
        Type BOOLEAN for "i"
        Type CHARACTER for "i"
        Type CLOB for "i"
        Type DATE for "i"
        Type DATETIME for "i"
        Type DECIMAL for "i"
        Type DOUBLE for "i"
    "#]],
    );
}

#[test]
fn constraints_of_a_column_and_of_a_table() {
    sql(
        "CREATE TABLE t (id int $0)",
        expect![[r#"
        Keyword AUTOINCREMENT
        Keyword CHECK
        Keyword COLLATE
        Keyword CONSTRAINT
        Keyword DEFAULT
        Keyword GENERATED ALWAYS AS
        Keyword NOT NULL
        Keyword NULL
        Keyword PRIMARY KEY
        Keyword REFERENCES
    "#]],
    );
    sql(
        "CREATE TABLE t (id int, $0)",
        expect![[r#"
        Keyword CHECK
        Keyword CONSTRAINT
        Keyword FOREIGN KEY
        Keyword PRIMARY KEY
        Keyword UNIQUE
    "#]],
    );
    sql(
        "CREATE TABLE t (id int REFERENCES users (id) ON DELETE $0)",
        expect![[r#"
        Keyword CASCADE
        Keyword NO ACTION
        Keyword RESTRICT
        Keyword SET DEFAULT
        Keyword SET NULL
    "#]],
    );
    sql(
        "CREATE TABLE t (id int) $0",
        expect![[r#"
        Keyword STRICT
        Keyword WITHOUT ROWID
    "#]],
    );
}

#[test]
fn columns_of_the_table_being_defined() {
    sql(
        "CREATE TABLE t (id int, name text, PRIMARY KEY ($0))",
        expect![[r#"
            Column id (int)
            Column name (text)
        "#]],
    );
    sql(
        "CREATE TABLE t (id int, name text, FOREIGN KEY (id) REFERENCES users ($0))",
        expect![[r#"
        Column id (integer)
        Column name (text not null)
    "#]],
    );
    sql(
        "CREATE TABLE t (id int REFERENCES $0)",
        expect![[r#"
            Table posts (3 columns)
            Table t (1 column)
            Table users (2 columns)
        "#]],
    );
    sql(
        "CREATE TABLE t (id int, parent int REFERENCES t ($0))",
        expect![[r#"
        Column id (int)
        Column parent (int)
    "#]],
    );
}

#[test]
fn tables_where_tables_stand() {
    sql(
        "SELECT * FROM $0",
        expect![[r#"
        View authors (view)
        Table posts (3 columns)
        Table users (2 columns)
    "#]],
    );
    sql(
        "SELECT * FROM users, $0",
        expect![[r#"
        View authors (view)
        Table posts (3 columns)
        Table users (2 columns)
    "#]],
    );
    sql(
        "DROP TABLE $0",
        expect![[r#"
            Table posts (3 columns)
            Table users (2 columns)
        "#]],
    );
    sql(
        "DROP VIEW $0",
        expect![[r#"
        View authors (view)
    "#]],
    );
    sql(
        "DROP INDEX $0",
        expect![[r#"
        Index posts_author (on posts)
    "#]],
    );
    sql(
        "ALTER TABLE $0",
        expect![[r#"
            Table posts (3 columns)
            Table users (2 columns)
        "#]],
    );
    sql(
        "INSERT INTO po$0",
        expect![[r#"
        View authors for "po" (view)
        Table posts for "po" (3 columns)
        Table users for "po" (2 columns)
    "#]],
    );
    sql(
        "CREATE INDEX i ON $0",
        expect![[r#"
            Table posts (3 columns)
            Table users (2 columns)
        "#]],
    );
    sql(
        "UPDATE $0",
        expect![[r#"
        View authors (view)
        Table posts (3 columns)
        Table users (2 columns)
    "#]],
    );
}

#[test]
fn columns_in_scope() {
    sql(
        "SELECT $0 FROM users",
        expect![[r#"
            Column id (integer of users)
            Column name (text not null of users)
            Table users (users)
            Keyword CASE
            Keyword CAST
            Keyword CURRENT_DATE
            Keyword CURRENT_TIME
            Keyword CURRENT_TIMESTAMP
            Keyword DISTINCT
            Keyword EXISTS
        "#]],
    );
    sql(
        "SELECT p.$0 FROM posts AS p",
        expect![[r#"
        Column author (integer)
        Column id (integer)
        Column order => "\"order\"" (int)
    "#]],
    );
    sql(
        "SELECT * FROM users u JOIN posts p ON u.id = p.$0",
        expect![[r#"
        Column author (integer)
        Column id (integer)
        Column order => "\"order\"" (int)
    "#]],
    );
    sql(
        "SELECT * FROM users u JOIN posts p ON $0",
        expect![[r#"
            Column author (integer of p)
            Column name (text not null of u)
            Column order => "\"order\"" (int of p)
            Column p.id (integer)
            Column u.id (integer)
            Table p (posts)
            Table u (users)
            Keyword CASE
            Keyword CAST
            Keyword CURRENT_DATE
        "#]],
    );
    sql(
        "SELECT * FROM users WHERE id IN (SELECT $0 FROM posts)",
        expect![[r#"
            Column author (integer of posts)
            Column name (text not null of users)
            Column order => "\"order\"" (int of posts)
            Column posts.id (integer)
            Column users.id (integer)
            Table posts (posts)
            Table users (users)
            Keyword CASE
            Keyword CAST
            Keyword CURRENT_DATE
        "#]],
    );
    sql(
        "UPDATE users SET $0",
        expect![[r#"
            Column id (integer of users)
            Column name (text not null of users)
            Table users (users)
            Keyword CASE
            Keyword CAST
            Keyword CURRENT_DATE
            Keyword CURRENT_TIME
            Keyword CURRENT_TIMESTAMP
            Keyword DISTINCT
            Keyword EXISTS
        "#]],
    );
    sql(
        "DELETE FROM users WHERE $0",
        expect![[r#"
            Column id (integer of users)
            Column name (text not null of users)
            Table users (users)
            Keyword CASE
            Keyword CAST
            Keyword CURRENT_DATE
            Keyword CURRENT_TIME
            Keyword CURRENT_TIMESTAMP
            Keyword DISTINCT
            Keyword EXISTS
        "#]],
    );
    sql(
        "INSERT INTO posts (id, $0) VALUES (1)",
        expect![[r#"
        Column author (integer)
        Column id (integer)
        Column order => "\"order\"" (int)
    "#]],
    );
    sql(
        "CREATE INDEX i ON posts ($0)",
        expect![[r#"
        Column author (integer)
        Column id (integer)
        Column order => "\"order\"" (int)
    "#]],
    );
    sql(
        "ALTER TABLE posts DROP COLUMN $0",
        expect![[r#"
        Column author (integer)
        Column id (integer)
        Column order => "\"order\"" (int)
    "#]],
    );
}

#[test]
fn queries_with_a_name_are_tables() {
    sql(
        "WITH recent (a, b) AS (SELECT id, author FROM posts) SELECT r.$0 FROM recent r",
        expect![[r#"
        Column a
        Column b
    "#]],
    );
    sql(
        "WITH recent AS (SELECT id, author FROM posts) SELECT * FROM $0",
        expect![[r#"
        View authors (view)
        Table posts (3 columns)
        Table recent (with)
        Table users (2 columns)
    "#]],
    );
    sql(
        "SELECT s.$0 FROM (SELECT id AS x FROM posts) s",
        expect![[r#"
        Column x
    "#]],
    );
}

#[test]
fn the_row_a_trigger_sees() {
    sql(
        "CREATE TRIGGER t AFTER INSERT ON posts BEGIN UPDATE users SET name = NEW.$0; END;",
        expect![[r#"
        Column author (integer)
        Column id (integer)
        Column order => "\"order\"" (int)
    "#]],
    );
    sql(
        "CREATE TRIGGER t AFTER UPDATE OF $0 ON posts BEGIN SELECT 1; END;",
        expect![[r#"
        Column author (integer)
        Column id (integer)
        Column order => "\"order\"" (int)
    "#]],
    );
    sql(
        "CREATE TRIGGER t AFTER INSERT ON posts BEGIN DELETE FROM $0; END;",
        expect![[r#"
        View authors (view)
        Table posts (3 columns)
        Table users (2 columns)
    "#]],
    );
}

#[test]
fn nothing_in_strings_numbers_and_comments_of_sql() {
    sql(
        "SELECT 'a $0' FROM users",
        expect![[r#"
        nothing
    "#]],
    );
    sql(
        "SELECT 1$0",
        expect![[r#"
        nothing
    "#]],
    );
    sql(
        "-- $0",
        expect![[r#"
        nothing
    "#]],
    );
    sql(
        "SELECT id AS $0",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn what_goes_on_behind_a_value() {
    sql(
        "SELECT * FROM users $0",
        expect![[r#"
            Keyword AS
            Keyword CROSS JOIN
            Keyword EXCEPT
            Keyword GROUP BY
            Keyword INNER JOIN
            Keyword INTERSECT
            Keyword JOIN
            Keyword LEFT JOIN
            Keyword LIMIT
            Keyword ON
        "#]],
    );
    sql(
        "SELECT * FROM users ORDER $0",
        expect![[r#"
        Keyword BY
    "#]],
    );
}

#[test]
fn a_file_of_an_unknown_dialect_offers_nothing() {
    let fixture = Fixture::new("a.ch.hcl", "table \"t\" {\n  $0\n}\n");
    assert_eq!(items(&fixture), []);
}

#[test]
fn every_place_of_a_schema_answers_with_an_edit_at_the_cursor() {
    for (name, text) in [("s.lt.hcl", SHOP), ("s.sql", SQL)] {
        let (_, text) = text.rsplit_once(" --\n").expect("the last file of the fixture");
        for (at, _) in text.char_indices() {
            let half = format!("{}$0{}", &text[..at], &text[at..]);
            let fixture = Fixture::new(name, &format!("-- {name} --\n{half}"));
            render(&fixture, &items(&fixture));
        }
    }
}
