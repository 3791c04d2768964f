/**
 * Finds the server's program and starts its process.
 *
 * Invariant: a workspace never chooses the program. Only the user's own settings and environment can replace the bundled
 * one, and values of `.vscode/settings.json` are not even read.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Where the program was found, for messages and the report. */
export type Origin = 'bundled' | 'setting' | 'environment';

export interface Program {
  path: string;
  origin: Origin;
}

/** What the values of one setting are, by who wrote them: the shape of `WorkspaceConfiguration.inspect`. */
export interface Inspected<T> {
  globalValue?: T;
  workspaceValue?: T;
  workspaceFolderValue?: T;
}

export interface Surroundings {
  extensionPath: string;
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  path?: Inspected<string> | undefined;
  exists?: (path: string) => boolean;
}

/** The variable that replaces the program while the server is being developed. */
export const debugVariable = '__ATLAS_LS_DEBUG';

/**
 * The program to start.
 *
 * Throws an error that names the missing file when there is none.
 */
export function locate(surroundings: Surroundings): Program {
  const exists = surroundings.exists ?? existsSync;
  const fromEnvironment = surroundings.environment[debugVariable];
  if (fromEnvironment) {
    return checked({ path: fromEnvironment, origin: 'environment' }, exists);
  }
  const fromSetting = surroundings.path?.globalValue?.trim();
  if (fromSetting) {
    if (!isAbsolute(fromSetting)) {
      throw new Error(`setting "atlas.server.path" is not an absolute path: ${fromSetting}`);
    }
    return checked({ path: fromSetting, origin: 'setting' }, exists);
  }
  const name = surroundings.platform === 'win32' ? 'atlas-ls.exe' : 'atlas-ls';
  const path = join(surroundings.extensionPath, 'server', name);
  if (!exists(path)) {
    throw new Error(
      `the server is not part of this package (no ${path}): install the package made for this platform, or set "atlas.server.path"`,
    );
  }
  return { path, origin: 'bundled' };
}

function checked(program: Program, exists: (path: string) => boolean): Program {
  if (!exists(program.path)) {
    const from = program.origin === 'setting' ? 'setting "atlas.server.path"' : `variable ${debugVariable}`;
    throw new Error(`${from} names a file that does not exist: ${program.path}`);
  }
  return program;
}

/** A running server process and the story of its end. */
export interface Running {
  process: ChildProcess;
  /** Why the process ended, as a phrase. Resolves when it ended. */
  ended: Promise<string>;
}

/** Starts the program over standard input and output. A script ending in `.js`, `.cjs` or `.mjs` runs in this Node. */
export async function launch(program: Program, extraEnvironment: Record<string, string>): Promise<Running> {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...extraEnvironment };
  let command = program.path;
  let args = ['--stdio'];
  if (program.origin === 'environment' && /\.[cm]?js$/.test(program.path)) {
    command = process.execPath;
    args = [program.path, ...args];
    environment['ELECTRON_RUN_AS_NODE'] = '1';
  }
  const child = spawn(command, args, { env: environment, stdio: 'pipe', windowsHide: true, shell: false });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`);
    });
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
  });
  // Writing to a process that has just ended must not become an uncaught error of the extension host.
  child.stdin.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${program.path} could not be started: ${error.message}`)));
  });
  return { process: child, ended };
}
