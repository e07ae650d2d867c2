// The server checks what is set, and says what is wrong with it below each field.

import { optionsPanel } from "./option_fields.js";

function markWrongFields() {
  for (const place of optionsPanel()?.querySelectorAll(".field-error") ?? []) {
    const isWrong = place.childElementCount > 0;
    for (const control of place.closest(".option").querySelectorAll("input:not([type=radio]), select, textarea")) {
      if (isWrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
}

// A check that would see the same as the one before says nothing new. So they do not pile up where the server is slow.
const isCheck = ({ requestConfig }) => requestConfig.elt === optionsPanel();
const postedBy = ({ requestConfig }) => JSON.stringify([...requestConfig.formData]);
let lastChecked = ""; // what the last check saw, unless the options have come anew since then

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isCheck(event.detail) && postedBy(event.detail) === lastChecked) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!isCheck(detail) && detail.target.id !== "options-fields") return;
  lastChecked = isCheck(detail) && detail.successful ? postedBy(detail) : "";
  markWrongFields();
});
