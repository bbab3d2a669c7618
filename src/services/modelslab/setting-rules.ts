import { isLearningRate, type Setting, type SettingId } from './settings.ts';

/** What people call a setting. */
export const settingNames: Readonly<Record<SettingId, string>> = {
  steps: 'Steps',
  seed: 'Seed',
  baseModel: 'Base model',
  network: 'Network',
  negativePrompt: 'Negative prompt',
  unetRate: 'UNet learning rate',
  unetSteps: 'UNet steps',
  textEncoderRate: 'Text encoder learning rate',
  textEncoderSteps: 'Text encoder steps',
  report: 'Report to Weights & Biases',
};

/** The provider names no limit; this is what a form and the database may be asked to hold. */
export const longestText = 1000;
const baseModelForm = /^[\w.-]{1,100}$/;

/** Whether a base model can be called this; the provider's list says whether one is. */
export function isBaseModelName(text: string): boolean {
  return baseModelForm.test(text);
}

/** Whether a method with this setting takes the value. */
export function isAllowed(setting: Setting, value: string | number): boolean {
  if (setting.kind === 'number') return isWithin(Number(value), setting);
  const text = String(value);
  switch (setting.kind) {
    case 'choice':
      return setting.choices.includes(text);
    case 'text':
      return text.length >= 1 && text.length <= longestText;
    case 'model':
      return isBaseModelName(text);
    case 'rate':
      return isLearningRate(text);
  }
}

/** What a setting takes, to stand behind "takes": `10 to 50 steps`. */
export function allowedText(setting: Setting): string {
  switch (setting.kind) {
    case 'number':
      return `${setting.min} to ${setting.max}${setting.id === 'seed' ? '' : ' steps'}`;
    case 'choice':
      return setting.choices.join(' or ');
    case 'text':
      return `up to ${longestText} characters`;
    case 'model':
      return 'a name as ModelsLab lists it';
    case 'rate':
      return '1e-5 to 1e-10, or 2e-0 to 6e-10';
  }
}

/** What is taken when nothing is chosen. */
export function defaultText(setting: Setting): string {
  if (setting.kind !== 'number') return setting.byDefault;
  if (setting.perPhoto !== undefined) return 'by the number of photos';
  return setting.byDefault?.toString() ?? 'random';
}

function isWithin(number: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return Number.isInteger(number) && number >= min && number <= max;
}
