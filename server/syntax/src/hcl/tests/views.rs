//! The typed view says what the text says.

use expect_test::expect;
use text::{TextRange, TextSize};

use crate::hcl::File;
use crate::hcl::ast::{AstNode, Attribute, Block, Expr, Item, StepKind, TemplatePart};

fn block(text: &str) -> Block {
    let body = File::of(text).pieces()[0].piece.body().expect("a piece is a body");
    body.blocks().next().expect("a block")
}

fn attribute(text: &str) -> Attribute {
    let body = File::of(text).pieces()[0].piece.body().expect("a piece is a body");
    body.attributes().next().expect("an attribute")
}

fn expr(text: &str) -> Expr {
    attribute(&format!("x = {text}\n")).expr().expect("a value")
}

#[test]
fn block_header() {
    let block = block("table public \"us\\\"ers\" {\n  a = 1\n}\n");
    assert_eq!(block.type_name().expect("a type").text(), "table");
    let labels: Vec<_> = block.labels().collect();
    assert_eq!(labels[0].value(), "public");
    assert_eq!(labels[1].value(), "us\"ers");
    assert_eq!((labels[1].range(), labels[1].value_range()), (range(13, 22), range(14, 21)));
    assert_eq!(block.header_range(), range(0, 22));
    assert!(block.open_brace().is_some() && block.close_brace().is_some());
    assert_eq!(block.body().expect("a body").attributes().count(), 1);
}

#[test]
fn unclosed_label_has_a_value() {
    let block = block("column \"na\n");
    let label = block.labels().next().expect("a label");
    assert_eq!((label.value().as_str(), label.value_range()), ("na", range(8, 10)));
    assert!(block.body().is_none());
}

