// What goes with a question. app.js fetches this once somebody attaches something: it uploads at once, one file after
// another, shows each as a tile, and lets the question wait for them. What a file is, the server decides by its bytes.

const byId = (id) => document.getElementById(id);
const list = () => byId("attachments");
const tiles = (state) => [...list().querySelectorAll(`.tile${state}`)];
const ids = () => [...list().querySelectorAll("[name=attachment]")].map((field) => field.value);
const shape = (selector) => byId("attachment-shapes").content.querySelector(selector).cloneNode(true);
const word = (name, values = {}) =>
  shape(`[data-word="${name}"]`).textContent.replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");

const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
const BUSY_WAIT = 3000; // milliseconds
const MOST_ATTEMPTS = 5;

// --- The draft: what was attached is still there after a reload ----------------------------------------

const draftName = (form) => `attachments:${form.dataset.draft}`;

function keep(form) {
  try {
    if (ids().length) localStorage.setItem(draftName(form), JSON.stringify(ids()));
    else localStorage.removeItem(draftName(form));
  } catch {
    // A browser that stores nothing still asks questions.
  }
}

export async function restore(form) {
  for (const tile of tiles("[data-attached]")) adopt(form, tile);
  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(draftName(form))) ?? [];
  } catch {
    // What cannot be read is no draft.
  }
  const missing = kept.filter((id) => !ids().includes(id));
  if (missing.length) {
    const query = new URLSearchParams(missing.map((id) => ["id", id]));
    const response = await fetch(`${list().dataset.waiting}?${query}`).catch(() => null);
    const html = response?.ok && !response.redirected ? await response.text().catch(() => null) : null;
    if (html === null || !form.isConnected) return;
    for (const tile of parsed(html)) {
      if (ids().includes(tile.querySelector("[name=attachment]")?.value)) continue; // attached meanwhile
      list().append(tile);
      adopt(form, tile);
    }
  }
  keep(form);
  check();
}

// --- Choosing, and what is refused before it is uploaded -------------------------------------------------

let chooser = null;

export function choose(form) {
  chooser ??= Object.assign(document.createElement("input"), { type: "file", multiple: true });
  chooser.accept = form.querySelector("[data-attach]").dataset.accept;
  chooser.value = "";
  chooser.onchange = () => add(form, [...chooser.files]);
  chooser.click();
}

export function add(form, files) {
  for (const file of files) {
    const tile = newTile(form, file.name);
    const problem = problemWith(file);
    if (problem) refuse(form, tile, word(problem, { size: megabytes(file.size) }), problem === "large-picture" && [file, true]);
    else queue(form, tile, file);
  }
  list().scrollIntoView({ block: "nearest" });
}

function problemWith(file) {
  const limits = list().dataset;
  const ending = file.name.match(/\.\w+$/)?.[0].toLowerCase();
  const taken = composer().querySelector("[data-attach]").dataset.accept.split(",");
  const together = tiles("[data-attached]").reduce((sum, tile) => sum + Number(tile.dataset.size), 0);
  if (!file.size) return "empty";
  if (!taken.includes(file.type) && !taken.includes(ending)) return "kind";
  if (tiles(":not(.refused)").length > Number(limits.most)) return "many";
  if (file.size > Number(limits.mostBytes)) return "large";
  if (isPicture(file) && file.size > Number(limits.mostPictureBytes)) return "large-picture";
  return together + file.size > Number(limits.mostTogetherBytes) ? "together" : "";
}

const isPicture = (file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name);
const composer = () => document.querySelector("form#composer");

// --- Uploading -------------------------------------------------------------------------------------------

let uploads = Promise.resolve();

function queue(form, tile, file, smaller = false) {
  tile.className = "tile uploading";
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", word("uploading", { name: file.name }));
  tile.querySelector(".tile-note").replaceChildren(bar);
  tile.querySelector(".tile-way-out")?.remove();
  const refused = () => refuse(form, tile, word("server"), [file, smaller]);
  uploads = uploads.then(() => tile.isConnected && upload(form, tile, file, smaller, bar)).catch(refused);
}

async function upload(form, tile, file, smaller, bar, attempt = 1) {
  const said = await send(form, file, smaller, bar, tile);
  if (said.status === 503 && attempt < MOST_ATTEMPTS) {
    await new Promise((done) => setTimeout(done, BUSY_WAIT));
    return upload(form, tile, file, smaller, bar, attempt + 1);
  }
  if (said.aborted) return;
  const [result] = said.status === 201 || said.status === 422 ? parsed(said.text) : [];
  if (!result) return refuse(form, tile, word(said.problem), [file, smaller]);
  if (result.matches("[data-refused]")) {
    const smallerHelps = "smallerHelps" in result.dataset && !smaller;
    return refuse(form, tile, result.querySelector(".tile-note").textContent, smallerHelps && [file, true]);
  }
  // The form may have been drawn anew meanwhile; the tile then joins the one that is there.
  const here = composer()?.dataset.draft === form.dataset.draft ? composer() : null;
  if (tile.isConnected) tile.replaceWith(result);
  else if (here) list().append(result);
  else return;
  adopt(here ?? form, result);
  tell("attached", result);
  changed(here ?? form);
}

