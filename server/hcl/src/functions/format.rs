//! `format`: verbs, flags, width and precision.
//!
//! Source: go-cty, `function/stdlib/format.go`.

use std::str::Chars;

use unicode_segmentation::UnicodeSegmentation;

use crate::value::{Number, Type, Value, convert};

/// Widths and precisions beyond this are refused.
const MAX_WIDTH: usize = 10_000;

/// One `%…` of a format.
#[derive(Default)]
struct Verb {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// Counted from one; the next argument when `None`.
    argument: Option<usize>,
    mode: char,
    /// As written, for messages.
    raw: String,
}

/// `format` filled with `args`.
pub fn format_value(format: &str, args: &[Value]) -> Result<String, String> {
    let mut out = String::new();
    let mut chars = format.chars();
    let (mut next, mut highest) = (0usize, 0usize);
    let mut position = 0usize;
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            position += ch.len_utf8();
            continue;
        }
        let verb = parse_verb(&mut chars, position)?;
        position += verb.raw.len();
        if verb.mode == '%' {
            out.push('%');
            continue;
        }
        let at = verb.argument.map_or(next, |at| at.saturating_sub(1));
        let Some(arg) = args.get(at) else {
            return Err(format!(
                "not enough arguments for {:?} at {}: need index {} but have {} total",
                verb.raw,
                position - verb.raw.len(),
                at + 1,
                args.len()
            ));
        };
        next = at + 1;
        highest = highest.max(next);
        out.push_str(&write_verb(&verb, arg).map_err(|why| {
            format!("unsupported value for {:?} at {}: {why}", verb.raw, position - verb.raw.len())
        })?);
    }
    if highest < args.len() {
        return Err(format!("too many arguments; only {highest} used by format string"));
    }
    Ok(out)
}

/// One string for each element of the lists among `args`; other arguments are the same for all.
pub fn formatlist_values(format: &str, args: &[Value]) -> Result<Vec<String>, String> {
    let mut count: Option<(usize, usize)> = None;
    for (at, arg) in args.iter().enumerate() {
        let Some(items) = arg.elements() else { continue };
        match count {
            Some((known, first)) if known != items.len() => {
                return Err(format!(
                    "argument {} has length {}, which is inconsistent with argument {} of length {known}",
                    at + 1,
                    items.len(),
                    first + 1
                ));
            }
            _ => count = Some((items.len(), at)),
        }
    }
    let count = count.map_or(1, |(count, _)| count);
    let mut out = Vec::with_capacity(count);
    for turn in 0..count {
        let args: Vec<Value> = args
            .iter()
            .map(|arg| match arg.elements() {
                Some(items) => items.get(turn).cloned().unwrap_or(Value::Null),
                None => arg.clone(),
            })
            .collect();
        out.push(
            format_value(format, &args).map_err(|why| format!("error on format iteration {turn}: {why}"))?,
        );
    }
    Ok(out)
}

/// Reads a verb, keeping what it read.
struct Reader<'a, 'b> {
    chars: &'a mut Chars<'b>,
    verb: Verb,
    /// The character after what was read.
    next: Option<char>,
}

impl Reader<'_, '_> {
    fn step(&mut self) {
        self.next = self.chars.next();
        self.verb.raw.extend(self.next);
    }

    fn digits(&mut self) -> Result<Option<usize>, String> {
        let mut number: Option<usize> = None;
        while let Some(digit) = self.next.and_then(|ch| ch.to_digit(10)) {
            number = Some(number.unwrap_or(0) * 10 + digit as usize);
            if number > Some(MAX_WIDTH) {
                return Err(format!("width or precision of {:?} is too large", self.verb.raw));
            }
            self.step();
        }
        Ok(number)
    }
}

fn parse_verb(chars: &mut Chars<'_>, position: usize) -> Result<Verb, String> {
    let mut reader = Reader { chars, verb: Verb { raw: "%".into(), ..Verb::default() }, next: None };
    reader.step();
    while let Some(flag) = reader.next {
        match flag {
            '+' => reader.verb.plus = true,
            '-' => reader.verb.minus = true,
            '#' => reader.verb.sharp = true,
            ' ' => reader.verb.space = true,
            '0' => reader.verb.zero = true,
            _ => break,
        }
        reader.step();
    }
    reader.verb.width = reader.digits()?;
    if reader.next == Some('.') {
        reader.step();
        reader.verb.precision = Some(reader.digits()?.unwrap_or(0));
    }
    if reader.next == Some('[') {
        reader.step();
        reader.verb.argument = reader.digits()?;
        if reader.next != Some(']') || reader.verb.argument.is_none_or(|at| at == 0) {
            return Err(format!("unrecognized format character {:?} at offset {position}", '['));
        }
        reader.step();
    }
    match reader.next {
        Some(
            mode @ ('v' | 't' | 'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' | 's' | 'q' | '%'),
        ) => {
            reader.verb.mode = mode;
            Ok(reader.verb)
        }
        Some(mode) => {
            let at = position + reader.verb.raw.len() - mode.len_utf8();
            Err(format!("unrecognized format character {mode:?} at offset {at}"))
        }
        None => Err("unexpected end of format string".into()),
    }
}

