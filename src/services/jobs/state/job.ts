import { z } from 'zod';
import type { ChannelId, GuildId, JobId, MemberId, MessageId, TrainingId } from '../../../lib/ids.ts';
import { methodIds } from '../../modelslab/methods.ts';
import { refusalReasons } from '../../modelslab/training-api-error.ts';
import { cropStrategies, delayReasons } from '../../photos/photo.ts';
import { roundSchema } from './picture-round.ts';
import { logLines, said, usage } from './stored-words.ts';

/*
 * States
 *   draft ──────> queued      the owner pressed Start: the only way to anything that costs money
 *   draft ──────> discarded   by the owner, or after an hour of silence
 *   queued ─────> sending     the intent is stored; the paid request leaves
 *   queued ─────> failed      something is missing that only a person can supply
 *   queued ─────> cancelled   nothing was sent
 *   queued ─────> unknown     the provider called about the last attempt, which had been taken for lost
 *   sending ────> training    the provider gave an id
 *   sending ────> queued      provably not accepted: sent again later
 *   sending ────> failed      the provider refused and charged nothing
 *   sending ────> unknown     no verdict came back: never sent again by itself
 *   sending ────> asking      the answer names a training that another order has
 *   unknown ────> training    the provider called about this very attempt, and named it
 *   unknown ────> queued      looked for twice and not found, and the provider never called about it
 *   unknown ────> asking      only a person can tell
 *   unknown ────> failed      free, and sent again and again without an answer
 *   sending, unknown ─> cancelled   not accepted, and somebody had asked to cancel meanwhile
 *   asking ─────> training | queued | cancelled   what the person said
 *   asking ─────> unknown     the provider called about it and named a training: no answer is needed any longer
 *   training ───> ready | failed | cancelled
 *   failed ─────> draft       Try again, with the same photos and settings
 *   ready ──────> deleted     the model was deleted at the provider
 */

/** As many as a contact sheet stays readable with. */
export const maxPhotos = 30;

const id = <T extends string>(): z.ZodType<T> => z.string().min(1) as unknown as z.ZodType<T>;
const time = z.number();

const orderSchema = z
  .object({
    name: z.string(),
    subject: z.enum(['man', 'woman', 'couple', 'object', 'style']),
    method: z.enum(methodIds),
    trigger: z.string(),
    crop: z.enum(cropStrategies),
    baseModel: z.string().optional(),
    steps: z.number().optional(),
    seed: z.number().optional(),
    network: z.string().optional(),
    negativePrompt: z.string().optional(),
    unetRate: z.string().optional(),
    unetSteps: z.number().optional(),
    textEncoderRate: z.string().optional(),
    textEncoderSteps: z.number().optional(),
    report: z.string().optional(),
  })
  .readonly();

/** What was about to be sent when the paid request left, for finding out later whether it arrived. */
const intentSchema = z
  .object({
    attempt: z.number(),
    at: time,
    keyFingerprint: z.string(),
    /** sha-256 of the request without its key and without the webhook, which is another one each time. */
    requestHash: z.string(),
    /** The trainings that the provider listed just before; null when its list could not be relied on. */
    before: z.array(id<TrainingId>()).readonly().nullable(),
  })
  .readonly();

/** Where the provider may call about the last attempt. */
const webhookSchema = z
  .object({
    /** sha-256 of the token in its URL: only the provider was given the token itself. */
    tokenHash: z.string(),
    /** The provider called, and was not asked for the status since. */
    called: z.boolean(),
    /** The training that it named first while none was known: the provider is asked before it is believed. */
    named: id<TrainingId>().optional(),
    /** What was sent with it, without the list: when this attempt turns up late, others have been sent since. */
    intent: intentSchema,
  })
  .readonly();

/** A training that may be the one which is looked for. */
const sightingSchema = z
  .object({
    trainingId: id<TrainingId>(),
    /** When it was first met: in the list, or in the answer to the order. */
    seenAt: time,
    /** What the provider said of it when its owner was asked. */
    stage: z.string().optional(),
  })
  .readonly();

