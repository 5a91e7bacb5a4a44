"""The admin pages of plans: supervisors publish, describe, designate; documents are read-only."""

from typing import Any

from django.contrib import admin
from django.db.models import ManyToManyField, QuerySet
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils import timezone

from common.ui.reference_admin import ReferenceAdmin
from departments.models import Membership
from departments.permissions import can_maintain_reference_data
from departments.roles import Role
from ledger.actions import ActorAndTime
from tasks.actions.plans import (
    PlainWords,
    archive_plan,
    describe_plan,
    publish_plan,
    save_plain_words,
    set_section_leaders,
    set_slips_public,
    set_tracked_from,
)
from tasks.actions.responsibilities import designate
from tasks.choices import PlanState
from tasks.forms import DesignationForm, PlanForm
from tasks.models import (
    ChangeRequest,
    Commitment,
    Indicator,
    Milestone,
    Passage,
    Plan,
    Responsibility,
    Section,
    Target,
    Task,
)
from tasks.permissions import can_designate, can_edit_plan
from tasks.querysets import SOURCE_COLUMNS, source_document_fields

TASK_FIELDS = ("summary_by", "code", "plan", "section", "number", "title", "text", "goal")
SECTION_FIELDS = ("plan", "number", "title", "introduction")
PRINTED_FIELDS = (
    "slug",
    "kind",
    "title",
    "starts_on",
    "ends_on",
    "issuer",
    "index_number",
    "document_number",
    "issued_on",
    "published_on",
    "source_name",
    "source_sha256",
    "annex_note",
)


def actor_and_time(request: HttpRequest, role: Role = Role.SUPERVISOR) -> ActorAndTime:
    """The arguments `by` and `at` of an action done here, by a supervisor where not said."""
    assert request.user.is_authenticated, "the admin is for people who are signed in"
    return {"by": request.user.actor(role), "at": timezone.now()}


