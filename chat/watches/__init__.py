"""Questions that are asked again by the clock, and who is told when the answer changed."""
