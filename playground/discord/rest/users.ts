import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { directChannelWith } from '../actions/guilds.ts';
import { refuse } from '../errors.ts';
import { parseBody } from '../rules/parse.ts';
import { channelWire } from '../wire/channel.ts';
import { guildWire } from '../wire/guild.ts';
import { memberWire, roleWire, userWire } from '../wire/user.ts';
import type { World } from '../world.ts';
import { getGuild, getUser } from '../world.ts';
import type { Incoming } from './body.ts';

interface GuildRoute {
  readonly Params: { readonly guild: string; readonly user: string };
}

interface GuildList {
  readonly Querystring: { readonly limit?: string; readonly after?: string };
}

/** Users, guilds and their members. */
export function userRoutes(app: FastifyInstance, world: World): void {
  app.get('/users/@me', () => userWire(world.bot));
  app.get<GuildRoute>('/users/:user', ({ params }) => userWire(getUser(world, params.user)));
  app.get<GuildList>('/users/@me/guilds', ({ query }) =>
    [...world.guilds.values()]
      .filter(({ id, members }) => members.has(world.bot.id) && BigInt(id) > BigInt(query.after ?? 0))
      .toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
      .slice(0, Number(query.limit ?? 200))
      .map(({ id, name }) => ({ id, name, icon: null, owner: false })),
  );
  app.post<{ Body: Incoming | undefined }>('/users/@me/channels', ({ body }) => {
    const { recipient_id } = parseBody(z.looseObject({ recipient_id: z.string() }), body?.json);
    return channelWire(world, directChannelWith(world, getUser(world, recipient_id).id));
  });
  app.get<GuildRoute>('/guilds/:guild', ({ params }) => guildWire(getGuild(world, params.guild)));
  app.get<GuildRoute>('/guilds/:guild/roles', ({ params }) => {
    const guild = getGuild(world, params.guild);
    return [...guild.roles.values()].map((role) => roleWire(role, guild));
  });
  app.get<GuildRoute>('/guilds/:guild/channels', ({ params }) =>
    [...world.channels.values()]
      .filter((channel) => channel.kind === 'text' && channel.guildId === params.guild && !channel.isDeleted)
      .map((channel) => channelWire(world, channel)),
  );
  app.get<GuildRoute>('/guilds/:guild/members/:user', ({ params }) => {
    const id = params.user === '@me' ? world.bot.id : params.user;
    const member = getGuild(world, params.guild).members.get(id);
    return memberWire(member ?? refuse('unknownMember', `no member ${id} in guild ${params.guild}`));
  });
}
