import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { models } from '../../src/commands/models.ts';
import { status } from '../../src/commands/status.ts';
import type { MemberId } from '../../src/lib/ids.ts';
import type { Comparison } from '../../src/services/jobs/desk/catalog.ts';
import type { Job } from '../../src/services/jobs/state/job.ts';
import type { Body } from '../../src/services/threads/cards/body.ts';
import { parseCustomId } from '../../src/services/threads/cards/custom-id.ts';
import { modelCard } from '../../src/services/threads/cards/model-card.ts';
import { aJob, jobId, order, phases, trainingId } from '../services/jobs/job-builder.ts';
import { customIdsOf, problemsOfMessage } from '../services/threads/cards/discord-rules.ts';
import { answerIn, fakeInteraction, type Asked } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

async function run(command: Command, jobs: readonly Job[], asked: Asked = {}, comparison: Partial<Comparison> = {}) {
  const interaction = fakeInteraction('command', asked);
  await command.execute!(interaction as never, fakeServices({ jobs, comparison }));
  return interaction;
}

const ownerId = '1234567890123456789' as MemberId;
const names = Array.from({ length: 60 }, (_, index) => ({ ...order, name: `a${'_'.repeat(36)}${index}` }));

describe('/models', () => {
  it('lists what one needs to use each model', async () => {
    const text = answerIn(await run(models, [aJob('ready'), aJob('failed')]));
    expect(text).toMatch(/^Your models.*\n• “Ambika”, trigger `ambika0`\n {2}id `t1`, LoRA for SDXL, <t:\d+:R>$/);
  });

  it('tells an admin whose they are', async () => {
    const text = answerIn(await run(models, [aJob('ready')], { isAdmin: true }));
    expect(text).toMatch(/^The models of this server:[\s\S]*by <@owner1>/);
  });

  it('says how to make the first', async () => {
    expect(answerIn(await run(models, []))).toMatch(/no finished models yet\. Use \/train/);
  });

  it('marks what ModelsLab does not list any more', async () => {
    const text = answerIn(await run(models, [aJob('ready')], {}, { gone: new Set([jobId('job1')]) }));
    expect(text).toMatch(/“Ambika”[\s\S]*does not list it any more/);
  });

  it('names what was trained elsewhere with the key, also when nothing was trained here', async () => {
    const elsewhere = [trainingId('theirs')];
    expect(answerIn(await run(models, [], {}, { elsewhere }))).toMatch(
      /no finished models.*\nTrained elsewhere.*`theirs`$/,
    );
    expect(answerIn(await run(models, [aJob('ready')], {}, { elsewhere }))).toMatch(
      /“Ambika”[\s\S]*\nTrained elsewhere/,
    );
  });

  it('shows ours when ModelsLab does not tell, and says so', async () => {
    const text = answerIn(await run(models, [aJob('ready')], {}, { isKnown: false }));
    expect(text).toMatch(/“Ambika”[\s\S]*ModelsLab did not tell just now/);
  });

  it('stays within a message with many of both, and says how many are left out', async () => {
    const elsewhere = Array.from({ length: 30 }, (_, index) => trainingId(`${'i'.repeat(34)}${index}`));
    const jobs = names.map((one) => aJob('ready', { ownerId, order: one }));
    const text = answerIn(await run(models, jobs, { isAdmin: true }, { elsewhere }));
    expect(problemsOfMessage({ content: text })).toEqual([]);
    expect(text).toMatch(/older ones[\s\S]*Trained elsewhere.* and 20 more/);
  });

  it('stays within a message, and says how to find the others', async () => {
    const ready = { state: 'ready' as const, trainingId: trainingId('i'.repeat(36)) };
    const jobs = names.map((one) => aJob('ready', { ownerId, order: one, phase: ready }));
    const text = answerIn(await run(models, jobs, { isAdmin: true }));
    expect(problemsOfMessage({ content: text })).toEqual([]);
    expect(text).toMatch(/… and \d+ older ones: `\/status` finds them by name\.$/);
  });
});

describe('/status', () => {
  it('lists what runs, since when and where', async () => {
    const told = { ...aJob('training').told, threadId: 'thread1' as never };
    const text = answerIn(await run(status, [aJob('training', { told }), aJob('ready')]));
    expect(text).toMatch(/^• “Ambika”: waiting for a machine, begun <t:\d+:R> in <#thread1>$/);
  });

  it('says what to do when nothing runs', async () => {
    expect(answerIn(await run(status, []))).toMatch(/Nothing is running.*\/train.*\/models/);
  });

  it('stays within a message', async () => {
    const long = { ...phases.training, stage: '*'.repeat(300) };
    const text = answerIn(
      await run(
        status,
        names.map((one) => aJob('training', { order: one, phase: long })),
      ),
    );
    expect(problemsOfMessage({ content: text })).toEqual([]);
    expect(text).toMatch(/… and \d+ more/);
  });

  it('tells an admin whose they are', async () => {
    expect(answerIn(await run(status, [aJob('training')], { isAdmin: true }))).toMatch(/begun <t:\d+:R>, by <@owner1>/);
    expect(answerIn(await run(status, [aJob('training')]))).not.toContain('owner1');
  });

  it('shows one training as its card does, and its log behind Details, which a failed one keeps', async () => {
    const { answers } = await run(status, [aJob('training')], { options: { training: 'job1' } });
    const body = answers.at(-1)!.body as Partial<Body>;
    expect(body.embeds?.[0]?.title).toBe('“Ambika”: training');
    expect(customIdsOf(body as Body)).toEqual(['details:job1']);
    const failed = aJob('failed', {
      phase: { ...phases.failed, trainingId: trainingId('t1'), log: ['out of memory'] },
    });
    const shown = await run(status, [failed], { options: { training: 'job1' } });
    expect(customIdsOf(shown.answers.at(-1)!.body as Body)).toEqual(['details:job1']);
    const pressed = fakeInteraction('button');
    await status.buttons!.details!(pressed as never, fakeServices({ jobs: [failed] }), parseCustomId('details:job1'));
    expect(answerIn(pressed)).toMatch(/`t1`\. Its log:\n```\nout of memory/);
  });

  it('offers no Details where there is no log', async () => {
    for (const job of [aJob('draft'), aJob('failed')]) {
      const { answers } = await run(status, [job], { options: { training: 'job1' } });
      expect((answers.at(-1)!.body as Partial<Body>).components).toBeUndefined();
    }
  });

  it('shows a finished model with all that can be done with it', async () => {
    const { answers } = await run(status, [aJob('ready')], { options: { training: 'job1' } });
    const { content: _where, ...body } = answers.at(-1)!.body as Body;
    expect(body).toEqual({ embeds: modelCard(aJob('ready')).embeds, components: modelCard(aJob('ready')).components });
  });

  it('lets a question be answered, since its thread may be gone', async () => {
    const { answers } = await run(status, [aJob('asking')], { options: { training: 'job1' } });
    const body = answers.at(-1)!.body as Body;
    const verbs = customIdsOf(body).map((one) => parseCustomId(one).verb);
    expect(verbs).toEqual(['is-training', 'resend', 'drop']);
  });

  it('shows the end of a long log under Details', async () => {
    const log = Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(300)}`);
    const job = aJob('training', { id: jobId('job1'), phase: { ...phases.training, log } });
    const interaction = fakeInteraction('button');
    await status.buttons!.details!(interaction as never, fakeServices({ jobs: [job] }), parseCustomId('details:job1'));
    expect(problemsOfMessage({ content: answerIn(interaction) })).toEqual([]);
    expect(answerIn(interaction)).toContain('line 499');
  });
});
