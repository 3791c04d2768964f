//! Blocks: validation against a declaration, variables, locals, `for_each`.

use expect_test::{Expect, expect};
use syntax::hcl::File;
use syntax::hcl::ast::Block;

use super::{expr, show};
use crate::spec::{AttrType, Attribute, Body, EnumValue, Label, Labels, Variant};
use crate::{
    Context, Input, Locals, Type, Value, decode_variable, eval, for_each, functions, spec, validate_file,
};

static COLUMN: Body = Body::new(
    &[
        Attribute::new("type", AttrType::Type, "The type.").required(),
        Attribute::bool("null", "Whether NULL is allowed."),
        Attribute::new("default", AttrType::Any, "The default."),
        Attribute::string("collate", "").aliases(&["collation"]),
    ],
    &[],
);
static ON: Body =
    Body::new(&[Attribute::reference("column", &["column"], ""), Attribute::string("expr", "")], &[])
        .exclusive(&[&["column", "expr"]])
        .one_of(&[&["column", "expr"]]);
static INDEX: Body = Body::new(
    &[
        Attribute::new("columns", AttrType::List(&AttrType::Ref(&["column"])), ""),
        Attribute::words("type", &[EnumValue::new("BTREE", ""), EnumValue::new("HASH", "")], ""),
        Attribute::int("parts", ""),
        Attribute::strings("tags", ""),
        Attribute::new(
            "src",
            AttrType::OneOf(&[AttrType::Ref(&["data"]), AttrType::String, AttrType::STRINGS]),
            "",
        ),
        Attribute::new("vars", AttrType::Map(&AttrType::Any), "").deprecated("Use input instead."),
    ],
    &[spec::Block::new("on", &ON, "")],
)
.exclusive(&[&["columns", "on"]]);
static TABLE: Body = Body::new(
    &[Attribute::reference("schema", &["schema"], "").required(), Attribute::string("comment", "")],
    &[
        spec::Block::new("column", &COLUMN, "").named(),
        spec::Block::new("index", &INDEX, "").named(),
        spec::Block::new("primary_key", &INDEX, "").maybe_named().once(),
    ],
);
static SQL: Body = Body::new(&[Attribute::string("url", "").required()], &[]);
static EMPTY: Body = Body::new(&[], &[]);
static ENV: Body = Body::new(&[Attribute::string("url", "")], &[]).open();
static LOOSE: Body = Body::new(&[Attribute::string("known", "")], &[]).partial();
static ROOT: Body = Body::new(
    &[],
    &[
        spec::Block::new("table", &TABLE, "").labels(Labels::between(
            1,
            2,
            &[Label::new("schema", ""), Label::new("name", "")],
        )),
        spec::Block::new("data", &EMPTY, "")
            .labels(Labels::exactly(2, &[]))
            .variants(&[Variant::new("sql", &SQL, "")]),
        spec::Block::new("env", &ENV, "").maybe_named(),
        spec::Block::new("lint", &LOOSE, "").once(),
    ],
);

fn check(text: &str, expect: Expect) {
    let mut out = String::new();
    for found in validate_file(&File::of(text), &ROOT) {
        let at = |range: text::TextRange| text.get(usize::from(range.start())..usize::from(range.end()));
        let fixes: Vec<String> = found
            .fixes
            .iter()
            .flat_map(|fix| {
                fix.edits.iter().map(|edit| format!(" [{:?} -> {:?}]", at(edit.range), edit.insert))
            })
            .collect();
        let place = at(found.range).unwrap_or_default();
        out.push_str(&format!("{:?} `{place}` {}{}\n", found.severity, found.message, fixes.concat()));
    }
    expect.assert_eq(&out);
}

#[test]
fn a_good_file_has_no_findings() {
    check(
        r#"
table "users" {
  schema = schema.main
  column "id" {
    type = int
    null = var.x ? true : false
    default = null
  }
  index "i" {
    on { expr = "lower(x)" }
    type  = "btree"
    src   = data.sql.x.url
    tags  = ["a", var.b, upper("c")]
    parts = length([1])
  }
  primary_key { columns = [column.id] }
}
table "a" "b" {
  schema = null
}
env "x" {
  anything = [1]
}
lint {
}
data "sql" "x" {
  url = "a${1}"
}
"#,
        expect![[""]],
    );
}

