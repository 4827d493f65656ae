// Constructed style sheets: they work under a Content-Security-Policy that forbids inline styles.

import base from './styles/base.css';
import stage from './styles/stage.css';
import panels from './styles/panels.css';
import learn from './styles/learn.css';
import load from './styles/load.css';
import small from './styles/small.css';

/** Made once for all elements of a page, by their texts. @type {Map<string, CSSStyleSheet>} */
const made = new Map();

/** @param {ShadowRoot} root @param {string} css for a part that came later */
export function adopt(root, css) {
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(css)];
}

export default function sheets() {
  return [base, stage, panels, learn, load, small].map(sheetOf);
}

/** @param {string} css */
function sheetOf(css) {
  const sheet = made.get(css) ?? new CSSStyleSheet();
  if (!made.has(css)) sheet.replaceSync(css);
  made.set(css, sheet);
  return sheet;
}
