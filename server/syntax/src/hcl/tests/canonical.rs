//! The canonical form, checked against hashicorp/hcl v2.25, `hclwrite.Format`.

use expect_test::{Expect, expect};
use text::Text;

use super::{samples, sections};
use crate::hcl::{File, format, format_edits};

fn check(text: &str, expect: Expect) {
    let formatted = format(text);
    expect.assert_eq(&formatted);
    assert_eq!(format(&formatted), formatted);
}

#[test]
fn what_atlas_prints_is_canonical() {
    let inspected = sections(include_str!("../../../test_data/hcl/inspected.txtar"));
    assert!(inspected.len() > 10);
    for (name, text) in inspected {
        assert_eq!(format(text), text, "{name}");
    }
}

#[test]
fn formatting_samples_twice_is_formatting_once_and_keeps_them_valid() {
    for (name, text) in samples() {
        let once = format(text);
        assert_eq!(format(&once), once, "{name}");
        assert_eq!(File::of(&once).errors(), [], "{name}");
    }
}

#[test]
fn edits_are_small_and_lead_to_the_canonical_form() {
    let text = "a {\nb=1\n  c  = 2\n}\n";
    let edits = format_edits(&File::parse(&Text::new(text), None));
    assert_eq!(text::apply_edits(text, &edits), format(text));
    assert!(edits.iter().all(|edit| edit.insert.trim().is_empty() && text[edit.range].trim().is_empty()));
    assert_eq!(edits.len(), 4);
    assert!(format_edits(&File::of("a = 1\n")).is_empty());
}

#[test]
fn columns_of_equals_signs_and_comments() {
    check(
        "a = 1 # x\nlonger=2 // y\n\nb   =  3\nc {\nd=1#z\nef = [\n1,2\n]\ng=1\n}\n",
        expect![[r#"
        a      = 1 # x
        longer = 2 // y

        b = 3
        c {
          d = 1 #z
          ef = [
            1, 2
          ]
          g = 1
        }
    "#]],
    );
}

#[test]
fn spaces_between_tokens() {
    check(
        "a=foo (1,2 , b ...)+-3*( 4-5 )\nb=x . y [ 0 ]\nc=! d\ne={f=1,g : 2}\nh=[ 1 ,2 ]\ni=[for x in[1]:x]\nj=k?l:-m\nn=a :: b()\n",
        expect![[r#"
            a = foo(1, 2, b...) + -3 * (4 - 5)
            b = x.y[0]
            c = !d
            e = { f = 1, g : 2 }
            h = [1, 2]
            i = [for x in [1] : x]
            j = k ? l : -m
            n = a::b()
        "#]],
    );
}

#[test]
fn templates_keep_their_text() {
    check(
        "a=\"x  ${ b }  ${{c=1}}%{ if d }  e%{ endif }\"\n",
        expect![[r#"
        a = "x  ${b}  ${ { c = 1 } }%{if d}  e%{endif}"
    "#]],
    );
}

#[test]
fn heredocs_keep_their_text() {
    check(
        "a {\nb=<<-SQL\n      select   1\n SQL\ncd=2\n}\n",
        expect![[r#"
        a {
          b  = <<-SQL
              select   1
         SQL
          cd = 2
        }
    "#]],
    );
}

#[test]
fn brackets_indent_and_blank_lines_stay() {
    check(
        "a \"b\"   c{\n\n\n    # d\n  e = foo([\n1,\n{\nf=1\n}\n])\n\t}\n",
        expect![[r#"
        a "b" c {


          # d
          e = foo([
            1,
            {
              f = 1
            }
          ])
        }
    "#]],
    );
}

#[test]
fn a_line_it_cannot_read_stays() {
    check(
        "a {\n   b   =   \"c\n  d  =  1\n@   e\n}\n",
        expect![[r#"
        a {
           b   =   "c
          d = 1
        @   e
        }
    "#]],
    );
}

#[test]
fn tokens_do_not_grow_together() {
    check(
        "a = b .0 .1\nc = 1 .5\nd = - -1\n",
        expect![[r#"
        a = b.0 .1
        c = 1 .5
        d = --1
    "#]],
    );
}

#[test]
fn no_line_break_is_added_at_the_end() {
    check("a=1", expect![["a = 1"]]);
    check("a=1\r\nbc=2\r\n", expect![["a  = 1\r\nbc = 2\r\n"]]);
}
