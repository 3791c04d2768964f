//! The edge fetches what the core asks for, and only what it may.
//!
//! After a change the loop asks the project what it would like to know, fetches that beside the loop, tells the
//! project, and asks again, until nothing is left. Invariant: without trust only files of the workspace are read;
//! nothing is started or connected to but for envs that the user allowed, and a question that may not be asked stays
//! open.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use commands::world::Everything;
use commands::{World, facts};
use engine::{DatabaseUrl, Dialects};
use futures::FutureExt as _;
use project::{Answer, Content, Fact, Path, Reach, Target, Want};
use tokio::sync::oneshot;

use super::lanes::Lane;
use super::owner::Owner;
use super::settings::Facts;
use super::workspace::Folder;
use crate::machine;

/// How long something outside this machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of a question.
enum Fetched {
    File(Path, Content),
    Fact(Want, Fact),
}

/// Fetches what is wanted and may be fetched, each question once at a time.
///
/// `allowed` are the questions of envs for which the user said yes.
pub(crate) fn fetch(owner: &mut Owner, wants: impl IntoIterator<Item = Want>, allowed: &BTreeSet<Want>) {
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for want in wants {
        if owner.state.workspace.fetching.contains(&want) {
            continue;
        }
        match permit(owner, &want, allowed) {
            Permit::Yes => {
                owner.state.workspace.fetching.insert(want.clone());
                if want.is_slow() { far.push(want) } else { near.push(want) }
            }
            Permit::No(reason) => {
                let fact = Fact { answer: Answer::Refused(reason.to_owned()), time: owner.world.now() };
                owner.state.workspace.project.set_fact(want, fact);
                owner.state.refreshed();
            }
            Permit::Later => {}
        }
    }
    let dialects = owner.state.workspace.dialects;
    if !near.is_empty() {
        let (world, client) = (Arc::clone(&owner.world), owner.client.clone());
        let job = move || {
            // What is on this machine answers without waiting; all of a round together is one change.
            let fetched = near.into_iter().filter_map(|want| ask(&*world, dialects, want).now_or_never());
            let fetched: Vec<Fetched> = fetched.collect();
            client.then(move |owner| take(owner, fetched));
        };
        owner.lanes.run(Lane::Network, Box::new(job));
    }
    for want in far {
        let (world, client) = (Arc::clone(&owner.world), owner.client.clone());
        owner.lanes.spawn(async move {
            let fetched = match tokio::time::timeout(PATIENCE, ask(&*world, dialects, want.clone())).await {
                Ok(fetched) => fetched,
                Err(_) => {
                    let answer = Answer::Failed(format!("no answer within {} s", PATIENCE.as_secs()));
                    Fetched::Fact(want, Fact { answer, time: world.now() })
                }
            };
            client.then(move |owner| take(owner, vec![fetched]));
        });
    }
}

/// Fetches what was changed by us just now, and tells `done` when all of it is known anew.
///
/// An answer that is on its way may be from before the change: it is not taken.
pub(crate) fn refetch(owner: &mut Owner, wants: BTreeSet<Want>, done: oneshot::Sender<()>) {
    let workspace = &mut owner.state.workspace;
    let flying: Vec<Want> = wants.iter().filter(|want| workspace.fetching.contains(*want)).cloned().collect();
    workspace.again.extend(flying);
    fetch(owner, wants.iter().cloned(), &wants);
    let workspace = &mut owner.state.workspace;
    let coming: BTreeSet<Want> = wants.into_iter().filter(|want| workspace.fetching.contains(want)).collect();
    if coming.is_empty() {
        let _ = done.send(());
    } else {
        workspace.awaited.push((coming, done));
    }
}

async fn ask(world: &dyn World, dialects: Dialects, want: Want) -> Fetched {
    match want {
        Want::File(path) => {
            let content = world.read(&path);
            Fetched::File(path, content)
        }
        want => {
            // Consent was judged before, on the loop's thread.
            let fact = facts::fetch(world, dialects, &Everything, &want).await;
            Fetched::Fact(want, fact)
        }
    }
}

