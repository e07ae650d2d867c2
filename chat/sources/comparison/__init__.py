"""Two or more answers to one question, side by side: what one says that another does not, by rules (docs/comparing.md).

`reading.view_of` takes from an answer what is compared, `comparing.compare` finds what changed between two, and
`agreement.agreement` what several say of each figure. Nothing of it is kept: the same answers give the same again.
"""
