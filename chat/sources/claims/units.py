"""Units of measure and of money in several languages, and what a million is called.

A unit is converted within its kind (`length` into metres, and so on). Money is not: each currency is a kind of its own.
"""

from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from chat.sources.claims.folding import fold, listed

CURRENCY_SIGNS = {
    "US$": "USD",
    "R$": "BRL",
    "A$": "AUD",
    "C$": "CAD",
    "HK$": "HKD",
    "$": "USD",
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u00a5": "JPY",
    "\u20b9": "INR",
    "\u20a9": "KRW",
    "\u20bd": "RUB",
}
CURRENCY_CODES = frozenset(listed("USD EUR GBP JPY CHF CNY INR BRL AUD CAD SEK NOK DKK PLN KRW MXN RUB HKD SGD ZAR"))


class Unit(NamedTuple):
    """A kind of measure, and what makes its base out of a value: that times `factor`, plus `offset`."""

    kind: str
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)


_TABLE = """
length 1: m metre metres meter meters metern mètre mètres metro metros メートル 米 متر أمتار
length 1000: km kilometre kilometres kilometer kilometers kilometern kilomètre kilomètres kilómetro kilómetros
length 1000: quilômetro quilômetros quilómetros キロメートル キロ 公里 千米 كيلومتر كيلومترا
length 0.01: cm centimetre centimetres centimeter centimeters zentimeter zentimetern centimètre centimètres
length 0.01: centímetro centímetros センチメートル センチ 厘米 公分
length 0.001: mm millimetre millimetres millimeter millimeters millimetern millimètre millimètres milímetro
length 0.001: milímetros ミリメートル ミリ 毫米
length 0.000001: µm μm micrometre micrometres micrometer micrometers mikrometer micron microns
length 0.000000001: nm nanometre nanometres nanometer nanometers nanomètre nanomètres nanómetro nanómetros ナノメートル
length 1609.344: mi mile miles meile meilen milla millas milha milhas マイル 英里
length 0.3048: ft foot feet fuß pied pieds pie pies pé pés フィート 英尺
length 0.0254: inch inches zoll pouce pouces pulgada pulgadas polegada polegadas インチ
length 0.9144: yd yard yards ヤード
length 1852: nmi
length 149597870700: au
length 9460730472580800: lightyear lightyears lichtjahr lichtjahre lichtjahren 光年
area 1: m² m2 sqm qm quadratmeter quadratmetern 平方メートル 平米 平方米
area 1000000: km² km2 quadratkilometer quadratkilometern 平方キロメートル 平方キロ 平方公里 平方千米
area 10000: ha hectare hectares hektar hectárea hectáreas ヘクタール 公顷
area 4046.8564224: acre acres エーカー 英亩
area 2589988.110336: mi²
volume 1: l litre litres liter liters litern litro litros リットル 升
volume 0.001: ml millilitre millilitres milliliter milliliters mililitro mililitros ミリリットル
volume 100: hl hektoliter hectolitre hectolitres hectolitro hectolitros
volume 1000: m³ m3 kubikmeter kubikmetern 立方メートル 立方米
volume 3.785411784: gallon gallons gallone gallonen galón galones ガロン
volume 158.987294928: barrel barrels barril barriles barris baril barils バレル
mass 1: kg kilogram kilograms kilogramme kilogrammes kilogramm kilo kilos kilogramo kilogramos quilograma
mass 1: quilogramas quilo quilos キログラム キロ 公斤 千克
mass 0.001: g gram grams gramme grammes gramm gramo gramos grama gramas グラム 克
mass 0.000001: mg milligram milligrams milligramm milligramme milligrammes miligramo miligramos ミリグラム 毫克
mass 1000: t tonne tonnes ton tons tonnen tonelada toneladas metric-tons トン 吨 噸 طن
mass 0.45359237: lb lbs pound pounds pfund livre livres libra libras ポンド 磅
mass 0.028349523125: oz ounce ounces unze unzen once onces onza onzas onça onças オンス
time 1: s sec second seconds sekunde sekunden seconde secondes segundo segundos 秒 秒間 ثانية
time 60: min minute minutes minuten minuto minutos 分 分間 分钟 دقيقة
time 3600: h hr hrs hour hours stunde stunden heure heures hora horas 時間 小时 ساعة
time 86400: day days tag tage tagen jour jours día días dia dias 日間 天 يوم أيام
time 604800: week weeks woche wochen semaine semaines semana semanas 週間 周 星期
months 1: month months monat monate monaten mois mes meses mês か月 ヶ月 ヵ月 カ月 个月 شهر أشهر
months 12: year years jahr jahre jahren an ans année années año años ano anos yr yrs 年間 سنة سنوات عام
speed 1: m/s
speed 0.2777777777777778: km/h kmh kph stundenkilometer
speed 0.44704: mph
speed 0.5144444444444445: knot knots knoten nœuds nudos
energy 1: wh
energy 1000: kwh kilowattstunde kilowattstunden キロワット時 千瓦时
energy 1000000: mwh megawattstunde megawattstunden
energy 1000000000: gwh gigawattstunde gigawattstunden
energy 1000000000000: twh terawattstunde terawattstunden
heat 1: j joule joules
heat 1000: kj kilojoule kilojoules
heat 1000000: mj megajoule megajoules
heat 4184: kcal
power 1: w watt watts vatios ワット
power 1000: kw kilowatt kilowatts kilovatios キロワット 千瓦
power 1000000: mw megawatt megawatts megavatios メガワット 兆瓦
power 1000000000: gw gigawatt gigawatts gigavatios ギガワット 吉瓦
power 735.49875: ps
power 745.6998715822702: hp horsepower
frequency 1: hz hertz
frequency 1000: khz
frequency 1000000: mhz
frequency 1000000000: ghz
data 1: byte bytes
data 1000: kb kilobyte kilobytes
data 1000000: mb megabyte megabytes メガバイト
data 1000000000: gb gigabyte gigabytes ギガバイト
data 1000000000000: tb terabyte terabytes テラバイト
pressure 1: pa
pressure 100: hpa mbar
pressure 100000: bar
sound 1: db decibel decibels dezibel décibels decibelios
temperature 1: °c ℃ celsius 摂氏 度 degrees degree grad degré degrés grados graus
percent 1: % percent pct prozent per_cent pourcent por_ciento por_cento pour_cent パーセント بالمئة
percent 10: 割
percent 0.1: ‰ promille per_mille
points 1: percentage_points percentage_point pp prozentpunkte prozentpunkten prozentpunkt
points 1: points_de_pourcentage puntos_porcentuales pontos_percentuais ポイント 百分点
angle 1: ° degrees degree grad degrés grados graus
EUR 1: euro euros ユーロ 欧元 يورو
USD 1: dollar dollars dólar dólares ドル 美元 دولار
GBP 1: pound pounds sterling pfund livres
JPY 1: yen 円 日元
CNY 1: yuan renminbi 元 人民币
CHF 1: franken francs sfr
BRL 1: real reais réais
MXN 1: peso pesos
INR 1: rupee rupees rupien roupies rupias ルピー
RUB 1: rouble roubles ruble rubles rubel rublos
KRW 1: won ウォン 韩元
"""
_AREA_WORDS = """
area 1: square_metres square_metre square_meters square_meter mètres_carrés mètre_carré metros_cuadrados
area 1: metro_cuadrado metros_quadrados sq_m
area 1000000: square_kilometres square_kilometre square_kilometers square_kilometer kilomètres_carrés
area 1000000: kilómetros_cuadrados quilômetros_quadrados sq_km km_2 kilometros_cuadrados
area 2589988.110336: square_miles square_mile sq_mi millas_cuadradas
area 0.09290304: square_feet square_foot sq_ft
volume 1000: cubic_metres cubic_metre cubic_meters cubic_meter mètres_cubes metros_cúbicos mètre_cube metro_cúbico
mass 1000: metric_tons metric_ton metric_tonnes
mass 907.18474: short_tons
length 1852: nautical_miles nautical_mile
length 9460730472580800: light_years light_year années_lumière años_luz anos_luz
speed 0.2777777777777778: kilometres_per_hour kilometers_per_hour km_per_hour kilometer_pro_stunde kilomètres_à_l'heure
speed 0.2777777777777778: kilómetros_por_hora quilômetros_por_hora
speed 0.44704: miles_per_hour
"""
_FAHRENHEIT = Unit("temperature", Decimal(5) / 9, Decimal(-160) / 9)
_EXACT = {
    "kb": ("kB", "KB", "Kb", "kb"),
    "mw": ("MW",),
    "mwh": ("MWh", "mwh"),
    "t": ("t",),
    "s": ("s",),
    "g": ("g",),
    "m": ("m",),
    "h": ("h",),
    "l": ("l", "L"),
    "w": ("W",),
    "j": ("J",),
    "an": ("an",),
    "au": ("AU",),
    "pa": ("Pa",),
    "ps": ("PS",),
    "pp": ("pp",),
    "bar": ("bar",),
    "or": (),
}

