import type { MemberId } from '../../lib/ids.ts';
import type { StoredData, MemberData } from './stored-data.ts';
import type { StoredKeys } from '../guilds/stored-keys.ts';

/** What is kept about one person, in every server that has the bot, and how they have it erased. */
export interface MemberEraser {
  dataOf(memberId: MemberId): Promise<MemberData>;
  /** Erases all of it, but orders under way and the ledger, which names no person. */
  forget(memberId: MemberId): Promise<void>;
}

export interface MemberEraserDeps {
  readonly storedData: Pick<StoredData, 'ofMember' | 'forgetMember'>;
  /** They know who set them. */
  readonly keys: readonly Pick<StoredKeys, 'forgetMember'>[];
  /** What was erased still stands in the database's log until that is emptied. */
  readonly emptyLog: () => Promise<void>;
}

export function createMemberEraser({ storedData, keys, emptyLog }: MemberEraserDeps): MemberEraser {
  return {
    dataOf: (memberId) => storedData.ofMember(memberId),
    forget: async (memberId) => {
      await storedData.forgetMember(memberId);
      for (const stored of keys) await stored.forgetMember(memberId);
      await emptyLog();
    },
  };
}
