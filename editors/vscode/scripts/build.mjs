// Bundles the extension, copies the grammars and the licence, and writes the notices of what is bundled.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { copyGrammars } from './grammars.mjs';

const here = path.dirname(path.dirname(new URL(import.meta.url).pathname));
copyGrammars();
fs.copyFileSync(path.join(here, '../../LICENSE'), path.join(here, 'LICENSE'));
const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/extension.ts'],
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  external: ['vscode'],
  minify: !process.argv.includes('--dev'),
  sourcemap: process.argv.includes('--dev') ? 'inline' : false,
  outfile: 'dist/extension.js',
  metafile: true,
  logLevel: 'warning',
});
const packages = new Set();
for (const file of Object.keys(result.metafile.inputs)) {
  const found = [...file.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1);
  if (found) packages.add(file.slice(0, found.index + found[0].length));
}
const notices = ['This package contains the following software.', ''];
for (const folder of [...packages].sort()) {
  const manifest = JSON.parse(fs.readFileSync(path.join(here, folder, 'package.json'), 'utf8'));
  const license = fs.readdirSync(path.join(here, folder)).find((name) => /^licen[sc]e/i.test(name));
  notices.push('-'.repeat(80), `${manifest.name} ${manifest.version} (${manifest.license})`, '');
  notices.push(license ? fs.readFileSync(path.join(here, folder, license), 'utf8').trim() : 'No licence text in the package.', '');
}
fs.writeFileSync(path.join(here, 'ThirdPartyNotices.txt'), notices.join('\n'));
console.log(`dist/extension.js ${(fs.statSync(path.join(here, 'dist/extension.js')).size / 1024).toFixed(0)} KB`);
