import { describe, expect, it } from 'vitest';
import { modelButtons } from '../../src/commands/model-buttons.ts';
import type { Job, Phase } from '../../src/services/jobs/state/job.ts';
import type { Body } from '../../src/services/threads/cards/body.ts';
import { aJob, trainingId } from '../services/jobs/job-builder.ts';
import { aRound } from '../services/jobs/round-builder.ts';
import { customIdsOf, problemsOfMessage } from '../services/threads/cards/discord-rules.ts';
import { answerIn } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';
import { use } from './use-handler.ts';

describe('Sample pictures', () => {
  const services = (job: Job) => fakeServices({ jobs: [job] });

  it('offers one to four to the one who pressed, with the prompt and all that is known of the price', async () => {
    const { interaction } = await use(modelButtons.buttons?.pictures, 'pictures:job1', {}, services(aJob('ready')));
    expect(interaction.ephemeral).toBe(true);
    expect(answerIn(interaction)).toMatch(/photo of ambika0 woman[\s\S]*bills each picture.*cannot see beforehand/);
    const offered = interaction.answers.at(-1)!.body as Body;
    expect(customIdsOf(offered)).toEqual(['draw:job1:1-1', 'draw:job1:1-2', 'draw:job1:1-3', 'draw:job1:1-4']);
    expect(problemsOfMessage(offered)).toEqual([]);
  });

  it('offers the next round after one that has ended', async () => {
    const job = aJob('ready', { pictures: aRound('ended', { number: 7 }) });
    const { interaction } = await use(modelButtons.buttons?.pictures, 'pictures:job1', {}, services(job));
    expect(customIdsOf(interaction.answers.at(-1)!.body as Body)[0]).toBe('draw:job1:8-1');
  });

  it('passes a pressed number on with its round, and takes the numbers away', async () => {
    const { interaction, calls } = await use(modelButtons.buttons?.draw, 'draw:job1:8-3', {}, services(aJob('ready')));
    expect(calls).toEqual(['desk.orderPictures job1 {"round":8,"count":3}']);
    expect(interaction.answers.at(-1)!.body).toEqual({
      content: '3 pictures are ordered. I post them in <#thread1>.',
      components: [],
    });
  });

  it('leaves it to the desk to refuse what is no number', async () => {
    const { calls } = await use(modelButtons.buttons?.draw, 'draw:job1', {}, services(aJob('ready')));
    expect(calls).toEqual(['desk.orderPictures job1 {"round":0,"count":null}']);
  });
});

describe('Ready request', () => {
  const pressed = async (phase: Phase) => {
    const services = fakeServices({ jobs: [aJob(phase.state, { phase })] });
    return (await use(modelButtons.buttons?.request, 'request:job1', {}, services)).interaction;
  };
  const ready = { state: 'ready', trainingId: trainingId('t1') } as const;

  it('shows the one who pressed a request to copy', async () => {
    const interaction = await pressed(ready);
    expect(interaction.ephemeral).toBe(true);
    expect(answerIn(interaction)).toMatch(/POST https:\/\/modelslab\.com[\s\S]*```\n\{\n {2}"key": "YOUR_API_KEY"/);
    expect(problemsOfMessage({ content: answerIn(interaction) })).toEqual([]);
  });

  it('fits a message with the longest id, too', async () => {
    const content = answerIn(await pressed({ ...ready, trainingId: trainingId('x'.repeat(200)) }));
    expect(problemsOfMessage({ content })).toEqual([]);
  });

  it('hands a request over as a file that a message has no room for, or that would be changed in it', async () => {
    for (const usage of ['x'.repeat(3000), 'a `tick`']) {
      const { answers } = await pressed({ ...ready, usage });
      const { content, files } = answers.at(-1)!.body as { content: string; files: { attachment: Buffer }[] };
      expect(files[0]?.attachment.toString()).toBe(usage);
      expect(problemsOfMessage({ content })).toEqual([]);
    }
  });

  it('says so when the model is gone', async () => {
    await expect(pressed({ state: 'deleted', trainingId: trainingId('t1') })).rejects.toThrow(
      /not a finished model any more/,
    );
  });
});
