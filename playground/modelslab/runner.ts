import { planCourse } from './course.ts';
import type { Step } from './course.ts';
import { downloadImages } from './downloads.ts';
import { linksOf } from './fields.ts';
import { prices } from './ledger.ts';
import { paint } from './paintings.ts';
import type { Provider } from './provider.ts';
import type { BookedTraining } from './trainings.ts';
import { tellWebhook } from './webhooks.ts';

const fewestImages = 3;
/** A real training takes about this long; `trainingMs` stands for it when hours are billed. */
const nominalHours = 0.5;

/** Takes a training through its stages; ends when the training does, or when somebody else ends it. */
export async function runTraining(training: BookedTraining, provider: Provider): Promise<void> {
  const signal = AbortSignal.any([training.course.signal, provider.signal]);
  const downloading = download(training, provider, signal);
  const course = { ...provider.oddities.course };
  const steps = planCourse(training.method, course);
  for (const [index, step] of steps.entries()) {
    const dueAt = training.begunAt + step.at * provider.trainingMs;
    await provider.pace.sleep(dueAt - provider.pace.now(), signal);
    if (step.at > 0) await downloading;
    if (signal.aborted) return;
    const failure = reasonToFail(training, step, course.failAt);
    if (failure !== undefined) {
      failTraining(training, failure, provider);
      return;
    }
    training.ahead = steps.slice(index + 1).map(({ stage }) => stage);
    await enterStage(training, step.stage, provider);
    if (step.stage === course.stuckAt) return;
  }
}

async function download(training: BookedTraining, { journal }: Provider, signal: AbortSignal): Promise<void> {
  const { images, badLinks } = await downloadImages(linksOf(training.request, 'images'), signal);
  training.images = images;
  training.badLinks = badLinks;
  journal.emit({ type: 'downloaded', trainingId: training.id, images: images.length, badLinks: badLinks.length });
}

function reasonToFail(
  { images }: BookedTraining,
  { stage, at }: Step,
  failAt: Provider['oddities']['course']['failAt'],
): string | undefined {
  if (stage === failAt?.stage) return failAt.text;
  if (at === 0 || stage === 'deploying_gpu') return undefined;
  return images.length < fewestImages ? `Training Failed:  Valid image links less than ${fewestImages}` : undefined;
}

/** Shows a stage; `model_ready` and `inference_ready` end the training and come with a sample picture. */
export async function enterStage(training: BookedTraining, stage: string, provider: Provider): Promise<void> {
  const isReady = stage === 'model_ready' || stage === 'inference_ready';
  if (isReady && training.testImage === undefined) training.testImage = await drawSample(training, provider);
  // Drawing takes a moment, in which the training may have been called off.
  if (training.ending !== undefined) return;
  if (stage === 'inference_ready' && provider.oddities.inference !== 'ready') {
    end(training, 'unusable', provider);
    provider.journal.emit({ type: 'stage', trainingId: training.id, stage: training.stage });
    return;
  }
  if (isReady) end(training, 'ready', provider);
  // By its course, however late this machine gets to it.
  if (stage === 'training_completed') billHours(training, provider, provider.trainingMs);
  show(training, stage, provider);
}

export function failTraining(training: BookedTraining, text: string, provider: Provider): void {
  training.failure = text;
  end(training, 'failed', provider);
  show(training, training.method === 'trainer' ? 'training_cancelled' : 'training_failed', provider);
}

/** Called off by its owner. The newer trainer says `training_completed` then, as documented. */
export function cancelTraining(training: BookedTraining, provider: Provider): void {
  if (training.method === 'trainer') billHours(training, provider);
  end(training, 'cancelled', provider);
  show(training, training.method === 'trainer' ? 'training_completed' : 'training_cancelled', provider);
}

function end(training: BookedTraining, ending: NonNullable<BookedTraining['ending']>, { clock }: Provider): void {
  training.ending = ending;
  training.endedAt = clock.now();
  training.usedAt = clock.now();
  training.ahead = [];
  training.course.abort();
}

function show(training: BookedTraining, stage: string, provider: Provider): void {
  training.stage = stage;
  training.history.push({ stage, at: provider.clock.now() });
  provider.journal.emit({ type: 'stage', trainingId: training.id, stage });
  provider.background(tellWebhook({ ...training }, provider));
}

function billHours(training: BookedTraining, provider: Provider, longestMs = Infinity): void {
  const { account, id, begunAt, request } = training;
  const { pace, trainingMs, ledger } = provider;
  const hours = (nominalHours * Math.min(longestMs, pace.now() - begunAt)) / trainingMs;
  const amount = Math.max(0.01, Math.round(hours * prices.trainerHour * 100) / 100);
  ledger.charge(account, { trainingId: id, amount, request });
}

async function drawSample({ id, images }: BookedTraining, { files }: Provider): Promise<string> {
  const photos = images.map(({ bytes }) => bytes);
  const picture = await paint(photos, { width: 512, height: 512, variant: 0 });
  return files.put(`${id}-sample.png`, picture);
}
