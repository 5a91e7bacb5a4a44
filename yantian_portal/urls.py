"""The addresses of the site: each app's own, sign-in, the admin and the API."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

import common.addresses  # noqa: F401  (the numbers that the addresses below name)
from departments.views import account, second_factor
from public.api import router
from public.views import site

handler400 = "public.views.errors.bad_request"
handler403 = "public.views.errors.forbidden"
handler404 = "public.views.errors.not_found"
handler500 = "public.views.errors.server_error"
urlpatterns = [
    path("", site.home, name="home"),
    path("search/", site.search, name="search"),
    path("data/", site.data, name="data"),
    path("about/", site.about, name="about"),
    path("about/site-map/", site.site_map, name="site-map"),
    path("about/definitions/<slug:version>/", site.definitions, name="definitions"),
    path("about/<slug:name>/", site.about_page, name="about-page"),
    path("text-size/<slug:size>/", site.text_size, name="text-size"),
    path("robots.txt", site.robots),
    path("", include("public.urls")),
    path("feedback/", include("feedback.urls")),
    path("staff/feedback/", include("feedback.staff_urls")),
    path("api/docs/", router.docs, name="api-docs"),
    path("api/v1/", include((router.router.urls, "api"))),
    path("staff/", include("departments.staff_urls")),
    path("staff/", include("tasks.staff_urls")),
    path("staff/", include("progress.staff_urls")),
    path("staff/", include("supervision.staff_urls")),
    path("staff/", include("subscriptions.staff_urls")),
    path("staff/", include("workspace.staff_urls")),
    path("staff/sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("staff/sign-in/code/", second_factor.sign_in_code, name="sign-in-code"),
    path("staff/sign-out/", account.SignOut.as_view(), name="sign-out"),
    path("staff/account/", account.account, name="account"),
    path("staff/account/end-sessions/", account.end_sessions, name="end-sessions"),
    path("staff/account/second-factor/", include("departments.second_factor_urls")),
    path("staff/password/", account.change_password, name="change-password"),
    path("admin/login/", account.admin_sign_in),
    path("admin/password_change/", RedirectView.as_view(pattern_name="change-password")),
    path("admin/", admin.site.urls),
]
