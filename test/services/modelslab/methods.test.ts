import { describe, expect, it } from 'vitest';
import { methods, stageIndex, stageLabel } from '../../../src/services/modelslab/methods.ts';

describe('stageLabel', () => {
  it('knows every stage of every method', () => {
    for (const stage of Object.values(methods).flatMap((method) => method.stages)) {
      expect(stageLabel(stage)).not.toMatch(new RegExp(stage.replaceAll('_', '.'), 'i'));
    }
  });

  it.each([
    ['deploying_gpu', 'Waiting for a machine'],
    ['model_ready', 'Ready'],
    ['a_stage_of_next_year', 'A stage of next year'],
    ['constructor', 'Constructor'],
    ['', ''],
  ])('writes %j as %j', (stage, label) => {
    expect(stageLabel(stage)).toBe(label);
  });
});

describe('stageIndex', () => {
  it('is the position in the order of the method, which only Dreambooth packs', () => {
    expect(stageIndex(methods['lora-sdxl'], 'trained_model_uploading')).toBe(3);
    expect(stageIndex(methods.dreambooth, 'trained_model_uploading')).toBe(4);
  });

  it('is undefined for a stage outside of it', () => {
    expect(stageIndex(methods['lora-sdxl'], 'trained_model_compressing')).toBeUndefined();
    expect(stageIndex(methods['lora-sdxl'], 'queued')).toBeUndefined();
  });
});
