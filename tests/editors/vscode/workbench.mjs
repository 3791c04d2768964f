// What a person does in VS Code, as functions: run a command, type, look at the editor, answer a dialog.
//
// Waits for what should appear and fails with a picture when it does not. It knows VS Code's page, not our product.
import path from 'node:path';

const patience = 60_000;

export class Workbench {
  /** @param {import('playwright-core').Page} page  @param {string} out folder for pictures */
  constructor(page, out) {
    this.page = page;
    this.out = out;
    this.pictures = 0;
  }

  async open(url) {
    await this.page.goto(url);
    await this.page.waitForSelector('.monaco-workbench', { timeout: patience });
  }

  /** Takes a picture, numbered so that a folder shows the story. */
  async picture(name) {
    this.pictures += 1;
    const file = path.join(this.out, `${String(this.pictures).padStart(2, '0')}-${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  /** Runs a command of the palette by its whole title. */
  async command(title) {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await input.waitFor({ timeout: patience });
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor({ timeout: patience });
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden', timeout: patience });
  }

  /** Opens a file of the folder by name and waits for its tab. Asked again: a file that just came is not found at once. */
  async openFile(name) {
    const input = this.page.locator('.quick-input-widget input[type=text]');
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: path.basename(name) }).first();
    await this.until(async () => {
      await this.page.keyboard.press('Control+p');
      await input.fill(name);
      const shown = await row.waitFor({ timeout: 5_000 }).then(() => true, () => false);
      await this.page.keyboard.press(shown ? 'Enter' : 'Escape');
      return shown;
    }, `a file ${name}`);
    await this.page.locator('.tab.active', { hasText: path.basename(name) }).first().waitFor({ timeout: patience });
  }

  /** Puts the cursor on a line and column, both from 1, of the active editor. */
  async goTo(line, column) {
    await this.page.keyboard.press('Control+g');
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await input.waitFor({ timeout: patience });
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden', timeout: patience });
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** The visible text of an editor group, counted from 0, left to right. */
  async text(group) {
    const lines = this.page.locator('.editor-group-container').nth(group).locator('.view-lines .view-line');
    const found = await lines.evaluateAll((all) =>
      all.map((line) => ({ top: Number.parseFloat(line.style.top), text: line.textContent })).sort((a, b) => a.top - b.top).map((line) => line.text));
    return found.join('\n').replaceAll('\u00a0', ' ');
  }

  /** The number of a line that shows a text, as the margin of the editor group has it. */
  async lineOf(needle, group = 0) {
    const editor = this.page.locator('.editor-group-container').nth(group);
    return this.until(() => editor.evaluate((element, needle) => {
      const top = (row) => Number.parseFloat(row.style.top);
      const lines = [...element.querySelectorAll('.view-lines .view-line')];
      const line = lines.find((line) => line.textContent.replaceAll('\u00a0', ' ').includes(needle));
      if (!line) return undefined;
      const numbers = [...element.querySelectorAll('.margin-view-overlays > div')].filter((row) => top(row) === top(line));
      const number = numbers.map((row) => row.querySelector('.line-numbers')?.textContent).find(Boolean);
      return number ? Number(number) : undefined;
    }, needle), `a line with ${needle}`);
  }

  /** Waits until an editor group shows a text, and returns all it shows. */
  async untilText(group, test, what) {
    return this.until(async () => {
      const text = await this.text(group);
      return test(text) ? text : undefined;
    }, what);
  }

  /** The rows of the Problems panel as a screen reader reads them; takes the picture if it has a name. */
  async problems(name = 'problems') {
    await this.command('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    // Without problems the panel says so.
    await this.page.locator('.markers-panel .monaco-list-row, .markers-panel .message-box-container:visible').first().waitFor({ timeout: patience });
    const labels = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? row.textContent));
    if (name) await this.picture(name);
    await this.page.keyboard.press('Control+j');
    await this.command('View: Focus Active Editor Group');
    return labels;
  }

  /** The labels that completion offers at the cursor. */
  async complete() {
    await this.page.keyboard.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor({ timeout: patience });
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? row.textContent));
  }

  /** What the hover at the cursor says. Asked again until it says what is waited for: a change just before closes it. */
  async hover(wanted = /./) {
    const hover = this.page.locator('.monaco-hover:visible .hover-contents, .monaco-hover:visible .monaco-hover-content');
    return this.until(async () => {
      await this.page.keyboard.press('Control+k');
      await this.page.keyboard.press('Control+i');
      const shown = await hover.first().waitFor({ timeout: 5_000 }).then(() => true, () => false);
      if (!shown) return undefined;
      const text = (await hover.allInnerTexts()).join('\n').trim();
      return wanted.test(text) && !text.startsWith('Loading') ? text : undefined;
    }, `a hover with ${wanted}`);
  }

  /** Waits for a code lens with a title. */
  async lens(title) {
    const lens = this.page.locator('.codelens-decoration a', { hasText: title }).first();
    await lens.waitFor({ timeout: patience });
    return lens;
  }

  /** Opens a view of the activity bar by its title. */
  async view(title) {
    const item = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${title}"])`).first();
    await item.waitFor({ timeout: patience });
    // A badge on the icon would take the click; one that is open already would close.
    if (!(await item.getAttribute('class')).includes('checked')) await item.click({ force: true });
    await this.page.mouse.move(800, 600);
    await this.page.locator('.sidebar .composite.title', { hasText: title }).first().waitFor({ timeout: patience });
  }

