"""What the parts of a page promise, whatever page uses them."""

from datetime import UTC, date, datetime, timezone
from decimal import Decimal

import pytest
import time_machine
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory

from common.ui.chips import Chip, QuarterMark, Segment, Tone
from workspace.views.gallery import SampleForm

SLOW = Chip("推进缓慢", Tone.BEHIND, "督查核定", demo=True)


def draw(source: str, request=None, **context) -> str:
    return engines["django"].from_string(source).render(context, request)


def test_a_chip_says_its_state_whose_word_it_is_and_that_it_is_a_demonstration():
    drawn = draw("{% chip one %}", one=SLOW)
    assert '&nbsp;<span class="chip__demo">演示' in drawn
    assert all(word in drawn for word in ("推进缓慢", "督查核定", "演示", "#i-behind"))


def test_a_mark_keeps_its_word_for_those_who_do_not_see_it():
    assert "推进缓慢" in draw("{% mark one %}", one=SLOW)


def test_a_bar_names_every_count_even_zero_and_draws_only_what_was_counted():
    parts = [
        Segment("已完成", 1, Tone.DONE),
        Segment("未报送", 3, Tone.LATE),
        Segment("未完成", 0, Tone.LATE),
    ]
    drawn = draw("{% bar parts label='状态' %}", parts=parts)
    assert "未完成 <b>0</b>" in drawn
    assert drawn.count("<rect") == 2
    assert 'x="25.000%" width="75.000%"' in drawn


def test_a_bar_of_nothing_draws_no_picture():
    assert "<rect" not in draw(
        "{% bar parts label='状态' %}", parts=[Segment("已完成", 0, Tone.DONE)]
    )


@pytest.mark.parametrize(
    ("value", "words"), [(None, "未报送数据"), (Decimal("0"), "<b>0</b>"), (28, "<b>28</b>")]
)
def test_an_unknown_number_is_not_shown_as_zero(value, words):
    assert words in draw("{% bullet label='公厕' value=value target=40 unit='座' %}", value=value)


@pytest.mark.parametrize("demo", [True, False])
def test_figures_of_the_demonstration_say_so(settings, demo):
    settings.DEMO = demo
    parts = [Segment("已完成", 1, Tone.DONE)]
    assert ("演示" in draw("{% bar parts label='状态' %}", parts=parts)) is demo
    assert ("演示" in draw("{% bullet label='公厕' value=1 target=40 %}")) is demo
    assert "演示" not in draw("{% bullet label='公厕' target=40 %}")


def test_a_plan_mark_stands_only_where_an_interim_value_is_printed():
    assert "tick--plan" not in draw("{% bullet label='公厕' value=1 target=40 %}")
    assert "tick--plan" in draw("{% bullet label='公厕' value=1 target=40 plan=10 %}")


def test_a_bullet_never_leaves_its_picture():
    assert 'width="96.154%"' in draw("{% bullet label='公厕' value=90 target=40 %}")


def test_the_line_of_quarters_marks_the_current_quarter():
    line = [QuarterMark("第一季度", SLOW, "/q/1/"), QuarterMark("第二季度", SLOW, current=True)]
    drawn = draw("{% quarter_line line %}", line=line)
    assert drawn.count('aria-current="step"') == 1
    assert 'href="/q/1/"' in drawn


def test_two_voices_that_differ_are_said_to_differ():
    assert "两者不一致" in draw("{% voices a b differ=True %}", a=SLOW, b=SLOW)
    assert "两者不一致" not in draw("{% voices a b %}", a=SLOW, b=SLOW)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% data_date as_of=day next_on=day %}", "数据截至2017年9月30日下次公布2017年9月30日"),
        ("{% data_date as_of=day next_on=None %}", "数据截至2017年9月30日下次公布日期尚未公布"),
        ("{% data_date as_of=None next_on=None %}", "数据尚未公布下次公布日期尚未公布"),
        (
            "{% data_date as_of=day next_on=None closed='不再更新' %}",
            "数据截至2017年9月30日不再更新",
        ),
    ],
)
def test_a_page_says_the_day_of_its_data_and_of_the_next(source, words):
    with time_machine.travel(datetime(2017, 9, 30, 12, tzinfo=UTC)):
        drawn = draw("{% filter striptags %}" + source + "{% endfilter %}", day=date(2017, 9, 30))
    assert "".join(drawn.split()) == words


def test_a_promised_day_that_has_passed_says_so_by_itself():
    with time_machine.travel(datetime(2017, 10, 3, 12, tzinfo=UTC)):
        drawn = draw(
            "{% filter striptags %}{% data_date next_on=day %}{% endfilter %}",
            day=date(2017, 9, 30),
        )
    assert "".join(drawn.split()) == "数据尚未公布原定2017年9月30日公布，尚未公布，已过3天"


def test_turning_the_page_keeps_the_filters():
    page = Paginator(range(90), 20).get_page(2)
    params = QueryDict("plan=ap2017&state=slow&state=late&page=2")
    drawn = draw("{% pagination page params %}", page=page, params=params)
    assert 'href="?plan=ap2017&amp;state=slow&amp;state=late&amp;page=3"' in drawn


