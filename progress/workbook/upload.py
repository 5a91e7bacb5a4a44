"""Uploading a filled-in workbook and confirming its changes: two forms and the answers between.

The answers go to the browser and come back signed, so that nothing is stored before they are
confirmed.
"""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.core import signing

from common.errors import Refused
from common.office.worksheet_reading import CellReading, NotReadable, read_workbook
from common.ui.form_fields import PlainForm
from departments.models import Department, User
from progress.workbook.changes import WorkbookPart
from progress.workbook.rows import COLUMNS

MAX_BYTES = 5 * 1024 * 1024
UPLOAD_HINT = "请上传从本页下载、填好的 .xlsx 表，不超过 5 MB。"
# Seconds for which signed answers can be confirmed.
MAX_AGE = 3600


class WorkbookUploadForm(PlainForm):
    """The filled-in workbook; `cleaned_data["file"]` holds its rows as `read_workbook` gives
    them.
    """

    file = forms.FileField(
        label="填好的表",
        help_text=UPLOAD_HINT,
        error_messages={"required": UPLOAD_HINT, "empty": UPLOAD_HINT},
    )

    def clean_file(self) -> dict[str, list[list[CellReading]]]:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(f"“{upload.name}”太大。{UPLOAD_HINT}")
        try:
            return read_workbook(
                upload.read(), {title: len(columns) for title, columns in COLUMNS.items()}
            )
        except NotReadable as problem:
            raise forms.ValidationError(str(problem)) from problem


class ConfirmationForm(PlainForm):
    """Confirms the answers of an upload; `submit`: complete reports are submitted at once."""

    answers = forms.CharField(
        widget=forms.HiddenInput, max_length=settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
    submit = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        department: Department,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        step, detail = (
            ("送审签", "送审签") if department.signs_reports else ("报送", "直接报送督查室")
        )
        self.fields["submit"].label = f"填完的同时{step}"
        self.fields[
            "submit"
        ].help_text = f"由本单位牵头、已经填完的任务{detail}；没有填完的只保存，并列出还差什么。"


def sign_answers(user: User, department: Department, parts: list[WorkbookPart]) -> str:
    """The answers of the parts without errors, signed for one person and one unit."""
    answers = [
        {
            "task": part.form.requirements.task.code,
            "quarter": part.form.requirements.period.address,
            "version": part.form.initial["version"],
            "save": part.can_be_saved,
            "data": part.form.data if part.can_be_saved else {},
        }
        for part in parts
        if not part.has_errors
    ]
    return signing.dumps(answers, salt=_salt(user, department), compress=True)


def read_signed_answers(user: User, department: Department, text: str) -> list[dict]:
    """The answers that `sign_answers` signed for this person and unit.

    Raises Refused if they were signed more than an hour ago, altered, or signed for another.
    """
    try:
        return signing.loads(text, salt=_salt(user, department), max_age=MAX_AGE)
    except signing.SignatureExpired as expired:
        raise Refused("核对的结果已超过一小时，这次没有保存。请重新上传这张表。") from expired
    except signing.BadSignature as invalid:
        raise Refused(
            "核对的结果不完整，或不是您为这个单位上传的，这次没有保存。请重新上传这张表。"
        ) from invalid


def _salt(user: User, department: Department) -> str:
    return f"progress.sheet:{user.pk}:{department.pk}"
