import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isSrgbProfile } from '../../../src/services/photos/profile.ts';
import { drawPlain } from './draw.ts';

async function profileOf(name: string): Promise<Buffer> {
  const picture = await drawPlain({ width: 8, height: 8 }, { r: 1, g: 2, b: 3 }).withIccProfile(name).png().toBuffer();
  return (await sharp(picture).metadata()).icc!;
}

/** A profile whose only tag is its description in the way of ICC version 2. */
function oldProfile(description: string): Buffer {
  const profile = Buffer.alloc(200);
  profile.writeUInt32BE(1, 128);
  profile.write('desc', 132, 'latin1');
  profile.writeUInt32BE(144, 136);
  profile.writeUInt32BE(56, 140);
  profile.write('desc', 144, 'latin1');
  profile.writeUInt32BE(description.length + 1, 152);
  profile.write(description, 156, 'latin1');
  return profile;
}

describe('isSrgbProfile', () => {
  it('knows sRGB by its name, in both versions of the format', async () => {
    expect(isSrgbProfile(await profileOf('srgb'))).toBe(true);
    expect(isSrgbProfile(oldProfile('sRGB IEC61966-2.1'))).toBe(true);
  });

  it('does not take another profile for sRGB', async () => {
    expect(isSrgbProfile(await profileOf('p3'))).toBe(false);
    expect(isSrgbProfile(oldProfile('Adobe RGB (1998)'))).toBe(false);
  });

  it('reads any damaged profile without failing', async () => {
    const profile = await profileOf('srgb');
    for (let at = 0; at < profile.length; at++) {
      const damaged = Buffer.from(profile);
      damaged[at] = 0xff;
      expect(() => isSrgbProfile(damaged)).not.toThrow();
      expect(() => isSrgbProfile(profile.subarray(0, at))).not.toThrow();
    }
  });
});
