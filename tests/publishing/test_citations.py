"""A law is named by its title and its article, wherever one is asked for;
what was typed is kept as it is.
"""

from datetime import date

import pytest

from common.errors import Refused
from publishing.actions.withholding import extend_withholding, take_down_publication
from publishing.models import Clearance, Publication
from publishing.rules.citations import EXAMPLE, citation_refusal_reason
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import JULY_30, moment

RELEASE, DAY = "/staff/releases/wp2013/2013-2/", "2099-07-01"
CITED = [
    EXAMPLE,
    "《政府信息公开条例》第14条",
    "依《个人信息保护法》（2021年）第四十七条第一款第（一）项",
]
CITED += [
    "《档案法》第 二十八 条之一",
    "《保守国家秘密法》第９条、《档案法》第三条",
    "《甲法》\n第一百二十条",
]
NOT_CITED = [
    "",
    " ",
    "法",
    "保守国家秘密法第二十条",
    "《保守国家秘密法》",
    "《》第一条",
    "《 》第一条",
    "第一条《档案法》",
]
NOT_CITED += ["《档案法》第条", "《档案法》第二款", "《档案法》一条", "领导要求"]


@pytest.mark.parametrize("basis", CITED)
def test_a_title_and_an_article_name_a_law(basis):
    assert citation_refusal_reason(basis) == ""


@pytest.mark.parametrize("basis", NOT_CITED)
def test_words_without_title_and_article_name_no_law_and_an_example_shows_how(basis):
    assert citation_refusal_reason(basis).endswith(f"例如：{EXAMPLE}。")


def test_a_refused_citation_says_whether_title_or_article_is_missing():
    assert citation_refusal_reason("档案法").startswith(
        "请写明法律法规的名称（放在《》里）和第几条，"
    )
    assert citation_refusal_reason("《档案法》").startswith("请写明第几条，")


def test_a_line_is_withheld_by_a_named_law_only(office):
    with pytest.raises(Refused, match="请写明第几条"):
        office.prepare(withheld={office.white_paper.task.pk: "《保守国家秘密法》"})
    assert not Clearance.objects.exists()


def test_a_line_is_taken_down_by_a_named_law_only(office):
    office.submit()
    office.publish()
    arguments = {
        "publication": Publication.objects.get(),
        "reason": "有姓名",
        "by": office.people.publisher,
        "at": JULY_30,
    }
    with pytest.raises(Refused, match="请写明法律法规的名称"):
        take_down_publication(legal_basis="个人信息保护法", **arguments)
    row = take_down_publication(legal_basis="依《个人信息保护法》第47条", **arguments)
    assert row.withheld_basis == "依《个人信息保护法》第47条"


def test_the_release_page_refuses_a_bad_citation_at_its_field_and_keeps_the_words(client, office):
    office.submit()
    office.period.state = "closed"
    office.period.save()
    client.force_login(office.people.supervisor)
    task = office.white_paper.task.pk
    answer = client.post(f"{RELEASE}prepare/", {f"w{task}": "保守国家秘密法", f"d{task}": DAY})
    assert "请写明法律法规的名称（放在《》里）和第几条" in text_of(answer)
    assert 'value="保守国家秘密法"' in answer.content.decode()
    assert EXAMPLE in text_of(client.get(RELEASE))
    assert not office.period.releases.exists()


def test_what_was_withheld_before_laws_were_named_can_still_be_withheld_longer(office):
    office.submit()
    office.publish(withheld={office.white_paper.task.pk: EXAMPLE})
    Clearance.objects.update(legal_basis="保密要求")
    arguments = {
        "reason": "案件未结",
        "by": office.people.supervisor,
        "at": moment("2014-08-01T10:00:00"),
    }
    extend_withholding(clearance=Clearance.objects.get(), review_on=date(2015, 1, 1), **arguments)
    assert Clearance.objects.get().review_on == date(2015, 1, 1)
