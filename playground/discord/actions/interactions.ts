import { randomBytes } from 'node:crypto';
import { refuse } from '../errors.ts';
import type { Answer, Interaction } from '../state/interaction.ts';
import type { World } from '../world.ts';

const tokenMs = 15 * 60_000;

export type InteractionDraft = Omit<
  Interaction,
  'id' | 'token' | 'createdAt' | 'isClaimed' | 'hasFailed' | 'answer' | 'original' | 'messages'
>;

/** A member used something of the bot's. It fails visibly when no answer has come after three seconds. */
export function createInteraction(world: World, draft: InteractionDraft): Interaction {
  const interaction: Interaction = {
    ...draft,
    id: world.newId(),
    token: randomBytes(96).toString('base64url'),
    createdAt: world.clock.now(),
    isClaimed: false,
    hasFailed: false,
    answer: undefined,
    original: undefined,
    messages: [],
  };
  world.interactions.set(interaction.id, interaction);
  world.changes.record({ type: 'interaction-created', interaction });
  world.clock.after(world.limits.firstAnswerMs, () => {
    if (interaction.answer !== undefined) return;
    interaction.hasFailed = true;
    world.changes.record({ type: 'interaction-failed', interaction });
  });
  return interaction;
}

/**
 * Takes the right to give the first answer. Of two answers at the same time one is refused; `release` opens the interaction again,
 * as an answer that was refused leaves it open.
 */
export function claim(
  world: World,
  { id, token }: Pick<Interaction, 'id' | 'token'>,
): { readonly interaction: Interaction; readonly release: () => void } {
  const interaction = world.interactions.get(id);
  if (interaction?.token !== token) refuse('unknownInteraction', `no interaction ${id} with this token`);
  if (interaction.answer ?? interaction.isClaimed)
    refuse('alreadyAcknowledged', `${interaction.title} was answered before`);
  const ageMs = world.clock.now() - interaction.createdAt;
  if (ageMs > world.limits.firstAnswerMs)
    refuse('unknownInteraction', `${interaction.title} was answered after ${ageMs} ms`);
  interaction.isClaimed = true;
  return {
    interaction,
    release: () => {
      interaction.isClaimed = false;
    },
  };
}

/** The interaction behind a webhook token, as long as the token lives and the first answer was given. */
export function getAnswered(world: World, token: string): Interaction {
  const interaction = [...world.interactions.values()].find((one) => one.token === token);
  if (!interaction) refuse('unknownWebhook', 'no interaction has this token');
  const ageMs = world.clock.now() - interaction.createdAt;
  if (ageMs > tokenMs) refuse('invalidToken', `the token of ${interaction.title} is ${ageMs} ms old`);
  if (!interaction.answer) refuse('unknownWebhook', `${interaction.title} has no first answer yet`);
  return interaction;
}

export function recordAnswer(world: World, interaction: Interaction, answer: Answer): void {
  interaction.answer = answer;
  if ('message' in answer) interaction.original = answer.message;
  world.changes.record({ type: 'interaction-answered', interaction });
}
