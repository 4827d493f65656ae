// Constructed style sheets: they work under a Content-Security-Policy that forbids inline styles.

import base from './styles/base.css';
import stage from './styles/stage.css';
import panels from './styles/panels.css';
import learn from './styles/learn.css';
import studies from './styles/studies.css';
import load from './styles/load.css';
import small from './styles/small.css';

/** @type {CSSStyleSheet[] | undefined} */
let made;

/** One set for all elements of a page. */
export default function sheets() {
  made ??= [base, stage, panels, learn, load, studies, small].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return made;
}
