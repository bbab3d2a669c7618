import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

export const howToInstall = 'sudo apt-get install chromium (or set CHROMIUM to the path of a Chromium or Chrome)';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser of this machine, or undefined where there is none. It reaches this machine alone. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined) return undefined;
  return chromium.launch({
    executablePath,
    // Names of other machines lead nowhere, whatever the page or the browser itself may want there.
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
}

function findChromium({ CHROMIUM, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  if (CHROMIUM !== undefined) return CHROMIUM;
  const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
