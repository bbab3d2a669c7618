import { expect, it } from 'vitest';
import { soak } from './soak.ts';

it('pays once for each press and tells each end once, whatever is killed and lost on the way', async () => {
  const { counts, problems } = await soak({ jobs: 8, seed: 5 });
  expect(problems).toEqual([]);
  expect(counts).toMatchObject({ orders: 8, charges: 8, 'charged twice': 0, 'presses lost': 0 });
  expect(counts['kills']).toBeGreaterThan(0);
}, 400_000);
