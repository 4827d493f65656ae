/** Types of the custom element `<replication-playground>`. Importing the package defines the element. */

import type { Charts, Operation, State } from './types.js';

export type { Charts, Operation, State };

export type Layout = 'full' | 'compact' | 'stage' | 'compare';
export type Theme = 'auto' | 'light' | 'dark';
export type Vocabulary = 'master' | 'primary' | 'engine';

/** The attributes, as they are written in HTML. Children `<script type="text/plain">` or `<pre>` win over the first three. */
export interface ReplicationPlaygroundAttributes {
  /** The address of a run or a lesson. */
  src?: string;
  /** The name of a lesson that comes with the playground. */
  lesson?: string;
  /** The step that this lesson is opened at, from 1 on. */
  step?: string | number;
  /** A run text. */
  run?: string;
  /** Where the run is opened, standing still: a span like `1.2s`, or whole µs. */
  time?: string;
  /** The run’s seed, instead of the text’s own. */
  seed?: string | number;
  layout?: Layout;
  /** The groups of controls that are shown, with blanks between them; `all`, `none`; `faults:locked`. */
  controls?: string;
  theme?: Theme;
  vocabulary?: Vocabulary;
  /** The id of another playground, whose run is shown here too. */
  for?: string;
  /** Where no run is given, it begins with the ten-second opening. */
  opening?: string | boolean;
  /** The page’s address may hold the run. */
  link?: string | boolean;
}

/** A read that was stale, or a promise that was broken. */
export interface Anomaly {
  kind: 'stale' | 'broken';
  text: string;
  atUs: number;
  /** Number of the request, if it is one. */
  operation?: number;
}

/** What the element tells of. These events do not bubble. */
export interface ReplicationPlaygroundEventMap {
  ready: CustomEvent<null>;
  /** Something other than the passing of time. */
  change: CustomEvent<null>;
  play: CustomEvent<null>;
  pause: CustomEvent<null>;
  seeked: CustomEvent<null>;
  anomaly: CustomEvent<Anomaly>;
  /** A task of the lesson is done. */
  task: CustomEvent<{ index: number; words: string }>;
  /** The lesson is at its end. */
  finished: CustomEvent<{ title: string }>;
  error: CustomEvent<Error>;
}

/** All that happens on the element, its own events first: `error`, `play` and `pause` mean something else elsewhere. */
type Events = ReplicationPlaygroundEventMap & Omit<HTMLElementEventMap, keyof ReplicationPlaygroundEventMap>;

export class ReplicationPlayground extends HTMLElement {
  src: string;
  lesson: string;
  /** A span like `1.2s`, or whole µs. */
  time: string;
  seed: string;
  layout: Layout;
  controls: string;
  theme: Theme;
  vocabulary: Vocabulary;
  /** The attribute `for`. */
  htmlFor: string;
  link: boolean;

  /** Fulfilled when the first run is on the page. */
  readonly ready: Promise<ReplicationPlayground>;
  /** The run as a text, with all that was done. Setting it shows another run. */
  text: string;
  /** What is shown, as plain data; undefined before `ready`. */
  readonly state: State | undefined;
  /** Of the state and of all that happened, 16 hexadecimal digits; undefined before `ready`. */
  readonly hash: string | undefined;
  readonly nowUs: number | undefined;
  readonly playing: boolean;

  play(): Promise<void>;
  pause(): Promise<void>;
  /** Goes to the next event, and pauses. */
  step(): Promise<void>;
  /** Goes back to the event before, and pauses. */
  stepBack(): Promise<void>;
  /** Goes to a time, and pauses. */
  seek(us: number): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Goes back to 0, with the same text. */
  restart(): Promise<void>;
  /** Goes back to the run as it was given. */
  reset(): Promise<void>;
  /** Shows another run; rejects with the error if the text is refused. */
  run(text: string): Promise<void>;
  /** Does a line of the run text now; rejects with the error if it is refused. */
  command(line: string): Promise<void>;
  /** What was measured between two times, in at most so many points. */
  measured(fromUs: number, toUs: number, points?: number): Charts | undefined;
  /** How many runs are kept in memory now: an element that was taken out for good keeps none. */
  static alive(): Promise<number>;

  addEventListener<Type extends keyof Events>(
    type: Type,
    listener: (this: ReplicationPlayground, event: Events[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof Events>(
    type: Type,
    listener: (this: ReplicationPlayground, event: Events[Type]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'replication-playground': ReplicationPlayground;
  }
  // For JSX with global types (React up to 18, Preact). README.md tells what React 19 needs.
  namespace JSX {
    interface IntrinsicElements {
      'replication-playground': ReplicationPlaygroundAttributes & Record<string, unknown>;
    }
  }
}
