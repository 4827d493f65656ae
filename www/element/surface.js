// What of the playground a host page shows: a layout, and groups of controls that are shown, hidden or locked.

/** @typedef {'full' | 'compact' | 'stage' | 'compare'} Layout */
/** @typedef {'lessons' | 'time' | 'timeline' | 'requests' | 'settings' | 'faults' | 'log' | 'details' | 'share'} Group */
/** @typedef {{ layout: Layout, groups: Map<Group, 'shown' | 'locked'>, vocabulary: string, wrong: { attribute: string, word: string, known: readonly string[] }[] }} Surface */

/** @type {readonly Group[]} */
export const GROUPS = ['lessons', 'time', 'timeline', 'requests', 'settings', 'faults', 'log', 'details', 'share'];
/** What each layout shows, if the page asks for nothing else. @type {Record<Layout, readonly Group[]>} */
const LAYOUTS = {
  full: GROUPS,
  compact: ['time', 'requests', 'faults'],
  stage: ['time'],
  compare: ['time', 'timeline'],
};
/** What the smaller layouts have no room for. @type {Record<Layout, readonly Group[]>} */
const NO_ROOM = {
  full: [],
  compact: ['lessons', 'details'],
  stage: ['lessons', 'timeline', 'settings', 'details', 'log', 'share'],
  compare: ['lessons', 'settings', 'faults', 'details', 'log', 'share'],
};
const THEMES = ['auto', 'light', 'dark'];
const VOCABULARIES = ['master', 'primary', 'engine'];

/** Reads the attributes of the element. What is not understood counts as absent, and is named. @param {HTMLElement} host @returns {Surface} */
export function surfaceOf(host) {
  /** @type {Surface['wrong']} */
  const wrong = [];
  const one = (/** @type {string} */ attribute, /** @type {readonly string[]} */ known) => {
    const word = host.getAttribute(attribute)?.trim();
    if (!word || known.includes(word)) return word;
    wrong.push({ attribute, word, known });
    return undefined;
  };
  const layout = /** @type {Layout} */ (one('layout', Object.keys(LAYOUTS)) || 'full');
  one('theme', THEMES);
  const vocabulary = one('vocabulary', VOCABULARIES) || 'engine';
  const given = host.getAttribute('controls');
  /** @type {Surface['groups']} */
  const groups = new Map();
  for (const word of given === null ? LAYOUTS[layout] : given.split(/[\s,]+/).filter(Boolean)) {
    const [name, locked, more] = word.split(':');
    const meant = name === 'all' ? GROUPS : name === 'none' ? [] : GROUPS.filter((group) => group === name);
    const known = (meant.length > 0 || name === 'none') && more === undefined && (locked ?? 'locked') === 'locked';
    if (!known) wrong.push({ attribute: 'controls', word, known: [...GROUPS, 'all', 'none'] });
    else for (const group of meant) groups.set(group, locked ? 'locked' : 'shown');
  }
  for (const group of NO_ROOM[layout]) groups.delete(group);
  return { layout, groups, vocabulary, wrong };
}
