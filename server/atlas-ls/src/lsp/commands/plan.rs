//! `atlas.plan`: the plan of an env as text, for every client.

use std::time::{Duration, Instant};

use gen_lsp_types::Uri;
use serde::Serialize;

use super::about::{About, Purpose};
use super::{Command, Context};
use crate::lsp::failure::Failure;
use crate::lsp::{background, plan_uri};
use crate::machine;

pub(super) struct Plan;

#[derive(Serialize)]
pub(super) struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<Uri>,
    text: String,
}

/// How long facts are waited for before the plan says which are missing.
const PATIENCE: Duration = Duration::from_secs(30);

impl Command for Plan {
    const NAME: &'static str = "atlas.plan";
    type Args = About;
    type Report = Report;

    async fn run(context: Context, about: About) -> Result<Report, Failure> {
        let chosen = about.choose(&context.snapshot)?;
        if context.snapshot.trusted {
            chosen.permit(&context, Purpose::Plan).await?;
        }
        let uri = plan_uri::write(&context.snapshot.folders, &chosen.config, &chosen.env);
        if let Some(uri) = uri.as_ref().filter(|_| context.snapshot.client.virtual_documents) {
            context.snapshot.plans.watch(uri.clone(), chosen.config.clone(), chosen.env.clone());
        }
        let until = Instant::now() + PATIENCE;
        let mut snapshot = context.snapshot.clone();
        loop {
            let missing = background::missing(&snapshot.project, &chosen.config, &chosen.env);
            if missing.is_empty() || !snapshot.trusted || Instant::now() > until {
                break;
            }
            // Each fact that arrives is a change, and the loop tells of it.
            match context.next(&snapshot, missing).await {
                Some(next) => snapshot = next,
                None => break,
            }
        }
        let plan = snapshot.project.plan(&chosen.config, &chosen.env);
        let text = plan.text(&snapshot.project, Some(machine::now())).text;
        Ok(Report { uri, text })
    }
}
