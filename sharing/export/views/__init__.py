"""The pages of exports: choosing a format, and what is made in the background."""
