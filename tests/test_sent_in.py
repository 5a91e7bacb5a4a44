"""What other people's programs send, through the entrances that strangers use: the letter with its
photo, evidence, the workbook, the list of people, and addresses.

Mails have modules of their own, such as `tests/feedback/test_incoming_mail.py`.
"""

from datetime import date, time
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook
from PIL import Image

from departments.models import Membership, User
from feedback.models import Ticket
from progress.models import Contribution, Evidence, ProgressReport, Reading
from progress.workbook.changes import Kind
from progress.workbook.rows import NARRATIVE, NUMBERS, SUMMARY
from tasks.models import Indicator, Target
from tests.fixtures import letters
from tests.fixtures.dialects import DIALECTS
from tests.fixtures.letter_form import CHECK, SEND, answers
from tests.fixtures.lists import PDF
from tests.fixtures.photos import carried, image_of
from tests.fixtures.pictures import ALIKE, saved
from tests.fixtures.report_form import FORM
from tests.fixtures.workbooks import download, keep, look, wrong

pytestmark = [pytest.mark.both, pytest.mark.usefixtures("standing")]
ADD = "/admin/departments/user/add/"


def is_dark_on_light(data: bytes) -> bool:
    """Whether a picture of ALIKE still looks as it was sent."""
    grey = image_of(data).convert("L")
    middle = grey.getpixel((grey.width // 2, grey.height // 2))
    return grey.getpixel((0, 0)) > 190 and middle < 60


@pytest.fixture
def at_the_desk(client, people, settings):
    """Sends a letter with this photo; gives the photo as the clerk gets it."""
    settings.SITE = settings.SITE | {"telephone": "0755-12345678"}
    desk = Client()
    desk.force_login(people.clerk)

    def sent(name: str, data: bytes) -> bytes:
        cache.clear()
        words = {"text": f"路灯什么时候修？{name}"}
        page = client.post(CHECK, answers(photo=SimpleUploadedFile(name, data), **words))
        client.post(SEND, answers(carried=carried(page), **words))
        number = Ticket.objects.get(**words).number
        photo = desk.get(f"/staff/feedback/{number}/photo/")
        return b"".join(photo.streaming_content)

    return sent


def test_a_photo_of_any_program_reaches_the_desk_as_its_writer_saw_it(at_the_desk):
    seen = {kind: at_the_desk(kind, data) for kind, data in ALIKE.items()}
    assert [kind for kind, data in seen.items() if not is_dark_on_light(data)] == []
    assert {image_of(data).format for data in seen.values()} == {"JPEG"}


def test_a_huge_photo_and_a_long_screenshot_reach_the_desk_readable(at_the_desk):
    huge = saved(Image.new("L", (8192, 6144), 142), "JPEG")
    long = saved(Image.new("L", (1080, 9000), 240))
    assert image_of(at_the_desk("IMG_1.jpg", huge)).size == (1600, 1200)
    assert image_of(at_the_desk("screenshot.png", long)).size == (720, 6000)


def attach(client, files: dict[str, bytes]) -> str:
    """Uploads files with the report's form; gives the page that answers."""
    version = ProgressReport.objects.values_list("version", flat=True).first() or 0
    sent = [SimpleUploadedFile(name, data) for name, data in files.items()]
    page = client.post(FORM, {"version": version, "save": "", "files": sent}, follow=True)
    return page.content.decode()


def as_kept(client) -> dict[str, tuple[bytes, bytes]]:
    """Name without its ending -> the evidence as it is shown, and its original, empty without one.

    What was looked at is taken out again: a report has room for ten.
    """
    kept = {}
    for paper in Evidence.objects.all():
        original = client.get(f"/staff/evidence/{paper.pk}/original/")
        kept[paper.name.rpartition(".")[0]] = (
            b"".join(client.get(f"/evidence/{paper.pk}/").streaming_content),
            b"".join(original.streaming_content) if original.status_code == 200 else b"",
        )
        paper.delete()
    return kept


def test_evidence_of_any_program_is_shown_as_it_was_seen_and_kept_as_it_was_sent(reporter):
    kept = {}
    for kind, data in ALIKE.items():
        # One by one: drawn anew, some are the same picture.
        attach(reporter, {f"{kind}.png": data})
        kept |= as_kept(reporter)
    assert {kind: original for kind, (_, original) in kept.items()} == ALIKE
    assert [kind for kind, (shown, _) in kept.items() if not is_dark_on_light(shown)] == []


BODY = b"1 0 obj\n<<>>\nendobj\n"
LOCK = b"trailer\n<< /Root 1 0 R /Encrypt 5 0 R >>\n"
PAPERS = {
    "plain": PDF,
    "filled-up": PDF + bytes(3004),
    "blanks behind": PDF + b"\r\n \t\0" * 700,
    "a mark before": b"\xef\xbb\xbf" + PDF,
    "a late head": b"\n" * 900 + PDF,
    "a remark of it": (
        b"%PDF-1.5\n% made without /Encrypt 5 0 R\n9 0 obj\n<< /Type /XRef /Length 3 >>\nstream\n"
        b"abc\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    ),
    "words of it": (
        b"%PDF-1.4\n1 0 obj\n<< /Length 40 >>\nstream\n(/Encrypt 5 0 R) Tj\nendstream\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    ),
}
NO_PAPERS = {
    "locked": b"%PDF-1.4\n" + BODY + LOCK + b"%%EOF\n",
    "locked in another spelling": (
        b"%PDF-1.4\n" + BODY + LOCK.replace(b"Encrypt", b"Encr#79pt") + b"%%EOF\n"
    ),
    "locked in a stream": (
        b"%PDF-1.5\n9 0 obj\n<< /Encrypt 5 0 R /Type /XRef /Length 3 >>\nstream\nabc\nendstream\n"
        b"endobj\nstartxref\n9\n%%EOF\n"
    ),
    "half": b"%PDF-1.4\n" + BODY,
    "something behind": PDF + b"x" * 3000,
}


def test_papers_are_taken_with_what_their_programs_leave_around_them(reporter):
    kept = {}
    for name, data in PAPERS.items():
        attach(reporter, {f"{name}.pdf": data})
        kept |= as_kept(reporter)
    assert kept == {name: (data, b"") for name, data in PAPERS.items()}


def test_papers_that_are_locked_or_cut_are_named_and_refused(reporter):
    page = attach(reporter, {f"{name}.pdf": data for name, data in NO_PAPERS.items()})
    assert [name for name in NO_PAPERS if f"“{name}.pdf”" not in page] == []
    assert not Evidence.objects.exists()


# (what stands in the cell, its format, the unit, the number that is kept).
TAKEN = [
    ("1,250", "General", "公里", "1250"),
    ("12,345.6", "General", "公里", "12345.6"),
    ("1.25\u200b", "General", "公里", "1.25"),
    ("\ufeff22", "General", "公里", "22"),
    ("\xa01.25\xa0", "General", "公里", "1.25"),
    ("２２\u3000", "General", "公里", "22"),
    ("1.25E+00", "General", "公里", "1.25"),
    (15_000, '0!.0,"万"', "公里", "15000"),
    (0.1 + 0.2, "General", "公里", "0.3"),
    (0.29, "0%", "%", "29"),
    (0.985, "0.0%", "%", "98.5"),
    (98.5, '0.0"%"', "%", "98.5"),
    (100, "0\\%", "%", "100"),
    ("９８．５％", "@", "%", "98.5"),
    ("100 %", "General", "%", "100"),
    (0.985, "[Green][>=0.9]0.0%;0.0%", "%", "98.5"),
    (0.985, "0.00%_);[Red]\\(0.00%\\)", "%", "98.5"),
]
NO_THOUSANDS = ["1，25", "2,2", "1,2,5", "12,34", "1.250,5", "1,250,5"]
NO_NUMBERS = [
    *("1.25公里", "22微克", "/", "—", "无", "1-2", "22～23", "1。25", "二十二", "(22)", "98.5%"),
    *(True, date(2026, 1, 25), time(1, 30)),
]


@pytest.fixture
def numbered(white_paper):
    """More indicators of the task, each with a promise of ninety; gives the keys of their rows."""

    def made(units: list[str]) -> list[str]:
        how = {"mode": "at_end", "direction": "at_least"}
        rows = Indicator.objects.bulk_create(
            Indicator(task=white_paper.task, order=order, name=f"指标{order}", unit=unit, **how)
            for order, unit in enumerate(units, 2)
        )
        promise = {"commitment": white_paper.commitments[1], "year": 2013, "quarter": 2}
        promise |= {"direction": "at_least", "value": 90, "quote": "90"}
        Target.objects.bulk_create(Target(indicator=row, **promise) for row in rows)
        return [f"r{row.pk}" for row in rows]

    return made


def test_numbers_of_any_program_are_shown_before_they_are_kept_and_kept_as_meant(
    reporter, numbered
):
    rows = numbered([unit for *_, unit, _ in TAKEN])
    book = download(reporter)
    for row, (typed, shown_as, *_) in zip(rows, TAKEN, strict=True):
        cell = book.cell(NUMBERS, row, "实际值")
        cell.value, cell.number_format = typed, shown_as
    looked = look(reporter, book)
    wanted = [number for *_, number in TAKEN]
    changes = [change for part in looked.context["reading"].parts for change in part.changes]
    assert [(change.kind, change.after) for change in changes] == [
        (Kind.NEW, number) for number in wanted
    ]
    keep(reporter, looked)
    kept = Reading.objects.order_by("indicator__order").values_list("value", flat=True)
    assert list(kept) == [Decimal(number) for number in wanted]


def test_what_is_no_number_or_may_be_two_is_named_by_its_cell_and_not_kept(reporter, numbered):
    rows = numbered(["公里"] * len([*NO_THOUSANDS, *NO_NUMBERS]))
    book = download(reporter)
    for row, typed in zip(rows, [*NO_THOUSANDS, *NO_NUMBERS], strict=True):
        book.fill(NUMBERS, row, 实际值=typed)
    looked = look(reporter, book)
    problems = list(wrong(looked).values())
    marks = len(NO_THOUSANDS)
    for typed, said in zip(NO_THOUSANDS, problems, strict=False):
        assert f"“{typed}”不像千分位" in said
    assert all("请填写数字" in said for said in problems[marks:])
    assert len(problems) == len(rows)
    assert looked.context["to_save"] == 0


def test_a_workbook_of_any_program_is_read_alike(reporter, white_paper):
    number = f"r{white_paper.indicator.pk}"
    book = download(reporter).fill(NUMBERS, number, 实际值=4250).upload().read()
    for dialect, written in DIALECTS.items():
        looked = look(reporter, SimpleUploadedFile("a.xlsx", written(book)))
        assert "reading" in looked.context, dialect
        (part,) = looked.context["reading"].parts
        assert [change.after for change in part.changed] == ["4250"], dialect
        assert looked.context["reading"].unmatched == [], dialect


def test_words_of_any_program_are_kept_sign_by_sign(reporter):
    words = "𠮷㙍😀 第一行\n第二行 与 _x4E00_ 字样"
    keep(reporter, look(reporter, download(reporter).fill(SUMMARY, "whole", **{NARRATIVE: words})))
    assert Contribution.objects.get().narrative == words


LINES = [["sent1", "张一", "教育局", "填报员"], ["sent2", "张二镕", "教育局", "审签人"]]
HEADED = [["用户名", "姓名", "单位", "岗位"], *LINES]


def table(lines: list[list[str]]) -> bytes:
    book, out = Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


def joined(mark: str, lines=LINES) -> str:
    return "\r\n".join(mark.join(line) for line in lines)


LISTS = {
    "commas and blanks.txt": joined(", ").encode(),
    "Chinese commas.txt": joined("，").encode(),
    "blanks.txt": joined("  ").encode(),
    "unseen signs.csv": joined("\u200b,").encode(),
    "Excel's text.txt": joined("\t", HEADED).encode("utf-16"),
    "an older table.csv": joined(",", HEADED).encode("gb18030"),
    "a marked table.csv": joined(",", HEADED).encode("utf-8-sig"),
    "marks of a sentence.txt": joined("、").encode(),
    "a table without its mark.csv": joined(",", HEADED).encode("utf-16-le"),
    "quoted cells.csv": joined('", "', LINES).join('""').replace("\r\n", '"\r\n"').encode(),
    "quoted cells between blanks.txt": joined('" "').join('""').replace("\r\n", '"\r\n"').encode(),
    "a marked table of a Mac.csv": b"\xfe\xff" + joined(",", HEADED).encode("utf-16-be"),
    "a table.xlsx": table(HEADED),
}


@pytest.fixture
def room(client, people):
    client.force_login(people.administrator)
    return client


@pytest.mark.ignore_template_errors
def test_a_list_of_people_of_any_program_makes_the_same_accounts(room):
    for name, data in LISTS.items():
        page = room.post(ADD, {"text": "", "file": SimpleUploadedFile(name, data)})
        assert [line.errors for line in page.context["lines"]] == [[], []], name
        room.post(ADD, {"text": page.context["form"].initial["text"], "create": ""})
        made = Membership.objects.filter(user__username__startswith="sent")
        assert (
            sorted(
                [row.user.username, row.user.name, str(row.department), row.get_role_display()]
                for row in made.select_related("user", "department")
            )
            == LINES
        ), name
        made.delete()
        User.objects.filter(username__startswith="sent").delete()


# (request, status, words of the answer), as it was written to the site by programs of others.
ADDRESSES = [
    ("GET /search/?q=%00", 400, "不能保存的字符"),
    ("GET /search/?q=a%00b", 400, "不能保存的字符"),
    ("GET /feedback/new/?task=%00", 400, "不能保存的字符"),
    ("GET /api/v1/questions/%00/", 400, "不能保存的字符"),
    ("HEAD /feedback/", 200, ""),
    ("HEAD /feedback/months/", 200, ""),
    ("HEAD /feedback/YT-2013-000001/", 200, ""),
    ("HEAD /feedback/received/", 302, ""),
    ("GET /api/v1/tasks/?departement=jiaoyuju", 400, "departement：没有这个参数"),
    ("GET /api/v1/tasks/?ordering=-number", 400, "ordering：没有这个参数"),
    ("GET /api/v1/milestones/?quarter=9", 400, "quarter"),
    ("GET /api/v1/tasks/?department=jiaoyuju&department=anjianju", 400, "只能写一次"),
    ("GET /api/v1/tasks/AP2017-31/", 404, "没有找到"),
    ("GET /tasks/WP2013-18/", 301, ""),
    ("POST /api/v1/tasks/", 405, ""),
]


@pytest.mark.usefixtures("calendar_2013")
def test_addresses_of_other_peoples_programs_are_answered_in_words(client, people, units):
    ticket = letters.published(people.clerk, units["anjianju"], people.reporter)
    assert ticket.number == "YT-2013-000001"
    for asked, status, words in ADDRESSES:
        verb, address = asked.split()
        answer = getattr(client, verb.lower())(address)
        assert answer.status_code == status, asked
        assert words in answer.content.decode(), asked
        assert "matches the given query" not in answer.content.decode()


OPEN = ["/api/v1/", "/api/v1/tasks/", "/api/v1/questions/", "/feedback/feed/"]


def test_what_is_public_is_read_from_any_site_and_never_with_a_session(client, people):
    client.force_login(people.supervisor)
    for address in [*OPEN, "/staff/"]:
        for verb in (client.get, client.head, client.options):
            answer = verb(address, headers={"origin": "https://data.example.org"})
            wanted = None if address == "/staff/" else "*"
            assert answer.get("Access-Control-Allow-Origin") == wanted, (address, verb)
            assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.ignore_template_errors
def test_a_list_of_people_in_another_script_or_code_is_refused_in_words_that_can_be_read(room):
    traditional = "sent1,陳大文,教育局,填報員\r\nsent2,張一,教育局,審簽人"
    sent = {"text": "", "file": SimpleUploadedFile("a.csv", traditional.encode("big5"))}
    assert "没有“填報員”这个岗位" in room.post(ADD, sent).content.decode()
    for encoding in ("utf-32-le", "utf-7"):
        sent["file"] = SimpleUploadedFile("a.csv", joined("\t").encode(encoding))
        page = room.post(ADD, sent)
        assert page.status_code == 200
        assert not page.context["ready"], encoding
