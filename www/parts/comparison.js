// Side by side, in place of the picture: it comes when it is first asked for.

import { html } from 'lit-html';
import { notice } from './hint.js';
import { part } from './view.js';

/** @param {import('./view.js').View} view */
export const comparison = (view) =>
  html`${notice(view)}${part(view, [view.kept.compare?.version, view.state?.settings, view.lesson], () => view.later.compare.show(view, (code) => code.compare(view)))}`;
