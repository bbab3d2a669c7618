import type { FastifyReply, FastifyRequest } from 'fastify';

/** What goes wrong with a request, and whether Discord has already done what was asked. */
export type Trouble =
  | 'error-500'
  | 'rate-limited'
  /** The bot as a whole has asked too much. */
  | 'rate-limited-globally'
  /** Whoever stands in front of Discord does not let this address through, in a page, with a time when one is given. */
  | 'blocked-429'
  | 'blocked-403'
  /** An answer that is no JSON, as proxies give. */
  | 'html'
  | 'dropped'
  | 'stored-then-502'
  | 'stored-then-dropped';

/** Which requests are meant. */
export interface Meant {
  readonly method?: string;
  /** Looked for in the path below `/api/vN`, or on the CDN. */
  readonly path: RegExp;
}

export interface Fault extends Meant {
  /** How many requests are hit; 1 when not given. */
  readonly times?: number;
  readonly trouble: Trouble;
  /** How long it lasts; 0.3 seconds for a rate limit when not given. */
  readonly seconds?: number;
}

export interface Holding extends Meant {
  /** Whether Discord has already done what was asked; it has not when not given. */
  readonly isDone?: boolean;
}

/** A request whose answer waits. */
export interface Held {
  /** Resolves when it has come in. */
  readonly arrived: Promise<void>;
  release(): void;
}

export interface Faults {
  /** The next matching requests go wrong in this way. */
  next(fault: Fault): void;
  /** The next matching request gets its answer when it is released. */
  hold(holding: Holding): Held;
  /** Ends all trouble that is still to come, and what is held. */
  clear(): void;
}

/** The side of it that the server calls. */
export interface FaultHooks extends Faults {
  before(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  after(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>;
  /** Whether the same call was hit before: what its repetition meets is not the client's fault. */
  wasHit(request: FastifyRequest): boolean;
}

export function createFaults(): FaultHooks {
  let planned: (Fault & { times: number })[] = [];
  const gates = createGates();
  const hit = new Set<string>();
  const afterwards = new WeakMap<FastifyRequest, Fault>();
  const key = ({ method, url }: FastifyRequest) => `${method} ${url}`;

  const take = (request: FastifyRequest): Fault | undefined => {
    const found = planned.find((fault) => isMeant(fault, request));
    if (!found) return undefined;
    found.times -= 1;
    planned = planned.filter(({ times }) => times > 0);
    hit.add(key(request));
    return found;
  };

  return {
    next: (fault) => {
      planned.push({ ...fault, times: fault.times ?? 1 });
    },
    hold: gates.hold,
    clear: () => {
      planned = [];
      gates.open();
    },
    async before(request, reply) {
      await gates.pass(request, false);
      const fault = take(request);
      if (fault === undefined) return undefined;
      if (!fault.trouble.startsWith('stored')) return refuseNow(fault, request, reply);
      afterwards.set(request, fault);
      return undefined;
    },
    async after(request, reply, payload) {
      await gates.pass(request, true);
      const fault = afterwards.get(request);
      if (fault === undefined) return payload;
      afterwards.delete(request);
      if (fault.trouble === 'stored-then-dropped') request.raw.socket.resetAndDestroy();
      reply.code(502).header('content-type', 'text/html').removeHeader('content-length');
      return '<html>502 Bad Gateway</html>';
    },
    wasHit: (request) => hit.has(key(request)),
  };
}

function isMeant(meant: Meant, { method, url }: Pick<FastifyRequest, 'method' | 'url'>): boolean {
  return (meant.method ?? method) === method && meant.path.test(url);
}

/** Each lets one request wait, until it is opened. */
function createGates() {
  interface Gate {
    readonly meant: Meant;
    readonly isDone: boolean;
    readonly arrive: () => void;
    readonly opened: Promise<void>;
    readonly open: () => void;
  }
  let free: readonly Gate[] = [];
  const all = new Set<Gate>();
  return {
    hold: ({ isDone = false, ...meant }: Holding): Held => {
      let arrive: () => void = () => undefined;
      let open = arrive;
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const opened = new Promise<void>((resolve) => (open = resolve));
      const gate = { meant, isDone, arrive, opened, open };
      free = [...free, gate];
      all.add(gate);
      return { arrived, release: open };
    },
    pass: async (request: FastifyRequest, isDone: boolean): Promise<void> => {
      const gate = free.find((one) => one.isDone === isDone && isMeant(one.meant, request));
      if (!gate) return;
      free = free.filter((one) => one !== gate);
      gate.arrive();
      await gate.opened;
    },
    open: () => {
      free = [];
      for (const { open } of all) open();
      all.clear();
    },
  };
}

function refuseNow({ trouble, seconds }: Fault, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (trouble === 'dropped') request.raw.socket.resetAndDestroy();
  switch (trouble) {
    case 'html':
      return reply.code(200).type('text/html').send('<html>One moment</html>');
    case 'blocked-429':
    case 'blocked-403':
      if (seconds !== undefined) reply.header('retry-after', String(seconds));
      return reply
        .code(Number(trouble.slice(-3)))
        .type('text/html')
        .send('<html>error code: 1015</html>');
    case 'rate-limited':
    case 'rate-limited-globally':
      return limit(reply, { seconds: seconds ?? 0.3, isGlobal: trouble === 'rate-limited-globally' });
    default:
      return reply.code(500).send({ message: '500: Internal Server Error', code: 0 });
  }
}

function limit(reply: FastifyReply, { seconds, isGlobal }: { seconds: number; isGlobal: boolean }): FastifyReply {
  if (isGlobal) reply.header('x-ratelimit-global', 'true');
  const scope = isGlobal ? 'global' : 'user';
  const body = { message: 'You are being rate limited.', retry_after: seconds, global: isGlobal };
  return reply.code(429).header('retry-after', String(seconds)).header('x-ratelimit-scope', scope).send(body);
}