  /** Waits for a row of the view that is open whose words are followed by a description. */
  async row(words, description) {
    const rows = this.page.locator('.sidebar .monaco-list-row', { hasText: words });
    return this.until(async () => {
      const texts = await rows.evaluateAll((all) => all.map((row) => row.textContent.replaceAll('\u00a0', ' ')));
      return texts.find((text) => description.test(text.slice(text.indexOf(words) + words.length)));
    }, `a row ${words} with ${description}`);
  }

  /** Opens the fixes at the cursor until one has the title, takes the picture, and chooses it. */
  async fix(title, name) {
    const widget = this.page.locator('.action-widget');
    const rows = widget.locator('.monaco-list-row');
    let offered = [];
    const row = await this.until(async () => {
      await this.page.keyboard.press('Control+.');
      const shown = await rows.first().waitFor({ timeout: 15_000 }).then(() => true, () => false);
      if (!shown) return undefined;
      offered = await rows.allInnerTexts();
      const found = rows.filter({ hasText: title }).first();
      if ((await found.count()) > 0) return found;
      await this.page.keyboard.press('Escape');
      return undefined;
    }, () => `a fix ${title}; offered were ${JSON.stringify(offered)}`);
    await this.picture(name);
    // The widget takes no click before the mouse moved over it.
    await row.hover({ force: true });
    await row.click();
    await widget.waitFor({ state: 'hidden', timeout: patience });
  }

  /** Waits until the input box at the top shows a text. */
  async input(text, name) {
    await this.page.locator('.quick-input-widget', { hasText: text }).first().waitFor({ timeout: patience });
    await this.picture(name);
  }

  /** Waits for a modal dialog, returns its text and presses one of its buttons. */
  async dialog(button, name) {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.waitFor({ timeout: patience });
    const text = await dialog.innerText();
    await this.picture(name);
    await dialog.locator('.monaco-button', { hasText: button }).first().click();
    await dialog.waitFor({ state: 'hidden', timeout: patience });
    return text;
  }

  /** Waits for a notification that asks something, returns its text and presses one of its buttons. */
  async answer(text, button, name) {
    const toast = this.page.locator('.notification-toast', { hasText: text }).first();
    await toast.waitFor({ timeout: patience });
    const asked = await toast.innerText();
    await this.picture(name);
    await toast.locator('.monaco-button', { hasText: button }).first().click();
    await toast.waitFor({ state: 'hidden', timeout: patience });
    return asked;
  }

  /** Renames what is under the cursor. */
  async rename(name) {
    await this.page.keyboard.press('F2');
    const input = this.page.locator('.rename-input');
    await input.waitFor({ timeout: patience });
    await input.fill(name);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden', timeout: patience });
  }

  /** Waits for a notification that contains a text. */
  async notification(text) {
    const toast = this.page.locator('.notification-toast', { hasText: text }).first();
    await toast.waitFor({ timeout: patience });
    return toast.innerText();
  }

  /** Asks again and again until there is an answer. */
  async until(ask, what) {
    const deadline = Date.now() + patience;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline) throw new Error(`waited ${patience / 1000} s for ${typeof what === 'function' ? what() : what}`);
      await this.page.waitForTimeout(50);
    }
  }
}
