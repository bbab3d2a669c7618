import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { putCommand, replaceCommands } from '../actions/commands.ts';
import { refuse, refuseInvalid } from '../errors.ts';
import type { CommandBody } from '../rules/command-body.ts';
import { commandBody, commandProblems } from '../rules/command-body.ts';
import { parseBody } from '../rules/parse.ts';
import { commandWire } from '../wire/command.ts';
import { userWire } from '../wire/user.ts';
import type { World } from '../world.ts';
import { getGuild } from '../world.ts';
import type { Incoming } from './body.ts';
import { nothing } from './body.ts';

interface CommandRoute {
  readonly Params: { readonly application: string; readonly guild?: string; readonly command?: string };
  readonly Querystring: { readonly with_localizations?: string };
  readonly Body: Incoming | undefined;
}

export function applicationRoutes(app: FastifyInstance, world: World): void {
  for (const path of ['/applications/@me', '/oauth2/applications/@me']) app.get(path, () => applicationWire(world));
  for (const base of ['/applications/:application/commands', '/applications/:application/guilds/:guild/commands']) {
    commandRoutes(app, world, base);
  }
}

function commandRoutes(app: FastifyInstance, world: World, base: string): void {
  app.get<CommandRoute>(base, ({ params, query }) => {
    const shown = { withLocalizations: query.with_localizations === 'true' };
    return commandsOf(world, params).map((command) => commandWire(world, command, shown));
  });
  app.put<CommandRoute>(base, ({ params, body }) => {
    const bodies = parseBody(z.array(commandBody), body?.json);
    refuseInvalid(bodies.flatMap((one, index) => commandProblems(one, [index])));
    refuseInvalid(countProblems(bodies));
    return replaceCommands(world, bodies, scopeOf(world, params)).map((command) => commandWire(world, command));
  });
  app.post<CommandRoute>(base, ({ params, body = nothing }, reply) => {
    const one = parseBody(commandBody, body.json);
    refuseInvalid(commandProblems(one));
    reply.code(201);
    return commandWire(world, putCommand(world, one, scopeOf(world, params)));
  });
  app.get<CommandRoute>(`${base}/:command`, ({ params }) => commandWire(world, getCommand(world, params)));
  app.delete<CommandRoute>(`${base}/:command`, ({ params }, reply): FastifyReply => {
    const command = getCommand(world, params);
    world.commands = world.commands.filter((one) => one !== command);
    return reply.code(204).send();
  });
}

function scopeOf(world: World, { application, guild }: CommandRoute['Params']): string | undefined {
  if (application !== world.bot.id) refuse('unknownApplication', `no application ${application}`);
  return guild === undefined ? undefined : getGuild(world, guild).id;
}

function commandsOf(world: World, params: CommandRoute['Params']) {
  const scope = scopeOf(world, params);
  return world.commands.filter(({ guildId }) => guildId === scope);
}

function getCommand(world: World, params: CommandRoute['Params']) {
  const command = commandsOf(world, params).find(({ id }) => id === params.command);
  return command ?? refuse('unknownCommand', `no command ${String(params.command)}`);
}

const most: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };

function countProblems(bodies: readonly CommandBody[]) {
  return Object.entries(most)
    .filter(([type, max]) => bodies.filter((one) => (one.type ?? 1) === Number(type)).length > max)
    .map(([type, max]) => ({
      path: [],
      code: 'BASE_TYPE_BAD_LENGTH',
      message: `At most ${max} commands of type ${type}`,
    }));
}

function applicationWire(world: World) {
  return {
    id: world.bot.id,
    name: world.bot.name,
    icon: null,
    description: '',
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    bot: userWire(world.bot),
    team: null,
    owner: null,
    approximate_guild_count: world.guilds.size,
  };
}
