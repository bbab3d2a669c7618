import type { Locator, Page } from 'playwright-core';

/** Somebody at the page, by what they see and press. */
export interface Visit {
  readonly page: Page;
  /** The channel or thread that one looks at. */
  readonly main: Locator;
  readonly panel: Locator;
  readonly dialog: Locator;
  button(name: string | RegExp): Locator;
  /** Becomes Ada, Bob or Cleo. */
  be(name: string): Promise<void>;
  enter(server: string): Promise<void>;
  place(name: string): Locator;
  /** Writes into the line at the bottom, and sends it. */
  write(text: string): Promise<void>;
  /** Has a command laid out to fill in. */
  command(path: string): Promise<Locator>;
  /** Drops photos onto what is selected, anywhere on the page unless said. */
  drop(photos: number, onto?: string): Promise<void>;
  /** Orders a model with dropped photos; resolves in its thread when it can be started. */
  order(name: string): Promise<void>;
  start(): Promise<void>;
  says(text: string | RegExp): Promise<void>;
  /** From end to end of the slider: as slow as it really is, or as fast as it goes. */
  hurry(how: 'Home' | 'End'): Promise<void>;
  /** What the panel says is left in a server's wallet. */
  wallet(server: string): Promise<string>;
}

export function createVisit(page: Page): Visit {
  const main = page.getByRole('main');
  const panel = page.getByRole('complementary', { name: 'Behind the scenes' });
  const dialog = page.getByRole('dialog');
  const line = main.getByRole('textbox', { name: /^Message / });
  const button = (name: string | RegExp) => main.getByRole('button', { name });
  const place = (name: string) =>
    page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: new RegExp(`^${name}\\b`) });

  const visit: Visit = {
    page,
    main,
    panel,
    dialog,
    button,
    async be(name) {
      await page.getByRole('group', { name: 'You are' }).getByText(name).click();
      // A browser checks what is clicked; the page says who one is once the host has answered.
      await page.locator('.person-chosen', { hasText: name }).waitFor();
    },
    async enter(server) {
      await page.getByRole('navigation', { name: 'Servers' }).getByRole('button', { name: server }).click();
      await page.getByRole('heading', { name: server }).waitFor();
    },
    place,
    async write(text) {
      await line.fill(text);
      await line.press('Enter');
    },
    async command(path) {
      await line.fill(`/${path}`);
      await page.getByRole('listbox', { name: 'Commands' }).getByText(`/${path}`, { exact: true }).waitFor();
      await line.press('Enter');
      const form = page.getByRole('form', { name: `/${path}` });
      await form.waitFor();
      return form;
    },
    async drop(photos, onto = 'main') {
      const transfer = await page.evaluateHandle(transferOf, photos);
      await page.dispatchEvent(onto, 'dragover', { dataTransfer: transfer });
      await page.dispatchEvent(onto, 'drop', { dataTransfer: transfer });
      const strip = page.getByRole('list', { name: 'Files to send' }).getByRole('listitem');
      await strip
        .filter({ hasText: /\d (?:KB|MB)/ })
        .nth(photos - 1)
        .waitFor();
    },
    async order(name) {
      const form = await visit.command('train');
      await form.getByRole('textbox', { name: /^name/ }).fill(name);
      await form.getByRole('combobox', { name: /^subject/ }).selectOption('woman');
      await visit.drop(3);
      await form.getByRole('button', { name: 'Send' }).click();
      await place(name).click();
      await button(/^Start \(/).waitFor();
    },
    start: () => button(/^Start \(/).click(),
    says: (text) => main.getByText(text).last().waitFor(),
    async hurry(how) {
      await panel.getByRole('slider').press(how);
      await panel.getByText(how === 'End' ? '600 ×' : /^1 ×/).waitFor();
    },
    async wallet(server) {
      return panel.getByRole('row', { name: server }).getByRole('cell').last().innerText();
    },
  };
  return visit;
}

/** Runs in the page. The photos that it offers stand in for those of a person. */
async function transferOf(photos: number): Promise<DataTransfer> {
  const transfer = new DataTransfer();
  for (let number = 1; number <= photos; number += 1) {
    const response = await fetch(`/samples/sample-${number}`);
    transfer.items.add(new File([await response.blob()], `holiday-${number}.jpg`, { type: 'image/jpeg' }));
  }
  return transfer;
}
