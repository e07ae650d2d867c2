// The page of a space's documents: files are sent one after another, each shown as a row.

import "./documents/adding.js";