def test_a_list_of_one_page_has_no_pagination():
    assert draw("{% pagination page '' %}", page=Paginator([1], 20).get_page(1)).strip() == ""


def test_an_optional_field_says_so_and_a_required_one_has_no_asterisk():
    drawn = draw("{% field form.phone %}{% field form.words %}", form=SampleForm())
    assert drawn.count("选填") == 1
    assert "*" not in drawn


def test_hint_and_error_are_tied_to_their_control():
    drawn = draw("{% field form.words %}", form=SampleForm({}))
    assert 'aria-describedby="id_words_helptext id_words_error"' in drawn
    assert 'id="id_words_helptext"' in drawn
    assert 'id="id_words_error"' in drawn


def test_the_summary_leads_to_the_first_control_of_each_wrong_field():
    drawn = draw("{% error_summary form %}{% field form.kind %}", form=SampleForm({}))
    assert 'href="#id_words"' in drawn
    assert 'href="#id_kind_0"' in drawn
    assert 'id="id_kind_0"' in drawn
    assert "有问题需要更正" in drawn
    assert 'role="alert"' in drawn


def test_a_summary_gathers_a_formset_and_skips_a_form_that_is_not_shown():
    counts = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    rows = formset_factory(SampleForm, min_num=2, validate_min=True)(counts)
    drawn = draw("{% error_summary none rows %}", none=None, rows=rows)
    assert 'href="#id_form-0-words"' in drawn
    assert "<li>请至少提交 2 个表单。</li>" in drawn


def test_without_errors_there_is_no_summary():
    assert draw("{% error_summary form %}", form=SampleForm()).strip() == ""


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", "首页"), ("/tasks/ap2017-33/", "承诺"), ("/feedback/new/", "问答")],
)
def test_the_navigation_marks_the_room_one_is_in(path, current):
    drawn = draw("{% nav %}", RequestFactory().get(path))
    assert drawn.count("aria-current") == 1
    assert f'aria-current="page">{current}<' in drawn


def test_a_notice_escapes_its_title_and_keeps_its_content():
    drawn = draw("{% notice tone='late' title=title %}<p>内容</p>{% endnotice %}", title="<b>")
    assert "&lt;b&gt;" in drawn
    assert "<p>内容</p>" in drawn


ONE_SENTENCE = """
  <p>
    {% oneline %}
      收到 {{ count }} 件{% if late %}，
        其中<a
          href="/late/"
          class="small">{{ late }} 件</a>逾期
      {% else %}，
        没有逾期
      {% endif %}。
    {% endoneline %}
  </p>
"""


@pytest.mark.parametrize(
    ("late", "sentence"),
    [
        (1, '收到 3 件，其中<a href="/late/" class="small">1 件</a>逾期。'),
        (0, "收到 3 件，没有逾期。"),
    ],
)
def test_a_sentence_broken_over_lines_of_a_template_is_one_line_on_the_page(late, sentence):
    assert draw(ONE_SENTENCE, count=3, late=late).strip().split("\n")[1].strip() == sentence


def test_a_sentence_in_one_line_keeps_the_line_ends_of_its_values():
    assert draw("{% oneline %}\n{{ words }}\n{% endoneline %}", words="一\n 二") == "一\n 二"


@pytest.mark.parametrize("demo", [True, False])
def test_the_footer_says_which_contact_is_missing_and_never_invents_one(settings, demo):
    settings.DEMO = demo
    settings.SITE = {"name": "某区平台", "owner": "某区人民政府", "icp_number": ""}
    drawn = draw("{% identity %}{% site_name %}")
    assert "某区人民政府" in drawn
    assert "某区平台" in drawn
    assert drawn.count("演示站点" if demo else "尚未登记") == 7


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("15000.000"), "15000"),
        (Decimal("20.50"), "20.5"),
        (Decimal("1E+4"), "10000"),
        (0, "0"),
        (0.1, "0.1"),
        (None, ""),
    ],
)
def test_numbers_lose_their_trailing_zeros_only(value, shown):
    assert draw("{{ value|number }}", value=value) == shown


def test_days_quarters_and_moments_read_as_the_office_writes_them():
    night = datetime(2017, 9, 30, 18, 5, tzinfo=timezone.utc)
    assert draw("{{ day|cn_date }}", day=date(2017, 9, 30)) == "2017年9月30日"
    assert draw("{{ night|cn_date }}", night=night) == "2017年10月1日"
    assert draw("{{ 2017|cn_quarter:3 }}") == "2017年第三季度"
    assert draw("{{ night|stamp }}", night=night) == "2017-10-01 02:05"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_a_page_about_a_problem_needs_neither_context_nor_database(name):
    drawn = engines["django"].get_template(f"{name}.html").render()
    assert 'href="/' in drawn.split("<main")[1].split("</main>")[0]
    assert name[:3] not in drawn.split("<main")[1]
