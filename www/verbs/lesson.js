// Lessons: taken, followed, answered, shown, left.

import { asked, fieldsFor } from '../model/asked.js';
import { nextValue } from '../model/run-text.js';
import { fetchExample, fetchLesson } from '../run/lessons.js';
import { keepDone } from '../run/kept.js';
import { fileOf, isSurprise } from '../words/lessons.js';
import { doing, set } from './desk.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {{ open: (text: string) => Promise<void> }} Runs */

/** Fills the fields with what is asked for now, once. @param {Desk} desk @returns {boolean} whether anything is to be drawn anew */
export function followLesson(desk) {
  const { run, ui } = desk;
  const { lesson } = run;
  if (lesson?.done && ui.ended !== run.begun) {
    ui.ended = run.begun;
    const file = fileOf(lesson.name);
    if (file) keepDone(file);
    // Nothing more is written down for it: the clock stops, and any act sets it going again.
    if (file && isSurprise(file)) run.core?.pause();
    desk.changed();
  }
  const now = asked(lesson, run.begun);
  const before = ui.asked;
  if (now.key === before.key) return false;
  ui.asked = now;
  ui.pointed = undefined;
  // What was asked for is written: the next one is another value.
  if (before.wanted?.verb === 'write' && before.wanted.value === ui.value) ui.value = nextValue(ui.value);
  Object.assign(ui, fieldsFor(now.wanted));
  return true;
}

/** @param {Desk} desk @param {Runs} runs @param {{ play: () => void, clear: () => void, seek: (us: number) => void }} time */
export function lessonVerbs(desk, runs, time) {
  const { run, ui } = desk;
  /** Keeps the run that is left for a first lesson. */
  const keepOwn = () => {
    if (!run.lesson && run.core) ui.own = { text: run.core.text, atUs: run.nowUs };
    ui.practice = ui.recording = ui.sheet = undefined;
  };
  /** Of the lesson that is open. @param {number} step from 1 on */
  const goToStep = (step) => {
    let there = true;
    if (step > 1) {
      if (!doing(desk, (core) => (there = core.goToStep(step)))) return;
      run.quiet = true;
      run.core?.tell('turned');
    }
    time.play();
    if (!there) set(desk, { notice: desk.words().noStep(step) });
  };
  /** @param {string} file @param {number} [step] from 1 on */
  const takeLesson = async (file, step = 1) => {
    keepOwn();
    try {
      await runs.open(await fetchLesson(file));
      goToStep(step);
    } catch (error) {
      set(desk, { notice: `${desk.words().lessonFailed} (${/** @type {Error} */ (error).message})` });
    }
  };
  return {
    takeLesson,
    goToStep,
    keepOwn,
    /** @param {number} answer */
    answer(answer) {
      if (doing(desk, (core) => core.answer(answer))) time.play();
    },
    showMe() {
      if (doing(desk, (core) => core.showMe())) time.play();
    },
    beginAgain() {
      time.clear();
      time.play();
    },
    /** The run stays as it is, at its moment. */
    leaveLesson() {
      ui.practice = undefined;
      doing(desk, (core) => core.leaveLesson());
    },
    /** Plays what each way of replicating costs. */
    async showExample() {
      keepOwn();
      try {
        await runs.open(await fetchExample());
        time.play();
      } catch (error) {
        set(desk, { notice: `${desk.words().sourceFailed} (${/** @type {Error} */ (error).message})` });
      }
    },
    /** Back to the run that was there before the first lesson. */
    async backToOwn() {
      const { own } = ui;
      if (!own) return;
      ui.practice = ui.recording = ui.sheet = ui.own = undefined;
      await runs.open(own.text);
      time.seek(own.atUs);
    },
    /** A link to the page at this fragment; where it cannot be copied, it is shown. @param {string} fragment */
    async copyLink(fragment) {
      const link = desk.browser.address() + fragment;
      let note = desk.words().copied;
      try {
        await desk.browser.copy(link);
      } catch {
        note = link;
      }
      set(desk, { linkNote: note });
    },
  };
}
