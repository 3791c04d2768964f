//! What git says of a migration directory: the files a revision has, and what became of them since.
//!
//! Git is started without a shell, and asked for names only.
//!
//! Source: reference/cli.md section 6.10.

use std::process::Stdio;

use commands::migrate::Located;
use engine::migrate::order::Base;

use crate::cli::Failure;
use crate::machine::reason;

/// The directory as it is in the revision `base`, and the names of the files that were added since.
///
/// # Errors
/// Git's exit code, as Atlas tells it.
pub async fn since(repository: &str, base: &str, located: &Located) -> Result<(Base, Vec<String>), Failure> {
    // Git would take it for an option.
    if base.starts_with('-') {
        return Err(format!("git diff: {base:?} is no revision").into());
    }
    let whole = located.path.to_string();
    // Where the directory is no part of the repository its path is taken from there, as Atlas does.
    let (directory, changes) = match diff(repository, base, &whole).await {
        Err(_) if located.shown != whole => {
            (located.shown.as_str(), diff(repository, base, &located.shown).await?)
        }
        changes => (whole.as_str(), changes?),
    };
    let listed = |names: Vec<String>| -> Vec<String> {
        names.into_iter().filter(|name| located.directory.format.lists(name)).collect()
    };
    let of = |status: char| -> Vec<String> {
        changes.iter().filter(|(it, _)| *it == status).map(|(_, name)| name.clone()).collect()
    };
    // Another form of a path than git's own is no reason to say nothing of the files.
    let names = match tree(repository, base, directory).await {
        Ok(names) => listed(names),
        Err(_) => listed(of('D')),
    };
    let base = Base { said: format!("{base:?}"), names, edited: listed(of('M')) };
    Ok((base, of('A')))
}

/// What became of the files between the revision and the one that is checked out: a letter of git's, and the name.
async fn diff(repository: &str, base: &str, directory: &str) -> Result<Vec<(char, String)>, Failure> {
    let args =
        ["--no-pager", "diff", "--no-ext-diff", "--no-renames", "--name-status", "-z", base, "HEAD", "--"];
    let fields = git(repository, "diff", &args, directory).await?;
    let pairs = fields.chunks_exact(2).filter_map(|pair| match pair {
        [status, path] => Some((status.chars().next()?, base_name(path))),
        _ => None,
    });
    Ok(pairs.collect())
}

/// The names of the files the directory has in the revision.
async fn tree(repository: &str, base: &str, directory: &str) -> Result<Vec<String>, Failure> {
    let args = ["--no-pager", "ls-tree", "-r", "--name-only", "-z", base, "--"];
    let folder = format!("{}/", directory.trim_end_matches('/'));
    let paths = git(repository, "ls-tree", &args, &folder).await?;
    Ok(paths.iter().map(|path| base_name(path)).collect())
}

/// Git's paths may lead through folders that the format does not count.
fn base_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// The fields git prints, which end with zeros.
async fn git(repository: &str, what: &str, args: &[&str], directory: &str) -> Result<Vec<String>, Failure> {
    let mut git = tokio::process::Command::new("git");
    if !repository.is_empty() {
        git.args(["-C", repository]);
    }
    git.args(args).arg(directory).stdin(Stdio::null()).kill_on_drop(true);
    let output = git.output().await.map_err(|error| format!("lookup git: {}", reason(&error)))?;
    if !output.status.success() {
        return Err(match output.status.code() {
            Some(code) => format!("git {what}: exit status {code}"),
            None => format!("git {what}: {}", output.status),
        }
        .into());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split('\0').filter(|field| !field.is_empty()).map(str::to_owned).collect())
}
