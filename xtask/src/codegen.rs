//! `cargo xtask codegen`: files that are written from declarations elsewhere, and the check that they agree.
//!
//! A generator is a pure function from the sources to the whole text of one file. Invariant: generated files are
//! committed, so that nobody needs xtask to build the product; `--check` runs with `cargo test -p xtask`.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::sh;

/// One generated file.
pub struct Generator {
    /// Where it is written, from the root of the repository.
    pub path: &'static str,
    /// What it is made from, for the reader of an error.
    pub from: &'static str,
    /// Given the text that is there now, the text that should be. A generator of a part keeps the rest.
    pub generate: fn(current: &str) -> Result<String>,
}

/// Every generated file. To add one, add a line.
pub const GENERATORS: &[Generator] = &[];

/// Writes the files, or with `--check` only compares.
///
/// # Errors
/// A generator failed, or with `--check` a file differs.
pub fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] => {
            for generator in GENERATORS {
                let (current, wanted) = texts(generator)?;
                if current != wanted {
                    fs::write(sh::root().join(generator.path), wanted)?;
                    println!("wrote {}", generator.path);
                }
            }
            println!("{} generated files are up to date", GENERATORS.len());
            Ok(())
        }
        ["--check"] => check(),
        _ => bail!("unknown arguments {arguments:?}; see cargo xtask --help"),
    }
}

fn check() -> Result<()> {
    let mut stale = Vec::new();
    for generator in GENERATORS {
        let (current, wanted) = texts(generator)?;
        if current != wanted {
            stale.push(format!("{} differs from {}", generator.path, generator.from));
        }
    }
    if !stale.is_empty() {
        bail!("{}\nrun `cargo xtask codegen`", stale.join("\n"));
    }
    Ok(())
}

fn texts(generator: &Generator) -> Result<(String, String)> {
    let path = sh::root().join(generator.path);
    let current = if path.exists() { fs::read_to_string(&path)? } else { String::new() };
    let wanted =
        (generator.generate)(&current).with_context(|| format!("cannot generate {}", generator.path))?;
    Ok((current, wanted))
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_up_to_date() {
        super::check().unwrap();
    }
}
