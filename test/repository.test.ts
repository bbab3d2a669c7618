import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { ApplicationCommandOptionType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/commands/index.ts';
import { parseConfig, variableNames } from '../src/config.ts';
import { methods } from '../src/services/modelslab/methods.ts';
import { price } from '../src/services/threads/cards/words.ts';
import vitestConfig from '../vitest.config.ts';

/* What stands around the code says things about it. These tests keep that true. */

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const exists = (path: string) => statSync(join(root, path), { throwIfNoEntry: false }) !== undefined;

/** Pictures hold no text, though their bytes may look like some. */
const files = filesIn('').filter((path) => !path.endsWith('.png'));
const readme = read('README.md');
const dockerfile = read('Dockerfile').replaceAll(/\\\n\s*/g, '');
const compose = read('compose.yaml');
const packageJson = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly optionalDependencies: Readonly<Record<string, string>>;
};
interface Project {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
}

const token = { DISCORD_TOKEN: 'a-token' };

describe('the environment', () => {
  const everyLine = parseEnv(read('.env.example').replaceAll(/^# (?=[A-Z_]+=)/gm, ''));

  it('is listed in .env.example, all of it and nothing else', () => {
    expect(Object.keys(everyLine).toSorted()).toEqual(variableNames.toSorted());
  });

  it('asks in .env.example for the token alone', () => {
    expect(parseEnv(read('.env.example'))).toEqual({ DISCORD_TOKEN: '' });
  });

  it('has the defaults that .env.example shows', () => {
    expect(parseConfig({ ...everyLine, ...token })).toEqual(parseConfig(token));
  });

  const rows = tableIn(readme, 'variable').map(([name = '', byDefault = '']) => [code(name), code(byDefault)] as const);

  it('is listed in the README, all of it and nothing else', () => {
    expect(rows.map(([name]) => name).toSorted()).toEqual(variableNames.toSorted());
  });

  it('has the defaults that the README shows', () => {
    const shown = Object.fromEntries(rows.filter(([name]) => name !== 'DISCORD_TOKEN'));
    expect(parseConfig({ ...shown, ...token })).toEqual(parseConfig(token));
  });
});

describe('the README', () => {
  it('names every command and every subcommand, and no other', () => {
    const named = tableIn(readme, 'what').map(([what = '']) => code(what));
    expect(named.toSorted()).toEqual(commands.flatMap(({ payload }) => (payload ? namesOf(payload) : [])).toSorted());
  });

  it('names every method with its price and the size of its crops', () => {
    const rows = tableIn(readme, 'method').map(([id = '', ...rest]) => [code(id), ...rest]);
    expect(rows).toEqual(
      Object.values(methods).map(({ id, label, price: asked, cropSize }) => [
        id,
        label,
        price(asked),
        `${cropSize} × ${cropSize}`,
      ]),
    );
  });

  it('begins with the two commands', () => {
    expect(readme.slice(0, 1500)).toMatch(/^npm ci && npm run demo .*\nnpm ci && npm test /m);
  });
});

describe('what is written about the project', () => {
  const documents = files.filter((path) => path.endsWith('.md'));

  it.each(documents)('%s links to files that exist', (path) => {
    const targets = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !exists(join(dirname(path), target)))).toEqual([]);
  });

  it('points to documents that exist', () => {
    const mentions = files.flatMap((path) => read(path).match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
    expect(mentions.filter((path) => !exists(path))).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    const texts = [...documents, '.ci/run', ...sources()].map(read).join('\n');
    const named = [...texts.matchAll(/\bnpm run ([a-z-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
  });

  it('names files of the source that exist', () => {
    const texts = [readme, read('CONTRIBUTING.md'), ...documents.filter((path) => path.startsWith('docs/')).map(read)];
    const named = texts.join('\n').match(/\b(?:src|playground|test)\/[\w/-]+\.ts\b/g) ?? [];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !exists(path))).toEqual([]);
  });

  it('numbers the decisions without a gap and keeps each to one screen', () => {
    const decisions = files.filter((path) => path.startsWith('docs/decisions/'));
    expect(decisions.map((path) => Number(/(\d{3})-[a-z0-9-]+\.md$/.exec(path)?.[1]))).toEqual(
      decisions.map((_, index) => index + 1),
    );
    for (const path of decisions) {
      const text = read(path);
      expect(text.split('\n').length, path).toBeLessThan(40);
      expect(text, path).toMatch(new RegExp(`^# ${/\d{3}/.exec(path)?.[0] ?? ''} \\S`));
      expect(text, path).toMatch(/\*\*Context\.\*\*[^]*\*\*Choice\.\*\*[^]*\*\*Look again when\*\*/);
    }
  });
});

describe('the files of the source', () => {
  const importsOf = (path: string) =>
    [...read(path).matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)';$/gm)].map(([, to = '']) =>
      join(dirname(path), to),
    );
  const imports = new Map(filesIn('src').map((path) => [path, importsOf(path)]));

  it('import each other in no circle, not even for a type', () => {
    const left = new Map(imports);
    const isImported = (path: string) => [...left.values()].some((to) => to.includes(path));
    const findEnds = () => [...left].filter(([path, to]) => !isImported(path) || to.every((one) => !left.has(one)));
    for (let ends = findEnds(); ends.length > 0; ends = findEnds()) for (const [path] of ends) left.delete(path);
    expect(imports.size).toBeGreaterThan(200);
    expect([...left.keys()]).toEqual([]);
  });
});

describe('the image', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, list = '']) =>
    list.split(' ').slice(0, -1),
  );

  it('copies what exists and what .dockerignore lets through', () => {
    expect(copied).toContain('src');
    expect(copied.filter((path) => !exists(path))).toEqual([]);
    const allowed = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(allowed.toSorted()).toEqual([...new Set(copied)].toSorted());
  });

  it('holds everything that the program imports', () => {
    const inImage = (path: string) => copied.some((copy) => path === copy || path.startsWith(`${copy}/`));
    const imports = files.filter(inImage).flatMap((path) => {
      const paths = [...(path.endsWith('.ts') ? read(path) : '').matchAll(/from '(\.{1,2}\/[^']+)'/g)];
      return paths.map(([, target = '']) => join(dirname(path), target));
    });
    expect(imports.filter((path) => !inImage(path))).toEqual([]);
  });

  it('runs the Node that .nvmrc, engines and the packages of the platforms name', () => {
    const major = read('.nvmrc').trim();
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([`node:${major}-bookworm-slim`]));
    expect(packageJson.engines.node).toMatch(new RegExp(`^>=${major}\\.`));
    const platforms = Object.values(packageJson.optionalDependencies);
    expect(new Set(platforms).size, 'one Node for all').toBe(1);
    expect(platforms[0]).toMatch(new RegExp(`^${major}\\.`));
  });

  it('sets variables that the program, Node or glibc reads', () => {
    const [, list = ''] = /^ENV (.+)$/m.exec(dockerfile) ?? [];
    const set = parseEnv(list.replaceAll(' ', '\n'));
    const ours = Object.keys(set).filter((name) => !['NODE_ENV', 'MALLOC_ARENA_MAX'].includes(name));
    expect(ours.filter((name) => !variableNames.includes(name))).toEqual([]);
    expect(() => parseConfig({ ...set, ...token })).not.toThrow();
  });

  it('starts the program as npm start does, without a shell and without root', () => {
    const [, command = ''] = /^CMD (.+)$/m.exec(dockerfile) ?? [];
    expect((JSON.parse(command) as string[]).join(' ')).toBe(
      packageJson.scripts['start']?.replace(/^exec (.+) \|\| \1$/, '$1'),
    );
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile.indexOf('\nUSER node')).toBeGreaterThan(dockerfile.lastIndexOf('\nRUN '));
  });

  it('asks a health page that exists', () => {
    const [, page = ''] = /^HEALTHCHECK .+'(\/\w+)'/m.exec(dockerfile) ?? [];
    expect(read('src/services/web/web.ts')).toContain(`app.get('${page}'`);
  });

  it('keeps everything in the one volume that compose.yaml gives it', () => {
    expect(dockerfile).toMatch(/^VOLUME \/data$/m);
    expect(dockerfile).toContain('DATABASE_URL=sqlite:/data/');
    // The master keys are made in data/ below the working directory.
    expect(dockerfile).toMatch(/^WORKDIR \/app$/m);
    expect(dockerfile).toContain('ln --symbolic /data data');
    expect(read('src/services/guilds/master-keys.ts')).toContain("generatedFile = 'data/");
    expect(compose).toContain('- data:/data\n');
  });

  it('gets more time to stop than the program takes', () => {
    const [, seconds] = /stop_grace_period: (\d+)s/.exec(compose) ?? [];
    const [, longest = ''] = /const stopMs = ([\d_]+);/.exec(read('src/program.ts')) ?? [];
    expect(Number(longest.replace('_', ''))).toBeGreaterThan(0);
    expect(Number(seconds) * 1000).toBeGreaterThan(Number(longest.replace('_', '')));
  });
});

