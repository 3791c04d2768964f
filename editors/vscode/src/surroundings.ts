/**
 * Gathers what the problem report says of this editor. Reads only; what it returns is redacted by the report.
 */

import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Client } from './client';
import type { Log } from './log';
import type { ReportSource } from './report';
import type { Status } from './status';

export function reportSource(context: vscode.ExtensionContext, client: Client, status: Status, log: Log, state: string): ReportSource {
  const manifest = context.extension.packageJSON as {
    version: string;
    contributes: { configuration: { properties: Record<string, { default?: unknown }> } };
  };
  const settings: Record<string, unknown> = {};
  for (const [name, { default: usual }] of Object.entries(manifest.contributes.configuration.properties)) {
    const value = vscode.workspace.getConfiguration().get<unknown>(name);
    if (JSON.stringify(value) !== JSON.stringify(usual)) {
      settings[name] = value;
    }
  }
  return {
    extensionId: context.extension.id,
    extensionVersion: manifest.version,
    serverVersion: client.serverVersion,
    serverOrigin: client.program?.origin,
    state,
    editor: `${vscode.env.appName} ${vscode.version} (${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'})`,
    platform: `${process.platform} ${process.arch}`,
    trusted: vscode.workspace.isTrusted,
    remote: remoteKind(vscode.env.remoteName),
    settings,
    status: status.server,
    log: log.tail(80).map(withoutHome),
    otherExtensions: vscode.extensions.all.filter(claimsOurFiles(context.extension.id)).map((extension) => `${extension.id} ${version(extension)}`),
  };
}

/** The kind of the remote connection. A browser's editor puts the host's address there, which is nobody's business. */
function remoteKind(name: string | undefined): string | undefined {
  return name === undefined || /^[a-z-]+$/.test(name) ? name : 'browser';
}

/** Extensions that contribute a language for `.hcl` or `.sql` files and do not come with the editor. */
function claimsOurFiles(self: string): (extension: vscode.Extension<unknown>) => boolean {
  return (extension) => {
    const { contributes, isBuiltin } = extension.packageJSON as {
      contributes?: { languages?: { extensions?: string[] }[] };
      isBuiltin?: boolean;
    };
    return (
      extension.id !== self &&
      isBuiltin !== true &&
      (contributes?.languages ?? []).some((language) => language.extensions?.some((suffix) => /\.(hcl|sql|tf)$/.test(suffix)))
    );
  };
}

function version(extension: vscode.Extension<unknown>): string {
  return (extension.packageJSON as { version?: string }).version ?? '';
}

function withoutHome(line: string): string {
  const home = homedir();
  return home.length > 1 ? line.replaceAll(home, '~') : line;
}
