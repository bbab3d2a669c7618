import { drawCall } from './calls.ts';
import type { PictureRequest } from './training-api.ts';

/** What makes pictures with a model from anywhere else, for somebody's own program. */
export interface ReadyRequest {
  readonly url: string;
  /** JSON; a placeholder stands where the API key goes. */
  readonly body: string;
}

/** The request that this bot sends itself, to the provider's public address: a stand-in's would be of no use elsewhere. */
export function readyRequest(pictures: PictureRequest): ReadyRequest {
  const { host, path, fields } = drawCall(pictures);
  return {
    url: `https://modelslab.com/api/${host}/${path}`,
    body: JSON.stringify({ key: 'YOUR_API_KEY', ...fields }, undefined, 2),
  };
}
