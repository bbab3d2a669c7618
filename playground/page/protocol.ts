/*
 * What the playground's page and its host say to each other: JSON over one WebSocket at `paths.live`, and files over HTTP.
 *
 * On connecting the host sends `welcome`, then `view` (as the first of `viewers`) and `panel`. From there on `changed` and
 * `panel` arrive as things happen. The page sends asks, each with a number of its own; each gets exactly one answer: `done`, `choices` or
 * `refused`. A `modal` may follow later, for an ask that was `done`.
 *
 * The host serves `browser/index.html` at `/`, the rest of the folder at `/browser/…` and this file at `/protocol.ts`, types
 * stripped; `/lib/…` are the files of node_modules that `host/libraries.ts` lists, for the import map in index.html. The
 * Content-Security-Policy lets in scripts and styles from files alone: no inline script but the import map, no `style="…"` in HTML.
 */

export const paths = {
  live: '/live',
  /** POST the bytes to `/files?name=IMG_1.jpg`; answers 201 with `UploadAnswer`, or 4xx with `UploadRefusal`. */
  files: '/files',
} as const;

export interface UploadAnswer {
  readonly fileId: string;
}

export interface UploadRefusal {
  /** For the person at the page. */
  readonly why: string;
}

/* ---- From the host ---- */

export type FromHost = Welcome | WholeView | ChangedView | PanelNews | Typing | Modal | Answer;

export interface Welcome {
  readonly type: 'welcome';
  /** Those whom one may see as, the admin first. */
  readonly viewers: readonly PersonView[];
  readonly uploads: { readonly largestBytes: number; readonly mostFilesPerMessage: number };
}

/** Everything that one member sees. It takes the place of all that was sent before. */
export interface WholeView {
  readonly type: 'view';
  readonly viewerId: string;
  readonly view: View;
}

/** What came or changed, whole and by its `id`; and what is gone or may not be seen any more. */
export interface ChangedView {
  readonly type: 'changed';
  readonly set: Partial<View>;
  readonly gone: Partial<Readonly<Record<keyof View, readonly string[]>>>;
}

/** Parts of the side panel, each whole. What is not named stays. */
export interface PanelNews extends Partial<Panel> {
  readonly type: 'panel';
}

/** Somebody writes here; it shows for about ten seconds, or until their message comes. */
export interface Typing {
  readonly type: 'typing';
  readonly channelId: string;
  readonly personId: string;
}

/** A form opens in answer to a command, a press or another form. */
export interface Modal {
  readonly type: 'modal';
  /** The ask that it answers. */
  readonly ask: number;
  readonly modal: ModalView;
}

export type Answer =
  /** Discord took it. What becomes of it comes as changes. */
  | { readonly type: 'done'; readonly ask: number }
  | { readonly type: 'choices'; readonly ask: number; readonly choices: readonly ChoiceView[] }
  /** Discord's client would not permit it, or it cannot be done; `why` is for the person at the page. */
  | { readonly type: 'refused'; readonly ask: number; readonly why: string };

/* ---- What a member sees. Ids are Discord's: of one length, so that sorting by id sorts by time. Times are epoch milliseconds. ---- */

export interface View {
  readonly guilds: readonly GuildView[];
  readonly people: readonly PersonView[];
  readonly channels: readonly ChannelView[];
  readonly threads: readonly ThreadView[];
  readonly directs: readonly DirectView[];
  readonly messages: readonly MessageView[];
  readonly commands: readonly CommandView[];
  readonly uses: readonly UseView[];
}

export interface GuildView {
  readonly id: string;
  readonly name: string;
  /** Whether the viewer manages the server. */
  readonly isAdmin: boolean;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
}

/** Somebody whose name may show up: members, and the bot. */
export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  /** The servers that they are in. */
  readonly guildIds: readonly string[];
}

/** Where messages stand. */
interface PlaceView {
  readonly id: string;
  readonly name: string;
  readonly mayWrite: boolean;
  readonly mayAttach: boolean;
  /** The commands that the viewer finds here. */
  readonly commandIds: readonly string[];
}

export interface ChannelView extends PlaceView {
  readonly guildId: string;
}

/** What the bot told the viewer directly, which belongs to no server. Only to be read here. */
export interface DirectView extends PlaceView {
  readonly personId: string;
}

