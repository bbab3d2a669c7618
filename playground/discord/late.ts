import type { Gateway } from './gateway/gateway.ts';
import type { World } from './world.ts';
import { recordViolation } from './world.ts';

/**
 * Holds the bot responsible for an interaction without an answer, if it was there the whole time to hear of it. One that was down or
 * reconnecting could not know.
 */
export function watchForLateAnswers(world: World, gateway: Pick<Gateway, 'connected'>): void {
  const listeners = new WeakMap<object, ReturnType<Gateway['connected']>>();
  world.changes.on((change) => {
    if (change.type === 'interaction-created') listeners.set(change.interaction, gateway.connected());
    if (change.type !== 'interaction-failed') return;
    const { interaction } = change;
    const wasThere = listeners.get(interaction)?.some((session) => gateway.connected().includes(session)) ?? false;
    if (!wasThere) return;
    const where = `interaction ${interaction.id}`;
    recordViolation(world, {
      code: 'late',
      status: undefined,
      where,
      detail: `no answer to ${interaction.title} in 3 s`,
    });
  });
}
