"""The page behind a link, and the pages on which links are made and ended."""
