"""The two small forms around a filled-in file: it comes in, and what it would change is confirmed."""

from django import forms
from django.core import signing

from common.errors import Refused
from common.office.worksheet_reading import NotReadable, read_workbook
from common.ui.form_fields import PlainForm
from departments.models import Department, User
from progress.workbook.reading import WorkbookPart
from progress.workbook.rows import COLUMNS

MAX_BYTES = 5 * 1024 * 1024
WANTED = "请上传从本页下载、填好的 .xlsx 表，不超过 5 MB。"
GOOD_FOR = 3600


class SheetUpload(PlainForm):
    """Gives the rows of the file under `file`, as `read_workbook` does."""

    file = forms.FileField(label="填好的表", help_text=WANTED, error_messages={"required": WANTED, "empty": WANTED})

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(f"“{upload.name}”太大。{WANTED}")
        try:
            return read_workbook(upload.read(), {title: len(columns) for title, columns in COLUMNS.items()})
        except NotReadable as problem:
            raise forms.ValidationError(str(problem)) from problem


class KeepForm(PlainForm):
    answers = forms.CharField(widget=forms.HiddenInput)
    submit = forms.BooleanField(required=False)

    def __init__(self, *args, department: Department, **kwargs):
        super().__init__(*args, **kwargs)
        way, says = ("送审签", "送审签") if department.signs_reports else ("报送", "直接报送督查室")
        self.fields["submit"].label = f"填完的同时{way}"
        self.fields["submit"].help_text = f"由本单位牵头、已经填完的任务{says}；没有填完的只保存，并列出还差什么。"


def sealed(user: User, department: Department, parts: list[WorkbookPart]) -> str:
    """The answers of parts without errors, for one person and one unit, to be given back when they are confirmed."""
    answers = [
        {
            "task": part.form.requirements.task.code,
            "quarter": part.form.requirements.period.address,
            "version": part.form.initial["version"],
            "save": part.to_save,
            "data": part.form.data if part.to_save else {},
        }
        for part in parts
        if not part.wrong
    ]
    return signing.dumps(answers, salt=_for(user, department), compress=True)


def unsealed(user: User, department: Department, text: str) -> list[dict]:
    """Raises Refused when the seal is too old, broken or somebody else's."""
    try:
        return signing.loads(text, salt=_for(user, department), max_age=GOOD_FOR)
    except signing.SignatureExpired as late:
        raise Refused("核对的结果已超过一小时，这次没有保存。请重新上传这张表。") from late
    except signing.BadSignature as broken:
        raise Refused("核对的结果不完整，或不是您为这个单位上传的，这次没有保存。请重新上传这张表。") from broken


def _for(user: User, department: Department) -> str:
    return f"progress.sheet:{user.pk}:{department.pk}"
