import { expect, it } from 'vitest';
import { createSteadyClock } from '../../src/lib/steady-clock.ts';

const hour = 60 * 60_000;

function held() {
  const time = { wall: 1_000_000_000, steady: 500 };
  const clock = createSteadyClock({ wall: () => time.wall, steady: () => time.steady });
  return {
    clock,
    time,
    pass: (ms: number) => {
      time.wall += ms;
      time.steady += ms;
    },
  };
}

it('tells the system’s time as long as nobody sets it', () => {
  const { clock, time, pass } = held();
  for (let step = 0; step < 100; step += 1) {
    pass(3_600_000);
    expect(clock.now()).toBe(time.wall);
  }
  expect(clock.jumpedMs()).toBe(0);
});

it.each([2 * hour, -2 * hour])(
  'goes on evenly when the system’s clock is set by %i ms, until it is told to follow',
  (ms) => {
    const { clock, time, pass } = held();
    const before = clock.now();
    time.wall += ms;
    pass(1000);
    expect(clock.now()).toBe(before + 1000);
    expect(clock.jumpedMs()).toBe(ms);
    clock.follow(ms);
    expect(clock.now()).toBe(time.wall);
    expect(clock.jumpedMs()).toBe(0);
  },
);

it('adds up several jumps, and takes back a following that did not work out', () => {
  const { clock, time } = held();
  const before = clock.now();
  time.wall += hour;
  clock.now();
  time.wall += hour;
  expect(clock.jumpedMs()).toBe(2 * hour);
  clock.follow(2 * hour);
  clock.follow(-2 * hour);
  expect(clock.now()).toBe(before);
});

it('follows slow corrections by itself, however far they lead', () => {
  const { clock, time, pass } = held();
  for (let second = 0; second < 7200; second += 1) {
    pass(1000);
    time.wall += 100;
    clock.now();
  }
  expect(clock.now()).toBe(time.wall);
  expect(clock.jumpedMs()).toBe(0);
});

it('counts a sleep of the machine, which the steady clock does not, as a jump', () => {
  const { clock, time } = held();
  time.wall += 8 * hour;
  expect(clock.jumpedMs()).toBe(8 * hour);
});
