"""Blocks the markup itself gives away: by the names of their containers, or as nothing but a link.

The names are the habits of news sites' templates (class and id words such as "newsletter", "related", "author-bio").
They count as evidence only: a container that holds a good part of the main text is never boilerplate, whatever it
is called ("related-article-layout", "no-sidebar").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial

from worker.pages.boilerplate.cards import teaser_cards
from worker.pages.boilerplate.link_boxes import link_boxes
from worker.pages.boilerplate.link_lists import link_lists
from worker.pages.boilerplate.pull_quotes import pull_quotes
from worker.pages.boilerplate.rules import matching_rule
from worker.pages.boilerplate.stranded import stranded_lines
from worker.pages.boilerplate.stripping import normalize_line
from worker.pages.tree.blocks import PARAGRAPH, Block, Place, places_of
from worker.pages.tree.names import fold_names
from worker.pages.tree.spacing import ends_sentence, is_cut_off
from worker.pages.tree.tree import Element
from worker.text.wordings import site_wordings

# Rule → words of class and id, each whole or followed by a plural s.
_NAMES: Mapping[str, str] = {
    "newsletter-box": r"bolet[ií]n(?:es)?|newsletter|sign-?up|mailing-list|email-(?:capture|form)|subscribe|"
        r"subscription-(?:box|promo|widget)|mc-embed",
    "call-to-action": r"cta(?:-\w+)?|call-to-action(?:-\w+)?",
    "related-box": r"(?:notas?-|noticias?-|articulos?-)?relacionad[ao]s?|te-puede-interesar|"
        r"lo-?mas-?(?:leido|visto)|mas-leidas|lee-tambien|related(?:-\w+|posts|articles|stories|news|content)?|recirc(?:ulation)?|"
        r"recommend(?:ed|ation)?|read-?(?:more|next|"
        r"also|on)|more-?(?:from|on|stories|like|news)"
    r"|most-?(?:read|popular|viewed|shared)|trending|popular-?(?:posts|stories|articles)|latest-?(?:news|box|posts|stories|articles)|also-like|you-may-like|up-next|next-(?:story|article|up)|teaser"
    r"|promo|display-card|story-card|article-card|card-list|outbrain|taboola|zergnet|in-?article-?link|"
        r"link-?box|link-?block|see-also|lateral-list|focused-?news",
    "notice-box": r"popover|modal|disclosure|disclaimer|tooltip|consent|cookie|gdpr|overlay|lightbox|"
        r"affiliate|fact-check-popover|login|paywall-(?:prompt|message|banner|overlay)",
    "author-box": r"author-?(?:bio|box|card|info|block|details?|description|profile|about)|"
        r"about-?(?:the-)?author|bio|contributor-?(?:bio|box)|byline-?bio|writer-?bio",
    "comments": r"comentarios?|(?:user|reader)-?comments?|"
        r"comments?-?(?:list|section|area|box|form|container|wrapper)|disqus(?:-thread)?|"
        r"respond|reader-comment",
    "share-box": r"compartir|redes(?:-?sociales)?|share(?:-?(?:bar|box|buttons?|tools?|links?|this))?|"
        r"social(?:-?(?:bar|share|links?|"
        r"media|buttons?|icons?|follow))?|addthis|sharedaddy|follow-?us",
    "breadcrumb": r"bread-?crumbs?",
    "advertisement": r"publi(?:cidad)?|anuncios?|ad-?(?:container|slot|unit|wrapper|block|label|box|banner)|ads|"
        r"advert(?:isement)?s?|adsbygoogle|sponsor(?:ed)?(?:-\w+)?|side-panner",
    "tags": r"tags?-?(?:list|cloud|links|container)|tagcloud|keywords|topics?-?list|post-?tags|article-?tags",
    "caption": r"(?:image|photo|picture|media|img|wp|fig|gallery|video)-?(?:caption|credit|"
        r"description)(?:-text)?|pie-?(?:de-?)?(?:foto|"
        r"imagen)(?:-\w+)?|creditos?|photo-?table|caption(?:-?text)?|photo-?by|credits?",
    "gallery": r"photo-?gallery|slideshow|carousel|gallery-?(?:wrapper|list|items?)",
    "navigation": r"nav(?:bar|igation)?|navbar-nav|sub-?menu|dropdown-menu|menu|site-?header|masthead|"
        r"footer|site-?footer|sidebar|right-?rail|widget-?area",
}  # fmt: skip
_NAMED = re.compile(
    "(?<![a-z])(?:" + "|".join(f"(?P<g{n}>(?:{words})s?(?![a-z]))" for n, words in enumerate(_NAMES.values())) + ")"
)
_RULES = tuple(_NAMES)
_TAG_RULES = {"figcaption": "caption", "footer": "navigation", "dialog": "notice-box"}
# A named container with more than this share of the main text is the main text's own.
_MOST_SHARE = 0.3
# Prompts that come in a box of their own: a heading, the prompt, a button.
_BOXED = ("newsletter-prompt", "subscription-notice", "donation-appeal", "follow-us", "comment-prompt", "cookie-notice")
_MOST_BOXED = 5  # blocks
_PARAGRAPH = 100  # letters
_LARGEST_BOX = 350  # letters
_SHORTEST_REST = 40  # letters of a paragraph that is folded away
_MOST_OF_REST = 0.8  # of the letters there that such paragraphs must be
_SHORTEST_ALT = 20  # characters; shorter ones are names and "photo", which a story may well say
_LINK_ONLY = 0.9  # share of a line's letters within links
_LONGEST_LINK_LINE = 200
_FEWEST_WORDS = 4  # a shorter line of link is a name or a number within the story
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_STORYS_OWN = ("li", "ul", "ol", "td", "table", *_HEADINGS[:4])
_LARGEST_ITEM = 2  # blocks
_FEWEST_BARS, _BARRED = 2, 0.3  # share of the letters within links
_MOST_LINK_LINES = 6  # more of them are the story itself: a list of products, of places, of sources


def boilerplate_blocks(blocks: list[Block], chosen: Collection[int], alts: Container[str] = ()) -> dict[int, str]:
    """Block number → rule, for the chosen blocks that their markup gives away.

    `alts` are the texts of the page's pictures, as `picture_texts` gives them: a line that says the same is a
    caption, wherever it stands.
    """
    total = sum(blocks[number].told for number in chosen) or 1
    verdicts, inside = _marked(blocks, chosen, total), frozenset(chosen)
    _spare_the_story(blocks, verdicts, total)
    for number, rule in _boxed(blocks, chosen, most=min(_LARGEST_BOX, total * _MOST_SHARE)).items():
        if number in inside:
            verdicts.setdefault(number, rule)
    verdicts |= dict.fromkeys(_captions(blocks, chosen, alts, verdicts), "caption")
    verdicts |= {n: "shop-button" for n in chosen if n not in verdicts and _is_button(blocks[n])}
    links = [number for number in chosen if number not in verdicts and is_link_line(blocks[number])]
    if len(links) <= _MOST_LINK_LINES:
        verdicts.update(dict.fromkeys(links, "link-only"))
    verdicts |= {n: "menu-line" for n in chosen if n not in verdicts and _is_barred(blocks[n])}
    verdicts = pull_quotes(blocks, chosen) | verdicts
    for find in (link_boxes, teaser_cards, link_lists):
        verdicts |= find(blocks, chosen, verdicts)
    gone = {number for number, rule in verdicts.items() if rule != "shop-button"}  # a product's heading has no more
    return stranded_lines(blocks, chosen, gone) | verdicts


def _marked(blocks: list[Block], chosen: Collection[int], total: float) -> dict[int, str]:
    """Block number → rule, where a container around it is named as what stands around stories, and holds little."""
    named: dict[int, list[tuple[Place, str]]] = {}
    known: dict[int, list[tuple[Place, str]]] = {}
    held: defaultdict[int, float] = defaultdict(float)
    for number in chosen:
        block = blocks[number]
        found = _rules_around(block.place, known)
        named[number] = found
        for place, _ in found:
            held[id(place)] += block.told
    teases, goes_on = cache(partial(_teases, blocks)), _rest_of(blocks, chosen)  # once for each box
    verdicts: dict[int, str] = {}
    for number, found in named.items():
        around = {rule for place, rule in found if held[id(place)] > total * _MOST_SHARE}
        small = (rule for place, rule in found if held[id(place)] <= total * _MOST_SHARE or teases(place, rule))
        rule = next((rule for rule in small if rule != "gallery" or rule not in around), "")  # a slideshow's own parts
        if rule == "hidden" and any(goes_on(_kind(place)) for place, _ in found if place.kind == "hidden"):
            continue
        if rule:
            verdicts[number] = rule
    return verdicts


def _teases(blocks: Sequence[Block], place: Place, rule: str) -> bool:
    """Whether a box of related stories holds cut-off excerpts: however much that is, a story is none of it."""
    inside = blocks[place.first : place.end]
    cut = [block for block in inside if is_cut_off(block.text) and block.link_share]
    return rule == "related-box" and len(cut) > 1 and len(cut) * 2 >= sum(block.told >= PARAGRAPH for block in inside)


def _kind(place: Place) -> tuple[Place | None, str]:
    """What boxes of one form side by side share."""
    return place.parent, place.form


def _rest_of(blocks: Sequence[Block], chosen: Collection[int]) -> Callable[[tuple[Place | None, str]], bool]:
    """Says of hidden boxes of a kind whether they are the story's rest, which a button opens: paragraphs, beside or in
    the container of those before them. Where each paragraph has a box of its own, these are judged together."""
    boxes: defaultdict[tuple[Place | None, str], list[Place]] = defaultdict(list)
    for place in places_of(blocks):
        if place.kind == "hidden":
            boxes[_kind(place)].append(place)

    @cache
    def goes_on(kind: tuple[Place | None, str]) -> bool:
        parent, rest = kind[0], [block for place in boxes[kind] for block in blocks[place.first : place.end]]
        told = sum(len(block.key) for block in rest if block.is_told(_SHORTEST_REST) and not block.link_share)
        if parent is None or told < sum(len(block.key) for block in rest) * _MOST_OF_REST:
            return False
        first = min(place.first for place in boxes[kind])
        before = (blocks[number].home for number in chosen if number < first and blocks[number].is_told())
        return any(parent is home or parent is home.parent for home in before)

    return goes_on


def _rules_around(place: Place, known: dict[int, list[tuple[Place, str]]]) -> list[tuple[Place, str]]:
    """The named containers that a place is or hangs in, innermost first, with their rules."""
    if id(place) not in known:
        above = _rules_around(place.parent, known) if place.parent is not None else []
        known[id(place)] = [(place, rule), *above] if (rule := container_rule(place)) else above
    return known[id(place)]


def _is_button(block: Block) -> bool:
    """A link to a shop: of these there are as many as the story names products."""
    if block.link_share < _LINK_ONLY or len(block.text) > _LONGEST_LINK_LINE or _is_storys_own(block):
        return False
    return _buttons().match(block.text) is not None


@cache
def _buttons() -> re.Pattern[str]:
    return re.compile("|".join(words for one in site_wordings() for words in one.buttons), re.IGNORECASE)


def _is_storys_own(block: Block) -> bool:
    """Whether it is a heading, or of a list or table; not where the item holds a whole section of the story."""
    item = next((place for place in block.place.line() if place.tag in _STORYS_OWN), None)
    return item is not None and (item.tag not in ("li", "td") or item.end - item.first <= _LARGEST_ITEM)


def _is_barred(block: Block) -> bool:
    """A menu on one line: links between bars."""
    return block.text.count(" | ") >= _FEWEST_BARS and block.link_share >= _BARRED and not block.is_told(_PARAGRAPH)


def _captions(
    blocks: list[Block], chosen: Collection[int], alts: Container[str], condemned: Container[int]
) -> Iterator[int]:
    """Blocks that say what a picture's text says. Of a sentence said twice, the caption took it from the story: there
    it stays."""
    said: defaultdict[str, list[int]] = defaultdict(list)
    for number in sorted(chosen):
        if blocks[number].key in alts and not _is_own_heading(blocks[number]):
            said[blocks[number].key].append(number)
    for numbers in said.values():
        told = [n for n in numbers if n not in condemned and ends_sentence(blocks[n].text)]
        yield from (n for n in numbers if len(numbers) == 1 or n not in told[:1])


def _is_own_heading(block: Block) -> bool:
    """Pictures are called after the headings they stand under; a linked heading with its picture is a teaser."""
    return block.place.tag in _HEADINGS and block.link_share < _LINK_ONLY


def _boxed(blocks: list[Block], chosen: Collection[int], *, most: float) -> dict[int, str]:
    """Block number → rule, for boxes of at most `most` letters that hold a prompt: heading and button go with it."""
    found: dict[int, str] = {}
    for number in chosen:
        block = blocks[number]
        rule = matching_rule(block.text)
        if rule is None or rule.name not in _BOXED:
            continue
        box = (
            block.place
            if block.place.tag not in ("p", *_HEADINGS) or block.place.parent is None
            else block.place.parent
        )
        inside = range(box.first, box.end)
        if len(inside) <= _MOST_BOXED and sum(len(blocks[n].key) for n in inside) <= most:
            found.update(dict.fromkeys(inside, rule.name))
    return found


def picture_texts(tree: Element) -> frozenset[str]:
    """The alternative texts of the page's pictures, normalised; those too short to be a caption are left out."""
    alts = (image.get("alt") or "" for image in tree.iter("img"))
    texts = (normalize_line(alt) for alt in alts if len(alt) >= _SHORTEST_ALT)
    return frozenset(text for text in texts if len(text) >= _SHORTEST_ALT)


