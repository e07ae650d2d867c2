// The page behind a link: cards at the marks, and an end when the link ends.

import "./answer/citations.js";
import "./sharing/alive.js";
