import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/lib/errors.ts';
import type { Order } from '../../../../src/services/jobs/state/job.ts';
import {
  changedOrder,
  checkOrder,
  mendOrder,
  promptFor,
  triggerFor,
} from '../../../../src/services/jobs/state/order.ts';
import { order } from '../job-builder.ts';

const check = (change: Partial<Order>) => checkOrder({ ...order, ...change });

const wrong: readonly Partial<Order>[] = [
  { name: '' },
  { name: '   ' },
  { name: '-' },
  { name: 'x'.repeat(41) },
  { name: '.hidden' },
  { name: 'a/b' },
  { name: '@everyone' },
  { name: '<@123>' },
  { name: '😀' },
  { name: '\u3164' },
  { name: '\u115F\u1160' },
  { name: 'Anna\u3164' },
  { name: '\u2800\u2800' },
  { name: 'An\uFFA0na' },
  { name: '\u200B\u200D\u2060' },
  { name: 'An\u200B\u00ADna' },
  { name: 'An\u200Dna' },
  { name: '\u202Eabc\u202C' },
  { name: '\u2067שלום\u2069' },
  { name: 'a\u034Fb' },
  { name: 'ab\u{E0061}\u{E007F}c' },
  { name: 'Jean\uFEFFLuc' },
  { name: '1\uFE0F\u20E3' },
  { name: '’' },
  { name: '״׳' },
  { name: 'Anna*' },
  { name: 'A`B' },
  { name: 'A＊B' },
  { name: 'A:B' },
  { name: 'A\\B' },
  { name: 'A|B' },
  { name: '\u0301' },
  { name: '\ud83d' },
  { name: `a${'𝒜'.repeat(45)}` },
  { trigger: 'ab' },
  { trigger: '0abc' },
  { trigger: 'two words' },
  { trigger: 'x'.repeat(31) },
  { trigger: 'été' },
  { steps: 9 },
  { steps: 51 },
  { steps: 20.5 },
  { steps: Number.NaN },
  { seed: -1 },
  { seed: 4_294_967_296 },
  { seed: 1.5 },
  { method: 'dreambooth', baseModel: 'a model' },
  { method: 'dreambooth', baseModel: '../v3' },
  { method: 'dreambooth', baseModel: '' },
  { method: 'dreambooth', seed: -1 },
  { method: 'flux', steps: 4001 },
  { method: 'dreambooth-v2', unetRate: '0.00001' },
  { method: 'dreambooth-v2', textEncoderRate: '1e-4' },
  { method: 'dreambooth-v2', unetSteps: 2001 },
  { method: 'dreambooth-v2', textEncoderSteps: 0 },
  { network: 'dora' },
  { report: 'maybe' },
  { negativePrompt: '' },
  { negativePrompt: 'x'.repeat(1001) },
];

