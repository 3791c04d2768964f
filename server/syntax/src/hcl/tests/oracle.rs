//! What hashicorp's parser accepts we accept, and what it refuses we report.

use super::{codes, samples};
use crate::hcl::File;

#[test]
fn samples_are_accepted_by_us_and_by_hcl_edit() {
    let samples = samples();
    assert!(samples.len() > 100);
    for (name, text) in samples {
        assert_eq!(File::of(text).errors(), [], "{name}");
        assert!(hcl_edit::parser::parse_body(text).is_ok(), "{name}");
    }
}

/// Verdicts checked with hashicorp/hcl v2.25, `hclsyntax.ParseConfig`.
#[test]
fn valid_text_has_no_errors() {
    for text in [
        "",
        "\u{feff}a = 1\n",
        "a = 1",
        "a = 1\r\nb = 2\r\n",
        "a=[1,2,]\n",
        "a = [\n  1,\n\n  2 # c\n]\n",
        "a = {\n}\n",
        "a = { b = 1, c : 2\n d = 3 }\n",
        "a = { (b) = 1, \"c\" = 2, \"${d}\" = 3, null = 4, 5 = 6 }\n",
        "a = (\n 1 +\n 2\n)\n",
        "a = foo(\n 1,\n 2...\n)\n",
        "a = provider::x::foo()\n",
        "a = -1\nb = !c\nd = - e.f\ng = !!h\n",
        "a = b ? c : d ? e : f\n",
        "a = b.c[0].d[\"e\"].*.f[*].g.0\n",
        "a = [for v in c : v]\n",
        "a = [\n for k in { a = 1 } : k\n]\n",
        "a = {\n for k, v in c :\n k => v...\n if v\n}\n",
        "a = \"${b}-%{ if c }d%{ else }e%{ endif }-%{ for x in y }z%{ endfor }\"\n",
        "a = \"${\n  b(\n    1\n  )\n}\"\n",
        "a = \"$ % $${ %%{ $$ \\\\ \\u00e9 \\U0001F600\"\n",
        "a = <<EOT\nEOT\n",
        "a = <<-EOT\n  b ${c}\n  EOT\nd = 1\n",
        "a = foo(<<EOT\n  }\nEOT\n, 1)\n",
        "a = <<EOF\n${<<-EOF\nhello\nEOF\n}\nEOF\n",
        "a {}\nb { c = 1 }\nd e \"f\" {\n}\n",
        "a { # c\n}\n",
        "a { /* c */ }\n",
        "a\t=\t1 // c\n/* d\n */ b = 2\n",
        "é = ü-ö_1\ncombining_e\u{301} = 1\n",
        "a = 1.5e+3\nb = 0.1\n",
        "atlas {\ncloud {\n}\n}\n",
        "a = {\nfoo = {\nbar = 1\n}\n}\n",
    ] {
        assert_eq!(File::of(text).errors(), [], "{text:?}");
    }
}

/// Verdicts checked with hashicorp/hcl v2.25; the codes are ours.
#[test]
fn invalid_text_has_one_error() {
    use crate::hcl::codes::*;
    for (text, code) in [
        ("a\n", MISSING_EQUALS),
        ("a =\n", MISSING_EXPRESSION),
        ("a = =\n", MISSING_EXPRESSION),
        ("a == 1\n", MISSING_EQUALS),
        ("a = 1 b = 2\n", MISSING_NEWLINE),
        ("a = 1, b = 2\n", MISSING_NEWLINE),
        ("a {} b {}\n", MISSING_NEWLINE),
        ("a {\n b = 1 }\n", MISSING_NEWLINE),
        ("a {\n", UNCLOSED),
        ("a {\n b {\n", UNCLOSED),
        ("a \"b\n", UNCLOSED_STRING),
        ("a \"${b}\" {\n}\n", INVALID_TEMPLATE),
        ("a \"b\"\n", MISSING_BODY),
        ("a\n{\n}\n", MISSING_BODY),
        ("a { b = 1, c = 2 }\n", SINGLE_LINE_BLOCK),
        ("a { b = 1\n}\n", SINGLE_LINE_BLOCK),
        ("a { b {} }\n", SINGLE_LINE_BLOCK),
        ("}\n", UNOPENED),
        ("\"a\" = 1\n", UNEXPECTED),
        ("1 = 2\n", UNEXPECTED),
        ("a = [1 2]\n", MISSING_SEPARATOR),
        ("a = [,]\n", MISSING_EXPRESSION),
        ("a = [1\n", UNCLOSED),
        ("a = (1\n", UNCLOSED),
        ("a = foo(1\n", UNCLOSED),
        ("a = {\n b = 1\n", UNCLOSED),
        ("a = { b 1 }\n", MISSING_EQUALS),
        ("a = { b = 1 c = 2 }\n", MISSING_SEPARATOR),
        ("a = { for = 1 }\n", INVALID_FOR),
        ("a = [for v : v]\n", INVALID_FOR),
        ("a = b.\n", MISSING_NAME),
        ("a = b.0.1\n", INVALID_NUMBER),
        ("a = b.*.*\n", UNEXPECTED),
        ("a = b[]\n", MISSING_EXPRESSION),
        ("a = b ? c\n", MISSING_EXPRESSION),
        ("a = 1 +\n", MISSING_EXPRESSION),
        ("a = \"b\n", UNCLOSED_STRING),
        ("a = \"${b\"\n", INVALID_TEMPLATE),
        ("a = \"${}\"\n", INVALID_TEMPLATE),
        ("a = \"%{ if b }\"\n", INVALID_TEMPLATE),
        ("a = \"%{ endif }\"\n", INVALID_TEMPLATE),
        ("a = \"%{ foo }\"\n", INVALID_TEMPLATE),
        ("a = \"\\q\"\n", INVALID_ESCAPE),
        ("a = \"\\u12\"\n", INVALID_ESCAPE),
        ("a = \"\\ud800\"\n", INVALID_ESCAPE),
        ("a = 1.2.3\n", INVALID_NUMBER),
        ("a = <<EOT\nb\n", UNCLOSED_HEREDOC),
        ("a = <<EOT\nb\nEOT", UNCLOSED_HEREDOC),
        ("a = 1 /* b\n", UNCLOSED_COMMENT),
        ("a = 'b'\n", MISSING_EXPRESSION),
        ("a = 1;\n", MISSING_NEWLINE),
        ("a.b = 1\n", MISSING_EQUALS),
        ("a = foo::(1)\n", MISSING_NAME),
    ] {
        assert_eq!(codes(text), [code], "{text:?}");
    }
}

#[test]
fn every_code_has_its_own_name() {
    let mut all = crate::hcl::codes::ALL.to_vec();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), crate::hcl::codes::ALL.len());
    assert!(all.iter().all(|code| code.starts_with("syntax-")));
}
