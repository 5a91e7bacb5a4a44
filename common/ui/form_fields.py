"""Forms and fields that forgive how people type and leave a draft room."""

import unicodedata
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from common.errors import Refused
from common.files.uploads import WANTED, check, check_photo
from common.text.wording import number

UNKNOWN = {"invalid_choice": "没有“%(value)s”这个选项，请从列出的选项中选择。"}


class PlainForm(forms.Form):
    """Errors in our own words only: the browser's checks stay off."""

    use_required_attribute = False


class SharedForm(PlainForm):
    """What several people write on: held against what the page showed, so that a field left alone changes nothing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask()
        for field in self.fields.values():
            field.show_hidden_initial = True

    def ask(self) -> None:
        """Puts in the fields."""

    def overtaken(self, *names: str) -> bool:
        """Whether a colleague saved one of these since the page was made; asked once, so that whoever insists may."""
        now = {name: str(self.fields[name].prepare_value(self.initial.get(name)) or "") for name in names}
        seen = {name: self.data.get(self.add_initial_prefix(name)) for name in names}
        if all(seen[name] is None or seen[name].split() == now[name].split() for name in names):
            return False
        self.data = self.data.copy()
        for name in names:
            self.data[self.add_initial_prefix(name)] = now[name]
        return True


class Wanted:
    """Needed before the paper goes out, so not marked 选填; yet a draft may leave it empty."""

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


class WantedText(Wanted, forms.CharField):
    pass


class WantedChoice(Wanted, forms.ChoiceField):
    pass


class NumberField(forms.DecimalField):
    """Full-width digits, blanks and thousands commas are read as meant; 4000.0000 is shown as 4000."""

    default_error_messages = {"invalid": "请填写数字，例如 4000 或 12.5。"}

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        # Fifteen digits are what an embedded database gives back unchanged.
        super().__init__(max_digits=15, decimal_places=4, widget=widget, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").replace(" ", "")
        return super().to_python(value)

    def has_changed(self, initial, data):
        """Words that are no number are kept as typed, and unchanged when they come back."""
        return initial != data and super().has_changed(initial, data)

    def prepare_value(self, value):
        return number(value) if isinstance(value, Decimal) else value


class WantedNumber(Wanted, NumberField):
    pass


class DayField(forms.DateField):
    width = "short"
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "请填写日期，例如 2017-09-30。"}


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class CheckedFiles(forms.FileField):
    """Several files; gives `CheckedFile`s. Each is held in memory while it is checked, hence the limit."""

    widget = ManyFilesInput
    AT_ONCE = 5

    def __init__(self, **kwargs):
        super().__init__(required=False, help_text=WANTED, **kwargs)

    def clean(self, data, initial=None):
        if len(data or []) > self.AT_ONCE:
            raise ValidationError(f"一次最多选 {self.AT_ONCE} 个文件，请分几次上传。")
        try:
            return [check(upload) for upload in data or []]
        except Refused as refused:
            raise ValidationError(refused.reasons) from refused

    def has_changed(self, initial, data):
        return bool(data)


class CheckedFileField(forms.FileField):
    """One file or none; gives a `CheckedFile` or None."""

    checked = staticmethod(check)

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "help_text": WANTED} | kwargs)

    def clean(self, data, initial=None):
        try:
            return self.checked(data) if data else None
        except Refused as refused:
            raise ValidationError(refused.reasons) from refused


class PhotoField(CheckedFileField):
    """One photo or none; gives a small JPEG as bytes, or None. Naming the kinds makes an iPhone send one of them."""

    checked = staticmethod(check_photo)
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png"})
