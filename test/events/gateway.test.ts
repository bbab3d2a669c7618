import { EventEmitter } from 'node:events';
import { Events, type Client } from 'discord.js';
import { beforeEach, expect, it } from 'vitest';
import { watchGateway } from '../../src/events/gateway.ts';
import { recordingLog, type LoggedLine } from './recording-log.ts';

let client: EventEmitter;
let lines: LoggedLine[];
let fatal: string[];

beforeEach(() => {
  client = new EventEmitter();
  fatal = [];
  const recording = recordingLog();
  lines = recording.lines;
  watchGateway(client as unknown as Client, recording.log, (reason) => fatal.push(reason));
});

it('logs what goes by itself, and ends nothing for it', () => {
  client.emit(Events.Error, new Error('broken frame'));
  client.emit(Events.Warn, 'slow');
  client.emit(Events.ShardError, new Error('reset'), 0);
  client.emit(Events.ShardReconnecting, 0);
  client.emit(Events.ShardResume, 0, 3);
  expect(lines.map(({ level }) => level)).toEqual(['error', 'warn', 'warn', 'warn', 'info']);
  expect(fatal).toEqual([]);
});

it('says once that there is no connection, however often it is tried, and says when there is one', () => {
  for (let tries = 0; tries < 20; tries += 1) {
    client.emit(Events.ShardReconnecting, 0);
    client.emit(Events.ShardError, new Error('getaddrinfo ENOTFOUND'), 0);
  }
  client.emit(Events.ShardReady, 0);
  client.emit(Events.ShardReady, 0);
  client.emit(Events.ShardReconnecting, 0);
  expect(lines.filter(({ level }) => level !== 'debug').map(({ level }) => level)).toEqual(['warn', 'info', 'warn']);
  expect(fatal).toEqual([]);
});

it('ends the program when Discord closes the connection for good, and says what to do', () => {
  client.emit(Events.ShardDisconnect, { code: 4004 }, 0);
  client.emit(Events.ShardDisconnect, { code: 4014 }, 0);
  client.emit(Events.ShardDisconnect, { code: 4099 }, 0);
  client.emit(Events.Invalidated);
  expect(fatal).toEqual([
    expect.stringMatching(/4004.*DISCORD_TOKEN is not valid/),
    expect.stringMatching(/4014.*update the program/),
    expect.stringMatching(/4099.*start the program again/),
    expect.stringMatching(/start the program again/),
  ]);
});
