import type { Page } from '../page.ts';
import { placesOf } from '../places/places-of.ts';
import type { StepName } from '../state/state.ts';

/** Something to try, and what the page can lay out for it. */
export interface Step {
  readonly name: StepName;
  readonly title: string;
  readonly explanation: string;
  readonly offer?: { readonly label: string; readonly proposed: Proposed };
}

/** A command laid out for somebody; they still send it themselves. Who and where: by their place in the lists. */
interface Proposed {
  readonly viewerIndex: number;
  readonly guildIndex: number;
  readonly path: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly withSamples: boolean;
}

export const stepList: readonly Step[] = [
  {
    name: 'order',
    title: 'Bob orders a model of his photos',
    explanation: 'Send the command, with photos of your own or the samples. The order gets a thread.',
    offer: {
      label: 'Fill in /train as Bob',
      proposed: {
        viewerIndex: 1,
        guildIndex: 0,
        path: 'train',
        texts: { name: 'Ambika', subject: 'woman' },
        withSamples: true,
      },
    },
  },
  {
    name: 'start',
    title: 'Bob looks at the crops and presses Start',
    explanation: 'Open the thread. Nothing is billed before Start.',
  },
  {
    name: 'ready',
    title: 'Watch it become ready',
    explanation: 'The card in the thread follows the provider’s stages.',
  },
  {
    name: 'trouble',
    title: 'Try to break it',
    explanation:
      'Order again and kill the bot in the middle, or switch on a trouble. Nothing is lost, nothing is paid twice.',
  },
  {
    name: 'key',
    title: 'Ada sets up the second server',
    explanation: 'Each server has a key of its own, which only its admins can set.',
    offer: {
      label: 'Fill in /config key as Ada',
      proposed: { viewerIndex: 0, guildIndex: 1, path: 'config key', texts: {}, withSamples: false },
    },
  },
];

/** Becomes the person, goes to the place, and lays the command out there. */
export async function propose({ state, ask, dispatch }: Page, proposed: Proposed): Promise<void> {
  const { viewerIndex, guildIndex, ...command } = proposed;
  const viewer = state.welcome?.viewers[viewerIndex];
  const guild = state.view.guilds[guildIndex];
  const channel = guild && placesOf(state.view, guild.id)[0];
  if (!viewer || !channel) return;
  if (viewer.id !== state.viewerId) await ask({ type: 'seeAs', personId: viewer.id });
  dispatch({ type: 'propose', proposal: { ...command, channelId: channel.id } });
}
