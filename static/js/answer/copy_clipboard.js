// The clipboard, with https and without.

// Puts the text there, and beside it the same as HTML if there is any. Says whether that was possible.
export async function putOnClipboard(text, html = "") {
  return html ? putByCommand(text, html) || putItem(text, html) : (await putText(text)) || putByCommand(text);
}

// By this the HTML arrives as it is, and it works without https, where there is no clipboard object.
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

// Chromium makes whole addresses of those that lead from a mark to the list below, which then lead to the page.
async function putItem(text, html) {
  try {
    const blobOf = (words, type) => new Blob([words], { type });
    const item = { "text/plain": blobOf(text, "text/plain"), "text/html": blobOf(html, "text/html") };
    await navigator.clipboard.write([new ClipboardItem(item)]);
    return true;
  } catch {
    return putText(text);
  }
}

async function putText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
