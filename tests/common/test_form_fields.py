"""Fields take what browsers send: several files at once, and text with line ends of their own."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from common.ui.form_fields import CheckedFiles, ConcurrentEditForm, EachCheckedFile
from tests.fixtures.lists import PDF


def files(count: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(count)]


def test_five_files_are_taken_at_once():
    assert [file.name for file in CheckedFiles().clean(files(5))] == [
        f"{number}.pdf" for number in range(5)
    ]


def test_six_files_at_once_are_refused():
    with pytest.raises(ValidationError, match="一次最多选 5 个文件，请分几次上传"):
        CheckedFiles().clean(files(6))


def test_a_bad_file_is_named_and_the_good_ones_are_said_to_be_chosen_again():
    bad = SimpleUploadedFile("旧格式.wps", b"words")
    with pytest.raises(ValidationError) as refused:
        CheckedFiles().clean([*files(2), bad])
    assert refused.value.messages == [
        "“旧格式.wps”请另存为 docx 或 PDF 再上传，wps 格式不收。",
        "另外 2 个文件没有问题，请一起再选一次。",
    ]


def test_of_files_taken_one_by_one_the_good_ones_are_kept():
    bad = SimpleUploadedFile("旧格式.wps", b"words")
    taken = EachCheckedFile().clean([bad, *files(6)])
    assert [file.name for file in taken] == ["0.pdf", "1.pdf", "2.pdf", "3.pdf", "4.pdf"]
    assert taken.refusal == (
        "2 个文件没有收：“旧格式.wps”请另存为 docx 或 PDF 再上传，wps 格式不收。"
        "“5.pdf”请再传一次，一次最多选 5 个文件。"
    )
    assert EachCheckedFile().clean(None).refusal == ""


class NoteForm(ConcurrentEditForm):
    def add_fields(self):
        self.fields["note"] = forms.CharField(widget=forms.Textarea)


@pytest.mark.parametrize(
    ("displayed", "is_overtaken"),
    [
        ("第一行\r\n第二行", False),
        ("第一行\n第二行", False),
        ("第一行\n第二行\n", False),
        ("第一行", True),
    ],
)
def test_a_text_left_alone_is_no_conflict_whatever_line_ends_the_browser_sends(
    displayed, is_overtaken
):
    data = forms.Form({"note": "我写的", "initial-note": displayed}).data
    form = NoteForm(data, initial={"note": "第一行\n第二行"})
    assert form.has_conflict("note") == is_overtaken