fn write_verb(verb: &Verb, arg: &Value) -> Result<String, String> {
    let want = |ty: Type| convert(arg, &ty).map_err(|error| error.0);
    match verb.mode {
        'v' if verb.sharp => Ok(pad(verb, arg.to_json())),
        'v' => match arg {
            Value::String(_) => write_string(verb, arg),
            Value::Number(number) => Ok(pad_number(verb, shortest(number))),
            Value::Bool(_) => write_string(verb, &want(Type::String)?),
            _ => Ok(pad(verb, arg.to_json())),
        },
        _ if arg.is_null() => Err("null value cannot be formatted".into()),
        't' => {
            let flag = want(Type::Bool)?;
            Ok(pad(verb, flag.to_json()))
        }
        's' | 'q' => write_string(verb, &want(Type::String)?),
        _ => {
            let value = want(Type::Number)?;
            let number = value.as_number().ok_or("number required")?;
            write_number(verb, number)
        }
    }
}

fn write_string(verb: &Verb, value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default();
    let text = match verb.precision {
        Some(length) => text.graphemes(true).take(length).collect(),
        None => text.to_owned(),
    };
    Ok(pad(verb, if verb.mode == 'q' { Value::from(text).to_json() } else { text }))
}

fn write_number(verb: &Verb, number: &Number) -> Result<String, String> {
    let text = match verb.mode {
        'd' | 'b' | 'o' | 'x' | 'X' => {
            let truncated = if number.is_negative() { number.ceil() } else { number.floor() };
            let whole = truncated.to_big_int().ok_or("whole number required")?;
            match verb.mode {
                'b' => whole.to_str_radix(2),
                'o' => whole.to_str_radix(8),
                'x' => whole.to_str_radix(16),
                'X' => whole.to_str_radix(16).to_uppercase(),
                _ => whole.to_string(),
            }
        }
        'f' => {
            let scale = verb.precision.unwrap_or(6) as i64;
            let rounded = number.decimal().with_scale_round(scale, bigdecimal::RoundingMode::HalfEven);
            let text = rounded.to_plain_string();
            // A zero loses its fraction on the way.
            if scale > 0 && !text.contains('.') {
                format!("{text}.{}", "0".repeat(scale as usize))
            } else {
                text
            }
        }
        'e' | 'E' => {
            let text = exponent(&format!("{:.*e}", verb.precision.unwrap_or(6), number.to_f64()));
            if verb.mode == 'E' { text.to_uppercase() } else { text }
        }
        _ => {
            let text = match verb.precision {
                Some(precision) => significant(number, precision.max(1)),
                None => shortest(number),
            };
            if verb.mode == 'G' { text.to_uppercase() } else { text }
        }
    };
    Ok(pad_number(verb, text))
}

/// `%g` without a precision: all digits, with an exponent when that is much shorter.
fn shortest(number: &Number) -> String {
    let plain = number.to_string();
    let digits = plain.trim_start_matches('-').trim_start_matches("0.").trim_start_matches('0');
    let exponent = exponent_of(number);
    if (-4..21).contains(&exponent) || digits.is_empty() { plain } else { scientific(number) }
}

/// A number with `precision` significant digits, as C's `%g` and Go's `Text('g', n)`.
pub fn significant(number: &Number, precision: usize) -> String {
    if number.is_zero() {
        return "0".into();
    }
    let rounded = Number::from(number.decimal().with_prec(precision as u64));
    let exponent = exponent_of(&rounded);
    if exponent < -4 || exponent >= precision as i64 { scientific(&rounded) } else { rounded.to_string() }
}

/// The power of ten of the first digit.
fn exponent_of(number: &Number) -> i64 {
    let (digits, scale) = number.decimal().as_bigint_and_exponent();
    digits.to_string().trim_start_matches('-').len() as i64 - 1 - scale
}

fn scientific(number: &Number) -> String {
    let (digits, _) = number.decimal().as_bigint_and_exponent();
    let text = digits.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let digits = digits.trim_end_matches('0');
    let (first, rest) = digits.split_at(digits.len().min(1));
    let point = if rest.is_empty() { "" } else { "." };
    let exponent = exponent_of(number);
    let sign_of = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{sign_of}{:02}", exponent.abs())
}

/// Rust's `1.5e7` as C's `1.5e+07`.
fn exponent(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once('e') else { return text.to_owned() };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

fn pad_number(verb: &Verb, text: String) -> String {
    let text = match (text.starts_with('-'), verb.plus, verb.space) {
        (false, true, _) => format!("+{text}"),
        (false, false, true) => format!(" {text}"),
        _ => text,
    };
    if verb.zero
        && !verb.minus
        && let Some(width) = verb.width
    {
        let (sign, digits) = text.split_at(usize::from(text.starts_with(['-', '+', ' '])));
        return format!("{sign}{digits:0>fill$}", fill = width.saturating_sub(sign.len()));
    }
    pad(verb, text)
}

fn pad(verb: &Verb, text: String) -> String {
    let Some(width) = verb.width else { return text };
    let fill = width.saturating_sub(text.graphemes(true).count());
    if verb.minus { format!("{text}{}", " ".repeat(fill)) } else { format!("{}{text}", " ".repeat(fill)) }
}