export interface ThreadView extends ChannelView {
  /** The channel below which it stands. */
  readonly parentId: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly isLocked: boolean;
  /** Whether the viewer was added to it: those stand in the channel list. */
  readonly isMember: boolean;
  /** The message that it was started from, where there is one. */
  readonly starterId: string | null;
  readonly createdAt: number;
  readonly lastActivityAt: number;
}

export interface MessageView extends MessageBodyView {
  readonly id: string;
  /** A channel, a thread, or direct messages. */
  readonly channelId: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly isBot: boolean;
  readonly createdAt: number;
  readonly editedAt: number | null;
  /** Only the viewer sees it. */
  readonly isEphemeral: boolean;
  /** "Darkroom is thinking…" */
  readonly isLoading: boolean;
  readonly mentionsMe: boolean;
  /** Above an answer to a command: "Ada used /train". */
  readonly usedBy: { readonly personId: string; readonly name: string; readonly title: string } | null;
  readonly repliesTo: { readonly messageId: string; readonly authorName: string; readonly excerpt: string } | null;
  /** When set, the message itself is empty. */
  readonly forwarded: (MessageBodyView & { readonly createdAt: number; readonly channelName: string }) | null;
  /** The thread that was started from it. */
  readonly threadId: string | null;
}

export interface MessageBodyView {
  /** Discord's Markdown, with `<@id>`, `<#id>`, `</name:id>` and `<t:seconds:style>`. */
  readonly content: string;
  readonly embeds: readonly EmbedView[];
  readonly components: readonly ComponentView[];
  /** Those that no embed and no component shows. */
  readonly attachments: readonly AttachmentView[];
}

