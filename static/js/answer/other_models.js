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
    const buttons = [...document.querySelectorAll("#composer .model:has(input:enabled)")].map((model) => {
      const button = document.createElement("button");
      button.name = "model";
      button.value = model.querySelector("input").value;
      button.append(model.querySelector(".model-label").textContent);
      return button;
    });
    list.replaceChildren(...buttons.filter((button) => button.value !== same));
  },
  true,
);
