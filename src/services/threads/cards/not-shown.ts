import type { Job } from '../../jobs/job.ts';
import { colours, type Body } from './body.ts';
import { title } from './words.ts';

/** Among the keys of the news, for as long as the thread takes nothing. */
export const notShownKey = 'not-shown';

/** An order that is not started, and whose thread takes no message: said where its owner can read it. */
export function notShown({ ownerId, order, told }: Job): Body {
  const description = [
    `Discord does not let me write in the thread of this order${told.threadId === undefined ? '' : `, <#${told.threadId}>`}: it was deleted or locked, a filter stopped the message, or I lack a permission there. Nothing was billed.`,
    'Ask an admin to look at the thread and at my permissions: I keep trying for an hour, and the order shows there as soon as I may write. If the thread is gone, cancel the order with /cancel and use /train in another channel.',
  ].join('\n');
  return {
    content: `<@${ownerId}> I cannot show your order ${title(order.name)}.`,
    embeds: [{ description, color: colours.warning }],
    components: [],
  };
}
