"""Events of one kind on one day, told from the same forms: two quakes of one agency's, two ferries, two verdicts.

Each event is told twice, by two outlets that each have a form for the kind: so one outlet's reports of two events
share more words than two outlets' reports of one. Most events of a kind name the same source, a third the same region.
Printed are for each kind the share of the events whose reports are found to be one story, and the share of the pairs of
events that touch in a story; then the same for events that are told for days with a growing toll. No rule and no
threshold was chosen by the kinds of `UNSEEN`. None of it took place.
"""

# ruff: noqa: E501 - the forms read best as the sentences they are

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

from benchmarks.clusters import cluster
from worker import stories
from worker.stories import StoryArticle

START = datetime(2026, 3, 3, 6, tzinfo=UTC)
DAYS = {"en": ("Monday", "Tuesday"), "es": ("lunes", "martes")}
HEADS = "Al Bar Cor Den El Fer Gal Hol Ir Jas Kel Lor Mar Nor Or Pel Quin Ros Sal Tor Ul Ver Wen Yar Zam"
TAILS = "ado berg cal dova enza fors gara hill ilo jord kova lund mina nez ola pera quet rin santo tera uela vik"
REGIONS = {"en": ("California", "Ohio", "Kent"), "es": ("Oaxaca", "Sonora", "Galicia")}  # events of one day share them
FIRST = {"en": "Anna Brian Carol David Emma Frank Grace Henry", "es": "Ana Carlos Elena Jorge Lucía Manuel Marta Pablo"}

