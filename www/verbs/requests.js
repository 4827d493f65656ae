// What clients ask, and any other line of the run text.

import { nextValue } from '../model/run-text.js';
import { doing, sayLine } from './desk.js';

/** @param {import('./desk.js').Desk} desk */
export function requestVerbs(desk) {
  const { run, ui } = desk;
  /** @param {string} verb @param {string} rest */
  const ask = (verb, rest) =>
    doing(desk, (core) => sayLine(core, `${ui.session} ${verb} ${core.quote(ui.key)}${rest}`));
  const where = () => (ui.writeTo && run.state?.nodes.some((n) => n.name === ui.writeTo) ? ` @${ui.writeTo}` : '');
  return {
    write() {
      const { value } = ui;
      const level = ui.local && run.state?.settings.values.replication !== 'async' ? ' level=local' : '';
      const line = (/** @type {import('./desk.js').Core} */ core) =>
        `${ui.session} write ${core.quote(ui.key)} ${core.quote(value)}${where()}${level}`;
      if (!doing(desk, (core) => sayLine(core, line(core)))) return;
      ui.value = nextValue(value);
      ui.local = false;
    },
    read: () => void ask('read', ''),
    remove: () => void ask('delete', where()),
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
