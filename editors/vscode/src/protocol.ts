/**
 * What this client and the server say to each other beyond the Language Server Protocol.
 *
 * Types and method names only. The server's side is `lsp/ext.rs`; a change here is a change there.
 * Invariant: every field the server may leave out is optional, so that an older server never breaks a newer client.
 */

/** Told once, in `initialize`. `trusted` is false unless VS Code says otherwise. */
export interface InitializationOptions {
  trusted: boolean;
  settings: unknown;
  client: { name: string; version: string };
  /** Commands of this client that the server may put into code lenses and messages. */
  commands: string[];
  virtualDocuments: boolean;
  /** The client answers `atlas/approve` with a modal dialog. */
  approval: boolean;
}

/** Client to server, once: the user now trusts the workspace. */
export const didGrantTrust = 'atlas/didGrantTrust';

/** Server to client: health, and what is known of each folder's project. */
export const statusMethod = 'atlas/status';

export type Health = 'ok' | 'warning' | 'error';

export interface ProjectFact {
  name: string;
  state: string;
}

export interface ProjectFolder {
  folder: string;
  config?: string | null;
  env?: string | null;
  envs?: string[];
  /** The configuration has an env without a label, so that any name can be chosen. */
  unlabeled?: boolean;
  dialect?: string | null;
  /** The target's address, already redacted by the server. */
  target?: string | null;
  facts?: ProjectFact[];
}

export interface ServerStatus {
  health: Health;
  message?: string | null;
  folders?: ProjectFolder[];
}

/** Server to client: the files that the projects list, and the language each one is in. */
export const didChangeProject = 'atlas/didChangeProject';

export interface ProjectFile {
  uri: string;
  language: string;
  env?: string | null;
  config?: string | null;
}

export interface ProjectFiles {
  files: ProjectFile[];
}

/** Server to client: the text of this plan document is out of date. */
export const planChanged = 'atlas/planChanged';

/** Client to server (LSP 3.18): the text of a virtual document. */
export const textDocumentContent = 'workspace/textDocumentContent';

/** Server to client (LSP 3.18): the same as `atlas/planChanged`, as a request. */
export const textDocumentContentRefresh = 'workspace/textDocumentContent/refresh';

export interface UriParams {
  uri: string;
}

export interface TextDocumentContentResult {
  text: string;
}

/** Server to client, a request: may this plan be executed against this target? */
export const approveMethod = 'atlas/approve';

export interface ApproveParams {
  title: string;
  /** Redacted address of the database. Shown whatever the other texts say. */
  target?: string | null;
  summary?: string | null;
  detail?: string | null;
  actions: { title: string; value: string }[];
  plan?: string | null;
}

/** Closing the dialog answers `cancel`. */
export interface ApproveResult {
  value: string;
}

/** Server to client: the migration directories of the projects, and what is known of each file. */
export const migrationsMethod = 'atlas/migrations';

export interface MigrationDirectory {
  uri: string;
  /** The path as shown, from the project's folder. */
  name?: string;
  config?: string | null;
  /** The env whose target the states of the files are about. */
  env?: string | null;
  envs?: string[];
  format?: string;
  target?: string | null;
  sum?: 'ok' | 'missing' | 'mismatch' | 'conflict';
  /** One line about what is wrong with the directory. */
  message?: string | null;
  status?: 'unknown' | 'known' | 'failed' | 'notAllowed';
  statusMessage?: string | null;
  /** The version the target is at. */
  current?: string | null;
  pending?: number;
  /** In the order in which they run. */
  files?: MigrationFile[];
}

export interface MigrationFile {
  uri: string;
  name: string;
  version?: string;
  description?: string;
  state?: 'applied' | 'pending' | 'partial' | 'unknown';
  sum?: 'ok' | 'added' | 'edited' | 'missing';
  kind?: 'checkpoint' | 'baseline' | null;
  appliedAt?: string | null;
  /** How far a partial one came, and why not further. */
  detail?: string | null;
  findings?: number;
}

