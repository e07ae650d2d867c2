"""What of an answer's sentence stands in a source: figures, dates, names and quotations, by rules (docs/claims.md).

`finding.facts_of` finds the facts of a text, `sentences.cited_sentences` the sentences of an answer that cite.
With `judging.judge` a sentence is held against one source. Nothing here knows the database or the network.
"""
