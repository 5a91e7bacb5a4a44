import secrets

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

# Nothing that two people read differently from paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """Random, made to be typed once from a slip: four groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


class LengthValidator(MinimumLengthValidator):
    """The framework says this one in English only."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 位。"


class SiteWordsValidator:
    """Refuses passwords made of the site's own name, the first thing a stranger tries."""

    def validate(self, password, user=None) -> None:
        words = [*settings.SITE.get("password_words", []), settings.SITE["district"], settings.SITE["name"]]
        if any(word.lower() in password.lower() for word in words):
            raise ValidationError("密码里不要用本站或本区的名称。", code="site_words")

    def get_help_text(self) -> str:
        return "密码至少 10 位，不要用本站或本区的名称。"
