// What a part is drawn from, and how it is drawn only when that has changed.

import { guard } from 'lit-html/directives/guard.js';

/** @typedef {import('../verbs/verbs.js').Verbs & import('../frame/deeds.js').Deeds} Act all that can be done, by name */
/** @typedef {import('../model/page.js').Page & { act: Act, later: import('../later/later.js').Later, kept: import('../later/later.js').Kept, root: ShadowRoot, isDone: (file: string) => boolean }} View */

/**
 * A part of the page: drawn when the page has changed, or something that it shows.
 * @param {View} view @param {unknown[]} shown what of the run it shows @param {() => unknown} draw
 */
export const part = (view, shown, draw) => guard([view.redraws, ...shown], draw);
