import type { IncomingMessage } from 'node:http';

/** The names by which a page on this machine calls the host. */
const names = ['127.0.0.1', 'localhost'];

/** Whether a request is made to this host by name: another name that leads here belongs to somebody else's page. */
export function isForHost({ headers }: Pick<IncomingMessage, 'headers'>, port: number): boolean {
  return names.some((name) => headers.host === `${name}:${port}`);
}

/** Whether the page that asks was served here; a page from elsewhere may drive nothing. Browsers name it with all that is no GET. */
export function isFromHost({ headers }: Pick<IncomingMessage, 'headers'>, port: number): boolean {
  return isForHost({ headers }, port) && headers.origin === `http://${headers.host ?? ''}`;
}

/** What the page may load: its own files, pictures of the two stand-ins, and nothing from elsewhere. */
export function contentPolicy({
  scripts,
  pictures,
}: {
  readonly scripts: readonly string[];
  readonly pictures: readonly string[];
}): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    "style-src 'self'",
    "font-src 'self'",
    ["img-src 'self' blob:", ...pictures].join(' '),
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
