import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { merge } from '../../../playground/page/browser/state/merge.ts';
import { emptyView } from '../../../playground/page/browser/state/state.ts';
import type { Host } from '../../../playground/page/host/host.ts';
import type {
  Answer,
  Ask,
  ButtonView,
  ComponentView,
  FromHost,
  MessageView,
  Modal,
  Panel,
  View,
  Welcome,
} from '../../../playground/page/protocol.ts';
import { patienceMs } from '../../../playground/patience.ts';

/** The page without a browser: what it has been told, put together as the protocol says. */
export interface OpenPage {
  readonly welcome: Welcome;
  viewerId(): string;
  view(): View;
  panel(): Panel;
  /** Every message of the host's so far. */
  readonly heard: readonly FromHost[];
  ask(ask: Ask): Promise<Answer>;
  /** Asks, and throws what the page would show as refused. */
  done(ask: Ask): Promise<void>;
  /** The form that an ask opens. */
  form(ask: Ask): Promise<Modal['modal']>;
  seeAs(name: string): Promise<void>;
  /** Asks `probe` at once and after everything that the host says. */
  until<T>(what: string, probe: () => T | undefined | false): Promise<T>;
}

/** As long as anything takes here, on two busy cores. */

export async function openPage({ url }: Pick<Host, 'url'>): Promise<OpenPage> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { origin: url });
  onTestFinished(() => {
    socket.terminate();
  });
  const heard: FromHost[] = [];
  const listeners = new Set<() => void>();
  let view = emptyView;
  let panel: Partial<Panel> = {};
  let viewerId = '';
  let asks = 0;

  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as FromHost;
    heard.push(message);
    if (message.type === 'view') [view, viewerId] = [message.view, message.viewerId];
    if (message.type === 'changed') view = merge(view, message);
    if (message.type === 'panel') panel = { ...panel, ...message };
    for (const listener of [...listeners]) listener();
  });

  const until: OpenPage['until'] = (what, probe) =>
    new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        listeners.delete(look);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Cannot see ${what} within ${patienceMs} ms; last heard: ${JSON.stringify(heard.slice(-3))}`));
      }, patienceMs);
      const look = () => {
        const found = probe();
        if (found === undefined || found === false) return;
        finish();
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  const answerTo = (ask: number) => (message: FromHost) =>
    'ask' in message && message.ask === ask && message.type !== 'modal';
  const send = (ask: Ask): number => {
    asks += 1;
    socket.send(JSON.stringify({ ...ask, ask: asks }));
    return asks;
  };
  const answer = async (number: number) => (await until('an answer', () => heard.find(answerTo(number)))) as Answer;
  const demand = async (number: number) => {
    const given = await answer(number);
    if (given.type === 'refused') throw new Error(given.why);
  };

  await once(socket, 'open');
  const welcome = await until('a welcome', () => heard.find((one) => one.type === 'welcome'));
  await until('a view and a panel', () => viewerId !== '' && 'provider' in panel);
  return {
    welcome,
    viewerId: () => viewerId,
    view: () => view,
    panel: () => panel as Panel,
    heard,
    ask: (ask) => answer(send(ask)),
    done: (ask) => demand(send(ask)),
    async form(ask) {
      const number = send(ask);
      await demand(number);
      const isOurs = (one: FromHost) => one.type === 'modal' && one.ask === number;
      return (await until('a form', () => heard.find(isOurs) as Modal | undefined)).modal;
    },
    async seeAs(name) {
      const personId = welcome.viewers.find((one) => one.name === name)!.id;
      await demand(send({ type: 'seeAs', personId }));
    },
    until,
  };
}

/** All text of a message. */
export function textIn({ content, embeds, components }: MessageView): string {
  return [content, JSON.stringify(embeds), JSON.stringify(components)].join('\n');
}

/** The button of a message that can be pressed and is named like this. */
export function buttonIn({ components }: Pick<MessageView, 'components'>, label: RegExp): ButtonView | undefined {
  return buttons(components).find((one) => !one.isDisabled && label.test(one.label));
}

function buttons(components: readonly ComponentView[]): ButtonView[] {
  return components.flatMap((one) => {
    if (one.kind === 'button') return [one];
    return 'components' in one ? buttons(one.components) : [];
  });
}
