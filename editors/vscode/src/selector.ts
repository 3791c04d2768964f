/**
 * Which documents the server hears of.
 *
 * Our own languages everywhere, the plan documents, and, below each folder that holds an `atlas.hcl`, every `.hcl` and
 * `.sql` file whatever its language id, for a project may list it; the server ignores those no project lists.
 * Invariant: without an `atlas.hcl` no `.sql` and no plain `.hcl` file is ever claimed.
 */

/** A document filter as VS Code and the protocol both understand it. */
export interface Filter {
  scheme?: string;
  language?: string;
  pattern?: string;
}

/** The languages this extension contributes, with the suffix or name that means each. */
export const languages: Readonly<Record<string, string>> = {
  'atlas-config': 'atlas.hcl',
  'atlas-schema-mysql': '*.my.hcl',
  'atlas-schema-mariadb': '*.ma.hcl',
  'atlas-schema-postgresql': '*.pg.hcl',
  'atlas-schema-sqlite': '*.lt.hcl',
  'atlas-schema-clickhouse': '*.ch.hcl',
  'atlas-schema-mssql': '*.ms.hcl',
  'atlas-schema-redshift': '*.rs.hcl',
  'atlas-schema-oracle': '*.oc.hcl',
  'atlas-schema-spanner': '*.sp.hcl',
  'atlas-schema-snowflake': '*.sf.hcl',
  'atlas-schema-databricks': '*.dbx.hcl',
  'atlas-plan': '*.plan.hcl',
  'atlas-test': '*.test.hcl',
  'atlas-rule': '*.rule.hcl',
  'atlas-sum': 'atlas.sum',
};

export const planScheme = 'atlas-plan';

/** Documents of the server about migrations, such as the schema at a version. */
export const migrationScheme = 'atlas-migration';

/** The language a file's name alone gives it, if any. The longest suffix wins, as in VS Code. */
export function languageOfName(path: string): string | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  for (const [language, pattern] of Object.entries(languages)) {
    if (pattern.startsWith('*') ? name.length > pattern.length - 1 && name.endsWith(pattern.slice(1)) : name === pattern) {
      return language;
    }
  }
  return undefined;
}

/** The folders without those that lie below another one, sorted. */
export function outermost(folders: Iterable<string>): string[] {
  const kept: string[] = [];
  for (const folder of [...new Set([...folders].map(withoutTrailingSlash))].sort()) {
    if (!kept.some((outer) => isBelow(folder, outer))) {
      kept.push(folder);
    }
  }
  return kept;
}

/** Whether `path` is `folder` itself or lies below it. Both are file system paths of this machine. */
export function isBelow(path: string, folder: string): boolean {
  const outer = withoutTrailingSlash(folder);
  return path === outer || path.startsWith(outer + '/') || path.startsWith(outer + '\\') || outer === '';
}

/** The whole selector for a window whose projects lie in `folders` and also list the files `extra` outside of them. */
export function selector(folders: Iterable<string>, extra: Iterable<string> = []): Filter[] {
  const filters: Filter[] = [];
  for (const language of Object.keys(languages)) {
    filters.push({ scheme: 'file', language }, { scheme: 'untitled', language });
  }
  filters.push({ scheme: planScheme });
  const outer = outermost(folders);
  for (const folder of outer) {
    filters.push({ scheme: 'file', pattern: `${literal(folder)}/**/*.{hcl,sql}` });
  }
  for (const file of [...new Set(extra)].sort()) {
    if (!outer.some((folder) => isBelow(file, folder)) && languageOfName(file) === undefined) {
      filters.push({ scheme: 'file', pattern: literal(file) });
    }
  }
  return filters;
}

/**
 * A path as a glob that matches it. A glob has no escape that its splitter and its matcher agree on, so each special
 * character becomes `?`, which matches any one character: wider by a hair, never narrower.
 */
export function literal(path: string): string {
  return path.replace(/[*?[\]{}]/g, '?');
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/[/\\]+$/, '');
}
