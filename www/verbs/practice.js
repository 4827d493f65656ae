// What happens next?: questions without end, each from a seed; and lessons that are made by playing.

import { guessed } from '../model/asked.js';
import { practice, questions } from '../run/core.js';
import { fetchLesson, headOf } from '../run/lessons.js';
import { LESSONS, fileOf, isKnown } from '../words/lessons.js';
import { broke, doing, isRefusal, set } from './desk.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {{ preset: string, level: number, asked: number, seed: number, streak: number, best: number, rights: number, settled: boolean }} Practice */
/** @typedef {{ title: string, goals: Set<number>, draft?: string, error?: string, note?: string, link?: string }} Recording */

/** So many right ones in a row, and it grows harder. */
const RIGHTS = 3;
export const LEVELS = 4;
/** Not every seed has a question that its run decides. */
const TRIES = 6;

const anySeed = () => crypto.getRandomValues(new Uint32Array(1))[0];

/** Counts an answer, once. @param {Desk} desk @returns {boolean} whether anything is to be drawn anew */
export function followPractice({ run, ui }) {
  const { practice: now } = ui;
  if (!now || now.settled) return false;
  const right = guessed(run.lesson);
  if (right === undefined) return false;
  now.settled = true;
  now.streak = right ? now.streak + 1 : 0;
  now.best = Math.max(now.best, now.streak);
  now.rights = right ? now.rights + 1 : 0;
  if (now.rights >= RIGHTS && now.level < LEVELS) {
    now.level += 1;
    now.rights = 0;
  }
  return true;
}

/**
 * @param {Desk} desk
 * @param {{ open: (text: string) => Promise<void> }} runs
 * @param {ReturnType<typeof import('./lesson.js').lessonVerbs>} lessons
 * @param {{ play: () => void, pause: () => void }} time
 */
export function practiceVerbs(desk, runs, lessons, time) {
  const { run, ui } = desk;
  /** @param {{ preset?: string, level?: number, seed?: number }} [which] else what comes next */
  const practise = async ({ preset, level, seed } = {}) => {
    const last = ui.practice ?? { preset: 'pg-async', level: 1, streak: 0, best: 0, rights: 0 };
    const harder = level ?? last.level;
    // `asked` is the level of this question, `level` of the next one.
    const fresh = { ...last, preset: preset ?? last.preset, level: harder, asked: harder, seed: 0, settled: false };
    try {
      for (let tries = TRIES; ; tries--) {
        fresh.seed = seed ?? anySeed();
        try {
          const text = await practice(fresh.preset, fresh.level, fresh.seed);
          lessons.keepOwn();
          await runs.open(text);
          break;
        } catch (error) {
          if (seed !== undefined || tries <= 1) throw error;
        }
      }
      ui.practice = fresh;
      ui.linkNote = undefined;
      time.play();
    } catch (error) {
      broke(desk, error);
    }
  };
  return {
    practise,
    /** Where a link leads to. @param {import('../model/learn-link.js').LearnLink} link */
    async learn(link) {
      if ('practice' in link) return practise({ preset: link.practice, level: link.level, seed: link.seed });
      if (isKnown(link.lesson)) return lessons.takeLesson(link.lesson, link.step);
      set(desk, { notice: desk.words().unknownLesson(link.lesson) });
    },

    /** What is done from now on is to become a lesson. */
    startRecording() {
      if (run.lesson) lessons.leaveLesson();
      set(desk, { recording: { title: '', goals: new Set() }, sheet: undefined });
    },
    stopRecording: () => set(desk, { recording: undefined }),
    /** @param {Partial<Recording>} change */
    setRecording: (change) => ui.recording && set(desk, { recording: { ...ui.recording, ...change } }),
    /** Whether the reader is to do this line. @param {number} place @param {boolean} is */
    markGoal(place, is) {
      const { recording } = ui;
      if (!recording) return;
      if (is) recording.goals.add(place);
      else recording.goals.delete(place);
      desk.changed();
    },
    /** Its text, to be edited. */
    writeLesson() {
      const { recording } = ui;
      if (recording)
        doing(
          desk,
          (core) => (recording.draft = core.record(recording.title || desk.words().myLesson, recording.goals)),
        );
    },
    /** Takes the lesson as it is written now; what is wrong with it is said. */
    async tryLesson() {
      const { recording, own } = ui;
      const text = recording?.draft;
      if (!recording || text === undefined || !run.core) return;
      try {
        const { core } = run;
        ui.own = own ?? { text: core.text, atUs: core.nowUs };
        core.run(text);
        core.first = text;
        core.held = false;
        ui.tried = recording;
        ui.recording = undefined;
        core.tell('begun');
        time.play();
      } catch (error) {
        if (!isRefusal(error)) return broke(desk, error);
        set(desk, { recording: { ...recording, error: error.message } });
      }
    },
    /** Back to the text of the lesson that is being tried. */
    editLesson() {
      const { tried } = ui;
      if (run.lesson) lessons.leaveLesson();
      set(desk, { recording: tried && { ...tried, error: undefined }, tried: undefined });
    },
    /** A link that holds the whole lesson. */
    async linkLesson() {
      const text = ui.recording?.draft;
      if (!text) return;
      try {
        const { Core } = await import('../run/core.js');
        const { toFragment } = await import('../run/link.js');
        // A link says what its run comes to, and is checked when it is opened; this makes sure that the text can be read, too.
        const copy = await Core.open(text, new EventTarget());
        const { hash } = copy.goAndHash(undefined);
        copy.free();
        await lessons.copyLink(await toFragment(text, undefined, hash));
      } catch (error) {
        if (!isRefusal(error)) return broke(desk, error);
        if (ui.recording) set(desk, { recording: { ...ui.recording, error: error.message } });
      }
    },

    /** The questions of all lessons, on a page that can be printed. */
    async openQuiz() {
      time.pause();
      set(desk, { sheet: { lessons: [] } });
      try {
        for (const [file, title] of LESSONS) {
          const text = await fetchLesson(file);
          const [list, head] = [await questions(text), headOf(text)];
          if (!ui.sheet) return;
          set(desk, { sheet: { lessons: [...ui.sheet.lessons, { title, head, list }] } });
          // Each takes a moment: what there is can be seen already.
          await new Promise((done) => setTimeout(done));
        }
        if (ui.sheet) set(desk, { sheet: { ...ui.sheet, whole: true } });
      } catch (error) {
        ui.sheet = undefined;
        set(desk, { notice: `${desk.words().lessonFailed} (${/** @type {Error} */ (error).message})` });
      }
    },
    closeSheet: () => set(desk, { sheet: undefined }),
    /** The file of the lesson that is taken, for links. */
    takenFile: () => (run.lesson ? fileOf(run.lesson.name) : undefined),
  };
}
