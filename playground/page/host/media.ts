import type { Attachment } from '../../discord/state/message.ts';
import type { AttachmentView, MediaView } from '../protocol.ts';

/** The files of a message, as its embeds and components point to them. */
export interface Media {
  /** What a URL of Discord's stands for: `attachment://name` is a file of the message. */
  show(url: string, description: string | null): MediaView;
  /** The files that were not shown. */
  rest(): AttachmentView[];
}

export function mediaIn(attachments: readonly Attachment[], linkTo: (attachment: Attachment) => string): Media {
  const shown = new Set<Attachment>();
  const view = (attachment: Attachment): AttachmentView => ({
    id: attachment.id,
    name: attachment.name,
    bytes: attachment.bytes.byteLength,
    url: linkTo(attachment),
    contentType: attachment.contentType ?? null,
    width: attachment.size?.width ?? null,
    height: attachment.size?.height ?? null,
    description: attachment.description ?? null,
  });
  return {
    show(url, description) {
      const attachment = attachments.find(({ name }) => url === `attachment://${name}`);
      if (!attachment) return { url, contentType: null, width: null, height: null, description };
      shown.add(attachment);
      const { contentType, width, height, ...one } = view(attachment);
      return { url: one.url, contentType, width, height, description: description ?? one.description };
    },
    rest: () => attachments.filter((attachment) => !shown.has(attachment)).map(view),
  };
}
