// What was answered already is looked for once a few words are there, by a script that is fetched then.

import { hasWords } from "../shared/enough_words.js";
import { composerForm } from "./composer_form.js";
import { withScript } from "./lazy_scripts.js";

function lookForKnown({ target }) {
  const form = composerForm();
  if (target.id !== "question" || !form?.dataset.knownScript || !hasWords(target.value)) return;
  document.removeEventListener("input", lookForKnown);
  withScript(form.dataset.knownScript, (script) => script.typed());
}
document.addEventListener("input", lookForKnown);
