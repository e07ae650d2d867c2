// Files are uploaded at once, one after another, each shown as a tile.

import { composerForm } from "../composer/composer_form.js";
import { isSignInPage } from "../shared/sign_in.js";
import { adoptTile, refuseTile, sentence, tellAttachments, tileList, tilesChanged, tilesOf } from "./tiles.js";

const BUSY_WAIT = 3000; // milliseconds
const MOST_ATTEMPTS = 5;

let uploads = Promise.resolve();

// `smaller` asks the server to attach a smaller copy of a picture.
export function queueUpload(form, tile, file, smaller = false) {
  tile.className = "tile uploading";
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", sentence("uploading", { name: file.name }));
  tile.querySelector(".tile-note").replaceChildren(bar);
  tile.querySelector(".tile-way-out")?.remove();
  const refused = () => refuseTile(form, tile, sentence("server"), wayToUpload(form, tile, file, smaller));
  uploads = uploads.then(() => tile.isConnected && upload(form, tile, file, smaller, bar)).catch(refused);
}

export const wayToUpload = (form, tile, file, smaller) => [
  smaller ? "smaller" : "again",
  () => queueUpload(form, tile, file, smaller),
];

async function upload(form, tile, file, smaller, bar, attempt = 1) {
  const said = await sendFile(form, file, smaller, bar, tile);
  if (said.status === 503 && attempt < MOST_ATTEMPTS) {
    await new Promise((done) => setTimeout(done, BUSY_WAIT));
    return upload(form, tile, file, smaller, bar, attempt + 1);
  }
  if (said.aborted) return;
  const [result] = said.status === 201 || said.status === 422 ? tilesOf(said.text) : [];
  if (!result) return refuseTile(form, tile, sentence(said.problem), wayToUpload(form, tile, file, smaller));
  if (result.matches("[data-refused]")) {
    const smallerHelps = "smallerHelps" in result.dataset && !smaller;
    const reason = result.querySelector(".tile-note").textContent;
    return refuseTile(form, tile, reason, smallerHelps && wayToUpload(form, tile, file, true));
  }
  showAttached(form, tile, result);
}

// The form may have been drawn anew meanwhile; the tile then joins the one that is there.
function showAttached(form, tile, result) {
  const here = composerForm()?.dataset.draft === form.dataset.draft ? composerForm() : null;
  if (tile.isConnected) tile.replaceWith(result);
  else if (here) tileList().append(result);
  else return;
  adoptTile(here ?? form, result);
  tellAttachments("attached", result);
  tilesChanged(here ?? form);
}

// XMLHttpRequest, because fetch does not tell how far an upload is.
function sendFile(form, file, smaller, bar, tile) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    if (form.dataset.draft !== "new") data.append("conversation", form.dataset.draft);
    if (smaller) data.append("smaller", "yes");
    data.append("file", file, file.name);
    request.open("POST", tileList().dataset.address);
    request.setRequestHeader("X-CSRFToken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
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
    tile.addEventListener("parley:remove", () => {
      aborted = true;
      request.abort();
    });
    request.send(data);
  });
}
