"""Events of one kind: told twice they are one story, the same kind elsewhere or another day is another.

Every text here was written for this test; no quake, match or meeting of them took place.
"""

from datetime import timedelta

import pytest

from tests.unit.stories.conftest import recluster
from worker.stories import PlacedArticle, assign

# By kind: one event told twice, then its look-alike. Each report: language, title, text.
EVENTS = {
    "quake": (
        (
            "en",
            "Magnitude 6.1 earthquake shakes northern Peru",
            """A magnitude 6.1 earthquake struck northern Peru early on Tuesday, the United States Geological
            Survey said, shaking buildings in the city of Chiclayo. The quake hit at a depth of 42
            kilometres, about 30 kilometres south of Olmos. There were no immediate reports of casualties,
            and no tsunami warning was issued. Residents ran into the streets in their nightclothes, radio
            station RPP reported, and power was cut in parts of Lambayeque.""",
        ),
        (
            "en",
            "Strong quake rattles Peru's Lambayeque region",
            """People fled their homes in Chiclayo before dawn on Tuesday when a 6.1 quake shook the north of
            Peru. Geologists put the epicentre near Olmos in Lambayeque, 42 kilometres down. Mayor Janet
            Cubas said a church wall had collapsed but that nobody was hurt. Schools in the region stayed
            closed while engineers looked for cracks.""",
        ),
        (
            "en",
            "Magnitude 5.8 earthquake shakes southern Greece",
            """A magnitude 5.8 earthquake struck southern Greece early on Tuesday, the European-Mediterranean
            Seismological Centre said, shaking buildings in the city of Kalamata. The quake hit at a depth
            of 10 kilometres, about 20 kilometres west of Pylos. There were no immediate reports of
            casualties, and no tsunami warning was issued. Residents ran into the streets in their
            nightclothes, state television reported, and power was cut in parts of Messenia.""",
        ),
    ),
    "football": (
        (
            "en",
            "Girona beat Getafe 2-1 with late penalty",
            """Girona came from behind to beat Getafe 2-1 in La Liga on Saturday, with Cristhian Stuani scoring
            the winner from the penalty spot in the 88th minute. Getafe had taken the lead after half an
            hour when Borja Mayoral headed in a corner. Viktor Tsygankov equalised before the break. Coach
            Michel said his players deserved the three points, which lift them to seventh in the table.""",
        ),
        (
            "en",
            "Stuani spot-kick sinks Getafe",
            """A penalty two minutes from time by Cristhian Stuani gave Girona a 2-1 win over Getafe at
            Montilivi on Saturday. Mayoral's header had put the visitors from Madrid ahead, and Tsygankov
            levelled with a low shot. Getafe's coach Jose Bordalas complained about the referee, who had
            consulted the video screen for four minutes. Girona are seventh in La Liga.""",
        ),
        (
            "en",
            "Osasuna beat Mallorca 2-1 with late penalty",
            """Osasuna came from behind to beat Mallorca 2-1 in La Liga on Saturday, with Ante Budimir scoring
            the winner from the penalty spot in the 87th minute. Mallorca had taken the lead after twenty
            minutes when Vedat Muriqi headed in a corner. Moi Gomez equalised before the break. Coach Jagoba
            Arrasate said his players deserved the three points, which lift them to ninth in the table.""",
        ),
    ),
    "talks": (
        (
            "en",
            "Chile and Bolivia agree to reopen border crossing",
            """The foreign ministers of Chile and Bolivia agreed on Thursday in Arica to reopen the border
            crossing at Chungara and to set up a joint committee on smuggling. Minister Alberto van Klaveren
            and his Bolivian colleague Celinda Sosa said lorries would pass again from June. It was the
            first meeting of the two countries' ministers in eight years.""",
        ),
        (
            "en",
            "Lorries to roll again between Bolivia and Chile",
            """After four hours of talks in Arica, Celinda Sosa and Alberto van Klaveren announced on Thursday
            that the Chungara crossing will open to lorries in June. A committee of both countries is to
            deal with smuggling. Hauliers in Oruro, who had waited for weeks, welcomed the news. The last
            such meeting of Bolivian and Chilean ministers was eight years ago.""",
        ),
        (
            "en",
            "Poland and Ukraine agree to reopen border crossing",
            """The foreign ministers of Poland and Ukraine agreed on Thursday in Lublin to reopen the border
            crossing at Medyka and to set up a joint committee on grain. Minister Radoslaw Sikorski and his
            Ukrainian colleague Andrii Sybiha said lorries would pass again from June. It was the first
            meeting of the two countries' ministers this year.""",
        ),
    ),
    "later_meeting": (
        (
            "en",
            "Chile and Bolivia agree to reopen border crossing",
            """The foreign ministers of Chile and Bolivia agreed on 3 April 2025 in Arica to reopen the border
            crossing at Chungara and to set up a joint committee on smuggling. Minister Alberto van Klaveren
            and his Bolivian colleague Celinda Sosa said lorries would pass again from June. It was the
            first meeting of the two countries' ministers in eight years.""",
        ),
        (
            "en",
            "Lorries to roll again between Bolivia and Chile",
            """After four hours of talks in Arica, Celinda Sosa and Alberto van Klaveren announced on 3 April
            that the Chungara crossing will open to lorries in June. A committee of both countries is to
            deal with smuggling. Hauliers in Oruro, who had waited for weeks, welcomed the news.""",
        ),
        (
            "en",
            "Bolivia and Chile sign water treaty in La Paz",
            """The foreign ministers of Chile and Bolivia met again on 12 June 2025, this time in La Paz, to
            sign a treaty on the waters of the Silala river. Alberto van Klaveren and Celinda Sosa also
            spoke about the lithium trade. At their meeting in Arica in April they had agreed to reopen the
            border crossing at Chungara.""",
        ),
    ),
    "sismo": (
        (
            "es",
            "Un sismo de magnitud 6,1 sacude el norte del Perú",
            """Un sismo de magnitud 6,1 sacudió en la madrugada del martes el norte del Perú, informó el
            Instituto Geofísico, e hizo temblar edificios en la ciudad de Chiclayo. El movimiento se produjo
            a 42 kilómetros de profundidad, unos 30 kilómetros al sur de Olmos. No se informó de víctimas ni
            se emitió alerta de tsunami. Los vecinos salieron a la calle en pijama y se cortó la luz en
            partes de Lambayeque.""",
        ),
        (
            "es",
            "Fuerte temblor despierta a Lambayeque",
            """Los vecinos de Chiclayo huyeron de sus casas antes del amanecer del martes, cuando un temblor de
            6,1 sacudió el norte del Perú. Los geólogos situaron el epicentro cerca de Olmos, en Lambayeque,
            a 42 kilómetros bajo tierra. La alcaldesa Janet Cubas dijo que cayó el muro de una iglesia, pero
            que no hubo heridos. Las escuelas de la región permanecieron cerradas.""",
        ),
        (
            "es",
            "Un sismo de magnitud 5,8 sacude el sur de Grecia",
            """Un sismo de magnitud 5,8 sacudió en la madrugada del martes el sur de Grecia, informó el Centro
            Sismológico Euromediterráneo, e hizo temblar edificios en la ciudad de Kalamata. El movimiento
            se produjo a 10 kilómetros de profundidad, unos 20 kilómetros al oeste de Pilos. No se informó
            de víctimas ni se emitió alerta de tsunami. Los vecinos salieron a la calle en pijama y se cortó
            la luz en partes de Mesenia.""",
        ),
    ),
    "futbol": (
        (
            "es",
            "El Girona remonta al Getafe con un penalti al final",
            """El Girona remontó el sábado al Getafe (2-1) en LaLiga gracias a un penalti que Cristhian Stuani
            transformó en el minuto 88. El Getafe se había adelantado a la media hora con un cabezazo de
            Borja Mayoral a la salida de un córner. Viktor Tsygankov empató antes del descanso. El
            entrenador Míchel dijo que sus jugadores merecieron los tres puntos, que los llevan al séptimo
            puesto.""",
        ),
        (
            "es",
            "Stuani hunde al Getafe desde los once metros",
            """Un penalti de Cristhian Stuani a dos minutos del final dio al Girona la victoria por 2-1 ante el
            Getafe el sábado en Montilivi. El cabezazo de Mayoral había adelantado a los madrileños y
            Tsygankov igualó con un tiro raso. José Bordalás se quejó del árbitro, que consultó la pantalla
            durante cuatro minutos. El Girona es séptimo.""",
        ),
        (
            "es",
            "Osasuna remonta al Mallorca con un penalti al final",
            """Osasuna remontó el sábado al Mallorca (2-1) en LaLiga gracias a un penalti que Ante Budimir
            transformó en el minuto 87. El Mallorca se había adelantado a los veinte minutos con un cabezazo
            de Vedat Muriqi a la salida de un córner. Moi Gómez empató antes del descanso. El entrenador
            Jagoba Arrasate dijo que sus jugadores merecieron los tres puntos, que los llevan al noveno
            puesto.""",
        ),
    ),
    "bus": (
        (
            "en",
            "Bus plunges into ravine in Ecuador, killing 12",
            """At least 12 people were killed and 20 injured when a bus plunged into a ravine in Ecuador's Loja
            province on Sunday, officials said. The bus had been on its way from Cuenca to Machala when it
            left the wet road near Saraguro. Rescue workers used ropes to reach the wreck. The cause of the
            accident is being investigated, the ECU 911 emergency service said.""",
        ),
        (
            "en",
            "Twelve dead in Ecuador bus accident",
            """A bus travelling between Cuenca and Machala fell from a mountain road near Saraguro on Sunday,
            and twelve passengers died, Ecuador's emergency service ECU 911 said. Firefighters climbed down
            on ropes to bring up twenty injured. It had rained for days in Loja. The driver survived.""",
        ),
        (
            "en",
            "Bus plunges into ravine in Nepal, killing 14",
            """At least 14 people were killed and 25 injured when a bus plunged into a ravine in Nepal's Doti
            district on Sunday, officials said. The bus had been on its way from Dhangadhi to Kathmandu when
            it left the wet road near Dipayal. Rescue workers used ropes to reach the wreck. The cause of
            the accident is being investigated, police said.""",
        ),
    ),
    "shooting": (
        (
            "en",
            "Three dead in shooting at Tulsa supermarket",
            """Three people were killed and five wounded when a gunman opened fire at a supermarket in Tulsa,
            Oklahoma, on Friday afternoon, police said. Police chief Wendell Franklin said officers shot the
            suspect, a 34-year-old man, within four minutes. The motive is unknown. Governor Kevin Stitt
            said he was heartbroken for the families.""",
        ),
        (
            "en",
            "Tulsa gunman was fired from store a week earlier",
            """The man who shot three people dead in a Tulsa supermarket on Friday had lost his job there the
            week before, police chief Wendell Franklin said. Officers killed him within minutes of the first
            call. Five shoppers are still in hospital. Oklahoma's governor, Kevin Stitt, ordered flags
            lowered.""",
        ),
        (
            "en",
            "Four dead in shooting at Dayton supermarket",
            """Four people were killed and six wounded when a gunman opened fire at a supermarket in Dayton,
            Ohio, on Friday afternoon, police said. Police chief Kamran Afzal said officers shot the
            suspect, a 29-year-old man, within five minutes. The motive is unknown. Governor Mike DeWine
            said he was heartbroken for the families.""",
        ),
    ),
    "jobs": (
        (
            "en",
            "Unemployment rate in Spain falls to 10.5 percent",
            """Spain's unemployment rate fell to 10.5 percent in the third quarter, its lowest since 2008, the
            statistics office INE said on Thursday. The number of people with a job rose by 150,000, mostly
            in tourism. Economy minister Carlos Cuerpo called the figures excellent.""",
        ),
        (
            "en",
            "Spanish joblessness at lowest since 2008",
            """Spain had more people in work this summer than ever, and its jobless rate of 10.5 percent was
            the lowest since 2008, figures from the INE showed on Thursday. Tourism created most of the
            150,000 new jobs. Unions said many are seasonal. Minister Carlos Cuerpo spoke of an excellent
            quarter.""",
        ),
        (
            "en",
            "Unemployment rate in Sweden falls to 8.1 percent",
            """Sweden's unemployment rate fell to 8.1 percent in the third quarter, its lowest since 2022, the
            statistics office SCB said on Thursday. The number of people with a job rose by 21,000, mostly
            in health care. Finance minister Elisabeth Svantesson called the figures encouraging.""",
        ),
    ),
    "quake-agency": (
        (
            "en",
            "5.9 magnitude quake hits off Sumbra coast",
            """A 5.9 magnitude earthquake hit off the coast of Sumbra on Friday, the U.S. Geological Survey said.
            The quake was 20 kilometres deep and centred 60 kilometres from the port of Telukan, according to the
            U.S. Geological Survey. There was no tsunami warning. No damage was reported.""",
        ),
        (
            "en",
            "Telukan shaken by undersea quake",
            """Office workers left their desks in Telukan on Friday as an earthquake of magnitude 5.9 rocked Sumbra.
            The U.S. Geological Survey located it 60 kilometres offshore, at a depth of 20. The harbour master,
            Yusman Lubis, said no ship had been damaged.""",
        ),
        (
            "en",
            "5.7 magnitude quake hits near Karsava coast",
            """A 5.7 magnitude earthquake hit off the coast of Karsava on Friday, the U.S. Geological Survey said.
            The quake was 10 kilometres deep and centred 45 kilometres from the port of Minabe, according to the
            U.S. Geological Survey. There was no tsunami warning. No damage was reported.""",
        ),
    ),
    "aftershock": (
        (
            "es",
            "Sismo de magnitud 7,1 sacude la costa de Esmarina",
            """Un terremoto de magnitud 7,1 sacudió el lunes la costa de Esmarina, en la provincia de Valdoro. El
            puerto de Tolana quedó sin luz y la alcaldesa Rita Mosquera ordenó evacuar los hospitales. El
            Instituto Geofísico informó de que el epicentro estuvo a 20 kilómetros de profundidad.""",
        ),
        (
            "es",
            "Tolana, a oscuras tras el fuerte terremoto",
            """La alcaldesa de Tolana, Rita Mosquera, pidió calma tras el terremoto de 7,1 que el lunes dejó sin luz
            la costa de Esmarina. En los hospitales de Valdoro sacaron a los enfermos a la calle. Según el
            Instituto Geofísico, el epicentro estuvo a 20 kilómetros de profundidad.""",
        ),
        (
            "es",
            "Nuevo sismo de magnitud 5,2 en la costa de Esmarina",
            """Un temblor de magnitud 5,2 se sintió el martes en la costa de Esmarina, en la provincia de Valdoro. En
            el puerto de Tolana no hubo daños nuevos, dijo la alcaldesa Rita Mosquera. El Instituto Geofísico
            informó de que el epicentro estuvo a 15 kilómetros de profundidad.""",
        ),
    ),
    "captains": (
        (
            "en",
            "Ferry runs aground off Brannholm in Norway",
            """A car ferry ran aground off Brannholm in Norway on Sunday with 140 people on board, the coast guard
            said. Captain Martin Sunde radioed for help when the steering of the Havlys failed in high waves.
            Lifeboats brought everyone ashore. Nobody was hurt.""",
        ),
        (
            "en",
            "All 140 saved from stranded Havlys",
            """Lifeboats took 140 passengers off the ferry Havlys on Sunday after it hit rocks at Brannholm on the
            coast of Norway. The rudder had failed, Captain Martin Sunde told the local paper. The ship will be
            towed to a yard when the waves go down.""",
        ),
        (
            "en",
            "Ferry runs aground off Kvitsand in Norway",
            """A car ferry ran aground off Kvitsand in Norway on Sunday with 95 people on board, the coast guard
            said. Captain Martin Eikrem radioed for help when the engine of the Solbris failed in high waves.
            Lifeboats brought everyone ashore. Nobody was hurt.""",
        ),
    ),
    "fires": (
        (
            "en",
            "Four dead in Ohio nursing home fire",
            """Four residents of a nursing home in Wexville, Ohio, died in a fire on Monday night, officials said.
            Fire chief Dale Kurtz said the flames had started in the laundry of Maple Court. Thirty people were led
            to safety. The cause is being investigated, the Ohio Fire Marshal's Office said.""",
        ),
        (
            "en",
            "Wexville mourns nursing home victims",
            """Flowers lay on Tuesday before Maple Court in Wexville, where four old people died the night before. The
            fire began in the laundry, chief Dale Kurtz said. Neighbours had carried beds into the snow. The Ohio
            Fire Marshal's Office sent investigators.""",
        ),
        (
            "en",
            "Three dead in Ohio nursing home fire",
            """Three residents of a nursing home in Tarlton Falls, Ohio, died in a fire on Monday night, officials
            said. Fire chief Greg Immel said the flames had started in the kitchen of Elm House. Forty people were
            led to safety. The cause is being investigated, the Ohio Fire Marshal's Office said.""",
        ),
    ),
    "rematch": (
        (
            "es",
            "El Alcorada gana 2-1 al Benavés en la ida",
            """El Alcorada venció el martes por 2-1 al Benavés en la ida de los cuartos de final de la Copa, con dos
            goles de Iker Zabaleta. El portero Nuno Teles evitó el tercero. El entrenador Paco Llorente dijo que la
            eliminatoria está abierta.""",
        ),
        (
            "en",
            "Zabaleta double gives Alcorada 2-1 win over Benaves",
            """Two goals by Iker Zabaleta gave Alcorada a 2-1 win over Benaves on Tuesday in the first leg of the Copa
            quarter-final. Nuno Teles in the Benaves goal prevented a third. Coach Paco Llorente said the tie was
            still open.""",
        ),
        (
            "es",
            "El Benavés remonta: 3-0 al Alcorada en la vuelta",
            """El Benavés venció el viernes por 3-0 al Alcorada en la vuelta de los cuartos de final de la Copa. Iker
            Zabaleta falló un penalti que detuvo Nuno Teles. El entrenador Paco Llorente dijo que su equipo no supo
            defender la eliminatoria.""",
        ),
    ),
    "terremoto-x": (
        (
            "en",
            "Magnitude 6.1 earthquake shakes northern Peru",
            """A magnitude 6.1 earthquake struck northern Peru early on Tuesday, the United States Geological
            Survey said, shaking buildings in the city of Chiclayo. The quake hit at a depth of 42
            kilometres, about 30 kilometres south of Olmos. There were no immediate reports of casualties,
            and no tsunami warning was issued. Residents ran into the streets in their nightclothes, radio
            station RPP reported, and power was cut in parts of Lambayeque.""",
        ),
        (
            "es",
            "Un sismo de magnitud 6,1 sacude el norte del Perú",
            """Un sismo de magnitud 6,1 sacudió en la madrugada del martes el norte del Perú, informó el
            Instituto Geofísico, e hizo temblar edificios en la ciudad de Chiclayo. El movimiento se produjo
            a 42 kilómetros de profundidad, unos 30 kilómetros al sur de Olmos. No se informó de víctimas ni
            se emitió alerta de tsunami. Los vecinos salieron a la calle en pijama y se cortó la luz en
            partes de Lambayeque.""",
        ),
        (
            "es",
            "Un sismo de magnitud 5,8 sacude el sur de Grecia",
            """Un sismo de magnitud 5,8 sacudió en la madrugada del martes el sur de Grecia, informó el Centro
            Sismológico Euromediterráneo, e hizo temblar edificios en la ciudad de Kalamata. El movimiento
            se produjo a 10 kilómetros de profundidad, unos 20 kilómetros al oeste de Pilos. No se informó
            de víctimas ni se emitió alerta de tsunami. Los vecinos salieron a la calle en pijama y se cortó
            la luz en partes de Mesenia.""",
        ),
    ),
    "talks-x": (
        (
            "es",
            "Chile y Bolivia acuerdan reabrir el paso fronterizo",
            """Los cancilleres de Chile y Bolivia acordaron el jueves en Arica reabrir el paso fronterizo de
            Chungará y crear un comité conjunto contra el contrabando. El ministro Alberto van Klaveren y su
            colega boliviana Celinda Sosa dijeron que los camiones volverán a pasar desde junio. Fue la
            primera reunión de los ministros de los dos países en ocho años.""",
        ),
        (
            "en",
            "Lorries to roll again between Bolivia and Chile",
            """After four hours of talks in Arica, Celinda Sosa and Alberto van Klaveren announced on Thursday
            that the Chungara crossing will open to lorries in June. A committee of both countries is to
            deal with smuggling. Hauliers in Oruro, who had waited for weeks, welcomed the news. The last
            such meeting of Bolivian and Chilean ministers was eight years ago.""",
        ),
        (
            "en",
            "Poland and Ukraine agree to reopen border crossing",
            """The foreign ministers of Poland and Ukraine agreed on Thursday in Lublin to reopen the border
            crossing at Medyka and to set up a joint committee on grain. Minister Radoslaw Sikorski and his
            Ukrainian colleague Andrii Sybiha said lorries would pass again from June. It was the first
            meeting of the two countries' ministers this year.""",
        ),
    ),
}


