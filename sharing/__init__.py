"""Taking out and bringing in: links for people outside, exports, reports, imports."""
