/**
 * Read-only documents with texts of the moment: reports, and the two sides of a comparison.
 *
 * They can be closed without a question, which an untitled document cannot. Invariant: a document's text never changes.
 */

import * as vscode from 'vscode';

const scheme = 'atlas-text';

export class Texts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly kept = new Map<string, string>();
  private readonly disposable: vscode.Disposable;
  private count = 0;

  constructor() {
    this.disposable = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.kept.delete(document.uri.toString())),
    );
  }

  /** The address of a text; the last part of its path is what a tab shows, and its ending tells the language. */
  keep(path: string, text: string): vscode.Uri {
    this.count += 1;
    // The number is no part of the path, so that both sides of a comparison have the same one.
    const uri = vscode.Uri.parse(`${scheme}:/${path.split('/').map(encodeURIComponent).join('/')}?${this.count}`);
    this.kept.set(uri.toString(), text);
    return uri;
  }

  /** Shows a text beside the active editor. */
  async show(name: string, text: string, language = 'plaintext'): Promise<void> {
    let document = await vscode.workspace.openTextDocument(this.keep(name, text));
    if (document.languageId !== language) {
      // A change of the language closes the document for a moment.
      document = await vscode.languages.setTextDocumentLanguage(document, language);
      this.kept.set(document.uri.toString(), text);
    }
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: false });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.kept.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.disposable.dispose();
  }
}
