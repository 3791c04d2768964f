// Serves the demo's VS Code until it is interrupted; started by `cargo xtask demo`.
import path from 'node:path';
import { startCodeServer } from './code-server.mjs';

const folder = process.env.DEMO_FOLDER;
const server = await startCodeServer({
  entry: process.env.CODE_SERVER,
  vsixes: [process.env.ATLAS_LS_VSIX],
  state: process.env.DEMO_STATE,
  port: process.env.DEMO_PORT ? Number(process.env.DEMO_PORT) : undefined,
  // The demo's folder is ours; a folder of yours would be asked about.
  trust: true,
  settings: { 'git.enabled': false, 'editor.codeLens': true },
});
console.log(`
VS Code with the extension is at

  ${server.url(folder, path.join(folder, 'schema/people.lt.hcl'))}

What to try:
  1. Misspell a type or a reference: it is underlined, with a fix under the light bulb.
  2. Ctrl+Space inside a column, and the mouse over a type: completion and documentation.
  3. F1, "Atlas: Plan": the SQL that takes app.db to the schema, beside the editor. Type, and it follows.
  4. F1, "Atlas: Apply": the question names the database; say yes, and the plan becomes empty.
  5. Ctrl+click on table.users in schema/blog.lt.hcl: the definition in the other file.
  6. Open atlas.hcl: Plan, Apply and Inspect stand above the env.

The project is a copy in ${folder}.
Ctrl+C ends the demo.
`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.stop());
await server.ended;
