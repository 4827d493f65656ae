// What clients ask, and any other line of the run text.

import { nextValue } from '../model/run-text.js';
import { askLine, doing, sayLine, set } from './desk.js';

/** @param {import('./desk.js').Desk} desk */
export function requestVerbs(desk) {
  const { run, ui } = desk;
  /** Whether there is a key to ask for. */
  const named = () => {
    if (ui.key === '') set(desk, { notice: desk.words().noKey });
    return ui.key !== '';
  };
  /** @param {string} verb @param {string} rest */
  const ask = (verb, rest) =>
    named() && doing(desk, (core) => askLine(core, `${ui.session} ${verb} ${core.quote(ui.key)}${rest}`));
  const from = () => (ui.readFrom && run.state?.nodes.some((n) => n.name === ui.readFrom) ? ` @${ui.readFrom}` : '');
  const where = () => (ui.writeTo && run.state?.nodes.some((n) => n.name === ui.writeTo) ? ` @${ui.writeTo}` : '');
  return {
    write() {
      const { value } = ui;
      const level = ui.local && run.state?.settings.values.replication !== 'async' ? ' level=local' : '';
      const line = (/** @type {import('./desk.js').Core} */ core) =>
        `${ui.session} write ${core.quote(ui.key)} ${core.quote(value)}${where()}${level}`;
      if (!named() || !doing(desk, (core) => askLine(core, line(core)))) return;
      // As long as a task asks for this value, it stays.
      const { wanted } = ui.asked;
      if (!(wanted?.verb === 'write' && wanted.value === value)) ui.value = nextValue(value);
      ui.local = false;
    },
    read: () => void ask('read', from()),
    remove: () => void ask('delete', where()),
    /** Whom reads ask: in a lesson a node is asked for this task alone. @param {string} router */
    readFrom(router) {
      const here = run.lesson && router.startsWith('@') && ui.asked.wanted?.verb !== 'router';
      ui.readFrom = here ? router.slice(1) : '';
      desk.changed();
      if (!here && router !== run.state?.settings.values.router)
        doing(desk, (core) => sayLine(core, `router ${router}`));
    },
    /** A line of the run text, now. @param {string} line */
    command: (line) => doing(desk, (core) => sayLine(core, line)),
    /** The same for a caller from outside: what goes wrong is thrown to it. @param {string} line */
    commandOrThrow(line) {
      const { core } = run;
      if (!core) throw new Error('not ready');
      sayLine(core, line);
      core.tell('advanced');
    },
  };
}
