//! What git knows of a directory, asked without a shell and without changing anything.
//!
//! Two questions, both of which read and run no hook and no filter: which branches there are, and which files one of them
//! has. Invariant: what the user wrote is never taken for an option.

use project::{Base, Path};
use smol_str::SmolStr;

use crate::World;

/// The branches others work on, the likeliest first; a link leads to the one it names.
const USUAL: &[&str] = &[
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
];

/// The files below `directory` that the branch `base` has, else the branch the repository is about.
///
/// # Errors
/// The program's words: there is no git, no repository, no such branch.
pub async fn committed(world: &dyn World, directory: &Path, base: Option<&str>) -> Result<Base, String> {
    let branch = match base {
        Some(base) if base.starts_with('-') => return Err(format!("git: {base:?} is no revision")),
        Some(base) => SmolStr::from(base),
        None => usual(world, directory).await?,
    };
    // Paths are those below the working directory, which is where the migrations are.
    let files = run(world, directory, &["ls-tree", "-r", "-z", "--name-only", &branch, "--"]).await?;
    let files = files.split('\0').filter(|name| !name.is_empty()).map(SmolStr::from).collect();
    Ok(Base { branch, files })
}

/// The branch that others work on.
async fn usual(world: &dyn World, directory: &Path) -> Result<SmolStr, String> {
    let mut arguments = vec!["for-each-ref", "--format=%(refname) %(refname:short) %(symref:short)"];
    arguments.extend(USUAL);
    let found = run(world, directory, &arguments).await?;
    let named = |name: &&str| {
        let mut words = found.lines().find(|line| line.split(' ').next() == Some(*name))?.split(' ').skip(1);
        let (short, link) = (words.next()?, words.next().filter(|link| !link.is_empty()));
        Some(SmolStr::from(link.unwrap_or(short)))
    };
    USUAL.iter().find_map(named).ok_or_else(|| "git: no branch is called main or master".to_owned())
}

async fn run(world: &dyn World, directory: &Path, arguments: &[&str]) -> Result<String, String> {
    let program: Vec<SmolStr> =
        ["git", "--no-pager"].iter().chain(arguments).map(|part| SmolStr::from(*part)).collect();
    world.run(&program, directory).await
}
