// Every setting of the run text as a control, in groups that are folded away until somebody wants them.

import configurations from 'still:configurations';
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { capacityOfAll, control, loadControl } from '../parts/control.js';
import { choice, fold } from '../parts/fields.js';
import { parseReplication, replicationLine } from '../model/run-text.js';
import { settingWords } from '../words/settings-words.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../parts/fields.js').Option} Option */
/** @typedef {import('../words/settings-words.js').SettingWords} SettingWords */
/** @typedef {(view: View, text: string, line: string) => unknown} Draw */
/** @typedef {{ line?: string, says?: string[], draw?: Draw }} Entry */

/**
 * All settings, by group. A new one is an entry here and its words under `settings` in settings-words.js.
 *
 * `line` is its first word in the run text, and `says` what may follow, by example: a word of an example that begins
 * with a digit is typed by the reader. Whatever does not fit that has a `draw` of its own; without a `line` it is no
 * setting of the run.
 * @type {[group: keyof SettingWords['groups'], entries: Entry[]][]}
 */
const TABLE = [
  [
    'acknowledged',
    [
      { line: 'replication', draw: acknowledgement },
      { line: 'sync-slaves', draw: order },
    ],
  ],
  [
    'missing',
    [
      { line: 'too-few', says: ['block', 'degrade 10s', 'error 10s'] },
      { line: 'gate', says: ['off', '1 10s'] },
    ],
  ],
  [
    'log',
    [
      { line: 'log', says: ['keep all', 'keep slots', 'keep 1000'] },
      { line: 'gap', says: ['snapshot', 'stop'] },
      { line: 'relay', says: ['received', 'applied'] },
      { line: 'retry', says: ['250ms'] },
    ],
  ],
  [
    'promotion',
    [
      {
        line: 'failover',
        says: ['manual', 'quorum 3 2 30s', 'lease 30s 10s', 'lease 30s 10s max-lag 1000', 'election 10s'],
      },
      { line: 'unapplied', says: ['apply', 'discard'] },
      { line: 'rejoin', says: ['discard', 'refuse', 'rollback'] },
    ],
  ],
  [
    'network',
    [
      { line: 'durability', says: ['sync', 'lazy 1s', 'snapshots 60s', 'none'] },
      { line: 'flush', says: ['1ms'] },
      { line: 'link-timeout', says: ['never', '60s'] },
      { line: 'send-buffer', says: ['4MB'] },
    ],
  ],
  ['load', [{ line: 'load', draw: loadControl }, { draw: capacityOfAll }]],
  [
    'clients',
    [
      { line: 'slave-writes', says: ['ignored', 'refused', 'forwarded', 'accepted'] },
      { draw: writeTo },
      { draw: session },
      { line: 'own-writes', says: ['off', 'master 2s', 'position 300ms'] },
      { line: 'max-lag', says: ['off', '1s'] },
      { line: 'no-node', says: ['master', 'wait', 'error'] },
      { line: 'timeout', says: ['5s'] },
      { draw: askHowMany },
      { line: 'engine', says: ['plain', 'postgresql', 'mariadb', 'mysql', 'redis', 'mongodb'] },
    ],
  ],
];

/** What stands under “More settings”. @param {View} view */
export function settings(view) {
  const t = settingWords(view);
  if (!view.state) return nothing;
  const { differs, preset } = view.state.settings;
  const stands = configurations[preset || 'plain'];
  const others = TABLE.flatMap(([group, entries]) => entries.map((entry) => [group, entry.line ?? ''])).filter(
    ([, line]) => line in differs,
  );
  return html`
    ${choice(
      { id: 'preset', label: t.preset, help: t.presetHelp },
      preset || 'plain',
      [...view.presets]
        .sort((a, b) => Number(b.name === 'plain') - Number(a.name === 'plain'))
        .map((p) => [p.name, p.title]),
      (v) => view.act.command(`preset ${v}`),
    )}
    ${stands ? html`<pre class="configuration" tabindex="0" role="group" aria-label=${t.configuration}>${stands}</pre>` : nothing}
    ${
      others.length > 0
        ? html`<div class="differing" role="group" aria-label=${t.differs}>
            <span>${t.differs}</span>
            ${others.map(([group, line]) => html`<button class="second small" @click=${() => view.act.showSetting(group, line)}>${line}</button>`)}
            <button class="quiet small" @click=${() => view.act.command(`preset ${preset || 'plain'}`)}>${t.allBack}</button>
          </div>`
        : nothing
    }
    ${TABLE.map(([group, entries]) => {
      const n = others.filter(([g]) => g === group).length;
      return fold(
        view,
        group,
        html`${t.groups[group]}${n > 0 ? html` <b class="changed">${t.changed(n)}</b>` : nothing}`,
        () => entries.map((entry) => setting(view, group, entry)),
      );
    })}
  `;
}

/** The group that a setting is in. @param {string} line @returns {string | undefined} */
export const groupOf = (line) => TABLE.find(([, entries]) => entries.some((entry) => entry.line === line))?.[0];