_EAST = "\u3000"  # behind it are the signs of East Asia

SCALES = {
    "thousand": 3,
    "thousands": 3,
    "tausend": 3,
    "tsd": 3,
    "mille": 3,
    "milliers": 3,
    "mil": 3,
    "million": 6,
    "millions": 6,
    "millionen": 6,
    "mio": 6,
    "mill": 6,
    "mln": 6,
    "mn": 6,
    "millon": 6,
    "millones": 6,
    "milhao": 6,
    "milhoes": 6,
    "مليون": 6,
    "ملايين": 6,
    "الف": 3,
    "الاف": 3,
    "مليار": 9,
    "مليارات": 9,
    "milliard": 9,
    "milliards": 9,
    "milliarde": 9,
    "milliarden": 9,
    "mrd": 9,
    "mds": 9,
    "md": 9,
    "bn": 9,
    "bilhao": 9,
    "bilhoes": 9,
    "billon": 12,
    "billones": 12,
    "billionen": 12,
    "billions": 9,
    "billion": 9,
    "trillion": 12,
    "trillions": 12,
    "trilhao": 12,
    "trilhoes": 12,
    "tn": 12,
}
_LONG_SCALE = {"billion": 12, "billions": 12, "trillion": 18, "trillions": 18}
_LONG_SCALE_LANGUAGES = ("de", "fr", "es")


