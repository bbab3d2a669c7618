import type { Course } from './oddities.ts';
import type { TrainingMethod } from './trainings.ts';

export interface Step {
  readonly stage: string;
  /** When it is entered, as a share of the whole training. */
  readonly at: number;
}

/** About the shares of a real training: most of the time is spent on the GPU. */
const loraSteps: readonly Step[] = [
  { stage: 'deploying_gpu', at: 0 },
  { stage: 'training_started', at: 0.1 },
  { stage: 'training_success', at: 0.7 },
  { stage: 'trained_model_uploading', at: 0.8 },
  { stage: 'trained_model_uploaded', at: 0.88 },
  { stage: 'deploying_model', at: 0.94 },
  { stage: 'model_ready', at: 1 },
];

const compressing: Step = { stage: 'trained_model_compressing', at: 0.75 };

const trainerSteps: readonly Step[] = [
  { stage: 'training_started', at: 0 },
  { stage: 'training_completed', at: 0.8 },
  { stage: 'inference_ready', at: 1 },
];

function usualSteps(method: TrainingMethod): readonly Step[] {
  if (method === 'trainer') return trainerSteps;
  if (method === 'lora') return loraSteps;
  return [...loraSteps.slice(0, 3), compressing, ...loraSteps.slice(3)];
}

/** The stages that a training will go through, in the order of their times. */
export function planCourse(method: TrainingMethod, course: Course): readonly Step[] {
  const usual = usualSteps(method);
  const steps = usual.filter(({ stage }) => !course.skipped.includes(stage));
  const extra = [
    ...(course.backwardsAfter === null ? [] : backwards(steps, course.backwardsAfter)),
    ...(course.unknownAfter === null ? [] : unknown(steps, course.unknownAfter)),
  ];
  // The newer trainer has no word for waiting: its `training_started` is both.
  const isQueued = course.queued && method !== 'trainer';
  const first = isQueued ? [{ stage: 'queued', at: 0 }] : [];
  const all = [...first, ...steps.map(({ stage, at }) => ({ stage, at: isQueued && at === 0 ? 0.05 : at })), ...extra];
  return all.sort((a, b) => a.at - b.at);
}

function backwards(steps: readonly Step[], after: string): readonly Step[] {
  const index = steps.findIndex(({ stage }) => stage === after);
  const [before, here, next] = [steps[index - 1], steps[index], steps[index + 1]];
  if (before === undefined || here === undefined || next === undefined) return [];
  const third = (next.at - here.at) / 3;
  return [
    { stage: before.stage, at: here.at + third },
    { stage: here.stage, at: here.at + 2 * third },
  ];
}

function unknown(steps: readonly Step[], after: string): readonly Step[] {
  const index = steps.findIndex(({ stage }) => stage === after);
  const [here, next] = [steps[index], steps[index + 1]];
  if (here === undefined || next === undefined) return [];
  return [{ stage: 'optimizing_weights', at: (here.at + next.at) / 2 }];
}
