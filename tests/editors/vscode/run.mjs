// The product in a real VS Code: write, be told, be helped, see the plan follow, approve, and find the database
// changed.
//
// usage: node run.mjs    with the variables that `cargo xtask test --only vscode` sets:
//   CODE_SERVER     the entry script of code-server     CHROMIUM       the browser
//   ATLAS_LS_VSIX   the packaged extension              ATLAS_LS_BIN   the binary, for setting up the example
//   E2E_PROJECT     the example                         E2E_OUT        the folder for pictures and logs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { startCodeServer } from './code-server.mjs';
import { scenario } from './scenario.mjs';
import { Workbench } from './workbench.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const out = path.join(process.env.E2E_OUT, 'vscode');
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'atlas-ls-vscode-'));
const folder = path.join(temporary, 'blog');
const begin = Date.now();
const say = (text) => console.log(`[${((Date.now() - begin) / 1000).toFixed(1).padStart(5)} s] ${text}`);

/** Runs tests/editors/project.py. */
function project(...args) {
  const done = spawnSync('python3', [path.join(here, '../project.py'), ...args], { encoding: 'utf8' });
  assert.equal(done.status, 0, `project.py ${args.join(' ')}\n${done.stdout}${done.stderr}`);
  return done.stdout.trim();
}

let server;
let browser;
let failed = true;
try {
  project('make', folder);
  say('the example is ready');
  server = await startCodeServer({
    entry: process.env.CODE_SERVER,
    vsixes: [process.env.ATLAS_LS_VSIX],
    state: path.join(temporary, 'state'),
    log: path.join(out, 'code-server.log'),
    trust: true,
    settings: {
      'git.enabled': false,
      // What is typed is what is in the file: nothing closes brackets or accepts suggestions by itself.
      'editor.autoClosingBrackets': 'never',
      'editor.autoClosingQuotes': 'never',
      'editor.autoIndent': 'none',
      'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
      'editor.minimap.enabled': false,
      'editor.codeLens': true,
      'editor.suggestOnTriggerCharacters': false,
      'editor.acceptSuggestionOnEnter': 'off',
      'files.autoSave': 'off',
    },
  });
  say('VS Code is up');
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  });
  const page = await (await browser.newContext({ viewport: { width: 1600, height: 1000 } })).newPage();
  // Nothing but the server on this machine is reached, so a test cannot depend on anything else.
  await page.route((url) => !['127.0.0.1', 'localhost'].includes(url.hostname) && !url.hostname.endsWith('.localhost'), (route) => route.abort());
  const workbench = new Workbench(page, out);
  await workbench.open(server.url(folder, path.join(folder, 'schema/people.lt.hcl')));
  await scenario({ workbench, folder, say, project });
  failed = false;
  say(`all well; pictures in ${path.relative(process.cwd(), out)}`);
} catch (error) {
  console.error(error);
  const page = browser?.contexts().at(-1)?.pages().at(-1);
  await page?.screenshot({ path: path.join(out, 'failed.png') }).catch(() => undefined);
} finally {
  await browser?.close();
  await server?.stop();
  if (failed) keepLogs();
  fs.rmSync(temporary, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** What the extension and the server wrote, beside the picture of the failure. */
function keepLogs() {
  const logs = path.join(temporary, 'state/user/logs');
  if (fs.existsSync(logs)) fs.cpSync(logs, path.join(out, 'logs'), { recursive: true });
}
