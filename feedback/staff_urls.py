"""Addresses of the letters for the staff."""

from django.urls import path

from feedback.views import mails, staff

app_name = "staff_feedback"
urlpatterns = [
    path("", staff.desk, name="desk"),
    path("all/", staff.archive, name="archive"),
    path("new/", staff.register, name="register"),
    path("mails/", mails.mails, name="mails"),
    path("mails/<row:pk>/", mails.mail, name="mail"),
    path("mails/<row:pk>/original/", mails.original, name="original"),
    path("mails/<row:pk>/register/", mails.register_mail, name="register_mail"),
    path("mails/<row:pk>/settle/", mails.settle_mail, name="settle_mail"),
    path("<slug:number>/", staff.ticket, name="ticket"),
    path("<slug:number>/photo/", staff.photo, name="photo"),
    path("<slug:number>/photo/<row:addition>/", staff.photo, name="added_photo"),
    path("<slug:number>/contact/", staff.contact, name="contact"),
    path("<slug:number>/<slug:verb>/", staff.act, name="act"),
]
