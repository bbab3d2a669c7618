import sharp from 'sharp';
import type { Sharp } from 'sharp';

import { createRandom } from '../random.ts';
import { drawPlace } from './backgrounds.ts';
import { clothGradient, drawClothes, drawCollarBehind } from './clothes.ts';
import { drawHead, drawNeck, faceGradients } from './face.ts';
import { drawHairBehind, drawHairInFront, hairGradient } from './hair.ts';
import type { Person } from './person.ts';
import type { Shot } from './shot.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The head in its own units is this high, hair included. */
const headHeight = 460;
/** Backgrounds are drawn this much smaller and enlarged again. */
const depthOfField = 9;

/** One JPEG as a phone writes it: with a colour profile, camera data and a place, and turned by its orientation tag. */
export async function takeSnapshot(person: Person, shot: Shot, size: Size): Promise<Buffer> {
  const frame = shot.isUpright ? { width: size.height, height: size.width } : size;
  const { data, info } = await sharp(await drawBehind(shot, frame), { raw: { ...frame, channels: 3 } })
    .composite([{ input: Buffer.from(drawPerson(person, shot, frame)) }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expose(data, info.width, shot);
  return develop(sharp(data, { raw: { ...frame, channels: 3 } }), shot);
}

/** A phone held upright writes its sensor's wide picture and asks the reader to turn it. */
function develop(picture: Sharp, { isUpright, profile }: Shot): Promise<Buffer> {
  return (
    picture
      .rotate(isUpright ? 270 : 0)
      // First, because it also sets a colour profile.
      .withMetadata({ orientation: isUpright ? 6 : 1 })
      .withIccProfile(profile)
      .withExif({
        IFD0: { Make: 'Darkroom', Model: 'Paper Camera 2', Software: 'drawn' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '48/1 51/1 30/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '2/1 17/1 40/1',
        },
      })
      .jpeg({ quality: 88 })
      .toBuffer()
  );
}

async function drawBehind({ place, seed }: Shot, { width, height }: Size): Promise<Buffer> {
  const small = { width: Math.ceil(width / depthOfField), height: Math.ceil(height / depthOfField) };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="xMidYMid slice" width="${small.width}" height="${small.height}">${drawPlace(place, seed)}</svg>`;
  const blurred = await sharp(Buffer.from(svg)).removeAlpha().blur(1.6).raw().toBuffer();
  return sharp(blurred, { raw: { ...small, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
}

function drawPerson(person: Person, shot: Shot, { width, height }: Size): string {
  const { pose, at } = shot;
  const scale = (Math.min(height, width * 1.15) * shot.closeness) / headHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>${faceGradients(person, pose)}${hairGradient(person)}${clothGradient}${drawLight(shot)}</defs>
    <g transform="translate(${at.x * width} ${at.y * height}) scale(${scale})">
      <g transform="rotate(${pose.tilt * 0.6} 0 300)">${drawHairBehind(person)}</g>${drawCollarBehind(shot)}
      ${drawNeck(person)}${drawClothes(shot)}
      <g transform="rotate(${pose.tilt} 0 180) scale(${person.width} 1)">${drawHead(person, pose)}${drawHairInFront(person)}</g>
    </g><rect width="100%" height="100%" fill="url(#light)"/></svg>`;
}

function drawLight({ pose, warmth }: Shot): string {
  const colour = warmth > 0 ? '#ffb45e' : '#5e9bff';
  const from = pose.light < 0 ? 0 : 1;
  return `<linearGradient id="light" x1="${from}" x2="${1 - from}" y2="0.6"><stop stop-color="#fff" stop-opacity="0.08"/>
    <stop offset="0.5" stop-color="${colour}" stop-opacity="${Math.abs(warmth) * 0.1}"/><stop offset="1" stop-color="#101028" stop-opacity="0.24"/></linearGradient>`;
}

const grainSide = 256;

/** Exposure and grain in one pass over the pixels: as layers of sharp they cost more than all the rest. */
function expose(pixels: Buffer, width: number, { seed, exposure }: Shot): void {
  const random = createRandom(`grain:${seed}`);
  const grain = Float32Array.from({ length: grainSide * grainSide }, () => (random() + random() - 1) * 9);
  for (let i = 0, x = 0, row = 0; i < pixels.length; i += 3) {
    const noise = grain[row + (x % grainSide)] ?? 0;
    for (let channel = i; channel < i + 3; channel += 1) {
      const value = (pixels[channel] ?? 0) * exposure + noise;
      pixels[channel] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
    x += 1;
    if (x === width) {
      x = 0;
      row = (row + grainSide) % grain.length;
    }
  }
}
