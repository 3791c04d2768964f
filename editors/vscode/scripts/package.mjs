// Makes atlas-ls-<target>.vsix: the extension with the server's binary inside.
//
// usage: npm run package [-- --target linux-x64] [-- --out FILE]
// The binary is $ATLAS_LS_BIN or ../../target/release/atlas-ls. It must be of the target's platform.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const here = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const target = option('--target') ?? `${process.platform}-${process.arch}`;
const known = ['win32-x64', 'win32-arm64', 'linux-x64', 'linux-arm64', 'alpine-x64', 'alpine-arm64', 'darwin-x64', 'darwin-arm64'];
if (!known.includes(target)) fail(`unknown target ${target}; known: ${known.join(', ')}`);
const name = target.startsWith('win32') ? 'atlas-ls.exe' : 'atlas-ls';
const binary = path.resolve(process.env.ATLAS_LS_BIN ?? path.join(here, '../../target/release', name));
if (!fs.existsSync(binary)) fail(`no server binary at ${binary}: build it (cargo build --release) or set ATLAS_LS_BIN`);

fs.rmSync(path.join(here, 'server'), { recursive: true, force: true });
fs.mkdirSync(path.join(here, 'server'));
fs.copyFileSync(binary, path.join(here, 'server', name));
fs.chmodSync(path.join(here, 'server', name), 0o755);
// `vscode:prepublish` bundles the sources.
const out = path.resolve(option('--out') ?? path.join(here, `atlas-ls-${target}.vsix`));
run(process.execPath, [
  'node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--allow-missing-repository',
  '--target', target, '--out', out,
]);
const size = fs.statSync(out).size / 1024 / 1024;
console.log(`${out} ${size.toFixed(1)} MB`);
if (size > 15) console.warn('larger than the 15 MB aimed at: is the binary stripped?');

function run(command, args) {
  const done = spawnSync(command, args, { cwd: here, stdio: 'inherit' });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
function fail(message) {
  console.error(message);
  process.exit(1);
}
