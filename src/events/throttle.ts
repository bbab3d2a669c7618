import type { Attachment, Interaction } from 'discord.js';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { createRateLimiter, type Rate, type RateLimiter } from '../lib/rate-limiter.ts';
import { isArchive } from '../services/photos/photo.ts';
import { ago } from '../services/threads/cards/words.ts';
import type { Route } from './route.ts';

const second = 1000;

interface Paces {
  readonly member: Rate;
  readonly guild: Rate;
}

/** Far more than people do by hand, and little enough for a whole server's not to keep the others waiting. */
const uses: Paces = {
  member: { most: 60, perMs: 10 * second },
  guild: { most: 300, perMs: 10 * second },
};
/** Files that are to be downloaded and cropped. */
const files: Paces = {
  member: { most: 300, perMs: 600 * second },
  guild: { most: 1500, perMs: 600 * second },
};
/** As many photos as an order has: what is in an archive is not known yet. */
const filesInArchive = 30;

/**
 * Refuses requests that come faster than people make them, before anything is read, stored or called because of it. A member's turn
 * comes first: what one of them is refused takes nothing from the others of their server.
 */
export function throttled(route: Route, clock: Pick<Clock, 'now' | 'steady'>): Route {
  const commands = createTurnstile(uses, clock);
  // By itself: somebody who types must not use up what a press then needs.
  const typing = createTurnstile(uses, clock);
  const photos = createTurnstile(files, clock);
  return async (interaction) => {
    const turnstile = interaction.isAutocomplete() ? typing : commands;
    turnstile.pass(interaction, 1, tooFast);
    const attached = filesIn(interaction);
    if (attached > 0) photos.pass(interaction, attached, tooMany);
    await route(interaction);
  };
}

interface Turnstile {
  pass(interaction: Interaction, amount: number, texts: Texts): void;
}

/** `at` is when it can be tried again. */
interface Texts {
  readonly member: (at: number) => string;
  readonly guild: (at: number) => string;
}

function createTurnstile({ member, guild }: Paces, clock: Pick<Clock, 'now' | 'steady'>): Turnstile {
  const allowances = { member: createRateLimiter(member, clock), guild: createRateLimiter(guild, clock) };
  const demand = (allowance: RateLimiter, key: string, { amount, text }: Demanded) => {
    const waitMs = allowance.take(key, amount);
    if (waitMs > 0) throw new UserError(text(clock.now() + waitMs + second)); // Discord shows whole seconds.
  };
  return {
    pass: ({ user, guildId }, amount, texts) => {
      demand(allowances.member, user.id, { amount, text: texts.member });
      if (guildId !== null) demand(allowances.guild, guildId, { amount, text: texts.guild });
    },
  };
}

interface Demanded {
  readonly amount: number;
  readonly text: Texts['member'];
}

const tooFast: Texts = {
  member: (at) =>
    `That is more than I can do for one person at once, so I did nothing this time. Try again ${ago(at)}.`,
  guild: (at) => `Too many people ask me in this server at once, so I did nothing this time. Try again ${ago(at)}.`,
};

const tooMany: Texts = {
  member: (at) =>
    `You have attached more photos in the last minutes than I can look at for one person, so I did not take these. Attach them again ${ago(at)}.`,
  guild: (at) =>
    `More photos were attached in this server in the last minutes than I can look at, so I did not take these. Attach them again ${ago(at)}.`,
};

function filesIn(interaction: Interaction): number {
  return attachmentsOf(interaction).reduce((sum, file) => sum + (isArchive(file) ? filesInArchive : 1), 0);
}

function attachmentsOf(interaction: Interaction): readonly Attachment[] {
  if (interaction.isChatInputCommand()) return [...(interaction.options.resolved?.attachments?.values() ?? [])];
  if (interaction.isMessageContextMenuCommand()) {
    const { attachments, messageSnapshots } = interaction.targetMessage;
    return [attachments, ...messageSnapshots.map((snapshot) => snapshot.attachments)].flatMap((all) => [
      ...all.values(),
    ]);
  }
  if (!interaction.isModalSubmit()) return [];
  return [...interaction.fields.fields.values()].flatMap((field) =>
    'attachments' in field ? [...field.attachments.values()] : [],
  );
}