def scale_of(word: str, language: str) -> int:
    """The power of ten that a folded word multiplies by, 0 where it is no such word."""
    if language in _LONG_SCALE_LANGUAGES and word in _LONG_SCALE:
        return _LONG_SCALE[word]
    return SCALES.get(word, 0)


@cache
def _units() -> dict[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = {}
    for line in filter(None, (_TABLE + _AREA_WORDS).splitlines()):
        head, _, names = line.partition(":")
        kind, factor = head.split()
        for name in names.split():
            found.setdefault(_key(name.replace("_", " ")), []).append(Unit(kind, Decimal(factor)))
    for name in ("°f", "fahrenheit", "\u2109"):
        found[fold(name)] = [_FAHRENHEIT]
    for phrase, unit in (("celsius", "°c"), ("fahrenheit", "°f"), ("c", "°c"), ("f", "°f")):
        for word in ("degrees", "degree", "grad", "degres", "grados", "graus", "°"):
            found[f"{word} {phrase}"] = found[fold(unit)]
    for code in CURRENCY_CODES:
        found.setdefault(code.lower(), []).append(Unit(code))
    for sign, code in CURRENCY_SIGNS.items():
        found.setdefault(fold(sign), []).append(Unit(code))
    return {name: tuple(units) for name, units in found.items()}


@lru_cache(maxsize=8_192)
def units_named(name: str) -> tuple[Unit, ...]:
    """The units that may be meant by a name or sign, as it is written (words joined by single blanks)."""
    folded = _key(name)
    if folded in _EXACT and name not in _EXACT[folded]:
        return ()
    return _units().get(folded, ())


def _key(name: str) -> str:
    return name if name >= _EAST else fold(name)


@cache
def east_asian_units() -> tuple[str, ...]:
    """The names of units that are written right behind a number, the longest first."""
    return tuple(sorted((name for name in _units() if name >= _EAST), key=len, reverse=True))


@cache
def longest_unit() -> int:
    """Words of the longest name of a unit."""
    return max(name.count(" ") for name in _units()) + 1
