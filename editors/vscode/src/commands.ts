/**
 * The commands of the palette, the editor's title bar and the code lenses.
 *
 * Each asks for what it was not told, calls the server, and shows the answer. Invariant: a command ends in a result, a
 * message or the user's own cancel, never in silence.
 */

import * as vscode from 'vscode';
import { type Client, text } from './client';
import type { Envs } from './env';
import { newProject } from './newProject';
import type { Log } from './log';
import type { Plans } from './plan';
import { migrationHandlers } from './migrate';
import type { Migrations } from './migrations';
import { sentence, showReport } from './outcome';
import { type ApplyResult, type InspectResult, clientCommand, serverCommand } from './protocol';
import { redact } from './redact';
import { type ReportSource, reportProblem } from './report';
import type { Texts } from './texts';
import { requireTrust } from './trust';

export interface Parts {
  client: Client;
  envs: Envs;
  plans: Plans;
  migrations: Migrations;
  texts: Texts;
  log: Log;
  report: () => ReportSource;
}

export function registerCommands(parts: Parts): vscode.Disposable {
  const { client, envs, plans, log } = parts;
  const handlers: Record<string, (argument: unknown) => Promise<void>> = {
    [clientCommand.openPlan]: async (argument) => {
      const about = await envs.resolve(argument);
      if (about !== undefined) {
        await plans.open(about);
      }
    },
    [clientCommand.applyEnv]: async (argument) => {
      if (!(await requireTrust('Applying a plan'))) {
        return;
      }
      const about = await envs.resolve(argument);
      if (about !== undefined) {
        showReport(await client.execute<ApplyResult | null>(serverCommand.apply, about), parts.texts);
      }
    },
    [clientCommand.inspectEnv]: async (argument) => {
      if (!(await requireTrust('Inspecting a database'))) {
        return;
      }
      const about = await envs.resolve(argument);
      if (about === undefined) {
        return;
      }
      const format = await vscode.window.showQuickPick(
        [
          { label: 'HCL', description: 'the Atlas schema language', format: 'hcl' },
          { label: 'SQL', description: 'statements that create the schema', format: 'sql' },
        ],
        { title: `Atlas: Inspect ${about.env ?? ''}`.trimEnd() },
      );
      if (format === undefined) {
        return;
      }
      const result = await client.execute<InspectResult>(serverCommand.inspect, { ...about, format: format.format });
      await showText(result.text, result.language ?? (format.format === 'sql' ? 'sql' : 'plaintext'));
    },
    [clientCommand.selectEnv]: (argument) => envs.select(argument),
    [clientCommand.refreshFacts]: async (argument) => {
      const about = await envs.resolve(argument);
      if (about !== undefined) {
        await client.execute(serverCommand.refreshFacts, about);
      }
    },
    [clientCommand.newProject]: () => newProject(client),
    [clientCommand.restartServer]: () => client.restart(),
    [clientCommand.showLog]: async () => log.show(true),
    [clientCommand.reportProblem]: () => reportProblem(parts.report()),
    ...migrationHandlers(parts),
  };
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([command, handler]) =>
      vscode.commands.registerCommand(command, async (argument: unknown) => {
        try {
          await handler(argument);
        } catch (error) {
          await showError(error, log);
        }
      }),
    ),
  );
}

const requestCancelled = -32800;

async function showError(error: unknown, log: Log): Promise<void> {
  if (error instanceof vscode.CancellationError || (error as { code?: unknown }).code === requestCancelled) {
    void vscode.window.showInformationMessage('Cancelled.');
    return;
  }
  const message = sentence(redact(text(error)));
  log.appendLine(`[client] ${message}`);
  const show = 'Show Log';
  if ((await vscode.window.showErrorMessage(message, show)) === show) {
    log.show(true);
  }
}

async function showText(content: string, language: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
}