/// Tells the project what was fetched.
fn take(owner: &mut Owner, fetched: Vec<Fetched>) {
    let workspace = &mut owner.state.workspace;
    let before = workspace.project.revision();
    let mut again = BTreeSet::new();
    for fetched in fetched {
        match fetched {
            Fetched::File(path, content) => {
                workspace.fetching.remove(&Want::File(path.clone()));
                workspace.on_disk(path, content);
            }
            Fetched::Fact(want, _) if workspace.again.remove(&want) => {
                workspace.fetching.remove(&want);
                again.insert(want);
            }
            Fetched::Fact(want, fact) => {
                workspace.fetching.remove(&want);
                for (wants, _) in &mut workspace.awaited {
                    wants.remove(&want);
                }
                workspace.project.set_fact(want, fact);
            }
        }
    }
    for (_, done) in workspace.awaited.extract_if(.., |(wants, _)| wants.is_empty()) {
        let _ = done.send(());
    }
    // What is as it was is no news, else looking again would never end.
    if workspace.project.revision() != before {
        owner.state.refreshed();
    }
    if !again.is_empty() {
        fetch(owner, again.iter().cloned(), &again);
    }
}

enum Permit {
    Yes,
    /// The settings say no.
    No(&'static str),
    /// Not without trust or a word of the user; it stays wanted.
    Later,
}

fn permit(owner: &Owner, want: &Want, allowed: &BTreeSet<Want>) -> Permit {
    let trusted = owner.state.trusted;
    let workspace = &owner.state.workspace;
    match want {
        Want::File(path) | Want::Directory(path) | Want::Glob { base: path, .. } => {
            if trusted || workspace.holds(path) { Permit::Yes } else { Permit::Later }
        }
        _ if want.reach() == Reach::Workspace => Permit::Yes,
        _ if !trusted => Permit::Later,
        _ if want.reach() == Reach::Machine
            || allowed.contains(want)
            || embedded(want, &workspace.folders, workspace.dialects) =>
        {
            Permit::Yes
        }
        _ => match owner.state.settings.facts {
            Facts::Auto => Permit::Yes,
            Facts::Ask => Permit::Later,
            Facts::Never => Permit::No("not looked at, because the setting atlas.facts is \"never\""),
        },
    }
}

/// The states of databases that are older than `max_age` seconds, or than the file the database is.
pub(crate) fn outdated(project: &project::Snapshot, max_age: u64) -> BTreeSet<Want> {
    let now = machine::now();
    let old = |want: &Want, fact: &Fact| {
        let Want::Database(target) = want else { return false };
        if !matches!(fact.answer, Answer::Realm(..) | Answer::Absent(_) | Answer::Failed(_)) {
            return false;
        }
        now.saturating_sub(fact.time) > max_age.max(1).saturating_mul(1000)
            || changed(target, project.dialects).is_some_and(|changed| changed > fact.time)
    };
    project.facts().into_iter().filter(|(want, fact)| old(want, fact)).map(|(want, _)| want).collect()
}

/// When the file of an embedded database was written last, in milliseconds since 1970.
fn changed(target: &Target, dialects: Dialects) -> Option<u64> {
    let file = machine::native(&database_file(target, dialects)?);
    let written = std::fs::metadata(file).ok()?.modified().ok()?;
    u64::try_from(written.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis()).ok()
}

/// Whether `want` is the state of a database that is a file of the workspace: reading it reaches nothing else.
pub(crate) fn embedded(want: &Want, folders: &[Folder], dialects: Dialects) -> bool {
    let Want::Database(target) = want else { return false };
    database_file(target, dialects).is_some_and(|file| folders.iter().any(|folder| file.is_in(&folder.path)))
}

/// The file an embedded database is, as seen from the configuration that names it.
pub(crate) fn database_file(target: &Target, dialects: Dialects) -> Option<Path> {
    let url = DatabaseUrl::parse(&target.url.0).ok()?;
    let dialect = dialects.by_url(url.secret())?;
    // A product whose dev database is a URL without a server is embedded.
    dialect.dev_url?;
    let moved = dialect.seen_from.and_then(|seen_from| seen_from(&url, target.directory.as_str()));
    let url = moved.as_ref().unwrap_or(&url);
    let name = format!("{}{}", url.host(), url.path());
    // What a driver reads differently than we do here may be anywhere.
    if name.starts_with("file:") || name.contains('%') {
        return None;
    }
    Some(target.directory.join(&name))
}
