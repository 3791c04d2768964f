// Bundles the unit tests with stand-ins for the editor and the client library, and runs them with node:test.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const here = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const out = path.join(here, 'out/unit');
fs.rmSync(out, { recursive: true, force: true });
const entries = fs.readdirSync(path.join(here, 'test/unit')).filter((name) => name.endsWith('.test.ts'));
await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => `test/unit/${name}`),
  bundle: true,
  platform: 'node',
  target: 'node20',
  outdir: out,
  sourcemap: 'inline',
  alias: { vscode: './test/unit/vscode.ts', 'vscode-languageclient/node': './test/unit/languageclient.ts' },
  logLevel: 'warning',
});
const files = fs.readdirSync(out).map((name) => path.join(out, name));
process.exit(spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { stdio: 'inherit', cwd: here }).status ?? 1);
