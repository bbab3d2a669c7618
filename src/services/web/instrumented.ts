import type { TrainingApi } from '../modelslab/training-api.ts';
import type { Darkroom, PreparedPhoto } from '../photos/photo.ts';
import type { Call, Metrics } from './metrics.ts';

type Method = (...given: readonly unknown[]) => Promise<unknown>;

/** The same provider; how each call ends, and after how long, is told. */
export function instrumentApi(api: TrainingApi, onCall: (call: Call) => void, now: () => number): TrainingApi {
  const watched = Object.entries(api).map(([call, method]: [string, Method]) => [
    call,
    async (...given: readonly unknown[]) => {
      const startedAt = now();
      const told = (outcome: string) => {
        onCall({ call, outcome, ms: now() - startedAt });
      };
      try {
        const answer = await method(...given);
        told('answered');
        return answer;
      } catch (error) {
        told(outcomeOf(error));
        throw error;
      }
    },
  ]);
  // Every method of the port takes and gives promises of what the one it stands for does.
  return Object.fromEntries(watched) as TrainingApi;
}

/** The words of the provider's errors; anything else is a call that was given up. */
function outcomeOf(error: unknown): string {
  return error instanceof Error && 'kind' in error && typeof error.kind === 'string' ? error.kind : 'given-up';
}

/** The same darkroom; every verdict is told. */
export function instrumentDarkroom(darkroom: Darkroom, { photoJudged }: Pick<Metrics, 'photoJudged'>): Darkroom {
  const watched = (onPhoto: (index: number, photo: PreparedPhoto) => Promise<void>): typeof onPhoto => {
    return (index, photo) => {
      photoJudged(photo.verdict.kind);
      return onPhoto(index, photo);
    };
  };
  return {
    ...darkroom,
    for: (owner) => instrumentDarkroom(darkroom.for(owner), { photoJudged }),
    prepare: (sources, recipe, onPhoto, signal) => darkroom.prepare(sources, recipe, watched(onPhoto), signal),
    unpack: (archive, recipe, picking, signal) =>
      darkroom.unpack(archive, recipe, { ...picking, onPhoto: watched(picking.onPhoto) }, signal),
  };
}
