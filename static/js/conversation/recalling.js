// The arrow up in an empty box brings back what one asked last in this conversation.

document.addEventListener("keydown", (event) => {
  const { target: area } = event;
  if (event.key !== "ArrowUp" || area.id !== "question" || area.value || event.isComposing) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const asked = [...document.querySelectorAll(".exchange[data-own] .question-text")].at(-1)?.textContent;
  if (!asked) return;
  event.preventDefault();
  area.value = asked;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.setSelectionRange(asked.length, asked.length);
});
