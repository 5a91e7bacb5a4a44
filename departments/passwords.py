from django.conf import settings
from django.core.exceptions import ValidationError


class SiteWordsValidator:
    """Refuses passwords made of the site's own name, the first thing a stranger tries."""

    def validate(self, password, user=None) -> None:
        words = [*settings.SITE.get("password_words", []), settings.SITE["district"], settings.SITE["name"]]
        if any(word.lower() in password.lower() for word in words):
            raise ValidationError("密码里不要用本站或本区的名称。", code="site_words")

    def get_help_text(self) -> str:
        return "密码至少 10 位,不要用本站或本区的名称。"
