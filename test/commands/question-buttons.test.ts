import { expect, it } from 'vitest';
import { questionButtons } from '../../src/commands/question-buttons.ts';
import { parseCustomId } from '../../src/services/threads/cards/custom-id.ts';
import { dueNews } from '../../src/services/threads/cards/news.ts';
import { aJob, intent, phases } from '../services/jobs/job-builder.ts';
import { customIdsOf } from '../services/threads/cards/discord-rules.ts';
import { aReview } from '../services/threads/cards/review-builder.ts';
import { fakeInteraction, modalIn } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

const attempt = 2;
const asking = aJob('asking', { attempts: attempt, phase: { ...phases.asking, intent: { ...intent, attempt } } });
const [isTraining, resend, drop] = customIdsOf(dueNews(asking, aReview())!.body);

it.each([
  ['send-again', questionButtons.buttons!.resend!, resend!],
  ['drop', questionButtons.buttons!.drop!, drop!],
] as const)('the button for "%s" answers for the attempt that the question was about', async (kind, handler, id) => {
  const services = fakeServices({ jobs: [asking] });
  await handler(fakeInteraction('button') as never, services, parseCustomId(id));
  expect(services.calls).toEqual([`desk.answer job1 {"attempt":2,"answer":{"kind":"${kind}"}}`]);
});

it('the form for the training’s id answers for the attempt that the question was about', async () => {
  const services = fakeServices({ jobs: [asking] });
  const pressed = fakeInteraction('button');
  await questionButtons.buttons!['is-training']!(pressed as never, services, parseCustomId(isTraining!));
  const sent = fakeInteraction('modal', { texts: { training_id: 'F5jvdzGnYi' } });
  await questionButtons.modals!.adopt!(sent as never, services, parseCustomId(modalIn(pressed).custom_id));
  const answer = '{"kind":"is-training","trainingId":"F5jvdzGnYi"}';
  expect(services.calls).toEqual([`desk.answer job1 {"attempt":2,"answer":${answer}}`]);
});
