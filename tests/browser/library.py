"""Conversations that are there before a test begins: one with an answer of every kind, a long one, and neighbours."""

from tests.browser.filling import Talk

SOURCES = [
    {
        "title": "Why lighthouses have steps",
        "url": "https://lights.example/steps",
        "date": "2026-03-02",
        "snippet": "A tower of forty metres has about two hundred steps, and a keeper climbs them twice a night.",
    },
    {"title": "The keeper's day", "url": "https://keepers.example/day", "snippet": "Oil, wick, glass, log book."},
    {"title": "Harbour lights of the north", "url": "https://north.example/lights?page=2", "date": "2019-11-30"},
]
TEXT = """\
A keeper climbs **two hundred steps** twice a night [1], and writes a log [2]. Nobody knows who counted them [7].

## What it takes

1. Oil for the lamp
2. A clean *glass*
    - and a dry cloth

- [x] wick trimmed
- [ ] glass cleaned

```python
def climb(steps: int) -> str:
    # two at a time, and a line that is much too long for a narrow screen, so that it has to scroll inside itself
    return "up" * steps
```

| Light | Height | Steps | Keeper | Built | Range | Character | Remarks |
|---|---:|---:|---|---|---|---|---|
| North | 41 m | 203 | Ada | 1871 | 18 nautical miles | two flashes every ten seconds | fog horn |
| South | 17 m | 84 | Ben | 1902 | 9 nautical miles | occulting | none |

The range follows from $d \\approx 3.57\\,(\\sqrt{h_1}+\\sqrt{h_2})$:

$$
d = \\frac{\\sqrt{2Rh}}{1000}
$$

> Sourceless: [a page the search did not return](https://elsewhere.example/page).
"""
TOUR: Talk = {
    "owner": "alice",
    "title": "Everything an answer can be",
    "hours_ago": 1,
    "exchanges": [
        {
            "question": "How many steps does a lighthouse have?",
            "answers": [
                {"text": "About two hundred.", "model": "sonar"},
                {
                    "text": TEXT,
                    "model": "sonar-reasoning-pro",
                    "reasoning": "They ask for steps.\n\nTowers differ, so an example is best.",
                    "sources": SOURCES,
                    "related": ["Who climbs them?", "Why are they white?"],
                },
            ],
        },
        {
            "question": "Who was stopped?",
            "by": "bob",
            "answers": [{"text": "The keeper was, when", "state": "stopped"}],
        },
        {"question": "Who was interrupted?", "answers": [{"text": "The log, while", "state": "interrupted"}]},
        {
            "question": "Who failed?",
            "answers": [{"text": "", "state": "failed", "problem": "The answer service is in trouble."}],
        },
        {"question": "A question of some length. " * 50, "answers": [{"text": "Yes."}]},
    ],
}
LONG: Talk = {
    "owner": "alice",
    "title": "Sixty questions",
    "hours_ago": 2,
    "exchanges": [
        {
            "question": f"Question number {number}?",
            "by": ("bob", "alice")[number % 2],
            "answers": [{"text": f"Answer number {number}.\n\nIt has a second paragraph, and a third.\n\nHere."}],
        }
        for number in range(1, 61)
    ],
}
NEIGHBOURS: list[Talk] = [
    {
        "owner": owner,
        "title": title,
        "hours_ago": hours,
        "fields": fields,
        "exchanges": [{"question": title, "answers": [{"text": "It was asked long ago."}]}],
    }
    for owner, title, hours, fields in (
        ("bob", "Which fog horn is loudest?", 3, {}),
        ("alice", "Whose boat is it?", 30, {"pinned": True}),
        ("alice", "What I ask alone", 50, {"visibility": "private"}),
        ("bob", "When was the pier built?", 24 * 12, {}),
        ("alice", "What was put away?", 80, {"archived": True}),
    )
]
