// What the frame does on demand: the command palette, the keys and their list, and the names of icon buttons. Fetched
// by shell/shortcuts.js and shell/hints.js when somebody first has to do with one of them.

import { pressKey } from "./shell/keys.js";
import { showPalette } from "./shell/palette.js";
import { prepareSwitches } from "./shell/shortcut_list.js";
import { showTooltip } from "./shell/tooltips.js";

export const palette = (takeTyped) => showPalette(takeTyped);
export const key = (pressed) => pressKey(pressed);
export const tooltip = (button) => showTooltip(button);

prepareSwitches(); // of the page with the list
