"""What places and organisations are called in other languages: countries by Babel, and a table of those that matter."""

from functools import cache
from typing import NamedTuple

from babel import Locale

from chat.sources.claims.folding import fold, has_east_asian

_LOCALES = ("en", "de", "fr", "es", "pt", "ja", "zh_Hans", "ar")

_TABLE = """
US United_States USA U.S. United_States_of_America America Vereinigte_Staaten Vereinigten_Staaten États-Unis EE._UU. \
Estados_Unidos EUA アメリカ 米国 美国 الولايات_المتحدة
GB United_Kingdom UK U.K. Britain Great_Britain Großbritannien Vereinigtes_Königreich Royaume-Uni Reino_Unido \
Grande-Bretagne Gran_Bretaña イギリス 英国
EU European_Union Europäische_Union Europäischen_Union Union_européenne Unión_Europea União_Europeia UE 欧州連合 欧盟
UN United_Nations UNO ONU Vereinte_Nationen Vereinten_Nationen Nations_unies Naciones_Unidas Nações_Unidas 国連 联合国
NATO OTAN 北大西洋条約機構 北约
WHO OMS World_Health_Organization World_Health_Organisation Weltgesundheitsorganisation \
Organisation_mondiale_de_la_santé Organización_Mundial_de_la_Salud Organização_Mundial_da_Saúde \
世界保健機関 世界卫生组织
IMF IWF FMI International_Monetary_Fund Internationaler_Währungsfonds Internationale_Währungsfonds \
Fonds_monétaire_international Fondo_Monetario_Internacional 国際通貨基金
OECD OCDE 経済協力開発機構
ECB EZB BCE BCE European_Central_Bank Europäische_Zentralbank Banque_centrale_européenne Banco_Central_Europeo \
欧州中央銀行
WTO OMC Welthandelsorganisation World_Trade_Organization Organisation_mondiale_du_commerce 世界貿易機関
IPCC GIEC Weltklimarat
World_Bank Weltbank Banque_mondiale Banco_Mundial 世界銀行
DE Germany Deutschland BRD Federal_Republic_of_Germany
NL Netherlands Holland Niederlande Niederlanden Pays-Bas Países_Bajos Países_Baixos オランダ
CH Switzerland Schweiz Suisse Suiza Suíça スイス
CZ Czechia Czech_Republic Tschechien Tschechische_Republik Tchéquie République_tchèque República_Checa チェコ
RU Russia Russland Russie Rusia Rússia Russian_Federation ロシア
TR Turkey Türkiye Türkei Turquie Turquía Turquia トルコ
KR South_Korea Südkorea Corée_du_Sud Corea_del_Sur Coreia_do_Sul 韓国 韩国
KP North_Korea Nordkorea Corée_du_Nord Corea_del_Norte Coreia_do_Norte 北朝鮮
CN China People's_Republic_of_China Chine 中国
Munich München Múnich Munique Monaco_di_Baviera ミュンヘン 慕尼黑
Cologne Köln Colonia Colônia ケルン 科隆
Vienna Wien Vienne Viena ウィーン 维也纳
Berlin Berlín Berlim ベルリン 柏林
Nuremberg Nürnberg Núremberg ニュルンベルク
Hanover Hannover Hanovre ハノーファー
Frankfurt Francfort Fráncfort フランクフルト
Hamburg Hambourg Hamburgo ハンブルク
Geneva Genf Genève Ginebra Genebra ジュネーヴ ジュネーブ 日内瓦
Zurich Zürich Zúrich Zurique チューリッヒ
Basel Bâle Basilea
Brussels Brüssel Bruxelles Bruselas Bruxelas ブリュッセル 布鲁塞尔
Antwerp Antwerpen Anvers Amberes アントウェルペン
The_Hague Den_Haag La_Haye La_Haya Haia ハーグ 海牙
Copenhagen Kopenhagen Copenhague København コペンハーゲン
Warsaw Warschau Varsovie Varsovia Varsóvia Warszawa ワルシャワ
Prague Prag Praga Praha プラハ
Moscow Moskau Moscou Moscú Moscovo モスクワ 莫斯科
Saint_Petersburg St._Petersburg Sankt_Petersburg Saint-Pétersbourg San_Petersburgo サンクトペテルブルク
Kyiv Kiev Kiew Kyjiw キーウ キエフ 基辅
Athens Athen Athènes Atenas アテネ 雅典
Rome Rom Roma ローマ 罗马
Milan Mailand Milán Milano Milão ミラノ 米兰
Florence Florenz Florencia Firenze Florença フィレンツェ
Venice Venedig Venise Venecia Venezia Veneza ヴェネツィア ベネチア
Naples Neapel Nápoles Napoli ナポリ
Turin Turín Torino Turim トリノ
Genoa Genua Gênes Génova Genova ジェノヴァ
Paris París パリ 巴黎
Nice Nizza Niza ニース
Strasbourg Straßburg Estrasburgo ストラスブール
Marseille Marseilles Marsella Marselha マルセイユ
London Londres Londra ロンドン 伦敦
Edinburgh Édimbourg Edimburgo エディンバラ
Dublin Dublín ダブリン
Lisbon Lissabon Lisbonne Lisboa リスボン 里斯本
Madrid マドリード 马德里
Seville Sevilla Séville セビリア
Barcelona Barcelone バルセロナ
New_York Nueva_York Nova_York ニューヨーク 纽约
Los_Angeles ロサンゼルス ロサンジェルス 洛杉矶
San_Francisco サンフランシスコ 旧金山
Washington ワシントン 华盛顿
Mexico_City Mexiko-Stadt Mexico Ciudad_de_México Cidade_do_México メキシコシティ
Havana Havanna La_Havane La_Habana Havana ハバナ
Beijing Peking Pékin Pekín Pequim 北京 ペキン
Shanghai Schanghai Shanghái Xangai 上海
Hong_Kong Hongkong 香港
Taipei Taipeh 台北
Tokyo Tokio Tóquio 東京 东京
Kyoto Kioto Quioto 京都
Osaka Ōsaka 大阪
Seoul Séoul Seúl Seul ソウル 首尔
Singapore Singapur Singapour Singapura シンガポール 新加坡
Delhi New_Delhi Neu-Delhi Nueva_Delhi デリー ニューデリー
Mumbai Bombay ムンバイ
Cairo Kairo Le_Caire El_Cairo カイロ 开罗 القاهرة
Jerusalem Jérusalem Jerusalén Jerusalém エルサレム القدس
Damascus Damaskus Damas Damasco ダマスカス
Baghdad Bagdad Bagdá バグダッド
Tehran Teheran Téhéran Teherán Teerã テヘラン
Istanbul Estambul Istambul イスタンブール
Cape_Town Kapstadt Le_Cap Ciudad_del_Cabo Cidade_do_Cabo ケープタウン
Sydney Sídney シドニー
Danube Donau Danubio Danúbio ドナウ川
Rhine Rhein Rhin Rin Reno ライン川
Lake_Constance Bodensee Lac_de_Constance
Bavaria Bayern Bavière Baviera バイエルン
Saxony Sachsen Saxe Sajonia
Europe Europa ヨーロッパ 欧州 欧洲
Africa Afrika Afrique África アフリカ 非洲
Asia Asien Asie アジア 亚洲
"""


