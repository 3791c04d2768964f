// A real VS Code in a headless browser, with the stand-in server instead of ours, for the scenarios beside this file.
//
// Needs CODE_SERVER (the path of code-server/out/node/entry.js) and a Chromium (CHROMIUM or /usr/bin/chromium), which
// `cargo xtask test` also sets for its own scenarios; playwright-core is that of tests/editors.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCodeServer } from '../../../../tests/editors/vscode/code-server.mjs';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const extension = path.dirname(path.dirname(here));
const { chromium } = createRequire(path.join(extension, '../../tests/editors/package.json'))('playwright-core');

/** Makes a VSIX of ours, with a binary that is never started, or of the stand-in extension. */
export function packaged(temporary, name) {
  const out = path.join(temporary, `${name}.vsix`);
  const vsce = path.join(extension, 'node_modules/@vscode/vsce/vsce');
  const [args, cwd, env] =
    name === 'atlas-ls'
      ? [['scripts/package.mjs', '--out', out], extension, { ATLAS_LS_BIN: path.join(extension, 'test/fake-server.mjs') }]
      : [[vsce, 'package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', out], path.join(extension, 'test', name), {}];
  const done = spawnSync(process.execPath, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${name} cannot be packaged:\n${done.stdout}${done.stderr}`);
  return out;
}

/** Runs one scenario and leaves with its outcome. `vsixes` are names for `packaged`. */
export async function run({ vsixes = [], trust = true, settings = {}, files = {} }, scenario) {
  if (!process.env.CODE_SERVER) {
    console.error('CODE_SERVER is not set: the path of code-server/out/node/entry.js');
    process.exit(2);
  }
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'atlas-ls-real-'));
  const folder = path.join(temporary, 'project');
  fs.mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  const log = path.join(temporary, 'told.jsonl');
  fs.writeFileSync(log, '');
  let server;
  let browser;
  let failed = true;
  try {
    server = await startCodeServer({
      entry: process.env.CODE_SERVER,
      vsixes: vsixes.map((name) => packaged(temporary, name)),
      state: path.join(temporary, 'state'),
      trust,
      settings,
      environment: { __ATLAS_LS_DEBUG: path.join(extension, 'test/fake-server.mjs'), FAKE_LOG: log },
    });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const open = async (file, more = []) => {
      const payload = JSON.stringify([...(file ? [['openFile', remote(path.join(folder, file))]] : []), ['skipWelcome', 'true'], ...more]);
      await page.goto(`http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`);
    };
    const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${file}`;
    const command = async (title) => {
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget input[type=text]');
      await input.waitFor();
      await input.fill(`>${title}`);
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).first().waitFor();
      await page.keyboard.press('Enter');
    };
    const until = async (what, test) => {
      const end = Date.now() + 30_000;
      while (!(await test())) {
        if (Date.now() > end) throw new Error(`did not come to pass: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const told = () => fs.readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    await scenario({ page, folder, open, remote, command, until, told });
    failed = false;
  } catch (error) {
    console.error(error);
    await browser?.contexts()[0]?.pages()[0]?.screenshot({ path: path.join(extension, 'out/failed.png') }).catch(() => undefined);
  } finally {
    await browser?.close();
    await server?.stop();
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  process.exit(failed ? 1 : 0);
}
