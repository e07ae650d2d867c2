"""Words are found in whatever script they are written, on either database, and are marked where they stand."""

import random
import re
from html import unescape

import pytest
from django.db import connection

from accounts.models import User
from chat.search import snippets
from chat.search.query import parse_query
from chat.search.words import indexed_words
from core.cpu_budget import CpuBudget
from tests.chat.conversations.conftest import Make
from tests.chat.search.finding import kinds, places

pytestmark = pytest.mark.django_db

LANGUAGES = "C++ and C# are languages; vitamin C is not"
# A text, what is typed, and what of the text is marked.
FOUND = [
    # Scripts with marks
    ("हिन्दी भाषा में पूछा गया सवाल", "भाषा", "भाषा"),
    ("हिन्दी भाषा में पूछा गया सवाल", "हिन्दी", "हिन्दी"),
    ("हिन्दी भाषा में पूछा गया सवाल", "हिन्", "हिन्दी"),
    ("தமிழ் மொழி வாழ்க", "தமிழ் ", "தமிழ்"),
    ("বাংলা ভাষা আন্দোলন", "ভাষা ", "ভাষা"),
    ("ಕನ್ನಡ ನಾಡು", "ಕನ್ನಡ ", "ಕನ್ನಡ"),
    ("తెలుగు భాష", "తెలుగు ", "తెలుగు"),
    ("മലയാളം ഭാഷ", "മലയാളം ", "മലയാളം"),
    ("සිංහල භාෂාව", "සිංහල ", "සිංහල"),
    ("བོད་སྐད་ཡིག", "སྐད ", "སྐད"),
    ("ਪੰਜਾਬੀ ਬੋਲੀ", "ਬੋਲੀ ", "ਬੋਲੀ"),
    # Scripts without blanks: any part of a run
    ("สวัสดีครับผมชื่อประภาคาร", "สวัสดี", "สวัสดี"),
    ("สวัสดีครับผมชื่อประภาคาร", "ประภาคาร", "ประภาคาร"),
    ("สวัสดีครับผมชื่อประภาคาร", "ชื่อ", "ชื่อ"),
    ("สวัสดีครับผมชื่อประภาคาร", "สวัสด", "สวัสดี"),
    ("ສະບາຍດີຊາວລາວ", "ຊາວລາວ", "ຊາວລາວ"),
    ("မြန်မာနိုင်ငံသည်အရှေ့တောင်အာရှတွင်ရှိသည်", "နိုင်ငံ", "နိုင်ငံ"),
    ("ភាសាខ្មែរគឺជាភាសាផ្លូវការ", "ខ្មែរ", "ខ្មែរ"),
    ("日本語の灯台です", "灯台", "灯台"),
    ("등대를 지키는 사람", "등대", "등대"),
    # Marks that one may leave out
    ("مُحَمَّد يَكْتُبُ رِسَالَة", "محمد", "مُحَمَّد"),
    ("شَلَامٌ عَلَيْكُم", "عليكم", "عَلَيْكُم"),
    ("أحمد في الإسكندرية", "احمد", "أحمد"),
    ("می‌خواهم کتاب بخوانم", "كتاب", "کتاب"),
    ("שָׁלוֹם עֲלֵיכֶם", "שלום", "שָׁלוֹם"),
    ("שלום עליכם", "שָׁלוֹם", "שלום"),
    ("Αθήνα, η πόλη", "αθηνα", "Αθήνα"),
    ("αθηνα", "Αθήνα", "αθηνα"),
    ("Ο ΦΑΡΟΣ ΕΙΝΑΙ ΕΔΩ", "φάρος", "ΦΑΡΟΣ"),
    ("мёд и молоко", "мед", "мёд"),
    ("мед и молоко", "мёд", "мед"),
    ("Crème brûlée", "creme BRULEE", "Crème|brûlée"),
    ("Cre\u0301me", "crème", "Cre\u0301me"),
    # Letters that Unicode does not take apart
    ("Łódź leży w Polsce", "lodz", "Łódź"),
    ("un cœur simple", "coeur", "cœur"),
    ("un coeur simple", "cœur", "coeur"),
    ("Đà Nẵng ở Việt Nam", "da nang", "Đà|Nẵng"),
    ("et godt smørrebrød", "smorrebrod", "smørrebrød"),
    ("Iğdır ve Kars", "igdir", "Iğdır"),
    ("IĞDIR", "ığdır", "IĞDIR"),
    ("İstanbul'da", "istanbul", "İstanbul"),
    ("Straße", "strasse", "Straße"),
    ("STRASSE", "straße", "STRASSE"),
    ("Ægir og Þór", "aegir thor", "Ægir|Þór"),
    # Forms of the same
    ("ＡＢＣ１２３ full width", "abc123", "ＡＢＣ１２３"),
    ("ABC123", "ＡＢＣ１２３", "ABC123"),
    ("the ﬁsh is ﬁne", "fish", "ﬁsh"),
    ("the fish", "ﬁsh", "fish"),
    ("H₂O and CO₂", "H2O", "H₂O"),
    ("E = mc²", "mc2", "mc²"),
    ("ｶﾀｶﾅ", "カタカナ", "ｶﾀｶﾅ"),
    ("ℌ is a letter", "h ", "ℌ"),
    # Apostrophes
    ("I don't know", "dont", "don't"),
    ("I don’t know", "don't know", "don’t|know"),
    ("I don’t know", "don ", "don"),
    ("l’homme qui rit", "homme", "homme"),
    ("Мам'як", "мамяк", "Мам'як"),
    ("the commit 6e8af36", "6e8af36", "6e8af36"),
    # Pictographs
    ("a ship 🚢 at sea", "🚢", "🚢"),
    ("a ship 🚢 at sea", "ship 🚢", "ship|🚢"),
    ("thumbs 👍🏽 up", "👍", "👍🏽"),
    ("ok ✅ done", "✅", "✅"),
    # Letters with the sign after them
    (LANGUAGES, "C++", "C++"),
    (LANGUAGES, "c++ ", "C++"),
    (LANGUAGES, "C+", "C++"),  # still typing
    (LANGUAGES, "C#", "C#"),
    (LANGUAGES, "C# C++", "C++|C#"),
    (LANGUAGES, "C", "C|C|C"),
    (LANGUAGES, '"C++ and C#"', "C++ and C#"),
    (LANGUAGES, '"C# are" "vitamin C"', "C# are|vitamin C"),
    (LANGUAGES, "languages -C+", "languages"),
    ("C++20 came after C++17", "C++", "C++|C++"),
    ("C++20 came after C++17", "C++20", "C++20"),
    ("C++20 came after C++17", "C ", "C|C"),
    ("F# and f-sharp, a key", "F# ", "F#"),
    ("an A+ and a plus", "A+ ", "A+"),
    ("compile with g++, gcc or **g++**", "g++ ", "g++|g++"),
    ("the Notepad++ window", "notepad", "Notepad"),
    ("the Notepad++ window", "notepa", "Notepad"),
    ("l'A+ d'Ana", "a+ ", "A+"),
    ("Ｃ＋＋ and Ｃ＃ in full width", "c++ C# ", "Ｃ＋＋|Ｃ＃"),
    ("学习C++语言和C#", "C++", "C++"),
    ("学习C++语言和C#", '"C++语言"', "C++语言"),
    ("Смотрим на Кино+ вечером", "кино+ ", "Кино+"),
    ("Na⁺ ions", "na+ ", "Na⁺"),
    ("for (i = 0; i < n; i++) x += a+b", "a+b", "a+b"),
    ("for (i = 0; i < n; i++) x += a+b", "i++ ", "i++"),
    # and with the sign before them
    (".NET runs, see example.net", ".NET", ".NET"),
    (".NET runs, see example.net", ".ne", ".NET"),
    (".NET runs, see example.net", "net ", "NET|net"),
    (".NET runs, see example.net", "example.net", "example.net"),
    (".NET runs, see example.net", '"net runs"', "NET runs"),
    ("(.NET) and C#/.NET", ".NET ", ".NET|.NET"),
    ("ask @ada, not ada@example.net or Ada", "@ada", "@ada"),
    ("ask @ada, not ada@example.net or Ada", "ada@example.net", "ada@example.net"),
    ("ask @ada, not ada@example.net or Ada", '"ask ada"', "ask @ada"),
    ("issue #42 in 42 days", "#42", "#42"),
    ("issue #42 in 42 days", "#4", "#42"),
    ("issue #42 in 42 days", "42 ", "42|42"),
    ("issue #42 in 42 days", '"issue #42"', "issue #42"),
    ("issue #42 in 42 days", "issue#42", "issue #42"),
    ("issue #42 in 42 days", "issue -#41", "issue"),
    ("echo $HOME at home", "$HOME", "$HOME"),
    ("echo $HOME/bin at home", "$HOME/bin", "HOME/bin"),
    ("print %d and d", "%d", "%d"),
    ("it costs $100", "$100", "100"),  # no identifier
    ("#été à la mer, l’été", "#ete", "#été"),
    # All others only part words.
    ("node.js or Node JS", "node.js ", "node.js|Node JS"),
    ("the R&D of AT&T", "R&D ", "R&D"),
    ("the R&D of AT&T", "at&t ", "AT&T"),
]
NOT_FOUND = [
    ("हिन्दी भाषा", "हिन्द "),  # the word goes on with a vowel
    ("दिन", "दान"),
    ("สวัสดี", "สวด"),
    ("สวัสดี", "สวัสดา"),
    ("สวัสดี", '"สวัสด"'),
    ("नमस्ते", "नमस्त "),
    ("a ship at sea", "🚢"),
    ("a ship 🚢 at sea", "⛵"),
    ("lamp · dont", "lampdont"),
    ("vitamin C", "C++"),
    ("vitamin C", "C#"),
    ("vitamin C", "C+"),
    ("C++", "C#"),
    ("C++", "C+ "),
    ("C+", "C++"),
    ("C+++", "C++"),
    ("c+d", "c+ "),
    ("C++ language", '"C language"'),
    ("C language", '"C++ language"'),
    (LANGUAGES, '"c and c"'),
    (LANGUAGES, "languages -C++"),
    (LANGUAGES, 'vitamin -"C++ and"'),
    (LANGUAGES, "C -C#"),
    ("net", ".NET"),
    ("example.net", ".NET"),
    ("well ...net", ".NET"),
    ("ada@example.net", "@example"),
    ("Ada", "@ada"),
    ("42", "#42"),
    ("PR#42", "#42"),
    ("#42", "#43"),
    ("#42", "#4 "),
    ("home", "$HOME"),
    ("issue #42", "issue -#42"),
    ("d", "%d"),
    ("#a #b", '"a c"'),
    ("A+ B+", '"a b"'),
    ("don't can't", '"dont cant"'),
]


