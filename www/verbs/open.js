// Which run is shown: one that is opened, given by the host page, held by a link, or the one of another playground.

import { Core, withSeed } from '../run/core.js';
import { fetchText } from '../run/fetch-text.js';
import { learnLink } from '../model/learn-link.js';
import { fetchExample, fetchLesson } from '../run/lessons.js';
import { broke, isCrash, isRefusal, set } from './desk.js';

/** @typedef {{ at?: number, hash: string, unknown: string[] }} Arrival */
/**
 * What one playground knows of another one that shows the same run.
 * @typedef {object} Opener
 * @property {(text: string, how?: How) => Promise<void>} open
 * @property {(core: Core) => void} take
 * @property {() => Core | undefined} core
 * @property {Set<Opener>} followers
 * @property {() => void} part
 */
/** @typedef {import('../run/still.js').Still} Still */
/** @typedef {{ fallback?: string, fresh?: boolean, arrival?: Arrival }} How */

/**
 * @param {import('./desk.js').Desk} desk
 * @param {{ standard: string, take: (core: Core) => void, foresee: (text: string, made?: Still) => void, complain: () => void, beginLesson: (step: number) => void, learn: (link: import('../model/learn-link.js').LearnLink) => Promise<void>, seekTo: (word: string) => Promise<void> }} page
 */
