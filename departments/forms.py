"""Forms to sign in, keep up one's account, create accounts, hand over and load the calendar."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db.models import QuerySet

from common.office.worksheet_reading import NotReadable, read_rows
from common.ui.form_fields import BoundedForm, PlainForm, RowChoiceField, offer_rows
from departments import newcomers
from departments.models import Membership, User
from departments.rules.holidays import official_days

GONE = {"invalid_choice": "您选的人已经不在这个岗位，请重新选择。"}
MAX_TABLE = 2 * 1024 * 1024


class SignInForm(BoundedForm, AuthenticationForm):
    """Django's sign-in form with Chinese messages."""

    use_required_attribute = False
    error_messages = {
        # One sentence for both: a stranger must not learn which user names exist.
        "invalid_login": "用户名或密码不对，请重新输入。密码区分大小写。",
        "inactive": "用户名或密码不对，请重新输入。密码区分大小写。",
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("username", "password"):
            self.fields[name].error_messages["required"] = f"请输入{self.fields[name].label}。"


class ChangePasswordForm(BoundedForm, PasswordChangeForm):
    """Django's form in Chinese; the new password must differ from the old one."""

    use_required_attribute = False
    error_messages = {
        "password_mismatch": "两次输入的新密码不一样。",
        "password_incorrect": "原密码不对，请重新输入。",
    }

    def __init__(self, user: User, *args: Any, **kwargs: Any):
        super().__init__(user, *args, **kwargs)
        for name, label in [
            ("old_password", "原密码"),
            ("new_password1", "新密码"),
            ("new_password2", "再输一次新密码"),
        ]:
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = f"请输入{label}。"
        self.fields["new_password2"].help_text = ""
        self.fields[
            "new_password1"
        ].help_text = "至少 10 位，不要只用数字，不要用本站或本区的名称。"

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("new_password1") and cleaned["new_password1"] == cleaned.get("old_password"):
            self.add_error("new_password1", "新密码不能与原密码相同。")
        return cleaned


class OneTimePasswordForm(PlainForm):
    """The six digits that the app shows, or a recovery password."""

    # Named so that it is never kept among what was typed and not sent.
    one_time_password = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={
            "required": "请输入手机上显示的六位数字。",
            "max_length": "验证码是六位数字，备用码是十二个字母和数字。",
        },
    )


class AccountForm(PlainForm):
    """What people change about their own account."""

    email = forms.EmailField(
        label="邮箱",
        required=False,
        help_text="催报和退回修改的提醒发到这里，一天最多一封。不对外公开；不填就收不到提醒。",
        error_messages={"invalid": "邮箱写得不完整，请写成 name@example.cn 的样子。"},
    )


class PeopleForm(PlainForm):
    """A list of people, typed or uploaded; `lines` is each line as read, with its errors."""

    text = forms.CharField(
        label="名单",
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text=(
            "每行一个岗位：用户名、姓名、单位、岗位，用逗号、空格或制表符分开；一次最多"
            f" {newcomers.AT_MOST} 个账号。"
        ),
    )
    file = forms.FileField(
        label="或者上传表格",
        required=False,
        help_text="xlsx、csv 或制表符分隔的 txt，四列与上面相同。",
    )
    lines: list[newcomers.NewcomerLine] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        self.lines = newcomers.check(self._rows(cleaned))
        if not self.lines:
            raise forms.ValidationError("请填写名单，或者上传表格。")
        if len({line.cells[0] for line in self.lines}) > newcomers.AT_MOST:
            raise forms.ValidationError(f"一次最多建立 {newcomers.AT_MOST} 个账号，请分几次办理。")
        return cleaned

    def _rows(self, cleaned: dict[str, Any]) -> list[list[str]]:
        file = cleaned.get("file")
        if not file:
            return newcomers.split(cleaned.get("text", ""))
        if file.size > MAX_TABLE:
            raise forms.ValidationError("文件太大，请只上传名单本身（不超过 2 MB）。")
        try:
            return read_rows(file.name, file.read(), len(newcomers.HEAD))
        except NotReadable as error:
            raise forms.ValidationError(str(error)) from error

    def check_again(self) -> None:
        """Checks the lines once more, because accounts or units may have changed since."""
        self.lines = newcomers.check(line.cells for line in self.lines)

    @property
    def is_ready(self) -> bool:
        """Whether the form is valid and no line has an error, so that accounts can be created."""
        return self.is_valid() and not any(line.errors for line in self.lines)

    @property
    def as_text(self) -> str:
        """The lines as text for the input field, whichever way they came."""
        return "\n".join(",".join(line.cells) for line in self.lines)


def unit_and_person(membership: Membership) -> str:
    """How a membership is offered for choice."""
    return f"{membership.department} {membership.user}"


class HandOverForm(PlainForm):
    """Which reporter leaves, and which colleague takes over.

    `leaving`: memberships that may be ended; `colleagues`: memberships of those who can take over.
    """

    # The field is called "post", because links to this page carry it in the address.
    post = RowChoiceField(
        label="谁离岗",
        row_label=unit_and_person,
        empty_label=None,
        error_messages={"required": "请选择谁离岗。"} | GONE,
    )
    to = RowChoiceField(
        label="交给谁",
        row_label=unit_and_person,
        error_messages={"required": "请选择由哪位同事接手。"} | GONE,
    )

    def __init__(
        self,
        leaving: QuerySet[Membership],
        colleagues: QuerySet[Membership],
        *args: Any,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        offer_rows(self, "post", leaving)
        offer_rows(self, "to", colleagues)


class CalendarForm(PlainForm):
    """The year to load; the yearly notice is typed in where the built-in table does not reach."""

    year = forms.IntegerField(label="年份", min_value=2000, max_value=2100)
    days_off = forms.CharField(
        label="放假的日子",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="随系统带有的年份不用填。其他年份按国务院办公厅通知逐行填写，如 10-01 至 10-07。",
    )
    days_on = forms.CharField(
        label="调休上班的日子",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一天，如 10-08。",
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if "year" not in cleaned:
            return cleaned
        try:
            cleaned["days"], cleaned["source"] = official_days(
                cleaned["year"], cleaned["days_off"], cleaned["days_on"]
            )
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return cleaned
