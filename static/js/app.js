// The frame around the answers: the composer and its drafts, menus, the drawer, colours, shortcuts, notices.

import "./composer/merge_edits.js";

const byId = (id) => document.getElementById(id);
const composer = () => document.querySelector("form#composer");

// --- Drafts: nothing typed is ever lost --------------------------------------------------------------

// Reads what is stored under the name; writes the value where there is one, and forgets what was there for null.
function stored(name, value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(name));
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that stores nothing still asks questions.
  }
  return null;
}

const drafts = {
  read: (form) => stored(`draft:${form.dataset.draft}`),
  write: (form, draft) => stored(`draft:${form.dataset.draft}`, draft),
};
const optionsDraft = {
  read: (form) => stored(`options:${form.dataset.draft}`),
  drop: (form) => stored(`options:${form.dataset.draft}`, null),
};

// What has to do with options or attachments is fetched when somebody has to do with them. Where that fails, whoever
// pressed something is told.
const fetched = (address, use, pressed) => import(address).then(use, () => pressed && tell("unreachable", pressed));
const options = (form, use, pressed) => fetched(form.dataset.optionsScript, use, pressed);
const attachments = (form, use, pressed) => fetched(form.dataset.attachmentsScript, use, pressed);

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}

const isAsked = (text) =>
  [...document.querySelectorAll(".question-text")].some((asked) => asked.textContent.trim() === text.trim());

// What was typed and set while a new conversation's question was on its way goes on below that question.
let followedUp = null; // the place of the question that was asked
function moveDrafts(form) {
  const [from, to] = [followedUp, form.dataset.draft];
  followedUp = null;
  if (!from || from === to) return;
  for (const kind of ["draft", "options"]) {
    const draft = stored(`${kind}:${from}`);
    if (!draft) continue;
    stored(`${kind}:${to}`, draft);
    stored(`${kind}:${from}`, null);
  }
}

function prepareComposer() {
  const form = composer();
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  moveDrafts(form);
  let draft = drafts.read(form);
  const refused = form.querySelector(".composer-problem p");
  if (draft?.sent && isAsked(draft.text)) {
    drafts.write(form, null); // it arrived, though the page that said so did not
    optionsDraft.drop(form);
    draft = null;
  }
  if (draft && (!form.elements.text.value.trim() || (refused && !draft.sent))) { // typed since it was sent
    form.elements.text.value = draft.text;
    if (draft.sent) form.elements.key.value = draft.sent; // it may have arrived after all: the same key asks it once
  }
  grow(form.elements.text);
  form.removeAttribute("enctype"); // files do not come with the form where scripts upload them
  const attached = form.querySelector(".tile") || stored(`attachments:${form.dataset.draft}`);
  if (attached) attachments(form, (script) => script.restore(form));
  if (form.dataset.preset) {
    history.replaceState(history.state, "", location.pathname); // a reload brings the draft, not the preset once more
    options(form, (script) => script.changed(form));
  } else if (optionsDraft.read(form)) {
    options(form, (script) => script.restore(form));
  }
}

// A key belongs to one text. Once it was sent, a changed question is another question.
document.addEventListener("input", (event) => {
  const form = composer();
  if (!form?.contains(event.target)) return;
  if (form.elements.key.value === drafts.read(form)?.sent) form.elements.key.value = newKey();
  if (event.target.name === "model") form.querySelector("[data-chosen]").textContent = event.target.dataset.label;
  if (event.target.name === "text") grow(event.target);
  else if (event.target.name === "model" || event.target.name.startsWith("o.")) options(form, (script) => script.changed(form));
  drafts.write(form, form.elements.text.value ? { text: form.elements.text.value } : null);
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-option-off]");
  if (chip) options(composer(), (script) => script.takeOff(composer(), chip.dataset.optionOff), chip);
  const presets = event.target.closest("[data-presets-script]");
  if (presets) fetched(presets.dataset.presetsScript, () => {}, presets);
});

document.addEventListener("keydown", (event) => {
  // Enter in a field for an option ends the field, and does not ask yet.
  if (event.key === "Enter" && event.target.matches("#options-panel input")) event.preventDefault();
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  if (event.target.id !== "question" || matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  if (event.target.value.trim()) composer().requestSubmit();
});

// Choosing a model with the pointer closes the list; with the keyboard one goes on comparing.
document.addEventListener("click", (event) => {
  const menu = event.detail > 0 && event.target.closest(".model:has(:enabled)")?.closest("details");
  if (!menu) return;
  setTimeout(() => {
    menu.open = false;
    byId("question").focus({ preventScroll: true });
  });
});

document.addEventListener("click", (event) => {
  const example = event.target.closest("[data-example]");
  if (!example) return;
  const area = composer().elements.text;
  area.value = example.textContent.trim();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

// --- Attaching: choose, paste, drop -------------------------------------------------------------------

const attach = (files) => attachments(composer(), (script) => script.add(composer(), files), byId("question"));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-attach]");
  if (button) attachments(composer(), (script) => script.choose(composer()), button);
});

