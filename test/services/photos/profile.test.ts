import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { areSrgb } from '../../../src/services/photos/colors.ts';
import { readProfile } from '../../../src/services/photos/profile.ts';
import { drawPlain } from './draw.ts';
import { formula, gamma, greyProfile, linear, primaries, profileOf, sampled } from './icc.ts';

async function profileOfSharp(name: string): Promise<Buffer> {
  const picture = await drawPlain({ width: 8, height: 8 }, { r: 1, g: 2, b: 3 }).withIccProfile(name).png().toBuffer();
  return (await sharp(picture).metadata()).icc!;
}

function isSrgb(icc: Buffer): boolean | undefined {
  const profile = readProfile(icc);
  return profile?.kind === 'computed' ? areSrgb(profile.colours) : undefined;
}

describe('readProfile', () => {
  it('knows sRGB by its curves and colours, whatever it is called', async () => {
    expect(isSrgb(await profileOfSharp('srgb'))).toBe(true);
    for (const curve of [formula, sampled()]) {
      expect(isSrgb(profileOf({ name: 'Camera', colours: primaries.srgb, curve }))).toBe(true);
    }
  });

  it.each([
    ['linear light', { colours: primaries.srgb, curve: linear }],
    ['a power of 1.0', { colours: primaries.srgb, curve: gamma(1) }],
    ['a power of 1.8', { colours: primaries.srgb, curve: gamma(1.8) }],
    ['wider colours', { colours: primaries.p3, curve: formula }],
  ])('does not take %s for sRGB because it is called so', (_, draft) => {
    expect(isSrgb(profileOf({ name: 'sRGB IEC61966-2.1', ...draft }))).toBe(false);
  });

  it('tells grey, and colours that are looked up in tables', async () => {
    expect(readProfile(greyProfile(gamma(2.2)))).toMatchObject({ kind: 'computed', space: 'GRAY' });
    const icc = profileOf();
    icc.write('A2B0', 132, 'latin1');
    expect(readProfile(icc)).toEqual({ kind: 'tables', space: 'RGB ' });
    expect(readProfile(await profileOfSharp('cmyk'))).toBeUndefined();
  });

  it('reads a profile that says another length, and one that ends a few bytes early', () => {
    const whole = profileOf();
    for (const length of [0, whole.length - 2, whole.length + 2, 2 ** 32 - 1]) {
      const icc = Buffer.from(whole);
      icc.writeUInt32BE(length);
      expect(readProfile(icc), `${length} bytes`).toMatchObject({ kind: 'computed' });
    }
    for (const missing of [1, 2, 3]) {
      expect(readProfile(whole.subarray(0, -missing)), `${missing} missing`).toMatchObject({ kind: 'computed' });
      const old = profileOf({ curve: sampled() });
      expect(readProfile(old.subarray(0, -missing)), `${missing} of samples missing`).toMatchObject({
        kind: 'computed',
      });
    }
    expect(readProfile(whole.subarray(0, -40))).toBeUndefined();
  });

  it('finds nothing in garbage, and nothing that makes another colour of white', () => {
    expect(readProfile(Buffer.alloc(500, 7))).toBeUndefined();
    expect(readProfile(Buffer.alloc(0))).toBeUndefined();
    const [red, green] = primaries.srgb;
    expect(readProfile(profileOf({ colours: [red, green, [0, 0, 0]] }))).toBeUndefined();
  });

  it('reads any damaged profile without failing', () => {
    for (const profile of [profileOf(), profileOf({ curve: gamma(2.2) }), greyProfile(sampled().subarray(0, 60))]) {
      for (let at = 0; at < profile.length; at++) {
        for (const level of [0, 0xff]) {
          const damaged = Buffer.from(profile);
          damaged[at] = level;
          expect(() => isSrgb(damaged)).not.toThrow();
        }
        expect(() => isSrgb(profile.subarray(0, at))).not.toThrow();
      }
    }
  });
});
