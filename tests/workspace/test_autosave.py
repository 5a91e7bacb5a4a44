"""The draft that keeps itself: the same saving, answered for a program."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from progress.actions.reports import submit_report
from progress.models import Evidence, ProgressReport
from tests.fixtures.lists import PDF
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2
from tests.fixtures.report_form import FORM, SUBMIT

AUTOSAVE = FORM + "autosave/"


@pytest.fixture
def keep(client, office):
    """keep(typed): (status, answer) of what the page's script sends."""
    client.force_login(office.people.reporter)

    def send(fields):
        response = client.post(AUTOSAVE, fields, headers={"X-Autosave": "1"})
        return response.status_code, json.loads(response.content)

    return send


def untouched(typed_report) -> dict:
    return {"version": typed_report["version"], "narrative": "", "pace": "", "kind": "material"}


def test_autosave_keeps_what_was_typed_and_answers_with_the_version(keep, typed_report):
    status, answer = keep(typed_report)
    assert (status, answer["version"], answer["gaps"]) == (200, 1, [])
    assert answer["saved_at"].endswith("+08:00")
    assert ProgressReport.objects.get().status == "draft"
    status, answer = keep(typed_report | {"version": "1", "narrative": "再写一句。"})
    assert (status, answer["version"]) == (200, 2)
    assert ProgressReport.objects.get().contributions.get().narrative == "再写一句。"


def test_the_answer_to_an_autosave_says_what_is_still_missing(keep, typed_report):
    status, answer = keep(untouched(typed_report) | {"narrative": "完成培训。"})
    assert status == 200
    assert "请填写数据：安全生产公共培训（人次）。" in answer["gaps"]
    assert len(answer["gaps"]) == 4


def test_a_form_nobody_changed_makes_no_report(client, keep, typed_report):
    assert keep(untouched(typed_report)) == (
        200,
        {"version": 0, "saved_at": "", "gaps": ["还没有填写。"]},
    )
    assert not ProgressReport.objects.exists()
    html = source_of(client.post(FORM, untouched(typed_report) | {"save": ""}, follow=True))
    assert "还没有填写内容，没有保存。" in html
    refused = source_of(client.post(SUBMIT, untouched(typed_report)))
    assert "还没有填写内容，不能报送。未开始，要填：2 条自评" in refused
    assert 'data-autosave=""' in refused, "nothing was typed, so nothing is said to be unsaved"
    summary = refused.split('class="error-summary" role="alert" tabindex="-1" autofocus')[1]
    assert summary.split("</ul>")[0].count('<li><a href="#id_') == 5
    assert not ProgressReport.objects.exists()


def test_autosave_does_not_save_an_unchanged_form_again(keep, typed_report):
    keep(typed_report)
    status, answer = keep(typed_report | {"version": "1"})
    assert (status, answer["version"]) == (200, 1)


def test_autosave_of_an_older_form_is_refused_and_overwrites_nothing(keep, office, typed_report):
    office.save(by=office.people.colleague)
    status, answer = keep(typed_report)
    assert status == 409
    assert "请按“保存”" in answer["message"]
    assert "4000 人次" in ProgressReport.objects.get().contributions.get().narrative


def test_autosave_of_a_report_submitted_meanwhile_is_refused(keep, office, typed_report):
    submit_report(report=office.save(), by=office.people.reporter, at=JULY_2)
    status, answer = keep(typed_report | {"version": "1"})
    assert status == 409
    assert "不能再改" in answer["message"]


def test_autosave_answers_a_value_no_field_can_hold_at_its_field(keep, white_paper, typed_report):
    note = f"t{white_paper.indicator.pk}"
    status, answer = keep(typed_report | {note: "字" * 201})
    assert status == 422
    assert [error["at"] for error in answer["errors"]] == [f"id_{note}"]
    assert not ProgressReport.objects.exists()


def test_words_in_place_of_a_number_do_not_stop_the_autosave(keep, white_paper, typed_report):
    status, answer = keep(typed_report | {f"r{white_paper.indicator.pk}": "四千"})
    assert (status, answer["version"], len(answer["gaps"])) == (200, 1, 1)
    assert answer["gaps"][0].startswith("安全生产公共培训填了“四千”，不能算作数据：")
    assert (
        keep(typed_report | {f"r{white_paper.indicator.pk}": "四千", "version": "1"})[1]["version"]
        == 1
    )


def test_autosave_leaves_no_message_for_the_next_page(client, keep, typed_report):
    keep(typed_report)
    assert "已保存" not in source_of(client.get(FORM))


def test_autosave_answers_401_when_the_session_has_expired(keep, client, typed_report):
    client.logout()
    assert keep(typed_report)[0] == 401
    assert not ProgressReport.objects.exists()


def test_the_token_of_another_window_counts_when_it_comes_from_the_cookie(office, typed_report):
    """Signing in again changes it; the script sends the one of the moment."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people.reporter)
    client.get(FORM)
    token = client.cookies["csrftoken"].value
    headers = {"X-Autosave": "1", "X-CSRFToken": token}
    assert client.post(AUTOSAVE, typed_report, headers=headers).status_code == 200
    headers["X-CSRFToken"] = "x" * 32
    assert client.post(AUTOSAVE, typed_report, headers=headers).status_code == 403


def test_autosave_does_not_add_evidence_a_second_time(client, keep, typed_report):
    client.post(FORM, typed_report | {"files": [SimpleUploadedFile("签到.pdf", PDF)], "save": ""})
    keep(typed_report | {"version": "1", "narrative": "再写一句。"})
    assert Evidence.objects.count() == 1


def test_only_the_form_page_carries_the_script_and_a_stale_one_does_not_save_by_itself(
    client,
    office,
    typed_report,
):
    client.force_login(office.people.reporter)
    html = source_of(client.get(FORM))
    assert "js/autosave.js" in html
    assert 'data-autosave=""' in html
    assert f'data-autosave-address="{AUTOSAVE}"' in html
    office.save(by=office.people.colleague)
    stale = source_of(client.post(FORM, typed_report | {"save": ""}))
    assert "打开之后有人保存过" in stale
    assert "data-autosave" not in stale
    wrong = source_of(client.post(FORM, typed_report | {"version": "1", "kind": "x", "save": ""}))
    assert 'data-autosave="unsaved"' in wrong
    assert "js/autosave.js" not in source_of(client.get("/staff/"))
