from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class SignInForm(AuthenticationForm):
    use_required_attribute = False
    error_messages = {
        # One sentence for both: a stranger must not learn which user names exist.
        "invalid_login": "用户名或密码不对,请重新输入。密码区分大小写。",
        "inactive": "用户名或密码不对,请重新输入。密码区分大小写。",
    }


class ChangePasswordForm(PasswordChangeForm):
    use_required_attribute = False
    error_messages = {
        "password_mismatch": "两次输入的新密码不一样。",
        "password_incorrect": "原密码不对,请重新输入。",
    }

    def __init__(self, user, *args, **kwargs):
        super().__init__(user, *args, **kwargs)
        for name, label in [
            ("old_password", "原密码"),
            ("new_password1", "新密码"),
            ("new_password2", "再输一次新密码"),
        ]:
            self.fields[name].label = label
        self.fields["new_password1"].help_text = "至少 10 位,不要只用数字,不要用本站或本区的名称。"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new_password1") and cleaned["new_password1"] == cleaned.get("old_password"):
            self.add_error("new_password1", "新密码不能与原密码相同。")
        return cleaned