export interface MigrationDirectories {
  directories?: MigrationDirectory[];
}

/** Server commands, through `workspace/executeCommand`. */
export const serverCommand = {
  plan: 'atlas.plan',
  apply: 'atlas.apply',
  inspect: 'atlas.inspect',
  diff: 'atlas.diff',
  setEnv: 'atlas.setEnv',
  refreshFacts: 'atlas.refreshFacts',
  migrateApply: 'atlas.migrate.apply',
  migrateStatus: 'atlas.migrate.status',
  migrateLint: 'atlas.migrate.lint',
  migrateSchemaAt: 'atlas.migrate.schemaAt',
  migrateDiffWithPrevious: 'atlas.migrate.diffWithPrevious',
  migrateDiff: 'atlas.migrate.diff',
  migrateNew: 'atlas.migrate.new',
  migrateHash: 'atlas.migrate.hash',
  migrateRebase: 'atlas.migrate.rebase',
} as const;

/** Commands of this extension. The first ones may appear in the server's code lenses. */
export const clientCommand = {
  openPlan: 'atlas.openPlan',
  applyEnv: 'atlas.applyEnv',
  inspectEnv: 'atlas.inspectEnv',
  selectEnv: 'atlas.selectEnv',
  newProject: 'atlas.newProject',
  refreshFacts: 'atlas.refreshTarget',
  restartServer: 'atlas.restartServer',
  showLog: 'atlas.showLog',
  reportProblem: 'atlas.reportProblem',
  migrateApply: 'atlas.migrateApply',
  migrateApplyTo: 'atlas.migrateApplyTo',
  migrateStatus: 'atlas.migrateStatus',
  migrateLint: 'atlas.migrateLint',
  migrateSchemaAt: 'atlas.migrateSchemaAt',
  migrateDiffPrevious: 'atlas.migrateDiffPrevious',
  migrateCreate: 'atlas.migrateCreate',
  migrateNew: 'atlas.migrateNew',
  migrateHash: 'atlas.migrateHash',
  migrateRebase: 'atlas.migrateRebase',
} as const;

/** What a code lens passes to a client command. */
export interface EnvArgument {
  uri?: string;
  env?: string;
}

export interface PlanResult {
  uri?: string;
  text: string;
}

export interface InspectResult {
  text: string;
  language?: string;
}

/** The report of `atlas.apply`. Every part is optional: what is missing is not shown. */
export interface ApplyResult {
  status?: string;
  message?: string;
  text?: string;
  statements?: { text?: string; state?: string; error?: string }[];
}

/** The report of `atlas.migrate.apply`. */
export interface MigrationApplyResult extends ApplyResult {
  target?: string;
  /** The versions that were run to their end. */
  applied?: string[];
}

/** The report of `atlas.migrate.status`. */
export interface MigrationStatus {
  text?: string;
  current?: string | null;
  next?: string | null;
  /** Versions. */
  pending?: string[];
  applied?: string[];
}

/** The report of `atlas.migrate.lint`. */
export interface MigrationLint {
  text?: string;
  findings?: number;
}

/** The state after a file. With `uri` the server keeps the document up to date. */
export interface SchemaAt {
  uri?: string;
  text: string;
  language?: string;
}

/** What a file changes, as the states before and after it. */
export interface VersionDiff {
  title?: string;
  language?: string;
  before: string;
  after: string;
}

/** The files that "Create Migration" would write. Without files there is nothing to write, and `message` says why. */
export interface MigrationPreview {
  directory?: string;
  files?: PreviewFile[];
  statements?: number;
  findings?: (string | { code?: string; message?: string })[];
  message?: string;
  /** Sent back when writing, so that only what was shown is written. */
  token?: string;
}

export interface PreviewFile {
  uri: string;
  name?: string;
  text: string;
  /** The text now; null for a new file. */
  previous?: string | null;
}

/** The report of a command that wrote files. */
export interface Written {
  message?: string;
  files?: (string | { uri: string })[];
}