/** @param {View} view @param {string} group @param {Entry} entry */
function setting(view, group, { line = '', says = [], draw }) {
  const { values, differs } = /** @type {import('../types').State} */ (view.state).settings;
  const text = values[line] ?? '';
  const was = differs[line];
  return html`<div class="setting ${was === undefined ? '' : 'differs'}" data-setting=${line}>
    ${draw ? draw(view, text, line) : control(view, line, text, says, settingWords(view).settings[line] ?? [line])}
    ${
      was === undefined
        ? nothing
        : html`<button
            class="quiet small back"
            @click=${() => {
              view.act.command(`${line} ${was}`);
              view.act.showSetting(group, line);
            }}
          >
            ${settingWords(view).backTo} <code>${line} ${was}</code>
          </button>`
    }
  </div>`;
}

// --- those that are no choice of one thing ---

/** @type {Draw} */
function acknowledgement(view, text) {
  const t = settingWords(view);
  const now = parseReplication(text);
  const set = (/** @type {Partial<typeof now>} */ change) => view.act.command(replicationLine({ ...now, ...change }));
  const slaves = view.slaves().length;
  /** @type {Option[]} */
  const who = [['async', t.ackAsync]];
  for (let n = 1; n < Math.min(slaves, 4); n++) who.push([String(n), t.ackN(String(n))]);
  who.push(['majority', t.ackMajority], ['all', t.ackAll]);
  const tick = (/** @type {'first' | 'hidden'} */ what, /** @type {string} */ help) =>
    html`<label class="check"
      ><input type="checkbox" .checked=${live(now[what])} @change=${(/** @type {Event} */ e) => set({ [what]: /** @type {HTMLInputElement} */ (e.target).checked })} /><span>${t[what]}</span
      ><small>${help}</small></label
    >`;
  return html`${choice({ id: 'who', label: t.acknowledge, help: t.acknowledgeHelp }, now.who, who, (v) => set({ who: v, first: now.first && !/\D/.test(v) }))}
  ${
    now.who === 'async'
      ? nothing
      : html`${choice({ id: 'stage', label: t.ackStage, help: t.ackStageHelp }, now.stage, Object.entries(t.stages), (v) => set({ stage: v }))}
        ${/\D/.test(now.who) ? nothing : tick('first', t.firstHelp)}${tick('hidden', t.hiddenHelp)}`
  }`;
}

/** Slaves in an order that is made by pressing them. @type {Draw} */
function order(view, text, line) {
  const [label, help] = settingWords(view).settings[line];
  const chosen = text === 'all' ? [] : text.split(' ');
  const names = new Set([...view.slaves(), ...chosen]);
  return html`<div class="field" role="group" aria-label=${label} aria-describedby="help-${line}">
    <span>${label}</span>
    <p class="links-of">
      ${[...names].map((name) => {
        const place = chosen.indexOf(name) + 1;
        const next = place ? chosen.filter((n) => n !== name) : [...chosen, name];
        return html`<button class="second small" aria-pressed=${place > 0} @click=${() => view.act.command(`${line} ${next.join(' ') || 'all'}`)}>${place ? html`<b>${place}.</b> ` : nothing}${name}</button>`;
      })}
    </p>
    <small id="help-${line}">${help}</small>
  </div>`;
}

/** @type {Draw} */
function writeTo(view) {
  const t = settingWords(view);
  return choice(
    { id: 'write-to', label: t.writeTo, help: t.writeToHelp },
    view.ui.writeTo,
    [['', view.words.routers.master], ...view.slaves().map((n) => [n, n])],
    (v) => view.act.set({ writeTo: v }),
  );
}

/** @type {Draw} */
function session(view) {
  const t = settingWords(view);
  return choice(
    { id: 'session', label: t.session, help: view.words.sessionHelp },
    view.ui.session,
    view.sessions().map((s) => [s, s]),
    (v) => view.act.set({ session: v }),
  );
}

/** @type {Draw} */
function askHowMany(view) {
  const [label, help, ask, slaves, within] = settingWords(view).wait;
  const field = (/** @type {string} */ name, /** @type {string} */ caption, /** @type {string} */ value) =>
    html`<label><span>${caption}</span> <input name=${name} size="5" required autocomplete="off" aria-label="${label}: ${caption}" value=${value} /></label>`;
  const say = (/** @type {Event} */ e) => {
    const fields = /** @type {Element} */ (e.currentTarget).querySelectorAll('input');
    view.act.command(`${view.ui.session} wait ${[...fields].map((field) => field.value).join(' ')}`);
  };
  const onEnter = (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Enter' && /** @type {Element} */ (e.target).matches('input')) say(e);
  };
  const onPress = (/** @type {Event} */ e) => /** @type {Element} */ (e.target).closest('button') && say(e);
  return html`<div class="field" role="form" aria-label=${label} @keydown=${onEnter} @click=${onPress}>
    <span>${label}</span>
    <div class="slots">${field('slaves', slaves, '1')}${field('within', within, '1s')}<button type="button" class="second small">${ask}</button></div>
    <small>${help}</small>
  </div>`;
}
