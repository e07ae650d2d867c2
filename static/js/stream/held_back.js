// Whether something between server and browser holds streams back until they have ended, as proxies do that buffer.

import { byId } from "../shared/dom.js";
import { stored } from "../shared/storage.js";

const PATIENCE = 3000; // milliseconds; a stream says at once that it is connected, so this is long on any line
const GRACE = 1000; // milliseconds
const LOOK_AGAIN_AFTER = 600_000; // milliseconds: somebody may have mended the proxy
const TELL_AGAIN_AFTER = 86_400_000; // milliseconds
const NOTED = "held-back";

let noted = stored(NOTED) ?? {}; // some browsers store nothing

const isRecent = (time, span) => time !== undefined && Math.abs(Date.now() - time) < span;

// Whether streams were held back a short while ago.
export const areStreamsHeldBack = () => isRecent(noted.at, LOOK_AGAIN_AFTER);

// Calls `onHeldBack` if the stream at this address stays silent while a short response from there arrives. A server that
// is slow, or a line that is gone, keeps both away.
export function watchForProxy(source, address, onHeldBack) {
  let isHeard = false;
  source.addEventListener("connected", () => (isHeard = true), { once: true });
  const isSilent = () => !isHeard && source.readyState !== EventSource.CLOSED;
  setTimeout(async () => {
    if (!isSilent()) return;
    const short = await fetch(`${address}&poll=1`).then((response) => response.ok && response.text(), () => "");
    if (!short) return;
    await new Promise((resolve) => setTimeout(resolve, GRACE));
    if (!isSilent()) return;
    noteHeldBack();
    onHeldBack();
  }, PATIENCE);
}

function noteHeldBack() {
  const notice = byId("held-back"); // for those who can do something about it
  const isNews = notice && !isRecent(noted.toldAt, TELL_AGAIN_AFTER);
  noted = { at: Date.now(), toldAt: isNews ? Date.now() : noted.toldAt };
  stored(NOTED, noted);
  if (!isNews) return;
  const toast = document.createElement("div");
  toast.className = "toast warning";
  toast.append(notice.content.cloneNode(true));
  byId("toasts").append(toast);
}
