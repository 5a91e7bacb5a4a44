"""Whatever anybody sends is answered at once and in words, and breaks no page.

Forms and parameters are a sample here; all of them are in tests/test_every_form.py.
"""

import time
import zlib
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from tests.fixtures.routes import plain, routes
from tests.fixtures.site import signed_in
from tests.fixtures.staff_addresses import LOOKED_AT, place
from tests.fixtures.typed_forms import ALPHABETS, MEGABYTE, PageForm, close, forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
# Seconds of computing for one answer.
AT_ONCE = 1
PUBLIC_FORMS = ["/feedback/new/", "/feedback/track/", "/staff/sign-in/"]
OWN_FORMS = ["/staff/account/", "/staff/password/", "/admin/departments/user/add/"]
OWN_FORMS += ["/admin/departments/department/add/", "/admin/departments/user/add-many/"]
WRITERS = ["supervisor", "clerk", "colleague", "publisher", "leader"]
ABROAD = "https://data.example.org"
OPEN = ["/api/v1/", "/api/v1/tasks/", "/feedback/feed/", "/dashboard/recount.json"]


def pages(house) -> list[tuple[str, str]]:
    """(person, address) of the pages with forms, for two of the people who may open each."""
    looked_at = [
        (person, place(address, house))
        for address, _, gets in LOOKED_AT.values()
        # What only others send is in the whole.
        for person in [one for one in WRITERS if one in gets][:2]
        if address != "/staff/"
    ]
    public = [("visitor", at) for at in PUBLIC_FORMS]
    return public + [("administrator", at) for at in OWN_FORMS] + sorted(looked_at)


@pytest.fixture(scope="module")
def posted(house) -> list[tuple[str, PageForm]]:
    return posted_on(house, pages(house))


def posted_on(house, pages: list[tuple[str, str]]) -> list[tuple[str, PageForm]]:
    """(person, form) of every form that is posted, each once."""
    met = {}
    for person, address in pages:
        for form in forms_of(signed_in(house, person), address):
            if form.method == "post" and form.names and "sign-out" not in form.action:
                met.setdefault((form.action, tuple(form.names)), (person, form))
    return list(met.values())


def problem(house, person: str, form: PageForm, values: dict[str, str]) -> str:
    """What is wrong with the answer to a form with these values; nothing of it stays."""
    client = signed_in(house, person)
    client.raise_request_exception = False
    with transaction.atomic():
        started = time.process_time()
        status = client.post(form.action, form.values | values).status_code
        taken = time.process_time() - started
        transaction.set_rollback(True)
    return "" if status < 500 and taken < AT_ONCE else f"{form.action} {status} {taken:.1f} s"


def alphabets_for(person: str, about: str) -> list[str]:
    """All of them for what strangers fill in, for the rest another one for each form."""
    names = sorted(ALPHABETS)
    return names if person == "visitor" else [names[zlib.crc32(about.encode()) % len(names)]]


