import { createRandom } from '../random.ts';
import type { Person } from './person.ts';
import type { Pose } from './shot.ts';

/*
 * Drawn around the middle of the face: the skull ends at y = -235, the chin at y = 205, the cheeks at x = ±150.
 * A turned head moves the features sideways and leaves the outline where it is.
 */
const headOutline =
  'M-150,-40 C-150,-190 -85,-238 0,-238 C85,-238 150,-190 150,-40 C150,62 122,128 72,178 C42,212 -42,212 -72,178 C-122,128 -150,62 -150,-40Z';

export function drawHead(person: Person, pose: Pose): string {
  const { skin } = person;
  const turned = pose.turn * 34;
  return `
    <g fill="${skin.shade}"><ellipse cx="${-150 + turned * 0.3}" cy="6" rx="24" ry="42"/><ellipse cx="${150 + turned * 0.3}" cy="6" rx="24" ry="42"/></g>
    <g fill="${skin.base}"><ellipse cx="${-148 + turned * 0.3}" cy="4" rx="18" ry="34"/><ellipse cx="${148 + turned * 0.3}" cy="4" rx="18" ry="34"/></g>
    <path d="${headOutline}" fill="url(#skin)"/>
    <g transform="translate(${turned} ${pose.nod * 14})">
      ${drawCheeks(person)}
      ${drawEyes(person, pose)}
      ${drawNose(person, pose)}
      ${drawMouth(person, pose)}
      ${pose.hasGlasses ? glasses : ''}
    </g>
    <path d="${headOutline}" fill="url(#${pose.light < 0 ? 'shadeRight' : 'shadeLeft'})"/>`;
}

export function drawNeck({ skin }: Person): string {
  return `
    <path d="M-70,120 C-66,200 -74,250 -120,290 L0,360 L120,290 C74,250 66,200 70,120Z" fill="${skin.base}"/>
    <path d="M-70,130 C-40,215 40,215 70,130 L70,178 C40,250 -40,250 -70,178Z" fill="${skin.shade}" opacity="0.7"/>`;
}

/** Gradients that the head and the neck refer to. */
export function faceGradients({ skin }: Person, { light }: Pose): string {
  return `
    <radialGradient id="skin" cx="${0.5 + light * 0.18}" cy="0.38" r="0.72">
      <stop offset="0" stop-color="${skin.light}"/><stop offset="0.55" stop-color="${skin.base}"/><stop offset="1" stop-color="${skin.shade}"/>
    </radialGradient>
    <linearGradient id="shadeLeft"><stop stop-color="#1b1030" stop-opacity="0.34"/><stop offset="0.5" stop-color="#1b1030" stop-opacity="0"/></linearGradient>
    <linearGradient id="shadeRight"><stop offset="0.5" stop-color="#1b1030" stop-opacity="0"/><stop offset="1" stop-color="#1b1030" stop-opacity="0.34"/></linearGradient>
    <radialGradient id="blush"><stop stop-color="${skin.lips}" stop-opacity="0.42"/><stop offset="1" stop-color="${skin.lips}" stop-opacity="0"/></radialGradient>`;
}

function drawCheeks({ hasFreckles, skin, seed }: Person): string {
  const random = createRandom(`freckles:${seed}`);
  const freckles = Array.from({ length: hasFreckles ? 46 : 0 }, () => {
    const x = (random() - 0.5) * 210;
    return `<circle cx="${x}" cy="${34 + random() * 44 - Math.abs(x) * 0.08}" r="${1.4 + random() * 1.8}"/>`;
  });
  return `
    <ellipse cx="-88" cy="62" rx="48" ry="36" fill="url(#blush)"/><ellipse cx="88" cy="62" rx="48" ry="36" fill="url(#blush)"/>
    <g fill="${skin.shade}" opacity="0.7">${freckles.join('')}</g>`;
}

function drawEyes(person: Person, pose: Pose): string {
  return [-1, 1].map((side) => drawEye(side, person, pose)).join('');
}

