// What opens when a node, a link, a client or a message is pressed.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { capacityOf, control } from '../parts/control.js';
import { fold } from '../parts/fields.js';
import { icons, sentence } from '../parts/marks.js';
import { applySlider, durationSlider, lagSlider } from '../parts/node-card.js';
import { rate } from '../model/run-text.js';
import { allWords } from '../words/later-words.js';
import { settingWords } from '../words/settings-words.js';
import { lessonsMenu } from './lessons-menu.js';
import { shareMenu } from './share.js';
import { clock } from '../words/words.js';

/** @typedef {import('../types').Link} Link */
/** @typedef {import('../types').Node} Node */
/** @typedef {import('../types').Direction} Direction */
/** @typedef {import('../parts/view.js').View} View */
/** @typedef {{ kind: 'node', id: number } | { kind: 'link', a: number, b: number } | { kind: 'client', name: string } | { kind: 'packet', id: number } | { kind: 'why', id: number } | { kind: 'share' } | { kind: 'lessons' }} Menu */

/** @param {View} view @param {Menu} menu */
export function menuTitle(view, menu) {
  const t = allWords(view.words);
  switch (menu.kind) {
    case 'node':
      return view.nameOf(menu.id);
    case 'link':
      return `${view.nameOf(menu.a)} – ${view.nameOf(menu.b)}`;
    case 'client':
      return `${t.client} ${menu.name}`;
    case 'why':
      return t.whyTitle;
    case 'share':
      return t.share.title;
    case 'lessons':
      return t.lessons;
    default:
      return view.ui.packet?.title ?? t.messages;
  }
}

/** @param {View} view @param {Menu} menu */
export function menuBody(view, menu) {
  const body =
    menu.kind === 'node'
      ? nodeMenu(view, menu.id)
      : menu.kind === 'link'
        ? linkMenu(view, menu.a, menu.b)
        : menu.kind === 'client'
          ? clientMenu(view, menu.name)
          : menu.kind === 'why'
            ? whyView(view)
            : menu.kind === 'share'
              ? shareMenu(view)
              : menu.kind === 'lessons'
                ? lessonsMenu(view)
                : packetView(view);
  return html`<header><b>${menuTitle(view, menu)}</b><button class="tool" aria-label=${view.words.close} @click=${() => view.act.closeMenu()}>${icons.close}</button></header>
    <fieldset ?disabled=${view.locked(menu.kind === 'client' ? 'requests' : 'faults') && !['why', 'share', 'lessons'].includes(menu.kind)}>${body}</fieldset>`;
}

/** @param {View} view @param {string} word @param {string} help @param {string | string[]} lines */
const act = (view, word, help, lines) =>
  html`<button
    class="act"
    data-line=${[lines].flat()[0]}
    @click=${() => {
      view.act.closeMenu();
      for (const line of [lines].flat()) view.act.command(line);
    }}
  >
    <b>${word}</b><small>${help}</small>
  </button>`;

/** @param {View} view @param {number} id */
function nodeMenu(view, id) {
  const t = allWords(view.words);
  const node = view.state?.nodes.find((n) => n.id === id);
  if (!node)
    return linkList(
      view,
      [...view.links.values()].filter((l) => l.a === id || l.b === id),
    );
  const links = [...view.links.values()].filter((l) => l.a === id || l.b === id);
  const broken = links.filter((l) => l.forth.state !== 'open' || l.back.state !== 'open');
  const [slave, up] = [node.role === 'slave', node.process === 'up'];
  return html`
    ${slave && !view.sliders ? html`<div class="sliders">${lagSlider(view, node)}${applySlider(view, node)}</div>` : nothing}
    ${node.process === 'down' ? act(view, t.start, t.startHelp, `start ${node.name}`) : act(view, t.crash, t.crashHelp, `crash ${node.name}`)}
    ${node.process === 'frozen' ? act(view, t.thaw, t.thawHelp, `thaw ${node.name}`) : up ? act(view, t.freeze, t.freezeHelp, `freeze ${node.name}`) : nothing}
    ${slave ? (node.applyPaused ? act(view, t.resumeApply, t.resumeApplyHelp, `resume-apply ${node.name}`) : act(view, t.pauseApply, t.pauseApplyHelp, `pause-apply ${node.name}`)) : nothing}
    ${
      broken.length > 0
        ? act(
            view,
            t.healNode,
            t.healNodeHelp,
            broken.map((l) => `heal ${view.nameOf(l.a)}-${view.nameOf(l.b)}`),
          )
        : nothing
    }
    ${slave && up ? act(view, t.promote, t.promoteHelp, `promote ${node.name}`) : nothing}
    ${node.denial ? act(view, t.rewind, t.rewindHelp, `rewind ${node.name}`) : nothing} ${followList(view, node, t.follow, '', '')}
    ${linkList(view, links)} ${fold(view, 'acts', t.moreActs, () => moreActs(view, node))}
  `;
}

