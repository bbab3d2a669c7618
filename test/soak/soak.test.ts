import { expect, it } from 'vitest';
import { soak } from './soak.ts';

it('pays once for each press and tells each end once, whatever is killed and lost on the way', async () => {
  const { counts, problems } = await soak({ jobs: 12, seed: 5 });
  expect(problems).toEqual([]);
  expect(counts).toMatchObject({ orders: 12, charges: 12, 'charged twice': 0, 'presses lost': 0 });
  expect(counts['kills']).toBeGreaterThan(2);
}, 300_000);
