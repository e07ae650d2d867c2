// Enter sends where there is a keyboard: not with Shift, and not while a character is being composed (code 229).
export const isSendKey = (event) =>
  event.key === "Enter" &&
  !event.shiftKey &&
  !event.isComposing &&
  event.keyCode !== 229 &&
  !matchMedia("(pointer: coarse)").matches;