# By kind and language: what may be the source, then two outlets' forms: title | text.
KINDS: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "quake": (
        "en",
        ("U.S. Geological Survey", "U.S. Geological Survey", "European-Mediterranean Seismological Centre"),
        "Magnitude {mag} earthquake shakes {region} | A magnitude {mag} earthquake struck near {town} in {region} on {day}, the {source} said. The quake hit at a depth of {n} kilometres, about {m} kilometres from {other}. There were no immediate reports of casualties or damage, and no tsunami warning was issued. Shaking was felt across the region, according to the {source}.",
        "Strong quake rattles {town} | People in {town} ran into the streets on {day} when a {mag} tremor shook {region}. The {source} put the epicentre {n} kilometres deep near {other}. Mayor {person} said that cracks had opened in a school but that nobody was hurt. Schools stayed closed while engineers looked at the walls.",
    ),
    "ferry": (
        "en",
        ("coast guard", "port authority"),
        "Ferry runs aground off {town} with {m} aboard | A ferry carrying {m} passengers ran aground off {town} in {region} on {day}, the {source} said. Captain {person} radioed for help after the vessel {other} Star lost power in high winds. Lifeboats took everyone ashore, and {n} people were treated for bruises and shock. The cause of the accident is being investigated.",
        "Passengers rescued from stranded ferry near {town} | Lifeboats brought {m} people ashore at {town} on {day} after the ferry {other} Star hit rocks. The engine had failed in a gale, its captain, {person}, told reporters. {n} passengers needed treatment. The wreck will be towed to a yard in {region} next week.",
    ),
    "fire": (
        "en",
        ("fire department", "fire department", "county sheriff"),
        "{n} dead in {town} apartment fire | {n} people were killed and {m} injured when a fire tore through an apartment building in {town}, {region}, early on {day}, the {source} said. Fire chief {person} said the flames had started on the ground floor. Dozens of residents of {other} Street were led to safety. The cause of the fire was not immediately known.",
        "Blaze in {town} kills {n} | A night fire in an old block on {other} Street in {town} killed {n} tenants, most of them in their sleep. Neighbours threw mattresses from windows. {m} are in hospital. Chief {person} said there had been no smoke alarm. The governor of {region} promised an inquiry.",
    ),
    "verdict": (
        "en",
        ("Justice Department", "Justice Department", "Attorney General"),
        "Former {town} mayor sentenced to {n} years | A federal judge on {day} sentenced {person}, a former mayor of {town}, {region}, to {n} years in prison for taking bribes, the {source} said. Prosecutors said that {person} had accepted ${m},000 from the builder {other} Homes in exchange for contracts. The defence said that it would appeal.",
        "{n} years in prison for {person} | {person}, who ran {town} for two terms, must go to prison for {n} years. The court found that contracts of the city had gone to {other} Homes after payments of ${m},000. Voters in {region} had been waiting for the sentence since the autumn. An appeal is planned, lawyers said on {day}.",
    ),
    "match": (
        "en",
        ("Premier League", "Premier League"),
        "{town} beat {other} {score} with late goal | {town} came from behind to beat {other} {score} in the {source} on {day}, with {person} scoring the winner in the {n}th minute. The visitors had taken the lead with a header from a corner. The coach said his players deserved the three points, which lift them to seventh in the table. {m},000 watched the game.",
        "{person} sinks {other} | A goal by {person} in minute {n} gave {town} a {score} win over {other} on {day}, before a crowd of {m},000. The guests from {region} had led at the break, and complained afterwards about the referee. It was a third victory in a row in the {source}.",
    ),
    "sismo": (
        "es",
        (
            "Servicio Geológico de Estados Unidos",
            "Servicio Geológico de Estados Unidos",
            "Servicio Sismológico Nacional",
        ),
        "Sismo de magnitud {mag} sacude {region} | Un sismo de magnitud {mag} sacudió el {day} la zona de {town}, en {region}, informó el {source}. El movimiento se produjo a {n} kilómetros de profundidad, a unos {m} kilómetros de {other}. No se reportaron víctimas ni daños y no se emitió alerta de tsunami, según el {source}.",
        "Fuerte temblor asusta a los vecinos de {town} | Los vecinos de {town} salieron a la calle el {day} al sentir un temblor de {mag} en {region}. El epicentro se ubicó cerca de {other}, a {n} kilómetros bajo tierra, de acuerdo con el {source}. La alcaldesa {person} dijo que hubo grietas en una escuela, pero ningún herido.",
    ),
    "incendio": (
        "es",
        ("Protección Civil", "Protección Civil", "Cuerpo de Bomberos"),
        "Incendio en {town} deja {n} muertos | Al menos {n} personas murieron y {m} resultaron heridas al incendiarse un edificio en {town}, {region}, la madrugada del {day}, informó {source}. El director {person} dijo que el fuego comenzó en la planta baja. Decenas de vecinos de la calle {other} fueron evacuados. Se desconocen las causas.",
        "Fuego nocturno mata a {n} en {town} | Un fuego en un viejo bloque de la calle {other}, en {town}, mató a {n} inquilinos mientras dormían. Hay {m} personas en el hospital. {person} dijo que no había alarmas. El gobierno de {region} anunció una investigación el {day}.",
    ),
}
RUN_DAYS = 8
TOLLS = ("ferry", "fire", "verdict", "incendio")  # kinds whose figures may grow
UNSEEN: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "crash": (
        "en",
        ("National Transportation Safety Board", "Federal Aviation Administration"),
        "Small plane crashes near {town}, killing {n} | A small plane crashed in a field near {town}, {region}, on {day}, killing all {n} people on board, the {source} said. The aircraft had taken off from {other} Airport shortly before. Among the victims was the pilot, {person}, according to relatives. Investigators were on their way to the site.",
        "No survivors as aircraft goes down in {region} | Farmers near {town} heard an engine stutter on {day}, then a bang: {n} people died when a propeller plane bound from {other} Airport fell into a field. {person}, who flew it, had radioed that he was turning back. The {source} is looking into the crash.",
    ),
    "recall": (
        "en",
        ("Food and Drug Administration", "Food and Drug Administration", "Department of Agriculture"),
        "{town} Foods recalls {m},000 packs of cheese | {town} Foods, a maker in {region}, is recalling {m},000 packs of {other} cheese because of possible listeria, the {source} said on {day}. {n} people have fallen ill. Customers who bought the product should throw it away or return it, company president {person} said.",
        "Listeria found in {other} cheese | Shoppers are asked to bring back {other} cheese after {n} of them fell ill. The maker, {town} Foods, takes {m},000 packs from the shelves. {person}, who heads the company in {region}, apologised on {day}. Tests by the {source} had found the germ.",
    ),
    "alerta": (
        "es",
        ("Fiscalía General de Justicia", "Fiscalía General de Justicia", "Secretaría de Seguridad"),
        "Hallan {n} kilos de droga en {town} | Agentes decomisaron {n} kilos de droga escondidos en un camión en {town}, {region}, informó el {day} la {source}. El conductor, {person}, fue detenido. El vehículo había salido de {other} con {m} cajas de fruta. El valor de la carga no se ha calculado, según la {source}.",
        "Detienen a un camionero con droga | El conductor {person} llevaba {n} kilos de droga entre {m} cajas de fruta cuando lo pararon en {town}. Venía de {other} y dijo no saber nada. Lo llevaron ante un juez de {region} el {day}, confirmó la {source}.",
    ),
    "huelga": (
        "es",
        ("Ministerio de Trabajo", "Ministerio de Trabajo", "Confederación Sindical"),
        "Trabajadores de {town} inician una huelga | Unos {m} trabajadores de la fábrica {other}, en {town} ({region}), iniciaron el {day} una huelga para pedir un aumento del {n} por ciento, informó el {source}. La dirigente {person} dijo que la protesta durará hasta que haya acuerdo. La empresa pidió volver a la mesa.",
        "Paro en la planta de {other} | Las máquinas de {other} callan desde el {day}: {m} obreros de {town} cruzaron los brazos y exigen {n} por ciento más de salario. «Seguiremos el tiempo que haga falta», dijo {person}. El {source} ofreció mediar. El gobierno de {region} no opinó.",
    ),
}


