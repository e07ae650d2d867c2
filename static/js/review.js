// Review of images. Without scripts everything works by forms and links.

import "./review/review_keys.js";
import "./review/over_the_page.js";
import "./review/select_all.js";
import "./review/claim.js";
