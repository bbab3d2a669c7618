const units = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `3 minutes ago`, `in 2 hours`. */
export function relativeText(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  const size = units.find((one) => Math.abs(seconds) >= one.seconds);
  return size === undefined
    ? relative.format(seconds, 'second')
    : relative.format(Math.round(seconds / size.seconds), size.unit);
}

const formats: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { hour: 'numeric', minute: '2-digit' },
  T: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
  d: { year: 'numeric', month: '2-digit', day: '2-digit' },
  D: { year: 'numeric', month: 'long', day: 'numeric' },
  f: { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  F: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' },
};

/** A time in one of Discord's styles; `at` in milliseconds. */
export function timeText(at: number, style: string): string {
  return new Intl.DateTimeFormat('en-GB', formats[style] ?? formats['f']).format(at);
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const [size, unit] = bytes < 2 ** 20 ? [bytes / 1024, 'KB'] : [bytes / 2 ** 20, 'MB'];
  return `${size.toFixed(1)} ${unit}`;
}

export function dollarsText(usd: number): string {
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 0.01 ? 3 : 2)}`;
}

/** `one charge`, `2 charges`. */
export function countText(count: number, unit: string): string {
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}

/** `m:ss`, for something that lasts. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
