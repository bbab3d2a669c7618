import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeaks, formsOf } from './secret-search.ts';
import { startStage, type Stage } from './stage.ts';

const planted = 'p1anted/secret+"with" all\\kinds';

describe('the search for secrets', () => {
  it.each(Object.entries(formsOf(planted)))('finds one %s, in text and in bytes', (_name, text) => {
    const around = `${'x'.repeat(999)}${text}${'y'.repeat(999)}`;
    for (const content of [around, Buffer.from(around)]) {
      expect(findLeaks([{ text: planted }], [{ name: 'the log', content }])).toEqual([
        expect.stringMatching(/^…inds .* in the log$/),
      ]);
    }
  });

  it('finds one within a longer text that was put into base64, wherever it begins', () => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      const content = Buffer.from(`${before}${planted}tail`).toString('base64');
      expect(findLeaks([{ text: planted }], [{ name: 'x', content }]), before).not.toEqual([]);
    }
  });

  it('leaves a secret alone where it belongs, and nowhere else', () => {
    const secret = { text: planted, belongsIn: ['requests'] };
    expect(findLeaks([secret], [{ name: 'requests', content: planted }])).toEqual([]);
    expect(findLeaks([secret], [{ name: 'the log', content: planted }])).toEqual(['…inds as it is in the log']);
  });

  it('never names what it found', () => {
    expect(findLeaks([{ text: planted }], [{ name: 'x', content: planted }]).join()).not.toContain(
      planted.slice(0, -4),
    );
  });
});

describe('a stage', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage.close());

  it('finds what was planted in the log, in a message, in a request and in a file', async () => {
    const server = await stage.addServer();
    expect(await stage.leaks()).toEqual([]);

    const said = 'Quarterdeck-of-the-Demeter';
    const order = await server.train({ name: said });
    await order.startable();
    expect(await stage.leaks([said])).toEqual(expect.arrayContaining([expect.stringContaining('in messages')]));
    expect(await stage.leaks([said]), 'the document of the order').toEqual(
      expect.arrayContaining([expect.stringContaining('in darkroom.db')]),
    );
    expect(await stage.leaks(['ready; invite the bot'])).toEqual([expect.stringMatching(/… bot .* in the log/)]);
    expect(await stage.leaks([order.thread.id])).toEqual(
      expect.arrayContaining([expect.stringContaining('in requests to Discord')]),
    );
    expect(await stage.leaks(['finetune_list'])).toEqual(
      expect.arrayContaining([expect.stringContaining('in requests to ModelsLab')]),
    );

    const path = join(stage.folder, 'notes');
    await writeFile(path, Buffer.from(`key=${server.account.key}`).toString('base64'));
    expect(await stage.leaks()).toEqual([expect.stringMatching(/base64.* in notes$/)]);
    await expect(stage.checkSecrets()).rejects.toThrow(/in notes/);
    await writeFile(path, '');
  });
});
