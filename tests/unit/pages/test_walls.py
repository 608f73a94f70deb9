"""Walls are told by what they say; stories that speak of the same things are none."""

from __future__ import annotations

import pytest

from worker.pages import find_wall

WALLS = [
    ("a check for robots", "One moment, please. We are verifying that you are human. This may take a few seconds."),
    ("a check for robots", "Access to this page has been denied because we believe you are using automation tools."),
    ("a check for robots", "Harbour Post needs to review the security of your connection. Ray ID: 7d1f9a. Complete the "
     "captcha to go on."),
    ("a check for robots", "Un momento. Estamos verificando que eres humano. Espere, por favor."),
    ("a check for robots", "Estamos verificando se você é humano. Isso pode levar alguns segundos. Aguarde."),
    ("a check for robots", "Zugriff verweigert. Sie haben keine Berechtigung, diese Seite zu sehen."),
    ("a notice on scripts", "You need to enable JavaScript to run this app."),
    ("a notice on scripts", "Please turn JavaScript on and reload the page. Your browser does not run it."),
    ("a notice on scripts", "Necesitas activar JavaScript para ver este sitio. Tu navegador lo tiene apagado."),
    ("a notice on scripts", "Veuillez activer JavaScript pour lire cette page."),
    ("a consent page", "We use cookies and similar means on this device. Our partners use your personal data for "
     "advertising. Accept all cookies or manage your preferences below."),
    ("a consent page", "Your privacy is dear to us. This paper and its 300 partners keep cookies on your device and "
     "read personal data such as your address. You can change your choices whenever you like."),
    ("a consent page", "Con tu consentimiento, nosotros y nuestros socios usamos cookies para guardar datos personales "
     "en tu dispositivo. Puedes rechazar todas o configurarlas."),
    ("a consent page", "Mit Ihrer Einwilligung speichern wir und unsere Partner Cookies auf Ihrem Gerät und nutzen "
     "personenbezogene Daten. Alle akzeptieren oder Einstellungen ändern."),
    ("a consent page", "Avec votre consentement, nos partenaires et nous utilisons des cookies pour traiter vos "
     "données personnelles. Tout accepter ou tout refuser."),
    ("a gate for subscribers", "This content is for subscribers. Already a subscriber? Sign in to keep reading."),
    ("a gate for subscribers", "Contenido exclusivo para suscriptores. ¿Ya eres suscriptor? Inicia sesión."),
    ("a gate for subscribers", "Cet article est réservé à nos abonnés. Déjà abonné ? Connectez-vous."),
]  # fmt: skip
STORIES = [
    "The data watchdog fined a travel agency 400,000 on Friday because its website stored cookies before anybody had "
    "agreed to it. The agency said that a partner had changed the page, and that it would appeal.",
    "Engineers at the port spent the night in the browser-based control room after a security check found a hole in "
    "the crane's software. Nobody was hurt, and the ships waited outside the mole until the morning.",
    "El periódico local perderá un tercio de sus suscriptores este año, calcula su director, que culpa a la "
    "publicidad en internet. La redacción de Puente Hondo pasará de nueve personas a seis en octubre.",
    "Police said that they had verified the recording and that a human voice could be heard on it. The court had "
    "denied access to the tape in May, and the family's lawyer asked again on Tuesday.",
    "“You need your password, your passport and your patience,” said the consul to the people in the queue, most of "
    "whom had been there since four in the morning. The office opens at nine and closes at noon.",
]


@pytest.mark.parametrize(("kind", "text"), WALLS)
def test_a_wall_is_known_by_what_it_says(kind: str, text: str) -> None:
    assert find_wall(text) == kind


@pytest.mark.parametrize("text", STORIES)
def test_a_story_on_such_things_is_no_wall(text: str) -> None:
    assert find_wall(text) == ""


def test_a_story_under_a_notice_is_a_story() -> None:
    assert find_wall(f"{WALLS[6][1]}\n\n{STORIES[0]}\n\n{STORIES[1]}") == ""


def test_what_is_longer_than_any_wall_is_none() -> None:
    assert find_wall(" ".join([WALLS[10][1]] * 60)) == ""
