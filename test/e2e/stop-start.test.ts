import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDiscord, type Discord } from '../../playground/discord/discord.ts';
import { startModelsLab, type ModelsLab } from '../../playground/modelslab/modelslab.ts';
import { startProgram } from '../../playground/program.ts';
import { patience } from './order.ts';
import { terminateAt } from './preloads/terminate.ts';
import { variablesFor } from './stage.ts';

describe('a stop in the middle of a start', () => {
  let discord: Discord;
  let modelsLab: ModelsLab;
  let folder: string;

  beforeAll(async () => {
    modelsLab = await startModelsLab();
    folder = await mkdtemp(join(tmpdir(), 'darkroom-e2e-'));
  });
  afterAll(async () => {
    await modelsLab.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (extra: Record<string, string> = {}) =>
    startProgram({ ...variablesFor({ discord, modelsLab, folder }), ...extra });

  /** It comes up as if nothing had been. */
  async function startsWell(): Promise<void> {
    discord.faults.clear();
    const program = start();
    await discord.botReady(patience);
    await discord.until(() => discord.commands().length > 0, patience);
    expect(await program.stop()).toBe(0);
    expect(discord.violations).toEqual([]);
    await discord.close();
  }

  it.each([
    ['the login', { method: 'GET', path: /\/gateway\/bot/ }],
    ['the commands are looked for', { method: 'GET', path: /\/commands/ }],
    ['the commands are registered', { method: 'PUT', path: /\/commands/ }],
    ['the commands are registered and Discord has them', { method: 'PUT', path: /\/commands/, isDone: true }],
  ] as const)('while %s', async (_what, holding) => {
    discord = await startDiscord();
    const held = discord.faults.hold(holding);
    const program = start();
    await held.arrived;
    expect(await program.stop()).toBe(0);
    expect(program.output()).not.toMatch(/Cannot start|not caught/);
    await startsWell();
  });

  it('while the schema is made: it is made whole or not at all', async () => {
    discord = await startDiscord();
    await rm(join(folder, 'darkroom.db'), { force: true });
    const program = start(terminateAt('create table'));
    expect(await program.exited).toBe(0);
    expect(program.output()).toMatch(/stopping: nothing is lost/);
    await startsWell();
  });
});
