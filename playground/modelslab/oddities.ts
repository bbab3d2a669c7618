import type { CallName } from './call-names.ts';
import type { ChanceFault } from './faults.ts';

/** How the stages of a training go. Read when a training starts. */
export interface Course {
  /** A `queued` stage stands before `deploying_gpu`. */
  queued: boolean;
  /** Stages that are passed without being shown. */
  skipped: readonly string[];
  /** The stage that a training never leaves. */
  stuckAt: string | null;
  /** After this stage the one before it shows once more. */
  backwardsAfter: string | null;
  /** After this stage a word shows that stands in no document. */
  unknownAfter: string | null;
  /** Instead of this stage the training fails, with this text. */
  failAt: { readonly stage: string; readonly text: string } | null;
}

/** What the provider's documents contradict or leave open, and what its clients have met. All may change at run time. */
export interface Oddities {
  /** `as-documented`: stages, lists and field errors say `messege`, key and limit errors say `message`. v3 only. */
  spelling: 'as-documented' | 'messege' | 'message';
  /** Refusals with their own HTTP status, or all of them as HTTP 200 with `status: "error"`. */
  errors: 'http-4xx' | 'http-200';
  /** How the entries of a training's log are written. */
  log: 'slash-n' | 'newline' | 'worker';
  list: 'strings' | 'objects' | 'mixed';
  /** Everything that was started, or only what is ready: the documents call it the list of trained models. */
  listShows: 'all' | 'finished';
  /** A training enters `finetune_list` only after this time. */
  listLagMs: number;
  /** Which word for women `training_type` takes. */
  women: 'female' | 'women' | 'both';
  /** The same paid request again within this time is refused with a rate limit; 0 switches the filter off. */
  spamFilterMs: number;
  /** Unfinished trainings and pictures per account; `plan` gives 5, 10 or 15. */
  queueCap: number | 'plan';
  /** Calls that only the premium plan may make. */
  premiumOnly: readonly CallName[];
  course: Course;
  /** Which field of a start's reply holds the id. */
  idField: 'training_id' | 'model_id' | 'both';
  /** v6: where the reply to `trainer/train` holds the id. */
  trainerIdField: 'training_id' | 'id' | 'request_id' | 'data.id';
  idLength: 10 | 25;
  /** Which field of a status reply holds the stage. */
  stageField: 'messege' | 'model_training_status' | 'training_status' | 'both';
  /** The `status` in the status reply of a failed training. */
  failedStatus: 'success' | 'error';
  /** What the status of a cancelled v3 training says; `not-found` answers 404. */
  cancelled: 'training_cancelled' | 'training_failed' | 'cancelled' | 'not-found';
  cancelPath: 'cancle_training' | 'cancel_training' | 'both';
  /** A ready training's status carries a sample picture. */
  testImage: boolean;
  webhooks: 'each-stage' | 'twice' | 'at-end' | 'never';
  /** The `output` of pictures that are still being made. */
  processingOutput: 'array' | 'string';
  /** Pictures come with the first reply, or only when fetched later, where they may also turn out to have failed. */
  pictures: 'later' | 'at-once' | 'failed';
  /** Which field of a reply holds the links to the pictures. */
  pictureLinks: 'output' | 'proxy_links';
  /** v6: what becomes of a completed training's inference; `never` deploys for ever. */
  inference: 'ready' | 'never' | 'failed';
  /** `many` is a list of megabytes, with entries that are damaged or stand there twice. */
  baseModels: 'few' | 'many';
  /** Faults that strike by chance, drawn from the seed: the n-th call of a name always meets the same fate. */
  faults: readonly ChanceFault[];
}

/** What may be given at the start: anything left out is as in the documents. */
export type OdditiesGiven = Partial<Omit<Oddities, 'course'>> & { readonly course?: Partial<Course> };

const plainCourse: Course = {
  queued: false,
  skipped: [],
  stuckAt: null,
  backwardsAfter: null,
  unknownAfter: null,
  failAt: null,
};

/** The provider on a good day, as its documents describe it. */
const none: Oddities = {
  spelling: 'as-documented',
  errors: 'http-4xx',
  log: 'slash-n',
  list: 'strings',
  listShows: 'all',
  listLagMs: 0,
  women: 'both',
  spamFilterMs: 0,
  queueCap: 'plan',
  premiumOnly: [],
  course: plainCourse,
  idField: 'training_id',
  trainerIdField: 'training_id',
  idLength: 10,
  stageField: 'messege',
  failedStatus: 'success',
  cancelled: 'training_cancelled',
  cancelPath: 'cancle_training',
  testImage: true,
  webhooks: 'each-stage',
  processingOutput: 'array',
  pictures: 'later',
  pictureLinks: 'output',
  inference: 'ready',
  baseModels: 'few',
  faults: [],
};

export function createOddities(given: OdditiesGiven = {}): Oddities {
  return { ...none, ...given, course: { ...plainCourse, ...given.course } };
}
