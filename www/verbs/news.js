// What is new in the run is taken from the core once in a frame, and told: aloud, and to the host page.

import { freshSeen, look } from '../model/hints.js';
import { anomalies, plain, Progress, Teller } from '../model/tell.js';
import { makeWords } from '../words/words.js';
import { followLesson } from './lesson.js';
import { followPractice } from './practice.js';

/** @typedef {import('../types').State} State */
/** @typedef {import('../parts/view.js').View} View */

export class News {
  #desk;
  #view;
  #teller = new Teller();
  #progress = new Progress();
  /** The version that was looked at; another one begins. */ #begun = false;

  /** @param {import('./desk.js').Desk} desk @param {View} view */
  constructor(desk, view) {
    this.#desk = desk;
    this.#view = view;
  }

  /** Another run, or the same from its beginning. */
  begin() {
    this.#view.met = freshSeen();
    this.#teller.forget();
    this.#progress = new Progress();
    this.#begun = false;
  }
  /** Before there is a core. @param {State} state */
  foreseen(state) {
    const view = this.#view;
    view.words = makeWords(state.roles);
    look((view.met = freshSeen()), state);
    this.#first(state);
  }

  /** Takes what is new, and tells it. Whether there was anything. */
  pull() {
    const { run, ui, tell } = this.#desk;
    const view = this.#view;
    if (run.keepTime()) {
      tell(run.time.playing ? 'play' : 'pause');
      this.#desk.changed();
    }
    const news = run.pull();
    if (!news) return false;
    if (this.#takeIn(news)) this.#desk.changed();
    const { state, before, fresh, quiet } = news;
    if (view.met && (state.clients !== before?.clients || state.nodes !== before.nodes)) look(view.met, state);
    this.#tellPause();
    const told = this.#teller.news(state, fresh, view.words);
    if (!quiet) {
      told.forEach((words) => this.#desk.say(words));
      for (const anomaly of anomalies(fresh)) tell('anomaly', anomaly);
    }
    this.#askChecker();
    for (const [type, detail] of this.#progress.events(run.lesson)) {
      tell(type, detail);
      if ('words' in detail) this.#desk.say(`${view.words.taskDone}: ${detail.words}`);
    }
    const { mark } = ui;
    if (mark) ui.mark = run.marks.find((m) => m.atUs === mark.atUs && m.text === mark.text);
    tell('change');
    return true;
  }
  /** Whether all is to be drawn anew, not only what of the run has changed. @param {import('../run/run.js').News} news */
  #takeIn({ state, text, forked }) {
    const { ui } = this.#desk;
    const view = this.#view;
    let all = false;
    if (text) ui.compared = undefined;
    if (forked !== undefined) ui.notice = view.words.forked(forked);
    const { master, slave } = view.words.roles;
    if (state.roles.master !== master || state.roles.slave !== slave) {
      view.words = makeWords(state.roles);
      all = true;
    }
    if (!this.#begun) this.#first(state);
    // Each has its own to do.
    for (const follow of [followLesson, followPractice]) all = follow(this.#desk) || all;
    return all || text || forked !== undefined;
  }
  /** The first look at a run. @param {State} state */
  #first(state) {
    this.#begun = true;
    const { ui } = this.#desk;
    const clients = state.clients.filter((c) => c.id !== state.load?.client);
    if (clients.length > 0 && !clients.some((c) => c.name === ui.session)) ui.session = clients[0].name;
    this.#desk.changed();
  }
  /** Says why the run has paused by itself. */
  #tellPause() {
    const { core, story } = this.#desk.run;
    if (!core?.tookPause()) return;
    core.held = true;
    const cause = story.sentences.findLast((s) => s.weight === 'broken' || s.weight === 'behind');
    const { words: t } = this.#view;
    this.#desk.ui.notice = `${t.paused} ${cause ? plain(cause.parts) : t.pausedVerdict}`;
    this.#desk.changed();
  }
  /** A lesson may wait to hear what can go wrong. */
  #askChecker() {
    const { run } = this.#desk;
    const view = this.#view;
    const wanted = run.lesson && !run.lesson.done ? run.core?.checkWanted() : undefined;
    if (!wanted && !view.kept.checkLesson) return;
    const { checkLesson } = view.later;
    if (!checkLesson.code) void checkLesson.load(view).then(() => checkLesson.code && this.#askChecker());
    else (view.kept.checkLesson ??= new checkLesson.code.LessonCheck(view)).want(wanted);
  }
}
