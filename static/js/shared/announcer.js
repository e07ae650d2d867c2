import { byId } from "./dom.js";

// What is said to those who do not see the page.
export function announce(text) {
  byId("announcer").textContent = text;
}

export const announcerWords = () => byId("announcer").dataset;
