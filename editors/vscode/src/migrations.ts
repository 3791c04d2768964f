/**
 * What the server last said of the window's migration directories, and which one a file belongs to.
 *
 * Invariant: nothing is remembered of a server that is not running any more.
 */

import * as vscode from 'vscode';
import type { Client } from './client';
import { decoded } from './project';
import { type MigrationDirectories, type MigrationDirectory, type MigrationFile, migrationsMethod } from './protocol';

export class Migrations implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[];
  directories: MigrationDirectory[] = [];
  readonly onDidChange = this.changed.event;

  constructor(client: Client) {
    client.wire((languageClient) => {
      languageClient.onNotification(migrationsMethod, (said: MigrationDirectories) => this.become(said.directories ?? []));
    });
    this.disposables = [
      this.changed,
      client.onDidChangeState((state) => {
        if (state.kind !== 'running' && state.kind !== 'starting' && this.directories.length > 0) {
          this.become([]);
        }
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.tellContext()),
    ];
    this.tellContext();
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** The directory a file is in, or that a URI itself names. */
  directoryOf(uri: string | undefined): MigrationDirectory | undefined {
    return directoryOf(this.directories, uri);
  }

  fileOf(uri: string | undefined): MigrationFile | undefined {
    return fileOf(this.directoryOf(uri), uri);
  }

  private become(directories: MigrationDirectory[]): void {
    this.directories = directories;
    this.tellContext();
    this.changed.fire();
  }

  /** What menus and the palette ask for. */
  private tellContext(): void {
    const tell = (key: string, value: unknown): void => void vscode.commands.executeCommand('setContext', `atlas.${key}`, value);
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    tell('hasMigrations', this.directories.length > 0);
    tell('inMigrationFile', this.fileOf(active) !== undefined);
    tell('migrationFiles', this.directories.flatMap((directory) => (directory.files ?? []).map((file) => vscode.Uri.parse(file.uri).fsPath)));
  }
}

/** The directory a file is in, or that a URI itself names; the deepest one when they lie in each other. */
export function directoryOf(directories: MigrationDirectory[], uri: string | undefined): MigrationDirectory | undefined {
  if (uri === undefined) {
    return undefined;
  }
  const wanted = `${withoutSlash(decoded(uri))}/`;
  const around = directories.filter((directory) => wanted.startsWith(`${withoutSlash(decoded(directory.uri))}/`));
  return around.sort((a, b) => decoded(b.uri).length - decoded(a.uri).length)[0];
}

/** A migration file of a directory by its URI, if it is still on disk. */
export function fileOf(directory: MigrationDirectory | undefined, uri: string | undefined): MigrationFile | undefined {
  const wanted = uri === undefined ? undefined : decoded(uri);
  return directory?.files?.find((file) => decoded(file.uri) === wanted && file.sum !== 'missing');
}

/** How many files the target has yet to run, when that is known. */
export function pendingOf(directory: MigrationDirectory): number | undefined {
  if (directory.status !== 'known') {
    return undefined;
  }
  return directory.pending ?? (directory.files ?? []).filter((file) => file.state === 'pending' || file.state === 'partial').length;
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '');
}
