"""Documents of spaces: uploaded, read in the background into passages, found for questions, shown page by page."""
