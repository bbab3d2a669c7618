import { errors } from 'undici';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger, type Logger } from '../../src/lib/logger.ts';
import { createRedaction } from '../../src/lib/redaction.ts';
import { TrainingApiError } from '../../src/services/modelslab/training-api-error.ts';

const key = 'Zq7"x\\Lm/2+p9Rt&vW5yB8dF3g';

let lines: string[];
let logger: Logger;

beforeEach(() => {
  lines = [];
  const secrets = createRedaction();
  secrets.add(key);
  logger = createLogger({ level: 'debug', secrets, destination: { write: (line) => void lines.push(line) } });
});

function logged(): Record<string, unknown> {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

function withFields(error: Error, fields: object): Error {
  return Object.assign(error, fields);
}

describe('a key does not reach the log', () => {
  const body = JSON.stringify({ key, instance_prompt: 'photo of ohwx' });
  const basic = Buffer.from(`user:${key}`).toString('base64');
  const leaks: Record<string, (log: Logger) => void> = {
    'in the message': (log) => {
      log.info(`checking ${key}`);
    },
    'put into the message by a placeholder': (log) => {
      log.info('checking %s with %j', key, { key });
    },
    'under a name that says nothing': (log) => {
      log.info({ value: key }, 'set');
    },
    'deep inside an object': (log) => {
      log.info({ options: { fields: [{ nested: { key } }] } }, 'set');
    },
    'in the text of an error': (log) => {
      log.error({ err: new Error(`invalid key ${key}`) }, 'refused');
    },
    'in the text of the cause of a cause': (log) => {
      log.error({ err: new Error('a', { cause: new Error('b', { cause: new Error(key) }) }) }, 'refused');
    },
    'in a thrown text': (log) => {
      log.error({ err: `no: ${key}` }, 'refused');
    },
    'in one of several errors': (log) => {
      log.error(new AggregateError([new Error(key)], 'all failed'));
    },
    'in a header': (log) => {
      log.info({ headers: { authorization: `Bearer ${key}` } }, 'sent');
    },
    'in a header in base64': (log) => {
      log.info({ headers: { authorization: `Basic ${basic}` } }, 'sent');
    },
    'in a URL': (log) => {
      log.info({ url: `https://modelslab.com/api?key=${encodeURIComponent(key)}` }, 'sent');
    },
    'in a URL, as a URL writes it': (log) => {
      const url = new URL('https://modelslab.com/api');
      url.searchParams.set('key', key);
      log.info(url.href);
    },
    'in a body, which is JSON inside JSON': (log) => {
      log.info({ body }, 'sent');
    },
    'in a body quoted by an answer': (log) => {
      log.info({ answer: JSON.stringify({ said: `cannot read ${body}` }) }, 'answered');
    },
    'in a body of bytes': (log) => {
      log.info({ body: Buffer.from(body) }, 'sent');
    },
    'in bytes in hex': (log) => {
      log.info({ body: Buffer.from(body).toString('hex') }, 'sent');
    },
    'in the body that hangs on an HTTP error': (log) => {
      const error = new errors.ResponseError('no', 400, { body: { key }, headers: {} });
      log.error({ err: error }, 'refused');
    },
    'in an error that stands elsewhere': (log) => {
      log.error({ failures: [withFields(new Error('no'), { request: { body } })] }, 'refused');
    },
    'bound to a child': (log) => {
      log.child({ key }).info('set');
    },
  };

  it.each(Object.entries(leaks))('%s', (_where, leak) => {
    leak(logger);
    const line = lines.join('');
    expect(line).not.toContain(key);
    // Nor a part of it, in any spelling.
    expect(line).not.toContain('p9Rt');
    expect(line).not.toContain(basic.slice(12, 30));
    expect(line).not.toContain(Buffer.from('p9Rt&vW5').toString('hex'));
    expect(line).not.toContain([...Buffer.from('p9Rt&vW5')].join(','));
    logged();
  });
});

describe('an error in the log', () => {
  it('tells what a person needs to find its cause', () => {
    const cause = withFields(new Error('socket hang up'), { code: 'ECONNRESET' });
    const details = { reason: 'other', said: 'try again later', status: 502, cause } as const;
    logger.error(
      { err: new TrainingApiError('ambiguous', 'Cannot call lora_fine_tune: no answer', details) },
      'failed',
    );
    expect(logged()).toMatchObject({
      level: 'error',
      msg: 'failed',
      err: {
        type: 'TrainingApiError',
        message: 'Cannot call lora_fine_tune: no answer',
        kind: 'ambiguous',
        reason: 'other',
        said: 'try again later',
        status: 502,
        stack: expect.stringContaining('logger.test.ts'),
        cause: { message: 'socket hang up', code: 'ECONNRESET' },
      },
    });
  });

  it.each(['err', 'reason', 'anything'])('leaves bodies and what else hangs on it out, also as "%s"', (name) => {
    const error = withFields(new Error('no'), {
      method: 'POST',
      url: 'https://discord.com/api/v10/channels/1/messages?wait=true',
      requestBody: { json: { content: 'a private text' } },
      rawError: { message: 'a private text' },
      status: { text: 'a private text' },
    });
    logger.error({ [name]: error }, 'failed');
    expect(logged()[name]).toMatchObject({ method: 'POST', url: 'https://discord.com/api/v10/channels/1/messages' });
    expect(lines[0]).not.toContain('a private text');
    expect(lines[0]).not.toContain('wait=true');
  });

  it('hides the token of an interaction, with which anybody could answer in our name', () => {
    const token = 'aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6YWJj';
    const url = `https://discord.com/api/v10/webhooks/1234567890123/${token}/messages/@original`;
    logger.error({ err: withFields(new Error('Unknown Webhook'), { url, status: 404 }) }, 'failed');
    expect(lines[0]).not.toContain(token);
    expect(logged()).toMatchObject({
      err: { url: 'https://discord.com/api/v10/webhooks/1234567890123/[hidden]/messages/@original' },
    });
  });

  it('ends a chain of causes that goes round', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    logger.error({ err: error }, 'failed');
    expect(lines[0]!.length).toBeLessThan(40_000);
    logged();
  });

  it('is not longer than a line should be', () => {
    logger.error({ err: new Error('x'.repeat(1_000_000)) }, 'failed');
    expect(lines[0]!.length).toBeLessThan(10_000);
  });
});

describe('createLogger', () => {
  it('writes nothing below its level', () => {
    const quiet = createLogger({
      level: 'warn',
      secrets: createRedaction(),
      destination: { write: (line) => void lines.push(line) },
    });
    quiet.info('no');
    quiet.warn({ jobId: 'a' }, 'yes');
    expect(logged()).toMatchObject({ level: 'warn', jobId: 'a', msg: 'yes', time: expect.any(String) });
  });
});
