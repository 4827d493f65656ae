// A line of the run text as a choice and fields.

import { html, nothing } from 'lit-html';
import { choice } from './fields.js';
import { REST } from './load.js';
import { settingWords } from '../words/settings-words.js';

/** @typedef {import('../types').Node} Node */
/** @typedef {import('./view.js').View} View */
/** @typedef {import('./fields.js').Option} Option */

/** What a load may be, by example. */
const LOADS = [
  'off',
  `100/s ${REST}`,
  `100/s ${REST.replace('uniform', 'zipf 0.99')}`,
  `20 clients think 100ms ${REST}`,
  `20 clients think 100ms ${REST.replace('uniform', 'zipf 0.99')}`,
];
const WORK = 'read 5ms write 5ms apply 1ms workers 1 queue 100';
const CAPACITIES = ['unlimited', `${WORK} steady`, `${WORK} random`];

/** A text with its typed words left open. @param {string} text */
const shape = (text) => text.replace(/(?<!\S)\d\S*/g, '#');

/**
 * A choice of what a line may say, and fields for the words of it that are typed.
 * @param {View} view @param {string} line @param {string} text what it says now
 * @param {string[]} says what it may say, by example
 * @param {string[]} words its label, its help, and for each example its word and after it, parted by `|`, a caption for each field
 */
export function control(view, line, text, says, [label, help, ...options]) {
  const now = says.findIndex((example) => shape(example) === shape(text));
  const id = line.replace(' ', '-');
  const captions = (options[now] ?? label).split('|');
  const many = says.length > 1;
  const words = text.split(' ');
  const fields = words.map((word, i) => {
    if (!/^\d/.test(word)) return nothing;
    const caption = many ? captions.splice(1, 1)[0] : label;
    return html`<label
      ><span>${caption}</span>
      <input
        name=${line}
        size="5"
        autocomplete="off"
        spellcheck="false"
        inputmode=${/\D/.test(word) ? 'text' : 'numeric'}
        aria-label=${many ? `${label}: ${caption}` : nothing}
        aria-describedby="help-${id}"
        .value=${word}
        @change=${(/** @type {Event} */ e) => {
          const field = /** @type {HTMLInputElement} */ (e.target);
          const typed = field.value.replace(/\s/g, '');
          field.value = word; // until it is in force
          view.act.command(`${line} ${words.map((w, j) => (j === i ? typed : w)).join(' ')}`);
        }}
    /></label>`;
  });
  if (!many) return html`<div class="field one">${fields}<small id="help-${id}">${help}</small></div>`;
  /** @type {Option[]} */
  const all = says.map((example, i) => [example, (options[i] ?? example).split('|')[0]]);
  const slots = fields.some((field) => field !== nothing) ? html`<div class="slots">${fields}</div>` : nothing;
  return choice({ id, label, help, slots }, says[now] ?? text, all, (v) => view.act.command(`${line} ${v}`));
}

/** @param {View} view @param {string} text @param {string} line */
export function loadControl(view, text, line) {
  return control(view, line, text, LOADS, settingWords(view).settings.load);
}

/** For all nodes, those to come too. @param {View} view */
export function capacityOfAll(view) {
  const texts = new Set(view.state?.nodes.map((node) => node.capacity?.text ?? 'unlimited'));
  const text = texts.size === 1 ? [...texts][0] : '';
  return control(view, 'capacity nodes', text, CAPACITIES, settingWords(view).settings['capacity nodes']);
}

/** @param {View} view @param {Node} node */
export function capacityOf(view, node) {
  const text = node.capacity?.text ?? 'unlimited';
  return control(view, `capacity ${node.name}`, text, CAPACITIES, settingWords(view).settings.capacity);
}
