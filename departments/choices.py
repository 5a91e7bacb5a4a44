"""Choices of the unit fields."""

from django.db import models


class DepartmentLevel(models.TextChoices):
    """Whose a unit is: the district's, a higher authority's stationed here, or a street office."""

    DISTRICT = "district", "区属"
    STATIONED = "stationed", "驻区"
    STREET = "street", "街道"


class NameBasis(models.TextChoices):
    """Where a full name comes from: a document, or our own conclusion."""

    DOCUMENTED = "documented", "有据可查"
    INFERRED = "inferred", "推定"
