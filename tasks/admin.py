"""The admin pages of plans: supervisors publish, describe, designate; documents are read-only."""

from django.contrib import admin
from django.utils import timezone

from common.ui.reference_admin import ReferenceAdmin
from departments.models import Membership, Role
from departments.permissions import can_maintain_reference_data
from tasks.actions.plans import (
    archive_plan,
    describe_plan,
    publish_plan,
    save_summary,
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
from tasks.querysets import source_document_fields


def actor_and_time(request) -> dict:
    """The arguments `by` and `at` of an action done here by a supervisor."""
    return {"by": request.user.actor(Role.SUPERVISOR), "at": timezone.now()}


@admin.register(Plan)
class PlanAdmin(ReferenceAdmin):
    may_change = staticmethod(can_edit_plan)
    form = PlanForm
    list_display = ["slug", "title", "state", "starts_on", "ends_on", "tracked_from"]
    fields = [
        *PlanForm.Meta.fields,
        *(
            "slug",
            "kind",
            "title",
            "starts_on",
            "ends_on",
            "issuer",
            "index_number",
            "document_number",
        ),
        *("issued_on", "published_on", "source_name", "source_sha256", "annex_note"),
    ]
    readonly_fields = fields[len(PlanForm.Meta.fields) :]

    def get_queryset(self, request):
        return super().get_queryset(request).without_source_document()

    def save_model(self, request, obj, form, change):
        """Performs one action for each kind of change that was made, and none for what stayed."""
        changed, cleaned = set(form.changed_data), form.cleaned_data
        if changed & {"short_title", "source_url"}:
            words = {name: cleaned[name] for name in ("short_title", "source_url")}
            describe_plan(plan=obj, **words, **actor_and_time(request))
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
    may_change = staticmethod(can_edit_plan)
    list_display = ["code", "title", "section", "summary_by"]
    list_filter = ["plan"]
    list_select_related = ["section"]
    search_fields = ["code", "title"]
    fields = ["summary", "summary_by", "code", "plan", "section", "number", "title", "text", "goal"]
    readonly_fields = fields[1:]

    def save_model(self, request, obj, form, change):
        save_summary(task=obj, summary=form.cleaned_data["summary"], **actor_and_time(request))


@admin.register(Responsibility)
class ResponsibilityAdmin(ReferenceAdmin):
    may_add = staticmethod(can_designate)
    form = DesignationForm
    list_display = ["task", "department", "kind", "basis", "decided_by", "valid_from", "valid_to"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter), "basis", "kind", "task__plan"]
    list_select_related = ["task", "department"]
    search_fields = ["task__code", "task__title", "department__short_name"]

    def get_fields(self, request, obj=None):
        outcome = ["order", "basis", "source", "decided_by", "valid_from", "valid_to"]
        return [*DesignationForm.Meta.fields, *(outcome if obj else [])]

    def save_model(self, request, obj, form, change):
        fields = {name: form.cleaned_data[name] for name in DesignationForm.Meta.fields}
        obj.pk = designate(**fields, **actor_and_time(request)).pk


@admin.register(Section)
class SectionAdmin(ReferenceAdmin):
    """Sections: administrators set the leaders whose portfolio they belong to, and nothing else."""

    may_change = staticmethod(can_maintain_reference_data)
    list_display = ["plan", "number", "title"]
    fields = ["leaders", "plan", "number", "title", "introduction"]
    readonly_fields = fields[1:]
    filter_horizontal = ["leaders"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("plan")
            .defer(*source_document_fields("plan"))
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        leaders = (
            Membership.objects.current().of_role(Role.LEADER).select_related("user", "department")
        )
        return super().formfield_for_manytomany(db_field, request, **kwargs | {"queryset": leaders})

    def save_model(self, request, obj, form, change):
        """Saves nothing: the leaders are saved by `save_related`, the rest never changes."""

    def save_related(self, request, form, formsets, change):
        if "leaders" in form.changed_data:
            set_section_leaders(
                section=form.instance,
                memberships=form.cleaned_data["leaders"],
                by=request.user.actor(Role.ADMINISTRATOR),
                at=timezone.now(),
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

    def get_queryset(self, request):
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
