import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createClock } from '../../playground/discord/clock.ts';
import { startDiscord, type Discord, type DiscordOptions } from '../../playground/discord/discord.ts';
import { discordLimits } from '../../playground/discord/world.ts';
import { createHurriedClock } from '../../playground/modelslab/clock.ts';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import { startModelsLab, type ModelsLab, type ModelsLabOptions } from '../../playground/modelslab/modelslab.ts';
import { startProgram, type Program } from '../../playground/program.ts';
import { patience } from './order.ts';
import { inHaste } from './preloads/fast-clock.ts';
import { findLeaks, type Place, type Secret } from './secret-search.ts';
import { noteStage } from './searched-stages.ts';
import { addServer, type Server, type ServerOptions } from './server.ts';

export interface StageOptions extends Pick<ModelsLabOptions, 'seed' | 'trainingMs' | 'oddities'> {
  /** Beside the variables that every stage sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Discord's own where not given. */
  readonly limits?: DiscordOptions['limits'];
  /** How many times faster than real time goes for the program and the stand-ins, or slower; Discord's three seconds stay as they are. */
  readonly speed?: number;
}

/** For stages whose tests wait for the program. Limits that a busy machine must not meet bear no more. */
export const fast = 5;

interface StartExtra {
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/**
 * The real program as a child process with a database file of its own, between stand-ins for Discord and ModelsLab. Each
 * server on it has its own people and its own wallet, so that tests on one stage need not know of each other.
 */
export interface Stage {
  readonly discord: Discord;
  readonly modelsLab: ModelsLab;
  readonly folder: string;
  /** The program that runs now; another one after `restart`. */
  program(): Program;
  /** Its log so far, as the parsed lines. */
  log(): Record<string, unknown>[];
  addServer(options?: ServerOptions): Promise<Server>;
  /** Resolves once a message that is there already says this. */
  becomes(message: Message, what: RegExp): Promise<unknown>;
  /** Ends the program, unless it has ended, and starts it again on the same files; `extra` is for this start alone. */
  restart(signal: 'SIGTERM' | 'SIGKILL', meanwhile?: () => Promise<void>, extra?: StartExtra): Promise<void>;
  /** These refusals of Discord's are what a test is about. */
  forgive(...codes: readonly (number | 'late')[]): void;
  /** One more text that nobody may ever read anywhere. */
  keepSecret(secret: string): void;
  /** What must hold after every test: Discord had nothing to complain of, and no secret is anywhere. */
  check(): Promise<void>;
  /** Where a secret of this stage, or one of these, can be read in any form. */
  leaks(others?: readonly string[]): Promise<readonly string[]>;
  /** Fails where there is any. */
  checkSecrets(): Promise<void>;
  /** Stops in good order, which is checked as well, and searches all that is left for secrets. */
  close(): Promise<void>;
}

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { environment = {}, limits, speed = 1, ...provider } = options;
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-e2e-'));
  const haste = { speed, since: Date.now() };
  const discord = await startDiscord({
    clock: createClock(haste),
    limits: { firstAnswerMs: speed * discordLimits.firstAnswerMs, ...limits },
  });
  const modelsLab = await startModelsLab({ clock: createHurriedClock(haste), trainingMs: 1200, ...provider });
  const hurried = speed === 1 ? {} : inHaste(haste);
  const variables = together(variablesFor({ discord, modelsLab, folder }), hurried, environment);
  const programs = [startProgram(variables)];
  const program = () => programs.at(-1)!;
  const keys = new Set<string>();
  const forgiven = new Set<number | 'late'>();
  await ready(discord, program());

  const searched = noteStage(() => expect.getState().testPath ?? 'a test');
  const own = () => secretsOf({ discord, modelsLab }, [...keys, discord.botToken, masterKey]);
  const places = async (): Promise<readonly Place[]> => [
    { name: 'the log', content: programs.map((one) => one.output()).join('\n') },
    { name: 'messages', content: everythingSaid(discord) },
    { name: 'requests to Discord', content: discord.requests.map(({ path }) => path).join('\n') },
    { name: 'requests to ModelsLab', content: modelsLab.requests.map(({ path }) => path).join('\n') },
    ...(await filesIn(folder)).map(([name, content]) => ({ name, content })),
  ];