function send(form, file, smaller, bar, tile) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    if (form.dataset.draft !== "new") data.append("conversation", form.dataset.draft);
    if (smaller) data.append("smaller", "yes");
    data.append("file", file, file.name);
    request.open("POST", list().dataset.address);
    request.setRequestHeader("X-CSRFToken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.upload.addEventListener("load", () => {
      if (bar.isConnected) bar.replaceWith(word("judging"));
    });
    let aborted = false;
    const end = (problem) => () => {
      const signedOut = new URL(request.responseURL || location.href).pathname === document.body.dataset.login;
      if (signedOut) done({ status: 0, problem: "signed-out" });
      else done({ status: request.status, text: request.responseText, problem, aborted });
    };
    request.addEventListener("load", end("server"));
    request.addEventListener("error", end("unreachable"));
    request.addEventListener("abort", end("unreachable"));
    tile.addEventListener("parley:remove", () => {
      aborted = true;
      request.abort();
    });
    request.send(data);
  });
}

// --- Tiles -----------------------------------------------------------------------------------------------

function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return [...holder.content.querySelectorAll(".tile")];
}

function newTile(form, name) {
  const tile = shape(".tile");
  tile.classList.add("uploading");
  tile.querySelector(".tile-name").textContent = name;
  addRemove(form, tile);
  list().append(tile);
  return tile;
}

// Where scripts run, a button takes the place of the box that can be unticked.
function adopt(form, tile) {
  const box = tile.querySelector("[type=checkbox]");
  if (!box) return;
  box.type = "hidden";
  tile.querySelector(".tile-box").replaceWith(box);
  addRemove(form, tile);
}

function addRemove(form, tile) {
  const button = shape(".tile-remove");
  const name = tile.querySelector(".tile-name").textContent.trim();
  button.setAttribute("aria-label", word("remove", { name }));
  button.addEventListener("click", () => remove(form, tile));
  tile.append(button);
}

function remove(form, tile) {
  const beside = tile.nextElementSibling ?? tile.previousElementSibling;
  tile.dispatchEvent(new Event("parley:remove"));
  tell("removed", tile);
  tile.remove();
  (beside?.querySelector(".tile-remove") ?? form.elements.text).focus({ preventScroll: true });
  changed(form);
  if (!tile.dataset.remove) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(tile.dataset.remove, { method: "POST", headers }).catch(() => {}); // it is forgotten by itself after a day
}

function refuse(form, tile, sentence, wayOut) {
  tile.className = "tile refused";
  const note = tile.querySelector(".tile-note");
  note.setAttribute("role", "alert");
  note.textContent = sentence;
  if (wayOut) {
    const [file, smaller] = wayOut;
    const button = shape(".tile-way-out");
    button.textContent = word(smaller ? "smaller" : "again");
    button.addEventListener("click", () => queue(form, tile, file, smaller));
    tile.querySelector(".tile-remove").before(button);
  }
  changed(form);
}

// Heard by those who do not see the tiles; the others read only what the tiles do not say.
function tell(name, tile) {
  const note = byId("attachments-note");
  note.textContent = word(name, { name: tile?.querySelector(".tile-name").textContent.trim() });
  note.toggleAttribute("data-shown", !tile);
}

// --- Asking waits for the uploads, and for decisions -------------------------------------------------------

let asking = null;

function changed(form) {
  keep(form);
  form.dispatchEvent(new Event("input", { bubbles: true })); // another question needs another key
  check();
  if (asking === form && !tiles(".uploading").length) {
    asking = null;
    if (form.isConnected) form.requestSubmit();
  }
}

// What the chosen model does not take, in the words of the server.
function refusals(form) {
  const model = form.querySelector("[name=model]:checked");
  const kinds = new Set(tiles("[data-attached]").map((tile) => tile.dataset.kind));
  return [...kinds].map((kind) => model?.getAttribute(`data-refuses-${kind}`)).filter(Boolean);
}

// The server says beside the options what does not go together with them.
const check = () => window.htmx.trigger(byId("options-panel"), "parley:check");

// Whether the question can go now; it goes by itself when the uploads are there.
export function ready(form) {
  asking = null;
  const problems = refusals(form);
  if (tiles(".refused").length) problems.push(word("unsettled"));
  const told = problems.map((textContent) => Object.assign(document.createElement("p"), { textContent }));
  form.querySelector(".composer-problem").replaceChildren(...told);
  if (problems.length || !tiles(".uploading").length) return !problems.length;
  asking = form;
  tell("waiting");
  return false;
}
