import { errorAnswer, Refusal } from './answers.ts';

/** A body without its key. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a value, as a sentence about `name`; undefined when nothing is. */
export type Check = (value: unknown, name: string) => string | undefined;

export interface Field {
  readonly check: Check;
  readonly required?: boolean;
  readonly nullable?: boolean;
}

export type Form = Readonly<Record<string, Field>>;

export const text: Check = (value, name) => (typeof value === 'string' ? undefined : `The ${name} must be a string.`);

export function oneOf(...allowed: readonly string[]): Check {
  return (value, name) =>
    typeof value === 'string' && allowed.includes(value) ? undefined : `The selected ${name} is invalid.`;
}

/** Numbers travel as strings: `"18"`, not `18`. */
export function digits(min: number, max: number): Check {
  return (value, name) => {
    if (typeof value !== 'string') return `The ${name} must be a string.`;
    if (!/^\d+$/.test(value)) return `The ${name} must be a number.`;
    const inRange = Number(value) >= min && Number(value) <= max;
    return inRange ? undefined : `The ${name} must be between ${min} and ${max}.`;
  };
}

/** For the newer calls, which take numbers and, from some clients, numbers in strings. */
export function number(min: number, max: number, multipleOf?: number): Check {
  return (value, name) => {
    const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof given !== 'number' || Number.isNaN(given)) return `The ${name} must be a number.`;
    if (given < min || given > max) return `The ${name} must be between ${min} and ${max}.`;
    if (multipleOf !== undefined && given % multipleOf !== 0) return `The ${name} must be a multiple of ${multipleOf}.`;
    return undefined;
  };
}

/** True or false; some clients still write the old words. */
export const flag: Check = (value, name) =>
  typeof value === 'boolean' || value === 'yes' || value === 'no' ? undefined : `The ${name} must be true or false.`;

/** `1e-5` to `1e-10`, and 2 to 6 times ten to the minus 0 to 10. */
export const learningRate: Check = (value, name) =>
  typeof value === 'string' && /^(1e-([5-9]|10)|[2-6]e-([0-9]|10))$/.test(value)
    ? undefined
    : `The selected ${name} is invalid.`;

export const links: Check = (value, name) => {
  if (!Array.isArray(value) || value.length === 0) return `The ${name} must be an array with at least 1 item.`;
  return value.every(isLink) ? undefined : `The ${name} must hold valid URLs.`;
};

/** An empty string means none. */
export const linkOrEmpty: Check = (value, name) =>
  value === '' || isLink(value) ? undefined : `The ${name} must be a valid URL.`;

function isLink(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  return ['http:', 'https:'].includes(new URL(value).protocol);
}

/** Throws the refusal of a body that does not fit, naming each field. Fields that the form does not know are let pass. */
export function demandFields(fields: Fields, form: Form, word: 'messege' | 'message'): void {
  const wrong = Object.entries(form).flatMap(([name, field]) => {
    const complaint = complain(fields[name], name, field);
    return complaint === undefined ? [] : [[name, [complaint]] as const];
  });
  if (wrong.length > 0) throw new Refusal(errorAnswer(400, { [word]: Object.fromEntries(wrong) }));
}

function complain(value: unknown, name: string, field: Field): string | undefined {
  const spoken = name.replaceAll('_', ' ');
  const isMissing =
    value === undefined || (value === null && field.nullable !== true) || (value === '' && field.required);
  if (isMissing === true)
    return field.required === true || value === null ? `The ${spoken} field is required.` : undefined;
  return value === null ? undefined : field.check(value, spoken);
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

export function linksOf(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((link): link is string => typeof link === 'string') : [];
}
