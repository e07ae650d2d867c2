"""Plain lexers for languages whose own lexers in Pygments take quadratic time, or worse, for code made to hurt.

Each rule looks at every character once: a comment or string that is never closed goes on to the end of the code
or line, nothing looks ahead over more than three blanks, and repetition is possessive.
"""

import re

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text, _TokenType

from chat.rendering.languages import LANGUAGES, Language


def lexer_class(name: str) -> type[RegexLexer]:
    """The lexer for one of `LANGUAGES`."""
    return type("Plain", (RegexLexer,), {"tokens": {"root": _rules(LANGUAGES[name])}, "flags": re.MULTILINE})


def _rules(language: Language) -> list[tuple[object, object]]:
    rules: list[tuple[object, object]] = [(r"\s++", Text)]
    opening, closing = map(re.escape, language.block_comment)
    if opening:
        rules.append((rf"{opening}(?:(?!{closing})[\s\S])*+(?:{closing})?", Comment.Multiline))
    rules.append((rf"{re.escape(language.line_comment)}[^\n]*+", Comment.Single))
    if language.preprocessor:
        rules.append((r"#[ \t]*+[a-z]++[^\n]*+", Comment.Preproc))
    rules += [
        (rf"{mark}(?:\\[\s\S]|(?!{mark})[\s\S])*+(?:{mark})?", String) for mark in map(re.escape, language.long_quotes)
    ]
    rules += [(rf"{mark}(?:[^{mark}\\\n]|\\.)*+{mark}?", String) for mark in language.quotes]
    rules.append((r"0[xX][\da-fA-F_]++\w*+|\d[\d_]*+(?:\.\d++)?(?:[eE][+-]?\d++)?\w*+", Number))
    rules.append((r"@[A-Za-z_][\w.]*+", Name.Decorator))
    if language.declaring:
        names = "|".join(language.declaring.split())
        declared = bygroups(Keyword.Declaration, Text, Name.Class)  # type: ignore[no-untyped-call]
        rules.append((rf"(?<!\w)({names})([ \t]++)([^\W\d]\w*+)", declared))
    rules += [(_any_of(text), kind) for text, kind in _meanings(language) if text]
    rules.append((r"[^\W\d]\w*+(?=[ \t]{0,3}\()", Name.Function))
    rules.append((r"[^\W\d]\w*+", Name))
    rules.append((r"[-+*/%=<>!&|^~?:.@$#\\]", Operator))
    rules.append((r"[(){}\[\],;]", Punctuation))
    return rules


def _meanings(language: Language) -> list[tuple[str, _TokenType]]:
    return [
        (language.keywords, Keyword),
        (language.declaring, Keyword.Declaration),
        (language.types, Keyword.Type),
        (language.constants, Keyword.Constant),
        (language.builtins, Name.Builtin),
    ]


def _any_of(text: str) -> words:
    """A rule for any of these words, whole."""
    return words(tuple(text.split()), prefix=r"(?<!\w)", suffix=r"(?!\w)")
