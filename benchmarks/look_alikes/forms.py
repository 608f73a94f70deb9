"""Reports that newsrooms make from a form: what a day's horoscope, lottery draw or court list looks like.

Two reports of one kind are never copies of each other, however much of the form they share. None of the kinds is
in the development half of the duplicates bench. Printed is which share of each kind's reports `worker.duplicates` takes
for a copy of an earlier one: all are errors.
"""

# ruff: noqa: E501 - the forms read best as the sentences they are

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from worker.duplicates import MIN_SHARED_SAMPLES, Candidate, DuplicateKind, decide, fingerprint

DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}
MONTHS = {
    "en": ["January", "March", "May", "June", "August", "October"],
    "es": ["enero", "marzo", "mayo", "junio", "agosto", "octubre"],
}
TOWNS = [
    "Alderley",
    "Brookvale",
    "Castine",
    "Denholm",
    "Elmira",
    "Fairmont",
    "Glenrock",
    "Halvorsen",
    "Ipswich",
    "Kinross",
]
PLACES = [
    "Arroyo",
    "Bermeja",
    "Cerralvo",
    "Doctores",
    "Escobedo",
    "Fresnillo",
    "Gavilanes",
    "Huamantla",
    "Ixtapan",
    "Jaltenco",
]
PEOPLE = [f"{first} {last}" for first in ("Ana", "Brian", "Carla", "Diego", "Edith", "Frank", "Gloria", "Hugo")
          for last in ("Alcott", "Barrios", "Castell", "Duarte", "Ellison", "Fuentes")]  # fmt: skip

MOODS = {
    "en": """a conversation with an old friend brings clarity about a decision you have put off for weeks
        money matters need a second look before you sign anything that binds you for long
        someone close is waiting for a word of thanks and will remember that you gave it
        the evening favours quiet work, a good book and an early night without screens
        a small journey turns out better than the plan you made for it last month
        romance is in the air but patience will take you further than grand gestures
        your energy is high, so finish what you began before you open another front
        a colleague shares an idea that deserves more credit than it first receives
        take care of your back and do not carry what others have left lying about
        unexpected news from far away makes you rethink where you want to live
        creative people find their rhythm again once the telephone has been silenced
        a family quarrel ends as soon as one of you laughs at how it started""",
    "es": """una charla con un viejo amigo aclara una decisión que llevas semanas aplazando
        conviene revisar dos veces las cuentas antes de firmar algo que te obligue mucho tiempo
        alguien cercano espera una palabra de gratitud y recordará que se la diste
        la noche favorece el trabajo tranquilo, un buen libro y dormir temprano sin pantallas
        un viaje corto resulta mejor que el plan que habías hecho para él hace un mes
        el amor está en el aire pero la paciencia te llevará más lejos que los grandes gestos
        tu energía está alta, termina lo que empezaste antes de abrir otro frente
        un compañero comparte una idea que merece más crédito del que recibe al principio
        cuida la espalda y no cargues con lo que otros han dejado tirado por ahí
        noticias inesperadas de lejos te hacen pensar de nuevo dónde quieres vivir
        las personas creativas recuperan el ritmo cuando el teléfono por fin se calla
        una pelea familiar termina en cuanto uno de los dos se ríe de cómo empezó""",
}
SHOWS = [
    "The Long Pier",
    "Night Kitchen",
    "Harbour Street",
    "Quiz of the Week",
    "Cold Orchard",
    "The Verdict",
    "News at Large",
    "Old Bones",
]
PROGRAMAS = [
    "La ruta larga",
    "Cocina de noche",
    "Calle del puerto",
    "El concurso",
    "Huerto frío",
    "El veredicto",
    "Noticiero central",
    "Viejos huesos",
]
OFFENCES = [
    "driving without insurance",
    "common assault",
    "theft from a shop",
    "criminal damage to a fence",
    "being drunk and disorderly",
    "failing to surrender to bail",
]
DELITOS = [
    "conducir sin seguro",
    "lesiones leves",
    "robo a comercio",
    "daños a una barda",
    "escándalo en vía pública",
    "incumplimiento de fianza",
]
JOBS = [
    "warehouse clerk",
    "staff nurse",
    "bus driver",
    "primary teacher",
    "welder",
    "pastry cook",
    "night porter",
    "payroll officer",
]
EMPLEOS = [
    "auxiliar de almacén",
    "enfermera general",
    "operador de autobús",
    "maestra de primaria",
    "soldador",
    "repostero",
    "velador",
    "auxiliar de nómina",
]


