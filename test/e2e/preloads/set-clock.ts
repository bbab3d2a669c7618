import { readFileSync } from 'node:fs';

/*
 * Loaded into the program before it: its time is wrong by what stands in the file that `CLOCK_OFFSET_FILE` names, in
 * milliseconds. Read at the start and on SIGUSR2.
 */

const RealDate = Date;
let offsetMs = 0;

const setClock = () => {
  offsetMs = Number(readFileSync(process.env['CLOCK_OFFSET_FILE'] ?? '', 'utf8'));
};
setClock();
process.on('SIGUSR2', setClock);

globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(RealDate.now() + offsetMs);
    else super(...given);
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
} as DateConstructor;
