import { refuse } from '../errors.ts';
import type { Message } from '../state/message.ts';
import type { World } from '../world.ts';

const hourMs = 3_600_000;

/** Counts an edit of a message older than an hour, and refuses it once its channel has had too many (30046). */
export function countOldEdit(world: World, message: Message): void {
  const now = world.clock.now();
  if (now - message.createdAt <= hourMs) return;
  const recent = (world.oldEdits.get(message.channelId) ?? []).filter((at) => now - at < hourMs);
  if (recent.length >= world.limits.oldEditsPerHour) {
    refuse('tooManyOldEdits', `${recent.length} edits of messages over an hour old in channel ${message.channelId}`);
  }
  world.oldEdits.set(message.channelId, [...recent, now]);
}
