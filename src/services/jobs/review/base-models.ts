import type { Clock } from '../../../lib/clock.ts';
import type { GuildId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/logger.ts';
import { settlesInTime } from '../../../lib/timeout.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { ApiKey, BaseModel, TrainingApi } from '../../modelslab/training-api.ts';

/** The provider's public models, as far as they are known: its list is long and rarely changes. */
export interface BaseModels {
  /** The list for a server's key; undefined while it is not known. Answers within about a second, whatever happens. */
  find(guildId: GuildId): Promise<readonly BaseModel[] | undefined>;
  /** What is known at this moment of the list for a key, without asking for it. */
  known(keyFingerprint: string): readonly BaseModel[] | undefined;
}

export interface BaseModelsDeps {
  readonly vault: Pick<Vault, 'find'>;
  readonly api: Pick<TrainingApi, 'baseModels'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the program stops. */
  readonly signal: AbortSignal;
}

interface Entry {
  readonly models: readonly BaseModel[] | undefined;
  readonly askAgainAt: number;
}

const keptMs = 6 * 60 * 60_000;
const failedMs = 60_000;
/** Who types waits for three seconds at most before Discord gives up. */
const patienceMs = 1200;
const maxKeys = 100;

export function createBaseModels({ vault, api, clock, log, signal }: BaseModelsDeps): BaseModels {
  const entries = new Map<string, Entry>();
  const underWay = new Map<string, Promise<void>>();

  const keep = (fingerprint: string, entry: Entry) => {
    entries.delete(fingerprint); // What was asked for last stands last.
    entries.set(fingerprint, entry);
    const [oldest] = entries.keys();
    if (entries.size > maxKeys && oldest !== undefined) entries.delete(oldest);
  };

  const fetchOnce = async (key: ApiKey): Promise<void> => {
    try {
      keep(key.fingerprint, { models: await api.baseModels(key, signal), askAgainAt: clock.steady() + keptMs });
    } catch (error) {
      log.info({ err: error }, 'the list of base models is not known');
      const models = entries.get(key.fingerprint)?.models;
      keep(key.fingerprint, { models, askAgainAt: clock.steady() + failedMs });
    }
    underWay.delete(key.fingerprint);
  };

  const fetch = (key: ApiKey): Promise<void> => {
    const fetching = underWay.get(key.fingerprint) ?? fetchOnce(key);
    underWay.set(key.fingerprint, fetching);
    return fetching;
  };

  const known = (fingerprint: string) => entries.get(fingerprint)?.models;

  return {
    known,
    find: async (guildId) => {
      const key = await vault.find(guildId);
      if (!key) return undefined;
      const isFresh = clock.steady() < (entries.get(key.fingerprint)?.askAgainAt ?? -Infinity);
      if (!isFresh) await settlesInTime(fetch(key), { ms: patienceMs, clock }); // It goes on when it takes longer.
      return known(key.fingerprint);
    },
  };
}