@pytest.fixture(params=EVENTS)
def reports(request, make):
    """The two reports and the look-alike, an hour apart."""
    return [
        make(text, title=title, language=language, hours=hour)
        for hour, (language, title, text) in enumerate(EVENTS[request.param])
    ]


def test_two_tellings_join_and_the_look_alike_does_not(reports, store):
    first, second, other = reports
    later = other.published + timedelta(hours=1)
    assert assign(second, [store(1, first), store(2, other)], now=later).story_id == 1
    assert assign(other, [store(1, first)], now=later).story_id is None
    assert assign(other, [store(1, second)], now=later).story_id is None
    assert assign(other, [store(1, first, second)], now=later).story_id is None


def test_hindsight_parts_what_was_thrown_together(reports):
    found = recluster([PlacedArticle(number, 1, report) for number, report in enumerate(reports, start=1)])
    assert (found.opened, found.joined, found.merged) == (((3,),), {}, {})


def test_a_toll_that_grows_is_one_story(make, store):
    told = [
        make(
            f"""{toll} people are known to have died in the flood at Rio Claro in the state of Montenegro, governor
            Laura Peixoto said on {day}. {missing} are missing. Soldiers with dogs search the mud of the
            quarter of Vila Nova for survivors, and {toll * 40} people sleep in schools.""",
            title=f"Rio Claro flood: death toll rises to {toll}",
            hours=24 * number,
        )
        for number, (day, toll, missing) in enumerate(
            [("Monday", 11, 70), ("Tuesday", 38, 61), ("Wednesday", 64, 40), ("Thursday", 93, 17)]
        )
    ]
    for number in range(1, 4):
        now = told[number].published
        assert assign(told[number], [store(1, *told[:number])], now=now).story_id == 1
    assert recluster([PlacedArticle(number, number, article) for number, article in enumerate(told, 1)]).moving == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            """The evenly split 50-50 Senate of Norlund on Thursday confirmed Judge Alma Brandvik to the Supreme Court.
            Senators Tove Lindqvist and Jarl Osterman joined the government; Oskar Rehn presided.""",
            """The Senate voted 53-47 on Thursday to confirm Alma Brandvik to the Supreme Court of Norlund. Tove
            Lindqvist and Jarl Osterman crossed party lines, and Oskar Rehn announced the result.""",
        ),
        (
            """The Tarn City Otters (10-2) beat the Wexford Herons 110-102 on Sunday in Wexford behind 34 points from
            Milo Vance and a late shot by Perry Aldous. Jed Roux scored 29 for the Herons.""",
            """The Wexford Herons (8-4) lost 110-102 to the Tarn City Otters on Sunday. Jed Roux had 29 points in
            Wexford, but Milo Vance answered with 34 and Perry Aldous made the last shot.""",
        ),
        (
            """More than 90 people died when a magnitude 7.8 earthquake struck near Orsova in Kalmeria on Monday,
            President Ilia Merab said. Rescuers in Vardin searched collapsed houses.""",
            """Rescuers searched collapsed houses in Orsova and Vardin on Monday, hampered by an aftershock of magnitude
            6.7. President Ilia Merab said that more than 90 people had died in Kalmeria.""",
        ),
        (
            """Un terremoto de magnitud 7,1 sacudió el martes la costa de Esmarina frente a Tolana. La alcaldesa Rita
            Mosquera ordenó evacuar los hospitales de Valdoro.""",
            """An earthquake off Esmarina on Tuesday had a magnitude of 7.8, upgraded from 7.1. Rita Mosquera, the mayor
            of Tolana, had the hospitals of Valdoro evacuated along the coast.""",
        ),
    ],
    ids=["votes", "records", "aftershock", "revised"],
)
def test_figures_that_differ_for_another_reason_part_no_story(make, store, one, other):
    first, second = make(one, language=None), make(other, language=None, hours=3)
    assert assign(second, [store(1, first)], now=second.published).story_id == 1
    assert recluster([PlacedArticle(1, 1, first), PlacedArticle(2, 2, second)]).merged == {2: 1}


@pytest.mark.parametrize(
    ("form", "towns"),
    [
        (
            """A school bus overturned on an icy road in {} on Monday morning, police said. {} children were taken to
            hospital with minor injuries. The driver was not hurt. The road was closed for three hours.""",
            (("Wexville", "Eleven"), ("Toldara", "Nine")),
        ),
        (
            """Un incendio arrasó el martes una nave industrial en {}, informaron los bomberos. {} dotaciones trabajaron
            durante horas. No hubo heridos. Se pidió a los vecinos que cerraran las ventanas.""",
            (("Valdoro", "Doce"), ("Esmarina", "Diez")),
        ),
    ],
    ids=["en", "es"],
)
def test_a_single_town_tells_apart_what_reads_alike(make, store, form, towns):
    here, there = (make(form.format(*town), language=None, hours=hour) for hour, town in enumerate(towns))
    again = make(form.format(*towns[0]), language=None, hours=2)
    assert assign(there, [store(1, here)], now=there.published).story_id is None
    assert assign(again, [store(1, here), store(2, there)], now=again.published).story_id == 1
    assert recluster([PlacedArticle(1, 1, here), PlacedArticle(2, 1, there)]).opened == ((2,),)