describe('every file', () => {
  const offenders = (pattern: RegExp, paths: readonly string[] = files) =>
    paths.filter((path) => pattern.test(read(path)));

  it('is free of paths that only one machine has', () => {
    expect(offenders(/(?<![\w.])\/(?:work|root|farm|home)\/\w/)).toEqual([]);
  });

  it('takes nothing from outside the repository, so that a clone in an empty folder is all there is', () => {
    const relative = /['"`]((?:\.\.?\/)+[^'"`\s${}]*)['"`]/g;
    const leaving = files.flatMap((path) =>
      [...read(path).matchAll(relative)]
        .map(([, target = '']) => join(dirname(path), target))
        .filter((target) => target.startsWith('..'))
        .map((target) => `${path}: ${target}`),
    );
    expect(leaving).toEqual([]);
  });

  it('runs every test, whatever lies on the machine: only a browser, and what Linux alone tells, may be missing', () => {
    const tests = files.filter((path) => path.startsWith('test/') && path !== 'test/repository.test.ts');
    expect(offenders(/\b(?:skipIf|runIf|todo)\(|\b(?:it|test|describe)\.(?:skip|only)\b/, tests)).toEqual([]);
    const reasons = tests.flatMap((path) => [...read(path).matchAll(/\bskip\(([^)]*)\)/g)].map(([, reason]) => reason));
    expect(reasons.length).toBeGreaterThan(1);
    expect(reasons.filter((reason) => !/only Linux|no Chromium here/.test(reason ?? ''))).toEqual([]);
  });

  it('has each test in one project, of which npm test names those that start nothing and the smoke test', () => {
    const projects = (vitestConfig.test?.projects ?? []) as readonly { readonly test: Project }[];
    const tests = files.filter((path) => path.endsWith('.test.ts'));
    const isHome = ({ include, exclude = [] }: Project, path: string) =>
      include.some((glob) => matchesGlob(path, glob)) && !exclude.some((glob) => matchesGlob(path, glob));
    const lost = tests.filter((path) => projects.filter(({ test }) => isHome(test, path)).length !== 1);
    expect(lost).toEqual([]);
    const named = [...(packageJson.scripts['test'] ?? '').matchAll(/--project (\w+)/g)].map(([, name]) => name);
    const left = projects.map(({ test }) => test.name).filter((name) => !named.includes(name));
    expect(left).toEqual(['programs', 'browser']);
  });

  it('waits without a limit of its own for what has to come: a busy machine takes many times as long for it', () => {
    const limit =
      /withinMs: [\d_]{4,}|\.poll\([^;]*timeout: |waitUntil\([^;]*timeout: [\d_]+|(?:test|hook)Timeout: [\d_]+,|^\}, [\d_]+\);|^ +\},\n +(?:[\d_]{4,}|\w+Ms),\n +\);/m;
    // The soak's customers press again after a while, as people do.
    const waiting = files.filter(
      (path) => /^(?:test|playground|vitest)/.test(path) && path !== 'test/soak/customer.ts',
    );
    const limited = offenders(
      limit,
      waiting.filter((path) => path !== 'test/repository.test.ts'),
    );
    expect(limited).toEqual(['test/soak/weather.ts']);
  });

  it('starts the program without a signal that would open its inspector', () => {
    const starts = [readme, dockerfile, packageJson.scripts['start'] ?? ''].join('\n');
    const begun = [...starts.matchAll(/\bnode"?,? (?:"?--[\w-]+"?,? )*"?src\/index\.ts/g)].map(([call]) => call);
    expect(begun.length).toBeGreaterThan(4);
    expect(begun.filter((call) => !call.includes('--disable-sigusr1'))).toEqual([]);
  });

  it('installs one copy of what speaks to Discord, the one that discord.js uses', () => {
    expect(read('package-lock.json').match(/"node_modules\/(?:.+\/)?@discordjs\/rest": \{/g)).toHaveLength(1);
  });

  it('pins what runs it by a digest, and runs nothing of anybody at installation', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { integrity?: string }> };
    for (const name of Object.keys(packageJson.optionalDependencies))
      expect(packages[`node_modules/${name}`]?.integrity, name).toMatch(/^sha512-/);
    expect(read('package-lock.json')).not.toContain('"hasInstallScript": true');
  });

  it('names no package registry, so that npm takes the one it is set to', () => {
    expect(offenders(/registry\.[a-z]|"resolved"\s*:/)).toEqual([]);
  });

  it('leaves nothing marked as still to be done', () => {
    const marks = ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'];
    expect(
      offenders(
        new RegExp(`\\b(?:${marks.join('|')})\\b`),
        files.filter((path) => path !== 'package-lock.json'),
      ),
    ).toEqual([]);
  });
});

/** Every file of the project as a path from its root. Not asked of git: an unpacked archive is tested as well. */
function filesIn(folder: string): string[] {
  const ignored = [
    '.git',
    ...read('.gitignore')
      .split('\n')
      .map((line) => line.replace(/\/$/, '')),
  ];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !ignored.includes(name) && !name.endsWith('.log'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });
}

function sources(): string[] {
  return files.filter((path) => path.startsWith('src/') || path === 'deploy-commands.ts');
}

/** The cells of the first Markdown table whose first column has that heading. */
function tableIn(text: string, heading: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\| ${heading} +\\|`).test(line));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands in the first backticks of a cell; nothing when there are none. */
function code(cell: string): string {
  return /`([^`]+)`/.exec(cell)?.[1] ?? '';
}

/** What Discord is told of a command, as far as it is read here. */
interface Payload {
  readonly name: string;
  readonly description?: string | undefined;
  readonly options?: readonly { readonly type: ApplicationCommandOptionType; readonly name: string }[] | undefined;
}

/** A command of the context menu has no description, and is not typed with a slash. */
function namesOf({ name, description, options = [] }: Payload): string[] {
  if (description === undefined) return [name];
  const subcommands = options.filter(({ type }) => type === ApplicationCommandOptionType.Subcommand);
  return subcommands.length === 0 ? [`/${name}`] : subcommands.map((subcommand) => `/${name} ${subcommand.name}`);
}