def pick(rng: Random, texts: str, count: int) -> list[str]:
    return rng.sample([line.strip() for line in texts.strip().splitlines()], count)


def day(rng: Random, language: str) -> str:
    month = rng.choice(MONTHS[language])
    number = rng.randint(1, 28)
    return (
        f"{rng.choice(DAYS[language])} {month} {number}"
        if language == "en"
        else f"{rng.choice(DAYS[language])} {number} de {month}"
    )


def horoscope_en(rng: Random) -> str:
    signs = ["Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo"]
    said = pick(rng, MOODS["en"], 6)
    lines = " ".join(
        f"{sign}: {text.capitalize()}. Lucky number {rng.randint(1, 60)}."
        for sign, text in zip(signs, said, strict=True)
    )
    return (f"Here is what the stars hold for every sign this {day(rng, 'en')}, as read by our astrologer. {lines} Remember that the stars "
            "incline and do not compel. Come back tomorrow for another reading and share it with the people you love.")  # fmt: skip


def horoscopo_es(rng: Random) -> str:
    signos = ["Aries", "Tauro", "Géminis", "Cáncer", "Leo", "Virgo"]
    dicho = pick(rng, MOODS["es"], 6)
    lines = " ".join(
        f"{signo}: {text.capitalize()}. Número de la suerte {rng.randint(1, 60)}."
        for signo, text in zip(signos, dicho, strict=True)
    )
    return (f"Consulta lo que los astros tienen para cada signo este {day(rng, 'es')}, según nuestra astróloga de cabecera. {lines} Recuerda que "
            "los astros inclinan pero no obligan. Vuelve mañana por otra lectura y compártela con quien más quieres.")  # fmt: skip


def single_sign_en(rng: Random) -> str:
    sign = rng.choice(["Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo", "Libra", "Scorpio", "Pisces"])
    love, work, health = pick(rng, MOODS["en"], 3)
    return (f"Your horoscope for {day(rng, 'en')} if you were born under {sign}. In love, {love}. At work, {work}. As for your health, {health}. "
            f"Your colour of the day is {rng.choice(['red', 'green', 'violet', 'amber'])} and your best hour is {rng.randint(1, 11)} in the evening. Our horoscope is written "
            "for entertainment and is no substitute for advice from a doctor, a lawyer or a person who knows you well.")  # fmt: skip


def lottery_en(rng: Random) -> str:
    drawn = sorted(rng.sample(range(1, 70), 5))
    return (f"The winning numbers in the {rng.choice(DAYS['en'])} evening drawing of the state lottery were {', '.join(map(str, drawn))}, with the bonus ball "
            f"{rng.randint(1, 26)}. {rng.choice(['Nobody matched all of them', 'One ticket matched all of them'])}, and the jackpot for the next drawing is estimated at ${rng.randint(20, 900)} million. "
            f"Players who matched four numbers win ${rng.randint(100, 900)} each. Tickets cost two dollars and are sold until an hour before the drawing. "
            "Winners have a year to claim their prize at any lottery office, and should sign the back of the ticket at once.")  # fmt: skip


