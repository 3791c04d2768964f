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
  const plan = planParts(wanted);
  let best: ProjectFolder | undefined;
  let bestLength = -1;
  for (const folder of folders) {
    const config = folder.config ? decoded(folder.config) : undefined;
    const root = config ? config.slice(0, config.lastIndexOf('/')) : decoded(folder.folder);
    const outer = decoded(folder.folder).replace(/\/$/, '');
    if (plan !== undefined) {
      if (config !== undefined && plan.includes(lastPart(outer)) && plan.includes(lastPart(config)) && bestLength < 0) {
        best = folder;
        bestLength = 0;
      }
      continue;
    }
    const length = wanted === config || wanted.startsWith(root + '/') ? root.length * 2 + 1 : wanted.startsWith(outer + '/') ? outer.length : -1;
    if (length > bestLength) {
      best = folder;
      bestLength = length;
    }
  }
  return best;
}

/** The parts of a plan document's path, in order. */
function planParts(uri: string): string[] | undefined {
  return uri.startsWith('atlas-plan:') ? uri.slice('atlas-plan:'.length).split('/').filter((part) => part !== '') : undefined;
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
