import type { APIModalInteractionResponseCallbackData, RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import type { z } from 'zod';
import type { Problem } from '../../../../playground/discord/errors.ts';
import { commandBody, commandProblems } from '../../../../playground/discord/rules/command-body.ts';
import { allComponents } from '../../../../playground/discord/rules/component.ts';
import { describedProblems } from '../../../../playground/discord/rules/described-body.ts';
import { messageBody, messageProblems } from '../../../../playground/discord/rules/message-body.ts';
import { modalBody, modalProblems } from '../../../../playground/discord/rules/modal-body.ts';
import type { Body } from '../../../../src/services/threads/cards/body.ts';

/*
 * What Discord would refuse, by the stand-in's rules and by Discord's own description. Each gives one line for each
 * complaint, so that `toEqual([])` shows them.
 */

export function problemsOfMessage(body: Partial<Body>): string[] {
  return [
    ...read(messageBody, body, (message) => messageProblems(message, { flags: 0, fileNames: [] })),
    ...lines(describedProblems('POST', '/channels/:channel/messages', body)),
  ];
}

export function problemsOfModal(modal: APIModalInteractionResponseCallbackData): string[] {
  return [
    ...read(modalBody, modal, modalProblems),
    ...lines(describedProblems('POST', '/interactions/:interaction/:token/callback', { type: 9, data: modal })),
  ];
}

export function problemsOfCommand(payload: RESTPostAPIApplicationCommandsJSONBody): string[] {
  return [
    ...read(commandBody, payload, commandProblems),
    ...lines(describedProblems('PUT', '/applications/:application/commands', [payload])),
  ];
}

/** The custom ids of everything that can be pressed, chosen or sent. */
export function customIdsOf({ components }: Pick<Body, 'components'>): string[] {
  const read = messageBody.parse({ components });
  return allComponents(read.components ?? []).flatMap(({ component }) => component.custom_id ?? []);
}

function read<T>(schema: z.ZodType<T>, body: unknown, problemsOf: (body: T) => Problem[]): string[] {
  const { data, error } = schema.safeParse(body);
  return data === undefined ? [String(error)] : lines(problemsOf(data));
}

function lines(problems: readonly Problem[]): string[] {
  return problems.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}
