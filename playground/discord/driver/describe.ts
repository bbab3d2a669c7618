import { allComponents } from '../rules/component.ts';
import type { Message } from '../state/message.ts';
import { isLoading } from '../state/message.ts';
import type { World } from '../world.ts';

/** Everything that members could see, as text, for errors and logs. */
export function describe(world: World): string {
  const places = [...world.channels.values()].filter(({ isDeleted }) => !isDeleted);
  const lines = places.flatMap((channel) => [
    `#${'name' in channel ? channel.name : 'direct messages'} (${channel.kind} ${channel.id})`,
    ...(world.messages.get(channel.id) ?? []).filter(({ isDeleted }) => !isDeleted).map(messageLine),
  ]);
  const open = [...world.interactions.values()].filter(({ answer }) => answer === undefined);
  return [
    ...lines,
    ...open.map(({ title }) => `no answer yet: ${title}`),
    ...world.violations.map(({ where, code, detail }) => `violation ${code} at ${where}: ${detail}`),
  ].join('\n');
}

function messageLine(message: Message): string {
  const marks = [
    ...(message.ephemeralFor === undefined ? [] : ['ephemeral']),
    ...(isLoading(message) ? ['thinking'] : []),
  ];
  const files = message.attachments.map(({ name }) => `[${name}]`);
  const parts = [...marks.map((mark) => `(${mark})`), textOf(message), ...files];
  return `  ${message.author.name}: ${parts.join(' ')}`;
}

/** All text of a message that a member reads: content, embeds, and the labels and texts of its components. */
export function textOf({ content, embeds, components }: Pick<Message, 'content' | 'embeds' | 'components'>): string {
  const fromEmbeds = embeds.flatMap((embed) => [
    embed.author?.name,
    embed.title,
    embed.description,
    ...(embed.fields ?? []).flatMap(({ name, value }) => [name, value]),
    embed.footer?.text,
  ]);
  const fromComponents = allComponents(components).map(({ component }) =>
    component.label ? `<${component.label}>` : component.content,
  );
  return [content, ...fromEmbeds, ...fromComponents].filter(Boolean).join('\n');
}