def test_megabytes_in_all_fields_of_any_form_are_answered_at_once(house, posted):
    assert len(posted) >= 25
    problems = []
    for person, form in posted:
        # Beyond five megabytes the whole form is refused unread.
        most = 4_500_000 if person == "visitor" else MEGABYTE
        share = min(MEGABYTE, most // len(form.names))
        for alphabet in alphabets_for(person, form.action):
            text = ALPHABETS[alphabet].encode()[:share].decode(errors="ignore")
            problems.append(problem(house, person, form, dict.fromkeys(form.names, text)))
    assert list(filter(None, problems)) == []


NAMES = [
    "q",
    "page",
    "page_size",
    "as_of",
    "plan",
    "department",
    "year",
    "quarter",
    "state",
    "task",
]
NAMES += ["section", "kind", "number", "next", "unit", "whose", "only", "since", "show", "post"]


def test_long_and_odd_parameters_are_answered_at_once_by_every_page(house):
    wrong = []
    visitor = [("visitor", at) for at in plain(routes()) if not at.startswith(("/staff", "/admin"))]
    staff = [(min(gets), place(address, house)) for address, _, gets in LOOKED_AT.values() if gets]
    for person, address in visitor + staff:
        client = signed_in(house, person)
        client.raise_request_exception = False
        text = ALPHABETS[alphabets_for("", address)[0]]
        started = time.process_time()
        response = client.get(address, dict.fromkeys(NAMES, text[:20]) | {"q": text[:300]})
        close(response)
        if response.status_code >= 500 or time.process_time() - started > AT_ONCE:
            wrong.append((person, address, response.status_code))
    assert wrong == []


NUL_ADDRESSES = [
    "/search/?q=%00",
    "/search/?q=a%00b",
    "/feedback/new/?task=%00",
    "/%00",
    "/static/%00",
]
NUL_ADDRESSES += ["/api/v1/questions/%00/", "/api/v1/tasks/%00/", "/staff/slips/new/?task=%00"]


@pytest.mark.parametrize("address", NUL_ADDRESSES)
def test_a_nul_in_an_address_is_refused_in_chinese(house, address):
    response = signed_in(house, "supervisor").get(address)
    assert response.status_code == 400
    assert "不能保存的字符" in response.content.decode()


def test_a_nul_in_a_form_a_cookie_or_a_header_is_refused_and_the_words_are_given_back(house):
    page = Client().post("/feedback/new/check/", {"text": "路灯不亮", "location": "a\x00"})
    assert (page.status_code, "路灯不亮" in page.content.decode()) == (400, True)
    marked = Client(headers={"cookie": 'sessionid="aaaaaaaaaa\\000"'})
    assert marked.get("/staff/").status_code == 400
    assert Client().get("/", headers={"user-agent": "a\x00"}).status_code == 400


def test_half_a_character_in_a_form_is_refused(house):
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n+2AA-\r\n--x--\r\n'
    for charset in ("utf-7", "utf-16", "rot13"):
        kind = f"multipart/form-data; boundary=x; charset={charset}"
        response = Client().generic("POST", "/feedback/new/check/", body, content_type=kind)
        assert response.status_code == 400
        assert "UTF-8" in response.content.decode()


def test_an_address_without_an_end_is_refused_in_chinese(house):
    response = Client().get("/search/", {"q": "长" * 2000})
    assert (response.status_code, "地址太长" in response.content.decode()) == (414, True)
    assert Client().get("/api/v1/tasks/", {"q": "a" * 5000}).json()["detail"] == "地址太长。"


def test_every_number_in_an_address_has_a_range():
    unbounded = [
        route
        for route, pattern in routes(get_resolver("yantian_portal.urls"))
        if not route.startswith("admin/") and ("<int:" in route or "\\d" in route)
    ]
    assert unbounded == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_from_the_ends_of_the_calendar_is_no_error_of_the_site(house, day):
    for address, person in (("/ledger/", "visitor"), ("/staff/record/", "auditor")):
        for name in ("day_from", "day_to", "since", "as_of"):
            assert signed_in(house, person).get(address, {name: day}).status_code in {200, 400}


@pytest.mark.parametrize("number", ["2147483648", "9999999999", "0", "9" * 30])
def test_a_year_or_row_that_cannot_be_is_not_found(house, number):
    client = signed_in(house, "supervisor")
    for address in ("/staff/year-end/wp2013/{}/", "/staff/publications/{}/correct/"):
        assert client.get(address.format(number)).status_code == 404
    for address in ("/ledger/{}/", "/evidence/{}/", "/plans/wp2013/year-end/{}/"):
        assert client.get(address.format(number)).status_code == 404


def test_a_user_name_without_an_end_is_refused_before_it_is_kept(house):
    typed = {"username": "a" * 5000, "password": "x"}
    page = Client().post("/staff/sign-in/", typed)
    assert (page.status_code, "请缩短一些" in page.content.decode()) == (200, True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_no_address_knows_another_method_than_reading_and_posting(house, method):
    addresses = [*plain(routes()), "/tasks/wp2013-18/", "/nowhere/", "/api/v1/tasks/wp2013-18/"]
    for client in (Client(), signed_in(house, "supervisor")):
        answers = {at: client.generic(method, at) for at in addresses}
        assert {at: one.status_code for at, one in answers.items() if one.status_code != 405} == {}
        assert {at for at, one in answers.items() if "GET" not in one["Allow"]} == set()


def test_head_is_answered_like_get_by_every_public_address(house):
    number = house.tickets["published"].number if "published" in house.tickets else "none"
    for address in [*plain(routes()), f"/feedback/{number}/", "/tasks/wp2013-18/"]:
        if not address.startswith("/admin/"):
            read, asked = Client().get(address), Client().head(address)
            close(read)
            close(asked)
            assert (address, asked.status_code) == (address, read.status_code)


@pytest.mark.parametrize("address", OPEN)
def test_open_data_may_be_read_from_other_sites_but_never_with_cookies(house, address):
    for method in ("GET", "HEAD", "OPTIONS"):
        response = Client().generic(method, address, headers={"origin": ABROAD})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response


def test_what_is_not_open_data_is_not_opened_to_other_sites(house):
    client = signed_in(house, "supervisor")
    closed = [at for at in plain(routes()) if at.startswith(("/staff/", "/admin/", "/feedback/t"))]
    for address in [*closed, "/feedback/track/", "/"]:
        answers = [client.get(address), client.options(address)]
        for answer in answers:
            close(answer)
        assert [one for one in answers if "Access-Control-Allow-Origin" in one] == []


def test_every_error_of_the_api_is_a_chinese_sentence_in_one_shape(house):
    client = Client()
    asked = {
        404: client.get("/api/v1/tasks/AP2017-31/"),
        405: client.post("/api/v1/tasks/"),
        400: client.get("/api/v1/tasks/", {"departement": "jiaoyuju"}),
        414: client.get("/api/v1/tasks/", {"q": "a" * 5000}),
    }
    for status, response in asked.items():
        assert response.status_code == status
        assert response["Content-Type"].startswith("application/json")
        assert "。" in response.json()["detail"]
    assert client.get("/api/v1/nowhere/").json() == client.get("/api/v1/tasks/x/").json()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("tasks/?departement=jiaoyuju", "departement"),
        ("tasks/?ordering=-number", "ordering"),
        ("tasks/?department=jiaoyuju&department=minzhengju", "department"),
        ("milestones/?quarter=9", "quarter"),
        ("milestones/?year=1999", "year"),
        ("tasks/?page_size=abc", "page_size"),
        ("questions/?task=nonsense", "task"),
        ("letters/?month=1", "month"),
        ("departments/?q=x", "q"),
        ("?x=1", "x"),
    ],
)
def test_the_api_refuses_a_parameter_or_value_it_does_not_know_by_its_name(house, address, name):
    response = Client().get(f"/api/v1/{address}")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [name]
    assert name in response.json()["detail"]


