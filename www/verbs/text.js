// The run as a text: edited, copied, pasted, shared as a link, opened from a file.

import { TEXT_MAX } from '../run/fetch-text.js';
import { broke, isRefusal, set } from './desk.js';

/** @param {import('./desk.js').Desk} desk */
export function textVerbs(desk) {
  const { run, ui, browser } = desk;
  /** Another run; a refusal is thrown. @param {string} text */
  const runOrThrow = (text) => {
    const { core } = run;
    if (!core) throw new Error('not ready');
    core.run(text);
    core.first = text;
    core.held = false;
    ui.text = {};
    core.tell('begun');
  };
  const runDraft = () => {
    const { draft } = ui.text;
    if (draft === undefined || !run.core) return;
    try {
      runOrThrow(draft);
    } catch (error) {
      if (!isRefusal(error)) return broke(desk, error);
      set(desk, { text: { draft, error } });
      if (!error.line) return;
      const lines = draft.split('\n');
      const start = lines.slice(0, error.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
      browser.point('line', start, start + (lines[error.line - 1] ?? '').length);
    }
  };
  return {
    runOrThrow,
    runDraft,
    /** @param {string} text */
    async copy(text) {
      let note = desk.words().copied;
      try {
        await browser.copy(text);
      } catch {
        note = desk.words().copyFailed;
        browser.point('text');
      }
      set(desk, { text: { ...ui.text, note } });
    },
    async paste() {
      try {
        const draft = await browser.paste();
        set(desk, { text: { draft } });
      } catch {
        browser.point('line');
        set(desk, { text: { ...ui.text, note: desk.words().pasteFailed } });
      }
    },
    /** To the clipboard; where that is not allowed, it is shown to be copied by hand. @param {string} text */
    async copyOut(text) {
      const { links } = ui.share;
      try {
        await browser.copy(text);
        set(desk, { share: { links, note: desk.words().copied } });
      } catch {
        set(desk, { share: { links, note: desk.words().copyFailed, stuck: text } });
        browser.point('stuck');
      }
    },
    /** Makes the links of the run and of this moment. */
    async makeLinks() {
      const { core } = run;
      if (!core) return;
      // The menu is there first: a long run takes its time.
      await new Promise((done) => setTimeout(done, 40));
      if (core !== run.core) return;
      try {
        const { toFragment } = await import('../run/link.js');
        const [text, atUs, page] = [core.text, core.nowUs, browser.address()];
        const [whole, moment] = [core.hashAt(undefined), core.hashAt(atUs)];
        const links = {
          atUs,
          whole: page + (await toFragment(text, undefined, whole)),
          moment: page + (await toFragment(text, atUs, moment)),
        };
        set(desk, { share: { ...ui.share, links } });
      } catch (error) {
        broke(desk, error);
      }
    },
    /** @param {File} file */
    async openFile(file) {
      if (file.size > TEXT_MAX) return set(desk, { notice: desk.words().tooLarge });
      set(desk, { text: { draft: await file.text() } });
      runDraft();
      if (ui.text.error) set(desk, { tab: 'text' });
    },
  };
}