def loteria_es(rng: Random) -> str:
    return (f"Estos son los números ganadores del sorteo {rng.randint(2000, 4000)} celebrado el {day(rng, 'es')}: {' '.join(f'{n:02d}' for n in sorted(rng.sample(range(1, 57), 6)))}, con el adicional "
            f"{rng.randint(1, 56)}. La bolsa acumulada para el siguiente sorteo será de {rng.randint(30, 700)} millones de pesos. El segundo lugar se repartió entre {rng.randint(2, 40)} boletos, "
            "que cobrarán en cualquier agencia autorizada. Los ganadores tienen sesenta días naturales para reclamar su premio con una identificación oficial y el boleto original sin tachaduras. "
            "Los sorteos se transmiten en vivo y se celebran ante un interventor.")  # fmt: skip


def exchange_es(rng: Random) -> str:
    dollar = rng.uniform(16, 21)
    return (f"El precio del dólar hoy {day(rng, 'es')} en los principales bancos del país: en ventanilla se compra en {dollar - .6:.2f} pesos y se vende en {dollar:.2f}. "
            f"El euro cotiza en {dollar * 1.08:.2f} y la libra esterlina en {dollar * 1.27:.2f}. El banco central fijó el tipo de cambio para solventar obligaciones en {dollar - .2:.4f}, "
            f"{rng.choice(['una ganancia', 'una pérdida'])} de {rng.randint(1, 60)} centavos frente al cierre anterior. Los analistas esperan un rango de {dollar - .3:.2f} a {dollar + .3:.2f} "
            "para la jornada. El tipo de cambio puede variar a lo largo del día según la oferta y la demanda, por lo que se recomienda consultar a la institución.")  # fmt: skip


def exchange_en(rng: Random) -> str:
    rate = rng.uniform(1.02, 1.2)
    return (f"The euro traded at {rate:.4f} dollars on {rng.choice(DAYS['en'])}, {rng.choice(['up from', 'down from'])} {rate + rng.uniform(-.02, .02):.4f} late the day before. The dollar bought {rng.uniform(130, 160):.2f} "
            f"yen and the pound stood at {rng.uniform(1.2, 1.4):.4f} dollars. Gold was quoted at ${rng.randint(1800, 2700)} an ounce, a barrel of crude for delivery next month at ${rng.uniform(60, 95):.2f}. "
            "Rates are taken at four in the afternoon in London and serve as a guide only; banks and bureaux charge a margin of their own on top of them.")  # fmt: skip


def traffic_en(rng: Random) -> str:
    town = rng.choice(TOWNS)
    return (f"Traffic is slow on the {rng.choice(['A', 'B', 'M'])}{rng.randint(2, 90)} near {town} this {rng.choice(['morning', 'afternoon', 'evening'])} after a collision between {rng.choice(['a car and a van', 'two lorries', 'a bus and a car'])}. "
            f"One lane is closed between junction {rng.randint(2, 19)} and junction {rng.randint(20, 40)}, and delays of {rng.randint(10, 90)} minutes are reported towards {rng.choice(TOWNS)}. Emergency services are at the scene. "
            "Drivers are advised to allow extra time for their journey or to use another route, and to keep the emergency lane clear. We will bring updates as we get them.")  # fmt: skip


def trafico_es(rng: Random) -> str:
    return (f"Reportan tránsito lento en la avenida {rng.choice(PLACES)} a la altura de {rng.choice(PLACES)} por {rng.choice(['un choque', 'una manifestación', 'obras de bacheo', 'un vehículo descompuesto'])}. "
            f"La afectación comenzó a las {rng.randint(6, 21)}:{rng.randint(10, 59)} horas y se extiende por {rng.randint(1, 9)} kilómetros en dirección a {rng.choice(PLACES)}. "
            "Elementos de vialidad se encuentran en el sitio para agilizar la circulación. Se recomienda a los automovilistas tomar precauciones, respetar los señalamientos y considerar vías alternas "
            "para evitar contratiempos. Consulte aquí las actualizaciones del estado de la red vial de la ciudad.")  # fmt: skip


