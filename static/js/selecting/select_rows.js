// All rows of the page at once, a range with Shift, and how many are selected.

for (const form of document.querySelectorAll("[data-selecting]")) {
  const boxes = [...form.querySelectorAll("[name=id]")];
  const everything = form.querySelector("[name=all]");
  const page = form.querySelector("[data-select-page] input");
  const count = form.querySelector("[data-selected]");
  const buttons = form.querySelectorAll(".bulk-bar button");
  let last = null;

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (page) {
      page.checked = ticked === boxes.length;
      page.indeterminate = ticked > 0 && ticked < boxes.length;
      page.disabled = everything.checked;
    }
    for (const box of boxes) box.disabled = everything.checked;
    count.textContent = ticked && !everything.checked ? count.dataset.selected.replace("{n}", ticked) : "";
    for (const button of buttons) button.disabled = !ticked && !everything.checked;
  };

  form.addEventListener("click", (event) => {
    const place = boxes.indexOf(event.target);
    if (place < 0) return;
    if (event.shiftKey && last !== null) {
      for (const box of boxes.slice(Math.min(last, place), Math.max(last, place) + 1)) box.checked = boxes[place].checked;
    }
    last = place;
    show();
  });
  form.addEventListener("change", (event) => {
    if (event.target === page || event.target === everything) {
      for (const box of boxes) box.checked = event.target.checked;
    }
    show();
  });
  if (page) page.closest("label").hidden = false;
  show();
}
