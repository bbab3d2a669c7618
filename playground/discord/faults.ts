import type { FastifyReply, FastifyRequest } from 'fastify';

/** What goes wrong with a request, and whether Discord has already done what was asked. */
export type Trouble =
  | 'error-500'
  | 'rate-limited'
  /** An answer that is no JSON, as proxies give. */
  | 'html'
  | 'dropped'
  | 'stored-then-502'
  | 'stored-then-dropped';

export interface Fault {
  readonly method?: string;
  /** Looked for in the path below `/api/vN`, or on the CDN. */
  readonly path: RegExp;
  /** How many requests are hit; 1 when not given. */
  readonly times?: number;
  readonly trouble: Trouble;
}

export interface Faults {
  /** The next matching requests go wrong in this way. */
  next(fault: Fault): void;
  /** Ends all trouble that is still to come. */
  clear(): void;
}

/** The side of it that the server calls. */
export interface FaultHooks extends Faults {
  before(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  after(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown;
  /** Whether the same call was hit before: what its repetition meets is not the client's fault. */
  wasHit(request: FastifyRequest): boolean;
}

export function createFaults(): FaultHooks {
  let planned: (Fault & { times: number })[] = [];
  const hit = new Set<string>();
  const afterwards = new WeakMap<FastifyRequest, Trouble>();
  const key = ({ method, url }: FastifyRequest) => `${method} ${url}`;

  const take = ({ method, url }: FastifyRequest): Trouble | undefined => {
    const found = planned.find((fault) => (fault.method ?? method) === method && fault.path.test(url));
    if (!found) return undefined;
    found.times -= 1;
    planned = planned.filter(({ times }) => times > 0);
    hit.add(`${method} ${url}`);
    return found.trouble;
  };

  return {
    next: (fault) => {
      planned.push({ ...fault, times: fault.times ?? 1 });
    },
    clear: () => {
      planned = [];
    },
    async before(request, reply) {
      const trouble = take(request);
      if (trouble === undefined) return undefined;
      if (!trouble.startsWith('stored')) return refuseNow(trouble, request, reply);
      afterwards.set(request, trouble);
      return undefined;
    },
    after(request, reply, payload) {
      const trouble = afterwards.get(request);
      if (trouble === undefined) return payload;
      afterwards.delete(request);
      if (trouble === 'stored-then-dropped') request.raw.socket.resetAndDestroy();
      reply.code(502).header('content-type', 'text/html').removeHeader('content-length');
      return '<html>502 Bad Gateway</html>';
    },
    wasHit: (request) => hit.has(key(request)),
  };
}

function refuseNow(trouble: Trouble, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (trouble === 'dropped') request.raw.socket.resetAndDestroy();
  if (trouble === 'html') return reply.code(200).type('text/html').send('<html>One moment</html>');
  if (trouble !== 'rate-limited') return reply.code(500).send({ message: '500: Internal Server Error', code: 0 });
  const body = { message: 'You are being rate limited.', retry_after: 0.3, global: false };
  return reply.code(429).header('retry-after', '0.3').header('x-ratelimit-scope', 'user').send(body);
}
