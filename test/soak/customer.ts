import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Member } from '../../playground/discord/driver/member.ts';
import { allComponents } from '../../playground/discord/rules/component.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import { startIdOf, type Order } from '../e2e/order.ts';
import { attached, photos } from '../e2e/photos.ts';
import type { Server } from '../e2e/server.ts';
import type { Stage } from '../e2e/stage.ts';

/** A member who orders one training, and does what a member does until they have read how it ended. */
export interface Customer {
  readonly server: Server;
  readonly member: Member;
  /** Nobody else's: it tells in the provider's books whose training is whose. */
  readonly trigger: string;
}

/** What they did and read. */
export interface Visit {
  readonly trigger: string;
  /** How often Start was pressed until the card showed that it was: once more for each press that a kill swallowed. */
  readonly presses: number;
  /** How often they had to say whether it is training. */
  readonly answers: number;
  /** What the messages say that told them the end: also those that came after they had gone. */
  readonly ends: () => readonly string[];
  /** Why it did not come to its end. */
  readonly trouble?: string;
}

/** Much longer than a training takes with everything that is done to it. */
const longestMs = 12 * 60_000;
/** What shows nothing by then was swallowed: people press again. */
const patience = { withinMs: 15_000 };

export async function visit(stage: Stage, customer: Customer): Promise<Visit> {
  const order = await open(stage, customer);
  const presses = await start(stage, order);
  const answers = await answerUntilEnd(stage, order, customer.trigger);
  return { trigger: customer.trigger, presses, answers, ends: () => endsIn(stage, order).map(textOf) };
}

/** The provider's truth: what was charged for this order. */
export function chargedFor({ modelsLab }: Pick<Stage, 'modelsLab'>, trigger: string): readonly string[] {
  return modelsLab.ledger
    .filter(({ request }) => String(request['instance_prompt']).includes(` ${trigger} `))
    .map(({ trainingId }) => trainingId);
}

/** The command is used again when the bot was killed in the middle of it; what that left behind is never started. */
async function open({ discord }: Stage, { server, member, trigger }: Customer): Promise<Order> {
  const asked = { name: trigger, subject: 'woman', method: 'lora-sd15', trigger, ...attached(photos) };
  for (let tries = 0; tries < 20; tries += 1) {
    const use = await member.command(server.channel, 'train', asked);
    const reply = await use.reply({ withinMs: 40_000 }).catch(() => undefined);
    if (reply?.content.includes('<#')) return server.orderIn(reply, member);
    await discord.botReady({ withinMs: longestMs });
  }
  throw new Error(`Cannot open the order ${trigger}`);
}

async function start({ discord }: Stage, { thread, owner }: Order): Promise<number> {
  // A kill between a card's being posted and its being noted leaves one behind: only the newest is the order's.
  const card = () => discord.messages(thread).findLast((message) => startIdOf(message) !== undefined);
  await discord.until(card, { withinMs: longestMs, what: `Start in thread ${thread.name}` });
  for (let presses = 0; ; presses += 1) {
    const startable = card();
    if (startable === undefined) return presses;
    await owner.press(startable, /^start:/);
    await discord.until(() => card() === undefined, patience).catch(() => undefined);
  }
}

/** Answers every question with what the provider's books say; gives how many there were. */
async function answerUntilEnd(stage: Stage, order: Order, trigger: string): Promise<number> {
  const { discord } = stage;
  const seen = new Set<Message>();
  const question = () => discord.messages(order.thread).find((message) => isOpen(message) && !seen.has(message));
  for (let answers = 0; ; answers += 1) {
    const next = await discord.until(() => endsIn(stage, order)[0] ?? question(), {
      withinMs: longestMs,
      what: `the end of ${trigger}`,
    });
    if (!isOpen(next)) return answers;
    const [trainingId] = chargedFor(stage, trigger);
    while (isOpen(next) && !(await isAnswered(stage, order, { question: next, trainingId })));
    seen.add(next);
  }
}

interface Asked {
  readonly question: Message;
  readonly trainingId: string | undefined;
}

/** One try. Buttons whose answer was stored just before a kill stay, and say so. */
async function isAnswered({ discord }: Stage, { owner }: Order, { question, trainingId }: Asked): Promise<boolean> {
  try {
    const pressed = await owner.press(question, trainingId === undefined ? /^resend:/ : /^is-training:/);
    const use = trainingId === undefined ? pressed : await (await pressed.modal()).submit({ training_id: trainingId });
    const isOver = () =>
      !isOpen(question) || use.messages().some(({ content }) => content.includes('answered already'));
    return await discord.until(isOver, patience);
  } catch {
    return false;
  }
}

function isOpen({ components }: Message): boolean {
  return allComponents(components).some(({ component }) => component.custom_id?.startsWith('resend:') ?? false);
}

function endsIn({ discord }: Stage, { thread, owner }: Order): readonly Message[] {
  const ending = /is ready|could not be trained|was cancelled|has expired/;
  return discord
    .messages(thread)
    .filter(({ content, notified }) => notified.includes(owner.id) && ending.test(content));
}
