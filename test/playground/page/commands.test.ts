import { describe, expect, it } from 'vitest';
import {
  beginDraft,
  closedFields,
  openFields,
  readDraft,
  readForSuggestions,
  showField,
  writeField,
} from '../../../playground/page/browser/composer/command-draft.ts';
import { matchCommands, parseCommand } from '../../../playground/page/browser/composer/command-search.ts';
import type { CommandView, OptionView } from '../../../playground/page/protocol.ts';

const option = (name: string, more: Partial<OptionView> = {}): OptionView => ({
  name,
  description: `What ${name} means`,
  type: 'text',
  isRequired: false,
  choices: [],
  hasAutocomplete: false,
  least: null,
  most: null,
  ...more,
});

const command = (path: string, options: readonly OptionView[] = []): CommandView => ({
  id: path,
  guildId: null,
  kind: 'slash',
  path,
  description: `Does ${path}`,
  options,
});

const train = command('train', [
  option('name', { isRequired: true, most: 5 }),
  option('subject', { isRequired: true, choices: [{ name: 'A woman', value: 'woman' }] }),
  option('photo1', { type: 'attachment' }),
  option('photo2', { type: 'attachment' }),
  option('steps', { type: 'integer', least: 1, most: 30 }),
  option('base_model', { hasAutocomplete: true }),
]);

describe('the menu of commands', () => {
  const all = [command('config key'), command('models'), command('train')];
  const found = (text: string) => matchCommands(text, all)?.map(({ path }) => path);

  it('opens with a slash at the beginning, and with nothing else', () => {
    expect(found('/')).toEqual(['config key', 'models', 'train']);
    expect(found('and /')).toBeUndefined();
    expect(found('/a\nb')).toBeUndefined();
  });

  it('puts those first whose name begins with what is typed', () => {
    expect(found('/mod')).toEqual(['models']);
    expect(found('/t')).toEqual(['train']);
    expect(found('/key')).toEqual(['config key']);
    expect(found('/nothing like it')).toEqual([]);
  });
});

describe('a command written whole', () => {
  it('fills its options in', () => {
    const written = parseCommand('/train name: Ambika of: the hill subject: woman', [train]);
    expect(written).toEqual({ command: train, texts: { name: 'Ambika of: the hill', subject: 'woman' } });
  });

  it('is the one with the longest name that fits', () => {
    const all = [command('config'), command('config key')];
    expect(parseCommand('/config key', all)?.command.path).toBe('config key');
    expect(parseCommand('/configure', all)).toBeUndefined();
  });
});

describe('filling a command in', () => {
  const filled = { name: 'Amb', subject: 'woman' };

  it('asks for what is required, and for others when they are wanted', () => {
    const draft = beginDraft(train);
    expect(openFields(train, draft).map(({ name }) => name)).toEqual(['name', 'subject']);
    expect(closedFields(train, draft).map(({ name }) => name)).toEqual(['steps', 'base_model']);
    expect(openFields(train, showField(draft, 'steps')).map(({ name }) => name)).toEqual(['name', 'subject', 'steps']);
  });

  it('says what is missing', () => {
    expect(readDraft(train, beginDraft(train), []).problems).toEqual({
      name: 'Fill this in.',
      subject: 'Fill this in.',
    });
  });

  it('gives files to the options that take them, in order', () => {
    const { values, problems } = readDraft(train, beginDraft(train, filled), ['f1', 'f2']);
    expect(problems).toEqual({});
    expect(values).toEqual({ ...filled, photo1: { fileId: 'f1' }, photo2: { fileId: 'f2' } });
  });

  it.each([
    ['0', 'From 1 to 30.'],
    ['31', 'From 1 to 30.'],
    ['1.5', 'Write a whole number.'],
    ['many', 'Write a whole number.'],
  ])('refuses %s as a number of steps', (steps, problem) => {
    expect(readDraft(train, beginDraft(train, { ...filled, steps }), []).problems).toEqual({ steps: problem });
  });

  it('sends numbers as numbers', () => {
    expect(readDraft(train, beginDraft(train, { ...filled, steps: ' 12 ' }), []).values).toMatchObject({ steps: 12 });
  });

  it('counts the characters that fit', () => {
    expect(readDraft(train, beginDraft(train, { ...filled, name: 'Ambika' }), []).problems).toEqual({
      name: 'At most 5 characters.',
    });
  });

  it('sends the value of a suggestion, until its text is changed', () => {
    const choice = { name: 'Realistic Vision', value: 'rv-5' };
    const open = showField(beginDraft(train, filled), 'base_model');
    const taken = writeField(open, 'base_model', { text: choice.name, taken: choice });
    expect(readDraft(train, taken, []).values).toMatchObject({ base_model: 'rv-5' });
    const changed = writeField(taken, 'base_model', { text: 'Realistic' });
    expect(readDraft(train, changed, []).values).toMatchObject({ base_model: 'Realistic' });
  });

  it('asks for suggestions although something is still missing', () => {
    const draft = beginDraft(train, { name: 'Amb', base_model: 're' });
    expect(readForSuggestions(train, draft, 'base_model')).toEqual({ name: 'Amb', base_model: 're' });
  });
});
