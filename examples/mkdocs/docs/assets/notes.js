// Lists what a playground tells the page: <ol class="notes" data-of="ID"></ol> gets the events of the playground with
// that id. The events do not bubble, but they can be caught on their way down; so one listener on the document does for
// all pages, also for those that instant navigation puts in later.

/** @type {Record<string, (detail: any) => string>} */
const words = {
  task: ({ words }) => `Done: ${words}`,
  anomaly: ({ text }) => `Seen: ${text}`,
  finished: ({ title }) => `Finished: ${title}`,
};

for (const [kind, say] of Object.entries(words)) {
  document.addEventListener(
    kind,
    (event) => {
      if (!(event instanceof CustomEvent) || !(event.target instanceof HTMLElement)) return;
      const list = event.target.id && document.querySelector(`.notes[data-of="${CSS.escape(event.target.id)}"]`);
      if (!list) return;
      const line = document.createElement('li');
      line.textContent = say(event.detail);
      list.append(line);
      list.scrollTop = list.scrollHeight;
    },
    { capture: true },
  );
}
