import { expect, it } from 'vitest';
import type { GuildId } from '../../../src/lib/ids.ts';
import { createForgetGuild } from '../../../src/services/retention/forget.ts';

it('forgets both keys before anything else, so that nothing can be spent whatever fails after that', async () => {
  const forgotten: string[] = [];
  const store = (name: string) => ({
    forget: async (guildId: GuildId) => {
      forgotten.push(`${name} of ${guildId}`);
      return Promise.resolve();
    },
  });
  const forgetGuild = createForgetGuild({
    jobs: store('jobs'),
    settings: store('settings'),
    vault: store('api key'),
    wandb: store('wandb key'),
    emptyLog: async () => Promise.resolve(void forgotten.push('log')),
  });
  await forgetGuild('guild1' as GuildId);
  expect(forgotten).toEqual([
    'api key of guild1',
    'wandb key of guild1',
    'jobs of guild1',
    'settings of guild1',
    'log',
  ]);
});
