"""Fields take what browsers send: several files at once, and text with line ends of their own."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from common.ui.form_fields import CheckedFiles, ConcurrentEditForm
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
