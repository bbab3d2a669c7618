import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * Every stage is searched for secrets when it is closed. So that none is forgotten, each leaves a note when it opens and marks
 * it when it was searched; vitest runs this file around the whole suite, which fails when a note was not marked.
 */

const variable = 'DARKROOM_STAGES';

/** Called by vitest before all tests; what it gives, after them. */
export default function watchStages(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-stages-'));
  process.env[variable] = folder;
  return () => {
    const notes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    rmSync(folder, { recursive: true });
    const unsearched = notes.filter((note) => note.startsWith('opened'));
    if (notes.length > 0) console.log(summaryOf(notes));
    if (unsearched.length === 0) return;
    process.exitCode = 1; // Vitest prints what is thrown here, and ends as if all were well.
    throw new Error(`not searched for secrets to the end:\n${unsearched.join('\n')}`);
  };
}

interface Searched {
  readonly secrets: number;
  readonly bytes: number;
}

/** Notes a stage, under a name that only vitest knows; call what it gives when the stage was searched and nothing was found. */
export function noteStage(testFile: () => string): (searched: Searched) => void {
  const folder = process.env[variable];
  if (folder === undefined) return () => undefined; // Not started by vitest's command: nobody looks at notes.
  const path = join(folder, `${process.pid}-${performance.now()}`);
  writeFileSync(path, `opened by ${testFile()}`);
  return ({ secrets, bytes }) => {
    writeFileSync(path, `searched ${secrets} ${bytes}`);
  };
}

function summaryOf(notes: readonly string[]): string {
  const searched = notes.flatMap((note) => /^searched (\d+) (\d+)$/.exec(note)?.slice(1).map(Number) ?? []);
  const sum = (from: number) => searched.filter((_, index) => index % 2 === from).reduce((all, one) => all + one, 0);
  return `${searched.length / 2} stages searched for ${sum(0)} secrets in ${Math.round(sum(1) / 2 ** 20)} MiB: none found`;
}
