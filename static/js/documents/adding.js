// Adding documents by choosing and dropping them. Without scripts the form is sent as it is.

import { byId } from "../shared/dom.js";
import { queueFile } from "./sending.js";

const form = () => byId("upload-documents");

function addFiles(files) {
  for (const file of files) queueFile(form(), file);
}

document.addEventListener("change", (event) => {
  if (event.target.id !== "files") return;
  addFiles([...event.target.files]);
  event.target.value = "";
});

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault(); // what was chosen is on its way
  byId("files").click();
});

function dragFiles(event) {
  if (!form() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form().classList.toggle("dropping", event.type === "dragover");
  if (event.type === "drop") addFiles([...event.dataTransfer.files]);
}
document.addEventListener("dragover", dragFiles);
document.addEventListener("drop", dragFiles);
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form()?.classList.remove("dropping");
});

// The choice of files is made by the button.
byId("files").classList.add("visually-hidden");
byId("files").required = false;
