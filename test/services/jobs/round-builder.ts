import type {
  Outcome,
  PictureIntent,
  PictureRound,
  PictureRoundAt,
  Progress,
  RoundStep,
} from '../../../src/services/jobs/state/picture-round.ts';
import { noon } from './job-builder.ts';

export const pictureIntent: PictureIntent = { attempt: 1, at: noon, before: { balance: 20, currency: 'USD' } };

export const made: Outcome = { kind: 'made', links: ['https://provider.test/1.png', 'https://provider.test/2.png'] };

/** One of each step; what a test does not name is not what it is about. */
export const progresses: { readonly [S in RoundStep]: Extract<Progress, { step: S }> } = {
  wanted: { step: 'wanted' },
  sending: { step: 'sending', intent: pictureIntent },
  making: { step: 'making', intent: pictureIntent, requestId: 'r1', since: noon },
  counting: { step: 'counting', intent: pictureIntent, outcome: made },
  ended: { step: 'ended', outcome: made, spent: { amount: 0.01, currency: 'USD' } },
};

export const steps = Object.keys(progresses) as RoundStep[];

/** Two pictures, ordered at noon. */
export function aRound<S extends RoundStep>(step: S, change: Partial<PictureRound> = {}): PictureRoundAt<S> {
  const round: PictureRound = {
    number: 1,
    count: 2,
    prompt: 'photo of ambika0 woman',
    orderedAt: noon,
    attempts: step === 'wanted' ? 0 : 1,
    tries: 0,
    lookAt: noon,
    progress: progresses[step],
    ...change,
  };
  return round as PictureRoundAt<S>;
}
