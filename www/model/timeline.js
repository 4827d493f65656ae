// What the time line shows: how much time, which marks, and which of them is told.

/** @typedef {import('../types').Mark} Mark */

/** The weightier ones last: they are drawn above the others, and stay where there is no room for all. */
const WEIGHTS = ['write', 'mend', 'fault', 'promotion', 'stale', 'broken'];
/** Where the kinds are drawn: what was done to the cluster below, writes on the line, what went wrong above, px. */
export const LANES = [21, 35, 35, 35, 8, 8];
/** The line shows at least so much, µs. */
const LEAST_US = 5_000_000;
/** Pixels that a mark needs for itself. */
const APART = 5;

/** @param {Mark} mark */
export const weight = (mark) => WEIGHTS.indexOf(mark.kind);
/** Whether one jumps to it: not a write or a mend. @param {Mark} mark */
const matters = (mark) => weight(mark) > 1;

/** The next round number: 1, 2 or 5 with noughts. @param {number} n */
function round(n) {
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 5, 10].map((times) => times * power).find((number) => number >= n) ?? n;
}
/** How much time the line shows, µs: it grows seldom, and then much, so that the eye can follow. @param {number} us */
export const scaleFor = (us) => round(Math.max(us, LEAST_US));
/** Round times to be named on the line, µs. @param {number} scale */
export function ticksOf(scale) {
  const step = round(scale / 6);
  return Array.from({ length: Math.floor(scale / step) }, (_, i) => (i + 1) * step);
}

/** The mark before or after an instant that matters. @param {Mark[]} marks @param {number} us @param {1 | -1} way */
export function jump(marks, us, way) {
  if (way > 0) return marks.find((mark) => matters(mark) && mark.atUs > us);
  return marks.findLast((mark) => matters(mark) && mark.atUs < us);
}

/** The weightiest mark near an instant. @param {Mark[]} marks @param {number} us @param {number} reach µs */
export function near(marks, us, reach) {
  /** @type {Mark | undefined} */
  let best;
  const rank = (/** @type {Mark} */ mark) => weight(mark) - Math.abs(mark.atUs - us) / (reach + 1);
  for (let i = marks.findLastIndex((mark) => mark.atUs <= us + reach); i >= 0 && marks[i].atUs >= us - reach; i--)
    if (!best || rank(marks[i]) >= rank(best)) best = marks[i];
  return best;
}

/** @param {Mark[]} marks @param {number} us */
export const lastBefore = (marks, us) => marks.findLast((mark) => mark.atUs <= us);

/** As many as there is room for: of those that would lie on top of each other, the weightiest. @param {Mark[]} marks @param {number} perPixel µs */
export function thinned(marks, perPixel) {
  /** @type {Map<string, Mark>} */
  const kept = new Map();
  for (const mark of marks) {
    const place = `${LANES[weight(mark)]} ${Math.floor(mark.atUs / perPixel / APART)}`;
    const other = kept.get(place);
    if (!other || weight(mark) > weight(other)) kept.set(place, mark);
  }
  return [...kept.values()].sort((a, b) => weight(a) - weight(b));
}

/** At most so many, the weightiest ones, in their order. @param {Mark[]} marks @param {number} most */
export function weightiest(marks, most) {
  if (marks.length <= most) return marks;
  return [...marks]
    .sort((a, b) => weight(b) - weight(a) || b.atUs - a.atUs)
    .slice(0, most)
    .sort((a, b) => a.atUs - b.atUs);
}

/** How wide the line is, px, from the element's width. @param {number} width */
const lineWidth = (width) => Math.max(200, width - 60);
/** The mark at an instant, the one that is told, and those to jump to. @param {Mark[]} marks @param {number} us @param {number} scale µs @param {number} width of the element @param {Mark} [pointed] */
export function momentOf(marks, us, scale, width, pointed) {
  const here = near(marks, us, (scale / lineWidth(width)) * 3);
  return {
    width: lineWidth(width),
    here,
    told: pointed ?? here ?? lastBefore(marks, us),
    before: jump(marks, us, -1),
    after: jump(marks, us, 1),
  };
}
