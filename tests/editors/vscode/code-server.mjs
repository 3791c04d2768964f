// A real VS Code on a port of this machine, with one extension installed and nobody's settings but ours.
//
// Used by the tests and by the demo. Invariant: all its state is below one folder; nothing of the user's is read
// or written, and nothing but the loopback address is listened on.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** Settings that keep VS Code from asking, fetching or reporting anything. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
};

/**
 * Starts code-server.
 *
 * @param {{ entry: string, vsixes: string[], state: string, port?: number, settings?: object, trust?: boolean,
 *   environment?: Record<string, string>, log?: string }} options
 *   `state` is the folder for everything it writes; with `trust` every folder is trusted without a question.
 * @returns {Promise<{ port: number, url: (folder: string, file?: string) => string, stop: () => Promise<void>,
 *   ended: Promise<number | null> }>}
 */
export async function startCodeServer(options) {
  const user = path.join(options.state, 'user');
  const extensions = path.join(options.state, 'extensions');
  fs.mkdirSync(path.join(user, 'User'), { recursive: true });
  const trust = options.trust ? { 'security.workspace.trust.enabled': false } : {};
  fs.writeFileSync(path.join(user, 'User/settings.json'), JSON.stringify({ ...quiet, ...trust, ...options.settings }, null, 2));
  const environment = {
    ...process.env,
    XDG_CONFIG_HOME: path.join(options.state, 'config'),
    XDG_DATA_HOME: path.join(options.state, 'data'),
    CODE_SERVER_CONFIG: path.join(options.state, 'config.yaml'),
    ...options.environment,
  };
  const folders = ['--user-data-dir', user, '--extensions-dir', extensions];
  for (const vsix of options.vsixes) {
    const installed = spawnSync(process.execPath, [options.entry, ...folders, '--install-extension', vsix], { env: environment, encoding: 'utf8' });
    if (installed.status !== 0) throw new Error(`${vsix} cannot be installed:\n${installed.stdout}${installed.stderr}`);
  }
  const port = options.port ?? (await freePort());
  const log = options.log ? fs.openSync(options.log, 'w') : 'ignore';
  const flags = ['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'];
  if (options.trust) flags.push('--disable-workspace-trust');
  const child = spawn(process.execPath, [options.entry, ...folders, ...flags], { env: environment, stdio: ['ignore', log, log] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await untilReady(port, child);
  const address = `http://127.0.0.1:${port}`;
  return {
    port,
    ended,
    url(folder, file) {
      const open = file ? [['openFile', `vscode-remote://127.0.0.1:${port}${file}`]] : [];
      const payload = JSON.stringify([...open, ['skipWelcome', 'true']]);
      return `${address}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function untilReady(port, child) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`code-server left with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('code-server does not answer');
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
