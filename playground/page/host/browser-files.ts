import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';
import { findLibrary } from './libraries.ts';

/** A file as a browser takes it. */
export interface BrowserFile {
  readonly contentType: string;
  readonly body: Buffer | string;
}

const page = fileURLToPath(new URL('..', import.meta.url));
const protocol = join(page, 'protocol.ts');
const browser = join(page, 'browser') + sep;

const script = 'text/javascript; charset=utf-8';
const contentTypes: Readonly<Record<string, string>> = {
  '.ts': script,
  '.tsx': script,
  '.js': script,
  '.mjs': script,
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Reads what lies at a path of the page's address; nothing else of this machine. */
export async function readBrowserFile(path: string): Promise<BrowserFile | undefined> {
  const file = locate(path);
  const extension = file === undefined ? '' : extname(file);
  const contentType = contentTypes[extension];
  if (file === undefined || contentType === undefined) return undefined;
  const isThere = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) return undefined;
  const body = await readFile(file);
  return { contentType, body: extension.startsWith('.ts') ? compiled(file, body.toString()) : body };
}

/** `path` is decoded: what leads out of the folder names nothing. */
function locate(path: string): string | undefined {
  if (path === '/') return join(browser, 'index.html');
  if (path === '/protocol.ts') return protocol;
  if (path.startsWith('/lib/')) return findLibrary(path.slice('/lib/'.length));
  const file = join(page, path);
  return file.startsWith(browser) ? file : undefined;
}

const known = new Map<string, { readonly source: string; readonly output: string }>();

/** The page is written with JSX, which Node's own removal of types leaves standing. */
function compiled(file: string, source: string): string {
  const before = known.get(file);
  if (before?.source === source) return before.output;
  const { outputText: output } = typescript.transpileModule(source, { fileName: file, compilerOptions });
  known.set(file, { source, output });
  return output;
}

const compilerOptions: typescript.CompilerOptions = {
  target: typescript.ScriptTarget.ES2024,
  module: typescript.ModuleKind.ESNext,
  jsx: typescript.JsxEmit.ReactJSX,
  jsxImportSource: 'preact',
  verbatimModuleSyntax: true,
};

/** The import map stands in the page itself; it is named by its hash, so that no other script may. */
export function inlineScriptHashes(html: string): string[] {
  const scripts = [...html.matchAll(/<script type="importmap">(.*?)<\/script>/gs)].map(([, text = '']) => text);
  return scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}
