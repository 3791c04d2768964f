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

/** Server commands, through `workspace/executeCommand`. */
export const serverCommand = {
  plan: 'atlas.plan',
  apply: 'atlas.apply',
  inspect: 'atlas.inspect',
  diff: 'atlas.diff',
  setEnv: 'atlas.setEnv',
  refreshFacts: 'atlas.refreshFacts',
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