@pytest.mark.parametrize(("text", "words", "marked"), FOUND)
def test_a_word_is_found_in_its_script_and_marked(
    alice: User, converse: Make, text: str, words: str, marked: str
) -> None:
    converse(("…", f"Something before. {text}. Something behind."))

    (place,) = places(alice, words)

    assert re.findall("<mark>(.*?)</mark>", unescape(place.snippet)) == marked.split("|")


@pytest.mark.parametrize(("text", "words"), NOT_FOUND)
def test_another_word_is_not(alice: User, converse: Make, text: str, words: str) -> None:
    converse(("…", text))

    assert kinds(alice, words) == []


def test_both_databases_make_the_same_words_of_a_text() -> None:
    texts = [text for text, *_ in FOUND] + [words for _, words, _ in FOUND] + [text for text, _ in NOT_FOUND]
    chance = random.Random(3)
    texts += [" ".join("".join(chance.choices("09aez'.-_", k=6)) for _ in range(40)) for _ in range(60)]
    texts += ["".join(chance.choices("19acé '.#@$%+用ที่", k=200)) for _ in range(200)]
    texts += ["".join(chance.choices("12ac'.#@$%+ ", k=200)) for _ in range(200)]
    texts += ["".join(f"#w{number} x{number}+ " for number in range(5000)), "x" * 499 + "++ " + "#" + "x" * 499]
    texts += [
        "",
        " ",
        "'",
        "''a''b''",
        "a'b'c d'",
        "x" * 3000,
        "snake_case",
        "ΑΣ ΑΣ.",
        "1️⃣ 👩‍🚀",
        "\u0301\u0e31x",
        "﷽",
        "½ Ⅷ",
    ]
    if connection.vendor == "sqlite":
        stored = "SELECT search_words(%s)"
        expected = [indexed_words(text) for text in texts]
    else:
        stored = (
            "SELECT coalesce(string_agg(lexeme, ' ' ORDER BY lexeme COLLATE \"C\"), '') FROM unnest(search_lexemes(%s))"
        )
        expected = [" ".join(sorted({word for word in indexed_words(text).split() if word != "·"})) for text in texts]

    made = []
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute(stored, [text])
            made.append(cursor.fetchone()[0])

    assert made == expected


@pytest.mark.parametrize("sign", ["a+", "é#", "a++ ", "$a", "+", "#", "é.", "a" * 1000 + "+"])
def test_signs_cost_a_long_text_little(sign: str) -> None:
    """Time that grew with the square of the text would be minutes."""
    text = (sign * 200_000)[:200_000]
    budget = CpuBudget(2.0)

    with budget.counted(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = '20s'")
            cursor.execute("SELECT search_lexemes(%s)", [text])
        indexed_words(text)
        snippets.snippet(text, parse_query("a+ é# $a .é"))

    assert not budget.is_spent


def test_a_part_of_a_run_is_marked_in_a_long_text(alice: User) -> None:
    text = "ประโยคยาวๆที่ไม่มีคำนั้น" * 300 + "ประภาคาร" + "และอีกมาก" * 300

    snippet = snippets.snippet(text, parse_query("ประภาคาร"))

    assert "<mark>ประภาคาร</mark>" in snippet
    assert len(snippet) < 2 * snippets.LENGTH
