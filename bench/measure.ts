import { readFileSync } from 'node:fs';

/** Milliseconds of CPU that this process, all its threads together, spends on `work`. */
export async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export async function wallMs(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

/** Of CPU times, which whatever else the machine does can only lengthen, the lowest is the nearest to the truth. */
export function lowest(values: readonly number[]): number {
  return Math.min(...values);
}

/** Runs rivals in turns, so that whatever else the machine does meets all of them alike. */
export async function compare<Name extends string>(
  rivals: Readonly<Record<Name, () => Promise<number>>>,
  { rounds, pick }: { readonly rounds: number; readonly pick: (values: readonly number[]) => number },
): Promise<Record<Name, number>> {
  const names = Object.keys(rivals) as Name[];
  for (const name of names) await rivals[name]();
  const seen = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) seen.get(name)?.push(await rivals[name]());
  }
  return Object.fromEntries(names.map((name) => [name, pick(seen.get(name) ?? [])])) as Record<Name, number>;
}

/** The most memory a process had so far, in MiB. Linux only. */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** The processes that this one has started. Linux only. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

export type Row = readonly (string | number)[];

/** A Markdown table, so that what is printed can be put into the documentation as it is. */
export function printTable(head: Row, rows: readonly Row[]): void {
  const cell = (value: string | number) => (typeof value === 'number' ? value.toFixed(value < 20 ? 2 : 0) : value);
  const line = (row: Row) => `| ${row.map(cell).join(' | ')} |`;
  console.log([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n') + '\n');
}
