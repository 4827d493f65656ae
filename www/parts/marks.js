// Small things that every part of the page draws alike: a write's colour and number, icons, sentences.

import { html, svg, nothing } from 'lit-html';
import { directive, Directive } from 'lit-html/directive.js';

/** @typedef {import('../types').Part} SentencePart */
/** @typedef {import('../types').Write} Write */

/**
 * Gives an element the hue of a write, as the custom property `--h`. It goes through the style object: a style
 * attribute in markup would fall to a strict Content-Security-Policy.
 */
class Tint extends Directive {
  /** @type {number | undefined} */ #hue;
  /** @param {number | undefined} _hue */
  render(_hue) {
    return nothing;
  }
  /** @override @param {any} part @param {[number | undefined]} args */
  update(part, [hue]) {
    if (hue === this.#hue) return nothing;
    this.#hue = hue;
    if (hue === undefined) part.element.style.removeProperty('--h');
    else part.element.style.setProperty('--h', String(hue));
    return nothing;
  }
}
/** @type {(hue: number | undefined) => unknown} */
export const tint = directive(Tint);

/**
 * Where something stands, and how large it is, px: moved by a transform, so that nothing is laid out for it, or at `left` for
 * good, as those do of which there are many.
 */
class Stand extends Directive {
  #said = '';
  /** @param {{ x?: number, y?: number, w?: number, h?: number, left?: number } | undefined} _box */
  render(_box) {
    return nothing;
  }
  /** @override @param {any} part @param {[{ x?: number, y?: number, w?: number, h?: number, left?: number } | undefined]} args */
  update({ element }, [box]) {
    if (!box) return nothing;
    const said = `${box.x} ${box.y} ${box.w} ${box.h} ${box.left}`;
    if (said === this.#said) return nothing;
    this.#said = said;
    const { style } = element;
    if (box.x !== undefined) style.transform = `translate(${Math.round(box.x)}px, ${Math.round(box.y ?? 0)}px)`;
    if (box.w !== undefined) {
      style.width = `${box.w}px`;
      style.setProperty('--w', `${box.w}px`);
    }
    if (box.left !== undefined) style.left = `${box.left}px`;
    if (box.h !== undefined) style.height = `${box.h}px`;
    return nothing;
  }
}
/** @type {(box: { x?: number, y?: number, w?: number, h?: number, left?: number } | undefined) => unknown} */
export const stand = directive(Stand);

/**
 * A key for words that stand in a line: digits are all as wide as each other, so other digits move nothing and are only
 * written over; other words are other elements.
 * @param {unknown[]} said
 */
export const room = (...said) => said.join(' ').replace(/\d/g, '0');

/** A write's number on its colour. @param {number} id @param {number | undefined} hue */
export const badge = (id, hue) => html`<span class="badge" data-write=${id} ${tint(hue)}>${id}</span>`;

/**
 * A sentence of the core.
 * @param {SentencePart[]} parts
 */
export const sentence = (parts) =>
  parts.map((p) =>
    p.write != null
      ? badge(p.write, p.hue)
      : p.endpoint != null
        ? html`<b data-endpoint=${p.endpoint}>${p.text}</b>`
        : p.text,
  );
/** Words with code between backticks. @param {string} text */
export const withCode = (text) => text.split('`').map((piece, i) => (i % 2 ? html`<code>${piece}</code>` : piece));
/** @param {ReturnType<typeof svg>} shape */
const icon = (shape) => html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${shape}</svg>`;
export const icons = {
  play: icon(svg`<path class="solid" d="M6 3.8v12.4L16 10z"/>`),
  pause: icon(svg`<path class="solid" d="M5.5 4h3v12h-3zM11.5 4h3v12h-3z"/>`),
  step: icon(svg`<path class="solid" d="M4.5 4v12l8-6zM13.5 4h2v12h-2z"/>`),
  stepBack: icon(svg`<path class="solid" d="M15.500 4v12l-8-6zM4.500 4h2v12h-2z"/>`),
  lastMark: icon(
    svg`<path d="M8.500 5l-5 5l5 5M4 10h7"/><path class="solid" d="M15 6.500l3.500 3.500l-3.500 3.500l-3.500-3.500z"/>`,
  ),
  nextMark: icon(
    svg`<path d="M11.500 5l5 5l-5 5M16 10H9"/><path class="solid" d="M5 6.500l3.500 3.500L5 13.500L1.500 10z"/>`,
  ),
  undo: icon(svg`<path d="M7.500 4L3.500 8l4 4M4 8h8a4.200 4.200 0 0 1 0 8.400H8.500"/>`),
  redo: icon(svg`<path d="M12.500 4l4 4l-4 4M16 8H8a4.200 4.200 0 0 0 0 8.400h3.500"/>`),
  fork: icon(svg`<path d="M5 17V3M5 13c0-4 9-2 9-8M11 7l3-3l3 3"/>`),
  share: icon(svg`<path d="M10 12.500V3M6.500 6L10 2.500L13.500 6M6 9H4v8h12V9h-2"/>`),
  restart: icon(svg`<path d="M4.6 7.2A6.4 6.4 0 1 1 3.8 11M4.2 3.4v4h4"/>`),
  power: icon(svg`<path d="M10 3v7M6 5.4a6 6 0 1 0 8 0"/>`),
  more: icon(
    svg`<path class="solid" d="M3.6 10a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0M8.6 10a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0M13.6 10a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0"/>`,
  ),
  plus: icon(svg`<path d="M10 4v12M4 10h12"/>`),
  wait: icon(
    svg`<path d="M5 2.5h10M5 17.500h10M6.500 2.500v3c0 2.500 3.500 3 3.500 4.500s-3.500 2-3.500 4.500v3M13.500 2.500v3c0 2.500-3.500 3-3.500 4.500s3.500 2 3.500 4.500v3"/>`,
  ),
  columns: icon(svg`<path d="M2.500 4h4v12h-4zM8 4h4v12h-4zM13.500 4h4v12h-4z"/>`),
  close: icon(svg`<path d="M5 5l10 10M15 5L5 15"/>`),
  snow: icon(svg`<path d="M10 2.5v15M3.5 6.2l13 7.6M16.5 6.2l-13 7.6M8 4l2 1.6L12 4M8 16l2-1.6L12 16"/>`),
  // verdicts, each its own shape
  held: icon(svg`<path d="M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15M6.5 10.3l2.4 2.4l4.6-5"/>`),
  behind: icon(
    svg`<path d="M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15"/><path class="solid" d="M10 2.5a7.5 7.5 0 0 0 0 15z"/>`,
  ),
  broken: icon(
    svg`<path class="solid" d="M6.6 2h6.8L18 6.6v6.8L13.4 18H6.6L2 13.4V6.6z"/><path class="cross" d="M7 7l6 6M13 7l-6 6"/>`,
  ),
  untested: icon(svg`<path stroke-dasharray="2.2 2.5" d="M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15"/>`),
};
