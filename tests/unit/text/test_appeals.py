"""What an outlet says to its readers goes; what it reports of readers, newsletters and apps stays."""

import pytest

from worker.text.appeals import strip_appeals

BEFORE, AFTER = "The ferry ran aground at noon.", "Nobody was hurt."


@pytest.mark.parametrize(
    "appeal",
    [
        "Sign up for our newsletter and never miss a crossing.",
        "To get more of this, follow us on Facebook and Instagram!",
        "You can unsubscribe from these e-mails whenever you like.",
        "Pulse aquí no basta: suscríbete a nuestro boletín y síguenos en Twitter.",
        "Recibe las noticias del puerto en tu correo cada mañana.",
        "Únete a nuestro canal de WhatsApp.",
        "Already have an account?",
        "Please log in, or register to read three reports a month.",
        "You have read your last free article.",
        "Thank you for subscribing.",
        "Enter a valid e-mail address.",
        "¿Ya tienes cuenta?",
        "Inicia sesión o crea una cuenta para seguir.",
        "Te quedan dos artículos gratis este mes.",
        "Gracias por suscribirte.",
    ],
)
def test_an_appeal_in_the_middle_of_a_report_goes(appeal):
    assert strip_appeals(f"{BEFORE} {appeal} {AFTER}").split() == f"{BEFORE} {AFTER}".split()


@pytest.mark.parametrize(
    "report",
    [
        "The company said that its newsletter had lost half of its subscribers.",
        "Police asked users to delete the app and change their passwords.",
        "El gobierno publicó el decreto en su boletín oficial y en sus canales de Telegram.",
        "The bank said that nobody would be asked for a password or an account by telephone.",
        "El banco abrió una cuenta a nombre de la alcaldesa y pidió el registro de la finca.",
        "Ministers thanked the registration clerks for their work in the free trial of the new ferry.",
        "La sesión del congreso se inicia el martes.",
        "The senator joined our correspondents at the port and clicked her heels.",
        "",
    ],
)
def test_a_report_of_such_things_stays(report):
    assert strip_appeals(report) == report
