import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';

/** Everything that is set from outside. Read once, at the start. */
export interface Config {
  readonly discordToken: string;
  readonly discordApiUrl: string;
  readonly cdnOrigins: readonly string[];
  readonly guildId: string | undefined;
  readonly modelslabUrl: string;
  readonly sandboxUrl: string;
  readonly databaseUrl: string;
  readonly masterKeys: string | undefined;
  readonly masterKeysFile: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly pollMs: number;
  readonly logLevel: string;
}

/** A variable is missing or malformed: its message is one line that names it and says where to get it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const url = z.url({ protocol: /^https?$/ });
/** What others are told to call: in the clear only on this machine. */
const publicUrl = url.refine((text) => {
  const parsed = URL.parse(text);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(parsed?.hostname ?? '');
  return (parsed?.protocol === 'https:' || isHere) && parsed?.search === '' && parsed.hash === '';
});
/** A URL with nothing behind the host and port. */
const origin = z
  .string()
  .trim()
  .refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text.replace(/\/$/, ''));

const variables = z.object({
  // A value that cannot stand in a header would be quoted in the HTTP client's error.
  DISCORD_TOKEN: z
    .string()
    .trim()
    .regex(/^[!-~]+$/),
  DISCORD_API_URL: url.default('https://discord.com/api'),
  DISCORD_CDN_ORIGINS: z
    .string()
    .default('https://cdn.discordapp.com,https://media.discordapp.net')
    .transform((text) => text.split(','))
    .pipe(z.array(origin)),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d{17,20}$/)
    .optional(),
  MODELSLAB_URL: url.default('https://modelslab.com/api'),
  MODELSLAB_SANDBOX_URL: url.default('https://stablediffusionapi.com/api/sandbox/v3'),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.|postgres(ql)?:\/\/)/)
    .default('sqlite:data/darkroom.db'),
  MASTER_KEYS: z.string().min(1).optional(),
  MASTER_KEYS_FILE: z.string().min(1).optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: publicUrl.optional(),
  POLL_SECONDS: z.coerce.number().positive().max(3600).default(30),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

type Variable = keyof z.input<typeof variables>;

/** Every variable that is read, for the test that compares them with the documentation. */
export const variableNames: readonly string[] = Object.keys(variables.shape);

/** What to do about each variable, for the one line that ends the start. */
const advice: Readonly<Record<Variable, string>> = {
  DISCORD_TOKEN: 'copy it from discord.com/developers/applications → your application → Bot → Reset Token',
  DISCORD_API_URL: 'give an http(s) URL such as https://discord.com/api, or leave it out',
  DISCORD_CDN_ORIGINS: 'give origins separated by commas such as https://cdn.discordapp.com, or leave it out',
  DISCORD_GUILD_ID:
    'give a server’s id (17 to 20 digits; Discord → right-click the server → Copy Server ID), or leave it out',
  MODELSLAB_URL: 'give an http(s) URL such as https://modelslab.com/api, or leave it out',
  MODELSLAB_SANDBOX_URL: 'give an http(s) URL, or leave it out',
  DATABASE_URL: 'give sqlite:<path>, or leave it out',
  MASTER_KEYS: 'give k1:<32 bytes in base64>, or leave it out to have one made',
  MASTER_KEYS_FILE: 'give the path of a file, or leave it out to have one made',
  PORT: 'give a number from 0 to 65535 (0 takes a free port), or leave it out',
  HOST: 'give an address such as 127.0.0.1, or leave it out',
  PUBLIC_URL: 'give the https URL under which this program is reached from outside, or leave it out',
  POLL_SECONDS: 'give a number of seconds above 0 and up to 3600, or leave it out',
  LOG_LEVEL: 'give trace, debug, info, warn, error, fatal or silent, or leave it out',
};

/** The environment, checked. An empty or blank variable counts as left out, as compose files write it. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = variables.safeParse(given);
  if (!parsed.success) throw new ConfigError(lineFor(parsed.error, given));
  const read = parsed.data;
  return {
    discordToken: read.DISCORD_TOKEN,
    discordApiUrl: read.DISCORD_API_URL,
    cdnOrigins: read.DISCORD_CDN_ORIGINS.map((text) => new URL(text).origin),
    guildId: read.DISCORD_GUILD_ID,
    modelslabUrl: read.MODELSLAB_URL,
    sandboxUrl: read.MODELSLAB_SANDBOX_URL,
    databaseUrl: read.DATABASE_URL,
    masterKeys: read.MASTER_KEYS,
    masterKeysFile: read.MASTER_KEYS_FILE,
    port: read.PORT,
    host: read.HOST,
    publicUrl: read.PUBLIC_URL,
    pollMs: Math.ceil(read.POLL_SECONDS * 1000),
    logLevel: read.LOG_LEVEL,
  };
}

/** The environment of this process, completed by a `.env` file in the working directory when there is one. */
export function loadConfig(): Config {
  return parseConfig({ ...readDotEnv(), ...process.env });
}

/** Values are never quoted: one of them is the token. */
function lineFor(error: z.ZodError, given: Readonly<Record<string, unknown>>): string {
  const name = String(error.issues[0]?.path[0]);
  const problem = name in given ? 'is malformed' : 'is not set';
  return `Cannot start: ${name} ${problem}. To put it right, ${advice[name as Variable]}.`;
}

function readDotEnv(): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch {
    return {}; // There need not be one.
  }
}
