// What the build changes in index.html.

/** Sites that show a card want its whole address. @param {string} [site] where the page will be */
export function card(site) {
  if (!site) return [];
  const whole = new URL('www/card.png', site).href.replaceAll('&', '&amp;');
  return [['content="www/card.png"', `content="${whole}"`]];
}

/** What the loader asks for is asked for with it. @param {string} name of the loader @param {string[]} scripts */
export function preloads(name, scripts) {
  const script = `<script type="module" src="./${name}.js"></script>`;
  const links = scripts.map((file) => `<link rel="modulepreload" href="./${file}" />`);
  return [[script, [script, ...links].join('\n    ')]];
}

/** The page with these changes, each in its one place. @param {string} page @param {string[][]} changes */
export function changed(page, changes) {
  return changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`index.html has not exactly one ${from}`);
    return text.replace(from, () => to);
  }, page);
}
