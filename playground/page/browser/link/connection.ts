import type { Answer, Ask, FromHost, FromPage } from '../../protocol.ts';
import { paths } from '../../protocol.ts';

export interface Connection {
  /** Resolves when the host answers; a lost connection answers as a refusal. */
  readonly ask: (ask: Ask) => Promise<AskAnswer>;
}

export type AskAnswer = Answer;

export interface Listeners {
  readonly heard: (message: FromHost) => void;
  readonly opened: () => void;
  readonly lost: () => void;
}

const retryMs = 1000;

/** One WebSocket, opened again for as long as the page is open: the host may be restarted. */
export function connect(listeners: Listeners): Connection {
  const waiting = new Map<number, (answer: Answer) => void>();
  let socket: WebSocket | undefined;
  let lastAsk = 0;

  function open(): void {
    const fresh = new WebSocket(new URL(paths.live, location.href.replace(/^http/u, 'ws')));
    socket = fresh;
    fresh.addEventListener('open', () => {
      listeners.opened();
    });
    fresh.addEventListener('message', ({ data }) => {
      hear(JSON.parse(String(data)) as FromHost); // The host is of the same version as the page that it served.
    });
    fresh.addEventListener('close', () => {
      for (const ask of [...waiting.keys()]) settle({ type: 'refused', ask, why: lostText });
      listeners.lost();
      setTimeout(open, retryMs);
    });
  }

  function hear(message: FromHost): void {
    if (message.type === 'done' || message.type === 'choices' || message.type === 'refused') settle(message);
    else listeners.heard(message);
  }

  function settle(answer: Answer): void {
    waiting.get(answer.ask)?.(answer);
    waiting.delete(answer.ask);
  }

  open();
  return {
    ask: (wanted) =>
      new Promise((resolve) => {
        lastAsk += 1;
        const message: FromPage = { ...wanted, ask: lastAsk };
        if (socket?.readyState !== WebSocket.OPEN) {
          resolve({ type: 'refused', ask: lastAsk, why: lostText });
          return;
        }
        waiting.set(lastAsk, resolve);
        socket.send(JSON.stringify(message));
      }),
  };
}

const lostText = 'The playground does not answer. Is `npm run demo` still running? This page connects again by itself.';
