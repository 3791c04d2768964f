/**
 * Saves what the server changed in files that nobody is looking at.
 *
 * A fix in a migration file changes `atlas.sum` as well, which would stay behind as an unsaved tab; its text on disk is
 * what other programs check. Invariant: a document that is visible is never saved here: the user decides.
 */

import * as vscode from 'vscode';

/** How long an edit of several files may take to end, in milliseconds. */
const settle = 100;

export function keepSumsSaved(): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (isSum(document)) {
      setTimeout(() => void saveUnseen(document), settle);
    }
  });
}

/** Saves the documents of files that a command has just written. */
export async function saveAll(files: string[]): Promise<void> {
  const wanted = new Set(files.map((uri) => vscode.Uri.parse(uri).toString()));
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && wanted.has(document.uri.toString())) {
      await document.save();
    }
  }
}

async function saveUnseen(document: vscode.TextDocument): Promise<void> {
  const isSeen = vscode.window.visibleTextEditors.some((editor) => editor.document === document);
  if (!document.isClosed && document.isDirty && !isSeen) {
    await document.save();
  }
}

function isSum(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && /[/\\]atlas\.sum$/.test(document.fileName);
}
