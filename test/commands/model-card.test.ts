import { describe, expect, it } from 'vitest';
import { modelCard } from '../../src/commands/model-card.ts';
import type { Phase } from '../../src/services/jobs/job.ts';
import { aJob, trainingId } from '../services/jobs/job-builder.ts';
import { problemsOfMessage } from '../services/threads/discord-rules.ts';
import { answerIn } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';
import { use } from './use-handler.ts';

describe('Ready request', () => {
  const pressed = async (phase: Phase) => {
    const services = fakeServices({ jobs: [aJob(phase.state, { phase })] });
    return (await use(modelCard.buttons?.request, 'request:job1', {}, services)).interaction;
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
    await expect(pressed({ state: 'deleted', trainingId: trainingId('t1') })).rejects.toThrow(/can be used any more/);
  });
});
