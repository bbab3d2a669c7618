export type Garment = 'shirt' | 'hoodie' | 'knit' | 'jacket' | 'tee';

const body =
  'M-470,760 C-460,520 -390,390 -250,338 C-190,316 -140,306 -112,284 Q0,400 112,284 C140,306 190,316 250,338 C390,390 460,520 470,760 L470,1400 L-470,1400Z';

export interface Clothes {
  readonly garment: Garment;
  /** A CSS colour. */
  readonly cloth: string;
}

/** Shoulders in something to wear. */
export function drawClothes({ garment, cloth }: Clothes): string {
  return `<path d="${body}" fill="${cloth}"/><g clip-path="url(#body)">${details[garment]}</g>
    <path d="${body}" fill="url(#folds)"/>`;
}

/** A hood stands behind the neck. */
export function drawCollarBehind({ garment, cloth }: Clothes): string {
  if (garment !== 'hoodie') return '';
  const hood = 'M-240,350 C-236,262 -170,214 -104,204 L104,204 C170,214 236,262 240,350Z';
  return `<path d="${hood}" fill="${cloth}"/><path d="${hood}" fill="#0b0b18" opacity="0.35"/>`;
}

export const clothGradient = `
  <clipPath id="body"><path d="${body}"/></clipPath>
  <linearGradient id="folds"><stop stop-color="#0b0b18" stop-opacity="0.42"/><stop offset="0.32" stop-color="#fff" stop-opacity="0.1"/>
    <stop offset="0.62" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#0b0b18" stop-opacity="0.36"/></linearGradient>`;

const dark = 'stroke="#0e0e1c" stroke-opacity="0.35" fill="none"';

const ribs = Array.from(
  { length: 34 },
  (_, i) => `<path d="M-460,${400 + i * 26} Q0,${470 + i * 26} 460,${400 + i * 26}" ${dark} stroke-width="5"/>`,
).join('');

const details: Readonly<Record<Garment, string>> = {
  tee: `<path d="M-118,286 Q0,424 118,286" ${dark} stroke-width="16"/>`,
  shirt: `<path d="M-112,284 L-30,430 L-118,420 L-168,316Z M112,284 L30,430 L118,420 L168,316Z" fill="#fff" fill-opacity="0.22" stroke="#0e0e1c" stroke-opacity="0.3" stroke-width="4"/>
    <path d="M0,400 V1200" ${dark} stroke-width="6"/><g fill="#fff" opacity="0.6"><circle cx="0" cy="480" r="9"/><circle cx="0" cy="600" r="9"/><circle cx="0" cy="720" r="9"/></g>`,
  hoodie: `<path d="M-250,338 C-190,316 -140,306 -112,284 Q0,400 112,284 C140,306 190,316 250,338 C200,430 90,500 0,500 C-90,500 -200,430 -250,338Z" fill="#fff" fill-opacity="0.15"/>
    <path d="M-250,338 C-200,430 -90,500 0,500 C90,500 200,430 250,338" ${dark} stroke-width="6"/>
    <g stroke="#fff" stroke-opacity="0.75" stroke-width="8" stroke-linecap="round" fill="none"><path d="M-46,470 Q-56,580 -44,660 M46,470 Q58,560 48,630"/></g>`,
  knit: `${ribs}<path d="M-116,270 Q0,404 116,270 L124,306 Q0,452 -124,306Z" fill="#fff" fill-opacity="0.16"/>`,
  jacket: `<path d="M-112,284 Q0,400 112,284 L70,1400 L-70,1400Z" fill="#f2efe9"/><path d="M-112,284 L-60,560 L-150,520 L-190,318Z M112,284 L60,560 L150,520 L190,318Z" fill="#000" fill-opacity="0.2"/>
    <path d="M-66,560 L-40,1400 M66,560 L40,1400" ${dark} stroke-width="6"/>`,
};
