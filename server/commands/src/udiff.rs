//! Two texts side by side, as a unified diff.
//!
//! By lines, with three lines around each change. Small inputs only: it compares every line with every other.
//!
//! Source: the format of `diff -u`.

/// Lines around a change.
const CONTEXT: usize = 3;

#[derive(Clone, Copy, PartialEq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// The difference from `from` to `to`, or nothing when they are equal.
pub fn unified(from: &str, to: &str, from_name: &str, to_name: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (from.lines().collect(), to.lines().collect());
    let lines = compare(&a, &b);
    let changed: Vec<usize> =
        (0..lines.len()).filter(|index| !matches!(lines[*index], Line::Same(_))).collect();
    let (Some(_), true) = (changed.first(), from != to) else { return String::new() };
    let mut out = format!("--- {from_name}\n+++ {to_name}\n");
    let mut index = 0;
    while index < changed.len() {
        let start = changed[index].saturating_sub(CONTEXT);
        let mut end = (changed[index] + CONTEXT + 1).min(lines.len());
        while index + 1 < changed.len() && changed[index + 1] <= end + CONTEXT {
            index += 1;
            end = (changed[index] + CONTEXT + 1).min(lines.len());
        }
        hunk(&lines, start, end, &mut out);
        index += 1;
    }
    out
}

fn hunk(lines: &[Line<'_>], start: usize, end: usize, out: &mut String) {
    // The places of the hunk in the old text, which lacks what is new, and in the new one.
    let place = |skip: fn(&Line<'_>) -> bool| {
        let count = |lines: &[Line<'_>]| lines.iter().filter(|line| !skip(line)).count();
        let (before, count) = (count(&lines[..start]), count(&lines[start..end]));
        let first = if count == 0 { before } else { before + 1 };
        if count == 1 { first.to_string() } else { format!("{first},{count}") }
    };
    let old = place(|line| matches!(line, Line::New(_)));
    let new = place(|line| matches!(line, Line::Gone(_)));
    out.push_str(&format!("@@ -{old} +{new} @@\n"));
    for line in &lines[start..end] {
        let (mark, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Gone(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        out.push(mark);
        out.push_str(text);
        out.push('\n');
    }
}

/// The longest common subsequence, after what both ends share.
fn compare<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<Line<'a>> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut out: Vec<Line<'a>> = a[..head].iter().map(|line| Line::Same(line)).collect();
    if x.len().saturating_mul(y.len()) > 4_000_000 {
        // Too much to compare: all of the middle is taken as replaced.
        out.extend(x.iter().map(|line| Line::Gone(line)));
        out.extend(y.iter().map(|line| Line::New(line)));
    } else {
        let width = y.len() + 1;
        let mut best = vec![0_u32; (x.len() + 1) * width];
        for i in (0..x.len()).rev() {
            for j in (0..y.len()).rev() {
                best[i * width + j] = if x[i] == y[j] {
                    best[(i + 1) * width + j + 1] + 1
                } else {
                    best[(i + 1) * width + j].max(best[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < x.len() || j < y.len() {
            if i < x.len() && j < y.len() && x[i] == y[j] {
                out.push(Line::Same(x[i]));
                (i, j) = (i + 1, j + 1);
            } else if i < x.len() && (j == y.len() || best[(i + 1) * width + j] >= best[i * width + j + 1]) {
                out.push(Line::Gone(x[i]));
                i += 1;
            } else {
                out.push(Line::New(y[j]));
                j += 1;
            }
        }
    }
    out.extend(a[a.len() - tail..].iter().map(|line| Line::Same(line)));
    out
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn changes_are_shown_with_three_lines_around() {
        let from = "CREATE TABLE \"t1\" (\n  \"c1\" text NOT NULL\n);\n";
        let to = "CREATE TABLE \"t1\" (\n  \"c1\" text NOT NULL,\n  \"c2\" text NOT NULL\n);\n";
        assert_eq!(
            unified(from, to, "planned state", "desired state"),
            "--- planned state\n+++ desired state\n@@ -1,3 +1,4 @@\n CREATE TABLE \"t1\" (\n-  \"c1\" text NOT NULL\n+  \"c1\" text NOT NULL,\n+  \"c2\" text NOT NULL\n );\n"
        );
        assert_eq!(unified("a\n", "a\n", "x", "y"), "");
        assert_eq!(unified("", "a\n", "x", "y"), "--- x\n+++ y\n@@ -0,0 +1 @@\n+a\n");
        let long: String = (0..20).map(|n| format!("{n}\n")).collect();
        let changed = long.replace("2\n3\n", "2\nx\n").replace("17\n", "");
        assert_eq!(
            unified(&long, &changed, "x", "y"),
            "--- x\n+++ y\n@@ -1,7 +1,7 @@\n 0\n 1\n 2\n-3\n+x\n 4\n 5\n 6\n@@ -15,6 +15,5 @@\n 14\n 15\n 16\n-17\n 18\n 19\n"
        );
    }
}
