// What verbs may ask of the browser.

/** @param {ShadowRoot} root @param {import('./frame.js').Frame} frame */
export function makeBrowser(root, frame) {
  const area = (/** @type {string} */ where) =>
    /** @type {HTMLTextAreaElement | null} */ (root.querySelector(`${where} textarea`));
  return {
    copy: (/** @type {string} */ text) => navigator.clipboard.writeText(text),
    paste: () => navigator.clipboard.readText(),
    address: () => location.href.replace(/#.*$/s, ''),
    point: (
      /** @type {'text' | 'stuck' | 'line'} */ what,
      /** @type {number | undefined} */ from,
      /** @type {number | undefined} */ to,
    ) =>
      frame.after(() => {
        const at = area(what === 'stuck' ? '.pop' : '.playground');
        at?.focus();
        if (from !== undefined) at?.setSelectionRange(from, to ?? from);
        else if (what !== 'line') at?.select();
      }),
  };
}
