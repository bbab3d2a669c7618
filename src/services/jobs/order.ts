import { UserError } from '../../lib/errors.ts';
import { methods } from '../modelslab/methods.ts';
import type { Order } from './job.ts';

/** `undefined` takes a choice back: the method's own way applies again. */
export type OrderChange = { readonly [K in keyof Order]?: Order[K] | undefined };

const nameForm = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,38}[\p{L}\p{N}])?$/u;
const triggerForm = /^[A-Za-z][A-Za-z0-9_]{2,29}$/;
const baseModelForm = /^[\w.-]{1,100}$/;

/** The order with a change, the choices that were taken back left out. */
export function changedOrder(order: Order, change: OrderChange): Order {
  const merged = Object.entries({ ...order, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged) as Order; // Only optional choices can be taken back; `checkOrder` sees to the rest.
}

/** The order in the form in which it is kept. Rejects what a member typed with a `UserError` that says what is allowed. */
export function checkOrder(order: Order): Order {
  const { baseModel, ...rest } = order;
  const checked = { ...rest, name: checkName(order.name), trigger: checkTrigger(order.trigger) };
  checkSteps(order);
  checkSeed(order.seed);
  const takesBaseModel = methods[order.method].baseModel !== undefined;
  return takesBaseModel && baseModel !== undefined ? { ...checked, baseModel: checkBaseModel(baseModel) } : checked;
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

function checkName(name: string): string {
  const trimmed = name.trim();
  if (nameForm.test(trimmed)) return trimmed;
  throw new UserError(
    'A name has 1 to 40 letters, digits, spaces, dots or dashes, and begins and ends with a letter or digit. Choose another name.',
  );
}

function checkTrigger(trigger: string): string {
  const trimmed = trigger.trim();
  if (triggerForm.test(trimmed)) return trimmed;
  throw new UserError(
    'A trigger word has 3 to 30 letters (a to z) and digits, begins with a letter and has no spaces, such as “ambika0”. Choose another one.',
  );
}

function checkSteps({ method, steps }: Order): void {
  const { min, max } = methods[method].steps;
  const isAllowed = steps === undefined || (Number.isInteger(steps) && steps >= min && steps <= max);
  if (!isAllowed)
    throw new UserError(
      `${methods[method].label} takes ${min} to ${max} steps. Choose a whole number in that range, or none.`,
    );
}

function checkSeed(seed: number | undefined): void {
  const isAllowed = seed === undefined || (Number.isInteger(seed) && seed >= 0 && seed <= 4_294_967_295);
  if (!isAllowed)
    throw new UserError(
      'A seed is a whole number from 0 to 4294967295. Choose one in that range, or none for a random one.',
    );
}

function checkBaseModel(baseModel: string): string {
  const trimmed = baseModel.trim();
  if (baseModelForm.test(trimmed)) return trimmed;
  throw new UserError(
    'A base model is named as ModelsLab lists it, such as “portraitplus-diffusion”. Check the spelling.',
  );
}