function drawEye(side: number, { eyes, hair, skin }: Person, { smile, turn }: Pose): string {
  const x = side * 62;
  const low = 17 - smile * 7;
  const narrowed = 1 - Math.max(0, turn * side) * 0.16;
  const shape = `M-33,3 Q-6,-25 33,-2 Q4,${low} -33,3Z`;
  return `
    <g transform="translate(${x} -14) scale(${side * narrowed} 1)">
      <path d="M-40,-4 Q-4,-34 40,-10" stroke="${skin.shade}" stroke-width="5" fill="none" opacity="0.7"/>
      <path d="${shape}" fill="#fbf7f4"/>
      <g clip-path="url(#eye${side})"><circle cx="${side * turn * 6}" cy="-3" r="15.5" fill="${eyes}"/><circle cx="${side * turn * 6}" cy="-3" r="7.5" fill="#120c0a"/>
        <path d="M-34,0 Q-4,-24 34,-4 L34,-14 L-34,-20Z" fill="#2a1a18" opacity="0.28"/></g>
      <circle cx="${side * turn * 6 + 5 * side}" cy="-8" r="4" fill="#fff"/>
      <path d="M-35,4 Q-6,-27 36,-4" stroke="#22150f" stroke-width="5.5" stroke-linecap="round" fill="none"/>
      <path d="M-26,${low - 6} Q0,${low + 3} 26,${low - 9}" stroke="${skin.shade}" stroke-width="2.5" fill="none"/>
      <path d="M-40,-40 Q0,-${62 + smile * 5} 46,-36 Q2,-50 -40,-40Z" fill="${hair.dark}" stroke="${hair.dark}" stroke-width="5" stroke-linejoin="round"/>
      <clipPath id="eye${side}"><path d="${shape}"/></clipPath>
    </g>`;
}

function drawNose({ skin }: Person, { turn }: Pose): string {
  const x = turn * 9;
  return `
    <path d="M${-10 + x},-18 C${-16 + x},20 ${-24 + x},44 ${-30 + x},56 C${-24 + x},72 ${24 + x},72 ${30 + x},56 C${24 + x},44 ${16 + x},20 ${10 + x},-18" fill="${skin.light}" opacity="0.35"/>
    <path d="M${-29 + x},52 C${-32 + x},68 ${-14 + x},68 ${-8 + x},64 C${-2 + x},71 ${6 + x},71 ${10 + x},64 C${16 + x},68 ${33 + x},67 ${29 + x},51" stroke="${skin.shade}" stroke-width="6" fill="none" stroke-linecap="round" stroke-linejoin="round"/>
    <ellipse cx="${x}" cy="48" rx="9" ry="7" fill="#fff" opacity="0.28"/>`;
}

/** From closed lips to a smile that shows teeth. */
function drawMouth({ skin }: Person, { smile }: Pose): string {
  const half = 42 + smile * 18;
  const corner = 112 - smile * 12;
  const lower = 128 + smile * 16;
  const teeth =
    smile > 0.55
      ? `<path d="M${-half + 6},${corner} Q0,${corner + 12} ${half - 6},${corner} Q0,${lower + 4} ${-half + 6},${corner}Z" fill="#fdf9f4"/>`
      : '';
  return `
    <path d="M${-half},${corner} Q-18,${corner - 10} 0,${corner - 4} Q18,${corner - 10} ${half},${corner} Q0,${lower + 22} ${-half},${corner}Z" fill="${skin.lips}"/>
    ${teeth}
    <path d="M${-half},${corner} Q0,${smile > 0.55 ? corner + 12 : lower - 8} ${half},${corner}" stroke="#5c2622" stroke-width="3.5" fill="none" stroke-linecap="round" opacity="0.75"/>
    <path d="M-16,${lower + 5} Q0,${lower + 10} 16,${lower + 5}" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round" opacity="0.3"/>
    <path d="M-26,${lower + 26} Q0,${lower + 33} 26,${lower + 26}" stroke="${skin.shade}" stroke-width="5" fill="none" stroke-linecap="round" opacity="0.6"/>`;
}

const glasses = `
  <g fill="#fff" fill-opacity="0.12" stroke="#241d22" stroke-width="7">
    <rect x="-108" y="-46" width="90" height="68" rx="28"/><rect x="18" y="-46" width="90" height="68" rx="28"/>
    <path d="M-18,-20 Q0,-32 18,-20 M-108,-24 L-150,-32 M108,-24 L150,-32" fill="none"/>
  </g>
  <g stroke="#fff" stroke-width="5" opacity="0.45" stroke-linecap="round"><path d="M-90,-4 L-66,-32 M36,-4 L60,-32"/></g>`;
