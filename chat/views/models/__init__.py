"""Models: the picker, and which of them a team may use."""
