import type { Attachment } from '../../discord/state/message.ts';

const renewedAfterMs = 3_600_000;

/** Gives the same link for the same file for a while, so that a picture need not be loaded anew whenever its message is edited. */
export function createLinkBook(
  linkTo: (attachment: Attachment) => string,
  now: () => number,
): (attachment: Attachment) => string {
  const links = new WeakMap<Attachment, { readonly url: string; readonly at: number }>();
  return (attachment) => {
    const known = links.get(attachment);
    if (known && now() - known.at < renewedAfterMs) return known.url;
    const url = linkTo(attachment);
    links.set(attachment, { url, at: now() });
    return url;
  };
}
