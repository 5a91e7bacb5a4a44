"""First passwords and the rules that passwords must meet."""

import secrets

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

# Without letters and digits that are easily misread on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """A random password of four groups of four, easy to type from a printed slip."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


class LengthValidator(MinimumLengthValidator):
    """Django's minimum length with a Chinese message, for which Django has none."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 位。"


class SiteWordsValidator:
    """Refuses passwords made of the site's own name, the first thing a stranger tries."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        words = [
            *settings.SITE.get("password_words", []),
            settings.SITE["district"],
            settings.SITE["name"],
        ]
        if any(word.lower() in password.lower() for word in words):
            raise ValidationError("密码里不要用本站或本区的名称。", code="site_words")

    def get_help_text(self) -> str:
        return "密码至少 10 位，不要用本站或本区的名称。"