/** A call about an attempt that was given up: there may be two trainings of this order. */
const earlierCallSchema = z
  .object({
    attempt: z.number(),
    calledAt: time,
    method: z.enum(methodIds),
    keyFingerprint: z.string(),
    /** The training that the call named, until the provider was asked about it. */
    named: id<TrainingId>().optional(),
    /** That training, when the provider knows it. */
    trainingId: id<TrainingId>().optional(),
  })
  .readonly();

const failureSchema = z
  .discriminatedUnion('kind', [
    /** The provider refused the order: nothing was charged. */
    z.object({
      kind: z.literal('refused'),
      reason: z.enum(refusalReasons),
      said: said.optional(),
    }),
    /** The training began and failed there. */
    z.object({ kind: z.literal('training-failed'), said: said.optional() }),
    /** The provider says that it does not know the training any more. */
    z.object({ kind: z.literal('lost') }),
    z.object({ kind: z.literal('no-key') }),
    /** The crops could not be brought to where the provider can download them. */
    z.object({ kind: z.literal('no-hand-over'), why: said }),
    /** The provider did not answer for so long that waiting was given up; nothing was sent. */
    z.object({ kind: z.literal('unreachable') }),
    /** A free order was sent several times, and no answer ever came. */
    z.object({ kind: z.literal('no-answer') }),
    /** Something here went wrong again and again before it was sent. */
    z.object({ kind: z.literal('stuck') }),
  ])
  .readonly();

/** Where an order stands among those that wait for room in the provider's queue. */
const placeInLineSchema = z
  .object({
    /** 1 is next. */
    place: z.number(),
    /** How many requests the provider queues for the server's plan. */
    slots: z.number(),
  })
  .readonly();

const phaseSchema = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('draft') }),
    /** `hold` says why it is not sent at once. */
    z.object({
      state: z.literal('queued'),
      hold: z.enum(['provider-silent', 'provider-busy', 'list-lags', 'another-first', 'in-line']).optional(),
      /** Comes with the hold `in-line`. */
      line: placeInLineSchema.optional(),
    }),
    z.object({ state: z.literal('sending'), intent: intentSchema }),
    z.object({
      state: z.literal('unknown'),
      intent: intentSchema,
      /** How often it was looked for in vain. */
      looks: z.number(),
      /** When it was last looked for; before the first look, when it was given up to wait for a verdict. */
      lookedAt: time,
      /** What turned up since. */
      sightings: z.array(sightingSchema).readonly().optional(),
    }),
    z.object({
      state: z.literal('asking'),
      intent: intentSchema,
      candidates: z.array(id<TrainingId>()).readonly(),
      /** What is known of them; of the first ones, when there are many. */
      sightings: z.array(sightingSchema).readonly().optional(),
      /** Absent in jobs of older versions. */
      askedAt: time.optional(),
    }),
    z.object({
      state: z.literal('training'),
      trainingId: id<TrainingId>(),
      stage: said,
      stageAt: time,
      log: logLines,
      /** When the provider was last asked for the status. */
      askedAt: time.optional(),
      /** How many status calls in a row said that there is no such training. */
      misses: z.number(),
      /** What the provider said when it refused to cancel. */
      cancelRefused: said.optional(),
    }),
    z.object({
      state: z.literal('ready'),
      trainingId: id<TrainingId>(),
      sampleUrl: z.string().optional(),
      usage: usage.optional(),
    }),
    z.object({
      state: z.literal('failed'),
      failure: failureSchema,
      trainingId: id<TrainingId>().optional(),
      /** The provider's log of a training that failed there. */
      log: logLines.optional(),
    }),
    /** `unclear`: it was dropped while it was unknown whether it, or an earlier attempt, had arrived. */
    z.object({
      state: z.literal('cancelled'),
      trainingId: id<TrainingId>().optional(),
      unclear: z.boolean().optional(),
    }),
    z.object({ state: z.literal('discarded'), why: z.enum(['owner', 'silence']) }),
    z.object({ state: z.literal('deleted'), trainingId: id<TrainingId>() }),
  ])
  .readonly();

