//! `atlas.plan`: the plan of an env as text, for every client.

use gen_lsp_types::Uri;
use serde::Serialize;

use super::about::{About, Purpose};
use super::{Command, Context};
use crate::lsp::failure::Failure;
use crate::lsp::plan_uri;
use crate::machine;

pub(super) struct Plan;

#[derive(Serialize)]
pub(super) struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<Uri>,
    text: String,
}

impl Command for Plan {
    const NAME: &'static str = "atlas.plan";
    type Args = About;
    type Report = Report;

    async fn run(mut context: Context, about: About) -> Result<Report, Failure> {
        let chosen = about.choose(&context.snapshot)?;
        context.gather(&chosen, Purpose::Plan, true).await?;
        let uri = plan_uri::write(&context.snapshot.folders, &chosen.config, &chosen.env);
        if let Some(uri) = uri.as_ref().filter(|_| context.snapshot.client.virtual_documents) {
            context.snapshot.plans.watch(uri.clone(), chosen.config.clone(), chosen.env.clone());
        }
        let snapshot = &context.snapshot;
        let plan = snapshot.project.plan(&chosen.config, &chosen.env);
        let text = plan.text(&snapshot.project, Some(machine::now())).text;
        Ok(Report { uri, text })
    }
}
