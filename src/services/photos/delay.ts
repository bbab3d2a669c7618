/**
 * Why photos are not looked at for now.
 *   decoder   there is no process that decodes, and none can be started
 *   used-up   those of their owner have taken more time than one member has
 */
export const delayReasons = ['decoder', 'used-up'] as const;
export type DelayReason = (typeof delayReasons)[number];

/** Nothing is wrong with the photos, and nothing was done: whoever comes again after `ms` may find it over. */
export class PhotoDelay extends Error {
  override readonly name = 'PhotoDelay';
  readonly why: DelayReason;
  readonly ms: number;

  constructor(why: DelayReason, ms: number, options?: ErrorOptions) {
    super(`Cannot look at photos for now: ${why}`, options);
    this.why = why;
    this.ms = ms;
  }
}