#[test]
fn unknown_names_are_found_with_what_was_meant() {
    check(
        r#"
tabel "users" {}
table "users" {
  schema = schema.main
  primray_key {
    coulmns = [column.id]
  }
  index "i" {
    coulmns = [column.id]
  }
  zzz = 1
  column = 1
  schema {}
}
env "x" {
  block {}
}
lint {
  knwon = 1
}
data "sqll" "x" {
  url = 1
}
table "t" {
  shcema = schema.main
  column "c" {
    type {}
  }
}
"#,
        expect![[r#"
            Error `tabel` unknown block type tabel (Did you mean table?) [Some("tabel") -> "table"]
            Error `primray_key` unknown block type primray_key in block of type table (Did you mean primary_key?) [Some("primray_key") -> "primary_key"]
            Error `coulmns` unknown attribute coulmns in block of type index (Did you mean columns?) [Some("coulmns") -> "columns"]
            Error `zzz` unknown attribute zzz in block of type table
            Error `column` column must be a block, not an attribute in block of type table
            Error `schema` schema must be an attribute, not a block in block of type table
            Error `block` unknown block type block in block of type env
            Hint `knwon` unknown attribute knwon in block of type lint (Did you mean known?) [Some("knwon") -> "known"]
            Error `"sqll"` unknown data type sqll (Did you mean sql?) [Some("sqll") -> "sql"]
            Error `shcema` unknown attribute shcema in block of type table (Did you mean schema?) [Some("shcema") -> "schema"]
            Error `type` type must be an attribute, not a block in block of type column
        "#]],
    );
}

#[test]
fn what_is_missing_or_there_twice_is_found_once() {
    check(
        r#"
table {
  column "a" {}
  primary_key {}
  primary_key {}
  comment = "a"
  comment = "b"
}
table "a" "b" "c" {
  schema = schema.x
}
lint "x" {}
lint {}
table "t" {
  schema = schema.x
  column "a" {
    type    = int
    collate = "x"
    collation = "y"
  }
  index {
    columns = []
    on {}
    on {
      column = column.a
      expr = "b"
    }
  }
}
env "x" {
  a = 1
  a = 2
}
"#,
        expect![[r#"
            Error `table` table block must have at least 1 label
            Error `table` missing required attribute schema in block table
            Error `column` missing required attribute type in block column
            Error `primary_key` block primary_key may be there only once in block of type table
            Error `comment` attribute comment is set twice in block of type table
            Error `"c"` table block must have at most 2 labels
            Error `"x"` lint block must have no labels [Some(" \"x\"") -> ""]
            Error `lint` block lint may be there only once
            Error `collation` attribute collation is set twice in block of type column
            Error `index` index block must have exactly 1 label
            Error `on` one of column, expr is required in block on
            Error `on` on and columns are mutually exclusive in block of type index
            Error `expr` expr and column are mutually exclusive in block of type on
            Error `a` attribute a is set twice in block of type env
        "#]],
    );
}

#[test]
fn literals_of_the_wrong_type_are_found() {
    check(
        r#"
table "t" {
  schema  = "main"
  comment = 5
  column "a" {
    type = "int"
    null = "true"
  }
  column "b" {
    type = 5
    null = 1
  }
  index "i" {
    columns = column.a
    type    = BTRE
    parts   = "3"
    tags    = "x"
    src     = 5
    vars    = {}
  }
  index "j" {
    columns = ["a"]
    type    = "hsh"
    parts   = 1.5
    tags    = ["a", 1]
    src     = ["a", true]
    vars    = []
  }
}
"#,
        expect![[r#"
            Error `"main"` invalid value for attribute schema in block of type table: reference to schema required, got string
            Error `5` invalid value for attribute comment in block of type table: string required, got number
            Error `"int"` invalid value for attribute type in block of type column: type required, got string [Some("\"int\"") -> "int"]
            Error `"true"` invalid value for attribute null in block of type column: bool required, got string [Some("\"true\"") -> "true"]
            Error `5` invalid value for attribute type in block of type column: type required, got number
            Error `1` invalid value for attribute null in block of type column: bool required, got number
            Error `BTRE` invalid value for attribute type in block of type index: unknown value BTRE (Did you mean BTREE?) [Some("BTRE") -> "BTREE"]
            Error `"3"` invalid value for attribute parts in block of type index: number required, got string [Some("\"3\"") -> "3"]
            Error `"x"` invalid value for attribute tags in block of type index: list required, got string [Some("\"x\"") -> "[\"x\"]"]
            Error `5` invalid value for attribute src in block of type index: reference to data or string or list(string) required, got number
            Hint `vars` vars is deprecated: Use input instead
            Error `"a"` invalid value for attribute columns in block of type index: reference to column required, got string
            Error `"hsh"` invalid value for attribute type in block of type index: unknown value hsh (Did you mean HASH?) [Some("\"hsh\"") -> "\"HASH\""]
            Error `1.5` invalid value for attribute parts in block of type index: whole number required
            Error `1` invalid value for attribute tags in block of type index: string required, got number
            Error `true` invalid value for attribute src in block of type index: string required, got bool
            Hint `vars` vars is deprecated: Use input instead
            Error `[]` invalid value for attribute vars in block of type index: map required, got list
        "#]],
    );
}

#[test]
fn half_typed_blocks_are_not_called_incomplete() {
    check("table \"t\" {\n  sche\n}\n", expect![[""]]);
    check("table \"t\" {\n", expect![[""]]);
}

fn blocks(text: &str) -> Vec<Block> {
    let file = File::of(text);
    file.pieces()
        .iter()
        .filter_map(|placed| placed.piece.body())
        .flat_map(|body| body.blocks().collect::<Vec<_>>())
        .collect()
}

fn context() -> Context<'static> {
    let mut context = Context::new();
    for table in functions::PROJECT {
        context.add_functions(table);
    }
    context
}

#[test]
fn variables_are_decoded_and_given_values() {
    let text = r#"
variable "a" {
  type        = string
  default     = 5
  description = "An a."
  sensitive   = true
}
variable "b" { type = list(string) }
variable "c" { type = number }
variable "d" { type = "int" }
variable "e" {
  type = foo
}
variable "f" {
  foo = 1
}
variable "g" { type = object({ x = string, y = list(number) }) }
variable { type = string }
variable "h" {
  type    = string
  default = local.q
}
variable "i" {
  type = number
  validation {
    condition     = var.i > 3
    error_message = "i must exceed 3, not ${var.i}."
  }
}
"#;
    let context = context();
    let mut out = String::new();
    for block in blocks(text) {
        let (variable, found) = decode_variable(&block, &context);
        for found in found {
            out.push_str(&format!("{:?} {}\n", found.range, found.text()));
        }
        let Some(variable) = variable else { continue };
        out.push_str(&format!("{}: {:?}\n", variable.name, variable.ty.as_ref().map(Type::to_string)));
        let texts = Input::Texts(vec!["1".into(), "2".into()]);
        for input in [None, Some(Input::Text("1".into())), Some(Input::Text("x".into())), Some(texts)] {
            let value = variable.value(input.as_ref());
            let shown = value.as_ref().map_or_else(Clone::clone, show);
            out.push_str(&format!("    {shown}\n"));
            for found in value.iter().flat_map(|value| variable.validate(value, &context)) {
                out.push_str(&format!("        {}\n", found.text()));
            }
        }
    }
    expect![[r#"
        a: Some("string")
            "5"
            "1"
            "x"
            variable "a": string required
        b: Some("list(string)")
            missing value for required variable "b"
            list["1"]
            list["x"]
            list["1", "2"]
        c: Some("number")
            missing value for required variable "c"
            1
            variable "c": a number is required
            variable "c": number required
        22..27 invalid type "int" for variable "d". Valid types are: string, number, bool, list, map, or set
        d: None
            missing value for required variable "d"
            "1"
            "x"
            list["1", "2"]
        24..27 Unknown variable; There is no variable named "foo". Did you mean "bool"?
        e: None
            missing value for required variable "e"
            "1"
            "x"
            list["1", "2"]
        17..20 Unsupported argument; An argument named "foo" is not expected here.
        13..13 Missing required argument; The argument "type" is required, but no definition was found.
        f: None
            missing value for required variable "f"
            "1"
            "x"
            list["1", "2"]
        g: Some("object({ x = string, y = list(number) })")
            missing value for required variable "g"
            variable "g": object required
            variable "g": object required
            variable "g": object required
        0..8 Missing name for variable; All variable blocks must have 1 labels (name).
        46..51 Unknown variable; There is no variable named "local".
        h: Some("string")
            unknown()
            "1"
            "x"
            variable "h": string required
        i: Some("number")
            missing value for required variable "i"
            1
                Invalid value for variable; i must exceed 3, not 1.
            variable "i": a number is required
            variable "i": number required
    "#]]
    .assert_eq(&out);
}

#[test]
fn locals_are_lazy_and_cycles_are_found() {
    let text = r#"
locals {
  a = "x${local.b}"
  b = local.c.d
  c = { d = 5, e = local.a2 }
  a2 = 1
  a2 = 2
}
locals {
  one = local.two
  two = local.three + 1
  three = local.one
  bad = nope
  uses = local.bad
  typo = local.aa
  all = keys(local.c)
}
"#;
    let locals: Vec<_> =
        blocks(text).iter().enumerate().flat_map(|(at, block)| Locals::of_block(block, at)).collect();
    let locals = Locals::new(locals);
    let mut context = context();
    context.set_lazy("local", &locals);
    let mut out = String::new();
    for name in ["local.a", "local.c", "local.one", "local.uses", "local.typo", "local.all"] {
        let evaluated = eval(&expr(name).unwrap(), &context);
        out.push_str(&format!("{name} = {}\n", show(&evaluated.value)));
    }
    for (origin, found) in locals.diagnostics() {
        out.push_str(&format!("{origin} {:?} {}\n", found.range, found.text()));
    }
    expect![[r#"
        local.a = "x5"
        local.c = {"d": 5, "e": 2}
        local.one = unknown()
        local.uses = unknown()
        local.typo = unknown()
        local.all = ["d", "e"]
        1 66..70 cyclic reference to "local.one"
        1 79..83 Unknown variable; There is no variable named "nope".
        1 117..120 Unsupported attribute; This object does not have an attribute named "aa". Did you mean "a"?
    "#]]
    .assert_eq(&out);
}

#[test]
fn a_long_chain_of_locals_does_not_overflow() {
    let mut text = String::from("locals {\n  l0 = 1\n");
    for at in 1..5000 {
        text.push_str(&format!("  l{at} = local.l{} + 1\n", at - 1));
    }
    text.push_str("}\n");
    let locals = Locals::new(blocks(&text).iter().flat_map(|block| Locals::of_block(block, 0)).collect());
    let mut context = context();
    context.set_lazy("local", &locals);
    assert_eq!(eval(&expr("local.l4999").unwrap(), &context).value, Value::int(5000));
}

#[test]
fn for_each_takes_sets_objects_and_tuples() {
    let context = context();
    let mut out = String::new();
    for case in [
        "toset([\"b\", \"a\"])",
        "[\"b\", \"a\"]",
        "{b = 1, a = 2}",
        "tolist([\"a\"])",
        "\"a\"",
        "null",
        "env(\"X\")",
    ] {
        let value = eval(&expr(case).unwrap(), &context).value;
        let shown = match for_each(&value) {
            Ok(turns) => {
                let turns: Vec<String> =
                    turns.iter().map(|each| format!("{}={}", show(&each.key), show(&each.value))).collect();
                turns.join(" ")
            }
            Err(error) => format!("{error:?}"),
        };
        out.push_str(&format!("{case}: {shown}\n"));
    }
    expect![[r#"
        toset(["b", "a"]): "a"="a" "b"="b"
        ["b", "a"]: 0="b" 1="a"
        {b = 1, a = 2}: "a"=2 "b"=1
        tolist(["a"]): Unsupported("for_each does not support list of string type")
        "a": Unsupported("for_each does not support string type")
        null: Unsupported("for_each does not support dynamic type")
        env("X"): Unknown(Unknown { because: [Fact("env:X")] })
    "#]]
    .assert_eq(&out);
}
