import type { Account } from './accounts.ts';
import type { Clock } from './clock.ts';
import type { Fields } from './fields.ts';

/** Pictures that somebody asked for. */
export interface PictureOrder {
  readonly id: number;
  readonly account: Account;
  readonly fields: Fields;
  /** What the model was trained on. */
  readonly photos: readonly Buffer[];
  readonly readyAt: number;
  /** Drawn when first fetched. */
  links?: Promise<readonly string[]>;
}

export interface PictureOrders {
  add(order: PictureOrder): void;
  find(id: string): PictureOrder | undefined;
  unfinished(account: Account): number;
}

export function createPictureOrders(clock: Clock): PictureOrders {
  const orders = new Map<string, PictureOrder>();
  return {
    add(order) {
      orders.set(String(order.id), order);
    },
    find: (id) => orders.get(id),
    unfinished: (account) =>
      [...orders.values()].filter((order) => order.account === account && order.readyAt > clock.now()).length,
  };
}