class Place(NamedTuple):
    """A name that is another in other languages: an id, and its forms, folded but for those of East Asia."""

    id: str
    forms: tuple[str, ...]


@cache
def _places() -> dict[str, Place]:
    """Each form with its place."""
    forms: dict[str, list[str]] = {}
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if len(code) == 2 and code != "ZZ" and len(name) > 1:
                forms.setdefault(code, []).append(name)
    for line in _TABLE.strip().splitlines():
        names = [name.replace("_", " ") for name in line.split()]
        forms.setdefault(names[0], []).extend(names)
    found: dict[str, Place] = {}
    for id_, names in forms.items():
        place = Place(id_, tuple(dict.fromkeys(map(form_key, names))))
        for form in place.forms:
            if len(form) > 2 or form in ("us", "uk", "eu", "un", "ue") or not form.isascii():
                found[form] = place
    return found


def form_key(name: str) -> str:
    """A name as the table has it."""
    return name if has_east_asian(name) else fold(name).rstrip(".")


def place_named(name: str) -> Place | None:
    """The place or organisation with this name in any of the languages."""
    return _places().get(form_key(name))


@cache
def east_asian_forms() -> tuple[str, ...]:
    """The names in East Asian signs, the longest first."""
    return tuple(sorted((form for form in _places() if has_east_asian(form)), key=len, reverse=True))
