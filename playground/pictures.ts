import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { howToInstall, launchChromium } from './chromium.ts';
import { startHost } from './page/host/host.ts';

/*
 * `npm run pictures`: takes the pictures of the README and of docs/ from the playground, by using the bot in a browser as a
 * person would. Look at them before you commit them.
 */

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const desk = { width: 1440, height: 900 };
/** Nothing that a picture is taken of has to be scrolled. */
const tall = { ...desk, height: 2600 };
const patienceMs = 90_000;
const room = 10;

await mkdir(folder, { recursive: true });
const browser = await launchChromium();
if (!browser) throw new Error(`Cannot take pictures: no Chromium here. ${howToInstall}`);
const host = await startHost({ speed: 120 });
try {
  await host.samplesDrawn;
  await host.playground.isSetUp;
  const context = await browser.newContext({
    viewport: tall,
    deviceScaleFactor: 1.5,
    reducedMotion: 'reduce',
    colorScheme: 'dark',
  });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  await page.goto(host.url);
  await page.getByRole('heading', { name: 'Darkroom playground' }).waitFor();
  await takeKey(page);
  await takeOrder(page);
  await takeTraining(page);
} finally {
  await Promise.all([browser.close(), host.close()]);
}

async function takeKey(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Ada' }).check({ force: true });
  const line = page.getByRole('textbox', { name: /^Message / });
  await line.fill('/config key');
  await line.press('Enter');
  await page.getByRole('form', { name: '/config key' }).getByRole('button', { name: 'Send' }).click();
  const dialog = page.getByRole('dialog', { name: 'ModelsLab API key' });
  await dialog.waitFor();
  await take('key', dialog);
  await page.keyboard.press('Escape');
}

async function takeOrder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fill in /train as Bob' }).first().click();
  const form = page.getByRole('form', { name: '/train' });
  await form.getByRole('button', { name: 'Send' }).waitFor();
  await take('train', form);
  // One that is not as it should be, so that the sheet shows what the bot says of it.
  await form.getByRole('button', { name: 'Sample photos' }).click();
  await form.getByRole('button', { name: /out of focus/ }).click();
  await form.getByRole('button', { name: 'Send' }).click();
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('button', { name: /^Ambika/ })
    .click();
  await page.getByRole('button', { name: /^Start \(/ }).waitFor();
  await take('order', messages(page).first(), messages(page).last());
  await page.getByRole('button', { name: 'Adjust photos' }).click();
  await page.getByRole('button', { name: 'Next', exact: true }).waitFor();
  await take('adjust', messages(page).last());
  await page.getByRole('button', { name: 'Dismiss' }).last().click();
}

async function takeTraining(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Start \(/ }).click();
  const training = messages(page).filter({ hasText: '“Ambika”: training' });
  await training.last().waitFor();
  await training.filter({ hasText: '✓' }).last().waitFor();
  await take('progress', training.last());
  await page.setViewportSize(desk);
  await training.last().scrollIntoViewIfNeeded();
  await save('playground', await page.screenshot());
  await page.setViewportSize(tall);
  const news = messages(page).filter({ hasText: 'is ready.' });
  await news.last().waitFor();
  const card = messages(page).filter({ hasText: '“Ambika”: ready' });
  await card.last().waitFor();
  await take('ready', card.last());
}

function messages(page: Page): Locator {
  return page.getByRole('article', { name: /^Message from/ });
}

/** One picture of all from the first to the last of these, with some of the page around them. */
async function take(name: string, first: Locator, last: Locator = first): Promise<void> {
  const page = first.page();
  await page.mouse.move(0, 0);
  await last.scrollIntoViewIfNeeded();
  const [from, to] = [await first.boundingBox(), await last.boundingBox()];
  if (!from || !to) throw new Error(`Cannot take the picture "${name}": nothing of it is to be seen`);
  const clip = {
    x: from.x - room,
    y: from.y - room,
    width: Math.max(from.width, to.width) + 2 * room,
    height: to.y + to.height - from.y + 2 * room,
  };
  await save(name, await page.screenshot({ clip }));
}

/** Few colours are enough for the look of the page, and make a quarter of the bytes. */
async function save(name: string, picture: Buffer): Promise<void> {
  await sharp(picture)
    .png({ palette: true, effort: 10 })
    .toFile(join(folder, `${name}.png`));
}