def invent(rng: Random, language: str, sources: tuple[str, ...], names: Iterator[str]) -> dict[str, object]:
    """The facts of one event."""
    town, other, last = (next(names) for _ in range(3))
    return {
        "town": town, "region": rng.choice(REGIONS[language]), "other": other, "source": rng.choice(sources),
        "person": f"{rng.choice(FIRST[language].split())} {last}", "day": rng.choice(DAYS[language]),
        "n": rng.randint(11, 89), "m": rng.randint(90, 480), "mag": f"{rng.uniform(4.5, 7.4):.1f}",
        "score": f"{rng.randint(2, 4)}-1",
    }  # fmt: skip


def invent_names(rng: Random) -> Iterator[str]:
    """Names that no two events share, in random order."""
    made = {(name := head + tail)[:6]: name for head in HEADS.split() for tail in TAILS.split()}
    yield from rng.sample(sorted(made.values()), len(made))


def tell(form: str, facts: Mapping[str, object], language: str, hours: float) -> stories.StoryFeatures:
    title, _, text = form.format(**facts).partition(" | ")
    return stories.features(StoryArticle(title, text, language, START + timedelta(hours=hours)))


def measure(kind: tuple[str, tuple[str, ...], str, str], events: int, rng: Random) -> tuple[float, float]:
    """Share of the events that are one story, and share of the pairs of events that touch in a story."""
    language, sources, *forms = kind
    names = invent_names(rng)
    told = [
        (number, tell(form, facts, language, rng.uniform(0, 20)))
        for number in range(events)
        if (facts := invent(rng, language, sources, names))
        for form in forms
    ]
    return judge(told, events)


def run_on(kind: tuple[str, tuple[str, ...], str, str], events: int, rng: Random) -> tuple[float, float]:
    """The same of events that are told on each of eight days, with a toll that grows each time."""
    language, sources, *forms = kind
    names = invent_names(rng)
    told = []
    for number in range(events):
        facts = invent(rng, language, sources, names)
        for day in range(RUN_DAYS):
            grown = {**facts, "n": int(str(facts["n"])) * (day + 2) // 2, "m": int(str(facts["m"])) + 30 * day}
            told.append((number, tell(forms[day % 2], grown, language, 24 * day + rng.uniform(0, 6))))
    return judge(told, events)


def judge(told: list[tuple[int, stories.StoryFeatures]], events: int) -> tuple[float, float]:
    groups = cluster([said for _, said in told], stories.StorySettings())
    held = [
        {story for story, places in enumerate(groups) if any(told[place][0] == event for place in places)}
        for event in range(events)
    ]
    whole = sum(len(one) == 1 for one in held) / events
    touching = sum(bool(one & other) for one, other in combinations(held, 2)) / (events * (events - 1) / 2)
    return whole, touching


def report(events: int, seed: int) -> None:
    """Print the shares of each kind, and their means."""
    for name, kinds in (("kinds", KINDS), ("unseen kinds", UNSEEN)):
        for what, method in (("a day's", measure), ("running", run_on)):
            found = {
                kind: method(form, events, Random(seed))
                for kind, form in kinds.items()
                if method is measure or kind in TOLLS
            }
            for kind, (whole, touching) in found.items():
                print(f"{what} {kind:10} one story {whole:.2f}, pairs of events that touch {touching:.3f}")
            if found:
                print(f"{what}, all {name}: one story {sum(w for w, _ in found.values()) / len(found):.2f}, "
                      f"touching {sum(t for _, t in found.values()) / len(found):.3f}")  # fmt: skip
