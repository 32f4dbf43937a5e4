import type { HttpRequest } from '../../local/front/http.ts';
import type { Shot } from './shot.ts';

const MOST_TRIES = 150;

/** Leaves members of a JSON body out for as long as `still` says that it is the same; answers the request. */
export async function shorter(shot: Shot, still: (shot: Shot) => Promise<boolean>): Promise<HttpRequest> {
  const { request } = shot;
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString());
  } catch {
    return request;
  }
  let tries = 0;
  const written = (body: unknown) => ({ ...request, body: Buffer.from(JSON.stringify(body) ?? '') });
  for (let goesOn = true; goesOn && tries < MOST_TRIES; ) {
    goesOn = false;
    for (const smaller of without(value)) {
      tries += 1;
      if (tries > MOST_TRIES) break;
      if (!(await still({ ...shot, request: written(smaller) }))) continue;
      value = smaller;
      goesOn = true;
      break;
    }
  }
  return tries === 0 ? request : written(value);
}

/** The value with one thing left out, each in turn: outer ones first. */
function* without(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.filter((_, other) => other !== index);
    for (const [index, item] of value.entries())
      for (const smaller of without(item)) yield value.with(index, smaller);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  for (const [name] of entries) yield Object.fromEntries(entries.filter(([other]) => other !== name));
  for (const [name, item] of entries)
    for (const smaller of without(item)) yield { ...value, [name]: smaller };
}
