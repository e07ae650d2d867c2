export const byId = (id) => document.getElementById(id);
export const pageRoot = document.documentElement;

// What matches in this element and below it.
export const allIn = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
