// What the browser keeps: drafts and the like, as JSON under a name. Everybody has their own: who signs in at the same
// browser sees nothing of what somebody else typed there.

// Parleys below several paths of one host stay apart too.
const { home = "/", person = "" } = document.body.dataset;
export const storedBelow = home === "/" ? "" : home;
const storedFor = `${storedBelow}${person}:`;

// Reads what is stored under the name, null where nothing is; writes the value where there is one, and forgets what was
// there for null.
export function stored(name, value) {
  const key = storedFor + name;
  try {
    if (value === undefined) return fromJson(localStorage.getItem(key));
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that stores nothing still asks questions.
  }
  return null;
}

// Calls back with the name and the value of what another tab has forgotten.
export function onForgotten(callback) {
  window.addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (newValue === null && oldValue !== null && key?.startsWith(storedFor)) {
      callback(key.slice(storedFor.length), fromJson(oldValue));
    }
  });
}

function fromJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
