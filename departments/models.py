"""Units, people, what each person may do in which unit, and the working calendar."""

import json
from collections.abc import Container

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from common.security.crypto import NoKey, decrypt
from common.text.typed import Typed, version_of
from departments.choices import DepartmentLevel, NameBasis, SignInOutcome
from departments.querysets import (
    CalendarQuerySet,
    DepartmentQuerySet,
    MembershipQuerySet,
    SignInQuerySet,
    merger_closure,
)
from departments.roles import UPKEEP_ROLES, Role
from ledger.actions import Actor


class Department(models.Model):
    """A unit as a document names it; a merged or renamed one is closed and has a successor."""

    slug = models.SlugField("网址名", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=40, unique=True)
    full_name = models.CharField("全称", max_length=80)
    level = models.CharField("类别", max_length=20, choices=DepartmentLevel)
    name_basis = models.CharField("全称依据", max_length=20, choices=NameBasis)
    first_named_in = models.CharField("首见于", max_length=40, blank=True)
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="职能承接单位",
    )
    note = models.CharField("说明", max_length=200, blank=True)
    signs_reports = models.BooleanField(
        "报送前须审签",
        default=False,
        help_text="勾选后，本单位牵头的填报先由审签人审签，再报送督查室。",
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=DepartmentLevel.values), name="department_level_known"
            ),
            models.CheckConstraint(
                condition=Q(name_basis__in=NameBasis.values), name="department_name_basis"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="department_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="department_not_own_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class User(AbstractBaseUser):
    """A person who signs in; their memberships decide what they may do."""

    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=40)
    # Where reminders go; never shown in public.
    email = models.EmailField("邮箱", blank=True)
    is_active = models.BooleanField("可登录", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """Current memberships with their departments, fetched once per request."""
        return list(self.memberships.current().select_related("department"))

    @cached_property
    def related_units(self) -> set[int]:
        """Ids of the person's units and of all units merged with them, read once per request."""
        units = {membership.department_id for membership in self.current_memberships}
        return merger_closure(units, self.mergers)

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether a one-time password is asked for at sign-in."""
        return SecondFactor.objects.filter(user=self).exclude(confirmed_at=None).exists()

    @property
    def is_asked_for_second_factor(self) -> bool:
        """Whether the site wants one of the posts of this person to sign in with two factors."""
        asked = settings.SECOND_FACTOR_FOR
        return bool(asked) and self.has_role(*asked)

    @property
    def is_staff(self) -> bool:
        """Whether the frame of /admin/ lets the person in."""
        return self.has_role(*UPKEEP_ROLES)

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of the roles in any unit today."""
        return any(membership.role in roles for membership in self.current_memberships)

    def department_ids(self, *roles: str) -> set[int]:
        """Ids of the departments in which the person holds one of the roles."""
        memberships = self.current_memberships
        return {membership.department_id for membership in memberships if membership.role in roles}

    @cached_property
    def mergers(self) -> list[set[int]]:
        """All mergers of units, as pairs of ids, read once per request."""
        return Department.objects.mergers()

    def related_units_as(self, *roles: str) -> set[int]:
        """Ids of the units in which the person holds one of the roles,
        and of units merged with them.
        """
        return merger_closure(self.department_ids(*roles), self.mergers)

    def acting_department(
        self, *roles: str, among: Container[int] | None = None
    ) -> "Department | None":
        """The first unit for which the person acts in one of the roles; None without such a unit.

        `among`: ids of the departments that count; None: all do.
        """
        for membership in self.current_memberships:
            if membership.role in roles and (among is None or membership.department_id in among):
                return membership.department
        return None

    def portfolio_units(self) -> list["Department"]:
        """分管: the units whose matters come first to this leader, in one query.

        Empty, and without a query, for everybody who is no leader.
        """
        leading = [
            membership.pk
            for membership in self.current_memberships
            if membership.role == Role.LEADER
        ]
        if not leading:
            return []
        return list(Department.objects.filter(leaders__in=leading).distinct())

    def actor(self, *roles: str, of: int | None = None) -> Actor:
        """The person as the ledger records them, in the first membership that fits.

        `roles`: those that fit, any without an argument; `of`: id of the department it has to be
          in.
        Without a fitting membership the unit and the post stay empty.
        """
        for membership in self.current_memberships:
            fits_role = not roles or membership.role in roles
            if fits_role and of in (None, membership.department_id):
                unit = membership.department.short_name
                return Actor(id=str(self.pk), unit=unit, post=membership.get_role_display())
        return Actor(id=str(self.pk), unit="", post="")

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether the person may look around in /admin/, whatever `perm` is asked for.

        Django's permission framework is switched off: the predicates in each room's
        `permissions.py` decide, and the admin classes ask them before anything is added or
        changed. Only the frame of /admin/ and its read-only views still ask here.
        """
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the index of /admin/ lists the app; the answer is the same for every app."""
        return self.is_active and self.is_staff


class Membership(models.Model):
    """A person in a role of a unit; ended, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="人员")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="memberships", verbose_name="单位"
    )
    role = models.CharField("岗位", max_length=20, choices=Role)
    ended_at = models.DateTimeField("离岗时间", null=True, blank=True)
    # For leaders only: the units whose matters come first to this leader; empty: all units alike.
    portfolio = models.ManyToManyField(
        Department, blank=True, related_name="leaders", verbose_name="分管单位"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                condition=Q(ended_at=None),
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.department} {self.get_role_display()}"


class SecondFactor(models.Model):
    """The app on a person's phone that shows a new one-time password every half minute.

    Its secret is sealed and the recovery passwords are digests, so that a copy of the database
    opens no account.
    """

    user = models.OneToOneField(
        User,
        models.CASCADE,
        primary_key=True,
        related_name="second_factor",
        verbose_name="人员",
    )
    sealed = models.TextField("密钥（加密）")
    # None: the person has not shown yet that the app works.
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    # The half minute of the last one-time password that was taken; none is taken twice.
    last_step = models.BigIntegerField("用到第几个", default=-1)
    recovery_digests = models.JSONField("没有用过的备用码（摘要）", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录验证器"
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user)


class SignInEvent(models.Model):
    """A sign-in, a wrong password, a refusal or the end of a session; deleted after some years.

    What is typed as a user name may be a password: it is kept only where it is the name of an
    account. The digest stands for it when attempts are counted.
    """

    at = models.DateTimeField("时间", db_index=True)
    outcome = models.CharField("结果", max_length=20, choices=SignInOutcome)
    user = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="sign_in_events",
        verbose_name="人员",
    )
    name_digest = models.CharField("用户名摘要", max_length=64)
    # As our own proxies saw it; the network is the one that throttles count it to.
    address = models.CharField("地址", max_length=60)
    network = models.CharField("网段", max_length=60)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    # Of the session that a sign-in began, as long as it has not ended.
    session_key = models.CharField("会话", max_length=40, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["name_digest", "at"], name="sign_in_by_name"),
            models.Index(fields=["address", "at"], name="sign_in_by_address"),
            models.Index(fields=["network", "at"], name="sign_in_by_network"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=SignInOutcome.values), name="sign_in_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.get_outcome_display()}"


class UnsentForm(models.Model):
    """What a person has typed into a form and not yet sent, so that it is there again.

    It is nobody else's: no page, list or file shows it to another person, and the ledger does not
    know it. Sealed, because a letter and the contact of its writer may be among it.
    """

    user = models.ForeignKey(
        User, models.CASCADE, related_name="unsent_forms", verbose_name="填写人"
    )
    # Both are paths with their query strings.
    page = models.CharField("所在页面", max_length=400)
    address = models.CharField("提交到", max_length=400)
    sealed = models.TextField("填写的内容（加密）")
    saved_at = models.DateTimeField("暂存时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "没有提交的内容"
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "address"], name="unsent_form_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.address}"

    @property
    def typed(self) -> Typed:
        """What was typed; empty where no key of the site opens it any more."""
        try:
            return [(name, value) for name, value in json.loads(decrypt(self.sealed))]
        except NoKey:
            return []

    @property
    def version(self) -> str:
        return version_of(self.typed)


class CalendarDay(models.Model):
    """Whether one day is worked, from the official yearly notice;
    a year without rows is not known yet.
    """

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("工作日")
    note = models.CharField("说明", max_length=60, blank=True)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {'上班' if self.is_workday else '休息'}"
