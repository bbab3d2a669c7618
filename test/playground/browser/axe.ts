import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds wrong with the page as it stands, whatever its weight. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(runAxe);
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} (${impact ?? ''}): ${help}\n  ${target.join(' ')}\n  ${failureSummary ?? ''}`,
    ),
  );
}

/** Runs in the page. */
async function runAxe(): Promise<Pick<AxeResults, 'violations'>> {
  const { axe: inPage } = globalThis as unknown as { readonly axe: { run(options: object): Promise<AxeResults> } }; // Put there just before.
  const { violations } = await inPage.run({ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } });
  return { violations };
}
