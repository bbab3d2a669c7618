import type { FieldValues } from '../../discord/driver/modal.ts';
import type { OptionValues } from '../../discord/driver/options.ts';
import type { Sight } from '../../discord/driver/sight.ts';
import type { ShownModal, Use } from '../../discord/driver/use.ts';
import type { GuildChannel } from '../../discord/state/channel.ts';
import type { Message } from '../../discord/state/message.ts';
import type { Upload } from '../../discord/state/upload.ts';
import type { Ask, FieldValue, OptionValue } from '../protocol.ts';
import { memberAt, type Person } from './playground.ts';

/** What somebody does at Discord; the rest of the asks is about the playground itself. */
export type Deed = Exclude<Ask, { readonly type: 'seeAs' | 'autocomplete' | 'trouble' | 'speed' | 'bot' }>;
type Typing = Extract<Ask, { readonly type: 'autocomplete' }>;

/** Somebody at their screen. */
export interface Actor {
  readonly person: Person;
  readonly sight: Sight;
  readonly findFile: (fileId: string) => Upload;
  /** A form that is open before them. */
  readonly findModal: (modalId: string) => ShownModal;
}

/** Does it, and gives the use that was made of the bot, where it is one. Throws for what Discord's client would not permit. */
export async function perform(deed: Deed, actor: Actor): Promise<Use | undefined> {
  if (deed.type === 'submitModal') {
    return actor.findModal(deed.modalId).submit(fieldValues(deed.values, actor));
  }
  const channel = channelOf(deed, actor);
  const member = memberAt(actor.person, channel);
  switch (deed.type) {
    case 'command':
      return member.command(channel, deed.path, optionValues(deed.options, actor));
    case 'openContextCommand':
      return member.useOnMessage(deed.path, messageOf(deed, actor));
    case 'press':
      return member.press(messageOf(deed, actor), deed.customId);
    case 'select':
      return member.select(messageOf(deed, actor), deed.customId, deed.values);
    case 'post':
      await member.post(channel, { content: deed.content, files: deed.fileIds.map(actor.findFile) });
      return undefined;
    case 'forward':
      await member.forward(messageOf(deed, actor), channelOf({ channelId: deed.toChannelId }, actor));
      return undefined;
  }
}

/** The suggestions for what is being typed. */
export async function complete(
  typing: Typing,
  actor: Actor,
): Promise<readonly { name: string; value: string | number }[]> {
  const channel = channelOf(typing, actor);
  const { path, options, focused } = typing;
  return memberAt(actor.person, channel).autocomplete(channel, path, optionValues(options, actor), focused);
}

function channelOf({ channelId }: { readonly channelId: string }, { sight }: Actor): GuildChannel {
  const channel = sight.channels().find(({ id }) => id === channelId);
  if (!channel) throw new Error('Cannot find this channel any more: it was deleted, or this member may not see it');
  return channel;
}

function messageOf(place: { readonly channelId: string; readonly messageId: string }, actor: Actor): Message {
  const message = actor.sight.messages(channelOf(place, actor)).find(({ id }) => id === place.messageId);
  if (!message) throw new Error('Cannot find this message any more: it was deleted');
  return message;
}

function optionValues(given: Readonly<Record<string, OptionValue>>, { findFile }: Actor): OptionValues {
  const taken = (value: OptionValue) =>
    typeof value === 'object' && 'fileId' in value ? findFile(value.fileId) : value;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, taken(value)]));
}

function fieldValues(given: Readonly<Record<string, FieldValue>>, { findFile }: Actor): FieldValues {
  const taken = (value: FieldValue) =>
    typeof value === 'object' && 'fileIds' in value ? value.fileIds.map(findFile) : value;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, taken(value)]));
}
