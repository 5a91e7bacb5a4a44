"""Keeping what a person has typed and not yet sent, and forgetting it.

Nothing of it is a fact, so nothing of it comes into the ledger; it is the person's own alone.
"""

import json
from datetime import datetime

from django.db import transaction

from common.errors import Refused, Stale
from common.security.crypto import encrypt
from common.text.typed import Typed, version_of
from departments.models import Membership, UnsentForm, User

MOST_CHARACTERS = 1_000_000
TOO_LONG = "写得太长，没有暂存。请先提交，或分几次写。"
NEWER = "另一个窗口里写了更新的内容，这个窗口写的不再暂存。请提交，或复制后关掉一个窗口。"
# Stands between the address and what keeps a second version of the same form apart.
BESIDE = "#"


@transaction.atomic
def keep_unsent(
    *,
    user: User,
    page: str,
    address: str,
    typed: Typed,
    known: str | None,
    at: datetime,
) -> str:
    """Keeps what was typed into the form that is sent to `address`, and returns its version.

    `page`: the address of the page it stands on. `known`: the version that the page was shown,
    "" if there was none; None overwrites whatever is there.

    Raises Refused if it is too long, Stale if another window kept something newer meanwhile.
    """
    text = json.dumps(typed, ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise Refused(TOO_LONG)
    # Two windows that both keep their first words would not see each other's row.
    User.objects.select_for_update().get(pk=user.pk)
    row = UnsentForm.objects.filter(user=user, address=address).first()
    version = version_of(typed)
    if row and known is not None and row.version not in {known, version}:
        raise Stale(NEWER)
    UnsentForm.objects.update_or_create(
        user=user,
        address=address,
        defaults={"page": page, "sealed": encrypt(text), "saved_at": at},
    )
    return version


def keep_unsent_beside(*, user: User, page: str, address: str, typed: Typed, at: datetime) -> None:
    """Keeps what was typed before the person had to sign in again.

    What another window has kept meanwhile stays; then this is kept beside it.

    Raises Refused if it is too long.
    """
    own = UnsentForm.objects.filter(user=user, address=address).first()
    version = version_of(typed)
    if own and own.version != version:
        address = f"{address}{BESIDE}{version}"
    keep_unsent(user=user, page=page, address=address, typed=typed, known=None, at=at)


def drop_unsent(*, user: User, addresses: set[str], known: str | None = None) -> None:
    """Forgets what was typed into forms, because it was sent or given up.

    `known`: the version that was sent; what another window has kept since stays. None: whatever
    is there goes. Raises nothing of its own.
    """
    rows = UnsentForm.objects.filter(user=user, address__in=addresses)
    if known is None:
        rows.delete()
        return
    rows.filter(pk__in=[row.pk for row in rows if row.version == known]).delete()


def forget_unsent(*, before: datetime) -> int:
    """Forgets what was typed before that moment and never sent; returns of how many forms.

    Raises nothing of its own.
    """
    return UnsentForm.objects.filter(saved_at__lt=before).delete()[0]


def forget_unsent_of_leaver(user: User) -> None:
    """Forgets what was typed by a person who holds no post any more, or cannot sign in.

    Raises nothing of its own.
    """
    posts = Membership.objects.filter(user=user, user__is_active=True, ended_at=None)
    if not posts.exists():
        UnsentForm.objects.filter(user=user).delete()
