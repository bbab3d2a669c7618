import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { expect, test as base } from 'vitest';
import { howToInstall, launchChromium } from '../../../playground/chromium.ts';
import { startHost, type Host } from '../../../playground/page/host/host.ts';
import { listenForComplaints, type Complaints } from './complaints.ts';
import { createVisit, type Visit } from './visit.ts';
import { patienceMs } from '../../../playground/patience.ts';

interface OfFile {
  readonly browser: Browser | undefined;
  readonly host: Host;
}

interface OfTest {
  readonly context: BrowserContext;
  /** Whatever the browser complains of fails the test. */
  readonly complaints: Complaints;
  /** The page, as the admin sees it. */
  readonly visit: Visit;
}

export const desk = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** Discord gives a bot three seconds. Beside other tests it may need more, and a press that failed would be waited for in vain. */
const firstAnswerMs = 20_000;

/** A test in a browser: its file has a playground of its own, each test a fresh window at a desk. */
export const test = base.extend<{ $file: OfFile; $test: OfTest }>({
  browser: [
    // eslint-disable-next-line no-empty-pattern -- Vitest reads from the pattern what a fixture needs.
    async ({}, use) => {
      const browser = await launchChromium();
      if (!browser) sayThatNothingIsTested();
      await use(browser);
      await browser?.close();
    },
    { scope: 'file' },
  ],
  host: [
    // eslint-disable-next-line no-empty-pattern -- As above.
    async ({}, use) => {
      const host = await startHost({ speed: 600, limits: { firstAnswerMs } });
      await Promise.all([host.samplesDrawn, host.playground.isSetUp]);
      await use(host);
      await host.close();
    },
    { scope: 'file' },
  ],
  context: async ({ browser, skip, task }, use) => {
    if (!browser) return skip(`no Chromium here. ${howToInstall}`);
    const context = await browser.newContext({ viewport: desk });
    context.setDefaultTimeout(patienceMs);
    await use(context);
    if (task.result?.state === 'fail') await keepPictures(context, task.name);
    await context.close();
  },
  complaints: async ({ context }, use) => {
    const complaints = listenForComplaints(context);
    await use(complaints);
    expect(complaints.list(), 'what the browser complains of').toEqual([]);
  },
  visit: async ({ context, complaints: _, host }, use) => {
    const page = await context.newPage();
    await page.goto(host.url);
    await use(createVisit(page));
  },
});

async function keepPictures(context: BrowserContext, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-browser-'));
  for (const [index, page] of context.pages().entries()) {
    const path = join(folder, `${index + 1}.png`);
    await page.screenshot({ path });
    console.log(`What was seen when “${name}” failed: ${path}`);
  }
}

/** In CI the page has to be seen; elsewhere the run says that it was not. */
function sayThatNothingIsTested(): void {
  if (process.env['CI'] === 'true') throw new Error(`Cannot test the page: no Chromium here. ${howToInstall}`);
  console.warn(`The page is NOT tested in a browser: no Chromium here. To test it: ${howToInstall}`);
}
