import type { Method } from './methods.ts';

const labels: Readonly<Record<string, string>> = {
  queued: 'In the queue',
  deploying_gpu: 'Waiting for a machine',
  training_started: 'Training',
  training_success: 'Training finished',
  training_completed: 'Loading the model',
  trained_model_compressing: 'Packing the model',
  trained_model_uploading: 'Storing the model',
  trained_model_uploaded: 'Storing the model',
  deploying_model: 'Loading the model',
  model_ready: 'Ready',
  training_failed: 'Failed',
};

/** A stage in plain words. One that is not known is shown as the provider writes it, without its underscores. */
export function stageLabel(stage: string): string {
  const label = Object.hasOwn(labels, stage) ? labels[stage] : undefined;
  if (label !== undefined) return label;
  const words = stage.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Position of a stage in the method's usual order; undefined for a stage that is not part of it. */
export function stageIndex(method: Method, stage: string): number | undefined {
  const index = method.stages.indexOf(stage);
  return index === -1 ? undefined : index;
}
