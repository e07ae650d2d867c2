// Numbers as the server writes them: in the language of the page, with Western digits.

import { pageRoot } from "./dom.js";

export const writtenNumber = (number, places = 0) =>
  number.toLocaleString(`${pageRoot.lang}-u-nu-latn`, {
    useGrouping: true,
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
