//! `cargo xtask codegen`: files that are written from declarations in the product, and the check that they agree.
//!
//! A generator is a pure function from the declarations to the whole text of one file. The generators are behind the
//! feature `codegen`, for they link the product; without it this module starts xtask again with it. Invariant:
//! generated files are committed, so that nobody needs xtask to build the product.

#[cfg(feature = "codegen")]
mod lint;
#[cfg(feature = "codegen")]
mod settings;

use anyhow::{Result, bail};

/// One generated file.
#[cfg(feature = "codegen")]
pub struct Generator {
    /// Where it is written, from the root of the repository.
    pub path: &'static str,
    /// What it is made from, for the reader of an error.
    pub from: &'static str,
    /// Given the text that is there now, the text that should be. A generator of a part keeps the rest.
    pub generate: fn(current: &str) -> Result<String>,
}

/// Every generated file. To add one, add a line.
#[cfg(feature = "codegen")]
const GENERATORS: &[Generator] = &[settings::PACKAGE, settings::REFERENCE, lint::REFERENCE];

/// Writes the files, or with `--check` only compares.
///
/// # Errors
/// A generator failed, or with `--check` a file differs.
pub fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] | ["--check"] => all(arguments),
        _ => bail!("unknown arguments {arguments:?}; see cargo xtask --help"),
    }
}

#[cfg(not(feature = "codegen"))]
fn all(arguments: &[&str]) -> Result<()> {
    let mut cargo =
        crate::sh::cargo(["run", "--quiet", "--package", "xtask", "--features", "codegen", "--", "codegen"]);
    crate::sh::run(cargo.args(arguments))
}

#[cfg(feature = "codegen")]
fn all(arguments: &[&str]) -> Result<()> {
    use anyhow::Context as _;
    use std::fs;

    let mut stale = Vec::new();
    for generator in GENERATORS {
        let path = crate::sh::root().join(generator.path);
        let current = if path.exists() { fs::read_to_string(&path)? } else { String::new() };
        let wanted =
            (generator.generate)(&current).with_context(|| format!("cannot generate {}", generator.path))?;
        if current == wanted {
            continue;
        }
        if arguments.is_empty() {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, wanted)?;
            println!("wrote {}", generator.path);
        } else {
            stale.push(format!("{} differs from {}", generator.path, generator.from));
        }
    }
    if !stale.is_empty() {
        bail!("{}\nrun `cargo xtask codegen`", stale.join("\n"));
    }
    println!("{} generated files are up to date", GENERATORS.len());
    Ok(())
}
