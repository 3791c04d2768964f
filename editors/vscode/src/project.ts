/**
 * What the server last said of the window's projects, and which one a document belongs to.
 *
 * Pure. Invariant: answers come from the last `atlas/status`; nothing is remembered of earlier ones.
 */

import type { ProjectFolder, ServerStatus } from './protocol';

/** The project a document belongs to: the one whose configuration lies nearest above it. */
export function folderOf(status: ServerStatus | undefined, uri: string | undefined): ProjectFolder | undefined {
  const folders = status?.folders ?? [];
  if (uri === undefined) {
    return folders.length === 1 ? folders[0] : undefined;
  }
  const wanted = decoded(uri);
  if (wanted.startsWith(planPrefix)) {
    const project = wanted.slice(planPrefix.length, wanted.lastIndexOf('/'));
    return folders.find((folder) => planProject(folder) === project);
  }
  let best: ProjectFolder | undefined;
  let bestLength = -1;
  for (const folder of folders) {
    const config = folder.config ? decoded(folder.config) : undefined;
    const root = config ? parent(config) : decoded(folder.folder);
    const outer = decoded(folder.folder).replace(/\/$/, '');
    // Below the configuration counts for more than below the workspace folder, the deeper the more.
    const length = wanted.startsWith(`${root}/`) ? root.length * 2 + 1 : wanted.startsWith(`${outer}/`) ? outer.length : -1;
    if (length > bestLength) {
      best = folder;
      bestLength = length;
    }
  }
  return best;
}

const planPrefix = 'atlas-plan:/';

/** The env a plan document is about: the last part of `atlas-plan:/<folder>/<config>/<env>`. */
export function envOfPlan(uri: string | undefined): string | undefined {
  if (!uri?.startsWith(planPrefix)) {
    return undefined;
  }
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  return last === '' ? undefined : decoded(last);
}

/** A project as the plan documents name it: the folder's name and the configuration's path in it. */
function planProject(folder: ProjectFolder): string | undefined {
  if (!folder.config) {
    return undefined;
  }
  const outer = decoded(folder.folder).replace(/\/$/, '');
  const config = decoded(folder.config);
  return `${lastPart(outer)}/${config.startsWith(`${outer}/`) ? config.slice(outer.length + 1) : lastPart(config)}`;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A URI in one spelling, so that `file:///c%3A/x` and `file:///C:/x` are the same. */
export function decoded(uri: string): string {
  let text = uri;
  try {
    text = decodeURIComponent(uri);
  } catch {
    // A stray percent sign: the text as it is.
  }
  return text.replace(/^file:\/\/\/([A-Za-z]):/, (_, drive: string) => `file:///${drive.toLowerCase()}:`);
}

/** One line about a project for the status item. */
export function envText(folder: ProjectFolder): string {
  return folder.env ?? (folder.config ? 'no env chosen' : 'no project');
}

/** A few words about the target and what is known of it. */
export function envDetail(folder: ProjectFolder): string {
  const parts: string[] = [];
  if (folder.dialect) {
    parts.push(folder.dialect);
  }
  if (folder.target) {
    parts.push(folder.target);
  }
  for (const fact of folder.facts ?? []) {
    parts.push(`${fact.name}: ${fact.state}`);
  }
  return parts.join(' · ');
}
