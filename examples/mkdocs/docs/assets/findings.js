// Opens the runs that the table of guarantees links to in the playground of the page. One listener on the document does
// for all pages, also for those that instant navigation puts in later; without it, a link leads to the run as a text.

document.addEventListener(
  'click',
  (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element && event.target.closest('a');
    const playground = document.querySelector('#finding');
    if (!link || !playground || !link.pathname.endsWith('.run')) return;
    event.preventDefault();
    event.stopPropagation();
    playground.setAttribute('src', link.href);
    const name = document.querySelector('#finding-name');
    const row = link.closest('tr')?.querySelectorAll('td');
    if (name && row) name.textContent = `${row[0]?.textContent}, operator ${row[1]?.textContent}: ${link.textContent}`;
    playground.scrollIntoView({ block: 'start' });
  },
  { capture: true },
);
