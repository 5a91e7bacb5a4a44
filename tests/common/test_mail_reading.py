"""Mails are read as their writers meant them, in time that grows only with their length."""

import time
from base64 import b64encode

import pytest
from hypothesis import given

from common.mail.charsets import decode
from common.mail.headers import address, words
from common.mail.html_words import words_of_html
from common.mail.mime import Unreadable
from common.mail.parsing import read_mail
from common.mail.quoting import without_codes, without_quotes
from tests.fixtures.mail_strategies import mails

NAME = "李镕喆，住㙍背村"


@pytest.mark.parametrize(
    "label",
    ["gb2312", "GB2312", "gbk", "x-gbk", "cp936", "euc-cn", "gb_2312-80", "windows-936", "gb18030"],
)
def test_every_chinese_label_is_read_as_gb18030(label):
    assert decode(NAME.encode("gb18030"), label) == NAME


@pytest.mark.parametrize(
    "label", ["", "us-ascii", "unknown-8bit", "nobody", "hex", "punycode", "\0"]
)
@pytest.mark.parametrize("truth", ["utf-8", "gb18030"])
def test_what_has_no_label_or_an_unknown_one_is_utf_8_or_else_chinese(label, truth):
    assert decode(NAME.encode(truth), label) == NAME


def test_a_label_that_the_bytes_contradict_is_not_believed():
    assert decode(NAME.encode("gb18030"), "utf-8") == NAME
    assert decode(NAME.encode("gb18030"), "iso-8859-1") == NAME
    assert decode(NAME.encode(), "windows-1252") == NAME
    assert decode("Ça va très bien".encode("cp1252"), "iso-8859-1") == "Ça va très bien"
    assert decode(("路灯坏了。" * 20).encode() + b"\xe7", "utf-8").startswith("路灯坏了。" * 20)
    assert decode("鹽田區".encode("big5hkscs"), "x-x-big5") == "鹽田區"
    assert decode("路灯坏了，请修".encode(), "gb2312") == "路灯坏了，请修"


MARKUP = "<html><head><style>p{margin:0;padding:0}</style></head><body><div>%s</div></body></html>"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "iso-8859-15", "utf-8"])
@pytest.mark.parametrize("words", ["请尽快。", "电话138 1234 5678，林先生"])
def test_few_chinese_words_in_much_markup_are_not_taken_for_accents_or_broken_signs(label, words):
    page = MARKUP % words
    assert decode(page.encode("gb18030"), label) == page


@pytest.mark.parametrize(
    "western", ["°°°°°° größer", "····", "»»»» l’été", "naïve “café”——", "Straße 12"]
)
def test_accents_and_rows_of_one_sign_stay_western(western):
    assert decode(western.encode("cp1252"), "iso-8859-1") == western


FLOWED = "Content-Type: text/plain; charset=utf-8; format=flowed"


@pytest.mark.parametrize(
    ("said", "text", "right"),
    [
        ("", "the lamp \nis out\n\nplease", "the lamp is out\n\nplease"),
        ("; delsp=yes", "海景路的路灯 \n坏了。\n请修。", "海景路的路灯坏了。\n请修。"),
        ("; delsp=yes", "在海景路 \n 12号", "在海景路12号"),
        ("", "> what \n> you said\nmy answer", "> what you said\nmy answer"),
        ("", "yours\n-- \nLin", "yours\n-- \nLin"),
        ("; DelSp=No", ">> a \n> b", ">> a \n> b"),
    ],
)
def test_lines_that_a_program_broke_are_joined_as_it_says(said, text, right):
    assert read_mail(f"{FLOWED}{said}\n\n{text}".encode()).text == right


def test_lines_that_end_in_a_blank_stay_where_no_program_says_that_it_broke_them():
    assert read_mail(b"Content-Type: text/plain\n\na \nb").text == "a \nb"


def test_no_sign_that_a_database_refuses_is_left():
    assert decode(b"a\0b+2AA-", "utf-7") == "ab\ufffd"
    assert decode("\ufffe\x9f\ufeff行\r\n一".encode(), "utf-8") == "\ufffd行\n一"


