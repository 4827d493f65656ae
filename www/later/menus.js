// What opens when a node, a link, a client or a message is pressed.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { capacityOf, control } from '../parts/control.js';
import { fold } from '../parts/fields.js';
import { icons, sentence } from '../parts/marks.js';
import { applySlider, durationSlider, lagSlider } from '../parts/node-card.js';
import { rate } from '../run/run-text.js';
import { settingWords } from '../words/settings-words.js';
import { shareMenu } from './share.js';
import { clock } from '../words/words.js';

/** @typedef {import('../types').Link} Link */
/** @typedef {import('../types').Node} Node */
/** @typedef {import('../types').Direction} Direction */
/** @typedef {import('../app.js').App} App */
/** @typedef {{ kind: 'node', id: number } | { kind: 'link', a: number, b: number } | { kind: 'client', name: string } | { kind: 'packet', id: number } | { kind: 'why', id: number } | { kind: 'share' }} Menu */

/** @param {App} app @param {Menu} menu */
export function menuTitle(app, menu) {
  const t = app.words;
  switch (menu.kind) {
    case 'node':
      return app.nameOf(menu.id);
    case 'link':
      return `${app.nameOf(menu.a)} – ${app.nameOf(menu.b)}`;
    case 'client':
      return `${t.client} ${menu.name}`;
    case 'why':
      return t.whyTitle;
    case 'share':
      return t.share.title;
    default:
      return app.ui.packet?.title ?? t.messages;
  }
}

/** @param {App} app @param {Menu} menu */
export function menuBody(app, menu) {
  const body =
    menu.kind === 'node'
      ? nodeMenu(app, menu.id)
      : menu.kind === 'link'
        ? linkMenu(app, menu.a, menu.b)
        : menu.kind === 'client'
          ? clientMenu(app, menu.name)
          : menu.kind === 'why'
            ? whyView(app)
            : menu.kind === 'share'
              ? shareMenu(app)
              : packetView(app);
  return html`<header><b>${menuTitle(app, menu)}</b><button class="tool" aria-label=${app.words.close} @click=${() => app.closeMenu()}>${icons.close}</button></header>
    <fieldset ?disabled=${app.locked(menu.kind === 'client' ? 'requests' : 'faults') && !['why', 'share'].includes(menu.kind)}>${body}</fieldset>`;
}

/** @param {App} app @param {string} word @param {string} help @param {string | string[]} lines */
const act = (app, word, help, lines) =>
  html`<button
    class="act"
    @click=${() => {
      app.closeMenu();
      for (const line of [lines].flat()) app.command(line);
    }}
  >
    <b>${word}</b><small>${help}</small>
  </button>`;

/** @param {App} app @param {number} id */
function nodeMenu(app, id) {
  const t = app.words;
  const node = app.state?.nodes.find((n) => n.id === id);
  if (!node)
    return linkList(
      app,
      [...app.links.values()].filter((l) => l.a === id || l.b === id),
    );
  const links = [...app.links.values()].filter((l) => l.a === id || l.b === id);
  const broken = links.filter((l) => l.forth.state !== 'open' || l.back.state !== 'open');
  const [slave, up] = [node.role === 'slave', node.process === 'up'];
  return html`
    ${slave && !app.sliders ? html`<div class="sliders">${lagSlider(app, node)}${applySlider(app, node)}</div>` : nothing}
    ${node.process === 'down' ? act(app, t.start, t.startHelp, `start ${node.name}`) : act(app, t.crash, t.crashHelp, `crash ${node.name}`)}
    ${node.process === 'frozen' ? act(app, t.thaw, t.thawHelp, `thaw ${node.name}`) : up ? act(app, t.freeze, t.freezeHelp, `freeze ${node.name}`) : nothing}
    ${slave ? (node.applyPaused ? act(app, t.resumeApply, t.resumeApplyHelp, `resume-apply ${node.name}`) : act(app, t.pauseApply, t.pauseApplyHelp, `pause-apply ${node.name}`)) : nothing}
    ${
      broken.length > 0
        ? act(
            app,
            t.healNode,
            t.healNodeHelp,
            broken.map((l) => `heal ${app.nameOf(l.a)}-${app.nameOf(l.b)}`),
          )
        : nothing
    }
    ${slave && up ? act(app, t.promote, t.promoteHelp, `promote ${node.name}`) : nothing}
    ${node.denial ? act(app, t.rewind, t.rewindHelp, `rewind ${node.name}`) : nothing} ${followList(app, node, t.follow, '', '')}
    ${linkList(app, links)} ${fold(app, 'acts', t.moreActs, () => moreActs(app, node))}
  `;
}

