// What has to do with options, presets or attachments is fetched when somebody has to do with them.

import { byId } from "../shared/dom.js";
import { tellProblem } from "../shell/request_errors.js";

const scripts = new Map(); // by address; of two imports that wait for one module, the later may be served first

// Calls `use` with the module at the address, in the order of the calls. Where it cannot be fetched, whoever pressed the
// element is told, and the next call tries again.
export function withScript(address, use, pressed) {
  if (!scripts.has(address)) scripts.set(address, import(address));
  return scripts.get(address).then(use, () => {
    scripts.delete(address);
    if (pressed) tellProblem("unreachable", pressed);
  });
}

export const withOptions = (form, use, pressed) => withScript(form.dataset.optionsScript, use, pressed);
export const withConversation = (form) => byId("conversation") && withScript(form.dataset.conversationScript, () => {});
export const withAttachments = (form, use, pressed) => withScript(form.dataset.attachmentsScript, use, pressed);
