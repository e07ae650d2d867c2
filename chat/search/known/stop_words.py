"""Words that say little about what is asked, folded as `chat.search.words` does it, of English and other languages.

Those by which people compare are among them, since *A vs B* and *the difference between A and B* ask the same. Words
that turn a question round, such as *not* and *without*, are not; nor are those that name something in another language,
such as *us*, *may*, *eu* and *ai*. Whoever changes a word has the keys of all questions
made anew by a migration.
"""

_BY_LANGUAGE = {
    "en": """a about an and any are as at be been being between but by can compare compared comparison could describe
        did difference differences do does doing done explain for from get give had has have having he her here
        hers him his how hows i id if im in into is it its itself ive know let lets like make me might more most
        much my of on one or our ours out over please shall she should show so some such tell than that the
        their theirs them then there these they this those to too up versus vs was we were what whats when where
        which while who whom whos whose why will with would you your yours""",
    "de": """aber alle als also am an auch auf aus bei beim bin bis bist bitte da damit dann das dass dem den denn
        der des dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer
        eines er erklar erklare es etwas fur gegen gib gibt haben hat hatte ich ihm ihn ihnen ihr ihre im in ins
        ist ja jede jeder jedes kann kannst konnen man mein meine mich mir mit nach noch nun nur ob oder sein
        seine sich sie sind so soll sollte uber um und uns unser unsere unter unterschied unterschiede vergleich
        vergleiche vom von vor wann waren warum was welche welchen welcher welches wenn wer werden wie wieso wir
        wird wo zu zum zur zwischen""",
    "fr": """a au aux avec c ce cela ces cet cette ceux chez ci comme comment comparaison comparer d dans de des
        difference differences donc dont du elle elles en est et etre eux explique expliquez fais fait il ils j
        je l la le les leur leurs lui m ma mais me mes moi mon n nos notre nous on ont ou par peut peux plus
        pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa se ses si sont sur t ta te tes toi
        ton tu un une vos votre vous y""",
    "es": """a al algo ante como comparacion comparar con cual cuales cuando cuanto de del desde diferencia
        diferencias donde dos e el ella ellas ellos en entre era es esa esas ese eso esos esta estan estas este
        esto estos explica explicame fue ha han hay la las le les lo los mas me mi mis mucho muy nos o para pero
        por porque puede puedo que quien quienes se ser si sobre su sus te tiene tu tus u un una unas uno unos y
        ya yo""",
    "pt": """ao aos as ate comparacao comparar da das de dela dele diferenca diferencas do dos e ela elas ele eles em
        entre essa essas esse esses esta estao estas este estes explique foi ha isso isto ja lhe mais mas me meu
        minha muito na nas nos nossa nosso num numa o onde ou para pela pelas pelo pelos pode por porque pra
        quais qual quando quanto que quem sao se ser seu seus sua suas tem tu um uma voce voces""",
    "ar": """اذا التي الذي الذين الي ان انا انت او اي اين بعد بين تكون تلك ثم ذلك علي عن عند في فيه قبل قد كان كانت
        كل كم كيف لقد لكن لماذا له لها لهم ما ماذا متي مع من منذ نحن هذا هذه هل هم هناك هو هي و يا يكون يمكن""",
}

STOP_WORDS = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())
_TURNING = """aucun aucune ausser except exceto excepto jamais kein keine keinem keinen keiner keines nao neither never
    nicht nie ninguna ninguno no nor not nunca ohne pas salvo sans sauf sem sin without بدون دون ليس ليست لا"""
TURNING_WORDS = frozenset(_TURNING.split())
"""Words that turn a question round: of two questions, both have them, or they ask something else."""
