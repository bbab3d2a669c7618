import { withoutEnd } from '../../lib/text-ends.ts';
import { shorten } from '../../lib/text.ts';

const maxChars = 300;
/** A piece of a key this long is no coincidence. */
const tellingChars = 12;

/**
 * What the provider wrote, made safe to log and to show: one line, no tags, no control or invisible characters, no
 * query of a URL, no secret, at most 300 characters. Escaping for Discord is left to whoever shows it.
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
  return shorten(withoutSecrets(line, secrets), maxChars);
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
