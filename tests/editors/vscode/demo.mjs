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
const shows = {
  plan: {
    file: 'schema/people.lt.hcl',
    try: [
      'Misspell a type or a reference: it is underlined, with a fix under the light bulb.',
      'Ctrl+Space inside a column, and the mouse over a type: completion and documentation.',
      'F1, "Atlas: Plan": the SQL that takes app.db to the schema, beside the editor. Type, and it follows.',
      'F1, "Atlas: Apply": the question names the database; say yes, and the plan becomes empty.',
      'Ctrl+click on table.users in schema/blog.lt.hcl: the definition in the other file.',
      'Open atlas.hcl: Plan, Apply and Inspect stand above the env.',
    ],
  },
  migrations: {
    file: 'migrations/20250311160000_without_mood.sql',
    try: [
      'The view of Atlas in the activity bar: which files app.db has run, and which it has not.',
      'Above the first line of a file: apply up to here, the schema at this version, what the file changes.',
      'F1, "Atlas: Create Migration": schema.lt.hcl is one column ahead; the files are shown before they are written.',
      'Edit a file: atlas.sum does not match any more, and a fix rehashes it. Rename it: atlas.sum follows.',
      'F1, "Atlas: Apply Pending Migrations": the question shows the SQL and names the database.',
    ],
  },
};
const show = shows[process.env.DEMO_SHOW ?? 'plan'];
console.log(`
VS Code with the extension is at

  ${server.url(folder, path.join(folder, show.file))}

What to try:
${show.try.map((what, index) => `  ${index + 1}. ${what}`).join('\n')}

The project is a copy in ${folder}.
Ctrl+C ends the demo.
`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.stop());
await server.ended;
