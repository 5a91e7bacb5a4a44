"""The first crumb of every page's breadcrumb: the front page of the side it belongs to.

A crumb is a pair of label and address, as the `breadcrumb` tag takes them.
"""

from django.urls import reverse_lazy

PUBLIC_HOME = ("首页", reverse_lazy("home"))
STAFF_HOME = ("工作台", reverse_lazy("workspace:home"))
