"""迎检包 as large as it may be: refused before it is packed, never held in memory,
and always with a way out.
"""

import hashlib
import tracemalloc

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from common.files.uploads import check
from progress.actions.evidence import add_evidence
from progress.models import Evidence
from tests.fixtures.lists import PDF
from tests.fixtures.quarter import JULY_2

PAGE, PACKAGE = "/staff/inspection/", "/staff/inspection/package.zip"
MB = 1024 * 1024


@pytest.fixture
def filed(office) -> Evidence:
    report, said = (
        office.save(),
        {"caption": "", "is_public": False, "by": office.people.reporter, "at": JULY_2},
    )
    upload = check(SimpleUploadedFile("签到表.pdf", PDF))
    paper = add_evidence(report=report, department=office.units["anjianju"], upload=upload, **said)
    office.submit(version=type(report).objects.get().version)
    return paper


@pytest.fixture
def supervisor(client, office):
    client.force_login(office.people.supervisor)
    return client


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_a_package_is_made_up_to_the_limit_and_not_a_byte_beyond(
    supervisor, filed, settings, more, refused
):
    settings.INSPECTION_MAX_BYTES = 10 * MB
    Evidence.objects.update(size=10 * MB + more)
    page, file = (
        supervisor.get(PAGE, {"plan": "wp2013"}),
        supervisor.get(PACKAGE, {"plan": "wp2013"}),
    )
    assert (PACKAGE in page.content.decode()) == (not refused)
    assert (file.status_code == 302) == refused
    file.close()


def test_an_inspection_package_too_large_is_not_begun_and_the_page_says_what_to_do(
    supervisor, filed, settings, monkeypatch
):
    settings.INSPECTION_MAX_BYTES = 10 * MB
    Evidence.objects.update(size=25 * MB)
    monkeypatch.setattr(
        "workspace.views.inspection.inspection_package",
        lambda *given, **named: pytest.fail("was packed"),
    )
    page = supervisor.get(PACKAGE, {"plan": "wp2013"}, follow=True)
    assert page.redirect_chain == [(f"{PAGE}?plan=wp2013", 302)]
    told = page.content.decode().replace("\xa0", " ")
    assert "佐证材料共 25.0 MB，一次最多打包 10.0 MB" in told
    assert "请再选一个责任单位，或者填一个任务编号" in told


def test_an_inspection_package_of_one_task_too_large_says_who_can_help(supervisor, filed, settings):
    settings.INSPECTION_MAX_BYTES = 10 * MB
    Evidence.objects.update(size=25 * MB)
    assert "请系统管理员调高" in supervisor.get(PAGE, {"task": "wp2013-18"}).content.decode()


def test_packing_and_sending_an_inspection_package_need_little_memory(supervisor, filed):
    large = b"\x5a" * MB * 24
    filed.file.storage.delete(filed.file.name)
    filed.file.storage.save(filed.file.name, ContentFile(large))
    digest = hashlib.sha256(large).hexdigest()
    Evidence.objects.update(sha256=digest, size=len(large))
    del large
    supervisor.get(PAGE, {"plan": "wp2013"})
    tracemalloc.start()
    response = supervisor.get(PACKAGE, {"plan": "wp2013"})
    size = sum(len(piece) for piece in response.streaming_content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 24 * MB
    assert most < 8 * MB
