"""Base forms, and fields that accept numbers, days and files the way people enter them."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.db.models import Model, QuerySet

from common.errors import Refused
from common.files.uploads import (
    MAX_BYTES,
    SAVE_AS,
    TYPES,
    WANTED,
    CheckedFile,
    check,
    check_photo,
    display_name,
)
from common.text.numerals import NotANumber, NotGrouped, plain_digits
from common.text.wording import number, shortened

UNKNOWN = {"invalid_choice": "没有“%(value)s”这个选项，请从列出的选项中选择。"}


# Characters of a text whose field names no limit of its own: more than any report has.
LONGEST_TEXT = 20_000
# Characters of what is typed where a number belongs.
LONGEST_NUMBER = 100
TOO_LONG = "写了%(show_value)d字，最多%(limit_value)d字，请缩短一些。"


# Outside of these years nothing was promised; the days at the ends of the calendar have no
# neighbours to reckon with.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
NO_SUCH_DAY = "请填写 1900 年到 2999 年之间的日期。"


class BoundedForm(forms.BaseForm):
    """Mixin of a form whose every text has a limit, also where its field names none, and whose
    every day has a year one can reckon with.

    The control gets no maxlength: a browser would cut a pasted text off without saying so.
    """

    def full_clean(self) -> None:
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                _limit_text(field)
            elif isinstance(field, forms.DateField) and _can_be not in field.validators:
                field.validators.append(_can_be)
        super().full_clean()


def _limit_text(field: forms.CharField) -> None:
    if not _has_limit(field):
        most = field.max_length or LONGEST_TEXT
        field.validators.append(MaxLengthValidator(most, TOO_LONG))


def _can_be(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(NO_SUCH_DAY, code="far_off")


def _has_limit(field: forms.CharField) -> bool:
    return any(isinstance(check, MaxLengthValidator) for check in field.validators)


class PlainForm(BoundedForm, forms.Form):
    """A form whose errors are all ours: the browser's own checks stay off."""

    use_required_attribute = False


class ConcurrentEditForm(PlainForm):
    """A form on rows that several people edit at the same time.

    Each field also sends the value its page showed, so that only fields the person changed are
    saved, and a value a colleague saved in between is noticed.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.add_fields()
        for field in self.fields.values():
            field.show_hidden_initial = True

    def add_fields(self) -> None:
        """Subclasses add their fields here."""

    def has_conflict(self, *names: str) -> bool:
        """Whether a colleague changed one of the fields `names` since the page was shown.

        True only once: the form then counts as shown with the current values, so that sending it
        again overwrites them.
        """
        if not any(map(self._is_outdated, names)):
            return False
        # Copied, because the data of a request cannot be changed.
        data = self.data.copy() if isinstance(self.data, dict) else dict(self.data)
        for name in names:
            data[self.add_initial_prefix(name)] = self._current_text(name)
        self.data = data
        return True

    def _is_outdated(self, name: str) -> bool:
        """Whether the page showed another value of the field than the current one."""
        displayed = self.data.get(self.add_initial_prefix(name))
        return displayed is not None and displayed.split() != self._current_text(name).split()

    def _current_text(self, name: str) -> str:
        return str(self.fields[name].prepare_value(self.initial.get(name)) or "")


class RowChoiceField(forms.ModelChoiceField):
    """A choice among rows; the form that has it says which rows, and how each is shown."""

    def __init__(self, *, row_label: Callable[[Any], str] = str, **kwargs: Any):
        super().__init__(queryset=None, **kwargs)
        self.row_label = row_label

    def label_from_instance(self, row: Model) -> str:
        return self.row_label(row)


def offer_rows(
    form: forms.BaseForm,
    name: str,
    rows: QuerySet,
    *,
    row_label: Callable[[Any], str] | None = None,
) -> None:
    """Lets the choice `name` of a form offer these rows, each shown as `row_label` says."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField), f"{name} is no choice of rows"
    field.queryset = rows
    if row_label:
        assert isinstance(field, RowChoiceField), f"{name} has no labels of its own"
        field.row_label = row_label


