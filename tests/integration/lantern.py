"""An invented outlet of twenty pages with boilerplate that no rule knows, to be learned: the Quay Lantern."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.integration.news_server import NewsServer, Reply

STORIES = tuple(
    (title, tuple(paragraphs.strip().split("\n")))
    for title, _, paragraphs in (
        block.strip().partition("\n")
        for block in """
Bakers of Aldermoor turn to rye after a wet July
Wheat stood in water for three weeks south of Aldermoor, and the millers refused most of it for its low gluten.
Rosalind Achterberg of the oldest bakery now sells a dark rye loaf that her grandmother baked in lean years.
"Customers grumbled for a week, then they queued for it," she said, wiping flour from a ledger that goes back to 1911.

Telescope on Mount Serrat finds a comet with two tails
A graduate student noticed the faint object on plates exposed in March, between the constellations of Lyra and Cygnus.
The second tail, of sodium, has another angle to the sun than the dust, said the astronomer Ilse Quintero.
Amateurs with binoculars may see the comet low in the north before dawn until the middle of next month.

Court frees goalkeeper accused of throwing the cup final
Judges in Brennford found that Tomasz Okafor had been in hospital when the bribe was said to have been agreed.
The goalkeeper let in four goals in eleven minutes, which bookmakers in two countries had taken unusually large bets on.
His lawyer asked the football association to return the medal that was taken from him in the dressing room.

Chess club in the old waterworks opens to beginners
Every Thursday the pump hall fills with boards, where retired engineers teach children the Sicilian defence.
The club's youngest member, Nadja Pell, is six and beat the mayor in nineteen moves during the opening party.
Boards and clocks were donated by a factory that no longer makes either of them.

Surgeons reattach a violinist's hand in nine hours
The musician, Leopold Hartigan, lost the hand in a lift door on his way to a rehearsal of the Brahms concerto.
A team of fourteen at Saint Bride's clinic sewed tendons under a microscope while a recording of his own playing was on.
Doctors hope that feeling returns to the fingertips by Christmas; scales will follow in the spring.

Beavers flood a motorway ramp and engineers let them
The dam of poplar branches appeared overnight beside junction nine, where a culvert had been blocked for years.
Highway engineers measured the pond and found it a better retention basin than the one they had planned.
Drivers are sent over the old toll bridge until the autumn, with a speed limit of thirty.

Silver coins of a forgotten queen come to light in a garden
Gareth Mbeki was planting leeks in Lower Thistle when his spade struck a clay pot with two hundred coins.
The face on them belongs to a ruler known from a single charter, who held the island for nine summers.
Numismatists will clean the hoard at the county museum before a jury sets the finder's reward.

Electric buses fail on the steepest street in the county
Batteries overheated on Gallows Rise, where the gradient is twenty per cent, and passengers walked the last bend.
The maker offered larger cooling units, but the transport office wants diesel coaches for the winter timetable.
Cyclists, who were passed by nobody for a week, asked that it stay so.

Opera house finds the score that Marchetti burned
A copyist had kept the second act among laundry bills, and the archivist Beatrix Solano recognised the hand.
The aria for bass clarinet and soprano was thought to be a legend told by critics.
A concert performance with the missing scenes is planned for the composer's bicentenary in the arena.

Potato blight spreads to the northern allotments
Gardeners in Fennick found black spots on the leaves of early varieties after a fortnight of fog.
Agronomists advise to cut the stalks at once and to burn them, since copper sprays come too late now.
Seed potatoes of the resistant kind Morag sold out within two hours at the Saturday fair.

Tax office loses a lawsuit about a tree house
The inspectors had counted the oak platform of the Lindqvist family as a second home with a view.
According to the verdict a ladder is no staircase, and where there is no staircase there is no storey.
The family may keep the refund, and the children a flag with the coat of arms of the revenue service.

Divers recover the bell of the steamer Corriedale
The bronze bell lay at forty metres under nets and mussels, where the steamer went down in the gale of 1902.
A hydraulic bag lifted it to the deck of a tender while descendants of the stoker watched from the pier.
It will ring once more, in the chapel that the widows paid for.

School swaps homework for an hour of gardening
Pupils of Hollins primary weigh compost in mathematics and write diaries of worms, a pilot that the ministry pays for.
Spelling did not suffer, a study by two psychologists says, while quarrels in the yard went down by a third.
The caretaker, who lost his lawn, has asked for a greenhouse in return.

Glassblowers of Vennmouth strike over the price of gas
The furnaces burn day and night at fourteen hundred degrees and cannot be turned off without cracking.
Master blower Agnieszka Thorne said that a crystal jug now costs more in methane than in wages.
Talks with the energy supplier were broken off on Tuesday after four minutes.

