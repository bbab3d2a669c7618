import { UserError } from '../../../lib/errors.ts';
import type { JobId, TrainingId } from '../../../lib/ids.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import { methods } from '../../modelslab/methods.ts';
import { TrainingApiError } from '../../modelslab/training-api-error.ts';
import type { ApiKey, TrainingApi, TrainingRef } from '../../modelslab/training-api.ts';
import { advance, type JobEvent } from '../state/advance.ts';
import { isIn, type Job, type JobIn } from '../state/job.ts';
import { demandWithin, reachedBySpending, type Usage } from '../state/limits.ts';
import type { JobStore } from '../store/job-store.ts';
import { TakenIdError } from '../store/provider-ids.ts';
import { demandAccess } from './access.ts';
import { draftIsOver, type Actor, type JobEditor } from './job-editor.ts';

/** What a person can answer when it is unknown whether an order arrived. */
export type Answer =
  | { readonly kind: 'is-training'; readonly trainingId: TrainingId }
  | { readonly kind: 'send-again' }
  | { readonly kind: 'drop' };

/** What is done with an order once it was started, and with its model. */
export interface StartedOrders {
  cancel(actor: Actor, id: JobId): Promise<Job>;
  /** `attempt` is the one that the question was about. */
  answer(actor: Actor, id: JobId, given: { readonly attempt: number; readonly answer: Answer }): Promise<Job>;
  /** Deletes a finished model at the provider. */
  remove(actor: Actor, id: JobId, signal: AbortSignal): Promise<Job>;
}

export interface StartedOrdersDeps {
  readonly jobs: Pick<JobStore, 'findTrainedHere'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly api: Pick<TrainingApi, 'remove'>;
}

export function createStartedOrders(
  { jobs, vault, settings, api }: StartedOrdersDeps,
  editor: JobEditor,
): StartedOrders {
  return {
    cancel: async (actor, id) => {
      const job = await editor.find(actor, id);
      if (isIn(job, 'draft')) {
        return editor.change(id, (now, at) => advance(now, { type: 'discarded', why: 'owner' }, at), draftIsOver);
      }
      return editor.change(id, (now, at) => advance(now, { type: 'cancel-asked' }, at), cannotCancel);
    },

    answer: async (actor, id, { attempt, answer }) => {
      const job = await editor.find(actor, id);
      if (isAbout(job, attempt) && answer.kind === 'is-training') await checkTraining(answer.trainingId, job, jobs);
      const answered = (now: Job, at: number) => (isAbout(now, attempt) ? advance(now, eventOf(answer), at) : now);
      if (answer.kind !== 'send-again') {
        return editor
          .change(id, answered, () => alreadyAnswered)
          .catch((error: unknown) => {
            throw error instanceof TakenIdError ? new UserError(anotherTraining) : error;
          });
      }
      // It may be paid for twice.
      await demandAccess(actor, job, settings);
      const limits = await settings.get(actor.guildId);
      const sentAgain = (now: Job, at: number, usage: Usage) => {
        if (isAbout(now, attempt)) demandWithin(reachedBySpending(now.order.method, limits, usage));
        return answered(now, at);
      };
      return editor.changeWithinLimits(id, sentAgain, () => alreadyAnswered);
    },

    remove: async (actor, id, signal) => {
      const job = await editor.find(actor, id);
      demandDeletable(job);
      const key = await vault.open(job.guildId);
      if (!key) throw new UserError(noKeyToDelete);
      if (key.fingerprint !== job.keyFingerprint) throw new UserError(otherAccount(job));
      await removeThere({ method: job.order.method, trainingId: job.phase.trainingId }, key, api, signal);
      return editor.change(id, (now, at) => advance(now, { type: 'deleted' }, at), nothingToDelete);
    },
  };
}

/** Throws a `UserError` for what cannot be deleted from here. */
export function demandDeletable(job: Job): asserts job is JobIn<'ready'> {
  if (!isIn(job, 'ready')) throw new UserError(nothingToDelete(job));
  if (!methods[job.order.method].result.isListed) throw new UserError(onlyThere(job));
}

const noKeyToDelete =
  'This server has no ModelsLab API key any more, so I cannot delete there. Ask an admin to set it again with /config key, or delete the model at modelslab.com.';
const alreadyAnswered = 'This question has been answered already. /status shows how it goes on.';
const anotherTraining =
  'That training is another one: it was there before this order was sent, or belongs to another order. Look for the one that is new on modelslab.com, or choose another answer.';
const trainingIdForm = /^[\w-]{4,64}$/;

/** A question is about one attempt: an answer to an older one must not pay for a newer one. */
function isAbout(job: Job, attempt: number): job is JobIn<'asking'> {
  return isIn(job, 'asking') && job.phase.intent.attempt === attempt;
}

async function checkTraining(
  trainingId: TrainingId,
  job: JobIn<'asking'>,
  jobs: Pick<JobStore, 'findTrainedHere'>,
): Promise<void> {
  if (!trainingIdForm.test(trainingId)) {
    throw new UserError(
      'That is no training id: it has letters and digits only, such as F5jvdzGnYi. Copy it from modelslab.com again.',
    );
  }
  const isOlder = job.phase.intent.before?.includes(trainingId) ?? false;
  if (isOlder || (await jobs.findTrainedHere([trainingId])).has(trainingId)) {
    throw new UserError(anotherTraining);
  }
}

function eventOf(answer: Answer): JobEvent {
  switch (answer.kind) {
    case 'is-training':
      return { type: 'accepted', trainingId: answer.trainingId };
    case 'send-again':
      return { type: 'send-again' };
    case 'drop':
      return { type: 'cancelled' };
  }
}

/** A model that is not there any more is as good as deleted. */
async function removeThere(
  model: TrainingRef,
  key: ApiKey,
  api: Pick<TrainingApi, 'remove'>,
  signal: AbortSignal,
): Promise<void> {
  await api.remove(model, key, signal).catch((error: unknown) => {
    if (!(error instanceof TrainingApiError) || error.reason !== 'not-found') throw error;
  });
}

function cannotCancel(job: Job): string {
  if (isIn(job, 'asking')) {
    return 'Nobody knows yet whether this order arrived. Answer the question in its thread first.';
  }
  return `“${job.order.name}” is not running any more, so there is nothing to cancel. /models lists what is finished.`;
}

function nothingToDelete(job: Job): string {
  return `“${job.order.name}” is not a finished model, so there is nothing to delete. /models lists those that are.`;
}

function onlyThere({ order }: Job): string {
  return `ModelsLab does not let me delete models of the kind ${methods[order.method].label}. “${order.name}” stays there until somebody deletes it at modelslab.com, with the account that pays for this server.`;
}

function otherAccount(job: Job): string {
  return `“${job.order.name}” was trained with another API key than the one this server has today. Delete it at modelslab.com with that account, or ask an admin to set that key again with /config key.`;
}
