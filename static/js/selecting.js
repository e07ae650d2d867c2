// Lists in which people select rows. Without scripts each box is ticked by hand.

import "./selecting/select_rows.js";