// Who copies a table or a text gets its picture along, and means the text.
document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  const text = event.clipboardData.getData("text/plain");
  if (event.target.id !== "question" || !files.length || (text && !files.some(({ name }) => name === text))) return;
  event.preventDefault();
  attach(files);
});

function drag(event) {
  if (!composer() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  composer().classList.toggle("dropping", event.type === "dragover");
  if (event.type === "drop") attach([...event.dataTransfer.files]);
}
document.addEventListener("dragover", drag);
document.addEventListener("drop", drag);
document.addEventListener("dragleave", (event) => !event.relatedTarget && composer()?.classList.remove("dropping"));

// A question with attachments goes when they are there; htmx hears of it then.
function sendComplete(event) {
  const form = event.target;
  if (form.id !== "composer" || !form.querySelector(".tile") || complete.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  attachments(form, (script) => script.ready(form) && complete.add(form) && form.requestSubmit(), form);
}
const complete = new WeakSet();
document.addEventListener("submit", sendComplete, true);

// --- Asking ------------------------------------------------------------------------------------------

const asks = (form) => form?.matches?.("#composer, [data-asks]");

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (form.id === "newer" && document.hidden) event.preventDefault();
  if (form.id !== "composer") return;
  form.querySelector(".composer-problem").replaceChildren();
});

let optionsSent = "";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "composer") return;
  drafts.write(form, { text: form.elements.text.value, sent: form.elements.key.value });
  optionsSent = JSON.stringify(optionsDraft.read(form));
});

// What was asked is no draft any more; what was typed and set since then is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (!asks(form) || event.detail.xhr.status >= 300 || signedOut(event.detail.xhr)) return;
  if (form.id === "composer") {
    if (drafts.read(form)?.sent) drafts.write(form, null);
    if (JSON.stringify(optionsDraft.read(form)) === optionsSent) optionsDraft.drop(form);
    followedUp = form.dataset.draft;
  } else {
    form.elements.key.value = newKey();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!asks(event.detail.requestConfig?.elt)) return;
  const title = byId("conversation")?.dataset.title;
  if (title) document.title = title;
  window.htmx.trigger(document.body, "history-changed");
  if (event.detail.requestConfig.elt.id === "composer") {
    const wrong = document.querySelector("#options[open] .option:has(.field-error p) :is(input, select, textarea)");
    if (wrong) wrong.focus();
    else byId("question")?.focus({ preventScroll: true });
  }
  if (event.detail.successful !== false) document.dispatchEvent(new CustomEvent("parley:to-end"));
});

document.addEventListener("parley:ended", () => window.htmx.trigger(document.body, "history-changed"));

// A question that came twice, by the answer to asking it and by looking for newer ones, is shown once.
document.addEventListener("htmx:load", (event) => {
  const same = event.detail.elt.matches?.(".exchange") && document.querySelectorAll(`[id="${event.detail.elt.id}"]`);
  if (same?.length > 1) event.detail.elt.remove();
  prepareComposer();
});

// The list beside the page marks the conversation that the address names.
function markOpenConversation() {
  for (const link of document.querySelectorAll("#history .history-row > a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
document.addEventListener("htmx:pushedIntoHistory", markOpenConversation);

// --- Searching as one types is one step back, not one for every letter -------------------------------

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (!form.matches(".search")) return;
  const there = location.pathname === new URL(form.action).pathname;
  form.setAttribute("hx-push-url", String(!there));
  form.setAttribute("hx-replace-url", String(there));
});
document.addEventListener("submit", (event) => event.target.matches(".search") && setDrawer(false));

// --- When something fails ----------------------------------------------------------------------------

const signedOut = (xhr) => xhr?.responseURL && new URL(xhr.responseURL).pathname === document.body.dataset.login;

// What looks for news by itself says nothing: it looks again soon.
const asksByItself = (element) => element.matches("#newer, #history-watch, #options-panel, [data-looks-by-itself]");

function tell(problem, form) {
  const notice = byId(`problem-${problem}`).content.cloneNode(true);
  const again = notice.querySelector("[data-again]");
  if (!form.requestSubmit) again?.remove(); // what is no form has a link or a summary that one can press once more
  again?.addEventListener("click", () => {
    again.closest(".toast")?.remove();
    form.requestSubmit();
  });
  notice.querySelector("[data-reload]")?.addEventListener("click", () => location.reload());
  if (form.id === "composer") {
    form.querySelector(".composer-problem").replaceChildren(notice);
  } else {
    const same = byId("toasts").querySelector(`[data-problem="${problem}"]`);
    if (same && asksByItself(form)) return;
    same?.remove();
    const toast = document.createElement("div");
    toast.className = "toast error";
    toast.dataset.problem = problem;
    toast.append(notice);
    byId("toasts").append(toast);
  }
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!signedOut(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  tell("signed-out", event.detail.requestConfig.elt);
});
document.addEventListener("htmx:sendError", (event) => {
  if (!asksByItself(event.target)) tell("unreachable", event.target);
});
document.addEventListener("htmx:responseError", (event) => {
  if (asksByItself(event.target)) return;
  const { status } = event.detail.xhr;
  tell(status === 403 ? "outdated" : status === 404 ? "gone" : "server", event.target);
});

// --- Notices -----------------------------------------------------------------------------------------

function watchToast(toast) {
  if (!toast.querySelector("[data-close]")) {
    const close = byId("toast-close").content.cloneNode(true);
    close.querySelector("button").dataset.close = "";
    toast.append(close);
  }
  const seconds = toast.matches(".error, .warning") ? 30 : 8;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, seconds * 1000);
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.matches?.(".toast")) watchToast(node);
}).observe(byId("toasts"), { childList: true });
document.querySelectorAll(".toast").forEach(watchToast);
document.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest(".toast").remove());