  const stage: Stage = {
    discord,
    modelsLab,
    folder,
    program,
    log: () => programs.flatMap((one) => linesOf(one.output())),
    addServer: async (options) => {
      const server = await addServer({ discord, modelsLab }, options);
      keys.add(server.account.key);
      return server;
    },
    becomes: (message, what) =>
      discord.until(() => what.test(textOf(message)), { ...patience, what: `${String(what)} in a message` }),
    restart: async (signal, meanwhile, extra = {}) => {
      const code = await program().stop(signal);
      if (signal === 'SIGTERM') expect(code, program().output()).toBe(0);
      await meanwhile?.();
      programs.push(startProgram(together(variables, extra.environment ?? {}), extra.args));
      await ready(discord, program());
    },
    forgive: (...codes) => {
      for (const code of codes) forgiven.add(code);
    },
    keepSecret: (secret) => void keys.add(secret),
    check: async () => {
      expect(discord.violations.filter(({ code }) => !forgiven.has(code))).toEqual([]);
      await stage.checkSecrets();
      expect(everythingSaid(discord)).not.toMatch(/undefined|NaN|\[object Object\]/);
    },
    leaks: async (others = []) => {
      return findLeaks([...own(), ...others.map((text) => ({ text }))], await places());
    },
    checkSecrets: async () => {
      expect(await stage.leaks()).toEqual([]);
    },
    close: async () => {
      try {
        expect(await program().stop(), program().output()).toBe(0);
        await stage.check();
        const bytes = (await places()).reduce((sum, { content }) => sum + content.length, 0);
        searched({ secrets: own().length, bytes });
      } finally {
        await program().stop('SIGKILL');
        await Promise.all([discord.close(), modelsLab.close()]);
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
  return stage;
}

const masterKey = Buffer.alloc(32, 'stage').toString('base64');

/** Port 0 and a folder of its own: any number of stages can stand side by side. */
export function variablesFor({
  discord,
  modelsLab,
  folder,
}: Pick<Stage, 'discord' | 'modelsLab' | 'folder'>): Record<string, string> {
  return {
    DISCORD_TOKEN: discord.botToken,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_CDN_ORIGINS: discord.cdnOrigin,
    MODELSLAB_URL: modelsLab.url,
    MODELSLAB_SANDBOX_URL: modelsLab.sandboxUrl,
    DATABASE_URL: `sqlite:${join(folder, 'darkroom.db')}`,
    MASTER_KEYS: `k1:${masterKey}`,
    PORT: '0',
    POLL_SECONDS: '0.1',
  };
}

/** The later ones hold; of NODE_OPTIONS all do. */
function together(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const options = all.flatMap((one) => one['NODE_OPTIONS'] ?? []).join(' ');
  return Object.assign({}, ...all, options === '' ? {} : { NODE_OPTIONS: options }) as Record<string, string>;
}

async function ready(discord: Discord, program: Program): Promise<void> {
  const early = program.exited.then((code) => {
    throw new Error(`The program ended with exit code ${String(code)}:\n${program.output()}`);
  });
  const registered = discord
    .botReady(patience)
    .then(() => discord.until(() => discord.commands().length > 0, patience));
  early.catch(() => undefined); // Only of interest while it is awaited here.
  await Promise.race([registered, early]);
}

function linesOf(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Every version of every message that anybody could ever read, ephemeral ones and direct ones included. */
function everythingSaid({ events }: Discord): string {
  const messages = events.all.flatMap((change) => (change.type === 'message-created' ? [change.message] : []));
  const readable = (_key: string, value: unknown) => (value instanceof Uint8Array ? null : value);
  return messages.flatMap(({ versions }) => versions.map((version) => JSON.stringify(version, readable))).join('\n');
}

/** All that came up on this stage: what was configured, typed into a form for keys, or made for one call. */
function secretsOf({ discord, modelsLab }: Pick<Stage, 'discord' | 'modelsLab'>, known: readonly string[]): Secret[] {
  const interactions = discord.events.all.flatMap((change) =>
    change.type === 'interaction-created' ? [change.interaction] : [],
  );
  const typed = interactions.flatMap(({ data }) => keysTypedIn(JSON.stringify(data)));
  const webhooks = modelsLab.trainings.flatMap(
    ({ request }) => /[\w-]{32}$/.exec(String(request['webhook']))?.[0] ?? [],
  );
  return [
    ...[...new Set([...known, ...typed, ...webhooks])].map((text) => ({ text })),
    ...interactions.map(({ token }) => ({ text: token, belongsIn: ['requests to Discord'] })),
  ];
}

/** The texts of the forms for keys. */
function keysTypedIn(data: string): string[] {
  const fields = data.match(/"custom_id":"(?:api_key|wandb_key)"[^{}]*/g) ?? [];
  return fields
    .flatMap((field) => /"value":("(?:[^"\\]|\\.)*")/.exec(field)?.[1] ?? [])
    .map((text) => JSON.parse(text) as string);
}

async function filesIn(folder: string): Promise<[string, Buffer][]> {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(folder, name))]));
}
