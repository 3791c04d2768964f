/**
 * Puts together what a bug report needs, for the user to read before anything leaves the machine.
 *
 * Versions, settings with their secrets taken out, what the server says of itself, the end of the log. Nothing is sent:
 * the text is shown, and the issue reporter opens only when asked. Invariant: no file content and no URL password is in it.
 */

import * as vscode from 'vscode';
import type { ServerStatus } from './protocol';
import { namesOnly, redact, redactValue } from './redact';

export interface ReportSource {
  extensionId: string;
  extensionVersion: string;
  serverVersion: string | undefined;
  serverOrigin: string | undefined;
  state: string;
  editor: string;
  platform: string;
  trusted: boolean;
  remote: string | undefined;
  settings: Record<string, unknown>;
  status: ServerStatus | undefined;
  log: string[];
  otherExtensions: string[];
}

export async function reportProblem(source: ReportSource): Promise<void> {
  const body = report(source);
  const document = await vscode.workspace.openTextDocument({ content: body, language: 'markdown' });
  await vscode.window.showTextDocument(document, { preview: false });
  const open = 'Open Issue Reporter';
  const copy = 'Copy';
  void vscode.window
    .showInformationMessage('This is what a problem report would contain. Read it, remove what you want to keep to yourself, then:', open, copy)
    .then(async (chosen) => {
      const edited = document.isClosed ? body : document.getText();
      if (chosen === copy) {
        await vscode.env.clipboard.writeText(edited);
      } else if (chosen === open) {
        await vscode.commands.executeCommand('workbench.action.openIssueReporter', { extensionId: source.extensionId, issueBody: edited });
      }
    });
}

/** The report's text. */
export function report(source: ReportSource): string {
  const settings = { ...(redactValue(source.settings) as Record<string, unknown>) };
  for (const name of ['variables', 'atlas.variables', 'server.extraEnv', 'atlas.server.extraEnv']) {
    if (name in settings) {
      settings[name] = namesOnly(source.settings[name]);
    }
  }
  const projects = (source.status?.folders ?? []).map((folder, index) => {
    const facts = (folder.facts ?? []).map((fact) => `${fact.name}=${fact.state}`).join(', ');
    return `- project ${index + 1}: dialect ${folder.dialect ?? 'unknown'}, ${folder.envs?.length ?? 0} envs${folder.unlabeled ? ' and one without a label' : ''}${facts ? `, ${facts}` : ''}`;
  });
  const lines = [
    '### What happened',
    '',
    'Write what you did, what you expected and what came instead.',
    '',
    '### Versions',
    '',
    `- extension ${source.extensionVersion}`,
    `- server ${source.serverVersion ?? 'unknown'} (${source.serverOrigin ?? 'not found'})`,
    `- editor ${source.editor}`,
    `- platform ${source.platform}${source.remote ? `, remote ${source.remote}` : ''}`,
    `- workspace ${source.trusted ? 'trusted' : 'not trusted'}`,
    ...(source.otherExtensions.length > 0 ? [`- other extensions for these files: ${source.otherExtensions.join(', ')}`] : []),
    '',
    '### State',
    '',
    `- ${source.state}`,
    ...(source.status ? [`- health ${source.status.health}${source.status.message ? `: ${source.status.message}` : ''}`] : []),
    ...projects,
    '',
    '### Settings',
    '',
    '```json',
    JSON.stringify(settings, undefined, 2),
    '```',
    '',
    '### End of the log',
    '',
    '```text',
    ...source.log,
    '```',
    '',
  ];
  return redact(lines.join('\n'));
}