// --- Menus close when one looks elsewhere ------------------------------------------------------------

function closeMenus(elsewhere) {
  if (elsewhere?.closest?.("dialog")) return; // it stands above the menu from which it came
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(elsewhere)) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target));
// A press on plain text gives the focus to what surrounds it, the menu included: that is not leaving the menu.
document.addEventListener("focusin", (event) => {
  if (!event.target.querySelector("[data-menu][open]")) setTimeout(closeLeftMenus);
});
// The focus may have gone on meanwhile, into a menu that was opened only now.
function closeLeftMenus() {
  const at = document.activeElement;
  if (at !== document.body && !at.querySelector("[data-menu][open]")) closeMenus(at);
}

// The sidebar's list scrolls and would cut its menus off, so these float above the page.
function floatMenu(event) {
  const menu = event.target;
  if (!menu.matches?.(".history [data-menu]") || !menu.open) return;
  const list = menu.querySelector(".menu-list");
  const at = menu.getBoundingClientRect();
  const room = window.innerHeight - at.bottom;
  list.style.position = "fixed";
  list.style.insetInline = `${Math.min(at.left, window.innerWidth - list.offsetWidth - 12)}px auto`;
  list.style.insetBlock = room > 280 ? `${at.bottom + 4}px auto` : `auto ${window.innerHeight - at.top + 4}px`;
}
document.addEventListener("toggle", floatMenu, true);
document.addEventListener("scroll", (event) => event.target === byId("history") && closeMenus(null), {
  capture: true,
  passive: true,
});

// --- The drawer on narrow screens --------------------------------------------------------------------

const sidebar = byId("sidebar");
const opener = byId("open-sidebar");

function setDrawer(open) {
  if (!sidebar || sidebar.classList.contains("open") === open) return;
  sidebar.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", String(open));
  for (const other of document.querySelectorAll(".topbar, .stage")) other.inert = open;
  if (open) {
    sidebar.setAttribute("role", "dialog");
    sidebar.setAttribute("aria-modal", "true");
    byId("close-sidebar").focus();
  } else {
    sidebar.setAttribute("role", "complementary");
    sidebar.removeAttribute("aria-modal");
    opener.focus();
  }
}

opener?.setAttribute("role", "button");
opener?.setAttribute("aria-expanded", "false");
document.addEventListener("click", (event) => {
  const link = event.target.closest("#open-sidebar, #close-sidebar");
  if (link) {
    event.preventDefault();
    setDrawer(link === opener);
  } else if (sidebar?.matches(".open") && !sidebar.contains(event.target)) {
    setDrawer(false);
  }
});
matchMedia("(max-width: 45em)").addEventListener("change", (event) => !event.matches && setDrawer(false));

// --- Shortcuts ---------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (document.querySelector("dialog[open]")) return; // the browser closes it, wherever the focus is
    const menu = [...document.querySelectorAll("[data-menu][open]")].at(-1); // the innermost
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else {
      setDrawer(false);
    }
    return;
  }
  const typing = event.target.matches("input, textarea, select, [contenteditable]");
  const wanted = (event.key === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !typing);
  if (!wanted || event.altKey || !byId("search")) return;
  event.preventDefault();
  if (matchMedia("(max-width: 45em)").matches) setDrawer(true);
  byId("search").focus();
  byId("search").select();
});

// --- Colours: a cookie, so that the server draws the first page right --------------------------------

const theme = byId("theme");
if (theme) {
  theme.disabled = false;
  const chosen = document.documentElement.dataset.theme ?? "system";
  theme.querySelector(`[value="${chosen}"]`).checked = true;
  theme.addEventListener("change", (event) => {
    const colours = event.target.value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    const age = colours === "system" ? 0 : 31_536_000;
    document.cookie = `theme=${colours}; path=/; max-age=${age}; samesite=lax${secure}`;
    if (colours === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = colours;
  });
}

for (const example of document.querySelectorAll("[data-example]")) example.hidden = false;
prepareComposer();