@pytest.mark.parametrize(
    ("raw_value", "right"),
    [
        ("=?gb2312?B?wO7pRoa0?= =?gb2312?B?t7TTs8K3?=", "李镕喆反映路"),
        # Cut in the middle of a character, as many programs do.
        ("=?utf-8?B?6Lev54E=?=\n =?utf-8?B?r+WdjwM=?=", "路灯坏"),
        ("Re: =?utf-8?q?a_b?= c", "Re: a b c"),
        ("=?x?b?!!?= =?utf-8?b?A?=", ""),
        ("=?utf-8?b?6Lev", "路"),
    ],
)
def test_encoded_words_of_a_subject_are_joined_before_they_are_decoded(raw_value, right):
    assert words(raw_value) == right


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("林一 <lin@example.org>", "lin@example.org"),
        ('"a@example.net" <lin@example.org>', "lin@example.org"),
        ("lin@example.org (林一)", "lin@example.org"),
        ("<lin@example.org\nBcc: a@example.net>", "lin@example.org"),
        ("nobody", ""),
        ("a@" + "b" * 300, ""),
    ],
)
def test_the_address_is_the_one_that_would_be_answered(written, right):
    assert address(written) == right


def with_parts(kind: str, *parts: str) -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\n\n{body}--b--\n".encode()


PLAIN, PAGE = "Content-Type: text/plain\n\n灯", "Content-Type: text/html\n\n<p>灯<b>亮</b></p>"
PHOTO = "Content-Type: image/jpeg; name*=gbk''%d5%d5%c6%ac.jpg\nContent-ID: <1>\n\nx"
SIGNATURE = "Content-Type: application/pgp-signature\n\nx"
FORWARDED = "Content-Type: message/rfc822\n\nFrom: a\nSubject: 井盖\n\n坏了"
ENCODED = "Content-Transfer-Encoding: base64\n"
SEE_PAGE = "Content-Type: text/plain\n\n请用支持HTML的客户端查看"


@pytest.mark.parametrize(
    ("kind", "parts", "text", "files"),
    [
        ("alternative", (PLAIN, PAGE), "灯", []),
        ("alternative", (PAGE, PLAIN), "灯", []),
        ("alternative", ("\n\n \n", PAGE), "灯亮", []),
        ("mixed", (PLAIN, PHOTO, PAGE), "灯\n灯亮", ["照片.jpg"]),
        ("related", (PAGE, PHOTO), "灯亮", ["照片.jpg"]),
        ("signed", (PLAIN, SIGNATURE), "灯", []),
        ("mixed", (PLAIN, FORWARDED), "灯\n-----转发邮件-----\n主题：井盖\n坏了", []),
        ("mixed", (PLAIN, f"{ENCODED}{FORWARDED}"), "灯", ["附件"]),
        ("alternative", (SEE_PAGE, PAGE), "灯亮", []),
        ("alternative", (SEE_PAGE,), "请用支持HTML的客户端查看", []),
        ("mixed", ("Content-Type: text/enriched\n\n<bold>灯</bold>",), "灯", []),
        ("mixed", ("Content-Type: text/markdown; name=a.md\n\n灯",), "", ["a.md"]),
        ("mixed", ("Content-Type: application/xhtml+xml\n\n<p>灯</p>",), "灯", []),
        ("mixed", ("Content-Disposition: attachment\n\nx",), "", ["附件"]),
    ],
)
def test_all_words_are_read_in_order_and_all_files_counted(kind, parts, text, files):
    mail = read_mail(with_parts(kind, *parts))
    assert (mail.text, [file.name for file in mail.attached]) == (text, files)


@pytest.mark.parametrize("boundary", ["", "; boundary=other"])
def test_parts_are_found_by_the_line_between_them_where_the_head_names_another(boundary):
    parts = f"--b\n{PLAIN}\n--b\n{PHOTO}\n--b--\n"
    mail = read_mail(f"Content-Type: multipart/mixed{boundary}\n\n{parts}".encode())
    assert (mail.text, [file.name for file in mail.attached]) == ("灯", ["照片.jpg"])


