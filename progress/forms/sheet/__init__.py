from progress.forms.sheet.reading import Change, Kind, Part, Reading, interpret
from progress.forms.sheet.rows import ANSWERS, COLUMNS, NUMBERS, SUMMARY, Cell, Key, Row, rows_of
from progress.forms.sheet.upload import KeepForm, SheetUpload, sealed, unsealed

__all__ = [
    "ANSWERS",
    "COLUMNS",
    "NUMBERS",
    "SUMMARY",
    "Cell",
    "Change",
    "KeepForm",
    "Key",
    "Kind",
    "Part",
    "Reading",
    "Row",
    "SheetUpload",
    "interpret",
    "rows_of",
    "sealed",
    "unsealed",
]