def obituary_en(rng: Random) -> str:
    name, spouse = rng.sample(PEOPLE, 2)
    born = rng.randint(1925, 1965)
    return (f"{name}, {2026 - born}, of {rng.choice(TOWNS)}, passed away peacefully on {day(rng, 'en')} at home surrounded by loved ones. Born in {rng.choice(TOWNS)} in {born}, "
            f"{name.split()[0]} worked for {rng.randint(12, 44)} years as a {rng.choice(JOBS)} and married {spouse} in {born + 27}. Survivors include {rng.choice(['three', 'four', 'five'])} children and {rng.randint(2, 14)} grandchildren. "
            f"A service will be held at {rng.randint(9, 12)} on {rng.choice(DAYS['en'])} at the chapel of {rng.choice(TOWNS)} Funeral Home. In lieu of flowers the family asks for donations to a charity of your choice. "
            "The family wishes to thank the nurses and doctors for the care they gave.")  # fmt: skip


def esquela_es(rng: Random) -> str:
    name = rng.choice(PEOPLE)
    return (f"Falleció el día {day(rng, 'es')}, confortado con todos los auxilios espirituales, el señor {name}, a los {rng.randint(55, 99)} años de edad. Su esposa {rng.choice(PEOPLE)}, hijos, hijos políticos, nietos y demás familia "
            f"participan a usted tan sensible pérdida y le ruegan una oración por el eterno descanso de su alma. La misa se celebrará a las {rng.randint(9, 19)} horas en la parroquia de {rng.choice(PLACES)}, "
            f"y el cortejo partirá de la funeraria {rng.choice(PLACES)} al panteón municipal. La familia agradece de antemano las muestras de afecto recibidas en estos momentos de dolor.")  # fmt: skip


def job_en(rng: Random) -> str:
    job = rng.choice(JOBS)
    return (f"{rng.choice(TOWNS)} Services is looking for a {job} to join its team in {rng.choice(TOWNS)}. The post is for {rng.randint(16, 40)} hours a week at ${rng.randint(14, 48)} an hour, with {rng.randint(20, 32)} days of paid leave. "
            f"You bring {rng.choice(['two', 'three', 'five'])} years of experience, a clean driving licence and good references. We offer training, a pension scheme and a friendly place to work. "
            f"Apply by {day(rng, 'en')} with a letter and a short account of your career. We welcome applications from all sections of the community and will answer every one of them. Interviews are held on the premises.")  # fmt: skip


def empleo_es(rng: Random) -> str:
    return (f"Empresa líder en {rng.choice(PLACES)} solicita {rng.choice(EMPLEOS)} con experiencia mínima de {rng.choice(['uno', 'dos', 'tres'])} años. Sueldo de {rng.randint(8, 32)} mil pesos mensuales, horario de {rng.randint(6, 9)} a {rng.randint(15, 20)} horas y zona de trabajo en {rng.choice(PLACES)}. "
            f"Edad de {rng.randint(18, 25)} a {rng.randint(40, 55)} años, secundaria terminada y disponibilidad inmediata. Ofrecemos prestaciones de ley, seguro de vida, vales de despensa y posibilidades de crecimiento. "
            "Los interesados deben presentarse con solicitud elaborada y documentos completos en la oficina de recursos humanos. Todos nuestros procesos de selección son gratuitos y sin discriminación alguna.")  # fmt: skip


def court_en(rng: Random) -> str:
    cases = " ".join(
        f"{name}, {rng.randint(18, 80)}, of {rng.choice(TOWNS)}: {rng.choice(OFFENCES)}; fined ${rng.randint(60, 900)} with costs of ${rng.randint(40, 200)}."
        for name in rng.sample(PEOPLE, 6)
    )
    return (f"These cases were heard at {rng.choice(TOWNS)} magistrates' court on {day(rng, 'en')}. {cases} All fines are to be paid within twenty-eight days. "
            "We publish the results of every sitting as the court gives them to us, and a request to leave a name out cannot be granted.")  # fmt: skip


