//! Half-typed text: every neighbour keeps its place, and one mistake is said once.

use expect_test::{Expect, expect};

use super::render;

fn check(text: &str, expect: Expect) {
    expect.assert_eq(&render(text));
}

#[test]
fn block_and_attribute() {
    check(
        "# users\ntable \"users\" {\n  schema = schema.public\n}\n\nx = 1\n",
        expect![[r#"
        | Root(# users Block(table Label(\" users \") { Body(Attribute(schema = Traversal(Variable(schema) AttrStep(. public)))) }))
        | Root(Attribute(x = Literal(1)))
    "#]],
    );
}

#[test]
fn unclosed_label_keeps_what_is_around() {
    check(
        "table \"t\" {\n  column \"na\n  column \"id\" {\n    null = true\n  }\n}\n",
        expect![[r#"
        | Root(Block(table Label(\" t \") { Body(Block(column Label(\" na)) Block(column Label(\" id \") { Body(Attribute(null = Literal(true))) })) }))
        21..24 "\"na" syntax-unclosed-string: string is never closed with `"`
    "#]],
    );
}

#[test]
fn unclosed_label_leaves_the_brace_to_its_block() {
    check(
        "table \"t {\n  a = 1\n}\ntable \"u\" {\n}\n",
        expect![[r#"
        | Root(Block(table Label(\" t) { Body(Attribute(a = Literal(1))) }))
        | Root(Block(table Label(\" u \") { Body() }))
        6..8 "\"t" syntax-unclosed-string: string is never closed with `"`
    "#]],
    );
}

#[test]
fn unclosed_block_ends_before_the_next_head() {
    check(
        "table \"t\" {\n  a = 1\ntable \"u\" {\n}\n",
        expect![[r#"
        | Root(Block(table Label(\" t \") { Body(Attribute(a = Literal(1)))))
        | Root(Block(table Label(\" u \") { Body() }))
        10..11 "{" syntax-unclosed: `{` of `table` is never closed
    "#]],
    );
}

#[test]
fn nested_blocks_at_column_zero_are_fine_when_closed() {
    check(
        "atlas {\ncloud {\ntoken = x\n}\n}\n",
        expect![[r#"
        | Root(Block(atlas { Body(Block(cloud { Body(Attribute(token = Variable(x))) })) }))
    "#]],
    );
}

#[test]
fn missing_value() {
    check(
        "column \"c\" {\n  type =\n  null = true\n}\n",
        expect![[r#"
        | Root(Block(column Label(\" c \") { Body(Attribute(type =) Attribute(null = Literal(true))) }))
        21..21 "" syntax-missing-expression: `type` has no value
    "#]],
    );
}

#[test]
fn missing_name_after_dot_in_list() {
    check(
        "primary_key {\n  columns = [column.]\n}\n",
        expect![[r#"
        | Root(Block(primary_key { Body(Attribute(columns = Tuple([ Traversal(Variable(column) AttrStep(.)) ]))) }))
        33..34 "." syntax-missing-name: expected a name after `.`
    "#]],
    );
}

#[test]
fn missing_name_and_bracket() {
    check(
        "fk {\n  columns = [column.\n  on_delete = CASCADE\n}\ny = 1\n",
        expect![[r#"
        | Root(Block(fk { Body(Attribute(columns = Tuple([ Traversal(Variable(column) AttrStep(.)))) Attribute(on_delete = Variable(CASCADE))) }))
        | Root(Attribute(y = Literal(1)))
        24..25 "." syntax-missing-name: expected a name after `.`
    "#]],
    );
}

#[test]
fn missing_name_in_string() {
    check(
        "x = \"${var.}\"\ny = 1\n",
        expect![[r#"
        | Root(Attribute(x = Template(\" Interpolation(${ Traversal(Variable(var) AttrStep(.)) }) \")))
        | Root(Attribute(y = Literal(1)))
        10..11 "." syntax-missing-name: expected a name after `.`
    "#]],
    );
}

#[test]
fn unclosed_interpolation_ends_with_its_line() {
    check(
        "b {\n  x = \"a ${var.\n  y = 1\n}\nz = 2\n",
        expect![[r#"
        | Root(Block(b { Body(Attribute(x = Template(\" a  Interpolation(${ Traversal(Variable(var) AttrStep(.))))) Attribute(y = Literal(1))) }))
        | Root(Attribute(z = Literal(2)))
        18..19 "." syntax-missing-name: expected a name after `.`
    "#]],
    );
}

#[test]
fn unclosed_interpolation_before_its_quote() {
    check(
        "x = \"${var.a\"\ny = 1\n",
        expect![[r#"
        | Root(Attribute(x = Template(\" Interpolation(${ Traversal(Variable(var) AttrStep(. a)) Error(Template(\"))))))
        | Root(Attribute(y = Literal(1)))
        5..7 "${" syntax-invalid-template: expected `}`, found a string
    "#]],
    );
}

#[test]
fn interpolation_may_span_lines() {
    check(
        "x = \"${\n  foo(\n    a\n  )\n}\"\ny = 1\n",
        expect![[r#"
        | Root(Attribute(x = Template(\" Interpolation(${ Call(foo ( Variable(a) )) }) \")))
        | Root(Attribute(y = Literal(1)))
    "#]],
    );
}

#[test]
fn lone_word() {
    check(
        "table \"t\" {\n  col\n  column \"c\" {\n  }\n}\n",
        expect![[r#"
        | Root(Block(table Label(\" t \") { Body(Incomplete(col) Block(column Label(\" c \") { Body() })) }))
        14..17 "col" syntax-missing-equals: `col` needs `=` and a value, or a body
    "#]],
    );
}

#[test]
fn lone_word_with_dot() {
    check(
        "t {\n  col.\n  a = 1\n}\n",
        expect![[r#"
        | Root(Block(t { Body(Incomplete(col Error(.)) Attribute(a = Literal(1))) }))
        6..9 "col" syntax-missing-equals: `col` needs `=` and a value, or a body
    "#]],
    );
}

#[test]
fn reference_being_typed() {
    check(
        "t {\n  schema = schema.\n  a = 1\n}\n",
        expect![[r#"
        | Root(Block(t { Body(Attribute(schema = Traversal(Variable(schema) AttrStep(.))) Attribute(a = Literal(1))) }))
        21..22 "." syntax-missing-name: expected a name after `.`
    "#]],
    );
}

#[test]
fn extra_brace() {
    check(
        "a {\n}\n}\nb {\n}\n",
        expect![[r#"
        | Root(Block(a { Body() }))
        | Root(Error(}))
        | Root(Block(b { Body() }))
        6..7 "}" syntax-unopened: `}` closes nothing
    "#]],
    );
}

#[test]
fn missing_equals() {
    check(
        "a 1\nb [2]\nc \"x\"\nd: 4\n",
        expect![[r#"
        | Root(Attribute(a Literal(1)))
        | Root(Attribute(b Tuple([ Literal(2) ])))
        | Root(Block(c Label(\" x \")))
        | Root(Attribute(d Error(:) Literal(4)))
        2..3 "1" syntax-missing-equals: `a` needs `=` before its value
        6..7 "[" syntax-missing-equals: `b` needs `=` before its value
        15..15 "" syntax-missing-body: `c` needs a body `{ … }`, or `=` and a value
        17..18 ":" syntax-missing-equals: `d` needs `=` before its value, not `:`
    "#]],
    );
}

#[test]
fn head_being_typed() {
    check(
        "table \"us\"\ntable\ntable \"b\" {\n}\n",
        expect![[r#"
        | Root(Block(table Label(\" us \")))
        | Root(Incomplete(table))
        | Root(Block(table Label(\" b \") { Body() }))
        10..10 "" syntax-missing-body: `table` needs a body `{ … }`, or `=` and a value
        11..16 "table" syntax-missing-equals: `table` needs `=` and a value, or a body
    "#]],
    );
}

#[test]
fn brace_on_the_next_line() {
    check(
        "table \"t\"\n{\n  a = 1\n}\n",
        expect![[r#"
        | Root(Block(table Label(\" t \") { Body(Attribute(a = Literal(1))) }))
        9..9 "" syntax-missing-body: the `{` of `table` must be on this line
    "#]],
    );
}

#[test]
fn unclosed_heredoc_ends_before_the_next_head() {
    check(
        "view \"v\" {\n  as = <<SQL\n  select 1\n}\nview \"w\" {\n  as = <<SQL\nselect 2\nSQL\n}\n",
        expect![[r#"
        | Root(Block(view Label(\" v \") { Body(Attribute(as = Heredoc(<<SQL   select 1\n }\n)))))
        | Root(Block(view Label(\" w \") { Body(Attribute(as = Heredoc(<<SQL select 2\n SQL))) }))
        18..23 "<<SQL" syntax-unclosed-heredoc: heredoc is never closed with `SQL`
    "#]],
    );
}

#[test]
fn heredoc_without_end() {
    check(
        "x = <<EOT\nabc\n",
        expect![[r#"
        | Root(Attribute(x = Heredoc(<<EOT abc\n)))
        4..9 "<<EOT" syntax-unclosed-heredoc: heredoc is never closed with `EOT`
    "#]],
    );
}

#[test]
fn heredoc_tag_at_the_end_of_the_file() {
    check(
        "x = <<EOT\nabc\nEOT",
        expect![[r#"
        | Root(Attribute(x = Heredoc(<<EOT abc\n EOT)))
        14..17 "EOT" syntax-unclosed-heredoc: heredoc tag `EOT` must be followed by a line break
    "#]],
    );
}

#[test]
fn unclosed_interpolation_in_heredoc_ends_before_the_tag() {
    check(
        "x = <<EOT\na ${b.\nEOT\ny = 1\n",
        expect![[r#"
        | Root(Attribute(x = Heredoc(<<EOT a  Interpolation(${ Traversal(Variable(b) AttrStep(.))) EOT)))
        | Root(Attribute(y = Literal(1)))
        15..16 "." syntax-missing-name: expected a name after `.`
    "#]],
    );
}

#[test]
fn unclosed_parenthesis_at_the_top() {
    check(
        "x = (1 +\ny = 3\n",
        expect![[r#"
        | Root(Attribute(x = Paren(( Binary(Literal(1) +))))
        | Root(Attribute(y = Literal(3)))
        8..8 "" syntax-missing-expression: expected an expression, found nothing more
    "#]],
    );
}

#[test]
fn unclosed_call_in_a_block() {
    check(
        "a {\n  x = sql(\"now\"\n  y = 1\n}\n",
        expect![[r#"
        | Root(Block(a { Body(Attribute(x = Call(sql ( Template(\" now \"))) Attribute(y = Literal(1))) }))
        13..14 "(" syntax-unclosed: `(` is never closed
    "#]],
    );
}

#[test]
fn two_arguments_on_a_line() {
    check(
        "a = 1 b = 2\nc {} d {}\n",
        expect![[r#"
        | Root(Attribute(a = Literal(1)) Attribute(b = Literal(2)))
        | Root(Block(c { Body() }) Block(d { Body() }))
        6..7 "b" syntax-missing-newline: the argument before this needs a line of its own
        17..18 "d" syntax-missing-newline: the block before this needs a line of its own
    "#]],
    );
}

#[test]
fn single_line_blocks() {
    check(
        "a { b = 1 }\nc { d = 1, e = 2 }\nf { g {} }\nh { i = 1\n}\n",
        expect![[r#"
        | Root(Block(a { Body(Attribute(b = Literal(1))) }))
        | Root(Block(c { Body(Attribute(d = Literal(1)) Error(,) Attribute(e = Literal(2))) }))
        | Root(Block(f { Body(Block(g { Body() })) }))
        | Root(Block(h { Body(Attribute(i = Literal(1))) }))
        21..22 "," syntax-single-line-block: a block on one line holds only one argument
        35..36 "g" syntax-single-line-block: a block in a block needs a line of its own
        51..51 "" syntax-single-line-block: a block that starts with an argument on this line must end on it
    "#]],
    );
}

#[test]
fn object_mistakes_stay_in_their_item() {
    check(
        "x = {\n  a = 1\n  b\n  c =\n  d = 4 5\n  e = 6\n}\n",
        expect![[r#"
        | Root(Attribute(x = Object({ ObjectItem(Variable(a) = Literal(1)) ObjectItem(Variable(b)) ObjectItem(Variable(c) =) ObjectItem(Variable(d) = Literal(4)) Error(5) ObjectItem(Variable(e) = Literal(6)) })))
        17..17 "" syntax-missing-equals: expected `=` and a value after the key
        23..23 "" syntax-missing-expression: the key has no value
        32..33 "5" syntax-missing-separator: expected a line break or `,`, found `5`
    "#]],
    );
}

#[test]
fn list_without_comma() {
    check(
        "x = [1 2, 3]\ny = foo(1 2)\n",
        expect![[r#"
        | Root(Attribute(x = Tuple([ Literal(1) Error(2) , Literal(3) ])))
        | Root(Attribute(y = Call(foo ( Literal(1) Error(2) ))))
        7..8 "2" syntax-missing-separator: expected `,` or `]`, found `2`
        23..24 "2" syntax-missing-separator: expected `,` or `)`, found `2`
    "#]],
    );
}

#[test]
fn templates() {
    check(
        "x = \"%{ if a }b\"\ny = \"%{ endif }\"\nz = \"${}\"\nw = \"\\q\"\n",
        expect![[r#"
        | Root(Attribute(x = Template(\" TemplateIf(Directive(%{ if Variable(a) }) TemplateBody(b)) \")))
        | Root(Attribute(y = Template(\" Directive(%{ Error(endif) }) \")))
        | Root(Attribute(z = Template(\" Interpolation(${ }) \")))
        | Root(Attribute(w = Template(\" \\q \")))
        5..7 "%{" syntax-invalid-template: `%{ if … }` has no `%{ endif }`
        22..24 "%{" syntax-invalid-template: `%{ endif }` without `%{ if … }`
        39..41 "${" syntax-invalid-template: expected an expression between `${` and `}`
        49..51 "\\q" syntax-invalid-escape: `\q` is not an escape: use `\\` for a backslash
    "#]],
    );
}

#[test]
fn for_being_typed() {
    check(
        "x = [for a\ny = [for a in b\nz = {for a, b in c : a}\n",
        expect![[r#"
        | Root(Attribute(x = ForTuple([ ForIntro(for a))))
        | Root(Attribute(y = ForTuple([ ForIntro(for a in Variable(b)))))
        | Root(Attribute(z = ForObject({ ForIntro(for a , b in Variable(c) :) Variable(a) })))
        10..10 "" syntax-invalid-for: expected `in` and a collection, found nothing more
        26..26 "" syntax-invalid-for: expected `:` after the collection, found nothing more
        49..50 "}" syntax-invalid-for: expected `=>` and a value, found `}`
    "#]],
    );
}

#[test]
fn unclosed_comment_ends_with_its_line() {
    check(
        "a = 1 /* b\nc = 2\n",
        expect![[r#"
        | Root(Attribute(a = Literal(1)) /* b)
        | Root(Attribute(c = Literal(2)))
        6..8 "/*" syntax-unclosed-comment: comment is never closed with `*/`
    "#]],
    );
}

#[test]
fn junk() {
    check(
        "\u{feff}@ 😀\r\n\"a\" = 1\r\n) x\n",
        expect![[r#"
            | Root(\u{feff})
            | Root(Error(@ 😀))
            | Root(Error(Template(\" a \") = 1))
            | Root(Error() x))
            3..4 "@" syntax-unexpected: expected an argument or a block, found `@`
            11..12 "\"" syntax-unexpected: a string cannot start an item: names are not quoted
            20..21 ")" syntax-unexpected: expected an argument or a block, found `)`
        "#]],
    );
}

#[test]
fn conditional_without_else() {
    check(
        "x = a ? b\ny = a ? b : \n",
        expect![[r#"
        | Root(Attribute(x = Conditional(Variable(a) ? Variable(b))))
        | Root(Attribute(y = Conditional(Variable(a) ? Variable(b) :)))
        9..9 "" syntax-missing-expression: expected `:` and what holds otherwise after `?`
        21..21 "" syntax-missing-expression: expected an expression, found the end of the line
    "#]],
    );
}

#[test]
fn quote_opened_before_other_text() {
    check(
        "a {\n  x = \" foo\n  y = \"b\"\n}\nc = 1\n",
        expect![[r#"
        | Root(Block(a { Body(Attribute(x = Template(\"  foo)) Attribute(y = Template(\" b \"))) }))
        | Root(Attribute(c = Literal(1)))
        10..15 "\" foo" syntax-unclosed-string: string is never closed with `"`
    "#]],
    );
}
