"""Base class for reference data in Django's admin: changed by actions only, never deleted."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from common.errors import Refused


def is_never_allowed(user) -> bool:
    """False for everybody: the default predicate."""
    return False


class ReferenceAdmin(admin.ModelAdmin):
    """Rows that can be read; adding and changing are off.

    A subclass that sets `may_add` or `may_change` to a predicate on the user also overrides
    `save_model` to call the action that writes.
    """

    may_add = staticmethod(is_never_allowed)
    may_change = staticmethod(is_never_allowed)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request) -> bool:
        return self.may_add(request.user)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_change(request.user)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change):
        raise NotImplementedError("only actions write")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        name = self.opts.verbose_name
        context = {"title": name if object_id else f"增加{name}"} | (extra_context or {})
        return self._show_refusal(super().changeform_view, request, object_id, form_url, context)

    def changelist_view(self, request, extra_context=None):
        context = {"title": self.opts.verbose_name_plural} | (extra_context or {})
        return self._show_refusal(super().changelist_view, request, context)

    def _show_refusal(self, view, request, *args, **kwargs):
        """Calls the view; a refusal by an action becomes a message on the page it came from."""
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)

    def confirmation_page(
        self, request, rows, *, title: str, explanation: str, button: str
    ) -> TemplateResponse | None:
        """The page that asks before a list action is carried out; None once it was confirmed.

        `rows`: pairs of a selected row and what else to show of it; `explanation`: what follows.
        """
        if "confirmed" in request.POST:
            return None
        action = request.POST["action"]
        context = {"rows": rows, "explanation": explanation, "button": button, "action": action}
        return self.page(request, "admin/confirm.html", title, **context)

    def page(self, request, template: str, title: str, **context) -> TemplateResponse:
        """A page with a template of ours inside the frame of the admin."""
        context |= {"title": title, "opts": self.model._meta}
        return TemplateResponse(request, template, self.admin_site.each_context(request) | context)
