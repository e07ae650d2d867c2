// What happens elsewhere is listened for once the page is there and has what it needs itself.

const { noticesScript } = document.body.dataset;
const PAGE_FIRST = 2000; // milliseconds
const ignoreFault = () => {}; // the page is whole without it

if (noticesScript) setTimeout(() => import(noticesScript).catch(ignoreFault), PAGE_FIRST);
