import type { Message } from '../state/message.ts';
import { allComponents } from './component.ts';
import type { MessageBody } from './message-body.ts';

/**
 * The ids of the members that a text may mention. Embeds never mention anybody; without `allowed_mentions` everything in the text counts.
 */
export function mentionedIds(
  { content, components }: Pick<Message, 'content' | 'components'>,
  allowed: MessageBody['allowed_mentions'],
): string[] {
  const displayed = allComponents(components).map(({ component }) => component.content ?? '');
  const found = [...[content, ...displayed].join('\n').matchAll(/<@!?(\d{17,20})>/g)].map(([, id]) => id ?? '');
  const unique = [...new Set(found)];
  if (!allowed || allowed.parse?.includes('users')) return unique;
  return unique.filter((id) => allowed.users?.includes(id));
}
