import sharp, { type Sharp } from 'sharp';
import type { Bomb } from './bombs.ts';
import { drawScene } from './draw.ts';

const size = { width: 1400, height: 1050 };

/** One picture in every form that members send, and each of the files as it looks when it arrives damaged. */
export async function everyKind(): Promise<readonly Bomb[]> {
  const scene = await drawScene(size).png().toBuffer();
  const draw = () => sharp(scene);
  const turned = [1, 2, 3, 4, 5, 6, 7, 8].map(
    (orientation) => [`a JPEG with orientation ${orientation}`, draw().withMetadata({ orientation }).jpeg()] as const,
  );
  const forms: readonly (readonly [what: string, picture: Sharp])[] = [
    ...turned,
    ['a progressive JPEG', draw().jpeg({ progressive: true })],
    ['a JPEG without subsampling', draw().jpeg({ chromaSubsampling: '4:4:4' })],
    ['a grey JPEG', draw().greyscale().jpeg()],
    ['a CMYK JPEG', draw().toColourspace('cmyk').jpeg()],
    ['a JPEG in Display P3', draw().withIccProfile('p3').jpeg()],
    ['an interlaced PNG', draw().png({ progressive: true })],
    ['a PNG of few colors', draw().png({ palette: true, colours: 16 })],
    ['a PNG of 16 bits', draw().toColourspace('rgb16').png()],
    ['a PNG in Display P3', draw().withIccProfile('p3').png()],
    ['a transparent PNG', draw().ensureAlpha(0.5).png()],
    ['a lossy WebP', draw().webp()],
    ['a lossless WebP', draw().webp({ lossless: true })],
    ['a GIF', draw().gif()],
    ['a TIFF', draw().tiff()],
    ['an AVIF', draw().resize(320).avif({ effort: 0 })],
    ['a PNG of four pixels', draw().resize(2, 2).png()],
  ];
  const sound = await Promise.all(forms.map(async ([what, picture]) => ({ what, bytes: await picture.toBuffer() })));
  return sound.flatMap((file) => [file, ...damaged(file)]);
}

/** Cut off, and with a stretch of its inside overwritten, early and late. */
function damaged({ what, bytes }: Bomb): readonly Bomb[] {
  const at = (share: number) => Math.floor(share * bytes.length);
  const overwritten = (share: number) =>
    Buffer.from(bytes).fill(0xa5, at(share), Math.min(at(share) + 64, bytes.length));
  return [
    { what: `${what}, cut off`, bytes: bytes.subarray(0, at(0.6)) },
    { what: `${what}, damaged at its head`, bytes: overwritten(0.01) },
    { what: `${what}, damaged in its middle`, bytes: overwritten(0.5) },
  ];
}