Rare orchid delays the new cricket pavilion
Botanists counted eleven stems of the ghost orchid behind the sight screen, the first in the region for fifty years.
The cricket club will bat on a neighbour's meadow until the seeds have ripened.
Its captain called the flower the best defensive player of the season.

Radio station plays the same song for a week by mistake
A jammed playlist at Coastline 98 repeated a ballad by the duo Merrow until a cleaner pulled the plug.
The singer said that royalties for the week exceeded those of her whole career and that she was sorry.
Listeners voted to hear it once more on New Year's Eve.

Cave painting of a dancing ox is older than thought
Uranium in the crust over the pigment dates the ox of Gorham's Step to forty-one thousand years.
The archaeologist Dunstan Reyes believes that children painted it, since the handprints beside it are small.
Visitors see a replica; the cave itself is sealed against breath and light.

Ski resort without snow invents racing on pine needles
The slopes of Hochwald were brown at the turn of the year, so instructors spread needles from the sawmill.
Long skis with a coat of soap reach fifty kilometres an hour, and falls smell of resin.
Twelve nations have registered teams for the first cup in February.

Librarian tracks down a book borrowed in 1938
The manual of beekeeping came back by parcel from Valparaíso with a letter of apology by a grandson.
At a penny a day the fine would have bought the library a new roof, Winifred Oyelaran calculated.
She waived it and put the manual in a glass case beside a jar of honey.

Drone delivers insulin to the lightkeepers of Skarra
For eleven days of storm no boat could land on the rock, where one of the two keepers is diabetic.
Pilots of the rescue service flew the parcel against gusts of seventy knots with a second battery strapped on.
The keepers sent back a thermos of soup, still warm when it landed.
""".strip().split("\n\n")
    )
)

SLOGAN = "The Quay Lantern – lit every evening since 1874"
DESK = "Ask the lighthouse desk"
PLEDGE = "Our crew answers to its readers alone, and prints what it has seen with its own eyes."
HISTORY = (
    "The Quay Lantern was founded by eleven pilots in the winter of 1874, when the harbour master forbade them to "
    "shout the news from the mole. It has been written in the same loft above the chandlery since then, and belongs "
    "in equal parts to those who work in it and to the families of the quay, who meet twice a year under its lamp."
)
TIDES = "What the tide brought in this week"
BOILERPLATE = (SLOGAN, DESK, PLEDGE, HISTORY, TIDES)
"""Lines of every page that no rule removes; the last one opens a box whose other lines change."""


def boxed(number: int) -> tuple[str, ...]:
    """The lines in the box: three other headlines, others on each page."""
    return tuple(f"{STORIES[(number + step) % 20][0]}, as told on the quay" for step in (3, 7, 11))


def path_of(number: int) -> str:
    return f"2026/{number}-{STORIES[number][0].split()[0].lower()}"


def page(number: int, *, more: tuple[str, ...] = ()) -> Reply:
    """The page of a story; `more` are paragraphs at its end."""
    title, paragraphs = STORIES[number]
    body = "".join(f"<p>{escape(text)}</p>" for text in (*paragraphs, *more))
    others = "".join(f"<p>{escape(text)}</p>" for text in boxed(number))
    return Reply(
        f"<html lang=en><head><title>{escape(title)}</title></head><body><div class='page'><article class='sheet'>"
        f"<h1>{escape(title)}</h1><div class='tale'><p>{escape(SLOGAN)}</p>{body}<p>{escape(PLEDGE)}</p>"
        f"<p><em>{escape(DESK)}</em></p></div><div class='shelf'><p>{escape(TIDES)}</p>{others}</div>"
        f"<div class='lower'><p>{escape(HISTORY)}</p></div></article></div></body></html>".encode()
    )


def feed(base: str, numbers: range, *, now: datetime) -> Reply:
    """The outlet's feed, which lists those stories, an evening apart, with nothing but their titles."""
    items = "".join(
        f"<item><title>{escape(STORIES[number][0])}</title><link>{base}/{path_of(number)}</link>"
        f"<pubDate>{format_datetime(now - timedelta(days=numbers[-1] - number))}</pubDate></item>"
        for number in numbers
    )
    channel = f"<title>The Quay Lantern</title><link>{base}/</link>{items}"
    return Reply(f'<rss version="2.0"><channel>{channel}</channel></rss>'.encode(), "application/rss+xml")


def publish(server: NewsServer, numbers: range, *, now: datetime) -> None:
    """Let the server have those pages and list them, the last of them new."""
    server.replies |= {path_of(number): page(number) for number in numbers}
    server.replies["feed"] = feed(server.url, numbers, now=now)
