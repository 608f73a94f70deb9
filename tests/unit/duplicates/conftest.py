import random

import pytest

REPORT = """The harbour council of Port Alder voted on Tuesday to close the old ferry terminal for eighteen
months while its pilings are replaced. Engineers told the meeting that salt and ship worms had eaten
through a third of the timber, and that a storm could bring the waiting hall down. Ferries to the
islands will leave from the fish market instead. Nils Brandt, who runs the largest of the three
ferry companies, said the move would cost him a fifth of his summer passengers. "People come here
with bicycles and prams, and the fish market has stairs," he said. The council promised a ramp by
the first week of May. Islanders were divided: some welcomed the works after years of patched
planks, others feared that the mail boat would no longer meet the morning train. The works will cost
14 million crowns, of which the state pays half. The rest comes from a levy on every ticket that was
agreed last autumn and that will end when the terminal opens again. Councillor Ida Holm said she
expected the first piles to be driven in before the spring tides."""

OTHER = """A small museum devoted to clocks opened in the market town of Velbridge, where four generations of
one family had repaired them. Visitors can see a tower clock from a demolished church, a night clock
that projects the hour on the ceiling, and the bench at which the founder worked until he was
ninety. The collection was bought with help from a lottery grant and the savings of a club of
retired postal workers. Entrance is free on the days when the clocks are wound, which takes two
volunteers most of a morning. School classes are invited to build a pendulum of their own."""


@pytest.fixture
def report() -> str:
    return " ".join(REPORT.split())


@pytest.fixture
def other() -> str:
    return " ".join(OTHER.split())


@pytest.fixture
def reworded(report: str) -> str:
    """Every sixth word another one, function words included."""
    rng = random.Random(4)
    strange = ["lantern", "quietly", "between", "orchard", "yellow", "against", "whisper", "granite"]
    return " ".join(rng.choice(strange) if rng.random() < 0.17 else word for word in report.split())
