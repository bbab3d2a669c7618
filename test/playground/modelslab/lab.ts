import sharp from 'sharp';
import { onTestFinished } from 'vitest';

import type { Account, AccountGiven } from '../../../playground/modelslab/accounts.ts';
import { createHeldClock } from '../../../playground/modelslab/clock.ts';
import type { HeldClock } from '../../../playground/modelslab/clock.ts';
import { startModelsLab } from '../../../playground/modelslab/modelslab.ts';
import type { ModelsLab } from '../../../playground/modelslab/modelslab.ts';
import type { OdditiesGiven } from '../../../playground/modelslab/oddities.ts';

export interface Reply {
  readonly http: number;
  readonly text: string;
  /** `undefined` when the reply is no JSON. */
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- read by expectations only
}

export interface OpenLab {
  readonly lab: ModelsLab;
  readonly clock: HeldClock;
  readonly account: Account;
  readonly post: (path: string, fields?: object) => Promise<Reply>;
  /** Sends a LoRA order and gives the id. */
  readonly train: (changes?: object) => Promise<string>;
  /** Lets the time of a whole training pass, and waits until the training has ended. */
  readonly finish: (trainingId: string) => Promise<void>;
}

export interface LabGiven {
  readonly oddities?: OdditiesGiven;
  readonly account?: AccountGiven;
  readonly seed?: string;
}

export const trainingMs = 60_000;

/** A stand-in whose time stands still, with one account; closed when the test is over. */
export async function openLab({ oddities = {}, account: given = {}, seed = 'test' }: LabGiven = {}): Promise<OpenLab> {
  const clock = createHeldClock();
  const lab = await startModelsLab({ clock, trainingMs, oddities, seed });
  onTestFinished(() => lab.close());
  const account = lab.addAccount(given);
  const post = (path: string, fields: object = {}): Promise<Reply> =>
    postJson(path.startsWith('http') ? path : `${lab.url}${path}`, { key: account.key, ...fields });
  return {
    lab,
    clock,
    account,
    post,
    async train(changes = {}) {
      const { body } = await post('/v3/lora_fine_tune', await loraOrder(post, changes));
      return String(body.training_id);
    },
    async finish(trainingId) {
      const training = lab.trainings.find(({ id }) => id === trainingId);
      await lab.until(() => (training?.images.length ?? 0) + (training?.badLinks.length ?? 0) > 0);
      clock.advance(trainingMs);
      await lab.until(() => training?.ending !== undefined);
    },
  };
}

async function postJson(url: string, fields: object): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });
  const text = await response.text();
  return { http: response.status, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A complete order on three uploaded pictures. */
export async function loraOrder(post: OpenLab['post'], changes: object = {}): Promise<object> {
  const images = 'images' in changes ? [] : await Promise.all([1, 2, 3].map((i) => uploadSquare(post, i)));
  return {
    instance_prompt: 'photo of zkw man',
    class_prompt: 'photo of a man',
    base_model_type: 'sdxl',
    images,
    training_type: 'men',
    max_train_steps: '18',
    seed: '0',
    webhook: '',
    ...changes,
  };
}

export async function uploadSquare(post: OpenLab['post'], shade: number): Promise<string> {
  const square = { width: 640, height: 512, channels: 3, background: { r: shade * 60, g: 90, b: 120 } } as const;
  const png = await sharp({ create: square }).png().toBuffer();
  const { body } = await post('/v3/base64_crop', { image: `data:image/png;base64,${png.toString('base64')}` });
  return String(body.link);
}
