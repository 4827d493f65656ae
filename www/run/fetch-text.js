// A run or lesson text from outside.

/** Bytes in a run text, as in src/limits.rs. */
export const TEXT_MAX = 512 * 1024;

/** A text of UTF-8, no larger than a run may be. @param {URL} url */
export async function fetchText(url) {
  const answer = await fetch(url);
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${answer.statusText}`.trim());
  const reader = answer.body.pipeThrough(new TextDecoderStream('utf-8', { fatal: true })).getReader();
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += read.value;
    if (text.length <= TEXT_MAX) continue;
    void reader.cancel();
    throw new Error(`more than ${TEXT_MAX >> 10} KiB`);
  }
  return text;
}
