"""The filter of the list of slips."""

import django_filters

from supervision.choices import SlipState
from supervision.models import SupervisionSlip


class SlipFilter(django_filters.FilterSet):
    """Slips by their state."""

    state = django_filters.ChoiceFilter(label="状态", empty_label="全部", choices=SlipState.choices)

    class Meta:
        model = SupervisionSlip
        fields = ["state"]
