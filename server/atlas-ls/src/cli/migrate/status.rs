//! `migrate status`: what a target has, and what it lacks.

use std::sync::Arc;

use commands::format::{Kind, MigrateStatusReport};
use commands::migrate::status::{Args, status};

use super::apply::{parsed, target};
use super::directory::{check, opened};
use super::tenants::{Tenants, explained, needs_url, print};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

/// Looks at each target.
///
/// Source: reference/cli.md section 6.9.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    let (mut tenants, envs) = Tenants::of(&setup);
    let count = envs.len();
    for (at, env) in envs.into_iter().enumerate() {
        setup.env = env;
        let mut invocation = invocation.clone();
        setup.fill_migration(&mut invocation)?;
        invocation.check()?;
        let template = parsed(&invocation, Kind::MigrateStatus)?;
        let located = opened(session, &setup, &invocation, false).await?;
        check(session, &located.directory)?;
        needs_url(&invocation)?;
        tenants.begin(session, &invocation);
        let args = Args { target: target(&setup, &invocation), directory: located.directory };
        let asked = session.interrupt.stop(status(&setup.workspace, &args)).await?;
        let found = asked.map_err(|error| explained(session, error))?;
        tenants.end(&invocation, found.word().to_owned());
        let text = found.text(session.console);
        let text = match template {
            Some(template) => {
                let dir = with_format(invocation.text("dir"), args.directory.format.name());
                let subject = MigrateStatusReport { status: found, dir, text };
                template.execute(Arc::new(subject), session.console.colour)?
            }
            None => text,
        };
        print(session, &text, at + 1 == count);
    }
    tenants.close(session);
    Ok(())
}

/// The URL of a directory with the format it is read in.
fn with_format(url: &str, format: &str) -> String {
    match url.split_once('?') {
        Some((_, query)) if query.split('&').any(|pair| pair.starts_with("format=")) => url.to_owned(),
        Some(_) => format!("{url}&format={format}"),
        None => format!("{url}?format={format}"),
    }
}
