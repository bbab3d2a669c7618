import { describe, expect, it } from 'vitest';
import { parseBlocks } from '../../../playground/page/browser/markdown/blocks.ts';
import { parseInline } from '../../../playground/page/browser/markdown/inline.ts';
import { plainText } from '../../../playground/page/browser/markdown/plain-text.ts';

const text = (words: string) => ({ type: 'text', text: words });

describe('a line', () => {
  it.each([
    ['**a**', 'bold'],
    ['*a*', 'italic'],
    ['_a_', 'italic'],
    ['__a__', 'underline'],
    ['~~a~~', 'strike'],
    ['||a||', 'spoiler'],
  ])('reads %s as %s', (written, type) => {
    expect(parseInline(written)).toEqual([{ type, children: [text('a')] }]);
  });

  it('reads one form inside another', () => {
    const inside = [{ type: 'italic', children: [text('b')] }];
    expect(parseInline('**a *b***')).toEqual([{ type: 'bold', children: [text('a '), ...inside] }]);
  });

  it('leaves what a backslash protects as it is, since the bot writes names of other people that way', () => {
    expect(parseInline(String.raw`\*\*not bold\*\* \_a\_`)).toEqual([text('**not bold** _a_')]);
    expect(parseInline(String.raw`**a \*\* b**`)).toEqual([{ type: 'bold', children: [text('a ** b')] }]);
  });

  it.each(['2 * 3 * 4', 'photo_of_me', 'a_b_ c', 'a ** b', '<@me>', '`', '**'])('leaves “%s” as it is', (written) => {
    expect(parseInline(written)).toEqual([text(written)]);
  });

  it('formats nothing within code', () => {
    expect(parseInline('`**a**` ``b ` c``')).toEqual([
      { type: 'code', text: '**a**' },
      text(' '),
      { type: 'code', text: 'b ` c' },
    ]);
  });

  it('reads mentions, commands and times', () => {
    expect(parseInline('<@12> <#34> <@&56> </config key:78> <t:90:R> <t:90>')).toEqual([
      { type: 'member', id: '12' },
      text(' '),
      { type: 'channel', id: '34' },
      text(' '),
      { type: 'role', id: '56' },
      text(' '),
      { type: 'command', name: 'config key' },
      text(' '),
      { type: 'time', at: 90, style: 'R' },
      text(' '),
      { type: 'time', at: 90, style: 'f' },
    ]);
  });

  it('ends an address before the full stop of the sentence', () => {
    const url = 'https://modelslab.com/a_b';
    expect(parseInline(`See ${url}.`)).toEqual([text('See '), { type: 'link', url, children: [text(url)] }, text('.')]);
  });

  it('takes addresses of the web alone, so that nobody runs a script by a link', () => {
    expect(parseInline('[x](javascript:alert)')).toEqual([text('[x](javascript:alert)')]);
    expect(parseInline('[x](https://a.b/c)')).toEqual([{ type: 'link', url: 'https://a.b/c', children: [text('x')] }]);
  });
});

describe('a text of several lines', () => {
  it('keeps lines together until something else begins', () => {
    expect(parseBlocks('a\nb\n> c\nd')).toEqual([
      { type: 'paragraph', children: [text('a\nb')] },
      { type: 'quote', blocks: [{ type: 'paragraph', children: [text('c')] }] },
      { type: 'paragraph', children: [text('d')] },
    ]);
  });

  it('reads headings and small print', () => {
    expect(parseBlocks('## a\n-# b')).toEqual([
      { type: 'heading', level: 2, children: [text('a')] },
      { type: 'subtext', children: [text('b')] },
    ]);
    expect(parseBlocks('#a')).toEqual([{ type: 'paragraph', children: [text('#a')] }]);
  });

  it('numbers a list from where it begins, and keeps what is indented with its entry', () => {
    expect(parseBlocks('3. a\n  more\n4. b')).toEqual([
      {
        type: 'list',
        isOrdered: true,
        start: 3,
        items: [[{ type: 'paragraph', children: [text('a\nmore')] }], [{ type: 'paragraph', children: [text('b')] }]],
      },
    ]);
  });

  it('shows a block of code as it is, without the name of its language', () => {
    expect(parseBlocks('a ```json\n{ "**b**": 1 }\n``` c')).toEqual([
      { type: 'paragraph', children: [text('a ')] },
      { type: 'code-block', text: '{ "**b**": 1 }' },
      { type: 'paragraph', children: [text(' c')] },
    ]);
  });

  it('quotes everything that follows three signs', () => {
    expect(parseBlocks('>>> a\n\nb')).toEqual([
      { type: 'quote', blocks: [{ type: 'paragraph', children: [text('a\n\nb')] }] },
    ]);
  });
});

it('gives the words alone where no form can be shown', () => {
  expect(plainText('**“Ambika”** is `ready`.\n- a\n- b')).toBe('“Ambika” is ready. a, b');
});
