"""Everything that can be asked of the desk: the application's routes and the role matrix are made from this table."""

from __future__ import annotations

from functools import cache

from worker.web.desk.entrance import account, login, people
from worker.web.desk.feeds import adding, feed_list, opml, wishes
from worker.web.desk.health import health_page
from worker.web.desk.pages import show_style
from worker.web.desk.readers import reader_list, reader_page, retrying
from worker.web.desk.roles import Role
from worker.web.desk.route import DeskRoute
from worker.web.desk.search import results
from worker.web.desk.sites import site_page
from worker.web.desk.stories import article_page, story_page
from worker.web.desk.today import front_page, labelling

ROUTES = (
    DeskRoute("GET", "/style.css", Role.OPEN, show_style),
    DeskRoute("GET", "/login", Role.OPEN, login.show_login),
    DeskRoute("POST", "/login", Role.OPEN, login.ask_link),
    DeskRoute("GET", "/enter/{token}", Role.OPEN, login.show_enter),
    DeskRoute("POST", "/enter/{token}", Role.OPEN, login.enter),
    DeskRoute("POST", "/logout", Role.OPEN, login.leave),
    DeskRoute("GET", "", Role.EDITOR, front_page.show_today),
    DeskRoute("POST", "/label", Role.EDITOR, labelling.save_label),
    DeskRoute("GET", "/stories/{story}", Role.EDITOR, story_page.show_story),
    DeskRoute("GET", "/articles/{article}", Role.EDITOR, article_page.show_article),
    DeskRoute("GET", "/feeds", Role.EDITOR, feed_list.show_feeds),
    DeskRoute("POST", "/feeds/poll", Role.EDITOR, wishes.poll_all),
    DeskRoute("GET", "/feeds/opml", Role.EDITOR, opml.show_list),
    DeskRoute("POST", "/feeds/opml", Role.EDITOR, opml.take_in, longest=opml.LONGEST),
    DeskRoute("GET", "/feeds/add", Role.EDITOR, adding.show_adding),
    DeskRoute("POST", "/feeds/add", Role.EDITOR, adding.ask),
    DeskRoute("GET", "/feeds/add/{search}", Role.EDITOR, adding.show_found),
    DeskRoute("POST", "/feeds/add/{search}", Role.EDITOR, adding.watch),
    DeskRoute("GET", "/feeds/storywatch.opml", Role.EDITOR, opml.give_out),
    DeskRoute("POST", "/feeds/{feed}", Role.EDITOR, wishes.change_feed),
    DeskRoute("GET", "/sites/{host}", Role.EDITOR, site_page.show_site),
    DeskRoute("POST", "/sites/{host}", Role.EDITOR, site_page.change_site, longest=100_000),
    DeskRoute("GET", "/readers", Role.EDITOR, reader_list.show_readers),
    DeskRoute("GET", "/readers/add", Role.EDITOR, reader_page.show_new),
    DeskRoute("POST", "/readers/add", Role.EDITOR, reader_page.add_reader),
    DeskRoute("GET", "/readers/{reader}", Role.EDITOR, reader_page.show_reader),
    DeskRoute("POST", "/readers/{reader}", Role.EDITOR, reader_page.save_reader),
    DeskRoute("POST", "/readers/{reader}/act", Role.EDITOR, reader_page.change_reader),
    DeskRoute("GET", "/readers/{reader}/preview", Role.EDITOR, reader_page.preview),
    DeskRoute("POST", "/deliveries/{delivery}/retry", Role.EDITOR, retrying.retry),
    DeskRoute("GET", "/health", Role.EDITOR, health_page.show_health),
    DeskRoute("GET", "/search", Role.EDITOR, results.show_search),
    DeskRoute("GET", "/search.json", Role.EDITOR, results.give_json),
    DeskRoute("GET", "/search.csv", Role.EDITOR, results.give_csv),
    DeskRoute("GET", "/account", Role.EDITOR, account.show_account),
    DeskRoute("POST", "/account", Role.EDITOR, account.save_account),
    DeskRoute("POST", "/account/sessions", Role.EDITOR, account.end_sessions),
    DeskRoute("GET", "/people", Role.OWNER, people.show_people),
    DeskRoute("POST", "/people", Role.OWNER, people.add_person),
    DeskRoute("POST", "/people/{person}", Role.OWNER, people.change_person),
)


@cache
def pages_for(role: Role) -> frozenset[str]:
    """Return the pages, by their paths below `/desk`, that a person with that role may open."""
    return frozenset(one.path for one in ROUTES if one.method == "GET" and role.suffices(one.needs))