/** What is done to a node less often. @param {App} app @param {Node} node */
function moreActs(app, node) {
  const t = app.words;
  const [slave, up] = [node.role === 'slave', node.process === 'up'];
  const behind = app.slaves().filter((name) => name !== node.name && !above(app, node).includes(name));
  return html`
    ${node.process === 'down' ? nothing : act(app, t.stop, t.stopHelp, `stop ${node.name}`)} ${act(app, t.partition, t.partitionHelp, `partition ${node.name}`)}
    ${slave && up ? act(app, t.promoteDrain, t.promoteDrainHelp, `promote ${node.name} drain`) : nothing}
    ${slave ? act(app, t.rebuild, t.rebuildHelp, `rebuild ${node.name}`) : nothing}
    ${behind.length > 0 ? act(app, t.chain, t.chainHelp, `chain ${[node.name, ...behind].join(' ')}`) : nothing}
    ${act(app, t.trim, t.trimHelp, `trim-log ${node.name}`)} ${act(app, t.fillLog, t.fillLogHelp, `fill-log ${node.name}`)}
    ${slave ? control(app, `apply-speed ${node.name}`, node.applySpeed ? `${node.applySpeed}/s` : 'unlimited', ['unlimited', '10/s'], settingWords(app).settings['apply-speed']) : nothing}
    ${capacityOf(app, node)} ${control(app, `priority ${node.name}`, String(node.priority), ['100'], settingWords(app).settings.priority)} ${followList(app, node, t.followForce, t.followForceHelp, ' force')} ${slave ? act(app, t.removeNode, t.removeNodeHelp, `remove ${node.name}`) : nothing}
  `;
}

/** The nodes that it follows, directly or not. @param {App} app @param {Node} node @returns {string[]} */
function above(app, node) {
  const next = app.state?.nodes.find((n) => n.id === node.upstream);
  return next ? [next.name, ...above(app, next)] : [];
}

/** Whom it could follow. @param {App} app @param {Node} node @param {string} title @param {string} help @param {string} how */
function followList(app, node, title, help, how) {
  const others = (app.state?.nodes ?? []).filter((n) => n.id !== node.id && (how || n.id !== node.upstream));
  if (others.length === 0 || node.process === 'frozen') return nothing;
  return html`<div role="group" aria-label=${title}>
    <p class="group">${title}${help ? html`<small>${help}</small>` : nothing}</p>
    <p class="links-of">
      ${others.slice(0, 8).map(
        (other) =>
          html`<button
            class="second small"
            @click=${() => {
              app.closeMenu();
              app.command(`follow ${node.name} ${other.name}${how}`);
            }}
          >
            ${other.name}
          </button>`,
      )}
    </p>
  </div>`;
}

/** @param {App} app @param {Link[]} links */
function linkList(app, links) {
  const t = app.words;
  if (links.length === 0) return nothing;
  return html`<p class="group">${t.links}</p>
    <p class="links-of">
      ${links.map((l) => html`<button class="second small" @click=${() => app.set({ menu: { kind: 'link', a: l.a, b: l.b } })}>${app.nameOf(l.a)}–${app.nameOf(l.b)}${standing(app, l)}</button>`)}
    </p>`;
}
/** @param {App} app @param {Link} link */
function standing(app, link) {
  const state = [link.forth.state, link.back.state].find((s) => s !== 'open');
  return state ? ` ${app.words.linkStateWords[state]}` : '';
}

