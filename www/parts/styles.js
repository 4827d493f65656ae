// Constructed style sheets: they work under a Content-Security-Policy that forbids inline styles.

import base from './styles/base.css';
import page from './styles/page.css';
import console from './styles/console.css';
import askBar from './styles/ask-bar.css';
import experiment from './styles/experiment.css';
import timeline from './styles/timeline.css';
import log from './styles/log.css';
import told from './styles/told.css';
import tabs from './styles/tabs.css';
import stage from './styles/stage.css';
import card from './styles/card.css';
import menu from './styles/menu.css';
import learn from './styles/learn.css';
import later from './styles/later.css';
import load from './styles/load.css';
import small from './styles/small.css';

/** Later ones win over earlier ones. */
const ALL = [
  base,
  page,
  console,
  askBar,
  experiment,
  timeline,
  log,
  told,
  tabs,
  stage,
  card,
  menu,
  learn,
  later,
  load,
  small,
];
/** Made once for all elements of a page, by their texts. @type {Map<string, CSSStyleSheet>} */
const made = new Map();

/** Once, however often the part is opened. @param {ShadowRoot} root @param {string} css for a part that came later */
export function adopt(root, css) {
  const sheet = sheetOf(css);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

export default function sheets() {
  return ALL.map(sheetOf);
}

/** @param {string} css */
function sheetOf(css) {
  const sheet = made.get(css) ?? new CSSStyleSheet();
  if (!made.has(css)) sheet.replaceSync(css);
  made.set(css, sheet);
  return sheet;
}
