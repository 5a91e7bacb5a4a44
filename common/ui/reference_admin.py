"""Base class for reference data in Django's admin: changed by actions only, never deleted."""

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import BooleanField, Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from common.errors import Refused
from common.ui.form_fields import BoundedForm


class ReferenceForm(BoundedForm, ModelForm):
    """The form of a row where its room has none of its own."""


# Kept: what a list may be sorted by is compared with the columns it shows.
@cache
def _yes_or_no(field: BooleanField) -> Callable[[Model], str]:
    """The column of a yes or no in words; the framework's picture is called True or False."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def in_words(row: Model) -> str:
        return "是" if getattr(row, field.name) else "否"

    return in_words


class ReferenceAdmin(admin.ModelAdmin):
    """Rows that can be read; adding and changing are off.

    A subclass that allows one of them to some people also overrides `save_model` to call the
    action that writes.
    """

    form: type[ModelForm] = ReferenceForm
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self._in_words(super().get_list_display(request))

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> list[Any] | tuple[Any, ...]:
        return self._in_words(super().get_readonly_fields(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """With every yes or no in words that cannot be changed here."""
        names = set(super().get_readonly_fields(request, obj))
        is_read = obj is not None and not self.has_change_permission(request, obj)
        return [
            (
                title,
                {
                    **options,
                    "fields": [
                        self._in_words([name])[0] if is_read or name in names else name
                        for name in options["fields"]
                    ],
                },
            )
            for title, options in super().get_fieldsets(request, obj)
        ]

    def _in_words(self, names: Iterable[Any]) -> list[Any]:
        """The names of fields, with a column in words in place of each yes or no."""
        fields = {field.name: field for field in self.opts.get_fields()}
        return [
            _yes_or_no(field) if isinstance(field := fields.get(str(name)), BooleanField) else name
            for name in names
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        raise NotImplementedError("only actions write")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        name = self.opts.verbose_name
        context = {"title": name if object_id else f"增加{name}"} | (extra_context or {})
        view = partial(super().changeform_view, request, object_id, form_url, context)
        return self._show_refusal(request, view)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": self.opts.verbose_name_plural} | (extra_context or {})
        return self._show_refusal(request, partial(super().changelist_view, request, context))

    def _show_refusal(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Calls the view; a refusal by an action becomes a message on the page it came from.

        An action on several rows is done for all of them or for none.
        """
        try:
            if request.method != "POST":
                return view()
            with transaction.atomic():
                return view()
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)

    def confirmation_page(
        self,
        request: HttpRequest,
        rows: Iterable[tuple[Model, str]],
        *,
        title: str,
        explanation: str,
        button: str,
        asks_reason: bool = False,
    ) -> TemplateResponse | None:
        """The page that asks before a list action is carried out; None once it was confirmed.

        `rows`: pairs of a selected row and what else to show of it; `explanation`: what follows;
          `asks_reason`: whether a reason is typed, which is sent as "reason".
        """
        if "confirmed" in request.POST:
            return None
        action = request.POST["action"]
        context: dict[str, object] = {"rows": rows, "explanation": explanation, "button": button}
        context |= {"action": action, "asks_reason": asks_reason}
        return self.page(request, "admin/confirm.html", title, **context)

    def page(
        self, request: HttpRequest, template: str, title: str, **context: object
    ) -> TemplateResponse:
        """A page with a template of ours inside the frame of the admin."""
        context |= {"title": title, "opts": self.opts}
        return TemplateResponse(request, template, self.admin_site.each_context(request) | context)
