// What the browser keeps: drafts and the like, as JSON under a name.

// What Parleys below several paths of one host keep stays apart.
const { home = "/" } = document.body.dataset;
const storedBelow = home === "/" ? "" : home;

// Reads what is stored under the name, null where nothing is; writes the value where there is one, and forgets what was
// there for null.
export function stored(name, value) {
  const key = storedBelow + name;
  try {
    if (value === undefined) return fromJson(localStorage.getItem(key));
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that stores nothing still asks questions.
  }
  return null;
}

// Versions before this one kept the prompt of an image as it was typed.
function fromJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
