// The clipboard, with https and without.

// Puts the text there, and beside it the same as HTML if there is any. Says whether that was possible.
export async function putOnClipboard(text, html = "") {
  try {
    if (html) await navigator.clipboard.write([new ClipboardItem({ "text/plain": blobOf(text, "text/plain"), "text/html": blobOf(html, "text/html") })]);
    else await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return putByCommand(text, html); // without https there is no clipboard object, and some browsers take text alone
  }
}

const blobOf = (text, type) => new Blob([text], { type });

function putByCommand(text, html) {
  const area = document.createElement("textarea"); // some browsers copy nothing while nothing is selected
  area.value = text || " ";
  area.className = "visually-hidden";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  const put = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData.setData("text/plain", text);
    if (html) event.clipboardData.setData("text/html", html);
  };
  document.addEventListener("copy", put, { capture: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
  area.remove();
  focused?.focus({ preventScroll: true });
  return done;
}
