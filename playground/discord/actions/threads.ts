import { refuse } from '../errors.ts';
import type { Snowflake } from '../snowflake.ts';
import type { Channel, TextChannel, Thread } from '../state/channel.ts';
import type { World } from '../world.ts';

export interface ThreadDraft {
  readonly id: Snowflake;
  readonly name: string;
  readonly autoArchiveMinutes: number;
  readonly isPrivate: boolean;
  readonly ownerId: Snowflake;
}

export function createThread(world: World, parent: TextChannel, draft: ThreadDraft): Thread {
  if (world.channels.has(draft.id)) refuse('threadExists', `message ${draft.id} already has a thread`);
  const now = world.clock.now();
  const thread: Thread = {
    kind: 'thread',
    guildId: parent.guildId,
    parentId: parent.id,
    createdAt: now,
    memberIds: new Set([draft.ownerId]),
    isLocked: false,
    wasArchived: false,
    archiveChangedAt: now,
    lastActivityAt: now,
    lastMessageId: undefined,
    isDeleted: false,
    ...draft,
  };
  world.channels.set(thread.id, thread);
  world.changes.record({ type: 'thread-created', thread });
  return thread;
}

export type ThreadChange = Partial<Pick<Thread, 'name' | 'autoArchiveMinutes' | 'isLocked' | 'wasArchived'>>;

export function changeThread(world: World, thread: Thread, change: ThreadChange): void {
  Object.assign(thread, change);
  if (change.wasArchived !== undefined) {
    const now = world.clock.now();
    thread.archiveChangedAt = now;
    // Un-archiving by hand counts as activity, or the thread would fall asleep again at once.
    if (!change.wasArchived) thread.lastActivityAt = now;
  }
  world.changes.record({ type: 'thread-updated', thread });
}

export function deleteChannel(world: World, channel: Channel): void {
  channel.isDeleted = true;
  world.changes.record(
    channel.kind === 'thread' ? { type: 'thread-deleted', thread: channel } : { type: 'channel-deleted', channel },
  );
}