describe('what is allowed', () => {
  it.each<Partial<Order>>([
    { name: 'a' },
    { name: 'Ämbika 2.0' },
    { name: '安比卡' },
    { name: 'प्रिया' },
    { name: 'José' },
    { name: 'علی\u200Cرضا' },
    { name: 'ශ්\u200Dරී ලංකා' },
    { name: 'น้ำฝน' },
    { name: 'Nguyễn Thị' },
    { name: 'ད\u0F0Bལའི' },
    { name: 'ジャン・ポール' },
    { name: 'O’Brien' },
    { name: '김민수' },
    { name: '辻\u{E0100}' },
    { name: 'മോഹന്\u200Dലാല്\u200D' },
    { name: 'രാജന്\u200D കുമാര്\u200D' },
    { name: 'എന്ന്\u200C' },
    { name: 'হঠাত্\u200D' },
    { name: 'سه\u200C' },
    { name: 'ᠰᠠᠷ\u180Eᠠ' },
    { name: 'ג׳ורג׳' },
    { name: "ג'ורג'" },
    { name: 'צה״ל' },
    { name: 'Յակո՛բ' },
    { name: 'ሀይለ፡ሥላሴ' },
    { name: '阿凡提•买买提' },
    { name: '阿凡提．买买提' },
    { name: 'ｼﾞｮﾝ･ｽﾐｽ' },
    { name: 'Jean\u2011Luc' },
    { name: 'Jean–Luc' },
    { name: 'བསྟན་འཛིན་' },
    { name: 'O‘zbek' },
    { name: '’t Hooft' },
    { name: 'डॉ॰ राम' },
    { name: '𝒜'.repeat(40) },
    { name: 'x'.repeat(40) },
    { trigger: 'abc' },
    { trigger: 'Some_one_1' },
    { steps: 10 },
    { steps: 50 },
    { method: 'dreambooth', steps: 2000 },
    { seed: 0 },
    { seed: 4_294_967_295 },
    { method: 'dreambooth', baseModel: 'midjourney' },
    { method: 'flux', steps: 4000 },
    {
      method: 'dreambooth-v2',
      unetRate: '1e-10',
      unetSteps: 2000,
      textEncoderRate: '2e-0',
      textEncoderSteps: 1,
      seed: 0,
    },
    { network: 'lycoris', negativePrompt: 'blurry', report: 'yes' },
  ])('%j is kept as it is', (change) => {
    expect(check(change)).toEqual({ ...order, ...change });
  });

  it.each(wrong)('%j is refused with a sentence that says what is allowed', (change) => {
    expect(() => check(change)).toThrow(UserError);
    expect(() => check(change)).toThrow(/^[A-Z][^]*[.!]$/);
  });

  it('takes blanks away around what was typed', () => {
    const typed = { name: ' Ambika ', trigger: ' ambika0 ', method: 'dreambooth', baseModel: ' base ' } as const;
    expect(check(typed)).toMatchObject({ name: 'Ambika', trigger: 'ambika0', baseModel: 'base' });
  });

  it.each([
    ['Jose\u0301', 'José'],
    ['\u00A0Jo\u00A0Ann\u3000', 'Jo Ann'],
    ['two\n lines', 'two lines'],
    ['\u1112\u1161\u11AB', '한'],
  ])('takes the name %j for %j, in Settings as in the command', (typed, name) => {
    expect(check({ name: typed }).name).toBe(name);
    expect(mendOrder({ ...order, name: typed })).toEqual({ order: { ...order, name }, notes: [] });
  });

  it('takes a trigger word in wide letters for the same in plain ones', () => {
    expect(check({ trigger: 'ａｍｂｉｋａ０\u200B' }).trigger).toBe('ambika0');
  });

  it('says of a name that shows nothing, or hides something, that it does', () => {
    expect(() => check({ name: '\u200B' })).toThrow(/^There is nothing in that name that can be seen\. A name has/);
    for (const name of ['Anna\u3164', 'An\u200Bna', '\u202EAnna', '\u2067שרה\u2069', 'An\u034Fna', 'Anna\u{E0061}'])
      expect(() => check({ name })).toThrow(/^There are characters in that name that nobody can see\. A/);
  });

  it('forgets what the method has no setting for', () => {
    expect(check({ baseModel: 'base', unetSteps: 7 })).toEqual(order);
  });

  it('takes a choice that is the method’s own way for none', () => {
    expect(check({ network: 'lora', report: 'no' })).toEqual(order);
    expect(check({ method: 'flux', steps: 1000 })).toEqual({ ...order, method: 'flux' });
  });

  it('makes one line of a negative prompt', () => {
    expect(check({ negativePrompt: ' blurry,\n  dark ' })).toMatchObject({ negativePrompt: 'blurry, dark' });
  });

  it.each<[Partial<Order>, RegExp]>([
    [{ steps: 51 }, /^Steps: LoRA for SDXL takes 10 to 50 steps\./],
    [{ network: 'dora' }, /^Network: LoRA for SDXL takes lora or lycoris\./],
    [{ method: 'dreambooth-v2', unetRate: '1' }, /^UNet learning rate: .* takes 1e-5 to 1e-10, or 2e-0 to 6e-10\./],
  ])('%j is answered with the name of the setting and what it takes', (change, sentence) => {
    expect(() => check(change)).toThrow(sentence);
  });
});

