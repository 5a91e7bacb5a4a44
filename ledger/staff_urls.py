from django.urls import path

from ledger import views

app_name = "staff_ledger"
urlpatterns = [path("record/", views.record, name="record")]
