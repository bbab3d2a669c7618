import { createRandom } from '../random.ts';
import { between } from './person.ts';
import type { HairStyle, Person } from './person.ts';

const back: Readonly<Record<HairStyle, string>> = {
  long: 'M-178,-70 C-190,-230 -90,-285 0,-285 C90,-285 190,-230 178,-70 C184,60 196,170 214,330 C150,372 96,352 84,300 L-84,300 C-96,352 -150,372 -214,330 C-196,170 -184,60 -178,-70Z',
  bob: 'M-176,-70 C-186,-232 -88,-284 0,-284 C88,-284 186,-232 176,-70 C186,30 190,110 176,172 C140,196 104,190 92,160 L-92,160 C-104,190 -140,196 -176,172 C-190,110 -186,30 -176,-70Z',
  short: 'M-164,-30 C-176,-220 -86,-272 0,-272 C86,-272 176,-220 164,-30 L150,10 L-150,10Z',
  curly: '',
  bun: 'M-164,-40 C-178,-220 -86,-274 0,-274 C86,-274 178,-220 164,-40 L148,40 L-148,40Z',
};

const front: Readonly<Record<HairStyle, string>> = {
  long: 'M-168,10 C-186,-180 -96,-272 6,-272 C112,-272 184,-180 168,10 C158,-60 132,-126 62,-176 C40,-136 -70,-86 -126,-76 C-146,-50 -160,-20 -168,10Z',
  bob: 'M-166,20 C-182,-190 -92,-274 0,-274 C92,-274 182,-190 166,20 C160,-40 152,-72 140,-96 C70,-76 -70,-76 -140,-96 C-152,-72 -160,-40 -166,20Z',
  short:
    'M-158,-20 C-176,-190 -96,-274 10,-274 C118,-274 170,-190 158,-20 C150,-70 140,-110 116,-138 C60,-116 -20,-118 -92,-152 C-128,-120 -148,-80 -158,-20Z',
  curly: '',
  bun: 'M-158,0 C-172,-190 -92,-270 0,-270 C92,-270 172,-190 158,0 C150,-90 110,-168 0,-178 C-110,-168 -150,-90 -158,0Z',
};

/** What hangs behind the head. */
export function drawHairBehind({ hair, seed }: Person): string {
  if (hair.style === 'curly') return curls(seed, 'back', hair.dark);
  const bun = hair.style === 'bun' ? `<circle cx="0" cy="-300" r="78" fill="${hair.base}"/>` : '';
  return `${bun}<path d="${back[hair.style]}" fill="${hair.dark}"/>`;
}

/** What falls over the forehead. */
export function drawHairInFront({ hair, seed }: Person): string {
  if (hair.style === 'curly') return curls(seed, 'front', hair.base) + curls(`${seed}+`, 'shine', hair.shine);
  return `<path d="${front[hair.style]}" fill="url(#hair)"/><g clip-path="url(#fringe)">${strands(seed, hair.shine, hair.dark)}</g>`;
}

/** The gradient and the outline that the hair refers to. */
export function hairGradient({ hair }: Person): string {
  return `<clipPath id="fringe"><path d="${front[hair.style]}"/></clipPath><linearGradient id="hair" x2="0.2" y2="1"><stop stop-color="${hair.shine}"/><stop offset="0.45" stop-color="${hair.base}"/><stop offset="1" stop-color="${hair.dark}"/></linearGradient>`;
}

function strands(seed: string, shine: string, dark: string): string {
  const random = createRandom(`strands:${seed}`);
  const lines = Array.from({ length: 34 }, (_, i) => {
    const side = i % 2 === 0 ? 1 : -1;
    const reach = between(random, 20, 150);
    const drop = between(random, -215, -130) + reach * 0.5;
    const colour = random() < 0.5 ? shine : dark;
    return `<path d="M${side * reach * 0.15 + 10},${between(random, -262, -240)} Q${side * reach},${-250 + reach * 0.35} ${side * (reach + 8)},${drop}" stroke="${colour}" stroke-width="${between(random, 1.5, 4)}" opacity="0.45"/>`;
  });
  return `<g fill="none" stroke-linecap="round">${lines.join('')}</g>`;
}

function curls(seed: string, layer: 'back' | 'front' | 'shine', colour: string): string {
  const random = createRandom(`curls:${layer}:${seed}`);
  const count = layer === 'shine' ? 26 : 60;
  const circles = Array.from({ length: count }, (_, i) => {
    const angle = Math.PI * (layer === 'back' ? 0.88 + (1.24 * i) / count : 1.06 + (0.88 * i) / count);
    const reach = layer === 'back' ? between(random, 175, 236) : between(random, 178, 232);
    const [x, y] = [Math.cos(angle) * reach, -30 + Math.sin(angle) * reach * 1.02];
    const radius = layer === 'shine' ? between(random, 6, 12) : between(random, 28, 46);
    return `<circle cx="${x}" cy="${y}" r="${radius}"/>`;
  });
  const cap = layer === 'back' ? '<ellipse cx="0" cy="-70" rx="200" ry="205"/>' : '';
  return `<g fill="${colour}" ${layer === 'shine' ? 'opacity="0.5"' : ''}>${cap}${circles.join('')}</g>`;
}
