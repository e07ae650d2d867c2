"""The rows of the table: which figures they show, and what they are held against."""

from benchmarks.table import Part, Row, Times

ROWS: tuple[Row, ...] = (
    Row(
        "server CPU per chunk, 20 answers at once, asking and ending apart",
        (Part("cpu.20", "µs", most=300, times=(Times(0.4, "peer.20", "Chainlit"),)),),
        before="721 to 791 µs",
        peers="Open WebUI 1,267 µs",
        beside=(("floor", Part("floor.20", "µs")), ("Chainlit, all included", Part("peer.20", "µs"))),
    ),
    Row(
        "the same with asking and ending",
        (Part("cpu.20.all", "µs", most=450, times=(Times(0.5, "peer.20", "Chainlit"),)),),
        before="1,210 to 1,258 µs",
        beside=(("Chainlit", Part("peer.20", "µs")),),
    ),
    Row(
        "one answer alone, asking and ending apart",
        (Part("cpu.1", "µs", times=(Times(2.2, "floor.1", "floor"), Times(1, "peer.1", "Chainlit"))),),
        before="2,108 to 2,432 µs",
        beside=(("floor", Part("floor.1", "µs")), ("Chainlit, all included", Part("peer.1", "µs"))),
    ),
    Row(
        "Chainlit, all included: 20 at once / one alone / 100 at once; first words",
        (Part("peer.20", "µs"), Part("peer.1", "µs"), Part("peer.100", "µs"), Part("peer.first", "ms")),
        before="853 to 1,015 / 1,458 to 2,458 / 483 µs; 15 to 21 ms",
    ),
    Row("asking and ending one answer, CPU", (Part("cpu.ask", "ms", most=30),), before="93 ms"),
    Row(
        "the Agent API’s stream: CPU per chunk, 20 at once / one alone / asking and ending",
        (Part("agent.20", "µs"), Part("agent.1", "µs"), Part("agent.ask", "ms")),
    ),
    Row(
        "from POST to the first text frame over HTTP, p50",
        (Part("http", "ms", most=25),),
        before="62 ms",
        peers="Open WebUI 80, Chainlit 15 to 21 ms",
        beside=(("direct", Part("http.direct", "ms")), ("Chainlit", Part("peer.first", "ms"))),
    ),
    Row(
        "through the API: from POST to the first words, beyond the upstream’s own, p50",
        (Part("api", "ms", most=25),),
        beside=(("direct", Part("api.direct", "ms")),),
    ),
    Row(
        "through the API: server CPU per chunk, 20 answers at once",
        (Part("api.20", "µs", times=(Times(1.3, "cpu.20", "browser"),)),),
        beside=(("browser", Part("cpu.20", "µs")),),
    ),
    Row(
        "added time to the first visible word, browser; upstream at once / thinks 0.3 s",
        (Part("word.0", "ms", most=80), Part("word.300", "ms", most=40)),
        before="224 / 80 ms",
        peers="Chainlit 45, Gradio 155, Open WebUI 255 ms",
    ),
    Row(
        "delay per chunk p50 / p99, 100 answers × 3 viewers, 20 chunks/s; whole; of a core",
        (
            Part("delay.p50", "ms", most=60),
            Part("delay.p99", "ms", most=150),
            Part("delay.whole", "of 100", least=100),
            Part("delay.core", "%"),
        ),
        before="156 / 1,167 ms; 96 %",
        peers="Open WebUI p99 506 ms at 100 × 1, Chainlit 230",
        beside=(("direct p99", Part("direct.100.p99", "ms")),),
    ),
    Row(
        "300 answers at once, each watched: whole / p50 / p99; of a core",
        (
            Part("many.whole", "of 300", least=300),
            Part("many.p50", "ms"),
            Part("many.p99", "ms", most=300),
            Part("many.core", "%"),
        ),
        before="300 of 300, p99 5,960 ms",
        peers="Open WebUI 176 of 200",
        beside=(("direct p99", Part("direct.300.p99", "ms")),),
    ),
    Row("each further viewer of an answer, CPU per chunk", (Part("viewer", "µs", most=15),), before="64 µs"),
    Row(
        "one growing list, CPU per chunk: at first / at 16 kB",
        (Part("list.first", "µs"), Part("list.last", "µs", times=(Times(1.3, "list.first", "at first"),))),
        before="10 ms a push",
    ),
    Row(
        "one growing table, the same",
        (Part("table.first", "µs"), Part("table.last", "µs", times=(Times(1.3, "table.first", "at first"),))),
        before="3.5 ms a push",
    ),
    *(
        Row(
            f"one growing {kind}, render per push: at 1 / at 64 kB",
            (
                Part(f"push.{kind}.1", "µs"),
                Part(f"push.{kind}.64", "µs", times=(Times(2, f"push.{kind}.1", "at 1 kB"),)),
            ),
        )
        for kind in ("paragraph", "list", "table", "code")
    ),
    Row(
        "two processes, CPU per word: one / two",
        (Part("one.cpu", "µs"), Part("two.cpu", "µs", times=(Times(1.15, "one.cpu", "one"),))),
        before="2.0 × (PostgreSQL)",
    ),
    Row(
        "the same, transactions per 1,000 words: one / two",
        (Part("one.commits"), Part("two.commits", times=(Times(1.2, "one.commits", "one"),))),
        before="4.2 ×",
    ),
    Row(
        "the same, 1,000 words/s: p99 with one / two",
        (Part("one.p99", "ms", most=300), Part("two.p99", "ms", most=300)),
        before="69 / 307 ms",
    ),
    Row(
        "browser main thread per chunk", (Part("thread", "ms", most=1.2),), before="3.3 ms", peers="Open WebUI 15 to 18"
    ),
    Row(
        "first page: wire / requests / ready",
        (Part("page.size", "kB", most=80), Part("page.requests", most=12), Part("page.ready", "s", most=0.4)),
        before="63 kB / 13 / 0.39 s",
        peers="Gradio 411 kB / 53 / 1.1 s",
    ),
    *(
        Row(
            f"{place} on a phone (CPU 4 × slower, slow 4G): first paint / largest / blocked / layout shift",
            (
                Part(f"phone.{name}.first", "ms", most=1_800),
                Part(f"phone.{name}.largest", "ms", most=2_500),
                Part(f"phone.{name}.blocked", "ms", most=200),
                Part(f"phone.{name}.moved", most=0.1),
            ),
        )
        for name, place in (("home", "first page"), ("talk", "conversation of 24 questions"))
    ),
    Row("longest task over 50 ms on such a phone while an answer is written", (Part("phone.longest", "ms", most=50),)),
    Row("asking in a conversation: what comes back", (Part("asked.bytes", "kB", most=8),), before="55.7 kB"),
    Row(
        "conversation of 1,000 questions: server / HTML / ready",
        (Part("long.server", "ms", most=60), Part("long.size", "kB", most=150), Part("long.ready", "s", most=0.4)),
        before="73 ms / 193 kB / 0.63 s",
        peers="Open WebUI 60 ms (API) / 1.8 MB / 3.5 s",
    ),
    Row(
        "search in 100,000 messages, worst kind of words, p95 / p50",
        (Part("search.p95", "ms", most=50), Part("search.p50", "ms")),
        before="48 ms (SQLite)",
        peers="Open WebUI 2.6 to 4.5 s",
    ),
    Row(
        "PDF of 1,000 questions with answers of 2 kB: seconds / the largest process",
        (Part("export.seconds", "s", most=300), Part("export.mb", "MB", most=500)),
    ),
    Row(
        "sidebar with 10,000 conversations in 300 spaces, and as many in none: whole / its list again, p95",
        (Part("sidebar.whole", "ms", most=60), Part("sidebar.again", "ms", most=60)),
    ),
    Row(
        "ledger with 200,000 sources, whatever it is narrowed and sorted by / where words are looked for, p95",
        (Part("ledger.p95", "ms", most=100), Part("ledger.words", "ms", most=100)),
    ),
    Row(
        "already answered, 100,000 questions, a press of a key with its request, p95 / p50 / CPU of ours p95",
        (Part("known.p95", "ms", most=30), Part("known.p50", "ms"), Part("known.cpu", "ms")),
    ),
    Row(
        "the same, questions found that were asked, in the same words or others",
        (Part("known.found", "%"),),
    ),
    Row(
        "importing 10,000 conversations of three 2 kB answers: uploading / looking through / importing",
        (Part("imports.upload", "s"), Part("imports.look", "s"), Part("imports.import", "s", most=300)),
    ),
    Row(
        "the same, memory of the server at most / what of it the import added / slowest page meanwhile",
        (Part("imports.memory", "MB"), Part("imports.grown", "MB", most=200), Part("imports.page", "ms")),
    ),
    Row(
        "a question in a space of 2,000 documents (200,000 passages), added time, worst kind of words, p95 / p50",
        (Part("documents.p95", "ms", most=50), Part("documents.p50", "ms")),
    ),
    Row(
        "questions over real documents whose right passage is among the 8 that go along: of the half written before"
        " the choosing was tuned / after / all",
        (Part("labelled.1", "%"), Part("labelled.2", "%"), Part("labelled.all", "%", least=90)),
    ),
    Row("PDF pages read a minute, one core", (Part("labelled.pages", least=1000),)),
    *(
        Row(
            f"labelled sentences, {which}: “found” wrongly said / “not found” wrongly said / all right",
            (
                Part(f"claims.{half}.found", "%", most=1),
                Part(f"claims.{half}.missing", "%", most=10),
                Part(f"claims.{half}.right", "%"),
            ),
        )
        for half, which in (
            ("1", "half written before the rules"),
            ("2", "half written by somebody who had not read them"),
            ("3", "a third set, written blind"),
            ("4", "a fourth, blind and of hard cases: most values stand there for another thing, too"),
        )
    ),
    Row("holding an answer with 20 marks against 20 pages of 50 kB, CPU", (Part("claims.cpu", "s", most=1.5),)),
    Row(
        "whole check of an answer with 20 marks over 20 pages of 50 kB, reading included, CPU / longest hold-up of the"
        " event loop",
        (Part("checks.cpu", "s", most=1.5), Part("checks.loop", "ms", most=20)),
    ),
    Row(
        "cold start / idle memory (PSS)",
        (Part("start", "s", most=2), Part("memory", "MB", most=110)),
        before="2.4 s / 94 MB",
        peers="Open WebUI 16 s / 775 MB, Chainlit 2 s / 120 MB",
    ),
    Row(
        "judging one picture of the largest size, peak memory", (Part("judge.memory", "MB", most=250),), before="770 MB"
    ),
    Row(
        "1024² picture judged with thumbnail, one core: flat / grained",
        (Part("judge.flat", "a second", least=30), Part("judge.grained", "a second", least=12)),
        before="18.7 / 4.4",
    ),
    Row(
        "kill -9 in mid-answer: viewers whose text is the stored one; interrupted shown after",
        (Part("kill.right", "of 40", least=40), Part("kill.shown", "s", most=10)),
        before="all; 16.8 s",
        peers="Open WebUI: answer empty",
    ),
    Row(
        "coming back at 1,000 numbers and by 100 reloads: byte-equal by number / reload / after the end, nothing twice",
        (
            Part("cuts.numbers", "numbers", least=1000),
            Part("cuts.by_number", "%", least=100),
            Part("cuts.by_reload", "%", least=100),
            Part("cuts.after_end", "%", least=100),
            Part("cuts.once", "%", least=100),
        ),
        before="byte-equal",
        peers="Chainlit loses the text",
    ),
    Row(
        "Images page of 10,000: server / HTML / ready",
        (
            Part("images.server", "ms", most=100),
            Part("images.size", "kB", most=200),
            Part("images.ready", "s", most=0.5),
        ),
    ),
    Row(
        "the same, server: from the middle on / words that one prompt has",
        (Part("images.deep", "ms", most=100), Part("images.found", "ms", most=100)),
    ),
    Row(
        "review of 10,000, one at a time: server / HTML",
        (Part("review.queue", "ms", most=100), Part("review.queue_size", "kB", most=200)),
    ),
    Row(
        "the same, many at once: server / HTML / page 200 / a decision and the next",
        (
            Part("review.grid", "ms", most=100),
            Part("review.grid_size", "kB", most=200),
            Part("review.last", "ms"),
            Part("review.decided", "ms"),
        ),
    ),
    Row(
        "image: served after the gateway’s response / after the PNG’s bytes / on an open page",
        (Part("image.served", "ms"), Part("image.own", "ms"), Part("image.shown", "s")),
    ),
)
