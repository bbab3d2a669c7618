import { createHash } from 'node:crypto';
import { UserError } from '../../lib/errors.ts';

/** Where people find their keys. */
export type KeySource = 'the API keys page of ModelsLab' | 'wandb.ai/authorize';

/**
 * The key as its issuer wants it, without the blanks that come along when copying. Throws `UserError`, which never
 * repeats what was pasted: it may be a key with something behind it.
 */
export function parseApiKey(pasted: string, source: KeySource = 'the API keys page of ModelsLab'): string {
  const advice = `Copy it again from ${source} and paste it without anything around it.`;
  const key = pasted.trim();
  if (key.length < 10) throw new UserError(`That is too short to be an API key. ${advice}`);
  if (key.length > 200) throw new UserError(`That is too long to be an API key. ${advice}`);
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UserError(`That is not an API key: it has spaces, line breaks or unusual characters in it. ${advice}`);
  }
  return key;
}

/** Same key, same fingerprint, on every server and under every master key. Eight bytes of a hash do not lead back. */
export function fingerprintOf(apiKey: string): string {
  return createHash('sha256').update(`darkroom|fingerprint|${apiKey}`).digest('hex').slice(0, 16);
}
