"""The quarter of one unit as one workbook, filled in offline and read again."""
