"""What stands in place of a story: checks for robots, consent layers, notices on scripts, and gates for subscribers.

Told by what they say, in six languages, sentence by sentence: a wall speaks to its reader of browsers, cookies and
accounts and of nothing else, which no story does for half of its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from worker.text.literals import Screen, lower

_LONGEST = 4_000  # characters; a longer text is more than a wall
_MOST = 0.5  # share of a text's characters in sentences of a wall
_SENTENCES = re.compile(r"(?<=[.!?…:])\s+|\n+")

# By what they mean; a sentence of one of these needs no other sign.
_PLAIN = {
    "a check for robots": (
        r"captcha|\bray id\b|incident id|not a robot|(?:are|is) (?:you )?(?:a )?human\b|verif\w+ (?:that )?you"
        r"|check\w* (?:if|that|whether|your|the) (?:\w+ ){0,3}(?:browser|connection)|unusual (?:traffic|activity)"
        r"|security of your (?:connection|browser)|(?:don[’']t|do not) have permission|access (?:\w+ ){0,6}denied"
        r"|pardon our interrupt"
        r"|automated (?:access|requests?|traffic)|you (?:have been|are|were) blocked"
        r"|(?:comprob|verific|revis)\w+ (?:que |si |tu |su |la |el ){1,3}(?:\w+ ){0,2}(?:navegador|conexión"
        r"|human[oa]|robot)"
        r"|no (?:soy|eres|es) un robot|acceso denegado|tráfico (?:inusual|sospechoso)"
        r"|verific\w+ (?:que |se |o |seu |a |você ){1,3}(?:\w+ ){0,2}(?:navegador|conexão|humano|robô)|não (?:sou"
        r"|é) um robô"
        r"|acesso negado|vérifi\w+ (?:que |de |votre |si ){1,3}(?:\w+ ){0,2}(?:navigateur|connexion|humain|robot)"
        r"|pas un robot|accès refusé|kein roboter|(?:ihren|ihr|der|dein) browser (?:wird )?(?:über|ge)prüft"
        r"|sie (?:ein|kein) (?:mensch|roboter)|zugriff verweigert|non sei un robot|accesso negato"
    ),
    "a notice on scripts": (
        r"(?:enable|turn on|activate|allow|switch\w* on|requires?|disabled|need\w*|without"
        r"|supports?) (?:\w+ ){0,5}(?:javascript|js)\b"
        r"|(?:javascript|js)\b (?:\w+ ){0,5}(?:enabled?|disabled|required|switched|turned|on\b|off\b)"
        r"|(?:disable|turn off|whitelist|using an?) (?:\w+ ){0,3}ad[ -]?block|(?:habilit|activ|permit|requier"
        r"|necesit|dese?sactiv)\w* "
        r"(?:\w+ ){0,4}(?:javascript|bloqueador)|(?:ative|habilite|precisa"
        r"|desative)\w* (?:\w+ ){0,4}(?:javascript|bloqueador)"
        r"|(?:activ|désactiv|autoris)\w+ (?:\w+ ){0,4}(?:javascript|bloqueur)|javascript (?:\w+ ){0,4}(?:aktivier"
        r"|einschalt|nötig|"
        r"erforderlich|habilitad|activ|attiv)|(?:aktivier|schalten)\w* (?:\w+ ){0,4}(?:javascript|werbeblocker"
        r"|adblocker)"
        r"|(?:abilit|attiv)\w+ (?:\w+ ){0,3}javascript|browser (?:is )?(?:out of date|outdated|not supported)"
    ),
    "a consent page": (
        r"legitimate interest|(?:accept|reject|allow) all(?: cookies)?\b|manage (?:\w+ )?(?:preferences|choices"
        r"|options|cookies)"
        r"|(?:cookie|privacy) (?:settings|preferences|policy|notice|choices)|interés legítimo|(?:aceptar"
        r"|rechazar) todas?"
        r"|política de (?:cookies|privacidad)|interesse legítimo|aceitar tod[oa]s|política de privacidade"
        r"|intérêt légitime"
        r"|tout (?:accepter|refuser)|politique de confidentialité|berechtigte[sn]? interesse|alle (?:akzeptieren"
        r"|ablehnen)"
        r"|datenschutz(?:erklärung|einstellungen)|legittimo interesse|accetta tutt[oi]|informativa sulla privacy"
        r"|we (?:and our|value your|use cookies|care about your)|cookies? (?:de|von) (?:terceros|drittanbietern)"
    ),
    "a gate for subscribers": (
        r"already (?:a )?(?:subscriber|subscribed|member|registered|have an account)|to (?:continue|keep) reading"
        r"|cancel any ?time"
        r"|(?:content|article|story) is (?:\w+ )?(?:for|available to|reserved for) (?:\w+ )?(?:subscribers|members)"
        r"|(?:log|sign) in (?:or|to|with)|create (?:a|an|your) (?:free )?account|ya eres suscriptor|(?:seguir"
        r"|continuar) leyendo"
        r"|(?:exclusiv\w+|solo|sólo) para (?:\w+ )?(?:suscriptor|usuario|abonad)|inicia\w* (?:tu )?sesión"
        r"|suscríbe(?:te|se)|regístra(?:te|se)"
        r"|já é assinante|continuar lendo|exclusivo para assinantes|assine (?:já|agora|e|para)"
        r"|faça (?:seu )?login|déjà abonn"
        r"|(?:réservé|exclusivit)\w* (?:\w+ )?(?:aux|à nos) abonn|abonnez-vous|(?:poursuivre|lire) (?:la suite"
        r"|votre lecture)"
        r"|bereits (?:abonnent|registriert|kunde)|jetzt (?:abonnieren|anmelden|testen|registrieren)"
        r"|weiterlesen mit|nur für abonnenten"
        r"|monatlich kündbar|già abbonato|riservato agli abbonati|per continuare a leggere|choose (?:a|your) plan"
    ),
}  # fmt: skip
# These need a word to the reader beside them, or two more of their kind.
_HINTS = re.compile(
    r"cookies?\b|(?:brows|navega|navigat)\w*|javascript|(?:consent|einwillig|zustimm)\w*|priva(?:cy|cidad|cidade"
    r"|cité)|datenschutz"
    r"|personal(?:i[sz]ed)? (?:data|ads?|content)|dat[oi]s? (?:personale?s?|personali)|dados pessoais"
    r"|données personnelles"
    r"|personenbezogen\w+|(?:partn|anbiet|vendor|proveedor|socio|parceir|partenair)\w*|devices?\b|dispositivos?"
    r"|appareil|gerät\w*"
    r"|advertis\w+|publici\w+|anuncios|werbung\w*|annunci|annonces|subscri\w+|suscri\w+|assinatur\w+|abonn\w+"
    r"|abbon\w+|accounts?\b|cuenta\b"
    r"|log ?in|sign ?in|password|contraseña|senha|passwort|please wait|espere|aguarde|patiente\w*|bitte warten"
    r"|redirect\w*|redirig\w+"
    r"|page (?:\w+ ){0,4}(?:loads?|opens?|requested|asked for)|this site|our site|este sitio|ce site|diese(?:r"
    r"|n)? (?:web)?seite",
    re.IGNORECASE,
)  # fmt: skip
_TO_READER = re.compile(
    r"\b(?:you|your|we|our|us|please|tu|tus|te|usted|ustedes|nosotros|nuestr[oa]s?|puedes?|podemos|us(?:amos|ted)"
    r"|utilizamos|você|seus?|suas?"
    r"|nosso\w*|nossa\w*|nós|vous|votre|vos|nous|nos|notre|sie|ihren?|ihre[nrm]?|dein\w*|du|wir|uns|unsere?\w*"
    r"|il tuo|tuoi|noi|nostr[oi]|voi)\b",
    re.IGNORECASE,
)  # fmt: skip
_WAITING = re.compile(
    r"\b(?:one|just a) moment|few seconds|please wait|loading\b|un momento|algun[ao]?s segundos|(?:un"
    r"|quelques) (?:instant|secondes?)"
    r"|(?:einen|wenige) (?:moment|sekunden)|pochi secondi|^\W*(?:aguarde|espere|cargando|carregando|chargement)\b",
    re.IGNORECASE,
)  # fmt: skip
_PLAINLY = re.compile("|".join(f"(?P<g{n}>{pattern})" for n, pattern in enumerate(_PLAIN.values())), re.IGNORECASE)
_NAMES = tuple(_PLAIN)
_MAY_BE_PLAIN, _MAY_HINT, _MAY_WAIT = (Screen([each.pattern]) for each in (_PLAINLY, _HINTS, _WAITING))


def find_wall(text: str) -> str:
    """What stands there in place of a story ("a consent page"), if at least half of the text is that; else ""."""
    if len(text) > _LONGEST:
        return ""
    said: dict[str, int] = {}
    sentences = _SENTENCES.split(text)
    size = sum(map(len, sentences))
    other = 0
    for sentence in sentences:
        kind = wall_sentence(sentence)
        if kind is not None:
            said[kind] = said.get(kind, 0) + len(sentence)
        elif (other := other + len(sentence)) > size * (1 - _MOST):
            return ""
    walled, doubtful = sum(said.values()), said.pop("", 0)
    if not said or walled < size * _MOST or (walled - doubtful) < size * _MOST / 2:
        return ""
    return max(said, key=said.__getitem__)


def find_wall_left(text: str, removed: Iterable[str]) -> str:
    """As `find_wall`, for what is left of a text: the lines that went may have been the most of a wall."""
    wall = find_wall(text)
    gone = "" if wall else "\n".join(removed)
    return find_wall(f"{gone}\n{text}") if len(gone) > len(text) else wall


@lru_cache(maxsize=512)  # a page's layers and its text say the same, and the text is asked about twice
def wall_sentence(sentence: str) -> str | None:
    """What kind of wall says this, "" where any may; None for another sentence."""
    small = lower(sentence)
    plain = _PLAINLY.search(sentence) if _MAY_BE_PLAIN.passes(small) else None
    if plain and plain.lastgroup:
        return _NAMES[int(plain.lastgroup[1:])]
    hints = len({match[0].casefold()[:5] for match in _HINTS.finditer(sentence)}) if _MAY_HINT.passes(small) else 0
    to_reader = hints > 0 and _TO_READER.search(sentence) is not None
    if hints > 2 or (hints > 1 and to_reader):
        return "a consent page"
    is_waiting = _MAY_WAIT.passes(small) and _WAITING.search(sentence)
    return "" if (hints and to_reader) or is_waiting else None
