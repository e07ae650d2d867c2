// Choices that the server has to know before it draws a page: cookies, each for a year, for this Parley alone.

// Keeps the value under the name; forgets it where there is none.
export function keepCookie(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const age = value ? 31_536_000 : 0; // seconds
  document.cookie = `${name}=${value}; path=${document.body.dataset.home}; max-age=${age}; samesite=lax${secure}`;
}