def offer_choices(form: forms.BaseForm, name: str, choices: Sequence[tuple[Any, str]]) -> None:
    """Lets the choice `name` of a form offer these pairs of value and text."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField), f"{name} is no choice"
    field.choices = choices


class OptionalUntilSubmit(forms.Field):
    """Mixin of a field that a draft may leave empty and a submission may not.

    The field counts as required, so that it is not marked 选填.
    """

    def validate(self, value: object) -> None:
        if value not in self.empty_values:
            super().validate(value)


class DraftCharField(OptionalUntilSubmit, forms.CharField):
    """A text that a draft may leave empty."""


class DraftChoiceField(OptionalUntilSubmit, forms.ChoiceField):
    """A choice that a draft may leave open."""


class NumberField(forms.DecimalField):
    """A decimal as people type it: with full-width digits, blanks around it, thousands marks.

    `in_percent`: its unit is the percent, so one percent sign may stand behind it. A comma or
    blank anywhere else than before three digits is refused, because 1,25 is 1.25 to one person
    and 125 to another. 4000.0000 is shown as 4000.
    """

    default_error_messages = {
        "invalid": "请填写数字，例如 4000 或 12.5。",
        "grouping": (
            "“%(typed)s”不像千分位：逗号或空格只能每三位隔一个，例如 1,250。"
            "小数点请用“.”，例如 1.25。"
        ),
    }

    def __init__(self, *, in_percent: bool = False, **kwargs: Any):
        self.in_percent = in_percent
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        # SQLite gives back no more than fifteen digits unchanged.
        super().__init__(max_digits=15, decimal_places=4, widget=widget, **kwargs)

    # The stubs derive a decimal field from one for integers and ignore the same contradiction.
    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]
        if not isinstance(value, str):
            return super().to_python(value)
        if len(value) > LONGEST_NUMBER:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(self._digits(value))

    def _digits(self, typed: str) -> str:
        try:
            return plain_digits(typed, in_percent=self.in_percent)
        except NotGrouped as problem:
            said = self.error_messages["grouping"] % {"typed": shortened(typed, 30)}
            raise ValidationError(said, code="grouping") from problem
        except NotANumber as problem:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from problem

    def has_changed(self, initial: object, data: object) -> bool:
        """A text that is no number is kept as typed,
        and counts as unchanged when it is sent again.
        """
        return initial != data and super().has_changed(initial, data)

    def prepare_value(self, value: object) -> object:
        return number(value) if isinstance(value, Decimal) else value


class DraftNumberField(OptionalUntilSubmit, NumberField):
    """A number that a draft may leave empty."""


class DayField(forms.DateField):
    """A day, entered in the browser's date control."""

    width = "short"
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "请填写日期，例如 2017-09-30。"}


class ManyFilesInput(forms.FileInput):
    """A file control that lets people choose several files."""

    allow_multiple_selected = True


def _limits(at_once: int) -> dict[str, str]:
    """What a file control tells the page's script, so that a bad file is never even sent."""
    return {
        "data-endings": " ".join(TYPES),
        "data-save-as": json.dumps(SAVE_AS, ensure_ascii=False),
        "data-most": str(MAX_BYTES),
        "data-at-once": str(at_once),
        "data-wanted": WANTED,
    }


class CheckedFiles(forms.FileField):
    """Several files, cleaned to `GoodFiles`; one bad file refuses all of them.

    Each is held in memory while it is checked, hence the limit AT_ONCE.
    """

    widget = ManyFilesInput
    AT_ONCE = 5

    def __init__(self, **kwargs: Any):
        super().__init__(required=False, help_text=WANTED, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return _limits(self.AT_ONCE)

    def clean(self, data: Sequence[UploadedFile] | None, initial: object = None) -> "GoodFiles":
        if len(data or []) > self.AT_ONCE:
            raise ValidationError(f"一次最多选 {self.AT_ONCE} 个文件，请分几次上传。")
        files = self.sorted_out(data)
        if files.refused:
            # A browser gives no file back, so the good ones have to be chosen once more.
            again = [f"另外 {len(files)} 个文件没有问题，请一起再选一次。"] if files else []
            raise ValidationError(files.refused + again)
        return files

    def sorted_out(self, data: Sequence[UploadedFile] | None) -> "GoodFiles":
        """Which of the files can be taken, and why the others cannot."""
        files = GoodFiles()
        for upload in data or []:
            try:
                if len(files) >= self.AT_ONCE:
                    name = display_name(upload.name or "")
                    raise Refused(f"“{name}”请再传一次，一次最多选 {self.AT_ONCE} 个文件。")
                files.append(check(upload))
            except Refused as refused:
                files.refused += refused.reasons
        return files

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(data)


class GoodFiles(list[CheckedFile]):
    """Those files that were taken; `refused`: why each of the others was not, by its name."""

    def __init__(self, files: Iterable[CheckedFile] = (), refused: Iterable[str] = ()):
        super().__init__(files)
        self.refused = list(refused)

    @property
    def refusal(self) -> str:
        """The sentence about those that were not taken; empty if all were."""
        return f"{len(self.refused)} 个文件没有收：{''.join(self.refused)}" if self.refused else ""


class EachCheckedFile(CheckedFiles):
    """Several files, of which the good ones are taken: a bad one takes no other down with it."""

    def clean(self, data: Sequence[UploadedFile] | None, initial: object = None) -> GoodFiles:
        return self.sorted_out(data)


class CheckedFileField(forms.FileField):
    """One file or none, cleaned to a `CheckedFile` or None."""

    # What checks an upload: it returns what the field is cleaned to, and raises Refused.
    check_upload: Callable[[UploadedFile], CheckedFile | bytes] = staticmethod(check)

    def __init__(self, *, required: bool = False, help_text: str = WANTED, **kwargs: Any):
        super().__init__(required=required, help_text=help_text, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return _limits(at_once=1)

    def clean(
        self, data: UploadedFile | None, initial: object = None
    ) -> CheckedFile | bytes | None:
        try:
            return self.check_upload(data) if data else None
        except Refused as refused:
            raise ValidationError(refused.reasons) from refused


class PhotoField(CheckedFileField):
    """One photo or none, cleaned to the bytes of a small JPEG or None."""

    check_upload = staticmethod(check_photo)
    # Naming the types makes an iPhone send one of them instead of HEIC.
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """The public pages have no script that reads limits."""
        return {}