/** What is done to a node less often. @param {View} view @param {Node} node */
function moreActs(view, node) {
  const t = allWords(view.words);
  const [slave, up] = [node.role === 'slave', node.process === 'up'];
  const behind = view.slaves().filter((name) => name !== node.name && !above(view, node).includes(name));
  return html`
    ${node.process === 'down' ? nothing : act(view, t.stop, t.stopHelp, `stop ${node.name}`)} ${act(view, t.partition, t.partitionHelp, `partition ${node.name}`)}
    ${!up ? nothing : node.readOnly ? act(view, t.makeReadWrite, t.readWriteHelp, `read-write ${node.name}`) : act(view, t.makeReadOnly, t.readOnlyHelp, `read-only ${node.name}`)}
    ${slave && up ? act(view, t.promoteDrain, t.promoteDrainHelp, `promote ${node.name} drain`) : nothing}
    ${slave ? act(view, t.rebuild, t.rebuildHelp, `rebuild ${node.name}`) : nothing}
    ${behind.length > 0 ? act(view, t.chain, t.chainHelp, `chain ${[node.name, ...behind].join(' ')}`) : nothing}
    ${act(view, t.trim, t.trimHelp, `trim-log ${node.name}`)} ${act(view, t.fillLog, t.fillLogHelp, `fill-log ${node.name}`)}
    ${slave ? control(view, `apply-speed ${node.name}`, node.applySpeed ? `${node.applySpeed}/s` : 'unlimited', ['unlimited', '10/s'], settingWords(view).settings['apply-speed']) : nothing}
    ${capacityOf(view, node)} ${control(view, `priority ${node.name}`, String(node.priority), ['100'], settingWords(view).settings.priority)} ${followList(view, node, t.followForce, t.followForceHelp, ' force')} ${slave ? act(view, t.removeNode, t.removeNodeHelp, `remove ${node.name}`) : nothing}
  `;
}

/** The nodes that it follows, directly or not. @param {View} view @param {Node} node @returns {string[]} */
function above(view, node) {
  const next = view.state?.nodes.find((n) => n.id === node.upstream);
  return next ? [next.name, ...above(view, next)] : [];
}

/** Whom it could follow. @param {View} view @param {Node} node @param {string} title @param {string} help @param {string} how */
function followList(view, node, title, help, how) {
  const others = (view.state?.nodes ?? []).filter((n) => n.id !== node.id && (how || n.id !== node.upstream));
  if (others.length === 0 || node.process === 'frozen') return nothing;
  return html`<div role="group" aria-label=${title}>
    <p class="group">${title}${help ? html`<small>${help}</small>` : nothing}</p>
    <p class="links-of">
      ${others.slice(0, 8).map(
        (other) =>
          html`<button
            class="second small"
            data-line="follow ${node.name} ${other.name}${how}"
            @click=${() => {
              view.act.closeMenu();
              view.act.command(`follow ${node.name} ${other.name}${how}`);
            }}
          >
            ${other.name}
          </button>`,
      )}
    </p>
  </div>`;
}

/** @param {View} view @param {Link[]} links */
function linkList(view, links) {
  const t = allWords(view.words);
  if (links.length === 0) return nothing;
  return html`<p class="group">${t.links}</p>
    <p class="links-of">
      ${links.map((l) => html`<button class="second small" @click=${() => view.act.set({ menu: { kind: 'link', a: l.a, b: l.b } })}>${view.nameOf(l.a)}–${view.nameOf(l.b)}${standing(view, l)}</button>`)}
    </p>`;
}
/** @param {View} view @param {Link} link */
function standing(view, link) {
  const state = [link.forth.state, link.back.state].find((s) => s !== 'open');
  return state ? ` ${view.words.linkStateWords[state]}` : '';
}

