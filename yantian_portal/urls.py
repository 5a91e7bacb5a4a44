from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from departments.views import account
from yantian_portal import api, views

handler500 = "yantian_portal.problems.server_error"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("data/", views.data, name="data"),
    path("about/", views.about, name="about"),
    path("about/site-map/", views.site_map, name="site-map"),
    path("about/definitions/<slug:version>/", views.definitions, name="definitions"),
    path("about/<slug:name>/", views.about_page, name="about-page"),
    path("text-size/<slug:size>/", views.text_size, name="text-size"),
    path("robots.txt", views.robots),
    path("healthz", views.healthz),
    path("", include("tasks.urls")),
    path("", include("progress.urls")),
    path("", include("departments.urls")),
    path("", include("ledger.urls")),
    path("feedback/", include("feedback.urls")),
    path("staff/feedback/", include("feedback.staff_urls")),
    path("api/docs/", api.docs, name="api-docs"),
    path("api/v1/", include((api.router.urls, "api"))),
    path("staff/", include("yantian_portal.staff_urls")),
    path("staff/", include("departments.staff_urls")),
    path("staff/", include("progress.staff_urls")),
    path("staff/", include("tasks.staff_urls")),
    path("staff/", include("ledger.staff_urls")),
    path("staff/", include("subscriptions.staff_urls")),
    path("staff/sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("staff/sign-out/", LogoutView.as_view(), name="sign-out"),
    path("staff/account/", account.account, name="account"),
    path("staff/password/", account.change_password, name="change-password"),
    path("admin/login/", account.admin_sign_in),
    path("admin/password_change/", RedirectView.as_view(pattern_name="change-password")),
    path("admin/", admin.site.urls),
]
