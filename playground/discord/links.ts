import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Attachment } from './state/message.ts';

export interface Links {
  sign(attachment: Attachment): string;
  /** Whether a path with this query was signed here and is still good. */
  isGood(path: string, query: Readonly<Record<string, string | undefined>>): boolean;
}

export interface LinkOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly lifeMs: number;
  readonly origin: () => string;
}

/** Links of Discord's form: `ex` and `is` are hexadecimal seconds (end and issue), `hm` signs both with the path. */
export function createLinks({ clock, lifeMs, origin }: LinkOptions): Links {
  const secret = randomBytes(32);
  const signature = (path: string, ex: string, is: string) =>
    createHmac('sha256', secret).update(`${path}?${ex}&${is}`).digest('hex');

  return {
    sign(attachment) {
      const path = pathOf(attachment);
      const is = seconds(clock.now());
      const ex = seconds(clock.now() + lifeMs);
      return `${origin()}${path}?ex=${ex}&is=${is}&hm=${signature(path, ex, is)}&`;
    },
    isGood(path, { ex, is, hm }) {
      if (!ex || !is || !hm) return false;
      const isSigned = sameText(hm, signature(path, ex, is));
      return isSigned && clock.now() < Number.parseInt(ex, 16) * 1000;
    },
  };
}

function pathOf({ isEphemeral, channelId, id, name }: Attachment): string {
  return `/${isEphemeral ? 'ephemeral-attachments' : 'attachments'}/${channelId}/${id}/${encodeURIComponent(name)}`;
}

function seconds(ms: number): string {
  return Math.ceil(ms / 1000).toString(16);
}

function sameText(given: string, wanted: string): boolean {
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}
