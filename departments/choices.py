"""Choices of the fields of units and of the sign-in log."""

from django.db import models


class DepartmentLevel(models.TextChoices):
    """Whose a unit is: the district's, a higher authority's stationed here, or a street office."""

    DISTRICT = "district", "区属"
    STATIONED = "stationed", "驻区"
    STREET = "street", "街道"


class NameBasis(models.TextChoices):
    """Where a full name comes from: a document, or our own conclusion."""

    DOCUMENTED = "documented", "有据可查"
    INFERRED = "inferred", "推定"


class SignInOutcome(models.TextChoices):
    """What happened at the sign-in or to a session."""

    SIGNED_IN = "signed_in", "登录"
    WRONG = "wrong", "密码不对"
    PASSWORD_ONLY = "password_only", "密码对，等验证码"
    WRONG_CODE = "wrong_code", "验证码不对"
    REFUSED = "refused", "输错太多，未放行"
    SIGNED_OUT = "signed_out", "退出"
    ENDED = "ended", "在别处被本人退出"
    PASSWORD_CHANGED = "password_changed", "改了密码"
    FACTOR_SET = "factor_set", "启用验证器"
    FACTOR_REMOVED = "factor_removed", "停用验证器"
    FACTOR_RESET = "factor_reset", "验证器被重置"
