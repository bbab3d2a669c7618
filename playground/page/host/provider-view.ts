import type { ModelsLab } from '../../modelslab/modelslab.ts';
import type { Training } from '../../modelslab/trainings.ts';
import type { AccountView, CallView, ChargeView, ProviderView, TrainingView } from '../protocol.ts';
import type { ServerAccount } from './playground.ts';

export interface Ledgers {
  readonly modelsLab: Pick<ModelsLab, 'trainings' | 'ledger' | 'requests'>;
  readonly accounts: readonly ServerAccount[];
  readonly speed: number;
  readonly now: number;
}

const minuteMs = 60_000;
const rowsShown = 50;

/** The provider's side of things. */
export function providerView({ modelsLab, accounts, speed, now }: Ledgers): ProviderView {
  const { trainings, ledger, requests } = modelsLab;
  const idOf = (key: string) => accounts.find(({ account }) => account.key === key)?.guild.id ?? '';
  const charges = ledger.map((charge, index): ChargeView => {
    const { at, key, trainingId, amount } = charge;
    return { id: String(index), at, accountId: idOf(key), trainingId, amount };
  });
  return {
    speed,
    accounts: accounts.map(accountView),
    trainings: newest(trainings).map((one) => trainingView(one, { charges, accountId: idOf(one.account.key) })),
    charges: newest(charges),
    callsInLastMinute: requests.length - requests.findLastIndex(({ at }) => at <= now - minuteMs) - 1,
    calls: newest(requests.map(callView)),
  };
}

function newest<T>(all: readonly T[]): T[] {
  return all.slice(-rowsShown).reverse();
}

/** There is one account for each server, so it goes by the server's id; its key is nothing to go by. */
function accountView({ guild, account }: ServerAccount): AccountView {
  const { key, balance } = account;
  return { id: guild.id, guildId: guild.id, guildName: guild.name, key, balance };
}

function trainingView(
  training: Training,
  { charges, accountId }: { readonly charges: readonly ChargeView[]; readonly accountId: string },
): TrainingView {
  const { id, method, request, stage, history, ahead, startedAt, endedAt, ending, failure, images } = training;
  const own = charges.filter(({ trainingId }) => trainingId === id);
  return {
    id,
    accountId,
    method,
    // Its Flux trainer asks for the word alone.
    prompt: [request['instance_prompt'], request['trigger_word']].find((one) => typeof one === 'string') ?? '',
    stage,
    stages: [...history],
    ahead,
    startedAt,
    endedAt: endedAt ?? null,
    ending: ending ?? null,
    failure: failure ?? null,
    photos: images.length,
    charged: own.reduce((sum, { amount }) => sum + amount, 0),
  };
}

function callView({ at, call, outcome }: ModelsLab['requests'][number], index: number): CallView {
  return { id: String(index), at, call, outcome };
}
