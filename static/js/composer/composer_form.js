// The form in which a question is written.

export const composerForm = () => document.querySelector("form#composer");

// Where the box has the focus on a touch screen, a keyboard covers half of the page.
export const isTouch = () => matchMedia("(pointer: coarse)").matches;
export const focusQuestion = () => isTouch() || document.getElementById("question")?.focus({ preventScroll: true });

// A random UUID; crypto.randomUUID would need https.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

// The box is as high as its text.
export function growToText(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