/** What has been posted, so that it is neither posted twice nor forgotten. */
const toldSchema = z
  .object({
    /** Where the job is reported: down this list when a place is gone. */
    place: z.enum(['thread', 'channel', 'dm', 'nowhere']),
    threadId: id<ChannelId>().optional(),
    /** The thread is private: what is told in it is not for the channel. */
    isPrivate: z.boolean().optional(),
    sheetId: id<MessageId>().optional(),
    /** Digest of what the sheet shows. */
    sheet: z.string().optional(),
    cardId: id<MessageId>().optional(),
    cardAt: time.optional(),
    /** Digest of what the card shows. */
    card: z.string().optional(),
    cropIds: z.array(id<MessageId>()).readonly(),
    /** The keys of the news (a question, an end, a delay) that were posted in this round. */
    news: z.array(z.string()).readonly(),
    /** How many times in a row telling failed. */
    failures: z.number(),
  })
  .readonly();

/**
 * An attachment that waits to be downloaded; its place in the order is settled, so that a crash cannot take it twice. An
 * archive has the places from `position` on, as many as an order has photos.
 */
const pendingSchema = z
  .object({ position: z.number(), url: z.string(), name: z.string(), sizeBytes: z.number() })
  .readonly();

/** What the wallet held that the order would be billed to. */
const walletSchema = z
  .object({
    askedAt: time,
    /** As it was told last; absent while it is not known in dollars. */
    usd: z.number().optional(),
  })
  .readonly();

/** Files of one reason that did not become photos of the order: the first names, and how many there are. */
const leftOutSchema = z
  .object({ names: z.array(z.string()).readonly(), count: z.number(), reason: z.string() })
  .readonly();

/** Why the photos are not looked at, and when it is tried again. Stays until they are. */
const delaySchema = z.object({ why: z.enum(delayReasons), lookAt: time }).readonly();

/** What the owner changed about one photo after they saw its crop. */
const adjustmentSchema = z
  .object({
    /** Departs from what this strategy chooses, so that another one for the whole order does not undo it. */
    framing: z
      .object({ strategy: z.enum(cropStrategies), dx: z.number(), dy: z.number(), zoomOut: z.number() })
      .readonly()
      .optional(),
    isExcluded: z.boolean().optional(),
  })
  .readonly();

export const jobSchema = z
  .object({
    id: id<JobId>(),
    guildId: id<GuildId>(),
    /** Where the command was used; threads hang from it. */
    channelId: id<ChannelId>(),
    ownerId: id<MemberId>(),
    order: orderSchema,
    /** Sentences for the member: what was taken differently from how it was typed. */
    notes: z.array(z.string()).readonly().optional(),
    /** Grows whenever what the order card shows changes: a press on an older card is recognised by it. */
    orderRev: z.number(),
    pending: z.array(pendingSchema).readonly(),
    delay: delaySchema.optional(),
    /** What was attached last and is not on the sheet. */
    leftOut: z.array(leftOutSchema).readonly().optional(),
    /** The position that was given away last; positions are never used twice. */
    lastPosition: z.number(),
    /** By position. */
    adjusted: z.record(z.string(), adjustmentSchema).readonly().optional(),
    adjustedAt: time.optional(),
    /** How the stored crops were cut, `cutsName`; empty while they are cut anew. Where the order asks for others, they are. */
    cropped: z.string().optional(),
    wallet: walletSchema.optional(),
    phase: phaseSchema,
    told: toldSchema,
    /** The sample pictures that were ordered last; their states stand in picture-round.ts. */
    pictures: roundSchema.optional(),
    /** The key that pays for it, or in whose line it waits; a training can only be asked for with the same one. */
    keyFingerprint: z.string().optional(),
    webhook: webhookSchema.optional(),
    /** When the provider called about an order that had ended here without a training. */
    lateCallAt: time.optional(),
    /** Attempts that were given up before this order was sent again or tried again, and that the provider called about since. */
    earlierCalls: z.array(earlierCallSchema).readonly().optional(),
    /** The provider could not fetch the crops from the thread: it is handed them directly. */
    mustUpload: z.boolean().optional(),
    /** A person had it sent again although it was unknown whether the attempt before had arrived. */
    inDoubt: z.boolean().optional(),
    /** It comes from a backup and was not sent since: what was done about it after the backup was made is not known. */
    isRestored: z.boolean().optional(),
    /** How many times it was sent or about to be. */
    attempts: z.number(),
    /** Provider calls that failed in a row. */
    trouble: z.number(),
    /** Why the last of them was refused; absent when there was no answer at all. */
    refused: z.enum([...refusalReasons, 'no-key']).optional(),
    /** Until when the provider wants no call about it. */
    quietUntil: time.optional(),
    createdAt: time,
    /** When a person last touched it. */
    touchedAt: time,
    /** Set when somebody asked to cancel while that could not be done at once. */
    cancelAskedAt: time.optional(),
    /** When Start was pressed. */
    startedAt: time.optional(),
    /** When the owner confirmed the right to use their photos: with this order, or with their first one in the server. */
    confirmedAt: time.optional(),
    /** When it last came out of the line: only from then on it waits for the provider. */
    calledAt: time.optional(),
    /** When it was last sent: hours after Start for an order that waited in the line. */
    sentAt: time.optional(),
    endedAt: time.optional(),
    /** Discord could not be reached about it last: it is looked at as soon as Discord is back. */
    isUnheard: z.boolean().optional(),
    /** When to look at it again; null is never. */
    nextAt: time.nullable(),
  })
  .readonly();

