import sharp from 'sharp';

export interface DownloadedImage {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: Buffer;
}

export interface BadLink {
  readonly url: string;
  readonly reason: string;
}

export interface Downloads {
  readonly images: readonly DownloadedImage[];
  readonly badLinks: readonly BadLink[];
}

const longestMs = 10_000;

/** Downloads each link as the trainer would, except that it never leaves this machine. */
export async function downloadImages(urls: readonly string[], signal: AbortSignal): Promise<Downloads> {
  const results = await Promise.all(urls.map((url) => downloadImage(url, signal)));
  return {
    images: results.filter((result) => 'bytes' in result),
    badLinks: results.filter((result) => 'reason' in result),
  };
}

async function downloadImage(url: string, signal: AbortSignal): Promise<DownloadedImage | BadLink> {
  if (!isLoopback(url)) return { url, reason: 'not on this machine' };
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
    const response = await fetch(url, { redirect: 'error', signal: limit });
    if (!response.ok) return { url, reason: `HTTP ${response.status}` };
    const bytes = Buffer.from(await response.arrayBuffer());
    const { width, height, format } = await sharp(bytes).metadata();
    return { url, width, height, format, bytes };
  } catch (error) {
    return { url, reason: error instanceof Error ? error.message : 'unreadable' };
  }
}

export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
