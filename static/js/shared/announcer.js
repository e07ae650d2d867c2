import { byId } from "./dom.js";

// What is said to those who do not see the page.
export function announce(text) {
  byId("announcer").textContent = text;
}

export const spokenText = (element) => element?.textContent.replace(/\s+/g, " ").trim();

export const announcerWords = () => byId("announcer").dataset;
