from django.urls import path

from ledger import views

app_name = "ledger"
urlpatterns = [
    path("ledger/", views.entries, name="entries"),
    path("ledger/export.jsonl", views.export, name="export"),
    path("ledger/<int:seq>/", views.entry, name="entry"),
]
