// Which other models there are for an answer, and which one takes the place of a service that has ended.

// As an answer found out that its service has ended, the next question goes to the model that does its work.
function goOnWithSuccessor(article) {
  const instead = article.querySelector(".problem [data-instead-of]");
  const models = [...document.querySelectorAll("#composer input[name=model]")];
  if (!instead || models.find((model) => model.checked)?.value !== instead.dataset.insteadOf) return;
  models.find((model) => model.value === instead.value)?.click();
}
document.addEventListener("parley:ended", (event) => goOnWithSuccessor(event.detail));

// The other models stand in the composer; they are written here only when somebody wants to choose.
document.addEventListener(
  "toggle",
  (event) => {
    const list = event.target.matches?.("[data-models]") && event.target.querySelector(".menu-list");
    if (!list || !event.target.open) return;
    const same = event.target.closest("form").querySelector("[name=model]").value;
    const entries = [...document.querySelectorAll("#composer .model-group, #composer .model:has(input:enabled)")]
      .map((entry) => (entry.matches(".model-group") ? heading(entry) : button(entry)))
      .filter((entry) => entry.value !== same);
    list.replaceChildren(...entries.filter((entry, at) => entry.value || entries[at + 1]?.value));
  },
  true,
);

function heading(group) {
  const copy = group.cloneNode(true);
  copy.hidden = false; // the filter of the composer may have left it out
  return copy;
}

function button(model) {
  const made = document.createElement("button");
  made.name = "model";
  made.value = model.querySelector("input").value;
  made.append(model.querySelector(".model-label").textContent);
  return made;
}
