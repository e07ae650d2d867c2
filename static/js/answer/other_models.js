// The list of models, for a question and for asking again, which is fetched when somebody wants to choose; and which
// model takes the place of a service that has ended.

import { chooseModel } from "../composer/chosen_model.js";
import { composerForm } from "../composer/composer_form.js";
import { withScript } from "../composer/lazy_scripts.js";
import { byId } from "../shared/dom.js";

// As an answer found out that its service has ended, the next question goes to the model that does its work.
function goOnWithSuccessor(article) {
  const instead = article.querySelector(".problem [data-instead-of]");
  const form = composerForm();
  if (instead && form?.elements.model.value === instead.dataset.insteadOf) chooseModel(form, instead);
}
document.addEventListener("parley:ended", (event) => goOnWithSuccessor(event.detail));

document.addEventListener(
  "toggle",
  ({ target: menu }) => {
    if (!menu.open || !menu.matches?.("[data-models]")) return;
    withScript(byId("models").dataset.script, (script) => script.showModels(menu), menu.querySelector("summary"));
  },
  true,
);
