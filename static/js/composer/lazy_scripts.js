// What has to do with options, presets or attachments is fetched when somebody has to do with them.

import { tellProblem } from "../shell/request_errors.js";

// Calls `use` with the module at the address. Where it cannot be fetched, whoever pressed the element is told.
export const withScript = (address, use, pressed) =>
  import(address).then(use, () => pressed && tellProblem("unreachable", pressed));

export const withOptions = (form, use, pressed) => withScript(form.dataset.optionsScript, use, pressed);
export const withAttachments = (form, use, pressed) => withScript(form.dataset.attachmentsScript, use, pressed);
