import type { Discord } from '../../discord/discord.ts';
import { startProgram, type Program } from '../../program.ts';
import type { BotView, LogLineView } from '../protocol.ts';
import { parseLogLine } from './log-line.ts';

/** The program, which may be killed and started again on the same files. */
export interface Bot {
  view(): BotView;
  /** Throws when it is there already. */
  start(): void;
  /** Resolves when it is gone. Throws when there is none. */
  end(how: 'kill' | 'stop'): Promise<void>;
  /** Ends it for good, whatever it is at. */
  close(): Promise<void>;
}

export interface BotDeps {
  readonly discord: Pick<Discord, 'events' | 'violations'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly now: () => number;
  readonly onChange: () => void;
}

const linesKept = 200;
/** Longer than it takes to end in good order; then it is killed. */
const patienceMs = 15_000;

type State = Pick<BotView, 'state' | 'ended'>;

export function createBot({ discord, environment, now, onChange }: BotDeps): Bot {
  let program: Program | undefined;
  let current: State & { readonly since: number } = { state: 'stopped', ended: null, since: now() };
  let asked: 'killed' | 'asked' | undefined;
  let starts = 0;
  let lines = 0;
  let log: readonly LogLineView[] = [];

  const become = (next: State) => {
    current = { ...next, since: now() };
    onChange();
  };
  const write = (line: string) => {
    lines += 1;
    log = [...log, { id: lines, at: now(), ...parseLogLine(line) }].slice(-linesKept);
    onChange();
  };
  const stopListening = discord.events.on(({ type }) => {
    if (type === 'bot-ready' && current.state === 'starting') become({ state: 'running', ended: null });
    if (type === 'violation') onChange();
  });

  return {
    view: () => ({
      ...current,
      pid: program?.pid ?? null,
      starts,
      log,
      violations: discord.violations.map(({ where, detail }) => `${where}: ${detail}`),
    }),
    start() {
      if (program) throw new Error('Cannot start the bot: it is there already');
      starts += 1;
      asked = undefined;
      const started = startProgram(environment);
      program = started;
      started.onLine(write);
      void started.exited.then((exitCode) => {
        program = undefined;
        become({ state: 'stopped', ended: { how: asked ?? 'by-itself', exitCode } });
      });
      become({ state: 'starting', ended: null });
    },
    async end(how) {
      if (!program) throw new Error('Cannot end the bot: it does not run');
      asked = how === 'kill' ? 'killed' : 'asked';
      become({ state: 'stopping', ended: null });
      await program.stop(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    },
    async close() {
      stopListening();
      const patience = setTimeout(() => void program?.stop('SIGKILL'), patienceMs);
      await program?.stop();
      clearTimeout(patience);
    },
  };
}
