/** Discord's refusals that this stand-in can give: HTTP status, code and text are Discord's own. */
export const refusals = {
  unauthorized: [401, 0, '401: Unauthorized'],
  unknownRoute: [404, 0, '404: Not Found'],
  unknownApplication: [404, 10002, 'Unknown Application'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  tooManyOldEdits: [429, 30046, 'Maximum number of edits to messages older than 1 hour reached. Try again later.'],
  tooLarge: [413, 40005, 'Request entity too large'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50001, 'Missing Access'],
  wrongChannelType: [400, 50024, 'Cannot execute action on this channel type'],
  notTheAuthor: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  noTextChannel: [400, 50008, 'Cannot send messages in a non-text channel'],
  noMutualGuild: [403, 50278, 'Cannot send messages to this user due to having no mutual guilds'],
  cannotMessageUser: [403, 50007, 'Cannot send messages to this user'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  invalidToken: [401, 50027, 'Invalid Webhook Token'],
  invalidBody: [400, 50035, 'Invalid Form Body'],
  archived: [400, 50083, 'Thread is archived'],
  malformedJson: [400, 50109, 'The request body contains invalid JSON.'],
  threadExists: [400, 160004, 'A thread has already been created for this message'],
  locked: [400, 160005, 'Thread is locked'],
} as const satisfies Record<string, readonly [status: number, code: number, message: string]>;

export type Refusal = keyof typeof refusals;

/** One thing wrong with a body: where, and what. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly code: string;
  readonly message: string;
}

/** A request that Discord would refuse. `detail` is for whoever debugs the client; it never goes over the wire. */
export class DiscordRefusal extends Error {
  readonly refusal: Refusal;
  readonly problems: readonly Problem[];

  constructor(refusal: Refusal, detail: string, problems: readonly Problem[] = []) {
    super(detail);
    this.name = 'DiscordRefusal';
    this.refusal = refusal;
    this.problems = problems;
  }
}

export function refuse(refusal: Refusal, detail: string = refusals[refusal][2]): never {
  throw new DiscordRefusal(refusal, detail);
}

/** Throws 50035 when something is wrong with the body, and does nothing when all is well. */
export function refuseInvalid(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const detail = problems.map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`).join('; ');
  throw new DiscordRefusal('invalidBody', detail, problems);
}

interface ErrorTree {
  [key: string]: ErrorTree | { code: string; message: string }[];
}

/** Discord's spelling of what is wrong: a tree of the body's keys with `_errors` at its leaves. */
export function errorTree(problems: readonly Problem[]): ErrorTree {
  const root: ErrorTree = {};
  for (const { path, code, message } of problems) {
    const leaf = path.reduce<ErrorTree>((node, key) => branch(node, String(key)), root);
    const errors = Array.isArray(leaf['_errors']) ? leaf['_errors'] : [];
    leaf['_errors'] = [...errors, { code, message }];
  }
  return root;
}

function branch(node: ErrorTree, key: string): ErrorTree {
  const existing = node[key];
  if (existing !== undefined && !Array.isArray(existing)) return existing;
  const created: ErrorTree = {};
  node[key] = created;
  return created;
}
