/**
 * Keeps one server running: starts it, stops it, starts it again when it ended by itself, and says what it is doing.
 *
 * A new language client is made for each start, because the selector and the trust may have changed. What the client is
 * told and asked beyond the protocol is registered by others through `Wiring`.
 * Invariant: at most one language client lives at a time, and nothing restarts it after `stop`.
 */

import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type ClientCapabilities,
  type LanguageClientOptions,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { HclFormatting } from './formatting';
import type { Log } from './log';
import { type InitializationOptions, clientCommand } from './protocol';
import { RestartPolicy } from './restart';
import { type Filter, migrationScheme, planScheme } from './selector';
import { type Inspected, type Program, type Running, launch, locate } from './server';

export type ServerState =
  | { kind: 'starting' }
  | { kind: 'running'; version: string | undefined }
  | { kind: 'waiting'; reason: string; seconds: number }
  | { kind: 'failed'; reason: string }
  | { kind: 'stopped' };

/** What other modules hang onto every new language client, before it starts. */
export type Wiring = (client: LanguageClient) => void;

export interface Surroundings {
  extensionPath: string;
  version: string;
  log: Log;
  filters: () => Filter[];
  warnOnce: (key: string, message: string) => void;
}

const name = 'Atlas';

export class Client implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private running: Running | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly policy = new RestartPolicy();
  private readonly changed = new vscode.EventEmitter<ServerState>();
  private readonly wirings: Wiring[] = [];
  /** Counts starts. What an earlier start still has to say is ignored. */
  private generation = 0;
  private queue: Promise<unknown> = Promise.resolve();
  /** The selector of the last start, as text. */
  private selected = '';

  state: ServerState = { kind: 'stopped' };
  program: Program | undefined;
  readonly onDidChangeState = this.changed.event;

  constructor(private readonly surroundings: Surroundings) {}

  wire(wiring: Wiring): void {
    this.wirings.push(wiring);
  }

  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  stop(): Promise<void> {
    this.abandonStart();
    return this.inTurn(async () => {
      await this.stopNow();
      this.become({ kind: 'stopped' });
    });
  }

  /** Stops and starts again. Asked for by the user, so earlier ends are forgiven. */
  restart(): Promise<void> {
    this.abandonStart();
    return this.inTurn(async () => {
      this.policy.forgive();
      await this.stopNow();
      await this.startNow();
    });
  }

  /** Starts anew if the documents to select are others than at the last start: a client's selector cannot be changed. */
  reselect(): Promise<void> {
    return this.inTurn(async () => {
      if (this.state.kind === 'running' && JSON.stringify(this.surroundings.filters()) !== this.selected) {
        this.surroundings.log.appendLine('[client] the projects of this window changed');
        await this.stopNow();
        await this.startNow();
      }
    });
  }

  /** Sends a request, or says why it cannot be sent. */
  async request<T>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<T> {
    await this.queue.catch(() => undefined);
    const client = this.client;
    if (client === undefined || this.state.kind !== 'running') {
      throw new Error(describe(this.state));
    }
    // An absent token would be sent as a second parameter, by position.
    return token === undefined ? client.sendRequest<T>(method, params) : client.sendRequest<T>(method, params, token);
  }

  /** Runs a command of the server. */
  execute<T>(command: string, argument: unknown): Promise<T> {
    return this.request<T>('workspace/executeCommand', { command, arguments: [argument] });
  }

  async notify(method: string, params: unknown): Promise<void> {
    await this.queue.catch(() => undefined);
    if (this.state.kind === 'running') {
      await this.client?.sendNotification(method, params as object);
    }
  }

  get serverVersion(): string | undefined {
    return this.client?.initializeResult?.serverInfo?.version;
  }

  dispose(): void {
    void this.stop().finally(() => this.changed.dispose());
  }

  /** A server that never answers `initialize` must not keep the user from stopping it. */
  private abandonStart(): void {
    if (this.state.kind === 'starting') {
      this.generation += 1;
      kill(this.running);
    }
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.queue.catch(() => undefined).then(work);
    this.queue = next;
    return next;
  }

  private become(state: ServerState): void {
    this.state = state;
    this.changed.fire(state);
  }

  private async startNow(): Promise<void> {
    const generation = ++this.generation;
    clearTimeout(this.timer);
    this.become({ kind: 'starting' });
    const { log } = this.surroundings;
    const settings = vscode.workspace.getConfiguration('atlas');
    try {
      this.program = locate({
        extensionPath: this.surroundings.extensionPath,
        platform: process.platform,
        environment: process.env,
        path: settings.inspect<string>('server.path') as Inspected<string> | undefined,
      });
    } catch (error) {
      this.fail(text(error));
      return;
    }
    const program = this.program;
    const environment = settings.inspect<Record<string, string>>('server.extraEnv')?.globalValue ?? {};
    log.appendLine(`[client] starting ${program.path} (${program.origin})`);
    const client = new LanguageClient(
      'atlas',
      name,
      async () => {
        this.running = await launch(program, environment);
        return this.running.process;
      },
      this.options(generation),
    );
    client.registerFeature(new Announcements());
    client.registerFeature(new HclFormatting(client, this.surroundings.filters()));
    for (const wiring of this.wirings) {
      wiring(client);
    }
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      if (generation === this.generation && this.state.kind === 'starting') {
        await this.endedByItself(generation, text(error));
      }
      return;
    }
    if (generation !== this.generation || this.state.kind !== 'starting') {
      return;
    }
    const version = this.serverVersion;
    this.become({ kind: 'running', version });
    log.appendLine(`[client] server ${version ?? 'without a version'} is running`);
    if (version !== undefined && version !== this.surroundings.version) {
      this.surroundings.warnOnce(
        `version ${version} ${this.surroundings.version}`,
        `The Atlas server is version ${version}, this extension is version ${this.surroundings.version}. ` +
          'Some features may not work. Both come in one package; check the setting "atlas.server.path".',
      );
    }
  }

  private options(generation: number): LanguageClientOptions {
    const initializationOptions: InitializationOptions = {
      trusted: vscode.workspace.isTrusted,
      settings: plain(vscode.workspace.getConfiguration('atlas')),
      client: { name: 'atlas-ls-vscode', version: this.surroundings.version },
      commands: lensCommands,
      virtualDocuments: true,
      approval: true,
    };
    const filters = this.surroundings.filters();
    this.selected = JSON.stringify(filters);
    return {
      documentSelector: filters as NonNullable<LanguageClientOptions['documentSelector']>,
      initializationOptions,
      outputChannel: this.surroundings.log,
      traceOutputChannel: this.surroundings.log,
      revealOutputChannelOn: 4 /* never */,
      diagnosticCollectionName: 'atlas',
      diagnosticPullOptions: { onChange: true, onSave: true, onTabs: true },
      progressOnInitialization: false,
      initializationFailedHandler: () => false,
      middleware: {
        workspace: {
          // The server asks for the section `atlas`; how its own process is started is not for the wire.
          configuration: async (params, token, next) => {
            const values: unknown = await next(params, token);
            return Array.isArray(values) ? values.map(withoutServer) : [];
          },
        },
      },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: async () => {
          await this.endedByItself(generation, undefined);
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
  }

  /** The server is gone though nobody stopped it: says why and plans the next start. */
  private async endedByItself(generation: number, error: string | undefined): Promise<void> {
    if (generation !== this.generation || this.state.kind === 'waiting') {
      return;
    }
    const running = this.running;
    const phrase = running && (await within(1_000, running.ended));
    if (generation !== this.generation || this.isWaiting()) {
      return;
    }
    const reason = phrase ?? error ?? 'its connection was closed';
    kill(running);
    const wait = this.policy.ended(Date.now());
    this.surroundings.log.appendLine(`[client] the server is gone: ${reason}; next start in ${wait / 1_000} s`);
    this.become({ kind: 'waiting', reason, seconds: wait / 1_000 });
    // The language client still has to clean up after the closed connection before another one may start.
    this.timer = setTimeout(() => {
      if (generation === this.generation) {
        void this.inTurn(async () => {
          if (generation === this.generation) {
            await this.startNow();
          }
        });
      }
    }, Math.max(wait, 50));
  }

  private isWaiting(): boolean {
    return this.state.kind === 'waiting';
  }

  private fail(reason: string): void {
    this.surroundings.log.appendLine(`[client] ${reason}`);
    this.become({ kind: 'failed', reason });
  }

  private async stopNow(): Promise<void> {
    this.generation += 1;
    clearTimeout(this.timer);
    const { client, running } = this;
    this.client = undefined;
    this.running = undefined;
    if (client !== undefined) {
      await client.stop(2_000).catch(() => undefined);
    }
    if (running !== undefined) {
      await within(500, running.ended);
      kill(running);
    }
  }
}

/** One line for the user: what the server is doing, and why. */
export function describe(state: ServerState): string {
  switch (state.kind) {
    case 'starting':
      return 'The Atlas server is starting.';
    case 'running':
      return `The Atlas server is running${state.version ? ` (${state.version})` : ''}.`;
    case 'waiting':
      return `The Atlas server stopped: ${state.reason}. It starts again${state.seconds > 0 ? ` in ${state.seconds} s` : ' now'}.`;
    case 'failed':
      return `The Atlas server cannot run: ${state.reason}.`;
    case 'stopped':
      return 'The Atlas server is stopped.';
  }
}

/** Commands of ours that the server may name. */
export const lensCommands: string[] = [
  clientCommand.openPlan,
  clientCommand.applyEnv,
  clientCommand.inspectEnv,
  clientCommand.selectEnv,
  clientCommand.refreshFacts,
  clientCommand.showLog,
  clientCommand.restartServer,
  clientCommand.migrateApplyTo,
  clientCommand.migrateStatus,
  clientCommand.migrateLint,
  clientCommand.migrateSchemaAt,
  clientCommand.migrateDiffPrevious,
  clientCommand.migrateCreate,
  clientCommand.migrateHash,
  clientCommand.migrateRebase,
];

/** The settings the server reads: data only, and nothing of how its own process is started. */
function plain(settings: vscode.WorkspaceConfiguration): unknown {
  return withoutServer(JSON.parse(JSON.stringify(settings)));
}

function withoutServer(settings: unknown): unknown {
  if (settings === null || typeof settings !== 'object' || Array.isArray(settings)) {
    return settings;
  }
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'server'));
}

/** Announces in the client's capabilities what this extension can do and the library does not know of. */
class Announcements implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const workspace = (capabilities.workspace ??= {}) as Record<string, unknown>;
    workspace['textDocumentContent'] = { dynamicRegistration: false, schemes: [planScheme, migrationScheme] };
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      commands: { commands: lensCommands },
      approval: true,
    };
  }
  initialize(): void {}
  getState(): { kind: 'static' } {
    return { kind: 'static' };
  }
  clear(): void {}
  dispose(): void {}
}

function kill(running: Running | undefined): void {
  if (running && running.process.exitCode === null && running.process.signalCode === null) {
    running.process.kill('SIGKILL');
  }
}

/** The promise's value, or undefined when it takes longer than `milliseconds`. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