def _spare_the_story(blocks: list[Block], verdicts: dict[int, str], total: float) -> None:
    """Many small containers of one kind may hold the story together: then that kind is no boilerplate here."""
    size: defaultdict[str, float] = defaultdict(float)
    for number, rule in verdicts.items():
        size[rule] += blocks[number].told
    for number in [n for n, rule in verdicts.items() if size[rule] > total * _MOST_SHARE]:
        del verdicts[number]
    swallowed = [n for n, rule in verdicts.items() if rule == "advertisement" and blocks[n].is_told(_PARAGRAPH)]
    if len(swallowed) > 1:  # advertisements have no paragraphs: a box for one stands around the story's rest
        for number in swallowed:
            del verdicts[number]


def is_link_line(block: Block) -> bool:
    """A paragraph that is a link and nothing else. List items and headings are left: the story may be made of them."""
    return (
        block.link_share >= _LINK_ONLY
        and len(block.text) <= _LONGEST_LINK_LINE
        and block.text.count(" ") + 1 >= _FEWEST_WORDS
        and not _is_storys_own(block)
    )


def container_rule(place: Place) -> str:
    """The rule a container's tag or names speak for; "" for none."""
    if not place.kind:
        place.kind = _TAG_RULES.get(place.tag, "") or _named_rule(place.names) or "-"
    return "" if place.kind == "-" else place.kind


@lru_cache(maxsize=4096)
def _named_rule(names: str) -> str:
    if len(names) < 3:
        return ""
    found = _NAMED.search(fold_names(names))
    return _RULES[int(found.lastgroup[1:])] if found and found.lastgroup else ""
