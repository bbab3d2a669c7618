import { REST } from 'discord.js';

export interface RestCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** Names of the parts of an upload. */
  readonly parts: readonly string[];
}

export interface FakeRest {
  readonly rest: REST;
  readonly calls: readonly RestCall[];
}

/** The real REST client of discord.js, with answers instead of a network. */
export function createFakeRest(answer: (call: RestCall) => { status?: number; json?: unknown }): FakeRest {
  const calls: RestCall[] = [];
  const makeRequest = async (url: string, init: { method?: string; body?: unknown }) => {
    const call = {
      method: init.method ?? 'GET',
      path: new URL(url).pathname.replace('/api/v10', ''),
      body: bodyOf(init.body),
      parts: init.body instanceof FormData ? [...init.body.keys()] : [],
    };
    calls.push(call);
    const { status = 200, json = {} } = answer(call);
    return Promise.resolve(Response.json(json, { status }));
  };
  // The copies of undici's types that discord.js and Node have describe one and the same fetch.
  const rest = new REST({ makeRequest: makeRequest, retries: 0 }).setToken('token');
  return { rest, calls };
}

function bodyOf(body: unknown): unknown {
  const json = body instanceof FormData ? body.get('payload_json') : body;
  return typeof json === 'string' ? JSON.parse(json) : undefined;
}
