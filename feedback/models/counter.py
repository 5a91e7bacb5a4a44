"""The counter of the numbers of letters."""

from django.db import models


class TicketCounter(models.Model):
    """The last number given out in a year; its row lock keeps two letters from
    getting one number.
    """

    year = models.PositiveSmallIntegerField("年", unique=True)
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "登记编号"

    def __str__(self) -> str:
        return f"{self.year} {self.last}"
