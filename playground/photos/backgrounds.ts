import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { between, pick } from './person.ts';

export type Place = 'park' | 'beach' | 'night' | 'room' | 'mountains' | 'cafe' | 'sunset' | 'wall' | 'snow' | 'library';

export const places: readonly Place[] = [
  'park',
  'cafe',
  'beach',
  'night',
  'mountains',
  'room',
  'sunset',
  'wall',
  'snow',
  'library',
];

/** A place as it looks behind somebody, on 100 × 100 units. It is drawn small and enlarged: that is its blur. */
export function drawPlace(place: Place, seed: string): string {
  return painters[place](createRandom(`${place}:${seed}`));
}

const painters: Readonly<Record<Place, (random: Random) => string>> = {
  park: (random) =>
    `${sky('#cfe8f7', '#eef6e4')}${spots(random, 70, { colours: ['#5d8f45', '#7fae58', '#3f6e35', '#a4c76f'], x: [0, 100], y: [5, 62], r: [4, 12] })}
    <rect y="62" width="100" height="38" fill="#86b35c"/>${spots(random, 40, { colours: ['#9cc66f', '#6f9d4a'], x: [0, 100], y: [64, 100], r: [2, 8] })}
    <rect x="${between(random, 6, 20)}" y="20" width="7" height="48" fill="#5a4331"/><rect x="${between(random, 80, 92)}" y="14" width="6" height="54" fill="#664d38"/>`,
  beach: (random) =>
    `${sky('#6fb7e6', '#d9eefb')}<rect y="48" width="100" height="22" fill="#2e8ca8"/><rect y="58" width="100" height="12" fill="#5fb3bd"/>
    <path d="M0,69 Q25,65 50,70 T100,68 V100 H0Z" fill="#ecd6a8"/><path d="M0,69 Q25,65 50,70 T100,68 V72 Q75,70 50,73 T0,72Z" fill="#fff" opacity="0.8"/>
    ${spots(random, 9, { colours: ['#ffffff'], x: [0, 100], y: [6, 30], r: [4, 10] })}`,
  night: (random) =>
    `${sky('#141832', '#3a2a4d')}${bars(random, 16, { colours: ['#1d2142', '#262a52', '#191c38'], top: [18, 50] })}
    ${spots(random, 46, { colours: ['#ffd27a', '#ff9f5a', '#7fd4ff', '#ff6f91', '#fff0c2'], x: [0, 100], y: [26, 92], r: [1.2, 4.6] }, 0.85)}`,
  room: (random) =>
    `<rect width="100" height="100" fill="${pick(random, ['#d8cfc2', '#c9d3d0', '#dcc9bb'])}"/><rect x="58" y="8" width="32" height="44" fill="#f8fbff" stroke="#a58b6f" stroke-width="2"/><path d="M74,8 V52 M58,30 H90" stroke="#a58b6f" stroke-width="1.4"/>
    <rect x="8" y="16" width="24" height="30" fill="#7e8c88" stroke="#4d3d30" stroke-width="1.6"/><circle cx="20" cy="30" r="7" fill="#e2b45f"/>
    <rect y="74" width="100" height="26" fill="#8d6a4c"/><path d="M0,62 q10,-8 26,-4 v26 h-26Z" fill="#48656b"/>${spots(random, 14, { colours: ['#4f7a4d', '#6a9a5d'], x: [84, 100], y: [46, 70], r: [2, 6] })}`,
  mountains: (random) =>
    `${sky('#7fb0dc', '#e9f1f7')}<path d="M0,60 L18,${between(random, 22, 34)} L34,52 L56,${between(random, 14, 28)} L80,54 L92,36 L100,46 V100 H0Z" fill="#6b7f97"/>
    <path d="M56,22 l8,11 -6,-2 -4,4 -5,-4Z M18,30 l6,8 -5,-1 -5,3Z" fill="#fff"/><path d="M0,70 Q30,54 60,68 T100,62 V100 H0Z" fill="#4f7350"/><path d="M0,84 Q40,72 100,82 V100 H0Z" fill="#6c9257"/>`,
  cafe: (random) =>
    `<rect width="100" height="100" fill="#5d4132"/><rect y="54" width="100" height="46" fill="#3f2b22"/><rect x="4" y="10" width="38" height="40" fill="#e9dcc3"/><rect x="6" y="12" width="34" height="36" fill="#bcd2d6"/>
    <path d="M58,20 h36 M58,36 h36" stroke="#2d1d16" stroke-width="2"/>${spots(random, 18, { colours: ['#c78345', '#e3c08a', '#7a9a6b', '#a4543c'], x: [60, 94], y: [13, 34], r: [1.5, 3.5] })}
    ${spots(random, 7, { colours: ['#ffd894'], x: [10, 96], y: [2, 14], r: [3, 6] }, 0.9)}`,
  sunset: (random) =>
    `<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#473b78"/><stop offset="0.42" stop-color="#e0637a"/><stop offset="0.62" stop-color="#ffb36b"/><stop offset="0.7" stop-color="#ffe2a3"/></linearGradient></defs>
    <rect width="100" height="100" fill="url(#s)"/><circle cx="${between(random, 16, 84)}" cy="58" r="9" fill="#fff3c9"/><path d="M0,66 Q30,58 58,67 T100,63 V100 H0Z" fill="#5b3d5e"/><path d="M0,80 Q50,70 100,82 V100 H0Z" fill="#3a2a47"/>`,
  wall: (random) => {
    const [wall, mortar] = pick(random, [
      ['#a85b45', '#c98d74'],
      ['#2f6f73', '#3e878a'],
      ['#d6a23f', '#e4bb66'],
    ] as const);
    const rows = Array.from({ length: 20 }, (_, y) =>
      Array.from(
        { length: 11 },
        (_, x) =>
          `<rect x="${x * 10 - (y % 2) * 5}" y="${y * 5}" width="9.4" height="4.5" fill="${wall}" opacity="${between(random, 0.72, 1)}"/>`,
      ).join(''),
    );
    return `<rect width="100" height="100" fill="${mortar}"/>${rows.join('')}`;
  },
  snow: (random) =>
    `${sky('#b9c9d9', '#eef3f8')}<path d="M0,64 Q30,54 60,64 T100,58 V100 H0Z" fill="#f6f9fc"/>${firs(random)}<path d="M0,82 Q50,72 100,84 V100 H0Z" fill="#ffffff"/>
    ${spots(random, 60, { colours: ['#ffffff'], x: [0, 100], y: [0, 100], r: [0.4, 1.3] }, 0.9)}`,
  library: (random) => {
    const shelves = Array.from(
      { length: 5 },
      (_, row) => `${books(random, row * 20)}<rect y="${row * 20 + 17}" width="100" height="3" fill="#5a3d28"/>`,
    );
    return `<rect width="100" height="100" fill="#3d2a1d"/>${shelves.join('')}<rect width="100" height="100" fill="#ffcf8a" opacity="0.12"/>`;
  },
};

