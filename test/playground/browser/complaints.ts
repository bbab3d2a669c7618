import type { BrowserContext, Page, Request } from 'playwright-core';

/** What a browser has to complain of while somebody uses the page. */
export interface Complaints {
  /** Everything so far that was not expected. */
  list(): readonly string[];
  /** From here on, what fits is no complaint. */
  expect(pattern: RegExp): void;
}

/** Listens to every page of the context, also to those that are opened later. */
export function listenForComplaints(context: BrowserContext): Complaints {
  const all: string[] = [];
  const expected: RegExp[] = [];
  const complain = (text: string) => {
    if (!expected.some((pattern) => pattern.test(text))) all.push(text);
  };
  context.on('console', (message) => {
    const type = message.type();
    if (type === 'error' || type === 'warning') complain(`console ${type}: ${message.text()}`);
  });
  context.on('weberror', (error) => {
    complain(`uncaught: ${error.error().message}`);
  });
  context.on('request', (request) => {
    if (!staysHere(request.url())) complain(`leaves this machine: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    if (!wasLetGo(request)) complain(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) complain(`answered ${response.status()}: ${response.url()}`);
  });
  context.on('page', (page: Page) => {
    page.on('websocket', (socket) => {
      if (!staysHere(socket.url())) complain(`leaves this machine: ${socket.url()}`);
    });
  });
  return {
    list: () => all,
    expect: (pattern) => {
      expected.push(pattern);
    },
  };
}

function staysHere(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'data:' || protocol === 'blob:' || hostname === '127.0.0.1';
}

/** The page went away, or no longer shows the picture: nobody misses it. */
function wasLetGo(request: Request): boolean {
  return request.failure()?.errorText === 'net::ERR_ABORTED';
}
