// The tabs of one browser that belong to the same person talk to each other.

import { storedBelow } from "../shared/storage.js";

export const NAME = `${storedBelow}notices:${document.body.dataset.person}`;
const line = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;

export const hasOtherTabs = line !== null; // as far as one can know
export const tellTabs = (message) => line?.postMessage(message);

// Calls back with what other tabs tell of this kind.
export function onTold(kind, callback) {
  line?.addEventListener("message", ({ data }) => data.kind === kind && callback(data));
}

// Where the conversation is that this tab shows, such as /c/0198…/; empty where it shows none.
export const shownConversation = () => (/\/c\/[0-9a-f-]{36}\/$/.test(location.pathname) ? location.pathname : "");
export const isShownHere = (notice) => shownConversation().endsWith(`/c/${notice.conversation}/`);
