// Tests the shared grammars: assertions in *.test, whole files against *.snap. `--update` writes the snapshots.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const here = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const syntaxes = path.join(here, '../../syntaxes');
const tests = path.join(syntaxes, 'tests');
const bin = (name) => path.join(here, 'node_modules/vscode-tmgrammar-test/dist', `${name}.js`);
const config = path.join(here, 'out/grammars.json');
fs.mkdirSync(path.dirname(config), { recursive: true });
const relative = (...parts) => path.relative(path.dirname(config), path.join(...parts));
const injection = 'atlas-sql.injection.tmLanguage.json';
// The runner reads grammars as an extension's package.json declares them.
fs.writeFileSync(config, JSON.stringify({
  contributes: {
    languages: [{ id: 'hcl', extensions: ['.hcl'] }, { id: 'sum', extensions: ['.sum'] }, { id: 'sql', extensions: ['.sql'] }],
    grammars: [
      { language: 'hcl', scopeName: 'source.atlas.hcl', path: relative(syntaxes, 'atlas-hcl.tmLanguage.json') },
      { language: 'sum', scopeName: 'source.atlas.sum', path: relative(syntaxes, 'atlas-sum.tmLanguage.json') },
      { scopeName: 'inline.atlas.sql', path: relative(syntaxes, injection), injectTo: ['source.atlas.hcl'] },
      { scopeName: 'inline.atlas.migration', path: relative(syntaxes, 'atlas-migration.injection.tmLanguage.json'), injectTo: ['source.sql'] },
      { language: 'sql', scopeName: 'source.sql', path: relative(tests, 'sql-standin.tmLanguage.json') },
    ],
  },
}));
const run = (name, ...args) => spawnSync(process.execPath, [bin(name), '--config', config, ...args], { stdio: 'inherit', cwd: tests }).status ?? 1;
const update = process.argv.includes('--update') ? ['--updateSnapshot'] : [];
const failed = run('unit', '*.test') + run('snapshot', ...update, 'snap.*[!p]');
process.exit(failed === 0 ? 0 : 1);
