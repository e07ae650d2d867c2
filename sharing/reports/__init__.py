"""Reports: answers put together into one text with a common list of sources, edited, kept in versions, taken out."""
