import type { Discord } from '../../playground/discord/discord.ts';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Guild, GuildSettings } from '../../playground/discord/driver/guild.ts';
import type { Member } from '../../playground/discord/driver/member.ts';
import type { OptionValues } from '../../playground/discord/driver/options.ts';
import type { Use } from '../../playground/discord/driver/use.ts';
import type { GuildChannel, TextChannel } from '../../playground/discord/state/channel.ts';
import { isLoading, type Message } from '../../playground/discord/state/message.ts';
import type { Account, AccountGiven } from '../../playground/modelslab/accounts.ts';
import type { Charge } from '../../playground/modelslab/ledger.ts';
import type { ModelsLab } from '../../playground/modelslab/modelslab.ts';
import type { Training } from '../../playground/modelslab/trainings.ts';
import { createOrder, patience, type Order } from './order.ts';
import { attached, photos } from './photos.ts';

export interface ServerOptions {
  /** False leaves the server without a key. */
  readonly key?: boolean;
  readonly account?: AccountGiven;
  readonly guild?: Partial<GuildSettings>;
}

/** A Discord server with an admin, a member, a channel, and a wallet at the provider. */
export interface Server {
  readonly guild: Guild;
  readonly channel: TextChannel;
  readonly ada: Member;
  readonly bob: Member;
  readonly account: Account;
  /** Ada sets the key; what she reads then. */
  setKey(key?: string): Promise<Message>;
  /** Bob uses `/train` with three photos unless the options say otherwise. */
  train(options?: OptionValues, member?: Member, place?: GuildChannel): Promise<Order>;
  /** The order in whose thread a message mentions this, such as the reply to `/train`. */
  orderIn(reply: Message, owner?: Member): Order;
  /** What a member reads after a command. */
  ask(member: Member, path: string, options?: OptionValues): Promise<Message>;
  /** What is said to nobody but the member after a press, a choice or a form. */
  told(use: Promise<Use>): Promise<string>;
  trainings(): readonly Training[];
  charges(): readonly Charge[];
}

interface World {
  readonly discord: Discord;
  readonly modelsLab: ModelsLab;
}

let serversSoFar = 0;

export async function addServer({ discord, modelsLab }: World, options: ServerOptions = {}): Promise<Server> {
  const account = modelsLab.addAccount(options.account);
  const guild = discord.addGuild({ name: `Server ${++serversSoFar}`, ...options.guild });
  const channel = guild.addTextChannel('photos');
  const ada = guild.addMember({ name: 'Ada', permissions: 'ManageGuild' });
  const bob = guild.addMember({ name: 'Bob' });
  const ask = async (member: Member, path: string, given?: OptionValues, place: GuildChannel = channel) =>
    (await member.command(place, path, given)).reply(patience);
  const threadsAt = (place: GuildChannel) => (place.kind === 'thread' ? [place] : discord.threads(place));
  const orderIn = ({ content }: Message, owner = bob, place: GuildChannel = channel) => {
    const thread = threadsAt(place).find(({ id }) => content.includes(`<#${id}>`));
    if (!thread) throw new Error(`Cannot find a thread in "${content}"`);
    return createOrder(discord, thread, owner);
  };

  const server: Server = {
    guild,
    channel,
    ada,
    bob,
    account,
    ask,
    setKey: async (key = account.key) => {
      const modal = await (await ada.command(channel, 'config key')).modal();
      return (await modal.submit({ api_key: key })).reply(patience);
    },
    train: async (given, member = bob, place = channel) => {
      const files = given && 'photo1' in given ? {} : attached(photos);
      // 512 × 512 crops are the quickest to make.
      const asked = { name: 'Ambika', subject: 'woman', method: 'lora-sd15', ...files, ...given };
      return orderIn(await ask(member, 'train', asked, place), member, place);
    },
    orderIn,
    told: async (using) => {
      const use = await using;
      const mine = () => use.messages().find((one) => one.ephemeralFor !== undefined && !isLoading(one));
      return textOf(await discord.until(mine, { ...patience, what: `words after ${use.interaction.title}` }));
    },
    trainings: () => modelsLab.trainings.filter((training) => 'account' in training && training.account === account),
    charges: () => modelsLab.ledger.filter(({ key }) => key === account.key),
  };
  if (options.key !== false) await server.setKey();
  return server;
}
