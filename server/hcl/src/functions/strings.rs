//! Functions of strings. What a user sees as one character (a grapheme cluster) counts as one.

use unicode_segmentation::UnicodeSegmentation;

use super::format::{format_value, formatlist_values};
use super::{Outcome, any, many, number, pure, string, text_at, value_at, whole};
use crate::function::{CallError, Function, Group, Param, ParamType};
use crate::scope::Scope;
use crate::value::Value;

const G: Group = Group::String;
const LISTS: Param = Param::new("lists", ParamType::ListOfString);

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "chomp", &[string("str")], "string", chomp, "The string without the line breaks at its end."),
    pure(G, "endswith", &[string("str"), string("suffix")], "bool", endswith, "Whether the string ends with a suffix."),
    many(G, "format", &[string("format")], any("args").nullable(), "string", format, "A string made from a format with verbs such as `%s`, `%d` and `%q`."),
    many(G, "formatlist", &[string("format")], any("args").nullable(), "list(string)", formatlist, "One formatted string for each element of the lists given."),
    pure(G, "indent", &[number("spaces"), string("str")], "string", indent, "The string with spaces before every line but the first."),
    many(G, "join", &[string("separator")], LISTS, "string", join, "The elements of lists of strings, with a separator between them."),
    pure(G, "lower", &[string("str")], "string", lower, "The string in lower case."),
    pure(G, "replace", &[string("str"), string("substr"), string("replace")], "string", replace, "The string with every occurrence of a part replaced."),
    pure(G, "split", &[string("separator"), string("str")], "list(string)", split, "The parts of a string between separators."),
    pure(G, "startswith", &[string("str"), string("prefix")], "bool", startswith, "Whether the string starts with a prefix."),
    pure(G, "strrev", &[string("str")], "string", strrev, "The characters of the string in reverse order."),
    pure(G, "substr", &[string("str"), number("offset"), number("length")], "string", substr, "A part of the string; a negative offset counts from the end, and length -1 means the rest."),
    pure(G, "title", &[string("str")], "string", title, "The string with the first letter of each word in upper case."),
    pure(G, "trim", &[string("str"), string("cutset")], "string", trim, "The string without the given characters at its start and end."),
    pure(G, "trimprefix", &[string("str"), string("prefix")], "string", trimprefix, "The string without a prefix, if it has it."),
    pure(G, "trimspace", &[string("str")], "string", trimspace, "The string without white space at its start and end."),
    pure(G, "trimsuffix", &[string("str"), string("suffix")], "string", trimsuffix, "The string without a suffix, if it has it."),
    pure(G, "upper", &[string("str")], "string", upper, "The string in upper case."),
];

/// A result longer than this is a mistake or an attack, not a configuration.
const MAX_LEN: usize = 64 << 20;

fn chomp(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(text_at(args, 0).trim_end_matches(['\r', '\n']).into())
}

fn endswith(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(text_at(args, 0).ends_with(text_at(args, 1)).into())
}

fn startswith(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(text_at(args, 0).starts_with(text_at(args, 1)).into())
}

fn format(args: &[Value], _: &dyn Scope) -> Outcome {
    let text = format_value(text_at(args, 0), args.get(1..).unwrap_or_default());
    text.map(Value::from).map_err(CallError::Failed)
}

fn formatlist(args: &[Value], _: &dyn Scope) -> Outcome {
    let texts = formatlist_values(text_at(args, 0), args.get(1..).unwrap_or_default());
    texts.map(Value::strings).map_err(CallError::Failed)
}

fn indent(args: &[Value], _: &dyn Scope) -> Outcome {
    let (spaces, text) = (whole(args, 0)?, text_at(args, 1));
    let spaces = usize::try_from(spaces).map_err(|_| CallError::argument(0, "value must not be negative"))?;
    if spaces.saturating_mul(text.len()) > MAX_LEN {
        return Err(CallError::argument(0, "value is too large"));
    }
    Ok(text.replace('\n', &format!("\n{}", " ".repeat(spaces))).into())
}

fn join(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut parts = Vec::new();
    for (at, list) in args.iter().enumerate().skip(1) {
        for item in list.elements().unwrap_or_default() {
            parts.push(item.as_str().ok_or_else(|| {
                CallError::argument(
                    at,
                    format!("element {} is null; cannot concatenate null values", parts.len()),
                )
            })?);
        }
    }
    if args.len() < 2 {
        return Err(CallError::failed("at least one list is required"));
    }
    Ok(parts.join(text_at(args, 0)).into())
}

fn lower(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(text_at(args, 0).to_lowercase().into())
}

fn upper(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(text_at(args, 0).to_uppercase().into())
}

fn replace(args: &[Value], _: &dyn Scope) -> Outcome {
    let (text, part, with) = (text_at(args, 0), text_at(args, 1), text_at(args, 2));
    if text.matches(part).count().saturating_mul(with.len()) > MAX_LEN {
        return Err(CallError::failed("the result is too long"));
    }
    Ok(text.replace(part, with).into())
}

fn split(args: &[Value], _: &dyn Scope) -> Outcome {
    let (separator, text) = (text_at(args, 0), text_at(args, 1));
    // Go's Split with an empty separator gives the characters.
    if separator.is_empty() {
        return Ok(Value::strings(text.chars().map(String::from)));
    }
    Ok(Value::strings(text.split(separator)))
}

fn strrev(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(text_at(args, 0).graphemes(true).rev().collect::<String>().into())
}

fn substr(args: &[Value], _: &dyn Scope) -> Outcome {
    let (offset, length) = (whole(args, 1)?, whole(args, 2)?);
    let clusters: Vec<&str> = text_at(args, 0).graphemes(true).collect();
    let count = clusters.len() as i64;
    let start = if offset < 0 { (offset + count).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let part = clusters.get(start as usize..end.max(start) as usize).unwrap_or_default();
    Ok(part.concat().into())
}

/// Go's `strings.Title`: a letter after anything but a letter, digit, underscore or apostrophe.
fn title(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut out = String::new();
    let mut in_word = false;
    for ch in text_at(args, 0).chars() {
        if in_word {
            out.push(ch);
        } else {
            out.extend(ch.to_uppercase());
        }
        in_word = ch.is_alphanumeric() || matches!(ch, '_' | '\'');
    }
    Ok(out.into())
}

fn trim(args: &[Value], _: &dyn Scope) -> Outcome {
    let cutset = text_at(args, 1);
    Ok(text_at(args, 0).trim_matches(|ch| cutset.contains(ch)).into())
}

fn trimprefix(args: &[Value], _: &dyn Scope) -> Outcome {
    let text = text_at(args, 0);
    Ok(text.strip_prefix(text_at(args, 1)).unwrap_or(text).into())
}

fn trimsuffix(args: &[Value], _: &dyn Scope) -> Outcome {
    let text = text_at(args, 0);
    Ok(text.strip_suffix(text_at(args, 1)).unwrap_or(text).into())
}

fn trimspace(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(value_at(args, 0).as_str().unwrap_or_default().trim().into())
}