/** @param {View} view @param {string} name */
function clientMenu(view, name) {
  const t = allWords(view.words);
  const client = view.state?.clients.find((c) => c.name === name);
  const links = client ? [...view.links.values()].filter((l) => l.a === client.id || l.b === client.id) : [];
  return html`${
    name === view.ui.session
      ? nothing
      : html`<button
          class="act"
          @click=${() => {
            view.act.set({ session: name });
            view.act.closeMenu();
          }}
        >
          <b>${t.beThis}</b><small>${t.sessionHelp}</small>
        </button>`
  }
  ${links.length === 0 ? html`<p>${t.clientIdle}</p>` : linkList(view, links)}`;
}

/** @param {View} view @param {number} a @param {number} b */
function linkMenu(view, a, b) {
  const t = allWords(view.words);
  const link = view.links.get(`${a}-${b}`);
  if (!link) return nothing;
  const [from, to] = [view.nameOf(a), view.nameOf(b)];
  return html`
    <p class="help">${t.linkHelp}</p>
    ${way(view, `${from}-${to}`, t.bothWays, link.forth, link.forth.state === link.back.state ? link.forth.state : '')}
    <details class="ways" ?open=${link.forth.state !== link.back.state || link.forth.latencyUs !== link.back.latencyUs}>
      <summary>${t.eachWay}</summary>
      ${way(view, `${from}->${to}`, `${from} → ${to}`, link.forth, link.forth.state)} ${way(view, `${to}->${from}`, `${to} → ${from}`, link.back, link.back.state)}
    </details>
  `;
}

/** @param {View} view @param {string} which @param {string} title @param {Direction} direction @param {string} state */
function way(view, which, title, direction, state) {
  const t = allWords(view.words);
  /** @type {[Direction['state'], string][]} */
  const verbs = [
    ['open', 'heal'],
    ['held', 'hold'],
    ['cut', 'cut'],
  ];
  return html`<fieldset class="way">
    <legend>${title}</legend>
    <div class="segments">
      ${verbs.map(
        ([s, verb]) =>
          html`<button aria-pressed=${s === state} data-line="${verb} ${which}" @click=${() => view.act.command(`${verb} ${which}`)}>${t.linkStates[s]}</button>`,
      )}
    </div>
    ${durationSlider(view, { id: `link ${which}`, word: t.latency, label: `${t.latency}, ${title}`, us: direction.latencyUs, zero: false, line: (text) => `link ${which} latency ${text}` })}
    ${durationSlider(view, { id: `jitter ${which}`, word: t.jitter, label: `${t.jitter}, ${title}`, us: direction.jitterUs, zero: true, line: (text) => `link ${which} jitter ${text}` })}
    ${pick(
      t.loss,
      direction.lossPpm,
      [0, 10_000, 100_000, 500_000],
      (ppm) => `${ppm / 10_000} %`,
      (ppm) => view.act.command(`link ${which} loss ${ppm / 10_000}%`),
    )}
    ${pick(
      t.bandwidth,
      direction.bandwidth ?? 0,
      [0, 1_000_000, 100_000, 10_000, 1000],
      (n) => (n ? rate(n) : t.unlimited),
      (n) => view.act.command(`link ${which} bandwidth ${n ? rate(n) : 'unlimited'}`),
    )}
  </fieldset>`;
}

/**
 * One of some numbers, beside a word.
 * @param {string} word @param {number} now @param {number[]} some
 * @param {(n: number) => string} say @param {(n: number) => void} choose
 */
const pick = (word, now, some, say, choose) =>
  html`<label class="slider"
    ><span class="what">${word}</span>
    <select .value=${live(String(now))} @change=${(/** @type {Event} */ e) => choose(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
      ${[...new Set([...some, now])].map((n) => html`<option value=${n} ?selected=${n === now}>${say(n)}</option>`)}
    </select></label
  >`;

/** @param {View} view */
function packetView(view) {
  const t = allWords(view.words);
  const packet = view.ui.packet;
  if (!packet) return nothing;
  return html`<p>${sentence(packet.parts)}</p>
    <p class="help">${packet.bytes} ${t.bytes} · ${t.sent} ${clock(packet.sentUs)} · ${packet.arrivesUs != null ? `${t.arrives} ${clock(packet.arrivesUs)}` : t.heldPacket}</p>`;
}

/** @param {View} view */
function whyView(view) {
  const { why } = view.ui;
  if (!why) return nothing;
  return html`<ol class="why">${why.sentences.map((s) => html`<li>${sentence(s)}</li>`)}</ol>
    <p class="acts"><button class="second small" @click=${() => view.act.showInDiagram(why)}>${allWords(view.words).inDiagram}</button></p>`;
}
