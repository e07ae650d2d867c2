// The Images page and the page of one image.

import "./images/prompt_draft.js";
import "./images/draw_settings.js";
import "./images/selection.js";
import "./images/image_polling.js";
