/** Discord's description of its API as zod schemas. The package names a JavaScript file as its types. */
declare module 'discord-api-spec/zod' {
  import type { z } from 'zod';

  export const ApplicationCommandAutocompleteCallbackRequestSchema: z.core.$ZodType;
  export const ApplicationCommandCreateRequestSchema: z.core.$ZodType;
  export const ApplicationCommandUpdateRequestSchema: z.core.$ZodType;
  export const CreateForumThreadRequestSchema: z.core.$ZodType;
  export const CreateMessageInteractionCallbackRequestSchema: z.core.$ZodType;
  export const CreatePrivateChannelRequestSchema: z.core.$ZodType;
  export const CreateTextThreadWithMessageRequestSchema: z.core.$ZodType;
  export const CreateTextThreadWithoutMessageRequestSchema: z.core.$ZodType;
  export const IncomingWebhookInteractionRequestSchema: z.core.$ZodType;
  export const IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema: z.core.$ZodType;
  export const IncomingWebhookUpdateRequestPartialSchema: z.core.$ZodType;
  export const MessageCreateRequestSchema: z.core.$ZodType;
  export const MessageEditRequestPartialSchema: z.core.$ZodType;
  export const ModalInteractionCallbackRequestSchema: z.core.$ZodType;
  export const PongInteractionCallbackRequestSchema: z.core.$ZodType;
  export const UpdateGuildChannelRequestPartialSchema: z.core.$ZodType;
  export const UpdateMessageInteractionCallbackRequestSchema: z.core.$ZodType;
  export const UpdateThreadRequestPartialSchema: z.core.$ZodType;
}
