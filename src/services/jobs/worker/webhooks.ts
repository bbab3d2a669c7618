import { createHash } from 'node:crypto';
import type { JobId } from '../../../lib/ids.ts';
import { withoutEnd } from '../../../lib/text-ends.ts';

/** Where the provider may call about one attempt. */
export interface Webhook {
  /** A secret: whoever knows it can bring the next status call forward. */
  readonly url: string;
  /** All that is kept of it. */
  readonly tokenHash: string;
}

export interface Webhooks {
  /** Another one for each attempt, so that a call proves which one arrived; undefined when nobody can call us. */
  create(id: JobId): Webhook | undefined;
}

export interface WebhooksDeps {
  /** Where this program is reached from outside. */
  readonly publicUrl: string | undefined;
  /** Something that nobody can guess, fit for a URL. */
  readonly newToken: () => string;
}

export function createWebhooks({ publicUrl, newToken }: WebhooksDeps): Webhooks {
  return {
    create: (id) => {
      if (publicUrl === undefined) return undefined;
      const token = newToken();
      return { url: `${withoutEnd(publicUrl, '/')}/webhook/${id}/${token}`, tokenHash: hashOf(token) };
    },
  };
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
