import { setTimeout as sleep } from 'node:timers/promises';
import { createStreams } from '../../playground/random.ts';
import { freePort } from '../e2e/free-port.ts';
import type { Server } from '../e2e/server.ts';
import { startStage, type Stage } from '../e2e/stage.ts';
import { visit, type Customer, type Visit } from './customer.ts';
import { dueIn, reportOn, type Report } from './report.ts';
import { faults, storm } from './weather.ts';
import { patienceMs } from '../../playground/patience.ts';

export interface SoakOptions {
  readonly jobs: number;
  /** Chooses faults, lags and the times between kills. How they meet the program's own timing is another one each run. */
  readonly seed: number;
  readonly say?: (line: string) => void;
}

const jobsPerServer = 3;
/** So many orders are on their way at the same time. */
const atOnce = 40;

/**
 * Members of many servers order trainings from the real program while it is killed again and again and the provider loses
 * answers. Everything is awaited; nothing is judged here.
 */
export async function soak({ jobs, seed, say = () => undefined }: SoakOptions): Promise<Report> {
  const begunAt = Date.now();
  const random = createStreams(seed);
  const stage = await openStage(seed);
  try {
    const customers = await invite(stage, jobs);
    say(`${jobs} orders, ${customers.at(-1)?.server.guild.name ?? ''}, seed ${seed}`);
    stage.modelsLab.oddities.faults = faults;
    const fair = new AbortController();
    const storming = storm(stage, random('storm'), fair.signal);
    const visits = await visitAll(stage, customers, say);
    fair.abort();
    const kills = await storming;
    await rest(stage);
    return reportOn(stage, { seed, visits, kills, seconds: Math.round((Date.now() - begunAt) / 1000) });
  } finally {
    // What a kill leaves unanswered, and what is said a second time after it, is nobody's mistake.
    stage.forgive('late', 10062, 40060);
    await stage.close();
  }
}

/** Whatever a kill has left to do is done once nothing is due any more; also what would be told or paid a second time. */
async function rest({ folder }: Stage): Promise<void> {
  const until = Date.now() + patienceMs;
  while (dueIn(folder) > 0 && Date.now() < until) await sleep(500);
}

async function openStage(seed: number): Promise<Stage> {
  const port = String(await freePort());
  const environment = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}/`, POLL_SECONDS: '0.5' };
  return startStage({ environment, seed, trainingMs: 2500 });
}

/** Each server has two members who order; every fourth shares the key of the one before. */
async function invite(stage: Stage, jobs: number): Promise<readonly Customer[]> {
  const servers: Server[] = [];
  while (servers.length * jobsPerServer < jobs) {
    const isSharing = servers.length % 4 === 3;
    const server = await stage.addServer({ key: !isSharing, account: { balance: 1000 } });
    if (isSharing) await server.setKey(servers.at(-1)!.account.key);
    servers.push(server);
  }
  const members = servers.map(({ bob, guild }) => [bob, guild.addMember({ name: 'Eve' })]);
  return Array.from({ length: jobs }, (_, index) => {
    const at = index % servers.length;
    const turn = Math.floor(index / servers.length) % 2;
    return { server: servers[at]!, member: members[at]![turn]!, trigger: `soak${String(index).padStart(4, '0')}x` };
  });
}

async function visitAll(
  stage: Stage,
  customers: readonly Customer[],
  say: (line: string) => void,
): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  const waiting = [...customers];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { trigger } = next;
      visits.push(await visit(stage, next).catch((error: unknown) => lostVisit(trigger, error)));
      if (visits.length % 25 === 0) say(`${visits.length} ended`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, customers.length) }, work));
  return visits;
}

function lostVisit(trigger: string, error: unknown): Visit {
  const [line = ''] = String(error).split('\n');
  return { trigger, presses: 1, answers: 0, ends: () => [], trouble: line };
}
