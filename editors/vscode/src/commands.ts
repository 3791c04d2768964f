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
import { type ApplyResult, type InspectResult, clientCommand, serverCommand } from './protocol';
import { redact } from './redact';
import { type ReportSource, reportProblem } from './report';
import { requireTrust } from './trust';

export interface Parts {
  client: Client;
  envs: Envs;
  plans: Plans;
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
        await showReport(await client.execute<ApplyResult | null>(serverCommand.apply, about));
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

/** The outcome of `atlas.apply` as one message, with the whole report one click away. */
async function showReport(result: ApplyResult | null): Promise<void> {
  if (result === null) {
    return;
  }
  const { message, severity } = outcome(result);
  const full = fullReport(result);
  const more = full === '' ? [] : ['Show Report'];
  const show = { info: vscode.window.showInformationMessage, error: vscode.window.showErrorMessage }[severity];
  // The message may stay open for long; the command has done its work.
  void show(message, ...more).then((chosen) => (chosen === undefined ? undefined : showText(full, 'plaintext')));
}

const words: Record<string, string> = {
  applied: 'The plan was applied.',
  cancelled: 'Nothing was applied: the plan was not approved.',
  nothing: 'There is nothing to apply: the target is as desired.',
  refused: 'Nothing was applied.',
  failed: 'The plan was not applied completely.',
};

/** How an apply ended, for a message. */
export function outcome(result: ApplyResult): { message: string; severity: 'info' | 'error' } {
  const status = result.status ?? 'applied';
  const failed = status === 'failed' || status === 'refused' || status === 'error';
  const counts = new Map<string, number>();
  for (const statement of result.statements ?? []) {
    const state = statement.state ?? 'unknown';
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const tally = [...counts].map(([state, count]) => `${count} ${state.replace(/_/g, ' ')}`).join(', ');
  const first = result.message ? sentence(result.message) : (words[status] ?? `Apply: ${status}.`);
  // Where all went as wished the sentence says it all; else each count matters.
  const mixed = counts.size > 1 || (counts.size === 1 && failed);
  return { message: redact(mixed ? `${first} Statements: ${tally}.` : first), severity: failed ? 'error' : 'info' };
}

/** The report as text: the server's own if it wrote one, else each statement with its state. */
export function fullReport(result: ApplyResult): string {
  if (result.text) {
    return redact(result.text);
  }
  const lines: string[] = [];
  for (const statement of result.statements ?? []) {
    lines.push(`[${statement.state ?? 'unknown'}] ${statement.text ?? ''}`);
    if (statement.error) {
      lines.push(`  ${statement.error}`);
    }
  }
  return redact(lines.join('\n'));
}

async function showText(content: string, language: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
}

/** A server's message as a sentence of the user interface. */
export function sentence(message: string): string {
  const trimmed = message.trim();
  const first = trimmed.charAt(0);
  const capital = /^[a-z]+[ :,]/.test(trimmed) ? first.toUpperCase() + trimmed.slice(1) : trimmed;
  return /[.!?:)]$/.test(capital) ? capital : `${capital}.`;
}
