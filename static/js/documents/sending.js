// Sends files one after another, with their progress, and puts the server's row in the place of what was shown.

import { byId } from "../shared/dom.js";
import { isSignInPage } from "../shared/sign_in.js";

const BUSY_WAIT = 3000; // milliseconds
const MOST_ATTEMPTS = 5;

let uploads = Promise.resolve();

const shape = (selector) => byId("upload-shapes").content.querySelector(selector).cloneNode(true);
const sentence = (name, values = {}) =>
  shape(`[data-word="${name}"]`).textContent.replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");

export function queueFile(form, file, row = newRow(file)) {
  const note = row.querySelector("[data-note]");
  row.className = "document uploading";
  row.querySelector("[data-again]").hidden = true;
  note.textContent = sentence("waiting");
  const problem = problemWith(form, file);
  if (problem) return refuse(form, row, file, sentence(problem));
  uploads = uploads
    .then(() => row.isConnected && send(form, row, file, note))
    .catch(() => refuse(form, row, file, sentence("server"), true));
}

function newRow(file) {
  const row = shape("li");
  row.querySelector(".document-name").textContent = file.name;
  byId("uploads").append(row);
  return row;
}

function problemWith(form, file) {
  if (!file.size) return "empty";
  return file.size > Number(form.dataset.mostBytes) ? "large" : "";
}

async function send(form, row, file, note, attempt = 1) {
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", sentence("uploading", { name: file.name }));
  note.replaceChildren(bar);
  const said = await post(form, file, bar, row);
  if (said.aborted) return;
  if (said.status === 503 && attempt < MOST_ATTEMPTS) {
    await new Promise((done) => setTimeout(done, BUSY_WAIT));
    return send(form, row, file, note, attempt + 1);
  }
  const result = said.status === 201 || said.status === 422 ? rowIn(said.text) : null;
  if (!result) return refuse(form, row, file, sentence(said.problem), true);
  if (result.matches("[data-refused]")) row.replaceWith(result);
  else showAdded(row, result);
  byId("uploads-note").textContent = sentence(result.matches("[data-refused]") ? "refused" : "added", { name: file.name });
}

function rowIn(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("li");
}

function showAdded(row, result) {
  row.remove();
  byId(result.id)?.remove();
  byId("documents").prepend(result);
  window.htmx.process(result);
  watchAgain();
}

// Its looking may have ended when nothing was being read.
function watchAgain() {
  const fresh = byId("documents-watch").cloneNode(true);
  byId("documents-watch").replaceWith(fresh);
  window.htmx.process(fresh);
}

function refuse(form, row, file, reason, again = false) {
  row.className = "document refused";
  const note = row.querySelector("[data-note]");
  note.textContent = reason;
  byId("uploads-note").textContent = sentence("refused", { name: file.name });
  const button = row.querySelector("[data-again]");
  button.hidden = !again;
  button.onclick = () => queueFile(form, file, row);
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-dismiss]")?.closest("li");
  if (!row) return;
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  row.dispatchEvent(new Event("parley:dismiss"));
  row.remove();
  (beside?.querySelector("[data-dismiss]") ?? byId("upload-documents").querySelector("button")).focus();
});

// XMLHttpRequest, because fetch does not tell how far an upload is.
function post(form, file, bar, row) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("file", file, file.name);
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.upload.addEventListener("load", () => {
      if (bar.isConnected) bar.replaceWith(sentence("judging"));
    });
    let aborted = false;
    const end = (problem) => () => {
      if (isSignInPage(request.responseURL)) done({ status: 0, problem: "signed-out" });
      else done({ status: request.status, text: request.responseText, problem, aborted });
    };
    request.addEventListener("load", end("server"));
    request.addEventListener("error", end("unreachable"));
    request.addEventListener("abort", end("unreachable"));
    row.addEventListener("parley:dismiss", () => {
      aborted = true;
      request.abort();
    });
    request.send(data);
  });
}
