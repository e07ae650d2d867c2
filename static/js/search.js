// What the boxes that search offer while a filter is typed; fetched when somebody first goes to one of them.

import { offerSuggestions } from "./search/suggestions.js";

export const offer = (box, why) => offerSuggestions(box, why);
