import { expect, it } from 'vitest';
import { createRefusalBreaker, mostRefusals } from '../../../../src/services/threads/rest/refusal-breaker.ts';

function build() {
  const time = { now: 0 };
  const brake = createRefusalBreaker({ steady: () => time.now });
  const note = (status: number, times: number) => {
    for (let call = 0; call < times; call += 1) brake.note(status);
  };
  return { time, brake, note };
}

it('holds after a twentieth of what Discord bans for, until the oldest refusal is ten minutes old', () => {
  const { time, brake, note } = build();
  note(403, mostRefusals - 1);
  expect(brake.waitMs()).toBe(0);
  time.now = 60_000;
  note(429, 1);
  expect(brake.waitMs()).toBe(540_000);
  time.now = 600_000;
  expect(brake.waitMs()).toBe(0);
  note(401, 1);
  expect(brake.waitMs()).toBe(0); // The refusals of the first minute are forgotten, all but one.
  expect(mostRefusals).toBeLessThanOrEqual(10_000 / 20);
});

it('counts what Discord counts', () => {
  const { brake, note } = build();
  note(200, 1000);
  note(404, 1000);
  note(500, 1000);
  expect(brake.waitMs()).toBe(0);
});
