/** What a member may choose about a training beyond its method. Which of them a method takes stands in methods.ts. */
export interface Settings {
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  /** Id of the public model that a Dreambooth training builds on. */
  readonly baseModel?: string | undefined;
  readonly network?: string | undefined;
  readonly negativePrompt?: string | undefined;
  readonly unetRate?: string | undefined;
  readonly unetSteps?: number | undefined;
  readonly textEncoderRate?: string | undefined;
  readonly textEncoderSteps?: number | undefined;
  /** Whether the training reports to Weights & Biases with the server's key there. */
  readonly report?: string | undefined;
}

export type SettingId = keyof Settings;

/** One thing that a method lets a member choose, and what is taken when they do not. */
export type Setting =
  | {
      readonly id: 'steps' | 'seed' | 'unetSteps' | 'textEncoderSteps';
      readonly kind: 'number';
      readonly min: number;
      readonly max: number;
      /** How many each photo gets when no number is chosen; `byDefault` is for settings that do not depend on photos. */
      readonly perPhoto?: number;
      readonly byDefault?: number;
    }
  | {
      readonly id: 'network' | 'report';
      readonly kind: 'choice';
      readonly choices: readonly string[];
      readonly byDefault: string;
    }
  | { readonly id: 'negativePrompt'; readonly kind: 'text'; readonly byDefault: string }
  | { readonly id: 'baseModel'; readonly kind: 'model'; readonly byDefault: string }
  | { readonly id: 'unetRate' | 'textEncoderRate'; readonly kind: 'rate'; readonly byDefault: string };

/** What a method is here: methods.ts builds on this file, not the other way round. */
export interface Customizable {
  /** What a member may choose, the more important first. */
  readonly settings: readonly Setting[];
}

/** The learning rates that the provider takes: `1e-5` to `1e-10`, and `2e-0` to `6e-10`. */
function isLearningRate(text: string): boolean {
  return /^(1e-([5-9]|10)|[2-6]e-([0-9]|10))$/.test(text);
}

type SettingOf<Id extends SettingId, One = Setting> = One extends { readonly id: infer Ids }
  ? Id extends Ids
    ? One
    : never
  : never;

/** The setting of a method; undefined when the method has no such thing to choose. */
export function findSetting<Id extends SettingId>({ settings }: Customizable, id: Id): SettingOf<Id> | undefined {
  // The id decides the shape, as the type above says; the compiler does not see that through `find`.
  return settings.find((setting) => setting.id === id) as SettingOf<Id> | undefined;
}

/** A form has room for five things, and three of them are asked for with every method: the rest has a form of its own. */
const mainSettingsCount = 2;

export function mainSettings({ settings }: Customizable): readonly Setting[] {
  return settings.slice(0, mainSettingsCount);
}

export function moreSettings({ settings }: Customizable): readonly Setting[] {
  return settings.slice(mainSettingsCount);
}

/**
 * What a training is given for a setting: what was chosen, else what the method takes by itself. Numbers stay within
 * the method's range. Undefined when the method has no such setting, or leaves it to the provider (a random seed).
 */
export function valueOf(
  method: Customizable,
  id: SettingId,
  { chosen, photoCount }: { readonly chosen: Settings; readonly photoCount: number },
): string | number | undefined {
  const setting = method.settings.find((one) => one.id === id);
  if (!setting) return undefined;
  const value = chosen[id] ?? defaultOf(setting, photoCount);
  if (setting.kind !== 'number' || typeof value !== 'number') return value;
  return Math.min(setting.max, Math.max(setting.min, value));
}

function defaultOf(setting: Setting, photoCount: number): string | number | undefined {
  if (setting.kind !== 'number' || setting.perPhoto === undefined) return setting.byDefault;
  return setting.perPhoto * photoCount;
}

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