function sky(top: string, bottom: string): string {
  return `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="0.7" stop-color="${bottom}"/></linearGradient></defs><rect width="100" height="100" fill="url(#sky)"/>`;
}

interface Scatter {
  readonly colours: readonly string[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly r: readonly [number, number];
}

function spots(random: Random, count: number, { colours, x, y, r }: Scatter, opacity = 0.75): string {
  const circles = Array.from({ length: count }, () => {
    const at = `cx="${between(random, ...x)}" cy="${between(random, ...y)}" r="${between(random, ...r)}"`;
    return `<circle ${at} fill="${pick(random, colours)}"/>`;
  });
  return `<g opacity="${opacity}">${circles.join('')}</g>`;
}

function bars(random: Random, count: number, { colours, top }: { colours: readonly string[]; top: [number, number] }) {
  const width = 100 / count;
  return Array.from({ length: count }, (_, i) => {
    const y = between(random, ...top);
    return `<rect x="${i * width}" y="${y}" width="${width + 0.5}" height="${100 - y}" fill="${pick(random, colours)}"/>`;
  }).join('');
}

function firs(random: Random): string {
  return Array.from({ length: 11 }, (_, i) => {
    const x = i * 10 + between(random, -4, 4);
    const height = between(random, 22, 44);
    return `<path d="M${x},${70 - height} l7,${height} h-14Z" fill="${pick(random, ['#42635a', '#38564f', '#557a6d'])}"/>`;
  }).join('');
}

function books(random: Random, y: number): string {
  const colours = ['#7a2f2a', '#2f4c6b', '#c9a35a', '#3f6148', '#7d6a8a', '#d9cdb6', '#90502f'];
  return Array.from({ length: 30 }, (_, i) => {
    const height = between(random, 10, 16);
    return `<rect x="${i * 3.4}" y="${y + 17 - height}" width="3" height="${height}" fill="${pick(random, colours)}"/>`;
  }).join('');
}
