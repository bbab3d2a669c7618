import sharp from 'sharp';

import { drawPortraits } from './portraits.ts';
import type { DrawnPhoto } from './portraits.ts';

export type Damage = 'truncated' | 'not-a-picture' | 'tiny' | 'original' | 'duplicate' | 'blurred' | 'dark';

export interface DamagedPhoto extends DrawnPhoto {
  readonly damage: Damage;
}

/** What people attach by mistake. The `original` is sound and there for its duplicate. */
export async function damagedPhotos(seed: string | number = 1): Promise<DamagedPhoto[]> {
  const [photo, soft, night] = await drawPortraits({ count: 3, seed });
  if (photo === undefined || soft === undefined || night === undefined) throw new Error('Cannot damage: nothing drawn');
  const { bytes } = photo;
  return [
    { damage: 'truncated', name: 'IMG_0101.jpg', bytes: bytes.subarray(0, Math.floor(bytes.length * 0.6)) },
    {
      damage: 'not-a-picture',
      name: 'IMG_0102.jpg',
      bytes: Buffer.from('Dear diary, this is a text file.\n'.repeat(200)),
    },
    { damage: 'tiny', name: 'IMG_0103.jpg', bytes: await sharp(bytes).resize(64, 64).jpeg().toBuffer() },
    { damage: 'original', name: 'IMG_0104.jpg', bytes },
    { damage: 'duplicate', name: 'IMG_0104 (1).jpg', bytes: Buffer.from(bytes) },
    { damage: 'blurred', name: 'IMG_0105.jpg', bytes: await sharp(soft.bytes).autoOrient().blur(14).jpeg().toBuffer() },
    { damage: 'dark', name: 'IMG_0106.jpg', bytes: await darken(night.bytes) },
  ];
}

function darken(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes).autoOrient().linear(0.06, 0).jpeg().toBuffer();
}
