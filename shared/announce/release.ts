import type { ReleaseAnnouncement, ServiceFact } from '../domain/announcement.ts';
import { defined } from '../domain/defined.ts';
import { duration } from '../domain/duration.ts';
import { advice, serviceLine, verdict } from './aftermath.ts';
import { commitOf, consoleLinks, revisionLink } from './links.ts';
import type { Content, Item, List, Row, Severity } from './message.ts';
import { change, headline, holdLine, isCanceled, trigger, why } from './releaseWords.ts';
import { causeRows, placeRows, rows } from './rows.ts';
import { stepLine } from './steps.ts';
import { logOf, oneLine } from './text.ts';

/** The story of a release so far. */
export function composeRelease(story: ReleaseAnnouncement): Content {
  const { outcome, failure, steps } = story;
  const todo = advice(story);
  return {
    kind: 'release',
    id: story.releaseId,
    moment: outcome?.kind ?? 'open',
    at: outcome ? story.at : story.startedAt,
    severity: severityOf(story),
    sign: signOf(story),
    title: oneLine(headline(story)),
    image: { tag: story.image.tag, digest: story.image.digest },
    change: oneLine(change(story)),
    lead: leadOf(story),
    actions: todo === undefined ? [] : [oneLine(todo)],
    steps: steps.map((step) => stepLine(step, story)),
    facts: factsOf(story),
    lists: [
      servicesOf(story),
      { title: 'Notes', items: story.notes.map((note) => ({ text: oneLine(note) })) },
    ],
    links: consoleLinks(story),
    attributes: attributesOf(story),
    ...defined({ previous: story.previous, hold: holdLine(story), log: logOf(failure?.tail) }),
    ...(outcome?.kind === 'rolledBack' ? { quiet: true } : {}),
  };
}

function severityOf({ outcome, failure }: ReleaseAnnouncement): Severity {
  switch (outcome?.kind) {
    case 'live':
      return 'info';
    case 'failed':
    case 'stranded':
      return 'failure';
    case 'superseded':
    case 'rolledBack':
      return 'warning';
    case undefined:
      return failure ? 'warning' : 'info';
  }
}

function signOf(story: ReleaseAnnouncement): string {
  switch (story.outcome?.kind) {
    case 'live':
      return '✅';
    case 'failed':
      return '❌';
    case 'stranded':
      return '🚨';
    case 'rolledBack':
      return '⏪';
    case 'superseded':
      return '⏩';
    case undefined:
      if (isCanceled(story)) return '⏪';
      return story.failure ? '❌' : '🚢';
  }
}

function leadOf(story: ReleaseAnnouncement): Row[] {
  return [...causeRows(why(story), story.failure?.cause), ...rows({ Now: verdict(story) })];
}

function factsOf(story: ReleaseAnnouncement): Row[] {
  const { digest, platforms, labels } = story.image;
  const commit = commitOf(labels);
  const details = {
    About: labels.description && oneLine(labels.description),
    Digest: oneLine(digest),
    Platform: platforms.map(({ os, architecture }) => oneLine(`${os}/${architecture}`, 50)).join(', '),
  };
  return [
    ...rows({ Took: duration(story.at - story.startedAt), Trigger: trigger(story) }),
    ...(commit ? [{ name: 'Commit', text: commit.short, named: true, ...defined({ url: commit.url }) }] : []),
    ...rows({ Author: labels.author && oneLine(labels.author, 100) }),
    ...rows(details).map((row) => ({ ...row, minor: true })),
    ...placeRows(story),
  ];
}

const LAST_TO_READ: readonly ServiceFact['state'][] = ['unchanged', 'pending'];

/** After a failure it matters what each service runs; before one, steps and counts say enough. */
function servicesOf(story: ReleaseAnnouncement): List {
  const sorted = story.services.toSorted(
    (a, b) => LAST_TO_READ.indexOf(a.state) - LAST_TO_READ.indexOf(b.state),
  );
  const items = sorted.map((service) =>
    story.failure ? { text: serviceLine(service) } : itemOf(story, service),
  );
  return { title: 'Services', items, ...(story.failure ? {} : { minor: true }) };
}

/** "web-app: on the new revision, 3/3 tasks, web-app:10 → web-app:11". */
function itemOf(story: ReleaseAnnouncement, service: ServiceFact): Item {
  const line = serviceLine(service);
  const { from, to } = service;
  if (to === undefined || service.state === 'pending') return { text: line };
  return { text: from === undefined ? `${line},` : `${line}, ${from} →`, link: revisionLink(story, to) };
}

function attributesOf(story: ReleaseAnnouncement): Readonly<Record<string, string>> {
  return {
    release: String(story.release),
    outcome: story.outcome?.kind ?? 'open',
    tag: story.image.tag,
    ...defined({ cause: story.failure?.cause.kind }),
  };
}
