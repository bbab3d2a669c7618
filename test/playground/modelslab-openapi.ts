import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { CallName } from '../../playground/modelslab/call-names.ts';

type File = 'training' | 'text2img' | 'general';

/** Which of the provider's descriptions tells of a call, and under which path. */
const described: Partial<Record<CallName, readonly (readonly [File, string])[]>> = {
  lora_fine_tune: [['training', '/lora_fine_tune']],
  fine_tune_status: [['training', '/fine_tune_status/{training_id}']],
  cancle_training: [['training', '/cancel_training/{training_id}']],
  cancel_training: [['training', '/cancel_training/{training_id}']],
  'finetune/delete': [['training', '/delete/{training_id}']],
  finetune_list: [['training', '/finetune_list']],
  base64_crop: [
    ['training', '/base64_crop'],
    ['general', '/base64_crop'],
  ],
  wallet_balance: [['general', '/wallet_balance']],
  'images/text2img': [['text2img', '/text2img']],
  'images/fetch': [['text2img', '/fetch']],
  model_reload: [['text2img', '/model_reload']],
};

export interface OpenApi {
  /** Calls that some description tells of. */
  readonly calls: readonly CallName[];
  /** What is wrong with a reply, and how many descriptions were asked; a status that none tells of is not asked. */
  readonly checkReply: (call: CallName, http: number, body: unknown) => Verdict;
  /** The same for the body of a request. */
  readonly checkRequest: (call: CallName, body: unknown) => Verdict;
}

export interface Verdict {
  readonly asked: number;
  readonly complaints: readonly string[];
}

/** The provider's OpenAPI files; undefined when the folder does not hold them. */
export function readOpenApi(folder = '../shared/provider'): OpenApi | undefined {
  const files = (['training', 'text2img', 'general'] as const).map((file) => [file, openFile(folder, file)] as const);
  if (files.some(([, text]) => text === undefined)) return undefined;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const documents = new Map(files.map(([file, text]) => [file, JSON.parse(text ?? '{}') as Json]));
  for (const [file, document] of documents) ajv.addSchema({ ...document, $id: file });

  function check(call: CallName, place: (path: string) => readonly string[], body: unknown): Verdict {
    const complaints = (described[call] ?? []).flatMap(([file, path]) => {
      const pointer = locate(documents.get(file) ?? {}, place(path));
      if (pointer === undefined) return [];
      const isValid = ajv.validate({ $ref: `${file}#${pointer}` }, body);
      return [isValid ? '' : `${file} ${path}: ${ajv.errorsText(ajv.errors)}`];
    });
    return { asked: complaints.length, complaints: complaints.filter(Boolean) };
  }

  const schema = ['content', 'application/json', 'schema'];
  return {
    calls: Object.keys(described) as CallName[],
    checkReply: (call, http, body) =>
      check(call, (path) => ['paths', path, 'post', 'responses', String(http), ...schema], body),
    checkRequest: (call, body) => check(call, (path) => ['paths', path, 'post', 'requestBody', ...schema], body),
  };
}

type Json = Record<string, unknown>;

function openFile(folder: string, file: File): string | undefined {
  const path = join(folder, `openapi-${file}.json`);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** JSON pointer to the end of the steps, following references on the way; undefined when it leads nowhere. */
function locate(document: Json, steps: readonly string[]): string | undefined {
  let here: unknown = document;
  let pointer = '';
  for (const step of steps) {
    const reference: unknown = (here as Json)['$ref'];
    if (typeof reference === 'string') {
      pointer = reference.slice(1);
      here = pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((node, name) => (node as Json)[name], document);
    }
    here = (here as Json)[step];
    if (here === undefined) return undefined;
    pointer += `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
  }
  return pointer;
}
