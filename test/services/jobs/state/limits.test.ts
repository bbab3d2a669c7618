import { describe, expect, it } from 'vitest';
import type { Limits } from '../../../../src/services/guilds/guild-settings.ts';
import {
  areShared,
  hasLimits,
  reachedBy,
  reachedByPictures,
  reachedText,
  spentIn,
  type Usage,
} from '../../../../src/services/jobs/state/limits.ts';
import { noon } from '../job-builder.ts';

const usage: Usage = {
  at: noon,
  member: { atOnce: 2, today: 3, thisMonth: 9 },
  server: { atOnce: 5, usd: 47.1, hourly: 2, rounds: 0 },
};
const reached = (limits: Limits, method: Parameters<typeof reachedBy>[0] = 'dreambooth') =>
  reachedBy(method, limits, usage);

it.each([
  ['memberAtOnce', 2, /2 trainings under way at once, and that is how many you have.*has ended/],
  ['serverAtOnce', 5, /5 trainings be under way at once in this server.*has ended/],
  ['memberPerDay', 3, /3 trainings a day, .*UTC: order again from <t:1767312000:f>/],
  ['memberPerMonth', 9, /9 trainings a month, .*UTC: order again from <t:1769904000:f>/],
] as const)('%s lets as many begin as it says and no more, and says what to do', (limit, is, says) => {
  expect(reached({ [limit]: is + 1 })).toBeUndefined();
  const beyond = reached({ [limit]: is })!;
  expect(beyond.limit).toBe(limit);
  expect(reachedText(beyond)).toMatch(says);
  expect(reachedText(beyond)).toMatch(/ask an admin to raise the limit with \/config limits\.$/);
  expect(reached({ [limit]: 0 }), 'one that could not be read').toBeDefined();
});

describe('dollars a month', () => {
  it('are spent to the last cent and not beyond', () => {
    expect(reached({ usdPerMonth: 50.1 })).toBeUndefined();
    const beyond = reached({ usdPerMonth: 50.09 })!;
    expect(reachedText(beyond)).toMatch(
      /spend \$50\.09 a month\. \$47\.10 of this month’s money is spent or on its way, and this would cost \$3\.00/,
    );
  });

  it('never stop what is free', () => {
    expect(reached({ usdPerMonth: 1 }, 'sandbox')).toBeUndefined();
  });

  it('let nothing begin whose price nobody knows, until an admin says what it counts as', () => {
    expect(reachedText(reached({ usdPerMonth: 1000 }, 'flux')!)).toMatch(
      /LoRA for Flux is billed by the hour.*Choose another method, or ask an admin/,
    );
    expect(reached({}, 'flux')).toBeUndefined();
    expect(reached({ usdPerHourly: 4 }, 'flux')).toBeUndefined();
    expect(reached({ usdPerMonth: 60, usdPerHourly: 4 }, 'flux')).toBeUndefined();
    expect(reached({ usdPerMonth: 59, usdPerHourly: 4 }, 'flux')).toMatchObject({ spent: 55.1, costs: 4 });
    expect(spentIn(usage, { usdPerHourly: 4 })).toBeCloseTo(55.1);
  });

  it('let pictures be ordered while anything is left', () => {
    expect(reachedByPictures({}, usage)).toBeUndefined();
    expect(reachedByPictures({ usdPerMonth: 47.11 }, usage)).toBeUndefined();
    expect(reachedText(reachedByPictures({ usdPerMonth: 47.1 }, usage)!)).toMatch(/nothing is left for pictures/);
  });

  it('let nobody else order pictures before it is known what those cost that are being made', () => {
    const making = { ...usage, server: { ...usage.server, rounds: 1 } };
    expect(reachedByPictures({}, making)).toBeUndefined();
    expect(reachedText(reachedByPictures({ usdPerMonth: 50 }, making)!)).toMatch(/Order yours when those are posted/);
    expect(reachedText(reachedByPictures({ usdPerMonth: 47.1 }, making)!)).toMatch(/nothing is left for pictures/);
  });
});

it('tells which limits are there, and which members share', () => {
  expect([hasLimits({}), hasLimits({ usdPerHourly: 4 })]).toEqual([false, false]);
  expect([hasLimits({ memberPerDay: 0 }), hasLimits({ usdPerMonth: 5 })]).toEqual([true, true]);
  expect([areShared({ memberAtOnce: 1 }), areShared({ serverAtOnce: 1 }), areShared({ usdPerMonth: 1 })]).toEqual([
    false,
    true,
    true,
  ]);
});
