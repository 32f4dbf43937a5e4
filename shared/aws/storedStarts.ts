import { defined } from '../domain/defined.ts';
import type { EffectOf } from '../domain/effects.ts';
import type { Run } from '../domain/run.ts';
import { tasksOf } from '../domain/runs/parts.ts';
import type { PendingEffect } from '../domain/state.ts';
import { idOf, type Place } from './storedTask.ts';
import { unknownIn } from './unknown.ts';

/** The start of a release task as outboxes of items have it, and as the start of a run. */

type StoredEffect =
  | {
      readonly kind: 'runTask';
      readonly task: string;
      readonly revision: string;
      readonly releaseId: string;
      readonly attempt: number;
      readonly place?: Place;
      readonly firstAt: number;
    }
  | {
      readonly kind: 'findTask';
      readonly task: string;
      readonly releaseId: string;
      readonly attempt: number;
      readonly looks: number;
      readonly sentBefore: boolean;
    };

const START_MEMBERS: Readonly<Record<keyof EffectOf<'startRun'>, true>> = {
  kind: true,
  run: true,
  release: true,
  task: true,
  attempt: true,
  container: true,
  count: true,
  revision: true,
  command: true,
  network: true,
  capacity: true,
  launch: true,
  firstAt: true,
  find: true,
};

const STORED_START_MEMBERS: Readonly<Record<MemberOf<StoredEffect>, true>> = {
  kind: true,
  task: true,
  revision: true,
  releaseId: true,
  attempt: true,
  place: true,
  firstAt: true,
  looks: true,
  sentBefore: true,
};

type MemberOf<Union> = Union extends unknown ? keyof Union : never;

export type StoredEntry = Omit<PendingEffect, 'effect'> & {
  readonly effect: PendingEffect['effect'] | StoredEffect;
};

export function storedEntry(entry: PendingEffect): StoredEntry {
  const { effect } = entry;
  if (effect.kind !== 'startRun' || effect.release === undefined) return entry;
  const { release: releaseId, task, attempt, find } = effect;
  const key = `run:${task}:${attempt}`;
  const named = { ...unknownIn(effect, START_MEMBERS, STORED_START_MEMBERS), task, releaseId, attempt };
  if (find)
    return {
      ...entry,
      key,
      effect: { kind: 'findTask', ...named, looks: 0, sentBefore: find.sentBefore },
    };
  const { revision, firstAt, network, capacity, launch } = effect;
  const place = launch && { ...defined({ network, capacity }), launch };
  return { ...entry, key, effect: { kind: 'runTask', ...named, revision, firstAt, ...defined({ place }) } };
}

export function readEntry(entry: StoredEntry, runs: readonly Run[]): PendingEffect {
  const { effect } = entry;
  if (effect.kind !== 'runTask' && effect.kind !== 'findTask') return { ...entry, effect };
  const { releaseId, task, attempt } = effect;
  const id = idOf(releaseId, task);
  return { ...entry, key: `start:${id}:${attempt}`, effect: startOf(entry.since, effect, runs) };
}

function startOf(since: number, effect: StoredEffect, runs: readonly Run[]): EffectOf<'startRun'> {
  const { releaseId, task, attempt } = effect;
  const id = idOf(releaseId, task);
  const run = runs.find((other) => other.id === id);
  const unknown = unknownIn(effect, STORED_START_MEMBERS, START_MEMBERS);
  const start = {
    ...unknown,
    kind: 'startRun',
    run: id,
    release: releaseId,
    task,
    attempt,
    count: 1,
  } as const;
  const container = run?.container ?? task;
  if (effect.kind === 'runTask') {
    const { revision, firstAt, place } = effect;
    return { ...start, container, revision, firstAt, ...place };
  }
  const known = runs
    .filter(({ owner }) => 'release' in owner && owner.release === releaseId)
    .flatMap(tasksOf);
  return {
    ...start,
    container,
    revision: run?.revision ?? '',
    firstAt: run?.triedSince ?? since,
    find: { since, known, maybeSent: true, sentBefore: effect.sentBefore },
  };
}
