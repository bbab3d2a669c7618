/** Whether the program's loop goes round: one that hangs answers the web, and does nothing else any more. */
export interface Pulse {
  beat(): void;
  isAlive(): boolean;
}

/** The loop rests for 5 seconds at the most, and waits half a minute for a locked database. */
const longestSilenceMs = 90_000;

/** Before the first beat the program is starting, which ends by itself. `now` never goes back, whoever sets the clock. */
export function createPulse(now: () => number): Pulse {
  let lastAt: number | undefined;
  return {
    beat: () => {
      lastAt = now();
    },
    isAlive: () => lastAt === undefined || now() - lastAt < longestSilenceMs,
  };
}
