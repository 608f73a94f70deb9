"""Words of 2021 to 2026, which the labelled articles (mostly 2012 to 2020) hardly have.

None of these is among the topic's own examples, so no weight was fitted to them.
"""

import pytest

from worker.topics import Band, Topic, TopicArticle, builtin_topics, match
from worker.topics.queries.tree import Term, leaves


@pytest.fixture(scope="module")
def migration() -> Topic:
    return next(topic for topic in builtin_topics() if topic.name == "us-mexico-migration")


ABOUT_IT = [
    (
        "CBP One is shut",
        "en",
        "Thousands of appointments vanish as CBP One goes dark",
        "In Tijuana people who had waited since summer looked at their telephones at noon on inauguration day"
        " and read that every appointment was cancelled. A shelter director said that some families left for "
        "home the same evening, while others spoke of swimming.",
    ),
    (
        "CBP Home",
        "en",
        "A thousand dollars to leave: who uses CBP Home",
        "The application that once gave out asylum appointments now books flights for people who agree to "
        "self-deport. Honduran and Mexican families in Houston said they feared arrest at a check-in. "
        "Consulates of Mexico report that requests for travel papers have doubled, and buses wait on the far "
        "side of the border.",
    ),
    (
        "Title 42 expulsions",
        "en",
        "Expelled eleven times: the numbers behind Title 42",
        "Under the health order agents send most single adults back across the bridge within two hours. A "
        "count of Border Patrol records shows that more than a quarter of those expelled to Mexico had been "
        "caught before.",
    ),
    (
        "Remain in Mexico is back",
        "en",
        "Remain in Mexico returns, with half the lawyers",
        "The Migrant Protection Protocols were restarted on Monday in San Diego. Sheinbaum's government says "
        "it did not agree to take asylum seekers of other countries and will decide case by case.",
    ),
    (
        "the Darién",
        "en",
        "The jungle path falls silent",
        "Fewer than a hundred people walked through the Darién Gap in March, against thirty thousand in the "
        "same month two years ago, Panama says. Most had set out for the United States border; those who come"
        " now are Venezuelans on their way back south from Mexico.",
    ),
    (
        "third countries",
        "en",
        "Cubans deported to Tabasco sleep in a bus station",
        "Mexico accepts several thousand people a month from countries that will not take their citizens "
        "back. The third-country deportations have no written rules, lawyers in Villahermosa say: the "
        "deportees are put on buses at Nogales and let off two thousand kilometres to the south.",
    ),
    (
        "the asylum shutdown",
        "en",
        "Appeals court weighs the asylum shutdown at the southern border",
        "A proclamation that calls arrivals an invasion has closed asylum to nearly everyone who crosses "
        "between ports of entry. Three judges asked on Thursday whether a president may set the statute "
        "aside.",
    ),
    (
        "military zones",
        "en",
        "Soldiers may now hold migrants along a strip of New Mexico desert",
        "A ribbon of land at the border with Mexico was made a national defense area, so that people who "
        "cross it can be charged with trespass on a base. Public defenders in Las Cruces say that few "
        "migrants saw any sign.",
    ),
    (
        "buoys and wire",
        "en",
        "Texas lays more buoys in the Rio Grande",
        "The floating barrier near Eagle Pass will be four times as long under Operation Lone Star. Mexico "
        "has protested twice; two bodies were found against the first one, and crossings have moved upriver.",
    ),
    (
        "the parole processes",
        "en",
        "Thirty thousand a month, and the rest turned back to Mexico",
        "The plan lets Cubans, Haitians, Nicaraguans and Venezuelans with a sponsor fly in, while those who "
        "cross the border without leave are expelled to Mexico, which agreed to take as many.",
    ),
    (
        "tariffs and the National Guard",
        "en",
        "Tariff threat put off after Mexico pledges ten thousand troops",
        "In exchange for a month's delay the Mexican president will send National Guard soldiers to stop "
        "migrants and fentanyl at the border. Trump wrote that crossings must end.",
    ),
    (
        "Mexicans held in the raids",
        "en",
        "Mexico counts its citizens taken in the raids",
        "The foreign minister said that 140 Mexicans were arrested in Los Angeles in a week and that consuls "
        "had seen all but four. Thirty have been deported to Tijuana. Families asked the government to "
        "protest.",
    ),
    (
        "Quédate en México",
        "es",
        "Vuelve Quédate en México y los albergues hacen cuentas",
        "En Matamoros hay mil doscientas camas y ya duermen ahí mil cien personas. Los que pidan asilo en los"
        " puentes de Texas deberán aguardar de este lado hasta que un juez los llame, por videollamada, "
        "dentro de ocho meses.",
    ),
    (
        "INM, Tapachula",
        "es",
        "Protestan en Tapachula frente a las oficinas del INM",
        "Unas trescientas personas, haitianas y cubanas en su mayoría, reclamaron las tarjetas que les "
        "permitan salir de Chiapas. Llevan cinco meses de espera y duermen en el parque.",
    ),
    (
        "CBP One, in Spanish",
        "es",
        "Sin cita y sin regreso: los que esperaban CBP One",
        "La aplicación dejó de funcionar a las once de la mañana. En el puente de Ciudad Juárez una mujer de "
        "Maracaibo mostraba a los agentes la confirmación para esa misma tarde. Nadie la dejó pasar.",
    ),
    (
        "return flights",
        "es",
        "Llega a Santa Lucía el tercer vuelo de deportados en la semana",
        "Ciento once mexicanos bajaron del avión con una bolsa de plástico. El programa México te Abraza les "
        "dio dos mil pesos, comida y una llamada; la mayoría vivía en Estados Unidos desde hacía más de diez "
        "años.",
    ),
    (
        "the caravan",
        "es",
        "Se deshace en Oaxaca la caravana que salió de Chiapas",
        "Los migrantes aceptaron subir a los autobuses que ofreció el gobierno. Unos sesenta, entre ellos "
        "familias venezolanas, siguieron a pie hacia el norte por el Istmo.",
    ),
    (
        "San Fernando",
        "es",
        "Liberan a treinta y dos secuestrados en la carretera a Matamoros",
        "Eran migrantes ecuatorianos y hondureños que viajaban en autobús a la frontera para acudir a su cita"
        " de asilo. Los captores pedían a sus parientes en Estados Unidos mil dólares por persona.",
    ),
    (
        "asylum at the border, in general words",
        "es",
        "Suspenden en Mexicali el registro para solicitar asilo",
        "Las familias que acampan junto a la garita no sabrán hasta el lunes si conservan su turno. "
        "Funcionarios estadounidenses dijeron que se trata de una revisión.",
    ),
]

