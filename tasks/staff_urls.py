"""The staff pages of files that become plans, of responsibilities and changes."""

from django.urls import path

from tasks.views import changes, imports, responsibilities

app_name = "tasks"
urlpatterns = [
    path("responsibilities/", responsibilities.responsibilities, name="responsibilities"),
    path("imports/", imports.imports, name="imports"),
    path("imports/upload/", imports.upload, name="upload-import"),
    path("imports/<row:pk>/", imports.run, name="import"),
    path("imports/<row:pk>/save/", imports.save, name="save-import"),
    path("imports/<row:pk>/hand-over/", imports.hand_over, name="hand-over-import"),
    path("imports/<row:pk>/discard/", imports.discard, name="discard-import"),
    path("imports/<row:pk>/return/", imports.send_back, name="return-import"),
    path("imports/<row:pk>/publish/", imports.publish, name="publish-import"),
    path("imports/<row:pk>/original/", imports.original, name="original"),
    path("plans/<slug:slug>/withdraw/", imports.withdraw, name="withdraw-plan"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<row:pk>/paper/", changes.basis_scan, name="change-document"),
    path("tasks/<slug:code>/change/", changes.change, name="change"),
]
