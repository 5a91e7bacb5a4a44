"""The pages of documents and tasks say what stands in the rows, word for word, and no more."""

import re
from itertools import pairwise

import pytest

from common.text.folding import fold, search_words
from public.read_models.search import snippet_of
from tasks.models import Commitment, Plan, Responsibility, Task
from tests.fixtures.page_tables import starting, tables
from tests.fixtures.page_text import printed_in, text_of, words_in
from tests.fixtures.sources import PAPER

pytestmark = pytest.mark.django_db
# Line ends, blanks and the lines of the printed table are structure on the page.
STRUCTURE = re.compile(r"[\s|]")


@pytest.mark.parametrize("slug", ["ap2017", "wp2013"])
def test_the_document_page_shows_every_code_point_of_the_source_in_order(slug, documents, client):
    shown = printed_in(client.get(f"/plans/{slug}/document/"), "document")
    source = Plan.objects.get(slug=slug).source_text
    assert STRUCTURE.sub("", shown) == STRUCTURE.sub("", source)
    assert len(STRUCTURE.sub("", source)) > 7000


@pytest.mark.parametrize("slug", ["ap2017", "wp2013"])
def test_every_promise_has_its_anchor_in_the_document(slug, documents, client):
    page = client.get(f"/plans/{slug}/document/").content.decode()
    anchors = {
        f"{each.task.code}-{each.anchor}"
        for each in Commitment.objects.filter(task__plan__slug=slug)
    }
    assert len(anchors) > 130
    assert anchors == set(re.findall(r'<a class="commitment[^>]* id="([^"]+)"', page))


@pytest.mark.parametrize("address", ["/plans/ap2017/document/", "/tasks/ap2017-33/"])
def test_the_state_of_every_promise_is_text_in_its_link(address, documents, client):
    page = client.get(address).content.decode()
    links = re.findall(r'<a class="commitment .*?</a>', page, re.DOTALL)
    assert links
    said = '<span class="unseen">（平台启用前，未采集）</span></a>'
    assert [link for link in links if not link.endswith(said) or "title=" in link] == []


@pytest.mark.parametrize(("slug", "names"), [("ap2017", 45), ("wp2013", 20)])
def test_the_names_of_tasks_are_headings_of_the_document_below_those_of_their_part(
    slug, names, documents, client
):
    page = client.get(f"/plans/{slug}/document/").content.decode()
    document = page.split('id="document"')[1].split("</article>")[0]
    levels = [int(level) for level in re.findall(r"<h(\d)", document)]
    assert levels.count(4) == names
    assert all(level <= before + 1 for before, level in pairwise([1, *levels]))


def test_what_a_promise_says_on_its_anchor_is_what_was_imported(documents, client):
    commitment = Commitment.objects.get(task__code="wp2013-18", source="goal")
    page = client.get("/plans/wp2013/document/")
    assert printed_in(page, f"wp2013-18-{commitment.anchor}") == commitment.text


def test_channels_of_an_old_document_are_marked_as_old(documents, client):
    page = client.get("/plans/wp2013/document/").content.decode()
    marked = re.findall(r'data-note="2013年所载，现不一定有效">([^<]+)', page)
    assert any("25228502" in words for words in marked)
    assert len(marked) == page.count("passage--channel")


def test_the_original_file_comes_back_byte_for_byte(documents, client):
    assert client.get("/plans/wp2013/source.txt").content == PAPER.read_bytes()


def test_a_plan_page_gives_its_sources_and_says_that_the_annex_was_left_out(documents, client):
    page = text_of(client.get("/plans/ap2017/"))
    assert "责任单位：待确认（原附件未随文公开）" in page
    text = client.get("/plans/ap2017/").content.decode()
    for fact in ("2017年3月20日", "2017年5月12日", Plan.objects.get(slug="ap2017").source_sha256):
        assert fact in text


PAGES = [
    "/",
    "/plans/",
    "/plans/ap2017/",
    "/plans/wp2013/",
    "/plans/wp2013/document/",
    "/tasks/",
    "/tasks/ap2017-33/",
]
PAGES += [
    "/tasks/wp2013-18/",
    "/tasks/wp2013-18/history/",
    "/departments/anjianju/",
    "/quarters/",
    "/search/?q=公厕",
]


@pytest.mark.parametrize("address", PAGES)
def test_without_publications_no_page_speaks_of_lateness_or_progress(address, documents, client):
    response = client.get(address)
    assert response.status_code == 200
    page = text_of(response).replace(words_in(response, "document"), "")
    assert not re.search(
        r"逾期|推进缓慢|正常推进|已完成|未报送|提前|进度偏慢", STRUCTURE.sub("", page)
    )


def test_a_task_of_an_untracked_plan_says_why_nothing_is_known(documents, client):
    page = text_of(client.get("/tasks/wp2013-18/"))
    assert "执行时本平台尚未启用，没有采集进展" in page
    assert "平台启用前，未采集" in page
    assert "安全生产公共培训不少于15000人次" in page