def test_a_page_may_name_its_own_character_set():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>井蓋壞了</p>'
    mail = read_mail(b"Content-Type: text/html\n\n" + page.encode("big5"))
    assert mail.text == "井蓋壞了"


def test_an_address_that_was_encoded_with_its_name_is_read():
    encoded = b64encode("林一 <lin@example.org>".encode()).decode()
    assert read_mail(f"From: =?utf-8?B?{encoded}?=\n\nx".encode()).sender == "lin@example.org"


FROM_MACHINES = [
    *("外出自动回复: 灯", "休假自动回复", "来自QQ邮箱的自动回复", "灯 (自动回复)"),
    *("Out of Office AutoReply: 灯", "回复：灯【自动回复】", "来自postmaster的退信"),
    "Report domain: example.org Submitter: example.net Report-ID: 1",
]
# Residents use these words too.
OF_AN_ANSWER = ["已读: 灯", "Read: 灯", "Not read: 灯", "退信：灯", "退回的邮件：灯"]
OF_AN_ANSWER += ["未送达: 灯", "未传递：灯", "无法投递: 灯", "退信", "邮件投递失败", "邮件被退回"]


@pytest.mark.parametrize("subject", FROM_MACHINES)
def test_the_words_of_programs_without_any_other_mark_are_known(subject):
    assert read_mail(f"From: a@b.cn\nSubject: {subject}\n\n您好".encode()).automatic


@pytest.mark.parametrize("subject", OF_AN_ANSWER)
def test_weaker_words_of_programs_count_only_in_what_answers_a_mail(subject):
    head = f"From: a@b.cn\nSubject: {subject}\n"
    assert read_mail(f"{head}In-Reply-To: <x@y>\n\n您好".encode()).automatic
    assert not read_mail(f"{head}\n您好".encode()).automatic


@pytest.mark.parametrize(
    "subject",
    [
        *("自动回复功能坏了", "Re: 自动回复: 灯", "退信问题反映", "快递未送达怎么办", "已读不回"),
        *("Read this please", "关于系统的自动回复", "来自居民的退信请求", "无法投递快递"),
    ],
)
def test_what_a_resident_writes_about_such_words_stays_a_letter(subject):
    assert not read_mail(f"From: a@b.cn\nSubject: {subject}\n\n您好".encode()).automatic


@pytest.mark.parametrize(
    "name",
    [
        *("notice-noreply", "system.no-reply", "dmarc_support", "noreply-dmarc-support"),
        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e",
    ],
)
def test_the_mailboxes_of_machines_are_known(name):
    assert read_mail(f"From: {name}@b.cn\nSubject: x\n\nx".encode()).automatic


def test_an_invitation_comes_from_a_calendar_but_not_an_attached_date():
    date = "Content-Type: text/calendar; method=REQUEST\n{}\nBEGIN:VCALENDAR"
    assert read_mail(with_parts("alternative", PLAIN, date.format(""))).automatic
    attached = date.format("Content-Disposition: attachment; filename=a.ics\n")
    assert not read_mail(with_parts("mixed", PLAIN, attached)).automatic
    forwarded = f"Content-Type: message/rfc822\n\n{date.format('')}"
    assert not read_mail(with_parts("mixed", PLAIN, forwarded)).automatic


def test_pictures_inside_of_alternatives_are_found_and_tried_after_what_was_attached():
    inner = (
        with_parts("related", PAGE, PHOTO).decode().replace("=b\n", "=c\n").replace("--b", "--c")
    )
    outer = with_parts(
        "mixed",
        with_parts("alternative", PLAIN, inner)
        .decode()
        .replace("=b\n", "=d\n")
        .replace("--b", "--d"),
        "Content-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nx",
    )
    mail = read_mail(outer)
    assert (mail.text, [file.name for file in mail.attached]) == ("灯", ["a.png", "照片.jpg"])


SLOW = {
    "tags that never end": b"<a " * 700_000,
    "comments that never end": b"<!--" * 500_000,
    "scripts that never end": b"<script>" * 250_000,
    "numbers that never end": (b"&#" + b"9" * 5000 + b";") * 400,
    "one word": b"a" * 2_000_000,
    "marks on one letter": "\u0315\u0300".encode() * 500_000,
}


