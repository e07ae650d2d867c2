// A picture of an answer, shown large over the page. Loaded when somebody opens the first one.

let dialog;
let links = []; // of the answer whose pictures are shown
let shown; // the link whose picture that is

function make(template) {
  dialog = template.content.querySelector("dialog").cloneNode(true);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) move(Number(step.dataset.step));
    else if (event.target === dialog || event.target.closest("[data-close-picture]")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const onward = document.documentElement.dir === "rtl" ? -1 : 1; // the next picture is where reading goes
    if (event.key === "ArrowLeft") move(-onward);
    if (event.key === "ArrowRight") move(onward);
  });
  // Whoever looked through several comes back to the one that was open last.
  dialog.addEventListener("close", () => {
    dialog.querySelector("img").removeAttribute("src");
    const place = shown.isConnected ? shown : document.querySelector(`[data-picture][href="${shown.pathname}"]`);
    place?.focus();
  });
}

function move(step) {
  const next = links[links.indexOf(shown) + step];
  if (next) fill(next);
}

function fill(link) {
  shown = link;
  const small = link.querySelector("img");
  const origin = link.parentElement.querySelector(".origin");
  const large = dialog.querySelector("img");
  large.src = link.href;
  large.alt = small.alt;
  large.width = small.getAttribute("width"); // the place it takes, before it is there
  large.height = small.getAttribute("height");
  dialog.querySelector("[data-title]").textContent = small.alt;
  const page = dialog.querySelector("[data-origin]");
  page.textContent = origin.textContent;
  if (origin.href) page.href = origin.href;
  else page.removeAttribute("href");
  const at = links.indexOf(link);
  for (const button of dialog.querySelectorAll("[data-step]")) {
    const there = links[at + Number(button.dataset.step)];
    if (!there && document.activeElement === button) dialog.querySelector("[data-close-picture]").focus();
    button.disabled = !there;
  }
}

export function show(link) {
  const answer = link.closest(".pictures");
  links = [...answer.querySelectorAll("[data-picture]")].filter((one) => one.checkVisibility?.() ?? true);
  if (!dialog?.isConnected) make(answer.querySelector("template[data-dialog]"));
  fill(link);
  if (!dialog.open) dialog.showModal();
}
