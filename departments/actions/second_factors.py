"""Actions on the second factor: the one-time passwords of an app, and those kept for its loss."""

import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils.crypto import salted_hmac

from common.errors import Refused
from common.security.crypto import ALPHABET, NoKey, decrypt, encrypt, reseal
from departments.actions.sign_ins import Place, end_other_sessions, end_sessions, note
from departments.choices import SignInOutcome
from departments.models import SecondFactor, User
from ledger.actions import Actor, LedgerEvent, append

# What every app on the market reads: SHA-1, six digits, half a minute (RFC 6238).
DIGITS, STEP = 6, 30
# A clock may be half a minute off.
STEPS_OFF = (0, -1, 1)
RECOVERY_CODES = 10
NO_APP = "没有启用验证器。"
WRONG = "验证码不对。请看手机上现在显示的六位数字，过半分钟会换一个。"
LONGEST_REASON = 160


def begin_second_factor(*, user: User) -> SecondFactor:
    """Makes a new secret for an app; until it is confirmed nothing else is asked at sign-in.

    Raises Refused where an app is in use already.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor and factor.confirmed_at:
            raise Refused("验证器已经启用。要换手机，请先停用再重新设置。")
        sealed = encrypt(secrets.token_bytes(20).hex())
        factor, _ = SecondFactor.objects.update_or_create(
            user=user, defaults={"sealed": sealed, "last_step": -1}
        )
    return factor


def confirm_second_factor(
    *, user: User, password: str, session_key: str, place: Place, at: datetime
) -> list[str]:
    """Begins to ask for one-time passwords; answers the recovery passwords, to be shown once.

    `password`: the one-time password that the app shows now; `session_key`: of the session that
    goes on, the others end.

    Raises Refused where it is wrong or nothing was begun.
    """
    with transaction.atomic():
        factor = _locked(user, confirmed=False)
        _take(factor, password, at)
        factor.confirmed_at = at
        codes = _renew(factor)
        factor.save()
        note(user, SignInOutcome.FACTOR_SET, place, at)
        end_other_sessions(user=user, session_key=session_key, place=place, at=at)
    return codes


def renew_recovery_passwords(*, user: User, password: str, at: datetime) -> list[str]:
    """Answers new recovery passwords, to be shown once; the old ones open nothing any more.

    Raises Refused where the one-time password is wrong.
    """
    with transaction.atomic():
        factor = _locked(user, confirmed=True)
        _take(factor, password, at)
        codes = _renew(factor)
        factor.save()
    return codes


def remove_second_factor(*, user: User, password: str, place: Place, at: datetime) -> None:
    """Stops asking for one-time passwords.

    Raises Refused where the one-time password is wrong, or the site asks this person for one.
    """
    if user.is_asked_for_second_factor:
        raise Refused("您的岗位登录时必须用验证器，不能停用。手机丢了，请联系系统管理员重置。")
    with transaction.atomic():
        factor = _locked(user, confirmed=True)
        _take(factor, password, at)
        factor.delete()
        note(user, SignInOutcome.FACTOR_REMOVED, place, at)


def check_second_factor(*, user: User, password: str, at: datetime) -> bool:
    """Whether a one-time or a recovery password is right; it is used up by this.

    Raises nothing of its own.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None or factor.confirmed_at is None:
            return False
        right = _is_shown_now(factor, password, at) or _is_recovery(factor, password)
        factor.save()
    return right


def reset_second_factor(*, user: User, reason: str, place: Place, by: Actor, at: datetime) -> None:
    """Takes the app of another person away, who lost it; their sessions end.

    `reason`: kept in the sign-in log, which auditors read.

    Raises Refused for oneself, without a reason, and where there is nothing to reset.
    """
    if str(user.pk) == by.id:
        raise Refused("不能重置自己的验证器，请由另一位系统管理员办理。")
    if not reason:
        raise Refused("请写明为什么重置，例如怎样核实是本人。")
    with transaction.atomic():
        if not SecondFactor.objects.filter(user=user).delete()[0]:
            raise Refused(f"{user.username} 没有设置验证器。")
        end_sessions(user)
        why = f"{by.unit}{by.post}（账号 {by.id}）：{reason}"[:200]
        note(user, SignInOutcome.FACTOR_RESET, place, at, why=why)
        append(
            [LedgerEvent("reset_second_factor", "user", str(user.pk), public=False)], by=by, at=at
        )


def reseal_second_factors() -> int:
    """Encrypts all secrets with the newest key; answers how many no key opens."""
    lost = 0
    with transaction.atomic():
        for factor in SecondFactor.objects.select_for_update():
            try:
                factor.sealed = reseal(factor.sealed)
            except NoKey:
                lost += 1
            factor.save(update_fields=["sealed"])
    return lost


def provisioning_uri(factor: SecondFactor, *, issuer: str) -> str:
    """The address that the picture for the app holds; raises NoKey where no key opens it."""
    return _totp(factor).get_provisioning_uri(factor.user.username, issuer)


def _locked(user: User, *, confirmed: bool) -> SecondFactor:
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None or (factor.confirmed_at is not None) != confirmed:
        raise Refused(NO_APP if confirmed else "请先按“开始设置”。")
    return factor


def _take(factor: SecondFactor, password: str, at: datetime) -> None:
    if not _is_shown_now(factor, password, at):
        raise Refused(WRONG)


def _totp(factor: SecondFactor) -> TOTP:
    key = bytes.fromhex(decrypt(factor.sealed))
    return TOTP(key, DIGITS, SHA1(), STEP, enforce_key_length=False)  # noqa: S303


def _is_shown_now(factor: SecondFactor, password: str, at: datetime) -> bool:
    """Whether the app shows it now or did a moment ago; uses it up."""
    try:
        totp = _totp(factor)
    except NoKey:
        return False
    now = int(at.timestamp()) // STEP
    typed = password.replace(" ", "").encode()
    for step in (now + off for off in STEPS_OFF):
        if step > factor.last_step and hmac.compare_digest(totp.generate(step * STEP), typed):
            factor.last_step = step
            return True
    return False


def _renew(factor: SecondFactor) -> list[str]:
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    factor.recovery_digests = [_digest(factor, code) for code in codes]
    return codes


def _new_code() -> str:
    """Three groups of four, such as 3KXD-9QWE-T7HA."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _is_recovery(factor: SecondFactor, password: str) -> bool:
    digest = _digest(factor, password)
    if digest not in factor.recovery_digests:
        return False
    factor.recovery_digests = [kept for kept in factor.recovery_digests if kept != digest]
    return True


def _digest(factor: SecondFactor, code: str) -> str:
    """60 random bits need no slow digest; the key of it is not in the database."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return salted_hmac(f"recovery {factor.pk}", plain, algorithm="sha256").hexdigest()