describe('mending', () => {
  it('leaves an order alone that is allowed', () => {
    expect(mendOrder(order)).toEqual({ order, notes: [] });
  });

  it.each(wrong)('makes of %j something that is allowed, and says so', (change) => {
    const { order: mended, notes } = mendOrder({ ...order, ...change });
    expect(checkOrder(mended)).toEqual(mended);
    expect(notes.length).toBeGreaterThanOrEqual(1);
    for (const note of notes) expect(note).toMatch(/^[A-Z].*\.$/);
  });

  it('keeps what can be kept of a name', () => {
    expect(mendOrder({ ...order, name: '<Ambika/2026!>' }).order.name).toBe('Ambika2026');
    expect(mendOrder({ ...order, name: 'Ana 👩\u200D🚀 X' }).order.name).toBe('Ana X');
    expect(mendOrder({ ...order, name: '가👩\u200D🚀 \u200B ന്👩\u200D🚀' }).order.name).toBe('가 ന്');
    expect(mendOrder({ ...order, name: '\u200Fשרה\u200E, ג׳' }).order.name).toBe('שרה ג׳');
    expect(mendOrder({ ...order, name: '👩\u200D🎨 Anna\u3164Lee 🎉' }).order.name).toBe('Anna Lee');
    expect(mendOrder({ ...order, name: 'प्रि'.repeat(20) }).order.name).toBe('प्रि'.repeat(10));
  });

  it('mends several things at once, each with its note', () => {
    const { order: mended, notes } = mendOrder({ ...order, name: '!', trigger: '!', steps: 1, seed: -1 });
    expect(mended).toEqual({ ...order, name: 'model', trigger: 'model0' });
    expect(notes).toHaveLength(4);
  });

  it('says what was left out because the method has no such setting', () => {
    const { order: mended, notes } = mendOrder({ ...order, baseModel: 'midjourney' });
    expect(mended).toEqual(order);
    expect(notes).toEqual(['Base model: LoRA for SDXL has no such setting, so it was left out.']);
  });
});

describe('changing', () => {
  it('takes a choice back with undefined', () => {
    const changed = changedOrder({ ...order, steps: 20, seed: 7 }, { steps: undefined, name: 'Other' });
    expect(changed).toEqual({ ...order, name: 'Other', seed: 7 });
  });

  it('of the method keeps what the other method takes too', () => {
    const dreambooth: Order = { ...order, method: 'dreambooth', baseModel: 'midjourney', seed: 7 };
    expect(changedOrder(dreambooth, { method: 'dreambooth-v2' })).toEqual({ ...dreambooth, method: 'dreambooth-v2' });
  });

  it('of the method drops what the other method has no setting for, and steps, which mean something else there', () => {
    const lora: Order = { ...order, steps: 20, seed: 7, network: 'lycoris', negativePrompt: 'blurry', report: 'yes' };
    expect(changedOrder(lora, { method: 'flux' })).toEqual({ ...order, method: 'flux' });
    expect(changedOrder(lora, { method: 'dreambooth' })).toEqual({ ...order, method: 'dreambooth', seed: 7 });
  });
});

describe('the trigger word for a name', () => {
  it.each([
    ['Ambika', 'ambika0'],
    ['Ämbika Élan', 'ambikaelan0'],
    ['2026 Ambika', 'ambika0'],
    ['安比卡', 'model0'],
    ['J', 'model0'],
    ['7', 'model0'],
    ['a'.repeat(40), `${'a'.repeat(20)}0`],
  ])('%s is %s', (name, trigger) => {
    expect(triggerFor(name)).toBe(trigger);
    expect(check({ trigger: triggerFor(name) }).trigger).toBe(trigger);
  });
});

it('makes a prompt that calls the subject by the trigger word, a style as a style', () => {
  expect(promptFor({ trigger: 'ambika0', subject: 'woman' })).toContain('ambika0 woman');
  expect(promptFor({ trigger: 'inky0', subject: 'style' })).toContain('in inky0 style');
});
