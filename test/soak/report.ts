import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Stage } from '../e2e/stage.ts';
import { chargedFor, type Visit } from './customer.ts';

export interface Report {
  /** What was counted, by what it is called. */
  readonly counts: Readonly<Record<string, number | string>>;
  /** What must never be; empty after a good run. */
  readonly problems: readonly string[];
}

export interface Run {
  readonly seed: number;
  readonly visits: readonly Visit[];
  readonly kills: number;
  readonly seconds: number;
}

export function reportOn(stage: Stage, { seed, visits, kills, seconds }: Run): Report {
  const cases = casesOf(stage, visits);
  const states = cases.flatMap(({ jobs }) => jobs.map(({ state }) => state));
  return {
    counts: {
      seed,
      orders: visits.length,
      kills,
      presses: sum(visits.map(({ presses }) => presses)),
      charges: sum(cases.map(({ charged }) => charged.length)),
      'charged twice': cases.filter(({ charged }) => charged.length > 1).length,
      'presses lost': cases.filter(({ jobs, charged }) => jobs.length === 0 || charged.length === 0).length,
      'paid requests without an answer': lostAnswers(stage),
      'questions answered': sum(visits.map(({ answers }) => answers)),
      'ends told': sum(cases.map(({ told }) => told.length)),
      states: [...new Set(states)]
        .map((state) => `${states.filter((one) => one === state).length} ${state}`)
        .join(', '),
      seconds,
    },
    problems: cases.flatMap((one) => problemsOf(one).map((problem) => `${one.trigger}: ${problem}`)),
  };
}

interface Stored {
  readonly trigger: string;
  readonly state: string;
  readonly trainingId: string | null;
}

/** What the customer, the provider and the program know of one order. */
interface Case extends Visit {
  readonly told: readonly string[];
  readonly charged: readonly string[];
  readonly jobs: readonly Stored[];
}

function casesOf(stage: Stage, visits: readonly Visit[]): readonly Case[] {
  const stored = storedIn(stage.folder);
  return visits.map((visit) => ({
    ...visit,
    told: visit.ends(),
    charged: chargedFor(stage, visit.trigger),
    // What was opened and never started, because its command was used again after a kill, counts for nothing.
    jobs: stored.filter(({ trigger, state }) => trigger === visit.trigger && !['draft', 'discarded'].includes(state)),
  }));
}

function problemsOf({ charged, jobs, told, trouble }: Case): string[] {
  const [job] = jobs;
  const problems = [
    [trouble !== undefined, `it did not come to its end: ${trouble ?? ''}`],
    [charged.length !== 1, `charged ${charged.length} times (${charged.join(' ')})`],
    [jobs.length !== 1, `started as ${jobs.length} jobs`],
    [job?.state !== 'ready', `it is ${job?.state ?? 'not stored'}`],
    [job?.trainingId !== charged[0], `it follows ${job?.trainingId ?? 'nothing'}, and not ${charged[0] ?? 'nothing'}`],
    [told.length !== 1 || !told[0]?.includes('is ready'), `its owner was told: ${told.join(' | ')}`],
  ] as const;
  return problems.flatMap(([holds, text]) => (holds ? [text] : []));
}

function storedIn(folder: string): readonly Stored[] {
  const query = `select state, training_id as trainingId, json_extract(document, '$.order.trigger') as trigger from jobs`;
  return read(folder, query) as readonly Stored[];
}

/** How many started orders are still worked on. */
export function dueIn(folder: string): number {
  return read(folder, `select id from jobs where next_at is not null and state not in ('draft', 'discarded')`).length;
}

function read(folder: string, query: string): readonly unknown[] {
  const db = new DatabaseSync(join(folder, 'darkroom.db'), { readOnly: true, timeout: 5000 });
  try {
    return db.prepare(query).all();
  } finally {
    db.close();
  }
}

function lostAnswers({ modelsLab }: Stage): number {
  return modelsLab.requests.filter(
    ({ call, outcome }) => call === 'lora_fine_tune' && outcome !== 200 && outcome !== 429,
  ).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