NOT_ABOUT_IT = [
    (
        "detention far from the border",
        "en",
        "Judge orders work at Alligator Alcatraz halted for two weeks",
        "Environmental groups say that the detention camp in the Everglades was built without a study. The "
        "state told the court that the site, where immigrants await deportation flights, uses an old airfield"
        " and harms no panther.",
    ),
    (
        "fees for skilled workers",
        "en",
        "A hundred thousand dollars for an H-1B",
        "Technology companies told staff abroad to fly back at once after the fee for new work visas was "
        "announced. India, whose citizens hold seven in ten of them, asked for talks.",
    ),
    (
        "a travel ban",
        "en",
        "Travel ban widened to thirty-nine countries",
        "Citizens of Burkina Faso, Mali and Syria may no longer enter the United States. The proclamation "
        "cites overstays and vetting; refugee groups said they would sue.",
    ),
    (
        "tariffs on goods",
        "en",
        "Mexico raises duties on Chinese cars to fifty percent",
        "The Senate approved tariffs on 1,400 products from countries without a trade agreement. Carmakers in"
        " Guanajuato welcomed the vote ahead of the USMCA review.",
    ),
    (
        "small boats",
        "en",
        "One in, one out: Britain returns first migrants to France",
        "Under the pilot a man who crossed the Channel by small boat was flown to Paris, while a family with "
        "relatives in Kent was admitted to claim asylum.",
    ),
    (
        "cartels as terrorists",
        "en",
        "Six cartels named foreign terrorist organizations",
        "The designation lets prosecutors in the United States charge anyone who deals with them. Mexico said"
        " that it would accept no strike on its soil and asked about the guns that go south.",
    ),
    (
        "the Canaries",
        "es",
        "Llegan a El Hierro tres cayucos con doscientas personas",
        "Salvamento Marítimo rescató a los migrantes, de origen subsahariano, al sur de la isla. El gobierno "
        "canario pide que otras comunidades de España acojan a los menores.",
    ),
    (
        "Chile",
        "es",
        "Chile cavará zanjas en la frontera con Bolivia",
        "El presidente electo prometió expulsar a los inmigrantes sin papeles que entraron por Colchane. Los "
        "venezolanos de Arica y Santiago temen quedar sin trabajo.",
    ),
    (
        "the World Cup",
        "es",
        "Tijuana quiere hospedar a la selección de Irán",
        "La FIFA autorizó que el equipo entrene en México y viaje a Estados Unidos para cada partido. El "
        "alcalde ofreció el estadio y dos hoteles cerca de la garita.",
    ),
    (
        "agave",
        "es",
        "Temen productores de tequila un arancel del treinta por ciento",
        "La cámara del ramo advirtió que Estados Unidos compra ocho de cada diez botellas. El gobierno "
        "mexicano confía en que el tratado comercial las deje fuera.",
    ),
]


@pytest.mark.parametrize(
    ("language", "title", "text"), [each[1:] for each in ABOUT_IT], ids=[each[0] for each in ABOUT_IT]
)
def test_it_knows_the_words_of_these_years(migration: Topic, language: str, title: str, text: str) -> None:
    found = match(TopicArticle(title, text, language), migration)
    assert found is not None
    assert found.band is not Band.WIDE


@pytest.mark.parametrize(
    ("language", "title", "text"), [each[1:] for each in NOT_ABOUT_IT], ids=[each[0] for each in NOT_ABOUT_IT]
)
def test_it_is_not_led_astray_by_them(migration: Topic, language: str, title: str, text: str) -> None:
    found = match(TopicArticle(title, text, language), migration)
    assert found is None or found.band is Band.WIDE


def test_no_phrase_of_a_list_is_broken_by_a_line(migration: Topic) -> None:
    """What stands on two lines is two entries: `group` and `of`."""
    grammar = {"a", "at", "by", "de", "del", "el", "en", "from", "in", "la", "los", "of", "on", "por", "the", "to"}
    words = {
        leaf.words[0].text
        for signal in migration.signals
        for each in signal.queries
        for leaf in leaves(each.query.root)
        if isinstance(leaf, Term) and len(leaf.words) == 1
    }
    assert not words & grammar