/** @param {App} app @param {string} name */
function clientMenu(app, name) {
  const t = app.words;
  const client = app.state?.clients.find((c) => c.name === name);
  const links = client ? [...app.links.values()].filter((l) => l.a === client.id || l.b === client.id) : [];
  return html`${
    name === app.ui.session
      ? nothing
      : html`<button
          class="act"
          @click=${() => {
            app.set({ session: name });
            app.closeMenu();
          }}
        >
          <b>${t.beThis}</b><small>${t.sessionHelp}</small>
        </button>`
  }
  ${links.length === 0 ? html`<p>${t.clientIdle}</p>` : linkList(app, links)}`;
}

/** @param {App} app @param {number} a @param {number} b */
function linkMenu(app, a, b) {
  const t = app.words;
  const link = app.links.get(`${a}-${b}`);
  if (!link) return nothing;
  const [from, to] = [app.nameOf(a), app.nameOf(b)];
  return html`
    <p class="help">${t.linkHelp}</p>
    ${way(app, `${from}-${to}`, t.bothWays, link.forth, link.forth.state === link.back.state ? link.forth.state : '')}
    <details class="ways" ?open=${link.forth.state !== link.back.state || link.forth.latencyUs !== link.back.latencyUs}>
      <summary>${t.eachWay}</summary>
      ${way(app, `${from}->${to}`, `${from} → ${to}`, link.forth, link.forth.state)} ${way(app, `${to}->${from}`, `${to} → ${from}`, link.back, link.back.state)}
    </details>
  `;
}

/** @param {App} app @param {string} which @param {string} title @param {Direction} direction @param {string} state */
function way(app, which, title, direction, state) {
  const t = app.words;
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
          html`<button aria-pressed=${s === state} @click=${() => app.command(`${verb} ${which}`)}>${t.linkStates[s]}</button>`,
      )}
    </div>
    ${durationSlider(app, { id: `link ${which}`, word: t.latency, label: `${t.latency}, ${title}`, us: direction.latencyUs, zero: false, line: (text) => `link ${which} latency ${text}` })}
    ${durationSlider(app, { id: `jitter ${which}`, word: t.jitter, label: `${t.jitter}, ${title}`, us: direction.jitterUs, zero: true, line: (text) => `link ${which} jitter ${text}` })}
    ${pick(
      t.loss,
      direction.lossPpm,
      [0, 10_000, 100_000, 500_000],
      (ppm) => `${ppm / 10_000} %`,
      (ppm) => app.command(`link ${which} loss ${ppm / 10_000}%`),
    )}
    ${pick(
      t.bandwidth,
      direction.bandwidth ?? 0,
      [0, 1_000_000, 100_000, 10_000, 1000],
      (n) => (n ? rate(n) : t.unlimited),
      (n) => app.command(`link ${which} bandwidth ${n ? rate(n) : 'unlimited'}`),
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

/** @param {App} app */
function packetView(app) {
  const t = app.words;
  const packet = app.ui.packet;
  if (!packet) return nothing;
  return html`<p>${sentence(packet.parts)}</p>
    <p class="help">${packet.bytes} ${t.bytes} · ${t.sent} ${clock(packet.sentUs)} · ${packet.arrivesUs != null ? `${t.arrives} ${clock(packet.arrivesUs)}` : t.heldPacket}</p>`;
}

/** @param {App} app */
function whyView(app) {
  const { why } = app.ui;
  if (!why) return nothing;
  return html`<ol class="why">${why.sentences.map((s) => html`<li>${sentence(s)}</li>`)}</ol>
    <p class="acts"><button class="second small" @click=${() => app.showInDiagram(why)}>${app.words.inDiagram}</button></p>`;
}