export interface AttachmentView extends MediaView {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** A picture or another file, by a link on this machine. */
export interface MediaView {
  readonly url: string;
  readonly contentType: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** The text in a picture's place. */
  readonly description: string | null;
}

export interface EmbedView {
  readonly title: string | null;
  readonly description: string | null;
  readonly url: string | null;
  /** 0xRRGGBB */
  readonly color: number | null;
  readonly author: string | null;
  readonly footer: string | null;
  readonly fields: readonly { readonly name: string; readonly value: string; readonly isInline: boolean }[];
  readonly image: MediaView | null;
  readonly thumbnail: MediaView | null;
}

export type ComponentView =
  | { readonly kind: 'row'; readonly components: readonly ComponentView[] }
  | ButtonView
  | SelectView
  | { readonly kind: 'text'; readonly content: string }
  | {
      readonly kind: 'section';
      readonly components: readonly ComponentView[];
      readonly accessory: ComponentView | null;
    }
  | { readonly kind: 'thumbnail'; readonly media: MediaView; readonly isSpoiler: boolean }
  | {
      readonly kind: 'gallery';
      readonly items: readonly { readonly media: MediaView; readonly isSpoiler: boolean }[];
    }
  | { readonly kind: 'file'; readonly file: MediaView; readonly name: string; readonly isSpoiler: boolean }
  | { readonly kind: 'separator'; readonly hasLine: boolean; readonly isLarge: boolean }
  | {
      readonly kind: 'container';
      readonly color: number | null;
      readonly components: readonly ComponentView[];
      readonly isSpoiler: boolean;
    };

export interface ButtonView {
  readonly kind: 'button';
  /** Null for a link. */
  readonly customId: string | null;
  readonly url: string | null;
  readonly label: string;
  /** A character; the bot's own pictures are not shown. */
  readonly emoji: string | null;
  readonly style: 'primary' | 'secondary' | 'success' | 'danger' | 'link';
  readonly isDisabled: boolean;
}

export interface SelectView {
  readonly kind: 'select';
  readonly customId: string;
  /** What one chooses from: `options`, or those of the server, whose ids are the values then. */
  readonly from: 'options' | 'people' | 'roles' | 'people-and-roles' | 'channels';
  readonly options: readonly SelectOptionView[];
  /** Which of the server's are chosen at first; those of `options` say it themselves. */
  readonly chosen: readonly string[];
  readonly placeholder: string;
  readonly least: number;
  readonly most: number;
  readonly isDisabled: boolean;
}

export interface SelectOptionView {
  readonly label: string;
  readonly value: string;
  readonly description: string | null;
  readonly emoji: string | null;
  readonly isDefault: boolean;
}

/** One entry of the `/` menu, or of a message's menu. A subcommand is an entry of its own. */
export interface CommandView {
  /** Of the command, with its path behind it: unique among entries. */
  readonly id: string;
  readonly guildId: string | null;
  readonly kind: 'slash' | 'message';
  /** `train`, `config key`: what the ask takes. */
  readonly path: string;
  readonly description: string;
  /** Required ones first. */
  readonly options: readonly OptionView[];
}

export interface OptionView {
  readonly name: string;
  readonly description: string;
  readonly type:
    'text' | 'integer' | 'number' | 'boolean' | 'person' | 'channel' | 'role' | 'mentionable' | 'attachment';
  readonly isRequired: boolean;
  /** Where there are some, the value is one of theirs. */
  readonly choices: readonly ChoiceView[];
  readonly hasAutocomplete: boolean;
  /** Of a number's value, or a text's length. */
  readonly least: number | null;
  readonly most: number | null;
}

export interface ChoiceView {
  readonly name: string;
  readonly value: string | number;
}

/**
 * A use of the bot by the viewer that has no answer yet: "Sending command…", three dots on the button; or never got one: "The application
 * did not respond", "This interaction failed". It goes when the answer comes.
 */
export interface UseView {
  readonly id: string;
  readonly channelId: string;
  /** `/train`, `button "Start"`. */
  readonly title: string;
  readonly state: 'waiting' | 'failed';
  readonly createdAt: number;
  /** The message whose component was used, and which. */
  readonly source: { readonly messageId: string; readonly customId: string | null } | null;
}

export interface ModalView {
  /** For `submitModal`. */
  readonly id: string;
  readonly title: string;
  /** In order: texts to read, and fields to fill in. */
  readonly parts: readonly ModalPartView[];
}

export type ModalPartView = { readonly kind: 'text'; readonly content: string } | FieldView;

export interface FieldView {
  readonly kind: 'field';
  readonly customId: string;
  readonly label: string;
  readonly description: string | null;
  readonly isRequired: boolean;
  readonly input: InputView;
}

export type InputView =
  | {
      readonly kind: 'text';
      readonly isLong: boolean;
      readonly value: string;
      readonly placeholder: string;
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: 'files'; readonly least: number; readonly most: number }
  | (Omit<SelectView, 'kind' | 'customId' | 'isDisabled'> & { readonly kind: 'select' })
  | { readonly kind: 'radio'; readonly options: readonly SelectOptionView[] }
  | {
      readonly kind: 'checkboxes';
      readonly options: readonly SelectOptionView[];
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: 'checkbox'; readonly isChecked: boolean };

/* ---- The side panel: the same whoever looks ---- */

export interface Panel {
  readonly provider: ProviderView;
  readonly bot: BotView;
  readonly trouble: TroubleView;
  readonly samples: SamplesView;
}

export interface ProviderView {
  /** Times faster than a real training, which takes about half an hour. */
  readonly speed: number;
  readonly accounts: readonly AccountView[];
  /** Newest first. */
  readonly trainings: readonly TrainingView[];
  /** Newest first. */
  readonly charges: readonly ChargeView[];
  readonly callsInLastMinute: number;
  /** Newest first; the most recent ones only. */
  readonly calls: readonly CallView[];
}

/** An account at the provider, made for one server. Its key is for the admin to paste; it buys nothing anywhere. */
export interface AccountView {
  readonly id: string;
  readonly guildId: string;
  readonly guildName: string;
  readonly key: string;
  /** US dollars. */
  readonly balance: number;
}

export interface TrainingView {
  readonly id: string;
  readonly accountId: string;
  readonly method: string;
  /** What calls the model up, as it was sent: `photo of ambika0 woman`. */
  readonly prompt: string;
  /** In the provider's own words. */
  readonly stage: string;
  readonly stages: readonly { readonly stage: string; readonly at: number }[];
  /** The stages that it has yet to go through, as far as is known. */
  readonly ahead: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly ending: 'ready' | 'unusable' | 'failed' | 'cancelled' | null;
  readonly failure: string | null;
  readonly photos: number;
  /** US dollars so far. */
  readonly charged: number;
}

export interface ChargeView {
  readonly id: string;
  readonly at: number;
  readonly accountId: string;
  readonly trainingId: string;
  readonly amount: number;
}

export interface CallView {
  readonly id: string;
  readonly at: number;
  readonly call: string;
  /** HTTP status; `dropped` when no answer went back. */
  readonly outcome: number | 'dropped';
}

export interface BotView {
  /** `starting` until Discord sees it. */
  readonly state: 'starting' | 'running' | 'stopping' | 'stopped';
  readonly pid: number | null;
  /** Since when it is in this state. */
  readonly since: number;
  /** How it came to be stopped. */
  readonly ended: { readonly how: 'killed' | 'asked' | 'by-itself'; readonly exitCode: number | null } | null;
  /** How often it was started. */
  readonly starts: number;
  /** The last lines of its log, oldest first. */
  readonly log: readonly LogLineView[];
  /** What the real Discord would have refused of what it did: hopefully nothing. */
  readonly violations: readonly string[];
}

export interface LogLineView {
  readonly id: number;
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}

/** Each switch: whether it is on, or still waits to strike. */
export type TroubleView = Readonly<Record<TroubleName, boolean>>;

export type TroubleName =
  /** Every call to the provider meets 503. */
  | 'provider-down'
  /** The next paid call is cut off before it is carried out. Switches itself off when it has struck. */
  | 'drop-before-charge'
  /** The next paid call is carried out and charged, and its answer is lost. Switches itself off when it has struck. */
  | 'drop-after-charge'
  /** Every account is empty; switched off, what was in it is back. */
  | 'no-credit'
  /** Every request to Discord's API meets 429. */
  | 'discord-429'
  /** The bot sees no channel any more, nor the threads below it. */
  | 'channels-closed';

/** Photos for those who have none at hand. */
export interface SamplesView {
  readonly isDrawing: boolean;
  readonly photos: readonly SampleView[];
}

export interface SampleView {
  /** May be named in asks like an uploaded file, any number of times. */
  readonly fileId: string;
  readonly name: string;
  readonly bytes: number;
  readonly url: string;
  readonly thumbnailUrl: string;
  /** What it shows, in words. */
  readonly description: string;
}

/* ---- From the page ---- */

export type FromPage = { readonly ask: number } & Ask;

/** All are done as the member whom one sees as. */
export type Ask =
  /** Answered by `done`, and a whole `view`. */
  | { readonly type: 'seeAs'; readonly personId: string }
  | {
      readonly type: 'command';
      readonly channelId: string;
      readonly path: string;
      readonly options: Readonly<Record<string, OptionValue>>;
    }
  /** Answered by `choices`. What is being typed stands in `options` as text. */
  | {
      readonly type: 'autocomplete';
      readonly channelId: string;
      readonly path: string;
      readonly options: Readonly<Record<string, OptionValue>>;
      readonly focused: string;
    }
  | {
      readonly type: 'openContextCommand';
      readonly channelId: string;
      readonly messageId: string;
      readonly path: string;
    }
  | {
      readonly type: 'press';
      readonly channelId: string;
      readonly messageId: string;
      readonly customId: string;
    }
  | {
      readonly type: 'select';
      readonly channelId: string;
      readonly messageId: string;
      readonly customId: string;
      readonly values: readonly string[];
    }
  | {
      readonly type: 'submitModal';
      readonly modalId: string;
      readonly values: Readonly<Record<string, FieldValue>>;
    }
  | {
      readonly type: 'post';
      readonly channelId: string;
      readonly content: string;
      readonly fileIds: readonly string[];
    }
  | {
      readonly type: 'forward';
      readonly channelId: string;
      readonly messageId: string;
      readonly toChannelId: string;
    }
  | { readonly type: 'trouble'; readonly name: TroubleName; readonly isOn: boolean }
  /** 1 to 600. */
  | { readonly type: 'speed'; readonly speed: number }
  /** `kill` is SIGKILL, `stop` is SIGTERM; `start` goes on with the same database. */
  | { readonly type: 'bot'; readonly action: 'kill' | 'stop' | 'start' };

/** Text, numbers and yes/no as they are; a file by the id of its upload; a person, channel or role by its id. */
export type OptionValue = string | number | boolean | { readonly fileId: string } | { readonly id: string };

/** By the kind of input: text and radio a string, a checkbox yes/no, `select` and `checkboxes` values, `files` ids of uploads. */
export type FieldValue = string | boolean | readonly string[] | { readonly fileIds: readonly string[] };
