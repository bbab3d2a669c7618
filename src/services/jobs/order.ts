import { UserError } from '../../lib/errors.ts';
import { methods, type MethodId } from '../modelslab/methods.ts';
import { findSetting } from '../modelslab/settings.ts';
import type { Order } from './job.ts';

/** `undefined` takes a choice back: the method's own way applies again. */
export type OrderChange = { readonly [K in keyof Order]?: Order[K] | undefined };

/** What an order must be. `mended` is what is taken instead, where losing the photos over it would be worse. */
interface Rule {
  readonly isKept: (order: Order) => boolean;
  /** What is allowed, as a whole sentence. */
  readonly says: (order: Order) => string;
  readonly mended: (order: Order) => OrderChange;
}

export const longestName = 40;
const nameForm = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,38}[\p{L}\p{N}])?$/u;
const triggerForm = /^[A-Za-z][A-Za-z0-9_]{2,29}$/;
const baseModelForm = /^[\w.-]{1,100}$/;
const largestSeed = 4_294_967_295;

const rules: readonly Rule[] = [
  {
    isKept: ({ name }) => nameForm.test(name),
    says: () =>
      'A name has 1 to 40 letters, digits, spaces, dots or dashes, and begins and ends with a letter or digit.',
    mended: ({ name }) => ({ name: mendedName(name) }),
  },
  {
    isKept: ({ trigger }) => triggerForm.test(trigger),
    says: () =>
      'A trigger word has 3 to 30 letters (a to z) and digits, begins with a letter and has no spaces, such as “ambika0”.',
    mended: ({ name }) => ({ trigger: triggerFor(name) }),
  },
  {
    isKept: ({ method, steps }) => steps === undefined || isWithin(steps, stepsOf(method)),
    says: ({ method }) => `${methods[method].label} takes ${stepsOf(method).min} to ${stepsOf(method).max} steps.`,
    mended: () => ({ steps: undefined }),
  },
  {
    isKept: ({ seed }) => seed === undefined || isWithin(seed, { min: 0, max: largestSeed }),
    says: () => `A seed is a whole number from 0 to ${largestSeed}.`,
    mended: () => ({ seed: undefined }),
  },
  {
    isKept: ({ baseModel }) => baseModel === undefined || baseModelForm.test(baseModel),
    says: () => 'A base model is named as ModelsLab lists it, such as “portraitplus-diffusion”.',
    mended: () => ({ baseModel: undefined }),
  },
];

/** The order with a change, the choices that were taken back left out. */
export function changedOrder(order: Order, change: OrderChange): Order {
  const merged = Object.entries({ ...order, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged) as Order; // Only optional choices can be taken back: the rules see to the rest.
}

/** The order in the form in which it is kept. Throws a `UserError` that says what is allowed. */
export function checkOrder(given: Order): Order {
  const order = tidied(given);
  const broken = rules.find(({ isKept }) => !isKept(order));
  if (broken) throw new UserError(`${broken.says(order)} Nothing was changed: correct it and send it again.`);
  return order;
}

/** The order made acceptable, and a sentence for each thing that could not be taken as it was. */
export function mendOrder(given: Order): { readonly order: Order; readonly notes: readonly string[] } {
  const order = tidied(given);
  const broken = rules.filter(({ isKept }) => !isKept(order));
  const mended = broken.reduce((so, rule) => changedOrder(so, rule.mended(so)), order);
  return { order: mended, notes: broken.map(({ says }) => says(order)) };
}

/**
 * The word that will call the subject in a prompt when the member chose none: made of the name, with a digit so that
 * it is no word that the base model knows already.
 */
export function triggerFor(name: string): string {
  const plain = name
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

/** A base model is kept only with a method that builds on one. */
function tidied(order: Order): Order {
  const { method, baseModel } = order;
  return changedOrder(order, {
    name: order.name.trim(),
    trigger: order.trigger.trim(),
    baseModel: findSetting(methods[method], 'baseModel') === undefined ? undefined : baseModel?.trim(),
  });
}

function stepsOf(method: MethodId) {
  return findSetting(methods[method], 'steps') ?? { min: 0, max: 0 };
}

function mendedName(name: string): string {
  const allowed = name.match(/[\p{L}\p{N} ._-]/gu) ?? []; // Whole letters: some take two units of a string.
  const plain = allowed.slice(0, longestName).join('');
  const inner = plain.replaceAll(/^[ ._-]+|[ ._-]+$/g, '');
  return inner === '' ? 'model' : inner;
}

function isWithin(number: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return Number.isInteger(number) && number >= min && number <= max;
}
