"""Words with capitals that are no names by themselves, or none at the ends of one."""

from functools import cache

from babel import Locale

from chat.sources.claims.folding import fold, listed

TITLES = frozenset(
    listed("""
mr mrs ms dr prof professor president chancellor minister prime vice senator governor king queen prince
princess sir lord lady dame pope saint st general captain colonel judge justice chairman ceo director
secretary professors herr frau prasident prasidentin kanzler kanzlerin bundeskanzler bundeskanzlerin
ministerin konig konigin papst general vorsitzender vorsitzende burgermeister professorin doktor chef chefin
trainer monsieur madame presidente presidenta ministre ministra ministro roi reine pape rey reina papa don
dona senor senora doctor doctora alcalde rei rainha senhor senhora mayor
""")
)
NO_NAMES = frozenset(
    listed("""
i internet web online god earth bible monday tuesday wednesday thursday friday saturday sunday north south
east west northern southern eastern western american americans european europeans british canadian canadians
african africans asian asians mexican indian indians australian brazilian swiss roman christian muslim
catholic jewish montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend q1 q2 q3 q4 h1 h2 ok ceo
cfo pdf url gdp usd eur gbp est edt cet cest utc gmt pst pdt
""")
)
GENERIC = frozenset(
    listed("""
bank group university prize act council party company institute association union energy ministry court street
park island river museum award commission agency department office committee engine society foundation fund
school college hospital center centre church bridge tower city state states county province district lake
mountain war treaty law project system service services technologies industries international national global
news times airport station club team league cup festival university research organization organisation physics
chemistry medicine peace literature republic kingdom federation universitat gesellschaft verein bank gruppe
""")
)
"""What many names end with: alone it is none of them."""

LEGAL_FORMS = frozenset(listed("ag gmbh se kg inc ltd llc plc co corp sa nv bv spa srl oyj ab asa kgaa"))
"""What companies have behind their names, and sources often leave out."""

LABELS = frozenset(
    listed("""
section sections article articles chapter figure table page pages step part volume rule title nr number item
artikel kapitel abschnitt seite seiten abs absatz paragraf schritt teil nummer
chapitre page partie etape capitulo articulo pagina seccion parte paso numero artigo secao
""")
)
"""Words behind which a number says which one, not how many."""


@cache
def language_names() -> frozenset[str]:
    """What languages are called: in several of them those are also the people who speak them."""
    names = (name for locale in ("en", "fr", "es", "pt") for name in Locale.parse(locale).languages.values())
    return frozenset(fold(name) for name in names if " " not in name)


SURNAMES = frozenset(
    listed("""
佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邉 渡邊 山本 中村 小林 加藤 吉田 山田 佐々木 松本 井上 木村 斎藤 斉藤
齋藤 清水 林田 山崎 中島 池田 阿部 橋本 山下 森田 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤
青木 坂本 福田 太田 西村 藤井 岡本 金子 藤原 三浦 中野 中川 原田 松田 竹内 小野 田村 中山 和田 石田
森本 上田 原口 内田 柴田 酒井 宮本 横山 高木 安藤 宮田 大野 小島 谷口 今井 工藤 高田 増田 丸山 杉山
村田 大塚 新井 小山 平野 河野 藤本 野口 武田 千田 菅原 久保 松井 岩崎 桜井 木下 野村 松尾 菊地 菊池
佐野 市川 杉本 古川 大西 島田 水野 桑原 高野 西田 吉川 山内 西川 北村 飯田 安田 吉村 五十嵐 川口 平田
関口 中田 久保田 服部 東野 富田 川崎 岩田 土屋 本田 永井 星野 小松 田口 樋口 望月 大久保 三宅 内藤 荒井
上野 小池 浅野 川上 大谷 大島 岡崎 黒田 片山 石原 堀内
""")
)
"""Usual family names of Japan, of two signs or more."""