#[test]
fn incomplete_items_keep_their_word() {
    let body = File::of("col\n").pieces()[0].piece.body().expect("a body");
    let words: Vec<String> = body
        .items()
        .filter_map(|item| match item {
            Item::Incomplete(incomplete) => Some(incomplete.word()?.text().to_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(words, ["col"]);
}

#[test]
fn steps_of_a_traversal() {
    let Expr::Traversal(traversal) = expr("a.b[0].c.*.d[*].3.") else { panic!("not a traversal") };
    let steps: Vec<String> = traversal
        .steps()
        .map(|step| match step.kind() {
            StepKind::Attr(name) => {
                format!(".{}", name.map(|name| name.text().to_owned()).unwrap_or_default())
            }
            StepKind::LegacyIndex(digits) => format!(".{}", digits.join("|")),
            StepKind::Index(index) => {
                format!("[{}]", index.map(|index| index.syntax().text().to_string()).unwrap_or_default())
            }
            StepKind::AttrSplat => ".*".to_owned(),
            StepKind::FullSplat => "[*]".to_owned(),
        })
        .collect();
    assert_eq!(steps, [".b", "[0]", ".c", ".*", ".d", "[*]", ".3", "."]);
    assert_eq!(traversal.root().expect("a root").syntax().text(), "a");
}

#[test]
fn operators_of_one_precedence_are_flat() {
    let Expr::Binary(sum) = expr("1 + 2 * 3 - 4") else { panic!("not a sum") };
    let rest: Vec<String> = sum
        .rest()
        .into_iter()
        .map(|(op, operand)| {
            format!("{} {}", op.text(), operand.map(|e| e.syntax().text().to_string()).unwrap_or_default())
        })
        .collect();
    assert_eq!(rest, ["+ 2 * 3", "- 4"]);
}

#[test]
fn conditional_parts_even_when_half_typed() {
    let Expr::Conditional(whole) = expr("a ? b : c") else { panic!("not a conditional") };
    let text = |expr: Option<Expr>| expr.map(|expr| expr.syntax().text().to_string());
    assert_eq!(text(whole.condition()).as_deref(), Some("a"));
    assert_eq!(text(whole.if_true()).as_deref(), Some("b"));
    assert_eq!(text(whole.if_false()).as_deref(), Some("c"));
    let Expr::Conditional(half) = expr("a ? : c") else { panic!("not a conditional") };
    assert_eq!(text(half.if_true()), None);
    assert_eq!(text(half.if_false()).as_deref(), Some("c"));
}

#[test]
fn calls_objects_and_for() {
    let Expr::Call(call) = expr("ns::fn(a, b...)") else { panic!("not a call") };
    assert_eq!((call.full_name().as_str(), call.args().count()), ("ns::fn", 2));
    assert_eq!(call.name().expect("a name").text(), "fn");
    assert!(call.ellipsis().is_some());
    let Expr::Object(object) = expr("{ a = 1, \"b c\" : 2, (d) = 3, null = 4 }") else {
        panic!("not an object")
    };
    let keys: Vec<_> = object.items().map(|item| item.key_name()).collect();
    assert_eq!(keys, [Some("a".to_owned()), Some("b c".to_owned()), None, Some("null".to_owned())]);
    assert!(object.items().all(|item| item.value().is_some()));
    let Expr::ForObject(object) = expr("{for k, in in c : k => v... if p}") else { panic!("not a for") };
    assert!(object.key().is_some() && object.value().is_some() && object.condition().is_some());
    assert!(object.ellipsis().is_some() && object.collection().is_some());
    let Expr::ForTuple(tuple) = expr("[for i, v in c : v]") else { panic!("not a for") };
    let names: Vec<_> = tuple.names().iter().map(|name| name.text().to_owned()).collect();
    assert_eq!(names, ["i", "v"]);
}

#[test]
fn plain_strings() {
    let plain = |text: &str| expr(text).as_plain_string();
    assert_eq!(plain(r#""a\n\"\u00e9$${x}%%{y}""#).as_deref(), Some("a\n\"é${x}%{y}"));
    assert_eq!(plain(r#""a${b}""#), None);
    assert_eq!(plain("<<EOT\n  a\n b\nEOT").as_deref(), Some("  a\n b\n"));
    assert_eq!(plain("<<-EOT\n    a\n\n      b\\n $${c}\n  EOT").as_deref(), Some("a\n\n  b\\n ${c}\n"));
    assert_eq!(plain("<<EOT\nEOT").as_deref(), Some(""));
}

#[test]
fn template_parts() {
    let Expr::Template(template) =
        expr("\"a${~ b ~}%{ if c }d%{ else }e%{ endif }%{ for k, v in m }f%{ endfor }\"")
    else {
        panic!("not a template")
    };
    let mut seen = Vec::new();
    for part in template.parts() {
        seen.push(match part {
            TemplatePart::Text(token) | TemplatePart::Indent(token) | TemplatePart::Escape(token) => {
                token.text().to_owned()
            }
            TemplatePart::Interpolation(inner) => {
                format!("{} {:?}", inner.expr().expect("b").syntax().text(), inner.strips())
            }
            TemplatePart::If(inner) => format!(
                "if {} {} {}",
                inner.condition().expect("c").syntax().text(),
                inner.then_body().expect("d").syntax().text(),
                inner.else_body().expect("e").syntax().text()
            ),
            TemplatePart::For(inner) => {
                let names: Vec<_> = inner.names().iter().map(|name| name.text().to_owned()).collect();
                let collection = inner.collection().expect("m");
                format!(
                    "for {names:?} {} {}",
                    collection.syntax().text(),
                    inner.body().expect("f").syntax().text()
                )
            }
        });
    }
    expect![[r#"
        [
            "a",
            "b (true, true)",
            "if c d e",
            "for [\"k\", \"v\"] m f",
        ]
    "#]]
    .assert_debug_eq(&seen);
}

#[test]
fn heredoc_places_map_both_ways() {
    let text = "x = <<-SQL\n    select 1\n      from ${t}\n  SQL\n";
    let Some(Expr::Heredoc(heredoc)) = attribute(text).expr() else { panic!("not a heredoc") };
    assert_eq!(
        (heredoc.tag().as_deref(), heredoc.is_indented(), heredoc.indentation()),
        (Some("SQL"), true, 4)
    );
    assert_eq!(&text[heredoc.tag_range().expect("a tag")], "SQL");
    assert_eq!(&text[heredoc.content_range()], "    select 1\n      from ${t}\n");
    let embedded = heredoc.embedded();
    assert_eq!(embedded.text, "select 1\n  from ${t}\n");
    let word = |word: &str| {
        let at = embedded.text.find(word).expect("the word") as u32;
        TextRange::at(at.into(), TextSize::of(word))
    };
    for found in ["select", "1", "from", "${t}"] {
        let source = embedded.range_to_source(word(found));
        assert_eq!(&text[source], found);
        assert_eq!(embedded.to_text(source.start()), Some(word(found).start()));
    }
    // In the indentation that was cut.
    assert_eq!(embedded.to_text(TextSize::new(12)), None);
}

#[test]
fn string_places_map_over_escapes() {
    let Expr::Template(template) = expr(r#""a\"b\nc""#) else { panic!("not a template") };
    let embedded = template.embedded();
    assert_eq!(embedded.text, "a\"b\nc");
    let sources: Vec<u32> = (0..6).map(|at| u32::from(embedded.to_source(at.into()))).collect();
    assert_eq!(sources, [5, 6, 8, 9, 11, 12]);
    assert_eq!(embedded.to_text(TextSize::new(7)), Some(TextSize::new(1)));
}

fn range(start: u32, end: u32) -> TextRange {
    TextRange::new(start.into(), end.into())
}
