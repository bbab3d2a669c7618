import type { Job } from '../../jobs/state/job.ts';
import { colors, type Body } from './body.ts';
import { inThread, plain, span, title } from './words.ts';

/** Among the keys of the news, for as long as the thread takes nothing. */
export const notShownKey = 'not-shown';

/** Why a thread takes no sheet and no card. */
export type NotShown =
  /** A person has to change something there. */
  | { readonly kind: 'closed' }
  /** Discord takes the pictures for explicit content. */
  | { readonly kind: 'pictures' }
  /** Nothing more may be written there for a while. */
  | { readonly kind: 'limited'; readonly forMs: number }
  /** Whatever else Discord says. */
  | { readonly kind: 'refused'; readonly said: string };

/** An order that is not started, and whose thread takes no message: said where its owner can read it. */
export function notShown(job: Job, why: NotShown): Body {
  return {
    content: `<@${job.ownerId}> I cannot show your order ${title(job.order.name)}.`,
    embeds: [{ description: `${whyText(job, why)}\n${whatNow(why)}`, color: colors.warning }],
    components: [],
  };
}

function whyText(job: Job, why: NotShown): string {
  const there = job.told.threadId === undefined ? '' : `, <#${job.told.threadId}>`;
  switch (why.kind) {
    case 'closed':
      return `Discord does not let me write in the thread of this order${there}: it was deleted or locked, a filter stopped the message, or I lack a permission there. Nothing was billed.`;
    case 'pictures':
      return `Discord takes the photos of this order for explicit content, and does not let me show them${inThread(job)}. Nothing was billed.`;
    case 'limited':
      return `Discord lets me write in the thread of this order${there}, again in ${span(why.forMs)}. Nothing was billed.`;
    case 'refused':
      return `Discord does not take my messages in the thread of this order${there}. Nothing was billed. It says: “${plain(why.said)}”`;
  }
}

function whatNow({ kind }: NotShown): string {
  switch (kind) {
    case 'closed':
      return 'Ask an admin to look at the thread and at my permissions: I keep trying for an hour, and the order shows there as soon as I may write. If the thread is gone, cancel the order with /cancel and use /train in another channel.';
    case 'pictures':
      return 'Cancel the order with /cancel, then use /train again without the photos that may be meant. If none is, I keep trying for an hour.';
    case 'limited':
      return 'The order shows there then. If that is too long for you, cancel it with /cancel and use /train in another channel, or ask an admin whether slow mode is on there.';
    case 'refused':
      return 'I keep trying for an hour, and the order shows there as soon as Discord takes it. If you do not want to wait, cancel it with /cancel and use /train in another channel; if it happens there too, show this to an admin.';
  }
}
