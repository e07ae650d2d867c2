// What every page runs. Each part looks after itself; listeners for the same event run in this order.

import "./stream/open_streams.js";
import "./answer/citations.js";
import "./answer/copy.js";
import "./answer/picture_links.js";
import "./answer/arrivals.js";
import "./answer/other_models.js";
import "./answer/elapsed.js";
import "./conversation/older_exchanges.js";
import "./conversation/newer_exchanges.js";
import "./conversation/opening.js";
import "./composer/merge_edits.js";
import "./composer/composer_input.js";
import "./composer/composer_keys.js";
import "./composer/model_filter.js";
import "./composer/attaching.js";
import "./composer/asking.js";
import "./composer/prepare_composer.js";
import "./shell/history_list.js";
import "./shell/search.js";
import "./shell/request_errors.js";
import "./shell/toasts.js";
import "./shell/menus.js";
import "./shell/long_text.js";
import "./shell/drawer.js";
import "./shell/shortcuts.js";
import "./shell/theme.js";
