"""Reference data in the framework's admin: shown to who signed in for it, changed by deeds, never deleted."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from common.errors import Refused


def nobody(user) -> bool:
    return False


class ReferenceAdmin(admin.ModelAdmin):
    """Rows to look at. A subclass opens what a deed stands behind and calls that deed in `save_model`."""

    may_add = staticmethod(nobody)
    may_change = staticmethod(nobody)
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
        raise NotImplementedError("only deeds write")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        name = self.opts.verbose_name
        titled = {"title": name if object_id else f"增加{name}"} | (extra_context or {})
        return self.unless_refused(super().changeform_view, request, object_id, form_url, titled)

    def changelist_view(self, request, extra_context=None):
        titled = {"title": self.opts.verbose_name_plural} | (extra_context or {})
        return self.unless_refused(super().changelist_view, request, titled)

    def unless_refused(self, view, request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)

    def unless_confirmed(self, request, rows, *, title: str, says: str, button: str) -> TemplateResponse | None:
        """The page that names whom a deed of the list is about; None once its button was pressed."""
        if "confirmed" in request.POST:
            return None
        action = request.POST["action"]
        return self.page(request, "admin/confirm.html", title, rows=rows, says=says, button=button, action=action)

    def page(self, request, template: str, title: str, **context) -> TemplateResponse:
        """A page of our own in the framework's frame."""
        context |= {"title": title, "opts": self.model._meta}
        return TemplateResponse(request, template, self.admin_site.each_context(request) | context)
