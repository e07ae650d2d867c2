"""Words that say nothing of what a question is about, in the languages of the interface: small words, and those with
which one asks. Folded, as the index has them."""

_ENGLISH = """
a about above after again against all also although am among an and another any anybody anyone anything are around
as ask at be became because become been before being below between both but by can cannot case come could did didn
do does doesn doing don done down during each either else ever every everyone everything few for from further get
gets getting give given gives go goes going got had has hasn have haven having he her here hers him his how however
i if in instead into is isn it its itself just keep know let ll look made make makes making many may me mean means
might mine more most much must my need needs neither no nobody nor not nothing now of off often on once one only or
other others our ours out over own please put rather re really s say says see seem seems shall she should show shows
since so some somebody someone something still such t take takes tell than that the their theirs them themselves
then there these they thing things this those though through thus to together too under until up upon us use used
uses using ve very want was wasn way we well were what whatever when whenever where whether which while who whom
whose why will with within without won work would yes yet you your yours document documents explain describe
mention mentioned according called
"""
_GERMAN = """
aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da dabei dafur
damit dann darf das dass dem den denn der des dessen die dies diese diesem diesen dieser dieses dir doch dort du
durch ein eine einem einen einer eines er es etwa etwas euch fur gegen gibt habe haben hat hatte hier ich ihm ihn
ihnen ihr ihre ihrem ihren im in ins ist ja jede jedem jeden jeder jedes jemand kann kein keine konnen konnte lang
mal man mehr mein meine mich mir mit muss mussen nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine
selbst sich sie sind so soll sollte steht uber um und uns unser unter viel viele vom von vor wann war waren warum
was weil welche welchem welchen welcher welches wem wen wenn wer werde werden wessen wie wieso wieviel wird wir wo
wodurch wofur woher wohin womit worden wurde wurden zu zum zur zwischen dokument datei bedeutet heisst
"""
_FRENCH = """
ai au aussi autre aux avec avoir c ce cela ces cet cette ceux chaque combien comme comment d dans de des dois doit
donc dont du elle elles en encore entre es est et etaient etait etes etre eux fait faire faut il ils j je l la
laquelle le lequel les leur leurs lors lui ma mais me meme mes moi mon n ne nos notre nous on ont ou par parce pas
peut peuvent peux plus pour pourquoi qu quand que quel quelle quelles quels qui quoi sa sans se selon sera ses si
son sont sous sur ta te tes toi ton tous tout toute toutes tu un une vers vos votre vous y fichier
"""
_SPANISH = """
al algo algun alguna algunos ante antes como con contra cual cuales cualquier cuando cuanta cuantas cuanto cuantos
de debe deben del desde donde dos durante e el ella ellas ellos en era eran es esa ese eso esta estan estar estas
este esto estos fue fueron ha hace hacer hacia han hasta hay la las le les lo los mas me mi mientras mis mucho muy
nada ni no nos nosotros o os otra otro para pero poco por porque pueda puede pueden puedo que quien quienes se segun
ser si sido sin sino sobre son su sus tal tambien tan tanto te tener tengo ti tiene tienen todo todos tu tus un una
unas uno unos usted y ya yo documento archivo
"""
_PORTUGUESE = """
ao aos aquela aquele aquilo as ate com cada da das dela dele deles depois do dos ela elas ele eles em entao essa
esse esta estao este eu faz fazer foi foram isso isto ja lhe mais mas mesmo meu minha muito na nao nas nem no nos
nossa nosso num numa o onde os ou para pela pelas pelo pelos pode podem por porque posso qual quais quando quanto
quantos quem sao se sem sendo ser seu seus so sua suas sobre tem tenho ter teu teve um uma voce voces arquivo
"""
_ARABIC = """
الى الي ان او اي اذا الا الذي التي الذين انا انت اين اكثر بعد بعض بل بين به بها تحت ثم حتى حتي حول حيث ذلك سوف عن
عند عندما على علي عليه عليها غير في فيه فيها قبل قد كان كانت كل كم كما كيف لا لم لماذا لن له لها ليس ما ماذا متى متي
مثل مع من منه منها نحن نعم هذا هذه هل هم هنا هناك هو هي و يا يكون يمكن
"""

STOP_WORDS = tuple(frozenset(words.split()) for words in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _PORTUGUESE, _ARABIC))
"""One set for each language: what is a small word in one can be what a question in another is about."""

STOP_SIGNS = frozenset("的了是在和与或吗呢吧么什怎哪谁几些这那个有为以及对被把从到中其您你我他她它们")
"""The same in Chinese, sign by sign: what is left between them is looked for. Japanese says such things in kana."""