def juzgado_es(rng: Random) -> str:
    cases = " ".join(
        f"Expediente {rng.randint(10, 990)}/{rng.randint(2022, 2026)}, {name} por {rng.choice(DELITOS)}, audiencia a las {rng.randint(9, 14)} horas."
        for name in rng.sample(PEOPLE, 6)
    )
    return (f"Lista de acuerdos del juzgado segundo de {rng.choice(PLACES)} correspondiente al {day(rng, 'es')}. {cases} Las partes deberán presentarse con identificación oficial "
            "quince minutos antes de la hora señalada. Esta lista se publica en los estrados del juzgado para los efectos legales a que haya lugar.")  # fmt: skip


def television_en(rng: Random) -> str:
    times = sorted(rng.sample(range(17, 24), 5))
    rows = " ".join(
        f"{hour}:{rng.choice(['00', '15', '30'])} {show}."
        for hour, show in zip(times, rng.sample(SHOWS, 5), strict=True)
    )
    return (f"What to watch this {rng.choice(DAYS['en'])}: our guide to the evening's television. {rows} Our pick is {rng.choice(SHOWS)}, in which {rng.choice(PEOPLE)} plays a {rng.choice(JOBS)} who {rng.choice(['comes home', 'loses everything', 'finds a letter', 'starts again'])}. "
            "All times are local and may change at short notice. Programmes with subtitles or signing are marked in the printed guide, which comes free with the weekend edition.")  # fmt: skip


def television_es(rng: Random) -> str:
    rows = " ".join(
        f"{hour}:{rng.choice(['00', '15', '30'])} {show}."
        for hour, show in zip(sorted(rng.sample(range(17, 24), 5)), rng.sample(PROGRAMAS, 5), strict=True)
    )
    return (f"Qué ver hoy {rng.choice(DAYS['es'])} en la televisión abierta: esta es nuestra guía para la noche. {rows} La recomendación de la redacción es {rng.choice(PROGRAMAS)}, donde {rng.choice(PEOPLE)} interpreta a un {rng.choice(EMPLEOS)} que lo pierde todo. "
            "Los horarios corresponden al centro del país y pueden cambiar sin previo aviso. Consulta la programación completa en la edición impresa, que se distribuye gratis los fines de semana.")  # fmt: skip


def flight_en(rng: Random) -> str:
    return (f"Flight {rng.choice('ABKLQ')}{rng.choice('ACXZ')}{rng.randint(100, 999)} from {rng.choice(TOWNS)} to {rng.choice(TOWNS)} was delayed by {rng.randint(1, 9)} hours and {rng.randint(5, 55)} minutes on {rng.choice(DAYS['en'])} because of {rng.choice(['fog', 'a technical fault', 'a strike', 'a late crew'])}. "
            f"The aircraft, carrying {rng.randint(60, 320)} passengers, left gate {rng.randint(1, 60)} at {rng.randint(6, 23)}:{rng.randint(10, 59)}. The airline apologised and offered meals. Passengers whose flight arrives more than three hours late may have a right to "
            "compensation, unless the cause was outside the airline's control. Claims can be made online and are free of charge.")  # fmt: skip


def vuelo_es(rng: Random) -> str:
    return (f"El vuelo {rng.randint(100, 2999)} de {rng.choice(PLACES)} a {rng.choice(PLACES)} salió con {rng.randint(1, 9)} horas de retraso este {rng.choice(DAYS['es'])} debido a {rng.choice(['la niebla', 'una falla técnica', 'un paro', 'la saturación'])}, informó el aeropuerto. "
            f"A bordo viajaban {rng.randint(60, 320)} pasajeros, que esperaron en la sala {rng.randint(1, 60)} hasta las {rng.randint(6, 23)}:{rng.randint(10, 59)} horas. La aerolínea ofreció una disculpa y alimentos. La ley obliga a compensar a los viajeros cuando la demora es mayor de cuatro horas, "
            "salvo causas ajenas a la empresa, y la reclamación puede presentarse en línea sin costo alguno para el usuario.")  # fmt: skip


