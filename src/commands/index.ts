import type { Command } from './command.ts';
import { adjustPhotos } from './adjust-photos.ts';
import { cancel } from './cancel.ts';
import { config } from './config.ts';
import { deleteModel } from './delete.ts';
import { modelCard } from './model-card.ts';
import { models } from './models.ts';
import { privacy } from './privacy.ts';
import { question } from './question.ts';
import { orderCard } from './order-card.ts';
import { status } from './status.ts';
import { train } from './train.ts';
import { trainOnMessage } from './train-on-message.ts';

/** Every command, written out: what is not here does not exist. */
export const commands: readonly Command[] = [
  train,
  trainOnMessage,
  orderCard,
  adjustPhotos,
  status,
  cancel,
  question,
  models,
  modelCard,
  deleteModel,
  config,
  privacy,
];