def test_the_task_page_quotes_title_goal_and_quarters_word_for_word(documents, client):
    task = Task.objects.get(code="wp2013-12")
    page = STRUCTURE.sub("", printed_in(client.get(task.get_absolute_url()), "main"))
    for words in [task.title, task.goal, *task.milestones.values_list("text", flat=True)]:
        assert STRUCTURE.sub("", words) in page


def test_a_proposed_unit_is_shown_in_the_demonstration_only_and_labelled(
    documents, client, settings
):
    assert Responsibility.objects.get(task__code="ap2017-33", kind="lead").basis == "proposed"
    address = "/tasks/ap2017-33/"
    real = client.get(address).content.decode()
    assert "责任单位：待确认（原附件未随文公开）" in real
    assert "城管局" not in real
    settings.DEMO = True
    shown = client.get(address).content.decode()
    assert re.search(r"城管局</a>（牵头）<br><span[^>]*>按职能推定，未经确认", shown)


@pytest.mark.parametrize(
    ("words", "code"), [("壹海城", "wp2013-12"), ("公厕", "ap2017-33"), ("公廁", ""), ("", "")]
)
def test_search_finds_two_characters_anywhere(words, code, documents, client):
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    assert (
        (f'href="/tasks/{code}/"' in response.content.decode())
        if code
        else "两个字就可以" in text_of(response)
    )


def found(client, words: str) -> list[str]:
    """The places that a search leads to, in order."""
    page = client.get("/search/", {"q": words}).content.decode()
    return re.findall(r'href="(/(?:tasks/[^"?]+|plans/[^"]+#p\d+|departments/[^"?]+))"', page)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ('"城市质量提升年"', "“城市质量提升年”"),
        ("＂公厕＂", "公厕"),
        ("15,000", "15000"),
        ("１５，０００", "15000"),
        ("教育，学校", "教育 学校"),
        ("教育、学校？", "教育 学校"),
        ("第31项", "31"),
        ("第３１项任务", "31"),
    ],
)
def test_search_takes_marks_of_a_sentence_for_blanks_and_a_place_for_its_number(
    typed, plain, documents, client
):
    assert found(client, typed) == found(client, plain) != []


def test_a_phrase_in_quotation_marks_is_found_where_it_is_printed_in_them(documents, client):
    assert len(found(client, '"城市质量提升年"')) == 4
    assert len(found(client, "城市质量提升年")) == 5


@pytest.mark.parametrize("sign", ["%", "_", "'", "\\", "，", "《》", "1-2", "PM2.5"])
def test_search_looks_for_a_sign_as_it_is(sign, documents, client):
    assert client.get("/search/", {"q": sign}).status_code == 200
    assert search_words(sign) == [fold(sign)]


def test_search_finds_units_and_answers(documents, client):
    assert (
        'href="/departments/chengguanju/"' in client.get("/search/", {"q": "城管"}).content.decode()
    )
    assert "没有找到" in text_of(client.get("/search/", {"q": "路灯"}))


def test_search_finds_wording_that_belongs_to_no_task(documents, client):
    page = client.get("/search/", {"q": "明思克"}).content.decode()
    assert re.search(r'href="/plans/wp2013/document/#p\d+"', page)


def test_a_snippet_shows_the_place_or_the_opening():
    assert snippet_of("新建7座公厕。", "公厕").before == "新建7座"
    assert snippet_of("新建7座公厕。", "学位") is None
    assert snippet_of("完成GEP核算", "gep").match == "GEP"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("plan=ap2017", 45),
        ("section=wp2013-1", 5),
        ("year=2013", 20),
        ("department=anjianju", 2),
        ("q=公厕", 1),
    ],
)
def test_filters_choose_tasks(query, found, documents, client):
    assert f"共找到 {found} 项承诺" in text_of(client.get(f"/tasks/?{query}"))


def test_a_quarter_drops_nothing_and_a_state_does(documents, client):
    assert "共找到 65 项承诺" in text_of(client.get("/tasks/?quarter=3"))
    assert "共找到 65 项承诺" in text_of(client.get("/tasks/?state=not_collected"))
    assert "没有符合条件的承诺" in text_of(client.get("/tasks/?state=done"))


@pytest.mark.parametrize(
    "query", ["state=wonderful", "quarter=9", "plan=xx", "year=1066", "department=nobody"]
)
def test_a_bad_filter_value_is_answered_in_chinese(query, documents, client):
    response = client.get(f"/tasks/?{query}")
    assert response.status_code == 400
    assert f"没有“{query.partition('=')[2]}”这个选项" in text_of(response)


def test_the_dashboard_shows_no_figure_for_plans_of_the_past(documents, client):
    matrix = "各项任务各季度的状态"
    page = client.get("/dashboard/", {"plan": "wp2013"})
    assert {cell for row in starting(page, matrix) for cell in row[1:]} == {"平台启用前，未采集"}
    assert "没有进展不等于没有做" in text_of(page)
    assert {caption.split("：")[0] for caption in tables(page)} == {matrix}
