"""The desk: the pages on which owner and editors see, correct and steer what Storywatch does.

How a page is added, in three steps:

1. A module in a sub-package named by its noun (`desk/stories/`, `desk/search/` …) has an endpoint: a plain function
   from a `Visit` to a response. It runs in a thread of its own, and finds all it needs in the visit::

       def show_topics(visit: Visit) -> Response:
           with visit.deps.reading() as session:
               found = topic_rows.list_topics(session)
           return show(visit, "topics.html", topics=found)

       def save_topic(visit: Visit) -> Response:      # a POST: what it carries is in `visit.form`
           ...
           return go("/topics", said="saved")         # then the browser is led on, with a word on what was done

   Whoever is asked for what is not there raises `Nowhere`; `visit.number("topic")` reads a number
   of the path and does so.

2. A row in `routes.py`: method, path below `/desk`, the role that is needed, the endpoint. From that table the
   application's routes and the role-matrix test are made: a page that is not in it is not there. The door (`doors.py`)
   has then seen to the login, the role, the size of the form and that it was a form of ours.

3. A template in `worker/web/templates/desk/` that extends `desk/frame.html`, with the blocks `title` and `body`. A
   form has `{{ proof }}` in it, which is what makes it one of ours. `when(moment)` writes a moment in the person's
   own time. The entry in the menu is a line of `frame.html`; it is shown to those who may open the page. Sentences
   are English in `_()`, with their translation in `worker/web/locale/*.po`.

A page holds no script, and its styles stand in `style.css` alone: its policy lets a browser run and load nothing else.
"""
