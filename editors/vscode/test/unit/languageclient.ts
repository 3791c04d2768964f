/**
 * A stand-in for the client library: it starts the process and notices its end, and speaks no protocol.
 *
 * The first line the process writes stands for the answer to `initialize`; it is the server's version.
 */

import type { ChildProcess } from 'node:child_process';

export const CloseAction = { DoNotRestart: 1, Restart: 2 };
export const ErrorAction = { Continue: 1 };
export const DocumentFormattingRequest = { method: 'textDocument/formatting' };

interface Options {
  documentSelector: { pattern?: string }[];
  initializationOptions: unknown;
  errorHandler: { closed(): Promise<unknown> };
}

/** Every client made, in order. */
export const made: LanguageClient[] = [];

export class LanguageClient {
  initializeResult: { serverInfo: { version: string } } | undefined;
  sent: { method: string; params: unknown }[] = [];
  private stopping = false;
  private process: ChildProcess | undefined;

  constructor(
    _id: string,
    _name: string,
    private readonly server: () => Promise<ChildProcess>,
    readonly options: Options,
  ) {
    made.push(this);
  }

  registerFeature(): void {}

  async start(): Promise<void> {
    const process = await this.server();
    this.process = process;
    const gone = new Promise<never>((_, reject) => {
      process.stdout?.once('close', () => {
        if (!this.stopping) {
          void this.options.errorHandler.closed();
        }
        reject(new Error('connection got disposed'));
      });
    });
    gone.catch(() => undefined);
    const first = new Promise<string>((resolve) => process.stdout?.once('data', (data) => resolve(String(data).trim())));
    this.initializeResult = { serverInfo: { version: await Promise.race([first, gone]) } };
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.process?.stdin?.end();
  }

  async sendRequest(method: string, params: unknown): Promise<unknown> {
    this.sent.push({ method, params });
    return null;
  }

  async sendNotification(method: string, params: unknown): Promise<void> {
    this.sent.push({ method, params });
  }
}
