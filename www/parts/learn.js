// What stands beside the picture for one who learns or teaches: a lesson, or one that is being made.

import { nothing } from 'lit-html';
import { lesson } from './lesson.js';
import { part } from './view.js';

/** @param {import('./view.js').View} view */
export function learn(view) {
  if (view.ui.recording)
    return part(view, [view.text], () => view.later.learn.show(view, (code) => code.recorder(view)));
  return view.lesson ? part(view, [view.lesson], () => lesson(view)) : nothing;
}
