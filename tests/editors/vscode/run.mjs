// The product in a real VS Code, story by story: one VS Code, one browser, and for each story a project of its own.
//
// usage: node run.mjs [STORY…]    with the variables that `cargo xtask test --only vscode` sets:
//   CODE_SERVER     the entry script of code-server     CHROMIUM       the browser
//   ATLAS_LS_VSIX   the packaged extension              ATLAS_LS_BIN   the binary, for setting up the example
//   E2E_PROJECT     the example                         E2E_OUT        the folder for pictures and logs
//   ATLAS_TEST_POSTGRES_URL, ATLAS_TEST_MYSQL_URL, ATLAS_TEST_MARIADB_URL     servers; a story without its server is skipped and says so
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { startCodeServer } from './code-server.mjs';
import { scenario as sqlite } from './scenario.mjs';
import { directory } from './directory.mjs';
import { migrations } from './migrations.mjs';
import { onServers } from './migrations-servers.mjs';
import { mariadb, postgres } from './servers.mjs';
import { Workbench } from './workbench.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const out = path.join(process.env.E2E_OUT, 'vscode');
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'atlas-ls-vscode-'));
const begin = Date.now();
const say = (text) => console.log(`[${((Date.now() - begin) / 1000).toFixed(1).padStart(5)} s] ${text}`);

/** Runs a script of tests/editors and returns what it prints. */
function script(name, ...args) {
  const done = spawnSync('python3', [path.join(here, '..', name), ...args], { encoding: 'utf8' });
  assert.equal(done.status, 0, `${name} ${args.join(' ')}\n${done.stdout}${done.stderr}`);
  return done.stdout.trim();
}
const project = (...args) => script('project.py', ...args);

/** A story on a server: the database is made before it and dropped after it, whatever happened. */
function onServer(product, variable, scenario, file, make = 'make') {
  const name = `atlas_ls_e2e_${process.pid}`;
  return {
    name: make === 'make' ? product : `${make}-${product}`,
    missing: process.env[variable] ? undefined : `${variable} is not set`,
    file,
    make: (folder) => script('server.py', make, product, folder, name),
    tell: (tools) => scenario({ ...tools, product, query: (sql) => script('server.py', 'query', product, name, sql) }),
    end: () => script('server.py', 'drop', product, name),
  };
}

const stories = [
  { name: 'sqlite', file: 'schema/people.lt.hcl', make: (folder) => project('make', folder), tell: sqlite },
  onServer('postgres', 'ATLAS_TEST_POSTGRES_URL', postgres, 'schema/shop.pg.hcl'),
  onServer('mysql', 'ATLAS_TEST_MYSQL_URL', mariadb, 'schema.sql'),
  onServer('mariadb', 'ATLAS_TEST_MARIADB_URL', mariadb, 'schema.sql'),
];
stories.push({
  name: 'migrations',
  file: 'migrations/20250311160000_without_mood.sql',
  make: (folder) => project('migrations', folder),
  tell: migrations,
});
stories.push({
  name: 'directory',
  file: 'migrations/20250311160000_without_mood.sql',
  make: (folder) => project('migrations', folder),
  tell: directory,
});
for (const [product, variable] of [['postgres', 'ATLAS_TEST_POSTGRES_URL'], ['mysql', 'ATLAS_TEST_MYSQL_URL']]) {
  stories.push(onServer(product, variable, onServers, 'migrations/20250201000000_shelves.sql', 'migrations'));
}
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stories.some((story) => story.name === name));
assert.deepEqual(unknown, [], `no such story; there are ${stories.map((story) => story.name)}`);

let server;
let browser;
const failed = [];
try {
  server = await startCodeServer({
    entry: process.env.CODE_SERVER,
    vsixes: [process.env.ATLAS_LS_VSIX],
    state: path.join(temporary, 'state'),
    log: path.join(temporary, 'code-server.log'),
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
  for (const story of stories.filter((story) => wanted.length === 0 || wanted.includes(story.name))) {
    if (story.missing) {
      say(`skipped: ${story.name}: ${story.missing}`);
    } else if (!(await told(story))) {
      failed.push(story.name);
    }
  }
} catch (error) {
  console.error(error);
  failed.push('the start');
} finally {
  await browser?.close();
  await server?.stop();
  if (failed.length > 0) keepLogs();
  fs.rmSync(temporary, { recursive: true, force: true });
}
say(failed.length === 0 ? `all well; pictures in ${path.relative(process.cwd(), out)}` : `failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);

/** Tells one story in a page of its own; answers whether it ended well. */
async function told(story) {
  const folder = path.join(temporary, story.name);
  const pictures = path.join(out, story.name);
  fs.rmSync(pictures, { recursive: true, force: true });
  fs.mkdirSync(pictures, { recursive: true });
  const page = await (await browser.newContext({ viewport: { width: 1600, height: 1000 } })).newPage();
  try {
    story.make(folder);
    say(`--- ${story.name}: the project is ready`);
    // Nothing but the server on this machine is reached, so a test cannot depend on anything else.
    await page.route((url) => !['127.0.0.1', 'localhost'].includes(url.hostname) && !url.hostname.endsWith('.localhost'), (route) => route.abort());
    const workbench = new Workbench(page, pictures);
    await workbench.open(server.url(folder, path.join(folder, story.file)));
    await story.tell({ workbench, folder, say, project });
    return true;
  } catch (error) {
    console.error(error);
    await page.screenshot({ path: path.join(pictures, 'failed.png') }).catch(() => undefined);
    return false;
  } finally {
    await page.context().close();
    story.end?.();
  }
}

/** What VS Code, the extension and the server wrote, beside the picture of the failure. */
function keepLogs() {
  const kept = path.join(out, 'logs');
  fs.rmSync(kept, { recursive: true, force: true });
  const logs = path.join(temporary, 'state/user/logs');
  if (fs.existsSync(logs)) fs.cpSync(logs, kept, { recursive: true });
  const log = path.join(temporary, 'code-server.log');
  if (fs.existsSync(log)) fs.copyFileSync(log, path.join(out, 'code-server.log'));
}
