//! Expressions: what they are worth, and HCL's words for what is wrong in them.

use expect_test::expect;

use super::{check, evaluate, expr, show};
use crate::{Context, Found, Reference, Scope, Step, Type, Value, convert, eval, references};

#[test]
fn operators_convert_and_short_circuit() {
    check(
        r#"
        1 + 2 * 3 - 4 / 2
        10 / 4
        1 / 3
        -7 % 3
        "5" + 1
        1.50
        1e3
        12345678901234567890
        1 == "1"
        [1] == [1]
        null == null
        !false && -1 < 0
        false && nope
        true || nope
        1 <= 1 == true
        1 / 0
        "a" + 1
        1 + null
        !5
        -"x"
        true && "maybe"
        "#,
        expect![[r#"
            1 + 2 * 3 - 4 / 2
                5
            10 / 4
                2.5
            1 / 3
                0.3333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333
            -7 % 3
                -1
            "5" + 1
                6
            1.50
                1.5
            1e3
                1000
            12345678901234567890
                12345678901234567890
            1 == "1"
                false
            [1] == [1]
                true
            null == null
                true
            !false && -1 < 0
                true
            false && nope
                false
            true || nope
                true
            1 <= 1 == true
                true
            1 / 0
                unknown()
                0..5 Operation failed; Error during operation: division by zero.
            "a" + 1
                unknown()
                0..3 Invalid operand; Unsuitable value for left operand: a number is required.
            1 + null
                unknown()
                0..8 Operation failed; Error during operation: argument must not be null.
            !5
                unknown()
                1..2 Invalid operand; Unsuitable value for unary operand: bool required.
            -"x"
                unknown()
                1..4 Invalid operand; Unsuitable value for unary operand: a number is required.
            true && "maybe"
                unknown()
                8..15 Invalid operand; Unsuitable value for right operand: a bool is required.
        "#]],
    );
}

#[test]
fn names_and_steps_say_what_is_not_there() {
    check(
        r#"
        var.name
        var["name"]
        var.nope
        vra.name
        people[0].name
        people.1.name
        people[2]
        people["a"]
        people[-1]
        people[0.5]
        people.*.name
        people[*].id
        people[*].nope
        users[0]
        users.x
        ages.ann
        ages["bob"]
        ages.bob
        var.name.x
        null.x
        var.name[0]
        people[null]
        {a = 1}.b
        {a = 1}["b"]
        var.name[*]
        null[*]
        (var).n
        toset(users)[0]
        env("X").a[0].b
        "#,
        expect![[r#"
            var.name
                "ann"
            var["name"]
                "ann"
            var.nope
                unknown()
                3..8 Unsupported attribute; This object does not have an attribute named "nope".
            vra.name
                unknown()
                0..3 Unknown variable; There is no variable named "vra". Did you mean "var"?
            people[0].name
                "ann"
            people.1.name
                "bob"
            people[2]
                unknown()
                6..9 Invalid index; The given key does not identify an element in this collection value: the given index is greater than or equal to the length of the collection.
            people["a"]
                unknown()
                6..11 Invalid index; The given key does not identify an element in this collection value: a number is required.
            people[-1]
                unknown()
                6..10 Invalid index; The given key does not identify an element in this collection value: a negative number is not a valid index for a sequence.
            people[0.5]
                unknown()
                6..11 Invalid index; The given key does not identify an element in this collection value: indexing a sequence requires a whole number, but the given index (0.5) has a fractional part.
            people.*.name
                ["ann", "bob"]
            people[*].id
                [1, 2]
            people[*].nope
                unknown()
                9..14 Unsupported attribute; This object does not have an attribute named "nope".
            users[0]
                "b"
            users.x
                unknown()
                5..7 Unsupported attribute; This value does not have any attributes.
            ages.ann
                30
            ages["bob"]
                unknown()
                4..11 Invalid index; The given key does not identify an element in this collection value.
            ages.bob
                unknown()
                4..8 Missing map element; This map does not have an element with the key "bob".
            var.name.x
                unknown()
                8..10 Unsupported attribute; Can't access attributes on a primitive-typed value (string).
            null.x
                unknown()
                4..6 Attempt to get attribute from null value; This value is null, so it does not have any attributes.
            var.name[0]
                unknown()
                8..11 Invalid index; This value does not have any indices.
            people[null]
                unknown()
                6..12 Invalid index; Can't use a null value as an indexing key.
            {a = 1}.b
                unknown()
                7..9 Unsupported attribute; This object does not have an attribute named "b".
            {a = 1}["b"]
                unknown()
                7..12 Invalid index; The given key does not identify an element in this collection value.
            var.name[*]
                ["ann"]
            null[*]
                []
            (var).n
                3
            toset(users)[0]
                unknown()
                12..15 Invalid index; Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to perform operations across all elements of the set.
            env("X").a[0].b
                unknown(env:X)
        "#]],
    );
}

#[test]
fn templates_join_strip_and_pass_values_through() {
    check(
        r#"
        "a${1}b${true}"
        "${people}"
        "${[1]}x"
        "${null}x"
        "a\n\"\\\u00e9$${x}%%{y}"
        "a ${~ 1 ~} b"
        "%{ if var.n > 2 }big%{ else }small%{ endif }!"
        "%{ if var.n > 5 }big%{ endif }!"
        "%{ for p in people }${p.name};%{ endfor }"
        "%{ for i, p in people ~} ${i} %{~ endfor }"
        "%{ if 5 }x%{ endif }"
        <<EOT;;a ${var.n};;  b;;EOT
        <<-EOT;;    a;;      b ${1};;    EOT
        <<-EOT;;    %{ for p in people ~};;    ${p.name};;    %{ endfor ~};;    EOT
        "${env("X")} and ${getenv("Y")}"
        "${nope} and ${1}"
        "#,
        expect![[r#"
            "a${1}b${true}"
                "a1btrue"
            "${people}"
                [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}]
            "${[1]}x"
                unknown()
                3..6 Invalid template interpolation value; Cannot include the given value in a string template: string required.
            "${null}x"
                unknown()
                3..7 Invalid template interpolation value; The expression result is null. Cannot include a null value in a string template.
            "a\n\"\\\u00e9$${x}%%{y}"
                "a\n\"\\é${x}%{y}"
            "a ${~ 1 ~} b"
                "a1b"
            "%{ if var.n > 2 }big%{ else }small%{ endif }!"
                "big!"
            "%{ if var.n > 5 }big%{ endif }!"
                "!"
            "%{ for p in people }${p.name};%{ endfor }"
                "ann;bob;"
            "%{ for i, p in people ~} ${i} %{~ endfor }"
                "01"
            "%{ if 5 }x%{ endif }"
                unknown()
                7..8 Incorrect condition type; The condition expression must be of type bool.
            <<EOT;;a ${var.n};;  b;;EOT
                "a 3\n  b\n"
            <<-EOT;;    a;;      b ${1};;    EOT
                "a\n  b 1\n"
            <<-EOT;;    %{ for p in people ~};;    ${p.name};;    %{ endfor ~};;    EOT
                "ann\nbob\n"
            "${env("X")} and ${getenv("Y")}"
                unknown(env:X, env:Y)
            "${nope} and ${1}"
                unknown()
                3..7 Unknown variable; There is no variable named "nope".
        "#]],
    );
}

#[test]
fn conditionals_take_one_branch_and_unify_types() {
    check(
        r#"
        true ? 1 : 2
        true ? 1 : "a"
        false ? [1] : ["a", 2]
        true ? {a = 1} : {b = 2}
        true ? {a = 1} : {a = "x"}
        true ? null : 1
        true ? 1 : nope
        "true" ? 1 : 2
        1 ? 1 : 2
        null ? 1 : 2
        true ? "a" : [1]
        true ? {a = 1} : 5
        env("X") == "" ? 1 : 2
        env("HOME") == "" ? 1 : 2
        "#,
        expect![[r#"
            true ? 1 : 2
                1
            true ? 1 : "a"
                "1"
            false ? [1] : ["a", 2]
                list["a", "2"]
            true ? {a = 1} : {b = 2}
                map{"a": 1}
            true ? {a = 1} : {a = "x"}
                {"a": "1"}
            true ? null : 1
                null
            true ? 1 : nope
                1
            "true" ? 1 : 2
                1
            1 ? 1 : 2
                unknown()
                0..1 Incorrect condition type; The condition expression must be of type bool.
            null ? 1 : 2
                unknown()
                0..4 Null condition; The condition value is null. Conditions must either be true or false.
            true ? "a" : [1]
                unknown()
                0..16 Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value is string, but the 'false' value is tuple.
            true ? {a = 1} : 5
                unknown()
                0..18 Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value is object, but the 'false' value is number.
            env("X") == "" ? 1 : 2
                unknown(env:X)
            env("HOME") == "" ? 1 : 2
                2
        "#]],
    );
}

#[test]
fn for_expressions_build_lists_and_objects() {
    check(
        r#"
        [for x in users : upper(x)]
        [for i, x in users : "${i}${x}"]
        [for k, v in {b = 1, a = 2} : "${k}=${v}"]
        [for x in toset(["b", "a", "b"]) : x]
        [for p in people : p.name if p.id > 1]
        {for p in people : p.name => p.id}
        {for p in people : "same" => p.id}
        {for p in people : "same" => p.id...}
        {for p in people : null => p.id}
        {for p in people : [1] => p.id}
        [for x in null : x]
        [for x in 5 : x]
        [for x in users : x if "perhaps"]
        [for x in users : nope]
        [for x in users : x if env("X") == x]
        [for x in env("X") : x]
        [for x in users : [for y in users : "${x}${y}"]]
        "#,
        expect![[r#"
            [for x in users : upper(x)]
                ["B", "A"]
            [for i, x in users : "${i}${x}"]
                ["0b", "1a"]
            [for k, v in {b = 1, a = 2} : "${k}=${v}"]
                ["a=2", "b=1"]
            [for x in toset(["b", "a", "b"]) : x]
                ["a", "b"]
            [for p in people : p.name if p.id > 1]
                ["bob"]
            {for p in people : p.name => p.id}
                {"ann": 1, "bob": 2}
            {for p in people : "same" => p.id}
                unknown()
                19..25 Duplicate object key; Two different items produced the key "same" in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key.
            {for p in people : "same" => p.id...}
                {"same": [1, 2]}
            {for p in people : null => p.id}
                unknown()
                19..23 Invalid object key; Key expression in 'for' expression must not produce a null value.
            {for p in people : [1] => p.id}
                unknown()
                19..22 Invalid object key; The key expression produced an invalid result: string required.
            [for x in null : x]
                unknown()
                10..14 Iteration over null value; A null value cannot be used as the collection in a 'for' expression.
            [for x in 5 : x]
                unknown()
                10..11 Iteration over non-iterable value; A value of type number cannot be used as the collection in a 'for' expression.
            [for x in users : x if "perhaps"]
                unknown()
                23..32 Invalid 'for' condition; The 'if' clause value is invalid: a bool is required.
            [for x in users : nope]
                unknown()
                18..22 Unknown variable; There is no variable named "nope".
            [for x in users : x if env("X") == x]
                unknown(env:X)
            [for x in env("X") : x]
                unknown(env:X)
            [for x in users : [for y in users : "${x}${y}"]]
                [["bb", "ba"], ["ab", "aa"]]
        "#]],
    );
}

#[test]
fn objects_and_tuples_keep_their_types() {
    check(
        r#"
        [1, "a", true, null]
        {a = 1, "b c" = 2, (var.name) = 3, 1 = 4}
        {a = 1;;b = 2}
        {(null) = 1}
        {([1]) = 1}
        {(env("X")) = 1}
        {a = nope, b = 1}
        "#,
        expect![[r#"
            [1, "a", true, null]
                [1, "a", true, null]
            {a = 1, "b c" = 2, (var.name) = 3, 1 = 4}
                {"1": 4, "a": 1, "ann": 3, "b c": 2}
            {a = 1;;b = 2}
                {"a": 1, "b": 2}
            {(null) = 1}
                unknown()
                1..7 Null value as key; Can't use a null value as a key.
            {([1]) = 1}
                unknown()
                1..6 Incorrect key type; Can't use this value as a key: string required.
            {(env("X")) = 1}
                unknown(env:X)
            {a = nope, b = 1}
                {"a": unknown(), "b": 1}
                5..9 Unknown variable; There is no variable named "nope".
        "#]],
    );
}

#[test]
fn calls_check_their_arguments() {
    check(
        r#"
        nope("x")
        uper("x")
        lower()
        lower("a", "b", "c")
        max()
        max([1, 5, 3]...)
        max(null...)
        max(5...)
        max(env("X")...)
        lower(null)
        lower([])
        tostring([])
        tobool("a")
        tonumber("a")
        tolist("a")
        regex("b", "a")
        try(nope, var.nope, "fine")
        try(nope)
        try()
        can(nope)
        can(var.name)
        can()
        try(env("X"), 1)
        list("a")
        join(",", [1, 2], ["x"])
        "#,
        expect![[r#"
            nope("x")
                unknown()
                0..4 Call to unknown function; There is no function named "nope".
            uper("x")
                unknown()
                0..4 Call to unknown function; There is no function named "uper". Did you mean "upper"?
            lower()
                unknown()
                6..7 Not enough function arguments; Function "lower" expects 1 argument(s). Missing value for "str".
            lower("a", "b", "c")
                unknown()
                11..19 Too many function arguments; Function "lower" expects only 1 argument(s).
            max()
                unknown()
                0..5 Error in function call; Call to function "max" failed: must pass at least one number.
            max([1, 5, 3]...)
                5
            max(null...)
                unknown()
                4..8 Invalid expanding argument value; The expanding argument (indicated by ...) must not be null.
            max(5...)
                unknown()
                4..5 Invalid expanding argument value; The expanding argument (indicated by ...) must be of a tuple, list, or set type.
            max(env("X")...)
                unknown(env:X)
            lower(null)
                unknown()
                6..10 Invalid function argument; Invalid value for "str" parameter: argument must not be null.
            lower([])
                unknown()
                6..8 Invalid function argument; Invalid value for "str" parameter: string required.
            tostring([])
                unknown()
                9..11 Invalid function argument; Invalid value for "v" parameter: cannot convert tuple to string.
            tobool("a")
                unknown()
                7..10 Invalid function argument; Invalid value for "v" parameter: cannot convert "a" to bool; only the strings "true" or "false" are allowed.
            tonumber("a")
                unknown()
                9..12 Invalid function argument; Invalid value for "v" parameter: cannot convert "a" to number; given string must be a decimal representation of a number.
            tolist("a")
                unknown()
                7..10 Invalid function argument; Invalid value for "v" parameter: cannot convert string to list of any single type.
            regex("b", "a")
                unknown()
                0..15 Error in function call; Call to function "regex" failed: pattern did not match any part of the given string.
            try(nope, var.nope, "fine")
                "fine"
            try(nope)
                unknown()
                0..9 Error in function call; Call to function "try" failed: no expression succeeded:⏎- Unknown variable⏎  There is no variable named "nope".⏎⏎At least one expression must produce a successful result.
            try()
                unknown()
                0..5 Error in function call; Call to function "try" failed: at least one argument is required.
            can(nope)
                false
            can(var.name)
                true
            can()
                unknown()
                0..5 Error in function call; Call to function "can" failed: exactly one argument is required.
            try(env("X"), 1)
                unknown(env:X)
            list("a")
                unknown()
                5..8 Invalid function argument; Invalid value for "elem_type" parameter: type required.
            join(",", [1, 2], ["x"])
                "1,2,x"
        "#]],
    );
}

#[test]
fn the_world_is_asked_and_what_it_does_not_know_is_unknown() {
    check(
        r#"
        env("HOME")
        getenv("HOME")
        file("a.txt")
        file("gone.txt")
        file("later.txt")
        fileset("**/*.sql")
        glob("*.sql")
        timestamp()
        upper(env("X"))
        [env("X"), 1]
        length(fileset("*.sql"))
        {a = file("later.txt")}.a
        env("X") == env("Y")
        env("X") == "" && false
        print(env("X"))
        "#,
        expect![[r#"
            env("HOME")
                "/home/ann"
            getenv("HOME")
                "/home/ann"
            file("a.txt")
                "text of a"
            file("gone.txt")
                unknown()
                0..16 Error in function call; Call to function "file" failed: open /dir/gone.txt: no such file or directory.
            file("later.txt")
                unknown(file:later.txt)
            fileset("**/*.sql")
                unknown(fileset:**/*.sql)
            glob("*.sql")
                unknown(glob:*.sql)
            timestamp()
                unknown(now)
            upper(env("X"))
                unknown(env:X)
            [env("X"), 1]
                [unknown(env:X), 1]
            length(fileset("*.sql"))
                unknown(fileset:*.sql)
            {a = file("later.txt")}.a
                unknown(file:later.txt)
            env("X") == env("Y")
                unknown(env:X, env:Y)
            env("X") == "" && false
                false
            print(env("X"))
                unknown(env:X)
        "#]],
    );
}

#[test]
fn half_typed_expressions_have_no_value_and_no_finding() {
    for text in ["var.", "1 +", "lower(", "people[", "{a =", "[for x in", "\"${", "true ?", "f(", "!", "a.b."]
    {
        let shown = evaluate(text);
        assert!(!shown.contains("Unsupported") && !shown.contains("Not enough"), "{text}: {shown}");
    }
}

/// Blocks `table.users`, `column.id`; words and types as at `table.column.type`.
struct Schema;

impl crate::Lazy for Schema {
    fn lookup(&self, steps: &[Step], _: &dyn Scope) -> Found {
        match steps {
            [Step::Name(table), rest @ ..] if table == "my users" => {
                let names = std::iter::once("table").chain(std::iter::once("my users"));
                let names: Vec<&str> = names.chain(rest.iter().filter_map(Step::name)).collect();
                Found::Value { value: Value::Reference(Reference::new(names)), used: steps.len() }
            }
            [Step::Name(table), ..] => Found::no_attribute(0, table),
            _ => Found::Missing,
        }
    }
}

#[test]
fn references_types_and_words_come_from_the_scope() {
    let is_type = |name: &str| ["int", "varchar", "enum"].contains(&name);
    let mut context = Context::new();
    context.set_lazy("table", &Schema);
    context.set_types(&is_type);
    context.set_words("column", "type", ["CASCADE"]);
    let mut out = String::new();
    for case in [
        "table[\"my users\"].column.id",
        "table.t.column.id",
        "int",
        "varchar(255)",
        "enum(\"a\", \"b\")",
        "CASCADE",
        "CASCAD",
        "string",
    ] {
        let evaluated = eval(&expr(case).unwrap(), &context);
        out.push_str(&format!("{case}: {}", show(&evaluated.value)));
        for found in evaluated.diagnostics {
            out.push_str(&format!(" | {:?} {}", found.range, found.text()));
        }
        out.push('\n');
    }
    expect![[r#"
        table["my users"].column.id: ref(table["my users"].column.id)
        table.t.column.id: unknown() | 9..11 Unsupported attribute; This object does not have an attribute named "t".
        int: type int
        varchar(255): type varchar(255)
        enum("a", "b"): type enum("a", "b")
        CASCADE: "CASCADE"
        CASCAD: unknown() | 4..10 Unknown column.type; There is no type named "CASCAD". Did you mean "CASCADE"?
        string: type string
    "#]].assert_eq(&out);
}

#[test]
fn references_are_found_without_evaluating() {
    let mut out = String::new();
    for case in [
        "table.users.column[\"a b\"][0].x",
        "[for x in local.xs : x + var.n if y]",
        "{a = b, (c) = d}",
        "\"${data.sql.q.values[var.i]} %{ for v in local.l }${v}${w}%{ endfor }\"",
        "local.",
        "people.*.name",
        "f(a, b)[c].d",
    ] {
        let paths = references(&expr(case).unwrap());
        let shown: Vec<String> = paths
            .iter()
            .map(|path| {
                let steps: Vec<String> = path.steps.iter().map(|(step, _)| format!("{step:?}")).collect();
                let cut = if path.is_cut { "…" } else { "" };
                format!("{}{}{cut}@{:?}", path.root, steps.concat(), path.range)
            })
            .collect();
        out.push_str(&format!("{case}\n    {}\n", shown.join("\n    ")));
    }
    expect![[r#"
        table.users.column["a b"][0].x
            tableName("users")Name("column")Name("a b")Index(0)Name("x")@4..34
        [for x in local.xs : x + var.n if y]
            localName("xs")@14..22
            varName("n")@29..34
            y@38..39
        {a = b, (c) = d}
            b@9..10
            c@13..14
            d@18..19
        "${data.sql.q.values[var.i]} %{ for v in local.l }${v}${w}%{ endfor }"
            dataName("sql")Name("q")Name("values")…@7..24
            varName("i")@25..30
            localName("l")@45..52
            w@60..61
        local.
            local…@4..9
        people.*.name
            people…@4..10
        f(a, b)[c].d
            a@6..7
            b@9..10
            c@12..13
    "#]]
    .assert_eq(&out);
}

#[test]
fn conversion_errors_have_the_words_of_cty() {
    let object = |entries: &[(&str, Type)]| {
        Type::Object(entries.iter().map(|(name, ty)| ((*name).into(), ty.clone())).collect())
    };
    let cases = [
        (Value::from("a"), Type::Number),
        (Value::strings(["a"]), Type::String),
        (Value::strings(["a"]), Type::Number),
        (Value::from("a"), Type::Bool),
        (Value::from("True"), Type::Bool),
        (Value::from("a"), Type::list(Type::String)),
        (Value::tuple(vec![Value::int(1), Value::tuple(vec![])]), Type::list(Type::String)),
        (Value::tuple(vec![Value::int(1), Value::tuple(vec![])]), Type::list(Type::Dynamic)),
        (Value::object([("a", Value::int(1))]), object(&[("a", Type::Number), ("b", Type::String)])),
        (Value::object([("a", Value::from("x"))]), object(&[("a", Type::Number)])),
        (Value::from("5"), Type::Number),
        (Value::from(" 5"), Type::Number),
        (Value::tuple(vec![Value::int(1), Value::from("a")]), Type::set(Type::Dynamic)),
        (Value::object([("a", Value::int(1))]), Type::map(Type::String)),
        (Value::Null, Type::Number),
        (Value::Bool(true), Type::String),
    ];
    let mut out = String::new();
    for (value, ty) in cases {
        let result = match convert(&value, &ty) {
            Ok(value) => show(&value),
            Err(error) => format!("error: {error}"),
        };
        out.push_str(&format!("{} to {ty}: {result}\n", show(&value)));
    }
    expect![[r#"
        "a" to number: error: a number is required
        list["a"] to string: error: string required
        list["a"] to number: error: number required
        "a" to bool: error: a bool is required
        "True" to bool: error: a bool is required; to convert from string, use lowercase "true"
        "a" to list(string): error: list of string required
        [1, []] to list(string): error: element 1: string required
        [1, []] to list(any): error: all list elements must have the same type
        {"a": 1} to object({ a = number, b = string }): error: attribute "b" is required
        {"a": "x"} to object({ a = number }): error: attribute "a": a number is required
        "5" to number: 5
        " 5" to number: error: a number is required
        [1, "a"] to set(any): set["1", "a"]
        {"a": 1} to map(string): map{"a": "1"}
        null to number: null
        true to string: "true"
    "#]]
    .assert_eq(&out);
}
