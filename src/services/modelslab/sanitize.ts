import { shorten, withoutEnd } from '../../lib/text.ts';
import type { Conclusion } from './training-verdict.ts';
import type { BaseModel, Pictures, TrainingStatus } from './training-api.ts';

const longestText = 300;
/** A piece of a key this long is no coincidence. */
const tellingChars = 12;

/**
 * What the provider wrote, made safe to log and to show: one line, no tags, no control or invisible characters, no
 * query of a URL, no secret, at most 300 characters. Escaping for Discord is left to the code that shows it.
 */
export function cleanText(text: string, secrets: readonly string[]): string {
  const line = text
    .replace(/<[a-z!/][^<>]*>/gi, ' ')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // Removed, not replaced: a zero-width character within the key would hide it from the next step.
    .replace(/\p{C}+/gu, '')
    // In two steps, each of which reads every character once: an answer may be a million characters of "http://".
    .replace(/https?:\/\/\S+/gi, (url) => url.replace(/[?#].*/s, ''))
    // A key of Weights & Biases looks like this. The log of a training may quote one that no status call knows of.
    .replace(/\b[0-9a-f]{40}\b/gi, '[key]')
    .replace(/\s+/g, ' ')
    .trim();
  return shorten(withoutSecrets(line, secrets), longestText);
}

/** The provider echoes a key in some refusals: whole, encoded for a URL or JSON, as base64, or a part of it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(withoutSecret, text);
}

function withoutSecret(text: string, secret: string): string {
  if (secret === '') return text;
  const whole = spellings(secret).reduce((rest, spelling) => replaceIgnoringCase(rest, spelling), text);
  const lowerSecret = secret.toLowerCase();
  const isTelling = (token: string) => token.length >= tellingChars && lowerSecret.includes(token.toLowerCase());
  return whole.replace(/[\w-]+/g, (token) => (isTelling(token) ? '[key]' : token));
}

function spellings(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), base64, withoutEnd(base64, '=')];
}

function replaceIgnoringCase(text: string, wanted: string): string {
  return text.replace(new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi'), '[key]');
}

/*
 * What the provider's answers become before they leave this service: nothing in them is longer, or says more, than may
 * be shown to everybody.
 */

export function cleanStatus(conclusion: Conclusion, secrets: readonly string[]): TrainingStatus {
  const { stage, verdict, log, sampleUrl } = conclusion;
  const usage = usageText(conclusion.usage, secrets);
  return {
    stage: cleanText(stage, secrets),
    verdict,
    log: log.map((line) => cleanText(line, secrets)),
    ...(sampleUrl !== undefined && isClean(sampleUrl, secrets) && { sampleUrl }),
    ...(usage !== undefined && { usage }),
  };
}

export function cleanPictures(pictures: Pictures, secrets: readonly string[]): Pictures {
  switch (pictures.state) {
    case 'made':
      return { ...pictures, links: pictures.links.filter((link) => isClean(link, secrets)) };
    case 'in-the-making':
      return pictures;
    case 'failed':
      return { ...pictures, said: pictures.said && cleanText(pictures.said, secrets) };
  }
}

export function cleanModel({ id, name }: BaseModel, secrets: readonly string[]): BaseModel {
  return { id, name: cleanText(name, secrets) || id };
}

function isClean(link: string, secrets: readonly string[]): boolean {
  return withoutSecrets(link, secrets) === link;
}

const longestRequest = 1500;
const secretName = /(^|[_-]|api)(key|token|secret|password|authorization)$/i;

/**
 * The request that uses a model, as indented JSON without any key, at most 1500 characters. Undefined when it is none that can
 * be shown: half of it would be no request.
 */
export function usageText(request: unknown, secrets: readonly string[]): string | undefined {
  if (typeof request !== 'object' || request === null || Object.keys(request).length === 0) return undefined;
  if (sizeOf(request) > longestRequest) return undefined;
  const text = JSON.stringify(request, (name, value: unknown) => {
    if (secretName.test(name)) return undefined;
    return typeof value === 'string' ? withoutSecrets(visible(value), secrets) : value;
  });
  // What is left of a secret after that stands in the name of a field.
  if (withoutSecrets(visible(text), secrets) !== text) return undefined;
  const lines = JSON.stringify(JSON.parse(text), undefined, 2);
  return lines.length <= longestRequest ? lines : undefined;
}

const deepest = 12;

/** At least so many characters it takes, as far as that is of interest: what is far too long, or too deep, is not written out. */
function sizeOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  if (depth === deepest) return Infinity;
  let size = 2;
  for (const name in value) {
    size += name.length + sizeOf(Reflect.get(value, name), depth + 1);
    if (size > longestRequest) break;
  }
  return size;
}

function visible(text: string): string {
  return text.replace(/\p{C}+/gu, '');
}