def recipe_en(rng: Random) -> str:
    base = rng.choice(["leek", "pumpkin", "lentil", "mushroom", "celery", "fennel"])
    return (f"This {base} soup serves {rng.choice(['two', 'four', 'six'])} and takes {rng.randint(20, 70)} minutes. You need {rng.randint(200, 900)} grams of {base}, {rng.choice(['one onion', 'two onions', 'a shallot'])}, {rng.randint(20, 80)} grams of butter and {rng.randint(5, 14)} decilitres of stock. "
            f"Melt the butter in a heavy pan, add the chopped onion and the {base}, and let them soften over a low flame for {rng.randint(5, 20)} minutes. Pour in the stock, bring it to the boil and simmer until everything is tender. Blend until smooth, season with salt, pepper and "
            f"{rng.choice(['nutmeg', 'cumin', 'thyme', 'dill'])}, and serve with bread. Leftovers keep for three days in the refrigerator.")  # fmt: skip


def gas_es(rng: Random) -> str:
    return (f"El precio de la gasolina hoy {day(rng, 'es')} en {rng.choice(PLACES)} es en promedio de {rng.uniform(21, 25):.2f} pesos por litro para la regular, {rng.uniform(23, 27):.2f} para la premium y {rng.uniform(22, 27):.2f} para el diésel. "
            f"La estación más barata se encuentra en {rng.choice(PLACES)}, donde la regular se vende en {rng.uniform(20, 23):.2f}. Los precios son los que reportan los permisionarios a la autoridad reguladora y pueden cambiar durante el día. "
            "Antes de cargar revise que la bomba marque ceros y pida siempre su comprobante. Las quejas se reciben por teléfono y por medio de la aplicación oficial, de forma anónima y a cualquier hora.")  # fmt: skip


KINDS: dict[str, Callable[[Random], str]] = {
    "horoscope en": horoscope_en, "horoscope es": horoscopo_es, "one sign en": single_sign_en, "lottery en": lottery_en,
    "lottery es": loteria_es, "exchange en": exchange_en, "exchange es": exchange_es, "traffic en": traffic_en,
    "traffic es": trafico_es, "obituary en": obituary_en, "obituary es": esquela_es, "job en": job_en, "job es": empleo_es,
    "court en": court_en, "court es": juzgado_es, "television en": television_en, "television es": television_es,
    "flight en": flight_en, "flight es": vuelo_es, "recipe en": recipe_en, "fuel es": gas_es,
}  # fmt: skip
"""By name: a generator of one kind's reports."""

START = datetime(2026, 3, 2, tzinfo=UTC)
NEAREST = 20  # as many candidates as the index hands out


def share_flagged(make: Callable[[Random], str], *, reports: int, seed: int) -> float:
    """Share of one kind's reports that are taken for copies of earlier ones."""
    rng = Random(seed)
    seen: list[Candidate] = []
    flagged = 0
    for number, text in enumerate(dict.fromkeys(make(rng) for _ in range(reports))):
        taken = fingerprint(text)
        shared = {known.article_id: len({*taken.samples} & {*known.fingerprint.samples}) for known in seen}
        near = sorted((known for known in seen if shared[known.article_id] >= MIN_SHARED_SAMPLES),
                      key=lambda known: -shared[known.article_id])  # fmt: skip
        flagged += decide(taken, near[:NEAREST]).kind is not DuplicateKind.UNIQUE
        seen.append(Candidate(number, taken, None, START + timedelta(minutes=number)))
    return flagged / len(seen)


def report(reports: int, seed: int) -> None:
    """Print each kind's share, one a line."""
    shares = {kind: share_flagged(make, reports=reports, seed=seed) for kind, make in KINDS.items()}
    for kind, share in shares.items():
        print(f"{kind:14} {share:.3f}")
    print(f"{'all kinds':14} {sum(shares.values()) / len(shares):.3f}, worst {max(shares.values()):.3f}")
