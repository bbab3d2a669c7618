import type { Discord } from '../../discord/discord.ts';
import type { TextChannel } from '../../discord/state/channel.ts';
import type { Account } from '../../modelslab/accounts.ts';
import type { Moment, PlannedFault } from '../../modelslab/faults.ts';
import { paidCalls, type ModelsLab } from '../../modelslab/modelslab.ts';
import type { TroubleName, TroubleView } from '../protocol.ts';

/** The switches of the side panel. */
export interface Trouble {
  view(): TroubleView;
  set(name: TroubleName, isOn: boolean): void;
}

export interface TroubleDeps {
  readonly discord: Pick<Discord, 'faults' | 'deny' | 'allow'>;
  readonly modelsLab: Pick<ModelsLab, 'next' | 'oddities'>;
  readonly accounts: readonly Account[];
  readonly channels: readonly TextChannel[];
}

interface Switch {
  isOn(): boolean;
  turn(isOn: boolean): void;
}

export function createTrouble({ discord, modelsLab, accounts, channels }: TroubleDeps): Trouble {
  const switches: Readonly<Record<TroubleName, Switch>> = {
    'provider-down': providerDown(modelsLab),
    'drop-before-charge': dropNext(modelsLab, 'before'),
    'drop-after-charge': dropNext(modelsLab, 'after'),
    'no-credit': noCredit(accounts),
    'discord-429': rateLimited(discord),
    'channels-closed': channelsClosed(discord, channels),
  };
  return {
    view: () => ({
      'provider-down': switches['provider-down'].isOn(),
      'drop-before-charge': switches['drop-before-charge'].isOn(),
      'drop-after-charge': switches['drop-after-charge'].isOn(),
      'no-credit': switches['no-credit'].isOn(),
      'discord-429': switches['discord-429'].isOn(),
      'channels-closed': switches['channels-closed'].isOn(),
    }),
    set(name, isOn) {
      // Two browser tabs may ask for the same.
      if (switches[name].isOn() !== isOn) switches[name].turn(isOn);
    },
  };
}

function providerDown({ oddities }: TroubleDeps['modelsLab']): Switch {
  const always = { call: 'any', chance: 1, fault: { kind: 'server-error', status: 503 } } as const;
  return {
    isOn: () => oddities.faults.includes(always),
    turn(isOn) {
      oddities.faults = isOn ? [always] : [];
    },
  };
}

function dropNext(modelsLab: TroubleDeps['modelsLab'], when: Moment): Switch {
  let planned: PlannedFault | undefined;
  return {
    isOn: () => planned?.isWaiting() ?? false,
    turn(isOn) {
      if (isOn) planned = modelsLab.next(paidCalls, { kind: 'drop', when });
      else planned?.callOff();
    },
  };
}

function noCredit(accounts: TroubleDeps['accounts']): Switch {
  let taken: ReadonlyMap<Account, number> = new Map();
  return {
    isOn: () => taken.size > 0,
    turn(isOn) {
      const before = new Map(accounts.map((account) => [account, account.balance]));
      // What is billed meanwhile stays billed: so much is given back as was taken.
      for (const account of accounts) account.balance = isOn ? 0 : account.balance + (taken.get(account) ?? 0);
      taken = isOn ? before : new Map();
    },
  };
}

function rateLimited({ faults }: TroubleDeps['discord']): Switch {
  let isOn = false;
  return {
    isOn: () => isOn,
    turn(wanted) {
      isOn = wanted;
      // The pictures of the page come from the same address: only the API is meant.
      if (wanted) faults.next({ path: /^\/api\//, times: Infinity, trouble: 'rate-limited' });
      else faults.clear();
    },
  };
}

function channelsClosed(discord: TroubleDeps['discord'], channels: TroubleDeps['channels']): Switch {
  const permissions = ['ViewChannel', 'SendMessages', 'SendMessagesInThreads'] as const;
  let isOn = false;
  return {
    isOn: () => isOn,
    turn(wanted) {
      isOn = wanted;
      for (const channel of channels) {
        if (wanted) discord.deny(channel, ...permissions);
        else discord.allow(channel, ...permissions);
      }
    },
  };
}
