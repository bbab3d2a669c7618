import { adjustPhotos } from './adjust-photos.ts';
import { cancel } from './cancel.ts';
import type { Command } from './command.ts';
import { config } from './config/config-command.ts';
import { deleteModel } from './delete.ts';
import { modelButtons } from './model-buttons.ts';
import { models } from './models.ts';
import { orderButtons } from './order-buttons.ts';
import { privacy } from './privacy.ts';
import { questionButtons } from './question-buttons.ts';
import { status } from './status.ts';
import { trainOnMessage } from './train-on-message.ts';
import { train } from './train.ts';

/** Every command, written out: what is not here does not exist. */
export const commands: readonly Command[] = [
  train,
  trainOnMessage,
  orderButtons,
  adjustPhotos,
  status,
  cancel,
  questionButtons,
  models,
  modelButtons,
  deleteModel,
  config,
  privacy,
];
