import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Each library that touches the outside has one home; everybody else goes through that home. */
const homes = {
  sharp: ['src/services/photos/**', 'playground/**', 'bench/**', 'test/**'],
  keyv: ['src/services/guilds/**', 'test/**'],
  yauzl: ['src/services/photos/**', 'test/**'],
  undici: ['src/services/modelslab/**', 'src/services/photos/**', 'playground/**', 'test/**'],
  kysely: ['src/services/database/**', 'src/services/jobs/**', 'src/services/guilds/**', 'test/**'],
  'node:sqlite': ['src/services/database/**', 'playground/**', 'test/**'],
  'prom-client': ['src/services/web/**', 'test/**'],
  fastify: ['src/services/web/**', 'playground/**', 'test/**'],
  '@discordjs/rest': ['src/services/threads/**'],
  'discord.js': [
    'src/commands/**',
    'src/events/**',
    'src/services/threads/**',
    'src/discord.ts',
    'src/program.ts',
    'src/wiring.ts',
    'deploy-commands.ts',
    'test/**',
  ],
};

/** `index → events → commands → services → lib`: what a layer may not import, as patterns of import paths. */
const root = String.raw`^(\.\./)+(config|discord|index|program|wiring)\.ts$`;
const layers = {
  'src/lib/**': `${root}|/(services|commands|events)/`,
  'src/services/**': `${root}|/(commands|events)/`,
  'src/commands/**': `${root}|/events/`,
  'src/events/**': root,
  'playground/**': '/src/',
};

const matches = (glob, pattern) => glob === pattern || glob.startsWith(pattern.replace('**', ''));

function restrictedImports(files) {
  const paths = Object.entries(homes)
    .filter(([, allowed]) => !allowed.some((home) => matches(files, home)))
    .map(([name, allowed]) => ({ name, message: `Its home is ${allowed[0]}.` }));
  const layer = Object.keys(layers).find((pattern) => matches(files, pattern));
  const patterns =
    layer === undefined
      ? []
      : [{ regex: layers[layer], message: 'Dependencies point one way: index → events → commands → services → lib.' }];
  return {
    files: files.endsWith('.ts') ? [files] : [`${files}/*.ts`, `${files}/*.tsx`],
    rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
  };
}

const folders = [
  'src/config.ts',
  'src/discord.ts',
  'src/program.ts',
  'src/wiring.ts',
  'src/lib/**',
  'src/commands/**',
  'src/events/**',
  'src/services/database/**',
  'src/services/guilds/**',
  'src/services/jobs/**',
  'src/services/modelslab/**',
  'src/services/photos/**',
  'src/services/threads/**',
  'src/services/web/**',
  'playground/**',
];

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
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
