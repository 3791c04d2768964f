//! "Did you mean": the one rule for all of us.

/// The candidate nearest to `name`, if one is near enough to be meant.
///
/// Counts insertions, deletions, replacements and swaps of neighbours; fewer than three of them, and fewer than the
/// name is long. The nearest wins, then the first by alphabet, so the answer does not depend on the order given.
///
/// Source: hashicorp/hcl `hclsyntax/didyoumean.go`, which takes the first within the same distance.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance < 3.min(length.max(1)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment, in characters.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_wins_and_the_order_does_not_matter() {
        assert_eq!(suggest("primray_key", ["index", "primary_key"]), Some("primary_key"));
        assert_eq!(suggest("coulmns", ["columns", "comment"]), Some("columns"));
        assert_eq!(suggest("foo", ["number", "bool"]), Some("bool"));
        assert_eq!(suggest("int64", ["int2", "int"]), Some("int"));
        assert_eq!(suggest("xyz", ["columns"]), None);
        assert_eq!(suggest("a", ["b", "c"]), None);
        assert_eq!(suggest("", ["b"]), None);
    }
}
