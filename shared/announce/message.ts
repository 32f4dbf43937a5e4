import type { ImageName } from '../domain/image.ts';

/**
 * What people are notified of, in the order in which they read it: the outcome, its cause, what runs now, what to do.
 * Composed once for all channels: a channel only serializes it. All texts are one line each, without control
 * characters and secrets, unless a member says otherwise.
 */
export interface Message extends Content {
  readonly app: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
}

/** What differs between releases, runs, alerts and notices. */
export interface Content {
  readonly kind: 'release' | 'run' | 'alert' | 'app';
  /** Of the release, run, alert or notice: the same in every message about it. */
  readonly id: string;
  /** What happened last: a release's outcome or `open`, a run's outcome, an alert's trouble or `closed`, a topic. */
  readonly moment: string;
  /** When that was, epoch milliseconds. A release that is open: when it started. */
  readonly at: number;
  readonly severity: Severity;
  /** An emoji that needs no variation selector: its width is the same everywhere. */
  readonly sign: string;
  /** The outcome in one sentence without a full stop: "web v12 (1.2.0) failed in production, 1.1.0 runs again". */
  readonly title: string;
  /** The title without what changes while it lasts: "web in production: web-app keeps stopping". */
  readonly steadyTitle?: string;
  /** The image that it is about, and the one that ran before. */
  readonly image?: ImageName;
  readonly previous?: ImageName;
  /** Images before and after: "1.1.0 (9f8e7d6c5b4a) → 1.2.0 (2ab34cd56ef7)". */
  readonly change?: string;
  /** Cause and consequence, most important first: Why, Fix, When, Now. */
  readonly lead: readonly Row[];
  /** What a person can do now, with the command. */
  readonly actions: readonly string[];
  /** "held by ann (claimed): release freeze". */
  readonly hold?: string;
  /** "✓ roll web-app 3/3 · 1 min 12 s". */
  readonly steps: readonly string[];
  readonly facts: readonly Row[];
  readonly lists: readonly List[];
  readonly log?: Log;
  /** Pages of the AWS console. */
  readonly links: readonly Link[];
  /** For filters and programs: at most 10, none empty. */
  readonly attributes: Readonly<Record<string, string>>;
  /** No one needs to be woken: the person who ended it knows. */
  readonly quiet?: boolean;
}

/** What deserves whose attention. A failure that was rolled back is one, too: the image is not live. */
export type Severity = 'info' | 'warning' | 'failure';

export interface Row {
  readonly name: string;
  readonly text: string;
  readonly url?: string;
  /** AWS's own words. May have several lines. */
  readonly quote?: readonly string[];
  /** Always shown with its name: the text alone does not say what it is. */
  readonly named?: boolean;
  /** Left out where there is little room. */
  readonly minor?: boolean;
  /** Changes while it lasts. */
  readonly changing?: boolean;
}

export interface List {
  readonly title: string;
  readonly items: readonly Item[];
  /** Left out where there is little room. */
  readonly minor?: boolean;
}

/** `text`, then the name of the link, linked where the channel can. */
export interface Item {
  readonly text: string;
  readonly link?: Link;
}

/** The end of what containers wrote. */
export interface Log {
  /** "Last lines of attempt 1"; absent: the last lines of what the message is about. */
  readonly title?: string;
  readonly lines: readonly string[];
  /** Where the rest is logged. */
  readonly notes: readonly string[];
}

export interface Link {
  readonly name: string;
  readonly url: string;
}