@admin.register(Plan)
class PlanAdmin(ReferenceAdmin):
    form = PlanForm
    list_display = ["slug", "title", "state", "starts_on", "ends_on", "tracked_from"]
    fields = (*PlanForm.Meta.fields, *PRINTED_FIELDS)
    readonly_fields = PRINTED_FIELDS

    def has_change_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        return can_edit_plan(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        return super().get_queryset(request).defer(*SOURCE_COLUMNS)

    def save_model(self, request: HttpRequest, obj: Plan, form: ModelForm, change: Any) -> None:
        """Performs one action for each kind of change that was made, and none for what stayed."""
        changed, cleaned = set(form.changed_data), form.cleaned_data
        if changed & {"short_title", "source_url"}:
            describe_plan(
                plan=obj,
                short_title=cleaned["short_title"],
                source_url=cleaned["source_url"],
                **actor_and_time(request),
            )
        if "tracked_from" in changed:
            set_tracked_from(plan=obj, day=cleaned["tracked_from"], **actor_and_time(request))
        if "slips_public" in changed:
            set_slips_public(plan=obj, public=cleaned["slips_public"], **actor_and_time(request))
        if "state" in changed:
            STATE_ACTIONS[cleaned["state"]](plan=obj, **actor_and_time(request))


# The action that leads to each state.
STATE_ACTIONS = {PlanState.PUBLISHED: publish_plan, PlanState.ARCHIVED: archive_plan}


@admin.register(Task)
class TaskAdmin(ReferenceAdmin):
    list_display = ["code", "plain_name", "title", "section", "summary_by"]
    list_filter = ["plan"]
    list_select_related = ["section"]
    search_fields = ["code", "plain_name", "title"]
    fields = ("plain_name", "summary", *TASK_FIELDS)
    readonly_fields = TASK_FIELDS

    def has_change_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        return can_edit_plan(request.user)

    def save_model(self, request: HttpRequest, obj: Task, form: ModelForm, change: Any) -> None:
        """Saves the plain words, which are all that may be changed here."""
        words = PlainWords(obj, form.cleaned_data["plain_name"], form.cleaned_data["summary"])
        save_plain_words([words], **actor_and_time(request))


@admin.register(Responsibility)
class ResponsibilityAdmin(ReferenceAdmin):
    form = DesignationForm
    list_display = ["task", "department", "kind", "basis", "decided_by", "valid_from", "valid_to"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter), "basis", "kind", "task__plan"]
    list_select_related = ["task", "department"]
    search_fields = ["task__code", "task__title", "department__short_name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_designate(request.user)

    def get_fields(
        self, request: HttpRequest, obj: Responsibility | None = None
    ) -> tuple[str, ...]:
        outcome = ("order", "basis", "source", "decided_by", "valid_from", "valid_to")
        return (*DesignationForm.Meta.fields, *(outcome if obj else ()))

    def save_model(
        self, request: HttpRequest, obj: Responsibility, form: ModelForm, change: Any
    ) -> None:
        created = designate(
            task=form.cleaned_data["task"],
            department=form.cleaned_data["department"],
            kind=form.cleaned_data["kind"],
            **actor_and_time(request),
        )
        obj.pk = created.pk


@admin.register(Section)
class SectionAdmin(ReferenceAdmin):
    """Sections: administrators set the leaders whose portfolio they belong to, and nothing else."""

    list_display = ["plan", "number", "title"]
    fields = ("leaders", *SECTION_FIELDS)
    readonly_fields = SECTION_FIELDS
    filter_horizontal = ["leaders"]

    def has_change_permission(self, request: HttpRequest, obj: Section | None = None) -> bool:
        return can_maintain_reference_data(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return (
            super()
            .get_queryset(request)
            .select_related("plan")
            .defer(*source_document_fields("plan"))
        )

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        leaders = (
            Membership.objects.current().of_role(Role.LEADER).select_related("user", "department")
        )
        return super().formfield_for_manytomany(db_field, request, **kwargs | {"queryset": leaders})

    def save_model(self, request: HttpRequest, obj: Section, form: ModelForm, change: Any) -> None:
        """Saves nothing: the leaders are saved by `save_related`, the rest never changes."""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any
    ) -> None:
        if "leaders" in form.changed_data:
            set_section_leaders(
                section=form.instance,
                memberships=form.cleaned_data["leaders"],
                **actor_and_time(request, Role.ADMINISTRATOR),
            )


@admin.register(Milestone)
class MilestoneAdmin(ReferenceAdmin):
    list_display = ["task", "year", "quarter", "text"]
    list_select_related = ["task"]


@admin.register(Commitment)
class CommitmentAdmin(ReferenceAdmin):
    list_display = ["task", "order", "source", "text", "measurable", "due_on", "flag"]
    list_filter = ["task__plan", "measurable", ("flag", admin.EmptyFieldListFilter)]
    list_select_related = ["task"]


@admin.register(Indicator)
class IndicatorAdmin(ReferenceAdmin):
    list_display = ["task", "name", "unit", "mode", "direction", "baseline"]
    list_select_related = ["task"]


@admin.register(Target)
class TargetAdmin(ReferenceAdmin):
    list_display = [
        "indicator",
        "year",
        "quarter",
        "direction",
        "value",
        "value_max",
        "quote",
        "derived",
        "valid_to",
    ]
    list_filter = ["derived", ("valid_to", admin.EmptyFieldListFilter)]
    list_select_related = ["indicator"]


@admin.register(Passage)
class PassageAdmin(ReferenceAdmin):
    list_display = ["plan", "order", "kind", "start", "end", "task"]
    list_filter = ["plan", "kind"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        return (
            super()
            .get_queryset(request)
            .select_related("plan", "task")
            .defer(*source_document_fields("plan"))
        )


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReferenceAdmin):
    list_display = [
        "task",
        "kind",
        "basis_document",
        "approving_body",
        "approved_on",
        "demonstration",
    ]
    list_select_related = ["task"]
