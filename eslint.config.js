import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Each library that touches the outside has one home; everybody else goes through that home. */
const homes = {
  sharp: ['src/services/photos/**', 'playground/**', 'bench/**', 'test/**'],
  keyv: ['src/services/guilds/**', 'test/**'],
  yauzl: ['src/services/photos/**', 'test/**'],
  undici: ['src/services/modelslab/**', 'src/services/photos/**', 'playground/**', 'test/**'],
  kysely: [
    'src/services/database/**',
    'src/services/jobs/**',
    'src/services/guilds/**',
    'src/services/retention/**',
    'test/**',
  ],
  'node:sqlite': ['src/services/database/**', 'playground/**', 'test/**'],
  'prom-client': ['src/services/web/**', 'test/**'],
  fastify: ['src/services/web/**', 'playground/**', 'test/**'],
  '@discordjs/rest': ['src/services/threads/**'],
  '@discordjs/formatters': ['src/services/threads/**'],
  // A process that only works on jobs can do without discord.js, which takes its time to load.
  'discord.js': [
    'src/commands/**',
    'src/events/**',
    'src/discord.ts',
    'src/program.ts',
    'deploy-commands.ts',
    'test/**',
  ],
};

/**
 * The floors of the house, from the ground: a room may use what lies below it, and nothing beside or above it. So what people
 * ask for (`desk`) and what the machine does (`worker`) know nothing of each other.
 */
const floors = [
  ['lib'],
  ['services/photos', 'services/modelslab', 'services/database'],
  ['services/guilds'],
  ['services/jobs', 'services/jobs/state'],
  ['services/jobs/store'],
  ['services/jobs/review', 'services/jobs/recovery'],
  ['services/jobs/desk', 'services/jobs/worker'],
  ['services/retention', 'services/threads', 'services/web'],
  ['commands'],
  ['events'],
];
const nameOf = (room) => room.split('/').at(-1);
/** Import paths that lead to the top, or to one of these rooms. */
const leadingTo = (rooms) =>
  [String.raw`^(\.\./)+(config|discord|index|program|wiring)\.ts$`, ...rooms.map((room) => `/${nameOf(room)}/`)].join(
    '|',
  );

/** What a room may not import, as a pattern of import paths. */
const layers = {
  ...Object.fromEntries(
    floors.flatMap((rooms, floor) =>
      rooms.map((room) => {
        const beside = rooms.filter((other) => other !== room && !room.startsWith(other) && !other.startsWith(room));
        return [`src/${room}/**`, leadingTo([...beside, ...floors.slice(floor + 1).flat()])];
      }),
    ),
  ),
  'playground/**': '/src/',
};

const matches = (glob, pattern) => glob === pattern || glob.startsWith(pattern.replace('**', ''));

function restrictedImports(files) {
  const paths = Object.entries(homes)
    .filter(([, allowed]) => !allowed.some((home) => matches(files, home)))
    .map(([name, allowed]) => ({ name, message: `Its home is ${allowed[0]}.` }));
  const regex = layers[files];
  const patterns = regex
    ? [{ regex, message: 'A room uses what lies below it: see the floors in eslint.config.js.' }]
    : [];
  return {
    files: files.endsWith('.ts') ? [files] : [`${files}/*.ts`, `${files}/*.tsx`],
    rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
  };
}

// A room within a room comes behind it: the last one that holds a file counts.
const folders = [...['config', 'discord', 'program', 'wiring'].map((name) => `src/${name}.ts`), ...Object.keys(layers)];

export default defineConfig(
  { ignores: ['node_modules/', 'data/', 'demo-output/', 'coverage/'] },
  { files: ['**/*.js'], extends: [js.configs.recommended] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      'no-console': 'error',
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
    },
  },
  ...folders.map(restrictedImports),
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['playground/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts', 'backup.ts', 'deploy-commands.ts', 'rotate-keys.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['playground/page/browser/**/*.tsx'],
    rules: { '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
