"""What stands in the place of a page: a form to sign in, one to consent, a test for people, nothing without scripts.

The page was sent with success all the same. It is told by how little text there is, together with what is said in it.
Phrases are those of eight languages, in lower case.
"""

import re
from typing import Any

from files.text.web.head import Head

LOGIN, CONSENT, SCRIPTS_ONLY, NOT_FOUND, DENIED = "login", "consent", "scripts_only", "not_found", "denied"

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # signs that say as much as three letters
_TESTS = (
    "verify you are human", "verify that you are human", "are you a robot", "are not a robot",
    "checking your browser", "checking if the site connection is secure",
    "enable javascript and cookies to continue", "unusual traffic", "complete the captcha",
    "pardon our interruption", "security check to access", "request unsuccessful. incapsula",
)  # fmt: skip
_TEST_TITLES = re.compile(
    r"^(?:just a moment|attention required|access denied|access to this page has been denied|robot check|"
    r"security check|are you a robot|ddos-guard|403 forbidden|bot verification)\b"
)
_GONE_TITLES = re.compile(
    r"\b404\b|\b(?:page|article|document) (?:was )?not found\b|\bpage (?:doesn.t|does not) exist\b|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|"
    r"página não encontrada|ページが(?:見つかりません|存在しません)|页面(?:不存在|未找到)|找不到(?:页面|网页)|"
    r"الصفحة غير موجودة"
)
_LOGIN = (
    "log in to continue", "sign in to continue", "log in to read", "sign in to read", "please log in",
    "please sign in", "you must be logged in", "you need to sign in", "subscribe to continue", "subscribe to read",
    "to continue reading", "continue reading with a", "already a subscriber", "this content is for subscribers",
    "for subscribers only", "register to read", "create a free account to", "members only", "institutional access",
    "get full access", "melden sie sich an", "bitte anmelden", "bitte einloggen", "jetzt abonnieren",
    "weiterlesen mit", "nur für abonnenten", "diesen artikel weiterlesen", "sie müssen angemeldet sein",
    "mit abo lesen", "connectez-vous pour", "veuillez vous connecter", "abonnez-vous pour",
    "article réservé aux abonnés", "réservé à nos abonnés", "pour lire la suite", "inicia sesión para",
    "inicie sesión para", "suscríbete para", "suscríbase para", "solo para suscriptores",
    "contenido exclusivo para suscriptores", "faça login para", "entre para continuar", "assine para",
    "exclusivo para assinantes", "conteúdo para assinantes", "ログインしてください", "ログインが必要", "会員限定",
    "有料会員", "続きを読むには", "请登录", "请先登录", "登录后查看", "登录后阅读", "订阅后阅读", "会员专享",
    "يرجى تسجيل الدخول", "سجل الدخول", "للمشتركين فقط",
)  # fmt: skip
_CONSENT = (
    "before you continue", "we value your privacy", "we and our partners", "accept all cookies", "accept cookies",
    "cookie consent", "manage your privacy", "your privacy choices", "consent to the use of cookies",
    "bevor sie fortfahren", "bevor du fortfährst", "alle cookies akzeptieren", "zustimmen und weiter",
    "mit werbung weiterlesen", "wir und unsere partner", "ihre privatsphäre", "avant de continuer",
    "accepter tous les cookies", "tout accepter", "accepter et continuer", "continuer sans accepter",
    "antes de continuar", "aceptar todas las cookies", "aceptar y continuar", "valoramos tu privacidad",
    "antes de prosseguir", "aceitar todos os cookies", "aceitar e continuar", "valorizamos a sua privacidade",
    "クッキーを受け入れる", "すべてのcookieを受け入れる", "cookieの使用に同意", "接受所有cookie", "接受全部 cookie",
    "在您继续之前", "قبول جميع ملفات تعريف الارتباط", "قبل المتابعة",
)  # fmt: skip
_SCRIPTS = (
    "enable javascript", "javascript is required", "requires javascript", "javascript is disabled",
    "turn on javascript", "javascript aktivieren", "aktivieren sie javascript", "javascript ist deaktiviert",
    "activer javascript", "javascript est désactivé", "habilita javascript", "activa javascript",
    "habilite o javascript", "ative o javascript", "javascriptを有効", "启用javascript", "启用 javascript",
    "تفعيل javascript", "تمكين javascript",
)  # fmt: skip
_ROOTS = ("root", "app", "__next", "__nuxt", "app-root", "react-root", "main-app", "q-app", "svelte", "gatsby")


def wall_of(tree: Any, head: Head, *, text: str, seen: str) -> str:
    """What stands in the page's place, by one of the names above; empty where it is the page. `text` is what counts as
    its text, `seen` all that could be seen of it."""
    length, title = _length(text), head.title.lower()
    words, around = text.lower()[:6000], seen.lower()[:6000]
    everything = f"{words}\n{around}"
    if length < 1500 and (_TEST_TITLES.search(title) or _has(_TESTS, words if length > 400 else everything)):
        return DENIED
    if length < 800 and _GONE_TITLES.search(title):
        return NOT_FOUND
    if length < 400 and _asks_for_password(tree):
        return LOGIN
    if (length < 2500 and _has(_LOGIN, words)) or (length < 400 and _has(_LOGIN, around)):
        return LOGIN
    if length < 1500 and not head.free:
        return LOGIN
    if (length < 1000 and _has(_CONSENT, words)) or (length < 250 and _has(_CONSENT, around)):
        return CONSENT
    if length < 250 and _needs_scripts(tree, around):
        return SCRIPTS_ONLY
    return ""


def _length(text: str) -> int:
    return len(text) + 2 * len(_WIDE.findall(text))


def _has(phrases: tuple[str, ...], text: str) -> bool:
    return any(phrase in text for phrase in phrases)


def _asks_for_password(tree: Any) -> bool:
    return any((element.get("type") or "").lower() == "password" for element in tree.iter("input"))


def _needs_scripts(tree: Any, seen: str) -> bool:
    if next(tree.iter("script"), None) is None:
        return False
    unseen = " ".join((element.text_content() or "") for element in list(tree.iter("noscript"))[:20]).lower()
    if _has(_SCRIPTS, seen) or _has(_SCRIPTS, unseen):
        return True
    if any((element.get("id") or "").lower() in _ROOTS and not len(element) for element in tree.iter("div")):
        return True
    return len(seen.strip()) < 100 and sum(1 for _script in tree.iter("script")) >= 1