export function openVerbs(desk, page) {
  const { run, ui } = desk;
  /** Others that show the run of this one. @type {Set<Opener>} */
  const followers = new Set();
  /** Whose run this one shows. @type {Opener | undefined} */
  let leader;
  /** What is still on its way when something else is asked for comes too late. */
  let turn = 0;

  /** Where a link leads to. What it says of the run is checked. @param {Core} core @param {Arrival} to */
  const arrive = (core, { at, hash, unknown }) => {
    const t = desk.words();
    const there = core.goAndHash(at);
    const notes = [];
    if (there.hash !== hash) notes.push(t.otherVersion);
    if (unknown.length > 0) notes.push(t.linkUnknown(unknown.join(', ').slice(0, 60)));
    if (at === undefined) core.restart();
    else if (there.refused) notes.push(there.refused.message);
    core.held = at !== undefined;
    run.quiet = true;
    ui.text = {};
    ui.notice = notes.join(' ') || undefined;
  };

  /** @param {string} text @param {How} [how] @returns {Promise<void>} */
  const open = async (text, how = {}) => {
    if (leader) return leader.open(text, how);
    ui.crash = ui.failed = undefined;
    run.text = text;
    page.foresee(text);
    desk.changed();
    try {
      const { core, arrival, refused } = await opened(text, how);
      for (const one of [self, ...followers]) one.take(core);
      ui.refused = refused;
      if (arrival) arrive(core, arrival);
    } catch (error) {
      if (isRefusal(error) || isCrash(error)) return broke(desk, error);
      ui.failed = String(/** @type {Error} */ (error).message ?? error);
      desk.tell('error', error);
      desk.changed();
    }
  };
  /**
   * A bad text is shown with its error. Behind a link there is the standard run with it; in a page of somebody else, whose words
   * are about the text that was given, there is no other run.
   * @param {string} text @param {How} how
   */
  const opened = async (text, { fallback, fresh, arrival }) => {
    const events = new EventTarget();
    let core;
    let refused;
    const coreOf = (/** @type {string} */ of) => Core.open(of, events, { fresh, standard: of === page.standard });
    try {
      core = await coreOf(text);
    } catch (error) {
      if (!(fallback && isRefusal(error))) throw error;
      core = await coreOf(fallback);
      refused = arrival ? undefined : { text, error };
      ui.text = { draft: text, error };
      ui.tab = 'text';
      ui.notice = arrival ? desk.words().badLink : undefined;
      arrival = undefined;
      desk.tell('error', error);
    }
    core.first = core.lesson() ? text : core.text;
    core.pauseOn(ui.pauseOn);
    return { core, arrival, refused };
  };
  const part = () => {
    leader?.followers.delete(self);
    leader = undefined;
  };

  const self = {
    open,
    followers,
    take: page.take,
    /** The run that is shown is the one of another playground. */
    follows: () => leader !== undefined,
    core: () => run.core,
    /** Shows the run of another one. @param {Opener} other */
    join(other) {
      if (other === leader) return;
      part();
      turn += 1;
      leader = other;
      other.followers.add(self);
      const core = other.core();
      if (core) page.take(core);
      page.complain();
    },
    /** Those that follow are on their own from now on. */
    end() {
      part();
      for (const one of followers) one.part();
    },
    part,
    /**
     * Shows what the element was given.
     * @param {string} text @param {{ src?: string, base?: string, lesson?: string, ahead?: Promise<Still | undefined>, step?: string, seed?: string, time?: string, example?: boolean, atEnd?: boolean }} how where else it comes
     *   from, the lesson if it was asked for already, the seed in place of its own, the time at which it is opened, whether it is the example of three ways, and whether it is
     *   opened at its end
     * @param {string} fallback the run that is shown if it does not arrive or cannot be read
     */
    async fill(text, { src, base, lesson, ahead, step, seed, time, example, atEnd }, fallback) {
      const mine = ++turn;
      part();
      const t = desk.words();
      /** @type {string[]} */
      const notes = [];
      const refused = (/** @type {unknown} */ error, /** @type {string} */ words) => {
        notes.push(`${words} (${/** @type {Error} */ (error).message})`);
        desk.tell('error', error);
      };
      /** @type {NonNullable<typeof ui.missing> | undefined} */
      let missing;
      try {
        if (src) text = await fetchText(new URL(src, base));
        else if (lesson) {
          const still = await ahead;
          text = still?.text ?? (await fetchLesson(lesson));
          if (mine === turn && !(Number(step) > 1)) page.foresee(text, still);
        } else if (example) text = await fetchExample();
      } catch (error) {
        // The words of the page around are about what did not arrive: another run would not fit them.
        const again = () => self.fill(text, { src, base, lesson, step, seed, time, example, atEnd }, fallback);
        missing = {
          words: `${src ? t.sourceMissing : t.lessonFailed} (${/** @type {Error} */ (error).message})`,
          again,
        };
        desk.tell('error', error);
      }
      try {
        if (seed && !missing && mine === turn) page.foresee(text);
        if (seed && !missing) text = await withSeed(text, Number(seed));
      } catch (error) {
        // A text that cannot be read says so by itself.
        if (isRefusal(error) && error.line === undefined) refused(error, t.wrongSeed);
      }
      if (mine !== turn) return;
      await open(missing ? fallback : text, { fallback });
      if (missing) return set(desk, { missing });
      if (notes.length > 0) set(desk, { notice: notes.join(' ') });
      else page.complain();
      if (time) await page.seekTo(time);
      else if (atEnd && run.core) await page.seekTo(String(run.core.state().lastLineUs));
      else if (run.core?.lesson()) page.beginLesson(Number(step) || 1);
    },
    /**
     * Opens the run in the page's address, if there is one; else what is given, at first.
     * @param {string} fragment @param {() => Promise<void>} [given] @param {string} [fallback]
     */
    async openLink(fragment, given, fallback) {
      const mine = ++turn;
      const learn = learnLink(fragment);
      if (learn) {
        await given?.();
        return page.learn(learn);
      }
      // Most pages are opened without one.
      const link = fragment.length > 1 ? await (await import('../run/link.js')).fromFragment(fragment) : undefined;
      if (mine !== turn) return;
      if (link && 'text' in link)
        return open(link.text, { fallback: fallback ?? (run.text || run.core?.first), arrival: link });
      await given?.();
      if (!link) return;
      const t = desk.words();
      set(desk, { notice: `${t.wrongLink[link.wrong]} ${given === undefined ? t.linkStays : t.linkStandard}` });
    },
  };
  return self;
}