@pytest.mark.parametrize("query", ["page=1&page_size=10&format=json", "as_of=&q=培训"])
def test_what_the_api_documents_stays_allowed(house, query):
    assert Client().get(f"/api/v1/tasks/?{quote(query, safe='=&')}").status_code == 200


@pytest.mark.parametrize(
    "written", ["WP2013-18", "ｗｐ２０１３－１８", "wp2013-018", "wp2013－18", "wp2013–18"]
)
def test_a_task_is_found_by_any_writing_of_its_code(house, written):
    for rest in ("/", "/history/", "/?year=2013"):
        path, question, query = rest.partition("?")
        answer = Client().get(f"/tasks/{quote(written)}{path}{question}{query}")
        assert (answer.status_code, answer["Location"]) == (301, f"/tasks/wp2013-18{rest}")


@pytest.mark.parametrize("written", ["wp2013-1", "wp2013-99", "WP2013", "a" * 30, "wp2013-18/x"])
def test_the_code_of_no_task_stays_unknown(house, written):
    assert Client().get(f"/tasks/{written}/").status_code == 404


def test_the_middleware_stands_before_everything_that_reads_the_request():
    order = settings.MIDDLEWARE
    first = order.index("yantian_portal.middleware.readable_first")
    assert first < order.index("django.contrib.sessions.middleware.SessionMiddleware")
    assert first < order.index("django.middleware.csrf.CsrfViewMiddleware")


LISTS = ["/tasks/", "/feedback/"]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_says_which_words_of_the_address_it_did_not_understand(house, address):
    plainly = Client().get(address).content.decode()
    asked = Client().get(f"{address}?departement=<b>&kynd=1&q=a&q=&from=timeline&utm_source=x")
    page = asked.content.decode()
    assert asked.status_code == 200
    for sentence in ("没有“departement”这个条件", "没有“kynd”这个条件", "“q”写了几次"):
        assert sentence in page
        assert sentence not in plainly
    assert "没有“from”" not in page
    assert "没有“utm_source”" not in page


@pytest.mark.parametrize("query", ["page=1", "q=", ""])
def test_a_list_says_nothing_about_the_words_it_knows(house, query):
    for address in LISTS:
        assert "这个条件" not in Client().get(f"{address}?{query}").content.decode()


def test_a_name_in_an_address_is_shown_as_text(house):
    page = Client().get("/tasks/", {"<script>": "1", "a" * 500: "1"}).content.decode()
    assert "没有“&lt;script&gt;”这个条件" in page
    assert f"“{'a' * 60}" not in page


def test_the_feed_refuses_a_parameter_it_does_not_know(house):
    answer = Client().get("/feedback/feed/?departement=x")
    assert (answer.status_code, "departement" in answer.content.decode()) == (400, True)