export type Job = z.infer<typeof jobSchema>;
export type Order = z.infer<typeof orderSchema>;
export type Phase = z.infer<typeof phaseSchema>;
export type State = Phase['state'];
export type Adjustment = z.infer<typeof adjustmentSchema>;
export type Delay = z.infer<typeof delaySchema>;
export type Intent = z.infer<typeof intentSchema>;
export type Failure = z.infer<typeof failureSchema>;
export type EarlierCall = z.infer<typeof earlierCallSchema>;
export type Sighting = z.infer<typeof sightingSchema>;
export type LeftOutFiles = z.infer<typeof leftOutSchema>;
export type PlaceInQueue = z.infer<typeof placeInLineSchema>;
export type Told = z.infer<typeof toldSchema>;
export type Hold = NonNullable<Extract<Phase, { state: 'queued' }>['hold']>;

/** Narrows a job to one state, so that what only this state has can be read. */
export type JobIn<S extends State> = S extends State ? Job & { readonly phase: Extract<Phase, { state: S }> } : never;

export function isIn<S extends State>(job: Job, ...states: readonly S[]): job is JobIn<S> {
  return (states as readonly State[]).includes(job.phase.state);
}

/** Started and not over: something may still be charged or delivered. */
export const underWayStates = [
  'queued',
  'sending',
  'unknown',
  'asking',
  'training',
] as const satisfies readonly State[];

/** It is not known yet whether it was paid for. For the column of a row, which is any text. */
export const undecidedStates: readonly string[] = ['sending', 'unknown', 'asking'] satisfies State[];

const endStates = ['ready', 'failed', 'cancelled', 'discarded', 'deleted'] as const;

/** Nothing happens to an ended job unless a person asks for it. */
export function hasEnded(job: Job): job is JobIn<(typeof endStates)[number]> {
  return isIn(job, ...endStates);
}

/** The provider called about the last attempt: it arrived, whatever was answered and whatever the list shows. */
export function hasArrived(job: Job): boolean {
  return job.webhook?.called ?? false;
}

/** When its training began, as far as is known: older versions noted only when Start was pressed. */
export function begunAt({ sentAt, startedAt, createdAt }: Job): number {
  return sentAt ?? startedAt ?? createdAt;
}

/** The id of the remote training, in the states that have one. */
export function trainingIdOf(job: Job): TrainingId | undefined {
  return 'trainingId' in job.phase ? job.phase.trainingId : undefined;
}

/** Whose photos they are: what is done with them takes this member's turn. */
export function photographerOf({ guildId, ownerId }: Job): { readonly guildId: GuildId; readonly memberId: MemberId } {
  return { guildId, memberId: ownerId };
}

/** The key under which a call about an attempt that was given up is told, once. */
export function earlierCallKey({ attempt }: EarlierCall): string {
  return `earlier-call-${attempt}`;
}
