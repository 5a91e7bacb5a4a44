from django.db import models


class DepartmentLevel(models.TextChoices):
    DISTRICT = "district", "区属"
    STATIONED = "stationed", "驻区"
    STREET = "street", "街道"


class NameBasis(models.TextChoices):
    DOCUMENTED = "documented", "有据可查"
    INFERRED = "inferred", "推定"
