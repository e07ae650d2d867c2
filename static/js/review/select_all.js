// Ticks all images of the page at once.

const selectAll = document.querySelector("[data-select-all]");
if (selectAll) {
  const boxes = [...document.querySelectorAll(".review-grid [name=seen]")];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    selectAll.checked = ticked === boxes.length;
    selectAll.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  selectAll.closest("label").hidden = false;
  selectAll.addEventListener("change", () => {
    for (const box of boxes) box.checked = selectAll.checked;
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
