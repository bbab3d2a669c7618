import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDiscord, type Discord } from '../../playground/discord/discord.ts';
import { startModelsLab, type ModelsLab } from '../../playground/modelslab/modelslab.ts';
import { startProgram, type Program } from '../../playground/program.ts';
import { ledgerIn } from './database.ts';
import { patience } from './order.ts';
import { attached, photos } from './photos.ts';
import { addServer } from './server.ts';
import { variablesFor } from './stage.ts';

/* What ends the program because only its operator can put it right: one clear line and exit code 1. */

let modelsLab: ModelsLab;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-e2e-'));
  modelsLab = await startModelsLab({ oddities: { course: { stuckAt: 'training_started' } } });
});
afterAll(async () => {
  await modelsLab.close();
  await rm(folder, { recursive: true, force: true });
});

interface Running {
  readonly discord: Discord;
  readonly program: Program;
}

async function running(name: string, extra: Record<string, string> = {}): Promise<Running> {
  const discord = await startDiscord();
  const database = {
    ...extra,
    DATABASE_URL: `sqlite:${join(folder, name, 'darkroom.db')}`,
  };
  const program = startProgram({ ...variablesFor({ discord, modelsLab, folder }), ...database });
  await discord.botReady(patience);
  await discord.until(() => discord.commands().length > 0, patience);
  return { discord, program };
}

/** What an operator reads who does not read the log. */
function linesOf(program: Program): string[] {
  return program
    .output()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'));
}

const closes = [
  [4004, /DISCORD_TOKEN is not valid any more/],
  [4010, /start the program again/],
  [4011, /more servers than one process may serve/],
  [4012, /update the program/],
  [4013, /update the program/],
  [4014, /update the program/],
] as const;

it.each(closes)('a close of the gateway with %i', async (code, what) => {
  const { discord, program } = await running(`close-${code}`);
  discord.gateway.closeWith(code);
  expect(await program.exited).toBe(1);
  expect(linesOf(program)).toEqual([expect.stringMatching(what)]);
  expect(linesOf(program)[0]).toContain(`code ${code}`);
  await discord.close();
});

describe('a token that was reset while the bot was running', () => {
  it('ends it at the first call, and what was under way is whole', async () => {
    const { discord, program } = await running('reset');
    const server = await addServer({ discord, modelsLab });
    const order = await server.train();
    await order.start();
    await order.says(/▶ \*\*Training\*\*/);
    const token = discord.resetToken();
    await modelsLab.move(server.trainings()[0]!.id, 'model_ready'); // It will want to say so.
    expect(await program.exited).toBe(1);
    expect(linesOf(program)).toEqual([expect.stringMatching(/Discord does not accept DISCORD_TOKEN/)]);
    expect(ledgerIn(join(folder, 'reset'))).toEqual(['pressed', 'intent', 'charged']);
    expect(discord.requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(4);

    const again = startProgram({
      ...variablesFor({ discord, modelsLab, folder }),
      DATABASE_URL: `sqlite:${join(folder, 'reset', 'darkroom.db')}`,
      DISCORD_TOKEN: token,
    });
    await order.end(/is ready/);
    expect(server.charges()).toHaveLength(1);
    expect(await again.stop()).toBe(0);
    await discord.close();
  });

  it('is not believed of a 401 that only an interaction’s own token gets', async () => {
    const { discord, program } = await running('webhook');
    const server = await addServer({ discord, modelsLab });
    const held = discord.faults.hold({ method: 'POST', path: /\/threads$/ });
    const use = await server.bob.command(server.channel, 'train', {
      name: 'Late',
      subject: 'woman',
      ...attached(photos),
    });
    await use.answer();
    await held.arrived;
    discord.clock.jump(16 * 60_000);
    held.release();
    const thread = await discord.until(() => discord.threads(server.channel)[0], patience);
    await discord.until(() => discord.requests.some(({ code }) => code === 50_027), patience);
    await discord.until(() => discord.messages(thread).length > 0, patience);
    expect((await server.ask(server.bob, 'status')).content).toMatch(/Late/);
    expect(await program.stop()).toBe(0);
    await discord.close();
  });
});

it('ends in good order with exit code 1 after a bug that nobody caught, which is in the log', async () => {
  const bug = "process.on('SIGUSR2', () => { void Promise.reject(new Error('a bug')); });";
  const preload = `data:text/javascript,${encodeURIComponent(bug)}`;
  const { discord, program } = await running('bug', { NODE_OPTIONS: `--import=${preload}` });
  process.kill(program.pid, 'SIGUSR2');
  expect(await program.exited).toBe(1);
  expect(program.output()).toMatch(/"level":"fatal".*"message":"a bug".*an error was not caught: stopping/);
  expect(program.output()).toMatch(/stopping: nothing is lost/);
  await discord.close();
});
