/**
 * A stand-in for the editor's API: only what the tested modules touch, and knobs to play the user.
 *
 * Invariant: nothing happens here that a test did not ask for.
 */

type Listener<T> = (value: T) => void;

export class Disposable {
  constructor(private readonly run: () => void = () => undefined) {}
  static from(...parts: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => parts.forEach((part) => void part.dispose()));
  }
  dispose(): void {
    this.run();
  }
}

export class EventEmitter<T> {
  private listeners: Listener<T>[] = [];
  readonly event = (listener: Listener<T>): Disposable => {
    this.listeners.push(listener);
    return new Disposable(() => (this.listeners = this.listeners.filter((other) => other !== listener)));
  };
  fire(value: T): void {
    [...this.listeners].forEach((listener) => listener(value));
  }
  dispose(): void {
    this.listeners = [];
  }
}

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}
  static parse(text: string): Uri {
    const colon = text.indexOf(':');
    return new Uri(text.slice(0, colon), decodeURIComponent(text.slice(colon + 1).replace(/^\/\//, '')));
  }
  static file(path: string): Uri {
    return new Uri('file', path);
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return this.scheme === 'file' ? `file://${this.path}` : `${this.scheme}:${this.path}`;
  }
}

export interface TextDocument {
  uri: Uri;
  fileName: string;
  languageId: string;
  text: string;
}

/** What the tests play with: open documents, the user's answers, and what was shown. */
export const world = {
  documents: [] as TextDocument[],
  answers: [] as (string | undefined)[],
  shown: [] as { kind: string; message: string; modal?: boolean; detail?: string; items: string[] }[],
  opened: [] as { uri: string; column: number | undefined; preserveFocus: boolean | undefined }[],
  /** Commands of the editor that were called, without the context keys. */
  called: [] as { command: string; rest: unknown[] }[],
  context: {} as Record<string, unknown>,
  inputs: [] as (string | undefined)[],
  prompts: [] as string[],
  active: undefined as { document: { uri: Uri } } | undefined,
  associations: undefined as Record<string, string> | undefined,
  configs: [] as Uri[],
  trusted: true,
  configuration: {} as Record<string, unknown>,
  open(path: string, languageId: string): TextDocument {
    const document = { uri: Uri.file(path), fileName: path, languageId, text: '' };
    world.documents.push(document);
    opened.fire(document);
    return document;
  },
  close(document: TextDocument): void {
    world.documents = world.documents.filter((other) => other !== document);
    closed.fire(document);
  },
  reset(): void {
    Object.assign(world, { documents: [], answers: [], shown: [], opened: [], associations: undefined, configs: [], trusted: true, configuration: {}, called: [], context: {}, inputs: [], prompts: [], active: undefined });
    extensions.all = [];
  },
};

const opened = new EventEmitter<TextDocument>();
const closed = new EventEmitter<TextDocument>();
export const created = new EventEmitter<Uri>();

interface Item {
  title: string;
}

async function show(kind: string, message: string, ...rest: unknown[]): Promise<unknown> {
  const first = rest[0] as { modal?: boolean; detail?: string; title?: string } | string | undefined;
  const options = typeof first === 'object' && first.title === undefined ? (rest.shift() as { modal?: boolean; detail?: string }) : {};
  const items = rest as (string | Item)[];
  world.shown.push({ kind, message, ...options, items: items.map((item) => (typeof item === 'string' ? item : item.title)) });
  const answer = world.answers.shift();
  return items.find((item) => (typeof item === 'string' ? item : item.title) === answer);
}

export const window = {
  get activeTextEditor() {
    return world.active;
  },
  withProgress: async (_options: unknown, work: () => Promise<unknown>) => work(),
  showInputBox: async (options: { prompt?: string; title?: string; validateInput?: (text: string) => unknown }) => {
    world.prompts.push([options.title, options.prompt, options.validateInput?.('')].join(' | '));
    return world.inputs.shift();
  },
  showQuickPick: async (items: { label: string }[]) => {
    const answer = world.answers.shift();
    return items.find((item) => item.label === answer);
  },
  tabGroups: { all: [] as { tabs: { label: string }[] }[], close: async () => true },
  visibleTextEditors: [],
  showInformationMessage: (message: string, ...rest: unknown[]) => show('info', message, ...rest),
  showWarningMessage: (message: string, ...rest: unknown[]) => show('warning', message, ...rest),
  showErrorMessage: (message: string, ...rest: unknown[]) => show('error', message, ...rest),
  showTextDocument: async (document: TextDocument, options: { viewColumn?: number; preserveFocus?: boolean }) => {
    world.opened.push({ uri: document.uri.toString(), column: options.viewColumn, preserveFocus: options.preserveFocus });
  },
  onDidChangeActiveTextEditor: () => new Disposable(),
};

interface Provider {
  provideTextDocumentContent(uri: Uri, token: unknown): Promise<string> | string;
  onDidChange?: (listener: Listener<Uri>) => Disposable;
}
const providers = new Map<string, Provider>();

export const workspace = {
  get textDocuments() {
    return world.documents;
  },
  workspaceFolders: [{ uri: Uri.file('/w') }],
  get isTrusted() {
    return world.trusted;
  },
  onDidOpenTextDocument: opened.event,
  onDidCloseTextDocument: closed.event,
  onDidChangeWorkspaceFolders: () => new Disposable(),
  onDidGrantWorkspaceTrust: () => new Disposable(),
  createFileSystemWatcher: () => ({ onDidCreate: created.event, dispose: () => undefined }),
  findFiles: async () => world.configs,
  asRelativePath: (uri: Uri, _withFolder?: boolean) => uri.path.replace(/^\/w\//, ''),
  getConfiguration: (section: string) => ({
    get: (name: string) => (section === 'files' && name === 'associations' ? world.associations : world.configuration[`${section}.${name}`]),
    inspect: (name: string) =>
      section === 'files' ? { workspaceValue: world.associations } : { globalValue: world.configuration[`${section}.${name}`] },
    update: async (_name: string, value: Record<string, string>) => {
      world.associations = value;
    },
  }),
  registerTextDocumentContentProvider: (scheme: string, given: Provider) => {
    providers.set(scheme, given);
    return new Disposable();
  },
  openTextDocument: async (uri: Uri) => {
    const text = (await providers.get(uri.scheme)?.provideTextDocumentContent(uri, undefined)) ?? '';
    const document = { uri, fileName: uri.path, languageId: 'plaintext', text };
    world.documents.push(document);
    return document;
  },
};

export const languages = {
  setTextDocumentLanguage: async (document: TextDocument, languageId: string) => {
    world.close(document);
    const again = { ...document, languageId };
    world.documents.push(again);
    opened.fire(again);
    return again;
  },
  createLanguageStatusItem: () => ({ dispose: () => undefined }),
};

export const extensions = { all: [] as { id: string; packageJSON: unknown }[] };
export const commands = {
  executeCommand: async (command: string, ...rest: unknown[]) => {
    if (command === 'setContext') {
      world.context[String(rest[0])] = rest[1];
    } else {
      world.called.push({ command, rest });
    }
  },
  registerCommand: () => new Disposable(),
  getCommands: async () => ['vscode.changes'],
};
export const env = { clipboard: { writeText: async () => undefined } };
export const ViewColumn = { Beside: -2, One: 1 };
export const ConfigurationTarget = { Workspace: 2 };
export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 };
export const StatusBarAlignment = { Left: 1 };
export const ProgressLocation = { Window: 10, Notification: 15 };
export class ThemeColor {
  constructor(readonly id: string) {}
}
export class CancellationError extends Error {}
