/**
 * Which env a command is about: the code lens says so, or the document's project does, or the user is asked.
 *
 * Invariant: an env is never guessed when there are several and none was chosen.
 */

import * as vscode from 'vscode';
import type { Client } from './client';
import { envOfPlan, folderOf } from './project';
import { type EnvArgument, type ProjectFolder, serverCommand } from './protocol';
import type { Status } from './status';

/** What a command was called with: a code lens passes an object, the editor's title bar a URI, the palette nothing. */
export function argumentOf(value: unknown): EnvArgument {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first === null || typeof first !== 'object') {
    return {};
  }
  const { uri, env, scheme } = first as { uri?: unknown; env?: unknown; scheme?: unknown };
  if (typeof scheme === 'string') {
    return { uri: String(first) };
  }
  return { ...(typeof uri === 'string' ? { uri } : {}), ...(typeof env === 'string' ? { env } : {}) };
}

export class Envs implements vscode.Disposable {
  /** Projects whose remembered env this run of the server was told, or need not be. */
  private readonly told = new Set<string>();
  private readonly disposable: vscode.Disposable;

  constructor(
    private readonly client: Client,
    private readonly status: Status,
    private readonly memory: vscode.Memento,
  ) {
    this.disposable = vscode.Disposable.from(
      client.onDidChangeState((state) => {
        if (state.kind === 'starting') {
          this.told.clear();
        }
      }),
      status.onDidChange((status) => void this.remind(status.folders ?? [])),
    );
  }

  dispose(): void {
    this.disposable.dispose();
  }

  /** A new server does not know what the user chose last: tells it, once for each project. */
  private async remind(folders: ProjectFolder[]): Promise<void> {
    for (const folder of folders) {
      const key = folder.config ?? folder.folder;
      const env = this.memory.get<string>(memoryKey(key));
      if (this.told.has(key) || !folder.config) {
        continue;
      }
      this.told.add(key);
      if (env !== undefined && env !== folder.env && (folder.unlabeled || folder.envs?.includes(env))) {
        await this.tell(folder, env).catch(() => undefined);
      }
    }
  }

  private async tell(folder: ProjectFolder, env: string): Promise<void> {
    const uri = folder.config ?? folder.folder;
    await this.client.execute(serverCommand.setEnv, { folder: folder.folder, uri, env });
    this.told.add(uri);
    await this.memory.update(memoryKey(uri), env);
  }

  /** The document and env a command is about, or undefined when the user left the question open. An answer is kept. */
  async resolve(value: unknown): Promise<EnvArgument | undefined> {
    const argument = argumentOf(value);
    const uri = argument.uri ?? vscode.window.activeTextEditor?.document.uri.toString();
    const named = argument.env ?? envOfPlan(uri);
    if (named !== undefined) {
      const config = envOfPlan(uri) === undefined ? uri : (folderOf(this.status.server, uri)?.config ?? uri);
      return { env: named, ...(config === undefined ? {} : { uri: config }) };
    }
    const folder = folderOf(this.status.server, uri) ?? (await this.pickFolder());
    if (folder === undefined) {
      // The server may know better than its last status; it answers with the reason if it does not.
      return this.status.server?.folders?.length ? undefined : uri === undefined ? {} : { uri };
    }
    const about = uri !== undefined && folderOf(this.status.server, uri) === folder ? uri : (folder.config ?? folder.folder);
    const known = folder.env ?? only(folder);
    if (known !== undefined) {
      return { uri: about, env: known };
    }
    const env = await this.ask(folder);
    if (env === undefined) {
      return undefined;
    }
    await this.tell(folder, env);
    return { uri: about, env };
  }

  /** Asks for the env of the active document's project and tells the server. */
  async select(value: unknown): Promise<void> {
    const argument = argumentOf(value);
    const uri = argument.uri ?? vscode.window.activeTextEditor?.document.uri.toString();
    const folder = folderOf(this.status.server, uri) ?? (await this.pickFolder());
    if (folder === undefined) {
      throw new Error('there is no atlas.hcl in this window');
    }
    const env = argument.env ?? (await this.ask(folder));
    if (env !== undefined) {
      await this.tell(folder, env);
    }
  }

  private async pickFolder(): Promise<ProjectFolder | undefined> {
    const folders = (this.status.server?.folders ?? []).filter((folder) => folder.config);
    if (folders.length <= 1) {
      return folders[0];
    }
    const items = folders.map((folder) => ({ label: vscode.workspace.asRelativePath(vscode.Uri.parse(folder.config ?? folder.folder)), folder }));
    return (await vscode.window.showQuickPick(items, { title: 'Atlas: Choose a Project' }))?.folder;
  }

  private async ask(folder: ProjectFolder): Promise<string | undefined> {
    const envs = folder.envs ?? [];
    const other = '$(edit) Another name…';
    if (envs.length > 0) {
      const items: vscode.QuickPickItem[] = envs.map((env) => ({ label: env, ...(env === folder.env ? { description: 'chosen' } : {}) }));
      if (folder.unlabeled) {
        items.push({ label: other, description: 'for the env block without a label' });
      }
      const chosen = await vscode.window.showQuickPick(items, {
        title: 'Atlas: Choose Environment',
        placeHolder: 'The environment whose files, variables and target are used',
      });
      if (chosen?.label !== other) {
        return chosen?.label;
      }
    } else if (!folder.unlabeled) {
      throw new Error('this atlas.hcl has no env block');
    }
    const name = await vscode.window.showInputBox({
      title: 'Atlas: Name of the Environment',
      prompt: 'The env block has no label: its name is chosen where it is used and is seen as atlas.env',
      value: folder.env ?? 'local',
      validateInput: (text) => (text.trim() === '' ? 'A name is needed.' : undefined),
    });
    return name?.trim();
  }
}

function memoryKey(config: string): string {
  return `env ${config}`;
}

function only(folder: ProjectFolder): string | undefined {
  return folder.envs?.length === 1 && !folder.unlabeled ? folder.envs[0] : undefined;
}
