//! Conflict markers in `atlas.sum`: what two branches added, as git left it.
//!
//! Both sides list all files, and the chain of hashes differs from the first file that only one of them has; so only
//! names are read here. Invariant: a text without a complete set of markers has no conflict.

/// What git left of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The branch that is checked out: between `<<<<<<<` and `=======`.
    pub ours: Side,
    /// The branch that comes in: between `=======` and `>>>>>>>`.
    pub theirs: Side,
    /// The lines with markers, from 0.
    pub lines: Vec<usize>,
}

/// One side of a conflict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// What git calls it: `HEAD`, `main`, `1a2b3c4 (add users)`.
    pub label: String,
    /// The files that only this side has.
    pub files: Vec<String>,
}

/// Where a line belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Ours,
    /// The common ancestor, in conflicts of three parts.
    Base,
    Theirs,
}

/// The conflict in the text of an `atlas.sum`; `None` when there is none.
pub fn parse(text: &str) -> Option<Conflict> {
    let mut found = Conflict::default();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut part = Part::Both;
    for (at, line) in text.lines().enumerate() {
        let marker = |mark: &str| {
            let rest = line.strip_prefix(mark)?;
            (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim().to_owned())
        };
        if let Some(label) = marker("<<<<<<<").filter(|_| part == Part::Both) {
            found.ours.label = label;
            part = Part::Ours;
        } else if marker("|||||||").is_some() && part == Part::Ours {
            part = Part::Base;
        } else if marker("=======").is_some() && matches!(part, Part::Ours | Part::Base) {
            part = Part::Theirs;
        } else if let Some(label) = marker(">>>>>>>").filter(|_| part == Part::Theirs) {
            found.theirs.label = label;
            part = Part::Both;
        } else {
            let name = line.split_once("h1:").map_or("", |(name, _)| name.trim());
            match part {
                _ if name.is_empty() => {}
                Part::Ours => ours.push(name.to_owned()),
                Part::Theirs => theirs.push(name.to_owned()),
                Part::Both | Part::Base => {}
            }
            continue;
        }
        found.lines.push(at);
    }
    if part != Part::Both || found.lines.is_empty() {
        return None;
    }
    found.ours.files = ours.iter().filter(|name| !theirs.contains(name)).cloned().collect();
    found.theirs.files = theirs.into_iter().filter(|name| !ours.contains(name)).collect();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_told_apart_by_name() {
        let text = "<<<<<<< HEAD\nh1:a=\n1.sql h1:1=\n2_mine.sql h1:2=\n=======\nh1:b=\n1.sql h1:1=\n3_theirs.sql h1:3=\n>>>>>>> main\n";
        let found = parse(text).expect("a conflict");
        assert_eq!((found.ours.label.as_str(), found.theirs.label.as_str()), ("HEAD", "main"));
        assert_eq!(
            (found.ours.files, found.theirs.files),
            (vec!["2_mine.sql".to_owned()], vec!["3_theirs.sql".to_owned()])
        );
        assert_eq!(found.lines, [0, 4, 8]);
    }

    #[test]
    fn several_places_and_an_ancestor_are_one_conflict() {
        let text = "<<<<<<< HEAD\r\nh1:a=\r\n||||||| base\r\nh1:0=\r\n=======\r\nh1:b=\r\n>>>>>>> x\r\n1.sql h1:1=\r\n<<<<<<< HEAD\r\n2.sql h1:2=\r\n||||||| base\r\n=======\r\n3.sql h1:3=\r\n4.sql h1:4=\r\n>>>>>>> x\r\n";
        let found = parse(text).expect("a conflict");
        assert_eq!(
            (found.ours.files.join(" "), found.theirs.files.join(" ")),
            ("2.sql".into(), "3.sql 4.sql".into())
        );
    }

    #[test]
    fn half_a_conflict_is_none() {
        for text in ["", "h1:a=\n1.sql h1:1=\n", "<<<<<<< HEAD\nh1:a=\n", ">>>>>>> main\n", "=======\n"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
