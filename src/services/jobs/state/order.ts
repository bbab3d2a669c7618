import { UserError } from '../../../lib/errors.ts';
import { visible } from '../../../lib/text.ts';
import type { GuildSettings } from '../../guilds/guild-settings.ts';
import { methods, type MethodId } from '../../modelslab/methods.ts';
import { allowedText, isAllowed, settingNames, type Setting, type SettingId } from '../../modelslab/settings.ts';
import type { Subject } from '../../modelslab/training-api.ts';
import type { Order } from './job.ts';
import { isName, mendedName, nameRule, tidyName } from './model-name.ts';

/** `undefined` takes a choice back: the method's own way applies again. */
export type OrderChange = { readonly [K in keyof Order]?: Order[K] | undefined };

/** What an order must be. `mended` is what is taken instead, where losing the photos over it would be worse. */
interface Rule {
  readonly isKept: (order: Order) => boolean;
  /** What is allowed, as a whole sentence. */
  readonly says: (order: Order) => string;
  readonly mended: (order: Order) => OrderChange;
}

export const longestTrigger = 30;
const triggerForm = /^[A-Za-z][A-Za-z0-9_]{2,29}$/;

const rules: readonly Rule[] = [
  {
    isKept: ({ name }) => isName(name),
    says: ({ name }) => nameRule(name),
    mended: ({ name }) => ({ name: mendedName(name) }),
  },
  {
    isKept: ({ trigger }) => triggerForm.test(trigger),
    says: () =>
      'A trigger word has 3 to 30 letters (a to z) and digits, begins with a letter and has no spaces, such as “ambika0”.',
    mended: ({ name }) => ({ trigger: triggerFor(name) }),
  },
];

function rulesFor({ method }: Order): readonly Rule[] {
  return [...rules, ...methods[method].settings.map((setting) => ruleFor(setting, method))];
}

function ruleFor(setting: Setting, method: MethodId): Rule {
  const { id } = setting;
  return {
    isKept: ({ [id]: value }) => value === undefined || isAllowed(setting, value),
    says: () => `${settingNames[id]}: ${methods[method].label} takes ${allowedText(setting)}.`,
    mended: () => ({ [id]: undefined }),
  };
}

/** The order with a change, the choices that were taken back or do not suit another method left out. */
export function changedOrder(order: Order, change: OrderChange): Order {
  const { method = order.method } = change;
  const base = method === order.method ? order : fitted(order, method);
  return withChange(base, change);
}

function withChange(order: Order, change: OrderChange): Order {
  const merged = Object.entries({ ...order, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged) as Order; // Only optional choices can be taken back: the rules see to the rest.
}

/** Steps mean something else with every method, so a number chosen for one is not kept for another. */
function fitted(order: Order, method: MethodId): Order {
  const { steps: _steps, ...rest } = order;
  return mended(tidied({ ...rest, method }));
}

/** The order in the form in which it is kept. Throws a `UserError` that says what is allowed. */
export function checkOrder(given: Order): Order {
  const order = tidied(given);
  const broken = rulesFor(order).find(({ isKept }) => !isKept(order));
  if (broken) throw new UserError(`${broken.says(order)} Nothing was changed: correct it and send it again.`);
  return order;
}

/** The order made acceptable, and a sentence for each thing that could not be taken as it was. */
export function mendOrder(given: Order): { readonly order: Order; readonly notes: readonly string[] } {
  const order = tidied(given);
  const broken = rulesFor(order).filter(({ isKept }) => !isKept(order));
  const { label } = methods[order.method];
  const untaken = untakenBy(given).map(
    (id) => `${settingNames[id]}: ${label} has no such setting, so it was left out.`,
  );
  return { order: mended(order), notes: [...broken.map(({ says }) => says(order)), ...untaken] };
}

function mended(order: Order): Order {
  const broken = rulesFor(order).filter(({ isKept }) => !isKept(order));
  return broken.reduce((so, rule) => withChange(so, rule.mended(so)), order);
}

/**
 * The word that will call the subject in a prompt when the member chose none: made of the name, with a digit so that
 * it is no word that the base model knows already.
 */
export function triggerFor(name: string): string {
  const plain = visible(name)
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
  const letters = plain.replace(/^[0-9]+/, '').slice(0, 20);
  return `${letters.length < 2 ? 'model' : letters}0`;
}

/** A prompt that shows the model at its best; the trigger word is what calls it. */
export function promptFor({ trigger, subject }: Pick<Order, 'trigger' | 'subject'>): string {
  if (subject === 'style') return `a harbour town at sunset, in ${trigger} style, detailed`;
  return `photo of ${trigger} ${subject}, natural light, detailed, sharp focus`;
}

/** Without what the method does not let one choose, and without choices that are the method's own way anyway. */
function tidied(order: Order): Order {
  const { method, name, trigger } = order;
  const settings = methods[method].settings.map((setting) => [setting.id, tidyValue(setting, order)] as const);
  const untaken = untakenBy(order).map((id) => [id, undefined] as const);
  return withChange(order, {
    name: tidyName(name),
    // Wide letters of an Asian keyboard are the same letters. It goes to the provider and into prompts: plain ones pass all of them.
    trigger: visible(trigger).normalize('NFKC'),
    ...Object.fromEntries([...settings, ...untaken]),
  });
}

function tidyValue(setting: Setting, order: Order): string | number | undefined {
  const value = order[setting.id];
  const tidy = typeof value === 'string' ? value.toWellFormed().trim().replaceAll(/\s+/g, ' ') : value;
  return tidy === setting.byDefault ? undefined : tidy;
}

/** The settings that were chosen although the method has no such thing to choose. */
function untakenBy(order: Order): SettingId[] {
  const taken = new Set<string>(methods[order.method].settings.map(({ id }) => id));
  const all = Object.keys(settingNames) as SettingId[]; // The table's keys are exactly the settings.
  return all.filter((id) => order[id] !== undefined && !taken.has(id));
}

const people: ReadonlySet<Subject> = new Set(['man', 'woman', 'couple']);

/** Whether a server's admins let its members train on this. */
export function isSubjectAllowed(subject: Subject, { subjects }: Pick<GuildSettings, 'subjects'>): boolean {
  return subjects === 'everything' || !people.has(subject);
}

/** For who asked for a model of a person where that is not allowed. */
export const peopleRefused =
  'The admins of this server allow models of objects and styles only, none of people. Choose “An object or animal” or “A style” as the subject.';