@pytest.mark.parametrize("page", SLOW)
def test_a_page_made_to_be_slow_is_read_at_once_and_cut(page):
    began = time.process_time()
    mail = read_mail(b"Content-Type: text/html; charset=utf-8\n\n" + SLOW[page])
    assert time.process_time() - began < 2
    assert len(mail.text) <= 10_000


def test_parts_in_each_other_or_without_number_are_refused_at_once():
    began = time.process_time()
    for data in (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 1200,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 200_000,
    ):
        with pytest.raises(Unreadable):
            read_mail(data)
    assert time.process_time() - began < 2


def test_a_head_without_end_is_read_at_once():
    began = time.process_time()
    for line in (b"X: y\n", b" folded\n"):
        assert read_mail(b"From: a@example.org\n" + line * 1_000_000).sender == "a@example.org"
    assert time.process_time() - began < 2


def test_a_page_is_read_as_its_words():
    page = (
        "<!DOCTYPE html><head><title>t</title><style>p {}</style></head><!-- <p>no</p> -->"
        "<p>灯&amp;路\n 坏了</p><table><tr><td>甲<td>乙</table><script>x()</script><br>1 < 2"
    )
    assert words_of_html(page).strip() == "灯&路 坏了\n\n甲 乙\n1 < 2"


def test_words_behind_a_block_of_a_page_begin_a_line():
    page = "<div>在 2026-12-01，盐田区 写道：</div>您好<ul><li>一</li></ul>二<p>三</p>\n<p>四</p>"
    assert words_of_html(page).strip().split("\n") == [
        *("在 2026-12-01，盐田区 写道：", "您好", "", "一", "二", "三", "四")
    ]


QUOTED = [
    "------ 原始邮件 ------\n旧",
    "------------------ 原始邮件 ------------------\n发件人: a",
    "-----Original Message-----\nFrom: a",
    "------------------ Original ------------------\nFrom: a",
    "-------- 原始信息 --------\n发件人： a",
    "-----邮件原件-----\n发件人: a",
    "----邮件原文----\n发件人：a",
    "---- 回复的原邮件 ----\n| 发件人 | a |",
    "在 2026年12月1日，portal <p@example.org> 写道：\n旧",
    "On Tue, 1 Dec 2026, portal <p@example.org>\nwrote:\n旧",
    "________________________________\n发件人: a\n发送时间: b\n主题: c\n旧",
    "> 旧\n> 旧",
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_a_reply_repeats_is_cut_off(quoted):
    assert without_quotes(f"是2号楼。\n发件人很多。\n\n{quoted}") == "是2号楼。\n发件人很多。"


def test_words_below_a_quotation_stay_and_a_reply_is_never_cut_to_nothing():
    assert without_quotes("> 旧\n新") == "新"
    assert without_quotes("他写道：\n新") == "他写道：\n新"
    assert without_quotes("-- 原始邮件 --\n新") == "-- 原始邮件 --\n新"


@pytest.mark.parametrize(
    "code",
    [
        "ABCD EFGH JKLM NPQR",
        "abcd-efgh-jkmn-pqrs",
        "ABCDEFGHJKLMNPQR",
        "ＡＢＣＤ EFGH\n> JKLM NPQ2",
    ],
)
def test_what_is_written_like_a_query_code_is_hidden(code):
    assert without_codes(f"查询码：{code}。") == "查询码：（查询码已隐去）。"


def test_english_words_and_numbers_are_no_code_unless_they_are_the_code_itself():
    words_ = "when they have been here, 13812345678, YT-2026-000001"
    assert without_codes(words_) == words_
    assert without_codes("abcd efgh jkmn pqrs", "ABCDEFGHJKMNPQRS") == "（查询码已隐去）"


@given(data=mails)
def test_whatever_is_read_holds_no_sign_that_a_database_refuses(data):
    try:
        mail = read_mail(data)
    except Unreadable:
        return
    read = [mail.sender, mail.subject, mail.text, *(file.name for file in mail.attached)]
    "".join([*read, *mail.answers]).encode("utf-8")
    assert "\0" not in "".join(read)
