import { subscribe } from 'node:diagnostics_channel';
import type { CrashPoint, Crossing } from '../../src/services/jobs/crash-points.ts';

/*
 * Loaded into the program before its own modules (`crashAt`): ends it by SIGKILL at one crash point of one job. The
 * signal is delivered before `kill` returns: nothing after the point is carried out.
 */

/** Beside the program's own points: `request-left` is when the whole paid request was handed to the system. */
export interface Crash {
  readonly at: CrashPoint | 'request-left';
  readonly jobId: string;
  /** Only when the job was in this state as the step began. */
  readonly state?: string | undefined;
}

const variable = 'CRASH';

/** The variables that have a program killed there. */
export function crashAt(crash: Crash): Record<string, string> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, [variable]: JSON.stringify(crash) };
}

const given = process.env[variable];
if (given !== undefined) watch(JSON.parse(given) as Crash);

function watch(crash: Crash): void {
  const sending = { isMeant: false };
  subscribe('darkroom:crash-point', (message) => {
    const { point, jobId, state } = message as Crossing;
    if (jobId !== crash.jobId) return;
    if (point.endsWith('intent-stored')) sending.isMeant = true;
    if (point.endsWith('reply-received')) sending.isMeant = false;
    if (point === crash.at && (crash.state === undefined || crash.state === state)) die();
  });
  subscribe('undici:request:bodySent', (message) => {
    const { request } = message as { readonly request: { readonly path: string } };
    const isPaid = /fine_tune$|text2img$/.test(request.path);
    if (crash.at === 'request-left' && sending.isMeant && isPaid) die();
  });
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
