// Copies the grammars both editors share into the extension. They are written in ../../syntaxes, never here.
import fs from 'node:fs';
import path from 'node:path';

const here = path.dirname(path.dirname(new URL(import.meta.url).pathname));
export function copyGrammars() {
  const from = path.join(here, '../../syntaxes');
  const to = path.join(here, 'syntaxes');
  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to);
  for (const name of fs.readdirSync(from).filter((name) => name.endsWith('.tmLanguage.json'))) {
    fs.copyFileSync(path.join(from, name), path.join(to, name));
  }
}
if (process.argv[1] === new URL(import.meta.url).pathname) copyGrammars();
