import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/** All of node_modules that a page may load, for the import map of index.html. */
const allowed: readonly string[] = [
  'preact/dist/preact.mjs',
  'preact/hooks/dist/hooks.mjs',
  'preact/jsx-runtime/dist/jsxRuntime.mjs',
];

/** The path of a library's file, if it may be had. */
export function findLibrary(path: string): string | undefined {
  return allowed.includes(path) ? `${modules}${path}` : undefined;
}
